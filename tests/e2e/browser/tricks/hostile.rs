//! Pages that would hang, crash, flood or leave whoever looks at them. Their own verdict may stay open; the others of
//! the run are judged as if they were not there.

use std::time::Duration;

use super::{OTHER, Row, judge, row, server, with_headers};
use crate::e2e::browser::{TRACKER, page, snippet};
use crate::e2e::server::Host;

/// Its own snippet is right: it is seen, or nothing is said.
const OPEN: &str = "pass|inconclusive";

#[test]
fn a_page_that_resists_costs_only_itself() {
    let server = server();
    let s = snippet(&server, "205");
    let other = server.https(OTHER);
    server.host(OTHER, Host::page(page("", "<p>x</p>")));
    let lib = server.https(TRACKER);
    let script = |code: &str| page("", &format!("{s}<script>{code}</script>"));
    let early = |code: &str| page(&format!("<script>{code}</script>"), &s);
    let rows: Vec<Row> = vec![
        row("good, first", page("", &s), "pass"),
        row("a debugger statement", script("setInterval(function(){debugger},10)"), "pass"),
        row("alerts for ever", script("setInterval(function(){alert(1);confirm(2);prompt(3)},1)"), OPEN),
        row("alerts in a loop", script("onload=function(){for(;;)alert(1)}"), OPEN),
        row(
            "asks before leaving",
            script("onbeforeunload=function(e){e.preventDefault();return 'x'};location='/next'"),
            OPEN,
        ),
        row("prints", script("setInterval(function(){print()},50)"), "pass"),
        row(
            "full screen and pointer lock",
            script(
                "onclick=onmousemove=onkeydown=function(){document.body.requestFullscreen();document.body.requestPointerLock()};document.body.click()",
            ),
            "pass",
        ),
        row(
            "file pickers",
            page(
                "",
                &format!(
                    "{s}<input type=file id=f><script>onclick=onmousemove=onkeydown=function(){{f.click();window.showOpenFilePicker&&showOpenFilePicker()}}</script>"
                ),
            ),
            "pass",
        ),
        row(
            "downloads",
            page(
                "",
                &format!(
                    "{s}<a id=a download=x href=\"data:application/octet-stream,xxxx\">x</a><script>setInterval(function(){{a.click()}},50)</script>"
                ),
            ),
            "pass",
        ),
        row(
            "closes itself",
            script("onload=function(){window.close();setInterval(function(){window.close()},50)}"),
            OPEN,
        ),
        row("opens windows", script("setInterval(function(){open('/');open('about:blank')},20)"), OPEN),
        row("reloads for ever", script("onload=function(){location.reload()}"), OPEN),
        row("reloads at once", early("location.reload()"), OPEN),
        row("refreshes to itself", page("<meta http-equiv=refresh content=\"0\">", &s), OPEN),
        row(
            "refreshes to a longer address",
            script("onload=function(){location=location.pathname+'?'+Math.random()}"),
            OPEN,
        ),
        row(
            "goes back and forth",
            script(
                "onload=function(){history.pushState(1,'','/a');history.back();setInterval(function(){history.go(-1);history.forward()},5)}",
            ),
            OPEN,
        ),
        row("goes to a blank page", script("location='about:blank'"), OPEN),
        row(
            "goes to a scheme of its own",
            script("setInterval(function(){location='tel:113';location='rasoat:x'},10)"),
            "pass",
        ),
        row("goes to the browser's own pages", script("location='chrome://version'"), OPEN),
        row("leaves after a while", script(&format!("setTimeout(function(){{location='{other}'}},900)")), OPEN),
        row("a loop", script("onload=function(){for(;;);}"), OPEN),
        row("a loop before anything", early("for(;;);"), OPEN),
        row(
            "a loop in assembly",
            script(
                "WebAssembly.instantiate(new Uint8Array([0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,5,1,1,97,0,0,10,9,1,7,0,3,64,12,0,11,11])).then(function(m){m.instance.exports.a()})",
            ),
            OPEN,
        ),
        row("a loop of promises", script("onload=function(){(function f(){Promise.resolve().then(f)})()}"), OPEN),
        row(
            "all memory",
            script("onload=function(){var a=[];for(;;)a.push(new Array(1e6).fill(Math.random()))}"),
            OPEN,
        ),
        row(
            "a huge tree",
            script(
                "var h='';for(var i=0;i<2e5;i++)h+='<b>x</b>';document.body.insertAdjacentHTML('beforeend','<div style=\"height:9px;overflow:hidden\">'+h+'</div>')",
            ),
            OPEN,
        ),
        row(
            "a deep tree",
            script("var e=document.body;for(var i=0;i<20000;i++)e=e.appendChild(document.createElement('div'))"),
            OPEN,
        ),
        row("a huge text", script("document.body.append('x'.repeat(5e7))"), OPEN),
        row(
            "many frames",
            script("for(var i=0;i<2000;i++)document.body.append(document.createElement('iframe'))"),
            OPEN,
        ),
        row(
            "many workers",
            script(
                "var u=URL.createObjectURL(new Blob(['setInterval(function(){},1)']));for(var i=0;i<60;i++)new Worker(u)",
            ),
            OPEN,
        ),
        row(
            "a flood of messages",
            script("setInterval(function(){for(var i=0;i<2000;i++)console.log('x'.repeat(500),{a:i})},1)"),
            OPEN,
        ),
        row(
            "a flood of errors",
            script(
                "setInterval(function(){for(var i=0;i<300;i++)setTimeout(function(){throw new Error('x'.repeat(3000))})},1)",
            ),
            OPEN,
        ),
        row(
            "a flood of requests",
            script("setInterval(function(){for(var i=0;i<30;i++)fetch('/'+Math.random()).catch(function(){})},5)"),
            OPEN,
        ),
        row(
            "a flood of addresses",
            script("setInterval(function(){for(var i=0;i<30;i++)history.replaceState(i,'','/'+i)},1)"),
            OPEN,
        ),
        row(
            "a flood of changes",
            script(
                "setInterval(function(){for(var i=0;i<500;i++)document.body.append(document.createElement('p'))},1)",
            ),
            OPEN,
        ),
        row(
            "commands without end",
            script("setInterval(function(){for(var i=0;i<5000;i++)_govaq.push(['x'.repeat(900)])},1)"),
            OPEN,
        ),
        row(
            "counts without end",
            script(&format!(
                "setInterval(function(){{for(var i=0;i<50;i++)navigator.sendBeacon('{lib}tracking','x')}},1)"
            )),
            OPEN,
        ),
        row(
            "pictures without end",
            script(
                "(function f(){requestAnimationFrame(f);document.body.style.transform='rotate('+Math.random()+'deg)'})()",
            ),
            OPEN,
        ),
        row(
            "a huge canvas and sound",
            script(
                "var c=document.createElement('canvas');c.width=c.height=16000;c.getContext('2d').fillRect(0,0,16000,16000);document.body.append(c);new AudioContext().resume()",
            ),
            OPEN,
        ),
        row(
            "asks for everything",
            script(
                "navigator.geolocation.getCurrentPosition(function(){});Notification.requestPermission();navigator.mediaDevices&&navigator.mediaDevices.getUserMedia({video:true,audio:true}).catch(function(){});navigator.clipboard&&navigator.clipboard.readText().catch(function(){})",
            ),
            "pass",
        ),
        row("a page of ten thousand screens", page("<style>body{height:9000000px}</style>", &s), "pass"),
        with_headers("a refresh by header", "refresh: 0; url=/\r\n", page("", &s), OPEN),
        row("good, last", page("", &s), "pass"),
    ];
    let flags = "--browser-wait 2s --browser-timeout 15s --timeout 8s";
    judge(&server, "emc-snippet", &rows, flags, Duration::from_secs(145));
}
