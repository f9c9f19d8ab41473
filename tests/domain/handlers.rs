//! Code in event handler attributes, functions that only scripts nobody read may call, and libraries that race with
//! their queue.

use super::cases::{Case, case, run};
use super::pages::{CALLS, LIBRARY, LOADER, page, page_with, script};

fn row(name: &str, html: impl Into<Vec<u8>>) -> Case {
    case("emc-snippet", name, html)
}

/// A page with a function that holds the snippet, another body tag, and more in its body.
fn init(tag: &str, body: &str) -> String {
    let function =
        format!("<script>function initEmc(){{window._govaq=[{CALLS},['setSiteId','205']];{LOADER}}}</script>");
    page_with(&function, body).replace("<body>", tag)
}

#[test]
fn handler_attributes() {
    let queue = "<script>window._govaq=window._govaq||[];</script>";
    let pushes = format!("<body onload=\"_govaq.push({CALLS},['setSiteId','205']);{LOADER}\">");
    run("code in handler attributes", &[
        row("a function called by the body's onload", init("<body onload=\"initEmc()\">", "")),
        row("the commands in the body's onload", page_with(queue, "").replace("<body>", &pushes)),
        row("a later onload of the window takes its place", init("<body onload=\"initEmc()\">", "<script>window.onload=function(){}</script>")).fails("dead-code"),
        row("the body's onload takes the place of an earlier one", page_with(
            &format!("<script>window.onload=function(){{window._govaq=[{CALLS},['setSiteId','205']];{LOADER}}}</script>"), "").replace("<body>", "<body onload=\"a=1\">")).fails("dead-code"),
        row("a picture's onload", init("<body>", "<img src=/a.png onload=\"initEmc()\">")).open("needs-browser"),
        row("a picture's onerror", init("<body>", "<img src=/a.png onerror=initEmc()>")).open("needs-browser"),
        row("a click", init("<body>", "<button onclick=\"initEmc()\">x</button>")).open("needs-browser"),
        row("in a template", init("<body>", "<template><img onload=\"initEmc()\"></template>")).fails("dead-code"),
        row("in a comment", init("<body>", "<!-- <img onload=\"initEmc()\"> -->")).fails("dead-code"),
        row("a policy with a nonce stops handlers", page_with("<meta http-equiv=content-security-policy content=\"script-src 'nonce-a' https://f-emc.ngsp.gov.vn\">",
            "<script nonce=a>window._govaq=window._govaq||[];</script>").replace("<body>", &pushes)).fails("csp-blocks"),
    ]);
}

#[test]
fn functions_for_scripts_nobody_read() {
    let cdn = "<script src=\"https://cdn.example.org/app.js\"></script>";
    let body = format!("window._govaq=[{CALLS},['setSiteId','205']];{LOADER}");
    run(
        "functions that nothing read calls",
        &[
            row("a declaration, no other script", init("<body>", "")).fails("dead-code"),
            row("a declaration, a script of another host", init("<body>", cdn)).open("needs-browser"),
            row("on window", page(&format!("<script>window.initEmc=function(){{{body}}}</script>{cdn}")))
                .open("needs-browser"),
            row("a variable", page(&format!("<script>var initEmc=()=>{{{body}}}</script>{cdn}"))).open("needs-browser"),
            row("a method", page(&format!("<script>var App={{emc(){{{body}}}}}</script>{cdn}"))).open("needs-browser"),
            row(
                "local to a function",
                page(&format!("<script>(function(){{function initEmc(){{{body}}}}})()</script>{cdn}")),
            )
            .fails("dead-code"),
            row(
                "after return, whoever else there is",
                page(&format!("<script>(function(){{return;{body}}})()</script>{cdn}")),
            )
            .fails("dead-code"),
            row(
                "a spare copy beside a snippet that works",
                page(&format!(
                    "<script>{body}function again(){{window._govaq=[{CALLS},['setSiteId','7']]}}</script>{cdn}"
                )),
            ),
        ],
    );
}

#[test]
fn libraries_that_race() {
    let commands = format!("_govaq.push({CALLS},['setSiteId','205']);");
    let tag = |attributes: &str, queue: &str| {
        page_with(
            &format!("<script {attributes} src=\"{LIBRARY}\"></script>"),
            &format!("<script>{queue}{commands}</script>"),
        )
    };
    run("the library's tag before the queue", &[
        row("async, a new queue", tag("async", "var _govaq=[];")).open("needs-browser"),
        row("async, a new queue on window", tag("async", "window._govaq=[];")).open("needs-browser"),
        row("async, the queue is kept", tag("async", "var _govaq=window._govaq||[];")),
        row("async and defer: async counts", tag("async defer", "var _govaq=[];")).open("needs-browser"),
        row("defer runs after parsing", tag("defer", "var _govaq=[];")),
        row("blocking, the queue is kept", tag("", "var _govaq=window._govaq||[];")).open("needs-browser"),
        row("blocking, a new queue", tag("", "var _govaq=[];")).fails_or_open(),
        row("async behind the queue", page(&format!("<script>var _govaq=[];{commands}</script><script async src=\"{LIBRARY}\"></script>"))),
        row("a new queue after a deferred library has run", page(&format!(
            "<script defer src=\"{LIBRARY}\"></script><script>document.addEventListener('DOMContentLoaded',function(){{window._govaq=[];{commands}}})</script>"))).open("needs-browser"),
    ]);
}

#[test]
fn markup_that_scripts_write() {
    let text = format!("<script>window._govaq=[{CALLS},['setSiteId','205']];{LOADER}</script>");
    let literal = serde_json::to_string(&text).unwrap().replace("</", "<\\/");
    let jquery = "<script src=\"https://cdn.example.org/jquery.js\"></script>";
    run(
        "scripts in markup that a script writes",
        &[
            row("document.write", script(&format!("document.write({literal});"))),
            row(
                "document.write in pieces",
                script(&format!("document.write('<p>');document.write('x</p>');document.write({literal});")),
            ),
            row(
                "document.write into a script that was begun",
                script(&format!("document.write('<scr'+'ipt>');document.write('x');document.write({literal});")),
            )
            .fails_or_open(),
            row("innerHTML", script(&format!("document.querySelector('main').innerHTML={literal};")))
                .fails("in-string"),
            row("insertAdjacentHTML", script(&format!("document.body.insertAdjacentHTML('beforeend',{literal});")))
                .fails("in-string"),
            row("jQuery's append", page(&format!("{jquery}<script>$('head').append({literal});</script>")))
                .open("needs-browser"),
        ],
    );
}
