//! The result letter: what must stand in it, what a word processor asks of the file, what a template may do, and that
//! nothing of a page or of a template can make it anything else.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Write};

use rasoat::finding::{AcceptedBy, Basis, Place, Verdict};
use rasoat::policy::{Date, Points, Severity};
use rasoat::report::{Letter, Outcome, Report, Section, Summary, to_docx};
use rasoat::score::{GroupScore, Score};
use rasoat::snapshot::Gap;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::sample;

/// The parts of a file by name.
type Parts = BTreeMap<String, Vec<u8>>;

pub(crate) fn unpack(bytes: &[u8]) -> Parts {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Parts::new();
    for n in 0..archive.len() {
        let mut entry = archive.by_index(n).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        parts.insert(entry.name().unwrap().into_owned(), bytes);
    }
    parts
}

pub(crate) fn pack<'a>(parts: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        out.start_file(name, SimpleFileOptions::default()).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

pub(crate) fn built_in() -> Parts {
    unpack(include_bytes!("../../templates/letter.docx"))
}

pub(crate) fn packed(parts: &Parts) -> Vec<u8> {
    pack(parts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())))
}

pub(crate) fn given(fields: &[(&str, &str)]) -> BTreeMap<String, String> {
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

pub(crate) fn letter(template: Option<&[u8]>, report: &Report, fields: &[(&str, &str)]) -> Parts {
    let letter = Letter::new(template, &given(fields)).unwrap();
    unpack(&to_docx(report, &letter).unwrap())
}

pub(crate) fn unpack_letter(report: &Report, fields: &BTreeMap<String, String>) -> Parts {
    unpack(&to_docx(report, &Letter::new(None, fields).unwrap()).unwrap())
}

/// What a reader reads in a part, a line a paragraph.
pub(crate) fn text(parts: &Parts, name: &str) -> String {
    let xml = std::str::from_utf8(&parts[name]).unwrap();
    let tree = roxmltree::Document::parse(xml).unwrap();
    let paragraphs = tree.descendants().filter(|n| n.has_tag_name((W, "p")));
    let line = |p: roxmltree::Node<'_, '_>| {
        let texts = p.descendants().filter(|n| n.has_tag_name((W, "t")) || n.has_tag_name((W, "br")));
        texts.map(|n| if n.has_tag_name((W, "br")) { "\n" } else { n.text().unwrap_or("") }).collect::<String>()
    };
    paragraphs.map(line).map(|line| line + "\n").collect()
}

const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// What word processors ask of a file before they open it without a complaint.
pub(crate) fn is_sound(parts: &Parts) {
    let mut read = BTreeMap::new();
    for (name, bytes) in parts.iter().filter(|(name, _)| name.ends_with(".xml") || name.ends_with(".rels")) {
        read.insert(name.as_str(), roxmltree::Document::parse(std::str::from_utf8(bytes).unwrap()).unwrap());
    }
    let types = &read["[Content_Types].xml"];
    let attribute = |name: &'static str| {
        let all = types.root_element().children().filter_map(move |n| n.attribute(name));
        all.collect::<BTreeSet<&str>>()
    };
    let (named, endings) = (attribute("PartName"), attribute("Extension"));
    for part in &named {
        assert!(parts.contains_key(part.trim_start_matches('/')), "{part} is named and missing");
    }
    for name in parts.keys().filter(|name| *name != "[Content_Types].xml") {
        let ending = name.rsplit('.').next().unwrap();
        assert!(named.contains(format!("/{name}").as_str()) || endings.contains(ending), "{name} has no type");
    }
    for (name, tree) in read.iter().filter(|(name, _)| name.ends_with(".rels")) {
        let folder = name.split_once("_rels/").unwrap().0;
        let mut ids = BTreeSet::new();
        for relation in tree.root_element().children().filter(|n| n.is_element()) {
            assert!(ids.insert(relation.attribute("Id").unwrap()), "{name}");
            if relation.attribute("TargetMode") != Some("External") {
                let target = format!("{folder}{}", relation.attribute("Target").unwrap());
                assert!(parts.contains_key(&target), "{name} → {target}");
            }
        }
    }
    let document = &read["word/document.xml"];
    for once in ["bookmarkStart", "footnote", "comment"] {
        let ids = document.descendants().filter(|n| n.has_tag_name((W, once))).filter_map(|n| n.attribute((W, "id")));
        let ids: Vec<&str> = ids.collect();
        assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "{once}");
    }
    let is = |node: &roxmltree::Node<'_, '_>, name| node.has_tag_name((W, name));
    for node in document.descendants() {
        let below: Vec<_> = node.children().filter(|n| n.is_element()).collect();
        if is(&node, "tc") {
            assert!(below.last().is_some_and(|last| is(last, "p")), "a cell ends with a paragraph");
        }
        if is(&node, "tbl") {
            let columns =
                below.iter().find(|n| is(n, "tblGrid")).unwrap().children().filter(|n| n.is_element()).count();
            let rows: Vec<_> = below.iter().filter(|n| is(n, "tr")).collect();
            assert!(!rows.is_empty(), "a table has rows");
            for row in rows {
                assert_eq!(row.children().filter(|n| is(n, "tc")).count(), columns);
            }
        }
        if is(&node, "body") {
            assert!(is(below.last().unwrap(), "sectPr") && is(&below[below.len() - 2], "p"));
        }
        assert!(below.windows(2).all(|two| !(is(&two[0], "tbl") && is(&two[1], "tbl"))), "two tables touch");
        if node.is_text() && !node.text().unwrap().trim().is_empty() {
            let above = node.parent().unwrap().tag_name().name();
            assert!(["t", "instrText"].contains(&above), "text in {above}");
        }
    }
}

