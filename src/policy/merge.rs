//! Lays policy files over each other: rules and trackers key by key, lists as a whole. Remembers for
//! every key which file and line it came from. Says nothing of whether the result is complete.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::file::{PolicyFile, RuleFile, TrackerFile, is_id};
use super::sources::{Read, bad_id};
use super::weakening::{self, Weakening};
use super::{Group, LegalBasis, Level, Param, Text};
use crate::yaml::{At, Problem, Problems, quoted, suggestion};

/// A value and where it was written.
#[derive(Debug, Clone)]
pub(super) struct Placed<T> {
    pub(super) value: T,
    pub(super) at: At,
}

/// A thing whose keys may come from several files.
#[derive(Debug, Clone)]
pub(super) struct Layered<T> {
    pub(super) value: T,
    /// Where it was first written.
    pub(super) first: At,
    keys: BTreeMap<&'static str, At>,
}

impl<T> Layered<T> {
    /// Where a key was written last; where the thing was written when it has no such key.
    pub(super) fn key(&self, name: &str) -> At {
        self.keys.get(name).unwrap_or(&self.first).clone()
    }
}

/// A policy after merging.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) id: String,
    pub(super) version: String,
    pub(super) title: Text,
    pub(super) legal_basis: Option<Placed<Vec<LegalBasis>>>,
    pub(super) params: IndexMap<String, Placed<Param>>,
    pub(super) trackers: IndexMap<String, Layered<TrackerFile>>,
    pub(super) tag_managers: Vec<String>,
    pub(super) deferred_types: Vec<String>,
    pub(super) groups: Option<Placed<Vec<Group>>>,
    pub(super) levels: Option<Placed<Vec<Level>>>,
    pub(super) rules: Vec<Layered<RuleFile>>,
    /// What is taken from mandatory rules.
    pub(super) weakened: Vec<Weakening>,
    /// The top of the file that was asked for.
    pub(super) top: At,
}

/// Writes the keys that are given over those that are there, and notes their place.
macro_rules! overlay {
    ($below:expr, $above:expr, $at:expr; $($key:ident),* $(,)?) => {
        $(if $above.$key.is_some() {
            $below.value.$key = $above.$key;
            $below.keys.insert(stringify!($key), $at.key(stringify!($key)));
        })*
    };
}

/// Merges files in order; the last one gives the policy its name.
pub(super) fn merge(files: Vec<Read>, problems: &mut Problems) -> Option<Draft> {
    let last = files.last()?;
    let mut draft = Draft {
        id: last.file.id.clone(),
        version: last.file.version.clone(),
        title: last.file.title.clone(),
        top: last.document.at(""),
        legal_basis: None,
        params: IndexMap::new(),
        trackers: IndexMap::new(),
        tag_managers: Vec::new(),
        deferred_types: Vec::new(),
        groups: None,
        levels: None,
        rules: Vec::new(),
        weakened: Vec::new(),
    };
    for Read { file, document } in files {
        draft.lay(file, &document.at(""), problems);
    }
    Some(draft)
}

impl Draft {
    fn lay(&mut self, file: PolicyFile, top: &At, problems: &mut Problems) {
        let place = |key: &str| top.key(key);
        self.weakened.extend(weakening::of_names(&self.rules, &file, top));
        if let Some(value) = file.legal_basis {
            self.legal_basis = Some(Placed { value, at: place("legal_basis") });
        }
        if let Some(value) = file.groups {
            self.groups = Some(Placed { value, at: place("groups") });
        }
        if let Some(value) = file.levels {
            self.levels = Some(Placed { value, at: place("levels") });
        }
        self.tag_managers = file.tag_managers.unwrap_or_else(|| std::mem::take(&mut self.tag_managers));
        self.deferred_types = file.deferred_types.unwrap_or_else(|| std::mem::take(&mut self.deferred_types));
        for (name, value) in file.params {
            let at = place("params").key(&name);
            self.params.insert(name, Placed { value, at });
        }
        for (name, tracker) in file.trackers {
            let at = place("trackers").key(&name);
            let below = self.trackers.entry(name).or_insert_with(|| Layered {
                value: TrackerFile::default(),
                first: at.clone(),
                keys: BTreeMap::new(),
            });
            overlay!(below, tracker, at; queue, calls, library, collector, site_id, label, snippet);
        }
        self.lay_rules(file.rules, &place("rules"), problems);
    }

    fn lay_rules(&mut self, rules: Vec<RuleFile>, list: &At, problems: &mut Problems) {
        let mut seen: BTreeMap<String, At> = BTreeMap::new();
        for (n, rule) in rules.into_iter().enumerate() {
            let at = list.item(n);
            let id_at = at.key("id");
            if !is_id(&rule.id) {
                problems.push(bad_id(&rule.id, &id_at));
                continue;
            }
            if let Some(first) = seen.insert(rule.id.clone(), id_at.clone()) {
                problems.push(twice(&rule.id, &first, &id_at));
                continue;
            }
            let known = self.rules.iter().position(|r| r.value.id == rule.id);
            match (known, rule.off == Some(true)) {
                (Some(known), true) => {
                    if self.rules[known].value.mandatory == Some(true) {
                        self.weakened.push(Weakening::new(&self.rules[known], "off", at.key("off")));
                    }
                    self.rules.remove(known);
                }
                (Some(known), false) => self.override_rule(known, rule, &at),
                (None, true) => problems.push(self.unknown(&rule.id, &id_at)),
                (None, false) => self.add(rule, at),
            }
        }
    }

    fn add(&mut self, rule: RuleFile, at: At) {
        let id = rule.id.clone();
        let keys = BTreeMap::from([("id", at.key("id"))]);
        let mut below = Layered { value: RuleFile { id, ..RuleFile::default() }, first: at.clone(), keys };
        lay_keys(&mut below, rule, &at);
        self.rules.push(below);
    }

    fn override_rule(&mut self, known: usize, rule: RuleFile, at: &At) {
        let below = &self.rules[known];
        if below.value.mandatory == Some(true) {
            let keys = weakening::of_rule(&below.value, &rule);
            self.weakened.extend(keys.into_iter().map(|key| Weakening::new(below, key, at.key(key))));
        }
        lay_keys(&mut self.rules[known], rule, at);
    }

    fn unknown(&self, id: &str, at: &At) -> Problem {
        let name = quoted(id);
        let text =
            Text::new(format!("không có tiêu chí {name} để tắt"), format!("there is no rule {name} to turn off"));
        at.problem("unknown-rule", text).help(suggestion(id, self.rules.iter().map(|r| r.value.id.as_str())))
    }
}

fn lay_keys(below: &mut Layered<RuleFile>, rule: RuleFile, at: &At) {
    overlay!(below, rule, at; title, cite, severity, applies_to, pages, check, message, fix, fix_by_code,
        group, points, scored, partial, mandatory, tests);
}

fn twice(id: &str, first: &At, second: &At) -> Problem {
    let name = quoted(id);
    second
        .problem("duplicate-id", Text::new(format!("mã {name} dùng hai lần"), format!("the id {name} is used twice")))
        .label(first, Text::new("lần đầu", "the first time"))
}
