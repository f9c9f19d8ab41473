//! One report with every verdict, severity and several gaps, and text that would harm a careless format.

use std::collections::BTreeMap;

use rasoat::finding::{Basis, Evidence, Finding, Note, NoteLevel, Place, Verdict};
use rasoat::policy::{Cite, Level, Points, Reach, Severity, Text};
use rasoat::report::{FailOn, Outcome, PolicyRef, Report, RuleRef, SCHEMA, SiteReport, Summary, Tool};
use rasoat::score::{Gates, Scale, Weight};
use rasoat::site::{Declared, Region, Role};
use rasoat::snapshot::{
    Attempted, Certificate, Gap, Origin, PagesCovered, PlainHttp, Source, Span, Timings, Tls, UnreadPage,
};

/// What a hostile page may put into any text.
pub(crate) const HOSTILE: &str = "\u{1b}[31mđỏ\u{1b}]0;t\u{7} \u{0}\u{8}\u{7f}\u{9b} ]]> <script>alert(1)</script> \u{202e}ngược\u{202c} \u{2028}\u{2029} \
::error::giả ##[error]giả ##vso[task.x] =HYPERLINK(\"http://x\",\"y\") --> <!-- & ' \" | `` [a](http://evil.example) \
👨\u{200d}👩 Việt Nam (NFD: Vie\u{302}\u{323}t) \u{fffe}\u{ffff}\u{feff}\r\n::set-output name=a::b\n::warning::giả\n```\n# tiêu đề";

const PAGE: &str = "<!doctype html>\n<html lang=\"vi\">\n<head><title>Cổng thông tin điện tử tỉnh A</title>\n\
  <script>\n    var _q = _q || [];\n    _q.push(['trackPageView']); /* Cổng thông tin */ _q.push(['setSiteId', '']);\n  </script>\n</head>\n<body>\n\
<p>国家 Cô\u{309}ng <a href=\"https://so-y-te.example/\" hidden>Sở Y tế</a></p>\n</body>\n</html>\n";

fn text(vi: &str, en: &str) -> Text {
    Text::new(vi, en)
}

fn place(path: &str, needle: &str) -> Place {
    let source = Source::new(
        Origin { path: Some(path.to_owned()), url: Some("https://tinh-a.example/".to_owned()) },
        PAGE.to_owned(),
    );
    let start = PAGE.find(needle).unwrap();
    Place::of(&source, Span::new(start, start + needle.len()))
}

pub(crate) fn rule(
    id: &str,
    severity: Severity,
    check: &str,
    title: Text,
    clause: Text,
    point: Option<&str>,
) -> RuleRef {
    RuleRef {
        policy: "mau-2024".to_owned(),
        id: id.to_owned(),
        title,
        clause: Some(clause),
        cite: Some(Cite {
            document: "01/2024/TT-MAU".to_owned(),
            article: Some(4),
            clause: Some(7),
            point: point.map(str::to_owned),
            text: Some("Cổng thông tin điện tử có nhãn thể hiện việc đã kết nối".to_owned()),
        }),
        severity,
        check: Some(check.to_owned()),
        fix: Some(match id {
            "snippet" => text("Dán đoạn mã:\n\n${snippet}", "Paste the code:\n\n${snippet}"),
            _ => text("Liên hệ đơn vị vận hành hệ thống giám sát.", "Ask those who run the monitoring system."),
        }),
        across: None,
    }
}

