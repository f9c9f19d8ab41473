//! `rasoat test --coverage`: which rules have no example that passes or none that fails. Reads the examples; runs
//! none.

use crate::lang::Lang;
use crate::policy::{LoadedPolicy, Text};

/// The rules of a policy that lack examples, a line each, and how many rules were looked at.
pub(super) fn lacking(loaded: &LoadedPolicy, wanted: &dyn Fn(&str) -> bool, lang: Lang) -> (Vec<String>, usize) {
    let mut lines = Vec::new();
    let rules: Vec<_> = loaded.examples.iter().filter(|examples| wanted(&examples.rule)).collect();
    for examples in &rules {
        // `impossible: reason` counts: it says why there is none.
        let has = |set: &str| examples.cases.iter().any(|case| case.set == set);
        let missing: Vec<&str> = ["pass", "fail"].into_iter().filter(|set| !has(set)).collect();
        if missing.is_empty() {
            continue;
        }
        let at = loaded.places.get(&examples.rule).map(crate::yaml::At::line_name).unwrap_or_default();
        let (rule, sets) = (&examples.rule, missing.join(", "));
        let text = Text::new(
            format!("{at}: tiêu chí {rule} chưa có ví dụ {sets}\n"),
            format!("{at}: the rule {rule} has no example of {sets}\n"),
        );
        lines.push(lang.pick(&text).to_owned());
    }
    (lines, rules.len())
}
