//! Who uses the command line.

/// Name of the system's user, where the system knows one.
pub fn user() -> Option<String> {
    whoami::username().ok().filter(|name| !name.is_empty())
}