pub(crate) fn site(id: &str, role: Role, line: u32) -> SiteReport {
    let region = |line: u32, from: u32, to: u32| Region { line, column: from, end_line: line, end_column: to };
    let url = format!("https://{id}.example/");
    let end = u32::try_from(url.len()).unwrap() + 10;
    let keys = [
        (String::new(), Region { line, column: 5, end_line: line + 5, end_column: 1 }),
        ("id".to_owned(), region(line, 9, 15)),
        ("name".to_owned(), region(line + 1, 11, 40)),
        ("role".to_owned(), region(line + 2, 11, 20)),
        ("url".to_owned(), region(line + 3, 10, end)),
        ("emc_site_id".to_owned(), region(line + 4, 18, 23)),
    ];
    SiteReport {
        id: id.to_owned(),
        role: Some(role),
        url: Some(url),
        parent: (role == Role::Component).then(|| "tinh-a".to_owned()),
        name: Some(format!("Trang thông tin điện tử {id}")),
        unit: Some("UBND tỉnh A".to_owned()),
        source: None,
        declared: Some(Declared { path: "cấu hình/sites.yml".to_owned(), keys: BTreeMap::from(keys) }),
        final_url: None,
        hops: Vec::new(),
        status: None,
        attempts: 0,
        address: None,
        tls: None,
        http_version: None,
        headers: BTreeMap::new(),
        plain: None,
        timings: None,
        seen_site_ids: Vec::new(),
        state: None,
        pages_covered: PagesCovered { judged: 1, ..PagesCovered::default() },
        gap: None,
        browser: None,
        across: None,
    }
}

pub(crate) fn finding(site: &str, rule: &str, severity: Severity, verdict: Verdict) -> Finding {
    Finding {
        policy: "mau-2024".to_owned(),
        rule: rule.to_owned(),
        site: site.to_owned(),
        verdict,
        code: None,
        gap: (verdict == Verdict::Inconclusive).then_some(Gap::NeedsBrowser),
        severity,
        basis: Basis::Static,
        known: false,
        subjects: Vec::new(),
        subjects_left_out: 0,
        waiver: None,
        notes: Vec::new(),
        message: Text::default(),
        fix: None,
        reached: None,
        places: Vec::new(),
        places_total: 0,
        evidence: Vec::new(),
        expected: None,
        actual: None,
        earned: None,
        duration_ms: 3,
    }
}

fn rules() -> Vec<RuleRef> {
    use Severity::{Error, Note, Warning};
    let clause7 = |p: &str| {
        text(
            &format!("điểm {p} khoản 7 Điều 4 Thông tư số 01/2024/TT-MAU"),
            &format!("Circular 01/2024/TT-MAU, Article 4, clause 7, point {p}"),
        )
    };
    vec![
        rule(
            "snippet",
            Error,
            "tracker",
            text("Gắn mã giám sát", "The monitoring code is embedded"),
            text("khoản 6 Điều 4 Thông tư số 01/2024/TT-MAU", "Circular 01/2024/TT-MAU, Article 4, clause 6"),
            None,
        ),
        rule(
            "label",
            Error,
            "label",
            text("Có nhãn thể hiện đã kết nối", "A label shows the connection"),
            clause7("a"),
            Some("a"),
        ),
        rule(
            "links",
            Error,
            "links_to",
            text("Trang chủ có đường dẫn", "The home page has the links"),
            clause7("b"),
            Some("b"),
        ),
        rule("unique", Warning, "unique_id", text("Mã không trùng", "The id is unique"), clause7("c"), None),
        rule(
            "domain",
            Note,
            "domain",
            text("Tên miền đúng quy định", "The domain follows the rules"),
            clause7("d"),
            None,
        ),
    ]
}

