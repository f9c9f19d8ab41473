//! Runs, newest first, become a trend: only those that can be set beside the newest one, the rest counted with the
//! reason. A run of some sites, some rules, another policy or other sites would move the figures without any site
//! having changed.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::changes::policies;
use super::outline::add;
use super::{Cell, Outline, PolicyOf, RuleOf, Series};
use crate::finding::safe;
use crate::policy::Text;
use crate::report::{Summary, Trend, TrendRule, TrendRun};
use crate::site::Shard;

/// What of the runs is counted; all of it when nothing is named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Rules.
    pub rules: Vec<String>,
    /// Sites.
    pub sites: Vec<String>,
}

/// Why a run is no part of a trend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// A shard of a run.
    Shard,
    /// It judged some sites of the sites file.
    SomeSites,
    /// It judged by some rules of its policies.
    SomeRules,
    /// It was ended before it was done.
    BrokenOff,
    /// Its policies are others than the newest run's.
    OtherPolicies,
    /// It has no site in common with the newest run, or none that is asked for.
    OtherSites,
    /// The same run was judged again later.
    JudgedAgain,
}

/// The names that any run knew.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// Rules.
    pub rules: BTreeSet<String>,
    /// Sites.
    pub sites: BTreeSet<String>,
}

/// What identifies a run.
type Identity = (String, String, Option<(u32, u32)>);

/// A run that counts.
#[derive(Debug)]
struct Kept {
    run: TrendRun,
    policies: Vec<PolicyOf>,
    rules: BTreeSet<RuleOf>,
}

/// A way back through the runs of a history.
#[derive(Debug, Default)]
pub struct Walk {
    asked: Asked,
    newest: Option<Outline>,
    previous: Option<Outline>,
    series: Series,
    kept: Vec<Kept>,
    left_out: BTreeMap<LeftOut, u64>,
    told: HashSet<Identity>,
    seen: Seen,
}

impl Walk {
    /// A way that begins at the newest run that can begin a trend.
    #[must_use]
    pub fn new(asked: Asked) -> Self {
        Self { asked, ..Self::default() }
    }

    /// A way that begins at this run, whatever it is.
    #[must_use]
    pub fn from(run: Outline) -> Self {
        let mut walk = Self::default();
        walk.told.insert(identity(&run));
        walk.see(&run);
        match lacking(&run) {
            None => walk.keep(&run),
            Some(why) => walk.leave_out(why),
        }
        walk.series = Series::of(&run);
        walk.newest = Some(run);
        walk
    }

    /// Goes on with the next older run.
    pub fn older(&mut self, run: Outline) {
        self.see(&run);
        if !self.told.insert(identity(&run)) {
            return self.leave_out(LeftOut::JudgedAgain);
        }
        let why = lacking(&run).or_else(|| self.newest.as_ref().and_then(|newest| differs(newest, &run)));
        // What it saw of a site it saw, however few it judged.
        self.series.older(&run);
        if let Some(why) = why {
            return self.leave_out(why);
        }
        self.keep(&run);
        if self.newest.is_none() {
            self.series = Series::of(&run);
            self.newest = Some(run);
        } else {
            self.previous.get_or_insert(run);
        }
    }

    fn see(&mut self, run: &Outline) {
        self.seen.rules.extend(run.rules.iter().map(|r| r.id.clone()));
        self.seen.sites.extend(run.sites.iter().map(|s| s.id.clone()));
    }

    fn leave_out(&mut self, why: LeftOut) {
        *self.left_out.entry(why).or_default() += 1;
    }

