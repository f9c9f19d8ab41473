//! What a page asked for in a visit, as the visit may look at it at any time. Holds a bounded part of what a page may
//! send; counts nothing towards anybody's figures.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use tokio::sync::Notify;
use url::Url;

use crate::snapshot::{Gap, Sent};

/// Requests to one tracker's collector that are kept.
const MOST_SENT: usize = 20;
/// Requests for one tracker's library that are kept.
const MOST_LIBRARIES: usize = 20;
/// Failed scripts and held navigations that are kept, of each.
const MOST_NOTED: usize = 100;

/// A request for a tracker's library.
#[derive(Debug, Clone)]
pub struct LibraryAsk {
    /// The tracker.
    pub tracker: String,
    /// As the page asked for it; http and https are told apart here.
    pub url: Url,
    /// Who asked, as its `Referer` says.
    pub referer: Option<String>,
    /// When.
    pub at: Instant,
    /// What came of it; `None` as long as nothing did.
    pub answer: Option<Result<u16, Gap>>,
}

/// A request to a tracker's collector.
#[derive(Debug, Clone)]
pub struct SentAsk {
    /// The tracker.
    pub tracker: String,
    /// When; [`Sent::at_ms`] is still 0.
    pub at: Instant,
    /// What it said.
    pub sent: Sent,
}

/// What was asked for in a visit up to now.
#[derive(Debug, Clone, Default)]
pub struct Traffic {
    /// Requests that are being answered.
    pub pending: usize,
    /// When the last one began or ended.
    pub last: Option<Instant>,
    /// Requests in all.
    pub requests: usize,
    /// The answer to the first top-level document that was no redirect: its status, or why there is none.
    pub document: Option<Result<u16, Gap>>,
    /// Requests for libraries, at most 20 of each.
    pub libraries: Vec<LibraryAsk>,
    /// Requests to collectors, at most 20 to each.
    pub sent: Vec<SentAsk>,
    /// Scripts that answered with an error status or not at all, each once, at most 100.
    pub failed_scripts: Vec<(String, Result<u16, Gap>)>,
    /// Top-level navigations that were held, at most 100.
    pub held: Vec<Url>,
}

/// What those who answer write into.
#[derive(Debug, Default)]
pub(super) struct Log {
    traffic: Mutex<Traffic>,
    changed: Notify,
}

/// A request that is being answered; its end is noted when it is dropped.
#[derive(Debug)]
pub(super) struct Pending(Arc<Log>);

impl Drop for Pending {
    fn drop(&mut self) {
        self.0.note(|traffic| {
            traffic.pending -= 1;
            traffic.last = Some(Instant::now());
        });
    }
}

impl Log {
    pub(super) fn read(&self) -> Traffic {
        self.traffic.lock().map(|traffic| traffic.clone()).unwrap_or_default()
    }

    pub(super) async fn changed(&self) {
        self.changed.notified().await;
    }

    fn note<T>(&self, note: impl FnOnce(&mut Traffic) -> T) -> Option<T> {
        let noted = self.traffic.lock().ok().map(|mut traffic| note(&mut traffic));
        self.changed.notify_one();
        noted
    }

    /// Begins a request; nothing when it is more than `most`.
    pub(super) fn begin(self: &Arc<Self>, most: usize) -> Option<Pending> {
        let begun = self.note(|traffic| {
            traffic.last = Some(Instant::now());
            let room = traffic.requests < most;
            traffic.requests += usize::from(room);
            traffic.pending += usize::from(room);
            room
        });
        begun?.then(|| Pending(self.clone()))
    }

    pub(super) fn document(&self, end: Result<u16, Gap>) {
        self.note(|traffic| _ = traffic.document.get_or_insert(end));
    }

    /// Notes a request for a library; its answer is noted under the number handed back.
    pub(super) fn library(&self, tracker: &str, url: &Url, referer: Option<String>) -> Option<usize> {
        let ask =
            LibraryAsk { tracker: tracker.to_owned(), url: url.clone(), referer, at: Instant::now(), answer: None };
        self.note(|traffic| {
            let asks = &mut traffic.libraries;
            (asks.iter().filter(|a| a.tracker == tracker).count() < MOST_LIBRARIES).then(|| {
                asks.push(ask);
                asks.len() - 1
            })
        })?
    }

    pub(super) fn library_answered(&self, number: usize, end: Result<u16, Gap>) {
        self.note(|traffic| {
            if let Some(ask) = traffic.libraries.get_mut(number) {
                ask.answer = Some(end);
            }
        });
    }

    pub(super) fn sent(&self, tracker: &str, sent: Sent) {
        let ask = SentAsk { tracker: tracker.to_owned(), at: Instant::now(), sent };
        self.note(|traffic| {
            if traffic.sent.iter().filter(|s| s.tracker == tracker).count() < MOST_SENT {
                traffic.sent.push(ask);
            }
        });
    }

    pub(super) fn failed_script(&self, url: &Url, end: Result<u16, Gap>) {
        self.note(|traffic| {
            let scripts = &mut traffic.failed_scripts;
            if scripts.len() < MOST_NOTED && !scripts.iter().any(|(known, _)| known == url.as_str()) {
                scripts.push((url.to_string(), end));
            }
        });
    }

    pub(super) fn held(&self, url: &Url) {
        self.note(|traffic| {
            if traffic.held.len() < MOST_NOTED {
                traffic.held.push(url.clone());
            }
        });
    }
}
