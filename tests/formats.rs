//! One report with every verdict and hostile text through every format.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "formats/counts.rs"]
mod counts;
#[path = "formats/golden.rs"]
mod golden;
#[path = "formats/html/mod.rs"]
mod html;
#[cfg(feature = "office")]
#[path = "formats/letter.rs"]
mod letter;
#[path = "formats/people.rs"]
mod people;
#[path = "formats/random.rs"]
mod random;
#[path = "formats/runners.rs"]
mod runners;
#[path = "formats/sample.rs"]
mod sample;
#[path = "formats/sarif.rs"]
mod sarif;
#[cfg(feature = "office")]
#[path = "formats/template.rs"]
mod template;
#[cfg(feature = "office")]
#[path = "formats/xlsx.rs"]
mod xlsx;
#[path = "formats/xml.rs"]
mod xml;

use rasoat::finding::is_unseen;
use rasoat::policy::Severity;
use rasoat::report::{
    HumanOptions, Junit, Lang, Outlet, Report, from_json, to_check_run, to_comment, to_csv, to_dotenv, to_github,
    to_gitlab, to_gitlab_annotations, to_human, to_json, to_junit, to_markdown, to_sarif,
};

const LANGS: [Lang; 2] = [Lang::Vi, Lang::En];

fn human(report: &Report, lang: Lang, color: bool, verbose: bool) -> String {
    to_human(report, &HumanOptions { lang, color, verbose, ..HumanOptions::default() })
}

/// A check run as text: its name and conclusion, its summary, an annotation a line.
fn check_run(report: &Report) -> String {
    let run = to_check_run(report, Lang::En);
    let mut text = format!("{} {}\n{}\n{}\n", run.name, run.conclusion, run.title, run.summary);
    for annotation in &run.annotations {
        text.push_str(&serde_json::to_string(annotation).unwrap());
        text.push('\n');
    }
    text
}

/// Every format, with the name of its golden file. Colours are on where nothing else would test them.
fn every_format(report: &Report) -> Vec<(&'static str, String)> {
    vec![
        ("sample.vi.txt", human(report, Lang::Vi, false, false)),
        ("sample.en.txt", human(report, Lang::En, false, false)),
        ("sample.verbose.vi.txt", human(report, Lang::Vi, true, true)),
        ("sample.json", to_json(report).unwrap()),
        ("sample.junit.xml", to_junit(report, false, Lang::Vi).unwrap()),
        ("sample.junit-strict.xml", to_junit(report, true, Lang::Vi).unwrap()),
        ("sample.en.junit-strict.xml", to_junit(report, true, Lang::En).unwrap()),
        ("sample.vi.sarif", to_sarif(report, Lang::Vi).unwrap()),
        ("sample.en.sarif", to_sarif(report, Lang::En).unwrap()),
        ("sample.gitlab.json", to_gitlab(report, Lang::Vi).unwrap()),
        ("sample.gitlab-annotations.json", to_gitlab_annotations(report, Lang::Vi).unwrap()),
        ("sample.vi.md", to_markdown(report, Lang::Vi)),
        ("sample.en.md", to_markdown(report, Lang::En)),
        ("sample.csv", to_csv(report, Lang::Vi)),
        ("sample.env", to_dotenv(report)),
        ("sample.github.txt", to_github(report, Lang::Vi)),
        ("sample.comment.vi.md", to_comment(report, Lang::Vi, "ci", Some("https://github.example/1")).body),
        ("sample.check-run.en.txt", check_run(report)),
    ]
}

/// The first character that would act on a reader of this format.
fn acting(name: &str, text: &str) -> Option<char> {
    // The mark tells Excel that the table is UTF-8, and its lines end as the standard says.
    let (text, table) = text.strip_prefix('\u{feff}').map_or((text, false), |t| (t, name.ends_with(".csv")));
    let painted = name.contains("verbose");
    text.chars()
        .filter(|c| *c != '\n' && !(painted && *c == '\u{1b}') && !(table && *c == '\r'))
        .find(|c| is_unseen(*c))
}

#[test]
fn golden_files() {
    for (name, text) in every_format(&sample::report()) {
        golden::compare(name, &text);
    }
}

