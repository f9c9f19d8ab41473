//! How a site is served, judged from facts alone: each part of `transport` with the ways in which servers, clocks
//! and certificates fool a checker. Facts are written down here, nothing is asked of the network.

use rasoat::acquire::Needs;
use rasoat::acquire::folder::Folder;
use rasoat::acquire::page::{Kind, of_folder};
use rasoat::check::{BrowserUse, Judged, Opinion, Subject, judge};
use rasoat::finding::{Basis, NoteLevel};
use rasoat::policy::{Check, Setting, TlsVersion, TransportCheck, load};
use rasoat::site::{Estate, Role, Site};
use rasoat::snapshot::{Attempted, Certificate, Gap, Page, PlainHttp, Visit};
use url::Url;

const HOME: &str = "https://tinh-a.gov.vn/";
const IN_CLEAR: &str = "http://tinh-a.gov.vn/";
const NOW: &str = "2026-01-31T00:00:00Z";

/// One way to a site, and what must be made of it.
struct Row {
    name: &'static str,
    check: TransportCheck,
    url: Option<&'static str>,
    gap: Option<Gap>,
    basis: Basis,
    visit: Visit,
    wanted: &'static str,
    note: Option<(&'static str, NoteLevel)>,
}

fn row(name: &'static str, check: TransportCheck, wanted: &'static str) -> Row {
    let visit = Visit { final_url: Some(HOME.to_owned()), status: Some(200), attempts: 1, ..Visit::default() };
    Row { name, check, url: Some(HOME), gap: None, basis: Basis::Http, visit, wanted, note: None }
}

impl Row {
    fn at(mut self, url: &'static str) -> Self {
        self.url = Some(url);
        self.ends(url)
    }
    fn ends(mut self, url: &str) -> Self {
        self.visit.final_url = Some(url.to_owned());
        self
    }
    fn hops(mut self, urls: &[&str]) -> Self {
        self.visit.hops = urls.iter().map(|url| Attempted { url: (*url).to_owned(), status: Some(301) }).collect();
        self
    }
    /// The home page was not seen; a status tells that something answered.
    fn unseen(mut self, gap: Gap, status: Option<u16>) -> Self {
        self.gap = Some(gap);
        self.visit.status = status;
        if status.is_none() {
            self.visit.final_url = None;
        }
        self
    }
    fn plain(mut self, status: Option<u16>, leads_to: Option<&str>, gap: Option<Gap>) -> Self {
        self.visit.plain = Some(PlainHttp { status, leads_to: leads_to.map(str::to_owned), gap });
        self
    }
    fn header(mut self, name: &str, value: &str) -> Self {
        self.visit.headers.push((name.to_owned(), value.to_owned()));
        self
    }
    fn tls(mut self, version: Option<&str>) -> Self {
        self.visit.tls.get_or_insert_default().version = version.map(str::to_owned);
        self
    }
    /// Adds a certificate to the chain.
    fn certificate(mut self, subject: &str, issuer: &str, not_after: &str) -> Self {
        self.visit.tls.get_or_insert_default().chain.push(Certificate {
            subject: subject.to_owned(),
            issuer: issuer.to_owned(),
            names: vec![subject.to_owned()],
            not_before: "2025-01-01T00:00:00Z".parse().unwrap(),
            not_after: not_after.parse().unwrap(),
            self_signed: subject == issuer,
            sha256: format!("{subject} {not_after}"),
        });
        self
    }
    fn begins(mut self, not_before: &str) -> Self {
        self.visit.tls.as_mut().unwrap().chain.last_mut().unwrap().not_before = not_before.parse().unwrap();
        self
    }
    fn noted(mut self, code: &'static str, level: NoteLevel) -> Self {
        self.note = Some((code, level));
        self
    }
}

fn answer(judged: &Judged) -> String {
    match judged {
        Ok(d) => match d.opinion {
            Opinion::Pass => "pass".to_owned(),
            Opinion::Fail => format!("fail {}", d.grounds.code.unwrap_or("–")),
            Opinion::NotApplicable => format!("none {}", d.grounds.code.unwrap_or("–")),
        },
        Err(u) => format!("open {}", u.gap.name()),
    }
}

fn run(rows: Vec<Row>) {
    let policy = load("transport-baseline", &std::collections::BTreeMap::new()).unwrap().policy;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("index.html"), "<!doctype html><body><h1>Trang</h1></body>").unwrap();
    let mut wrong = Vec::new();
    for row in rows {
        let site = site(row.url, folder.path());
        let page: Result<Page, Gap> = match row.gap {
            Some(gap) => Err(gap),
            None => of_folder(&Folder::open(&site, 1 << 20).unwrap(), "index.html", &Needs::default(), Kind::Home),
        };
        let estate = Estate::new(vec![site]);
        let subject = Subject {
            site: &estate.sites()[0],
            estate: &estate,
            policy: &policy,
            page: page.as_ref().map_err(|gap| *gap),
            recorded: None,
            browser: BrowserUse::NotRequested,
            basis: row.basis,
            visit: &row.visit,
            now: NOW.parse().unwrap(),
        };
        let judged = judge(&Check::Transport(row.check), &subject);
        let is = answer(&judged);
        let grounds = match &judged {
            Ok(decided) => &decided.grounds,
            Err(unseen) => &unseen.grounds,
        };
        let notes: Vec<(&str, NoteLevel)> = grounds.notes.iter().map(|n| (n.code.as_str(), n.level)).collect();
        if is != row.wanted || notes != row.note.into_iter().collect::<Vec<_>>() {
            wrong.push(format!("{}: {} is wanted, it is {is} with {notes:?}", row.name, row.wanted));
        }
        if judged.is_ok() && (grounds.reason.vi.is_empty() || grounds.reason.en.is_empty()) {
            wrong.push(format!("{}: says nothing", row.name));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

fn site(url: Option<&str>, folder: &std::path::Path) -> Site {
    Site {
        id: "a".to_owned(),
        name: None,
        role: Some(Role::Portal),
        url: url.map(|u| Url::parse(u).unwrap()),
        source: Some(folder.to_owned()),
        source_name: None,
        aliases: vec![Url::parse("https://cu.tinh-a.gov.vn/").unwrap()],
        emc_site_id: None,
        unit: None,
        parent: None,
        retired_on: None,
        retired: false,
        components: Vec::new(),
        declared: None,
    }
}

fn https() -> TransportCheck {
    TransportCheck { https: Some(true), ..TransportCheck::default() }
}

fn hsts() -> TransportCheck {
    TransportCheck { hsts_seconds: Some(Setting::Value(600)), ..TransportCheck::default() }
}

fn days(n: u32) -> TransportCheck {
    TransportCheck { certificate_days: Some(Setting::Value(n)), ..TransportCheck::default() }
}

fn tls(least: TlsVersion) -> TransportCheck {
    TransportCheck { tls: Some(least), ..TransportCheck::default() }
}

#[test]
fn https_only() {
    use NoteLevel::{Info, Warning};
    let row = |name, wanted| row(name, https(), wanted);
    run(vec![
        row("http leads to https", "pass").plain(Some(200), Some(HOME), None),
        row("http leads to the www form", "pass").plain(Some(200), Some("https://www.tinh-a.gov.vn/vi"), None),
        row("http leads to an alias", "pass").plain(Some(200), Some("https://cu.tinh-a.gov.vn/"), None),
        row("http leads to https that then broke off", "pass")
            .plain(None, Some(HOME), Some(Gap::Timeout))
            .noted("http-leads-to-fault", Warning),
        row("http leads to a look-alike", "pass")
            .plain(Some(200), Some("https://tinh-a.gov.vn.example.org/"), None)
            .noted("http-leads-elsewhere", Warning),
        row("port 80 is closed", "pass").plain(None, None, Some(Gap::Refused)).noted("http-closed", Info),
        row("http answers 404", "pass").plain(Some(404), Some(IN_CLEAR), None).noted("http-dead-end", Warning),
        row("http answers 404, told as a gap", "pass")
            .plain(Some(404), None, Some(Gap::NotFound))
            .noted("http-dead-end", Warning),
        row("http asks for an upgrade", "pass").plain(Some(426), None, None).noted("http-dead-end", Warning),
        row("port 80 is silent", "open timeout").plain(None, None, Some(Gap::Timeout)),
        row("port 80 hangs up", "open reset").plain(None, None, Some(Gap::Reset)),
        row("silent after a hop in clear", "open timeout").plain(None, Some(IN_CLEAR), Some(Gap::Timeout)),
        row("a firewall answers on port 80", "open blocked").plain(Some(403), Some(IN_CLEAR), None),
        row("http is limited", "open rate-limited").plain(Some(429), None, None),
        row("http has an error", "open server-error").plain(Some(503), None, None),
        row("a provider's page stands between", "open redirect-off-site").plain(
            Some(200),
            Some("http://block.example.net/"),
            None,
        ),
        row("nobody asked for http", "open no-data"),
        row("on a port of its own there is no http to ask", "pass")
            .at("https://tinh-a.gov.vn:8443/")
            .noted("http-not-asked", Info),
        row("served in clear on a port of its own", "fail no-https").at("http://tinh-a.gov.vn:8080/"),
        row("an answer without a status", "open no-data").plain(None, None, None),
        row("http serves the site", "fail http-not-redirected").plain(Some(200), Some(IN_CLEAR), None),
        row("http serves the site, no redirect told", "fail http-not-redirected").plain(Some(200), None, None),
        row("http serves it on another port", "fail http-not-redirected").plain(
            Some(200),
            Some("http://tinh-a.gov.vn:8080/"),
            None,
        ),
        row("http leads to http://www", "fail http-not-redirected").plain(
            Some(200),
            Some("http://www.tinh-a.gov.vn/"),
            None,
        ),
        row("the word https in a path", "fail http-not-redirected").plain(
            Some(200),
            Some("http://tinh-a.gov.vn/https://tinh-a.gov.vn/"),
            None,
        ),
        row("declared as http, led to https", "pass").at(IN_CLEAR).hops(&[IN_CLEAR]).ends(HOME),
        row("declared as http, served there", "fail no-https").at(IN_CLEAR),
        row("declared as http, an error there", "open server-error").at(IN_CLEAR).unseen(Gap::ServerError, Some(500)),
        row("https leads to http", "fail https-downgrade").hops(&[HOME]).ends(IN_CLEAR),
        row("https, http, https", "fail https-downgrade")
            .hops(&[HOME, "http://tinh-a.gov.vn/vi"])
            .ends("https://tinh-a.gov.vn/vi/")
            .plain(Some(200), Some(HOME), None),
        row("http, https, http", "fail https-downgrade")
            .at(IN_CLEAR)
            .hops(&[IN_CLEAR, HOME])
            .ends("http://tinh-a.gov.vn/vi"),
        row("a page in between sends to http", "fail https-downgrade")
            .hops(&[HOME, IN_CLEAR])
            .ends("https://www.tinh-a.gov.vn/"),
        row("https is shut, http serves", "fail no-https").unseen(Gap::Refused, None).plain(
            Some(200),
            Some(IN_CLEAR),
            None,
        ),
        row("https is shut, http too", "open refused").unseen(Gap::Refused, None).plain(None, None, Some(Gap::Refused)),
        row("https is shut, http leads there", "open refused").unseen(Gap::Refused, None).plain(
            None,
            Some(HOME),
            Some(Gap::Refused),
        ),
        row("an expired certificate, http serves", "fail http-not-redirected").unseen(Gap::TlsExpired, None).plain(
            Some(200),
            Some(IN_CLEAR),
            None,
        ),
        row("an expired certificate, http leads to it", "open tls-expired").unseen(Gap::TlsExpired, None).plain(
            None,
            Some(HOME),
            Some(Gap::TlsExpired),
        ),
        row("a block may be all that http shows", "open blocked").unseen(Gap::Blocked, Some(403)).plain(
            Some(200),
            Some(IN_CLEAR),
            None,
        ),
        row("a challenge may be all that http shows", "open challenge").unseen(Gap::Challenge, Some(200)).plain(
            Some(200),
            Some(IN_CLEAR),
            None,
        ),
        row("silence over https says nothing", "open timeout").unseen(Gap::Timeout, None).plain(
            Some(200),
            Some(IN_CLEAR),
            None,
        ),
        row("a page that is no HTML was served all the same", "pass").unseen(Gap::NotHtml, Some(200)).plain(
            Some(200),
            Some(HOME),
            None,
        ),
        row("led off the site", "open redirect-off-site").unseen(Gap::RedirectOffSite, Some(302)).ends(HOME).plain(
            Some(200),
            Some(HOME),
            None,
        ),
        row("stopped", "open cancelled").unseen(Gap::Cancelled, None),
    ]);
}

#[test]
fn hsts_of_the_answer() {
    const STS: &str = "strict-transport-security";
    let row = |name, wanted| row(name, hsts(), wanted);
    run(vec![
        row("long enough", "pass").header(STS, "max-age=601"),
        row("exactly enough", "pass").header(STS, "max-age=600"),
        row("a second short", "fail hsts-short").header(STS, "max-age=599"),
        row("none", "fail hsts-missing"),
        row("in another header", "fail hsts-missing").header("x-strict-transport-security", "max-age=600"),
        row("in a policy of its own", "fail hsts-missing")
            .header("content-security-policy", "upgrade-insecure-requests; max-age=600"),
        row("off", "fail hsts-off").header(STS, "max-age=\"0\"; includeSubDomains"),
        row("for sub-domains only", "fail hsts-invalid").header(STS, "includeSubDomains; preload"),
        row("in the value of another directive", "fail hsts-invalid").header(STS, "a=\"; max-age=31536000\""),
        row("two headers in one line", "fail hsts-invalid").header(STS, "max-age=31536000, max-age=31536000"),
        row("the first of two counts, the short one", "fail hsts-short")
            .header(STS, "max-age=5")
            .header(STS, "max-age=31536000")
            .noted("hsts-twice", NoteLevel::Warning),
        row("the first of two counts, the long one", "pass")
            .header(STS, "max-age=31536000")
            .header(STS, "max-age=0")
            .noted("hsts-twice", NoteLevel::Warning),
        row("the first of two counts, though it is broken", "fail hsts-invalid")
            .header(STS, "forever")
            .header(STS, "max-age=31536000")
            .noted("hsts-twice", NoteLevel::Warning),
        row("over http browsers ignore it", "fail no-https").at(IN_CLEAR).header(STS, "max-age=31536000"),
        row("seen at the www form", "pass")
            .hops(&[HOME])
            .ends("https://www.tinh-a.gov.vn/")
            .header(STS, "max-age=31536000")
            .noted("hsts-of-other-host", NoteLevel::Info),
        row("an error page has headers of its own", "open server-error")
            .unseen(Gap::ServerError, Some(503))
            .header(STS, "max-age=31536000"),
        row("a firewall's page lacks the header", "open blocked").unseen(Gap::Blocked, Some(403)),
        row("too large to read, the header came", "pass").unseen(Gap::TooLarge, Some(200)).header(STS, "max-age=600"),
        row("behind an expired certificate it does not count", "open tls-expired").unseen(Gap::TlsExpired, None),
        row("hostile text", "fail hsts-invalid").header(STS, "\u{1b}[2J\"; max-age=600\u{202e}"),
    ]);
}

#[test]
fn certificates() {
    const CA: &str = "CN=CA";
    let row = |name, n, wanted| row(name, days(n), wanted);
    let leaf = |r: Row, until: &str| r.certificate("CN=tinh-a.gov.vn", CA, until);
    run(vec![
        leaf(row("three months", 14, "pass"), "2026-05-01T00:00:00Z"),
        leaf(row("exactly as long as wanted", 14, "pass"), "2026-02-14T00:00:00Z"),
        leaf(row("a second less", 14, "fail certificate-expiring"), "2026-02-13T23:59:59Z"),
        leaf(row("its last second", 0, "pass"), NOW),
        leaf(row("its last second, a day is wanted", 1, "fail certificate-expiring"), NOW),
        leaf(row("a second after", 0, "fail certificate-expired"), "2026-01-30T23:59:59Z"),
        leaf(row("for ever", 14, "pass"), "9999-12-30T00:00:00Z"),
        leaf(row("more days than there are", u32::MAX, "fail certificate-expiring"), "9999-12-30T00:00:00Z"),
        leaf(row("renewed while the run was under way", 14, "pass"), "2026-05-01T00:00:00Z")
            .begins("2026-01-31T00:00:05Z"),
        row("no chain was recorded", 14, "open no-data").tls(Some("1.3")),
        row("no TLS was recorded", 14, "open no-data"),
        row("no TLS is there", 14, "fail no-https").at(IN_CLEAR),
        leaf(row("the intermediate ends first", 14, "fail intermediate-expiring"), "2026-05-01T00:00:00Z").certificate(
            CA,
            "CN=root",
            "2026-02-03T00:00:00Z",
        ),
        leaf(row("a newer one of the same name stands beside it", 14, "pass"), "2026-05-01T00:00:00Z")
            .certificate(CA, "CN=root", "2026-02-03T00:00:00Z")
            .certificate(CA, "CN=root 2", "2030-02-03T00:00:00Z")
            .noted("chain-expiring", NoteLevel::Warning),
        leaf(row("an expired cross-signature further up", 14, "pass"), "2026-05-01T00:00:00Z")
            .certificate(CA, "CN=root", "2030-01-01T00:00:00Z")
            .certificate("CN=root", "CN=old root", "2021-09-30T14:01:15Z")
            .noted("chain-expiring", NoteLevel::Warning),
        leaf(row("an expired issuer that was not needed", 14, "pass"), "2026-05-01T00:00:00Z")
            .certificate(CA, "CN=old root", "2020-05-30T10:48:38Z")
            .noted("chain-expiring", NoteLevel::Warning),
        leaf(row("an expired root sent along", 14, "pass"), "2026-05-01T00:00:00Z")
            .certificate(CA, "CN=root", "2030-01-01T00:00:00Z")
            .certificate("CN=root", "CN=root", "2021-09-30T14:01:15Z"),
        leaf(
            row("a refusal shows its certificate", 14, "pass").unseen(Gap::Blocked, Some(403)).ends(HOME),
            "2026-05-01T00:00:00Z",
        ),
        leaf(
            row("an error shows its certificate", 14, "fail certificate-expiring")
                .unseen(Gap::ServerError, Some(500))
                .ends(HOME),
            "2026-02-01T00:00:00Z",
        ),
        leaf(
            row("a certificate of the hop before silence", 14, "open timeout").unseen(Gap::Timeout, None),
            "2026-05-01T00:00:00Z",
        ),
        leaf(
            row("a certificate of the hop that led off the site", 14, "open redirect-off-site")
                .unseen(Gap::RedirectOffSite, Some(302))
                .ends(HOME),
            "2026-05-01T00:00:00Z",
        ),
        row("blocked in clear", 14, "open blocked").at(IN_CLEAR).unseen(Gap::Blocked, Some(403)).ends(IN_CLEAR),
    ]);
}

#[test]
fn certificates_that_were_refused() {
    const CA: &str = "CN=CA";
    let row = |name, gap, wanted| row(name, days(14), wanted).unseen(gap, None);
    let leaf = |r: Row, until: &str| r.certificate("CN=tinh-a.gov.vn", CA, until);
    let good = |r: Row| leaf(r, "2026-05-01T00:00:00Z");
    run(vec![
        leaf(row("expired", Gap::TlsExpired, "fail certificate-expired"), "2026-01-30T00:00:00Z"),
        row("expired, nothing recorded", Gap::TlsExpired, "fail certificate-expired"),
        good(row("expired intermediate", Gap::TlsExpired, "fail intermediate-expired")).certificate(
            CA,
            "CN=root",
            "2026-01-01T00:00:00Z",
        ),
        leaf(
            row("ended while the run was under way", Gap::TlsExpired, "fail certificate-expired"),
            "2026-01-31T00:10:00Z",
        ),
        good(row("called expired though nothing is: a clock is wrong", Gap::TlsExpired, "open tls-expired")),
        good(row("not yet valid", Gap::TlsNotYetValid, "fail certificate-not-yet-valid"))
            .begins("2026-02-01T00:00:00Z"),
        row("not yet valid, nothing recorded", Gap::TlsNotYetValid, "fail certificate-not-yet-valid"),
        good(row("called not yet valid though it is", Gap::TlsNotYetValid, "open tls-not-yet-valid")),
        good(row("for another host", Gap::TlsWrongHost, "fail certificate-wrong-host")),
        row("for another host, nothing recorded", Gap::TlsWrongHost, "fail certificate-wrong-host"),
        leaf(
            row("for another host and expired", Gap::TlsWrongHost, "fail certificate-expired"),
            "2020-01-01T00:00:00Z",
        ),
        row("self-signed", Gap::TlsUntrusted, "fail certificate-self-signed").certificate(
            "CN=x",
            "CN=x",
            "2035-01-01T00:00:00Z",
        ),
        row("self-signed and expired", Gap::TlsUntrusted, "fail certificate-expired").certificate(
            "CN=x",
            "CN=x",
            "2025-12-31T00:00:00Z",
        ),
        good(row("a root that is not known here", Gap::TlsUntrusted, "open tls-untrusted")).certificate(
            CA,
            "CN=root",
            "2030-01-01T00:00:00Z",
        ),
        good(row("a root that is not known here, sent along", Gap::TlsUntrusted, "open tls-untrusted")).certificate(
            CA,
            CA,
            "2030-01-01T00:00:00Z",
        ),
        row("untrusted, nothing recorded", Gap::TlsUntrusted, "open tls-untrusted"),
        leaf(
            row("expired under a root that is not known here", Gap::TlsUntrusted, "fail certificate-expired"),
            "2025-12-31T00:00:00Z",
        )
        .certificate(CA, CA, "2030-01-01T00:00:00Z"),
        good(row("the leaf alone", Gap::TlsIncompleteChain, "fail chain-incomplete")),
        good(row("another intermediate than its own", Gap::TlsIncompleteChain, "fail chain-incomplete")).certificate(
            "CN=other",
            "CN=root",
            "2030-01-01T00:00:00Z",
        ),
        good(row("complete below a root that is not known here", Gap::TlsIncompleteChain, "open tls-incomplete-chain"))
            .certificate(CA, "CN=root", "2030-01-01T00:00:00Z"),
        row("incomplete, nothing recorded", Gap::TlsIncompleteChain, "open tls-incomplete-chain"),
        good(row("some other fault of TLS", Gap::TlsOther, "open tls-other")),
        row("refused", Gap::Refused, "open refused"),
        row("no such name", Gap::Dns, "open dns"),
    ]);
}

#[test]
fn tls_versions() {
    use TlsVersion::{Tls12, Tls13};
    let row = |name, least, wanted| row(name, tls(least), wanted);
    run(vec![
        row("1.2 is enough", Tls12, "pass").tls(Some("1.2")),
        row("1.3 is more", Tls12, "pass").tls(Some("1.3")),
        row("1.2 is less than 1.3", Tls13, "fail tls-old").tls(Some("1.2")),
        row("1.0", Tls12, "fail tls-old").tls(Some("1.0")),
        row("1.10 is not 1.1", Tls12, "pass").tls(Some("1.10")),
        row("an unknown word", Tls12, "open no-data").tls(Some("SSLv3")),
        row("an empty word", Tls12, "open no-data").tls(Some("")),
        row("none was recorded", Tls12, "open no-data").tls(None),
        row("no TLS was recorded", Tls12, "open no-data"),
        row("no TLS is there", Tls12, "fail no-https").at(IN_CLEAR),
        row("left for http", Tls12, "fail no-https").hops(&[HOME]).ends(IN_CLEAR).tls(Some("1.3")),
        row("agreed on before the certificate was refused", Tls12, "pass")
            .unseen(Gap::TlsExpired, None)
            .tls(Some("1.3")),
        row("none was agreed on", Tls12, "open tls-other").unseen(Gap::TlsOther, None).tls(None),
        row("of the hop before silence", Tls12, "open timeout").unseen(Gap::Timeout, None).tls(Some("1.3")),
        row("behind a refusal", Tls12, "pass").unseen(Gap::Blocked, Some(403)).ends(HOME).tls(Some("1.2")),
        row("a proxy refused, there was no TLS", Tls12, "open blocked").unseen(Gap::Blocked, Some(407)).ends(HOME),
    ]);
}

#[test]
fn parts_together() {
    let all = |name, wanted| {
        let check = TransportCheck {
            https: Some(true),
            hsts_seconds: Some(Setting::Value(600)),
            certificate_days: Some(Setting::Value(14)),
            tls: Some(TlsVersion::Tls12),
        };
        row(name, check, wanted).header("strict-transport-security", "max-age=600").tls(Some("1.3"))
    };
    let leaf = |r: Row, until: &str| r.certificate("CN=tinh-a.gov.vn", "CN=CA", until);
    let plain = |r: Row| r.plain(Some(200), Some(HOME), None);
    run(vec![
        plain(leaf(all("all hold", "pass"), "2026-05-01T00:00:00Z")),
        leaf(all("one was not seen", "open no-data"), "2026-05-01T00:00:00Z"),
        leaf(all("one fails, one was not seen", "fail certificate-expiring"), "2026-02-01T00:00:00Z"),
    ]);
    let folder = |name, wanted, url| {
        let mut folder = row(name, https(), wanted);
        (folder.basis, folder.url, folder.visit) = (Basis::Static, url, Visit::default());
        folder
    };
    run(vec![
        folder("a folder is not served", "none not-deployed", Some(HOME)),
        folder("nor one that could not be read", "none not-deployed", Some(HOME)).unseen(Gap::Empty, None),
        folder("nor one without an address", "none no-address", None),
    ]);
}
