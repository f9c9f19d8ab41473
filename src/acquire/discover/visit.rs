//! Visits home pages: redirects within a host are followed, those to another are told. What fails in passing is
//! tried again after everything else had its turn. Facts only; what a host is, `classify` says.

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

/// A visit that may need another round.
struct Going {
    turn: Turn,
    visitor: Arc<Visitor>,
    not_before: Instant,
}

impl Scout {
    /// Visits hosts side by side, each at its first address; what does not answer there is visited at the next.
    pub(super) async fn visit_all(&self, turns: Vec<Turn>) -> Result<Vec<(Host, Look)>, Error> {
        let mut seen: Vec<(Host, Look)> = Vec::with_capacity(turns.len());
        let mut going = Vec::with_capacity(turns.len());
        for turn in turns {
            going.extend(self.begin(turn)?);
        }
        while !going.is_empty() {
            let mut again = Vec::new();
            for (one, look) in self.round(going).await? {
                let wait = one.visitor.again().filter(|_| !self.is_cancelled());
                if let Some(wait) = wait {
                    one.visitor.next_round();
                    again.push(Going { not_before: Instant::now() + wait, ..one });
                    continue;
                }
                self.client.finish(&one.visitor);
                let host = one.turn.host.clone();
                let earlier = seen.iter().position(|(known, _)| *known == host);
                let other = Turn { starts: one.turn.starts.get(1..).unwrap_or_default().to_vec(), ..one.turn };
                let fallback = look.may_answer_elsewhere() && !other.starts.is_empty() && !self.is_cancelled();
                match earlier {
                    // What was wrong with the better address is told, unless the other one shows more.
                    Some(at) if !matches!(look.shown, Shown::Nothing(_)) => seen[at].1 = look,
                    Some(_) => {}
                    None => seen.push((host, look)),
                }
                if fallback {
                    again.extend(self.begin(other)?);
                }
            }
            going = again;
        }
        seen.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(seen)
    }

    fn begin(&self, turn: Turn) -> Result<Option<Going>, Error> {
        let Some(start) = turn.starts.first() else { return Ok(None) };
        let visitor = Visitor::of_candidate(&self.client, &Site::at(turn.host.to_string(), start.clone()))?;
        Ok(Some(Going { turn, visitor: Arc::new(visitor), not_before: Instant::now() }))
    }

    /// One try of each.
    async fn round(&self, going: Vec<Going>) -> Result<Vec<(Going, Look)>, Error> {
        let places = Arc::new(Semaphore::new(self.jobs.max(1)));
        let mut visits = JoinSet::new();
        let mut ended = Vec::with_capacity(going.len());
        let mut waiting = going.into_iter();
        loop {
            // Only so many tasks exist at a time: each holds its own connections.
            while visits.len() < self.jobs.max(1) * 2
                && let Some(one) = waiting.next()
            {
                let (scout, places) = (self.clone(), places.clone());
                visits.spawn(async move {
                    tokio::time::sleep_until(one.not_before).await;
                    let _place = places.acquire().await;
                    let start = one.turn.starts.first().cloned();
                    let look = match start {
                        Some(start) => scout.look(&one.visitor, &start).await,
                        None => Err(Error::Internal("a visit without an address".to_owned())),
                    };
                    (one, look)
                });
            }
            match visits.join_next().await {
                None => return Ok(ended),
                Some(Ok((one, look))) => ended.push((one, look?)),
                Some(Err(error)) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
                Some(Err(error)) => return Err(Error::Internal(error.to_string())),
            }
        }
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
