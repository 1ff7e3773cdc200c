//! Between a client and a server: lets requests through, and answers back until it
//! is to keep one to itself.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, mpsc};
use std::thread;

use crate::Failure;

/// A proxy that runs until the tests end.
pub struct Proxy {
    pub uri: String,
    /// How many requests are let through until the answer to one is kept back.
    pub left: Arc<AtomicUsize>,
    /// Tells when the answer is kept back, which the client then waits for.
    pub kept: mpsc::Receiver<()>,
}

impl Proxy {
    /// Listens on an address for a server.
    pub fn start(address: &str, server: &str) -> Result<Self, Failure> {
        let listener = TcpListener::bind(address)?;
        let uri = format!("http://{}", listener.local_addr()?);
        let left = Arc::new(AtomicUsize::new(usize::MAX));
        let (keep, kept) = mpsc::channel();
        let (count, server) = (Arc::clone(&left), server.to_owned());
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let (count, keep, server) = (Arc::clone(&count), keep.clone(), server.clone());
                // A client that goes away ends its thread.
                thread::spawn(move || forward(client, &server, &count, &keep).ok());
            }
        });
        Ok(Self { uri, left, kept })
    }
}

fn forward(
    client: TcpStream,
    server: &str,
    left: &AtomicUsize,
    keep: &mpsc::Sender<()>,
) -> Result<(), Failure> {
    let mut client = BufReader::new(client);
    let mut server = BufReader::new(TcpStream::connect(server)?);
    loop {
        let request = message(&mut client)?;
        server.get_mut().write_all(&request)?;
        let answer = message(&mut server)?;
        if left.fetch_sub(1, SeqCst) == 1 {
            keep.send(())?;
            // Until the client is gone.
            return Ok(client.read_exact(&mut [0])?);
        }
        client.get_mut().write_all(&answer)?;
    }
}

/// A request or an answer whose length is said.
fn message(stream: &mut BufReader<TcpStream>) -> Result<Vec<u8>, Failure> {
    let mut message = Vec::new();
    let mut length = 0;
    loop {
        let start = message.len();
        if stream.read_until(b'\n', &mut message)? == 0 {
            return Err("the connection ended".into());
        }
        let line = String::from_utf8_lossy(&message[start..]).to_lowercase();
        if let Some(said) = line.strip_prefix("content-length:") {
            length = said.trim().parse()?;
        }
        if line == "\r\n" {
            break;
        }
    }
    let start = message.len();
    message.resize(start + length, 0);
    stream.read_exact(&mut message[start..])?;
    Ok(message)
}
