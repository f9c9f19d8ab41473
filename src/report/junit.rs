//! The report as JUnit XML: a suite is a site, a test case one rule on it. Two dialects: `junit` with file
//! and line of a finding, as GitLab reads them, and `junit-strict`, which keeps to the schema of Jenkins'
//! xUnit plug-in. Text is made plain first: XML has no place for control characters.

use std::collections::BTreeMap;
use std::time::Duration;

use quick_junit::{NonSuccessKind, Property, TestCase, TestCaseStatus, TestSuite};

use super::outlet::{self, Outlet};
use super::words::{self, Lang, outcome_name, verdict_name};
use super::{Report, SiteReport, plain, scored};
use crate::finding::{Finding, Verdict};
use crate::score::{Gate, Score};

/// Most entries of a list in one element.
const LISTED: usize = 100;

/// The report as JUnit XML; `strict` keeps to the schema that strict readers validate against.
///
/// # Errors
/// Only when the XML writer fails, which writing to memory rules out.
pub fn to_junit(report: &Report, strict: bool, lang: Lang) -> Result<String, quick_junit::SerializeError> {
    let mut out = quick_junit::Report::new(plain::line(&report.tool.name));
    let mut order: Vec<&str> = Vec::new();
    let mut by_site: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in &report.findings {
        let group = by_site.entry(&finding.site).or_default();
        if group.is_empty() {
            order.push(&finding.site);
        }
        group.push(finding);
    }
    let mut total = Duration::ZERO;
    let sites = report.sites_by_id();
    for id in order {
        let findings = by_site.remove(id).unwrap_or_default();
        let suite = suite(report, (id, sites.get(id).copied()), &findings, strict, lang);
        total = total.saturating_add(suite.time.unwrap_or_default());
        out.add_test_suite(suite);
    }
    let unanswered = report.gates.unanswered(&report.scores);
    if !unanswered.is_empty() {
        let mut suite = TestSuite::new(plain::line(&report.tool.name));
        suite.timestamp = report.taken_at.parse().ok();
        suite.set_time(Duration::ZERO);
        suite.add_test_cases(unanswered.iter().map(|gate| gate_case(report, None, gate, lang)));
        out.add_test_suite(suite);
    }
    // What is said of the estate as a whole has no case of its own.
    if let Some(first) = out.test_suites.first_mut().filter(|_| !report.estate_notes.is_empty()) {
        let notes: Vec<String> = report.estate_notes.iter().map(|n| plain::note(n, lang)).collect();
        first.set_system_out(notes.join("\n"));
    }
    out.set_time(total);
    if !strict {
        out.timestamp = report.taken_at.parse().ok();
    }
    let xml = out.to_string()?;
    Ok(if strict { without_skipped_total(&xml) } else { xml })
}

/// The schema has no `skipped` on the root element, and the writer always puts it there.
fn without_skipped_total(xml: &str) -> String {
    let Some(start) = xml.find("<testsuites ") else { return xml.to_owned() };
    let end = xml[start..].find('>').map_or(xml.len(), |n| start + n);
    // Quotes are escaped inside attribute values, so this can only be the attribute itself.
    let Some(at) = xml[start..end].find(" skipped=\"").map(|n| start + n) else { return xml.to_owned() };
    let value = at + " skipped=\"".len();
    let close = xml[value..].find('"').map_or(value, |n| value + n + 1);
    format!("{}{}", &xml[..at], &xml[close..])
}

/// A site's id, and what is known of it.
type Named<'a> = (&'a str, Option<&'a SiteReport>);

fn suite(report: &Report, site: Named<'_>, findings: &[&Finding], strict: bool, lang: Lang) -> TestSuite {
    let mut suite = TestSuite::new(plain::line(site.0));
    suite.timestamp = report.taken_at.parse().ok();
    let mut time = Duration::ZERO;
    let mut names: BTreeMap<(String, String), u32> = BTreeMap::new();
    for finding in findings {
        let took = Duration::from_millis(finding.duration_ms);
        time = time.saturating_add(took);
        let class = format!("{}.{}", plain::line(&finding.policy), plain::line(&finding.site));
        let mut name = format!("{} – {}", plain::line(&finding.rule), plain::line(plain::title(report, finding, lang)));
        // Readers drop doubles; ids that differ only in unseen characters would be such.
        let seen = names.entry((class.clone(), name.clone())).or_default();
        *seen += 1;
        if *seen > 1 {
            name.push_str(&format!(" ({seen})"));
        }
        let mut case = case(report, site, finding, (name, strict), lang);
        case.set_classname(class);
        case.set_time(took);
        suite.add_test_case(case);
    }
    for score in report.scores.iter().filter(|score| score.site == site.0) {
        for gate in &score.gates {
            suite.add_test_case(gate_case(report, Some(score), gate, lang));
        }
    }
    suite.set_time(time);
    for (name, value) in properties(report, site, findings) {
        suite.add_property(Property::new(name, plain::line_of(&value, 1_000)));
    }
    suite
}

