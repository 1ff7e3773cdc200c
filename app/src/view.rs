//! The parts that pages are made of.

mod audience;
mod bar;
mod choice;
mod editor;
mod elements;
mod explanation;
mod feature_row;
mod fidelity;
mod footer;
mod header;
mod legend;
mod level_editor;
mod menu;
mod number_editor;
mod risk;
mod search;
mod table;
mod table_cell;
mod table_columns;
mod table_head;
mod table_map;
mod table_painter;
mod table_row;
mod table_tools;
mod window;

pub use audience::AudienceSwitch;
pub use choice::Choice;
pub use explanation::{MethodSwitch, WeightSentence};
pub use feature_row::{FeatureCaptions, FeatureRows};
pub use footer::Footer;
pub use header::Header;
pub use legend::Legend;
pub use risk::RiskPanel;
pub use search::SearchBox;
pub use table::Table;
pub use table_tools::TableTools;
