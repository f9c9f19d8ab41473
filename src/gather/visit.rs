//! One round of one site's visit: its home page, the files it loads, the links that have to be followed; then its
//! findings, unless a further round may see more.

use std::sync::Arc;
use std::time::{Duration, Instant};

use url::Url;

use super::browse::Browse;
use super::crawl::Crawl;
use super::detail::detail;
use super::keep::{self, Told};
use super::reader::reading;
use super::stopped;
use crate::acquire::fetch::{Answer, Cause, Client, Fault, Visitor};
use crate::acquire::record::Recalled;
use crate::acquire::{Needs, page};
use crate::error::Error;
use crate::finding::{Basis, Place};
use crate::observe::{self, Acquired, Home, Observed, Others};
use crate::run::Run;
use crate::site::{Site, shown};
use crate::snapshot::{Attempted, BrowserFacts, Gap, Page, Visit};

/// Most pages a home page may send its visitor on to.
const MOST_REFRESHES: usize = 5;

/// A visit that has begun.
#[derive(Debug)]
pub(super) struct Going {
    visitor: Arc<Visitor>,
    /// Set when it is recalled from a recording.
    told: Option<Told>,
    begun: Instant,
}

/// How a round ended.
pub(super) enum Ended {
    /// Another round may see more, after this long.
    Again(Box<Going>, Duration),
    /// All is seen that can be.
    Done(Box<Observed>),
}

/// What was seen of a home page.
struct Seen {
    visit: Visit,
    page: Result<Page, Fault>,
    others: Others,
}

impl Seen {
    fn not(fault: impl Into<Fault>) -> Self {
        Self { visit: Visit::default(), page: Err(fault.into()), others: Others::default() }
    }
}

impl Going {
    pub(super) fn new(run: &Run, client: Option<&Arc<Client>>, site: &Site) -> Result<Self, Error> {
        let (visitor, told) = match (keep::recalled(run, site), client) {
            (Some((recording, facts, told)), _) => {
                (Visitor::recalled(Recalled::new(&recording, facts), site), Some(told))
            }
            (None, Some(client)) => (Visitor::new(client, site)?, None),
            (None, None) => return Err(Error::Internal(format!("nobody can visit {}", site.id))),
        };
        Ok(Self { visitor: Arc::new(visitor.among(&run.estate)), told, begun: Instant::now() })
    }

    pub(super) async fn round(self, run: &Arc<Run>, needs: &Arc<Needs>, browse: &Browse) -> Result<Ended, Error> {
        let seen = if run.is_stopping() {
            Seen::not(stop(run))
        } else {
            tokio::select! {
                seen = whole(run, needs, &self.visitor) => seen?,
                () = stopped(run) => Seen::not(stop(run)),
            }
        };
        if let Some(wait) = self.visitor.again().filter(|_| !run.is_stopping()) {
            self.visitor.next_round();
            return Ok(Ended::Again(Box::new(self), wait));
        }
        let (home, others) = told(self.visitor.site(), seen);
        let acquired = Arc::new(Acquired { home, others, begun: self.begun });
        let recalled = self.told.as_ref().and_then(|told| told.browser.clone());
        let (mut observed, mut browser) = judged(run, &self.visitor, &acquired, recalled).await?;
        if self.told.is_none()
            && let Some(facts) = browse.web(&self.visitor, &acquired, &observed).await
        {
            (observed, browser) = judged(run, &self.visitor, &acquired, Some(facts)).await?;
        }
        // What was seen up to here is all that could be seen, or a part.
        let uncut = !run.is_stopping();
        let facts = self.visitor.finish();
        match (&self.told, facts, &run.recording) {
            (Some(told), ..) => told.durations(&mut observed.findings),
            (None, Some(facts), Some(recording)) if uncut => {
                let (recording, site) = (recording.clone(), self.visitor.site().clone());
                observed = reading(move |_| {
                    keep::finish(&recording, &site, facts, browser, &observed);
                    observed
                })
                .await?;
            }
            _ => {}
        }
        Ok(Ended::Done(Box::new(observed)))
    }
}

/// Judges a site with what a browser saw of it, and hands that back.
async fn judged(
    run: &Arc<Run>,
    visitor: &Arc<Visitor>,
    acquired: &Arc<Acquired>,
    facts: Option<Box<BrowserFacts>>,
) -> Result<(Observed, Option<Box<BrowserFacts>>), Error> {
    let (run, visitor, acquired) = (run.clone(), visitor.clone(), acquired.clone());
    reading(move |_| (observe::judged(&run, visitor.site(), &acquired, facts.as_deref()), facts)).await
}

fn stop(run: &Run) -> Fault {
    let cause = run.is_late().then_some(Cause::Deadline);
    Fault { gap: Gap::Cancelled, cause }
}

