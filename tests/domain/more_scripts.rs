//! Scripts of frameworks, bundlers and other tools that embed in their own ways, and of hands that wrote them so.

use super::cases::{Case, case, run};
use super::pages::{CALLS, LIBRARY, LOADER, code, connected, page, page_with, script, snippet};

fn row(name: &str, html: impl Into<Vec<u8>>) -> Case {
    case("emc-snippet", name, html)
}

/// A script that makes the library's element `g`, with the rest of it as given.
fn loading(rest: &str) -> String {
    script(&format!("window._govaq=[{CALLS},['setSiteId','205']];var g=document.createElement('script');{rest}"))
}

#[test]
fn other_hands() {
    let js = code("205");
    run("ways to write it that work", &[
        row("pushed through a chain", script(&format!("(window._govaq=window._govaq||[]).push({CALLS},['setSiteId','205']);{LOADER}"))),
        row("pushed by apply", script(&format!("var _govaq=[];Array.prototype.push.apply(_govaq,[{CALLS},['setSiteId','205']]);{LOADER}"))),
        row("joined by concat", script(&format!("var _govaq=[];_govaq=_govaq.concat([{CALLS},['setSiteId','205']]);{LOADER}"))),
        row("spread", script(&format!("var c=[{CALLS}];var _govaq=[...c,['setSiteId','205']];{LOADER}"))),
        row("by forEach", script(&format!("var _govaq=[];[{CALLS},['setSiteId','205']].forEach(function(c){{_govaq.push(c)}});{LOADER}"))),
        row("by a loop", script(&format!("var _govaq=[],c=[{CALLS},['setSiteId','205']];for(var i=0;i<c.length;i++){{_govaq.push(c[i])}}{LOADER}"))),
        row("by index", script(&format!("var _govaq=[];_govaq[0]=['trackPageView'];_govaq[1]=['setTrackerUrl','https://f-emc.ngsp.gov.vn/tracking'];_govaq[2]=['setSiteId','205'];{LOADER}"))),
        row("unshifted", script(&format!("var _govaq=[];_govaq.unshift({CALLS},['setSiteId','205']);{LOADER}"))),
        row("in a method that is called", script(&format!("var App={{emc:function(id){{window._govaq=[{CALLS},['setSiteId',id]];{LOADER}}},start:function(){{this.emc('205')}}}};App.start();"))),
        row("in a class that is made", script(&format!("class Emc{{constructor(id){{window._govaq=[{CALLS},['setSiteId',id]];}}load(){{{LOADER}}}}}new Emc(205).load();"))),
        row("window.onload", script(&format!("window.onload=function(){{{}}};", js.replace("var _govaq", "_govaq")))),
        row("unless it is there already", script(&format!("if(!window._govaq){{window._govaq=[{CALLS},['setSiteId','205']];{LOADER}}}"))),
        row("document.readyState", script(&format!("function go(){{window._govaq=[{CALLS},['setSiteId','205']];{LOADER}}}if(document.readyState!=='loading'){{go()}}else{{document.addEventListener('DOMContentLoaded',go)}}"))),
        row("in a promise", script(&format!("Promise.resolve().then(function(){{window._govaq=[{CALLS},['setSiteId','205']];{LOADER}}});"))),
        row("the protocol from the page", script(&format!("window._govaq=[{CALLS},['setSiteId','205']];var g=document.createElement('script');g.src=location.protocol+'//f-emc.ngsp.gov.vn/embed/gov-tracking.min.js';document.head.appendChild(g);"))).with("--url https://a.gov.vn/"),
        row("by joining parts", loading("g.src=['https://f-emc.ngsp.gov.vn','embed','gov-tracking.min.js'].join('/');document.head.appendChild(g);")),
        row("by Object.assign", loading(&format!("Object.assign(g,{{async:true,src:'{LIBRARY}'}});document.head.appendChild(g);"))),
        row("by a name in brackets", loading(&format!("g['src']='{LIBRARY}';document.getElementsByTagName('head')[0].appendChild(g);"))),
        row("into the root element", loading(&format!("g.src='{LIBRARY}';document.documentElement.appendChild(g);"))),
        row("after the first script", loading(&format!("g.src='{LIBRARY}';document.querySelector('script').after(g);"))),
        row("insertAdjacentElement", loading(&format!("g.src='{LIBRARY}';document.body.insertAdjacentElement('beforeend',g);"))),
        row("head or body", loading(&format!("g.src='{LIBRARY}';(document.head||document.body).appendChild(g);"))),
        row("in a fragment that is inserted", loading(&format!("g.src='{LIBRARY}';var f=document.createDocumentFragment();f.appendChild(g);document.body.appendChild(f);"))),
        row("a type with a charset on the made element", loading(&format!("g.type='text/javascript';g.charset='utf-8';g.src='{LIBRARY}';document.body.appendChild(g);"))),
        row("with an error handler", loading(&format!("g.onerror=function(){{console.warn('emc')}};g.src='{LIBRARY}';document.body.appendChild(g);"))),
        row("two trackers with one loader", script(&format!(
            "function load(u){{var g=document.createElement('script');g.src=u;document.head.appendChild(g)}}window._paq=[['setSiteId','1']];load('https://matomo.example.org/matomo.js');window._govaq=[{CALLS},['setSiteId','205']];load('{LIBRARY}');"))),
        row("a second snippet of another tracker between", page(&format!(
            "<script>var _paq=[];_paq.push(['trackPageView']);</script>{}<script>var _gaq=[];_gaq.push(['_setAccount','UA-1'])</script>", snippet("205")))),
        row("WordPress: a header plug-in's marks", page_with(&format!("<!-- This site is optimized -->\n{}\n<!-- / WPCode -->", snippet("205")), "")),
        row("Joomla: a custom module's div", page(&format!("<div class=\"mod-custom custom\" id=\"mod-custom120\">{}</div>", snippet("205")))),
        row("DNN: inside the form", page(&format!("<form method=\"post\" action=\"/\" id=\"Form\"><input type=hidden name=__VIEWSTATE value=\"dDwt\">{}</form>", snippet("205")))),
        row("SharePoint: RegisterSod around it", page(&format!("<script type=\"text/javascript\">//<![CDATA[\nvar _spPageContextInfo={{}};\n//]]></script>{}", snippet("205")))),
        row("Liferay: inside a portlet", page(&format!("<section class=\"portlet\" id=\"p_p_id_56\"><div class=\"journal-content-article\">{}</div></section>", snippet("205")))),
        row("Nuxt: an inline head script with data-hid", page_with(&format!("<script data-n-head=ssr data-hid=emc>{js}</script>"), "")),
        row("a syntax error elsewhere is told", connected("<script>var a = ;</script>")).note("script-syntax-error"),
    ]);
}

