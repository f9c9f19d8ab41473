//! A report as the values and lists of a letter, in Vietnamese: the letter is one of Vietnamese offices. Lists have
//! limits, and what is left out is counted. Never decides.

use std::collections::{BTreeMap, HashMap, HashSet};

use unicode_normalization::UnicodeNormalization;

use super::fill::Record;
use super::shape;
use crate::finding::{Basis, Finding, NoteLevel, Verdict};
use crate::lang::Lang;
use crate::policy::Points;
use crate::report::{Outcome, Report, Section, SiteReport, Summary, plain, scored, words};
use crate::score::Score;
use crate::site::Role;

/// Most failing sites that are listed; with units the share of each is this by their number.
pub(super) const MOST_SITES: usize = 100;
/// Failing sites that each unit may list however many units there are.
const LEAST_SITES: usize = 5;
/// Most entries of each other list that grows with the sites.
const MOST_ENTRIES: usize = 50;
/// Longest reason or remedy, in characters.
const LONGEST: usize = 400;
/// Longest value that people give, in characters.
const LONGEST_GIVEN: usize = 2_000;
/// Most lines of one.
const MOST_LINES: usize = 50;

const VI: Lang = Lang::Vi;

/// Text as it may stand in a letter: one line, composed.
fn said(text: &str, most: usize) -> String {
    plain::line_of(&text.nfc().collect::<String>(), most)
}

/// All values of a letter.
pub(super) fn of(report: &Report, given: &BTreeMap<String, String>) -> Record {
    let mut all = Record::default();
    for (name, text) in given {
        let is_list = shape::PEOPLES_LISTS.iter().any(|(list, _)| list == name);
        if is_list {
            let entries = text.split([';', '\n']).map(|entry| entry.trim().trim_start_matches(['-', '–', ' ']));
            let entries: Vec<Record> = entries.filter(|entry| !entry.is_empty()).take(MOST_LINES).map(line).collect();
            all.list(name, entries);
        } else {
            all.put(name, lines(text).join("\n"));
        }
    }
    for (name, _) in shape::PEOPLES_LISTS {
        // A blank line that a person fills in.
        all.lists.entry((*name).to_owned()).or_insert_with(|| vec![Record::default()]);
    }
    let sites = Sites::of(report);
    head(&mut all, report, &sites);
    policies(&mut all, report);
    all.list("tieu_chi", rules(report));
    let ids: Vec<&str> = report.sites.iter().map(|site| site.id.as_str()).collect();
    failing(&mut all, report, &sites, &ids, MOST_SITES);
    unmeasured(&mut all, report);
    waived(&mut all, report, &sites);
    let warnings = report.estate_notes.iter().filter(|note| note.level == NoteLevel::Warning);
    let notes = warnings.map(|note| {
        let mut one = Record::default();
        one.put("noi_dung", said(VI.pick(&note.message), LONGEST));
        one
    });
    limited(&mut all, "luu_y", notes.collect());
    let scores = report.scores.iter().enumerate().map(|(n, score)| points(n, report, score, &sites));
    limited(&mut all, "diem", scores.collect());
    unkept(&mut all, report, &sites);
    let share = MOST_SITES.checked_div(report.sections.len()).unwrap_or(0).max(LEAST_SITES);
    let units = report.sections.iter().enumerate().map(|(n, section)| unit(n, report, section, &sites, share));
    all.list("don_vi", units.collect());
    all
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(|line| said(line, LONGEST_GIVEN)).filter(|line| !line.is_empty()).take(MOST_LINES).collect()
}

fn line(text: &str) -> Record {
    let mut one = Record::default();
    one.put("dong", said(text, LONGEST_GIVEN));
    one
}

/// A list of at most so many entries, and how many are left out.
fn limited(into: &mut Record, name: &str, mut entries: Vec<Record>) {
    let left = entries.len().saturating_sub(MOST_ENTRIES);
    entries.truncate(MOST_ENTRIES);
    into.count(&format!("{name}_con_lai"), left as u64);
    into.list(name, entries);
}

/// Sites and their findings, looked up by id.
struct Sites<'a> {
    by_id: HashMap<&'a str, &'a SiteReport>,
    failures: HashMap<&'a str, Vec<&'a Finding>>,
    open: HashSet<&'a str>,
    passed: HashSet<&'a str>,
    waived: HashSet<&'a str>,
}

