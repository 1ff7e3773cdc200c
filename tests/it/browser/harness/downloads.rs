//! The files that the page gives to the visitor.

use std::fs;

use serde_json::json;
use tempfile::TempDir;

use super::page::{Page, comes_to};

/// A folder that the browser puts files in.
pub struct Downloads(TempDir);

impl Downloads {
    /// From now on the browser puts files there.
    pub async fn of(page: &Page) -> Self {
        let folder = tempfile::tempdir().expect("a folder for downloads");
        let parameters = json!({"behavior": "allow", "downloadPath": folder.path()});
        page.emulate("Browser.setDownloadBehavior", parameters)
            .await;
        Self(folder)
    }

    /// The text of a file, once it is complete; it is gone then.
    pub async fn take(&self, name: &str) -> String {
        let path = self.0.path().join(name);
        // It is there for a moment before anything is in it.
        let has_text = || fs::metadata(&path).is_ok_and(|file| file.len() > 0);
        comes_to(&format!("{name} is complete"), true, async || has_text()).await;
        let text = fs::read_to_string(&path).expect("a text");
        fs::remove_file(&path).expect("a file");
        text
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        let mut files = fs::read_dir(self.0.path()).expect("the folder");
        files.next().is_none()
    }
}
