//! Told again is the same as read again: over pages that share their scripts and differ in everything else.

use super::page::Page;
use crate::acquire::js::Known;

const SNIPPET: &str = "var _govaq=window._govaq||[];_govaq.push(['trackPageView']);\
    _govaq.push(['setTrackerUrl','https://f-emc.ngsp.gov.vn/tracking']);_govaq.push(['setSiteId','205']);\
    var g=document.createElement('script');g.src='https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js';\
    document.head.appendChild(g)";

/// Reads each page afresh and with what was known from those before it; how many readings that took.
fn alike(pages: &[Page]) -> usize {
    let known = Known::default();
    for (index, page) in pages.iter().enumerate() {
        // With their sources, so that a place in another page would show.
        assert_eq!(format!("{:?}", page.run()), format!("{:?}", page.run_knowing(&known)), "page {index}");
    }
    known.readings()
}

#[test]
fn places_move_to_the_page_at_hand() {
    let page = |before: &str, after: &str| {
        Page::of(&format!(
            "<!doctype html><head><script>var a = 1</script></head><body>{before}<script>{SNIPPET}</script>{after}"
        ))
    };
    let readings = alike(&[page("", ""), page("<p>một</p>", ""), page("<p>hai ba</p><p>", "<p>bốn"), page("", "")]);
    assert_eq!(readings, 1, "the others were told");
}

#[test]
fn what_scripts_ask_of_their_page_is_asked_again() {
    let by_path = SNIPPET.replace("'205'", "location.pathname=='/vi'?'205':'206'");
    let page = |address: &str| Page::script(&by_path).at(address);
    alike(&[
        page("https://a.gov.vn/vi"),
        page("https://a.gov.vn/en"),
        page("https://a.gov.vn/vi"),
        page("https://b.gov.vn/vi"),
    ]);
    let by_name = SNIPPET.replace("'205'", "typeof dau=='undefined'?'205':'206'");
    let named = |body: &str| Page::of(&format!("<!doctype html><body>{body}<script>{by_name}</script>"));
    alike(&[named(""), named("<i id=dau></i>"), named("<i id=cuoi></i>"), named("<i id=\"dau\"></i>")]);
    let into = SNIPPET.replace("document.head.append", "document.querySelector('footer.chan').append");
    let footed =
        |before: &str, after: &str| Page::of(&format!("<!doctype html><body>{before}<script>{into}</script>{after}"));
    let footer = "<footer class='a chan'></footer>";
    alike(&[footed("", footer), footed(footer, ""), footed("", ""), footed("<footer>", ""), footed("", footer)]);
    let early = |head: &str| Page::of(&format!("<!doctype html>{head}<script>{SNIPPET}</script>"));
    alike(&[early("<head>"), early("<body><p>"), early("<head>")]);
}

#[test]
fn another_script_is_another_reading() {
    let page = |id: &str, data: &str| {
        let snippet = SNIPPET.replace("205", id);
        Page::of(&format!(
            "<!doctype html><body><script type=\"application/ld+json\">{data}</script><script>{snippet}</script>"
        ))
    };
    alike(&[
        page("205", "{}"),
        page("206", "{}"),
        page("205", "{\"@type\": \"NewsArticle\"}"),
        page("205", "{\"x\": \"_govaq\"}"),
    ]);
    let broken = |text: &str| Page::of(&format!("<!doctype html><p>{text}</p><script>{SNIPPET}; (</script>"));
    alike(&[broken(""), broken("dài hơn"), broken("")]);
}

#[test]
fn files_are_told_apart_by_what_they_hold() {
    let page = |id: &str, text: &str| {
        let file = SNIPPET.replace("205", id);
        Page::of(&format!("<!doctype html><p>{text}</p><script src=\"/emc.js\"></script>")).file("/emc.js", &file)
    };
    alike(&[page("1", ""), page("2", "a"), page("1", "b")]);
}

#[test]
fn as_many_readings_are_kept_as_fit() {
    let page = |n: u32| {
        let room = "-".repeat(3 << 20);
        Page::of(&format!("<!doctype html><body><p>{room}<script>{}</script>", SNIPPET.replace("205", &n.to_string())))
    };
    assert_eq!(alike(&[page(1), page(2), page(1)]), 2);
    assert_eq!(alike(&[page(1), page(2), page(3), page(4), page(3)]), 2, "two of three mebibytes in eight");
}
