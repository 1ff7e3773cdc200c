//! Programs beside the test.

use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::thread;

/// A program that is ended when this is dropped.
#[derive(Debug)]
pub struct Process(Child);

impl Process {
    /// Starts a program and waits until one of its lines says that it is ready:
    /// gives what stands after `sign` in it, up to a space. The command pipes
    /// the stream to be read. A free port may be gone when the program takes it:
    /// one that ends is started again.
    pub fn start(command: &mut Command, sign: &str) -> (Self, String) {
        const ATTEMPTS: usize = 5;
        let mut said = Vec::new();
        for _ in 0..ATTEMPTS {
            match Self::attempt(command, sign) {
                Ok(started) => return started,
                Err(lines) => said = lines,
            }
        }
        panic!("{command:?} ended without “{sign}”: {said:?}");
    }

    /// Starts a program once; what it said if it ended.
    fn attempt(command: &mut Command, sign: &str) -> Result<(Self, String), Vec<String>> {
        let child = command.stdin(Stdio::null()).spawn();
        let mut child = child.unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let stream: Box<dyn Read + Send> = match (child.stdout.take(), child.stderr.take()) {
            (Some(stdout), _) => Box::new(stdout),
            (_, Some(stderr)) => Box::new(stderr),
            _ => panic!("{command:?}: no stream is piped"),
        };
        let process = Self(child);
        let mut lines = BufReader::new(stream).lines();
        let mut said = Vec::new();
        let found = loop {
            let Some(Ok(line)) = lines.next() else {
                return Err(said);
            };
            if let Some((_, rest)) = line.split_once(sign) {
                break rest
                    .split_whitespace()
                    .next()
                    .unwrap_or_default()
                    .to_owned();
            }
            said.push(line);
        };
        // Nobody reads on, but a full pipe would stop the program.
        thread::spawn(move || lines.for_each(drop));
        Ok((process, found))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
