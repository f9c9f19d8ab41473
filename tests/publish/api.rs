//! A GitHub of one repository on loopback: keeps what is published, refuses what GitHub refuses, and does wrong
//! what a test asks for.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use serde_json::{Value, json};

/// The token that must never be seen anywhere.
pub(crate) const TOKEN: &str = "ghs_CANARY0123456789abcdefCANARY";
/// What the program reads of an answer at most, as its documentation says.
pub(crate) const LARGEST_ANSWER: usize = 64 << 20;
/// Where the API begins, as on GitHub Enterprise Server.
const BASE: &str = "/api/v3";

/// What goes wrong.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// An answer: status, header lines, body.
    Answer(u16, String, String),
    /// These bytes and no more.
    Raw(&'static [u8]),
    /// Nothing ever.
    Hang,
    /// An answer without end.
    Endless,
    /// What was asked is done, and nobody hears of it.
    Lost,
}

/// Goes wrong so many times for requests of a method whose path holds a text.
#[derive(Debug, Clone)]
struct Planned {
    method: &'static str,
    path: &'static str,
    times: usize,
    fault: Fault,
}

/// What the repository holds, and what was asked of it.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) requests: Vec<String>,
    pub(crate) check_runs: Vec<Value>,
    pub(crate) annotations: Vec<Vec<Value>>,
    pub(crate) comments: Vec<Value>,
    pub(crate) uploads: Vec<Value>,
    /// Bytes of an endless answer that were taken.
    pub(crate) sent: usize,
    /// Who the token speaks for; `None` for the token of an app.
    pub(crate) login: Option<&'static str>,
    planned: Vec<Planned>,
}

/// The API while a test runs.
pub(crate) struct Api {
    address: String,
    state: Arc<Mutex<State>>,
}

impl Api {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let state = Arc::<Mutex<State>>::default();
        let shared = state.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let state = shared.clone();
                std::thread::spawn(move || serve(stream, &state));
            }
        });
        Self { address, state }
    }

    /// Its address, for `GITHUB_API_URL`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}{BASE}", self.address)
    }

    pub(crate) fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(crate) fn fails(self, method: &'static str, path: &'static str, times: usize, fault: Fault) -> Self {
        self.state().planned.push(Planned { method, path, times, fault });
        self
    }

    /// How often it was asked so.
    pub(crate) fn asked(&self, method: &str, path: &str) -> usize {
        self.state().requests.iter().filter(|r| r.starts_with(method) && r.contains(path)).count()
    }
}

