//! The workbook, opened again by a reader of another maker: what it holds is what the report holds, typed.

use std::io::{Cursor, Read};

use calamine::{Data, DataType, Range, Reader, Xlsx};
use rasoat::finding::{AcceptedBy, Place, Share, Verdict, is_unseen};
use rasoat::policy::{Date, Group, Points, Text};
use rasoat::rank::{Block, Ranked, Ranking};
use rasoat::report::{
    Beside, Change, Changes, Format, HumanOptions, Lang, Outcome, Report, ScoreChange, Section, Trend, TrendRule,
    TrendRun, render, to_xlsx,
};

use super::{LANGS, sample};

/// A workbook as its reader sees it.
pub(crate) struct Book(Xlsx<Cursor<Vec<u8>>>);

pub(crate) fn open(report: &Report, lang: Lang, beside: &Beside) -> Book {
    Book(Xlsx::new(Cursor::new(to_xlsx(report, lang, beside).unwrap())).unwrap())
}

impl Book {
    pub(crate) fn sheet(&mut self, name: &str) -> Range<Data> {
        self.0.worksheet_range(name).unwrap()
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.0.sheet_names()
    }

    fn formulas(&mut self) -> usize {
        self.names().iter().map(|name| self.0.worksheet_formula(name).unwrap().used_cells().count()).sum()
    }
}

/// Opens the workbook of any report: every part is XML, every finding a row, nothing a formula.
pub(crate) fn stays_whole(report: &Report, lang: Lang) {
    let bytes = to_xlsx(report, lang, &Beside::default()).unwrap();
    for (name, part) in parts(&bytes) {
        roxmltree::Document::parse(&part).unwrap_or_else(|e| panic!("{name}: {e}: {part}"));
    }
    let mut book = open(report, lang, &Beside::default());
    assert_eq!(book.formulas(), 0);
    let findings = book.names()[1].clone();
    assert_eq!(book.sheet(&findings).rows().count(), report.findings.len() + 1);
    for name in book.names() {
        for (_, _, cell) in book.sheet(&name).used_cells() {
            let text = cell.to_string();
            assert!(text.encode_utf16().count() <= 32_767);
            assert_eq!(text.chars().filter(|c| *c != '\n').find(|c| is_unseen(*c)), None, "{name}: {text:?}");
        }
    }
}

/// The column with this header.
fn column(sheet: &Range<Data>, header: &str) -> usize {
    let headers: Vec<String> = sheet.rows().next().unwrap().iter().map(ToString::to_string).collect();
    headers.iter().position(|h| h == header).unwrap_or_else(|| panic!("no “{header}” in {headers:?}"))
}

/// The cells of a column, without its header.
fn cells(sheet: &Range<Data>, header: &str) -> Vec<Data> {
    let at = column(sheet, header);
    sheet.rows().skip(1).map(|row| row[at].clone()).collect()
}

fn texts(sheet: &Range<Data>, header: &str) -> Vec<String> {
    cells(sheet, header).iter().map(ToString::to_string).collect()
}

/// The day and time in a cell that holds one.
fn when(cell: &Data) -> String {
    let (year, month, day, hour, minute, second, _) = cell.get_datetime().unwrap().to_ymd_hms_milli();
    format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

/// The parts of the file, by name.
fn parts(bytes: &[u8]) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|n| {
            let mut part = archive.by_index(n).unwrap();
            let mut text = String::new();
            part.read_to_string(&mut text).unwrap();
            (part.name().unwrap().into_owned(), text)
        })
        .collect()
}

/// The value beside a name of the summary.
fn beside_name(sheet: &Range<Data>, name: &str) -> Data {
    let row = sheet.rows().find(|row| row[0] == *name).unwrap_or_else(|| panic!("no row “{name}”"));
    row[1].clone()
}

/// The numbers of a row of the summary that begins so.
fn numbers(sheet: &Range<Data>, first: &str) -> Vec<f64> {
    let row = sheet.rows().find(|row| row[0] == *first).unwrap_or_else(|| panic!("no row “{first}”"));
    row.iter().skip(1).filter_map(DataType::get_float).collect()
}

