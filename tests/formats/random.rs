//! Whatever a page says, every format stays whole.

use proptest::prelude::{ProptestConfig, Strategy, any, prop, prop_oneof, proptest};
use rasoat::finding::{Evidence, Note, NoteLevel, Place, Verdict};
use rasoat::policy::{Severity, Text};
use rasoat::report::{Report, from_json, to_json};
use rasoat::snapshot::Gap;

use super::{acting, every_format, sample};

/// Any characters, and often the ones that break formats.
fn wild() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<String>(),
        prop::sample::select(vec![
            "]]>",
            "<![CDATA[",
            "-->",
            "\u{0}",
            "\u{1b}[2J",
            "\u{202e}",
            "\u{2028}",
            "::error::",
            "##[",
            "\r\n",
            "\n",
            "`",
            "```",
            "|",
            "\\",
            "\"",
            "&#0;",
            "&amp;",
            "{0}",
            "](",
            "\u{fffe}",
            "\u{e0001}",
            "ệ",
            "e\u{302}\u{323}",
            "国",
            "%0A",
            "=1+1",
            " ",
            "\t",
            "#",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn place() -> impl Strategy<Value = Place> {
    (
        prop::option::of(wild()),
        prop::option::of(wild()),
        prop::option::of(wild()),
        prop::array::uniform4(any::<Option<u32>>()),
    )
        .prop_map(|(path, url, excerpt, [line, column, end_line, end_column])| Place {
            path,
            url,
            line,
            column,
            end_line,
            end_column,
            excerpt,
        })
}

fn report() -> impl Strategy<Value = Report> {
    let verdict = prop::sample::select(vec![Verdict::Pass, Verdict::Fail, Verdict::Inconclusive, Verdict::Waived]);
    let severity = prop::sample::select(vec![Severity::Note, Severity::Warning, Severity::Error]);
    let gap = prop::sample::select(Gap::ALL.to_vec());
    let texts = prop::array::uniform8(wild());
    let places = prop::collection::vec(place(), 0..3);
    (verdict, severity, gap, texts, places, any::<bool>(), any::<u64>()).prop_map(
        |(verdict, severity, gap, t, places, known, duration)| {
            let mut report = sample::report();
            let [message, rule, site, code, fix, actual, url, name] = t;
            let mut finding = sample::finding(&site, &rule, severity, verdict);
            finding.gap = (verdict == Verdict::Inconclusive).then_some(gap);
            finding.message = Text::new(message.clone(), message);
            finding.code = Some(code.clone());
            finding.fix = Some(Text::new(fix.clone(), fix));
            finding.actual = Some(actual.clone());
            finding.known = known;
            finding.duration_ms = duration;
            finding.evidence = vec![Evidence::MissingLink { site: None, url: url.clone() }];
            finding.notes =
                vec![Note { code, level: NoteLevel::Warning, message: Text::new(actual, ""), places: places.clone() }];
            finding.places_total = places.len() as u64;
            finding.places = places;
            report.findings = vec![finding];
            report.sites.truncate(1);
            report.sites[0].id = site;
            report.sites[0].url = Some(url);
            report.sites[0].name = Some(name);
            report
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn every_format_stays_whole(report in report()) {
        for (name, text) in every_format(&report) {
            if name.ends_with(".xml") {
                roxmltree::Document::parse(&text).unwrap();
            }
            if name.ends_with(".json") || name.ends_with(".sarif") {
                serde_json::from_str::<serde_json::Value>(&text).unwrap();
            }
            for line in text.lines() {
                assert!(name.contains("github") || !line.trim_start().starts_with("::"), "{name}: {line}");
                assert!(!line.contains("##["), "{name}: {line}");
            }
            assert_eq!(acting(name, &text), None, "{name}: {text}");
        }
        #[cfg(feature = "office")]
        for lang in super::LANGS {
            super::xlsx::stays_whole(&report, lang);
        }
        assert_eq!(from_json(&to_json(&report).unwrap()).unwrap(), report);
    }

    #[test]
    #[cfg(feature = "office")]
    fn every_letter_can_be_opened(report in report(), name in wild()) {
        let fields = super::letter::given(&[("ho_ten", &name), ("noi_nhan", &name), ("kinh_gui", &name)]);
        super::letter::is_sound(&super::letter::unpack_letter(&report, &fields));
    }
}
