//! One criterion, or all of a policy, as Markdown for a handbook: law, what is checked, how to mend it. What stands
//! in a policy is shown as text and can be no markup of its own.

use std::fmt::Write as _;

use super::{cited, counted, open, severity};
use crate::lang::Lang;
use crate::policy::{LoadedPolicy, Policy, Rule, Text};
use crate::report::{fenced, markdown};

/// A page of policies with all their rules.
pub(super) fn page(policies: &[LoadedPolicy], lang: Lang) -> String {
    let code = lang.code();
    let head = Text::new(
        format!(
            "# Các tiêu chí\n\nTrang này do `rasoat explain --all --format markdown --lang {code}` tạo ra từ các bộ tiêu chí; đừng sửa bằng tay.\n"
        ),
        format!(
            "# Rules\n\nMade by `rasoat explain --all --format markdown --lang {code}` from the policies; do not edit it by hand.\n"
        ),
    );
    let mut out = lang.pick(&head).to_owned();
    for loaded in policies {
        let policy = &loaded.policy;
        // Writing to a String cannot fail.
        let _ = writeln!(out, "\n## {} {}\n", policy.id, markdown(&policy.version));
        let _ = writeln!(out, "{}\n", markdown(lang.pick(&policy.title)));
        let heads = Text::new(
            "| Tiêu chí | Mức độ | Áp dụng cho | Nội dung |",
            "| Rule | Severity | Applies to | What it asks |",
        );
        let _ = writeln!(out, "{}\n|---|---|---|---|", lang.pick(&heads));
        for rule in &policy.rules {
            let (id, title) = (&rule.id, markdown(lang.pick(&rule.title)));
            let _ = writeln!(out, "| [{id}](#{id}) | {} | {} | {title} |", severity(rule, lang), roles(rule));
        }
        for rule in &policy.rules {
            let _ = write!(out, "\n{}", section(policy, rule, 3, lang));
        }
    }
    out
}

/// One rule, below a heading of a level.
pub(super) fn section(policy: &Policy, rule: &Rule, level: usize, lang: Lang) -> String {
    let pick = |vi: &'static str, en: &'static str| lang.of(vi, en);
    let mut out = String::new();
    let title = lang.pick(&rule.title);
    // The id alone is the heading, so that links to it are short.
    let _ = writeln!(out, "{} {}\n\n**{}**\n", "#".repeat(level), rule.id, markdown(title));
    let mut facts = vec![(pick("Mức độ", "Severity"), severity(rule, lang).to_owned())];
    facts.extend(cited(policy, rule, lang).map(|law| (pick("Căn cứ", "Law"), markdown(&law))));
    facts.push((pick("Áp dụng cho", "Applies to"), roles(rule)));
    if rule.mandatory {
        facts.push((pick("Bắt buộc", "Mandatory"), pick("có", "yes").to_owned()));
    }
    facts.extend(counted(policy, rule, lang).map(|points| (pick("Điểm", "Points"), markdown(&points))));
    for (name, value) in facts {
        let _ = writeln!(out, "- {name}: {value}");
    }
    if let Some(text) = rule.cite.as_ref().and_then(|cite| cite.text.as_ref()) {
        let _ = writeln!(out, "\n> {}", markdown(text));
    }
    let check = serde_json::to_string(&rule.check).unwrap_or_default();
    let _ = writeln!(out, "\n{}:\n\n{}", pick("Phép kiểm tra", "Check"), fenced(&[check]));
    if let Some(fix) = &rule.fix {
        let _ = writeln!(out, "\n{}:\n\n{}", pick("Cách khắc phục", "How to mend it"), remedy(policy, lang.pick(fix)));
    }
    if !rule.fix_by_code.is_empty() {
        let _ = writeln!(out, "\n| {} | {} |\n|---|---|", pick("Mã", "Code"), pick("Cách khắc phục", "How to mend it"));
    }
    for (code, fix) in &rule.fix_by_code {
        let text = lang.pick(fix).replace("${snippet}", "…").replace("${site_id}", "SITE_ID");
        let _ = writeln!(out, "| `{code}` | {} |", markdown(&open(&text)));
    }
    out
}

fn roles(rule: &Rule) -> String {
    rule.applies_to.iter().map(|role| role.name()).collect::<Vec<_>>().join(", ")
}

/// A remedy's paragraphs, with the snippet as a block of code.
fn remedy(policy: &Policy, fix: &str) -> String {
    let snippet = policy.trackers.values().find_map(|t| t.snippet.as_deref()).unwrap_or_default().trim_end();
    let snippet: Vec<String> = snippet.replace("${site_id}", "SITE_ID").lines().map(str::to_owned).collect();
    let mut parts = Vec::new();
    for (n, text) in fix.split("${snippet}").enumerate() {
        if n > 0 {
            parts.push(fenced(&snippet));
        }
        let text = open(&text.replace("${site_id}", "SITE_ID"));
        parts.extend(text.split("\n\n").map(str::trim).filter(|part| !part.is_empty()).map(markdown));
    }
    parts.join("\n\n")
}
