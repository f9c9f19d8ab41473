//! The same numbers everywhere: whatever was found, every format counts what the report counts, and every failure and
//! every open question can be found in each.

use proptest::prelude::{ProptestConfig, Strategy, any, prop, prop_assert_eq, proptest};
use rasoat::finding::Verdict;
use rasoat::policy::Severity;
use rasoat::report::{Beside, FailOn, Lang, Report, to_csv, to_html, to_markdown};
use rasoat::site::Role;
use rasoat::snapshot::Gap;
use rasoat::tally;

use super::{human, sample};

const VERDICTS: [Verdict; 5] =
    [Verdict::Pass, Verdict::Fail, Verdict::Inconclusive, Verdict::NotApplicable, Verdict::Waived];

/// Counts in the order of [`VERDICTS`].
type Counts = [u64; 5];

/// A grid of sites and rules with any answers, some cells empty, counted as a run counts.
fn grid() -> impl Strategy<Value = Report> {
    let cell = (prop::option::weighted(0.9, 0..5_usize), 0..3_usize, any::<bool>(), 0..Gap::ALL.len());
    let cells = prop::collection::vec(prop::collection::vec(cell, 4), 1..30);
    (cells, 0..4_usize, any::<bool>(), any::<bool>()).prop_map(|(rows, fail_on, strict, new_only)| {
        let full = sample::report();
        let rules = full.rules[..4].to_vec();
        let (mut sites, mut findings) = (Vec::new(), Vec::new());
        for (n, row) in rows.into_iter().enumerate() {
            let id = format!("trang-{n}");
            for (rule, (verdict, severity, known, gap)) in rules.iter().zip(row) {
                let Some(verdict) = verdict.map(|v| VERDICTS[v]) else { continue };
                let severity = [Severity::Note, Severity::Warning, Severity::Error][severity];
                let mut finding = sample::finding(&id, &rule.id, severity, verdict);
                finding.known = known && verdict == Verdict::Fail;
                finding.gap = (verdict == Verdict::Inconclusive).then(|| Gap::ALL[gap]);
                findings.push(finding);
            }
            sites.push(sample::site(&id, Role::Component, 3));
        }
        let mut report = sample::of(sites, rules, findings);
        report.fail_on = [FailOn::Error, FailOn::Warning, FailOn::Note, FailOn::Never][fail_on];
        (report.strict, report.new_only) = (strict, new_only);
        tally::count(&mut report);
        report
    })
}

fn counted(verdicts: impl IntoIterator<Item = Verdict>) -> Counts {
    let mut counts = Counts::default();
    for verdict in verdicts {
        counts[VERDICTS.iter().position(|v| *v == verdict).unwrap()] += 1;
    }
    counts
}

/// The numbers of a line, in the order in which they stand before these words.
fn before(line: &str, words: [&str; 5]) -> Counts {
    words.map(|word| {
        let before = line.split([',', '·', ':', '\n']).map(str::trim).find_map(|part| part.strip_suffix(word));
        before.map_or(0, |number| number.trim().replace('.', "").rsplit(' ').next().unwrap().parse().unwrap())
    })
}

/// The page's data: letters of every site.
fn of_page(html: &str) -> Counts {
    let data = html.split_once("id=\"data\">").unwrap().1.split_once("</script>").unwrap().0;
    let data: serde_json::Value = serde_json::from_str(data).unwrap();
    let letters = data["sites"].as_array().unwrap().iter().flat_map(|site| site["v"].as_str().unwrap().chars());
    counted(letters.filter(|letter| *letter != '.').map(|letter| match letter {
        'p' => Verdict::Pass,
        'f' | 'k' => Verdict::Fail,
        'i' => Verdict::Inconclusive,
        'n' => Verdict::NotApplicable,
        'w' => Verdict::Waived,
        other => panic!("{other}"),
    }))
}