/// Whether every character may stand in a letter.
fn is_clean(text: &str) -> bool {
    text.chars().all(|c| c == '\n' || !rasoat::finding::is_unseen(c))
}

pub(crate) fn stands(text: &str, all: &[&str]) {
    for one in all {
        assert!(text.contains(one), "“{one}” is not in\n{text}");
    }
}

#[test]
fn the_built_in_template_is_made_of_its_parts() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/letter");
    let parts = built_in();
    for (name, bytes) in &parts {
        let part = std::fs::read(folder.join(name)).unwrap();
        assert!(part == *bytes, "{name} changed: templates/letter/pack.py");
    }
    let on_disk = ["", "_rels", "docProps", "word", "word/_rels"].into_iter().flat_map(|below| {
        let files = std::fs::read_dir(folder.join(below)).unwrap().map(|entry| entry.unwrap().path());
        files.filter(|path| path.is_file() && path.extension().is_none_or(|e| e != "py")).collect::<Vec<_>>()
    });
    assert_eq!(on_disk.count(), parts.len());
}

#[test]
fn the_letter_says_what_was_found() {
    let report = sample::report();
    let fields = [
        ("co_quan_chu_quan", "Ủy ban nhân dân tỉnh A"),
        ("co_quan_ban_hanh", "Sở Khoa học và Công nghệ"),
        ("dia_danh", "Tỉnh A"),
        ("kinh_gui", "Ủy ban nhân dân tỉnh A"),
        ("chuc_vu", "Giám đốc"),
        ("Ho_Ten", "Nguyễn Văn A"),
        ("noi_nhan", "Văn phòng Ủy ban; - Các sở"),
    ];
    let parts = letter(None, &report, &fields);
    is_sound(&parts);
    let body = text(&parts, "word/document.xml");
    assert!(is_clean(&body) && !body.contains("{{"), "{body}");
    stands(
        &body,
        &[
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n",
            "Độc lập - Tự do - Hạnh phúc\n",
            "Ủy ban nhân dân tỉnh A\nSở Khoa học và Công nghệ\n",
            "Số: ……/……\n",
            "V/v ",
            "Tỉnh A, ngày …… tháng …… năm ……\n",
            "Kính gửi: Ủy ban nhân dân tỉnh A\n",
            "Kết luận chung: không đạt.\n",
            "Giám đốc\n",
            "Nguyễn Văn A\n",
            "Nơi nhận:\n",
            "- Văn phòng Ủy ban;\n- Các sở;\n",
            "- Lưu: VT.\n",
        ],
    );
    // Each rule with its law, each failing one with what to mend, each gap with its cause.
    for rule in &report.rules {
        stands(&body, &[&rule.title.vi, &rule.clause.as_ref().unwrap().vi]);
    }
    for finding in report.findings.iter().filter(|f| f.verdict == Verdict::Fail) {
        let title = &report.rule_of(finding).unwrap().title.vi;
        stands(&body, &[&format!("- {title} (")]);
    }
    for gap in report.findings.iter().filter_map(|f| f.gap) {
        stands(&body, &[rasoat::report::words::cause(gap).vi]);
    }
    let s = report.summary;
    let counts = format!(
        "Trong {} kết quả có {} đạt, {} không đạt, {} chưa đủ căn cứ kết luận, {} không áp dụng, {} tạm chấp nhận",
        report.findings.len(),
        s.pass,
        s.fail,
        s.inconclusive,
        s.not_applicable,
        s.waived
    );
    stands(&body, &[&counts]);
    // The page's number stands in the head of all pages but the first.
    assert!(String::from_utf8_lossy(&parts["word/header1.xml"]).contains(" PAGE "));
    assert!(!String::from_utf8_lossy(&parts["word/header2.xml"]).contains(" PAGE "));
}

