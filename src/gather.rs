//! Visits every site of a run and hands back what each gave, in declared order. Folders are read on all cores;
//! addresses are visited side by side, and what failed in passing is tried again after everything else had its
//! turn. The only stage that touches disk and network for facts.

#[cfg(feature = "browser")]
mod browse;
#[cfg(not(feature = "browser"))]
#[path = "gather/no_browser.rs"]
mod browse;
mod crawl;
mod detail;
mod keep;
mod order;
mod reader;
mod visit;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};
use tokio::runtime::Runtime;
use tokio::task::{JoinError, JoinSet};
use tokio::time::Instant;

use crate::acquire::Needs;
use crate::acquire::fetch::{Client, NetOptions};
use crate::acquire::folder::Folder;
use crate::error::Error;
use crate::observe::{self, Observed};
use crate::policy::Pages;
use crate::run::Run;
use crate::site::Site;
use crate::snapshot::{Gap, Page};
use browse::Browse;
use keep::After;
use visit::{Ended, Going};

/// Visits the sites of a run.
///
/// # Errors
/// When the network cannot be set up as asked.
pub fn gather(run: &Arc<Run>, needs: &Arc<Needs>) -> Result<Vec<Observed>, Error> {
    let sites: Vec<&Site> = run.judged.iter().filter_map(|id| run.estate.site(id)).collect();
    run.progress.begin(sites.len());
    let (online, offline): (Vec<&Site>, Vec<&Site>) = sites.iter().partition(|s| is_online(run, s));
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| Error::Internal(e.to_string()))?;
    let browse = Arc::new(Browse::new(run, needs));
    let visited = visit_all(run, needs, &online, &runtime, &browse);
    let read = visited.and_then(|visited| Ok((visited, read_all(run, needs, &offline, &runtime, &browse)?)));
    runtime.block_on(browse.end());
    // A name that is still being looked up would hold the end of the program.
    runtime.shutdown_timeout(Duration::from_millis(100));
    let (visited, read) = read?;
    let (mut visited, mut read) = (visited.into_iter(), read.into_iter());
    Ok(sites.iter().filter_map(|s| if is_online(run, s) { visited.next() } else { read.next() }).collect())
}

/// A site's home page, read or visited as a check would; for whoever only looks at it.
///
/// # Errors
/// When the network cannot be set up as asked.
pub fn home_page(net: &NetOptions, needs: &Arc<Needs>, site: &Site) -> Result<Result<Page, Gap>, Error> {
    if site.source.is_some() {
        return Ok(home_file(net, needs, site));
    }
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| Error::Internal(e.to_string()))?;
    let client = Arc::new(Client::new(net.clone(), &[site])?);
    let page = runtime.block_on(visit::look(&client, needs, site));
    runtime.shutdown_timeout(Duration::from_millis(100));
    page
}

fn home_file(net: &NetOptions, needs: &Needs, site: &Site) -> Result<Page, Gap> {
    let folder = Folder::open(site, net.max_size)?;
    let listing = folder.list(&[Pages::Home], 1);
    let none = if listing.html_files == 0 { Gap::Empty } else { Gap::NotFound };
    let mut file = listing.home.ok_or(none)?;
    let page = observe::home_page(&folder, needs, &mut file)?;
    if page.fragment { Err(Gap::NotHtml) } else { Ok(page) }
}

/// Reads folders, on all cores; whoever waits for a browser takes none.
fn read_all(
    run: &Run,
    needs: &Needs,
    sites: &[&Site],
    runtime: &Runtime,
    browse: &Browse,
) -> Result<Vec<Observed>, Error> {
    let threads = rayon::current_num_threads().max(browse.tabs());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|e| Error::Internal(e.to_string()))?;
    let read = |site: &&Site| {
        let observed =
            if site.retired { observe::retired(run, site) } else { folder(run, needs, site, runtime, browse) };
        run.progress.done(observed.gap.is_some());
        observed
    };
    Ok(pool.install(|| sites.par_iter().map(read).collect()))
}

fn folder(run: &Run, needs: &Needs, site: &Site, runtime: &Runtime, browse: &Browse) -> Observed {
    let (files, after) = keep::folder(run, site);
    let acquired = observe::folder(run, needs, site, files);
    let mut facts = match &after {
        After::Recalled(told) => told.browser.clone(),
        After::Nothing | After::Keep(..) => None,
    };
    let mut observed = observe::judged(run, site, &acquired, facts.as_deref());
    if !matches!(after, After::Recalled(_))
        && let Some(seen) = runtime.block_on(browse.folder(site, &acquired, &observed))
    {
        observed = observe::judged(run, site, &acquired, Some(&seen));
        facts = Some(seen);
    }
    after.settle(run, site, &mut observed, facts);
    observed
}

fn is_online(run: &Run, site: &Site) -> bool {
    !site.retired && site.url.is_some() && (run.deployed || site.source.is_none())
}