/// A home page, or why there is none, as judges want it.
fn told(site: &Site, seen: Seen) -> (Home, Others) {
    let Seen { visit, page, others } = seen;
    let address = visit.final_url.clone().or_else(|| site.url.as_ref().map(shown));
    let at = address.map(|url| Place { url: Some(url), ..Place::default() });
    let fault = page.as_ref().err().copied();
    let home = Home {
        code: fault.and_then(|f| f.cause).map(Cause::code),
        detail: fault.and_then(|f| detail(f, &visit)),
        page: page.map_err(|f| f.gap),
        visit,
        basis: Basis::Http,
        at,
    };
    (home, others)
}

/// The home page, then the other pages that are wanted, unless the home page is asked for again anyway.
async fn whole(run: &Arc<Run>, needs: &Arc<Needs>, visitor: &Arc<Visitor>) -> Result<Seen, Error> {
    let mut seen = home(needs, visitor).await;
    if let Ok(page) = seen.page {
        seen.page = Ok(followed(run, visitor, page).await?);
    }
    if needs.plain_http && visitor.again().is_none() {
        seen.visit.plain = visitor.plain().await;
    }
    if let Ok(page) = &seen.page
        && visitor.again().is_none()
    {
        seen.others = Crawl::of(run, needs, visitor, page).await?;
        // The crawl had rounds of its own.
        visitor.next_round();
    }
    Ok(seen)
}

/// Follows the links of a home page that may lead to a wanted site under another name.
async fn followed(run: &Arc<Run>, visitor: &Arc<Visitor>, page: Page) -> Result<Page, Error> {
    let (run, site) = (run.clone(), visitor.clone());
    let (mut page, links) = reading(move |_| {
        let links = observe::links_to_follow(&run, site.site(), &page);
        (page, links)
    })
    .await?;
    let mut following = tokio::task::JoinSet::new();
    for link in links {
        let visitor = visitor.clone();
        following.spawn(async move {
            let landing = visitor.landing(&link).await;
            (link, landing)
        });
    }
    while let Some(followed) = following.join_next().await {
        let (link, landing) = followed.map_err(|e| Error::Internal(e.to_string()))?;
        page.landings.insert(link, landing);
    }
    Ok(page)
}

/// A home page without a run, tried again when it fails in passing.
pub(super) async fn look(client: &Arc<Client>, needs: &Arc<Needs>, site: &Site) -> Result<Result<Page, Gap>, Error> {
    let visitor = Arc::new(Visitor::new(client, site)?);
    loop {
        let seen = home(needs, &visitor).await;
        match visitor.again() {
            Some(wait) => {
                visitor.next_round();
                tokio::time::sleep(wait).await;
            }
            None => return Ok(seen.page.map_err(|fault| fault.gap)),
        }
    }
}

/// The home page; a same-site meta refresh or plain script redirect in it is followed.
async fn home(needs: &Arc<Needs>, visitor: &Arc<Visitor>) -> Seen {
    let Some(mut at) = visitor.site().url.clone() else { return Seen::not(Gap::NoData) };
    let mut seen: Vec<Url> = Vec::new();
    let mut hops: Vec<Attempted> = Vec::new();
    loop {
        let (mut visit, answer) = visitor.page(&at).await;
        hops.append(&mut visit.hops);
        visit.hops.clone_from(&hops);
        let page = match answer {
            Ok(answer) => read(needs, visitor, answer).await,
            Err(fault) => Err(fault),
        };
        let page = match page {
            Ok(page) => page,
            Err(fault) => return Seen { visit, ..Seen::not(fault) },
        };
        seen.push(page.address.clone());
        let Some(to) = page.sends_to() else {
            return Seen { visit, page: Ok(page), others: Others::default() };
        };
        let next = match visitor.redirect(&page.address, to.as_str()).await {
            Ok(next) if next == page.address => {
                return Seen { visit, page: Ok(page), others: Others::default() };
            }
            Ok(next) if seen.contains(&next) || seen.len() > MOST_REFRESHES.min(visitor.manner().max_redirects) => {
                Err(Gap::RedirectLoop.into())
            }
            next => next,
        };
        match next {
            Ok(next) => {
                hops.push(Attempted { url: shown(&page.address), status: None });
                at = next;
            }
            Err(fault) => return Seen { visit, ..Seen::not(fault) },
        }
    }
}

/// Reads an answer as a page; the files it loads are fetched side by side before.
async fn read(needs: &Arc<Needs>, visitor: &Arc<Visitor>, answer: Answer) -> Result<Page, Fault> {
    let answer = Arc::new(answer);
    let (first, wanted) = (answer.clone(), needs.clone());
    let files = reading(move |_| page::files_of(&first, &wanted)).await.map_err(|_| Fault::from(Gap::NoData))?;
    let mut loading = tokio::task::JoinSet::new();
    for url in files {
        let visitor = visitor.clone();
        loading.spawn(async move { visitor.file(&url).await });
    }
    while loading.join_next().await.is_some() {}
    let (needs, files) = (needs.clone(), visitor.clone());
    let page = reading(move |reader| {
        page::of_answer(&answer, &needs, page::Kind::Home, &|url| reader.file(&files, url), &files.scripts)
    });
    page.await.map_err(|_| Fault::from(Gap::NoData))?.map_err(Fault::from)
}
