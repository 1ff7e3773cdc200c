//! A load generator: connections that ask one request after the other.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

/// A connection that is kept open, and opened anew where the server closes it.
#[derive(Debug)]
pub struct Connection {
    address: String,
    stream: Option<BufReader<TcpStream>>,
    line: String,
    body: Vec<u8>,
}

/// How long answers took, and how many there were.
#[derive(Debug)]
pub struct Load {
    /// In microseconds, sorted.
    latencies: Vec<u32>,
    /// Requests that were not answered with 200.
    pub errors: usize,
    seconds: f64,
}

/// A POST of a body, as bytes on the wire.
pub fn post(address: &str, path: &str, kind: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: {kind}\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// A GET, as bytes on the wire.
pub fn get(address: &str, path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n").into_bytes()
}

impl Connection {
    /// A connection that is made with the first request.
    pub fn to(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            stream: None,
            line: String::new(),
            body: Vec::new(),
        }
    }

    /// Sends a request; the body of its answer, which has to be 200.
    pub fn ask(&mut self, request: &[u8]) -> Result<&[u8]> {
        // What failed half-way is of no use any more.
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => {
                let stream = TcpStream::connect(&self.address)?;
                stream.set_nodelay(true)?;
                BufReader::new(stream)
            }
        };
        stream.get_mut().write_all(request)?;
        let (mut length, mut ok, mut closes) = (None, false, false);
        loop {
            self.line.clear();
            ensure!(stream.read_line(&mut self.line)? > 0, "the server closed");
            let line = self.line.trim_end();
            if line.is_empty() {
                break;
            }
            if let Some(status) = line.strip_prefix("HTTP/1.1 ") {
                ok = status.starts_with("200");
            } else if let Some((name, value)) = line.split_once(": ") {
                if name.eq_ignore_ascii_case("content-length") {
                    length = Some(value.parse()?);
                } else if name.eq_ignore_ascii_case("connection") {
                    closes = value.eq_ignore_ascii_case("close");
                }
            }
        }
        self.body
            .resize(length.context("an answer without a length")?, 0);
        stream.read_exact(&mut self.body)?;
        self.stream = (!closes).then_some(stream);
        if !ok {
            bail!("not answered: {}", String::from_utf8_lossy(&self.body));
        }
        Ok(&self.body)
    }
}

impl Load {
    /// Asks over a number of connections for a while, each its own share of the
    /// requests again and again.
    ///
    /// # Errors
    /// When the first request of a connection is not answered.
    pub fn run(
        address: &str,
        connections: usize,
        requests: &[Vec<u8>],
        lasting: Duration,
    ) -> Result<Self> {
        let done = AtomicBool::new(false);
        let ask = |first: usize| -> Result<(Vec<u32>, usize)> {
            let mut connection = Connection::to(address);
            let (mut latencies, mut errors) = (Vec::new(), 0);
            for request in requests.iter().cycle().skip(first * 97 % requests.len()) {
                let start = Instant::now();
                match connection.ask(request) {
                    Ok(_) => {
                        let micros = start.elapsed().as_micros();
                        latencies.push(u32::try_from(micros).unwrap_or(u32::MAX));
                    }
                    // A server that cannot be reached at all is no load.
                    Err(error) if latencies.is_empty() => return Err(error),
                    Err(_) => errors += 1,
                }
                if done.load(Ordering::Relaxed) {
                    break;
                }
            }
            Ok((latencies, errors))
        };
        let start = Instant::now();
        let (mut latencies, mut errors) = (Vec::new(), 0);
        thread::scope(|scope| -> Result<()> {
            let ask = &ask;
            let asking: Vec<_> = (0..connections)
                .map(|at| scope.spawn(move || ask(at)))
                .collect();
            thread::sleep(lasting);
            done.store(true, Ordering::Relaxed);
            for asked in asking {
                let Ok(asked) = asked.join() else {
                    bail!("a connection's thread failed");
                };
                let (more, failed) = asked?;
                latencies.extend(more);
                errors += failed;
            }
            Ok(())
        })?;
        let seconds = start.elapsed().as_secs_f64();
        latencies.sort_unstable();
        ensure!(!latencies.is_empty(), "nothing was answered");
        Ok(Self {
            latencies,
            errors,
            seconds,
        })
    }

    /// Requests that were answered.
    pub fn answered(&self) -> usize {
        self.latencies.len()
    }

    /// Answers per second.
    pub fn per_second(&self) -> f64 {
        self.latencies.len() as f64 / self.seconds
    }

    /// The latency in milliseconds that this share of the answers kept below.
    pub fn quantile(&self, share: f64) -> f64 {
        let at = (self.latencies.len() - 1) as f64 * share;
        let latency = self.latencies.get(at.round() as usize);
        latency.map_or(f64::NAN, |&micros| f64::from(micros) / 1e3)
    }
}
