//! The last step before a policy may be used: everything must be there and mean something.
//! Finds all faults it can, each with its place; what it returns is valid by construction.

use std::collections::{BTreeMap, BTreeSet};

use super::file::{RuleFile, TrackerFile, is_id};
use super::merge::{Draft, Layered};
use super::pattern::{glob, selector, whole};
use super::sources::bad_id;
use super::{Example, ExampleVisit, LegalBasis, Pages, Policy, Rule, Text, Tracker};
use crate::site::declared_url;
use crate::yaml::{At, Problem, Problems, nearest, quoted};

impl Draft {
    /// The policy, when nothing is missing; what is wrong is added to `problems`.
    pub(super) fn validate(self, problems: &mut Problems) -> Option<Policy> {
        if self.rules.is_empty() && problems.0.is_empty() {
            let text = Text::new("bộ tiêu chí không có tiêu chí nào", "the policy has no rules");
            problems.push(self.top.key("rules").problem("no-rules", text));
        }
        for (name, param) in &self.params {
            if !is_param_name(name) {
                problems.push(bad_id(name, &param.at));
            }
        }
        let known: Vec<String> = self.rules.iter().map(|r| r.value.id.clone()).collect();
        let mut trackers = BTreeMap::new();
        let mut labelled = BTreeMap::new();
        for (name, tracker) in self.trackers {
            labelled.insert(name.clone(), tracker.value.label.is_some());
            if !is_id(&name) {
                problems.push(bad_id(&name, &tracker.first));
            }
            if let Some(tracker) = complete_tracker(tracker, problems) {
                trackers.insert(name, tracker);
            }
        }
        let legal_basis = self.legal_basis.map_or_else(Vec::new, |basis| {
            for (n, document) in basis.value.iter().enumerate() {
                dates(document, &basis.at.item(n), problems);
            }
            basis.value
        });
        let (groups, levels) = super::weights::check(self.groups, self.levels, &self.rules, problems);
        let mut rules = Vec::new();
        for mut rule in self.rules {
            let at = rule.key("check");
            if let Some(check) = &mut rule.value.check {
                check.validate(&at, &labelled, problems);
            }
            rules.extend(complete_rule(rule, &known, problems));
        }
        let Self { id, version, title, tag_managers, deferred_types, .. } = self;
        problems.0.is_empty().then_some(Policy {
            id,
            version,
            title,
            legal_basis,
            trackers,
            tag_managers,
            deferred_types,
            groups,
            levels,
            rules,
        })
    }
}

fn is_param_name(name: &str) -> bool {
    is_id(&name.replace('_', "-"))
}

/// Says which keys a rule or tracker lacks.
fn lacking(what: &Text, keys: &[&str], at: &At) -> Problem {
    let list = keys.iter().map(|k| quoted(k)).collect::<Vec<_>>().join(", ");
    let text = Text::new(format!("{} thiếu {list}", what.vi), format!("{} lacks {list}", what.en));
    at.problem("incomplete", text)
}

fn complete_rule(rule: Layered<RuleFile>, known: &[String], problems: &mut Problems) -> Option<Rule> {
    shape_of_rule(&rule, problems);
    let place = rule.key("id");
    let RuleFile { id, title, cite, severity, applies_to, pages, check, message, fix, fix_by_code, .. } = rule.value;
    let missing: Vec<&str> = [
        ("title", title.is_none()),
        ("severity", severity.is_none()),
        ("applies_to", applies_to.is_none()),
        ("check", check.is_none()),
    ]
    .into_iter()
    .filter_map(|(key, missing)| missing.then_some(key))
    .collect();
    let (Some(title), Some(severity), Some(applies_to), Some(check)) = (title, severity, applies_to, check) else {
        let name = quoted(&id);
        let what = Text::new(format!("tiêu chí {name}"), format!("the rule {name}"));
        // Often a misspelt id in an overlay, which then looks like a new rule.
        let meant = nearest(&id, known.iter().map(String::as_str).filter(|other| *other != id));
        let help = meant.map(|meant| {
            let meant = quoted(meant);
            Text::new(format!("Có phải ý bạn là sửa {meant}?"), format!("Did you mean to change {meant}?"))
        });
        problems.push(lacking(&what, &missing, &place).help(help));
        return None;
    };
    Some(Rule {
        id,
        title,
        cite,
        severity,
        applies_to,
        pages: pages.unwrap_or(Pages::Home),
        check,
        message,
        fix,
        fix_by_code: fix_by_code.unwrap_or_default(),
        group: rule.value.group,
        points: rule.value.points,
        scored: rule.value.scored.unwrap_or(true),
        partial: rule.value.partial.unwrap_or(false),
        mandatory: rule.value.mandatory.unwrap_or(false),
    })
}

