//! Old addresses: what a link that was followed, could not be followed, or leads nowhere means for a verdict.

use rasoat::finding::{Evidence, Finding, Verdict};
use rasoat::snapshot::{Gap, Landing};

use super::town::{Town, url};

const PORTAL: &str =
    "id: tinh-a, name: Cổng tỉnh A, role: portal, url: 'https://tinh-a.gov.vn/', aliases: ['https://tinhmoi.gov.vn/']";
const SOGD: &str = "id: sogd, role: component, parent: tinh-a, url: 'https://sogd.tinh-a.gov.vn/', aliases: ['https://gd.tinh-a.gov.vn/']";
const SOYT: &str = "id: soyt, role: component, parent: tinh-a, url: 'https://soyt.tinh-a.gov.vn/'";
const OLD: &str = "<a href=\"https://cu.tinh-a.gov.vn/vao#top\">Sở GDĐT</a>";

fn one(body: &str) -> Town {
    Town::of(&[PORTAL, SOGD]).page("tinh-a", body).page("sogd", "")
}

fn two(body: &str) -> Town {
    Town::of(&[PORTAL, SOGD, SOYT]).page("tinh-a", body).page("sogd", "").page("soyt", "")
}

fn at(address: &str) -> Landing {
    Landing::At(url(address))
}

fn code(finding: &Finding) -> (Verdict, &str) {
    (finding.verdict, finding.code.as_deref().unwrap_or("-"))
}

fn note<'a>(finding: &'a Finding, code: &str) -> Option<&'a rasoat::finding::Note> {
    finding.notes.iter().find(|n| n.code == code)
}

#[test]
fn an_old_host_that_redirects_counts() {
    let landed = |to: &str| {
        one(OLD).lands("tinh-a", "https://cu.tinh-a.gov.vn/vao", at(to)).finding("tinh-a", "component-links")
    };
    for to in ["https://sogd.tinh-a.gov.vn/", "http://www.sogd.tinh-a.gov.vn/trang-chu", "https://gd.tinh-a.gov.vn/"] {
        let found = landed(to);
        assert_eq!(found.verdict, Verdict::Pass, "{to}: {}", found.message.en);
        let said = note(&found, "link-redirects").unwrap();
        assert!(
            said.message.en.contains("https://cu.tinh-a.gov.vn/vao") && said.message.en.contains(to),
            "{}",
            said.message.en
        );
        assert!(said.message.vi.contains("chuyển hướng"));
        assert_eq!(said.places[0].line, Some(5));
    }
    assert!(note(&landed("https://sogd.tinh-a.gov.vn/a/b"), "deep-link").is_some());
    assert!(note(&landed("https://sogd.tinh-a.gov.vn:8443/"), "other-port").is_some());
    for to in [
        "https://soyt.tinh-a.gov.vn/",
        "https://sogd.tinh-a.gov.vn.example.org/",
        "https://tinh-a.gov.vn/",
        "ftp://sogd.tinh-a.gov.vn/",
    ] {
        assert_eq!(code(&landed(to)), (Verdict::Fail, "missing-link"), "{to}");
    }
}

#[test]
fn a_link_by_itself_goes_before_a_redirect() {
    let found = one(&format!("{OLD}<a href=https://sogd.tinh-a.gov.vn/tin>Sở</a>"))
        .lands("tinh-a", "https://cu.tinh-a.gov.vn/vao", at("https://sogd.tinh-a.gov.vn/"))
        .finding("tinh-a", "component-links");
    assert_eq!(found.verdict, Verdict::Pass);
    assert!(note(&found, "link-redirects").is_none() && note(&found, "deep-link").is_some());
}

#[test]
fn a_hidden_link_that_redirects_does_not_count() {
    let town = one(&format!("<div hidden>{OLD}</div>"));
    assert_eq!(town.followed("tinh-a", "component-links"), [""; 0]);
    let found = town
        .lands("tinh-a", "https://cu.tinh-a.gov.vn/vao", at("https://sogd.tinh-a.gov.vn/"))
        .finding("tinh-a", "component-links");
    assert_eq!(code(&found), (Verdict::Fail, "link-hidden"));
}

#[test]
fn the_portals_old_address_counts_for_a_component() {
    let page = "<a href=\"https://congcu.tinh-a.gov.vn/\">Cổng</a>";
    let town = || Town::of(&[PORTAL, SOGD]).page("tinh-a", "").page("sogd", page);
    for to in ["https://tinh-a.gov.vn/", "https://tinhmoi.gov.vn/Pages/a.aspx"] {
        let found = town().lands("sogd", "https://congcu.tinh-a.gov.vn/", at(to)).finding("sogd", "portal-link");
        assert_eq!(found.verdict, Verdict::Pass, "{to}");
    }
    let found = town()
        .lands("sogd", "https://congcu.tinh-a.gov.vn/", Landing::Unknown(Gap::Timeout))
        .finding("sogd", "portal-link");
    assert_eq!((code(&found), found.gap), ((Verdict::Inconclusive, "link-not-followed"), Some(Gap::Timeout)));
}

#[test]
fn a_dead_link_never_counts() {
    for gap in [Gap::Dns, Gap::NotFound, Gap::ServerError] {
        let found = one(OLD)
            .lands("tinh-a", "https://cu.tinh-a.gov.vn/vao", Landing::Dead(gap))
            .finding("tinh-a", "component-links");
        assert_eq!(code(&found), (Verdict::Fail, "missing-link"));
        let said = note(&found, "dead-link").unwrap();
        assert!(said.message.en.contains("cu.tinh-a.gov.vn") && said.message.en.contains(&gap.name()));
    }
    let strange = one("<a href=https://example.org/>x</a>")
        .lands("tinh-a", "https://example.org/", Landing::Dead(Gap::Dns))
        .finding("tinh-a", "component-links");
    assert!(note(&strange, "dead-link").is_none());
}

