//! Lines on standard error, for the person at the terminal.

use std::fmt::Display;
use std::io::{self, Write as _};

/// Writes a line. Nobody need read it: `eprintln!` would panic on a closed pipe.
pub fn say(line: impl Display) {
    let _ = writeln!(io::stderr(), "{line}");
}