/// The findings of a portal whose snippet is broken, of some component sites, and a hostile one.
#[expect(clippy::too_many_lines, reason = "a table of findings")]
fn findings() -> Vec<Finding> {
    use Severity::{Error, Note as Low, Warning};
    let mut out = Vec::new();
    let mut add = |f: Finding| out.push(f);
    let path = "dist/cổng/index.html";

    let mut f = finding("tinh-a", "snippet", Error, Verdict::Fail);
    f.code = Some("site-id-empty".to_owned());
    f.message = text(
        "Mã định danh của trang để trống nên lượt truy cập không được ghi nhận.",
        "The site's id is empty, so no visit is counted.",
    );
    f.places = vec![place(path, "_q.push(['setSiteId', ''])")];
    f.places_total = 1;
    f.reached = Some(Reach::Addressed);
    f.expected = Some("mã định danh gồm các chữ số".to_owned());
    f.actual = Some("''".to_owned());
    f.fix = Some(text(
        "Điền mã được cấp rồi dán đoạn sau vào thẻ <head>:\n\n<script>\n  var _q = window._q || [];\n  _q.push(['setSiteId', '205']);\n</script>",
        "Fill in the id and paste this into <head>:\n\n<script>\n  var _q = window._q || [];\n  _q.push(['setSiteId', '205']);\n</script>",
    ));
    f.notes = vec![Note {
        code: "unread-scripts".to_owned(),
        level: NoteLevel::Info,
        message: text("Có 2 tệp script ở máy chủ khác chưa được đọc.", "2 scripts on other hosts were not read."),
        places: vec![place(path, "<script>")],
    }];
    add(f);

    let mut f = finding("tinh-a", "label", Error, Verdict::Fail);
    f.code = Some("label-without-connection".to_owned());
    f.message = text(
        "Trang tự nhận đã kết nối nhưng mã giám sát chưa đạt.",
        "The page claims the connection but its snippet fails.",
    );
    add(f);

    let mut f = finding("tinh-a", "links", Error, Verdict::Fail);
    f.code = Some("missing".to_owned());
    f.message =
        text("Trang chủ thiếu đường dẫn đến 13 trang thành phần.", "The home page lacks links to 13 component sites.");
    f.evidence = (1..=13)
        .map(|n| Evidence::MissingLink {
            site: Some(format!("so-{n:02}")),
            url: format!("https://so-{n:02}.tinh-a.example/"),
        })
        .collect();
    f.places = vec![place(path, "<a href=\"https://so-y-te.example/\" hidden>Sở Y tế</a>"), place(path, "国家")];
    f.places_total = 250;
    add(f);

    let mut f = finding("tinh-a", "unique", Warning, Verdict::Fail);
    f.message = text("Mã 205 cũng dùng cho trang so-gddt.", "Id 205 is also used by so-gddt.");
    f.basis = Basis::Declared;
    add(f);
    let mut f = finding("tinh-a", "domain", Low, Verdict::Fail);
    f.known = true;
    f.message = text("Tên miền không thuộc gov.vn.", "The domain is not under gov.vn.");
    add(f);

    let mut f = finding("so-gddt", "snippet", Error, Verdict::Pass);
    f.evidence = vec![Evidence::Element { what: "site-id".to_owned(), text: "812".to_owned() }];
    f.notes = vec![Note {
        code: "http-library".to_owned(),
        level: NoteLevel::Warning,
        message: text("Thư viện được tải qua http.", "The library is loaded over http."),
        places: Vec::new(),
    }];
    f.reached = Some(Reach::Configured);
    add(f);
    let mut f = finding("so-gddt", "label", Error, Verdict::Inconclusive);
    f.gap = Some(Gap::NotRequested);
    add(f);
    let mut f = finding("so-gddt", "links", Error, Verdict::Waived);
    f.message = text(
        "Tạm chấp nhận đến 31/12/2026: đang xây dựng lại trang (người duyệt: Nguyễn Văn A).",
        "Accepted until 2026-12-31: the site is being rebuilt (approved by Nguyễn Văn A).",
    );
    add(f);
    let mut f = finding("so-gddt", "unique", Warning, Verdict::NotApplicable);
    f.message = text("Không thấy và không khai báo mã.", "No id was seen or declared.");
    add(f);
    add(finding("so-gddt", "domain", Low, Verdict::Pass));

    for (rule, severity) in [("snippet", Error), ("label", Error), ("links", Error), ("unique", Warning)] {
        let mut f = finding("so-yte", rule, severity, Verdict::Inconclusive);
        f.gap = Some(Gap::Blocked);
        f.basis = Basis::Http;
        f.message = text("Máy chủ trả về mã 403 cho cả 3 lần thử.", "The server answered 403 to all 3 attempts.");
        add(f);
    }
    let mut f = finding("so-yte", "domain", Low, Verdict::Inconclusive);
    f.gap = Some(Gap::NoData);
    add(f);

    for (rule, severity) in
        [("snippet", Error), ("label", Error), ("links", Error), ("unique", Warning), ("domain", Low)]
    {
        add(finding("so-nv", rule, severity, Verdict::Pass));
    }

    let mut f = finding("so-hai", "snippet", Error, Verdict::Fail);
    f.code = Some(HOSTILE.to_owned());
    f.message = text(HOSTILE, HOSTILE);
    f.expected = Some(HOSTILE.to_owned());
    f.actual = Some(HOSTILE.to_owned());
    f.fix = Some(text(HOSTILE, HOSTILE));
    f.places = vec![Place {
        path: Some(format!("/tuyệt đối/{HOSTILE}.html")),
        line: Some(7),
        column: Some(3),
        end_line: Some(7),
        end_column: Some(9),
        excerpt: Some(HOSTILE.to_owned()),
        url: None,
    }];
    f.places_total = 1;
    f.notes = vec![Note {
        code: HOSTILE.to_owned(),
        level: NoteLevel::Warning,
        message: text(HOSTILE, HOSTILE),
        places: f.places.clone(),
    }];
    f.evidence = vec![
        Evidence::MissingLink { site: None, url: HOSTILE.to_owned() },
        Evidence::Element { what: HOSTILE.to_owned(), text: HOSTILE.to_owned() },
        Evidence::Header { name: "x".to_owned(), value: HOSTILE.to_owned() },
        Evidence::Measure { name: "fcp".to_owned(), value: "3,1 s".to_owned() },
        Evidence::Statement { text: HOSTILE.to_owned() },
        Evidence::Absence { what: HOSTILE.to_owned() },
    ];
    add(f);
    let mut f = finding("so-hai", "label", Error, Verdict::Inconclusive);
    f.message = text(HOSTILE, HOSTILE);
    add(f);
    let mut f = finding("so-hai", "links", Error, Verdict::Waived);
    f.message = text(HOSTILE, HOSTILE);
    add(f);
    out
}

