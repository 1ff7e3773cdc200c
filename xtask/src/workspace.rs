//! Where things are in the workspace.

use std::env;
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

/// Where cargo puts what it builds; it may be set by the user.
pub fn target() -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    root().join(target)
}
