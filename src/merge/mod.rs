//! Stored reports become one: all shards of one run, or the reports of several runs handed upward. What is decided
//! over all sites is decided again; everything else is taken over as it is, never judged anew.

mod across;
mod independent;
mod shards;

use std::collections::HashMap;

use crate::finding::{Finding, Note, safe};
use crate::observe::NOTES_OF_ESTATE;
use crate::policy::Text;
use crate::report::{FailOn, NotJudged, Report, Section, SiteReport};
use crate::score::Gates;
use crate::tally;

/// One report and the file it was read from.
#[derive(Debug)]
pub struct Part {
    /// The file, as the user wrote it.
    pub name: String,
    /// The report.
    pub report: Report,
}

/// How the merged report shall end, where the reports need not agree.
#[derive(Debug, Clone, Default)]
pub struct Ending {
    /// `--fail-on`; without it all reports have one.
    pub fail_on: Option<FailOn>,
    /// `--strict`; without it all reports agree.
    pub strict: bool,
    /// What scores must reach; without it all reports ask the same.
    pub gates: Option<Gates>,
}

/// All sites of the merged report in order, each with its findings.
struct Arranged {
    sites: Vec<(SiteReport, Vec<Finding>)>,
    not_judged: Vec<NotJudged>,
    run_id: String,
    /// What each unit handed in; empty for shards of one run.
    sections: Vec<Section>,
}

/// Joins reports into one.
///
/// # Errors
/// When they do not belong together: what differs, and in which files.
pub fn join(parts: Vec<Part>, ending: Ending) -> Result<Report, Text> {
    let Some(first) = parts.first() else {
        return Err(Text::new("chưa có báo cáo nào để gộp.", "there is no report to merge."));
    };
    agree(first, &parts, &ending)?;
    let mut report = first.report.clone();
    report.tool = tally::tool();
    report.fail_on = ending.fail_on.unwrap_or(report.fail_on);
    report.strict |= ending.strict;
    report.gates = ending.gates.unwrap_or(report.gates);
    report.new_only = parts.iter().all(|p| p.report.new_only);
    // The oldest facts say how old the report is.
    report.taken_at = parts.iter().map(|p| p.report.taken_at.clone()).min().unwrap_or_default();
    let mut notes = said(&parts);
    let arranged = match parts.iter().find(|p| p.report.shard.is_some()) {
        Some(_) => shards::arrange(parts)?,
        None => independent::arrange(parts)?,
    };
    let (mut sites, mut findings): (Vec<SiteReport>, Vec<Vec<Finding>>) = arranged.sites.into_iter().unzip();
    report.shard = None;
    report.run_id = arranged.run_id;
    notes.extend(across::decide(&report.rules, &sites, &arranged.not_judged, &mut findings));
    report.estate_notes = notes;
    for site in sites.iter_mut().filter_map(|s| s.across.as_mut()) {
        site.listed.entry = None;
    }
    report.sites = sites;
    report.sections = arranged.sections;
    report.not_judged = arranged.not_judged;
    for entry in &mut report.not_judged {
        entry.listed.entry = None;
    }
    report.findings = findings.into_iter().flatten().collect();
    tally::count(&mut report);
    Ok(report)
}

/// What the reports say of the estate beside what is told anew: of people's decisions, each once, those that the
/// change under review adds first.
fn said(parts: &[Part]) -> Vec<Note> {
    let mut said: Vec<Note> = Vec::new();
    for note in parts.iter().flat_map(|p| &p.report.estate_notes) {
        if !NOTES_OF_ESTATE.contains(&note.code.as_str()) && !said.contains(note) {
            said.push(note.clone());
        }
    }
    said.sort_by_key(|note| !note.is_of_change());
    said
}

