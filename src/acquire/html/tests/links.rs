//! Every form of a link, and what is none.

use scraper::ElementRef;
use url::Url;

use super::page;
use crate::acquire::html::handler::Handler;
use crate::acquire::html::links;
use crate::snapshot::{Hiding, Link, LinkForm, Seen, Technique};

fn seen(element: ElementRef<'_>) -> Seen {
    let hiding = Hiding { technique: Technique::DisplayNone, spot: None };
    match element.attr("data-seen") {
        Some("no") => Seen::Hidden(hiding),
        Some("menu") => Seen::InMenu(hiding),
        _ => Seen::Yes,
    }
}

pub(super) fn read(text: &str) -> Vec<Link> {
    links(&page(text), &Url::parse("https://a.gov.vn/x/").unwrap(), usize::MAX, &seen)
}

pub(super) fn hrefs(text: &str) -> Vec<String> {
    read(text).into_iter().map(|l| l.href).collect()
}

pub(super) fn hidden(link: &Link) -> Option<Technique> {
    match &link.seen {
        Seen::Hidden(hiding) => Some(hiding.technique),
        _ => None,
    }
}

#[test]
fn anchors() {
    let found = read(
        "<a href=' https://b.gov.vn/\n '>Sở <b>Y</b>&nbsp;tế</a><a href=/c><img src=x alt='Sở  D'></a>\
         <a href=e title=E><img src=x></a><a href=//f.vn aria-label=F><i class='fa fa-f'></i></a>",
    );
    let seen: Vec<(&str, &str)> = found.iter().map(|l| (l.href.as_str(), l.text.as_str())).collect();
    assert_eq!(seen, [("https://b.gov.vn/", "Sở Y tế"), ("/c", "Sở D"), ("e", "E"), ("//f.vn", "F")]);
    assert!(found.iter().all(|l| l.form == LinkForm::Anchor && hidden(l).is_none()));
}

#[test]
fn no_links() {
    for text in [
        "<a>x</a>",
        "<a href>x</a>",
        "<a href='#'>x</a>",
        "<a href='#top'>x</a>",
        "<a href='mailto:a@b.gov.vn'>x</a>",
        "<a href='tel:1'>x</a>",
        "<a href='javascript:void(0)'>x</a>",
        "<a href='javascript:;' onclick='toggle()'>x</a>",
        "<a href='#' onclick='toggleMenu(this); return false'>x</a>",
        "<a href='#' data-href='https://b.gov.vn'>x</a>",
        "<a href='http://['>x</a>",
        "<!-- <a href=/x>x</a> -->",
        "<noscript><a href=/x>x</a></noscript>",
        "<template><a href=/x>x</a></template>",
        "<script>'<a href=/x>x</a>'</script>",
        "<textarea><a href=/x>x</a></textarea>",
        "<img src=/x>",
        "<link rel=canonical href=https://b.gov.vn/>",
        "<meta property=og:url content=https://b.gov.vn/>",
        "<form action=https://b.gov.vn/></form>",
        "<iframe src=https://b.gov.vn/></iframe>",
        "<div data-href=https://b.gov.vn/ href=https://b.gov.vn/>x</div>",
        "<math><a href=/x>x</a></math>",
        "<datalist><option value=https://b.gov.vn/></datalist>",
        "<select><option value=/x>x<option value=b.gov.vn>y</select>",
        "<a href='#' onclick=\"ga('send', 'event', 'https://b.gov.vn/')\">x</a>",
    ] {
        assert!(read(text).is_empty(), "{text}: {:?}", read(text));
    }
}

#[test]
fn shown_and_hidden_anchors() {
    let technique = |text: &str| hidden(&read(text)[0]);
    assert_eq!(technique("<a href=/x></a>"), Some(Technique::ZeroSize));
    assert_eq!(technique("<a href=/x> \n<span> </span>\u{200b}<!-- x --></a>"), Some(Technique::ZeroSize));
    for text in [
        "<a href=/x class=logo></a>",
        "<a href=/x style='width:9px'></a>",
        "<a href=/x><i class=fa></i></a>",
        "<a href=/x><img src=y></a>",
        "<a href=/x><svg></svg></a>",
        "<a href=/x>&nbsp;</a>",
    ] {
        assert_eq!(technique(text), None, "{text}");
    }
    assert_eq!(technique("<a href=/x data-seen=no>x</a>"), Some(Technique::DisplayNone));
    let template = read("<div><template shadowrootmode=open><a href=/x>x</a></template></div>");
    assert_eq!(template.len(), 1);
}

