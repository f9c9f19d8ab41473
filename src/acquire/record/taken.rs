//! What a recording holds of one site: every request and what came of it, or every file that was read, and how long
//! judging took. Bodies lie apart, under their hashes.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, LazyLock, Mutex, Weak};

use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use url::Url;

use super::{Blob, Recording};
use crate::acquire::fetch::{Exchange, Key, Manner};
use crate::site::shown;
use crate::snapshot::{BrowserFacts, Gap, Timings, Tls, UnreadPage};

/// What a recording holds of one site.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Taken {
    /// Milliseconds by finding: `policy/rule`.
    pub durations: BTreeMap<String, u64>,
    /// What was seen.
    pub facts: Facts,
    /// What a browser saw, when it was shown to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub browser: Option<Box<BrowserFacts>>,
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
    /// How the visit was made.
    pub manner: Manner,
    /// Every request of the visit; what came of one may differ from round to round.
    pub exchanges: Vec<Kept>,
    /// What servers showed of their TLS, each once.
    pub tls: Vec<Arc<Tls>>,
    /// Redirects off the site that led to private places.
    pub private: BTreeSet<String>,
    /// Files that a limit of the visit met.
    pub left_out: Vec<LeftOut>,
}

/// One request and what came of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Kept {
    /// Which request.
    pub key: Key,
    /// In which round of the visit, from 0.
    pub round: u32,
    /// What came of it, body and TLS left out.
    pub exchange: Exchange,
    /// Its TLS, as a place in [`Web::tls`].
    pub tls: Option<usize>,
    /// Its body.
    pub body: Option<Blob>,
}

/// Whether a body was left unread because nobody can read it as a page.
fn is_cut(exchange: &Exchange) -> bool {
    exchange.answer.as_ref().is_ok_and(|response| response.cut)
}

/// A file that a limit of its visit met.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LeftOut {
    /// In which round of the visit, from 0.
    pub round: u32,
    /// The file.
    pub url: Url,
    /// What was said of it.
    pub gap: Gap,
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

/// Bodies packed at a time, so that memory follows the cores and not the number of visits.
static PACKERS: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(2, std::num::NonZero::get) + 1));

/// A visit that is being recorded: bodies are written as they come, the rest waits for the visit's end.
#[derive(Debug, Default)]
pub struct Watch(Mutex<Watched>);

#[derive(Debug, Default)]
struct Watched {
    exchanges: BTreeMap<Key, Vec<Noted>>,
    private: BTreeSet<String>,
    left_out: HashMap<(u32, Url), Gap>,
}

impl Watched {
    /// Whether nothing new has to be kept. The first answer of a round is what the visit went by in it; one that is
    /// known from an earlier round is noted once more, because a later answer may come in the same round.
    fn knows(&mut self, key: &Key, round: u32, same: &Weak<Exchange>, cut: bool) -> bool {
        let Some(noted) = self.exchanges.get_mut(key) else { return false };
        if noted.iter().any(|n| n.round == round && is_cut(&n.exchange) == cut) {
            return true;
        }
        let Some(earlier) = noted.iter().rfind(|n| n.same.ptr_eq(same)) else { return false };
        let again = Noted { round, ..earlier.clone() };
        noted.push(again);
        true
    }
}

/// An exchange without its body.
#[derive(Debug, Clone)]
struct Noted {
    round: u32,
    /// The exchange itself, to know it again: later rounds see most of them once more.
    same: Weak<Exchange>,
    exchange: Exchange,
    body: Option<Blob>,
}

impl Watch {
    /// Keeps one exchange; its body is written before this returns.
    pub async fn keep(&self, recording: &Arc<Recording>, key: &Key, round: u32, exchange: &Arc<Exchange>) {
        let same = Arc::downgrade(exchange);
        if self.0.lock().is_ok_and(|mut watched| watched.knows(key, round, &same, is_cut(exchange))) {
            return;
        }
        let (to, seen) = (recording.clone(), exchange.clone());
        let _turn = PACKERS.acquire().await;
        // Packing and writing take a core and a disk, not the network's threads.
        let kept = tokio::task::spawn_blocking(move || match &seen.answer {
            Ok(response) if !response.body.is_empty() => to.keep(&response.body).map(Some).ok_or(()),
            _ => Ok(None),
        });
        let Ok(Ok(body)) = kept.await else { return };
        if let Ok(mut watched) = self.0.lock()
            && !watched.knows(key, round, &same, is_cut(exchange))
        {
            let noted = Noted { round, same, exchange: without_body(exchange), body };
            watched.exchanges.entry(key.clone()).or_default().push(noted);
        }
    }