#[test]
fn what_could_not_be_followed_leaves_the_answer_open() {
    let town =
        |link: &str, gap: Gap| one(&format!("<a href=\"{link}\">Sở</a>")).lands("tinh-a", link, Landing::Unknown(gap));
    for (link, gap) in [
        ("https://cu.tinh-a.gov.vn/", Gap::Timeout),
        ("https://a.b.tinh-a.gov.vn/", Gap::Blocked),
        ("https://sub.gd.tinh-a.gov.vn/x", Gap::TlsExpired),
        ("https://sogd.tinhmoi.gov.vn/", Gap::Challenge),
    ] {
        let found = town(link, gap).finding("tinh-a", "component-links");
        assert_eq!((code(&found), found.gap), ((Verdict::Inconclusive, "link-not-followed"), Some(gap)), "{link}");
        assert!(
            found.evidence.iter().any(|e| matches!(e, Evidence::MissingLink { site: Some(id), .. } if id == "sogd"))
        );
        assert!(found.evidence.iter().any(|e| matches!(e, Evidence::Request { url, .. } if url == link)));
        assert!(found.message.vi.contains("chưa theo dõi được") && found.message.en.contains(&gap.name()));
        assert_eq!(found.places[0].line, Some(5));
    }
    for link in [
        "https://example.org/",
        "https://x-tinh-a.gov.vn/",
        "https://tinh-a.gov.vn.example.org/",
        "https://sogd.tinh-b.gov.vn/",
    ] {
        assert_eq!(
            code(&town(link, Gap::Timeout).finding("tinh-a", "component-links")),
            (Verdict::Fail, "missing-link"),
            "{link}"
        );
    }
}

#[test]
fn one_open_link_cannot_save_two_missing_sites() {
    let found = two(OLD)
        .lands("tinh-a", "https://cu.tinh-a.gov.vn/vao", Landing::Unknown(Gap::Timeout))
        .finding("tinh-a", "component-links");
    assert_eq!(code(&found), (Verdict::Fail, "missing-link"));
    assert!(note(&found, "link-not-followed").is_some());
    let found = two(&format!("{OLD}<a href=https://cu2.tinh-a.gov.vn/>b</a>"))
        .lands("tinh-a", "https://cu.tinh-a.gov.vn/vao", Landing::Unknown(Gap::Timeout))
        .lands("tinh-a", "https://cu2.tinh-a.gov.vn/", Landing::Unknown(Gap::Reset))
        .finding("tinh-a", "component-links");
    assert_eq!((code(&found), found.gap), ((Verdict::Inconclusive, "link-not-followed"), Some(Gap::Timeout)));
}

#[test]
fn a_visit_that_ended_on_an_alias_is_the_site_itself() {
    let linked = "<a href=https://gd.tinh-a.gov.vn/>Sở</a>";
    let found = one(linked).ends("sogd", "https://gd.tinh-a.gov.vn/home").finding("tinh-a", "component-links");
    assert_eq!(found.verdict, Verdict::Pass);
    assert!(one(linked).followed("tinh-a", "component-links").is_empty());
}

#[test]
fn two_entries_that_end_on_one_page_share_its_id_rightly() {
    let snippet = |id: &str| {
        format!(
            "<script>var _govaq=window._govaq||[];_govaq.push(['trackPageView']);_govaq.push(['enableLinkTracking']);(function(){{\
             _govaq.push(['setTrackerUrl','https://f-emc.ngsp.gov.vn/tracking']);_govaq.push(['setSiteId','{id}']);\
             var d=document,g=d.createElement('script'),s=d.getElementsByTagName('script')[0];g.type='text/javascript';g.async=true;g.defer=true;\
             g.src='https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js';s.parentNode.insertBefore(g,s)}})();</script>"
        )
    };
    let town = || {
        Town::of(&[PORTAL, SOGD, SOYT])
            .page("tinh-a", &snippet("1"))
            .page("sogd", &snippet("7"))
            .page("soyt", &snippet("7"))
    };
    let rule = "emc-site-id-unique";
    assert_eq!(code(&town().finding("sogd", rule)), (Verdict::Fail, "site-id-shared"));
    let same = |town: Town| {
        town.ends("sogd", "https://soyt.tinh-a.gov.vn/vi").ends("soyt", "http://www.soyt.tinh-a.gov.vn/vi/")
    };
    for site in ["sogd", "soyt"] {
        let found = same(town()).finding(site, rule);
        assert_eq!(found.verdict, Verdict::Pass, "{}", found.message.en);
        assert!(note(&found, "same-page").is_some());
    }
    // A third site with that id is another matter.
    let found = same(town().page("tinh-a", &snippet("7"))).finding("sogd", rule);
    assert_eq!(code(&found), (Verdict::Fail, "site-id-shared"));
    assert!(found.message.en.contains("tinh-a") && !found.message.en.contains("soyt"), "{}", found.message.en);
    // Its entry is another page of the same host.
    let apart = town().ends("sogd", "https://soyt.tinh-a.gov.vn/a").ends("soyt", "https://soyt.tinh-a.gov.vn/b");
    assert_eq!(apart.finding("sogd", rule).verdict, Verdict::Fail);
}
