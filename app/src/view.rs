//! The parts that pages are made of.

mod audience;
mod bar;
mod chart;
mod editor;
mod explanation;
mod feature_row;
mod fidelity;
mod following_field;
mod footer;
mod header;
mod legend;
mod level_editor;
mod number_editor;
mod risk;
mod rule_bar;
mod search;
mod table;
mod table_columns;
mod table_row;
mod window;

pub use audience::AudienceSwitch;
pub use explanation::{MethodSwitch, WeightSentence};
pub use feature_row::{FeatureCaptions, FeatureRows};
pub use footer::Footer;
pub use header::Header;
pub use legend::Legend;
pub use risk::RiskPanel;
pub use rule_bar::RuleBar;
pub use search::SearchBox;
pub use table::Table;
