//! How points and what is asked of them leave the house: every format that is for people or pipelines says it, none
//! says a score where there is none.

use std::path::Path;

use rasoat::finding::{Share, Verdict};
use rasoat::policy::{Points, Text};
use rasoat::report::{
    HumanOptions, Lang, Report, from_json, to_check_run, to_comment, to_csv, to_dotenv, to_github, to_gitlab, to_human,
    to_junit, to_markdown, to_sarif,
};
use rasoat::tally;

use super::page::files;
use crate::support::{rasoat, write};

fn report_of(folder: &Path, args: &str) -> Report {
    let output =
        rasoat(folder).args(["check", "-q", "--report", "json"]).args(args.split_whitespace()).output().unwrap();
    from_json(&String::from_utf8(output.stdout).unwrap())
        .unwrap_or_else(|e| panic!("{e} {}", String::from_utf8_lossy(&output.stderr)))
}

fn example(args: &str) -> Report {
    let folder = tempfile::tempdir().unwrap();
    files(folder.path());
    report_of(folder.path(), &format!("-p policy.yml {args}"))
}

fn human(report: &Report, lang: Lang, explain_score: bool) -> String {
    to_human(report, &HumanOptions { lang, explain_score, width: 200, ..HumanOptions::default() })
}

#[test]
fn a_gate_that_fails_is_said_by_every_format_that_is_not_about_places() {
    let report = example("--min-level A");
    for (lang, asked) in [(Lang::Vi, "mức thấp nhất A"), (Lang::En, "level A or better")] {
        for (name, text) in [
            ("human", human(&report, lang, false)),
            ("junit", to_junit(&report, false, lang).unwrap()),
            ("junit-strict", to_junit(&report, true, lang).unwrap()),
            ("github", to_github(&report, lang)),
            ("markdown", to_markdown(&report, lang)),
            ("comment", to_comment(&report, lang, "ci", None).body),
            ("check run", to_check_run(&report, lang).summary),
        ] {
            assert!(text.contains(asked), "{name}: {asked}\n{text}");
        }
        let run = to_check_run(&report, lang);
        assert_eq!((run.conclusion, run.annotations[0].annotation_level), ("failure", "failure"));
        assert!(run.annotations[0].title.contains(asked), "{}", run.annotations[0].title);
        assert!(run.title.contains(lang.of_gate()), "{}", run.title);
        let junit = to_junit(&report, true, lang).unwrap();
        assert!(junit.contains("<failure") && junit.contains("score-gate-failed"), "{junit}");
        assert!(to_github(&report, lang).starts_with("::error file=sites.yml,line=4"), "{}", to_github(&report, lang));
        assert!(human(&report, lang, false).trim_end().ends_with(lang.of_gate()));
        for places in [to_sarif(&report, lang).unwrap(), to_gitlab(&report, lang).unwrap()] {
            assert!(!places.contains(asked), "{places}");
        }
    }
    let env = to_dotenv(&report);
    for line in ["VERDICT=failed", "SCORE=40-80", "LEVEL=", "GATES=fail"] {
        assert!(env.lines().any(|l| l == format!("RASOAT_RESULT_{line}")), "{line}\n{env}");
    }
}

trait OfGate {
    fn of_gate(self) -> &'static str;
}

impl OfGate for Lang {
    fn of_gate(self) -> &'static str {
        match self {
            Lang::Vi => "1 ngưỡng điểm không đạt",
            Lang::En => "1 score gate not reached",
        }
    }
}

#[test]
fn a_gate_that_waits_is_an_error_and_a_warning_not_a_failure() {
    let report = example("--min-score 50");
    let junit = to_junit(&report, false, Lang::En).unwrap();
    assert!(junit.contains("type=\"score-gate-open\"") && !junit.contains("score-gate-failed"), "{junit}");
    assert!(to_github(&report, Lang::En).starts_with("::warning file=sites.yml"));
    assert_eq!(to_check_run(&report, Lang::En).conclusion, "action_required");
    assert!(to_dotenv(&report).contains("RASOAT_RESULT_GATES=inconclusive\n"));
    let passed = example("--min-score 10 --min-group noi-dung=1");
    let junit = to_junit(&passed, false, Lang::En).unwrap();
    for name in ["gate: at least 10 points\"", "gate: at least 1 points in group noi-dung\""] {
        assert!(junit.contains(name), "{name}\n{junit}");
    }
    assert!(!junit.contains("score-gate"), "{junit}");
    assert!(to_dotenv(&passed).contains("RASOAT_RESULT_GATES=pass\n"));
    assert!(to_dotenv(&example("")).contains("RASOAT_RESULT_GATES=\n"));
}