impl<'a> Sites<'a> {
    fn of(report: &'a Report) -> Self {
        let mut all = Self {
            by_id: report.sites_by_id(),
            failures: HashMap::new(),
            open: HashSet::new(),
            passed: HashSet::new(),
            waived: HashSet::new(),
        };
        for finding in &report.findings {
            let site = finding.site.as_str();
            match finding.verdict {
                Verdict::Fail => all.failures.entry(site).or_default().push(finding),
                Verdict::Inconclusive => _ = all.open.insert(site),
                Verdict::Pass => _ = all.passed.insert(site),
                Verdict::Waived => _ = all.waived.insert(site),
                Verdict::NotApplicable => {}
            }
        }
        all
    }

    /// The site's name, else its id.
    fn name(&self, id: &str) -> String {
        let name = self.by_id.get(id).and_then(|site| site.name.as_deref()).map(|name| said(name, LONGEST));
        name.filter(|name| !name.is_empty()).unwrap_or_else(|| said(id, LONGEST))
    }
}

/// The day and the hour it was in Vietnam.
fn moment(into: &mut Record, taken_at: &str) {
    let Ok(at) = taken_at.parse::<jiff::Timestamp>() else {
        into.put("ngay_ra_soat", said(taken_at, LONGEST));
        into.put("gio_ra_soat", "");
        return;
    };
    into.put("ngay_ra_soat", VI.day(at));
    into.put("gio_ra_soat", VI.moment(at).split(' ').next_back().unwrap_or_default());
}

fn outcome(into: &mut Record, outcome: Outcome) {
    into.put("ket_luan", words::outcome(outcome).pick(VI));
    for (name, is) in [
        ("la_dat", Outcome::Passed),
        ("la_dat_phan_da_do", Outcome::PassedUnmeasured),
        ("la_khong_dat", Outcome::Failed),
        ("la_chua_du_can_cu", Outcome::Inconclusive),
        ("la_khong_danh_gia", Outcome::Nothing),
    ] {
        into.fact(name, outcome == is);
    }
}

fn counts(into: &mut Record, s: &Summary) {
    into.count("so_ket_qua", s.pass + s.fail + s.inconclusive + s.not_applicable + s.waived);
    into.count("so_dat", s.pass);
    into.count("so_khong_dat", s.fail);
    into.count("so_chua_ket_luan", s.inconclusive);
    into.count("so_khong_ap_dung", s.not_applicable);
    into.count("so_tam_chap_nhan", s.waived);
}

fn head(all: &mut Record, report: &Report, sites: &Sites<'_>) {
    moment(all, &report.taken_at);
    outcome(all, report.outcome);
    counts(all, &report.summary);
    let of = |role: Role| report.sites.iter().filter(|site| site.role == Some(role)).count() as u64;
    let ids = || report.sites.iter().map(|site| site.id.as_str());
    let failed = ids().filter(|id| sites.failures.contains_key(id)).count();
    let open = ids().filter(|id| sites.open.contains(id) && !sites.failures.contains_key(id)).count();
    let marred = |id: &str| sites.open.contains(id) || sites.waived.contains(id) || sites.failures.contains_key(id);
    let whole = |id: &&str| sites.passed.contains(id) && !marred(id);
    let findings = |fits: fn(&Finding) -> bool| report.findings.iter().filter(|f| fits(f)).count() as u64;
    for (name, number) in [
        ("so_trang", report.sites.len() as u64),
        ("so_cong", of(Role::Portal)),
        ("so_trang_thanh_phan", of(Role::Component)),
        ("so_he_thong", of(Role::Service)),
        ("so_trang_dat", ids().filter(whole).count() as u64),
        ("so_trang_khong_dat", failed as u64),
        ("so_trang_chua_ket_luan", open as u64),
        ("so_khong_ra_soat", report.not_judged.len() as u64),
        ("so_theo_xac_nhan", findings(|f| f.verdict == Verdict::Pass && f.basis == Basis::Attested)),
        ("so_loi_da_biet", findings(|f| f.verdict == Verdict::Fail && f.known)),
        ("so_don_vi", report.sections.len() as u64),
    ] {
        all.count(name, number);
    }
    all.put("phan", report.shard.map(|shard| format!("{}/{}", shard.index, shard.of)).unwrap_or_default());
    all.put("cong_cu", said(&report.tool.name, LONGEST));
    all.put("phien_ban_cong_cu", said(&report.tool.version, LONGEST));
    all.put("ma_lan_chay", said(&report.run_id, LONGEST));
}

fn policies(all: &mut Record, report: &Report) {
    let entries = report.policies.iter().map(|policy| {
        let mut one = Record::default();
        let title = said(VI.pick(&policy.title), LONGEST);
        one.put("ten", if title.is_empty() { said(&policy.id, LONGEST) } else { title });
        one.put("ma", said(&policy.id, LONGEST));
        one.put("phien_ban", said(&policy.version, LONGEST));
        one.put("ma_bam", said(&policy.digest, LONGEST));
        one
    });
    all.list("bo_tieu_chi", entries.collect());
}

