//! The browser of the tests and the driver that steers it.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::apt;
use crate::process::find;

/// Where Chrome is installed when it is not on `PATH`.
const INSTALLED: [&str; 4] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
];

/// Chrome or Chromium with its driver.
#[derive(Debug)]
pub struct Browser {
    /// The browser's program.
    pub chrome: PathBuf,
    /// `chromedriver`.
    pub driver: PathBuf,
}

impl Browser {
    /// Finds the browser; on Debian as root, installs it if it is missing.
    pub fn prepare() -> Result<Self> {
        if let Ok(found) = Self::locate() {
            return Ok(found);
        }
        if apt::is_available() && apt::is_root() {
            apt::install(&["chromium", "chromium-driver"])?;
        }
        Self::locate()
    }

    fn locate() -> Result<Self> {
        let chrome = from_env("CHROME")
            .or_else(|| {
                ["chromium", "chromium-browser", "google-chrome", "chrome"]
                    .into_iter()
                    .find_map(find)
            })
            .or_else(|| {
                let mut places = INSTALLED.iter().map(PathBuf::from);
                places.find(|path| path.is_file())
            })
            .context(
                "the tests need Chrome or Chromium: install one \
                 (Debian: `apt-get install chromium`) or set CHROME to its program",
            )?;
        let driver = from_env("CHROMEDRIVER")
            .or_else(|| find("chromedriver"))
            .context(
                "the tests need chromedriver of the browser's version: install it \
                 (Debian: `apt-get install chromium-driver`) or set CHROMEDRIVER to its program",
            )?;
        Ok(Self { chrome, driver })
    }
}

fn from_env(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env::var_os(name)?);
    Path::is_file(&path).then_some(path)
}
