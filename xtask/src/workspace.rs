//! Where things are in the workspace.

use std::path::{Path, PathBuf};

/// The bundled data, below the workspace.
pub const DATA: &str = "public/data/telco-customer-churn.csv";

/// The folder of the workspace.
pub fn root() -> &'static Path {
    let member = Path::new(env!("CARGO_MANIFEST_DIR"));
    member.parent().unwrap_or(member)
}

/// The folder of the finished static site.
pub fn dist() -> PathBuf {
    root().join("dist")
}
