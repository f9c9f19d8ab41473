//! Visits every site of a run and hands back what each gave, in declared order. Folders are read on all cores;
//! addresses are visited side by side. The only stage that touches disk and network for facts.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};
use tokio::sync::Semaphore;
use url::Url;

use crate::acquire::fetch::Client;
use crate::acquire::{Needs, page};
use crate::error::Error;
use crate::finding::{Basis, Place};
use crate::observe::{self, Home, Observed};
use crate::run::Run;
use crate::site::{Site, shown};
use crate::snapshot::{Attempted, Gap, Page, Visit};

/// Most pages a home page may send its visitor on to.
const MOST_REFRESHES: usize = 5;

/// Visits the sites of a run.
///
/// # Errors
/// When the network cannot be set up as asked.
pub fn gather(run: &Arc<Run>, needs: &Arc<Needs>) -> Result<Vec<Observed>, Error> {
    let sites: Vec<&Site> = run.judged.iter().filter_map(|id| run.estate.site(id)).collect();
    let (online, offline): (Vec<&Site>, Vec<&Site>) = sites.iter().partition(|s| is_online(run, s));
    let mut visited = visit_all(run, needs, &online)?.into_iter();
    let mut read = offline.par_iter().map(|s| observe::folder(run, needs, s)).collect::<Vec<_>>().into_iter();
    Ok(sites.iter().filter_map(|s| if is_online(run, s) { visited.next() } else { read.next() }).collect())
}

fn is_online(run: &Run, site: &Site) -> bool {
    !site.retired && site.url.is_some() && (run.deployed || site.source.is_none())
}

fn visit_all(run: &Arc<Run>, needs: &Arc<Needs>, sites: &[&Site]) -> Result<Vec<Observed>, Error> {
    if sites.is_empty() {
        return Ok(Vec::new());
    }
    let client = Arc::new(Client::new(run.net.clone(), sites)?);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| Error::Internal(e.to_string()))?;
    let turns = Arc::new(Semaphore::new(run.jobs.max(1)));
    runtime.block_on(async {
        let tasks: Vec<_> = sites
            .iter()
            .map(|site| {
                let (run, needs, client, turns) = (run.clone(), needs.clone(), client.clone(), turns.clone());
                let site = (*site).clone();
                tokio::spawn(async move {
                    let _turn = turns.acquire().await;
                    visit(run, needs, client, site).await
                })
            })
            .collect();
        let mut observed = Vec::with_capacity(tasks.len());
        for task in tasks {
            observed.push(task.await.map_err(|e| Error::Internal(e.to_string()))?);
        }
        Ok(observed)
    })
}

/// One site: its home page with the files it loads, then its findings.
async fn visit(run: Arc<Run>, needs: Arc<Needs>, client: Arc<Client>, site: Site) -> Observed {
    let begun = Instant::now();
    let (visit, page) = if run.cancelled.load(Ordering::Relaxed) {
        (Visit::default(), Err(Gap::Cancelled))
    } else {
        tokio::select! {
            seen = home(&run, &needs, &client, &site) => seen,
            () = cancelled(&run) => (Visit::default(), Err(Gap::Cancelled)),
        }
    };
    let address = visit.final_url.clone().or_else(|| site.url.as_ref().map(shown));
    let at = address.map(|url| Place { url: Some(url), ..Place::default() });
    let home = Home { page, visit, basis: Basis::Http, code: None, detail: None, at };
    match tokio::task::spawn_blocking(move || observe::fetched(&run, &site, home, begun)).await {
        Ok(observed) => observed,
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    }
}

/// Returns once the user has asked to stop.
async fn cancelled(run: &Run) {
    while !run.cancelled.load(Ordering::Relaxed) {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

/// The home page; a same-site meta refresh or plain script redirect in it is followed.
async fn home(run: &Arc<Run>, needs: &Arc<Needs>, client: &Arc<Client>, site: &Site) -> (Visit, Result<Page, Gap>) {
    let Some(mut at) = site.url.clone() else { return (Visit::default(), Err(Gap::NoData)) };
    let mut seen: Vec<Url> = Vec::new();
    let mut hops: Vec<Attempted> = Vec::new();
    loop {
        let (mut visit, answer) = client.home(site, &at).await;
        hops.append(&mut visit.hops);
        visit.hops.clone_from(&hops);
        let answer = match answer {
            Ok(answer) => answer,
            Err(gap) => return (visit, Err(gap)),
        };
        let (needs, files, owner) = (needs.clone(), client.clone(), site.clone());
        let handle = tokio::runtime::Handle::current();
        let reading = tokio::task::spawn_blocking(move || {
            page::of_answer(&answer, &needs, &|url| handle.block_on(files.file(&owner, url)))
        });
        let page = match reading.await {
            Ok(Ok(page)) => page,
            Ok(Err(gap)) => return (visit, Err(gap)),
            Err(panic) => std::panic::resume_unwind(panic.into_panic()),
        };
        seen.push(page.address.clone());
        let Some(to) = page.sends_to() else { return (visit, Ok(page)) };
        match client.next(site, &page.address, to.as_str(), &[]) {
            Ok(next) if next == page.address => return (visit, Ok(page)),
            Ok(next) if seen.contains(&next) || seen.len() > MOST_REFRESHES.min(run.net.max_redirects) => {
                return (visit, Err(Gap::RedirectLoop));
            }
            Ok(next) => {
                hops.push(Attempted { url: page.address.to_string(), status: None });
                at = next;
            }
            Err(gap) => return (visit, Err(gap)),
        }
    }
}
