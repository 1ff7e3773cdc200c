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
pub struct Folder {
    path: PathBuf,
    /// What to say instead of `--data-dir data`, where the data are elsewhere.
    place: Option<[String; 2]>,
}

impl Folder {
    /// `name` is the test's own.
    pub fn new(name: &str) -> Result<Self, Failure> {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        if path.exists() {
            fs::remove_dir_all(&path)?;
        }
        fs::create_dir_all(&path)?;
        let place = crate::place(name)?;
        Ok(Self { path, place })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The database of the folder, where it is not in `data`.
    #[allow(dead_code, reason = "the tests of the command line have no database")]
    pub fn database_url(&self) -> Option<&str> {
        self.place.as_ref().map(|[_, url]| url.as_str())
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> Result<(), Failure> {
        Ok(fs::write(self.path.join(name), content)?)
    }

    pub fn read(&self, name: &str) -> Result<String, Failure> {
        Ok(fs::read_to_string(self.path.join(name))?)
    }

    /// The folder with its data in another database.
    #[allow(
        dead_code,
        reason = "not every set of tests has databases to choose from"
    )]
    pub fn with_database(self, url: String) -> Self {
        let mut folder = self;
        folder.place = Some(["--database-url".into(), url]);
        folder
    }

    /// Names of the files in the folder, sorted.
    pub fn names(&self) -> Result<Vec<String>, Failure> {
        let entries = fs::read_dir(&self.path)?;
        let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
        let mut names: Vec<String> = entries
            .map(|entry| entry.map(name))
            .collect::<Result<_, _>>()?;
        names.sort();
        Ok(names)
    }

    /// The program with these arguments, not yet started.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut arguments: Vec<&str> = arguments.to_vec();
        let said = arguments
            .windows(2)
            .position(|said| said == ["--data-dir", "data"]);
        if let (Some(at), Some([option, place])) = (said, &self.place) {
            arguments.splice(at..at + 2, [option.as_str(), place.as_str()]);
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_churn"));
        command.args(arguments).current_dir(&self.path);
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
        let _ = fs::remove_dir_all(&self.path);
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
