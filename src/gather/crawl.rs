//! The pages of a deployed site beside its home page: reached over links and site maps in a fixed order, as far as
//! robots.txt allows and the limit reaches, each judged and dropped as it goes by.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use url::Url;

use super::reader::reading;
use crate::acquire::fetch::{Answer, Visitor};
use crate::acquire::robots::Robots;
use crate::acquire::wanted::Wanted;
use crate::acquire::{Needs, page, sitemap};
use crate::error::Error;
use crate::observe::Others;
use crate::policy::Pages;
use crate::run::Run;
use crate::site::{host_key, shown};
use crate::snapshot::{Gap, LinkForm, Page};

/// Pages of one deployed site that are read when the user says nothing else, the home page among them.
const MOST_PAGES: usize = 200;
/// Addresses asked for, for each page wanted: what looks like a page may be a document or gone.
const ASKED_PER_PAGE: usize = 3;
/// Different addresses remembered of one site; pages made to be endless would fill the memory.
const MOST_MET: usize = 200_000;
/// Pages in a row that fail in passing, after which a server is left alone: it would hold a run for hours.
const MOST_IN_A_ROW: usize = 16;
/// Pages asked for side by side; the turns at the server are fewer.
const BATCH: usize = 16;
/// Site maps read of one site.
const MOST_SITEMAPS: usize = 50;
/// Site maps that may fail before the rest is left out: each may take all its tries.
const MOST_FAILED: usize = 3;
/// Longest wait between two pages that a robots.txt can impose.
const LONGEST_DELAY: Duration = Duration::from_secs(10);
/// Files that are no pages, by the end of their names: asking for them would only spend the limit.
const NO_PAGES: &[&str] = &[
    "7z", "apk", "avi", "bmp", "css", "csv", "doc", "docx", "eot", "exe", "gif", "gz", "ico", "jpeg", "jpg", "js",
    "json", "mov", "mp3", "mp4", "ods", "odt", "ogg", "otf", "pdf", "png", "ppt", "pptx", "rar", "rss", "svg", "swf",
    "tar", "tif", "tiff", "ttf", "txt", "wav", "webm", "webp", "wmv", "woff", "woff2", "xls", "xlsx", "xml", "zip",
];

/// One address that may be a page of the site, as it is compared: scheme and `www.` do not matter.
type Identity = (Option<String>, Option<u16>, String, Option<String>);

fn identity(url: &Url) -> Identity {
    (host_key(url), url.port(), url.path().to_owned(), url.query().map(str::to_owned))
}

/// What one address gave.
enum Gave {
    /// A page or part of one, what it adds, and where it leads.
    Page { at: Url, others: Box<Others>, leads: Vec<Url> },
    /// No page of this site: a document, a page that is gone, another site.
    Nothing(Gap),
    /// It could not be read.
    Unread(Gap),
}

/// The crawl of one site.
pub(super) struct Crawl {
    run: Arc<Run>,
    needs: Arc<Needs>,
    visitor: Arc<Visitor>,
    wanted: Wanted,
    robots: Robots,
    /// Every address that was met, as written: most links of a site repeat on each page.
    met: HashSet<Url>,
    known: HashSet<Identity>,
    waiting: VecDeque<Url>,
    named: Vec<Url>,
    others: Others,
    judged: usize,
    asked: usize,
}

impl Crawl {
    /// Reads the pages of a site beside its home page; nothing when no rule and no user wants them.
    pub(super) async fn of(
        run: &Arc<Run>,
        needs: &Arc<Needs>,
        visitor: &Arc<Visitor>,
        home: &Page,
    ) -> Result<Others, Error> {
        let wanted = Wanted::of(&run.wanted_pages());
        if !wanted.is_more_than_home() {
            return Ok(Others::default());
        }
        let mut crawl = Self {
            run: run.clone(),
            needs: needs.clone(),
            visitor: visitor.clone(),
            wanted,
            robots: Robots::allow_all(),
            met: HashSet::new(),
            known: HashSet::from([identity(&home.address)]),
            waiting: VecDeque::new(),
            named: Vec::new(),
            others: Others::default(),
            judged: 1,
            asked: 0,
        };
        if let Some(start) = &visitor.site().url {
            crawl.known.insert(identity(start));
        }
        // A page that is named needs no link, and nobody's leave.
        crawl.named = named(&run.wanted_pages(), &home.address);
        crawl.add(crawl.named.clone());
        crawl.robots = match visitor.robots(&home.address).await {
            Ok(robots) => robots,
            // What a recording lacks is missed page by page.
            Err((_, Gap::NoData)) => Robots::allow_all(),
            // What cannot be read may forbid anything.
            Err(_) => Robots::disallow_all(),
        };
        crawl.add(leads(home));
        let maps = crawl.sitemaps(&home.address).await;
        crawl.add(maps);
        crawl.walk().await?;
        Ok(crawl.others)
    }

