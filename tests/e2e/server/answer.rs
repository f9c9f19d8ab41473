//! What a host does when it is asked: bytes as they stand, slowly, for ever, or broken off. Well-formed answers
//! keep the connection; everything else ends it.

use std::time::Duration;

/// One thing a server does with a connection.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// These bytes.
    Send(Vec<u8>),
    /// These bytes again and again until the client leaves.
    Endless(Vec<u8>),
    /// One byte at a time, so far apart.
    Drip(Vec<u8>, Duration),
    /// Nothing for so long, unless the client leaves.
    Wait(Duration),
    /// The connection ends with a reset.
    Reset,
    /// The connection ends without TLS saying so.
    Cut,
}

/// What a host does for one request.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(super) acts: Vec<Act>,
    pub(super) keep: bool,
}

/// What a host does with a TLS connection before anything is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Handshake {
    /// As it should be.
    Normal,
    /// Nothing comes back.
    Hang,
    /// The connection ends.
    Close,
    /// The connection ends with a reset.
    Reset,
    /// These bytes come back, whatever they are.
    Bytes(Vec<u8>),
}

/// What goes wrong once.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// Before anything is asked.
    Handshake(Handshake),
    /// Instead of an answer.
    Answer(Answer),
}

/// Longer than any limit that a test sets.
pub(crate) const FOREVER: Duration = Duration::from_secs(120);

impl Answer {
    /// Acts one after the other; then the connection ends.
    pub(crate) fn acts(acts: Vec<Act>) -> Self {
        Self { acts, keep: false }
    }

    /// Bytes as they stand; then the connection ends.
    pub(crate) fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self::acts(vec![Act::Send(bytes.into())])
    }

    /// A well-formed answer. Headers are whole lines, each with its line break.
    pub(crate) fn new(status: u16, headers: &str, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let length =
            if matches!(status, 204 | 304) { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
        let head = format!("HTTP/1.1 {status} Status\r\n{length}{headers}\r\n");
        Self { acts: vec![Act::Send([head.into_bytes(), body].concat())], keep: true }
    }

    /// A page.
    pub(crate) fn html(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, "Content-Type: text/html; charset=utf-8\r\n", body)
    }

    /// A file of a type.
    pub(crate) fn file(kind: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, &format!("Content-Type: {kind}\r\n"), body)
    }

    /// A redirect.
    pub(crate) fn redirect(to: &str) -> Self {
        Self::new(302, &format!("Location: {to}\r\n"), "")
    }

    /// The same after a while.
    pub(crate) fn after(mut self, wait: Duration) -> Self {
        self.acts.insert(0, Act::Wait(wait));
        self
    }

    /// The same, and the connection ends a while after it.
    pub(crate) fn then_close(mut self, wait: Duration) -> Self {
        self.acts.push(Act::Wait(wait));
        self.keep = false;
        self
    }

    /// Bytes, then something else.
    pub(crate) fn then(bytes: impl Into<Vec<u8>>, act: Act) -> Self {
        // What was sent would be lost in a reset that comes too soon.
        Self::acts(vec![Act::Send(bytes.into()), Act::Wait(Duration::from_millis(40)), act])
    }

    /// A head that promises a page of some length, and only a part of it.
    pub(crate) fn cut_short(part: &str, promised: usize, act: Act) -> Self {
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {promised}\r\n\r\n");
        Self::then(format!("{head}{part}"), act)
    }
}

/// `bytes` as one chunk of a chunked body.
pub(crate) fn chunk(bytes: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}

/// The head of a chunked page.
pub(crate) const CHUNKED: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n";
