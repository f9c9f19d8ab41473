//! `rasoat rules` and `rasoat explain`: what a policy asks, in words.

mod markdown;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;

use clap::{Args, ValueEnum};

use super::language::LangFlag;
use crate::error::{Error, ExitCode};
use crate::finding::safe;
use crate::lang::Lang;
use crate::policy::{self, LoadedPolicy, Policy, Rule, Text};
use crate::tally::{clause, with_snippet};
use crate::yaml::nearest;

#[derive(Debug, Args)]
pub(super) struct List {
    /// Bộ tiêu chí; bỏ trống: mọi bộ dựng sẵn – a policy; none: every built-in one
    policy: Option<String>,
    /// Ngôn ngữ – language
    #[arg(long, value_enum)]
    pub(super) lang: Option<LangFlag>,
}

#[derive(Debug, Args)]
pub(super) struct Explain {
    /// Mã tiêu chí, ví dụ emc-snippet – a rule's id
    #[arg(required_unless_present = "all")]
    rule: Option<String>,
    /// Mọi tiêu chí – every rule
    #[arg(long, conflicts_with = "rule")]
    all: bool,
    /// Dạng in ra – how it is printed
    #[arg(long, value_enum, default_value = "text")]
    format: Form,
    /// Bộ tiêu chí; bỏ trống: mọi bộ dựng sẵn – a policy; none: every built-in one
    #[arg(short, long)]
    policy: Option<String>,
    /// Ngôn ngữ – language
    #[arg(long, value_enum)]
    pub(super) lang: Option<LangFlag>,
}

/// `--format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For a terminal
    Text,
    /// For a handbook
    Markdown,
}

fn load(named: Option<&str>, lang: Lang) -> Result<Vec<LoadedPolicy>, Error> {
    let names: Vec<String> =
        named.map_or_else(|| policy::builtin_names().map(str::to_owned).collect(), |name| vec![name.to_owned()]);
    let color = super::language::colours(super::language::ColorFlag::Auto, &std::io::stderr());
    policy::load_with_leave(&names, &BTreeMap::new()).map_err(|p| Error::Input(p.render(lang, color)))
}

/// A policy may be a stranger's: nothing in it acts on the terminal.
fn print(text: &str) -> Result<ExitCode, Error> {
    let text: String = text.lines().map(|line| safe(line, line.len()) + "\n").collect();
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(cause) if cause.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::Write { path: "stdout".to_owned(), cause })
        }
        _ => Ok(ExitCode::Passed),
    }
}

pub(super) fn list(flags: &List, lang: Lang) -> Result<ExitCode, Error> {
    let mut out = String::new();
    for loaded in load(flags.policy.as_deref(), lang)? {
        let policy = &loaded.policy;
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{} {} – {}", policy.id, policy.version, lang.pick(&policy.title));
        for rule in &policy.rules {
            let roles = rule.applies_to.iter().map(|r| r.name()).collect::<Vec<_>>().join(", ");
            let severity = severity(rule, lang);
            let _ = writeln!(out, "  {:<20} {:<10} {}", rule.id, severity, lang.pick(&rule.title));
            let cited = cited(policy, rule, lang).map(|c| format!("{c} · ")).unwrap_or_default();
            let _ = writeln!(out, "  {:<20} {:<10} {cited}{roles}", "", "");
        }
    }
    print(&out)
}

fn severity(rule: &Rule, lang: Lang) -> &'static str {
    crate::report::words::severity(rule.severity).pick(lang)
}

fn cited(policy: &Policy, rule: &Rule, lang: Lang) -> Option<String> {
    rule.cite.as_ref().map(|c| lang.pick(&clause(c, policy)).to_owned())
}

