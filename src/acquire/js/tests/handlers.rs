//! Code in event handler attributes: when it runs, how sure that is, and whose handler stays.

use super::forms::full;
use super::{Page, configured, loads, names};
use crate::snapshot::Doubt;

const INIT: &str = "<script>function init(){window._govaq=[@C];@LOAD}</script>";

/// A page whose body tag is given and whose head may hold scripts.
fn page(head: &str, body_tag: &str, body: &str) -> Page {
    let page = format!("<!doctype html><html><head>{head}</head>{body_tag}<h1>UBND</h1>{body}</body></html>");
    Page::of(&full(&page))
}

#[test]
fn the_body_is_the_window() {
    let yes = [
        (INIT, "<body onload=\"init()\">", ""),
        ("", "<body onload=\"init()\">", INIT),
        (INIT, "<body ONLOAD='return init();'>", ""),
        (INIT, "<body onload=init()>", ""),
        (INIT, "<body onload=\"javascript:init()\">", ""),
        (INIT, "<body onpageshow=\"init()\">", ""),
        (INIT, "<body class=a onload=\"if(1){window.init&amp;&amp;init()}\">", ""),
        ("<script>window._govaq=[]</script>", "<body onload=\"_govaq.push(@C);@LOAD\">", ""),
        ("", "<body onload=\"window._govaq=[@C];@LOAD\">", ""),
        // The later one stays.
        ("<script>window.onload=function(){}</script>", "<body onload=\"init()\">", INIT),
        ("", "<body onload=\"void 0\">", "<script>window.onload=function(){window._govaq=[@C];@LOAD}</script>"),
        // Others are listeners of their own.
        (INIT, "<body onload=\"init()\">", "<script>window.addEventListener('load',function(){})</script>"),
        // Names mean the document's before the window's.
        (INIT, "<body onload=\"getElementById('x');init()\">", ""),
        // An error in one handler ends it alone.
        (INIT, "<body onload=\"init();missing()\">", ""),
    ];
    for (head, tag, body) in yes {
        configured(&page(head, tag, body).facts(), "205").unwrap_or_else(|e| panic!("{head} {tag} {body}\n{e}"));
    }
    let no = [
        (INIT, "<body onload=\"init()\">", "<script>window.onload=function(){}</script>"),
        (INIT, "<body onload=\"init(\">", ""),
        (INIT, "<body onload=\"missing();init()\">", ""),
        (INIT, "<body><template><img onload=\"init()\"></template>", ""),
        (INIT, "<body><!-- <img onload=\"init()\"> -->", ""),
        (INIT, "<body><noscript><img onload=\"init()\"></noscript>", ""),
        (INIT, "<body data-onload=\"init()\">", ""),
        // A variable of the handler is not the window's.
        ("", "<body onload=\"var _govaq=[@C];@LOAD\">", ""),
    ];
    for (head, tag, body) in no {
        let facts = page(head, tag, body).facts();
        assert!(facts.commands.is_empty(), "{head} {tag} {body}: {:?}", names(&facts));
    }
}

#[test]
fn others_are_in_doubt() {
    for (doubt, body) in [
        (Doubt::Callback, "<img src=a.png onload=\"init()\">"),
        (Doubt::Callback, "<img src=a.png onerror='init()'>"),
        (Doubt::Callback, "<svg onload=\"init()\"></svg>"),
        (Doubt::Callback, "<iframe src=/a onload=\"init()\"></iframe>"),
        (Doubt::Callback, "<link rel=stylesheet href=/a.css onload=\"init()\">"),
        (Doubt::Callback, "<script src=\"/js/a.js\" onload=\"init()\"></script>"),
        (Doubt::Interaction, "<a href=# onclick=\"init();return false\">x</a>"),
        (Doubt::Interaction, "<div onmouseover=\"init()\">x</div>"),
        (Doubt::Interaction, "<input onchange=\"init()\">"),
    ] {
        let facts = page(INIT, "<body>", body).facts();
        let end = format!(" ~{doubt:?}");
        assert!(!facts.commands.is_empty(), "{body}");
        assert!(names(&facts).iter().chain(&loads(&facts)).all(|n| n.ends_with(&end)), "{body}: {:?}", names(&facts));
    }
}