#[test]
fn every_outcome_has_its_sentence_and_no_other() {
    let mut report = sample::report();
    let sentences = [
        (Outcome::Failed, "phải khắc phục, nêu trong các bảng"),
        (Outcome::PassedUnmeasured, "chưa được đo nên chưa thể kết luận"),
        (Outcome::Inconclusive, "chưa thể kết luận là đạt hay không đạt"),
        (Outcome::Nothing, "không phải là căn cứ để kết luận"),
        (Outcome::Passed, "Các nội dung chưa đủ căn cứ kết luận nêu dưới đây không thuộc mức"),
    ];
    for (outcome, _) in sentences {
        report.outcome = outcome;
        let body = text(&letter(None, &report, &[]), "word/document.xml");
        for (other, sentence) in sentences {
            assert_eq!(body.contains(sentence), outcome == other, "{outcome:?}: {sentence}");
        }
    }
}

#[test]
fn a_pass_of_what_was_measured_does_not_say_that_all_of_it_passes_where_something_fails() {
    let mut report = sample::report();
    // What fails and what could not be seen do not reach the run's threshold; what nobody asked for stays unmeasured.
    for finding in report.findings.iter_mut().filter(|f| f.gap != Some(Gap::NotRequested)) {
        finding.severity = Severity::Warning;
    }
    report.gates = rasoat::score::Gates::default();
    let all = "Những nội dung đã đo đều đạt.";
    let threshold = "Các kết quả không đạt nêu dưới đây không thuộc mức";
    let mut say = |keep: fn(Verdict) -> bool| {
        report.findings.retain(|f| keep(f.verdict));
        rasoat::tally::count(&mut report);
        assert_eq!(report.outcome, Outcome::PassedUnmeasured);
        text(&letter(None, &report, &[]), "word/document.xml")
    };
    let body = say(|_| true);
    assert!(!body.contains(all) && body.contains(threshold), "{body}");
    let body = say(|verdict| verdict != Verdict::Fail);
    assert!(!body.contains(all) && !body.contains(threshold), "what is waived does not pass: {body}");
    let body = say(|verdict| verdict != Verdict::Waived);
    assert!(body.contains(all) && !body.contains(threshold), "{body}");
}

#[test]
fn a_run_that_fails_by_its_points_alone_says_so_and_names_no_table_that_is_not_there() {
    let mut report = sample::report();
    report.findings.retain(|f| f.verdict == Verdict::Pass);
    report.gates.min_score = Some(Points(9_950));
    for (keep, verdict, outcome) in [("snippet", "không đạt ngưỡng", Outcome::Failed), ("", "", Outcome::Inconclusive)]
    {
        // Without the rules that have points no site answers the gate.
        report.findings.retain(|f| f.rule == keep || !["snippet", "label"].contains(&f.rule.as_str()));
        for finding in report.findings.iter_mut().filter(|f| f.rule == "snippet") {
            finding.earned = Some(rasoat::finding::Share { met: 1, open: 0, of: 2 });
        }
        if let Some(scale) = report.policies[0].scale.as_mut() {
            scale.rules.retain(|weight| weight.rule == keep);
            scale.rules.iter_mut().for_each(|weight| weight.partial = true);
        }
        rasoat::tally::count(&mut report);
        assert_eq!((report.outcome, report.summary.fail), (outcome, 0));
        let body = text(&letter(None, &report, &[]), "word/document.xml");
        stands(&body, &["Ngưỡng điểm đặt ra cho lần rà soát này chưa giữ được:\n", "điểm ít nhất 99,5 – ", verdict]);
        for absent in ["nêu trong các bảng dưới đây", "nêu tại bảng"] {
            assert!(!body.contains(absent), "{absent}: {body}");
        }
    }
    report.gates = rasoat::score::Gates::default();
    rasoat::tally::count(&mut report);
    assert!(!text(&letter(None, &report, &[]), "word/document.xml").contains("Ngưỡng điểm"));
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let report = sample::report();
    let letter = Letter::new(None, &given(&[("so", "12")])).unwrap();
    assert_eq!(to_docx(&report, &letter).unwrap(), to_docx(&report, &letter.clone()).unwrap());
    // A template that was packed at another time, by another program.
    let other = Letter::new(Some(&packed(&built_in())), &given(&[("so", "12")])).unwrap();
    assert_eq!(unpack(&to_docx(&report, &letter).unwrap()), unpack(&to_docx(&report, &other).unwrap()));
}

