//! What the browser tests share.
//!
//! * `environment`: what `cargo xtask test` passes; without it the tests skip.
//! * `visit`: one test's site, host and browser, made of `site`, `host`,
//!   `process` and `complaint`.
//! * `page`: acting on a page and reading it; `table` and `customer` for what
//!   is particular to the two. `downloads`: the files it gives.
//! * `truth`: the same model and data, natively. `figure`: what a rounded
//!   number may stand for.

mod complaint;
mod customer;
mod downloads;
mod environment;
mod figure;
mod host;
mod page;
mod process;
mod site;
mod table;
mod truth;
mod visit;

pub use customer::Customer;
pub use downloads::Downloads;
pub use figure::Figure;
pub use page::{Page, comes_to};
pub use site::{DATA, MODEL, PRESET, Site};
pub use table::{ShownRow, Table};
pub use truth::Truth;
pub use visit::Visit;
