//! The snippet: scripts that lie to whoever asks, queues that are no plain lists, policies and headers that stop it.

use std::time::Duration;

use base64::Engine;
use sha2::Digest;

use super::{OTHER, Row, judge, row, served, server, with_headers};
use crate::e2e::browser::{LIBRARY, TRACKER, page, snippet, snippet_text, tracker_with};
use crate::e2e::server::{Answer, Host};

/// A script that calls everything on the window that is no browser's own as if it were the way to tell a checker.
const FORGER: &str = r#"<script>
addEventListener('load', function () {
  var told = JSON.stringify({t:'emc',k:'ran',top:true,at:5,q:[['trackPageView'],['setSiteId','205'],['setTrackerUrl','COLLECTOR']]});
  var frame = document.createElement('iframe'); document.body.append(frame);
  Object.getOwnPropertyNames(window).forEach(function (name) {
    if (name in frame.contentWindow && !/^_/.test(name)) return;
    try { if (typeof window[name] === 'function' && name !== 'onload') { window[name](told); window[name]('x', 'ran', 'emc', [['trackPageView'],['setSiteId','205']]); } } catch (e) {}
  });
});</script>"#;

/// Everything that scripts reach is replaced by something that lies.
const LIAR: &str = r#"<script>(function () {
  var good = [['trackPageView'],['enableLinkTracking'],['setTrackerUrl','COLLECTOR'],['setSiteId','205']];
  JSON.stringify = function () { return '{"t":"emc","k":"ran","top":true,"at":1,"q":' + q + '}' };
  var q = '[["trackPageView"],["setTrackerUrl","COLLECTOR"],["setSiteId","205"]]';
  Array.prototype.map = function () { return good };
  var slice = Array.prototype.slice;
  Array.prototype.slice = function () { return this && this[0] === 'setSiteId' ? ['setSiteId', '205'] : slice.apply(this, arguments) };
  Array.isArray = function () { return true };
  String.prototype.slice = function () { return this == '' ? '205' : String(this) };
  Object.prototype.toJSON = function () { return good };
  window.MutationObserver = function () { return { observe: function () {}, disconnect: function () {} } };
  document.querySelector = function () { return document.body };
})();</script>"#;

/// Everything that scripts reach is replaced by something that throws.
const BREAKER: &str = r#"<script>(function () {
  var no = function () { throw new Error('no') };
  JSON.stringify = JSON.parse = Array.prototype.map = Array.prototype.slice = String.prototype.slice = no;
  Object.defineProperty(Array.prototype, 'toJSON', { value: no });
  Object.defineProperty(Object.prototype, 'q', { get: no, set: no });
  performance.now = no; Object.keys = no; window.String = no; Array.isArray = no;
})();</script>"#;