fn certificate(subject: &str, issuer: &str, not_after: &str) -> Certificate {
    Certificate {
        subject: subject.to_owned(),
        issuer: issuer.to_owned(),
        names: vec![subject.to_owned()],
        not_before: "2025-12-01T00:00:00Z".parse().unwrap(),
        not_after: not_after.parse().unwrap(),
        self_signed: subject == issuer,
        sha256: "00".repeat(32),
    }
}

/// The sample.
pub(crate) fn report() -> Report {
    let mut hostile = site("so-hai", Role::Component, 30);
    hostile.name = Some(HOSTILE.to_owned());
    hostile.final_url = Some(HOSTILE.to_owned());
    hostile.hops = vec![Attempted { url: HOSTILE.to_owned(), status: None }];
    hostile.http_version = Some(HOSTILE.to_owned());
    hostile.tls = Some(Tls {
        version: Some(HOSTILE.to_owned()),
        chain: vec![certificate(HOSTILE, HOSTILE, "2025-12-31T23:59:59Z")],
    });
    hostile.headers = BTreeMap::from([("server".to_owned(), HOSTILE.to_owned())]);
    hostile.unit = Some(HOSTILE.to_owned());
    let mut portal = site("tinh-a", Role::Portal, 3);
    portal.source = Some("dist/cổng".to_owned());
    portal.pages_covered = PagesCovered {
        judged: 12,
        unread: 1,
        beyond_limit: 40,
        unread_names: vec![UnreadPage { page: "dist/cổng/lien-he.html".to_owned(), gap: Gap::Undecodable }],
        ..PagesCovered::default()
    };
    let mut visited = site("so-gddt", Role::Component, 9);
    visited.hops = vec![Attempted { url: "http://so-gddt.example/".to_owned(), status: Some(301) }];
    visited.final_url = Some("https://so-gddt.example/".to_owned());
    visited.status = Some(200);
    visited.attempts = 2;
    visited.address = Some("192.0.2.7".to_owned());
    visited.timings = Some(Timings { dns_ms: Some(12), connect_ms: Some(45), first_byte_ms: 120, total_ms: 340 });
    visited.http_version = Some("2".to_owned());
    visited.tls = Some(Tls {
        version: Some("1.3".to_owned()),
        chain: vec![certificate(
            "CN=so-gddt.example",
            "C=VN, O=Tổ chức cấp chứng thư số, CN=CA 1",
            "2026-03-02T23:59:59Z",
        )],
    });
    visited.headers = BTreeMap::from([("content-type".to_owned(), "text/html; charset=utf-8".to_owned())]);
    visited.plain =
        Some(PlainHttp { status: Some(200), leads_to: Some("https://so-gddt.example/".to_owned()), gap: None });
    let mut blocked = site("so-yte", Role::Component, 15);
    blocked.gap = Some(Gap::Blocked);
    blocked.declared = None;
    let sites = vec![portal, visited, blocked, site("so-nv", Role::Component, 21), hostile];
    let mut report = of(sites, rules(), findings());
    report.gates = Gates {
        min_score: Some(Points(5_000)),
        min_level: Some("A".to_owned()),
        min_groups: [("không-ai-có".to_owned(), Points(125))].into_iter().collect(),
    };
    report.scores = rasoat::tally::scores(&report);
    report
}

