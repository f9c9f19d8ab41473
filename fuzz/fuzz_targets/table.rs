//! Any file as a table of visits and as a template of letters: it is refused in words, or ranked and drawn, and what is
//! drawn lets no text of it act. The first letter of an input says which; what follows an `x` or `d` are the parts of a
//! workbook or template, which are packed here.

#![no_main]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use libfuzzer_sys::{Corpus, fuzz_target};
use rasoat::lang::Lang;
use rasoat::policy::Text;
use rasoat::rank::{Asked, Limits, Ranking, compare, rank, read};
use rasoat::report::{Format, HumanOptions, Letter, Report, from_json, ranking_from_json, render_ranking, to_docx};
use rasoat_fuzz::formats::{harmless, markdown, table};
use rasoat_fuzz::{office, parts};

static REPORT: LazyLock<Report> =
    LazyLock::new(|| from_json(include_str!("../../tests/formats/golden/sample.json")).expect("a report"));
/// The parts of the built-in template.
static LETTER: LazyLock<Vec<(String, Vec<u8>)>> =
    LazyLock::new(|| office::unpacked(include_bytes!("../../templates/letter.docx")));

/// The parts a workbook has beside its sheet, when an input does not give them.
const WORKBOOK: [(&str, &str); 4] = [
    (
        "xl/workbook.xml",
        "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>",
    ),
    (
        "xl/_rels/workbook.xml.rels",
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>",
    ),
    ("xl/sharedStrings.xml", "<sst><si><t>Tên</t></si><si><t>Lượt truy cập</t></si></sst>"),
    ("xl/styles.xml", "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"),
];

fn refused(why: &Text) {
    for text in [&why.vi, &why.en] {
        assert!(!text.is_empty());
        // Commands to runners are broken where the command line prints.
        harmless("refusal", &text.replace('#', "♯"));
    }
}

fn ranked(bytes: &[u8]) -> Option<Ranking> {
    let limits = Limits::default();
    let sheets = read(bytes, &limits).inspect_err(refused).ok()?;
    for sheet in &sheets {
        assert!(sheet.rows.iter().all(|row| row.number >= 1 && row.cells.len() <= limits.columns as usize));
    }
    let ranking = rank(&sheets, "bảng.csv", &Asked::default(), &limits).inspect_err(refused).ok()?;
    for block in &ranking.blocks {
        // Who has more visits is never behind, and who has no figure has no rank by it.
        let figures: Vec<_> = block.rows.iter().filter_map(|row| Some((row.rank?, row.visits?))).collect();
        assert!(figures.windows(2).all(|pair| pair[0].0 <= pair[1].0 && pair[0].1 >= pair[1].1), "{block:?}");
    }
    Some(ranking)
}

fn drawn(ranking: &Ranking) {
    for lang in [Lang::Vi, Lang::En] {
        let options = HumanOptions { lang, ..HumanOptions::default() };
        for format in [Format::Human, Format::Json, Format::Csv, Format::Markdown] {
            let text = String::from_utf8(render_ranking(ranking, format, &options).expect("drawn")).expect("text");
            harmless(format.name(), &text);
            match format {
                Format::Json => assert!(&ranking_from_json(&text).expect("the stored form") == ranking),
                Format::Csv => table(&text),
                Format::Markdown => markdown(&text),
                _ => {}
            }
        }
    }
}

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Some((kind, rest)) = bytes.split_first() else { return Corpus::Reject };
    match kind {
        b'c' => {
            let parts = parts(rest);
            let Some(mut ranking) = ranked(parts[0]) else { return Corpus::Keep };
            if let Some(earlier) = parts.get(1).and_then(|bytes| ranked(bytes)) {
                compare(&mut ranking, &earlier);
            }
            drawn(&ranking);
        }
        b'x' => {
            let parts = parts(rest);
            let given = ["xl/worksheets/sheet1.xml"].into_iter().chain(WORKBOOK.iter().rev().map(|(name, _)| *name));
            let given: Vec<(&str, &[u8])> = given.zip(parts).collect();
            let missing = WORKBOOK.iter().filter(|(name, _)| !given.iter().any(|(other, _)| other == name));
            let missing: Vec<(&str, &[u8])> = missing.map(|(name, text)| (*name, text.as_bytes())).collect();
            if let Some(ranking) = ranked(&office::packed(missing.into_iter().chain(given))) {
                drawn(&ranking);
            }
        }
        b'd' => {
            let given = LETTER.iter().map(|(name, bytes)| match name.as_str() {
                "word/document.xml" => (name.as_str(), rest),
                _ => (name.as_str(), bytes.as_slice()),
            });
            match Letter::new(Some(&office::packed(given)), &BTreeMap::new()) {
                Err(why) => refused(&why),
                // A template whose names have no meaning is as it was given; what is put into a sound one leaves it sound.
                Ok(letter) if std::str::from_utf8(rest).is_ok_and(|text| roxmltree::Document::parse(text).is_ok()) => {
                    if let Ok(bytes) = to_docx(&REPORT, &letter) {
                        for (name, part) in office::unpacked(&bytes) {
                            if name.ends_with(".xml") {
                                let text = String::from_utf8(part).expect("UTF-8");
                                roxmltree::Document::parse(&text).unwrap_or_else(|e| panic!("{name}: {e}: {text}"));
                            }
                        }
                    }
                }
                Ok(letter) => drop(to_docx(&REPORT, &letter)),
            }
        }
        // Any bytes at all.
        b'r' => {
            if let Some(ranking) = ranked(rest) {
                drawn(&ranking);
            }
            let _ = Letter::new(Some(rest), &BTreeMap::new()).inspect_err(refused);
        }
        _ => return Corpus::Reject,
    }
    Corpus::Keep
});
