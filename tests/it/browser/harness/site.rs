//! The folder that is served.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::environment::Environment;

/// The built site, or a copy of it that may be changed.
#[derive(Debug)]
pub struct Site {
    built: PathBuf,
    churn: PathBuf,
    copy: Option<TempDir>,
}

/// Where the page finds its data.
pub const DATA: &str = "data/telco-customer-churn.csv";
/// Where the page finds what is known about the data.
pub const PRESET: &str = "data/telco-customer-churn.preset.json";
/// Where the page finds its model.
pub const MODEL: &str = "model.json";

impl Site {
    /// The site as it was built.
    pub fn built(environment: &Environment) -> Self {
        Self {
            built: environment.dist.clone(),
            churn: environment.churn.clone(),
            copy: None,
        }
    }

    /// A copy of it.
    pub fn copied(environment: &Environment) -> Self {
        let copy = tempfile::tempdir().expect("a folder for the copy");
        copy_all(&environment.dist, copy.path());
        Self {
            copy: Some(copy),
            ..Self::built(environment)
        }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.copy.as_ref().map_or(&self.built, TempDir::path)
    }

    /// The text of a file.
    pub fn read(&self, file: &str) -> String {
        let path = self.folder().join(file);
        let text = fs::read_to_string(&path);
        text.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Whether there is a file.
    pub fn has(&self, file: &str) -> bool {
        self.folder().join(file).is_file()
    }

    /// Changes the text of a file of a copy.
    pub fn edit(&self, file: &str, change: impl FnOnce(String) -> String) {
        self.write(file, change(self.read(file)).as_bytes());
    }

    /// Writes a file of a copy.
    pub fn write(&self, file: &str, bytes: &[u8]) {
        let path = self.in_copy(file);
        fs::write(&path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// Takes a file out of a copy.
    pub fn remove(&self, file: &str) {
        let path = self.in_copy(file);
        fs::remove_file(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// Trains a copy's model anew on its data.
    pub fn train(&self) {
        self.churn(&["train", DATA, "--out", MODEL]);
    }

    /// Runs the program `churn` in the folder to its end; what it wrote to its
    /// standard output.
    pub fn churn(&self, arguments: &[&str]) -> String {
        let output = Command::new(&self.churn)
            .args(arguments)
            .current_dir(self.folder())
            .stderr(Stdio::inherit())
            .output()
            .expect("churn");
        assert!(output.status.success(), "churn {arguments:?}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// Starts the program `churn` in the folder.
    pub fn start_churn(&self, arguments: &[&str]) -> Child {
        let mut command = Command::new(&self.churn);
        command.args(arguments).current_dir(self.folder());
        command.spawn().expect("churn")
    }

    /// Puts a file of a copy back as it was built.
    pub fn restore(&self, file: &str) {
        let bytes = fs::read(self.built.join(file)).expect("a file of the built site");
        self.write(file, &bytes);
    }

    /// The folder that no test changes.
    pub fn built_folder(&self) -> &Path {
        &self.built
    }

    fn in_copy(&self, file: &str) -> PathBuf {
        assert!(self.copy.is_some(), "the built site itself is not changed");
        self.folder().join(file)
    }
}

fn copy_all(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("the built site") {
        let path = entry.expect("an entry of the built site").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            fs::create_dir(&target).expect("a folder in the copy");
            copy_all(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a file in the copy");
        }
    }
}
