//! What depends on something that the scripts do not tell.

use super::{Page, loads, names};
use crate::snapshot::Doubt;

const S: &str = "q.push(['s'])";

/// The commands of a script in which `S` adds one command to the queue `q`.
fn of(script: &str) -> Vec<String> {
    let text = format!("var _govaq=window._govaq||[],q=_govaq;{}", script.replace("@S", S));
    names(&Page::script(&text).facts())
}

#[test]
fn conditions() {
    let table: &[(&str, &[&str])] = &[
        ("if(Math.random()<.5){@S}", &["s ~Condition"]),
        ("if(navigator.doNotTrack!='1')@S", &["s ~Condition"]),
        ("if(document.cookie.indexOf('consent')>=0){@S}", &["s ~Condition"]),
        ("if(localStorage.getItem('c'))@S", &["s ~Condition"]),
        ("localStorage.getItem('c')&&@S", &["s ~Condition"]),
        ("if(new Date().getHours()>8)@S", &["s ~Condition"]),
        ("if(Math.random()<.5){@S}else{@S}", &["s"]),
        ("Math.random()<.5?@S:@S", &["s"]),
        ("if(Math.random()<.5){@S}else{q.push(['t'])}", &["s ~Condition", "t ~Condition"]),
        ("(function(){if(navigator.webdriver)return;@S})()", &["s ~Condition"]),
        ("(function(){if(navigator.webdriver){return}else{}@S})();q.push(['t'])", &["s ~Condition", "t"]),
        ("function g(){if(navigator.webdriver)throw 1}g();@S", &["s ~Condition"]),
        ("try{if(navigator.webdriver)throw 1}catch(e){}@S", &["s"]),
        ("try{if(navigator.webdriver)throw 1;@S}catch(e){}", &["s ~Condition"]),
        ("for(var i=0;i<3;i++){if(navigator.webdriver)break;@S}", &["s ~Condition", "s ~Condition", "s ~Condition"]),
        ("for(var i=0;i<2;i++){if(navigator.webdriver)continue;}@S", &["s"]),
        ("while(navigator.x){@S}", &["s ~Condition", "s ~Condition"]),
        ("switch(navigator.x){case 1:@S;break;case 2:break}", &["s ~Condition"]),
        ("if(top!==self){}else{@S}", &["s"]),
        ("var ok=navigator.x;if(!ok)return2();@S;function return2(){}", &["s"]),
        ("setTimeout(function(){@S},6000)", &["s ~Condition"]),
        ("setTimeout(function(){@S},navigator.x)", &["s ~Condition"]),
        ("var p=navigator.x?q:[];p.push(['s'])", &["s ~Condition"]),
        ("if(q){@S}", &["s"]),
        ("if(location.hash=='#x')@S", &["s ~Condition"]),
        ("if(typeof foo==='undefined'){@S}", &["s"]),
        ("if(typeof foo!=='undefined'){@S}", &[]),
        ("if('_govaq' in window){@S}", &["s"]),
        ("try{localStorage.setItem('a','b')}catch(e){@S}", &["s ~Condition"]),
        ("try{undefinedThing()}catch(e){@S}", &["s"]),
        ("for(var i=0;i<1;i++){try{if(navigator.x)continue}finally{@S}}", &["s"]),
        ("undefinedThing();@S", &[]),
        ("if(process.env.NODE_ENV==='production'){@S}", &[]),
        ("if(typeof process==='undefined'||process.env.NODE_ENV==='production'){@S}", &["s"]),
        ("null.x;@S", &[]),
        ("document.getElementById('x').value;@S", &["s ~Condition"]),
        ("q.push(['s'].concat(navigator.x))", &["s ?"]),
    ];
    let wrong: Vec<String> = table
        .iter()
        .filter(|(s, want)| of(s) != *want)
        .map(|(s, want)| format!("{s}\n  {:?}\n  wanted {want:?}", of(s)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn handlers() {
    let table: &[(&str, &[&str])] = &[
        ("document.addEventListener('click',function(){@S})", &["s ~Interaction"]),
        ("window.addEventListener('scroll',()=>@S,{passive:true})", &["s ~Interaction"]),
        ("document.addEventListener('cookieConsent',()=>{@S})", &["s ~Interaction"]),
        (
            "['keydown','mousemove','touchstart'].forEach(e=>window.addEventListener(e,f));function f(){@S}",
            &["s ~Interaction"; 3],
        ),
        ("document.onclick=function(){@S}", &["s ~Interaction"]),
        ("window.onscroll=function(){@S}", &["s ~Interaction"]),
        ("document.getElementById('ok').onclick=function(){@S}", &["s ~Interaction"]),
        ("document.querySelector('#ok').addEventListener('click',()=>{@S})", &["s ~Interaction"]),
        ("fetch('/x').then(function(){@S})", &["s ~Callback"]),
        ("fetch('/x').then(r=>r.json()).then(j=>{q.push(['setSiteId',j.id])})", &["setSiteId ? ~Callback"]),
        ("(async()=>{const r=await fetch('/x');@S})()", &["s ~Callback"]),
        ("new MutationObserver(function(){@S}).observe(document,{})", &["s ~Callback"]),
        ("navigator.geolocation.getCurrentPosition(()=>{@S})", &["s ~Callback"]),
        ("var x=new XMLHttpRequest();x.onload=function(){@S};x.send()", &["s ~Callback"]),
        ("var i=new Image();i.onload=function(){@S};i.src='/a.png'", &["s ~Callback"]),
        ("function f(){@S}", &[]),
        ("var f=()=>{@S}", &[]),
        ("var o={f(){@S}}", &[]),
        ("class E{f(){@S}}", &[]),
        ("customElements.define('x-y',class extends HTMLElement{connectedCallback(){@S}})", &["s ~Callback"]),
        ("var m={a(){@S}};m[navigator.x]()", &["s ~Callback"]),
        ("window.onload=function(){@S};window.onload=function(){}", &[]),
        ("window.addEventListener('load',f);window.removeEventListener('load',f);function f(){@S}", &[]),
        ("window.addEventListener('load',()=>document.addEventListener('DOMContentLoaded',()=>{@S}))", &[]),
        ("function*g(){@S}g()", &["s ~Callback"]),
        ("window.onload=function(){document.addEventListener('click',function(){@S})}", &["s ~Interaction"]),
        ("setTimeout(navigator.x?function(){@S}:function(){},0)", &["s ~Condition"]),
        ("setInterval(function(){},10);Promise.reject(1).then(()=>{@S})", &[]),
    ];
    let wrong: Vec<String> = table
        .iter()
        .filter(|(s, want)| of(s) != *want)
        .map(|(s, want)| format!("{s}\n  {:?}\n  wanted {want:?}", of(s)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn unread_scripts() {
    let page = |inline: &str| {
        let text = format!("var _govaq=window._govaq||[],q=_govaq;{}", inline.replace("@S", S));
        names(
            &Page::of(&format!(
                "<html><body><script src=\"https://cdn.example/a.js\"></script><script>{text}</script>"
            ))
            .facts(),
        )
    };
    assert_eq!(page("lib.init(function(){@S})"), ["s ~Callback"]);
    assert_eq!(page("lib.start();@S"), ["s"]);
    assert_eq!(page("if(lib.ok)@S"), ["s ~Condition"]);
    assert_eq!(page("if(process.env.NODE_ENV==='production'){@S}"), ["s ~Condition"]);
    assert_eq!(page("q.push(['setSiteId',SITE])"), ["setSiteId ?"]);
    assert_eq!(page("$('#x').on('click',()=>{@S})"), ["s ~Interaction"]);
    assert_eq!(page("lib.on('consent',()=>{@S})"), ["s ~Callback"]);
    assert_eq!(page("lib.register({run:function(){@S}})"), ["s ~Callback"]);
    assert_eq!(page("$(document).on('click','.x',()=>{@S})"), ["s ~Interaction"]);
    assert_eq!(page("(window.webpackChunk=window.webpackChunk||[]).push([[1],{2:(e,t,n)=>{@S}}])"), ["s ~Callback"]);
}

#[test]
fn doubtful_queues() {
    let doubt = |script: &str| Page::script(script).facts().doubt.map(|(d, _)| d);
    let q = "var _govaq=[['a']];";
    let table = [
        ("", None),
        ("if(navigator.x)_govaq=[]", Some(Doubt::Condition)),
        ("if(navigator.x)_govaq=null", Some(Doubt::Condition)),
        ("if(navigator.x)_govaq.length=0", Some(Doubt::Condition)),
        ("if(navigator.x)_govaq.pop()", Some(Doubt::Condition)),
        ("document.addEventListener('click',()=>{_govaq=[]})", Some(Doubt::Interaction)),
        ("_govaq=navigator.x", Some(Doubt::Value)),
        ("Object.freeze(_govaq)", Some(Doubt::Value)),
        ("fetch('/').then(()=>1);console.log(_govaq)", None),
        ("new Foo2(_govaq)", None),
        ("navigator.sendBeacon('/',_govaq)", Some(Doubt::Callback)),
        ("Object.defineProperty(window,'_govaq',{get(){return []}})", Some(Doubt::Value)),
        ("_govaq=window._govaq||[]", None),
        ("window._govaq=window._govaq||navigator.x", None),
    ];
    for (script, want) in table {
        assert_eq!(doubt(&format!("{q}{script}")), want, "{script}");
    }
    let library = "var g=document.createElement('script');g.src='https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js';document.head.append(g);";
    let late = format!("{library}addEventListener('load',()=>{{window._govaq=[['a']]}})");
    assert_eq!(Page::script(&late).facts().doubt.map(|(d, _)| d), Some(Doubt::Value));
    let kept =
        format!("{q}{library}addEventListener('load',()=>{{window._govaq=window._govaq||[];_govaq.push(['b'])}})");
    assert_eq!(Page::script(&kept).facts().doubt.map(|(d, _)| d), None);
    let adopted = "<html><body><script src=\"https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js\"></script><script>window._govaq=[['a']]</script>";
    assert_eq!(Page::of(adopted).facts().doubt.map(|(d, _)| d), Some(Doubt::Value));
}

#[test]
fn optimisers() {
    let snippet =
        format!("{}<script type=\"litespeed/javascript\">{}</script>", "<html><body>", super::forms::CANONICAL);
    let facts = Page::of(&snippet).facts();
    assert!(names(&facts).iter().all(|n| n.ends_with("~DeferredType")), "{:?}", names(&facts));
    assert_eq!(names(&facts).len(), 4);
    assert_eq!(loads(&facts), ["https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js ~DeferredType"]);
}
