//! A report as the page's script reads it: short keys, every text once, plain passes as one letter. Text is made plain
//! here and escaped for a script element; what it looks like is the script's business.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::links::Links;
use super::pictures::Pictures;
use super::said::Said;
use super::texts::Texts;
use super::visited::visited;
use crate::finding::{Basis, Finding, NoteLevel, Place, Verdict};
use crate::policy::Severity;
use crate::report::words::{self, Lang};
use crate::report::{Outlet, Report, plain};
use crate::snapshot::Gap;

/// Most places of a finding; the rest is counted.
const PLACES: usize = 20;
/// Most entries of evidence of a finding; the rest is counted.
const EVIDENCE: usize = 300;
/// Most notes of a finding; the rest is counted.
const NOTES: usize = 20;
/// Longest source line, in characters.
const EXCERPT: usize = 240;

/// A finding that is more than a plain pass.
#[derive(Debug, Default, Serialize)]
struct Cell {
    /// Message.
    #[serde(skip_serializing_if = "Option::is_none")]
    m: Option<u32>,
    /// Code.
    #[serde(skip_serializing_if = "Option::is_none")]
    c: Option<u32>,
    /// Gap, by its place in the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    g: Option<usize>,
    /// Basis.
    b: u32,
    /// Severity of a failure that is no error.
    #[serde(skip_serializing_if = "Option::is_none")]
    s: Option<u32>,
    /// Known to the baseline.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    k: bool,
    /// Attested.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    t: bool,
    /// Places: what it is called, and the source line with what is meant of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    p: Vec<Vec<u32>>,
    /// Places that are not listed.
    #[serde(skip_serializing_if = "is_nought")]
    pl: u64,
    /// Evidence.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    e: Vec<u32>,
    /// Evidence that is not listed.
    #[serde(skip_serializing_if = "is_nought")]
    el: u64,
    /// What the rule wants.
    #[serde(skip_serializing_if = "Option::is_none")]
    x: Option<u32>,
    /// What is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    a: Option<u32>,
    /// The rung that was reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    r: Option<u32>,
    /// The part that is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    h: Option<u32>,
    /// The remedy's lines, by language; once when both have the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    f: Vec<Vec<u32>>,
    /// Notes: warns, text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    n: Vec<(u8, u32)>,
    /// Notes that are not listed.
    #[serde(skip_serializing_if = "is_nought")]
    nl: u64,
    /// Who accepted it, why, until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    w: Option<u32>,
    /// Pictures.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    i: Vec<usize>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_nought(n: &u64) -> bool {
    *n == 0
}

/// The report as the text of a script element that holds data.
///
/// # Errors
/// The writer's own words, which its types rule out.
pub(super) fn data(report: &Report, links: &Links, pictures: &Pictures<'_>) -> Result<String, serde_json::Error> {
    let mut texts = Texts::default();
    let gaps: Vec<Gap> = Gap::ALL.into_iter().filter(|g| report.findings.iter().any(|f| f.gap == Some(*g))).collect();
    let rules: Vec<Value> = report
        .rules
        .iter()
        .map(|rule| {
            let clause = rule.clause.as_ref().map(|clause| texts.number(Said::line(clause)));
            json!({ "i": plain::line_of(&rule.id, 200), "t": texts.number(Said::line(&rule.title)), "c": clause })
        })
        .collect();
    let sites = sites(report, links, pictures, &gaps, &mut texts)?;
    let gaps: Vec<Value> = gaps
        .iter()
        .map(|gap| {
            let [cause, remedy] = [words::cause(*gap), words::remedy(*gap)].map(|w| texts.number(w.into()));
            json!([gap.name(), cause, remedy])
        })
        .collect();
    let words: Map<String, Value> = VERDICTS
        .into_iter()
        .map(|(letter, verdict)| (letter.to_string(), texts.number(words::verdict(verdict).into()).into()))
        .collect();
    let sections: Vec<String> = report.sections.iter().map(|s| plain::line_of(&s.name, 200)).collect();
    let all = json!({
        "rules": rules, "gaps": gaps, "words": words, "sections": sections, "sites": sites,
        "pictures": pictures.addresses(), "left": pictures.left_out(),
    });
    // The texts last: everything else has said its own by now.
    let mut text = serde_json::to_string(&all)?;
    text.pop();
    Ok(escaped(&format!("{text},\"texts\":{}}}", serde_json::to_string(texts.written())?)))
}

