//! Which answer a request gets, and what is noted of it. Asks the network only for what is neither a tracker's own
//! nor the folder's.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::StatusCode;
use hyper::body::Incoming;
use hyper::header::LOCATION;
use url::Url;

use super::asked::Asked;
use super::local::{self, Answer};
use super::place::Place;
use super::serve::{Cut, Way};
use super::{TrackerRule, collected, file};
use crate::acquire::fetch::Passed;
use crate::snapshot::Gap;

/// Times that libraries may move in a visit.
const MOST_MOVES: usize = 10;

/// How a text in UTF-8 may begin.
const MARK: &[u8] = b"\xef\xbb\xbf";

impl Way {
    /// Decides who answers.
    pub(super) async fn decide(&self, asked: &Asked, body: Incoming) -> Result<Answer, Cut> {
        if asked.is_upgrade() {
            return Ok(local::bare(StatusCode::BAD_GATEWAY));
        }
        if asked.is_browsers_own() {
            return Err(Cut);
        }
        let body = match Limited::new(body, self.rules.limits.request_bytes).collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) if error.is::<LengthLimitError>() => return Ok(local::bare(StatusCode::PAYLOAD_TOO_LARGE)),
            Err(_) => return Err(Cut),
        };
        if asked.is_document() && self.is_holding() {
            self.log.held(&asked.url);
            return Ok(local::bare(StatusCode::NO_CONTENT));
        }
        match self.rules.place(asked) {
            Place::Collector(tracker) => self.collect(tracker, asked, &body).await,
            Place::Library(tracker, rule) => self.library(tracker, rule, asked).await,
            Place::Closed => Ok(local::page(StatusCode::NOT_FOUND)),
            Place::Elsewhere => match self.moved(&asked.url) {
                Some((tracker, rule)) => self.library(tracker, rule, asked).await,
                None => self.elsewhere(asked, &body).await,
            },
        }
    }

    async fn collect(&self, tracker: &str, asked: &Asked, body: &[u8]) -> Result<Answer, Cut> {
        if !asked.is_preflight() {
            self.log.sent(tracker, collected::told(asked, body));
        }
        if self.rules.send {
            self.pass(asked, body).await.map(of_passed).map_err(|_| Cut)
        } else {
            Ok(local::heard(asked))
        }
    }

    async fn library(&self, tracker: &str, rule: &TrackerRule, asked: &Asked) -> Result<Answer, Cut> {
        let counts = asked.dest().is_none_or(|dest| dest == "script");
        let number = if counts { self.log.library(tracker, &asked.url, asked.referer()) } else { None };
        let note = |end| {
            if let Some(number) = number {
                self.log.library_answered(number, end);
            }
        };
        if let Some(script) = &rule.stand_in {
            note(Ok(200));
            return Ok(local::stand_in(script));
        }
        match self.pass(asked, &[]).await {
            Ok(mut passed) => {
                note(Ok(passed.status));
                self.moves(tracker, asked, &passed);
                if (200..300).contains(&passed.status) {
                    passed.body = before(&rule.before, &passed.body);
                }
                Ok(of_passed(passed))
            }
            Err(gap) => {
                note(Err(gap));
                Err(Cut)
            }
        }
    }

    /// The tracker whose library was said to have moved to an address.
    fn moved(&self, url: &Url) -> Option<(&str, &TrackerRule)> {
        let moved = self.moved.lock().ok()?;
        let (_, tracker) = moved.iter().find(|(to, _)| to == url)?;
        self.rules.trackers.get_key_value(tracker).map(|(name, rule)| (name.as_str(), rule))
    }

    /// Notes where a library moved: what the browser finds there is the library all the same.
    fn moves(&self, tracker: &str, asked: &Asked, passed: &Passed) {
        let to = passed.headers.get(LOCATION).filter(|_| (300..400).contains(&passed.status));
        let to = to.and_then(|to| to.to_str().ok()).and_then(|to| asked.url.join(to).ok());
        if let (Some(mut to), Ok(mut moved)) = (to, self.moved.lock()) {
            to.set_fragment(None);
            if moved.len() < MOST_MOVES {
                moved.push((to, tracker.to_owned()));
            }
        }
    }

    async fn elsewhere(&self, asked: &Asked, body: &[u8]) -> Result<Answer, Cut> {
        // An event stream has no end; this answer tells the page not to ask again.
        if asked.is_event_stream() || (self.rules.bare && asked.is_adornment()) {
            return Ok(local::bare(StatusCode::NO_CONTENT));
        }
        let (answer, end) = match self.answers.folder(&asked.url) {
            Some(folder) => match file::answer(folder, asked).await {
                Ok((answer, end)) => (Ok(answer), end),
                Err(gap) => (Err(Cut), Err(gap)),
            },
            None => match self.pass(asked, body).await {
                Ok(passed) => {
                    let end = if asked.is_document() { passed.gap().map_or(Ok(passed.status), Err) } else { Ok(200) };
                    (Ok(of_passed(passed)), end)
                }
                Err(gap) => (Err(Cut), Err(gap)),
            },
        };
        self.note(asked, answer.as_ref().ok().map(Answer::status), end);
        answer
    }

    /// Notes what came of a page or a script.
    fn note(&self, asked: &Asked, status: Option<StatusCode>, end: Result<u16, Gap>) {
        if asked.is_document() && !matches!(end, Ok(300..400)) {
            self.log.document(end);
        }
        if !asked.is_script() {
            return;
        }
        match (status, end) {
            (Some(status), _) if status.as_u16() >= 400 => self.log.failed_script(&asked.url, Ok(status.as_u16())),
            (None, Err(gap)) => self.log.failed_script(&asked.url, Err(gap)),
            _ => {}
        }
    }

    /// The network's answer.
    async fn pass(&self, asked: &Asked, body: &[u8]) -> Result<Passed, Gap> {
        let most = self.rules.limits.answer_bytes;
        if self.answered.load(Ordering::Relaxed) >= most {
            return Err(Gap::TooLarge);
        }
        if let Some(gap) = self.faults.recent(asked) {
            return Err(gap);
        }
        let passed = self.answers.visitor().pass(&asked.method, &asked.url, &asked.headers, body).await;
        let passed = passed.map_err(|fault| fault.gap).inspect_err(|gap| self.faults.keep(asked, *gap))?;
        let bytes = passed.body.len() as u64;
        if self.answered.fetch_add(bytes, Ordering::Relaxed) + bytes > most { Err(Gap::TooLarge) } else { Ok(passed) }
    }
}

