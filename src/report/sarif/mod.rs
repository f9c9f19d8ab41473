//! The report as SARIF 2.1.0 for code scanning: failures and open questions as results with relative
//! locations, stable fingerprints and the law in the rule's help. Passes, not-applicable and waived findings
//! are counted in the run's properties and left out. No absolute address stands in a location: one of them
//! makes readers refuse the whole file.

mod rules;

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};
use serde_sarif::sarif;

use super::anchor::{Anchor, Anchors, MOST_ANCHORS};
use super::outlet::Outlet;
use super::words::{self, Lang, outcome_name, verdict_name};
use super::{Report, SiteReport, json::escaped, plain};
use crate::finding::Finding;
use crate::policy::Severity;

/// The name of the root of the sources.
const ROOT: &str = "%SRCROOT%";
/// Where the tool is explained.
const INFORMATION: &str = concat!("https://docs.rs/", env!("CARGO_PKG_NAME"));
/// Most results of one run that readers take.
const MOST_RESULTS: usize = 25_000;
/// Longest text of a message or description, in characters.
const MESSAGE: usize = 1_024;

/// The report as SARIF.
///
/// # Errors
/// Only when the log cannot be expressed as JSON, which its types rule out.
pub fn to_sarif(report: &Report, lang: Lang) -> serde_json::Result<String> {
    let results = results(report, lang);
    let left_out = results.len().saturating_sub(MOST_RESULTS);
    let mut results = results;
    if left_out > 0 {
        // Stable, so that within a level the order of the report stays.
        results.sort_by_key(|(outlet, _)| std::cmp::Reverse(*outlet));
        results.truncate(MOST_RESULTS);
    }
    let run = sarif::Run::builder()
        .tool(tool(report, lang))
        .automation_details(sarif::RunAutomationDetails::builder().id(category(report)).build())
        .column_kind(json!("unicodeCodePoints"))
        .language(lang.code().to_owned())
        .original_uri_base_ids(BTreeMap::from([(
            ROOT.to_owned(),
            sarif::ArtifactLocation::builder()
                .description(said(lang.of("Thư mục gốc của kho mã nguồn.", "The root of the sources.")))
                .build(),
        )]))
        .invocations(vec![invocation(report, left_out, lang)])
        .properties(run_properties(report, left_out))
        .results(results.into_iter().map(|(_, result)| result).collect::<Vec<_>>())
        .build();
    let log = sarif::Sarif::builder()
        .version(json!("2.1.0"))
        .schema("https://json.schemastore.org/sarif-2.1.0.json".to_owned())
        .runs(vec![run])
        .build();
    Ok(escaped(&serde_json::to_string_pretty(&log)?) + "\n")
}

/// The results with the level that decides what is kept.
fn results(report: &Report, lang: Lang) -> Vec<(super::Sarif, sarif::Result)> {
    let rules: HashMap<(&str, &str), usize> =
        report.rules.iter().enumerate().map(|(n, r)| ((r.policy.as_str(), r.id.as_str()), n)).collect();
    let anchors = Anchors::of(report);
    let mut out = Vec::new();
    for finding in &report.findings {
        let Some(outlet) = Outlet::of(report, finding).sarif else { continue };
        let rule = rules.get(&(finding.policy.as_str(), finding.rule.as_str())).copied();
        out.push((outlet, result(report, finding, &anchors, rule, outlet, lang)));
    }
    out
}

fn result<'a>(
    report: &Report,
    finding: &'a Finding,
    anchors: &Anchors<'a>,
    rule: Option<usize>,
    outlet: super::Sarif,
    lang: Lang,
) -> sarif::Result {
    let site = anchors.site(finding);
    let logical = sarif::LogicalLocation::builder()
        .name(plain::line_of(&finding.site, MESSAGE))
        .fully_qualified_name(logical_name(finding, site))
        .kind("module".to_owned())
        .build();
    let locations: Vec<sarif::Location> = anchors
        .all(finding)
        .iter()
        .map(|a| {
            sarif::Location::builder().physical_location(physical(a)).logical_locations(vec![logical.clone()]).build()
        })
        .collect();
    let mut result = sarif::Result::builder()
        .rule_id(rule_id(report, &finding.policy, &finding.rule))
        .message(said(&message(report, finding, site, lang)))
        .kind(if outlet.open { sarif::ResultKind::Open } else { sarif::ResultKind::Fail })
        .level(level(outlet.level))
        .locations(locations)
        .partial_fingerprints(fingerprints(&anchors.fingerprint(finding)))
        .properties(result_properties(report, finding, site, lang))
        .build();
    result.rule_index = rule.and_then(|n| i64::try_from(n).ok());
    result
}