/// What readers want to know of a suite: the site, the policies, the run's word and the scores.
fn properties(report: &Report, (id, site): Named<'_>, findings: &[&Finding]) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    if let Some(site) = site {
        let role = site.role.map(|r| words::role(r).en.to_owned());
        let leaf = site.tls.as_ref().and_then(|tls| tls.chain.first());
        let days = leaf.and_then(|leaf| plain::days_left(report, leaf));
        let known = [
            ("site.name", site.name.clone()),
            ("site.role", role),
            ("site.url", site.url.clone()),
            ("site.final_url", site.final_url.clone()),
            ("site.source", site.source.clone()),
            ("site.parent", site.parent.clone()),
            ("site.unit", site.unit.clone()),
            ("site.gap", site.gap.map(crate::snapshot::Gap::name)),
            ("site.status", site.status.map(|n| n.to_string())),
            ("site.redirects", site.final_url.as_ref().map(|_| site.hops.len().to_string())),
            ("site.address", site.address.clone()),
            ("site.http_version", site.http_version.clone()),
            ("site.tls", site.tls.as_ref().and_then(|tls| tls.version.clone())),
            ("site.certificate.issuer", leaf.map(|c| c.issuer.clone())),
            ("site.certificate.not_after", leaf.map(|c| c.not_after.to_string())),
            ("site.certificate.days_left", days.map(|n| n.to_string())),
            ("site.dns_ms", site.timings.and_then(|t| t.dns_ms).map(|n| n.to_string())),
            ("site.connect_ms", site.timings.and_then(|t| t.connect_ms).map(|n| n.to_string())),
            ("site.first_byte_ms", site.timings.map(|t| t.first_byte_ms.to_string())),
            ("site.total_ms", site.timings.map(|t| t.total_ms.to_string())),
        ];
        out.extend(known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    }
    for policy in &report.policies {
        if findings.iter().any(|f| f.policy == policy.id) {
            out.push((format!("policy.{}", plain::line(&policy.id)), format!("{} {}", policy.version, policy.digest)));
        }
    }
    out.push(("run.id".to_owned(), report.run_id.clone()));
    out.push(("run.outcome".to_owned(), outcome_name(report.outcome).to_owned()));
    for score in report.scores.iter().filter(|s| s.site == id) {
        let mut said = |name: &str, value: String| out.push((format!("score.{name}"), value));
        said("policy", plain::line(&score.policy));
        said("low", score.low.to_string());
        said("high", score.high.to_string());
        said("possible", score.possible.to_string());
        said("attested", score.attested.to_string());
        if let Some(level) = &score.level {
            said("level", plain::line(level));
        }
    }
    out
}

fn case(report: &Report, site: Named<'_>, finding: &Finding, (name, strict): (String, bool), lang: Lang) -> TestCase {
    let form = Outlet::of(report, finding).junit;
    let mut status = match form {
        outlet::Junit::Testcase | outlet::Junit::SystemOut => TestCaseStatus::success(),
        outlet::Junit::Failure => TestCaseStatus::non_success(NonSuccessKind::Failure),
        outlet::Junit::Error => TestCaseStatus::non_success(NonSuccessKind::Error),
        outlet::Junit::Skipped => TestCaseStatus::skipped(),
    };
    let reason = plain::reason(finding, lang);
    let told = told(report, site, finding, lang);
    if !matches!(form, outlet::Junit::Testcase | outlet::Junit::SystemOut) {
        status.set_message(&reason).set_type(type_of(finding)).set_description(&told);
    }
    let mut case = TestCase::new(name, status);
    let mut aside: Vec<String> = Vec::new();
    if form == outlet::Junit::SystemOut || plain::is_stated(finding) {
        aside.push(told);
    }
    aside.extend(finding.notes.iter().map(|n| plain::note(n, lang)));
    if !aside.is_empty() {
        case.set_system_out(aside.join("\n"));
    }
    if !strict && let Some(place) = finding.places.first() {
        if let Some(path) = &place.path {
            case.extra.insert("file".into(), plain::line(path).into());
        }
        if let Some(line) = place.line.filter(|_| place.path.is_some()) {
            case.extra.insert("line".into(), line.to_string().into());
        }
    }
    case
}

