//! What a try says: kept, cut where it is long, and told in a line.

use std::io::{BufRead as _, BufReader, Read};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

/// Bytes that are kept of the beginning of what a try says, and of its end.
const HEAD: usize = 16_384;
const TAIL: usize = 49_152;

/// Longest line that is kept as one, in bytes.
const LINE: u64 = 4096;

/// Lines of standard output that tell the result where nothing else is said.
const LINES: usize = 3;

/// What a try says, cut where it is long.
#[derive(Debug, Default)]
pub struct Said {
    head: String,
    tail: String,
    left_out: usize,
    /// The last line of standard error.
    last: String,
    /// The first lines of standard output.
    first: Vec<String>,
}

impl Said {
    fn add(&mut self, line: &str, is_error: bool) {
        // PostgreSQL keeps no NUL.
        let line = line.replace('\0', "\u{fffd}");
        let words = line.split_whitespace().collect::<Vec<_>>().join(" ");
        if !words.is_empty() {
            match is_error {
                true => self.last = words,
                false if self.first.len() < LINES => self.first.push(words),
                false => {}
            }
        }
        if self.tail.is_empty() && self.head.len() + line.len() <= HEAD {
            return self.head.push_str(&line);
        }
        self.tail.push_str(&line);
        if self.tail.len() > TAIL {
            let mut cut = self.tail.len() - TAIL;
            while !self.tail.is_char_boundary(cut) {
                cut += 1;
            }
            self.left_out += cut;
            self.tail.drain(..cut);
        }
    }

    /// All that is kept of it.
    pub fn text(&self) -> String {
        match self.left_out {
            0 => format!("{}{}", self.head, self.tail),
            bytes => format!(
                "{}[... {bytes} bytes left out ...]\n{}",
                self.head, self.tail
            ),
        }
    }

    /// What it comes to, in a line.
    pub(super) fn result(&self) -> String {
        match self.last.is_empty() {
            true => self.first.join("; "),
            false => self.last.clone(),
        }
    }
}

/// What a try says, shared with who reads it.
#[derive(Clone, Debug, Default)]
pub struct Ear(Arc<Mutex<Said>>);

impl Ear {
    /// What was said by now.
    pub fn said(&self) -> MutexGuard<'_, Said> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Listens until nothing more can come.
    pub(super) fn listen(
        &self,
        from: impl Read + Send + 'static,
        is_error: bool,
    ) -> JoinHandle<()> {
        let ear = self.clone();
        thread::spawn(move || {
            let mut from = BufReader::new(from);
            let mut line = Vec::new();
            while let Ok(1..) = from.by_ref().take(LINE).read_until(b'\n', &mut line) {
                ear.said().add(&String::from_utf8_lossy(&line), is_error);
                line.clear();
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_bounded() {
        let mut said = Said::default();
        for line in 0..20_000 {
            said.add(&format!("line {line} \u{e9}\n"), true);
        }
        said.add("end\0\n", true);
        let text = said.text();
        assert!(text.len() < HEAD + TAIL + 100, "{}", text.len());
        assert!(text.starts_with("line 0 \u{e9}\nline 1 ") && text.ends_with("end\u{fffd}\n"));
        assert!(text.contains("bytes left out"));
        assert_eq!(said.result(), "end\u{fffd}");
    }

    #[test]
    fn the_result_is_what_was_said_last_or_printed_first() {
        let mut said = Said::default();
        for line in [
            "10 customers\n",
            "\n",
            "accuracy    0.9\n",
            "AUC 0.8\n",
            "more\n",
        ] {
            said.add(line, false);
        }
        assert_eq!(said.result(), "10 customers; accuracy 0.9; AUC 0.8");
        said.add("error: a\n", true);
        assert_eq!(said.result(), "error: a");
    }
}
