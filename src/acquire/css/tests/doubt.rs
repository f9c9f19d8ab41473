//! Parts that scripts open, uncloak, set up or fill without naming them, and parts that nothing on the page could show.

use super::{Case, word};

const LINK: &str = "<a id=t href=/x>X</a>";
/// Every ordinary page runs such a script.
const TRACKER: &str = "var d = document, g = d.createElement('script'), s = d.getElementsByTagName('script')[0];\
                       s.parentNode.insertBefore(g, s); window._q.push(['setSiteId', '206']);";

fn seen(css: &str, body: &str, script: &str) -> String {
    word(&Case::scripted(css, body, script).at())
}

#[test]
fn a_part_that_its_neighbour_opens() {
    let panel = ".panel{max-height:0;overflow:hidden}";
    let shut = ".panel{display:none}";
    let sibling = "var acc = document.getElementsByClassName('tg');for (var i = 0; i < acc.length; i++) {\
                   acc[i].addEventListener('click', function () { var p = this.nextElementSibling;\
                   p.style.maxHeight = p.scrollHeight + 'px' }) }";
    let table = [
        (panel, "<button class=tg>o</button><div class=panel>L</div>", sibling),
        (shut, "<button class=tg>o</button><div class=panel>L</div>", sibling),
        (
            shut,
            "<div class=panel>L</div><button class=tg>o</button>",
            "$('.tg').click(function(){$(this).prev().show()})",
        ),
        (
            ".box ul{display:none}",
            "<div class=box><h3 class=tg>o</h3><ul><li>L</ul></div>",
            "$('.tg').click(function(){$(this).next().slideToggle()})",
        ),
        (shut, "<h3>o</h3><div class=panel>L</div>", "$('h3').click(function(){$(this).next().toggle()})"),
        (
            shut,
            "<h3><span class=tg>o</span></h3><div class=panel>L</div>",
            "$('.tg').on('click', function(){ $(this).parent().next().toggle() })",
        ),
        (
            shut,
            "<p class=tg>o</p><div><div class=panel>L</div></div>",
            "$('.tg').click(function(){ $(this).next().find('> div').show() })",
        ),
        (
            shut,
            "<div class=tg><div class=panel>L</div></div>",
            "$('.tg').hover(function(){ $(this).children().show() })",
        ),
        (
            shut,
            "<div onmouseover='this.children[0].style.display=\"block\"'><div class=panel>L</div></div>",
            "this.children[0].style.display=\"block\"",
        ),
        (
            shut,
            "<h3 onclick=\"this.nextElementSibling.style.display='block'\">o</h3><div class=panel>L</div>",
            "this.nextElementSibling.style.display='block'",
        ),
        (
            "",
            "<h3 onclick='this.nextElementSibling.hidden=false'>o</h3><div hidden>L</div>",
            "this.nextElementSibling.hidden=false",
        ),
        (
            "",
            "<h3 onclick='mo(this)'>o</h3><div hidden>L</div>",
            "function mo(e){ e.nextElementSibling.hidden = false }",
        ),
    ];
    for (css, body, script) in table {
        let found = seen(css, &body.replace('L', LINK), script);
        assert!(found.starts_with("unsure"), "{body} {script}: {found}");
        let alone = seen(css, &body.replace('L', LINK), TRACKER);
        assert!(alone.starts_with("hidden"), "{body} with nothing that opens it: {alone}");
    }
}

#[test]
fn neighbours_that_open_nothing() {
    let shut = ".panel{display:none}";
    for (body, script) in [
        ("<p>o</p><div class=panel>L</div>", "$('.tg').click(function(){$(this).next().toggle()})"),
        ("<p class=tg>o</p><div class=panel>L</div>", "$('.tg').click(function(){ alert(1) })"),
        (
            "<p class=tg>o</p><p>a<p>b<p>c<div class=panel>L</div>",
            "$('.tg').click(function(){$(this).next().toggle()})",
        ),
        (
            "<div class=tg><p>o</p></div><div><section><div><div class=panel>L</div></div></section></div>",
            "$('.tg').click(function(){$(this).next().toggle()})",
        ),
        ("<p onclick='print()'>o</p><div class=panel>L</div>", "$('.zz').next().toggle()"),
        // A library of such steps takes none itself.
        ("<p class=tg>o</p><div class=panel>L</div>", "e.fn={prevUntil:1,next:function(){}};'tg';x.next()"),
    ] {
        assert_eq!(seen(shut, &body.replace('L', LINK), script), "hidden DisplayNone", "{body} {script}");
    }
}