/// What a workbook counts: passed, failed, open, not applicable, waived, on its first sheet and row by row.
pub(crate) fn counts(report: &Report) -> [[u64; 5]; 2] {
    let mut book = open(report, Lang::Vi, &Beside::default());
    let summary = book.sheet("Tóm tắt");
    let words = ["đạt", "không đạt", "chưa đủ căn cứ kết luận", "không áp dụng", "tạm chấp nhận (có phê duyệt)"];
    let verdicts = texts(&book.sheet("Kết quả"), "Mã kết quả");
    let codes = ["pass", "fail", "inconclusive", "not-applicable", "waived"];
    let rows = codes.map(|code| verdicts.iter().filter(|v| *v == code).count() as u64);
    [words.map(|word| numbers(&summary, word)[0].to_string().parse().unwrap()), rows]
}

#[test]
fn every_finding_is_a_row_and_every_site_too() {
    let report = sample::report();
    for (lang, findings, sites, site, code) in [
        (Lang::Vi, "Kết quả", "Các trang", "Trang", "Mã kết quả"),
        (Lang::En, "Findings", "Sites", "Site", "Verdict code"),
    ] {
        let mut book = open(&report, lang, &Beside::default());
        let sheet = book.sheet(findings);
        let wanted: Vec<String> = report.findings.iter().map(|f| f.site.clone()).collect();
        assert_eq!(texts(&sheet, site), wanted);
        let verdicts = texts(&sheet, code);
        for (word, count) in [
            ("pass", report.summary.pass),
            ("fail", report.summary.fail),
            ("inconclusive", report.summary.inconclusive),
            ("not-applicable", report.summary.not_applicable),
            ("waived", report.summary.waived),
        ] {
            assert_eq!(verdicts.iter().filter(|v| *v == word).count() as u64, count, "{word}");
        }
        let wanted: Vec<String> = report.sites.iter().map(|s| s.id.clone()).collect();
        assert_eq!(texts(&book.sheet(sites), site), wanted);
    }
}

#[test]
fn the_summary_counts_as_the_report_does() {
    let report = sample::many(40);
    let mut book = open(&report, Lang::Vi, &Beside::default());
    let sheet = book.sheet("Tóm tắt");
    assert_eq!(beside_name(&sheet, "Kết luận chung").to_string(), "không đạt");
    assert_eq!(beside_name(&sheet, "Số trang đã xét"), Data::Float(40.0));
    assert_eq!(numbers(&sheet, "đạt"), [176.0, 0.88]);
    assert_eq!(numbers(&sheet, "không đạt"), [20.0, 0.1]);
    assert_eq!(numbers(&sheet, "chưa đủ căn cứ kết luận"), [4.0, 0.02]);
    assert_eq!(numbers(&sheet, "Tổng số"), [200.0, 1.0]);
    // Passed, failed, open, not applicable, waived, all, share of those decided.
    assert_eq!(numbers(&sheet, "Có nhãn thể hiện đã kết nối"), [20.0, 20.0, 0.0, 0.0, 0.0, 40.0, 0.5]);
    assert_eq!(numbers(&sheet, "Trang chủ có đường dẫn"), [36.0, 0.0, 4.0, 0.0, 0.0, 40.0, 1.0]);
    // A is from 90 of 100: with the label 100, without it 60.
    assert_eq!(numbers(&sheet, "A"), [20.0, 0.5]);
    assert_eq!(numbers(&sheet, "E"), [20.0, 0.5]);
}

