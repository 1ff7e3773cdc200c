//! What came from what: from a file to the predictions of a model that learned
//! from it. Nearly all of it follows from what the store keeps anyway.
//!
//! * [`declared`]: what lineage files say.
//! * [`openlineage`]: the same as events of OpenLineage; [`atlas`]: as entities of
//!   Apache Atlas.
//! * [`telling`]: servers of OpenLineage, of all that.
//! * [`records`]: what the store knows, read once; [`mod@graph`]: what follows from it.

pub mod atlas;
pub mod declared;
pub mod graph;
pub mod openlineage;
pub mod records;
pub mod telling;

pub use graph::graph;
pub use records::Records;
pub use telling::{Gatherer, Server};