#[test]
fn variables_hold_one_score_or_none() {
    let values = |report: &Report| {
        let env = to_dotenv(report);
        let of = |name: &str| env.lines().find_map(|l| l.strip_prefix(name)).unwrap().to_owned();
        (of("RASOAT_RESULT_SCORE="), of("RASOAT_RESULT_LEVEL="))
    };
    let mut report = example("--attestations attestations.yml");
    assert_eq!(values(&report), ("77.5-80".to_owned(), "B".to_owned()));
    report.scores[0].high = report.scores[0].low;
    assert_eq!(values(&report).0, "77.5");
    // A policy names its levels as it likes; a shell must not obey one.
    report.scores[0].level = Some("$(id)".to_owned());
    assert_eq!(values(&report).1, "");
    report.scores.push(report.scores[0].clone());
    assert_eq!(values(&report), (String::new(), String::new()));
    report.scores.clear();
    assert_eq!(values(&report), (String::new(), String::new()));
}

#[test]
fn rows_of_the_table_add_up_to_the_score() {
    let report = example("--attestations attestations.yml");
    let csv = to_csv(&report, Lang::En);
    let mut lines = csv.trim_start_matches('\u{feff}').split_terminator("\r\n");
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    assert_eq!(header[header.len() - 4..], ["section", "points", "points_low", "points_high"]);
    let mut sums = [0u32; 3];
    for (cells, _) in lines.zip(&report.findings) {
        let last: Vec<&str> = cells.rsplit(',').take(3).collect();
        for (sum, cell) in sums.iter_mut().zip(last.iter().rev()) {
            *sum += Points::parse(cell).unwrap().0;
        }
    }
    let score = &report.scores[0];
    // Less the 2.5 points that no rule hands out.
    assert_eq!(sums, [score.possible.0 - 250, score.low.0, score.high.0 - 250]);
}

#[test]
fn the_tree_names_every_way_a_point_is_counted() {
    let mut report = example("");
    let scale = report.policies[0].scale.as_mut().unwrap();
    let base = scale.rules[0].clone();
    for (id, partial, skipped) in
        [("mot-phan", true, false), ("mien", false, false), ("da-biet", false, false), ("bo-qua", false, true)]
    {
        let mut weight = base.clone();
        (weight.rule, weight.points, weight.partial, weight.skipped) = (id.to_owned(), Points(500), partial, skipped);
        scale.rules.push(weight);
    }
    scale.groups[0].points = Points(8_000);
    scale.points = Points(12_000);
    let pass = report.findings.iter().find(|f| f.rule == "tieu-de").unwrap().clone();
    for (id, verdict, known) in
        [("mot-phan", Verdict::Fail, false), ("mien", Verdict::Waived, false), ("da-biet", Verdict::Fail, true)]
    {
        let mut finding = pass.clone();
        (finding.rule, finding.verdict, finding.known) = (id.to_owned(), verdict, known);
        finding.message = Text::new(format!("lý do {id}"), format!("reason {id}"));
        finding.earned = (id == "mot-phan").then_some(Share { met: 7, open: 1, of: 11 });
        report.findings.push(finding);
    }
    tally::count(&mut report);
    let tree = human(&report, Lang::Vi, true);
    for line in [
        "✓ 40 trên 40 · tieu-de",
        "đủ điểm: ",
        "✗ 0 trên 10 · tim-kiem",
        "Thêm tối đa 10 điểm: Thêm ô tìm kiếm vào trang chủ.",
        "– (10 điểm) · so-do",
        "không áp dụng, không tính vào tổng điểm",
        "◐ 3,18–3,63 trên 5 · mot-phan",
        "một phần 7/11, 1/11 chưa rõ, làm tròn xuống phần trăm điểm: lý do mot-phan",
        "✗ 0 trên 5 · mien",
        "tạm chấp nhận, không được tính điểm: lý do mien",
        "lỗi đã biết, không được tính điểm: lý do da-biet",
        "? 0–5 trên 5 · bo-qua",
        "lần này không xét (--only, --skip)",
        "? 0–37,5 trên 37,5 · ho-so",
        "? 0–2,5 điểm của nhóm chưa tiêu chí nào xét, tính là chưa rõ",
        "Mức trên thang 120: A từ 90, B từ 80, C từ 65, D từ 50, E từ 0.",
    ] {
        assert!(tree.contains(line), "{line}\n{tree}");
    }
    assert!(
        human(&report, Lang::En, true)
            .contains("a part 7/11, 1/11 not known, rounded down to the hundredth: reason mot-phan")
    );
    // Without being asked, one line and no tree.
    let short = human(&report, Lang::Vi, false);
    assert!(
        short.contains("Điểm (mau): ") && !short.contains("mot-phan trên") && !short.contains("Mức trên thang"),
        "{short}"
    );
}