#[test]
fn cells_have_types_and_instants_are_those_of_vietnam() {
    let mut report = sample::report();
    report.findings[0].earned = Some(Share { met: 12, open: 1, of: 13 });
    report.findings[0].waiver = Some(AcceptedBy {
        reason: "sửa".to_owned(),
        approved_by: "Nguyễn Văn A".to_owned(),
        expires: Date("2026-12-31".parse().unwrap()),
        place: Place::default(),
        subjects: Vec::new(),
    });
    let mut book = open(&report, Lang::Vi, &Beside::default());
    let sheet = book.sheet("Kết quả");
    for (header, wanted) in
        [("Số phần đạt", 12.0), ("Số phần chưa rõ", 1.0), ("Tổng số phần", 13.0), ("Thời gian (ms)", 3.0)]
    {
        assert_eq!(cells(&sheet, header)[0], Data::Float(wanted), "{header}");
    }
    let day = &cells(&sheet, "Tạm chấp nhận đến hết ngày")[0];
    assert_eq!(when(day), "2026-12-31 00:00:00");
    assert_eq!(cells(&sheet, "Số phần đạt")[1], Data::Empty);
    let sites = book.sheet("Các trang");
    assert_eq!(cells(&sites, "Mã trạng thái HTTP")[1], Data::Float(200.0));
    let ends = &cells(&sites, "Chứng thư số hết hạn ngày")[1];
    assert_eq!(when(ends), "2026-03-03 00:00:00");
    // 2026-01-01T00:00:00Z is seven o'clock there.
    let taken = beside_name(&book.sheet("Tóm tắt"), "Thời điểm thu thập dữ liệu");
    assert_eq!(when(&taken), "2026-01-01 07:00:00");
}

#[test]
fn sites_show_a_verdict_for_each_criterion_and_their_points() {
    let report = sample::report();
    let mut book = open(&report, Lang::Vi, &Beside::default());
    let sheet = book.sheet("Các trang");
    assert_eq!(texts(&sheet, "Gắn mã giám sát"), ["không đạt", "đạt", "chưa đủ căn cứ kết luận", "đạt", "không đạt"]);
    assert_eq!(texts(&sheet, "Tên miền đúng quy định")[0], "không đạt (đã biết)");
    // No finding: no verdict.
    assert_eq!(cells(&sheet, "Tên miền đúng quy định")[4], Data::Empty);
    let scores = book.sheet("Điểm");
    for (header, points) in [
        ("Điểm chắc chắn", report.scores.iter().map(|s| s.low).collect::<Vec<_>>()),
        ("Điểm tối đa có thể", report.scores.iter().map(|s| s.high).collect()),
        ("Trên tổng điểm", report.scores.iter().map(|s| s.possible).collect()),
    ] {
        let wanted: Vec<Data> = points.iter().map(|p| Data::Float(f64::from(p.0) / 100.0)).collect();
        assert_eq!(cells(&scores, header), wanted, "{header}");
    }
    // Nothing is known of so-yte: both ends of its level.
    let at = texts(&scores, "Trang").iter().position(|id| id == "so-yte").unwrap();
    assert_eq!(texts(&scores, "Mức")[at], "E–A");
    let order = book.sheet("Xếp hạng theo điểm");
    let ranks: Vec<f64> = cells(&order, "Hạng theo điểm chắc chắn").iter().filter_map(DataType::get_float).collect();
    // 100; 60; then three with nothing certain.
    assert_eq!(ranks, [1.0, 2.0, 3.0, 3.0, 3.0]);
    assert_eq!(texts(&order, "Trang")[..2], ["so-nv", "so-gddt"]);
}

#[test]
fn points_of_a_criterion_stand_beside_its_finding_and_gates_in_the_summary() {
    let mut report = sample::report();
    report.gates.min_score = Some(Points(9_050));
    report.scores = rasoat::tally::scores(&report);
    let mut book = open(&report, Lang::Vi, &Beside::default());
    let sheet = book.sheet("Kết quả");
    let points = |header: &str| cells(&sheet, header)[..3].to_vec();
    // tinh-a fails both criteria that have points, and the third has none.
    assert_eq!(points("Điểm của tiêu chí"), [Data::Float(60.0), Data::Float(40.0), Data::Empty]);
    assert_eq!(points("Điểm chắc chắn"), [Data::Float(0.0), Data::Float(0.0), Data::Empty]);
    assert_eq!(cells(&sheet, "Điểm chắc chắn")[5], Data::Float(60.0));
    let summary = book.sheet("Tóm tắt");
    let gates: Vec<String> =
        summary.rows().filter(|row| row[0] == *"Ngưỡng điểm chưa giữ được").map(|row| row[1].to_string()).collect();
    assert!(gates.iter().any(|said| said.starts_with("tinh-a: ") && said.contains("90,5")), "{gates:?}");
    assert!(!gates.iter().any(|said| said.starts_with("so-nv")), "{gates:?}");
}

