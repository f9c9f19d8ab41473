//! Statements of people decide what no machine could: rules that nobody measured. What was measured stands, whatever
//! anybody states; a statement past its last day decides nothing and says so.

use std::collections::{HashMap, HashSet};

use super::change::Acts;
use super::file::{Attestation, Statement};
use super::lay::{Scope, info, place, place_name, warning};
use super::load::{Attestations, both};
use crate::finding::{Basis, Evidence, Finding, Note, Share, Subject, Verdict, safe};
use crate::policy::{Points, Text};
use crate::snapshot::Gap;
use crate::yaml::{At, nearest};

/// Longest name in a sentence, in characters.
const SAID: usize = 200;
/// The codes of answers that nobody can state yet: one is given when shards are joined, one when the part that a
/// machine measures was measured.
const LATER: [&str; 2] = ["decided-at-merge", "measured-first"];
/// The code of a rule that is kept as far as a part of its points.
const PART: &str = "attested-part";

/// A statement and where it is written.
#[derive(Clone, Copy)]
struct Stated<'a> {
    number: usize,
    stated: &'a Attestation,
    earned: Option<Share>,
    at: &'a At,
}

/// Lays statements over findings.
pub(super) fn lay(
    attestations: &Attestations,
    scope: &Scope<'_>,
    findings: &mut [Finding],
    acts: &mut Acts,
) -> Vec<Note> {
    let all = attestations.attestations.iter().zip(&attestations.places).zip(&attestations.earned).enumerate();
    let all: Vec<Stated<'_>> =
        all.map(|(number, ((stated, at), earned))| Stated { number, stated, earned: *earned, at }).collect();
    // Of several the latest holds; a recording is judged by what had been stated by its day.
    let mut latest: HashMap<(&str, &str), Stated<'_>> = HashMap::new();
    for one in all.iter().filter(|one| one.stated.on <= scope.today) {
        let kept = latest.entry((&one.stated.site, &one.stated.rule)).or_insert(*one);
        if kept.stated.on < one.stated.on {
            *kept = *one;
        }
    }
    let mut spoken: HashSet<usize> = HashSet::new();
    for finding in findings {
        let Some(one) = latest.get(&(finding.site.as_str(), finding.rule.as_str())).copied() else { continue };
        if finding.verdict != Verdict::NotApplicable {
            spoken.insert(one.number);
        }
        if over_finding(finding, &one, scope) {
            acts.attestations.push((one.number, finding.site.clone()));
        }
    }
    // Those that a later one took the place of are no loss.
    let mut unmatched: Vec<Stated<'_>> = latest.into_values().filter(|one| !spoken.contains(&one.number)).collect();
    unmatched.sort_by_key(|one| one.number);
    unmatched.iter().filter_map(|one| told_unmatched(one, scope)).collect()
}

/// Whether the statement decided the finding.
fn over_finding(finding: &mut Finding, one: &Stated<'_>, scope: &Scope<'_>) -> bool {
    match finding.verdict {
        Verdict::Pass | Verdict::Fail => {
            if (finding.verdict == Verdict::Pass) != (one.stated.status == Statement::Pass) {
                finding.notes.push(differs(one));
            }
            false
        }
        Verdict::Inconclusive if !is_for_people(finding) => {
            finding.notes.push(unused(one));
            false
        }
        Verdict::Inconclusive if one.stated.valid_until < scope.today => {
            ended(finding, one);
            false
        }
        Verdict::Inconclusive => {
            decide(finding, one);
            if finding.verdict == Verdict::Fail {
                let site = scope.estate.site(&finding.site);
                finding.subjects = vec![Subject::home(site.and_then(|site| site.url.as_ref()))];
            }
            true
        }
        Verdict::NotApplicable | Verdict::Waived => false,
    }
}

/// Only what nobody asked a machine to measure may be stated; a site that could not be reached may not.
fn is_for_people(finding: &Finding) -> bool {
    matches!(finding.gap, Some(Gap::NotAttested | Gap::NotRequested))
        && finding.code.as_deref().is_none_or(|code| !LATER.contains(&code))
}

