//! One site's visit: its home page with redirects, the files it loads, the links it follows. What was answered is
//! kept, so that a later round of the same visit asks only for what is still missing. Never judges.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use url::Url;

use super::ask::{Line, Want};
use super::exchange::{Answer, Cause, Exchange, Fault, LONGEST_WAIT};
use super::secrets::Secrets;
use super::{Client, Key, Manner};
use crate::acquire::record::{Facts, Recalled, Recording, Watch};
use crate::acquire::{Fetched, js};
use crate::error::Error;
use crate::site::{Estate, HostMatch, Site, same_site, shown};
use crate::snapshot::{Attempted, Gap, Landing, Origin, PlainHttp, Source, Visit};

/// Most files that one visit loads.
pub const MOST_FILES: usize = 300;
/// Most bytes of files that one visit keeps.
pub const MOST_FILE_BYTES: usize = 12 << 20;
/// Files of one visit that are read at a time: what lies beyond the bytes is known only once it is there.
const MOST_LOADING: usize = 4;
/// Files that may time out before the rest is not asked for: a server that stalls each would hold a run for hours.
const MOST_STALLED: usize = 5;
/// Times a redirect may lead back to its own address when it sets a cookie, as gates of sites do.
const COOKIE_GATES: usize = 3;

/// Where redirects are followed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// The site itself, its www/bare form and its aliases.
    Own,
    /// Anywhere that is not private.
    Anywhere,
}

/// A way through redirects to its end.
struct Way {
    visit: Visit,
    end: Result<(Url, Arc<Exchange>), Fault>,
}

/// Where answers come from.
#[derive(Debug)]
enum Side {
    /// The network; what is seen may be recorded.
    Asks { client: Arc<Client>, line: Box<Line>, watch: Option<(Arc<Recording>, Watch)> },
    /// A recording: there is no line, so nothing can be asked.
    Recalls(Recalled),
}

/// One site's visit.
#[derive(Debug)]
pub struct Visitor {
    side: Side,
    site: Site,
    /// All declared sites, for those that share a host.
    estate: Option<Arc<Estate>>,
    secrets: Secrets,
    manner: Manner,
    /// Which round of the run it is, from 0: an address is asked for once a round until it answers.
    round: AtomicU32,
    used: Mutex<HashSet<Key>>,
    /// Asked for in this round.
    asked: Mutex<HashSet<Key>>,
    /// The longest wait before the next round; set when a round would help.
    again: Mutex<Option<Duration>>,
    files: Mutex<HashMap<Url, Fetched>>,
    bytes: AtomicUsize,
    loading: tokio::sync::Semaphore,
    stalled: AtomicUsize,
    /// Scripts that were read already.
    pub scripts: js::Known,
}

impl Visitor {
    /// A visit of a site that has not begun.
    ///
    /// # Errors
    /// [`Error::Usage`] when the network cannot be set up as asked.
    pub fn new(client: &Arc<Client>, site: &Site) -> Result<Self, Error> {
        Self::with(client, site, Some(site))
    }

    /// A visit of a site that nobody declared: it may not be a private place, and the user's own headers are not
    /// sent to it.
    ///
    /// # Errors
    /// [`Error::Usage`] when the network cannot be set up as asked.
    pub fn of_candidate(client: &Arc<Client>, site: &Site) -> Result<Self, Error> {
        Self::with(client, site, None)
    }

    fn with(client: &Arc<Client>, site: &Site, declared: Option<&Site>) -> Result<Self, Error> {
        let line = Box::new(Line::new(client, declared)?);
        let watch = client.recording.clone().map(|recording| (recording, Watch::default()));
        let (secrets, manner) = (client.secrets.clone(), client.options.manner());
        Ok(Self::of(Side::Asks { client: client.clone(), line, watch }, site, secrets, manner))
    }

    /// A visit that sees what a recording holds of it, and nothing else.
    #[must_use]
    pub fn recalled(recalled: Recalled, site: &Site) -> Self {
        let manner = recalled.manner().clone();
        Self::of(Side::Recalls(recalled), site, Secrets::default(), manner)
    }

    fn of(side: Side, site: &Site, secrets: Secrets, manner: Manner) -> Self {
        Self {
            side,
            site: site.clone(),
            estate: None,
            secrets,
            manner,
            round: AtomicU32::new(0),
            used: Mutex::default(),
            asked: Mutex::default(),
            again: Mutex::default(),
            files: Mutex::default(),
            bytes: AtomicUsize::new(0),
            loading: tokio::sync::Semaphore::new(MOST_LOADING),
            stalled: AtomicUsize::new(0),
            scripts: js::Known::default(),
        }
    }

