//! Arithmetic across findings: counts, the run in one word, the exit code. Never judges and never formats.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sha2::{Digest, Sha256};

use crate::error::ExitCode;
use crate::finding::{Basis, Finding, Verdict};
use crate::observe::{Observed, across_rule, across_site, estate_notes, not_judged, parent_name};
use crate::policy::{Cite, LoadedPolicy, Policy, Rule, Severity, Text};
use crate::report::{FailOn, Outcome, PolicyRef, Report, RuleRef, SCHEMA, Section, SiteReport, Summary, Tool};
use crate::run::Run;
use crate::score::{Ask, Scale, Score, score};
use crate::site::{Site, shown};
use crate::snapshot::{Gap, Visit};

/// Counts findings by verdict.
#[must_use]
pub fn summary(findings: &[Finding]) -> Summary {
    let mut summary = Summary::default();
    findings.iter().for_each(|finding| summary.add(finding.verdict));
    summary
}

/// Whether a finding fails the run.
#[must_use]
pub fn fails(finding: &Finding, fail_on: FailOn) -> bool {
    finding.verdict == Verdict::Fail && !finding.known && fail_on.reached_by(finding.severity)
}

/// Whether a finding leaves the run open.
#[must_use]
pub fn leaves_open(finding: &Finding, fail_on: FailOn, strict: bool) -> bool {
    let Some(gap) = finding.gap else { return false };
    if fail_on == FailOn::Never {
        return false;
    }
    strict || (fail_on.reached_by(finding.severity) && gap != Gap::NotRequested)
}

/// Nothing was evaluated: no finding, only ones that had nothing to ask or were waived, or folders without HTML.
fn nothing(findings: &[Finding]) -> bool {
    let without_html: BTreeSet<&str> =
        findings.iter().filter(|f| f.code.as_deref() == Some(NO_HTML)).map(|f| f.site.as_str()).collect();
    findings.iter().all(|f| {
        matches!(f.verdict, Verdict::NotApplicable | Verdict::Waived)
            // What is merely declared says nothing about a build that holds no page.
            || (without_html.contains(f.site.as_str()) && (f.gap == Some(Gap::Empty) || f.basis == Basis::Declared))
    })
}

/// The code of a folder that holds no HTML file.
pub const NO_HTML: &str = "no-html";

/// The run in one word, and how it ends. Precedence: failed, nothing, open, passed. A run that nothing shall fail ends
/// well, but its word is the one that it would have with the usual level: what failed is never called passed.
#[must_use]
pub fn outcome(findings: &[Finding], fail_on: FailOn, strict: bool) -> (Outcome, ExitCode) {
    if fail_on == FailOn::Never {
        let exit = if nothing(findings) { ExitCode::Nothing } else { ExitCode::Passed };
        return (outcome(findings, FailOn::Error, strict).0, exit);
    }
    if findings.iter().any(|f| fails(f, fail_on)) {
        return (Outcome::Failed, ExitCode::Failed);
    }
    if nothing(findings) {
        return (Outcome::Nothing, ExitCode::Nothing);
    }
    if findings.iter().any(|f| leaves_open(f, fail_on, strict)) {
        return (Outcome::Inconclusive, ExitCode::Inconclusive);
    }
    let unmeasured = |f: &Finding| {
        f.severity == Severity::Error && f.gap == Some(Gap::NotRequested) && f.verdict == Verdict::Inconclusive
    };
    if findings.iter().any(unmeasured) {
        return (Outcome::PassedUnmeasured, ExitCode::Passed);
    }
    (Outcome::Passed, ExitCode::Passed)
}

/// Counts a report's findings anew and says how its run went.
pub fn count(report: &mut Report) {
    report.summary = summary(&report.findings);
    report.scores = scores(report);
    report.outcome = ended(report).0;
    report.sections = sections(report);
}