fn level(severity: Severity) -> sarif::ResultLevel {
    match severity {
        Severity::Error => sarif::ResultLevel::Error,
        Severity::Warning => sarif::ResultLevel::Warning,
        Severity::Note => sarif::ResultLevel::Note,
    }
}

/// The rule's id; rules of several policies stand in one list, and a second of the same name takes its
/// policy's before it.
fn rule_id(report: &Report, policy: &str, rule: &str) -> String {
    let id = plain::line_of(rule, 100);
    match report.rules.iter().find(|r| r.id == rule) {
        Some(first) if first.policy != policy => format!("{}.{id}", plain::line_of(policy, 100)),
        _ => id,
    }
}

fn logical_name(finding: &Finding, site: Option<&SiteReport>) -> String {
    let address = site.and_then(|s| s.url.as_deref()).and_then(plain::bare_address);
    plain::line_of(address.as_deref().unwrap_or(&finding.site), MESSAGE)
}

/// The reason first: small screens show one sentence. Then the site, the law and how to mend it.
fn message(report: &Report, finding: &Finding, site: Option<&SiteReport>, lang: Lang) -> String {
    let mut parts = vec![ended(&plain::reason(finding, lang))];
    let name = site.and_then(|s| s.name.as_deref()).unwrap_or(&finding.site);
    let address = site.and_then(|s| s.url.as_deref().or(s.source.as_deref()));
    parts.push(match address {
        Some(address) => format!("{}: {} ({}).", lang.of("Trang", "Site"), plain::line(name), plain::line(address)),
        None => format!("{}: {}.", lang.of("Trang", "Site"), plain::line(name)),
    });
    if let Some(clause) = plain::clause(report, finding, lang) {
        parts.push(ended(&format!("{}: {clause}", lang.of("Căn cứ", "Law"))));
    }
    if finding.places.len() > MOST_ANCHORS || finding.places_total > MOST_ANCHORS as u64 {
        let total = finding.places_total.max(finding.places.len() as u64);
        parts.push(lang.of(
            format!("Ghi {MOST_ANCHORS} trong {total} chỗ."),
            format!("{MOST_ANCHORS} of {total} places are listed."),
        ));
    }
    if let Some(gap) = finding.gap {
        parts.push(words::remedy(gap).pick(lang).to_owned());
    } else {
        let mut seen: Vec<String> = finding.evidence.iter().take(10).map(|e| plain::evidence(e, lang)).collect();
        if finding.evidence.len() > 10 {
            let left = finding.evidence.len() - 10;
            seen.push(lang.of(format!("và {left} nữa"), format!("and {left} more")));
        }
        if !seen.is_empty() {
            parts.push(ended(&format!("{}: {}", lang.of("Dữ kiện", "Evidence"), seen.join("; "))));
        }
    }
    let text = plain::line_of(&unlinked(&parts.join(" ")), MESSAGE - 1);
    // A remedy that was cut would be worse than none; the whole one always stands in the properties.
    let fix = plain::fix(report, finding, lang).filter(|_| finding.gap.is_none()).map(plain::lines);
    let fix = fix.map(|lines| format!("\n\n{}\n{}", lang.of("Cách sửa:", "How to fix:"), unlinked(&lines.join("\n"))));
    match fix {
        Some(fix) if text.chars().count() + fix.chars().count() <= MESSAGE => text + &fix,
        _ => text,
    }
}

/// With a full stop, as readers of messages expect.
fn ended(text: &str) -> String {
    if text.ends_with(['.', '!', '?', '…']) { text.to_owned() } else { format!("{text}.") }
}

/// `[text](target)` would become a link, and a page's text must not make one.
fn said(text: &str) -> sarif::Message {
    sarif::Message::builder().text(unlinked(text)).build()
}

fn unlinked(text: &str) -> String {
    text.replace("](", "] (")
}

fn fingerprints(hex: &str) -> BTreeMap<String, String> {
    BTreeMap::from([
        // The key GitHub matches alerts by, with the rule. Its uploader would fill it with a hash of the line,
        // which changes with every build of a minified page.
        ("primaryLocationLineHash".to_owned(), format!("{}:1", hex.get(..16).unwrap_or(hex))),
        ("rasoat/v1".to_owned(), hex.to_owned()),
    ])
}