    /// How it goes about its visit.
    #[must_use]
    pub fn manner(&self) -> &Manner {
        &self.manner
    }

    /// Waits, where there is somebody to be considerate of.
    pub async fn pause(&self, time: Duration) {
        if matches!(self.side, Side::Asks { .. }) {
            tokio::time::sleep(time).await;
        }
    }

    /// Ends the visit: what no other site may still want is dropped. What is to be recorded of it is handed out.
    pub fn finish(&self) -> Option<Facts> {
        let Side::Asks { client, watch, .. } = &self.side else { return None };
        client.finish(self);
        watch.as_ref().map(|(_, watch)| Facts::Web(watch.taken(&self.manner)))
    }

    fn watch(&self) -> Option<&Watch> {
        match &self.side {
            Side::Asks { watch: Some((_, watch)), .. } => Some(watch),
            _ => None,
        }
    }

    fn drop_body(&self, url: &str) {
        if let Side::Asks { client, .. } = &self.side {
            client.drop_body(&Key::new(url, 0, false));
        }
    }

    /// The site.
    #[must_use]
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// How long to wait before another round, when one may help.
    #[must_use]
    pub fn again(&self) -> Option<Duration> {
        self.again.lock().ok().and_then(|a| *a)
    }

    /// Begins the next round: what failed in passing is asked for once more.
    pub fn next_round(&self) {
        self.round.fetch_add(1, Ordering::Relaxed);
        if let Ok(mut again) = self.again.lock() {
            *again = None;
        }
        if let Ok(mut asked) = self.asked.lock() {
            asked.clear();
        }
        if let Ok(mut files) = self.files.lock() {
            files.clear();
        }
        self.bytes.store(0, Ordering::Relaxed);
        self.stalled.store(0, Ordering::Relaxed);
    }

    /// What was asked for in this visit, in a fixed order.
    #[must_use]
    pub fn used(&self) -> Vec<Key> {
        let mut used: Vec<Key> = self.used.lock().map(|u| u.iter().cloned().collect()).unwrap_or_default();
        used.sort();
        used
    }

    /// A page of the site, redirects followed.
    pub async fn page(&self, start: &Url) -> (Visit, Result<Answer, Fault>) {
        let way = self.follow(start, Scope::Own, Want::Page).await;
        (way.visit, answered(way.end))
    }

    /// A page that nobody asks for again: its bytes are not kept.
    pub async fn passing(&self, start: &Url) -> (Visit, Result<Answer, Fault>) {
        let way = self.follow(start, Scope::Own, Want::Page).await;
        for url in way.visit.hops.iter().map(|hop| hop.url.as_str()).chain(way.visit.final_url.as_deref()) {
            self.drop_body(url);
        }
        (way.visit, answered(way.end))
    }

    /// A file of the site that is no page, such as a site map.
    pub async fn resource(&self, start: &Url) -> Result<Answer, Fault> {
        answered(self.follow(start, Scope::Own, Want::Body).await.end)
    }

    /// What is known of a file without asking for it.
    #[must_use]
    pub fn known_file(&self, url: &Url) -> Option<Fetched> {
        let mut url = url.clone();
        url.set_fragment(None);
        if !self.is_own(&url) {
            return Some(Fetched::OtherHost);
        }
        self.files.lock().ok()?.get(&url).cloned()
    }

    /// A script or style sheet of the site itself; files of other hosts are not asked for.
    pub async fn file(&self, url: &Url) -> Fetched {
        if let Some(known) = self.known_file(url) {
            return known;
        }
        let mut url = url.clone();
        url.set_fragment(None);
        let _turn = self.loading.acquire().await;
        if let Some(gap) = self.leaves_out(&url) {
            return self.left_out(&url, gap);
        }
        let fetched = match self.resource(&url).await {
            Ok(answer) if !self.has_room(answer.body.len()) => {
                self.drop_body(answer.url.as_str());
                self.left_out(&url, Gap::TooLarge)
            }
            Ok(answer) => {
                let named = answer.charset.as_deref().and_then(|c| encoding_rs::Encoding::for_label(c.as_bytes()));
                let text = named.unwrap_or(encoding_rs::UTF_8).decode(&answer.body).0.into_owned();
                let origin = Origin { path: None, url: Some(self.secrets.out_of(&shown(&answer.url)).into_owned()) };
                Fetched::Read(Arc::new(Source::new(origin, text)))
            }
            Err(fault) => {
                self.stalled.fetch_add(usize::from(fault.gap == Gap::Timeout), Ordering::Relaxed);
                Fetched::Missing(fault.gap)
            }
        };
        if let Ok(mut files) = self.files.lock() {
            files.insert(url, fetched.clone());
        }
        fetched
    }