/// What can be said of a rule's keys one by one.
fn shape_of_rule(rule: &Layered<RuleFile>, problems: &mut Problems) {
    if let Some(roles) = &rule.value.applies_to {
        let at = rule.key("applies_to");
        if roles.is_empty() {
            let text = Text::new("danh sách vai trò trống", "the list of roles is empty");
            problems.push(at.problem("empty-list", text).help(Text::new(
                "Ghi ít nhất một vai trò; muốn bỏ tiêu chí, dùng `off: true`.",
                "Name at least one role; to remove a rule use `off: true`.",
            )));
        }
        let unique: BTreeSet<_> = roles.iter().collect();
        if unique.len() < roles.len() {
            let text = Text::new("một vai trò được ghi hai lần", "a role is named twice");
            problems.push(at.problem("duplicate-role", text));
        }
    }
    if let Some(Pages::Glob(pattern)) = &rule.value.pages
        && let Err(fault) = glob(pattern)
    {
        problems.push(fault.problem(&rule.key("pages")));
    }
    let tests = rule.key("tests");
    for (set, examples) in rule.value.tests.iter().flat_map(super::ExampleSets::sets) {
        for (n, example) in examples.iter().enumerate() {
            example_shape(set, example, &tests.key(set).item(n), problems);
        }
    }
}

fn example_shape(set: &str, example: &Example, at: &At, problems: &mut Problems) {
    let mut wrong = |at: &At, vi: &str, en: &str| problems.push(at.problem("bad-example", Text::new(vi, en)));
    let Example { html, files, url, parent, components, code, gap, impossible, .. } = example;
    if impossible.is_some() {
        if example.describes_a_site() || code.is_some() || gap.is_some() {
            wrong(&at.key("impossible"), "`impossible` phải đứng một mình", "`impossible` must stand alone");
        }
        return;
    }
    if !example.describes_a_site() {
        wrong(
            at,
            "ví dụ không mô tả trang nào (`html`, `files`, `url` …)",
            "the case describes no site (`html`, `files`, `url` …)",
        );
    }
    if html.is_some() && files.is_some() {
        wrong(&at.key("files"), "chỉ ghi `html` hoặc `files`", "give either `html` or `files`");
    }
    if files.as_ref().is_some_and(indexmap::IndexMap::is_empty) {
        wrong(&at.key("files"), "`files` không có tệp nào", "`files` holds no file");
    }
    if gap.is_some() && set != "inconclusive" {
        wrong(&at.key("gap"), "`gap` chỉ dùng trong `inconclusive`", "`gap` belongs to `inconclusive` only");
    }
    if code.is_some() && set == "inconclusive" && gap.is_none() {
        wrong(&at.key("code"), "ghi `gap` cùng với `code`", "give `gap` beside `code`");
    }
    let list = at.key("components");
    let components = components.iter().flatten().enumerate().map(|(n, text)| (list.item(n), text));
    let single = [("url", url), ("parent", parent)].into_iter().filter_map(|(k, v)| Some((at.key(k), v.as_ref()?)));
    for (at, text) in single.chain(components) {
        address(text, &at, problems);
    }
    if let Some(visit) = &example.transport {
        visit_shape(visit, &at.key("transport"), problems);
    }
}