/// What failed a moment ago: where a connection ends without an answer browsers ask once more by themselves.
#[derive(Debug, Default)]
pub(super) struct Faults(Mutex<HashMap<Url, (Instant, Gap)>>);

/// How long a fault holds.
const MOMENT: Duration = Duration::from_secs(2);
/// Faults that are kept.
const MOST_FAULTS: usize = 200;

impl Faults {
    fn recent(&self, asked: &Asked) -> Option<Gap> {
        let faults = self.0.lock().ok()?;
        let (at, gap) = faults.get(&asked.url).filter(|_| asked.only_asks())?;
        (at.elapsed() < MOMENT).then_some(*gap)
    }

    fn keep(&self, asked: &Asked, gap: Gap) {
        if let Ok(mut faults) = self.0.lock() {
            faults.retain(|_, (at, _)| at.elapsed() < MOMENT);
            if asked.only_asks() && faults.len() < MOST_FAULTS {
                faults.insert(asked.url.clone(), (Instant::now(), gap));
            }
        }
    }
}

/// Puts a script before another on the same line, so that every line keeps its number.
fn before(script: &str, library: &[u8]) -> Vec<u8> {
    let (mark, rest) = library.strip_prefix(MARK).map_or((&[][..], library), |rest| (MARK, rest));
    [mark, script.as_bytes(), rest].concat()
}

fn of_passed(passed: Passed) -> Answer {
    let mut answer = Answer::new(Full::from(Bytes::from(passed.body)));
    *answer.status_mut() = StatusCode::from_u16(passed.status).unwrap_or(StatusCode::BAD_GATEWAY);
    *answer.headers_mut() = passed.headers;
    answer
}