fn visit_all(
    run: &Arc<Run>,
    needs: &Arc<Needs>,
    sites: &[&Site],
    runtime: &Runtime,
    browse: &Arc<Browse>,
) -> Result<Vec<Observed>, Error> {
    if sites.is_empty() {
        return Ok(Vec::new());
    }
    let recalls = |site: &Site| run.recording.as_ref().is_some_and(|r| r.recalls(&site.id));
    let asked: Vec<&Site> = sites.iter().copied().filter(|s| !recalls(s)).collect();
    // Where all is recalled there is nothing that could ask.
    let client = match asked.as_slice() {
        [] => None,
        asked => Some(Arc::new(Client::new(run.net.clone(), asked)?.recording(run.recording.clone()))),
    };
    runtime.block_on(Rounds::new(run, needs, client, sites, browse).run())
}

/// Sites in the order of their turns: all have their first try before any has its second, and a portal's sites wait for
/// those of other portals, since many of them lie on one server.
struct Rounds {
    run: Arc<Run>,
    needs: Arc<Needs>,
    client: Option<Arc<Client>>,
    browse: Arc<Browse>,
    sites: Vec<Site>,
    /// Turns as places in `sites`.
    order: Vec<usize>,
    /// By round and turn: from when on, and the visit once it has begun.
    waiting: BTreeMap<(u32, usize), (Instant, Option<Going>)>,
    seen: Vec<Option<Observed>>,
}

impl Rounds {
    fn new(
        run: &Arc<Run>,
        needs: &Arc<Needs>,
        client: Option<Arc<Client>>,
        sites: &[&Site],
        browse: &Arc<Browse>,
    ) -> Self {
        let now = Instant::now();
        Self {
            run: run.clone(),
            needs: needs.clone(),
            client,
            browse: browse.clone(),
            sites: sites.iter().map(|s| (*s).clone()).collect(),
            order: order::spread(&run.estate, sites),
            waiting: (0..sites.len()).map(|turn| ((0, turn), (now, None))).collect(),
            seen: sites.iter().map(|_| None).collect(),
        }
    }

    async fn run(mut self) -> Result<Vec<Observed>, Error> {
        let mut visits: JoinSet<(u32, usize, Result<Ended, Error>)> = JoinSet::new();
        loop {
            while visits.len() < self.run.jobs.max(1)
                && let Some((round, turn, going)) = self.next()
            {
                let (run, needs, browse) = (self.run.clone(), self.needs.clone(), self.browse.clone());
                let going = match going {
                    Some(going) => going,
                    None => Going::new(&run, self.client.as_ref(), &self.sites[self.order[turn]])?,
                };
                visits.spawn(async move { (round, turn, going.round(&run, &needs, &browse).await) });
            }
            let soonest = self.waiting.values().map(|(from, _)| *from).min();
            match (visits.is_empty(), soonest) {
                (true, None) => break,
                (true, Some(from)) => self.wait(from).await,
                (false, soonest) => {
                    let wake = soonest.filter(|_| visits.len() < self.run.jobs.max(1));
                    tokio::select! {
                        ended = visits.join_next() => {
                            if let Some(ended) = ended {
                                self.ended(ended)?;
                            }
                        }
                        () = tokio::time::sleep_until(wake.unwrap_or_else(Instant::now)), if wake.is_some() => {}
                    }
                }
            }
        }
        Ok(self.seen.into_iter().flatten().collect())
    }

    /// The next site whose time has come; once the run is to stop, every time has.
    fn next(&mut self) -> Option<(u32, usize, Option<Going>)> {
        let (now, stopping) = (Instant::now(), self.run.is_stopping());
        let key = self.waiting.iter().find(|(_, (from, _))| stopping || *from <= now).map(|(key, _)| *key)?;
        let (_, going) = self.waiting.remove(&key)?;
        Some((key.0, key.1, going))
    }

    async fn wait(&self, until: Instant) {
        tokio::select! {
            () = tokio::time::sleep_until(until) => {}
            () = stopped(&self.run) => {}
        }
    }

    fn ended(&mut self, ended: Result<(u32, usize, Result<Ended, Error>), JoinError>) -> Result<(), Error> {
        let (round, turn, ended) = match ended {
            Ok(ended) => ended,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(error) => return Err(Error::Internal(error.to_string())),
        };
        match ended? {
            Ended::Again(going, wait) => {
                self.waiting.insert((round + 1, turn), (Instant::now() + wait, Some(*going)));
            }
            Ended::Done(observed) => {
                self.run.progress.done(observed.gap.is_some());
                self.seen[self.order[turn]] = Some(*observed);
            }
        }
        Ok(())
    }
}

/// Returns once the user has asked to stop, or the run's time is over.
async fn stopped(run: &Run) {
    while !run.is_stopping() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

impl Run {
    /// Whether no further site is to be visited.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed) || self.is_late()
    }
}