fn visit_shape(visit: &ExampleVisit, at: &At, problems: &mut Problems) {
    let hops = visit.hops.iter().enumerate().map(|(n, hop)| (at.key("hops").item(n), hop));
    let last = visit.final_url.iter().map(|url| (at.key("final_url"), url));
    let plain = visit.plain.iter().filter_map(|p| Some((at.key("plain").key("leads_to"), p.leads_to.as_ref()?)));
    for (at, text) in hops.chain(last).chain(plain) {
        address(text, &at, problems);
    }
}

/// Refuses what is not an absolute address.
pub(super) fn address(text: &str, at: &At, problems: &mut Problems) {
    if let Err(why) = declared_url(text) {
        let name = quoted(&crate::finding::without_credentials(text));
        let text = Text::new(
            format!("{name} không phải địa chỉ web: {}", why.vi),
            format!("{name} is not a web address: {}", why.en),
        );
        problems.push(at.problem("bad-url", text));
    }
}

fn complete_tracker(tracker: Layered<TrackerFile>, problems: &mut Problems) -> Option<Tracker> {
    shape_of_tracker(&tracker, problems);
    let first = tracker.first.clone();
    let TrackerFile { queue, calls, library, collector, site_id, label, snippet } = tracker.value;
    let missing: Vec<&str> = [
        ("queue", queue.is_none()),
        ("calls", calls.is_none()),
        ("library", library.is_none()),
        ("collector", collector.is_none()),
        ("site_id", site_id.is_none()),
    ]
    .into_iter()
    .filter_map(|(key, missing)| missing.then_some(key))
    .collect();
    match (queue, calls, library, collector, site_id) {
        (Some(queue), Some(calls), Some(library), Some(collector), Some(site_id)) => {
            Some(Tracker { queue, calls, library, collector, site_id, label, snippet })
        }
        _ => {
            problems.push(lacking(&Text::new("bộ giám sát", "the tracker"), &missing, &first));
            None
        }
    }
}

fn shape_of_tracker(tracker: &Layered<TrackerFile>, problems: &mut Problems) {
    for (key, text) in [("library", &tracker.value.library), ("collector", &tracker.value.collector)] {
        if let Some(text) = text {
            address(text, &tracker.key(key), problems);
        }
    }
    if let Some(Err(fault)) = tracker.value.site_id.as_deref().map(whole) {
        problems.push(fault.problem(&tracker.key("site_id")));
    }
    let calls = tracker.key("calls");
    let names = tracker.value.calls.iter().flat_map(|c| {
        [("page_view", &c.page_view), ("site_id", &c.site_id), ("collector", &c.collector)]
            .map(|(key, name)| (calls.key(key), name))
    });
    let queue = tracker.value.queue.iter().map(|name| (tracker.key("queue"), name));
    for (at, name) in names.chain(queue) {
        if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c.is_control()) {
            let text = Text::new("tên lệnh trống hoặc có khoảng trắng", "a name is empty or contains white space");
            problems.push(at.problem("bad-name", text));
        }
    }
    let Some(label) = &tracker.value.label else { return };
    let at = tracker.key("label");
    for (n, text) in label.selectors.iter().enumerate() {
        if let Err(fault) = selector(text) {
            problems.push(fault.problem(&at.key("selectors").item(n)));
        }
    }
    for (key, list) in [("selectors", &label.selectors), ("texts", &label.texts)] {
        if list.is_empty() || list.iter().any(|text| text.trim().is_empty()) {
            let text = Text::new(format!("`{key}` trống"), format!("`{key}` is empty"));
            problems.push(at.key(key).problem("empty-list", text));
        }
    }
}

fn dates(document: &LegalBasis, at: &At, problems: &mut Problems) {
    if let (Some(from), Some(to)) = (document.effective_from, document.effective_to)
        && to < from
    {
        let text = Text::new("ngày hết hiệu lực trước ngày có hiệu lực", "the last day in force is before the first");
        problems.push(
            at.key("effective_to")
                .problem("bad-dates", text)
                .label(&at.key("effective_from"), Text::new("có hiệu lực", "in force")),
        );
    }
}
