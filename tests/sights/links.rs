//! Links as a browser showed them: what a person can reach counts, a disagreement with the bytes is explained.

use rasoat::finding::Basis;
use rasoat::policy::{Check, LinksToCheck, Relatives, Setting};
use rasoat::snapshot::{LinkKind, LinkReach, LinkSight, Technique};

use super::row::{Row, page, row, run};

const WANTED: &str = "https://so.tinh-a.gov.vn/";
const STATIC: &str = "<a href=\"https://so.tinh-a.gov.vn/\">Sở</a>";

fn links(name: &'static str, body: &str, wanted: &'static str) -> Row {
    let check =
        Check::LinksTo(LinksToCheck { sites: Some(Relatives::Children), urls: Vec::new(), share: Setting::Value(100) });
    row(name, check, body, wanted).component(WANTED)
}

fn sight(kind: LinkKind, href: &str, leads_to: Option<&str>, reach: LinkReach) -> LinkSight {
    LinkSight { kind, href: href.to_owned(), leads_to: leads_to.map(str::to_owned), text: "Sở".to_owned(), reach }
}

fn anchor(reach: LinkReach) -> LinkSight {
    sight(LinkKind::Anchor, WANTED, Some(WANTED), reach)
}

fn with(row: Row, sights: Vec<LinkSight>) -> Row {
    row.rendered(|r| r.links = sights)
}

#[test]
fn what_a_person_can_reach_counts() {
    let none = Technique::DisplayNone;
    let menu = "<style>.m ul{display:none}.m:hover ul{display:block}</style><div class=m>M<ul><li><a href=\"https://so.tinh-a.gov.vn/\">Sở</a></ul></div>";
    run(vec![
        with(links("there", STATIC, "pass"), vec![anchor(LinkReach::Visible)])
            .basis(Basis::Browser)
            .not_noted("lanes-differ")
            .not_noted("link-added-by-script")
            .at("index.html", 4),
        with(links("added by a script", "<p>x</p>", "pass"), vec![anchor(LinkReach::Visible)])
            .noted("link-added-by-script")
            .noted("lanes-differ")
            .at("index.html", 0),
        with(
            links("a second one of it is the script's", STATIC, "pass"),
            vec![anchor(LinkReach::Hidden(none)), anchor(LinkReach::Visible)],
        )
        .noted("link-added-by-script"),
        with(links("in a menu", STATIC, "pass"), vec![anchor(LinkReach::Menu)]).noted("link-in-menu"),
        with(links("in a closed section", STATIC, "pass"), vec![anchor(LinkReach::Details)]).noted("link-in-details"),
        with(links("hidden", STATIC, "fail link-hidden"), vec![anchor(LinkReach::Hidden(none))])
            .noted("lanes-differ")
            .says("bị ẩn (display: none)", "hidden (display: none)")
            .at("index.html", 4),
        with(links("in a menu that the bytes know", menu, "pass"), vec![anchor(LinkReach::Hidden(none))])
            .noted("link-in-menu"),
        with(
            links("covered, in a menu that the bytes know", menu, "fail link-hidden"),
            vec![anchor(LinkReach::Hidden(Technique::Covered))],
        ),
        with(links("not tried", STATIC, "open no-data link-in-doubt"), vec![anchor(LinkReach::Untried)])
            .noted("lanes-differ")
            .basis(Basis::Browser)
            .says("chưa thử hết", "could be tried"),
        with(links("taken away", STATIC, "fail missing-link"), vec![])
            .noted("lanes-differ")
            .says("đã bỏ hoặc đổi", "takes it away"),
        with(
            links(
                "hidden in the bytes, seen in the browser",
                "<div hidden><a href=\"https://so.tinh-a.gov.vn/\">Sở</a></div>",
                "pass",
            ),
            vec![anchor(LinkReach::Visible)],
        )
        .noted("lanes-differ"),
        with(links("neither", "<p>x</p>", "fail missing-link"), vec![]).not_noted("lanes-differ"),
        with(
            links("an image map", STATIC, "pass"),
            vec![sight(LinkKind::Area, WANTED, Some(WANTED), LinkReach::Visible)],
        ),
        with(
            links("in a picture", STATIC, "pass"),
            vec![sight(LinkKind::Svg, WANTED, Some(WANTED), LinkReach::Visible)],
        ),
        with(
            links("resolved by nobody", STATIC, "pass"),
            vec![sight(LinkKind::Anchor, "//so.tinh-a.gov.vn", None, LinkReach::Visible)],
        ),
    ]);
}

#[test]
fn lists_and_clicks() {
    let list = "<select id=s><option value=\"https://so.tinh-a.gov.vn/\">Sở</option></select><script src=\"https://cdn.example.org/a.js\"></script>";
    let button = "<button onclick=\"go(this)\">Sở</button><script src=\"https://cdn.example.org/a.js\"></script>";
    run(vec![
        with(
            links("an option that led there", list, "pass"),
            vec![sight(LinkKind::Option, WANTED, Some(WANTED), LinkReach::Visible)],
        )
        .noted("link-in-select")
        .noted("lanes-differ"),
        with(
            links("an option that led nowhere", list, "fail link-hidden"),
            vec![sight(LinkKind::Option, WANTED, None, LinkReach::Visible)],
        ),
        with(
            links("an option nobody chose", list, "open no-data link-in-doubt"),
            vec![sight(LinkKind::Option, WANTED, None, LinkReach::Untried)],
        ),
        with(
            links("an option that led elsewhere", list, "fail missing-link"),
            vec![sight(LinkKind::Option, WANTED, Some("https://example.org/"), LinkReach::Visible)],
        ),
        with(
            links("a click that led there", button, "pass"),
            vec![sight(LinkKind::Script, "", Some(WANTED), LinkReach::Visible)],
        )
        .noted("link-by-script"),
        with(
            links("a click that led nowhere", button, "fail missing-link"),
            vec![sight(LinkKind::Script, "", None, LinkReach::Visible)],
        ),
    ]);
}

#[test]
fn shells_are_no_excuse_once_seen() {
    let shell = page("<script type=module src=\"https://cdn.example.org/app.js\"></script>", "")
        .replace("<h1>Cổng thông tin</h1>", "<div id=root></div>");
    run(vec![
        with(links("filled", "", "pass"), vec![anchor(LinkReach::Visible)]).html(shell.clone()),
        with(links("filled without it", "", "fail missing-link"), vec![]).html(shell.clone()),
    ]);
}

#[test]
fn the_estate_knows_what_was_seen() {
    let added = with(links("", "<p>x</p>", "pass"), vec![anchor(LinkReach::Visible)]).linked();
    assert!(added.complete, "a page that was shown hides nothing");
    let taken = with(links("", STATIC, "fail"), vec![]).linked();
    assert!(taken.sites.is_empty() && taken.hosts.is_empty());
}
