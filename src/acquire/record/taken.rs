//! What a recording holds of one site: every request and what came of it, or every file that was read, and how long
//! judging took. Bodies lie apart, under their hashes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};
use url::Url;

use super::{Blob, Recording};
use crate::acquire::fetch::{Exchange, Key};
use crate::site::shown;
use crate::snapshot::{Gap, Tls, UnreadPage};

/// What a recording holds of one site.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Taken {
    /// Milliseconds by finding: `policy/rule`.
    pub durations: BTreeMap<String, u64>,
    /// What was seen.
    pub facts: Facts,
}

/// What was seen of a site.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Facts {
    /// Over HTTP.
    Web(Web),
    /// In a folder.
    Folder(FolderFacts),
}

impl Facts {
    /// What lies apart, each with the address or file it is of.
    pub fn blobs(&self) -> Box<dyn Iterator<Item = (&str, &Blob)> + '_> {
        match self {
            Self::Web(web) => {
                Box::new(web.exchanges.iter().filter_map(|k| Some((k.key.url.as_str(), k.body.as_ref()?))))
            }
            Self::Folder(folder) => {
                Box::new(folder.reads.iter().filter_map(|(name, read)| Some((name.as_str(), read.as_ref().ok()?))))
            }
        }
    }
}

/// What was seen over HTTP.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Web {
    /// Every request of the visit.
    pub exchanges: Vec<Kept>,
    /// What servers showed of their TLS, each once.
    pub tls: Vec<Arc<Tls>>,
    /// Redirects off the site that led to private places.
    pub private: Vec<String>,
    /// Files that were not asked for because of the visit's limits, and what was said of them.
    pub left_out: BTreeMap<Url, Gap>,
    /// Redirects followed.
    pub max_redirects: usize,
}

/// One request and what came of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Kept {
    /// Which request.
    pub key: Key,
    /// What came of it, body and TLS left out.
    pub exchange: Exchange,
    /// Its TLS, as a place in [`Web::tls`].
    pub tls: Option<usize>,
    /// Its body.
    pub body: Option<Blob>,
}

/// What was read of a folder.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FolderFacts {
    /// The one file's name when the source is a file, or why there was nothing to open.
    pub opened: Result<Option<String>, Gap>,
    /// Files that were read, by path in the folder.
    pub reads: BTreeMap<String, Result<Blob, Gap>>,
    /// The folder's pages.
    pub walk: Option<Walk>,
    /// Where addresses of pages led.
    pub leads: BTreeMap<String, Option<String>>,
}

impl Default for FolderFacts {
    fn default() -> Self {
        Self { opened: Err(Gap::NoData), reads: BTreeMap::new(), walk: None, leads: BTreeMap::new() }
    }
}

/// A folder's pages as they were found.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Walk {
    /// HTML files, in name order.
    pub files: Vec<String>,
    /// What could not be looked into.
    pub unreadable: Vec<UnreadPage>,
}

/// A visit that is being recorded: bodies are written as they come, the rest waits for the visit's end.
#[derive(Debug, Default)]
pub struct Watch(Mutex<Watched>);

#[derive(Debug, Default)]
struct Watched {
    exchanges: BTreeMap<Key, (Exchange, Option<Blob>)>,
    private: Vec<String>,
    left_out: BTreeMap<Url, Gap>,
}

impl Watch {
    /// Keeps one exchange; its body is written before this returns.
    pub async fn keep(&self, recording: &Arc<Recording>, key: &Key, exchange: &Arc<Exchange>) {
        let (to, seen) = (recording.clone(), exchange.clone());
        // Packing and writing take a core and a disk, not the network's threads.
        let kept = tokio::task::spawn_blocking(move || match &seen.answer {
            Ok(response) if !response.body.is_empty() => to.keep(&response.body).map(Some).ok_or(()),
            _ => Ok(None),
        });
        let Ok(Ok(body)) = kept.await else { return };
        if let Ok(mut watched) = self.0.lock() {
            watched.exchanges.insert(key.clone(), (without_body(exchange), body));
        }
    }

