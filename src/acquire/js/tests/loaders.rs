//! How the library gets onto the page, or does not.

use super::{Page, loads};

const U: &str = "https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js";

fn of(script: &str) -> Vec<String> {
    loads(&Page::script(&script.replace("@U", U)).facts()).into_iter().map(|l| l.replace(U, "@U")).collect()
}

#[test]
fn by_script() {
    let table: &[(&str, &[&str])] = &[
        ("var s=document.createElement('script');s.src='@U';document.head.appendChild(s)", &["@U"]),
        ("var s=document.createElement('SCRIPT');s.setAttribute('src','@U');document.body.append(s)", &["@U"]),
        (
            "var s=document.createElement('script');s.setAttribute('SRC','@U');document.documentElement.prepend(s)",
            &["@U"],
        ),
        (
            "var s=document.createElementNS('http://www.w3.org/1999/xhtml','script');s.src='@U';document.head.append(s)",
            &["@U"],
        ),
        (
            "var s=document.createElementNS('http://www.w3.org/2000/svg','script');s.src='@U';document.head.append(s)",
            &["@U ~Value"],
        ),
        (
            "document.head.append(document.createRange().createContextualFragment('<script src=\"@U\"><\\/script>'))",
            &["@U"],
        ),
        (
            "document.head.append(document.createRange().createContextualFragment('<script type=x src=\"@U\"><\\/script>'))",
            &[],
        ),
        (
            "var s=document.createElement('script');s.src='@U';document.createElement('template').content.append(s)",
            &["@U !"],
        ),
        (
            "var t=document.createElement('template');t.innerHTML='<script src=\"@U\"><\\/script>';document.head.append(t.content.cloneNode(true))",
            &["@U"],
        ),
        (
            "var s=document.createElement('script');s.src='@U';document.getElementById('nope').append(s)",
            &["@U ~Condition"],
        ),
        (
            "var s=document.createElement('script');s.src='@U';document.querySelector('#nope').append(s)",
            &["@U ~Condition"],
        ),
        (
            "var s=document.createElement('script');s.src='@U';document.querySelector('footer').append(s)",
            &["@U ~Condition"],
        ),
        (
            "var s=document.createElement('script');s.type='module';s.textContent='import \"@U\"';document.head.append(s)",
            &["? ~Value"],
        ),
        ("fetch('@U').then(r=>r.text()).then(t=>(0,eval)(t))", &["@U ~Callback"]),
        ("document.head.appendChild(Object.assign(document.createElement('script'),{src:'@U',async:true}))", &["@U"]),
        ("var s=document.createElement('script');document.head.appendChild(s);s.src='@U'", &["@U"]),
        ("var s=document.createElement('script');document.head.appendChild(s).src='@U'", &["@U"]),
        (
            "var s=document.createElement('script');s.src='@U';document.currentScript.parentNode.insertBefore(s,document.currentScript)",
            &["@U"],
        ),
        ("var s=document.createElement('script');s.src='@U';document.querySelector('head').appendChild(s)", &["@U"]),
        (
            "var s=document.createElement('script');s.src='@U';document.getElementsByTagName('head')[0].appendChild(s)",
            &["@U"],
        ),
        ("var s=document.createElement('script');s.src='@U';document.scripts[0].after(s)", &["@U"]),
        (
            "var s=document.createElement('script');s.src='@U';document.body.insertAdjacentElement('beforeend',s)",
            &["@U"],
        ),
        (
            "var s=document.createElement('script');s.src='@U';document.body.replaceChild(s,document.body.firstChild)",
            &["@U"],
        ),
        (
            "var s=document.createElement('script');s.src='@U';(document.head||document.getElementsByTagName('head')[0]).appendChild(s)",
            &["@U"],
        ),
        (
            "var f=document.createDocumentFragment(),s=document.createElement('script');s.src='@U';f.appendChild(s);document.body.appendChild(f)",
            &["@U"],
        ),
        (
            "var v=document.createElement('div'),s=document.createElement('script');s.src='@U';v.appendChild(s);document.body.appendChild(v)",
            &["@U"],
        ),
        (
            "var v=document.createElement('div'),s=document.createElement('script');document.body.appendChild(v);s.src='@U';v.appendChild(s)",
            &["@U"],
        ),
        ("var s=document.createElement('script');s.src='/old.js';s.src='@U';document.head.appendChild(s)", &["@U"]),
        ("var s=document.createElement('script');s.src='@U';document.head.appendChild(s);s.src=''", &["@U"]),
        ("document.write('<script src=\"@U\"><\\/script>')", &["@U"]),
        ("document.write(\"<scr\"+\"ipt async src='@U'></scr\"+\"ipt>\")", &["@U"]),
        ("document.write('<script src=@U><\\/script>')", &["@U"]),
        ("import('@U')", &["@U"]),
        (
            "var u='//f-emc.ngsp.gov.vn/';var s=document.createElement('script');s.src=u+'embed/gov-tracking.min.js';document.head.append(s)",
            &["//f-emc.ngsp.gov.vn/embed/gov-tracking.min.js"],
        ),
        (
            "var s=document.createElement('script');s.src=('https:'==document.location.protocol?'https':'http')+'://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js';document.head.append(s)",
            &["@U"],
        ),
        (
            "function l(u,cb){var s=document.createElement('script');s.src=u;s.onload=cb;document.head.append(s)}l('/a.js',()=>l('@U'))",
            &["@U ~Callback"],
        ),
        (
            "['/a.js','@U'].forEach(u=>{var s=document.createElement('script');s.src=u;document.head.append(s)})",
            &["@U"],
        ),
        (
            "if(navigator.x){var s=document.createElement('script');s.src='@U';document.head.append(s)}",
            &["@U ~Condition"],
        ),
        (
            "document.addEventListener('scroll',()=>{var s=document.createElement('script');s.src='@U';document.head.append(s)})",
            &["@U ~Interaction"],
        ),
        (
            "var s=document.createElement('script');s.text=\"var t=document.createElement('script');t.src='@U';document.head.append(t)\";document.head.append(s)",
            &["@U"],
        ),
        // a digest that the file may not have
        (
            "var s=document.createElement('script');s.integrity='sha384-a';s.src='@U';document.head.append(s)",
            &["@U ~Integrity"],
        ),
        (
            "var s=document.createElement('script');s.setAttribute('integrity','SHA256-a');s.src='@U';document.head.append(s)",
            &["@U ~Integrity"],
        ),
        (
            "document.head.append(Object.assign(document.createElement('script'),{src:'@U',integrity:'x sha512-a'}))",
            &["@U ~Integrity"],
        ),
        (
            "var s=document.createElement('script');s.integrity=navigator.x;s.src='@U';document.head.append(s)",
            &["@U ~Integrity"],
        ),
        ("var s=document.createElement('script');s.integrity='md5-a';s.src='@U';document.head.append(s)", &["@U"]),
        ("var s=document.createElement('script');s.src='@U';document.head.append(s);s.integrity='sha384-a'", &["@U"]),
        (
            "var s=document.createElement('script');s.integrity='sha384-a';s.removeAttribute('integrity');s.src='@U';document.head.append(s)",
            &["@U"],
        ),
        ("document.write('<script integrity=sha384-a src=\"@U\"><\\/script>')", &["@U ~Integrity"]),
        ("document.write('<script integrity=\"\" src=\"@U\"><\\/script>')", &["@U"]),
        // markup in which a script element is text, lies in store, or is none
        ("document.write('<noscript><script src=\"@U\"><\\/script></noscript>')", &[]),
        ("document.write('<template><p><script src=\"@U\"><\\/script></template>')", &[]),
        ("document.write('<template><template></template><script src=\"@U\"><\\/script></template>')", &[]),
        ("document.write('<TEXTAREA><script src=\"@U\"><\\/script></textarea>')", &[]),
        ("document.write('<style>/*<script src=\"@U\"><\\/script>*/</style>')", &[]),
        ("document.write('<!-- <script src=\"@U\"><\\/script> -->')", &[]),
        ("document.write('<a title=\"<script src=@U>\">')", &[]),
        ("document.write('<scripts src=\"@U\"><\\/scripts>')", &[]),
        ("document.write('<noscript>a</noscript><script src=\"@U\"><\\/script>')", &["@U"]),
        ("document.write('<template></template><!----><script src=\"@U\"><\\/script>')", &["@U"]),
        ("document.write('a < b <p title=\"a > b\"><script src=\"@U\"><\\/script>')", &["@U"]),
        ("document.write('<noscript>');document.write('<script src=\"@U\"><\\/script>')", &["@U ~Value"]),
        (
            "document.write('<noscript>a');document.write('</noscript>');document.write('<script src=\"@U\"><\\/script>')",
            &["@U"],
        ),
        (
            "var s=document.createElement('script');s.src='@U';document.getElementById('t').content.appendChild(s)",
            &["@U ~Condition"],
        ),
        // never inserted
        ("var s=document.createElement('script');s.src='@U'", &["@U !"]),
        (
            "var v=document.createElement('div'),s=document.createElement('script');s.src='@U';v.appendChild(s)",
            &["@U !"],
        ),
        ("var s=document.createElement('script');s.type='text/plain';s.src='@U';document.head.append(s)", &["@U !"]),
        ("var s=document.createElement('script');s.noModule=true;s.src='@U';document.head.append(s)", &["@U !"]),
        ("var s=document.createElement('script');s.src='@U';s.src='';document.head.append(s)", &[]),
        ("var s=document.createElement('script');s.src='@U';s.src='/x.js';document.head.append(s)", &[]),
        ("document.body.innerHTML='<script src=\"@U\"><\\/script>'", &[]),
        ("new Image().src='@U'", &[]),
        ("var l=document.createElement('link');l.href='@U';document.head.append(l)", &[]),
        ("function l(){var s=document.createElement('script');s.src='@U';document.head.append(s)}", &[]),
        ("var s=document.createElement('script');s.src='/other.js';document.head.append(s)", &[]),
        // look-alikes are kept for the judge
        (
            "var s=document.createElement('script');s.src='https://f-emc.ngsp.gov.vn.example.org/embed/gov-tracking.min.js';document.head.append(s)",
            &["https://f-emc.ngsp.gov.vn.example.org/embed/gov-tracking.min.js"],
        ),
        (
            "var s=document.createElement('script');s.src='/static/gov-tracking.min.js';document.head.append(s)",
            &["/static/gov-tracking.min.js"],
        ),
        (
            "var s=document.createElement('script');s.src=navigator.x+'/embed/gov-tracking.min.js';document.head.append(s)",
            &["?"],
        ),
        (
            "var s=document.createElement('script');s.src=navigator.x?'@U':'/x.js';document.head.append(s)",
            &["@U ~Condition"],
        ),
        ("var _govaq=[],s=document.createElement('script');s.src=navigator.x;document.head.append(s)", &["?"]),
        ("var s=document.createElement('script');s.src=navigator.x;document.head.append(s)", &[]),
    ];
    let wrong: Vec<String> = table
        .iter()
        .filter(|(s, want)| of(s) != *want)
        .map(|(s, want)| format!("{s}\n  {:?}\n  wanted {want:?}", of(s)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn by_jquery() {
    let page = |script: &str| {
        let html = format!(
            "<html><body><script src=\"https://cdn.example/jquery.js\"></script><script>{}</script>",
            script.replace("@U", U)
        );
        loads(&Page::of(&html).facts())
    };
    assert_eq!(page("$.getScript('@U')"), [U]);
    assert_eq!(page("$('head').append('<script src=\"@U\"><\\/script>')"), [U]);
    assert_eq!(page("$('head').append($('<script>').attr('src','@U'))"), [U]);
    assert_eq!(page("$('<script>',{async:true}).attr({src:'@U'}).appendTo('head')"), [U]);
    assert_eq!(page("$('<script>').prop('src','@U').insertBefore('#a')"), [U]);
    assert_eq!(page("$.ajax({url:'@U',dataType:'script',cache:true})"), [U]);
    assert_eq!(page("$.ajax('@U',{dataType:'script'})"), [U]);
    assert!(page("$.ajax({url:'@U'})").is_empty());
    assert_eq!(page("$(function(){var s=document.createElement('script');s.src='@U';$('head').append(s)})"), [U]);
}

#[test]
fn by_tag() {
    let page = |html: &str| loads(&Page::of(&html.replace("@U", U)).facts());
    assert_eq!(page("<script src=\"@U\"></script>"), [U]);
    assert_eq!(page("<script async src=\"@U\"></script>"), [U]);
    assert_eq!(page("<script type=\"module\" src=\"@U\"></script>"), [U]);
    assert_eq!(
        page("<script src=\"http://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js\"></script>"),
        ["http://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js"]
    );
    assert_eq!(page("<script type=\"litespeed/javascript\" src=\"@U\"></script>"), [format!("{U} ~DeferredType")]);
    let digest = |value: &str| page(&format!("<script async integrity=\"{value}\" src=\"@U\"></script>"));
    assert_eq!(digest("sha384-oqVuAfXRKap7fdgcCY5uykM6"), [format!("{U} ~Integrity")]);
    assert_eq!(digest(" x SHA256-abc"), [format!("{U} ~Integrity")]);
    assert_eq!((digest(""), digest("md5-abc")), (vec![U.to_owned()], vec![U.to_owned()]));
    assert!(page("<script type=\"text/plain\" src=\"@U\"></script>").is_empty());
    assert!(page("<script nomodule src=\"@U\"></script>").is_empty());
    assert!(page("<script data-template src=\"@U\"></script>").is_empty());
    assert!(page("<script src=\"/jquery.js\"></script>").is_empty());
}

#[test]
fn no_body_in_the_head() {
    let script = format!("var s=document.createElement('script');s.src='{U}';document.body.appendChild(s)");
    let head = Page::of(&format!(
        "<!doctype html><html><head><meta charset=\"utf-8\"><script>{script}</script></head><body></body></html>"
    ));
    assert_eq!(loads(&head.facts()), [format!("{U} !")]);
    let later = Page::of(&format!(
        "<!doctype html><html><head><script>window.onload=function(){{{script}}}</script></head><body></body></html>"
    ));
    assert_eq!(loads(&later.facts()), [U]);
}

#[test]
fn many_searches_of_a_large_page_are_left_open() {
    let page = |searches: u32| {
        let script = format!(
            "for(var i=0;i<{searches};i++)document.querySelector('.k'+i);\
             var s=document.createElement('script');s.src='{U}';document.querySelector('.here').append(s)"
        );
        let filler = "<p>x</p>".repeat(1 << 17);
        Page::of(&format!("<!doctype html><body><div class=\"a here\"></div>{filler}<script>{script}</script>"))
    };
    assert_eq!(loads(&page(10).facts()), [U]);
    assert_eq!(loads(&page(100).facts()), [format!("{U} ~Condition")]);
}