    /// Why a file is not asked for.
    fn leaves_out(&self, url: &Url) -> Option<Gap> {
        // Which files a limit met depends on which server was faster, so it is recorded and not worked out anew.
        if let Side::Recalls(recalled) = &self.side {
            return recalled.left_out(url, self.round.load(Ordering::Relaxed));
        }
        let full = self.files.lock().is_ok_and(|f| f.len() >= MOST_FILES);
        if full || self.bytes.load(Ordering::Relaxed) >= MOST_FILE_BYTES {
            return Some(Gap::TooLarge);
        }
        (self.stalled.load(Ordering::Relaxed) >= MOST_STALLED).then_some(Gap::Timeout)
    }

    /// A file that a limit of the visit met.
    fn left_out(&self, url: &Url, gap: Gap) -> Fetched {
        if let Some(watch) = self.watch() {
            watch.left_out(url, self.round.load(Ordering::Relaxed), gap);
        }
        Fetched::Missing(gap)
    }

    /// Counts the bytes of a file, unless they are more than a visit keeps.
    fn has_room(&self, bytes: usize) -> bool {
        let add = |kept: usize| Some(kept + bytes).filter(|sum| *sum <= MOST_FILE_BYTES);
        self.bytes.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add).is_ok()
    }

    /// Where a link leads, whatever host that is.
    pub async fn landing(&self, link: &Url) -> Landing {
        let way = self.follow(link, Scope::Anywhere, Want::Headers).await;
        match way.end {
            Ok((url, exchange)) => match exchange.answer.as_ref().ok().and_then(super::exchange::Response::gap) {
                None | Some(Gap::Empty | Gap::Blocked) => Landing::At(url),
                Some(gap @ (Gap::NotFound | Gap::ServerError | Gap::HttpError)) => Landing::Dead(gap),
                Some(gap) => Landing::Unknown(gap),
            },
            Err(Fault { gap: Gap::Dns, cause: Some(Cause::NoSuchName) }) => Landing::Dead(Gap::Dns),
            Err(fault) => Landing::Unknown(fault.gap),
        }
    }

    /// What the site's plain http address answers.
    pub async fn plain(&self) -> Option<PlainHttp> {
        let mut url = self.site.url.clone()?;
        // A site on a port of its own has no plain address that could be guessed.
        if url.port().is_some() || url.set_scheme("http").is_err() {
            return None;
        }
        let way = self.follow(&url, Scope::Own, Want::Headers).await;
        Some(PlainHttp { status: way.visit.status, leads_to: way.visit.final_url, gap: way.end.err().map(|f| f.gap) })
    }

    /// Among the sites of an estate: a path of the same host that another site is declared at is that site's.
    #[must_use]
    pub fn among(mut self, estate: &Arc<Estate>) -> Self {
        self.estate = Some(estate.clone());
        self
    }

    /// Whether an address may be a page of the site.
    #[must_use]
    pub fn is_page_of_own(&self, url: &Url) -> bool {
        self.is_own(url) && self.estate.as_ref().is_none_or(|estate| estate.is_of(url, &self.site))
    }

    /// Whether an address is on a host of the site.
    #[must_use]
    pub fn is_own(&self, url: &Url) -> bool {
        self.site.url.iter().chain(&self.site.aliases).any(|own| same_site(url, own) == HostMatch::Same)
    }

    async fn follow(&self, start: &Url, scope: Scope, want: Want) -> Way {
        let mut visit = Visit::default();
        let mut url = start.clone();
        url.set_fragment(None);
        let mut seen: Vec<Url> = Vec::new();
        loop {
            let again = seen.iter().filter(|s| **s == url).count();
            seen.push(url.clone());
            let exchange = self.exchange(&url, again, want).await;
            note(&mut visit, &exchange);
            let response = match &exchange.answer {
                Ok(response) => response,
                Err(fault) => return Way { visit, end: Err(*fault) },
            };
            let Some(to) = response.redirect() else { return Way { visit, end: Ok((url, exchange.clone())) } };
            visit.hops.push(Attempted { url: exchange.url.clone(), status: Some(response.status) });
            let next = match self.next(&url, to, scope).await {
                Ok(next) => next,
                Err(fault) => return Way { visit, end: Err(fault) },
            };
            let sets_cookie = response.header("set-cookie").is_some();
            let times = seen.iter().filter(|s| **s == next).count();
            if times > if sets_cookie { COOKIE_GATES } else { 0 } {
                return Way { visit, end: Err(Gap::RedirectLoop.into()) };
            }
            if visit.hops.len() > self.manner.max_redirects {
                return Way { visit, end: Err(Fault::new(Gap::RedirectLoop, Cause::TooManyRedirects)) };
            }
            url = next;
        }
    }

    /// Where a redirect of the site may lead.
    ///
    /// # Errors
    /// The fault of a redirect that is not followed.
    pub async fn redirect(&self, from: &Url, to: &str) -> Result<Url, Fault> {
        self.next(from, to, Scope::Own).await
    }

    async fn next(&self, from: &Url, to: &str, scope: Scope) -> Result<Url, Fault> {
        let mut next = from.join(to.trim()).map_err(|_| Fault::from(Gap::HttpError))?;
        next.set_fragment(None);
        if !matches!(next.scheme(), "http" | "https") {
            // Not a location that a visitor could be sent to.
            return Err(Gap::HttpError.into());
        }
        if scope == Scope::Own && !self.is_page_of_own(&next) {
            // A private place is refused as such, before it is another site.
            let private = !self.is_own(&next) && self.leads_to_private(&next).await;
            return Err(if private { Gap::PrivateAddress } else { Gap::RedirectOffSite }.into());
        }
        Ok(next)
    }

    async fn leads_to_private(&self, url: &Url) -> bool {
        let (line, watch) = match &self.side {
            Side::Asks { line, watch, .. } => (line, watch),
            Side::Recalls(recalled) => return recalled.is_private(url),
        };
        let guard = line.guard();
        let private =
            guard.refuses(url) || matches!(guard.check(url).await, Err(Fault { gap: Gap::PrivateAddress, .. }));
        if let (true, Some((_, watch))) = (private, watch) {
            watch.private(&self.secrets.out_of(&shown(url)));
        }
        private
    }

    /// Who asks and with what; nobody where a recording answers.
    #[cfg(feature = "browser")]
    pub(super) fn asks(&self) -> Option<(&Client, &Line)> {
        match &self.side {
            Side::Asks { client, line, .. } => Some((client, line)),
            Side::Recalls(_) => None,
        }
    }

    /// What comes of a request: recalled, or asked for and kept.
    async fn exchange(&self, url: &Url, again: usize, want: Want) -> Arc<Exchange> {
        let key = Key::new(&self.secrets.out_of(&shown(url)), again, want == Want::Headers);
        let round = self.round.load(Ordering::Relaxed);
        let exchange = match &self.side {
            Side::Recalls(recalled) => Arc::new(recalled.exchange(&key, round, want == Want::Page)),
            Side::Asks { client, line, watch } => {
                let exchange = self.asked_for(client, line, url, &key, want).await;
                if let Some((recording, watch)) = watch {
                    watch.keep(recording, &key, round, &exchange).await;
                }
                exchange
            }
        };
        self.consider_again(&exchange);
        exchange
    }

    /// An exchange of this run: the one that was made, or a new attempt when it failed in passing.
    async fn asked_for(&self, client: &Client, line: &Line, url: &Url, key: &Key, want: Want) -> Arc<Exchange> {
        if let Ok(mut used) = self.used.lock() {
            used.insert(key.clone());
        }
        let whole = Key { headers_only: false, ..key.clone() };
        if *key != whole
            && let Some(made) = client.made(&whole)
            && !made.is_transient()
        {
            return made;
        }
        let slot = client.slot(key);
        let mut made = slot.lock().await;
        let first = self.asked.lock().is_ok_and(|mut asked| asked.insert(key.clone()));
        let exchange = match made.take() {
            // Asked for as a page before, it was not read; now it is wanted whatever it is.
            Some(exchange) if want == Want::Body && exchange.answer.as_ref().is_ok_and(|r| r.cut) => {
                let attempts = exchange.attempts;
                Arc::new(Exchange { attempts, ..line.ask(client, url, want).await })
            }
            Some(exchange)
                if !first || !exchange.is_transient() || exchange.attempts > self.round.load(Ordering::Relaxed) =>
            {
                exchange
            }
            earlier => {
                let attempts = earlier.map_or(0, |e| e.attempts) + 1;
                let mut exchange = Exchange { attempts, ..line.ask(client, url, want).await };
                exchange.url.clone_from(&key.url);
                Arc::new(exchange)
            }
        };
        *made = Some(exchange.clone());
        exchange
    }

    /// Another round is worth it while a fault may pass and there are tries left. A recalled visit has the rounds
    /// that the recorded one had, without the waiting.
    fn consider_again(&self, exchange: &Exchange) {
        if !exchange.is_transient() || exchange.attempts > self.manner.retries {
            return;
        }
        let wait = match &self.side {
            Side::Recalls(_) => Duration::ZERO,
            Side::Asks { client, .. } => {
                let jitter = 0.5 + fastrand::f64();
                let round = self.round.load(Ordering::Relaxed).min(8);
                let backoff = client.options.backoff.saturating_mul(1 << round).mul_f64(jitter);
                exchange.wait().map_or(backoff, |asked| asked.max(backoff)).min(LONGEST_WAIT)
            }
        };
        if let Ok(mut again) = self.again.lock() {
            *again = Some(again.map_or(wait, |longest| longest.max(wait)));
        }
    }
}