/// JSON in which no character can end a script element, open a comment or a line.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + json.len() / 64);
    for c in json.chars() {
        match c {
            // Outside of strings JSON has none of them.
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

/// Verdicts by the letter that stands for them.
const VERDICTS: [(char, Verdict); 5] = [
    ('p', Verdict::Pass),
    ('f', Verdict::Fail),
    ('i', Verdict::Inconclusive),
    ('n', Verdict::NotApplicable),
    ('w', Verdict::Waived),
];

fn sites(
    report: &Report,
    links: &Links,
    pictures: &Pictures<'_>,
    gaps: &[Gap],
    texts: &mut Texts,
) -> Result<Vec<Value>, serde_json::Error> {
    let rules: HashMap<(&str, &str), usize> =
        report.rules.iter().enumerate().map(|(n, r)| ((r.policy.as_str(), r.id.as_str()), n)).collect();
    let numbers: HashMap<&str, usize> = report.sites.iter().enumerate().map(|(n, s)| (s.id.as_str(), n)).collect();
    let mut cells: Vec<(Vec<char>, Map<String, Value>)> =
        vec![(vec!['.'; report.rules.len()], Map::new()); report.sites.len()];
    for (index, finding) in report.findings.iter().enumerate() {
        let rule = rules.get(&(finding.policy.as_str(), finding.rule.as_str()));
        let (Some(rule), Some(site)) = (rule, numbers.get(finding.site.as_str())) else { continue };
        let (letters, more) = &mut cells[*site];
        if !Outlet::of(report, finding).listed {
            letters[*rule] = 'k';
            continue;
        }
        letters[*rule] = VERDICTS.iter().find(|(_, v)| *v == finding.verdict).map_or('.', |(letter, _)| *letter);
        let of_pictures = pictures.of(index);
        if finding.verdict != Verdict::Pass
            || !finding.notes.is_empty()
            || finding.waiver.is_some()
            || plain::is_stated(finding)
        {
            more.insert(rule.to_string(), serde_json::to_value(cell(report, finding, of_pictures, gaps, texts))?);
        }
    }
    let sections: HashMap<&str, usize> = report
        .sections
        .iter()
        .enumerate()
        .flat_map(|(n, section)| section.sites.iter().map(move |site| (site.as_str(), n)))
        .collect();
    let mut scores: HashMap<&str, Vec<&crate::score::Score>> = HashMap::new();
    for score in &report.scores {
        scores.entry(&score.site).or_default().push(score);
    }
    let mut all = Vec::new();
    for ((n, site), (letters, more)) in report.sites.iter().enumerate().zip(cells) {
        let mut object = Map::new();
        let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
        put("i", plain::line_of(&site.id, 300).into());
        put("v", letters.into_iter().collect::<String>().into());
        if let Some(name) = site.name.as_deref() {
            put("n", plain::line_of(name, 300).into());
        }
        if let Some(address) = site.url.as_deref().or(site.source.as_deref()) {
            put("a", plain::line_of(address, 500).into());
        }
        if let Some(role) = site.role {
            put("r", texts.number(words::role(role).into()).into());
        }
        if let Some(unit) = site.unit.as_deref() {
            put("u", texts.same(plain::line_of(unit, 300)).into());
        }
        if let Some(parent) = site.parent.as_deref() {
            let at = numbers.get(parent).map_or_else(|| plain::line_of(parent, 300).into(), |n| Value::from(*n));
            put("p", at);
        }
        if let Some(states) = links.of(n) {
            put("l", states.into());
        }
        if let Some(section) = sections.get(site.id.as_str()) {
            put("z", (*section).into());
        }
        let way: Vec<u32> = visited(report, site).into_iter().map(|said| texts.number(said)).collect();
        if !way.is_empty() {
            put("y", way.into());
        }
        if let Some(scores) = scores.get(site.id.as_str()) {
            let lines = scores.iter().flat_map(|score| super::scores::lines(report, score));
            put("s", lines.map(|said| texts.number(said)).collect::<Vec<_>>().into());
            // Only where there are levels can one be open.
            let levels = scores.iter().filter(|s| s.level_low.is_some());
            let levels: Vec<String> =
                levels.map(|s| s.level.as_deref().map_or_else(|| "?".to_owned(), |l| plain::line_of(l, 40))).collect();
            if !levels.is_empty() {
                put("o", levels.into());
            }
        }
        if !more.is_empty() {
            put("x", more.into());
        }
        all.push(object.into());
    }
    Ok(all)
}

fn cell(report: &Report, finding: &Finding, pictures: Vec<usize>, gaps: &[Gap], texts: &mut Texts) -> Cell {
    let mends = matches!(finding.verdict, Verdict::Fail | Verdict::Inconclusive | Verdict::Waived);
    let message = Said::line(&finding.message);
    let line = |text: &Option<String>| text.as_deref().map(plain::line).filter(|t| !t.is_empty());
    let mut cell = Cell {
        b: texts.number(words::basis(finding.basis).into()),
        k: finding.known && finding.verdict == Verdict::Fail,
        t: finding.basis == Basis::Attested,
        g: finding.gap.and_then(|gap| gaps.iter().position(|g| *g == gap)),
        i: pictures,
        ..Cell::default()
    };
    if !message.is_empty() {
        cell.m = Some(texts.number(message));
    }
    if finding.verdict == Verdict::Fail && finding.severity < Severity::Error {
        cell.s = Some(texts.number(words::severity(finding.severity).into()));
    }
    cell.c = line(&finding.code).map(|code| texts.same(plain::line_of(&code, 200)));
    cell.n = finding
        .notes
        .iter()
        .take(NOTES)
        .map(|note| {
            (u8::from(note.level == NoteLevel::Warning), texts.number(Said::both(|lang| plain::note(note, lang))))
        })
        .collect();
    cell.nl = finding.notes.len().saturating_sub(NOTES) as u64;
    cell.w = finding.waiver.as_ref().map(|w| {
        let day = Said::new(w.expires.vi(), w.expires.to_string());
        let (reason, by) = (plain::line(&w.reason), plain::line_of(&w.approved_by, 300));
        texts.number(Said::new(
            format!("{reason} — người phê duyệt: {by}; hết hạn ngày {}", day.vi),
            format!("{reason} — approved by {by}; until {}", day.en),
        ))
    });
    if let Some(share) = finding.earned.filter(|s| s.of > 0 && finding.verdict != Verdict::Pass) {
        let of = |n: u32| Said::count(u64::from(n));
        cell.h = Some(texts.number(of(share.met).then(" trên ", " of ", &of(share.of))));
    }
    if !mends && !cell.t {
        return cell;
    }
    cell.r = finding.reached.map(|reach| texts.number(words::reach(reach).into()));
    cell.x = line(&finding.expected).map(|text| texts.same(text));
    cell.a = line(&finding.actual).map(|text| texts.same(text));
    cell.p = finding.places.iter().take(PLACES).map(|p| place(p, texts)).filter(|p| !p.is_empty()).collect();
    cell.pl = finding.places_total.max(finding.places.len() as u64) - finding.places.len().min(PLACES) as u64;
    cell.e = finding
        .evidence
        .iter()
        .take(EVIDENCE)
        .map(|e| texts.number(Said::both(|lang| plain::evidence(e, lang))))
        .collect();
    cell.el = finding.evidence.len().saturating_sub(EVIDENCE) as u64;
    if finding.gap.is_none() && mends {
        let of = |lang| plain::fix(report, finding, lang).map(plain::lines).unwrap_or_default();
        let [vi, en] = texts.lines(of(Lang::Vi), of(Lang::En));
        cell.f = if vi == en { vec![vi] } else { vec![vi, en] };
        cell.f.retain(|lines| !lines.is_empty());
    }
    cell
}

/// What it is called, the source line, and which characters of that are meant.
fn place(place: &Place, texts: &mut Texts) -> Vec<u32> {
    let Some(name) = plain::place(place) else { return Vec::new() };
    let mut all = vec![texts.same(name)];
    let excerpt = place.excerpt.as_deref().map(|text| crate::finding::safe(text, EXCERPT));
    if let Some(text) = excerpt.filter(|text| !text.trim().is_empty()) {
        all.push(texts.same(plain::defused(text)));
        if let Some(marked) = place.marked() {
            all.extend([marked.start, marked.end].map(|n| u32::try_from(n).unwrap_or(u32::MAX)));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_data_can_leave_its_element() {
        let text = "</script><!--<script>&amp;\u{2028}\u{2029}";
        let json = escaped(&serde_json::to_string(text).unwrap());
        assert!(!json.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }
}
