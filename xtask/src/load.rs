//! A load generator: connections that ask one request after the other.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

/// A connection that is kept open.
#[derive(Debug)]
pub struct Connection {
    stream: BufReader<TcpStream>,
    line: String,
    body: Vec<u8>,
}

/// How long answers took, sorted, and how many there were per second.
#[derive(Debug)]
pub struct Load {
    latencies: Vec<Duration>,
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

impl Connection {
    /// Connects.
    pub fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream: BufReader::new(stream),
            line: String::new(),
            body: Vec::new(),
        })
    }

    /// Sends a request; the body of its answer, which has to be 200.
    pub fn ask(&mut self, request: &[u8]) -> Result<&[u8]> {
        self.stream.get_mut().write_all(request)?;
        let mut length = None;
        let mut ok = false;
        loop {
            self.line.clear();
            ensure!(
                self.stream.read_line(&mut self.line)? > 0,
                "the server closed"
            );
            let line = self.line.trim_end();
            if let Some(status) = line.strip_prefix("HTTP/1.1 ") {
                ok = status.starts_with("200");
            } else if let Some(value) = line.strip_prefix("content-length: ") {
                length = Some(value.parse()?);
            } else if line.is_empty() {
                break;
            }
        }
        self.body
            .resize(length.context("an answer without a length")?, 0);
        self.stream.read_exact(&mut self.body)?;
        if !ok {
            bail!("not answered: {}", String::from_utf8_lossy(&self.body));
        }
        Ok(&self.body)
    }
}

impl Load {
    /// Asks over a number of connections for a while, each its own share of the
    /// requests again and again.
    pub fn run(
        address: &str,
        connections: usize,
        requests: &[Vec<u8>],
        lasting: Duration,
    ) -> Result<Self> {
        let done = AtomicBool::new(false);
        let ask = |first: usize| -> Result<Vec<Duration>> {
            let mut connection = Connection::open(address)?;
            let mut latencies = Vec::new();
            for request in requests.iter().cycle().skip(first * 97 % requests.len()) {
                let start = Instant::now();
                connection.ask(request)?;
                latencies.push(start.elapsed());
                if done.load(Ordering::Relaxed) {
                    break;
                }
            }
            Ok(latencies)
        };
        let start = Instant::now();
        let mut latencies = thread::scope(|scope| -> Result<Vec<Duration>> {
            let ask = &ask;
            let asking: Vec<_> = (0..connections)
                .map(|at| scope.spawn(move || ask(at)))
                .collect();
            thread::sleep(lasting);
            done.store(true, Ordering::Relaxed);
            let mut latencies = Vec::new();
            for asked in asking {
                match asked.join() {
                    Ok(asked) => latencies.extend(asked?),
                    Err(_) => bail!("a connection's thread failed"),
                }
            }
            Ok(latencies)
        })?;
        let seconds = start.elapsed().as_secs_f64();
        latencies.sort_unstable();
        ensure!(!latencies.is_empty(), "nothing was answered");
        Ok(Self { latencies, seconds })
    }

    /// Answers per second.
    pub fn per_second(&self) -> f64 {
        self.latencies.len() as f64 / self.seconds
    }

    /// The latency in milliseconds that this share of the answers kept below.
    pub fn quantile(&self, share: f64) -> f64 {
        let at = (self.latencies.len() - 1) as f64 * share;
        let latency = self.latencies.get(at.round() as usize);
        latency.map_or(f64::NAN, |latency| latency.as_secs_f64() * 1e3)
    }
}
