//! What every format of a report keeps to, whatever the report holds: it can be read by its readers, nothing in it acts
//! on them, and no text of a page becomes markup, a command or a formula.

use std::collections::BTreeSet;

use pulldown_cmark::{Event, Options, Parser, Tag};
use rasoat::finding::is_unseen;
use rasoat::report::{Beside, Format, HumanOptions, Lang, Report, from_json, render, to_check_run, to_comment};
use serde_json::Value;

use crate::office;

/// A report in one format, read back as its readers do.
pub fn holds(report: &Report, format: Format, lang: Lang, beside: &Beside) {
    let options = HumanOptions { lang, verbose: true, ..HumanOptions::default() };
    let bytes = render(report, format, &options, beside).expect("every report has every format");
    match format {
        Format::Xlsx => return office::workbook(&bytes),
        Format::Docx => return office::letter(&bytes),
        _ => {}
    }
    let text = String::from_utf8(bytes).expect("text");
    harmless(format.name(), &text);
    match format {
        Format::Json => assert!(&from_json(&text).expect("the stored form") == report, "lost on the way"),
        Format::Junit | Format::JunitStrict => junit(report, &text),
        Format::Sarif => sarif(&text),
        Format::Gitlab => violations(&text),
        Format::GitlabAnnotations => links(&text),
        Format::Github => commands(&text),
        Format::Markdown => markdown(&text),
        Format::Html => page(&text),
        Format::Csv => table(&text),
        Format::Dotenv => variables(&text),
        Format::Human | Format::Xlsx | Format::Docx => {}
    }
}

/// What GitHub's interface is given.
pub fn published(report: &Report, lang: Lang) {
    let comment = to_comment(report, lang, "ci", None);
    harmless("comment", &comment.body);
    let marker = comment.body.lines().next().unwrap_or_default();
    assert!(marker.starts_with("<!-- ") && marker.find("-->") == Some(marker.len() - 3), "{marker}");
    markdown(&comment.body[marker.len()..]);
    let run = to_check_run(report, lang);
    harmless("check run", &run.title);
    harmless("check run", &run.summary);
    markdown(&run.summary);
    for annotation in &run.annotations {
        let annotation = serde_json::to_value(annotation).expect("JSON");
        let number = |name: &str| annotation[name].as_u64();
        assert!(number("start_line").is_some_and(|n| n >= 1) && number("end_line") >= number("start_line"));
        for text in annotation.as_object().into_iter().flatten().filter_map(|(_, v)| v.as_str()) {
            harmless("annotation", text);
        }
    }
}

/// No character acts on its reader's device, and no line is obeyed by a runner.
pub fn harmless(name: &str, text: &str) {
    // The mark tells spreadsheets that the table is UTF-8; its lines end as the standard says.
    let (text, table) = text.strip_prefix('\u{feff}').map_or((text, false), |text| (text, name == "csv"));
    let acting = text.chars().find(|c| *c != '\n' && !(table && *c == '\r') && is_unseen(*c));
    assert_eq!(acting, None, "{name}: {text}");
    for line in text.split(['\n', '\r']) {
        assert!(name == "github" || !line.trim_start().starts_with("::"), "{name}: {line}");
        for command in ["##[", "##vso[", "##teamcity["] {
            assert!(!line.contains(command), "{name}: {line}");
        }
    }
}

fn junit(report: &Report, text: &str) {
    let document = roxmltree::Document::parse(text).expect("well-formed");
    let root = document.root_element();
    let elements = |name: &'static str| root.descendants().filter(move |n| n.has_tag_name(name));
    let gates = report.scores.iter().flat_map(|score| &score.gates).count();
    let cases: Vec<_> = elements("testcase").collect();
    assert!(cases.len() >= report.findings.len(), "a case for each finding");
    assert!(cases.len() <= report.findings.len() + gates + 100);
    let mut names = BTreeSet::new();
    for suite in elements("testsuite") {
        for case in suite.children().filter(|n| n.has_tag_name("testcase")) {
            let name = (suite.range().start, case.attribute("classname"), case.attribute("name"));
            assert!(
                case.attribute("name").is_some_and(|n| n.starts_with("ngưỡng: ") || n.starts_with("gate: "))
                    || names.insert(name),
                "{name:?}"
            );
        }
        for (counter, tag) in [("failures", "failure"), ("errors", "error"), ("skipped", "skipped")] {
            let there = suite.descendants().filter(|n| n.has_tag_name(tag)).count().to_string();
            assert_eq!(suite.attribute(counter), Some(there.as_str()), "{counter}");
        }
    }
    for node in root.descendants() {
        let texts = node.attributes().map(|a| a.value()).chain(node.text());
        for text in texts {
            assert_eq!(text.chars().find(|c| *c != '\n' && is_unseen(*c)), None, "{text}");
        }
    }
}

