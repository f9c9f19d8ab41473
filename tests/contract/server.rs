//! A server of a few lines on loopback: each path answers with bytes as they stand, slowly, or not at all.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What a path answers.
#[derive(Clone)]
pub(crate) enum Answer {
    /// These bytes, then the connection ends.
    Bytes(Vec<u8>),
    /// Nothing for so long.
    Silence(Duration),
    /// The connection ends at once.
    Hangup,
    /// One after the other, the last for ever.
    InTurn(Vec<Answer>),
}

/// A running server.
pub(crate) struct Server {
    /// `http://127.0.0.1:PORT`, without a final slash.
    pub(crate) address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

/// An answer with a status, headers and a body.
pub(crate) fn answer(status: u16, headers: &str, body: &str) -> Answer {
    let length = body.len();
    Answer::Bytes(
        format!("HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}")
            .into_bytes(),
    )
}

/// A page.
pub(crate) fn html(body: &str) -> Answer {
    answer(200, "Content-Type: text/html; charset=utf-8\r\n", body)
}

/// A redirect.
pub(crate) fn redirect(to: &str) -> Answer {
    answer(302, &format!("Location: {to}\r\n"), "")
}

impl Server {
    /// Serves paths until the test ends; `{}` in an answer becomes the server's own address.
    pub(crate) fn serve(paths: &[(&str, Answer)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let paths: HashMap<String, Answer> = paths.iter().map(|(p, a)| ((*p).to_owned(), a.clone())).collect();
        let (asked, own) = (Arc::new(Mutex::new(Vec::new())), address.clone());
        let log = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (paths, log, own) = (paths.clone(), Arc::clone(&log), own.clone());
                std::thread::spawn(move || talk(stream, &paths, &log, &own));
            }
        });
        Self { address, asked }
    }

    /// The request lines and headers it got.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn talk(mut stream: TcpStream, paths: &HashMap<String, Answer>, log: &Mutex<Vec<String>>, own: &str) {
    let mut head = String::new();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    while reader.read_line(&mut head).is_ok_and(|n| n > 2) {}
    let path = head.split(' ').nth(1).unwrap_or("/").to_owned();
    let before = {
        let mut log = log.lock().unwrap();
        let same = log.iter().filter(|h: &&String| h.split(' ').nth(1) == Some(&path)).count();
        log.push(head);
        same
    };
    let chosen = match paths.get(&path) {
        Some(Answer::InTurn(turns)) => turns.get(before).or(turns.last()).cloned(),
        other => other.cloned(),
    };
    match chosen {
        Some(Answer::Bytes(bytes)) => {
            let text = String::from_utf8_lossy(&bytes);
            let bytes =
                if text.contains("{}") && bytes.is_ascii() { text.replace("{}", own).into_bytes() } else { bytes };
            let _ = stream.write_all(&bytes);
        }
        Some(Answer::Silence(time)) => std::thread::sleep(time),
        Some(Answer::Hangup | Answer::InTurn(_)) => {}
        None => {
            let _ =
                stream.write_all(b"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 9\r\n\r\nnot found");
        }
    }
    let _ = stream.flush();
}
