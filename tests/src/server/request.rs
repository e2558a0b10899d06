//! An HTTP/1.1 request.

use std::io::{self, BufRead, Read, Write};
use std::net::TcpStream;

/// No body of a git client is longer, by far.
const BODY_LIMIT: usize = 64 << 20;
const LINE_LIMIT: u64 = 64 << 10;

/// A request with its whole body.
#[derive(Debug, Default)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: String,
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Request {
    /// Reads the next request; `None` if the client has closed the connection.
    pub(super) fn read(reader: &mut impl BufRead, stream: &TcpStream) -> io::Result<Option<Self>> {
        let first = line(reader)?;
        if first.is_empty() {
            return Ok(None);
        }
        let mut words = first.split(' ');
        let (Some(method), Some(target)) = (words.next(), words.next()) else {
            return Err(malformed("request line"));
        };
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut request = Request {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            ..Request::default()
        };
        loop {
            let line = line(reader)?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').ok_or_else(|| malformed("header"))?;
            let header = (name.to_ascii_lowercase(), value.trim().to_owned());
            request.headers.push(header);
        }
        if request.header("expect").is_some() {
            (&*stream).write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        request.body = request.read_body(reader)?;
        Ok(Some(request))
    }

    /// A header, by its name in lower case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }

    fn read_body(&self, reader: &mut impl BufRead) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        let chunked = self.header("transfer-encoding");
        if chunked.is_some_and(|encoding| encoding.eq_ignore_ascii_case("chunked")) {
            loop {
                let size = line(reader)?;
                let size = size.split(';').next().unwrap_or_default().trim();
                let size = usize::from_str_radix(size, 16).map_err(|_| malformed("chunk size"))?;
                exactly(reader, size, &mut body)?;
                let end = line(reader)?;
                if size == 0 {
                    // Trailers, if any, end with an empty line as well.
                    let mut trailer = end;
                    while !trailer.is_empty() {
                        trailer = line(reader)?;
                    }
                    return Ok(body);
                }
            }
        }
        if let Some(length) = self.header("content-length") {
            let length = length.parse().map_err(|_| malformed("content length"))?;
            exactly(reader, length, &mut body)?;
        }
        Ok(body)
    }
}

/// Reads a line without its end. Nothing more to read is an empty line.
fn line(reader: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    reader.take(LINE_LIMIT).read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn exactly(reader: &mut impl BufRead, length: usize, body: &mut Vec<u8>) -> io::Result<()> {
    if body.len() + length > BODY_LIMIT {
        return Err(malformed("body: it is too long"));
    }
    let start = body.len();
    body.resize(start + length, 0);
    reader.read_exact(&mut body[start..])
}

fn malformed(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("malformed {what}"))
}