#[test]
fn a_link_that_runs_into_the_next_block_is_one() {
    let found = read("<a href=/x><p>Cổng</p></a> <a href=/y><p>2</a><p>3");
    let seen: Vec<(&str, &str)> = found.iter().map(|l| (l.href.as_str(), l.text.as_str())).collect();
    assert_eq!(seen, [("/x", "Cổng"), ("/y", "2")]);
    assert!(found.iter().all(|l| hidden(l).is_none()));
}

#[test]
fn areas_and_svg() {
    let map = |name: &str, usemap: &str, more: &str| {
        read(&format!("<img usemap='{usemap}' {more}><map name={name}><area href=https://b.gov.vn/ alt=B></map>"))
    };
    let found = map("m", "#m", "");
    assert_eq!((found[0].form.clone(), found[0].text.as_str(), hidden(&found[0])), (LinkForm::Area, "B", None));
    assert_eq!(hidden(&map("m", "#n", "")[0]), Some(Technique::HiddenAttribute));
    assert_eq!(hidden(&map("m", "#m", "data-seen=no")[0]), Some(Technique::DisplayNone));
    let found =
        read("<svg><a href=/x xlink:href=/no><title>T</title></a><a xlink:href=/y><text>Y</text></a><a>n</a></svg>");
    let seen: Vec<(&str, &str)> = found.iter().map(|l| (l.href.as_str(), l.text.as_str())).collect();
    assert_eq!(seen, [("/x", "T"), ("/y", "Y")]);
    assert!(found.iter().all(|l| l.form == LinkForm::Svg));
}

#[test]
fn handlers_with_a_known_address() {
    for code in [
        "window.open('https://b.gov.vn/')",
        "location.href=\"https://b.gov.vn/\"",
        "window.location = 'https://b.gov.vn/'; return false;",
        "top.location.replace(`https://b.gov.vn/`)",
        "location.assign('https:\\/\\/b.gov.vn\\x2f')",
        "open('https://b.gov.vn/', '_blank', 'width=1')",
        "goTo('https://b.gov.vn/')",
        "openSite(1, 'https://b.gov.vn/')",
        "var u = 'https://b.gov.vn/'; window.open(u)",
        "if (confirm('Rời trang?')) { location = 'https://b.gov.vn/' }",
        "/* x */ this.href = 'https://b.gov.vn/'",
        "location = x ? 'https://b.gov.vn/' : y",
        "location = 'https://b.gov.vn/' + '?a=' + b",
    ] {
        assert_eq!(Handler::read(code).targets, ["https://b.gov.vn/"], "{code}");
    }
    assert_eq!(Handler::read("location='/x'").targets, ["/x"]);
    assert_eq!(Handler::read("location.href='tin.aspx?id=1'").targets, ["tin.aspx?id=1"]);
    assert_eq!(
        Handler::read("x ? location='https://a.vn' : location='https://b.vn'").targets,
        ["https://a.vn", "https://b.vn"]
    );
}

#[test]
fn handlers_without_an_address() {
    for (code, navigates) in [
        ("ga('send', 'https://b.gov.vn/')", false),
        ("if (document.referrer == 'https://b.gov.vn/') x()", false),
        ("alert('https://b.gov.vn/')", false),
        ("// location='https://b.gov.vn/'", false),
        ("var x = 'https://b.gov.vn/'", false),
        ("window.open('https://f.com/?u=' + x)", true),
        ("window.open('https://' + host)", true),
        ("window.open(u + 'https://b.gov.vn/')", true),
        ("window.open(`https://${host}/`)", true),
        ("window.open(this.dataset.url)", true),
        ("location.href = url", true),
        ("if (location.href == x) y()", false),
        ("chuyenTrang(5)", true),
        ("openMenu()", false),
        ("dialog.open()", true),
        ("reopen()", false),
        ("location.href='#top'", false),
        ("location.href='mailto:a@b.vn'", false),
        ("print()", false),
        ("", false),
    ] {
        let read = Handler::read(code);
        assert_eq!(read.targets.iter().filter(|t| t.contains("b.gov.vn")).count(), 0, "{code}");
        assert_eq!(read.navigates, navigates, "{code}");
    }
}