#[test]
fn wide_tables_are_printed_on_several_pages_that_name_their_rows() {
    let mut report = sample::report();
    let rule = report.rules[0].clone();
    report.rules.extend((0..20).map(|n| rasoat::report::RuleRef { id: format!("r{n}"), ..rule.clone() }));
    let of = |report: &Report| parts(&to_xlsx(report, Lang::Vi, &Beside::default()).unwrap());
    let part = |parts: &[(String, String)], name: &str| parts.iter().find(|(n, _)| n == name).unwrap().1.clone();
    let (wide, narrow) = (of(&report), of(&sample::report()));
    assert!(part(&wide, "xl/worksheets/sheet3.xml").contains("fitToWidth=\"3\""));
    assert!(part(&wide, "xl/workbook.xml").contains("'Các trang'!$A:$A,'Các trang'!$1:$1"));
    assert!(!part(&narrow, "xl/worksheets/sheet3.xml").contains("fitToWidth"));
}

#[test]
fn sheets_of_points_are_left_out_where_there_are_none() {
    let mut report = sample::report();
    report.scores.clear();
    report.policies[0].scale = None;
    let book = open(&report, Lang::Vi, &Beside::default());
    assert_eq!(book.names(), ["Tóm tắt", "Kết quả", "Các trang"]);
    assert_eq!(open(&report, Lang::En, &Beside::default()).names(), ["Summary", "Findings", "Sites"]);
}

#[test]
fn points_of_groups_stand_in_columns_of_their_own() {
    let mut report = sample::report();
    let scale = report.policies[0].scale.as_mut().unwrap();
    let group = |id: &str, points| Group {
        id: id.to_owned(),
        title: Text::new(format!("Nhóm {id}"), format!("Group {id}")),
        points: Points(points),
    };
    scale.groups = vec![group("1", 6_000), group("2", 4_025)];
    scale.points = Points(10_025);
    scale.rules[0].group = Some("1".to_owned());
    scale.rules[1].group = Some("2".to_owned());
    report.scores = rasoat::tally::scores(&report);
    let mut book = open(&report, Lang::Vi, &Beside::default());
    let sheet = book.sheet("Điểm");
    let at = texts(&sheet, "Trang").iter().position(|id| id == "so-nv").unwrap();
    assert_eq!(cells(&sheet, "Nhóm 1 (tối đa 60)")[at], Data::Float(60.0));
    // A quarter of a point that no rule hands out is not certain.
    assert_eq!(cells(&sheet, "Nhóm 2 (tối đa 40,25)")[at], Data::Float(40.0));
    assert_eq!(
        cells(&sheet, "Nhóm 2 (tối đa 40,25) – tối đa có thể".replace(" (tối đa 40,25)", "").as_str())[at],
        Data::Float(40.25)
    );
}

#[test]
fn no_cell_is_a_formula_and_no_character_acts_on_its_reader() {
    let mut report = sample::report();
    let starts = ["=1+1", "+1", "-1", "@x", "'=1", " =1", "\u{a0}=1", "＝1+1", "=cmd|' /C calc'!A0", "\"=1", "%0A=1"];
    for (finding, start) in report.findings.iter_mut().zip(starts) {
        finding.actual = Some(start.to_owned());
        finding.message = Text::new(start, start);
    }
    report.sites[0].name = Some("=HYPERLINK(\"http://x\",\"y\")".to_owned());
    for lang in LANGS {
        let mut book = open(&report, lang, &Beside::default());
        assert_eq!(book.formulas(), 0);
        for name in book.names() {
            for cell in book.sheet(&name).used_cells().filter_map(|(_, _, cell)| cell.get_string().map(str::to_owned)) {
                assert!(!cell.trim_start().starts_with(['=', '+', '-', '@', '＝']), "{name}: {cell}");
                assert_eq!(cell.chars().filter(|c| *c != '\n').find(|c| is_unseen(*c)), None, "{name}: {cell:?}");
            }
        }
        let sheet = book.sheet(lang.code().replace("vi", "Kết quả").replace("en", "Findings").as_str());
        let actual = texts(&sheet, if lang == Lang::Vi { "Thấy" } else { "Actual" });
        assert_eq!(actual[..5], ["'=1+1", "'+1", "'-1", "'@x", "'=1"]);
    }
}

