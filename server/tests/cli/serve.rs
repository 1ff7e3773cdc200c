//! `churn serve`, over a real socket.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::Failure;
use crate::program::Folder;

/// A running server; ended with the test.
struct Server {
    process: Child,
    address: String,
}

/// An answer: status line and headers in lower case, and the body.
struct Answer {
    head: String,
    body: Vec<u8>,
}

impl Server {
    fn start(folder: &Folder, options: &[&str]) -> Result<Self, Failure> {
        let arguments = [&["serve", "--addr", "127.0.0.1:0"], options].concat();
        let mut process = folder.command(&arguments).stderr(Stdio::piped()).spawn()?;
        let mut line = String::new();
        if let Some(told) = process.stderr.take() {
            BufReader::new(told).read_line(&mut line)?;
        }
        let address = line
            .trim_end()
            .strip_prefix("listening on http://")
            .and_then(|address| address.strip_suffix('/'))
            .map(str::to_owned);
        match address {
            Some(address) => Ok(Self { process, address }),
            None => Err(format!("no address: {line}").into()),
        }
    }

    /// Sends a request as it is written here: no client tidies the path.
    fn get(&self, path: &str, headers: &str) -> Result<Answer, Failure> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n{headers}\r\n",
            self.address
        )?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes)?;
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        let end = end.ok_or("no head")?;
        Ok(Answer {
            head: String::from_utf8_lossy(&bytes[..end]).to_lowercase(),
            body: bytes[end + 4..].to_vec(),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Answer {
    fn has(&self, part: &str) -> Result<(), Failure> {
        match self.head.contains(part) {
            true => Ok(()),
            false => Err(format!("no '{part}' in {}", self.head).into()),
        }
    }
}

/// A folder with a page in `dist`, and a secret beside it.
fn page(name: &str) -> Result<Folder, Failure> {
    let folder = Folder::new(name)?;
    std::fs::create_dir(folder.path().join("dist"))?;
    folder.write("secret.txt", "secret")?;
    folder.write("dist/index.html", "<!doctype html>page")?;
    folder.write("dist/app-0123456789abcdef_bg.wasm", b"\0asm")?;
    folder.write("dist/app-0123456789abcdef.js", "plain")?;
    folder.write("dist/app-0123456789abcdef.js.br", "brotli")?;
    folder.write("dist/app-0123456789abcdef.js.gz", "gzip")?;
    folder.write("dist/model.json", "{}")?;
    folder.write("dist/sw.js", "")?;
    folder.write("dist/manifest.webmanifest", "{}")?;
    Ok(folder)
}

#[test]
fn serves_the_page() -> Result<(), Failure> {
    let folder = page("serve-page")?;
    let server = Server::start(&folder, &["--static", "dist"])?;

    let index = server.get("/", "")?;
    index.has("http/1.1 200")?;
    index.has("content-type: text/html")?;
    index.has("cache-control: no-cache")?;
    assert_eq!(index.body, b"<!doctype html>page");
    for header in [
        "x-content-type-options: nosniff",
        "referrer-policy: no-referrer",
        "x-frame-options: deny",
    ] {
        index.has(header)?;
    }

    let wasm = server.get("/app-0123456789abcdef_bg.wasm", "")?;
    wasm.has("content-type: application/wasm")?;
    wasm.has("cache-control: public, max-age=31536000, immutable")?;

    let model = server.get("/model.json", "")?;
    model.has("content-type: application/json")?;
    model.has("cache-control: no-cache")?;

    let worker = server.get("/sw.js", "")?;
    worker.has("content-type: text/javascript")?;
    worker.has("cache-control: no-cache")?;
    let manifest = server.get("/manifest.webmanifest", "")?;
    manifest.has("content-type: application/manifest+json")?;

    let live = server.get("/health/live", "")?;
    live.has("http/1.1 200")?;
    live.has("x-content-type-options: nosniff")
}

#[test]
fn serves_what_the_build_compressed() -> Result<(), Failure> {
    let folder = page("serve-compressed")?;
    let server = Server::start(&folder, &["--static", "dist"])?;
    for (accepted, encoding, body) in [
        ("gzip, br", "content-encoding: br", "brotli"),
        ("gzip", "content-encoding: gzip", "gzip"),
        ("identity", "content-type: text/javascript", "plain"),
    ] {
        let headers = format!("accept-encoding: {accepted}\r\n");
        let answer = server.get("/app-0123456789abcdef.js", &headers)?;
        answer.has(encoding)?;
        answer.has("content-type: text/javascript")?;
        answer.has("vary: accept-encoding")?;
        assert_eq!(answer.body, body.as_bytes());
    }
    Ok(())
}

#[test]
fn compresses_what_the_build_did_not() -> Result<(), Failure> {
    let folder = page("serve-compressing")?;
    let text = "tenure,Contract\n".repeat(1000);
    folder.write("dist/data.csv", &text)?;
    let server = Server::start(&folder, &["--static", "dist"])?;
    for encoding in ["br", "gzip"] {
        let headers = format!("accept-encoding: {encoding}\r\n");
        let answer = server.get("/data.csv", &headers)?;
        answer.has(&format!("content-encoding: {encoding}"))?;
        answer.has("content-type: text/csv")?;
        answer.has("vary: accept-encoding")?;
        answer.has("last-modified: ")?;
        assert!(answer.body.len() < 300, "{} bytes", answer.body.len());
    }
    assert_eq!(server.get("/data.csv", "")?.body, text.as_bytes());
    Ok(())
}

#[test]
fn gives_nothing_else_away() -> Result<(), Failure> {
    let folder = page("serve-else")?;
    let server = Server::start(&folder, &["--static", "dist"])?;
    for path in [
        "/none",
        "/app-ffffffffffffffff.js",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/..%5csecret.txt",
        "//secret.txt",
    ] {
        let answer = server.get(path, "")?;
        answer.has("http/1.1 404")?;
        answer.has("cache-control: no-cache")?;
        answer.has("x-content-type-options: nosniff")?;
        assert_eq!(answer.body, b"not found\n", "{path}");
    }
    Ok(())
}

#[test]
fn without_a_page_says_how_to_get_one() -> Result<(), Failure> {
    let folder = Folder::new("serve-none")?;
    let server = Server::start(&folder, &[])?;
    let answer = server.get("/", "")?;
    answer.has("http/1.1 200")?;
    assert!(String::from_utf8_lossy(&answer.body).contains("churn serve --static"));
    Ok(())
}

#[test]
fn a_wrong_folder_or_address_is_refused() -> Result<(), Failure> {
    let folder = page("serve-wrong")?;
    let refuse = |arguments: &[&str], told: &str| -> Result<(), Failure> {
        let refused = folder.run(arguments)?.refused()?;
        assert!(refused.contains(told), "{refused}");
        Ok(())
    };
    refuse(&["serve", "--static=none"], "none: no such folder; build")?;
    refuse(&["serve", "--static=."], ".: no index.html in it; build")?;
    refuse(&["serve", "--addr=nowhere"], "cannot listen on nowhere: ")?;
    let server = Server::start(&folder, &[])?;
    refuse(&["serve", "--addr", &server.address], "the port is taken")
}

#[cfg(unix)]
#[test]
fn ends_when_interrupted() -> Result<(), Failure> {
    let folder = page("serve-interrupted")?;
    let mut server = Server::start(&folder, &["--static", "dist"])?;
    let process = server.process.id().to_string();
    std::process::Command::new("kill")
        .args(["-INT", &process])
        .status()?;
    assert!(server.process.wait()?.success());
    Ok(())
}