    /// Pages that site maps name, in their order.
    async fn sitemaps(&self, home: &Url) -> Vec<Url> {
        let named = self.robots.sitemaps().iter().filter_map(|s| Url::parse(s).ok());
        let mut files: VecDeque<Url> = named.filter(|url| self.visitor.is_own(url)).collect();
        if files.is_empty() {
            files.extend(home.join("/sitemap.xml"));
        }
        let (mut read, mut pages) = (HashSet::new(), Vec::new());
        let mut failed = 0;
        while let Some(file) = files.pop_front().filter(|_| failed < MOST_FAILED) {
            if read.len() >= MOST_SITEMAPS || !self.robots.allows(&file) || !read.insert(file.clone()) {
                continue;
            }
            let Ok(answer) = self.visitor.patiently(&file, false).await else {
                failed += 1;
                continue;
            };
            let map = sitemap::read(&answer.body, &answer.url);
            match map.kind {
                sitemap::Kind::Index => files.extend(map.addresses.into_iter().filter(|url| self.visitor.is_own(url))),
                sitemap::Kind::Pages => pages.extend(map.addresses),
                sitemap::Kind::Neither => {}
            }
        }
        pages
    }

    /// Remembers addresses that are wanted pages of the site, each once.
    fn add(&mut self, addresses: Vec<Url>) {
        for url in addresses {
            if self.met.contains(&url) {
                continue;
            }
            if self.met.len() >= MOST_MET {
                self.others.covered.beyond_limit += 1;
                continue;
            }
            self.met.insert(url.clone());
            if !self.visitor.is_page_of_own(&url) || is_file(&url) || !self.known.insert(identity(&url)) {
                continue;
            }
            if !self.wanted.takes(url.path().trim_start_matches('/')) {
                continue;
            }
            if self.robots.allows(&url) {
                self.waiting.push_back(url);
            } else {
                self.others.covered.robots += 1;
            }
        }
    }

    async fn walk(&mut self) -> Result<(), Error> {
        let most = self.run.max_pages.unwrap_or(MOST_PAGES);
        let mut again: Vec<(Url, Gap)> = Vec::new();
        let (mut round, retries) = (0, self.visitor.manner().retries);
        let mut in_a_row = 0;
        loop {
            let room = most.saturating_sub(self.judged).min((most * ASKED_PER_PAGE).saturating_sub(self.asked));
            let apart = self.robots.crawl_delay().map(|d| d.min(LONGEST_DELAY));
            let side_by_side = if apart.is_some() { 1 } else { BATCH };
            let batch: Vec<Url> = (0..room.min(side_by_side)).map_while(|_| self.waiting.pop_front()).collect();
            if batch.is_empty() || in_a_row >= MOST_IN_A_ROW {
                self.put_first(batch);
                let wait = self.visitor.again().filter(|_| !again.is_empty() && room > 0);
                let Some(wait) = wait.filter(|_| round < retries) else { break };
                self.visitor.pause(wait).await;
                self.visitor.next_round();
                (round, in_a_row) = (round + 1, 0);
                self.put_first(again.drain(..).map(|(url, _)| url).collect());
                continue;
            }
            self.asked += batch.len();
            for (url, gave) in self.side_by_side(batch).await? {
                let failed = matches!(&gave, Gave::Unread(gap) if may_pass(*gap));
                in_a_row = if failed { in_a_row + 1 } else { 0 };
                match gave {
                    Gave::Page { at, others, leads } => {
                        // Another address led to the same page.
                        if identity(&at) != identity(&url) && !self.known.insert(identity(&at)) {
                            continue;
                        }
                        self.judged += 1;
                        self.others = std::mem::take(&mut self.others).join(*others);
                        self.add(leads);
                    }
                    // Links may be stale; a page that somebody named is missed.
                    Gave::Nothing(gap) if self.named.contains(&url) => self.others.unread(shown(&url), gap),
                    Gave::Nothing(_) => {}
                    Gave::Unread(gap) if round < retries && may_pass(gap) => again.push((url, gap)),
                    Gave::Unread(gap) => self.others.unread(shown(&url), gap),
                }
            }
            if let Some(apart) = apart {
                self.visitor.pause(apart).await;
            }
        }
        for (url, gap) in again {
            self.others.unread(shown(&url), gap);
        }
        self.others.covered.beyond_limit += self.waiting.len() as u64;
        Ok(())
    }