    fn keep(&mut self, run: &Outline) {
        let Asked { rules, sites } = &self.asked;
        let asks_site = |id: &String| sites.is_empty() || sites.contains(id);
        let asks = |cell: &Cell| asks_site(&cell.site) && (rules.is_empty() || rules.contains(&cell.rule));
        let judged = run.sites.iter().filter(|s| asks_site(&s.id)).count();
        if judged == 0 && !sites.is_empty() {
            return self.leave_out(LeftOut::OtherSites);
        }
        let mut by_rule: HashMap<(&str, &str), Summary> = HashMap::new();
        for cell in run.findings.iter().filter(|cell| asks(cell)) {
            add(by_rule.entry((&cell.policy, &cell.rule)).or_default(), cell.verdict);
        }
        let counted = run.rules.iter().filter(|r| rules.is_empty() || rules.contains(&r.id)).map(|r| TrendRule {
            policy: r.policy.clone(),
            rule: r.id.clone(),
            summary: by_rule.get(&(r.policy.as_str(), r.id.as_str())).copied().unwrap_or_default(),
        });
        let told = TrendRun {
            taken_at: run.taken_at.clone(),
            run_id: run.run_id.clone(),
            outcome: run.outcome,
            sites: judged as u64,
            summary: run.counts(asks),
            rules: counted.collect(),
        };
        let rules = run.rules.iter().cloned().collect();
        self.kept.push(Kept { run: told, policies: run.policies.clone(), rules });
    }

    /// The newest run that can be set beside others.
    #[must_use]
    pub fn newest(&self) -> Option<&Outline> {
        self.newest.as_ref()
    }

    /// The last run before it that can be set beside it.
    #[must_use]
    pub fn previous(&self) -> Option<&Outline> {
        self.previous.as_ref()
    }

    /// Since when the newest run's failures fail.
    #[must_use]
    pub fn series(&self) -> &Series {
        &self.series
    }

    /// The names that any run knew.
    #[must_use]
    pub fn seen(&self) -> &Seen {
        &self.seen
    }

    /// The trend, what is to be said of it, and which runs are no part of it.
    #[must_use]
    pub fn trend(mut self) -> (Trend, Vec<Text>, BTreeMap<LeftOut, u64>) {
        // Two runs of one policy, the same to the byte, of which one has fewer rules: it was told to leave some out.
        let digests = |kept: &Kept| kept.policies.iter().map(|p| p.digest.clone()).collect::<BTreeSet<_>>();
        let mut all_rules: HashMap<BTreeSet<String>, BTreeSet<RuleOf>> = HashMap::new();
        for kept in &self.kept {
            all_rules.entry(digests(kept)).or_default().extend(kept.rules.iter().cloned());
        }
        let before = self.kept.len();
        self.kept.retain(|kept| all_rules.get(&digests(kept)) == Some(&kept.rules));
        let narrowed = before - self.kept.len();
        if narrowed > 0 {
            self.left_out.insert(LeftOut::SomeRules, narrowed as u64);
        }
        self.kept.reverse();
        let mut notes = Vec::new();
        for pair in self.kept.windows(2) {
            let [earlier, this] = pair else { continue };
            let at = safe(&this.run.taken_at, 40);
            notes.extend(
                policies(&earlier.policies, &this.policies)
                    .into_iter()
                    .map(|note| Text::new(format!("{at}: {}", note.vi), format!("{at}: {}", note.en))),
            );
        }
        let runs = self.kept.into_iter().map(|kept| kept.run).collect();
        (Trend { runs }, notes, self.left_out)
    }
}

/// Why a run cannot stand in any trend.
fn lacking(run: &Outline) -> Option<LeftOut> {
    if run.shard.is_some() {
        Some(LeftOut::Shard)
    } else if run.is_broken_off() {
        Some(LeftOut::BrokenOff)
    } else if run.is_of_all_sites() {
        None
    } else {
        Some(LeftOut::SomeSites)
    }
}

/// Why a run cannot be set beside the newest one.
fn differs(newest: &Outline, run: &Outline) -> Option<LeftOut> {
    let ids = |run: &Outline| run.policies.iter().map(|p| p.id.clone()).collect::<BTreeSet<_>>();
    if ids(newest) != ids(run) {
        return Some(LeftOut::OtherPolicies);
    }
    let names: HashSet<&str> = newest.sites.iter().map(|s| s.id.as_str()).collect();
    let none = !run.sites.iter().any(|s| names.contains(s.id.as_str()));
    none.then_some(LeftOut::OtherSites)
}

fn identity(run: &Outline) -> Identity {
    (run.taken_at.clone(), run.run_id.clone(), run.shard.map(|Shard { index, of }| (index, of)))
}
