//! The genuine snippet in all its forms.

use super::{Page, configured, names};

pub(super) const CANONICAL: &str = "
  var _govaq = window._govaq || [];
  _govaq.push(['trackPageView']);
  _govaq.push(['enableLinkTracking']);
  (function () {
    _govaq.push(['setTrackerUrl', 'https://f-emc.ngsp.gov.vn/tracking']);
    _govaq.push(['setSiteId', '205']);
    var d = document, g = d.createElement('script'), s = d.getElementsByTagName('script')[0];
    g.type = 'text/javascript'; g.async = true; g.defer = true;
    g.src = 'https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js';
    s.parentNode.insertBefore(g, s);
  })();";

const C: &str = "['trackPageView'],['enableLinkTracking'],['setTrackerUrl','https://f-emc.ngsp.gov.vn/tracking'],['setSiteId','205']";
const PUSH: &str = "_govaq.push(['trackPageView'],['enableLinkTracking'],['setTrackerUrl','https://f-emc.ngsp.gov.vn/tracking'],['setSiteId','205']);";
const LOAD: &str = "var d=document,g=d.createElement('script');g.async=!0;g.src='https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js';d.head.appendChild(g);";

/// Every text with `@PUSH`, `@LOAD`, `@C` written out.
pub(super) fn full(text: &str) -> String {
    text.replace("@PUSH", PUSH).replace("@LOAD", LOAD).replace("@C", C)
}

#[test]
fn canonical() {
    let facts = Page::script(CANONICAL).facts();
    configured(&facts, "205").unwrap();
    assert!(facts.mentions.is_empty(), "{:?}", facts.mentions);
    assert_eq!(names(&facts)[0], "trackPageView");
}