pub(super) fn explain(flags: &Explain, lang: Lang) -> Result<ExitCode, Error> {
    let policies = load(flags.policy.as_deref(), lang)?;
    let Some(id) = &flags.rule else {
        return print(&match flags.format {
            Form::Markdown => markdown::page(&policies, lang),
            Form::Text => {
                let all = policies.iter().flat_map(|p| p.policy.rules.iter().map(|rule| text(&p.policy, rule, lang)));
                all.collect::<Vec<_>>().join("\n")
            }
        });
    };
    let found = policies.iter().find_map(|p| p.policy.rules.iter().find(|r| r.id == *id).map(|r| (&p.policy, r)));
    let Some((policy, rule)) = found else {
        let all = policies.iter().flat_map(|p| p.policy.rules.iter().map(|r| r.id.as_str()));
        return Err(super::targets::unknown("explain", id, nearest(id, all)));
    };
    print(&match flags.format {
        Form::Markdown => markdown::section(policy, rule, 1, lang),
        Form::Text => text(policy, rule, lang),
    })
}

/// What a rule counts: its group, and its points when it has some.
fn counted(policy: &Policy, rule: &Rule, lang: Lang) -> Option<String> {
    let group = rule.group.as_ref().and_then(|id| policy.groups.iter().find(|group| group.id == *id));
    let of = group.map(|group| {
        let (title, all) = (lang.pick(&group.title), lang.points(group.points));
        lang.of(format!("nhóm {title}, {all} điểm"), format!("group {title}, {all} points"))
    });
    let own = match rule.points.filter(|_| rule.scored) {
        Some(points) if rule.partial => {
            let points = lang.points(points);
            lang.of(format!("{points}, có thể cho từng phần"), format!("{points}, may be given in part"))
        }
        Some(points) => lang.points(points),
        None if group.is_some() => lang.of("không tính", "none").to_owned(),
        None => return None,
    };
    Some(of.map_or_else(|| own.clone(), |of| format!("{own} ({of})")))
}

fn text(policy: &Policy, rule: &Rule, lang: Lang) -> String {
    let heading = |vi: &'static str, en: &'static str| lang.pick(&Text::new(vi, en)).to_owned();
    let mut out = String::new();
    let _ = writeln!(out, "{} ({}) – {}", rule.id, severity(rule, lang), lang.pick(&rule.title));
    if let Some(cited) = cited(policy, rule, lang) {
        let _ = writeln!(out, "\n{}: {cited}", heading("Căn cứ", "Law"));
    }
    if let Some(text) = rule.cite.as_ref().and_then(|c| c.text.as_ref()) {
        let _ = writeln!(out, "  “{text}”");
    }
    let roles = rule.applies_to.iter().map(|r| r.name()).collect::<Vec<_>>().join(", ");
    let _ = writeln!(out, "\n{}: {roles}", heading("Áp dụng cho", "Applies to"));
    if rule.mandatory {
        let _ = writeln!(out, "{}: {}", heading("Bắt buộc", "Mandatory"), lang.of("có", "yes"));
    }
    if let Some(counted) = counted(policy, rule, lang) {
        let _ = writeln!(out, "{}: {counted}", heading("Điểm", "Points"));
    }
    let check = serde_json::to_string(&rule.check).unwrap_or_default();
    let _ = writeln!(out, "{}: {check}", heading("Phép kiểm tra", "Check"));
    if let Some(fix) = &rule.fix {
        let _ = writeln!(
            out,
            "\n{}:\n{}",
            heading("Cách khắc phục", "How to mend it"),
            indent(&open(lang.pick(&with_snippet(fix, policy))))
        );
    }
    for (code, fix) in &rule.fix_by_code {
        let _ = writeln!(out, "\n[{code}]\n{}", indent(&open(lang.pick(&with_snippet(fix, policy)))));
    }
    out
}

/// What only a finding knows is left open.
fn open(text: &str) -> String {
    ["${actual}", "${expected}", "${place}", "${missing}", "${parent}"]
        .iter()
        .fold(text.to_owned(), |text, name| text.replace(name, "…"))
}

fn indent(text: &str) -> String {
    text.trim_end()
        .lines()
        .map(|l| if l.is_empty() { String::new() } else { format!("  {l}") })
        .collect::<Vec<_>>()
        .join("\n")
}
