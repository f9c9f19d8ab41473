//! What a page's own scripts put in the way of a snippet: what stands behind it is open, ordinary pages are not.

use super::Page;
use super::configured;
use super::forms::full;
use crate::snapshot::{Certainty, QueueFacts};

const SNIPPET: &str = "<script>window._govaq=[];_govaq.push(@C);@LOAD</script>";

fn facts(before: &str, behind: &str) -> QueueFacts {
    let page = format!("<!doctype html><html><head>{before}{SNIPPET}{behind}</head><body></body></html>");
    Page::of(&full(&page)).facts()
}

/// Whether every command and a load of the library are sure, and nothing is in doubt.
fn is_sure(facts: &QueueFacts) -> bool {
    facts.doubt.is_none()
        && facts.commands.iter().all(|c| c.certainty == Certainty::Sure)
        && facts.loads.iter().any(|l| l.inserted && l.certainty == Certainty::Sure)
}

/// Code before the snippet that may keep it from working.
const HINDERS: &[&str] = &[
    "Node.prototype.insertBefore=function(n){return n}",
    "var p=Node.prototype;p.insertBefore=function(n){return n}",
    "window.Node.prototype['insertBefore']=function(n){return n}",
    "Document.prototype.createElement=function(){return {}}",
    "HTMLDocument.prototype.createElement=function(){return {}}",
    "Document.prototype.getElementsByTagName=function(){return []}",
    "Object.defineProperty(HTMLScriptElement.prototype,'src',{set:function(){}})",
    "Object.defineProperty(HTMLScriptElement.prototype,'src',{get:function(){return ''},set:function(){}})",
    "Object.defineProperties(HTMLScriptElement.prototype,{src:{set:function(){}},type:{set:function(){}}})",
    "Object.assign(Node.prototype,{insertBefore:function(n){return n}})",
    "if(!document.cookie)Node.prototype.insertBefore=function(n){return n}",
    "var o=document.createElement;document.createElement=function(t){var e=o.call(document,t);\
     Object.defineProperty(e,'src',{set:function(v){e.type='javascript/blocked'}});return e}",
    "Array.prototype.push=function(){}",
    "new MutationObserver(function(l){l.forEach(function(m){m.addedNodes.forEach(function(n){\
     if(n.nodeName==='SCRIPT'){n.type='javascript/blocked'}})})}).observe(document.documentElement,{childList:true,subtree:true})",
    "new MutationObserver(l=>{for(const m of l)for(const n of m.addedNodes)if(n.tagName=='SCRIPT')n.remove()})\
     .observe(document,{childList:true,subtree:true})",
];

/// Code of ordinary pages: polyfills, lazy images, measuring, consent that only asks.
const ORDINARY: &[&str] = &[
    "if(!Array.prototype.includes)Array.prototype.includes=function(x){return this.indexOf(x)>=0}",
    "if(!Array.prototype.push)Array.prototype.push=function(){}",
    "Array.prototype.push=Array.prototype.push",
    "if(!Element.prototype.matches){Element.prototype.matches=Element.prototype.msMatchesSelector}",
    "if(!Element.prototype.closest){Element.prototype.closest=function(s){return null}}",
    "[Element.prototype,Document.prototype,DocumentFragment.prototype].forEach(function(i){if(i.hasOwnProperty('append'))return;\
     Object.defineProperty(i,'append',{configurable:true,enumerable:true,writable:true,value:function(){}})})",
    "if(!('remove' in Element.prototype)){Element.prototype.remove=function(){this.parentNode&&this.parentNode.removeChild(this)}}",
    "NodeList.prototype.forEach=NodeList.prototype.forEach||Array.prototype.forEach",
    "HTMLCanvasElement.prototype.toBlob=function(){}",
    "Element.prototype.on=function(n,f){this.addEventListener(n,f)}",
    "var o=Node.prototype.removeChild;Node.prototype.removeChild=function(c){return c.parentNode===this?o.apply(this,arguments):c}",
    "var ok=document.createElement('div') instanceof HTMLElement&&typeof HTMLScriptElement==='function'",
    "new MutationObserver(function(l){l.forEach(function(m){m.addedNodes.forEach(function(n){\
     if(n.dataset&&n.dataset.src){n.src=n.dataset.src}})})}).observe(document.documentElement,{childList:true,subtree:true})",
    "new MutationObserver(function(l){l.forEach(function(m){if(m.type==='childList'){AOS&&AOS.refresh()}})}).observe(document,{childList:true})",
    "new MutationObserver(function(){document.querySelectorAll('.tooltip').forEach(function(n){n.remove()})}).observe(document,{childList:true})",
    "new IntersectionObserver(function(e){e.forEach(function(x){x.target.src=x.target.dataset.src})})",
    "var m=document.createElement('meta');m.httpEquiv='Content-Security-Policy';m.content='upgrade-insecure-requests';\
     document.head.appendChild(m)",
    "var m=document.createElement('meta');m.name='viewport';m.content='width=device-width';document.head.appendChild(m)",
    "document.write('<meta name=\"robots\" content=\"script-src\">')",
];