#[test]
fn handlers_on_elements() {
    let forms = |text: &str| -> Vec<(LinkForm, String)> { read(text).into_iter().map(|l| (l.form, l.href)).collect() };
    let script = |href: &str| (LinkForm::Script, href.to_owned());
    assert_eq!(forms("<div onclick=\"window.open('https://b.gov.vn')\">B</div>"), [script("https://b.gov.vn")]);
    assert_eq!(forms("<a href=\"javascript:window.open('https://b.gov.vn')\">B</a>"), [script("https://b.gov.vn")]);
    assert_eq!(forms("<a href=\"JavaScript:location=%27https://b.gov.vn%27\">B</a>"), [script("https://b.gov.vn")]);
    assert_eq!(
        forms("<a href=/x onclick=\"window.open('https://b.gov.vn'); return false\">B</a>"),
        [(LinkForm::Anchor, "/x".to_owned()), script("https://b.gov.vn")]
    );
    assert_eq!(forms("<a href=/x onclick='window.open(this.href)'>B</a>"), [(LinkForm::Anchor, "/x".to_owned())]);
    let unknown = |code: &str| (LinkForm::ScriptUnknown, code.to_owned());
    assert_eq!(forms("<a href='#' onclick='window.open(u)'>B</a>"), [unknown("window.open(u)")]);
    assert_eq!(forms("<a href='javascript:goTo(5)'>B</a>"), [unknown("goTo(5)")]);
    assert_eq!(forms("<a onclick='location = u'>B</a>"), [unknown("location = u")]);
    assert_eq!(forms("<button onclick='location = u'>B</button>"), [unknown("location = u")]);
    assert_eq!(forms("<button onclick='search()'>B</button>"), []);
    assert_eq!(forms("<button onclick='location = q.value'>B</button>"), [], "a search or an option");
}

#[test]
fn what_stands_in_an_inert_part_is_not_followed() {
    for page in [
        "<div inert><p><a href=https://b.gov.vn/>Sở</a></p></div>",
        "<a inert href=https://b.gov.vn/>Sở</a>",
        "<div inert><svg><a href=https://b.gov.vn/><text>Sở</text></a></svg></div>",
        "<form inert><select onchange='location=this.value'><option value=https://b.gov.vn/>Sở</select></form>",
        "<div inert><a href=https://b.gov.vn/>Sở</a></div><script>var a = 1;</script>",
    ] {
        assert_eq!(hidden(&read(page)[0]), Some(Technique::HiddenAttribute), "{page}");
    }
    for page in [
        "<div inert><a href=https://b.gov.vn/>Sở</a></div><script>menu.inert = false;</script>",
        "<div inert><a href=https://b.gov.vn/>Sở</a></div><script src=/menu.js></script>",
    ] {
        assert!(matches!(read(page)[0].seen, Seen::Unsure(_)), "{page}");
    }
    assert!(matches!(read("<p inert>x</p><a class=inert href=https://b.gov.vn/>Sở</a>")[0].seen, Seen::Yes));
}

#[test]
fn areas_that_cover_nothing() {
    let area = |shape: &str| {
        let page = format!("<img src=x usemap='#m'><map name=m><area {shape} href=https://b.gov.vn/></map>");
        hidden(&read(&page)[0])
    };
    for shape in ["shape=rect coords='0,0,0,0'", "coords='10, 10, 10, 40'", "shape=circle coords='5,5,0'"] {
        assert_eq!(area(shape), Some(Technique::ZeroSize), "{shape}");
    }
    for shape in [
        "shape=rect coords='0,0,9,9'",
        "shape=circle coords='5,5,4'",
        "shape=default",
        "shape=poly coords='0,0,0,0,0,0'",
        "",
        "coords='x'",
    ] {
        assert_eq!(area(shape), None, "{shape}");
    }
}

