//! The only way out of a page: a proxy inside this process that a visit's browser context sends every request to,
//! TLS ended here with a key that only that browser trusts. Answers from a folder, from the stand-in, or over the
//! guarded client; notes what was asked for. Never judges.

mod answer;
mod asked;
mod collected;
mod file;
mod identity;
mod local;
mod peer;
mod place;
mod serve;
#[cfg(test)]
mod tests;
mod traffic;

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::sync::watch;
use url::Url;

use crate::acquire::fetch::Visitor;
use crate::acquire::folder::Folder;

pub use identity::Identity;
pub use traffic::{LibraryAsk, SentAsk, Traffic};

use serve::Way;

/// Who answers a page's requests.
#[derive(Debug, Clone)]
pub enum Answers {
    /// The network.
    Web(Arc<Visitor>),
    /// A folder for its own address; the network for everything else.
    Folder(Arc<Folder>, Arc<Visitor>),
}

impl Answers {
    fn visitor(&self) -> &Arc<Visitor> {
        match self {
            Self::Web(visitor) | Self::Folder(_, visitor) => visitor,
        }
    }

    /// The folder, for its own addresses.
    fn folder(&self, url: &Url) -> Option<&Arc<Folder>> {
        match self {
            Self::Folder(folder, _) if folder.owns(url) => Some(folder),
            _ => None,
        }
    }
}

/// What is done with requests of one tracker.
#[derive(Debug, Clone)]
pub struct TrackerRule {
    /// The library's address.
    pub library: Url,
    /// The collector's address.
    pub collector: Url,
    /// Answered in the library's place; `None` when the library itself is asked for.
    pub stand_in: Option<String>,
    /// Put before the library that its server sends, on the same line.
    pub before: String,
}

/// What is done with requests.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// Trackers by name.
    pub trackers: BTreeMap<String, TrackerRule>,
    /// Requests to collectors are let through; they are noted all the same.
    pub send: bool,
    /// Fonts, sound, films and subtitles are not asked for. Pictures are: without them a page has another layout.
    pub bare: bool,
    /// HTTP/2 is spoken where the browser can.
    pub http2: bool,
    /// How much a page may ask for.
    pub limits: Limits,
}

/// How much a page may ask for in one visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Requests; what lies beyond has no answer.
    pub requests: usize,
    /// Bytes of one request's body; a larger one is refused with 413.
    pub request_bytes: usize,
    /// Bytes that the network may answer in all; what lies beyond has no answer.
    pub answer_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { requests: 2_000, request_bytes: 1 << 20, answer_bytes: 64 << 20 }
    }
}

/// The way out of one visit; closed when it is dropped, with everything that is under way.
#[derive(Debug)]
pub struct Intercept {
    /// Where the browser context finds it.
    pub address: SocketAddr,
    way: Arc<Way>,
    /// Dropped with it: whoever serves sees that and ends.
    _open: watch::Sender<()>,
}

impl Intercept {
    /// Opens a way out on loopback. To be called inside the runtime that is to serve it.
    ///
    /// # Errors
    /// When no port can be had.
    pub fn begin(identity: &Arc<Identity>, answers: Answers, rules: Rules) -> std::io::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let (open, closed) = watch::channel(());
        let way = Arc::new(Way::new(identity.clone(), answers, rules, closed));
        way.spawn(serve::listen(way.clone(), listener));
        Ok(Self { address, way, _open: open })
    }

    /// What was asked for up to now.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        self.way.log.read()
    }

    /// Waits for the next change of [`Intercept::traffic`]; one that nobody waited for counts too. For one waiter.
    pub async fn changed(&self) {
        self.way.log.changed().await;
    }

    /// While it is on, a page that would go elsewhere stays: the address is noted in [`Traffic::held`].
    pub fn hold_navigations(&self, on: bool) {
        self.way.hold(on);
    }
}