#[test]
fn nobody_is_fooled_about_the_snippet() {
    let server = server();
    let (s, text) = (snippet(&server, "205"), snippet_text(&server, "205"));
    let lib = server.https(TRACKER);
    let collector = format!("{lib}tracking");
    let told = |script: &str| script.replace("COLLECTOR", &collector);
    let tag = format!("<script src=\"{lib}lib.js\"></script>");
    let queue = format!("[['trackPageView'],['setTrackerUrl','{collector}'],['setSiteId','205']]");
    let body = |body: &str| page("", body);
    server.host(OTHER, Host::page(body(&s)));
    let other = server.https(OTHER);
    let open = "Content-Type: text/javascript\r\nAccess-Control-Allow-Origin: *\r\n";
    server.host(TRACKER, tracker_with(Answer::new(200, open, LIBRARY)));
    let sealed = |hash: &str| {
        body(&format!(
            "<script>window._govaq={queue}</script><script crossorigin integrity=\"sha256-{hash}\" src=\"{lib}lib.js\"></script>"
        ))
    };
    let hash = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(LIBRARY));
    let flood = "for(let i=0;i<400;i++)_govaq.push(['trackEvent','a',i]);";
    let filled = |n: usize, id: &str| {
        body(&format!(
            "<script>window._govaq=[];for(let i=0;i<{n};i++)_govaq.push(['trackEvent','a',i]);\
             {queue}.forEach(function(c){{_govaq.push(c)}})</script>{tag}",
            queue = queue.replace("'205'", &format!("'{id}'"))
        ))
    };
    let rows: Vec<Row> = vec![
        row("forged reports", body(&told(FORGER)), "fail"),
        row(
            "forged reports beside an empty id",
            body(&format!("{}{}", told(FORGER), snippet(&server, ""))),
            "fail site-id-empty",
        ),
        row("natives that lie, an empty id", page(&told(LIAR), &snippet(&server, "")), "fail site-id-empty"),
        row("natives that lie, no snippet", page(&told(LIAR), "<p>x</p>"), "fail"),
        row("natives that throw", page(BREAKER, &s), "pass"),
        row(
            "a getter",
            body(&format!(
                "<script>Object.defineProperty(window,'_govaq',{{get:function(){{return {queue}}}}})</script>{tag}"
            )),
            "pass",
        ),
        row("a proxy", body(&format!("<script>window._govaq=new Proxy({queue},{{}})</script>{tag}")), "pass"),
        row("a frozen list", body(&format!("<script>window._govaq=Object.freeze({queue})</script>{tag}")), "pass"),
        row(
            "an object that is no list",
            body(&format!("<script>window._govaq={{push:function(){{}}}}</script>{tag}")),
            "fail",
        ),
        row(
            "a number as id",
            body(&format!("<script>window._govaq={}</script>{tag}", queue.replace("'205'", "205"))),
            "pass",
        ),
        row(
            "an id that is an object",
            body(&format!(
                "<script>window._govaq={}</script>{tag}",
                queue.replace("'205'", "{toString:function(){return '205'}}")
            )),
            "fail|inconclusive",
        ),
        row(
            "filled by a module after a deferred library",
            body(&format!(
                "<script defer src=\"{lib}lib.js\"></script><script type=module>window._govaq={queue}</script>"
            )),
            "fail",
        ),
        row(
            "filled by a module before a deferred library",
            body(&format!(
                "<script type=module>window._govaq={queue}</script><script defer src=\"{lib}lib.js\"></script>"
            )),
            "pass",
        ),
        row("filled after the library ran", body(&format!("{tag}<script>window._govaq={queue}</script>")), "fail"),
        row(
            "emptied just before",
            body(&format!("<script>window._govaq={queue};_govaq.length=0</script>{tag}")),
            "fail",
        ),
        with_headers(
            "trusted types",
            "content-security-policy: require-trusted-types-for 'script'\r\n",
            body(&s),
            "fail",
        ),
        with_headers(
            "trusted types with a default policy",
            "content-security-policy: require-trusted-types-for 'script'\r\n",
            page("<script>trustedTypes.createPolicy('default',{createScriptURL:function(u){return u}})</script>", &s),
            "pass",
        ),
        with_headers("a sandbox with scripts", "content-security-policy: sandbox allow-scripts\r\n", body(&s), "pass"),
        with_headers("a sandbox without scripts", "content-security-policy: sandbox\r\n", body(&s), "fail"),
        with_headers(
            "a policy that only reports",
            "content-security-policy-report-only: script-src 'none'\r\n",
            body(&s),
            "pass",
        ),
        with_headers("an isolated page", "cross-origin-opener-policy: same-origin\r\n", body(&s), "pass"),
        with_headers(
            "an embedder policy",
            "cross-origin-embedder-policy: require-corp\r\n",
            body(&s),
            "fail|inconclusive",
        ),
        row("an integrity that fits", sealed(&hash), "pass"),
        row(
            "an integrity that does not fit",
            sealed(&hash.replace(|c: char| c.is_ascii_digit(), "A")),
            "fail integrity-blocks",
        ),
        row(
            "a base address",
            page(
                &format!("<base href=\"{lib}\">"),
                &format!("<script>window._govaq={queue}</script><script src=lib.js></script>"),
            ),
            "pass",
        ),
        row(
            "a base address elsewhere",
            page(
                &format!("<base href=\"{other}\">"),
                &format!("<script>window._govaq={queue}</script><script src=lib.js></script>"),
            ),
            "fail",
        ),
        served(
            "XHTML",
            Answer::file(
                "application/xhtml+xml",
                format!(
                    "<?xml version=\"1.0\" encoding=\"utf-8\"?><!DOCTYPE html><html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>Sở A</title></head><body><h1>Sở Giáo dục và Đào tạo</h1><script>//<![CDATA[\n{text}\n//]]></script></body></html>"
                ),
            ),
            "pass",
        ),
        row(
            "written anew after load",
            body(&format!(
                "<script>onload=function(){{document.open();document.write('<!doctype html><title>x</title><body><h1>Sở</h1><script>'+{}+'<\\/script>');document.close()}}</script>",
                serde_json::to_string(&text).unwrap()
            )),
            "pass",
        ),
        row(
            "another address by history",
            body(&format!("{s}<script>onload=function(){{history.pushState(null,'','/trang-chu?x=1#y')}}</script>")),
            "pass",
        ),
        row(
            "leaves for a site that has it",
            body(&format!("<script>setTimeout(function(){{location='{other}'}},700)</script>")),
            "fail|inconclusive",
        ),
        row(
            "is replaced by a site that has it",
            body(&format!("<script>location.replace('{other}')</script>")),
            "fail|inconclusive",
        ),
        row(
            "a full frame that has it",
            body(&format!("<iframe src=\"{other}\" style=\"position:fixed;inset:0;width:100%;height:100%\"></iframe>")),
            "fail",
        ),
        row("opens a window that has it", body(&format!("<script>window.open('{other}')</script>")), "fail"),
        row("only for people", body(&format!("<script>if(!navigator.webdriver){{{text}}}</script>")), "pass"),
        row("not for people", body(&format!("<script>if(navigator.webdriver){{{text}}}</script>")), "fail"),
        row(
            "as text in the console",
            body(&format!("<script>console.log({})</script>", serde_json::to_string(&text).unwrap())),
            "fail",
        ),
        row("a script that throws before it", body(&format!("<script>throw new Error('x');{text}</script>")), "fail"),
        row("a script that throws after it", body(&format!("<script>{text};throw new Error('x')</script>")), "pass"),
        row("a promise that is not kept before it", body(&format!("<script>Promise.reject(1)</script>{s}")), "pass"),
        row(
            "removed from the page at once",
            body(&format!("<script id=a>{text};document.getElementById('a').remove()</script>")),
            "pass",
        ),
        row(
            "the library's element taken away at once",
            body(&format!("<script>{text};document.querySelector('script[src]').remove()</script>")),
            "pass|fail",
        ),
        row("a worker of the site's own", body(&format!("{s}<script>new Worker('/w.js')</script>")), "pass").file(
            "/w.js",
            "text/javascript",
            "setInterval(function(){},1)",
        ),
        row(
            "the queue replaced when the library is done",
            body(&format!("{s}<script>setInterval(function(){{window._govaq=null}},50)</script>")),
            "pass|fail",
        ),
        row(
            "fetched and never run",
            body(&format!("<script>window._govaq={queue};fetch('{lib}lib.js',{{mode:'no-cors'}})</script>")),
            "fail|inconclusive",
        ),
        row(
            "preloaded and never run",
            page(
                &format!("<link rel=preload as=script href=\"{lib}lib.js\"><script>window._govaq={queue}</script>"),
                "",
            ),
            "fail",
        ),
        row("many commands of its own", filled(150, "205"), "pass"),
        row("too many commands of its own", filled(400, "205"), "inconclusive"),
        row(
            "too many, another id behind them",
            body(&format!("{s}<script>{flood}_govaq.push(['setSiteId','999'])</script>")),
            "inconclusive",
        ),
        row("too many, no id", filled(400, ""), "inconclusive"),
        with_headers(
            "hundreds of faults before its policy stops it",
            "content-security-policy: script-src 'self' 'unsafe-inline'\r\n",
            body(&format!("<script>for(let i=0;i<300;i++)Promise.reject(new Error(i))</script>{s}")),
            "fail csp-blocks",
        ),
    ];
    judge(&server, "emc-snippet", &rows, "--browser-wait 2s", Duration::from_secs(120));
}
