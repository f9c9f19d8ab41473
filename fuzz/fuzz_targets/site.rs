//! An answer of a server as a page with the files it loads, from bytes to findings: every fact has a place within its
//! text, the law's own relations hold between findings, and nothing breaks. The parts of an input are the charset with
//! the headers, the page, and the files `0.js`, `1.css`, … that it may name.

#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::{Corpus, fuzz_target};
use rasoat::acquire::Fetched;
use rasoat::acquire::fetch::Answer;
use rasoat::acquire::js::Known;
use rasoat::acquire::page::{self, Kind};
use rasoat::check::{BrowserUse, Subject, finding, judge};
use rasoat::finding::{Basis, Finding, Verdict, is_unseen};
use rasoat::policy::Policy;
use rasoat::site::{self, Estate};
use rasoat::snapshot::{Gap, Origin, Page, Source, Visit};
use rasoat_fuzz::facts::{self, NEEDS, POLICIES};
use rasoat_fuzz::parts;
use url::Url;

static ESTATE: LazyLock<Estate> = LazyLock::new(|| {
    let sites = "apiVersion: rasoat/v1\nsites:\n\
        - {id: a, role: portal, url: 'https://a.gov.vn/', emc_site_id: '205'}\n\
        - {id: b, role: component, parent: a, url: 'https://b.a.gov.vn/'}\n\
        - {id: c, role: component, parent: a, url: 'https://a.gov.vn/c/'}\n";
    site::read("sites.yml", sites.as_bytes(), std::path::Path::new("/")).expect("a sites file").estate
});

fn judged(policy: &Policy, page: Result<&Page, Gap>, visit: &Visit) {
    for site in &ESTATE.sites()[..2] {
        let subject = Subject {
            site,
            estate: &ESTATE,
            policy,
            page,
            recorded: None,
            browser: BrowserUse::NotRequested,
            basis: Basis::Http,
            visit,
            now: jiff::Timestamp::UNIX_EPOCH,
        };
        let findings: Vec<Finding> = policy
            .rules
            .iter()
            .map(|rule| finding(policy, rule, site, judge(&rule.check, &subject), Basis::Http, 0))
            .collect();
        findings.iter().for_each(sound);
        let of = |rule: &str| findings.iter().find(|f| f.rule == rule);
        // A label stands for a connection: it fails with it, and is as open as it.
        if let (Some(snippet), Some(label)) = (of("emc-snippet"), of("emc-label")) {
            match snippet.verdict {
                Verdict::Fail => assert_eq!(label.verdict, Verdict::Fail, "{snippet:?} {label:?}"),
                Verdict::Inconclusive => assert_eq!(label.gap, snippet.gap, "{snippet:?} {label:?}"),
                _ => {}
            }
        }
    }
}

fn sound(finding: &Finding) {
    assert_eq!(finding.gap.is_some(), finding.verdict == Verdict::Inconclusive, "{finding:?}");
    assert!(finding.code.is_some() || finding.verdict != Verdict::Fail, "{finding:?}");
    assert!(finding.places_total >= finding.places.len() as u64);
    for place in finding.places.iter().chain(finding.notes.iter().flat_map(|n| &n.places)) {
        let from = (place.line.unwrap_or(1), place.column.unwrap_or(1));
        let to = (place.end_line.unwrap_or(u32::MAX), place.end_column.unwrap_or(u32::MAX));
        assert!(from.0 >= 1 && from.1 >= 1 && from <= to, "{place:?}");
        assert!(!place.excerpt.iter().any(|text| text.contains(is_unseen)), "{place:?}");
        let _ = place.marked();
    }
}

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let parts = parts(bytes);
    let [head, body, files @ ..] = parts.as_slice() else { return Corpus::Reject };
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines();
    let charset = lines.next().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let url = Url::parse("https://a.gov.vn/").expect("an address");
    let answer = Answer { url: url.clone(), body: (*body).into(), charset, is_page: true, headers: headers.clone() };
    let fetched = |asked: &Url| {
        if asked.host_str() != url.host_str() {
            return Fetched::OtherHost;
        }
        let name = asked.path().rsplit('/').next().unwrap_or_default();
        let number = name.split('.').next().and_then(|n| n.parse::<usize>().ok());
        match number.and_then(|n| files.get(n)) {
            Some(file) => Fetched::Read(Arc::new(Source::new(
                Origin { path: None, url: Some(asked.to_string()) },
                String::from_utf8_lossy(file).into_owned(),
            ))),
            None => Fetched::Missing(Gap::NotFound),
        }
    };
    let _ = page::files_of(&answer, &NEEDS);
    let page = page::of_answer(&answer, &NEEDS, Kind::Home, &fetched, &Known::default());
    if let Ok(page) = &page {
        facts::page(page);
        let _ = page::own_address(page);
    }
    let visit = Visit { headers, ..Visit::default() };
    for policy in POLICIES.iter() {
        judged(policy, page.as_ref().map_err(|gap| *gap), &visit);
    }
    Corpus::Keep
});