#[test]
fn a_part_behind_a_button_of_a_script_that_was_not_read() {
    for (before, expected) in [
        ("<button>o</button>", "unsure"),
        ("<p class=accordion-title>o</p>", "unsure"),
        ("<p role=button>o</p>", "unsure"),
        ("<button disabled>o</button>", "hidden"),
        ("<p>o</p>", "hidden"),
        ("<button>o</button><p>o</p>", "hidden"),
    ] {
        let body = format!("{before}<div class=panel>{LINK}</div>");
        let css = ".panel{display:none}";
        assert_eq!(word(&Case::with_unread(css, &body, TRACKER).at()), format!("{expected} DisplayNone"), "{before}");
        assert_eq!(seen(css, &body, TRACKER), "hidden DisplayNone", "{before}");
    }
}

const CLOAKS: [(&str, &str); 12] = [
    ("[x-cloak]{display:none!important}", "<nav x-data x-cloak>L</nav>"),
    ("[ng\\:cloak],[ng-cloak],.ng-cloak{display:none!important}", "<nav ng-cloak>L</nav>"),
    ("[ng\\:cloak],[ng-cloak],.ng-cloak{display:none!important}", "<nav class=ng-cloak>L</nav>"),
    ("[v-cloak]{display:none}", "<div id=app v-cloak>L</div>"),
    (".lazyload{opacity:0}.lazyloaded{opacity:1}", "<div class=lazyload>L</div>"),
    ("body:not(.loaded) main{opacity:0}", "<main>L</main>"),
    ("main{opacity:0}body.loaded main{opacity:1}", "<main>L</main>"),
    ("main{visibility:hidden}.page-ready main{visibility:visible}", "<main>L</main>"),
    (".loading main{display:none}", "<div class=loading><main>L</main></div>"),
    (".owl-carousel{display:none}.owl-carousel.owl-loaded{display:block}", "<div class=owl-carousel>L</div>"),
    (".flexslider .slides>li{display:none}", "<div class=flexslider><ul class=slides><li>L</ul></div>"),
    (".bo .the{display:none}", "<div class=bo><div class=the>L</div></div>"),
];

#[test]
fn what_a_script_that_was_not_read_uncloaks() {
    for (css, body) in CLOAKS {
        let body = body.replace('L', LINK);
        let found = word(&Case::with_unread(css, &body, "$('.bo').boSlider()").at());
        assert!(found.starts_with("unsure"), "{css}: {found}");
        let alone = seen(css, &body, TRACKER);
        assert!(alone.starts_with("hidden"), "{css} without a script that could: {alone}");
    }
    for (script, expected) in [("directive('cloak')", "unsure"), ("ngCloakDirective=x", "unsure"), ("a()", "hidden")] {
        let found = seen("[x-cloak]{display:none}", &format!("<nav x-cloak>{LINK}</nav>"), script);
        assert_eq!(found, format!("{expected} DisplayNone"), "{script}");
    }
    let taken = seen(
        ".loading main{opacity:0}",
        &format!("<div class=loading><main>{LINK}</main></div>"),
        "document.querySelector('.loading').classList.remove('loading')",
    );
    assert_eq!(taken, "unsure Transparent");
}

#[test]
fn what_no_script_uncloaks() {
    for (css, body) in [
        (".an-di{display:none}", "<div class=an-di>L</div>"),
        (".boc .an-di{display:none}", "<div class=boc><div class=an-di>L</div></div>"),
        ("body{& .boc{opacity:0}}", "<div class=boc>L</div>"),
        ("[hidden]{display:none}", "<div hidden>L</div>"),
        (".an-di{display:none}.loaded .khac{display:block}", "<div class=an-di>L</div>"),
        (".flexslider .x,.an-di{display:none}", "<div class=an-di>L</div>"),
    ] {
        let found = word(&Case::with_unread(css, &body.replace('L', LINK), TRACKER).at());
        assert!(found.starts_with("hidden"), "{css}: {found}");
    }
}

#[test]
fn empty_links_that_a_script_fills() {
    for body in [
        "<a id=t href=/x></a>",
        "<a id=t href=/x><i data-feather=home></i></a>",
        "<a id=t data-i18n=p href=/x></a>",
        "<a id=t href=/x><site-logo></site-logo></a>",
    ] {
        let filled = "document.querySelectorAll('[data-i18n],[data-feather],site-logo')";
        let named = body == "<a id=t href=/x></a>";
        let expected = if named { "hidden ZeroSize" } else { "unsure ZeroSize" };
        assert_eq!(seen("", body, filled), expected, "{body}");
        assert_eq!(word(&Case::with_unread("", body, TRACKER).at()), expected, "{body}");
        assert_eq!(seen("", body, TRACKER), "hidden ZeroSize", "{body}");
        assert_eq!(word(&Case::of("", body).at()), "hidden ZeroSize", "{body}");
    }
    let case = Case::scripted("", "<a id=lk href=/x></a>", "document.getElementById('lk').textContent = 'Cổng'");
    assert_eq!(word(&case.seen("#lk")), "unsure ZeroSize");
    let sheet = "<link rel=stylesheet href=https://cdn.example/a.css><a data-i18n=p href=/x></a>";
    assert_eq!(word(&Case::with_unread("", sheet, TRACKER).seen("a")), "unsure ZeroSize");
}