#[test]
fn what_bundles_hide() {
    let body = format!("window._govaq=[{CALLS},['setSiteId','205']];{LOADER}");
    let chunk = format!(
        "(self.webpackChunk_N_E=self.webpackChunk_N_E||[]).push([[888],{{4321:function(e,t,n){{\"use strict\";var r=n(7294);t.default=function(){{(0,r.useEffect)((function(){{{body}}}),[]);return null}}}}}},function(e){{e.O(0,[774],(function(){{return e(4321)}}))}}]);"
    );
    // A runtime that runs what a chunk brings, with an effect hook that runs its function later.
    let runtime = "!function(){var t={7294:function(e){e.exports={useEffect:function(f){Promise.resolve().then(f)}}}},n={};\
        function r(e){var o=n[e];if(o)return o.exports;var i=n[e]={exports:{}};t[e](i,i.exports,r);i.exports.default&&i.exports.default();return i.exports}\
        r.O=function(a,b,f){return f()};var q=self.webpackChunk_N_E=self.webpackChunk_N_E||[];\
        q.push=function(c){for(var k in c[1])t[k]=c[1][k];c[2]&&c[2](r)};}();";
    run("bundles and handlers whose end is not in what was read", &[
        row("an effect in a bundler's chunk, the runtime read too", page("<script src=/r.js defer></script><script src=/c.js defer></script>"))
            .file("r.js", runtime).file("c.js", chunk.clone()).fails_never(),
        row("the same, the runtime elsewhere", page("<script src=\"https://cdn.example.org/r.js\" defer></script><script src=/c.js defer></script>"))
            .file("c.js", chunk).open("needs-browser"),
        row("handed to a framework that was not read", page(&format!("<script src=\"https://cdn.example.org/vue.js\"></script><script>new Vue({{el:'#a',mounted:function(){{{body}}}}});</script>"))).open("needs-browser"),
        row("jQuery from another host", page(&format!("<script src=\"https://code.jquery.com/jquery-3.7.1.min.js\"></script><script>$(function(){{{body}}});</script>"))).fails_never(),
        row("the library by getScript of unread jQuery", page(&format!("<script src=\"https://code.jquery.com/jquery-3.7.1.min.js\"></script><script>window._govaq=[{CALLS},['setSiteId','205']];$.getScript('{LIBRARY}');</script>"))).fails_never(),
        row("an observer", script(&format!("new IntersectionObserver(function(){{{body}}}).observe(document.body);"))).open("needs-browser"),
        row("an idle callback", script(&format!("requestIdleCallback(function(){{{body}}});"))).fails_never(),
        row("code in a string for a timer", script(&format!("setTimeout({},0);", serde_json::to_string(&body).unwrap()))).fails_never(),
        row("eval", script(&format!("eval({});", serde_json::to_string(&body).unwrap()))).fails_never(),
        row("a random condition", script(&format!("if(Math.random()<0.5){{{body}}}"))).open("needs-browser"),
        row("a condition on the user agent", script(&format!("if(!/bot|Lighthouse/i.test(navigator.userAgent)){{{body}}}"))).fails_never(),
        row("a condition on the date", script(&format!("if(new Date()>new Date('2024-01-01')){{{body}}}"))).fails_never(),
        row("a condition on local storage", script(&format!("if(localStorage.getItem('consent')==='1'){{{body}}}"))).open("needs-browser"),
        row("a custom element", page(&format!("<x-emc></x-emc><script>customElements.define('x-emc',class extends HTMLElement{{connectedCallback(){{{body}}}}});</script>"))).fails_never(),
        row("after a thrown error", script(&format!("throw new Error('x');{body}"))).fails_any(),
        row("after a call of something that is nowhere defined", script(&format!("khongCo();{body}"))).fails_or_open(),
        row("in a loop that never turns", script(&format!("for(var i=0;i<0;i++){{{body}}}"))).fails_any(),
        row("in a switch's other case", script(&format!("switch('a'){{case 'b':{body}}}"))).fails_any(),
        row("in an object nobody reads", script(&format!("var x={{go:function(){{{body}}}}};"))).fails("dead-code"),
        row("in an async function nobody calls", script(&format!("async function go(){{{body}}}"))).fails("dead-code"),
    ]);
}

