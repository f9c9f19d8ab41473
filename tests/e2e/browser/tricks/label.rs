//! The label: ways to have it on the page and not before people's eyes, and ways that only look so.

use std::time::Duration;

use super::{Row, judge, row, server};
use crate::e2e::browser::{page, snippet};

/// The words of the label.
const SAYS: &str = "Đã kết nối EMC";

#[test]
fn nobody_is_fooled_about_the_label() {
    let server = server();
    let s = snippet(&server, "205");
    let styled = |css: &str| page(&format!("<style>{css}</style>"), &s);
    let with = |body: &str| page("", &format!("{s}{body}"));
    let own = |body: &str| page("<style>.yhy-append-wrap{display:none!important}</style>", &format!("{s}{body}"));
    let wrap = |rules: &str| styled(&format!(".yhy-append-wrap{{{rules}}}"));
    let text = |rules: &str| styled(&format!(".yhy-append-txt{{{rules}}}"));
    let script = |code: &str| {
        with(&format!(
            "<script>onload=function(){{setTimeout(function(){{var w=document.querySelector('.yhy-append-wrap'),b=document.body;{code}}},100)}}</script>"
        ))
    };
    let liar = "<script>Element.prototype.checkVisibility=function(){return true};window.getComputedStyle=function(){return {display:'block',visibility:'visible',opacity:'1',getPropertyValue:function(){return ''}}};\
        Element.prototype.getBoundingClientRect=function(){return {left:10,top:10,right:200,bottom:40,width:190,height:30,x:10,y:10}};Element.prototype.getClientRects=function(){return [this.getBoundingClientRect()]};\
        Document.prototype.elementsFromPoint=function(){return [document.querySelector('#btnEMC')]};document.elementFromPoint=function(){return document.querySelector('#btnEMC')}</script>";
    let mut rows: Vec<Row> = vec![
        row(
            "natives that lie",
            page(&format!("{liar}<style>.yhy-append-wrap{{display:none!important}}</style>"), &s),
            "fail label-hidden",
        ),
        row("shrunk to nothing", wrap("transform:scale(0)"), "fail label-hidden"),
        row("shrunk to a dot", wrap("transform:scale(.01)"), "fail label-hidden"),
        row("moved away by transform", wrap("transform:translateX(-9999px)"), "fail label-hidden"),
        row("turned on its edge", wrap("transform:rotateY(90deg)"), "fail label-hidden"),
        row(
            "a drawing of its own with space between its lines",
            own(&format!("<svg width=300 height=40 role=img aria-label='{SAYS}'><text y=20>EMC</text></svg>")),
            "pass",
        ),
        row(
            "a drawing that holds nothing",
            own(&format!("<svg width=300 height=40><title>{SAYS}</title></svg>")),
            "fail label-hidden",
        ),
        row("zoomed away", wrap("zoom:.01"), "fail label-hidden"),
        row("behind a mask", wrap("mask-image:linear-gradient(transparent,transparent)"), "fail label-hidden"),
        row("clipped by a circle", wrap("clip-path:circle(0)"), "fail label-hidden"),
        row(
            "clipped by an animation",
            styled("@keyframes k{to{clip-path:inset(100%)}}.yhy-append-wrap{animation:k .2s forwards}"),
            "fail label-hidden",
        ),
        row(
            "faded by an animation",
            styled("@keyframes k{to{opacity:0}}.yhy-append-wrap{animation:k .2s forwards}"),
            "fail label-hidden",
        ),
        row(
            "faded in by an animation",
            styled("@keyframes k{from{opacity:0}}.yhy-append-wrap{animation:k .5s}"),
            "pass",
        ),
        row(
            "removed after thirty thousand changes",
            script("for(let i=0;i<30000;i++)b.append(document.createElement('i'));w.remove()"),
            // A busy machine may not come to the end of so many; it must not say pass.
            "fail|inconclusive",
        ),
        row(
            "there before and after thirty thousand changes",
            script("for(let i=0;i<30000;i++)b.append(document.createElement('i'));b.append(w)"),
            "pass|inconclusive",
        ),
        row("wider than a picture of it", wrap("width:3000px;filter:contrast(1.1)"), "pass"),
        row("almost transparent", wrap("opacity:.02"), "fail label-hidden"),
        row(
            "many faint layers",
            styled("body,.yhy-append-wrap,.yhy-append,.yhy-append-btn,.yhy-append-txt{opacity:.4!important}"),
            "fail|inconclusive",
        ),
        row("filtered away", wrap("filter:opacity(0)"), "fail label-hidden"),
        row("blurred", wrap("filter:blur(30px)"), "fail label-hidden"),
        row(
            "brightened to white",
            styled(".yhy-append-wrap{filter:brightness(100)}#yhy-append *{color:#888!important}"),
            "fail label-hidden",
        ),
        row(
            "blended into white",
            styled("body{background:#fff}.yhy-append-wrap{mix-blend-mode:screen}"),
            "fail label-hidden",
        ),
        row(
            "colour of the ground",
            styled("body{background:#fff}#yhy-append *{color:#fff!important}"),
            "fail label-hidden",
        ),
        row(
            "one step from the ground",
            styled("body{background:#fff}#yhy-append *{color:#fefefe!important}"),
            "fail label-hidden",
        ),
        row("no fill", text("-webkit-text-fill-color:transparent"), "fail label-hidden"),
        row("no letters", text("font-size:0"), "fail label-hidden"),
        row("letters of one pixel", text("font-size:1px"), "fail label-hidden"),
        row("discs for letters", text("-webkit-text-security:disc"), "fail label-hidden|inconclusive"),
        row("letters on one heap", text("letter-spacing:-1em"), "fail label-hidden"),
        row("letters apart", text("letter-spacing:.3em"), "pass"),
        row(
            "indented away",
            text("text-indent:-9999px;display:inline-block;overflow:hidden;white-space:nowrap;width:100px"),
            "fail label-hidden",
        ),
        row("written downwards", wrap("writing-mode:vertical-rl"), "pass"),
        row("no height", wrap("max-height:0;overflow:hidden"), "fail label-hidden"),
        row("left of the page", wrap("position:fixed;left:-500px"), "fail label-hidden"),
        row("below the screen, fixed", wrap("position:fixed;top:2000px"), "fail label-hidden"),
        row("a fixed corner", wrap("position:fixed;right:8px;bottom:8px"), "pass"),
        row("sticky", wrap("position:sticky;bottom:0"), "pass"),
        row(
            "behind the page",
            styled(
                "html{background:#fff}body{background:#fff;position:relative;z-index:0;min-height:900px}.yhy-append-wrap{position:absolute;z-index:-1}main{position:relative}",
            ),
            "pass",
        ),
        row("no pointer", wrap("pointer-events:none;user-select:none"), "pass"),
        row("drawn when needed", wrap("content-visibility:auto"), "pass"),
        row("print only", styled("@media print{.yhy-append-wrap{display:none}}"), "pass"),
        row("inert", script("b.inert=true"), "pass"),
        row("a popover", script("w.popover='auto'"), "fail label-hidden"),
        row("an open popover", script("w.popover='manual';w.showPopover()"), "pass"),
        row(
            "a closed section",
            script("var d=document.createElement('details');b.append(d);d.append(w)"),
            "fail label-hidden",
        ),
        row(
            "a strip that scrolls",
            script(
                "var d=document.createElement('div');d.style='height:60px;overflow:auto';d.innerHTML='<p style=height:300px>x</p>';b.append(d);d.append(w)",
            ),
            "pass",
        ),
        row(
            "a strip that does not",
            script(
                "var d=document.createElement('div');d.style='height:60px;overflow:hidden';d.innerHTML='<p style=height:300px>x</p>';b.append(d);d.append(w)",
            ),
            "fail label-hidden",
        ),
        row(
            "a closed shadow tree",
            script("var d=document.createElement('div');b.append(d);d.attachShadow({mode:'closed'}).append(w)"),
            "pass|inconclusive",
        ),
        row(
            "a modal over everything",
            script(
                "var d=document.createElement('dialog');d.style='inset:0;width:100vw;height:100vh;max-width:none;max-height:none;background:#fff';d.textContent='Thông báo';b.append(d);d.showModal();d.oncancel=function(e){e.preventDefault()}",
            ),
            "fail label-hidden",
        ),
        row(
            "a modal that closes",
            script(
                "var d=document.createElement('dialog');d.style='inset:0;width:100vw;height:100vh;max-width:none;max-height:none;background:#fff';d.innerHTML='Thông báo <button onclick=\"this.parentNode.close()\">Đóng</button>';b.append(d);d.showModal()",
            ),
            "pass",
        ),
        row(
            "a frame over everything",
            with(
                "<iframe srcdoc='<body style=background:#fff>x' style='position:fixed;inset:0;width:100%;height:100%;border:0;z-index:99999'></iframe>",
            ),
            "fail label-hidden",
        ),
        row(
            "a clear frame over everything",
            with(
                "<iframe srcdoc='<p>' style='position:fixed;inset:0;width:100%;height:100%;border:0;z-index:99999;pointer-events:none'></iframe>",
            ),
            "pass",
        ),
        row(
            "a canvas over everything",
            with(
                "<canvas id=c style='position:fixed;inset:0;width:100%;height:100%;z-index:9999'></canvas><script>var x=c.getContext('2d');x.fillStyle='#fff';x.fillRect(0,0,999,999)</script>",
            ),
            "fail label-hidden",
        ),
        row("an empty layer over everything", with("<div style='position:fixed;inset:0;z-index:9999'></div>"), "pass"),
        row(
            "its words taken away",
            script("document.querySelector('.yhy-append-txt').textContent=''"),
            "fail|inconclusive",
        ),
        row(
            "other words put in",
            script("document.querySelector('.yhy-append-txt').textContent='Chưa kết nối'"),
            "pass|fail|inconclusive",
        ),
        row("taken away", script("w.remove()"), "fail label-removed"),
        row(
            "taken away as soon as it comes",
            with(
                "<script>new MutationObserver(function(){var w=document.querySelector('.yhy-append-wrap');if(w)w.remove()}).observe(document,{childList:true,subtree:true})</script>",
            ),
            "fail label-removed",
        ),
        row(
            "taken away when a person scrolls",
            with(
                "<div style=height:3000px></div><script>addEventListener('scroll',function(){var w=document.querySelector('.yhy-append-wrap');if(w)w.remove()})</script>",
            ),
            "pass|fail",
        ),
        row(
            "the page written anew",
            script("document.open();document.write('<!doctype html><body><h1>Sở');document.close()"),
            "fail label-removed|inconclusive",
        ),
    ];
    rows.extend([
        row("its own, before another element", own(&format!("<style>.emc::before{{content:'{SAYS}'}}</style><p class=emc></p>")), "pass"),
        row("its own, with a blank font", own(&format!("<style>.emc{{font-family:Blank}}</style><p class=emc>{SAYS}</p>")), "pass"),
        row("its own, in pieces", own("<p>Đã <b>kết</b> <i>nối</i> EMC</p>"), "pass"),
        row("its own, letters in wrong order", own("<p>CME iốn tếk ãĐ</p>"), "fail label-hidden"),
        row("its own, denied", own(&format!("<p>{SAYS}: chưa</p>")), "pass|fail label-hidden"),
        row("its own, struck by colour", own(&format!("<p style='color:#fff;background:#fff'>{SAYS}</p>")), "fail label-hidden"),
        row("its own, in a frame", own(&format!("<iframe srcdoc='<p>{SAYS}'></iframe>")), "pass|fail label-hidden"),
        row("its own, a picture that does not come", own(&format!("<img src=/no.png alt='{SAYS}'>")), "pass|fail label-hidden"),
        row("its own, one pixel", own(&format!("<img src='data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7' alt='{SAYS}'>")), "fail label-hidden"),
        row("its own, in a field", own(&format!("<input value='{SAYS}'>")), "pass|fail label-hidden"),
        row("its own, a placeholder", own(&format!("<input placeholder='{SAYS}'>")), "pass|fail label-hidden"),
        row("its own, in a running line", own(&format!("<marquee>{SAYS}</marquee>")), "pass"),
        row("its own, at the end of a long line", own(&format!("<marquee>{} <b>{SAYS}</b></marquee>", "Tin mới. ".repeat(40))), "pass"),
        row("its own, pale in a running line", own(&format!("<marquee style='color:#fff;background:#fff'>{SAYS}</marquee>")), "fail label-hidden"),
        row("its own, in a line without height", own(&format!("<marquee style='height:0'>{SAYS}</marquee>")), "fail label-hidden"),
        row("its own, in a strip that comes by", own(&format!("<style>@keyframes k{{from{{transform:translateX(1400px)}}to{{transform:translateX(-1400px)}}}}</style><div style='overflow:hidden;width:600px'><p style='animation:k 300s linear infinite'>{SAYS}</p></div>")), "pass"),
        row("its own, in a strip that never does", own(&format!("<style>@keyframes k{{from{{transform:translateX(1400px)}}to{{transform:translateX(700px)}}}}</style><div style='overflow:hidden;width:600px'><p style='animation:k 9s linear infinite'>{SAYS}</p></div>")), "fail label-hidden"),
    ]);
    judge(&server, "emc-label", &rows, "--browser-wait 2s", Duration::from_secs(140));
}