#[test]
fn what_is_disabled_is_not_followed() {
    let button = "onclick=\"location.href='https://b.gov.vn/'\">Sở</button>";
    let select = "<select onchange='location=this.value'><option value=https://b.gov.vn/>Sở</select>";
    for text in [
        format!("<button disabled {button}"),
        format!("<fieldset disabled><p><button {button}</fieldset>"),
        format!("<fieldset disabled>{select}</fieldset>"),
        format!("<fieldset disabled><legend>x</legend><legend><button {button}</legend></fieldset>"),
        format!("<fieldset disabled><fieldset><legend><button {button}</legend></fieldset></fieldset>"),
        format!("<button disabled {button}<script>var a = 1;</script>"),
    ] {
        assert_eq!(hidden(&read(&text)[0]), Some(Technique::HiddenAttribute), "{text}");
    }
    for text in [
        format!("<button disabled {button}<script>nut.disabled = false;</script>"),
        format!("<fieldset disabled>{select}</fieldset><script src=/form.js></script>"),
    ] {
        assert!(matches!(read(&text)[0].seen, Seen::Unsure(_)), "{text}");
    }
    for text in [
        format!("<button {button}<p disabled>x</p>"),
        format!("<fieldset disabled><legend><b><button {button}</b></legend></fieldset>"),
        "<div disabled onclick=\"location.href='https://b.gov.vn/'\">Sở</div>".to_owned(),
        "<fieldset disabled><a href=https://b.gov.vn/>Sở</a></fieldset>".to_owned(),
    ] {
        assert!(matches!(read(&text)[0].seen, Seen::Yes), "{text}");
    }
}

#[test]
fn options_with_backslashes_lead_where_browsers_take_them() {
    let found = read("<select onchange='location=this.value'><option value='https:\\\\b.gov.vn\\'>Sở</select>");
    assert_eq!(found.len(), 1);
    assert!(read("<select onchange='location=this.value'><option value='b\\c'>Sở</select>").is_empty());
}

#[test]
fn as_much_as_is_kept_of_a_link() {
    let length = |text: &str| text.chars().count();
    for (n, kept) in [(119, 119), (120, 120), (121, 120), (5_000, 120)] {
        let text = "ữ".repeat(n);
        assert_eq!(length(&read(&format!("<a href=/b>{text}</a>"))[0].text), kept);
        assert_eq!(
            length(
                &read(&format!(
                    "<select onchange='location=this.value'><option value=https://b.gov.vn/>{text}</select>"
                ))[0]
                    .text
            ),
            kept
        );
    }
    for (n, kept) in [(188, 200), (5_000, 200)] {
        let code = format!("location = {}", "u".repeat(n));
        assert_eq!(length(&read(&format!("<button onclick='{code}'>B</button>"))[0].href), kept.min(length(&code)));
    }
    let many = |n: usize| (0..n).map(|k| format!("window.open('https://b{k}.gov.vn/');")).collect::<String>();
    for (n, kept) in [(20, 20), (21, 20)] {
        assert_eq!(read(&format!("<div onclick=\"{}\">B</div>", many(n))).len(), kept);
    }
}

#[test]
fn an_empty_link_that_a_script_may_fill() {
    let unsure = |technique| move |_: ElementRef<'_>| Seen::Unsure(Hiding { technique, spot: None });
    let base = Url::parse("https://a.gov.vn/x/").unwrap();
    let doc = page("<a href=/x data-i18n=p></a>");
    let seen = |by: Technique| links(&doc, &base, usize::MAX, &unsure(by))[0].seen.clone();
    assert!(matches!(seen(Technique::ZeroSize), Seen::Unsure(_)));
    // Doubt whether it shows does not fill it.
    assert!(matches!(seen(Technique::Covered), Seen::Hidden(_)));
    assert_eq!(hidden(&read("<a href=/x></a>")[0]), Some(Technique::ZeroSize));
}

#[test]
fn handlers_of_very_many_strings_end_soon() {
    let begun = std::time::Instant::now();
    for (open, part, close) in [
        ("f(", "'',", "1)"),
        ("f(", "'x',", "1)"),
        ("f(g(", "'/x'+y,", "1))"),
        ("", "a('x',", ""),
        ("", "location.href='';", ""),
        ("f(", "'//',", "')"),
    ] {
        let code = format!("{open}{}{close}", part.repeat(100_000));
        let _ = Handler::read(&code);
    }
    assert!(begun.elapsed() < std::time::Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[test]
fn the_call_that_a_string_stands_in() {
    for (code, expected) in [
        ("window.open('/a')", Some("/a")),
        ("f(g(1), window.open( '/a' ))", Some("/a")),
        ("window.open(f(1, 2) ? '/a' : '/b')", Some("/a")),
        ("window.open('x', '/a')", Some("x")),
        ("open(1, '/a')", None),
        ("if (x) { open('/a') }", Some("/a")),
        ("open({ x: '/a' })", None),
        ("open(function () { x; }, '/a')", None),
        ("go('x'); location='/a'", Some("/a")),
        (") ) open('/a'", Some("/a")),
    ] {
        assert_eq!(Handler::read(code).targets.first().map(String::as_str), expected, "{code}");
    }
}