/// Something asked of a score: a case of its own beside those of the rules.
fn gate_case(report: &Report, score: Option<&Score>, gate: &Gate, lang: Lang) -> TestCase {
    let (kind, told) = match Outlet::of_gate(gate.verdict, report.fail_on).junit {
        outlet::Junit::Failure => (NonSuccessKind::Failure, "score-gate-failed"),
        outlet::Junit::Error => (NonSuccessKind::Error, "score-gate-open"),
        _ => return named_gate(report, score, gate, TestCaseStatus::success(), lang),
    };
    let answer = scored::answer(report, score, gate, lang);
    let mut status = TestCaseStatus::non_success(kind);
    status.set_message(&answer).set_type(told).set_description(&answer);
    named_gate(report, score, gate, status, lang)
}

fn named_gate(report: &Report, score: Option<&Score>, gate: &Gate, status: TestCaseStatus, lang: Lang) -> TestCase {
    let mut case = TestCase::new(format!("{} {}", lang.of("ngưỡng:", "gate:"), scored::asked(gate, lang)), status);
    let site = scored::whose(report, score);
    case.set_classname(score.map_or(site.clone(), |score| format!("{}.{site}", plain::line(&score.policy))));
    case.set_time(Duration::ZERO);
    case
}

/// The public word for what happened: the code, the gap's name, else the verdict.
fn type_of(finding: &Finding) -> String {
    match (&finding.code, finding.gap) {
        (_, Some(gap)) => gap.name(),
        (Some(code), None) => plain::line_of(code, 100),
        (None, None) => verdict_name(finding.verdict).to_owned(),
    }
}

/// Verdict, reason, law, places, evidence and remedy: what a reader of the red test needs.
fn told(report: &Report, (_, site): Named<'_>, finding: &Finding, lang: Lang) -> String {
    let mut out = vec![format!(
        "{} ({}){}: {}",
        words::verdict(finding.verdict).pick(lang),
        words::severity(finding.severity).pick(lang),
        plain::known(finding, lang),
        plain::reason(finding, lang)
    )];
    if let Some(gap) = finding.gap {
        out.push(format!("{} [{}]", words::cause(gap).pick(lang), gap.name()));
        out.push(format!("{} {}", lang.of("Cách xử lý:", "What to do:"), words::remedy(gap).pick(lang)));
    }
    if let Some(clause) = plain::clause(report, finding, lang) {
        out.push(format!("{} {clause}", lang.of("Căn cứ:", "Law:")));
    }
    let address = site.and_then(|s| s.url.as_deref());
    if let Some(address) = address {
        out.push(format!("{} {}", lang.of("Trang:", "Site:"), plain::line(address)));
    }
    for place in finding.places.iter().take(LISTED) {
        if let Some(text) = plain::place(place) {
            out.push(format!("{} {text}", lang.of("Tại:", "At:")));
            if let Some(excerpt) = &place.excerpt {
                out.push(format!("  | {}", plain::line_of(excerpt, 300)));
            }
        }
    }
    let left = finding.places_total.saturating_sub(finding.places.len().min(LISTED) as u64);
    if left > 0 {
        out.push(lang.of(format!("… và {left} chỗ nữa"), format!("… and {left} more places")));
    }
    for (label, value) in
        [(lang.of("Cần:", "Expected:"), &finding.expected), (lang.of("Thấy:", "Found:"), &finding.actual)]
    {
        if let Some(value) = value {
            out.push(format!("{label} {}", plain::line(value)));
        }
    }
    out.extend(finding.evidence.iter().take(LISTED).map(|e| format!("- {}", plain::evidence(e, lang))));
    if finding.evidence.len() > LISTED {
        let left = finding.evidence.len() - LISTED;
        out.push(lang.of(format!("… và {left} nữa"), format!("… and {left} more")));
    }
    if finding.verdict == Verdict::Fail
        && let Some(fix) = plain::fix(report, finding, lang)
    {
        out.push(lang.of("Cách sửa:", "How to fix:").to_owned());
        out.extend(plain::lines(fix).into_iter().map(|l| format!("  {l}").trim_end().to_owned()));
    }
    out.join("\n")
}