#[test]
fn what_a_policy_or_report_calls_its_parts_cannot_act_on_the_reader() {
    let mut report = example("--min-group noi-dung=60 --min-level A");
    let wild = "\u{1b}[2J\n::error::x\u{202e}|`<b>";
    let scale = report.policies[0].scale.as_mut().unwrap();
    scale.groups[0].title = Text::new(wild, wild);
    scale.groups[0].id = wild.to_owned();
    scale.levels[0].id = wild.to_owned();
    scale
        .rules
        .iter_mut()
        .filter(|w| w.group.as_deref() == Some("noi-dung"))
        .for_each(|w| w.group = Some(wild.to_owned()));
    report.gates.min_level = Some(wild.to_owned());
    report.gates.min_groups = [(wild.to_owned(), Points(6_000))].into_iter().collect();
    tally::count(&mut report);
    assert_eq!(report.scores[0].gates.len(), 2);
    for text in [
        human(&report, Lang::Vi, true),
        to_junit(&report, true, Lang::Vi).unwrap(),
        to_github(&report, Lang::Vi),
        to_markdown(&report, Lang::Vi),
        to_comment(&report, Lang::Vi, "ci", None).body,
        to_dotenv(&report),
        to_csv(&report, Lang::Vi).trim_start_matches('\u{feff}').replace("\r\n", "\n"),
    ] {
        assert!(text.chars().all(|c| c == '\n' || !rasoat::finding::is_unseen(c)), "{text:?}");
        assert!(!text.lines().any(|l| l.trim_start().starts_with("::error::")), "{text}");
    }
    let markdown = to_markdown(&report, Lang::Vi);
    assert!(!markdown.contains("<b>") && markdown.contains("\\|\\`"), "{markdown}");
}

#[test]
fn no_portal_has_points_or_a_level_under_a_shipped_policy() {
    let folder = tempfile::tempdir().unwrap();
    let page = "<!doctype html><html lang=vi><head><title>Cổng</title></head><body>Xin chào</body></html>";
    let sites = "apiVersion: rasoat/v1\nsites:\n  - {id: cong, role: portal, url: 'https://tinh-a.gov.vn/', source: dist}\n  - {id: so, role: component, parent: cong, url: 'https://so.tinh-a.gov.vn/', source: dist}\n";
    write(folder.path(), &[("dist/index.html".into(), page.into()), ("sites.yml".into(), sites.into())]);
    let all: Vec<String> = rasoat::policy::builtin_names().map(|name| format!("-p {name}")).collect();
    assert!(all.len() >= 3);
    let report = report_of(folder.path(), &all.join(" "));
    assert!(report.scores.is_empty(), "{:?}", report.scores);
    for lang in [Lang::Vi, Lang::En] {
        let text = human(&report, lang, false);
        assert!(!text.contains("Điểm (") && !text.contains("Points ("), "{text}");
        assert!(!to_markdown(&report, lang).contains(if lang == Lang::Vi { "### Điểm" } else { "### Points" }));
        assert!(!to_junit(&report, false, lang).unwrap().contains("score."));
        let csv = to_csv(&report, lang);
        let rows: Vec<&str> = csv.split_terminator("\r\n").skip(1).collect();
        assert_eq!(rows.len(), report.findings.len() + report.estate_notes.len());
        assert!(rows.iter().all(|row| row.ends_with(",,,")), "{csv}");
    }
    assert!(to_dotenv(&report).contains("RASOAT_RESULT_SCORE=\nRASOAT_RESULT_LEVEL=\n"));
}

#[test]
fn without_points_there_is_nothing_to_explain_and_that_is_said() {
    let folder = tempfile::tempdir().unwrap();
    files(folder.path());
    let printed = |args: &[&str]| {
        let output = rasoat(folder.path()).args(args).args(["--explain-score", "--lang", "en"]).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let none = printed(&["check", "-p", "transport-baseline"]);
    assert!(none.contains("There is no score to explain: the policy has no points."), "{none}");
    let skipped = printed(&["check", "-p", "policy.yml", "--only", "so-do"]);
    assert!(skipped.contains("No points: no rule with points asks anything of this site"), "{skipped}");
    // The tree of a stored report is that of the run.
    rasoat(folder.path()).args(["check", "-p", "policy.yml", "-q", "--report", "json=r.json"]).output().unwrap();
    assert_eq!(printed(&["report", "r.json"]), printed(&["check", "-p", "policy.yml"]));
}

/// A rating by people, in points: told in points, and as theirs.
#[test]
fn points_that_people_gave_are_told_as_points() {
    let mut report = example("--attestations attestations.yml");
    report.policies[0].scale.as_mut().unwrap().rules.iter_mut().for_each(|weight| weight.partial = true);
    let stated = report.findings.iter_mut().find(|f| f.rule == "ho-so").unwrap();
    stated.earned = Some(Share { met: 2_050, open: 0, of: 3_750 });
    tally::count(&mut report);
    assert_eq!((report.scores[0].low, report.scores[0].attested), (Points(6_050), Points(2_050)));
    let tree = human(&report, Lang::Vi, true);
    assert!(tree.contains("◐ 20,5 trên 37,5 · ho-so") && tree.contains("một phần, theo xác nhận: Lê Văn C"), "{tree}");
    assert!(!tree.contains("2050/3750"), "{tree}");
}
