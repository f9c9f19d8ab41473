//! The whole search: the portal, what it shows, what lists hold, then every candidate once, and one level of what
//! those lead to. Wave after wave, so that the order in which servers answer changes nothing.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tokio::sync::Semaphore;
use url::Url;

use super::candidates::{Candidates, Turn};
use super::classify::{Found, Looked, Shown, classify};
use super::domain::Domain;
use super::links::Source;
use super::portal::{Portal, Unread};
use super::visit::{Ids, Look, Scout};
use crate::acquire::Needs;
use crate::acquire::fetch::{Client, Visitor};
use crate::error::Error;
use crate::site::{Host, Site};
use crate::snapshot::Gap;

/// Hosts of the domain through which the portal's own address may lead.
const MOST_MOVES: usize = 5;
/// Waves of visits: what the portal shows, what that leads to, and where redirects of those end.
const MOST_WAVES: usize = 5;

/// What is searched, and with what.
pub struct Plan {
    /// The domain.
    pub domain: Domain,
    /// Names from lists, by the addresses where each may answer, with the list they are of.
    pub names: Vec<(Vec<Url>, Source)>,
    /// Most hosts that are visited.
    pub max_sites: usize,
    /// Hosts visited at a time.
    pub jobs: usize,
    /// What is read of pages for `ids`.
    pub needs: Arc<Needs>,
    /// The tracker ids on a home page.
    pub ids: Ids,
    /// Set when the user wants it to end.
    pub cancelled: Arc<AtomicBool>,
    /// Told of every step.
    pub watch: Watch,
}

/// One step of a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// So many hosts are to be visited, as far as is known.
    Known(usize),
    /// One more host is done; whether its page could not be read.
    Done(bool),
}

/// Whoever wants to know how far a search is.
pub type Watch = Arc<dyn Fn(Step) + Send + Sync>;

/// What a search found.
#[derive(Debug)]
pub struct Explored {
    /// The portal's host.
    pub portal: Host,
    /// Every visited host: the portal first, the others by name.
    pub found: Vec<Found>,
    /// Hosts that were found and not visited, because `max_sites` was reached.
    pub beyond: usize,
    /// Names of lists that do not lie under the domain.
    pub strangers: usize,
    /// What of the portal could not be read.
    pub unread: Vec<Unread>,
}

/// Why there is nothing to tell.
#[derive(Debug)]
pub enum Missed {
    /// The portal's home page could not be seen.
    NotSeen(Box<Url>, Gap),
    /// The portal's address leads out of the domain.
    LeadsAway(Box<(Url, Url)>),
    /// The user ended it.
    Cancelled,
    /// The search could not begin.
    Failed(Error),
}

