use super::{Page, loads, names, reasons};
#[test]
fn explore() {
    let c = super::forms::CANONICAL;
    let pages: Vec<(&str, String)> = vec![
        ("gtm first", format!("<html><head><script>(function(w,d,s,l,i){{w[l]=w[l]||[];w[l].push({{'gtm.start':new Date().getTime(),event:'gtm.js'}});var f=d.getElementsByTagName(s)[0],j=d.createElement(s),dl=l!='dataLayer'?'&l='+l:'';j.async=true;j.src='https://www.googletagmanager.com/gtm.js?id='+i+dl;f.parentNode.insertBefore(j,f);}})(window,document,'script','dataLayer','GTM-X');</script><script>{c}</script>")),
        ("ga", format!("<script async src=\"https://www.googletagmanager.com/gtag/js\"></script><script>window.dataLayer = window.dataLayer || []; function gtag(){{dataLayer.push(arguments);}} gtag('js', new Date()); gtag('config', 'G-X');</script><script>{c}</script>")),
        ("missing jquery then snippet same script", format!("<script>$('.x').slick();{c}</script>")),
        ("next", format!("<script>(self.__next_f=self.__next_f||[]).push([0]);self.__next_f.push([2,null])</script><script>self.__next_f.push([1,\"1:HL[{}]\"])</script><script>{c}</script>", c.replace('\n', "\\n").replace('"', "\\\""))),
        ("write", "<script>document.write('<script>var _govaq=[[\"a\"]]<\\/script>')</script>".into()),
        ("consent", format!("<script>function load(){{{c}}} if(document.cookie.match(/c=1/))load(); document.getElementById('ok').addEventListener('click',load)</script>")),
        ("lazy", format!("<script>function load(){{{c}}} var t=setTimeout(load,5000);['scroll','click'].forEach(e=>addEventListener(e,()=>{{clearTimeout(t);load()}},{{once:true}}))</script>")),
        ("id by attr", "<script data-id=\"5\">var _govaq=[];_govaq.push(['setSiteId',document.currentScript.dataset.id]);</script>".into()),
        ("meta", "<script>var _govaq=[];_govaq.push(['setSiteId',document.querySelector('meta[name=emc]').content]);</script>".into()),
        ("ts async", format!("<script>var __awaiter=function(t,a,P,g){{return new (P||(P=Promise))(function(resolve,reject){{function f(v){{try{{step(g.next(v))}}catch(e){{reject(e)}}}}function step(r){{r.done?resolve(r.value):new P(function(q){{q(r.value)}}).then(f)}}step((g=g.apply(t,a||[])).next())}})}};function go(){{return __awaiter(this,void 0,void 0,function*(){{{c}}})}}go()</script>")),
        ("vite", format!("<script type=\"module\">(function(){{const t=document.createElement(\"link\").relList;if(t&&t.supports&&t.supports(\"modulepreload\"))return;for(const o of document.querySelectorAll('link[rel=\"modulepreload\"]'))r(o);new MutationObserver(o=>{{for(const e of o)if(e.type===\"childList\")for(const n of e.addedNodes)r(n)}}).observe(document,{{childList:!0,subtree:!0}});function r(o){{if(o.ep)return;o.ep=!0;fetch(o.href)}}}})();{}</script>", c.replace("var _govaq = window._govaq || []", "const _govaq = window._govaq = window._govaq || []"))),
        ("umd", format!("<script>!function(e,t){{\"object\"==typeof exports&&\"undefined\"!=typeof module?module.exports=t():\"function\"==typeof define&&define.amd?define(t):(e=e||self).Emc=t()}}(this,function(){{return {{init:function(){{{c}}}}}}});Emc.init()</script>", c = c.replace("var _govaq =", "window._govaq ="))),
        ("init var inside fn", format!("<script>window.addEventListener('load',function(){{{c}}})</script>")),
        ("matomo cfg", "<script>var _govaq=window._govaq=window._govaq||[];/* tracker methods */_govaq.push(['trackPageView']);(function(){var u=\"https://f-emc.ngsp.gov.vn/\";_govaq.push(['setTrackerUrl',u+'tracking']);_govaq.push(['setSiteId','33']);var d=document,g=d.createElement('script'),s=d.getElementsByTagName('script')[0];g.async=true;g.src=u+'embed/gov-tracking.min.js';s.parentNode.insertBefore(g,s);})();</script>".into()),
        ("two ids", format!("<script>{c}</script><script>{}</script>", c.replace("205","206"))),
        ("env", format!("<script>if(window.location.hostname!=='localhost'&&!/test/.test(location.hostname)){{{c}}}</script>")),
        ("env2", format!("<script>if(/gov\\.vn$/.test(location.hostname)){{{c}}}</script>")),
        ("angular zone", format!("<script>document.addEventListener('DOMContentLoaded',()=>{{ new (class {{ constructor(){{this.a()}} a(){{ {c} }} }})() }})</script>")),
        ("IE cond", format!("<script>if(window.attachEvent){{attachEvent('onload',f)}}else if(window.addEventListener){{addEventListener('load',f,false)}}else{{document.addEventListener('load',f,false)}}function f(){{{}}}</script>", c.replace("var _govaq","window._govaq"))),
        ("wordpress", "<script type=\"text/javascript\">\n/* <![CDATA[ */\nvar emc = {\"site_id\":\"205\",\"url\":\"https:\\/\\/f-emc.ngsp.gov.vn\\/\"};\n/* ]]> */\n</script><script>var _govaq=_govaq||[];_govaq.push(['trackPageView'],['setSiteId',emc.site_id]);(function(){var g=document.createElement('script');g.src=emc.url+'embed/gov-tracking.min.js';document.getElementsByTagName('head')[0].appendChild(g)})()</script>".into()),
        ("sloppy arguments alias","<script>function push(){ (window._govaq=window._govaq||[]).push(Array.prototype.slice.call(arguments)); } push('trackPageView'); push('setSiteId',205); function gtag(){_govaq.push(arguments)} gtag('a','b')</script>".into()),
        ("proxy fn array", "<script>window._govaq=window._govaq||[];for(var i=0,m=[['a'],['b']];i<m.length;i+=1)_govaq.push(m[i]);var k=['x','y'];for(const [n,v] of Object.entries({s:'1'})) _govaq.push([n,v]); new Map([['a',1]]).forEach((v,k)=>_govaq.push([k,v]))</script>".into()),
        ("json parse", "<script>var cfg=JSON.parse('{\"id\":\"205\"}');var _govaq=[['setSiteId',cfg.id]]</script>".into()),
    ];
    for (name, html) in pages {
        let run = Page::of(&html).run();
        let f = &run.queues["emc"];
        println!(
            "== {name}: faults {} doubt {:?}\n   {:?}\n   {:?}\n   {:?}",
            run.syntax_faults.len(),
            f.doubt.as_ref().map(|d| d.0),
            names(f),
            loads(f),
            reasons(f)
        );
    }
}