#[test]
fn every_way_to_write_it() {
    let ways = [
        "var _govaq=window._govaq||[];@PUSH @LOAD",
        "var _govaq=_govaq||[];@PUSH @LOAD",
        "var _govaq=[@C];@LOAD",
        "window._govaq=[@C];@LOAD",
        "window._govaq=window._govaq||[@C];@LOAD",
        "_govaq=[];@PUSH @LOAD",
        "var _govaq=_govaq||[],a=(@PUSH0,1);@LOAD",
        "(window._govaq=window._govaq||[]).push(@C);@LOAD",
        "window['_govaq']=window['_govaq']||[];window['_govaq']['push'](@C);@LOAD",
        "self._govaq=self._govaq||[];self._govaq.push(@C);@LOAD",
        "globalThis._govaq??=[];_govaq.push(@C);@LOAD",
        "window._govaq||=[];_govaq.push(@C);@LOAD",
        "this._govaq=[];@PUSH @LOAD",
        "var w=window;w._govaq=w._govaq||[];w._govaq.push(@C);@LOAD",
        "var _govaq=window._govaq||[];var q=_govaq;q.push(@C);@LOAD",
        "var _govaq=[];(q=>{q.push(@C)})(_govaq);@LOAD",
        "var _govaq=[];var a={q:_govaq};a.q.push(@C);@LOAD",
        "var _govaq=[];[@C].forEach(c=>_govaq.push(c));@LOAD",
        "var _govaq=[];[@C].forEach(function(c){_govaq.push(c)});@LOAD",
        "var _govaq=[];[@C].map(c=>_govaq.push(c));@LOAD",
        "var _govaq=[];for(const c of [@C])_govaq.push(c);@LOAD",
        "var _govaq=[];var l=[@C];for(var i=0;i<l.length;i++)_govaq.push(l[i]);@LOAD",
        "var _govaq=[],l=[@C];for(var i in l)_govaq.push(l[i]);@LOAD",
        "var _govaq=[],l=[@C],i=0;while(i<l.length){_govaq.push(l[i++])}@LOAD",
        "var _govaq=[],l=[@C];do{_govaq.push(l.shift())}while(l.length);@LOAD",
        "var _govaq=[];_govaq.push(...[@C]);@LOAD",
        "var _govaq=[];_govaq.push.apply(_govaq,[@C]);@LOAD",
        "var _govaq=[];Array.prototype.push.apply(_govaq,[@C]);@LOAD",
        "var _govaq=[];[].push.call(_govaq,@C);@LOAD",
        "var _govaq=[];var p=_govaq.push.bind(_govaq);p(@C);@LOAD",
        "var _govaq=[];_govaq=_govaq.concat([@C]);@LOAD",
        "var _govaq=[];_govaq=[..._govaq,@C];@LOAD",
        "var _govaq=[];[@C].forEach(c=>{_govaq[_govaq.length]=c});@LOAD",
        "var _govaq=[];_govaq.unshift(@C);@LOAD",
        "var _govaq=[];[@C].reduce((q,c)=>(q.push(c),q),_govaq);@LOAD",
        "Object.assign(window,{_govaq:[@C]});@LOAD",
        "Object.defineProperty(window,'_govaq',{value:[@C],writable:true});@LOAD",
        "window._govaq=[];const {_govaq:q}=window;q.push(@C);@LOAD",
        "window._govaq=[];(()=>{const {_govaq}=window;@PUSH @LOAD})()",
        "window._govaq=[];window?._govaq?.push(@C);@LOAD",
        "window[`_gov${'aq'}`]=[@C];@LOAD",
        "window['\\x5fgovaq']=[@C];@LOAD",
        "var \\u005fgovaq=[@C];@LOAD",
        "var k='_govaq';window[k]=window[k]||[];window[k].push(@C);@LOAD",
        "!function(){window._govaq=[];@PUSH @LOAD}()",
        "void function(){window._govaq=[];@PUSH @LOAD}()",
        "+function(){window._govaq=[];@PUSH @LOAD}();",
        "(()=>{window._govaq=[];@PUSH @LOAD})()",
        "(async()=>{window._govaq=[];@PUSH @LOAD})()",
        "(async()=>{await null;window._govaq=[];@PUSH @LOAD})()",
        "(function(){this._govaq=[];@PUSH @LOAD}).call(this)",
        "(function(w,n){w[n]=w[n]||[];w[n].push(@C)})(window,'_govaq');@LOAD",
        "(function(w,d,s,u){w._govaq=[@C];var g=d.createElement(s);g.src=u;var f=d.getElementsByTagName(s)[0];f.parentNode.insertBefore(g,f)})(window,document,'script','https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js');",
        "emc();function emc(){window._govaq=[];@PUSH @LOAD}",
        "function emc(id='205'){window._govaq=[['trackPageView'],['enableLinkTracking'],['setTrackerUrl','https://f-emc.ngsp.gov.vn/tracking'],['setSiteId',id]];@LOAD}emc()",
        "var o={init(){window._govaq=[];this.p()},p:function(){@PUSH @LOAD}};o.init()",
        "class E{constructor(q){this.q=q}init(){this.q.push(@C);@LOAD}}window._govaq=[];new E(_govaq).init()",
        "class B{run(){window._govaq=[];@PUSH @LOAD}}class E extends B{init(){super.run()}}new E().init()",
        "class E{static go(){window._govaq=[];@PUSH @LOAD}}E.go()",
        "class E{q=[@C];#l=1;go(){window._govaq=this.q;@LOAD}}new E().go()",
        "function E(){window._govaq=[]}E.prototype.go=function(){@PUSH @LOAD};new E().go()",
        "var id=205;window._govaq=[['trackPageView'],['enableLinkTracking'],['setTrackerUrl','https://f-emc.ngsp.gov.vn/tracking'],['setSiteId',id]];@LOAD",
        "var u='https://f-emc.ngsp.gov.vn/';var _govaq=[['trackPageView'],['enableLinkTracking'],['setTrackerUrl',u+'tracking'],['setSiteId','2'+'05']];var g=document.createElement('script');g.src=u+'embed/gov-tracking.min.js';document.head.append(g)",
        "var h='f-emc.ngsp.gov.vn';var _govaq=[['trackPageView'],['enableLinkTracking'],['setTrackerUrl',`https://${h}/tracking`],['setSiteId',`${200+5}`]];var g=document.createElement('script');g.src=`https://${h}/embed/gov-tracking.min.js`;document.head.append(g)",
        "a:{window._govaq=[];@PUSH @LOAD break a}",
        "switch(1){case 0:break;case 1:window._govaq=[];@PUSH @LOAD}",
        "try{window._govaq=[];@PUSH @LOAD}catch(e){}",
        "try{throw 1}catch(e){window._govaq=[];@PUSH @LOAD}",
        "try{}finally{window._govaq=[];@PUSH @LOAD}",
        "try{x.y.z}catch{}window._govaq=[];@PUSH @LOAD",
        "with(window){_govaq=[];@PUSH @LOAD}",
        "<!-- old browsers\nvar _govaq=[];@PUSH @LOAD\n//-->",
        "'use strict';window._govaq=[];@PUSH @LOAD",
        "if(true){var _govaq=[];@PUSH @LOAD}",
        "if(!window._govaq){window._govaq=[];@PUSH @LOAD}",
        "if(typeof _govaq==='undefined'){_govaq=[]}@PUSH @LOAD",
        "if(location.protocol==='https:'){var _govaq=[];@PUSH @LOAD}",
        "if(location.hostname==='tinh-a.gov.vn'){var _govaq=[];@PUSH @LOAD}",
        "if(window.location.href.indexOf('localhost')<0){var _govaq=[];@PUSH @LOAD}",
        "if(document.readyState==='loading')document.addEventListener('DOMContentLoaded',f);else f();function f(){window._govaq=[];@PUSH @LOAD}",
        "var t;clearTimeout(t);window._govaq=[];@PUSH @LOAD",
        "eval(\"window._govaq=[]\");@PUSH @LOAD",
        "new Function('window._govaq=[]')();@PUSH @LOAD",
        "[window._govaq]=[[]];@PUSH @LOAD",
        "({q:window._govaq}={q:[]});@PUSH @LOAD",
        "var _govaq=[];var e={1:(m,x,r)=>{@PUSH @LOAD}},c={};function r(i){var m=c[i];if(m!==undefined)return m.exports;m=c[i]={exports:{}};e[i](m,m.exports,r);return m.exports}r(1)",
        "(()=>{var e={123:(e,t,n)=>{n(7)},7:function(e,t){t.a=1;window._govaq=[];@PUSH @LOAD}},t={};function n(r){var a=t[r];if(void 0!==a)return a.exports;var o=t[r]={exports:{}};return e[r].call(o.exports,o,o.exports,n),o.exports}n.d=(e,t)=>{for(var r in t)n.o(t,r)&&!n.o(e,r)&&Object.defineProperty(e,r,{enumerable:!0,get:t[r]})};n.o=(e,t)=>Object.prototype.hasOwnProperty.call(e,t);n(123)})()",
    ];
    let mut failed = Vec::new();
    for way in ways {
        let text = full(&way.replace("@PUSH0", PUSH.trim_end_matches(';')));
        if let Err(found) = configured(&Page::script(&text).facts(), "205") {
            failed.push(format!("{way}\n{found}"));
        }
    }
    assert!(failed.is_empty(), "{} failed:\n{}", failed.len(), failed.join("\n\n"));
}

