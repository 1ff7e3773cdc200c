//! Running the program in a folder of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::Failure;

/// The customers that come with the project.
pub const CUSTOMERS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../public/data/telco-customer-churn.csv"
);

/// A small table that no preset knows, with both classes.
pub const SMALL: &str = "key,plan,spend,left\n\
    a,free,1.5,no\nb,paid,9,yes\nc,free,2,no\nd,paid,8,yes\n\
    e,free,3,yes\nf,paid,7,no\ng,free,2.5,no\nh,paid,9.5,yes\n";

/// The options that train on [`SMALL`].
pub const SMALL_OPTIONS: [&str; 6] = [
    "--target",
    "left",
    "--positive",
    "yes",
    "--test-fraction",
    "0",
];

/// A new folder, removed at the end of the test.
pub struct Folder(PathBuf);

impl Folder {
    /// `name` is the test's own.
    pub fn new(name: &str) -> Result<Self, Failure> {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        if path.exists() {
            fs::remove_dir_all(&path)?;
        }
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> Result<(), Failure> {
        Ok(fs::write(self.0.join(name), content)?)
    }

    pub fn read(&self, name: &str) -> Result<String, Failure> {
        Ok(fs::read_to_string(self.0.join(name))?)
    }

    /// Names of the files in the folder, sorted.
    pub fn names(&self) -> Result<Vec<String>, Failure> {
        let entries = fs::read_dir(&self.0)?;
        let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
        let mut names: Vec<String> = entries
            .map(|entry| entry.map(name))
            .collect::<Result<_, _>>()?;
        names.sort();
        Ok(names)
    }

    /// The program with these arguments, not yet started.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_churn"));
        command.args(arguments).current_dir(&self.0);
        command
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &[&str]) -> Result<Run, Failure> {
        Ok(Run(self.command(arguments).output()?))
    }

    /// Trains `model.json` on the project's customers.
    pub fn with_model(name: &str) -> Result<Self, Failure> {
        let folder = Self::new(name)?;
        folder
            .run(&["train", CUSTOMERS, "--out", "model.json"])?
            .succeeded()?;
        Ok(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A run that has ended.
pub struct Run(pub Output);

impl Run {
    /// Standard output.
    pub fn out(&self) -> String {
        String::from_utf8_lossy(&self.0.stdout).into_owned()
    }

    /// Standard error.
    pub fn err(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }

    /// The run, if it ended well.
    pub fn succeeded(self) -> Result<Self, Failure> {
        if self.0.status.success() {
            return Ok(self);
        }
        Err(format!("{}: {}", self.0.status, self.err()).into())
    }

    /// The one line of a run that ended as wrong input has to.
    pub fn refused(&self) -> Result<String, Failure> {
        let err = self.err();
        if self.0.status.code() != Some(2) || err.lines().count() != 1 || !self.out().is_empty() {
            return Err(format!(
                "not refused in one line: {}, {err}{}",
                self.0.status,
                self.out()
            )
            .into());
        }
        Ok(err.trim_end().to_owned())
    }
}
