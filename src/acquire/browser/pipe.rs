//! The line to a running Chromium: commands and events of its DevTools protocol as JSON, each ended by a NUL, over
//! two pipes, so that no port is opened for it. Knows nothing of pages.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{ChildStdin, ChildStdout};
use tokio::sync::{mpsc, oneshot};

/// Longest message that is read, in bytes; a full-page picture stays below.
const LONGEST: usize = 64 << 20;
/// What our own world is called: scripts put there before the page's own meet those put there later.
pub const WORLD: &str = "rasoat";
/// Events that may wait for a session's reader before more are dropped.
const MOST_WAITING: usize = 20_000;

/// Why a command has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// The browser, or the page it was for, is gone.
    Gone,
    /// No answer in time.
    Late,
    /// The browser refused it, with its words.
    Refused(String),
}

/// Something the browser told without being asked.
#[derive(Debug, Clone)]
pub struct Event {
    /// As `Page.loadEventFired`.
    pub method: String,
    /// Its parameters.
    pub params: Value,
}

type Answer = Result<Value, Broken>;

#[derive(Debug, Default)]
struct Lines {
    answers: HashMap<u64, oneshot::Sender<Answer>>,
    /// By session; the browser's own under the empty name.
    events: HashMap<String, mpsc::Sender<Event>>,
    /// The browser is gone.
    ended: bool,
}

/// A running browser's line; cheap to clone.
#[derive(Debug, Clone)]
pub struct Pipe {
    lines: Arc<Mutex<Lines>>,
    out: mpsc::UnboundedSender<Vec<u8>>,
    next: Arc<AtomicU64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message {
    id: Option<u64>,
    #[serde(default)]
    method: String,
    #[serde(default)]
    params: Value,
    #[serde(default)]
    result: Value,
    error: Option<Refusal>,
    #[serde(default)]
    session_id: String,
}

#[derive(Deserialize)]
struct Refusal {
    #[serde(default)]
    message: String,
}

impl Pipe {
    /// Takes over the two ends; reading stops when the browser closes its own.
    pub fn open(mut to: ChildStdin, from: ChildStdout) -> Self {
        let (out, mut waiting) = mpsc::unbounded_channel::<Vec<u8>>();
        let lines: Arc<Mutex<Lines>> = Arc::default();
        tokio::spawn(async move {
            while let Some(message) = waiting.recv().await {
                if to.write_all(&message).await.is_err() {
                    break;
                }
            }
        });
        let reading = lines.clone();
        tokio::spawn(async move {
            let mut from = BufReader::with_capacity(1 << 16, from);
            while let Some(message) = next_message(&mut from).await {
                if let Ok(message) = serde_json::from_slice::<Message>(&message) {
                    deliver(&reading, message);
                }
            }
            if let Ok(mut lines) = reading.lock() {
                lines.ended = true;
                // Whoever waits learns that nothing will come.
                lines.answers.clear();
                lines.events.clear();
            }
        });
        Self { lines, out, next: Arc::default() }
    }

    /// Whether the browser is gone.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        self.lines.lock().map_or(true, |lines| lines.ended)
    }

    /// Sends a command to the browser itself.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn call(&self, method: &str, params: Value, within: Duration) -> Answer {
        self.send("", method, params, within).await
    }

    /// Sends a command to the browser itself whose answer nobody waits for.
    pub fn tell(&self, method: &str, params: &Value) {
        let id = self.next.fetch_add(1, Ordering::Relaxed) + 1;
        let mut bytes = json!({ "id": id, "method": method, "params": params }).to_string().into_bytes();
        bytes.push(0);
        // A browser that is gone needs to be told nothing.
        let _ = self.out.send(bytes);
    }

    async fn send(&self, session: &str, method: &str, params: Value, within: Duration) -> Answer {
        let id = self.next.fetch_add(1, Ordering::Relaxed) + 1;
        let mut message = json!({ "id": id, "method": method, "params": params });
        if !session.is_empty() {
            message["sessionId"] = session.into();
        }
        let (answer, answered) = oneshot::channel();
        match self.lines.lock() {
            Ok(mut lines) if !lines.ended => lines.answers.insert(id, answer),
            _ => return Err(Broken::Gone),
        };
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.out.send(bytes).map_err(|_| Broken::Gone)?;
        match tokio::time::timeout(within, answered).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(Broken::Gone),
            Err(_) => {
                if let Ok(mut lines) = self.lines.lock() {
                    lines.answers.remove(&id);
                }
                Err(Broken::Late)
            }
        }
    }

    /// A session of its own with one target (a page), and what the browser tells of it from now on.
    ///
    /// # Errors
    /// Why it could not be had.
    pub async fn attach(&self, target: &str, within: Duration) -> Result<(Session, mpsc::Receiver<Event>), Broken> {
        let params = json!({ "targetId": target, "flatten": true });
        let answer = self.call("Target.attachToTarget", params, within).await?;
        let id = answer["sessionId"].as_str().unwrap_or_default().to_owned();
        let events = self.events(&id)?;
        Ok((Session { pipe: self.clone(), id, within }, events))
    }

    /// A session the browser opened by itself, as it said in `Target.attachedToTarget`.
    #[must_use]
    pub fn session(&self, id: &str, within: Duration) -> Session {
        Session { pipe: self.clone(), id: id.to_owned(), within }
    }

    /// What the browser tells of a session from now on; of itself under the empty name.
    ///
    /// # Errors
    /// [`Broken::Gone`].
    pub fn events(&self, session: &str) -> Result<mpsc::Receiver<Event>, Broken> {
        let (to, events) = mpsc::channel(MOST_WAITING);
        match self.lines.lock() {
            Ok(mut lines) if !lines.ended => lines.events.insert(session.to_owned(), to),
            _ => return Err(Broken::Gone),
        };
        Ok(events)
    }

    /// Nobody listens to a session any more.
    pub fn forget(&self, session: &str) {
        if let Ok(mut lines) = self.lines.lock() {
            lines.events.remove(session);
        }
    }
}