#[test]
fn no_character_acts_on_its_reader() {
    for (name, text) in every_format(&sample::report()) {
        assert_eq!(acting(name, &text), None, "{name}");
        assert!(text.ends_with('\n'), "{name}");
    }
}

#[test]
fn no_line_is_a_command_to_a_runner() {
    for (name, text) in every_format(&sample::report()) {
        for line in text.lines() {
            if name != "sample.github.txt" {
                assert!(!line.trim_start().starts_with("::"), "{name}: {line}");
            }
            for command in ["##[", "##vso["] {
                assert!(!line.contains(command), "{name}: {line}");
            }
        }
    }
}

#[test]
fn no_remedy_waits_for_a_value() {
    let mut report = sample::report();
    report.findings.iter_mut().for_each(|f| f.fix = None);
    for (name, text) in every_format(&report) {
        assert!(name == "sample.json" || !text.contains("${"), "{name}");
    }
}

#[test]
fn a_stored_report_comes_back_as_it_was() {
    let report = sample::report();
    assert_eq!(from_json(&to_json(&report).unwrap()).unwrap(), report);
    let marked = format!("\u{feff}{}", to_json(&report).unwrap());
    assert_eq!(from_json(&marked).unwrap(), report);
}

#[test]
fn an_empty_report_has_every_format() {
    let report = sample::of(Vec::new(), Vec::new(), Vec::new());
    for (name, text) in every_format(&report) {
        assert!(!text.trim().is_empty(), "{name}");
    }
    assert_eq!(to_gitlab(&report, Lang::Vi).unwrap(), "[]\n");
}

#[test]
fn a_line_of_a_hundred_thousand_characters_is_cut_everywhere_but_in_the_stored_report() {
    let mut report = sample::report();
    let long = "ố".repeat(100_000);
    report.findings[0].message = rasoat::policy::Text::new(long.clone(), long.clone());
    report.findings[0].actual = Some(long.clone());
    for (name, text) in every_format(&report) {
        let longest = text.lines().map(|l| l.chars().count()).max().unwrap_or(0);
        assert!(name == "sample.json" || longest < 10_000, "{name}: {longest}");
    }
    assert_eq!(from_json(&to_json(&report).unwrap()).unwrap().findings[0].actual, Some(long));
}

/// Files for readers of other makers; `tests/clients/reports.sh` shows them to those.
#[test]
fn samples_for_clients() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("reports");
    std::fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, text: String| std::fs::write(folder.join(name), text).unwrap();
    let empty = sample::of(Vec::new(), Vec::new(), Vec::new());
    for (name, report) in [("sample", sample::report()), ("empty", empty), ("many", sample::many(300))] {
        write(&format!("{name}.expected.json"), expected(&report).to_string());
        for lang in LANGS {
            let code = lang.code();
            write(&format!("{name}.{code}.sarif"), to_sarif(&report, lang).unwrap());
            write(&format!("{name}.{code}.junit.xml"), to_junit(&report, false, lang).unwrap());
            write(&format!("{name}.{code}.junit-strict.xml"), to_junit(&report, true, lang).unwrap());
            write(&format!("{name}.{code}.gitlab.json"), to_gitlab(&report, lang).unwrap());
        }
    }
}

/// What readers should count.
fn expected(report: &Report) -> serde_json::Value {
    let outlets: Vec<Outlet> = report.findings.iter().map(|f| Outlet::of(report, f)).collect();
    // What was asked of scores has its cases too.
    let unanswered = report.gates.unanswered(&report.scores);
    let asked = report.scores.iter().flat_map(|score| &score.gates).chain(&unanswered);
    let cases: Vec<Junit> = outlets
        .iter()
        .map(|o| o.junit)
        .chain(asked.map(|gate| Outlet::of_gate(gate.verdict, report.fail_on).junit))
        .collect();
    let junit = |form: Junit| cases.iter().filter(|case| **case == form).count();
    let sarif = |level: Severity| outlets.iter().filter(|o| o.sarif.is_some_and(|s| s.level == level)).count();
    serde_json::json!({
        "junit": {
            "tests": cases.len(),
            "failures": junit(Junit::Failure),
            "errors": junit(Junit::Error),
            "skipped": junit(Junit::Skipped),
        },
        "sarif": {"error": sarif(Severity::Error), "warning": sarif(Severity::Warning), "note": sarif(Severity::Note)},
    })
}
