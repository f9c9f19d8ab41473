//! Visits home pages: redirects within a host are followed, those to another are told. What fails in passing is
//! tried again after everything else had its turn. Facts only; what a host is, `classify` says.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;
use url::Url;

use super::candidates::Turn;
use super::classify::{Seen, Shown};
use super::domain::Domain;
use super::explore::{Step, Watch};
use super::links::{hosts, site_map_pages};
use crate::acquire::fetch::{Answer, Client, Visitor};
use crate::acquire::{Fetched, Needs, page};
use crate::error::Error;
use crate::site::{Host, Site};
use crate::snapshot::{Gap, Page, Visit};

/// Most pages a home page may send its visitor on to.
const MOST_REFRESHES: usize = 3;

/// The tracker ids on a home page: for whoever may judge pages.
pub type Ids = Arc<dyn Fn(&Site, &Page) -> Vec<String> + Send + Sync>;

/// What all visits share.
#[derive(Clone)]
pub(super) struct Scout {
    pub(super) client: Arc<Client>,
    pub(super) domain: Arc<Domain>,
    pub(super) needs: Arc<Needs>,
    pub(super) ids: Ids,
    pub(super) jobs: usize,
    pub(super) cancelled: Arc<AtomicBool>,
    pub(super) watch: Watch,
    /// Pages read at a time: memory follows the cores, not the visits.
    pub(super) readers: Arc<Semaphore>,
}

/// What one home page gave.
#[derive(Debug, Clone)]
pub(super) struct Look {
    /// The address where the visit began.
    pub(super) start: Url,
    pub(super) status: Option<u16>,
    pub(super) shown: Shown,
    /// Hosts of the domain that it leads to.
    pub(super) leads_to: Vec<Url>,
    /// Pages of its host with a map of the site.
    pub(super) site_maps: Vec<Url>,
    /// Names its certificate is made out to.
    pub(super) names: Vec<String>,
}

/// A visit that has not ended.
struct Going {
    turn: Turn,
    /// Once it has begun: connections are made when a visit's time has come, and end with it.
    visitor: Option<Arc<Visitor>>,
    not_before: Instant,
}

impl Going {
    fn new(turn: Turn) -> Self {
        Self { turn, visitor: None, not_before: Instant::now() }
    }
}

impl Scout {
    /// Visits hosts side by side, each at its first address; what does not answer there is visited at the next.
    pub(super) async fn visit_all(&self, turns: Vec<Turn>) -> Result<BTreeMap<Host, Look>, Error> {
        let mut seen = BTreeMap::new();
        let mut going: Vec<Going> = turns.into_iter().map(Going::new).collect();
        while !going.is_empty() {
            going = self.round(going, &mut seen).await?;
        }
        Ok(seen)
    }

    /// One try of each; those that need another are handed back.
    async fn round(&self, going: Vec<Going>, seen: &mut BTreeMap<Host, Look>) -> Result<Vec<Going>, Error> {
        let jobs = self.jobs.max(1);
        let places = Arc::new(Semaphore::new(jobs));
        let mut visits = JoinSet::new();
        let mut again = Vec::new();
        let mut waiting = going.into_iter();
        loop {
            // Those that still wait for their time hold no place.
            while visits.len() < jobs * 2
                && let Some(one) = waiting.next()
            {
                let Some(start) = one.turn.starts.first().cloned() else { continue };
                let visitor = match &one.visitor {
                    Some(visitor) => visitor.clone(),
                    None => {
                        let site = Site::at(one.turn.host.to_string(), start.clone());
                        Arc::new(Visitor::of_candidate(&self.client, &site)?)
                    }
                };
                let (scout, places) = (self.clone(), places.clone());
                visits.spawn(async move {
                    tokio::select! {
                        () = tokio::time::sleep_until(one.not_before) => {}
                        () = scout.stopped() => {}
                    }
                    let _place = places.acquire().await;
                    let look = scout.look(&visitor, &start).await;
                    (one.turn, visitor, look)
                });
            }
            match visits.join_next().await {
                None => return Ok(again),
                Some(Ok((turn, visitor, look))) => again.extend(self.ended(turn, visitor, look?, seen)),
                Some(Err(error)) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
                Some(Err(error)) => return Err(Error::Internal(error.to_string())),
            }
        }
    }

