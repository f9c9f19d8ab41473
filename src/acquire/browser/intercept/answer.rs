//! Which answer a request gets, and what is noted of it. Asks the network only for what is neither a tracker's own
//! nor the folder's.

use std::sync::atomic::Ordering;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::StatusCode;
use hyper::body::Incoming;

use super::asked::Asked;
use super::local::{self, Answer};
use super::place::Place;
use super::serve::{Cut, Way};
use super::{TrackerRule, collected, file};
use crate::acquire::fetch::Passed;
use crate::snapshot::Gap;

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
            Place::Elsewhere => self.elsewhere(asked, &body).await,
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

    async fn pass(&self, asked: &Asked, body: &[u8]) -> Result<Passed, Gap> {
        let most = self.rules.limits.answer_bytes;
        if self.answered.load(Ordering::Relaxed) >= most {
            return Err(Gap::TooLarge);
        }
        let passed = self.answers.visitor().pass(&asked.method, &asked.url, &asked.headers, body).await;
        let passed = passed.map_err(|fault| fault.gap)?;
        let bytes = passed.body.len() as u64;
        if self.answered.fetch_add(bytes, Ordering::Relaxed) + bytes > most { Err(Gap::TooLarge) } else { Ok(passed) }
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