#[test]
fn pages_in_doubt_and_refreshes() {
    let to = |content: &str| {
        format!("<html><head><meta http-equiv=\"Refresh\" content=\"{content}\"></head><body></body></html>")
    };
    let refresh = |name: &str, content: &str| row(name, to(content)).file("vi/index.html", connected(""));
    run(
        "doubtful pages and ways to the home page",
        &[
            row(
                "a full page whose title speaks of maintenance",
                connected("").replace(
                    "<title>Cổng thông tin điện tử tỉnh A</title>",
                    "<title>Bảo trì hệ thống - Cổng tỉnh A</title>",
                ),
            )
            .note("page-doubtful"),
            refresh("quoted", "0;URL='vi/'"),
            refresh("with a comma", "0, url=vi/"),
            refresh("without url=", "0;vi/"),
            refresh("with spaces", "  0 ;  url  =  /vi/index.html "),
            refresh("a fraction of a second", "0.5;url=vi/"),
            row("window.location", "<html><body><script>window.location='vi/'</script></body></html>")
                .file("vi/index.html", connected("")),
            row("location.replace", "<html><body><script>location.replace(\"/vi/index.html\")</script></body></html>")
                .file("vi/index.html", connected("")),
            row(
                "document.location.href at the end of a page of its own",
                page("<script>document.location.href='vi/'</script>"),
            )
            .file("vi/index.html", connected("")),
            row("by JavaScript in a handler it is none", connected("<button onclick=\"location='vi/'\">x</button>"))
                .file("vi/index.html", page("")),
            row("from vi to the root and back is a loop", to("0;url=vi/"))
                .file("vi/index.html", to("0;url=/"))
                .open("redirect-loop"),
            row("a chain of two", to("0;url=vi/"))
                .file("vi/index.html", to("0;url=home.html"))
                .file("vi/home.html", connected("")),
            row("out of the folder", to("0;url=../secret.html")).beside("secret.html", connected("")).open("not-found"),
        ],
    );
}