/// The sections of a report, each counted by the findings and scores of its own sites.
fn sections(report: &Report) -> Vec<Section> {
    let mut of_site: HashMap<&str, Vec<&Finding>> = HashMap::new();
    for finding in &report.findings {
        of_site.entry(&finding.site).or_default().push(finding);
    }
    let counted = |section: &Section| {
        let mine: BTreeSet<&str> = section.sites.iter().map(String::as_str).collect();
        let findings: Vec<Finding> = section
            .sites
            .iter()
            .flat_map(|id| of_site.get(id.as_str()).into_iter().flatten().copied().cloned())
            .collect();
        let scores: Vec<&Score> = report.scores.iter().filter(|s| mine.contains(s.site.as_str())).collect();
        let outcome = answered(outcome(&findings, report.fail_on, report.strict), &scores, report).0;
        Section { summary: summary(&findings), outcome, ..section.clone() }
    };
    report.sections.iter().map(counted).collect()
}

/// The scores of a report by its findings: sites in its order, policies in theirs.
#[must_use]
pub fn scores(report: &Report) -> Vec<Score> {
    let scaled: Vec<(&str, &Scale)> =
        report.policies.iter().filter_map(|p| Some((p.id.as_str(), p.scale.as_ref()?))).collect();
    if scaled.is_empty() {
        return Vec::new();
    }
    let mut cells: HashMap<(&str, &str), Vec<&Finding>> = HashMap::new();
    for finding in &report.findings {
        cells.entry((&finding.site, &finding.policy)).or_default().push(finding);
    }
    let mut all = Vec::new();
    for site in &report.sites {
        for (policy, scale) in &scaled {
            let found = cells.get(&(site.id.as_str(), *policy)).into_iter().flatten().copied();
            all.extend(score(Ask { policy, site: &site.id, role: site.role, gates: &report.gates }, scale, found));
        }
    }
    all
}

/// The run of a report in one word, and how it ends: by its findings, and by what was asked of its scores.
fn ended(report: &Report) -> (Outcome, ExitCode) {
    let scores: Vec<&Score> = report.scores.iter().collect();
    answered(outcome(&report.findings, report.fail_on, report.strict), &scores, report)
}

/// How findings end a run or a section of it, once what the report asks of scores was asked of these.
fn answered(ended: (Outcome, ExitCode), scores: &[&Score], report: &Report) -> (Outcome, ExitCode) {
    match with_gates(ended, scores, report.fail_on) {
        // What no score answers was not kept, whatever else passed.
        (Outcome::Passed | Outcome::PassedUnmeasured, exit)
            if !report.gates.unanswered(scores.iter().copied()).is_empty() =>
        {
            (Outcome::Inconclusive, raised(ExitCode::Inconclusive, exit, report.fail_on))
        }
        ended => ended,
    }
}

/// How findings end a run, once it was asked of scores whether they reach what they must.
fn with_gates((outcome, exit): (Outcome, ExitCode), scores: &[&Score], fail_on: FailOn) -> (Outcome, ExitCode) {
    let any = |verdict| scores.iter().flat_map(|s| &s.gates).any(|gate| gate.verdict == verdict);
    match outcome {
        _ if any(Verdict::Fail) => (Outcome::Failed, raised(ExitCode::Failed, exit, fail_on)),
        Outcome::Passed | Outcome::PassedUnmeasured if any(Verdict::Inconclusive) => {
            (Outcome::Inconclusive, raised(ExitCode::Inconclusive, exit, fail_on))
        }
        _ => (outcome, exit),
    }
}

/// The exit that a gate raises; a run that nothing shall fail keeps its own.
fn raised(gate: ExitCode, own: ExitCode, fail_on: FailOn) -> ExitCode {
    if fail_on == FailOn::Never { own } else { gate }
}

