//! The page's program, and where its code is taken apart.
//!
//! With the feature `split` the functions below are where a part begins that is loaded
//! when one of them is called; without it they are just called.

use churn_app::Parts;

mod load {
    use churn_app::parts::{self, Act, NotLoaded};
    use churn_app::{Errand, Open, Sheet};
    use leptos::prelude::AnyView;
    #[cfg(feature = "split")]
    use leptos::wasm_split::wasm_split;

    macro_rules! parts {
        ($($part:ident: $name:ident = $act:ident($what:ty) -> $given:ty;)*) => {$(
            #[cfg(feature = "split")]
            #[wasm_split($part, wasm_split_path = ::leptos::wasm_split, fallible)]
            pub fn $name() -> Result<Act<$what, $given>, NotLoaded> {
                Ok(parts::$act)
            }
            #[cfg(not(feature = "split"))]
            pub async fn $name() -> Result<Act<$what, $given>, NotLoaded> {
                Ok(parts::$act)
            }
        )*};
    }

    parts! {
        sheets: sheets = draw_sheet(Sheet) -> AnyView;
        sheets: errands = run_errand(Errand) -> ();
        customer: customer = draw_customer(Open) -> AnyView;
        figures: figures = draw_figures(Open) -> AnyView;
        served: served = draw_served(Open) -> AnyView;
    }
}

fn main() {
    churn_app::start(Parts {
        sheets: || Box::pin(load::sheets()),
        errands: || Box::pin(load::errands()),
        customer: || Box::pin(load::customer()),
        figures: || Box::pin(load::figures()),
        served: || Box::pin(load::served()),
    });
}