#[test]
fn by_reflection_and_by_text() {
    let ways = [
        "window._govaq=[];Reflect.apply(Array.prototype.push,_govaq,[@C]);@LOAD",
        "Reflect.set(window,'_govaq',[@C]);@LOAD",
        "Reflect.defineProperty(window,'_govaq',{value:[@C]});@LOAD",
        "window._govaq=[];new Function('q','c','q.push.apply(q,c)')(_govaq,[@C]);@LOAD",
    ];
    for way in ways {
        let found = configured(&Page::script(&full(way)).facts(), "205");
        assert!(found.is_ok() || way.contains("'q','c'"), "{way}: {found:?}");
    }
    let own = full("new Function(\"var _govaq=[@C];@LOAD\".replace(/x/,''))()");
    assert!(configured(&Page::script(&own).facts(), "205").is_err());
}

#[test]
fn later_on_load_is_sure() {
    let ways = [
        "document.addEventListener('DOMContentLoaded',f)",
        "window.addEventListener('DOMContentLoaded',f,{once:true})",
        "window.addEventListener('load',f)",
        "addEventListener('load',f)",
        "window.addEventListener('pageshow',f)",
        "document.addEventListener('readystatechange',()=>{if(document.readyState==='complete')f()})",
        "window.onload=f",
        "onload=f",
        "document.onreadystatechange=function(){if(document.readyState=='interactive')f()}",
        "setTimeout(f,0)",
        "setTimeout(f)",
        "setTimeout(f,3000)",
        "setTimeout('f()',100)",
        "setTimeout(()=>setTimeout(f,10),10)",
        "var t=setInterval(function(){clearInterval(t);f()},100)",
        "requestAnimationFrame(f)",
        "requestIdleCallback(f)",
        "queueMicrotask(f)",
        "Promise.resolve().then(f)",
        "Promise.resolve(1).then(()=>2).then(f)",
        "new Promise(r=>setTimeout(r,100)).then(f)",
        "new Promise(function(r){r()}).then(f)",
        "(async()=>{await 0;f()})().then(()=>1)",
        "window.onload=function(){setTimeout(f,100)}",
        "window.setTimeout(f.bind(null),5)",
        "if(document.readyState!=='loading'){f()}else{document.addEventListener('DOMContentLoaded',f)}",
        "if(document.readyState==='complete')f();else window.addEventListener('load',f)",
        "if(window.addEventListener)addEventListener('load',f);else window.attachEvent('onload',f)",
    ];
    let mut failed = Vec::new();
    for way in ways {
        let text = full(&format!("function f(){{window._govaq=window._govaq||[];@PUSH @LOAD}} {way}"));
        if let Err(found) = configured(&Page::script(&text).facts(), "205") {
            failed.push(format!("{way}\n{found}"));
        }
    }
    for way in [
        "$(f)",
        "jQuery(f)",
        "$(document).ready(f)",
        "jQuery(function($){f()})",
        "$(window).on('load',f)",
        "$(window).load(f)",
    ] {
        let text = full(&format!("function f(){{window._govaq=window._govaq||[];@PUSH @LOAD}} {way}"));
        let page = Page::of(&format!(
            "<html><body><script src=\"https://cdn.example/jquery.js\"></script><script>{text}</script>"
        ));
        if let Err(found) = configured(&page.facts(), "205") {
            failed.push(format!("{way}\n{found}"));
        }
    }
    assert!(failed.is_empty(), "{} failed:\n{}", failed.len(), failed.join("\n\n"));
}