/// Whether a stored report still says what was found: its findings are those that it counts, each once, and the word
/// for its run follows from them. One that was cut or edited by hand could pass what had failed.
#[must_use]
pub fn is_whole(report: &Report) -> bool {
    let mut told = BTreeSet::new();
    let once = report.findings.iter().all(|f| told.insert((&f.policy, &f.rule, &f.site)));
    // What names no rule or site of the report stands in no table of it.
    let rules: BTreeSet<_> = report.rules.iter().map(|r| (&r.policy, &r.id)).collect();
    let sites: BTreeSet<_> = report.sites.iter().map(|s| &s.id).collect();
    let named = rules.len() == report.rules.len()
        && sites.len() == report.sites.len()
        && report.findings.iter().all(|f| rules.contains(&(&f.policy, &f.rule)) && sites.contains(&f.site));
    let parts: Vec<&String> = report.sections.iter().flat_map(|s| &s.sites).collect();
    let sectioned: BTreeSet<&String> = parts.iter().copied().collect();
    let shared_out = report.sections.is_empty() || (parts.len() == sectioned.len() && sectioned == sites);
    once && named
        && shared_out
        && summary(&report.findings) == report.summary
        && scores(report) == report.scores
        && ended(report).0 == report.outcome
        && sections(report) == report.sections
}

