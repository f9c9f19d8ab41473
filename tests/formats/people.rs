//! What people read: the terminal and Markdown.

use rasoat::finding::{Basis, Share, Verdict};
use rasoat::policy::{Severity, Text};
use rasoat::report::{Lang, Outcome, Report, Section, Summary, to_csv, to_junit, to_markdown};
use rasoat::site::Role;
use rasoat::snapshot::Gap;

use super::{human, sample};

fn one_open_question() -> Report {
    let full = sample::report();
    let mut findings = vec![
        sample::finding("tinh-a", "snippet", Severity::Error, Verdict::Pass),
        sample::finding("tinh-a", "label", Severity::Error, Verdict::Inconclusive),
    ];
    findings[1].gap = Some(Gap::NotRequested);
    let mut report = sample::of(vec![sample::site("tinh-a", Role::Portal, 3)], full.rules, findings);
    report.outcome = Outcome::PassedUnmeasured;
    report.estate_notes.clear();
    report
}

#[test]
fn the_summary_names_clauses_that_were_not_measured_first_and_counts_last() {
    let text = human(&one_open_question(), Lang::Vi, false, false);
    let summary = text.rsplit("\n\n").next().unwrap();
    let lines: Vec<&str> = summary.lines().collect();
    assert_eq!(lines[0], "Chưa đo: điểm a khoản 7 Điều 4 Thông tư số 01/2024/TT-MAU (label)");
    assert_eq!(
        lines.last().unwrap(),
        &"Kết quả: đạt phần đã đo, còn nội dung chưa đo [passed-unmeasured] · 1 đạt, 0 không đạt, 1 chưa đo được · 1 trang"
    );
}

#[test]
fn passes_are_counted_and_listed_on_request() {
    let report = one_open_question();
    assert!(!human(&report, Lang::Vi, false, false).contains("✓ đạt"));
    assert!(human(&report, Lang::Vi, false, true).contains("✓ đạt  snippet  Gắn mã giám sát"));
}

#[test]
fn what_passes_by_a_persons_word_is_told_as_such() {
    let mut report = one_open_question();
    report.findings[0].basis = Basis::Attested;
    report.findings[0].message = Text::new("Lê C xác nhận ngày 2026-01-05: đạt.", "Le C stated it on 2026-01-05.");
    assert!(human(&report, Lang::Vi, false, false).contains("Lê C xác nhận ngày 2026-01-05: đạt."));
    let text = to_markdown(&report, Lang::En);
    assert!(text.contains("### Passed by statement, not measured\n\n- **tinh-a**"), "{text}");
    assert!(text.contains("Le C stated it on 2026-01-05."), "{text}");
    assert!(to_junit(&report, false, Lang::En).unwrap().contains("pass (error): Le C stated it on 2026-01-05."));
    report.findings[0].basis = Basis::Static;
    assert!(!to_markdown(&report, Lang::En).contains("Passed by statement"));
    assert!(!to_junit(&report, false, Lang::En).unwrap().contains("Le C"));
}

#[test]
fn one_cause_that_stops_many_rules_is_told_once() {
    let text = human(&sample::report(), Lang::Vi, false, false);
    assert_eq!(text.matches("Máy chủ chặn công cụ kiểm tra").count(), 1);
    assert_eq!(text.matches("Máy chủ trả về mã 403").count(), 1);
}

#[test]
fn missing_links_are_listed_to_the_tenth_and_the_rest_counted() {
    let text = human(&sample::report(), Lang::Vi, false, false);
    assert!(text.contains("so-10.tinh-a.example") && !text.contains("so-11.tinh-a.example"));
    assert!(text.contains("… và 3 nữa") && text.contains("… và 248 chỗ nữa"));
    assert!(human(&sample::report(), Lang::Vi, false, true).contains("so-13.tinh-a.example"));
}