#[test]
fn across_scripts() {
    let pages = [
        "<script>var ID='205'</script><script>var _govaq=[['trackPageView'],['enableLinkTracking'],['setTrackerUrl','https://f-emc.ngsp.gov.vn/tracking'],['setSiteId',ID]];@LOAD</script>",
        "<script>const ID='205'</script><script>var _govaq=[['trackPageView'],['enableLinkTracking'],['setTrackerUrl','https://f-emc.ngsp.gov.vn/tracking'],['setSiteId',ID]];@LOAD</script>",
        "<script>setTimeout(function(){window._govaq=[['trackPageView'],['enableLinkTracking'],['setTrackerUrl','https://f-emc.ngsp.gov.vn/tracking'],['setSiteId',ID]];@LOAD})</script><script>let ID=205</script>",
        "<script>var _govaq=[];@PUSH</script><script>@LOAD</script>",
        "<script>@LOAD</script><script>var _govaq=[];@PUSH</script>",
        "<script>throw 1</script><script>var _govaq=[];@PUSH @LOAD</script>",
        "<script>var _govaq=[];@PUSH</script><script>var _govaq=window._govaq||[];@LOAD</script>",
        "<script>var _govaq=[];@PUSH</script><script>var _govaq;@LOAD</script>",
        "<script type=\"module\">window._govaq=[];window.@PUSH @LOAD</script>",
        "<script type=\"module\">export function go(){window._govaq=[];window.@PUSH @LOAD} go()</script>",
        "<script>function go(){window._govaq=[];@PUSH @LOAD}</script><script>go()</script>",
        "<script>var app={start:function(){window._govaq=[];@PUSH @LOAD}}</script><script>window.onload=app.start</script>",
        "<script type=\"text/javascript\">var _govaq=[];@PUSH @LOAD</script>",
        "<script>var _govaq=[];@PUSH</script><script src=\"https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js\"></script>",
        "<script src=\"https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js\" async></script><script>window._govaq=window._govaq||[];@PUSH</script>",
    ];
    let mut failed = Vec::new();
    for page in pages {
        if let Err(found) = configured(&Page::of(&format!("<html><body>{}", full(page))).facts(), "205") {
            failed.push(format!("{page}\n{found}"));
        }
    }
    let file = Page::of("<html><head><script src=\"/js/emc.js\"></script></head>").file("/js/emc.js", CANONICAL);
    configured(&file.facts(), "205").unwrap();
    let defer = Page::of("<html><head><script defer src=\"/js/emc.js\"></script></head>").file("/js/emc.js", CANONICAL);
    configured(&defer.facts(), "205").unwrap();
    assert!(failed.is_empty(), "{} failed:\n{}", failed.len(), failed.join("\n\n"));
}

#[test]
fn assumed_address_tells_the_scheme_only() {
    let text = full(
        "var u=('https:'==location.protocol?'https':'http')+'://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js';var _govaq=[];@PUSH var g=document.createElement('script');g.src=u;document.head.appendChild(g)",
    );
    configured(&Page::script(&text).assumed().facts(), "205").unwrap();
    let facts = Page::script(&text).at("http://tinh-a.gov.vn/").facts();
    assert_eq!(super::page::loads(&facts), ["http://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js"]);
    let text = full("if(location.hostname=='tinh-a.gov.vn'){var _govaq=[];@PUSH @LOAD}");
    assert!(names(&Page::script(&text).assumed().facts())[0].ends_with("~Condition"));
}