/// This program.
#[must_use]
pub fn tool() -> Tool {
    Tool { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
}

/// How a finished run ends.
#[must_use]
pub fn exit(report: &Report) -> ExitCode {
    ended(report).1
}

/// Puts together all that a run found.
#[must_use]
pub fn report(run: &Run, observed: &[Observed], findings: Vec<Finding>) -> Report {
    let sites: Vec<SiteReport> = run
        .judged
        .iter()
        .filter_map(|id| run.estate.site(id))
        .zip(observed)
        .map(|(site, observed)| site_report(run, site, observed))
        .collect();
    let mut report = Report {
        schema: SCHEMA.to_owned(),
        tool: tool(),
        run_id: run_id(run),
        policies: run.policies.iter().map(|p| policy_ref(run, p)).collect(),
        rules: run.policies.iter().flat_map(|p| run.rules(p).map(|r| rule_ref(p, r))).collect(),
        taken_at: run.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        shard: run.shard,
        fail_on: run.fail_on,
        strict: run.strict,
        new_only: run.decisions.new_only,
        outcome: Outcome::Nothing,
        sites,
        summary: Summary::default(),
        not_judged: not_judged(run),
        findings,
        estate_notes: estate_notes(run, observed),
        gates: run.gates.clone(),
        scores: Vec::new(),
        sections: Vec::new(),
    };
    count(&mut report);
    report
}

/// Response headers that a report keeps.
const SHOWN_HEADERS: &[&str] =
    &["content-type", "content-security-policy", "location", "retry-after", "server", "strict-transport-security"];

/// The first of each name: the one that browsers go by.
fn shown_headers(visit: &Visit) -> BTreeMap<String, String> {
    let shown = visit.headers.iter().filter(|(name, _)| SHOWN_HEADERS.contains(&name.as_str()));
    let mut kept = BTreeMap::new();
    for (name, value) in shown {
        kept.entry(name.clone()).or_insert_with(|| value.clone());
    }
    kept
}

fn site_report(run: &Run, site: &Site, observed: &Observed) -> SiteReport {
    let (visit, timed) = (&observed.visit, run.timed);
    SiteReport {
        id: site.id.clone(),
        role: site.role,
        url: site.url.as_ref().map(shown),
        parent: parent_name(site),
        name: site.name.clone(),
        unit: site.unit.clone(),
        source: site.source_name.clone(),
        declared: site.declared.clone(),
        final_url: visit.final_url.clone(),
        hops: visit.hops.clone(),
        status: visit.status,
        attempts: visit.attempts,
        address: visit.address.clone(),
        tls: visit.tls.clone(),
        http_version: visit.http_version.clone(),
        headers: shown_headers(visit),
        plain: visit.plain.clone(),
        timings: visit.timings.filter(|_| timed),
        seen_site_ids: observed.seen.values().flatten().map(|(id, _)| id.clone()).collect(),
        pages_covered: observed.covered.clone(),
        gap: observed.gap,
        state: observed.state.clone(),
        browser: observed.browser.clone().map(|b| if timed { b } else { b.untimed() }),
        across: Some(Box::new(across_site(run, site, observed))),
    }
}

fn policy_ref(run: &Run, loaded: &LoadedPolicy) -> PolicyRef {
    let judged: BTreeSet<&str> = run.rules(loaded).map(|r| r.id.as_str()).collect();
    PolicyRef {
        id: loaded.policy.id.clone(),
        version: loaded.policy.version.clone(),
        digest: loaded.digest.clone(),
        title: loaded.policy.title.clone(),
        scale: Scale::of(&loaded.policy, &|id| judged.contains(id)),
    }
}

/// What readers need to know of a rule.
#[must_use]
pub fn rule_ref(loaded: &LoadedPolicy, rule: &Rule) -> RuleRef {
    RuleRef {
        policy: loaded.policy.id.clone(),
        id: rule.id.clone(),
        title: rule.title.clone(),
        clause: rule.cite.as_ref().map(|c| clause(c, &loaded.policy)),
        cite: rule.cite.clone(),
        severity: rule.severity,
        check: Some(rule.check.kind().to_owned()),
        fix: rule.fix.as_ref().map(|fix| with_snippet(fix, &loaded.policy)),
        across: across_rule(loaded, rule).map(Box::new),
    }
}

/// A general remedy with the snippet of the policy's tracker, its id left open.
#[must_use]
pub fn with_snippet(fix: &Text, policy: &Policy) -> Text {
    let snippet = policy.trackers.values().find_map(|t| t.snippet.as_deref()).unwrap_or_default().trim_end();
    let fill = |text: &str| text.replace("${snippet}", snippet).replace("${site_id}", "SITE_ID");
    Text::new(fill(&fix.vi), fill(&fix.en))
}

/// A citation in words, smallest part first, as Vietnamese law is cited.
#[must_use]
pub fn clause(cite: &Cite, policy: &Policy) -> Text {
    let name = policy.legal_basis.iter().find(|b| b.document == cite.document).and_then(|b| b.name.clone());
    let name = name.unwrap_or_else(|| Text::new(cite.document.clone(), cite.document.clone()));
    let (mut vi, mut en) = (Vec::new(), Vec::new());
    if let Some(point) = &cite.point {
        vi.push(format!("điểm {point}"));
        en.push(format!("point {point}"));
    }
    if let Some(clause) = cite.clause {
        vi.push(format!("khoản {clause}"));
        en.push(format!("clause {clause}"));
    }
    if let Some(article) = cite.article {
        vi.push(format!("Điều {article}"));
        en.push(format!("Article {article}"));
    }
    vi.push(name.vi);
    en.push(name.en);
    Text::new(vi.join(" "), en.join(", "))
}

/// The same for all shards of one run: they share the pipeline's own number where there is one, and always the
/// policies and the sites. Without shards each run has its own.
#[must_use]
pub fn run_id(run: &Run) -> String {
    let mut hash = Sha256::new();
    for policy in &run.policies {
        hash.update(policy.digest.as_bytes());
    }
    for site in run.estate.sites() {
        hash.update(site.id.as_bytes());
        hash.update([0]);
        hash.update(site.url.as_ref().map(ToString::to_string).unwrap_or_default().as_bytes());
        hash.update([0]);
    }
    if run.shard.is_some() {
        hash.update(run.pipeline.as_deref().unwrap_or_default().as_bytes());
    } else {
        hash.update(run.now.as_nanosecond().to_le_bytes());
    }
    hash.finalize().iter().take(16).map(|b| format!("{b:02x}")).collect()
}