    /// A redirect off the site led to a private place.
    pub fn private(&self, address: &str) {
        if let Ok(mut watched) = self.0.lock() {
            watched.private.insert(address.to_owned());
        }
    }

    /// A limit met a file.
    pub fn left_out(&self, url: &Url, round: u32, gap: Gap) {
        if let Ok(mut watched) = self.0.lock() {
            watched.left_out.insert((round, url.clone()), gap);
        }
    }

    /// All that was kept.
    #[must_use]
    pub fn taken(&self, manner: &Manner) -> Web {
        let watched = self.0.lock().map(|mut watched| std::mem::take(&mut *watched)).unwrap_or_default();
        let mut tls: Vec<Arc<Tls>> = Vec::new();
        let mut place = |shown: &Arc<Tls>| {
            tls.iter().position(|t| t == shown).unwrap_or_else(|| {
                tls.push(shown.clone());
                tls.len() - 1
            })
        };
        let mut exchanges = Vec::new();
        for (key, noted) in watched.exchanges {
            for Noted { round, mut exchange, body, .. } in noted {
                let tls = exchange.tls.take().map(|shown| place(&shown));
                exchanges.push(Kept { key: key.clone(), round, exchange, tls, body });
            }
        }
        let left_out = watched.left_out.into_iter().map(|((round, url), gap)| LeftOut { round, url, gap });
        let mut left_out: Vec<LeftOut> = left_out.collect();
        left_out.sort();
        Web { manner: manner.clone(), exchanges, tls, private: watched.private, left_out }
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
    /// Places in the exchanges, by request, in the order they came.
    places: HashMap<Key, Vec<usize>>,
    left_out: HashMap<(u32, Url), Gap>,
}

impl Recalled {
    /// What a recording holds of a visit; nothing when it holds none.
    #[must_use]
    pub fn new(recording: &Arc<Recording>, facts: Option<Facts>) -> Self {
        let mut web = match facts {
            Some(Facts::Web(web)) => web,
            _ => Web::default(),
        };
        let mut places: HashMap<Key, Vec<usize>> = HashMap::new();
        for (k, kept) in web.exchanges.iter().enumerate() {
            places.entry(kept.key.clone()).or_default().push(k);
        }
        let left_out = std::mem::take(&mut web.left_out).into_iter().map(|f| ((f.round, f.url), f.gap)).collect();
        Self { recording: recording.clone(), web, places, left_out }
    }

    /// How the visit was made.
    #[must_use]
    pub fn manner(&self) -> &Manner {
        &self.web.manner
    }

    /// Whether a redirect off the site led to a private place.
    #[must_use]
    pub fn is_private(&self, url: &Url) -> bool {
        self.web.private.contains(&shown(url))
    }

    /// What was said of a file that a limit met.
    #[must_use]
    pub fn left_out(&self, url: &Url, round: u32) -> Option<Gap> {
        self.left_out.get(&(round, url.clone())).copied()
    }

    /// What came of a request in a round, or was known of it from an earlier one.
    #[must_use]
    pub fn exchange(&self, key: &Key, round: u32, as_page: bool) -> Exchange {
        self.kept(key, round, as_page).and_then(|kept| self.whole(kept)).unwrap_or_else(|| Exchange {
            url: key.url.clone(),
            answer: Err(Gap::NoData.into()),
            attempts: 0,
            address: None,
            timings: Timings::default(),
            tls: None,
        })
    }

    fn kept(&self, key: &Key, round: u32, as_page: bool) -> Option<&Kept> {
        let all = self.places.get(key)?.iter().filter_map(|k| self.web.exchanges.get(*k));
        let before = || all.clone().filter(|kept| kept.round <= round);
        // What was left unread as a page may have been read as a file after.
        let fitting = before().rfind(|kept| is_cut(&kept.exchange) == as_page);
        fitting.or_else(|| before().next_back()).or_else(|| all.clone().next())
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
