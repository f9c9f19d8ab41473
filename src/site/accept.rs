//! A new `rasoat.lock` from the old one and what was seen: sites that were seen to work are recorded, those that
//! did not change keep their day, those that were not seen keep their entry. Nothing is read or written here.

use std::collections::{BTreeMap, BTreeSet};

use super::{Lock, Recorded};
use crate::policy::Date;

/// What was seen of one site.
#[derive(Debug, Clone, Copy)]
pub struct Sighting<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its state; `None` when its snippet was not shown to work.
    pub state: Option<&'a Recorded>,
    /// All tracker ids that were seen.
    pub ids: &'a [String],
}

/// What becomes of one site's entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Added(Recorded),
    /// It was another.
    Changed {
        /// What was recorded.
        from: Recorded,
        /// What is.
        to: Recorded,
    },
    /// It stays as it is.
    Same,
    /// The site was not seen to work: an entry stays as it is, and none is made.
    Unseen,
    /// The sites file no longer declares it.
    Removed,
}

/// A lock and how it came to be.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// The new lock.
    pub lock: Lock,
    /// What became of each site that was seen, wanted or removed.
    pub changes: BTreeMap<String, Change>,
}

/// Accepts what was seen. `declared` are the ids of the sites file; without it no entry is removed.
#[must_use]
pub fn accept(old: &Lock, seen: &[Sighting<'_>], declared: Option<&BTreeSet<&str>>, today: Date) -> Accepted {
    let mut lock = old.clone();
    let mut changes = BTreeMap::new();
    for sighting in seen {
        let change = match sighting.state {
            None => Change::Unseen,
            Some(state) => {
                let recorded = old.sites.get(sighting.id);
                let to = laid_over(state, recorded, sighting.ids, today);
                match recorded {
                    Some(from) if *from == to => Change::Same,
                    Some(from) => Change::Changed { from: from.clone(), to: to.clone() },
                    None => Change::Added(to.clone()),
                }
            }
        };
        if let Change::Added(to) | Change::Changed { to, .. } = &change {
            lock.sites.insert(sighting.id.to_owned(), to.clone());
        }
        changes.insert(sighting.id.to_owned(), change);
    }
    if let Some(declared) = declared {
        for id in old.sites.keys().filter(|id| !declared.contains(id.as_str())) {
            lock.sites.remove(id);
            changes.insert(id.clone(), Change::Removed);
        }
    }
    Accepted { lock, changes }
}

/// A state over what was recorded: what was left open is as it was, and without a change the day is too.
fn laid_over(state: &Recorded, recorded: Option<&Recorded>, ids: &[String], today: Date) -> Recorded {
    let mut to = state.clone();
    if let Some(recorded) = recorded {
        if ids.contains(&recorded.emc_site_id) {
            to.emc_site_id.clone_from(&recorded.emc_site_id);
        }
        if to.emc_site_id == recorded.emc_site_id {
            to.snippet_sha256 = to.snippet_sha256.or_else(|| recorded.snippet_sha256.clone());
        }
        to.label = to.label.or_else(|| recorded.label.clone());
        to.accepted_on = recorded.accepted_on;
        if to == *recorded {
            return to;
        }
    }
    to.accepted_on = Some(today);
    to
}

/// What stands at the head of the file.
const HEAD: &str = "\
# Được ghi bởi `rasoat lock`; xem xét mỗi thay đổi như xem xét mã nguồn. Mã số đổi thì phải thông báo cho đơn vị vận hành.
# Written by `rasoat lock`; review a change as you review code. The operator must be told of a changed id.
apiVersion: rasoat/v1
";

/// The file's text: sites in the order of their ids, one key a line, so that a change is a line.
#[must_use]
pub fn render(lock: &Lock) -> String {
    let mut out = HEAD.to_owned();
    if lock.sites.is_empty() {
        out.push_str("sites: {}\n");
        return out;
    }
    out.push_str("sites:\n");
    for (id, recorded) in &lock.sites {
        out.push_str(&format!("  {}:\n", scalar(id)));
        // Quoted, so that no reader takes it for a number.
        out.push_str(&format!("    emc_site_id: {}\n", quoted(&recorded.emc_site_id)));
        let day = recorded.accepted_on.map(|day| day.0.to_string());
        let rest = [("snippet_sha256", &recorded.snippet_sha256), ("label", &recorded.label), ("accepted_on", &day)];
        for (key, value) in rest {
            if let Some(value) = value {
                // A hash may be all digits.
                let value = if key == "snippet_sha256" { quoted(value) } else { scalar(value) };
                out.push_str(&format!("    {key}: {value}\n"));
            }
        }
    }
    out
}

/// A text as YAML: plain where nothing but a text can be meant.
fn scalar(text: &str) -> String {
    let word = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_' || b == b'.')
    };
    let day = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    if day || (word(text) && !reserved.contains(&text.to_ascii_lowercase().as_str())) {
        return text.to_owned();
    }
    quoted(text)
}

/// JSON's form of a text, which is YAML's too.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
#[path = "tests/accept.rs"]
mod tests;
