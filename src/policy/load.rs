//! From a reference (`tt22-2023`, `./policy.yml`) to a resolved [`Policy`]: read, merge, fill in
//! parameters, validate. All faults that can be found together are returned together.

use std::collections::BTreeMap;

use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};

use super::digest::digest;
use super::merge::{Draft, merge};
use super::resolve::{Values, unknown_params};
use super::sources::gather;
use super::weakening::Weakening;
use super::{Example, Policy, Text};
use crate::yaml::{At, Document, Problem, Problems, quoted};

/// A policy that may be judged by, and what was read on the way to it.
#[derive(Debug, Clone)]
pub struct LoadedPolicy {
    /// The policy, resolved.
    pub policy: Policy,
    /// `sha256:` and the hash of the resolved policy as canonical JSON.
    pub digest: String,
    /// The cases its rules bring along, in rule order.
    pub examples: Vec<RuleExamples>,
    /// Where each rule is written, by id.
    pub places: BTreeMap<String, At>,
    /// The files it was read from, those it extends first.
    pub documents: Vec<Document>,
    /// Values of sensitive parameters, to be kept out of every output.
    pub secrets: Vec<String>,
    /// What it takes from mandatory rules of the policies it extends; without leave it may not be judged by.
    pub weakened: Vec<Weakening>,
}

/// The cases of one rule.
#[derive(Debug, Clone)]
pub struct RuleExamples {
    /// The rule's id.
    pub rule: String,
    /// The cases in the order they are written; empty when the rule has none.
    pub cases: Vec<PlacedExample>,
}

/// One case and where it is written.
#[derive(Debug, Clone)]
pub struct PlacedExample {
    /// `pass`, `fail`, `inconclusive` or `not_applicable`.
    pub set: &'static str,
    /// The case.
    pub example: Example,
    /// Its place.
    pub at: At,
}

/// Loads one policy. `reference` is a built-in name, `builtin:NAME` or a path; `params` are the values
/// given with `--param`.
///
/// # Errors
/// Everything that is wrong with the policy, with places.
pub fn load(reference: &str, params: &BTreeMap<String, String>) -> Result<LoadedPolicy, Problems> {
    let mut loaded = load_all(&[reference], params)?;
    loaded.pop().ok_or_else(Problems::default)
}

/// Loads several policies that share the given parameters: each must be known to one of them.
///
/// # Errors
/// Everything that is wrong with them, with places.
pub fn load_all<R: AsRef<str> + Sync>(
    references: &[R],
    params: &BTreeMap<String, String>,
) -> Result<Vec<LoadedPolicy>, Problems> {
    load_each(references, params, false)
}

/// The same, weakened mandatory rules included: whoever judges by them asks first whether people gave leave.
///
/// # Errors
/// Everything else that is wrong with them, with places.
pub fn load_with_leave<R: AsRef<str> + Sync>(
    references: &[R],
    params: &BTreeMap<String, String>,
) -> Result<Vec<LoadedPolicy>, Problems> {
    load_each(references, params, true)
}

fn load_each<R: AsRef<str> + Sync>(
    references: &[R],
    params: &BTreeMap<String, String>,
    leave: bool,
) -> Result<Vec<LoadedPolicy>, Problems> {
    let mut problems = Problems::default();
    let mut known = Vec::new();
    let mut loaded: Vec<LoadedPolicy> = Vec::new();
    let each = |reference: &R| {
        let mut known = Vec::new();
        (one(reference.as_ref(), params, &mut known, leave), known)
    };
    for (policy, names) in references.par_iter().map(each).collect::<Vec<_>>() {
        known.extend(names);
        match policy {
            Ok(policy) => {
                if loaded.iter().any(|l| l.policy.id == policy.policy.id) {
                    problems.push(same_id(&policy));
                }
                loaded.push(policy);
            }
            Err(found) => problems.0.extend(found.0),
        }
    }
    // A policy that could not be read may know the name.
    if problems.0.is_empty() {
        problems.0.extend(unknown_params(params, known.iter().map(String::as_str)));
    }
    problems.or(loaded)
}

fn one(
    reference: &str,
    params: &BTreeMap<String, String>,
    known: &mut Vec<String>,
    leave: bool,
) -> Result<LoadedPolicy, Problems> {
    let files = gather(reference)?;
    let documents: Vec<Document> = files.iter().map(|read| read.document.clone()).collect();
    let mut problems = Problems::default();
    let Some(mut draft) = merge(files, &mut problems) else { return Err(problems) };
    let weakened = std::mem::take(&mut draft.weakened);
    if !leave {
        problems.0.extend(weakened.iter().map(Weakening::problem));
    }
    known.extend(draft.params.keys().cloned());
    let values = Values::new(&draft.params, params, &mut problems);
    for rule in &mut draft.rules {
        let at = rule.key("check");
        if let Some(check) = &mut rule.value.check {
            check.resolve(&at, &values, &mut problems);
        }
    }
    let (examples, places) = examples(&draft);
    let policy = draft.validate(&mut problems);
    let Some(policy) = policy else { return Err(problems) };
    let digest = digest(&policy);
    problems.or(LoadedPolicy { policy, digest, examples, places, documents, secrets: values.secrets(), weakened })
}

fn examples(draft: &Draft) -> (Vec<RuleExamples>, BTreeMap<String, At>) {
    let mut all = Vec::new();
    let mut places = BTreeMap::new();
    for rule in &draft.rules {
        places.insert(rule.value.id.clone(), rule.first.clone());
        let at = rule.key("tests");
        let mut cases = Vec::new();
        for (set, examples) in rule.value.tests.iter().flat_map(super::ExampleSets::sets) {
            let list = at.key(set);
            let placed =
                |(n, example): (usize, &Example)| PlacedExample { set, example: example.clone(), at: list.item(n) };
            cases.extend(examples.iter().enumerate().map(placed));
        }
        all.push(RuleExamples { rule: rule.value.id.clone(), cases });
    }
    (all, places)
}

fn same_id(policy: &LoadedPolicy) -> Problem {
    let id = quoted(&policy.policy.id);
    let text = Text::new(format!("bộ tiêu chí {id} được chọn hai lần"), format!("the policy {id} is chosen twice"));
    let problem = Problem::new("duplicate-policy", text);
    match policy.documents.last() {
        Some(document) => problem.label(&document.at("id"), Text::default()),
        None => problem,
    }
}