#[test]
fn what_stands_in_the_way_leaves_open_what_comes_behind_it() {
    for code in HINDERS {
        let script = format!("<script>{code}</script>");
        let behind = facts(&script, "");
        assert!(!is_sure(&behind), "{code}: {behind:?}");
        // What has begun already is not held up.
        let before = facts("", &script);
        assert!(is_sure(&before), "behind the snippet: {code}: {before:?}");
    }
}

#[test]
fn a_watcher_does_not_reach_back_into_its_own_script() {
    for code in HINDERS.iter().filter(|code| code.contains("MutationObserver")) {
        let page = format!("<html><head><script>{code};window._govaq=[@C];@LOAD</script></head><body></body></html>");
        configured(&Page::of(&full(&page)).facts(), "205").unwrap_or_else(|e| panic!("{code}: {e}"));
    }
}

#[test]
fn a_watcher_sees_the_librarys_own_tag() {
    let watcher = HINDERS.iter().find(|code| code.contains("n.remove()")).unwrap();
    let page = |before: &str| {
        let page = format!(
            "<html><head>{before}<script>window._govaq=[@C]</script><script async src=\"https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js\"></script></head></html>"
        );
        Page::of(&full(&page)).facts().loads.first().unwrap().certainty
    };
    assert_eq!(page(""), Certainty::Sure);
    assert_ne!(page(&format!("<script>{watcher}</script>")), Certainty::Sure);
}

#[test]
fn ordinary_pages_are_not_left_open() {
    for code in ORDINARY {
        let facts = facts(&format!("<script>{code}</script>"), "");
        configured(&facts, "205").unwrap_or_else(|e| panic!("{code}: {e}"));
        assert!(is_sure(&facts), "{code}: {facts:?}");
    }
}

#[test]
fn a_policy_that_a_script_adds_binds_what_comes_behind_it() {
    for code in [
        "document.write('<meta http-equiv=\"Content-Security-Policy\" content=\"script-src https://tinh-a.gov.vn\">')",
        "var m=document.createElement('meta');m.httpEquiv='Content-Security-Policy';m.content=\"default-src 'self'\";\
         document.head.appendChild(m)",
        "var m=document.createElement('meta');m.setAttribute('http-equiv','Content-Security-Policy');\
         m.setAttribute('content',\"require-trusted-types-for 'script'\");document.head.appendChild(m)",
    ] {
        let script = format!("<script>{code}</script>");
        assert!(!is_sure(&facts(&script, "")), "{code}");
        assert!(is_sure(&facts("", &script)), "{code}");
    }
}

#[test]
fn a_method_that_a_script_gives_to_elements_may_be_called() {
    let page = "<html><head><script>Element.prototype.emc=function(){window._govaq=[@C];@LOAD}</script></head>\
                <body><script>document.body.emc()</script></body></html>";
    assert!(!Page::of(&full(page)).facts().commands.is_empty());
}

#[test]
fn watchers_without_number_are_no_endless_work() {
    let long = format!("function f(){{/*script {}*/}}", "x.type==1;".repeat(50_000));
    let watchers = "new MutationObserver(f);".repeat(5_000);
    let began = std::time::Instant::now();
    let page = format!("<html><head><script>{long};{watchers}</script>{SNIPPET}</head></html>");
    configured(&Page::of(&full(&page)).facts(), "205").unwrap();
    // Each would read half a million bytes; the allowance of one script lets some do so.
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
}
