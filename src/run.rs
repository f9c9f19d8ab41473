//! What a run was asked to do, resolved: policies, sites, limits. Turns flags and files into one value that
//! every stage reads; never does any of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use crate::acquire::Needs;
use crate::acquire::browser::BrowserOptions;
use crate::acquire::fetch::NetOptions;
use crate::acquire::record::Recording;
use crate::governance::{Decisions, Partly, Scope};
use crate::policy::{Check, Date, LoadedPolicy, Pages, Rule};
use crate::report::FailOn;
use crate::score::Gates;
pub use crate::site::Applies;
use crate::site::{Estate, Recorded, Role, Shard};

/// Everything a run needs to know.
#[derive(Debug)]
pub struct Run {
    /// The policies.
    pub policies: Vec<LoadedPolicy>,
    /// All sites that are known, also those outside the shard.
    pub estate: Arc<Estate>,
    /// Ids of the sites to judge, in declared order.
    pub judged: Vec<String>,
    /// Set when the sites were given as targets, not by a sites file.
    pub ad_hoc: bool,
    /// Which part of the sites file.
    pub shard: Option<Shard>,
    /// The pipeline's own number for this run and the sites that were chosen, shared by its shards.
    pub pipeline: Option<String>,
    /// What was recorded of each site when it was last accepted.
    pub recorded: BTreeMap<String, Recorded>,
    /// Visit the address although there is a folder.
    pub deployed: bool,
    /// The user's choice of pages.
    pub pages: Option<Vec<Pages>>,
    /// Most pages of one site, when the user says so.
    pub max_pages: Option<usize>,
    /// Rules to judge; empty for all.
    pub only: BTreeSet<String>,
    /// Rules to leave out.
    pub skip: BTreeSet<String>,
    /// Which sites are shown to a browser.
    pub browsing: Browsing,
    /// From which severity on a failure fails the run.
    pub fail_on: FailOn,
    /// Every inconclusive finding leaves the run open.
    pub strict: bool,
    /// What scores must reach.
    pub gates: Gates,
    /// Sites visited at a time.
    pub jobs: usize,
    /// The network.
    pub net: NetOptions,
    /// When the run began, UTC.
    pub now: jiff::Timestamp,
    /// Whether durations are measured; golden files want none.
    pub timed: bool,
    /// Set by the first Ctrl-C.
    pub cancelled: Arc<AtomicBool>,
    /// When the run's time is over.
    pub deadline: Option<Instant>,
    /// How far it has come.
    pub progress: Arc<Progress>,
    /// Where what is seen is kept, or was.
    pub recording: Option<Arc<Recording>>,
    /// What people decided about its findings.
    pub decisions: Decisions,
}

/// Which sites are shown to a browser.
#[derive(Debug, Clone)]
pub enum Browsing {
    /// None: nobody asked for it, or there is no browser.
    None,
    /// None, although a browser was required.
    Missing,
    /// Those whose bytes leave a rule open.
    WhereOpen(Arc<BrowserOptions>),
    /// All.
    Always(Arc<BrowserOptions>),
}

/// How far a run has come, for whoever waits for it.
#[derive(Debug, Default)]
pub struct Progress {
    /// Sites to judge.
    pub sites: AtomicUsize,
    /// Sites done.
    pub done: AtomicUsize,
    /// Of those, sites that could not be read.
    pub unread: AtomicUsize,
}

impl Progress {
    /// So many sites are to be judged.
    pub fn begin(&self, sites: usize) {
        self.sites.store(sites, Ordering::Relaxed);
    }

    /// One more site is done.
    pub fn done(&self, unread: bool) {
        self.unread.fetch_add(usize::from(unread), Ordering::Relaxed);
        self.done.fetch_add(1, Ordering::Relaxed);
    }
}

impl Run {
    /// Whether the run's time is over.
    #[must_use]
    pub fn is_late(&self) -> bool {
        self.deadline.is_some_and(|at| Instant::now() >= at)
    }

    /// What the decisions of people can be about in this run, and the day they are judged on.
    #[must_use]
    pub fn scope(&self, partly: Partly) -> Scope<'_> {
        Scope {
            partly,
            today: Date::in_vietnam(self.now),
            estate: &self.estate,
            judged: self.judged.iter().map(String::as_str).collect(),
            // What a shard leaves to the merge, nobody's decision has missed yet.
            rules: self
                .policies
                .iter()
                .flat_map(|p| self.rules(p))
                .filter(|r| self.shard.is_none() || !r.check.is_estate_wide())
                .map(|r| r.id.as_str())
                .collect(),
            weakened: self
                .policies
                .iter()
                .flat_map(|p| &p.weakened)
                .filter(|w| w.leave.is_some())
                .map(|w| w.rule.as_str())
                .collect(),
        }
    }

    /// The rules of a policy that this run judges.
    pub fn rules<'a>(&'a self, policy: &'a LoadedPolicy) -> impl Iterator<Item = &'a Rule> {
        policy
            .policy
            .rules
            .iter()
            .filter(|r| (self.only.is_empty() || self.only.contains(&r.id)) && !self.skip.contains(&r.id))
    }

    /// Which facts the rules want.
    #[must_use]
    pub fn needs(&self) -> Needs {
        let mut needs = Needs::default();
        for loaded in &self.policies {
            needs.trackers.extend(loaded.policy.trackers.iter().map(|(n, t)| (n.clone(), t.clone())));
            for deferred in &loaded.policy.deferred_types {
                if !needs.deferred_types.contains(deferred) {
                    needs.deferred_types.push(deferred.clone());
                }
            }
            for check in self.rules(loaded).flat_map(|r| r.check.walk()) {
                match check {
                    Check::Element(element) if !needs.selectors.contains(&element.selector) => {
                        needs.selectors.push(element.selector.clone());
                    }
                    Check::Transport(transport) => needs.plain_http |= transport.https == Some(true),
                    _ => {}
                }
            }
        }
        needs
    }

    /// Which pages the rules want beside the home page.
    #[must_use]
    pub fn wanted_pages(&self) -> Vec<Pages> {
        let per_page = |r: &&Rule| crate::check::looks_at_pages(&r.check);
        let rules: Vec<&Rule> = self.policies.iter().flat_map(|p| self.rules(p)).filter(per_page).collect();
        match &self.pages {
            _ if rules.is_empty() => vec![Pages::Home],
            Some(chosen) => chosen.clone(),
            None => rules.iter().map(|r| r.pages.clone()).collect(),
        }
    }

    /// Whether a rule asks something of a role. A target without a role is asked what every portal and
    /// component is asked; the rest has nothing to ask of it.
    #[must_use]
    pub fn applies(rule: &Rule, role: Option<Role>) -> Applies {
        Applies::of(&rule.applies_to, role)
    }
}