#[test]
fn the_library_has_run_by_load() {
    let facts = page("<script>window._govaq=[];@LOAD</script>", "<body onload=\"_govaq.push(@C)\">", "").facts();
    let open = names(&facts).into_iter().filter(|n| n.ends_with(" ~Condition")).count();
    assert_eq!((open, facts.commands.len()), (4, 4), "{facts:?}");
}

#[test]
fn what_stands_besides_changes_nothing() {
    for body in [
        "<a onclick=\"menu()\">x</a>",
        "<img onerror=\"this.src='a.png'\">",
        "<a onclick=\"_govaq.push(['trackEvent'])\">x</a>",
    ] {
        let facts = page("<script>function menu(){} window._govaq=[@C];@LOAD</script>", "<body>", body).facts();
        let sure = names(&facts).into_iter().filter(|n| !n.contains('~')).count();
        assert!(sure == 4 && facts.doubt.is_none(), "{body}: {facts:?}");
    }
}

#[test]
fn places() {
    let found =
        page("<script>window._govaq=[];</script>", "<body onload=\"_govaq.push(['setSiteId','7'])\">", "").facts();
    let spot = &found.commands[0].spot;
    assert_eq!(spot.source.slice(spot.span), "['setSiteId','7']");
    let tag = "<body onload=\"_govaq.push([&quot;setSiteId&quot;,'7'])\">";
    let found = page("<script>window._govaq=[];</script>", tag, "").facts();
    assert_eq!(found.commands[0].spot.source.slice(found.commands[0].spot.span), tag);
}

#[test]
fn as_many_handlers_as_are_read() {
    let among = |others: usize| {
        let others: String = (0..others).map(|k| format!("<a onclick=\"init;{k}\">x</a>")).collect();
        page(INIT, "<body>", &format!("{others}<a onclick=\"init()\">x</a>")).facts()
    };
    assert!(!among(199).commands.is_empty());
    assert!(among(200).commands.is_empty());
    // The same code counts once, and what the window's handler does is read always.
    let same = "<a onclick=\"init;0\">x</a>".repeat(300);
    assert!(!page(INIT, "<body>", &format!("{same}<a onclick=\"init()\">x</a>")).facts().commands.is_empty());
    let others: String = (0..300).map(|k| format!("<a onclick=\"init;{k}\">x</a>")).collect();
    configured(&page(INIT, "<body onload=\"init()\">", &others).facts(), "205").unwrap();
}

#[test]
fn no_number_of_handlers_hides_one_that_runs_by_itself() {
    let snippet = "<script>window._govaq=[@C];@LOAD</script>";
    let facts = |before: &str, behind: &str| page(snippet, "<body>", &format!("{before}{behind}")).facts();
    let clicks: String = (0..205).map(|k| format!("<a onclick=\"_govaq.x{k}\">x</a>")).collect();
    let pushes: String = (0..500).map(|k| format!("<a onclick=\"_govaq.push(['a',{k}])\">x</a>")).collect();
    for wipes in
        ["<img src=x onerror=\"window._govaq=[]\">", "<svg onload=\"window['_gov'+'aq'];_govaq.length=0\"></svg>"]
    {
        let alone = facts("", wipes);
        assert!(alone.doubt.is_some(), "{wipes}: {alone:?}");
        for many in [&clicks, &pushes] {
            let among = facts(many, wipes);
            assert_eq!(among.doubt.map(|(doubt, _)| doubt), alone.doubt.clone().map(|(doubt, _)| doubt), "{wipes}");
        }
    }
    // What is beyond the number and might do so too leaves the queue open, with its place.
    let loads: String = (0..205).map(|k| format!("<img src=x onload=\"_govaq.x{k}\">")).collect();
    let wipe = "<img src=x onerror=\"window._govaq=[]\">";
    let (doubt, spot) = facts(&loads, wipe).doubt.unwrap();
    assert_eq!(doubt, Doubt::Callback);
    assert!(spot.source.slice(spot.span).contains("_govaq"));
    // Links that send commands of their own when they are followed are a list of an ordinary portal.
    assert!(facts(&pushes, "").doubt.is_none());
}