fn serve(stream: TcpStream, state: &Mutex<State>) {
    let mut reader = BufReader::new(&stream);
    let mut line = String::new();
    if reader.read_line(&mut line).unwrap_or(0) == 0 {
        return;
    }
    let (mut length, mut token) = (0, String::new());
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        let Some((name, value)) = header.trim_end().split_once(':') else { break };
        match name.to_lowercase().as_str() {
            "content-length" => length = value.trim().parse().unwrap(),
            "authorization" => value.trim().clone_into(&mut token),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let (method, path) = line.rsplit_once(' ').unwrap().0.split_once(' ').unwrap();
    let fault = {
        let mut state = state.lock().unwrap();
        state.requests.push(format!("{method} {path}"));
        let planned = state.planned.iter_mut().find(|p| p.times > 0 && p.method == method && path.contains(p.path));
        planned.map(|planned| {
            planned.times -= 1;
            planned.fault.clone()
        })
    };
    let (status, headers, text) = match fault {
        Some(Fault::Hang) => return std::thread::sleep(Duration::from_secs(60)),
        Some(Fault::Endless) => {
            let mut sent = 0;
            let _ = (&stream).write_all(b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n\r\n\"");
            while sent < 4 * LARGEST_ANSWER && (&stream).write_all(&[b'a'; 1 << 16]).is_ok() {
                sent += 1 << 16;
            }
            state.lock().unwrap().sent = sent;
            return;
        }
        Some(Fault::Raw(bytes)) => {
            let _ = (&stream).write_all(bytes);
            return;
        }
        Some(Fault::Lost) => {
            let asked = serde_json::from_slice(&body).unwrap_or_default();
            answer(&mut state.lock().unwrap(), method, path, &asked);
            return;
        }
        Some(Fault::Answer(status, headers, body)) => (status, headers, body),
        None if token != format!("Bearer {TOKEN}") => (401, String::new(), json!({"message": token}).to_string()),
        None => {
            let asked = serde_json::from_slice(&body).unwrap_or_default();
            let (status, answer) = answer(&mut state.lock().unwrap(), method, path, &asked);
            (status, String::new(), answer.to_string())
        }
    };
    let _ = write!(
        &stream,
        "HTTP/1.1 {status} Status\r\nContent-Type: application/json\r\nContent-Length: {}\r\n{headers}Connection: close\r\n\r\n{text}",
        text.len()
    );
}

fn refused(why: &str) -> (u16, Value) {
    (422, json!({"message": "Validation Failed", "errors": [{"message": why}]}))
}

fn answer(state: &mut State, method: &str, path: &str, asked: &Value) -> (u16, Value) {
    let Some(rest) = path.strip_prefix(BASE) else { return (404, json!({"message": "Not Found"})) };
    if (method, rest) == ("GET", "/user") {
        return match state.login {
            Some(login) => (200, json!({"login": login})),
            None => (403, json!({"message": "Resource not accessible by integration"})),
        };
    }
    let Some(rest) = rest.strip_prefix("/repos/xa-a/cong") else { return (404, json!({"message": "Not Found"})) };
    if let Some(output) = asked.get("output") {
        let annotations = output["annotations"].as_array().cloned().unwrap_or_default();
        let long = |name: &str| output[name].as_str().unwrap_or_default().len() > 65_535;
        if annotations.len() > 50 || long("summary") || output["title"].is_null() || output["summary"].is_null() {
            return refused("output");
        }
        if annotations.iter().any(|a| a["start_line"] != a["end_line"] && !a["start_column"].is_null()) {
            return refused("columns");
        }
        if method == "POST" && asked["head_sha"].as_str().is_none_or(|sha| sha.len() != 40) {
            return refused("No commit found for SHA");
        }
        state.annotations.push(annotations);
        if method == "POST" {
            state.check_runs.push(asked.clone());
        }
        return (201, json!({"id": 7, "html_url": "https://github.example/xa-a/cong/runs/7"}));
    }
    if let Some(body) = asked.get("body") {
        let html_url = "https://github.example/xa-a/cong/pull/5#issuecomment";
        if body.as_str().is_none_or(|b| b.chars().count() > 65_536) {
            return refused("body is too long");
        }
        if method == "PATCH" {
            let found = state.comments.iter_mut().find(|c| rest == format!("/issues/comments/{}", c["id"]));
            return match found {
                Some(comment) => {
                    comment["body"] = body.clone();
                    (200, json!({"id": comment["id"], "html_url": html_url}))
                }
                None => (404, json!({"message": "Not Found"})),
            };
        }
        let id = 1000 + state.comments.len();
        let author = state.login.map_or(
            json!({"login": "github-actions[bot]", "type": "Bot"}),
            |login| json!({"login": login, "type": "User"}),
        );
        state.comments.push(json!({"id": id, "user": author, "body": body}));
        return (201, json!({"id": id, "html_url": html_url}));
    }
    if method == "GET" && rest.starts_with("/issues/5/comments?") {
        let number = |name: &str| rest.split(['?', '&']).find_map(|p| p.strip_prefix(name)).unwrap().parse().unwrap();
        let (size, page): (usize, usize) = (number("per_page="), number("page="));
        assert!(size <= 100);
        let shown: Vec<Value> = state.comments.iter().skip((page - 1) * size).take(size).cloned().collect();
        return (200, Value::from(shown));
    }
    if (method, rest) == ("POST", "/code-scanning/sarifs") {
        let packed = base64::engine::general_purpose::STANDARD.decode(asked["sarif"].as_str().unwrap()).unwrap();
        let mut sarif = String::new();
        flate2::read::GzDecoder::new(&*packed).read_to_string(&mut sarif).unwrap();
        let mut upload = asked.clone();
        upload["sarif"] = serde_json::from_str(&sarif).unwrap();
        state.uploads.push(upload);
        return (202, json!({"id": "47177e22", "url": "https://api.github.example/47177e22"}));
    }
    (404, json!({"message": "Not Found"}))
}