#[test]
fn icons_drawn_by_the_page() {
    let table = [
        ("", "<svg width=1em height=1em viewBox='0 0 9 9'><path d='M0 0h9v9z'/></svg>", "yes"),
        ("", "<svg width=.75em height=.9em><path d='M0 0h9v9z'/></svg>", "yes"),
        ("", "<svg width=24 height=24><path d='M0 0h9v9z'/></svg>", "yes"),
        ("", "<svg width=1 height=1><path d='M0 0h9v9z'/></svg>", "hidden ZeroSize"),
        ("", "<svg width=0em height=0em><path d='M0 0h9v9z'/></svg>", "hidden ZeroSize"),
        // HTML takes the digits alone: one pixel.
        ("", "<img width=1em height=1em src=a.png>", "hidden ZeroSize"),
        (".s:before{content:var(--fa)}.h{--fa:\"\\f015\"}", "<i class='s h'></i>", "yes"),
        (".s:before{content:var(--fa)}.h:before{--fa:\"\\f015\"}", "<i class='s h'></i>", "yes"),
        (".s:before{content:var(--fa, \"x\")}", "<i class=s></i>", "yes"),
        (".s:before{content:var(--fa)}", "<i class='s h'></i>", "hidden ZeroSize"),
        (".s:before{content:var(--fa)}.h{--fa:none}", "<i class='s h'></i>", "hidden ZeroSize"),
        (".s::after{content:attr(data-t)}", "<i class=s data-t=Cổng></i>", "yes"),
        (".s::after{content:\"→ \" attr(data-t)}", "<i class=s></i>", "yes"),
        (".s::after{content:attr(data-t)}", "<i class=s></i>", "hidden ZeroSize"),
        (".s::after{content:attr(data-t)}", "<i class=s data-t=''></i>", "hidden ZeroSize"),
    ];
    for (css, body, expected) in table {
        let case = Case::of(css, &format!("<a id=t href=/x>{body}</a>"));
        assert_eq!(word(&case.at()), expected, "{css} {body}");
    }
}

#[test]
fn an_element_stands_in_scripts_under_its_id() {
    let part = format!("<div id=khoi hidden>{LINK}</div>");
    for script in [
        "khoi.hidden = false",
        "nut.onclick = () => { khoi.hidden = false }",
        "window.khoi.style.display = 'block'",
        "khoi?.removeAttribute('hidden')",
    ] {
        assert_eq!(seen("", &part, script), "unsure HiddenAttribute", "{script}");
    }
    for script in ["var khoi = {}; khoi.x = 1", "khac.hidden = false", "// khoi.hidden = false", "x.khac = 1", TRACKER]
    {
        assert_eq!(seen("", &part, script), "hidden HiddenAttribute", "{script}");
    }
    let short = format!("<div id=k hidden>{LINK}</div>");
    for script in ["document.getElementById('k').hidden = false", "$('#k').show()", "k.hidden = false"] {
        assert_eq!(seen("", &short, script), "unsure HiddenAttribute", "{script}");
    }
    assert_eq!(seen("", &short, "var s = 'a k b'"), "hidden HiddenAttribute");
}

#[test]
fn a_class_that_opens_is_set_only_by_scripts_that_change_classes() {
    let css = ".menu{display:none}.menu.open{display:block}";
    let menu = format!("<button id=nut>o</button><div class=menu>{LINK}</div>");
    for script in ["m.classList.toggle('open')", "$('.menu').toggleClass('open')", "m.className = 'menu open'"] {
        assert_eq!(seen(css, &menu, script), "menu DisplayNone", "{script}");
    }
    for script in ["console.log('open')", "window.open('/x', 'open')"] {
        assert_eq!(seen(css, &menu, script), "unsure DisplayNone", "{script}");
    }
}

#[test]
fn parts_that_scripts_take_by_their_bare_names() {
    for part in ["dialog", "aside", "section"] {
        let hidden = format!("<{part} hidden>{LINK}</{part}>");
        assert_eq!(
            seen("", &hidden, &format!("document.querySelector('{part}').hidden = false")),
            "unsure HiddenAttribute"
        );
        assert_eq!(seen("", &hidden, "document.querySelector('p').hidden = false"), "hidden HiddenAttribute", "{part}");
    }
}