async fn next_message(from: &mut BufReader<ChildStdout>) -> Option<Vec<u8>> {
    let mut message = Vec::new();
    loop {
        let room = from.fill_buf().await.ok().filter(|b| !b.is_empty())?;
        let end = memchr::memchr(0, room);
        message.extend_from_slice(&room[..end.unwrap_or(room.len())]);
        let used = end.map_or(room.len(), |n| n + 1);
        from.consume(used);
        if message.len() > LONGEST {
            return None;
        }
        if end.is_some() {
            return Some(message);
        }
    }
}

fn deliver(lines: &Mutex<Lines>, message: Message) {
    let Ok(mut lines) = lines.lock() else { return };
    match message.id {
        Some(id) => {
            if let Some(waiting) = lines.answers.remove(&id) {
                let answer = message.error.map_or(Ok(message.result), |e| Err(Broken::Refused(e.message)));
                // Whoever asked may have stopped waiting.
                let _ = waiting.send(answer);
            }
        }
        None => {
            if let Some(reader) = lines.events.get(&message.session_id) {
                // A page that floods its reader loses what it floods with.
                let _ = reader.try_send(Event { method: message.method, params: message.params });
            }
        }
    }
}

/// A session with one page; cheap to clone.
#[derive(Debug, Clone)]
pub struct Session {
    pipe: Pipe,
    id: String,
    /// How long an answer may take.
    within: Duration,
}

impl Session {
    /// The session's own name.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Sends a command.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn call(&self, method: &str, params: Value) -> Answer {
        self.pipe.send(&self.id, method, params, self.within).await
    }

    /// Sends a command that may take longer, or must not.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn call_within(&self, method: &str, params: Value, within: Duration) -> Answer {
        self.pipe.send(&self.id, method, params, within).await
    }

    /// Evaluates an expression in the page; a promise is awaited, the value handed back by JSON.
    ///
    /// # Errors
    /// Why there is no value; what it threw is [`Broken::Refused`].
    pub async fn evaluate(&self, expression: &str) -> Answer {
        self.evaluate_in(expression, None).await
    }

    /// The same in a world of its own (`Page.createIsolatedWorld`), which the page's scripts cannot touch.
    ///
    /// # Errors
    /// As [`Session::evaluate`].
    pub async fn evaluate_in(&self, expression: &str, context: Option<u64>) -> Answer {
        let mut params = json!({
            "expression": expression, "returnByValue": true, "awaitPromise": true, "silent": true,
        });
        if let Some(context) = context {
            params["contextId"] = context.into();
        }
        let mut answer = self.call("Runtime.evaluate", params).await?;
        if let Some(thrown) = answer.get("exceptionDetails") {
            let said = thrown["exception"]["description"].as_str().or(thrown["text"].as_str()).unwrap_or_default();
            return Err(Broken::Refused(said.chars().take(300).collect()));
        }
        Ok(answer["result"]["value"].take())
    }

    /// A world of the top frame that the page's scripts cannot touch: same document, own globals. Of one name there
    /// is one for each document.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn world(&self, name: &str) -> Result<u64, Broken> {
        let tree = self.call("Page.getFrameTree", json!({})).await?;
        let frame = tree["frameTree"]["frame"]["id"].clone();
        let world = self.call("Page.createIsolatedWorld", json!({ "frameId": frame, "worldName": name })).await?;
        world["executionContextId"].as_u64().ok_or(Broken::Gone)
    }

    /// A world of its own that nobody else uses.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn own_world(&self) -> Result<u64, Broken> {
        self.world(WORLD).await
    }
}

#[cfg(test)]
mod tests {
    use std::process::Stdio;

    use super::*;

    /// A line to something that says what a shell command writes.
    fn saying(command: &str) -> (Pipe, tokio::process::Child) {
        let mut shell = tokio::process::Command::new("sh");
        shell.args(["-c", command]).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = shell.spawn().unwrap();
        let (to, from) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        (Pipe::open(to, from), child)
    }

    async fn ends(pipe: &Pipe) -> bool {
        for _ in 0..600 {
            if pipe.is_ended() {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        false
    }

    #[tokio::test]
    async fn a_message_without_end_ends_the_line() {
        // It goes on for ever: only the limit ends it.
        let (pipe, _child) = saying("yes aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
        assert!(ends(&pipe).await, "more than {LONGEST} bytes were read of one message");
    }

    #[tokio::test]
    async fn a_flood_of_events_is_dropped_and_an_answer_still_comes() {
        let flood = r#"read x; i=0; while [ $i -lt 21000 ]; do printf '{"method":"m"}\0'; i=$((i+1)); done; printf '{"id":1,"result":7}\0'; sleep 60"#;
        let (pipe, _child) = saying(flood);
        let mut events = pipe.events("").unwrap();
        // The command ends the line that the shell waits for.
        pipe.out.send(b"\n".to_vec()).unwrap();
        let answer = pipe.call("x", json!({}), Duration::from_secs(60)).await;
        assert_eq!(answer, Ok(json!(7)));
        let mut kept = 0;
        while events.try_recv().is_ok() {
            kept += 1;
        }
        assert_eq!(kept, MOST_WAITING);
    }
}