    fn put_first(&mut self, pages: Vec<Url>) {
        for url in pages.into_iter().rev() {
            self.waiting.push_front(url);
        }
    }

    /// Asks for pages side by side; the answers keep the order of the questions.
    async fn side_by_side(&self, batch: Vec<Url>) -> Result<Vec<(Url, Gave)>, Error> {
        let mut asking = JoinSet::new();
        // More than the server has turns would only wait here, with their bodies.
        let window = Arc::new(Semaphore::new(self.run.net.per_host.max(1)));
        for (k, url) in batch.iter().cloned().enumerate() {
            let (run, needs, visitor) = (self.run.clone(), self.needs.clone(), self.visitor.clone());
            let window = window.clone();
            asking.spawn(async move {
                let _place = window.acquire().await;
                (k, one(&run, &needs, &visitor, &url).await)
            });
        }
        let mut gave: Vec<Option<Gave>> = batch.iter().map(|_| None).collect();
        while let Some(asked) = asking.join_next().await {
            let (k, one) = asked.map_err(|e| Error::Internal(e.to_string()))?;
            gave[k] = Some(one?);
        }
        Ok(batch.into_iter().zip(gave.into_iter().flatten()).collect())
    }
}

async fn one(run: &Arc<Run>, needs: &Arc<Needs>, visitor: &Arc<Visitor>, url: &Url) -> Result<Gave, Error> {
    let answer = match visitor.passing(url).await.1 {
        Ok(answer) => answer,
        Err(fault) => return Ok(of_gap(fault.gap)),
    };
    let (run, needs, visitor) = (run.clone(), needs.clone(), visitor.clone());
    reading(move |reader| {
        let files = |url: &Url| reader.file(&visitor, url);
        judged(&run, &needs, &visitor, &answer, &files)
    })
    .await
}

fn judged(
    run: &Run,
    needs: &Needs,
    visitor: &Visitor,
    answer: &Answer,
    files: &dyn Fn(&Url) -> crate::acquire::Fetched,
) -> Gave {
    let name = answer.url.path().trim_start_matches('/').to_owned();
    let page = match page::of_answer(answer, needs, page::Kind::Linked, files, &visitor.scripts) {
        Ok(page) => page,
        Err(gap) => return of_gap(gap),
    };
    let mut others = Others::default();
    if page.fragment {
        others.fragment(shown(&page.address));
    } else {
        others.judged(run, visitor.site(), &page, &name);
    }
    Gave::Page { at: page.address.clone(), leads: leads(&page), others: Box::new(others) }
}

/// A page that is gone, or no page, or another site's, was never a page of this one.
fn of_gap(gap: Gap) -> Gave {
    match gap {
        gap @ (Gap::NotFound
        | Gap::Soft404
        | Gap::NotHtml
        | Gap::Empty
        | Gap::RedirectOffSite
        | Gap::PrivateAddress) => Gave::Nothing(gap),
        gap => Gave::Unread(gap),
    }
}

/// Whether a later try may help; the visitor knows exactly, this only keeps the rest from waiting.
fn may_pass(gap: Gap) -> bool {
    matches!(
        gap,
        Gap::Dns
            | Gap::Refused
            | Gap::Reset
            | Gap::Timeout
            | Gap::ProtocolError
            | Gap::Proxy
            | Gap::RateLimited
            | Gap::ServerError
    )
}

/// Where the links of a page lead, as written.
fn leads(page: &Page) -> Vec<Url> {
    let mut written = HashSet::new();
    let literal = page.links.iter().filter(|link| link.form != LinkForm::ScriptUnknown);
    let once = literal.filter(|link| !link.href.starts_with('#') && written.insert(link.href.as_str()));
    let mut leads: Vec<Url> = once.filter_map(|link| page.base.join(&link.href).ok()).collect();
    leads.extend(page.sends_to());
    leads.retain(|url| matches!(url.scheme(), "http" | "https"));
    for url in &mut leads {
        url.set_fragment(None);
    }
    leads
}

/// Pages that are wanted by their names, not by a pattern.
fn named(wanted: &[Pages], home: &Url) -> Vec<Url> {
    let plain = wanted.iter().filter_map(|pages| match pages {
        Pages::Glob(glob) if !glob.starts_with('!') && !glob.contains(['*', '?', '[', '{']) => Some(glob),
        _ => None,
    });
    plain.filter_map(|name| home.join(&format!("/{}", name.trim_start_matches('/'))).ok()).collect()
}

fn is_file(url: &Url) -> bool {
    let name = url.path().rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').is_some_and(|(_, end)| NO_PAGES.contains(&end.to_ascii_lowercase().as_str()))
}
