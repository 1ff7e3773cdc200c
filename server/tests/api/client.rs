//! A client that says what it is told to, and nothing else.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use crate::Failure;

/// A connection that stays open.
pub struct Client {
    stream: BufReader<TcpStream>,
    host: String,
    key: Option<String>,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    /// Status line and headers, in lower case.
    pub head: String,
    pub body: Vec<u8>,
}

impl Client {
    pub fn new(address: &str, key: Option<&str>) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream: BufReader::new(stream),
            host: address.to_owned(),
            key: key.map(str::to_owned),
        })
    }

    pub fn get(&mut self, path: &str) -> Result<Answer, Failure> {
        self.send(&format!("GET {path}"), "", b"")
    }

    pub fn post(&mut self, path: &str, body: &Value) -> Result<Answer, Failure> {
        let body = body.to_string();
        self.send(
            &format!("POST {path}"),
            "content-type: application/json\r\n",
            body.as_bytes(),
        )
    }

    /// Sends `line` ("GET /path") with headers, each ended by `\r\n`; host and
    /// key are added unless they are among them.
    pub fn send(&mut self, line: &str, headers: &str, body: &[u8]) -> Result<Answer, Failure> {
        let mut head = format!("{line} HTTP/1.1\r\n{headers}");
        let given = headers.to_lowercase();
        let has = |name: &str| given.lines().any(|line| line.starts_with(name));
        if !has("host:") {
            head += &format!("host: {}\r\n", self.host);
        }
        if let (Some(key), false) = (&self.key, has("authorization:")) {
            head += &format!("authorization: Bearer {key}\r\n");
        }
        if !has("content-length:") && !has("transfer-encoding:") {
            head += &format!("content-length: {}\r\n", body.len());
        }
        let mut request = format!("{head}\r\n").into_bytes();
        request.extend_from_slice(body);
        self.stream.get_mut().write_all(&request)?;
        self.receive()
    }

    fn receive(&mut self) -> Result<Answer, Failure> {
        let mut head = String::new();
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line)? == 0 {
                return Err(format!("the connection ended after: {head}").into());
            }
            if line == "\r\n" {
                break;
            }
            head += &line.to_lowercase();
        }
        let status = head.split(' ').nth(1).ok_or("no status")?.parse()?;
        let body = if let Some(length) = header(&head, "content-length") {
            let mut body = vec![0; length.parse()?];
            self.stream.read_exact(&mut body)?;
            body
        } else if header(&head, "transfer-encoding") == Some("chunked") {
            self.chunks()?
        } else {
            Vec::new()
        };
        Ok(Answer { status, head, body })
    }

    fn chunks(&mut self) -> Result<Vec<u8>, Failure> {
        let mut body = Vec::new();
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line)?;
            let length = usize::from_str_radix(line.trim_end(), 16)?;
            let start = body.len();
            body.resize(start + length, 0);
            self.stream.read_exact(&mut body[start..])?;
            self.stream.read_line(&mut String::new())?;
            if length == 0 {
                return Ok(body);
            }
        }
    }
}

impl Answer {
    /// The document of an answer with this status.
    pub fn json(self, status: u16) -> Result<Value, Failure> {
        let text = String::from_utf8_lossy(&self.body);
        if self.status != status {
            return Err(format!("not {status} but {}: {text}", self.status).into());
        }
        serde_json::from_str(&text).map_err(|error| format!("{error}: {text}").into())
    }

    /// Code and field of an error with this status, whose shape is checked.
    pub fn error(self, status: u16) -> Result<(String, String), Failure> {
        let id = self
            .header("x-request-id")
            .ok_or("no id of the request")?
            .to_owned();
        let document = self.json(status)?;
        let error = &document["error"];
        if error["message"].as_str().is_none_or(str::is_empty) || error["request_id"] != *id {
            return Err(format!("no message or another id: {document}").into());
        }
        let text = |field: &str| error[field].as_str().unwrap_or_default().to_owned();
        Ok((text("code"), text("field")))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.head, name)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    lines
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}
