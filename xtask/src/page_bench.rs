//! The speed of the page in Chromium.

use anyhow::{Result, bail};

/// Measures the page and prints the table.
pub fn run() -> Result<()> {
    bail!("not available yet")
}
