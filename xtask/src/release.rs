//! A release of the page: its files with their hashes, by which its service
//! worker knows one release from another, and its code compressed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use brotli::enc::BrotliEncoderParams;
use sha2::{Digest as _, Sha256};

/// The service worker, as `public/` has it.
const WORKER: &str = "sw.js";
/// The lines of the worker that are filled in.
const LINES: [&str; 2] = ["const RELEASE = ", "const FILES = "];
/// The page itself, and the address that it is known by.
const PAGE: &str = "index.html";
const ADDRESS: &str = "./";
/// What may be replaced after the build, so that it has no hash.
const MODEL: &str = "model.json";
const DATA: &str = "data/";

/// Address of each file, and its hash as browsers check it.
type Files = BTreeMap<String, Option<String>>;

/// Writes the files of a built page into its service worker.
pub fn list(dist: &Path) -> Result<()> {
    let mut files = Files::from([(MODEL.to_owned(), None)]);
    collect(dist, "", &mut files)?;
    let path = dist.join(WORKER);
    let worker = fs::read_to_string(&path);
    let worker = worker.with_context(|| format!("cannot read {}", path.display()))?;
    fs::write(&path, filled(&worker, &files)?)?;
    Ok(())
}

/// Puts a compressed text beside each file of code that has a hash in its name, for
/// hosts that look for one: such a file never changes, so its text is never an old
/// one.
pub fn compress(dist: &Path) -> Result<()> {
    for entry in fs::read_dir(dist)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_code = [".css", ".js", ".wasm"]
            .iter()
            .any(|end| name.ends_with(end));
        if is_code && name.contains('-') {
            let mut compressed = fs::File::create(dist.join(format!("{name}.br")))?;
            let params = BrotliEncoderParams::default();
            brotli::BrotliCompress(&mut fs::File::open(&path)?, &mut compressed, &params)?;
        }
    }
    Ok(())
}

/// A file name with a hash of what the file holds, as trunk writes them.
pub fn hashed(content: &[u8], name: &str) -> String {
    let (stem, end) = name.split_once('.').unwrap_or((name, ""));
    format!("{stem}-{}.{end}", short_hash(content))
}

/// Sixteen hexadecimal digits.
fn short_hash(content: &[u8]) -> String {
    let bytes = Sha256::digest(content);
    bytes[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Adds the files of a folder that the page may ask for.
fn collect(folder: &Path, prefix: &str, files: &mut Files) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let (path, name) = {
            let entry = entry?;
            (entry.path(), entry.file_name())
        };
        let name = name.to_string_lossy();
        let unused = [".br", ".gz", ".md"].iter().any(|end| name.ends_with(end));
        if unused || name.starts_with('.') || name == WORKER {
            continue;
        }
        let address = format!("{prefix}{name}");
        if path.is_dir() {
            collect(&path, &format!("{address}/"), files)?;
        } else if address == MODEL || address.starts_with(DATA) {
            files.insert(address, None);
        } else {
            let hash = STANDARD.encode(Sha256::digest(fs::read(&path)?));
            let address = if address == PAGE { ADDRESS } else { &address };
            files.insert(address.to_owned(), Some(format!("sha256-{hash}")));
        }
    }
    Ok(())
}

/// The worker with its lines filled in and without its comments; what was there before
/// is replaced.
fn filled(worker: &str, files: &Files) -> Result<String> {
    let files = serde_json::to_string(files)?;
    let release = short_hash(files.as_bytes());
    let values = [format!("'{release}'"), files];
    let code = worker
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let mut out: String = code.flat_map(|line| [line, "\n"]).collect();
    for (line, value) in LINES.iter().zip(values) {
        let start = out
            .find(line)
            .with_context(|| format!("{WORKER} lacks `{line}`"))?;
        let end = out[start..]
            .find('\n')
            .map_or(out.len(), |length| start + length);
        out.replace_range(start..end, &format!("{line}{value};"));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worker_of_the_page_takes_the_list() -> Result<()> {
        let worker = include_str!("../../public/sw.js");
        let files = Files::from([
            (ADDRESS.to_owned(), Some("sha256-x".to_owned())),
            (MODEL.to_owned(), None),
        ]);
        let once = filled(worker, &files)?;
        assert!(once.contains("\nconst FILES = {\"./\":\"sha256-x\",\"model.json\":null};\n"));
        assert_eq!(filled(&once, &files)?, once);
        let release = |text: &str| {
            text.lines()
                .find(|line| line.starts_with(LINES[0]))
                .map(str::to_owned)
        };
        let other = filled(&once, &Files::new())?;
        assert_ne!(release(&once), release(&other));
        assert_ne!(release(&once), release(worker));
        Ok(())
    }

    #[test]
    fn a_worker_without_the_lines_is_refused() {
        assert!(filled("// empty", &Files::new()).is_err());
    }
}
