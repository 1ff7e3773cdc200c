//! The parts that pages are made of.

mod audience;
mod bar;
mod chips;
mod editor;
mod explanation;
mod feature_row;
mod fidelity;
mod footer;
mod header;
mod legend;
mod level_editor;
mod no_match;
mod number_editor;
mod popover;
mod query_box;
mod query_help;
mod risk;
mod table;
mod table_columns;
mod table_row;
mod window;

pub use audience::AudienceSwitch;
pub use chips::Chips;
pub use explanation::{MethodSwitch, WeightSentence};
pub use feature_row::{FeatureCaptions, FeatureRows};
pub use footer::Footer;
pub use header::Header;
pub use legend::Legend;
pub use query_box::QueryBox;
pub use risk::RiskPanel;
pub use table::Table;
