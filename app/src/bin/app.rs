//! The page's program, and where its code is taken apart.
//!
//! With the feature `split` the functions below are where a part begins that is loaded
//! when one of them is called; without it they are just called.

use churn_app::Parts;

mod load {
    use churn_app::parts::{self, Draw, NotLoaded};
    use churn_app::{Open, Sheet};
    #[cfg(feature = "split")]
    use leptos::wasm_split::wasm_split;

    macro_rules! parts {
        ($($name:ident = $draw:ident($what:ty);)*) => {$(
            #[cfg(feature = "split")]
            #[wasm_split($name, wasm_split_path = ::leptos::wasm_split, fallible)]
            pub fn $name() -> Result<Draw<$what>, NotLoaded> {
                Ok(parts::$draw)
            }
            #[cfg(not(feature = "split"))]
            pub async fn $name() -> Result<Draw<$what>, NotLoaded> {
                Ok(parts::$draw)
            }
        )*};
    }

    parts! {
        sheets = draw_sheet(Sheet);
        customer = draw_customer(Open);
        figures = draw_figures(Open);
        served = draw_served(Open);
    }
}

fn main() {
    churn_app::start(Parts {
        sheets: || Box::pin(load::sheets()),
        customer: || Box::pin(load::customer()),
        figures: || Box::pin(load::figures()),
        served: || Box::pin(load::served()),
    });
}