fn decide(finding: &mut Finding, one: &Stated<'_>) {
    let Attestation { status, by, on, valid_until, evidence, .. } = one.stated;
    let (by, at) = (safe(by, SAID), place_name(one.at));
    let passes = *status == Statement::Pass;
    finding.verdict = if passes { Verdict::Pass } else { Verdict::Fail };
    finding.gap = None;
    let part = one.earned.filter(|share| share.met < share.of);
    finding.code = match (passes, part) {
        (true, None) => None,
        (true, Some(_)) => Some(PART.to_owned()),
        (false, _) => Some("attested-fail".to_owned()),
    };
    finding.earned = one.earned;
    finding.basis = Basis::Attested;
    finding.fix = None;
    let (vi, en) = if passes { ("đạt", "the rule is kept") } else { ("không đạt", "the rule is not kept") };
    let points = one.earned.map(|share| (both(Points(share.met)), both(Points(share.of))));
    let told = points.as_ref().map_or_else(Text::default, |(given, all)| {
        Text::new(format!(", {}/{} điểm", given.vi, all.vi), format!(", with {} of {} points", given.en, all.en))
    });
    finding.message = Text::new(
        format!(
            "{by} xác nhận ngày {}: {vi}{} (có giá trị đến hết ngày {}; {at}).",
            on.vi(),
            told.vi,
            valid_until.vi()
        ),
        format!("{by} stated on {on} that {en}{} (valid until the end of {valid_until}; {at}).", told.en),
    );
    let points = points.map(|(given, all)| format!(", {}/{}", given.en, all.en)).unwrap_or_default();
    let file =
        evidence.as_ref().map(|e| format!(", {}, sha256:{}", safe(&e.file, SAID), e.sha256.to_ascii_lowercase()));
    finding.evidence.push(Evidence::Statement { text: format!("{by}, {on}{points}{}", file.unwrap_or_default()) });
    finding.places = vec![place(one.at)];
    finding.places_total = 1;
}

fn ended(finding: &mut Finding, one: &Stated<'_>) {
    let Attestation { by, on, valid_until, .. } = one.stated;
    let (by, at) = (safe(by, SAID), place_name(one.at));
    finding.gap = Some(Gap::AttestationExpired);
    finding.code = Some(Gap::AttestationExpired.name());
    finding.fix = None;
    finding.places = vec![place(one.at)];
    finding.places_total = 1;
    finding.message = Text::new(
        format!("Xác nhận của {by} ngày {} chỉ có giá trị đến hết ngày {} ({at}).", on.vi(), valid_until.vi()),
        format!("The statement of {by} of {on} was valid until the end of {valid_until} only ({at})."),
    );
}

fn differs(one: &Stated<'_>) -> Note {
    let (by, on, at) = (safe(&one.stated.by, SAID), one.stated.on, place_name(one.at));
    let text = Text::new(
        format!("Xác nhận của {by} ngày {} nói khác ({at}); kết quả đo được giữ nguyên.", on.vi()),
        format!("The statement of {by} of {on} says otherwise ({at}); what was measured stands."),
    );
    warning("attestation-differs", text, vec![place(one.at)])
}

fn unused(one: &Stated<'_>) -> Note {
    let (by, on, at) = (safe(&one.stated.by, SAID), one.stated.on, place_name(one.at));
    let text = Text::new(
        format!(
            "Xác nhận của {by} ngày {} không dùng được ở đây ({at}): nội dung này do máy đo, và lần này không đo được.",
            on.vi()
        ),
        format!(
            "The statement of {by} of {on} does not count here ({at}): this is measured by machine, and could not be this time."
        ),
    );
    info("attestation-unused", text, vec![place(one.at)])
}

fn told_unmatched(one: &Stated<'_>, scope: &Scope<'_>) -> Option<Note> {
    let site = scope.estate.site(&one.stated.site).map(|site| site.id.as_str());
    if !scope.reaches(&one.stated.rule, site.as_slice()) {
        return None;
    }
    let why = match site {
        Some(_) => Text::new("tiêu chí không áp dụng cho trang này", "the rule asks nothing of this site"),
        None => {
            let hint = nearest(&one.stated.site, scope.estate.sites().iter().map(|site| site.id.as_str()));
            let (vi, en) = hint.map_or_else(Default::default, |id| (format!("; có phải {id}?"), format!("; {id}?")));
            Text::new(format!("không có trang nào tên như vậy{vi}"), format!("no site is called so{en}"))
        }
    };
    let (rule, site, at) = (safe(&one.stated.rule, 80), safe(&one.stated.site, 80), place_name(one.at));
    let text = Text::new(
        format!("Xác nhận về {rule} của {site} ({at}) không khớp kết quả nào: {}.", why.vi),
        format!("The statement about {rule} on {site} ({at}) matches no finding: {}.", why.en),
    );
    Some(warning("attestation-unmatched", text, vec![place(one.at)]))
}