impl From<Error> for Missed {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// Searches a domain.
///
/// # Errors
/// The portal's home page could not be seen, or the user ended the search: then nothing is known.
pub async fn explore(client: &Arc<Client>, plan: Plan) -> Result<Explored, Missed> {
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let scout = Scout {
        client: client.clone(),
        domain: Arc::new(plan.domain),
        needs: plan.needs,
        ids: plan.ids,
        jobs: plan.jobs,
        cancelled: plan.cancelled,
        watch: plan.watch,
        readers: Arc::new(Semaphore::new(cores + 1)),
    };
    let mut candidates = Candidates::new(&scout.domain);
    let mut looks: BTreeMap<Host, Look> = BTreeMap::new();
    let (portal, unread) = begin(&scout, &mut candidates, &mut looks).await?;
    let mut strangers = 0;
    for (addresses, list) in plan.names {
        strangers += usize::from(!candidates.add_named(&addresses, list));
    }
    for host in looks.keys() {
        candidates.mark(host);
    }
    certified(&scout.domain, &looks, &mut candidates);
    for wave in 0..MOST_WAVES {
        let room = plan.max_sites.saturating_sub(looks.len());
        let turns = candidates.take(room);
        if turns.is_empty() || scout.is_cancelled() {
            break;
        }
        (scout.watch)(Step::Known(looks.len() + turns.len()));
        let seen = scout.visit_all(turns).await?;
        for (host, look) in &seen {
            if let Shown::Elsewhere(to) = &look.shown {
                candidates.add_linked(to, Source::RedirectFrom(host.to_string()));
            }
            // What the sites lead to is one level more, and the last.
            if wave == 0 {
                for url in look.leads_to.iter().filter(|url| Host::of(url).as_ref() != Some(host)) {
                    candidates.add_linked(url, Source::LinkedFrom(host.to_string()));
                }
            }
        }
        if wave == 0 {
            certified(&scout.domain, &seen, &mut candidates);
        }
        looks.extend(seen);
    }
    if scout.is_cancelled() {
        return Err(Missed::Cancelled);
    }
    let looked = looks.into_iter().map(|(host, look)| {
        let sources = candidates.sources(&host);
        (host, Looked { start: look.start, status: look.status, sources, shown: look.shown })
    });
    let mut found = classify(&portal, looked.collect());
    // The portal's own page is the one that people named.
    if let (Some(first), [start]) = (found.first_mut(), scout.domain.starts())
        && Host::of(start).as_ref() == Some(&first.host)
        && start.path() != "/"
    {
        first.address = start.clone();
    }
    Ok(Explored { portal, found, beyond: candidates.waiting(), strangers, unread })
}

/// The portal: where its address leads within the domain, and what it shows.
async fn begin(
    scout: &Scout,
    candidates: &mut Candidates,
    looks: &mut BTreeMap<Host, Look>,
) -> Result<(Host, Vec<Unread>), Missed> {
    let mut turn = Turn { host: host_of(scout, scout.domain.starts())?, starts: scout.domain.starts().to_vec() };
    let mut declared = true;
    for _ in 0..MOST_MOVES {
        for start in &turn.starts {
            let source = if declared { Source::Asked } else { Source::RedirectFrom(scout.domain.name().to_owned()) };
            candidates.add_linked(start, source);
        }
        let (visitor, look) = tokio::select! {
            answered = first_to_answer(scout, &turn, declared) => answered?,
            () = scout.stopped() => return Err(Missed::Cancelled),
        };
        let shown = look.shown.clone();
        looks.insert(turn.host.clone(), look.clone());
        (scout.watch)(Step::Done(matches!(shown, Shown::Nothing(_))));
        match shown {
            Shown::Page(seen) => {
                let mut portal = Portal::new(scout, &visitor, &turn.host);
                tokio::select! {
                    searched = portal.search(&seen.address, &look, candidates) => searched?,
                    () = scout.stopped() => return Err(Missed::Cancelled),
                }
                let unread = std::mem::take(&mut portal.unread);
                visitor.finish();
                return Ok((turn.host, unread));
            }
            Shown::Nothing(gap) => return Err(Missed::NotSeen(Box::new(look.start), gap)),
            Shown::Elsewhere(to) => {
                let within = Host::of(&to).filter(|host| scout.domain.holds(host) && !looks.contains_key(host));
                let Some(host) = within else { return Err(Missed::LeadsAway(Box::new((look.start, to)))) };
                visitor.finish();
                turn = Turn { host, starts: vec![to] };
                declared = false;
            }
        }
    }
    let last = turn.starts.first().unwrap_or(&scout.domain.starts()[0]);
    Err(Missed::NotSeen(Box::new(last.clone()), Gap::RedirectLoop))
}

fn host_of(scout: &Scout, starts: &[Url]) -> Result<Host, Missed> {
    let host = starts.first().and_then(Host::of);
    host.ok_or_else(|| Missed::Failed(Error::Internal(format!("no address of {}", scout.domain.name()))))
}

/// The first address that answers, tried again while it fails in passing; else what the best one gave.
async fn first_to_answer(scout: &Scout, turn: &Turn, declared: bool) -> Result<(Arc<Visitor>, Look), Missed> {
    let mut best: Option<(Arc<Visitor>, Look)> = None;
    for start in &turn.starts {
        let own = Site::at(turn.host.to_string(), start.clone());
        let visitor =
            if declared { Visitor::new(&scout.client, &own) } else { Visitor::of_candidate(&scout.client, &own) };
        let visitor = Arc::new(visitor?);
        let look = loop {
            let look = scout.look(&visitor, start).await?;
            match visitor.again().filter(|_| !scout.is_cancelled()) {
                Some(wait) => {
                    visitor.next_round();
                    tokio::time::sleep(wait).await;
                }
                None => break look,
            }
        };
        let over = !look.may_answer_elsewhere();
        if over || best.is_none() {
            best = Some((visitor, look));
        }
        if over {
            break;
        }
    }
    best.ok_or_else(|| Missed::Failed(Error::Internal("a portal without an address".to_owned())))
}

/// Adds the names in certificates that were shown.
fn certified(domain: &Domain, looks: &BTreeMap<Host, Look>, candidates: &mut Candidates) {
    for (host, look) in looks {
        for name in &look.names {
            if let Some(addresses) = domain.addresses_of(name)
                && addresses.first().and_then(Host::of).as_ref() != Some(host)
            {
                candidates.add_named(&addresses, Source::Certificate(host.to_string()));
            }
        }
    }
}
