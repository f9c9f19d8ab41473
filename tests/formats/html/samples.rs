//! Reports to draw: one with everything that can stand in one, and a fleet.

use std::collections::BTreeMap;

use rasoat::finding::{AcceptedBy, Basis, Evidence, Finding, Note, NoteLevel, Place, Verdict};
use rasoat::policy::{Date, Group, Level, Points, Severity, Text};
use rasoat::rank::{Block, By, LevelCount, Ranked, Ranking};
use rasoat::report::{
    Beside, Change, Changes, Outcome, Report, RuleRef, ScoreChange, Section, Summary, Trend, TrendRun,
};
use rasoat::score::{Scale, Weight};
use rasoat::site::Role;
use rasoat::snapshot::Gap;

use crate::sample::{self, HOSTILE};

/// A PNG of one pixel.
pub(crate) const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 6,
    0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 13, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0xf0,
    0x1f, 0, 0x05, 0, 0x01, 0xff, 0x56, 0xc7, 0x2f, 0x0d, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

pub(crate) fn screenshot(path: &str) -> Evidence {
    Evidence::Screenshot { path: path.to_owned() }
}

/// The sample with everything laid beside it, hostile text wherever text can stand.
pub(crate) fn everything() -> (Report, Beside) {
    let mut report = sample::report();
    for finding in &mut report.findings {
        if finding.rule == "label" && finding.verdict == Verdict::Fail {
            finding.evidence.push(screenshot("tinh-a-label.png"));
        }
        if finding.site == "so-hai" && finding.verdict == Verdict::Waived {
            finding.waiver = Some(AcceptedBy {
                reason: HOSTILE.to_owned(),
                approved_by: HOSTILE.to_owned(),
                expires: Date("2026-12-31".parse().unwrap()),
                place: Place::default(),
                subjects: Vec::new(),
            });
        }
        if finding.site == "so-nv" && finding.rule == "domain" {
            finding.basis = Basis::Attested;
            finding.message = Text::new("Xác nhận của Phòng Bưu chính.", "Stated by the post office.");
        }
    }
    report.rules.push(RuleRef {
        fix: None,
        ..sample::rule(HOSTILE, Severity::Note, "label", Text::new(HOSTILE, HOSTILE), Text::new(HOSTILE, HOSTILE), None)
    });
    report.policies[0].title = Text::new(HOSTILE, HOSTILE);
    report.policies[0].version = HOSTILE.to_owned();
    report.policies[0].scale = Some(Scale {
        points: Points(10_000),
        groups: vec![
            Group { id: "g1".to_owned(), title: Text::new("Kết nối", "Connection"), points: Points(6_000) },
            Group { id: "g2".to_owned(), title: Text::new(HOSTILE, HOSTILE), points: Points(4_000) },
        ],
        levels: ["A", "B", "E"]
            .into_iter()
            .zip([9_000, 5_000, 0])
            .map(|(id, from)| Level { id: id.to_owned(), from: Points(from) })
            .collect(),
        rules: [("snippet", "g1", 6_000), ("label", "g2", 3_875)]
            .into_iter()
            .map(|(rule, group, points)| Weight {
                rule: rule.to_owned(),
                group: Some(group.to_owned()),
                points: Points(points),
                partial: false,
                applies_to: Vec::new(),
                skipped: false,
            })
            .collect(),
    });
    report.scores = rasoat::tally::scores(&report);
    let note = |text: &str| Note {
        code: text.to_owned(),
        level: NoteLevel::Warning,
        message: Text::new(text, text),
        places: Vec::new(),
    };
    report.estate_notes.push(note(HOSTILE));
    report.run_id = HOSTILE.to_owned();
    report.sections = [("don-vi-a", &["tinh-a", "so-gddt", "so-yte"][..]), (HOSTILE, &["so-nv", "so-hai"][..])]
        .into_iter()
        .map(|(name, sites)| {
            let of = |v: Verdict| {
                report.findings.iter().filter(|f| f.verdict == v && sites.contains(&f.site.as_str())).count() as u64
            };
            Section {
                name: name.to_owned(),
                unit: Some(name.to_owned()),
                taken_at: "2026-01-01T00:00:00Z".to_owned(),
                run_id: "1".to_owned(),
                sites: sites.iter().map(|s| (*s).to_owned()).collect(),
                summary: Summary {
                    pass: of(Verdict::Pass),
                    fail: of(Verdict::Fail),
                    inconclusive: of(Verdict::Inconclusive),
                    not_applicable: of(Verdict::NotApplicable),
                    waived: of(Verdict::Waived),
                },
                outcome: Outcome::Failed,
            }
        })
        .collect();
    let ranked = |rank, name: &str, visits, previous, site: Option<&str>| Ranked {
        rank,
        name: name.to_owned(),
        visits,
        previous,
        site: site.map(str::to_owned),
        level: Some("A".to_owned()),
        ..Ranked::default()
    };
    let ranking = Ranking {
        source: "luot-truy-cap.csv".to_owned(),
        blocks: vec![Block {
            name: Some("Khối tỉnh".to_owned()),
            levels: vec![LevelCount { level: "A".to_owned(), count: 3, share: 10_000 }],
            rows: vec![
                ranked(Some(1), "Tỉnh A", Some(1_234_567), Some(3), Some("tinh-a")),
                ranked(Some(2), HOSTILE, Some(900), Some(1), None),
                ranked(None, "Tỉnh C", None, None, None),
            ],
        }],
        notes: vec![note(HOSTILE)],
        by: By::Visits,
        compared_with: Some(HOSTILE.to_owned()),
        reconciled_with: Some(HOSTILE.to_owned()),
    };
    let runs = (1..=12_u64).map(|month| TrendRun {
        taken_at: format!("2025-{month:02}-15T02:00:00Z"),
        run_id: HOSTILE.to_owned(),
        outcome: Outcome::Failed,
        sites: 5,
        summary: Summary { pass: month, fail: 20 - month, inconclusive: 3, not_applicable: 0, waived: 1 },
        rules: Vec::new(),
    });
    let change = |rule: &str, before, after| Change {
        policy: "mau-2024".to_owned(),
        rule: rule.to_owned(),
        site: "tinh-a".to_owned(),
        before,
        after,
        failing_since: Some("2025-10-15T02:00:00Z".to_owned()),
        unmeasured_since: 2,
    };
    let changes = Changes {
        since: "2025-12-15T02:00:00Z".to_owned(),
        sites_added: vec!["so-nv".to_owned(), HOSTILE.to_owned()],
        sites_gone: vec![HOSTILE.to_owned()],
        rules_added: vec![("mau-2024".to_owned(), HOSTILE.to_owned())],
        rules_gone: vec![(HOSTILE.to_owned(), "cu".to_owned())],
        standing: vec![change("label", Some(Verdict::Fail), Some(Verdict::Fail))],
        findings: vec![
            change("snippet", Some(Verdict::Pass), Some(Verdict::Fail)),
            change(HOSTILE, Some(Verdict::Fail), Some(Verdict::Pass)),
            change("links", None, Some(Verdict::Inconclusive)),
        ],
        scores: vec![ScoreChange {
            policy: "mau-2024".to_owned(),
            site: HOSTILE.to_owned(),
            before: Some([Points(1_250), Points(5_000)]),
            after: None,
            level_before: Some(HOSTILE.to_owned()),
            level_after: None,
        }],
        notes: vec![Text::new(HOSTILE, HOSTILE)],
    };
    let beside = Beside {
        pictures: BTreeMap::from([("tinh-a-label.png".to_owned(), PNG.to_vec())]),
        ranking: Some(ranking),
        trend: Some(Trend { runs: runs.collect() }),
        changes: Some(changes),
        #[cfg(feature = "office")]
        letter: None,
    };
    (report, beside)
}