    /// A redirect off the site led to a private place.
    pub fn private(&self, url: &Url) {
        if let Ok(mut watched) = self.0.lock() {
            watched.private.push(shown(url));
        }
    }

    /// A file was not asked for.
    pub fn left_out(&self, url: &Url, gap: Gap) {
        if let Ok(mut watched) = self.0.lock() {
            watched.left_out.insert(url.clone(), gap);
        }
    }

    /// The visit begins anew.
    pub fn next_round(&self) {
        if let Ok(mut watched) = self.0.lock() {
            watched.left_out.clear();
        }
    }

    /// All that was kept.
    #[must_use]
    pub fn taken(&self, max_redirects: usize) -> Web {
        let Ok(mut watched) = self.0.lock() else { return Web::default() };
        let watched = std::mem::take(&mut *watched);
        let mut tls: Vec<Arc<Tls>> = Vec::new();
        let mut place = |shown: &Arc<Tls>| {
            tls.iter().position(|t| t == shown).unwrap_or_else(|| {
                tls.push(shown.clone());
                tls.len() - 1
            })
        };
        let exchanges = watched.exchanges.into_iter().map(|(key, (mut exchange, body))| {
            let tls = exchange.tls.take().map(|shown| place(&shown));
            Kept { key, exchange, tls, body }
        });
        let exchanges = exchanges.collect();
        let mut private = watched.private;
        private.sort();
        private.dedup();
        Web { exchanges, tls, private, left_out: watched.left_out, max_redirects }
    }
}

fn without_body(exchange: &Exchange) -> Exchange {
    let mut exchange = exchange.clone();
    if let Ok(response) = &mut exchange.answer {
        response.body = Arc::default();
    }
    exchange
}

/// A site that is judged from its recording: what was seen then, and nothing else.
#[derive(Debug)]
pub struct Recalled {
    recording: Arc<Recording>,
    web: Web,
    places: BTreeMap<Key, usize>,
}

impl Recalled {
    /// What a recording holds of a visit; nothing when it holds none.
    #[must_use]
    pub fn new(recording: &Arc<Recording>, facts: Option<Facts>) -> Self {
        let web = match facts {
            Some(Facts::Web(web)) => web,
            _ => Web::default(),
        };
        let places = web.exchanges.iter().enumerate().map(|(k, kept)| (kept.key.clone(), k)).collect();
        Self { recording: recording.clone(), web, places }
    }

    /// Redirects followed.
    #[must_use]
    pub fn max_redirects(&self) -> usize {
        self.web.max_redirects
    }

    /// Whether a redirect off the site led to a private place.
    #[must_use]
    pub fn is_private(&self, url: &Url) -> bool {
        self.web.private.contains(&shown(url))
    }

    /// What was said of a file that was not asked for.
    #[must_use]
    pub fn left_out(&self, url: &Url) -> Option<Gap> {
        self.web.left_out.get(url).copied()
    }

    /// What came of a request.
    #[must_use]
    pub fn exchange(&self, key: &Key) -> Exchange {
        let recalled = self.places.get(key).and_then(|k| self.web.exchanges.get(*k));
        recalled.and_then(|kept| self.whole(kept)).unwrap_or_else(|| Exchange {
            url: key.url.clone(),
            answer: Err(Gap::NoData.into()),
            attempts: 0,
            address: None,
            timings: crate::snapshot::Timings::default(),
            tls: None,
        })
    }

    fn whole(&self, kept: &Kept) -> Option<Exchange> {
        let mut exchange = kept.exchange.clone();
        exchange.tls = kept.tls.and_then(|k| self.web.tls.get(k).cloned());
        if let (Ok(response), Some(body)) = (&mut exchange.answer, &kept.body) {
            response.body = self.recording.read(body)?.into();
        }
        Some(exchange)
    }
}