/// One entry a rule, those without a finding too.
fn rules(report: &Report) -> Vec<Record> {
    let mut by_rule: HashMap<(&str, &str), Summary> = HashMap::new();
    for finding in &report.findings {
        by_rule.entry((&finding.policy, &finding.rule)).or_default().add(finding.verdict);
    }
    let mut entries = Vec::new();
    for (n, rule) in report.rules.iter().enumerate() {
        let counted = by_rule.remove(&(rule.policy.as_str(), rule.id.as_str())).unwrap_or_default();
        let mut one = Record::default();
        let title = said(VI.pick(&rule.title), LONGEST);
        one.put("tt", (n + 1).to_string());
        one.put("ten", if title.is_empty() { said(&rule.id, LONGEST) } else { title });
        one.put("ma", said(&rule.id, LONGEST));
        one.put("can_cu", rule.clause.as_ref().map(|clause| said(VI.pick(clause), LONGEST)).unwrap_or_default());
        one.put("muc_do", words::severity(rule.severity).pick(VI));
        one.count("dat", counted.pass);
        one.count("khong_dat", counted.fail);
        one.count("chua_ket_luan", counted.inconclusive);
        one.count("khong_ap_dung", counted.not_applicable);
        one.count("tam_chap_nhan", counted.waived);
        entries.push(one);
    }
    entries
}

/// The failing ones of some sites, what is to be mended, and how many are left out.
fn failing(into: &mut Record, report: &Report, sites: &Sites<'_>, ids: &[&str], most: usize) {
    let failing: Vec<(&str, &Vec<&Finding>)> =
        ids.iter().filter_map(|id| Some((*id, sites.failures.get(id)?))).collect();
    let entries = failing.iter().take(most).enumerate().map(|(n, (id, failures))| {
        let mut one = Record::default();
        let site = sites.by_id.get(id);
        let text = |value: Option<&str>| value.map(|text| said(text, LONGEST)).unwrap_or_default();
        one.put("tt", VI.number(n as u64 + 1));
        one.put("ten", sites.name(id));
        one.put("ma", said(id, LONGEST));
        one.put("dia_chi", text(site.and_then(|site| site.url.as_deref().or(site.source.as_deref()))));
        one.put("don_vi", text(site.and_then(|site| site.unit.as_deref())));
        one.list("loi", failures.iter().map(|finding| failure(report, finding)).collect());
        one
    });
    into.list("trang_loi", entries.collect());
    into.count("trang_loi_con_lai", failing.len().saturating_sub(most) as u64);
}

fn failure(report: &Report, finding: &Finding) -> Record {
    let mut one = Record::default();
    one.put("ten", said(plain::title(report, finding, VI), LONGEST));
    one.put("ma", said(&finding.rule, LONGEST));
    one.put("can_cu", plain::clause(report, finding, VI).map(|clause| said(&clause, LONGEST)).unwrap_or_default());
    one.put("muc_do", words::severity(finding.severity).pick(VI));
    one.put("ly_do", said(&plain::reason(finding, VI), LONGEST));
    let remedy = plain::fix(report, finding, VI).map(plain::lines).unwrap_or_default();
    // What follows the first line is code or a list; the letter says what to do, the report how.
    let first = remedy.first().map(|line| said(line, LONGEST)).unwrap_or_default();
    one.put("cach_sua", first.trim_end_matches(':'));
    one.fact("con_nua", remedy.len() > 1);
    one.fact("da_biet", finding.known);
    one
}

/// By rule and cause what was not measured.
fn unmeasured(all: &mut Record, report: &Report) {
    let mut groups: Vec<(&Finding, u64)> = Vec::new();
    let mut known: HashMap<_, usize> = HashMap::new();
    for finding in report.findings.iter().filter(|f| f.verdict == Verdict::Inconclusive) {
        let key = (finding.policy.as_str(), finding.rule.as_str(), finding.gap);
        let at = *known.entry(key).or_insert_with(|| {
            groups.push((finding, 0));
            groups.len() - 1
        });
        groups[at].1 += 1;
    }
    let place = |finding: &Finding| {
        report.rules.iter().position(|rule| rule.id == finding.rule && rule.policy == finding.policy)
    };
    groups.sort_by_key(|(finding, _)| place(finding));
    let entries = groups.iter().enumerate().map(|(n, (finding, number))| {
        let mut one = Record::default();
        one.put("tt", (n + 1).to_string());
        one.put("ten", said(plain::title(report, finding, VI), LONGEST));
        one.put("can_cu", plain::clause(report, finding, VI).map(|clause| said(&clause, LONGEST)).unwrap_or_default());
        let cause = finding.gap.map(|gap| words::cause(gap).pick(VI).to_owned());
        one.put("ly_do", cause.unwrap_or_else(|| said(&plain::reason(finding, VI), LONGEST)));
        one.count("so_trang", *number);
        one
    });
    limited(all, "chua_do", entries.collect());
}