fn sarif(text: &str) {
    let log: serde_sarif::sarif::Sarif = serde_json::from_str(text).expect("in SARIF's form");
    for run in &log.runs {
        let rules = run.tool.driver.rules.as_deref().unwrap_or_default();
        let ids: BTreeSet<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
        assert_eq!(ids.len(), rules.len(), "a rule twice");
        for result in run.results.iter().flatten() {
            let at = result.rule_index.and_then(|k| usize::try_from(k).ok());
            if let Some(k) = at {
                assert_eq!(Some(&rules[k].id), result.rule_id.as_ref());
            }
            assert!(result.message.text.as_ref().is_some_and(|text| !text.trim().is_empty()), "a message");
            assert!(result.locations.iter().flatten().count() > 0, "readers refuse results without a place");
            for place in result.locations.iter().flatten().filter_map(|l| l.physical_location.as_ref()) {
                let uri = place.artifact_location.as_ref().and_then(|a| a.uri.as_deref()).unwrap_or_default();
                let unescaped = |c: char| !c.is_ascii() || c.is_whitespace() || "<>\"{}|\\^`".contains(c);
                assert!(!uri.is_empty() && !uri.contains(unescaped), "{uri}");
                let Some(region) = &place.region else { continue };
                let (line, end) = (region.start_line.unwrap_or(1), region.end_line.or(region.start_line).unwrap_or(1));
                let (column, last) = (region.start_column.unwrap_or(1), region.end_column.unwrap_or(i64::MAX));
                assert!(line >= 1 && end >= line && column >= 1, "{region:?}");
                assert!(end > line || last >= column, "{region:?}");
            }
        }
    }
}

fn violations(text: &str) {
    let all: Value = serde_json::from_str(text).expect("JSON");
    let mut prints = BTreeSet::new();
    for entry in all.as_array().expect("a list") {
        assert!(prints.insert(entry["fingerprint"].as_str().expect("a print")), "a fingerprint twice");
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&entry["severity"].as_str().unwrap_or("")));
        assert!(entry["description"].as_str().is_some_and(|text| !text.is_empty()));
        assert!(entry["location"]["path"].as_str().is_some_and(|path| !path.is_empty()));
        assert!(entry["location"]["lines"]["begin"].as_u64().is_some_and(|line| line >= 1));
    }
}

fn links(text: &str) {
    let all: Value = serde_json::from_str(text).expect("JSON");
    for entry in all.as_object().expect("lists by name").values().flat_map(|list| list.as_array().expect("a list")) {
        let url = entry["external_link"]["url"].as_str().expect("an address");
        assert!(url.starts_with("https://") || url.starts_with("http://"), "{url}");
        assert!(!url.contains('@') || url::Url::parse(url).is_ok_and(|u| u.username().is_empty()), "{url}");
    }
}

fn commands(text: &str) {
    for line in text.lines() {
        let Some(command) = line.trim_start().strip_prefix("::") else {
            continue;
        };
        let (head, said) = command.split_once("::").expect("a command ends");
        assert!(!said.contains("::"), "{line}");
        let (kind, properties) = head.split_once(' ').expect("properties");
        assert!(["error", "warning", "notice"].contains(&kind), "{line}");
        for property in properties.split(',') {
            let (name, value) = property.split_once('=').expect("a name and a value");
            assert!(["file", "line", "endLine", "col", "endColumn", "title"].contains(&name), "{line}");
            assert!(!value.contains(':'), "{line}");
        }
    }
}

/// What of Markdown may be markup: folds of our own, and nothing that leads anywhere.
pub fn markdown(text: &str) {
    const OWN: [&str; 4] =
        ["", "<details><summary>Cách sửa</summary>", "<details><summary>How to fix</summary>", "</details>"];
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => {
                assert!(OWN.contains(&html.trim()), "{html} in {text}");
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                panic!("a link to {dest_url} in {text}");
            }
            _ => {}
        }
    }
}

fn page(text: &str) {
    let document = scraper::Html::parse_document(text);
    let mut scripts = 0;
    for element in document.root_element().descendent_elements() {
        let name = element.value().name();
        scripts += usize::from(name == "script");
        assert!(!["iframe", "object", "embed", "base", "img", "applet", "audio", "video"].contains(&name), "<{name}>");
        for (attribute, value) in element.value().attrs() {
            assert!(!attribute.starts_with("on") && attribute != "style", "{attribute}={value}");
            if ["href", "src", "xlink:href", "action", "formaction", "srcdoc"].contains(&attribute) {
                assert!(value.starts_with('#') || value == "data:,", "{attribute}={value}");
            }
            assert!(attribute != "http-equiv" || value.eq_ignore_ascii_case("content-security-policy"), "{value}");
        }
    }
    assert_eq!(scripts, 2, "the data and the script");
    let data = text.split_once("id=\"data\">").and_then(|(_, rest)| rest.split_once("</script>")).expect("the data");
    let data: Value = serde_json::from_str(data.0).expect("the data is JSON");
    assert!(data.is_object());
}

/// Rows of comma-separated values, as RFC 4180 reads them.
fn rows(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let row = rows.last_mut().expect("a row");
        let cell = row.last_mut().expect("a cell");
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => cell.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\r' if !quoted => {}
            '\n' if !quoted => rows.push(vec![String::new()]),
            c => cell.push(c),
        }
    }
    assert!(!quoted, "a quote is open");
    assert_eq!(rows.pop(), Some(vec![String::new()]), "the last line ends");
    rows
}

/// A table has cells in every row, and none that a spreadsheet would run, by whatever it parts cells.
pub fn table(text: &str) {
    let text = text.trim_start_matches('\u{feff}');
    let rows = rows(text);
    for row in &rows {
        assert_eq!(row.len(), rows[0].len(), "{row:?}");
        for cell in row {
            assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "{cell}");
        }
    }
    for cell in text.split(['\n', '\r', ';', '\t']) {
        let start = cell.trim_start_matches(|c: char| c.is_whitespace() || c == '"');
        assert!(!start.starts_with(['=', '+', '-', '@']), "{cell}");
    }
}

fn variables(text: &str) {
    for line in text.lines() {
        let (name, value) = line.split_once('=').expect("a name and a value");
        assert!(name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'), "{line}");
        assert!(value.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)), "{line}");
    }
}
