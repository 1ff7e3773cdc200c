//! The versions that `Cargo.lock` settles on.

use std::fs;

use anyhow::{Context, Result};

use crate::version::Version;
use crate::workspace;

/// The version of a package that the workspace is built with.
pub fn version_of(package: &str) -> Result<Version> {
    let path = workspace::root().join("Cargo.lock");
    let text = fs::read_to_string(&path).with_context(|| {
        format!(
            "cannot read {}; `cargo generate-lockfile` makes it",
            path.display()
        )
    })?;
    find(&text, package)
        .and_then(Version::find)
        .with_context(|| format!("package {package} is not in {}", path.display()))
}

/// The version text of the first package of this name.
fn find<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines();
    lines.find(|line| *line == name)?;
    let version = lines.next()?.strip_prefix("version = \"")?;
    version.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::find;

    const LOCK: &str = r#"version = 4

[[package]]
name = "wasm-bindgen-futures"
version = "0.4.80"

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
dependencies = [
 "once_cell",
]
"#;

    #[test]
    fn finds_the_package_of_exactly_this_name() {
        assert_eq!(find(LOCK, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(find(LOCK, "wasm-bindgen-futures"), Some("0.4.80"));
        assert_eq!(find(LOCK, "wasm"), None);
    }
}