fn answered(end: Result<(Url, Arc<Exchange>), Fault>) -> Result<Answer, Fault> {
    let (url, exchange) = end?;
    let response = exchange.answer.as_ref().map_err(|fault| *fault)?;
    match response.gap() {
        // The address as it may be shown.
        None => Ok(Answer::of(Url::parse(&exchange.url).unwrap_or(url), response)),
        Some(gap) => Err(gap.into()),
    }
}

/// Adds an exchange to the way to a site.
fn note(visit: &mut Visit, exchange: &Exchange) {
    visit.attempts = visit.attempts.max(exchange.attempts);
    visit.tls.clone_from(&exchange.tls.as_deref().cloned());
    visit.address.clone_from(&exchange.address);
    visit.timings = Some(visit.timings.unwrap_or_default().then(exchange.timings));
    let Ok(response) = &exchange.answer else {
        (visit.status, visit.http_version) = (None, None);
        visit.headers.clear();
        return;
    };
    visit.status = Some(response.status);
    visit.http_version = Some(response.http_version.clone());
    visit.final_url = Some(exchange.url.clone());
    visit.headers.clone_from(&response.headers);
}

#[cfg(test)]
mod tests {
    use super::super::exchange::Response;
    use super::super::{MOST_KEPT, MOST_SHARED, NetOptions};
    use super::*;
    use crate::snapshot::Timings;

