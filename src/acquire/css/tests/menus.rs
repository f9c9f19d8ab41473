//! Menus that open on hover or click, and hiding that scripts or unknown conditions may undo.

use super::{Case, word};

const MENU: &str =
    "<ul class=nav><li class=item><a href=/>A</a><ul class=sub id=s><li><a id=t href=/x>X</a></ul></li></ul>";

#[test]
fn a_person_opens_them() {
    let table = [
        ".sub{display:none}.item:hover .sub{display:block}",
        ".sub{display:none}.item:hover>.sub,.item:focus-within>.sub{display:block}",
        "li ul{display:none}li:hover>ul{display:inherit}",
        ".sub{visibility:hidden;opacity:0}.nav li:hover .sub{visibility:visible;opacity:1}",
        ".sub{position:absolute;left:-9999px}.item:hover .sub{left:0}",
        ".sub{position:absolute;left:-9999px}.item:hover .sub{left:auto}",
        ".sub{max-height:0;overflow:hidden}.item:hover .sub{max-height:400px}",
        ".sub{transform:scaleY(0)}.item:hover .sub{transform:scaleY(1)}",
        ".sub{transform:scaleY(0)}.item:hover .sub{transform:none}",
        ".item:not(:hover) .sub{display:none}",
        ".nav{ .sub{display:none} .item:hover &{color:red} .item:hover .sub{display:block} }",
        ".sub{clip-path:inset(100%)}.item:focus-within .sub{clip-path:none}",
        ".sub{opacity:0}.sub:hover{opacity:1}",
        ".sub{position:absolute;left:-9999px}.sub:focus-within{left:0}",
    ];
    for css in table {
        let seen = Case::of(css, MENU).at();
        assert!(word(&seen).starts_with("menu"), "{css}: {}", word(&seen));
    }
    let ticked = Case::of(
        "#c~.m{display:none}#c:checked~.m{display:block}",
        "<input type=checkbox id=c><div class=m><a id=t href=/>x</a></div>",
    );
    assert_eq!(word(&ticked.at()), "menu DisplayNone");
    let popover = Case::of("", "<button popovertarget=p>o</button><div popover id=p><a id=t href=/>x</a></div>");
    assert_eq!(word(&popover.at()), "menu HiddenAttribute");
    let dialog =
        Case::of("", "<button commandfor=d command=show-modal>o</button><dialog id=d><a id=t href=/>x</a></dialog>");
    assert_eq!(word(&dialog.at()), "menu HiddenAttribute");
    for opener in
        ["<div popovertarget=p>o</div>", "<button popovertarget=p disabled>o</button>", "<input popovertarget=p>"]
    {
        let seen = Case::of("", &format!("{opener}<div popover id=p><a id=t href=/>x</a></div>")).at();
        assert_eq!(word(&seen), "hidden HiddenAttribute", "{opener}");
    }
    let target = ".m{display:none}.m:target{display:block}";
    for link in ["<a href='#p'>o</a>", "<a href='/x#p'>o</a>", "<a href='#%70'>o</a>"] {
        let seen = Case::of(target, &format!("{link}<div class=m id=p><a id=t href=/>x</a></div>")).at();
        assert_eq!(word(&seen), "menu DisplayNone", "{link}");
    }
}

#[test]
fn boxes_that_open_menus() {
    let css = "#c~.m{display:none}#c:checked~.m{display:block}.off{display:none}";
    let table = [
        ("<input type=checkbox id=c>", "menu DisplayNone"),
        ("<input type=RADIO id=c>", "menu DisplayNone"),
        ("<input type=checkbox id=c class=off><label for=c>m</label>", "menu DisplayNone"),
        ("<label for=c>m</label><input type=checkbox id=c hidden>", "menu DisplayNone"),
        ("<input type=checkbox id=c style='opacity:0'>", "menu DisplayNone"),
        ("<input type=checkbox id=c hidden>", "hidden DisplayNone"),
        ("<input type=checkbox id=c class=off>", "hidden DisplayNone"),
        ("<input type=checkbox id=c style='visibility:hidden'><label for=d>m</label>", "hidden DisplayNone"),
        ("<input type=checkbox id=c disabled>", "hidden DisplayNone"),
        ("<input type=hidden id=c>", "hidden DisplayNone"),
        ("<input id=c>", "hidden DisplayNone"),
    ];
    for (opener, expected) in table {
        let seen = Case::of(css, &format!("{opener}<div class=m><a id=t href=/>x</a></div>")).at();
        assert_eq!(word(&seen), expected, "{opener}");
    }
}

