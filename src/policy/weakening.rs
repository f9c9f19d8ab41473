//! What an overlay takes from a mandatory rule: removed, narrower, milder, or judged by other names. Found while
//! files are laid over each other. Says what it is; whether people gave leave for it is decided elsewhere.

use super::file::{PolicyFile, RuleFile};
use super::merge::Layered;
use super::{Check, Date, Pages, Text};
use crate::yaml::{At, Problem, quoted};

/// A key by which an overlay weakens a mandatory rule.
#[derive(Debug, Clone)]
pub struct Weakening {
    /// The rule's id.
    pub rule: String,
    /// The key, as `severity` or `trackers.emc`.
    pub key: String,
    /// Where the overlay has it.
    pub at: At,
    /// Where the rule is made mandatory.
    pub mandatory: At,
    /// The leave that people gave for it.
    pub leave: Option<Leave>,
}

/// People's leave to weaken a mandatory rule for a time.
#[derive(Debug, Clone)]
pub struct Leave {
    /// Where it is written.
    pub at: At,
    /// Who gave it, safe to show.
    pub approved_by: String,
    /// The last day it holds.
    pub until: Date,
}

impl Weakening {
    pub(super) fn new(below: &Layered<RuleFile>, key: &str, at: At) -> Self {
        Self { rule: below.value.id.clone(), key: key.to_owned(), at, mandatory: below.key("mandatory"), leave: None }
    }

    /// What is told when nobody gave leave.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let (name, key) = (quoted(&self.rule), &self.key);
        let text = Text::new(
            format!("tiêu chí bắt buộc {name} không được làm nhẹ đi bằng `{key}`"),
            format!("the mandatory rule {name} may not be weakened by `{key}`"),
        );
        let waiver = |reason: &str, name: &str, day: &str| {
            let rule = &self.rule;
            format!("{{rule: {rule}, site: '*', reason: {reason}, approved_by: {name}, expires: {day}}}")
        };
        self.at
            .problem("mandatory", text)
            .label(&self.mandatory, Text::new("bắt buộc theo dòng này", "made mandatory here"))
            .help(Text::new(
                format!(
                    "Bỏ dòng này, hoặc dùng mục tạm chấp nhận còn hạn trong tệp waivers (`--waivers`): `- {}`.",
                    waiver("…", "…", "NĂM-THÁNG-NGÀY")
                ),
                format!(
                    "Take the line out, or use a waiver that still holds (`--waivers`): `- {}`.",
                    waiver("…", "…", "YYYY-MM-DD")
                ),
            ))
    }
}

/// The keys by which an overlay's rule would weaken a mandatory one.
pub(super) fn of_rule(below: &RuleFile, above: &RuleFile) -> Vec<&'static str> {
    let mut keys = Vec::new();
    if above.severity.is_some_and(|new| below.severity.is_some_and(|old| new < old)) {
        keys.push("severity");
    }
    let narrower = |new: &Vec<_>| below.applies_to.iter().flatten().any(|role| !new.contains(role));
    if above.applies_to.as_ref().is_some_and(narrower) {
        keys.push("applies_to");
    }
    // The home page is always among those that are read, so leaving it for others takes nothing away.
    let pages = below.pages.as_ref().filter(|pages| **pages != Pages::Home);
    if above.pages.as_ref().is_some_and(|new| *new != Pages::All && pages.is_some_and(|old| old != new)) {
        keys.push("pages");
    }
    if above.check.is_some() {
        keys.push("check");
    }
    if above.scored == Some(false) && below.scored != Some(false) {
        keys.push("scored");
    }
    if above.points.is_some_and(|new| below.points.is_some_and(|old| new < old)) {
        keys.push("points");
    }
    if above.mandatory == Some(false) {
        keys.push("mandatory");
    }
    keys
}

/// What an overlay changes of the names and values that a mandatory rule is judged by.
pub(super) fn of_names(rules: &[Layered<RuleFile>], file: &PolicyFile, top: &At) -> Vec<Weakening> {
    let mut found = Vec::new();
    for below in rules.iter().filter(|rule| rule.value.mandatory == Some(true)) {
        let Some(check) = &below.value.check else { continue };
        for (name, tracker) in &file.trackers {
            // The snippet is what people paste, not what is looked for.
            let t = tracker;
            let judged = t.queue.is_some() || t.calls.is_some() || t.library.is_some() || t.collector.is_some();
            if (judged || t.site_id.is_some() || t.label.is_some()) && uses_tracker(check, name) {
                found.push(Weakening::new(below, &format!("trackers.{name}"), top.key("trackers").key(name)));
            }
        }
        let written = serde_json::to_string(check).unwrap_or_default();
        for name in file.params.keys().filter(|name| written.contains(&format!("${{{name}}}"))) {
            found.push(Weakening::new(below, &format!("params.{name}"), top.key("params").key(name)));
        }
    }
    found
}

/// Whether a check asks for a tracker; one without a name asks for the only one.
fn uses_tracker(check: &Check, name: &str) -> bool {
    check.walk().into_iter().any(|part| {
        let named = match part {
            Check::Tracker(tracker) => &tracker.name,
            Check::Label(label) => &label.tracker,
            Check::UniqueId(named) | Check::IdDrift(named) => &named.tracker,
            _ => return false,
        };
        named.as_deref().is_none_or(|named| named == name)
    })
}