    /// What a try gave is kept, or the visit goes on.
    fn ended(&self, turn: Turn, visitor: Arc<Visitor>, look: Look, seen: &mut BTreeMap<Host, Look>) -> Option<Going> {
        if let Some(wait) = visitor.again().filter(|_| !self.is_cancelled()) {
            visitor.next_round();
            return Some(Going { turn, visitor: Some(visitor), not_before: Instant::now() + wait });
        }
        visitor.finish();
        let others = turn.starts.get(1..).unwrap_or_default().to_vec();
        let elsewhere = look.may_answer_elsewhere() && !others.is_empty() && !self.is_cancelled();
        let shows = !matches!(look.shown, Shown::Nothing(_));
        if !elsewhere {
            (self.watch)(Step::Done(!shows));
        }
        // What was wrong with the better address is told, unless another one shows more.
        if shows || !seen.contains_key(&turn.host) {
            seen.insert(turn.host.clone(), look);
        }
        elsewhere.then(|| Going::new(Turn { host: turn.host, starts: others }))
    }

    /// One host's home page.
    pub(super) async fn look(&self, visitor: &Arc<Visitor>, start: &Url) -> Result<Look, Error> {
        let mut look = Look {
            start: start.clone(),
            status: None,
            shown: Shown::Nothing(Gap::Cancelled),
            leads_to: Vec::new(),
            site_maps: Vec::new(),
            names: Vec::new(),
        };
        let (mut at, mut seen) = (start.clone(), Vec::new());
        while !self.is_cancelled() {
            let (visit, answer) = tokio::select! {
                got = visitor.page(&at) => got,
                () = self.stopped() => break,
            };
            look.status = visit.status;
            look.names.extend(visit.tls.iter().flat_map(|tls| tls.chain.first()).flat_map(|leaf| leaf.names.clone()));
            let page = match answer {
                Ok(answer) => self.read(visitor, answer, page::Kind::Home).await?,
                Err(fault) if fault.gap == Gap::RedirectOffSite => {
                    look.shown = target(&visit).map_or(Shown::Nothing(fault.gap), Shown::Elsewhere);
                    break;
                }
                Err(fault) => Err(fault.gap),
            };
            let page = match page {
                Ok(page) => page,
                Err(gap) => {
                    look.shown = Shown::Nothing(gap);
                    break;
                }
            };
            seen.push(page.address.clone());
            if let Some(to) = page.sends_to() {
                match visitor.redirect(&page.address, to.as_str()).await {
                    Ok(next) if !seen.contains(&next) && seen.len() <= MOST_REFRESHES => {
                        at = next;
                        continue;
                    }
                    Err(fault) if fault.gap == Gap::RedirectOffSite => {
                        look.shown = Shown::Elsewhere(to);
                        break;
                    }
                    // A page that only reloads itself, or leads nowhere, is what there is.
                    _ => {}
                }
            }
            look.leads_to = hosts(&page, &self.domain);
            look.site_maps = site_map_pages(&page);
            let ids = (self.ids)(visitor.site(), &page);
            look.shown = Shown::Page(Seen::of(&page, ids));
            break;
        }
        look.names.sort();
        look.names.dedup();
        Ok(look)
    }

    /// Reads an answer as a page, without the files it loads.
    pub(super) async fn read(
        &self,
        visitor: &Arc<Visitor>,
        answer: Answer,
        kind: page::Kind,
    ) -> Result<Result<Page, Gap>, Error> {
        let _turn = self.readers.acquire().await;
        let (needs, visitor) = (self.needs.clone(), visitor.clone());
        let none = |_: &Url| Fetched::OtherHost;
        let work = move || page::of_answer(&answer, &needs, kind, &none, &visitor.scripts);
        match tokio::task::spawn_blocking(work).await {
            Ok(page) => Ok(page),
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(error) => Err(Error::Internal(error.to_string())),
        }
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Returns once the user has asked to stop.
    pub(super) async fn stopped(&self) {
        while !self.is_cancelled() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Look {
    /// Whether another address of the same name is worth a visit: nothing spoke HTTP here.
    pub(super) fn may_answer_elsewhere(&self) -> bool {
        let Shown::Nothing(gap) = self.shown else { return false };
        matches!(
            gap,
            Gap::Refused
                | Gap::Reset
                | Gap::Timeout
                | Gap::ProtocolError
                | Gap::TlsExpired
                | Gap::TlsNotYetValid
                | Gap::TlsWrongHost
                | Gap::TlsUntrusted
                | Gap::TlsIncompleteChain
                | Gap::TlsOther
        )
    }
}

/// Where the last answer of a visit sends its visitor.
fn target(visit: &Visit) -> Option<Url> {
    let from = Url::parse(visit.final_url.as_deref()?).ok()?;
    let to = visit.headers.iter().find(|(name, _)| name == "location").map(|(_, value)| value.trim())?;
    let mut to = from.join(to).ok()?;
    to.set_fragment(None);
    Some(to)
}
