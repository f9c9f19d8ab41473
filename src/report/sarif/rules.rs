//! The rules of a report as SARIF lists them: title, the law's words, and how to mend a failure in general.

use std::collections::BTreeMap;

use serde_json::json;
use serde_sarif::sarif;

use super::{MESSAGE, ended, level, rule_id, unlinked};
use crate::policy::{Cite, Severity};
use crate::report::words::Lang;
use crate::report::{Report, RuleRef, plain};

/// A rule as readers list it.
pub(super) fn descriptor(report: &Report, rule: &RuleRef, lang: Lang) -> sarif::ReportingDescriptor {
    let title = plain::line_of(lang.pick(&rule.title), 256);
    let title = if title.is_empty() { plain::line_of(&rule.id, 256) } else { title };
    let clause = rule.clause.as_ref().map(|c| plain::line(lang.pick(c))).filter(|c| !c.is_empty());
    let full = match &clause {
        Some(clause) => format!("{} {}", ended(&title), ended(&format!("{}: {clause}", lang.of("Căn cứ", "Law")))),
        None => ended(&title),
    };
    let text = |t: String| sarif::MultiformatMessageString::builder().text(unlinked(&t)).build();
    let id = rule_id(report, &rule.policy, &rule.id);
    // A name that only repeats the id is refused.
    let name = Some(pascal(&rule.id)).filter(|n| !n.eq_ignore_ascii_case(&id));
    let mut out = sarif::ReportingDescriptor::builder()
        .id(id)
        .short_description(text(ended(&title)))
        .full_description(text(plain::line_of(&unlinked(&full), MESSAGE - 1)))
        .help(help(rule, &title, clause.as_deref(), lang))
        .default_configuration(
            sarif::ReportingConfiguration::builder().level(json!(level(rule.severity).to_string())).build(),
        )
        .properties(
            sarif::PropertyBag::builder()
                .tags(tags(rule.cite.as_ref()))
                .additional_properties(BTreeMap::from([(
                    "problem.severity".to_owned(),
                    json!(match rule.severity {
                        Severity::Error => "error",
                        Severity::Warning => "warning",
                        Severity::Note => "recommendation",
                    }),
                )]))
                .build(),
        )
        .build();
    out.name = name;
    out
}

/// Document, article, clause and point, for filters of readers.
fn tags(cite: Option<&Cite>) -> Vec<String> {
    let Some(cite) = cite else { return Vec::new() };
    let mut tags = vec![plain::line_of(&cite.document, 100)];
    let parts = [
        cite.article.map(|n| format!("article-{n}")),
        cite.clause.map(|n| format!("clause-{n}")),
        cite.point.as_deref().map(|p| format!("point-{}", plain::line_of(p, 20))),
    ];
    tags.extend(parts.into_iter().flatten());
    tags
}

/// The law's words and how to mend a failure, as text and as Markdown.
fn help(rule: &RuleRef, title: &str, clause: Option<&str>, lang: Lang) -> sarif::MultiformatMessageString {
    let law = rule.cite.as_ref().and_then(|c| c.text.as_deref()).map(plain::line);
    let fix = rule.fix.as_ref().map(|f| plain::lines(lang.pick(f))).filter(|f| !f.is_empty());
    // What only a site's own values complete is told with each result.
    let own = lang.of("(xem cách sửa của từng kết quả)", "(see each result's own remedy)");
    let filled = |line: String| if plain::waits(&line) { own.to_owned() } else { line };
    let fix: Option<Vec<String>> = fix.map(|lines| lines.into_iter().map(filled).collect());
    let mut text = vec![ended(title)];
    let mut markdown = vec![format!("**{}**", plain::markdown(title))];
    if let Some(clause) = clause {
        text.push(ended(&format!("{}: {clause}", lang.of("Căn cứ", "Law"))));
        markdown.push(format!("{}: {}", lang.of("Căn cứ", "Law"), plain::markdown(clause)));
    }
    if let Some(law) = law {
        text.push(format!("“{law}”"));
        markdown.push(format!("> {}", plain::markdown(&law)));
    }
    if let Some(fix) = fix {
        let label = lang.of("Cách sửa:", "How to fix:");
        text.push(format!("{label}\n{}", fix.join("\n")));
        markdown.push(format!("{label}\n\n{}", plain::fenced(&fix)));
    }
    sarif::MultiformatMessageString::builder()
        .text(unlinked(&text.join("\n\n")))
        .markdown(markdown.join("\n\n"))
        .build()
}

/// `emc-label` to `EmcLabel`: the form readers expect of a rule's name.
fn pascal(id: &str) -> String {
    let mut out = String::new();
    for part in id.split(|c: char| !c.is_ascii_alphanumeric()).filter(|p| !p.is_empty()) {
        let mut chars = part.chars();
        out.extend(chars.next().map(|c| c.to_ascii_uppercase()));
        out.extend(chars);
    }
    if out.is_empty() { "Rule".to_owned() } else { out }
}
