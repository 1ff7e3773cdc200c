//! What the tests need from outside: the built site, the program `churn`, a
//! browser and its driver.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Once;
use std::{env, io};

/// Set where a browser that is missing is a failure.
const REQUIRED: &str = "CHURN_BROWSER_TESTS";

/// Where to find what the tests need.
#[derive(Debug)]
pub struct Environment {
    /// Folder of the built site, with data and model.
    pub dist: PathBuf,
    /// The program `churn`.
    pub churn: PathBuf,
    /// Chrome or Chromium.
    pub chrome: PathBuf,
    /// `chromedriver`.
    pub driver: PathBuf,
}

impl Environment {
    /// Reads the variables. Where one is not set the tests are to be skipped,
    /// which is said once; or they fail, where they are required.
    pub fn read() -> Option<Self> {
        let mut unset = Vec::new();
        let mut path = |name| {
            let path = env::var_os(name).map(PathBuf::from);
            match &path {
                Some(path) => assert!(path.exists(), "{name}: no {}", path.display()),
                None => unset.push(name),
            }
            path.unwrap_or_default()
        };
        let environment = Self {
            dist: path("CHURN_DIST"),
            churn: path("CHURNBIN"),
            chrome: path("CHROME"),
            driver: path("CHROMEDRIVER"),
        };
        if unset.is_empty() {
            return Some(environment);
        }
        let unset = unset.join(", ");
        let required = env::var_os(REQUIRED).is_some();
        assert!(!required, "the browser tests need {unset}");
        skip(&unset);
        None
    }
}

/// Says past the capture of test output that the tests are skipped.
fn skip(unset: &str) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Without a terminal there is nobody to tell.
        let _ = writeln!(
            io::stderr(),
            "browser tests SKIPPED, as {unset} are not set; `cargo xtask test` runs them"
        );
    });
}