#[test]
fn details_without_a_summary_to_click() {
    let link = "<a id=t href=/>x</a>";
    let table = [
        ("<details><summary hidden>s</summary>", "hidden HiddenAttribute"),
        ("<details><summary style='visibility:hidden'>s</summary>", "hidden Visibility"),
        ("<style>summary{display:none}</style><details><summary>s</summary>", "hidden DisplayNone"),
        ("<details><summary hidden>s</summary><details><summary>s</summary>", "hidden HiddenAttribute"),
        ("<details><summary>s</summary><details><summary hidden>s</summary>", "hidden HiddenAttribute"),
        ("<details open><summary hidden>s</summary>", "yes"),
        ("<details><summary>s</summary>", "details"),
        ("<details><summary></summary>", "details"),
        // The browser writes a summary of its own.
        ("<details>", "details"),
        ("<details><summary><b hidden>s</b></summary>", "details"),
        ("<style>summary{opacity:0}</style><details><summary>s</summary>", "details"),
        ("<a href='#t'>o</a><details><summary hidden>s</summary>", "details"),
        (
            "<style>summary{display:none}p:hover summary{display:block}</style><section><details><summary>s</summary>",
            "hidden DisplayNone",
        ),
    ];
    for (opener, expected) in table {
        let seen = Case::of("", &format!("{opener}{link}")).at();
        assert_eq!(word(&seen), expected, "{opener}");
        let scripted = Case::scripted("", &format!("{opener}{link}"), "x()").at();
        assert_eq!(word(&scripted), expected.replace("hidden", "unsure"), "{opener}");
    }
    let label = Case::of("", "<details><summary hidden>s</summary><p>x</p><b id=t>Đã kết nối</b></details>");
    assert_eq!(word(&label.at()), "hidden HiddenAttribute");
}

#[test]
fn places_that_no_link_leads_to() {
    let css = ".m{display:none}.m:target{display:block}";
    for body in [
        "<div class=m><a id=t href=/>x</a></div>",
        "<div class=m id=p><a id=t href=/>x</a></div>",
        "<a href='#q'>o</a><div class=m id=p><a id=t href=/>x</a></div>",
    ] {
        assert_eq!(word(&Case::of(css, body).at()), "hidden DisplayNone", "{body}");
    }
}

#[test]
fn a_script_opens_them() {
    let table = [
        ".sub{display:none}.item.open .sub{display:block}",
        ".sub{display:none}.sub.show{display:block}",
        ".sub{display:none}.sub.is-active{display:block}",
        ".item>.sub{display:none}.item>.active{display:block}",
        ".sub:not(.show){display:none}",
        ".sub{display:none}body.nav-open .sub{display:block}",
        ".sub{display:none}a[aria-expanded=true]+.sub{display:block}",
        ".sub{display:none}.menuOpen .sub{display:block}",
        ".sub{display:none}.xyz .sub{display:block}",
    ];
    for css in table {
        let script =
            "document.body.classList.add('xyz', 'open', 'show', 'is-active', 'active', 'nav-open', 'menuOpen')";
        let seen = Case::scripted(css, MENU, script).at();
        assert!(word(&seen).starts_with("menu"), "{css}: {}", word(&seen));
        // That the name of a class says "shown" is no script that sets it.
        let other = word(&Case::scripted(css, MENU, "count('visits')").at());
        let guess = match css {
            _ if css.contains("xyz") => "hidden DisplayNone",
            _ if css.contains("aria-expanded") => "menu DisplayNone",
            _ => "unsure DisplayNone",
        };
        assert_eq!(other, guess, "{css}");
        let still = Case::of(css, MENU).at();
        assert_eq!(word(&still), "hidden DisplayNone", "{css} without a script");
    }
    let triggered = Case::scripted(
        ".m{display:none}.m.zzz{display:block}",
        "<button aria-controls=p>o</button><div class=m id=p><a id=t href=/>x</a></div>",
        "",
    );
    assert_eq!(word(&triggered.at()), "menu DisplayNone");
}