#[test]
fn many_sites_are_told_in_a_line_each_and_a_remedy_once() {
    let text = human(&sample::many(40), Lang::Vi, false, false);
    let passing: Vec<&str> = text.lines().filter(|l| l.starts_with('✓')).collect();
    assert_eq!(passing.len(), 20);
    assert!(passing.iter().all(|l| l.ends_with("5 đạt")));
    assert_eq!(text.lines().filter(|l| l.starts_with('✗')).count(), 20);
    assert_eq!(text.matches("Liên hệ đơn vị vận hành").count(), 1);
    assert_eq!(text.matches("như đã nêu ở trên").count(), 19);
    let table: Vec<&str> = text.lines().rev().skip(3).take(6).collect();
    assert_eq!(table[5], "           đạt  không đạt  chưa đo được");
    assert_eq!(table[3], "  label     20         20             0");
    assert!(text.ends_with("· 176 đạt, 20 không đạt, 4 chưa đo được · 40 trang\n"));
}

#[test]
fn colours_change_nothing_but_colours() {
    let report = sample::report();
    let painted = human(&report, Lang::Vi, true, false);
    let mut bare = String::new();
    let mut rest = painted.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        bare.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    bare.push_str(rest);
    assert_eq!(bare, human(&report, Lang::Vi, false, false));
}

#[test]
fn a_known_failure_is_one_line_and_counted() {
    let text = human(&sample::report(), Lang::Vi, false, false);
    assert!(text.contains("✗ không đạt (lưu ý, đã biết)  domain"));
    assert!(text.lines().last().unwrap().contains("1 lỗi đã biết"));
}

/// Rows of comma-separated values, as RFC 4180 reads them.
pub(crate) fn rows(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let row = rows.last_mut().unwrap();
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => row.last_mut().unwrap().push(chars.next().unwrap()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\r' if !quoted => {}
            '\n' if !quoted => rows.push(vec![String::new()]),
            c => row.last_mut().unwrap().push(c),
        }
    }
    rows.pop();
    rows
}

#[test]
fn no_cell_of_a_table_is_a_formula() {
    let mut report = sample::report();
    for (finding, start) in report.findings.iter_mut().zip(["=1+1", "+1", "-1", "@x", "'=1", " =1"]) {
        finding.actual = Some(start.to_owned());
    }
    let text = to_csv(&report, Lang::Vi);
    for cell in ["'=1+1", "'+1", "'-1", "'@x"] {
        assert!(text.contains(&format!(",{cell},")), "{cell}");
    }
    let rows = rows(text.trim_start_matches('\u{feff}'));
    assert_eq!(rows.len(), report.findings.len() + 2);
    for cell in rows.iter().inspect(|row| assert_eq!(row.len(), rows[0].len())).flatten() {
        assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "{cell}");
    }
    assert!(text.starts_with('\u{feff}') && text.contains("Trang thông tin điện tử"));
}

#[test]
fn no_part_of_a_cell_is_a_formula_where_semicolons_part_cells() {
    let mut report = sample::report();
    let of = |text: &str| Text::new(text, text);
    report.findings[0].fix = Some(of("dán:\n=cmd|' /C calc'!A0\n  +1\nxong"));
    report.findings[0].actual = Some("a;=1+1; @x;-webkit \"=2".to_owned());
    let text = to_csv(&report, Lang::Vi);
    // Excel in Vietnamese parts lines and cells like this, whatever stands in quotes that do not begin a cell.
    for cell in text.trim_start_matches('\u{feff}').split(['\n', ';', '\r']) {
        let start = cell.trim_start_matches(|c: char| c.is_whitespace() || c == '"');
        assert!(!start.starts_with(['=', '+', '-', '@']), "{cell}");
    }
    assert!(text.contains("a;'=1+1;' @x;'-webkit \"\"=2"), "{text}");
}

#[test]
fn a_cell_that_is_cut_says_so_and_places_are_counted() {
    let mut report = sample::report();
    report.findings[0].fix = Some(Text::new(vec!["ố".repeat(1_000); 20].join("\n"), "x"));
    let rows = rows(to_csv(&report, Lang::Vi).trim_start_matches('\u{feff}'));
    assert_eq!(rows[1][18].chars().count(), 8_001);
    assert!(rows[1][18].ends_with('…'));
    // Two of 250 places are kept.
    assert_eq!(rows[3][14].lines().last(), Some("… và 248 chỗ nữa"));
}