/// A report of these parts, its counts right.
pub(crate) fn of(sites: Vec<SiteReport>, rules: Vec<RuleRef>, findings: Vec<Finding>) -> Report {
    let count = |v: Verdict| findings.iter().filter(|f| f.verdict == v).count() as u64;
    let summary = Summary {
        pass: count(Verdict::Pass),
        fail: count(Verdict::Fail),
        inconclusive: count(Verdict::Inconclusive),
        not_applicable: count(Verdict::NotApplicable),
        waived: count(Verdict::Waived),
    };
    let mut report = Report {
        schema: SCHEMA.to_owned(),
        tool: Tool { name: "rasoat".to_owned(), version: "0.1.0".to_owned() },
        run_id: "0123456789abcdef".to_owned(),
        policies: vec![PolicyRef {
            id: "mau-2024".to_owned(),
            version: "2024.1".to_owned(),
            digest: "sha256:00".to_owned(),
            title: text("Bộ tiêu chí mẫu", "A sample policy"),
            scale: Some(scale()),
        }],
        rules,
        taken_at: "2026-01-01T00:00:00Z".to_owned(),
        shard: None,
        fail_on: FailOn::Error,
        strict: false,
        new_only: false,
        outcome: Outcome::Failed,
        sites,
        findings,
        not_judged: Vec::new(),
        estate_notes: vec![Note {
            code: "waiver-unused".to_owned(),
            level: NoteLevel::Warning,
            message: text("Một mục tạm chấp nhận không khớp kết quả nào.", "A waiver matches nothing."),
            places: Vec::new(),
        }],
        gates: Gates::default(),
        scores: Vec::new(),
        sections: Vec::new(),
        summary,
    };
    report.scores = rasoat::tally::scores(&report);
    report
}

/// Points for two of the rules.
fn scale() -> Scale {
    let level = |id: &str, from| Level { id: id.to_owned(), from: Points(from) };
    let weight = |rule: &str, points| Weight {
        rule: rule.to_owned(),
        group: None,
        points: Points(points),
        partial: false,
        applies_to: vec![Role::Portal, Role::Component],
        skipped: false,
    };
    Scale {
        points: Points(10_000),
        groups: Vec::new(),
        levels: vec![level("A", 9_000), level("E", 0)],
        rules: vec![weight("snippet", 6_000), weight("label", 4_000)],
    }
}

/// Many portals, each with one failure, one open question and passes.
pub(crate) fn many(sites: usize) -> Report {
    let mut all = Vec::new();
    let mut findings = Vec::new();
    for n in 0..sites {
        let id = format!("so-{n:04}");
        all.push(site(&id, Role::Component, u32::try_from(n * 6 + 3).unwrap()));
        for rule in rules() {
            let verdict = match rule.id.as_str() {
                "label" if n % 2 == 0 => Verdict::Fail,
                "links" if n % 10 == 0 => Verdict::Inconclusive,
                _ => Verdict::Pass,
            };
            findings.push(finding(&id, &rule.id, rule.severity, verdict));
        }
    }
    of(all, rules(), findings)
}