/// Refuses reports that were not judged alike.
fn agree(first: &Part, parts: &[Part], ending: &Ending) -> Result<(), Text> {
    for part in parts {
        let (ours, theirs) = (&first.report, &part.report);
        let digests = |r: &Report| r.policies.iter().map(|p| (p.id.clone(), p.digest.clone())).collect::<Vec<_>>();
        if digests(ours) != digests(theirs) {
            return Err(differ(
                (first, &policies(ours)),
                (part, &policies(theirs)),
                ("bộ tiêu chí khác nhau", "the policies differ"),
                ("Hãy chạy lại với cùng --policy và --param.", "Run again with the same --policy and --param."),
            ));
        }
        let scales = |r: &Report| r.policies.iter().map(|p| p.scale.clone()).collect::<Vec<_>>();
        // One policy has one scale: the points of one unit would be worked out by what another wrote into its report.
        if scales(ours) != scales(theirs) && ours.rules == theirs.rules {
            return Err(differ(
                (first, &policies(ours)),
                (part, &policies(theirs)),
                (
                    "cùng một bộ tiêu chí mà thang điểm ghi trong báo cáo khác nhau (đã bị sửa)",
                    "the policy is the same, the points that the reports hold for it are not (one was edited)",
                ),
                ("Hãy rà soát lại.", "Check again."),
            ));
        }
        if ours.rules != theirs.rules {
            return Err(differ(
                (first, &rules(ours)),
                (part, &rules(theirs)),
                ("các tiêu chí đã xét khác nhau", "they were judged by different rules"),
                ("Hãy chạy lại với cùng --only và --skip.", "Run again with the same --only and --skip."),
            ));
        }
        if ours.fail_on != theirs.fail_on && ending.fail_on.is_none() {
            return Err(differ(
                (first, ours.fail_on.name()),
                (part, theirs.fail_on.name()),
                ("--fail-on khác nhau", "--fail-on differs"),
                ("Hãy cho biết mức cần dùng: --fail-on MỨC.", "Say which one shall hold: --fail-on LEVEL."),
            ));
        }
        if ours.strict != theirs.strict && !ending.strict {
            let word = |strict: bool| if strict { "strict" } else { "not strict" };
            return Err(differ(
                (first, word(ours.strict)),
                (part, word(theirs.strict)),
                ("--strict khác nhau", "--strict differs"),
                (
                    "Hãy thêm --strict, hoặc chạy lại với cùng một lựa chọn.",
                    "Add --strict, or run again with one choice.",
                ),
            ));
        }
        if ours.gates != theirs.gates && ending.gates.is_none() {
            return Err(differ(
                (first, &gates(&ours.gates)),
                (part, &gates(&theirs.gates)),
                ("ngưỡng điểm khác nhau", "what scores must reach differs"),
                (
                    "Hãy cho biết ngưỡng cần dùng: --min-score, --min-level, --min-group.",
                    "Say what shall hold: --min-score, --min-level, --min-group.",
                ),
            ));
        }
        if let Some(site) = theirs.sites.iter().find(|s| s.across.is_none()) {
            let (name, id) = (shown(part), safe(&site.id, 100));
            return Err(Text::new(
                format!(
                    "{name}: báo cáo không có dữ liệu để xét lại trên mọi trang (trang {id}); hãy rà soát lại bằng phiên bản này."
                ),
                format!(
                    "{name}: the report lacks what is needed to decide over all sites (site {id}); check again with this version."
                ),
            ));
        }
    }
    Ok(())
}

/// Gates as the flags say them.
fn gates(gates: &Gates) -> String {
    let score = gates.min_score.map(|points| format!("--min-score {points}"));
    let level = gates.min_level.as_ref().map(|level| format!("--min-level {level}"));
    let groups = gates.min_groups.iter().map(|(id, points)| format!("--min-group {id}={points}"));
    let all: Vec<String> = score.into_iter().chain(level).chain(groups).collect();
    if all.is_empty() { "–".to_owned() } else { safe(&all.join(" "), 300) }
}

fn policies(report: &Report) -> String {
    let short = |digest: &str| digest.chars().take(19).collect::<String>();
    let all = report.policies.iter().map(|p| format!("{} {} {}…", p.id, p.version, short(&p.digest)));
    safe(&all.collect::<Vec<_>>().join(", "), 300)
}

fn rules(report: &Report) -> String {
    safe(&report.rules.iter().map(|r| r.id.as_str()).collect::<Vec<_>>().join(", "), 300)
}

fn shown(part: &Part) -> String {
    safe(&part.name, 300)
}

/// Two reports that differ in something: what, what each says, and the remedy.
fn differ(a: (&Part, &str), b: (&Part, &str), what: (&str, &str), remedy: (&str, &str)) -> Text {
    let both = format!("\n  {}: {}\n  {}: {}\n", shown(a.0), a.1, shown(b.0), b.1);
    Text::new(
        format!("không gộp được, {}:{both}{}", what.0, remedy.0),
        format!("cannot merge, {}:{both}{}", what.1, remedy.1),
    )
}

/// The sites of a report, each with its findings; a finding of a site that the report does not list is damage.
fn by_site(
    name: &str,
    sites: Vec<SiteReport>,
    findings: Vec<Finding>,
) -> Result<Vec<(SiteReport, Vec<Finding>)>, Text> {
    let places: HashMap<String, usize> = sites.iter().enumerate().map(|(n, s)| (s.id.clone(), n)).collect();
    let damaged = |id: &str| {
        let (name, id) = (safe(name, 300), safe(id, 100));
        Text::new(
            format!("{name}: báo cáo hỏng: trang {id} lặp lại hoặc không có trong danh sách."),
            format!("{name}: damaged report: the site {id} stands twice or is not listed."),
        )
    };
    if let Some(twice) = sites.iter().enumerate().find(|(n, s)| places.get(&s.id) != Some(n)) {
        return Err(damaged(&twice.1.id));
    }
    let mut all: Vec<(SiteReport, Vec<Finding>)> = sites.into_iter().map(|s| (s, Vec::new())).collect();
    for finding in findings {
        let at = places.get(&finding.site).copied().ok_or_else(|| damaged(&finding.site))?;
        all[at].1.push(finding);
    }
    Ok(all)
}