/// A fleet as large as the law's: each component site with seven rules, texts as long and as different as real ones.
pub(crate) fn fleet(sites: usize) -> Report {
    let words = |n: usize| {
        Text::new(
            format!("Tiêu chí số {n} của bộ tiêu chí về cổng thông tin điện tử"),
            format!("Criterion {n} of the policy"),
        )
    };
    let clause = Text::new("khoản 7 Điều 4 Thông tư số 01/2024/TT-MAU", "Circular 01/2024/TT-MAU, Article 4, clause 7");
    let rules: Vec<RuleRef> = (0..7)
        .map(|n| {
            let kind = if n == 0 { "links_to" } else { "label" };
            sample::rule(&format!("tieu-chi-{n}"), Severity::Error, kind, words(n), clause.clone(), None)
        })
        .collect();
    let mut all = Vec::new();
    let mut findings = Vec::new();
    for n in 0..sites {
        let portal = n % 100 == 0;
        let id = format!("{}-{n:04}", if portal { "cong" } else { "so" });
        let mut site = sample::site(&id, if portal { Role::Portal } else { Role::Component }, 3);
        site.parent = (!portal).then(|| format!("cong-{:04}", n / 100 * 100));
        site.name = Some(format!("Trang thông tin điện tử Sở Giáo dục và Đào tạo số {n}"));
        site.unit = Some(format!("UBND tỉnh {}", n / 100));
        site.status = Some(200);
        site.address = Some(format!("192.0.2.{}", n % 250));
        for (at, rule) in rules.iter().enumerate() {
            findings.push(fleet_finding(n, at, &id, &rule.id));
        }
        all.push(site);
    }
    sample::of(all, rules, findings)
}