#[test]
fn a_report_without_anything_is_a_letter() {
    let mut report = sample::of(Vec::new(), Vec::new(), Vec::new());
    report.outcome = Outcome::Nothing;
    report.estate_notes.clear();
    let parts = letter(None, &report, &[]);
    is_sound(&parts);
    let body = text(&parts, "word/document.xml");
    stands(&body, &["rà soát 0 cổng", "không có nội dung nào được đánh giá"]);
    for absent in ["Các trang phải khắc phục", "Điểm và mức", "Kết quả theo đơn vị", "Lưu ý"] {
        assert!(!body.contains(absent), "{absent}");
    }
}

#[test]
fn many_sites_are_listed_to_a_limit_and_the_rest_is_counted() {
    let mut report = sample::many(300);
    for finding in &mut report.findings {
        finding.verdict = Verdict::Fail;
        finding.gap = None;
    }
    let parts = letter(None, &report, &[]);
    is_sound(&parts);
    let body = text(&parts, "word/document.xml");
    stands(&body, &["Còn 200 trang không đạt khác, xem báo cáo đầy đủ."]);
    let listed = report.sites.iter().filter(|site| body.contains(site.url.as_ref().unwrap())).count();
    assert_eq!(listed, 100);
}

fn section(name: &str, unit: Option<&str>, sites: &[&str]) -> Section {
    Section {
        name: name.to_owned(),
        unit: unit.map(str::to_owned),
        taken_at: "2026-11-21T20:30:00Z".to_owned(),
        run_id: "r".to_owned(),
        sites: sites.iter().map(|id| (*id).to_owned()).collect(),
        summary: Summary { fail: 1_234, ..Summary::default() },
        outcome: Outcome::Failed,
    }
}

#[test]
fn each_unit_has_its_row_and_its_failures() {
    let mut report = sample::report();
    let failing = report.findings.iter().find(|f| f.verdict == Verdict::Fail).unwrap().site.clone();
    report.sections = vec![section("so-y-te", Some("Sở Y tế"), &[&failing]), section("so-gddt", None, &["nobody"])];
    let parts = letter(None, &report, &[]);
    is_sound(&parts);
    let body = text(&parts, "word/document.xml");
    // The day there, not the one in UTC.
    stands(
        &body,
        &["do 2 đơn vị gửi lên", "1) Sở Y tế\nDữ liệu thu thập từ 03:30 ngày 22/11/2026; 1 trang", "1.234", "so-gddt"],
    );
    assert!(!body.contains("Các trang phải khắc phục\n") && !body.contains("2) so-gddt"), "{body}");
}

#[test]
fn points_stand_only_where_there_are_any() {
    let mut report = sample::report();
    report.scores.clear();
    assert!(!text(&letter(None, &report, &[]), "word/document.xml").contains("Điểm và mức"));
    let groups = vec![GroupScore {
        id: Some("chuc-nang".to_owned()),
        possible: Points(5_000),
        removed: Points(0),
        low: Points(3_050),
        high: Points(4_025),
        attested: Points(0),
        unassigned: Points(0),
        rules: Vec::new(),
    }];
    report.scores = vec![Score {
        policy: "mau-2024".to_owned(),
        site: "tinh-a".to_owned(),
        possible: Points(10_000),
        removed: Points(0),
        low: Points(6_050),
        high: Points(8_025),
        attested: Points(125),
        level: None,
        level_low: Some("C".to_owned()),
        level_high: Some("B".to_owned()),
        groups,
        gates: Vec::new(),
    }];
    let parts = letter(None, &report, &[]);
    is_sound(&parts);
    stands(
        &text(&parts, "word/document.xml"),
        &["Điểm và mức\n", "chuc-nang: 30,5 – 40,25/50\n", "\n60,5 – 80,25\n100\nC – B\n1,25\n"],
    );
}

