//! `transport`: how a site is served, from what its visit recorded: addresses on the way, headers, certificates.
//! Each part of the check that is given is judged; a part whose facts are missing stays open. A fault of the
//! certificate is itself such a fact: every visitor's browser meets it too.

mod certificate;
mod hsts;
mod https;
mod version;

use url::Url;

use super::logic::all_of;
use super::{Decided, Grounds, Judged, Subject, Unseen};
use crate::finding::{Basis, Evidence, safe};
use crate::policy::{Setting, Text, TransportCheck};
use crate::site::{Site, shown};
use crate::snapshot::{Certificate, Gap, Visit};

pub(super) fn judge(check: &TransportCheck, subject: &Subject<'_>) -> Judged {
    let way = match Way::of(subject) {
        Ok(way) => way,
        Err(nothing) => return Ok(*nothing),
    };
    let mut parts = Vec::new();
    if check.https == Some(true) {
        parts.push(https::judge(&way));
    }
    if let Some(seconds) = &check.hsts_seconds {
        parts.push(with(seconds, |seconds| hsts::judge(seconds, &way)));
    }
    if let Some(days) = &check.certificate_days {
        parts.push(with(days, |days| certificate::judge(days, &way)));
    }
    if let Some(least) = check.tls {
        parts.push(version::judge(least, &way));
    }
    all_of(parts.into_iter())
}

/// A part with its limit; policies are valid by construction, so only one that was not resolved lacks it.
fn with(limit: &Setting<u32>, part: impl FnOnce(u32) -> Judged) -> Judged {
    part(*limit.value().ok_or(Gap::NoData)?)
}

/// Most certificates of a chain that stand as evidence.
const SHOWN_CERTIFICATES: usize = 5;
/// Longest text of a server in a message or an entry of evidence, in characters.
const SHOWN_TEXT: usize = 300;

/// What was seen on the way to a site.
struct Way<'a> {
    site: &'a Site,
    address: &'a Url,
    visit: &'a Visit,
    /// Why the home page was not seen.
    gap: Option<Gap>,
    now: jiff::Timestamp,
}

impl<'a> Way<'a> {
    /// The way; or that there is none to judge.
    fn of(subject: &Subject<'a>) -> Result<Self, Box<Decided>> {
        let Some(address) = &subject.site.url else {
            return Err(declared(
                "no-address",
                Text::new(
                    "Chưa khai báo địa chỉ của trang (dùng --url hoặc khóa url trong sites.yml).",
                    "The site's address is not declared (use --url, or the key url in sites.yml).",
                ),
            ));
        };
        if subject.basis == Basis::Static {
            return Err(declared(
                "not-deployed",
                Text::new(
                    "Chỉ có thư mục đã build; cách truyền tải chỉ xét được trên trang đã triển khai: chạy với --deployed hoặc nêu địa chỉ của trang.",
                    "Only a built folder was read; how a site is served is judged on the deployed site: run with --deployed or name its address.",
                ),
            ));
        }
        Ok(Self { site: subject.site, address, visit: subject.visit, gap: subject.page.err(), now: subject.now })
    }

    /// The address whose answer is the site's home page, also when its content could not be read.
    fn served(&self) -> Result<Url, Gap> {
        let content = [Gap::NotHtml, Gap::Empty, Gap::TooLarge, Gap::Undecodable];
        match self.gap {
            None => self.end(),
            Some(gap) if content.contains(&gap) && self.status_is(200..300) => self.end(),
            Some(gap) => Err(gap),
        }
    }

    /// The address that answered at all: who refuses a visitor, or has an error to tell, shows a certificate too.
    fn answered(&self) -> Result<Url, Gap> {
        let refusals = [
            Gap::Blocked,
            Gap::RateLimited,
            Gap::Challenge,
            Gap::NotFound,
            Gap::ServerError,
            Gap::HttpError,
            Gap::Soft404,
            Gap::Placeholder,
        ];
        match self.gap {
            // An answer in clear that is not the home page shows nothing: the rest of the way may lead to TLS.
            Some(gap) if refusals.contains(&gap) && self.visit.status.is_some() => {
                self.end().ok().filter(is_https).ok_or(gap)
            }
            _ => self.served(),
        }
    }

    /// The last address of the visit.
    fn end(&self) -> Result<Url, Gap> {
        let last = self.visit.final_url.as_deref().ok_or(Gap::NoData)?;
        Url::parse(last).map_err(|_| Gap::NoData)
    }

    fn status_is(&self, range: std::ops::Range<u16>) -> bool {
        self.visit.status.is_some_and(|status| range.contains(&status))
    }

    /// Every address on the way, the last one included.
    fn addresses(&self) -> Vec<Url> {
        let hops = self.visit.hops.iter().map(|hop| hop.url.as_str());
        hops.chain(self.visit.final_url.as_deref()).filter_map(|url| Url::parse(url).ok()).collect()
    }

    /// The requests on the way.
    fn requests(&self) -> Vec<Evidence> {
        let hops = self.visit.hops.iter().map(|hop| (hop.url.as_str(), hop.status));
        let last = self.visit.final_url.as_deref().map(|url| (url, self.visit.status));
        hops.chain(last).map(|(url, status)| request(url, status)).collect()
    }

    fn chain(&self) -> &'a [Certificate] {
        self.visit.tls.as_ref().map_or(&[], |tls| &tls.chain)
    }

    /// The certificates as evidence, leaf first.
    fn certificates(&self) -> Vec<Evidence> {
        self.chain().iter().take(SHOWN_CERTIFICATES).map(certificate_entry).collect()
    }

    /// The gap of the home page when it is a fault of TLS.
    fn tls_fault(&self) -> Option<Gap> {
        use Gap::{TlsExpired, TlsIncompleteChain, TlsNotYetValid, TlsOther, TlsUntrusted, TlsWrongHost};
        let faults = [TlsExpired, TlsNotYetValid, TlsWrongHost, TlsUntrusted, TlsIncompleteChain, TlsOther];
        self.gap.filter(|gap| faults.contains(gap))
    }

    /// The answer of every part that asks for TLS when the site is served without.
    fn without_tls(&self, end: &Url) -> Decided {
        let at = safe(&shown(end), SHOWN_TEXT);
        let mut decided = Decided::fail(
            "no-https",
            Text::new(
                format!("Trang phục vụ không mã hóa tại {at} và không chuyển sang https."),
                format!("The site is served in clear at {at} and does not lead to https."),
            ),
        );
        decided.grounds.evidence = self.requests();
        decided.grounds.expected = Some("https".to_owned());
        decided.grounds.actual = Some(at);
        decided
    }

    /// A gap, with what was seen nevertheless.
    fn open(gap: Gap, evidence: Vec<Evidence>) -> Unseen {
        Unseen { gap, grounds: Box::new(Grounds { evidence, ..Grounds::default() }) }
    }
}

fn declared(code: &'static str, reason: Text) -> Box<Decided> {
    let mut decided = Decided::not_applicable(code, reason);
    decided.grounds.basis = Some(Basis::Declared);
    Box::new(decided)
}

fn is_https(url: &Url) -> bool {
    url.scheme() == "https"
}

fn request(url: &str, status: Option<u16>) -> Evidence {
    Evidence::Request { method: "GET".to_owned(), url: safe(url, SHOWN_TEXT), status }
}

fn certificate_entry(certificate: &Certificate) -> Evidence {
    Evidence::Certificate {
        subject: safe(&certificate.subject, SHOWN_TEXT),
        issuer: safe(&certificate.issuer, SHOWN_TEXT),
        not_before: certificate.not_before,
        not_after: certificate.not_after,
    }
}