fn waived(all: &mut Record, report: &Report, sites: &Sites<'_>) {
    let waived = report.findings.iter().filter(|f| f.verdict == Verdict::Waived);
    let entries = waived.enumerate().map(|(n, finding)| {
        let mut one = Record::default();
        one.put("tt", (n + 1).to_string());
        one.put("trang", sites.name(&finding.site));
        one.put("ten", said(plain::title(report, finding, VI), LONGEST));
        let waiver = finding.waiver.as_ref();
        let text = |text: Option<&str>| text.map(|text| said(text, LONGEST)).unwrap_or_default();
        one.put("ly_do", text(waiver.map(|waiver| waiver.reason.as_str())));
        one.put("nguoi_duyet", text(waiver.map(|waiver| waiver.approved_by.as_str())));
        one.put("het_han", waiver.map(|waiver| waiver.expires.vi()).unwrap_or_default());
        one
    });
    limited(all, "mien_tru", entries.collect());
}

/// What was asked of scores and does not hold: a run may end by nothing else.
fn unkept(all: &mut Record, report: &Report, sites: &Sites<'_>) {
    let entries = scored::unkept(report).into_iter().map(|unkept| {
        let mut one = Record::default();
        one.put("trang", unkept.score.map(|score| sites.name(&score.site)).unwrap_or_default());
        let asked = scored::asked(&unkept.gate, VI);
        let answer = scored::answer(report, unkept.score, &unkept.gate, VI);
        one.put("noi_dung", said(&format!("{asked} – {answer}"), LONGEST));
        one
    });
    limited(all, "nguong", entries.collect());
}

/// A number of points, or from–to.
fn from_to(low: Points, high: Points) -> String {
    if low == high { VI.points(low) } else { format!("{} – {}", VI.points(low), VI.points(high)) }
}

fn points(n: usize, report: &Report, score: &Score, sites: &Sites<'_>) -> Record {
    let mut one = Record::default();
    one.put("tt", (n + 1).to_string());
    one.put("trang", sites.name(&score.site));
    let policy = report.policies.iter().find(|policy| policy.id == score.policy);
    one.put("bo", policy.map_or_else(|| said(&score.policy, LONGEST), |policy| said(VI.pick(&policy.title), LONGEST)));
    one.put("diem", from_to(score.low, score.high));
    one.put("toi_da", from_to(score.possible, score.possible));
    one.put("theo_xac_nhan", from_to(score.attested, score.attested));
    one.put("khong_tinh", from_to(score.removed, score.removed));
    let level = |id: &Option<String>| id.as_deref().map(|id| said(id, LONGEST));
    let between = || Some(format!("{} – {}", level(&score.level_low)?, level(&score.level_high)?));
    one.put("muc", level(&score.level).or_else(between).unwrap_or_default());
    let scale = report.scale_of(&score.policy);
    let named = score.groups.iter().filter_map(|group| Some((group, group.id.as_deref()?)));
    let groups = named.map(|(group, id)| {
        let mut one = Record::default();
        let title =
            scale.and_then(|scale| scale.groups.iter().find(|g| g.id == id)).map(|g| said(VI.pick(&g.title), LONGEST));
        one.put("ten", title.filter(|title| !title.is_empty()).unwrap_or_else(|| said(id, LONGEST)));
        one.put("diem", from_to(group.low, group.high));
        one.put("toi_da", from_to(group.possible, group.possible));
        one
    });
    one.list("nhom", groups.collect());
    one
}

fn unit(n: usize, report: &Report, section: &Section, sites: &Sites<'_>, most: usize) -> Record {
    let mut one = Record::default();
    one.put("tt", (n + 1).to_string());
    one.put("ten", said(section.unit.as_deref().unwrap_or(&section.name), LONGEST));
    moment(&mut one, &section.taken_at);
    outcome(&mut one, section.outcome);
    counts(&mut one, &section.summary);
    one.count("so_trang", section.sites.len() as u64);
    let ids: Vec<&str> = section.sites.iter().map(String::as_str).collect();
    failing(&mut one, report, sites, &ids, most);
    one
}
