//! The first line of a recording: which run it is of, when, and what makes another run another one. Data and its
//! comparison; nothing is read from disk here.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::policy::{Pages, Text};
use crate::site::{Recorded, Shard, Site};

/// Name and version of the stored form.
pub const FORMAT: &str = "rasoat/recording/v1";

/// Most differences that are told.
const TOLD: usize = 5;

/// The run a recording is of.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Header {
    /// [`FORMAT`].
    pub format: String,
    /// The version of the program.
    pub tool: String,
    /// The run's id, as its report says it.
    pub run_id: String,
    /// When the run began.
    pub taken_at: jiff::Timestamp,
    /// Whether durations were measured.
    pub timed: bool,
    /// The pipeline's own number for the run, and the sites that were chosen.
    pub pipeline: Option<String>,
    /// A browser was required and there was none.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub browser_missing: bool,
    /// What was accepted of each site.
    #[serde(deserialize_with = "accepted")]
    pub accepted: BTreeMap<String, Recorded>,
    /// What makes it this run and no other.
    pub identity: Identity,
}

/// Earlier recordings hold the tracker's id alone.
fn accepted<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, Recorded>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Id(String),
        Whole(Recorded),
    }
    let written = BTreeMap::<String, Written>::deserialize(from)?;
    let whole = |written| match written {
        Written::Id(id) => Recorded::id(&id),
        Written::Whole(recorded) => recorded,
    };
    Ok(written.into_iter().map(|(site, written)| (site, whole(written))).collect())
}

/// What was asked: another answer to any of these is another run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Identity {
    /// The policies.
    pub policies: Vec<PolicyId>,
    /// Rules to judge; empty for all.
    pub only: Vec<String>,
    /// Rules left out.
    pub skip: Vec<String>,
    /// The user's choice of pages.
    pub pages: Option<Vec<Pages>>,
    /// The user's limit of pages.
    pub max_pages: Option<usize>,
    /// Addresses are visited although there are folders.
    pub deployed: bool,
    /// Which part of the sites file.
    pub shard: Option<Shard>,
    /// The sites were given as targets, not by a sites file.
    pub ad_hoc: bool,
    /// Ids that narrowed the sites file; empty for all.
    pub only_sites: Vec<String>,
    /// Ids of the judged sites.
    pub judged: Vec<String>,
    /// Every site that was known.
    pub sites: Vec<Site>,
}

/// A policy, as it was applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyId {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// The hash of the resolved policy.
    pub digest: String,
}

impl Identity {
    /// What differs from another run, in the words of the flags; `None` when it is the same run.
    #[must_use]
    pub fn differs(&self, other: &Self) -> Option<Text> {
        let mut all = Vec::new();
        let mut told = |same: bool, what: &str| {
            if !same {
                all.push(Text::new(what, what));
            }
        };
        told(self.policies == other.policies, &policies(&self.policies, &other.policies));
        told(self.only == other.only, "--only");
        told(self.skip == other.skip, "--skip");
        told(self.pages == other.pages, "--pages");
        told(self.max_pages == other.max_pages, "--max-pages");
        told(self.deployed == other.deployed, "--deployed");
        told(self.shard == other.shard, "--shard");
        told(self.ad_hoc == other.ad_hoc, "TARGET");
        all.extend(sites(&self.sites, &other.sites));
        if all.is_empty() && (self.judged != other.judged || self.only_sites != other.only_sites) {
            let what = if self.ad_hoc { "TARGET" } else { "--site" };
            all.push(Text::new(what, what));
        }
        let more = all.len().saturating_sub(TOLD);
        all.truncate(TOLD);
        if more > 0 {
            all.push(Text::new(format!("và {more} điểm nữa"), format!("and {more} more")));
        }
        let join = |pick: fn(&Text) -> &str| all.iter().map(pick).collect::<Vec<_>>().join("; ");
        (!all.is_empty()).then(|| Text::new(join(|t| &t.vi), join(|t| &t.en)))
    }
}

fn policies(ours: &[PolicyId], theirs: &[PolicyId]) -> String {
    let changed = ours.iter().filter(|p| !theirs.contains(p)).chain(theirs.iter().filter(|p| !ours.contains(p)));
    let mut ids: Vec<&str> = changed.map(|p| p.id.as_str()).collect();
    ids.dedup();
    format!("--policy {}", ids.join(", "))
}

fn sites(ours: &[Site], theirs: &[Site]) -> Vec<Text> {
    let mut all = Vec::new();
    for site in ours {
        match theirs.iter().find(|s| s.id == site.id) {
            None => all.push(Text::new(format!("trang {} không có", site.id), format!("site {} is missing", site.id))),
            Some(other) => {
                let keys = keys_that_differ(site, other).join(", ");
                if !keys.is_empty() {
                    let id = &site.id;
                    all.push(Text::new(format!("trang {id}: {keys}"), format!("site {id}: {keys}")));
                }
            }
        }
    }
    for site in theirs.iter().filter(|s| !ours.iter().any(|o| o.id == s.id)) {
        all.push(Text::new(format!("trang {} là mới", site.id), format!("site {} is new", site.id)));
    }
    let order = |sites: &[Site]| sites.iter().map(|s| s.id.clone()).collect::<Vec<_>>();
    if all.is_empty() && order(ours) != order(theirs) {
        all.push(Text::new("thứ tự các trang", "the order of the sites"));
    }
    all
}

/// Keys of a sites file that say something else of two sites; where they stand in the file does not matter.
fn keys_that_differ(site: &Site, other: &Site) -> Vec<String> {
    let fields = |site: &Site| match serde_json::to_value(site) {
        Ok(Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    };
    let (ours, theirs) = (fields(site), fields(other));
    let read = |key: &&String| !matches!(key.as_str(), "declared" | "source");
    let differing = ours.iter().filter(|(key, value)| theirs.get(*key) != Some(value));
    differing.map(|(key, _)| key).filter(read).map(|key| key.replace("source_name", "source")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recordings_that_hold_an_id_alone_are_read() {
        let written = r#"{"a":"205","b":{"emc_site_id":"33","label":"visible"}}"#;
        let read = accepted(&mut serde_json::Deserializer::from_str(written)).unwrap();
        assert_eq!(read["a"], Recorded::id("205"));
        assert_eq!((read["b"].emc_site_id.as_str(), read["b"].label.as_deref()), ("33", Some("visible")));
        assert!(accepted(&mut serde_json::Deserializer::from_str(r#"{"a":205}"#)).is_err());
    }
}
