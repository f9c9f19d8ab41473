//! What servers say beside pages: robots.txt, site maps, headers, certificates, logs of certificates; and addresses,
//! of which two are one site or not, whichever is asked first. The first letter of an input says which.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use rasoat::acquire::discover::{Domain, of_file, of_log};
use rasoat::acquire::fetch::{Exchange, Response, certificate};
use rasoat::acquire::{html, robots, sitemap};
use rasoat::finding::{Subject, without_credentials};
use rasoat::site::{self, HostMatch, host_key, is_under, same_site};
use rasoat::snapshot::Timings;
use rasoat_fuzz::formats::harmless;
use rasoat_fuzz::parts;
use url::Url;

fn at() -> Url {
    Url::parse("https://a.gov.vn/x/").expect("an address")
}

fn addresses(first: &str, second: &str) {
    let _ = (without_credentials(first), Domain::parse(first));
    let declared = site::declared_url(first);
    if let Err(why) = &declared {
        assert!(!why.vi.is_empty());
    }
    let (Ok(first), Ok(second)) = (at().join(first), at().join(second)) else { return };
    if let Ok(declared) = declared {
        assert_eq!(declared.username(), "");
        assert_eq!(same_site(&declared, &declared), HostMatch::Same);
    }
    assert_eq!(same_site(&first, &second), same_site(&second, &first), "{first} {second}");
    let keys = (host_key(&first), host_key(&second));
    if same_site(&first, &second) != HostMatch::Other {
        assert!(keys.0.is_some() && keys.0 == keys.1, "{first} {second}");
        // Never by a part of the text: what is a site under another is another.
        let (a, b) = (first.host_str().unwrap_or_default(), second.host_str().unwrap_or_default());
        let bare = |host: &str| host.trim_end_matches('.').trim_start_matches("www.").to_owned();
        assert_eq!(bare(a), bare(b), "{first} {second}");
    }
    if let (Some(a), Some(b)) = &keys {
        assert!(!is_under(a, a) && !(is_under(a, b) && is_under(b, a)));
        assert!(site::domains_of(a).next() == Some(a));
    }
    assert!(
        !site::shown(&first).contains('@')
            || site::shown(&first) == first.as_str()
            || first.username() != ""
            || first.password().is_some()
    );
    // A page has one name, and a name is a page's own.
    if matches!(first.scheme(), "http" | "https")
        && let Some(page) = Subject::page(&first).page
        && let Ok(named) = Url::parse(&format!("https://a.gov.vn{page}"))
    {
        assert_eq!(Subject::page(&named).page, Some(page));
    }
    let _ = Subject::host(&first).map(|s| s.to_string());
}

fn answer(parts: &[&[u8]]) {
    let head = String::from_utf8_lossy(parts[0]);
    let headers = head.lines().filter_map(|line| line.split_once(':'));
    let headers: Vec<(String, String)> =
        headers.map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned())).collect();
    let status = head.lines().next().and_then(|line| line.trim().parse().ok()).unwrap_or(200);
    let body = parts.get(1).copied().unwrap_or_default();
    for (_, value) in &headers {
        let _ = (html::sent_refresh(value), robots::product_token(value));
    }
    let response =
        Response { status, http_version: "1.1".to_owned(), headers, location: None, cut: false, body: body.into() };
    let _ = (response.gap(), response.redirect(), response.is_page_by_type());
    let exchange = Exchange {
        url: at().to_string(),
        answer: Ok(response),
        attempts: 1,
        address: None,
        timings: Timings::default(),
        tls: None,
    };
    let _ = (exchange.wait(), exchange.is_transient());
}

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Some((kind, rest)) = bytes.split_first() else { return Corpus::Reject };
    let parts = parts(rest);
    let text = |k: usize| String::from_utf8_lossy(parts.get(k).copied().unwrap_or_default()).into_owned();
    match kind {
        b'r' => {
            let robots = robots::Robots::parse(parts[0], "rasoat");
            assert!(robots.sitemaps().len() <= robots::MOST_SITEMAPS);
            assert!(robots.crawl_delay().is_none_or(|delay| delay <= robots::LONGEST_DELAY));
            let _ = at().join(&text(1)).map(|url| robots.allows(&url));
            assert!(robots.allows(&Url::parse("https://a.gov.vn/robots.txt").expect("an address")));
        }
        b'm' => {
            let map = sitemap::read(rest, &at());
            assert!(map.addresses.len() <= sitemap::MOST_ADDRESSES);
            assert!(
                map.addresses.iter().all(|url| matches!(url.scheme(), "http" | "https") && url.fragment().is_none())
            );
        }
        b'h' => answer(&parts),
        b'c' => {
            if let Some(shown) = certificate(rest) {
                assert!(shown.names.len() <= 100 && shown.subject.chars().count() <= 300);
                harmless("certificate", &rasoat::finding::safe(&shown.subject, 300));
            }
        }
        b'n' => {
            let Ok(domain) = Domain::parse("a.gov.vn") else { return Corpus::Reject };
            let found = of_file(rest, &domain);
            let logged = of_log(rest, &domain).unwrap_or_default();
            let mut all = found.addresses.iter().chain(&logged.addresses).flatten();
            assert!(all.all(|url| matches!(url.scheme(), "http" | "https") && url.username().is_empty()));
        }
        b'a' => addresses(&text(0), &text(1)),
        _ => return Corpus::Reject,
    }
    Corpus::Keep
});