fn physical(anchor: &Anchor) -> sarif::PhysicalLocation {
    let r = anchor.region;
    sarif::PhysicalLocation::builder()
        .artifact_location(sarif::ArtifactLocation::builder().uri(anchor.uri()).uri_base_id(ROOT.to_owned()).build())
        .region(
            sarif::Region::builder()
                .start_line(r.line)
                .start_column(r.column)
                .end_line(r.end_line)
                .end_column(r.end_column)
                .build(),
        )
        .build()
}

fn result_properties(report: &Report, finding: &Finding, site: Option<&SiteReport>, lang: Lang) -> sarif::PropertyBag {
    let text = |t: &str| Value::String(plain::line(t));
    let fix = plain::fix(report, finding, lang).map(|f| Value::String(plain::lines(f).join("\n")));
    let pairs: [(&str, Option<Value>); 14] = [
        ("verdict", Some(json!(verdict_name(finding.verdict)))),
        ("code", finding.code.as_deref().map(text)),
        ("gap", finding.gap.map(|g| json!(g.name()))),
        ("severity", Some(json!(finding.severity))),
        ("basis", Some(json!(finding.basis))),
        ("known", Some(json!(finding.known))),
        ("reached", finding.reached.map(|r| json!(r))),
        ("policy", Some(text(&finding.policy))),
        ("site", Some(text(&finding.site))),
        ("url", site.and_then(|s| s.url.as_deref()).map(text)),
        ("expected", finding.expected.as_deref().map(text)),
        ("actual", finding.actual.as_deref().map(text)),
        ("placesTotal", Some(json!(finding.places_total))),
        ("fix", fix),
    ];
    bag(pairs)
}

fn run_properties(report: &Report, left_out: usize) -> sarif::PropertyBag {
    bag([
        ("runId", Some(json!(report.run_id))),
        ("outcome", Some(json!(outcome_name(report.outcome)))),
        ("summary", Some(json!(report.summary))),
        ("policies", Some(json!(report.policies))),
        ("resultsLeftOut", Some(json!(left_out))),
        ("knownNotListed", report.new_only.then(|| json!(plain::not_listed(report)))),
    ])
}

fn bag<const N: usize>(pairs: [(&str, Option<Value>); N]) -> sarif::PropertyBag {
    let pairs = pairs.into_iter().filter_map(|(k, v)| Some((k.to_owned(), v?)));
    sarif::PropertyBag::builder().additional_properties(pairs.collect::<BTreeMap<_, _>>()).build()
}

/// Ends in `/`: readers take what stands before it as the category, so that shards and policies of one
/// commit do not close each other's alerts.
fn category(report: &Report) -> String {
    let mut id = plain::line_of(&report.tool.name, 100);
    for policy in &report.policies {
        id.push('/');
        id.push_str(&plain::line_of(&policy.id, 100).replace('/', "-"));
    }
    if let Some(shard) = report.shard {
        id.push_str(&format!("/{}-{}", shard.index, shard.of));
    }
    id + "/"
}

fn invocation(report: &Report, left_out: usize, lang: Lang) -> sarif::Invocation {
    let mut out = sarif::Invocation::builder().execution_successful(true).build();
    if is_utc(&report.taken_at) {
        out.end_time_utc = Some(report.taken_at.clone());
    }
    if left_out > 0 {
        let text = lang.of(
            format!("Bỏ bớt {left_out} kết quả nhẹ nhất: tệp chỉ nhận {MOST_RESULTS}."),
            format!("{left_out} least grave results were left out: a file takes {MOST_RESULTS}."),
        );
        let note = sarif::Notification::builder().message(said(&text)).level(json!("warning")).build();
        out.tool_execution_notifications = Some(vec![note]);
    }
    out
}

/// Whether a text is a UTC date and time to the second, as SARIF wants it.
fn is_utc(text: &str) -> bool {
    text.ends_with('Z') && text.parse::<jiff::Timestamp>().is_ok()
}

fn tool(report: &Report, lang: Lang) -> sarif::Tool {
    let mut driver = sarif::ToolComponent::builder()
        .name(plain::line_of(&report.tool.name, 100))
        .semantic_version(plain::line_of(&report.tool.version, 100))
        .version(plain::line_of(&report.tool.version, 100))
        .rules(report.rules.iter().map(|r| rules::descriptor(report, r, lang)).collect::<Vec<_>>())
        .build();
    driver.information_uri = Some(INFORMATION.to_owned());
    sarif::Tool::builder().driver(driver).build()
}
