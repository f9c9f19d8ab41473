//! What a script finds on the page when it runs, and what the queue holds when the library runs.

use super::cases::{Case, case, run};
use super::pages::{CALLS, LIBRARY, page, page_with};

fn row(name: &str, html: impl Into<Vec<u8>>) -> Case {
    case("emc-snippet", name, html)
}

/// A script that fills the queue and puts the library's element `g` where `rest` says.
fn put(rest: &str) -> String {
    format!(
        "<script>window._govaq=[{CALLS},['setSiteId','205']];var g=document.createElement('script');g.src='{LIBRARY}';{rest}</script>"
    )
}

#[test]
fn elements_that_scripts_look_for() {
    let footer = "<footer id=\"chan\" class=\"chan-trang rong\"><p>UBND</p></footer>";
    let before = |rest: &str| page(&format!("{footer}{}", put(rest)));
    let after = |rest: &str| page(&format!("{}{footer}", put(rest)));
    let nowhere = |rest: &str| page(&put(rest));
    let parsed = "function(){@}";
    let later =
        |rest: &str| after(&format!("document.addEventListener('DOMContentLoaded',{});", parsed.replace('@', rest)));
    let loaded = |rest: &str| after(&format!("window.onload={};", parsed.replace('@', rest)));
    let mut rows = Vec::new();
    for place in [
        "document.getElementById('chan').appendChild(g);",
        "document.querySelector('footer').appendChild(g);",
        "document.querySelector('#chan').append(g);",
        "document.querySelector('footer.chan-trang > p').append(g);",
        "document.getElementsByTagName('footer')[0].appendChild(g);",
        "document.getElementsByClassName('chan-trang')[0].appendChild(g);",
        "document.querySelectorAll('.rong')[0].appendChild(g);",
        "var f=document.getElementById('chan');f.parentNode.insertBefore(g,f);",
    ] {
        rows.push(row(&format!("before: {place}"), before(place)));
        rows.push(row(&format!("after: {place}"), after(place)).fails_or_open());
        rows.push(row(&format!("nowhere: {place}"), nowhere(place)).fails_or_open());
        rows.push(row(&format!("parsed: {place}"), later(place)));
        rows.push(row(&format!("loaded: {place}"), loaded(place)));
    }
    rows.extend([
        row("certain", after("document.querySelector('footer').appendChild(g);")).fails_any(),
        row("certain by id", after("document.getElementById('chan').appendChild(g);")).fails_any(),
        row("guarded", after("(document.querySelector('footer')||document.head).appendChild(g);")),
        row("body in the head", page_with(&put("document.getElementsByTagName('body')[0].appendChild(g);"), "")).fails_any(),
        row("body in the head by selector", page_with(&put("document.querySelector('body').appendChild(g);"), "")).fails_any(),
        row("body in the body", page(&put("document.getElementsByTagName('body')[0].appendChild(g);"))),
        row("body in the body by selector", page(&put("document.querySelector('body').appendChild(g);"))),
        row("first meta", page_with(&put("var m=document.getElementsByTagName('meta')[0];m.parentNode.insertBefore(g,m);"), "")),
        row("first link there is none", page_with(&put("var m=document.getElementsByTagName('link')[0];m.parentNode.insertBefore(g,m);"), "")).fails_or_open(),
        row("made by itself", nowhere("var f=document.createElement('div');f.id='chan';document.body.append(f);document.getElementById('chan').append(g);")),
        row("made with setAttribute", nowhere("var f=document.createElement('div');f.setAttribute('id','chan');document.body.append(f);document.getElementById('chan').append(g);")).fails_never(),
        row("made by markup", nowhere("document.body.insertAdjacentHTML('beforeend','<footer></footer>');document.querySelector('footer').append(g);")),
        row("made as element", nowhere("document.body.append(document.createElement('footer'));document.querySelector('footer').append(g);")).fails_never(),
        row("a function called by a later script", page(&format!(
            "<script>function place(g){{document.querySelector('footer').append(g)}}</script>{footer}{}", put("place(g);")))),
        row("a deferred file", page_with("<script defer src=/e.js></script>", footer))
            .file("e.js", put("document.querySelector('footer').append(g);").replace("<script>", "").replace("</script>", "")),
        row("an async file", page_with("<script async src=/e.js></script>", footer))
            .file("e.js", put("document.querySelector('footer').append(g);").replace("<script>", "").replace("</script>", "")).fails_never(),
        row("a file in the head", page_with("<script src=/e.js></script>", footer))
            .file("e.js", put("document.querySelector('footer').append(g);").replace("<script>", "").replace("</script>", "")).fails_or_open(),
        row("a module", after("").replace("<script>", "<script type=module>").replace("</script>", "document.querySelector('footer').append(g);</script>")),
        row("the table's body", page(&format!("<table><tr><td>a</table>{}", put("document.getElementsByTagName('tbody')[0].append(g);")))),
        row("an earlier script of another host may make it", page(&format!(
            "<script src=\"https://cdn.example.org/x.js\"></script>{}", put("document.querySelector('footer').append(g);")))).fails_never(),
    ]);
    run("elements that scripts look for", &rows);
}

