//! What pages say about themselves.

use url::Url;

use super::page;
use crate::acquire::html::{base, csp_metas, refresh, title, visible_text};

fn base_of(text: &str) -> String {
    base(&page(text), &Url::parse("https://a.gov.vn/x/y").unwrap()).into()
}

#[test]
fn the_first_base_with_an_address_wins() {
    assert_eq!(base_of(""), "https://a.gov.vn/x/y");
    assert_eq!(base_of("<base target=_top><base href=/b/><base href=/c/>"), "https://a.gov.vn/b/");
    assert_eq!(base_of("<base href='//b.vn/z'>"), "https://b.vn/z");
    assert_eq!(base_of("<template><base href=/b/></template><p><base href=/c/>"), "https://a.gov.vn/c/");
    for ignored in ["javascript:1", "data:text/html,x", "http://[", "https://"] {
        assert_eq!(base_of(&format!("<base href='{ignored}'><base href=/c/>")), "https://a.gov.vn/x/y", "{ignored}");
    }
    assert_eq!(base_of("<!-- <base href=/b/> --><noscript><base href=/b/></noscript>"), "https://a.gov.vn/x/y");
}

#[test]
fn the_title_is_the_first() {
    assert_eq!(title(&page("<title>\n Cổng&nbsp;TTĐT \n</title><title>x</title>")).as_deref(), Some("Cổng TTĐT"));
    assert_eq!(title(&page("<svg><title>x</title></svg>")), None);
    assert_eq!(title(&page("<title></title>")).as_deref(), Some(""));
}

fn refresh_of(content: &str) -> Option<(u32, String)> {
    refresh(&page(&format!("<meta http-equiv=Refresh content=\"{content}\">"))).map(|r| (r.delay, r.to))
}

#[test]
fn refreshes_after_the_standard() {
    for (content, expected) in [
        ("0; url=/a", Some((0, "/a"))),
        ("0;url='/a'b", Some((0, "/a"))),
        ("5 ; URL = /a", Some((5, "/a"))),
        ("  3.7,/a", Some((3, "/a"))),
        (".5 /a", Some((0, "/a"))),
        ("0;x", Some((0, "x"))),
        ("0; 'x'y", Some((0, "x"))),
        ("0;url", Some((0, "url"))),
        ("0;urn", Some((0, "urn"))),
        ("0;url=&quot;x&quot;y", Some((0, "x"))),
        ("99999999999;x", Some((u32::MAX, "x"))),
        ("5", None),
        ("5;", None),
        ("0;url=", None),
        ("5x;url=/a", None),
        ("url=/a", None),
        ("-1;url=/a", None),
        ("", None),
    ] {
        assert_eq!(refresh_of(content), expected.map(|(n, to)| (n, to.to_owned())), "{content}");
    }
    let two = "<meta http-equiv=refresh content=x><meta http-equiv=refresh content=300><meta http-equiv=refresh content='0;/a'>";
    assert!(refresh(&page(two)).is_none());
    assert!(refresh(&page("<noscript><meta http-equiv=refresh content='0;/a'></noscript>")).is_none());
}

#[test]
fn policies_of_the_head_bind_what_follows() {
    let text = "<script>1</script><meta http-equiv=Content-Security-Policy content=\" script-src 'self' \">\
        <meta http-equiv=content-security-policy-report-only content=x><meta http-equiv=content-security-policy>\
        <body><meta http-equiv=content-security-policy content=y>";
    let found = csp_metas(&page(text));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].text, "script-src 'self'");
    assert_eq!(found[0].binds_from as usize, text.find("<meta http-equiv=content-security-policy-r").unwrap());
}

#[test]
fn text_is_what_a_person_reads() {
    let doc = page(
        "<title>t</title><style>s</style><body> <h1>Cổng</h1>thông <b>t</b>in<p>điện&nbsp;tử</p><script>x</script>\
         <noscript>n</noscript><template>t</template><div hidden>h</div><ul><li>a<li>b</ul><textarea>x</textarea>\
         <svg><title>x</title><text>v</text></svg>",
    );
    assert_eq!(visible_text(&doc), "Cổng thông tin điện tử a b v");
    let long = page(&format!("<p>{}", "đ ".repeat(9_000)));
    assert_eq!(visible_text(&long).chars().count(), 3_999);
}