fn fleet_finding(n: usize, at: usize, site: &str, rule: &str) -> Finding {
    let verdict = match (n + at * 3) % 10 {
        0..=2 => Verdict::Fail,
        3 => Verdict::Inconclusive,
        4 => Verdict::NotApplicable,
        _ => Verdict::Pass,
    };
    let mut f = sample::finding(site, rule, Severity::Error, verdict);
    match verdict {
        Verdict::Fail => {
            f.code = Some("site-id-empty".to_owned());
            f.message = Text::new(
                format!(
                    "Trang chủ của {site} không có đường dẫn mà người xem thấy được đến cổng, hoặc mã định danh để trống."
                ),
                format!("The home page of {site} has no link that a person can see, or its id is empty."),
            );
            f.fix = Some(Text::new(
                format!(
                    "Điền mã được cấp rồi dán đoạn sau vào thẻ <head>:\n\n<script>\n  var _q = window._q || [];\n  _q.push(['trackPageView']);\n  _q.push(['setSiteId', '{n}']);\n  (function () {{ var d = document, g = d.createElement('script'); g.async = true; d.head.append(g); }})();\n</script>"
                ),
                format!(
                    "Fill in the id and paste this into <head>:\n\n<script>\n  var _q = window._q || [];\n  _q.push(['trackPageView']);\n  _q.push(['setSiteId', '{n}']);\n  (function () {{ var d = document, g = d.createElement('script'); g.async = true; d.head.append(g); }})();\n</script>"
                ),
            ));
            f.places = vec![Place {
                url: Some(format!("https://{site}.example/")),
                line: Some(12),
                column: Some(5),
                end_line: Some(12),
                end_column: Some(20),
                excerpt: Some(
                    "    _q.push(['setSiteId', '']); // mã định danh của trang, để trống từ khi dựng lại".to_owned(),
                ),
                path: None,
            }];
            f.places_total = 1;
            f.evidence = vec![
                Evidence::MissingLink { site: Some(format!("so-{n:04}")), url: format!("https://so-{n:04}.example/") },
                Evidence::Element { what: "site-id".to_owned(), text: n.to_string() },
            ];
        }
        Verdict::Inconclusive => {
            f.gap = Some([Gap::Blocked, Gap::NeedsBrowser, Gap::Timeout, Gap::Dns][n % 4]);
            f.message = Text::new(format!("{site} trả về mã 403."), format!("{site} answered 403."));
        }
        Verdict::NotApplicable => {
            f.message = Text::new("Chưa khai báo trang thành phần.", "No component site is declared.")
        }
        _ => f.evidence = vec![Evidence::Element { what: "site-id".to_owned(), text: n.to_string() }],
    }
    f
}