#[test]
fn when_the_library_runs() {
    let fill = format!("window._govaq=window._govaq||[];_govaq.push({CALLS},['setSiteId','205']);");
    let push = format!("_govaq.push({CALLS},['setSiteId','205']);");
    let tag = |attributes: &str, script: &str| {
        page(&format!(
            "<script>var _govaq=[];</script><script {attributes} src=\"{LIBRARY}\"></script><script>{script}</script>"
        ))
    };
    let own = format!("var g=document.createElement('script');g.src='{LIBRARY}';document.head.append(g);");
    let inserted = |script: &str| page(&format!("<script>var _govaq=[];{own}{script}</script>"));
    let late = |wrap: &str, body: &str| wrap.replace('@', body);
    let mut rows = Vec::new();
    for body in [&fill, &push] {
        for wrap in [
            "requestIdleCallback(function(){@});",
            "setTimeout(function(){@},3000);",
            "setTimeout(function(){@},60000);",
            "window.addEventListener('load',function(){@});",
            "window.onload=function(){@};",
            "document.addEventListener('DOMContentLoaded',function(){@});",
            "@",
        ] {
            let script = late(wrap, body);
            let which = &body[..15];
            let while_parsed = wrap == "@";
            for attributes in ["", "async", "defer"] {
                let case = row(&format!("<script {attributes}> {which} {wrap}"), tag(attributes, &script));
                // A library that blocks has read its queue before the next script begins.
                let in_time = while_parsed && !attributes.is_empty();
                rows.push(if in_time { case } else { case.open("needs-browser") });
            }
            let case = row(&format!("inserted {which} {wrap}"), inserted(&script));
            let before_load = while_parsed || wrap.contains("DOMContent");
            rows.push(if before_load { case } else { case.open("needs-browser") });
        }
    }
    let whole = |wrap: &str| page(&format!("<script>{}</script>", late(wrap, &format!("{fill}{own}"))));
    for wrap in
        ["requestIdleCallback(function(){@});", "setTimeout(function(){@},3000);", "window.onload=function(){@};"]
    {
        rows.push(row(&format!("queue and library {wrap}"), whole(wrap)));
    }
    rows.extend([
        row(
            "an event of its own after the library has run",
            tag(
                "async",
                &format!("{fill}window.addEventListener('load',function(){{_govaq.push(['trackEvent','a'])}});"),
            ),
        ),
        row(
            "the same commands again after the library has run",
            tag("async", &format!("{fill}window.addEventListener('load',function(){{{push}}});")),
        ),
        row(
            "the library in a tag behind the queue",
            page(&format!("<script>{fill}</script><script src=\"{LIBRARY}\"></script>")),
        ),
        row(
            "a deferred script of the site before the deferred library",
            page_with(&format!("<script defer src=/e.js></script><script defer src=\"{LIBRARY}\"></script>"), ""),
        )
        .file("e.js", fill.clone()),
    ]);
    run("when the library runs", &rows);
}