#[test]
fn new_columns_stand_at_the_end_as_numbers() {
    let mut report = sample::report();
    report.findings[0].earned = Some(Share { met: 12, open: 0, of: 13 });
    report.sections = vec![section("đơn vị 1", &["tinh-a"])];
    let rows = rows(to_csv(&report, Lang::En).trim_start_matches('\u{feff}'));
    assert_eq!(rows[0][21..26], ["outcome", "parts_met", "parts_open", "parts_of", "section"]);
    assert_eq!(rows[1][22..26], ["12", "0", "13", "đơn vị 1"]);
    let other = rows.iter().find(|row| row[0] == "so-gddt").unwrap();
    assert_eq!(other[22..26], ["", "", "", ""]);
    // What is said of all has the run in its own column.
    assert_eq!(rows.last().unwrap()[21], "failed");
}

fn section(name: &str, sites: &[&str]) -> Section {
    Section {
        name: name.to_owned(),
        unit: Some("Sở | <b>".to_owned()),
        taken_at: "2026-01-01T00:00:00Z".to_owned(),
        run_id: "0".to_owned(),
        sites: sites.iter().map(|s| (*s).to_owned()).collect(),
        summary: Summary { pass: 7, fail: 1, ..Summary::default() },
        outcome: Outcome::Failed,
    }
}

#[test]
fn markdown_tells_each_unit_of_a_merged_report_before_any_failure() {
    let mut report = sample::report();
    report.sections = vec![section("don-vi-1", &["tinh-a", "so-gddt"]), section("don_vi_2", &["so-nv"])];
    let text = to_markdown(&report, Lang::Vi);
    let row =
        "| don-vi-1 · Sở \\| &lt;b&gt; | không đạt \\[failed\\] | 2 | 7 | 1 | 0 | 0 | 0 | 07:00 ngày 01/01/2026 |";
    assert!(text.contains(row), "{text}");
    assert!(text.contains("| don\\_vi\\_2 ·"), "{text}");
    assert!(text.find("### Đơn vị").unwrap() < text.find("### Không đạt").unwrap());
    assert!(!to_markdown(&sample::report(), Lang::Vi).contains("### Đơn vị"));
    // A thousand units take no more room than there is, and leave room for failures.
    report.sections = (0..1_000).map(|n| section(&format!("don-vi-{n}"), &["tinh-a"])).collect();
    let text = to_markdown(&report, Lang::Vi);
    assert!(text.len() <= 64 * 1024, "{}", text.len());
    assert!(text.contains("… và 900 đơn vị nữa") && text.contains("### Không đạt"));
}

#[test]
fn markdown_keeps_within_its_size_and_counts_the_rest() {
    let text = to_markdown(&sample::many(3_000), Lang::Vi);
    assert!(text.len() <= 64 * 1024, "{}", text.len());
    assert!(text.lines().last().unwrap().contains("mục không vừa trang này"));
    assert!(to_markdown(&one_open_question(), Lang::Vi).contains("passed-unmeasured"));
}

#[test]
fn markdown_holds_no_markup_of_a_page() {
    let text = to_markdown(&sample::report(), Lang::Vi);
    // Code blocks are shown as they are; everything else must have lost its meaning.
    let mut fence: Option<String> = None;
    for line in text.lines() {
        let ticks: String = line.trim_start().chars().take_while(|c| *c == '`').collect();
        match &fence {
            Some(open) if *open == line.trim() => fence = None,
            Some(_) => {}
            None if ticks.len() > 2 => fence = Some(ticks),
            None => {
                // A backslash takes a character's meaning.
                let bare = line.replace("\\]", "");
                for markup in ["<script", "](http", "<!--"] {
                    assert!(!bare.contains(markup), "{line}");
                }
            }
        }
    }
    assert_eq!(fence, None);
}