    fn answered(client: &Client, key: &Key, bytes: usize) {
        let response = Response {
            status: 200,
            http_version: "1.1".to_owned(),
            headers: Vec::new(),
            location: None,
            cut: false,
            body: vec![b'x'; bytes].into(),
        };
        let exchange = Exchange {
            url: key.url.clone(),
            answer: Ok(response),
            attempts: 1,
            address: None,
            timings: Timings::default(),
            tls: None,
        };
        *client.slot(key).try_lock().unwrap() = Some(Arc::new(exchange));
    }

    #[test]
    fn so_much_is_kept_for_other_sites() {
        let site = |path: &str| Site::at(path.to_owned(), Url::parse(&format!("https://a.gov.vn/{path}/")).unwrap());
        let (one, two) = (site("mot"), site("hai"));
        let client = Arc::new(Client::new(NetOptions::default(), &[&one, &two]).unwrap());
        let visitor = Visitor::new(&client, &one).unwrap();
        for (bytes, kept) in [(MOST_SHARED, true), (MOST_SHARED + 1, false)] {
            let key = Key::new("https://a.gov.vn/a.js", 0, false);
            answered(&client, &key, bytes);
            visitor.drop_body(&key.url);
            assert_eq!(client.made(&key).is_some(), kept, "{bytes} bytes");
        }
        // Where links lead is kept for the sites of a house that link to it too, as long as there is room.
        for (others, kept) in [(0, true), (MOST_KEPT, false)] {
            for n in 0..others {
                answered(&client, &Key::new(&format!("https://b.vn/{n}"), 0, true), 0);
            }
            let key = Key::new("https://c.vn/", 0, true);
            answered(&client, &key, 0);
            visitor.used.lock().unwrap().insert(key.clone());
            client.finish(&visitor);
            assert_eq!(client.made(&key).is_some(), kept, "beside {others}");
        }
    }
}