#[test]
fn what_people_decided_is_named() {
    let mut report = sample::report();
    report.findings.truncate(1);
    let mut waived = sample::finding("tinh-a", "label", Severity::Error, Verdict::Waived);
    let expires: Date = serde_json::from_str("\"2026-12-31\"").unwrap();
    waived.waiver = Some(AcceptedBy {
        reason: "đang nâng cấp".to_owned(),
        approved_by: "Trần Thị B".to_owned(),
        expires,
        place: Place::default(),
        subjects: Vec::new(),
    });
    let mut stated = sample::finding("tinh-a", "links", Severity::Error, Verdict::Pass);
    stated.basis = Basis::Attested;
    report.findings[0].known = true;
    report.findings.extend([waived, stated]);
    let parts = letter(None, &report, &[]);
    is_sound(&parts);
    stands(
        &text(&parts, "word/document.xml"),
        &[
            "đang nâng cấp\nTrần Thị B\n31/12/2026\n",
            "1 kết quả đạt dựa trên xác nhận",
            "1 kết quả không đạt đã được ghi nhận",
            ", đã biết): ",
            "0 trang đạt mọi tiêu chí",
        ],
    );
}

#[test]
fn a_part_of_a_list_is_not_told_as_the_whole() {
    let mut report = sample::report();
    report.shard = Some(rasoat::site::Shard { index: 2, of: 3 });
    stands(&text(&letter(None, &report, &[]), "word/document.xml"), &["(phần 2/3 của danh sách)"]);
}

/// Files for word processors; `tests/clients/office/letter.sh` opens them.
#[test]
fn letters_for_clients() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("letters");
    std::fs::create_dir_all(&folder).unwrap();
    let fields = [
        ("co_quan_chu_quan", "Ủy ban nhân dân tỉnh A"),
        ("co_quan_ban_hanh", "Sở Khoa học và Công nghệ"),
        ("ky_hieu", "SKHCN-CĐS"),
        ("dia_danh", "Tỉnh A"),
        ("thang", "11"),
        ("nam", "2026"),
        ("kinh_gui", "Ủy ban nhân dân tỉnh A"),
        ("quyen_han", "KT. GIÁM ĐỐC"),
        ("chuc_vu", "Phó Giám đốc"),
        ("ho_ten", "Nguyễn Văn A"),
        ("noi_nhan", "Văn phòng Ủy ban nhân dân tỉnh; Các sở, ban, ngành"),
        ("luu", "CĐS"),
    ];
    let mut many = sample::many(300);
    many.findings.iter_mut().for_each(|f| (f.verdict, f.gap) = (Verdict::Fail, None));
    let mut units = sample::report();
    let sites: Vec<String> = units.sites.iter().map(|site| site.id.clone()).collect();
    units.sections = sites.iter().map(|id| section(id, Some("Sở Y tế"), &[id])).collect();
    let empty = sample::of(Vec::new(), Vec::new(), Vec::new());
    for (name, report) in [("sample", sample::report()), ("many", many), ("units", units), ("empty", empty)] {
        let letter = Letter::new(None, &given(&fields)).unwrap();
        std::fs::write(folder.join(format!("{name}.docx")), to_docx(&report, &letter).unwrap()).unwrap();
        std::fs::write(folder.join(format!("{name}.json")), rasoat::report::to_json(&report).unwrap()).unwrap();
        let failing = report.findings.iter().filter(|f| f.verdict == Verdict::Fail);
        let titles: BTreeSet<&str> = failing.filter_map(|f| Some(report.rule_of(f)?.title.vi.as_str())).collect();
        let lines: String = titles.into_iter().map(|title| format!("{title}\n")).collect();
        std::fs::write(folder.join(format!("{name}.expected.txt")), lines).unwrap();
    }
}
