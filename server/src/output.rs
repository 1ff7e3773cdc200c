//! Where results go: a file that appears when it is complete, or standard
//! output (`-`).
//!
//! A file is written under another name in the same folder and renamed at the
//! end, so an error leaves neither half a file nor a lost old one.

use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process;

use churn_core::{Error, ErrorCode, Result};
use serde::Serialize;

/// The path that stands for standard output.
pub const STANDARD_OUTPUT: &str = "-";

/// Bytes collected before the system is called.
const BUFFER: usize = 1 << 18;

/// Prints a text on standard output.
///
/// # Errors
/// [`ErrorCode::Io`].
pub fn print(text: &str) -> Result<()> {
    let path = Path::new(STANDARD_OUTPUT);
    let mut output = Output::create(path)?;
    let written = output.write_all(text.as_bytes());
    written.map_err(|error| failed(path, &error))?;
    output.finish().map(drop)
}

/// Prints a value on standard output, as JSON to be read by people, too.
///
/// # Errors
/// [`ErrorCode::Io`].
pub fn print_json(value: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| failed(Path::new(STANDARD_OUTPUT), &io::Error::from(error)))?;
    print(&(text + "\n"))
}

/// A file or standard output, open for writing.
#[derive(Debug)]
pub struct Output {
    writer: BufWriter<Sink>,
    /// What the user called it.
    name: PathBuf,
    /// The file under its passing name, until it is complete.
    part: Option<Part>,
}

impl Output {
    /// Opens the file, or standard output for `-`.
    ///
    /// # Errors
    /// [`ErrorCode::Io`].
    pub fn create(path: &Path) -> Result<Self> {
        let (sink, part) = if path == Path::new(STANDARD_OUTPUT) {
            (Sink::Stdout { closed: false }, None)
        } else if is_special(path) {
            let file = File::options().write(true).open(path);
            (
                Sink::File(file.map_err(|error| failed(path, &error))?),
                None,
            )
        } else {
            let (file, part) = Part::create(path).map_err(|error| failed(path, &error))?;
            (Sink::File(file), Some(part))
        };
        Ok(Self {
            writer: BufWriter::with_capacity(BUFFER, sink),
            name: path.to_owned(),
            part,
        })
    }

    /// Whether the reader of standard output has gone, so that going on is idle.
    pub fn is_closed(&self) -> bool {
        matches!(self.writer.get_ref(), Sink::Stdout { closed: true })
    }

    /// Writes what is left and gives the file its name. Says whether all was
    /// taken: not by a reader that has gone.
    ///
    /// # Errors
    /// [`ErrorCode::Io`].
    pub fn finish(mut self) -> Result<bool> {
        let finished = self.writer.flush().and_then(|()| match self.part.take() {
            Some(part) => part.complete(self.writer.get_ref()),
            None => Ok(()),
        });
        finished.map_err(|error| failed(&self.name, &error))?;
        Ok(!self.is_closed())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// What to call an output towards the user.
pub fn name(path: &Path) -> String {
    match path == Path::new(STANDARD_OUTPUT) {
        true => "standard output".into(),
        false => path.display().to_string(),
    }
}

/// The error for an output that cannot be written.
pub fn failed(path: &Path, error: &dyn std::error::Error) -> Error {
    let message = format!("cannot write {}: {error}", name(path));
    Error::new(ErrorCode::Io, message)
}

/// Whether bytes are gone once they are written, instead of in a file that can be
/// gone on with.
pub fn is_streamed(path: &Path) -> bool {
    path == Path::new(STANDARD_OUTPUT) || is_special(path)
}

/// Whether something is there that a rename would destroy: a device, a pipe.
fn is_special(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// What bytes go to in the end.
#[derive(Debug)]
enum Sink {
    File(File),
    /// `head` and the like stop reading when they have enough. That is no error:
    /// from then on nothing is written.
    Stdout {
        closed: bool,
    },
}

impl Sink {
    fn forgive_closed<T>(&mut self, result: io::Result<T>, instead: T) -> io::Result<T> {
        match (self, result) {
            (Self::Stdout { closed }, Err(error)) if error.kind() == ErrorKind::BrokenPipe => {
                *closed = true;
                Ok(instead)
            }
            (_, result) => result,
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let result = match self {
            Self::File(file) => file.write(bytes),
            Self::Stdout { closed: true } => Ok(bytes.len()),
            Self::Stdout { closed: false } => io::stdout().write(bytes),
        };
        self.forgive_closed(result, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let result = match self {
            Self::File(file) => file.flush(),
            Self::Stdout { closed: true } => Ok(()),
            Self::Stdout { closed: false } => io::stdout().flush(),
        };
        self.forgive_closed(result, ())
    }
}

/// A file under its passing name; removed unless it is completed.
#[derive(Debug)]
struct Part {
    path: PathBuf,
    destination: PathBuf,
}

impl Part {
    fn create(path: &Path) -> io::Result<(File, Self)> {
        // A link stays a link: the file it points to is the one to replace.
        let destination = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if destination.is_dir() {
            return Err(io::Error::new(ErrorKind::IsADirectory, "it is a folder"));
        }
        let Some(name) = destination.file_name() else {
            return Err(io::Error::new(ErrorKind::InvalidInput, "it names no file"));
        };
        let name = format!(".{}.{}.part", name.to_string_lossy(), process::id());
        let path = destination.with_file_name(name);
        let file = File::create(&path)?;
        Ok((file, Self { path, destination }))
    }

    fn complete(self, sink: &Sink) -> io::Result<()> {
        if let Sink::File(file) = sink {
            file.sync_all()?;
        }
        fs::rename(&self.path, &self.destination)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // After a rename there is nothing to remove.
        let _ = fs::remove_file(&self.path);
    }
}