#[test]
fn these_do_not_open() {
    let table = [
        ".sub{display:none}",
        ".sub{display:none}.item:hover .other{display:block}",
        ".sub{display:none}.item:hover .sub{color:red}",
        ".sub{display:none!important}.item:hover .sub{display:block}",
        ".sub{display:none}.shop .sub{display:block}",
        ".sub{display:none}.show{display:block}",
        ".sub{visibility:hidden;opacity:0}.item:hover .sub{visibility:visible}",
        ".nav .item .sub{display:none}.sub:hover{display:block}",
        ".sub{display:none}#zz:hover .sub{display:block}",
        ".sub{display:none}.sub:hover{display:block}",
        ".sub{visibility:hidden}ul.sub:hover{visibility:visible}",
        ".sub{display:none}.sub:focus-within{display:block}",
    ];
    for css in table {
        let seen = Case::scripted(css, MENU, "var a = 1; // .sub 'sub'\nx.sub = 2").at();
        assert!(word(&seen).starts_with("hidden"), "{css}: {}", word(&seen));
    }
}

#[test]
fn scripts_that_name_it_leave_doubt() {
    for script in
        ["$('.sub').show()", "document.getElementById(\"s\"), $(`#s`)", "x.replace(/['\"]/g,''),$('.nav .sub')"]
    {
        let seen = Case::scripted(".sub{display:none}", MENU, script).at();
        assert_eq!(word(&seen), "unsure DisplayNone", "{script}");
    }
    // One letter among others says nothing.
    let seen = Case::scripted(".sub{display:none}", MENU, "say('a s d')").at();
    assert_eq!(word(&seen), "hidden DisplayNone");
    let bare = "<ul class=nav><li><ul><li><a id=t href=/x>X</a></ul></ul>";
    for (script, expected) in [
        ("$('.nav li').hover(function(){$(this).children('ul').slideToggle()})", "unsure DisplayNone"),
        ("$('.nav > li > ul').hide()", "unsure DisplayNone"),
        ("$('.nav > li')", "hidden DisplayNone"),
        ("say('cổng thông tin > trang chủ')", "hidden DisplayNone"),
    ] {
        assert_eq!(word(&Case::scripted(".nav ul{display:none}", bare, script).at()), expected, "{script}");
    }
    let page = Case::scripted("body{opacity:0}", MENU, "onload=()=>document.body.style.opacity=1");
    assert_eq!(word(&page.at()), "unsure Transparent");
}

#[test]
fn conditions_leave_doubt() {
    let table = [
        ("@media (unheard-of:1){.sub{display:none}}", "unsure DisplayNone"),
        ("@container (min-width:400px){.sub{display:none}}", "unsure DisplayNone"),
        ("@supports (unheard-of:1){.sub{display:none}}", "unsure DisplayNone"),
        ("@scope (.nav){.sub{display:none}}", "unsure DisplayNone"),
        (".sub{display:none}@container x (width>1px){.sub{display:block}}", "unsure DisplayNone"),
        ("@scope (.elsewhere){.sub{display:none}}", "yes"),
        ("@media (unheard-of:1){.sub{color:red}}", "yes"),
        ("@media (unheard-of:1){.sub{display:none}}.sub{display:block}", "yes"),
        (".sub{display:none}@media (unheard-of:1){.sub{display:none}}", "hidden DisplayNone"),
        ("@media print and (unheard-of:1){.sub{display:none}}", "yes"),
        (".sub{display:var(--nowhere)}", "unsure DisplayNone"),
        (".sub{opacity:0;animation:in 1s forwards}", "unsure Transparent"),
        (".sub{opacity:0;animation:none}", "hidden Transparent"),
        (".sub{opacity:0;animation:none 0s ease 0s 1 normal none running}", "hidden Transparent"),
        (".sub{opacity:0;animation:1s linear fade}", "unsure Transparent"),
        ("@media (min-width:max(1px,2em)){.sub{display:none}}", "unsure DisplayNone"),
        ("@media (min-width:max(1px,2px)){.sub{display:none}}", "hidden DisplayNone"),
        ("@container (a){.sub{position:absolute}}@container (b){.sub{left:-9999px}}", "unsure OffScreen"),
    ];
    for (css, expected) in table {
        assert_eq!(word(&Case::of(css, MENU).at()), expected, "{css}");
    }
}
