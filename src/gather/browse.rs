//! Which sites are shown to a browser after their bytes were judged, and what answers their requests there. The
//! browser starts with the first site that needs it.

use std::sync::Arc;

use super::stopped;
use crate::acquire::Needs;
use crate::acquire::browser::intercept::Answers;
use crate::acquire::browser::{Ask, Browser};
use crate::acquire::fetch::{Client, Visitor};
use crate::acquire::folder::Folder;
use crate::observe::{self, Acquired, Observed, Wish};
use crate::run::{Browsing, Run};
use crate::site::Site;
use crate::snapshot::{BrowserFacts, Gap};

/// The browser of a run, if sites are shown to one.
#[derive(Debug)]
pub(super) struct Browse {
    run: Arc<Run>,
    needs: Arc<Needs>,
    browser: Option<Browser>,
}

impl Browse {
    pub(super) fn new(run: &Arc<Run>, needs: &Arc<Needs>) -> Self {
        Self {
            run: run.clone(),
            needs: needs.clone(),
            browser: match &run.browsing {
                Browsing::WhereOpen(options) | Browsing::Always(options) => Browser::new(options.clone()).ok(),
                Browsing::None | Browsing::Missing => None,
            },
        }
    }

    /// What is asked of a site; `None` when its bytes are enough, or there are none.
    fn wish(&self, site: &Site, acquired: &Acquired, first: &Observed) -> Option<Wish> {
        let all = match self.run.browsing {
            Browsing::WhereOpen(_) => false,
            Browsing::Always(_) => true,
            Browsing::None | Browsing::Missing => return None,
        };
        acquired.home.page.as_ref().ok()?;
        Some(observe::wish(&self.run, site, first, all)).filter(|wish| !wish.is_empty() && !self.run.is_stopping())
    }
}

impl Browse {
    /// Pages shown at a time.
    pub(super) fn tabs(&self) -> usize {
        self.browser.as_ref().map_or(1, Browser::tabs)
    }

    /// Shows a site's home page as its server sends it.
    pub(super) async fn web(
        &self,
        visitor: &Arc<Visitor>,
        acquired: &Acquired,
        first: &Observed,
    ) -> Option<Box<BrowserFacts>> {
        let wish = self.wish(visitor.site(), acquired, first)?;
        self.show(visitor.site(), Answers::Web(visitor.clone()), acquired, wish).await
    }

    /// Shows a folder's home page at the address the folder will have.
    pub(super) async fn folder(&self, site: &Site, acquired: &Acquired, first: &Observed) -> Option<Box<BrowserFacts>> {
        let wish = self.wish(site, acquired, first)?;
        let folder = Folder::open(site, self.run.net.max_size).ok()?;
        // What the page loads from elsewhere comes from there; nothing of that is the user's own.
        let client = Arc::new(Client::new(self.run.net.clone(), &[]).ok()?);
        let elsewhere = Visitor::of_candidate(&client, site).ok()?;
        self.show(site, Answers::Folder(Arc::new(folder), Arc::new(elsewhere)), acquired, wish).await
    }

    async fn show(&self, site: &Site, answers: Answers, acquired: &Acquired, wish: Wish) -> Option<Box<BrowserFacts>> {
        let (browser, page) = (self.browser.as_ref()?, acquired.home.page.as_ref().ok()?);
        let ask = Ask {
            site,
            page,
            answers,
            trackers: &self.needs.trackers,
            selectors: &self.needs.selectors,
            sites: wish.sites,
            rendered: wish.rendered,
            load: wish.load,
            access: wish.access,
            user_agent: &self.run.net.user_agent,
            patience: self.run.net.timeout,
        };
        tokio::select! {
            facts = browser.show(&ask) => Some(Box::new(facts)),
            () = stopped(&self.run) => {
                let none = |asked: bool| asked.then_some(Gap::Cancelled);
                Some(Box::new(BrowserFacts {
                    product: String::new(),
                    sandboxed: true,
                    trouble: None,
                    rendered: none(ask.rendered).map(Err),
                    load: none(ask.load).map(Err),
                    accessibility: none(!ask.access.is_empty()).map(Err),
                }))
            }
        }
    }

    /// Ends the browser, if it was started.
    pub(super) async fn end(&self) {
        if let Some(browser) = &self.browser {
            browser.end().await;
        }
    }
}