#[test]
fn what_looks_like_an_escape_of_the_format_stays_as_it_is() {
    let mut report = sample::report();
    for text in ["_x0041_", "_x003D_1+1", "_x0000_", "&amp;", "]]>", "<t>", "  hai  cách  "] {
        report.findings[0].actual = Some(text.to_owned());
        let mut book = open(&report, Lang::Vi, &Beside::default());
        let wanted = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let raw = parts(&to_xlsx(&report, Lang::Vi, &Beside::default()).unwrap());
        for (name, part) in raw.iter().filter(|(name, _)| name.ends_with("xml") || name.ends_with("rels")) {
            roxmltree::Document::parse(part).unwrap_or_else(|e| panic!("{name}: {e}"));
        }
        let read = texts(&book.sheet("Kết quả"), "Thấy")[0].replace("_x005F_", "_");
        assert_eq!(read, wanted);
    }
}

#[test]
fn only_declared_addresses_of_the_web_are_links() {
    let mut report = sample::report();
    let declared =
        ["https://tinh-a.example/", "javascript:alert(1)", "file:///c:/x", "https://u:p@x.example/", "\\\\x\\y"];
    for (site, url) in report.sites.iter_mut().zip(declared) {
        site.url = Some(url.to_owned());
        site.final_url = Some("https://evil.example/".to_owned());
    }
    let bytes = to_xlsx(&report, Lang::Vi, &Beside::default()).unwrap();
    let targets: Vec<String> = parts(&bytes)
        .into_iter()
        .filter(|(name, _)| name.ends_with(".rels"))
        .flat_map(|(_, text)| {
            let links = text.split("Target=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned());
            links.filter(|target| target.contains(':') || target.starts_with('\\')).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(targets, ["https://tinh-a.example/"]);
    // Each is still to be read.
    let mut book = open(&report, Lang::Vi, &Beside::default());
    assert_eq!(texts(&book.sheet("Các trang"), "Địa chỉ"), declared);
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let report = sample::many(30);
    let beside = beside();
    let first = to_xlsx(&report, Lang::Vi, &beside).unwrap();
    for _ in 0..5 {
        assert!(to_xlsx(&report, Lang::Vi, &beside).unwrap() == first);
    }
    let options = HumanOptions { lang: Lang::Vi, ..HumanOptions::default() };
    assert!(render(&report, Format::Xlsx, &options, &beside).unwrap() == first);
    let core = parts(&first).into_iter().find(|(name, _)| name == "docProps/core.xml").unwrap().1;
    assert_eq!(core.matches("2026-01-01T00:00:00Z").count(), 2, "{core}");
    // A report whose instant is none has bytes too, and always the same.
    let odd = Report { taken_at: "hôm qua".to_owned(), ..report };
    assert!(to_xlsx(&odd, Lang::Vi, &beside).unwrap() == to_xlsx(&odd, Lang::Vi, &beside).unwrap());
}

#[test]
fn tables_have_a_frozen_header_a_filter_and_pages() {
    let bytes = to_xlsx(&sample::report(), Lang::Vi, &Beside::default()).unwrap();
    let parts = parts(&bytes);
    let sheet = |n: usize| &parts.iter().find(|(name, _)| *name == format!("xl/worksheets/sheet{n}.xml")).unwrap().1;
    for n in 2..=5 {
        let text = sheet(n);
        for wanted in [
            "<autoFilter ref=\"A1:",
            "ySplit=\"1\"",
            "state=\"frozen\"",
            "orientation=\"landscape\"",
            "paperSize=\"9\"",
            "fitToHeight=\"0\"",
            "&amp;P/&amp;N",
        ] {
            assert!(text.contains(wanted), "sheet {n}: {wanted}");
        }
    }
    assert!(sheet(2).contains("type=\"beginsWith\"") && sheet(3).contains("type=\"beginsWith\""));
    let workbook = &parts.iter().find(|(name, _)| name == "xl/workbook.xml").unwrap().1;
    assert_eq!(workbook.matches("_xlnm.Print_Titles").count(), 4, "{workbook}");
}

/// All that may be laid beside a report.
fn beside() -> Beside {
    let row = |rank: Option<u32>, name: &str, visits: Option<u64>, previous: Option<u32>| Ranked {
        rank,
        name: name.to_owned(),
        visits,
        previous,
        ..Ranked::default()
    };
    let rows = vec![
        row(Some(1), "Tỉnh A", Some(1_234_567), Some(3)),
        row(Some(2), "Tỉnh B", Some(900), Some(1)),
        row(Some(2), "=Tỉnh C", Some(900), None),
        row(None, "Tỉnh D", None, Some(2)),
    ];
    let ranking = Ranking {
        source: "luot-truy-cap.csv".to_owned(),
        blocks: vec![Block { name: Some("Các tỉnh".to_owned()), rows, levels: Vec::new() }],
        ..Ranking::default()
    };
    let changes = Changes {
        since: "2025-12-01T02:00:00Z".to_owned(),
        sites_added: vec!["so-nv".to_owned()],
        sites_gone: vec!["so-cu".to_owned()],
        findings: vec![Change {
            policy: "mau-2024".to_owned(),
            rule: "snippet".to_owned(),
            site: "tinh-a".to_owned(),
            before: Some(Verdict::Pass),
            after: Some(Verdict::Fail),
            failing_since: Some("2025-12-31T20:00:00Z".to_owned()),
            unmeasured_since: 2,
        }],
        standing: vec![Change {
            policy: "mau-2024".to_owned(),
            rule: "label".to_owned(),
            site: "tinh-a".to_owned(),
            before: Some(Verdict::Fail),
            after: Some(Verdict::Fail),
            failing_since: None,
            unmeasured_since: 0,
        }],
        rules_added: vec![("mau-2024".to_owned(), "domain".to_owned())],
        rules_gone: Vec::new(),
        scores: vec![ScoreChange {
            policy: "mau-2024".to_owned(),
            site: "tinh-a".to_owned(),
            before: Some([Points(6_050), Points(10_000)]),
            after: Some([Points(0), Points(0)]),
            level_before: None,
            level_after: Some("E".to_owned()),
        }],
        notes: vec![Text::new("Bộ tiêu chí khác bản.", "Another version of the policy.")],
    };
    let run = |taken_at: &str, pass, fail| {
        let summary = rasoat::report::Summary { pass, fail, ..Default::default() };
        TrendRun {
            taken_at: taken_at.to_owned(),
            run_id: "0".to_owned(),
            outcome: Outcome::Failed,
            sites: 4,
            summary,
            rules: vec![TrendRule { policy: "mau-2024".to_owned(), rule: "snippet".to_owned(), summary }],
        }
    };
    Beside {
        ranking: Some(ranking),
        changes: Some(changes),
        trend: Some(Trend { runs: vec![run("2025-12-01T02:00:00Z", 1, 3), run("2026-01-01T00:00:00Z", 3, 1)] }),
        ..Beside::default()
    }
}

#[test]
fn what_lies_beside_a_report_has_sheets_of_its_own() {
    let mut book = open(&sample::report(), Lang::Vi, &beside());
    let behind = ["Điểm", "Xếp hạng theo điểm", "Xếp hạng", "Thay đổi", "Thay đổi điểm", "Lịch sử"];
    assert_eq!(book.names()[3..], behind);
    let sheet = book.sheet("Xếp hạng");
    assert_eq!(cells(&sheet, "Hạng"), [Data::Float(1.0), Data::Float(2.0), Data::Float(2.0), Data::Empty]);
    assert_eq!(cells(&sheet, "Lượt truy cập")[0], Data::Float(1_234_567.0));
    assert_eq!(texts(&sheet, "Lượt truy cập")[3], "không có số liệu");
    assert_eq!(cells(&sheet, "Tăng, giảm hạng"), [Data::Float(2.0), Data::Float(-1.0), Data::Empty, Data::Empty]);
    assert_eq!(texts(&sheet, "Tên")[2], "'=Tỉnh C");
    let sheet = book.sheet("Thay đổi");
    assert_eq!(
        texts(&sheet, "Thay đổi"),
        ["mới không đạt", "vẫn không đạt", "trang mới", "trang không còn", "tiêu chí mới"]
    );
    assert_eq!(cells(&sheet, "Số lần chưa đo được từ đó")[..2], [Data::Float(2.0), Data::Empty]);
    assert_eq!(texts(&sheet, "Tiêu chí")[4], "Tên miền đúng quy định");
    assert_eq!((texts(&sheet, "Trước")[0].as_str(), texts(&sheet, "Nay")[0].as_str()), ("đạt", "không đạt"));
    assert_eq!(when(&cells(&sheet, "Không đạt liên tục từ")[0]), "2026-01-01 03:00:00");
    let sheet = book.sheet("Thay đổi điểm");
    assert_eq!(cells(&sheet, "Điểm chắc chắn trước")[0], Data::Float(60.5));
    let sheet = book.sheet("Lịch sử");
    assert_eq!(cells(&sheet, "Tỷ lệ đạt: Gắn mã giám sát"), [Data::Float(0.25), Data::Float(0.75)]);
    let summary = book.sheet("Tóm tắt");
    assert_eq!(beside_name(&summary, "Lưu ý khi so sánh").to_string(), "Bộ tiêu chí khác bản.");
    assert_eq!(beside_name(&summary, "Xếp hạng theo số liệu trong tệp").to_string(), "luot-truy-cap.csv");
}

#[test]
fn a_merged_report_names_the_unit_of_each_row() {
    let mut report = sample::report();
    let section = |name: &str, sites: &[&str]| Section {
        name: name.to_owned(),
        unit: None,
        taken_at: "2026-01-01T00:00:00Z".to_owned(),
        run_id: "0".to_owned(),
        sites: sites.iter().map(|s| (*s).to_owned()).collect(),
        summary: rasoat::report::Summary { pass: 7, fail: 1, ..Default::default() },
        outcome: Outcome::Failed,
    };
    report.sections = vec![section("don-vi-1", &["tinh-a", "so-gddt"]), section("don-vi-2", &["so-yte", "so-nv"])];
    let mut book = open(&report, Lang::Vi, &Beside::default());
    let sheet = book.sheet("Kết quả");
    let named = texts(&sheet, "Trang").into_iter().zip(texts(&sheet, "Báo cáo của đơn vị"));
    for (site, section) in named {
        let wanted = match site.as_str() {
            "tinh-a" | "so-gddt" => "don-vi-1",
            "so-yte" | "so-nv" => "don-vi-2",
            _ => "",
        };
        assert_eq!(section, wanted, "{site}");
    }
    let summary = book.sheet("Tóm tắt");
    assert_eq!(numbers(&summary, "don-vi-1"), [2.0, 7.0, 1.0, 0.0, 0.0, 0.0, 8.0, 0.875]);
}

#[test]
fn long_texts_are_cut_with_a_mark_and_empty_reports_have_sheets() {
    let mut report = sample::report();
    let long = "ố".repeat(100_000);
    report.findings[0].fix = Some(Text::new(vec!["ố".repeat(2_000); 150].join("\n"), "x"));
    report.findings[0].actual = Some(long);
    let mut book = open(&report, Lang::Vi, &Beside::default());
    let sheet = book.sheet("Kết quả");
    let fix = &texts(&sheet, "Cách sửa")[0];
    assert!(fix.ends_with('…') && fix.chars().count() == 32_767, "{}", fix.chars().count());
    assert!(texts(&sheet, "Thấy")[0].ends_with('…'));
    let empty = sample::of(Vec::new(), Vec::new(), Vec::new());
    let mut book = open(&empty, Lang::Vi, &Beside::default());
    assert_eq!(book.sheet("Kết quả").rows().count(), 1);
    assert_eq!(book.sheet("Các trang").rows().count(), 1);
}