/// The page as it is without its script: the tiles, and the same as sums over the criteria.
fn of_markup(html: &str) -> [Counts; 2] {
    let document = scraper::Html::parse_document(html);
    let select = |selector: &str| -> Vec<u64> {
        let selector = scraper::Selector::parse(selector).unwrap();
        let text = |e: scraper::ElementRef<'_>| e.text().next().unwrap().trim().replace('.', "");
        document.select(&selector).map(|e| text(e).parse().unwrap()).collect()
    };
    let classes = ["pass", "fail", "open", "none", "waived"];
    let tile = |class: &str| {
        let selector = scraper::Selector::parse(&format!(".tile.{class} .number")).unwrap();
        let text: String = document.select(&selector).next().unwrap().text().collect();
        text.trim_matches(|c: char| !c.is_ascii_digit()).split(|c: char| !c.is_ascii_digit()).next().unwrap().parse()
    };
    let rules = |class: &str| select(&format!("#rules .chip.{class} b")).iter().sum();
    [classes.map(|class| tile(class).unwrap()), classes.map(rules)]
}

fn of_table(csv: &str) -> Counts {
    let rows = super::people::rows(csv.trim_start_matches('\u{feff}'));
    let code = |name: &str| rows.iter().filter(|row| row[0].starts_with("trang-") && row[10] == name).count() as u64;
    ["pass", "fail", "inconclusive", "not-applicable", "waived"].map(code)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn every_format_counts_the_same(report in grid()) {
        let wanted = counted(report.findings.iter().map(|f| f.verdict));
        let s = report.summary;
        prop_assert_eq!([s.pass, s.fail, s.inconclusive, s.not_applicable, s.waived], wanted, "the report itself");
        let html = to_html(&report, &Beside::default()).unwrap();
        prop_assert_eq!(of_page(&html), wanted, "data of the page");
        prop_assert_eq!(of_markup(&html), [wanted; 2], "markup of the page");
        prop_assert_eq!(of_table(&to_csv(&report, Lang::Vi)), wanted, "csv");
        let words = ["đạt", "không đạt", "chưa đo được", "không áp dụng", "tạm chấp nhận"];
        // “không đạt” ends with “đạt” too.
        let exact = |line: &str| {
            let line = line.replace("không đạt", "hỏng");
            before(&line, words.map(|word| if word == "không đạt" { "hỏng" } else { word }))
        };
        let text = human(&report, Lang::Vi, false, false);
        let last = text.lines().rfind(|line| line.starts_with("Kết quả:")).unwrap();
        prop_assert_eq!(exact(last.split_once('·').unwrap().1), wanted, "terminal");
        let markdown = to_markdown(&report, Lang::Vi);
        let line = markdown.lines().find(|line| line.contains(" chưa đo được, ")).unwrap();
        prop_assert_eq!(exact(line), wanted, "markdown");
        let sites = markdown.split_once("### Các trang\n").unwrap().1;
        let rows = sites.lines().filter(|line| line.starts_with("| trang-"));
        let mut sums = Counts::default();
        for row in rows {
            let cells: Vec<u64> = row.split('|').filter_map(|cell| cell.trim().parse().ok()).collect();
            sums.iter_mut().zip(cells).for_each(|(sum, n)| *sum += n);
        }
        prop_assert_eq!(sums, wanted, "table of the markdown");
        #[cfg(feature = "office")]
        {
            prop_assert_eq!(super::xlsx::counts(&report), [wanted; 2], "workbook");
            let body = super::letter::text(&super::letter::letter(None, &report, &[]), "word/document.xml");
            let line = body.lines().find(|line| line.contains(" kết quả có ")).unwrap();
            let line = line.split_once(" kết quả có ").unwrap().1.replace("chưa đủ căn cứ kết luận", "chưa đo được");
            prop_assert_eq!(exact(line.trim_end_matches("(có phê duyệt).").trim()), wanted, "letter");
        }
    }
}
