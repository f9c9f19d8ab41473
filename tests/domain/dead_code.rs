//! Text that looks like the snippet and does nothing: comments, data, other hosts' words, dead code, queues that
//! the library never finds.

use super::cases::{Case, case, run};
use super::pages::{CALLS, LIBRARY, LOADER, code, connected, in_script, page, page_with, script, snippet, styled};

fn row(name: &str, html: impl Into<Vec<u8>>) -> Case {
    case("emc-snippet", name, html)
}

#[test]
fn not_run_by_any_browser() {
    let s = snippet("205");
    let queue = format!("window._govaq=[{CALLS},['setSiteId','205']];");
    run(
        "markup that keeps the script from running",
        &[
            row(
                "in an HTML comment, with a forced label and an empty id",
                page_with("<style>#yhy-append{display:block!important}</style>", &format!("<!-- {} -->", snippet(""))),
            )
            .fails("in-comment")
            .reached("text"),
            row("in a comment that is never closed", page(&format!("<!-- {s}"))).fails("in-comment"),
            row("in a conditional comment for old browsers", page(&format!("<!--[if lt IE 9]>{s}<![endif]-->")))
                .fails("in-comment"),
            row("in noscript", page(&format!("<noscript>{s}</noscript>"))).fails("in-noscript"),
            row("in noscript in head", page_with(&format!("<noscript>{s}</noscript>"), "")).fails("in-noscript"),
            row("in a template", page(&format!("<template>{s}</template>"))).fails("in-template"),
            row("in a text area", page(&format!("<textarea>{s}</textarea>"))).fails("snippet-missing"),
            row("in an iframe's fall-back text", page(&format!("<iframe src=/a.html>{s}</iframe>")))
                .fails("snippet-missing"),
            row("as escaped text in an article", page(&format!("<pre>{}</pre>", s.replace('<', "&lt;"))))
                .fails("snippet-missing"),
            row("in a srcdoc frame only", page(&format!("<iframe srcdoc=\"{}\"></iframe>", s.replace('"', "&quot;"))))
                .fails("snippet-missing"),
            row("type with a charset", in_script("type=\"text/javascript; charset=utf-8\"")).fails("script-type"),
            row(
                "text/plain until consent is given",
                in_script("type=\"text/plain\" data-cookieconsent=\"statistics\""),
            )
            .fails("script-type"),
            row("a JSON block", in_script("type=\"application/json\"")).fails("script-type"),
            row("a template type", in_script("type=\"text/x-handlebars-template\"")).fails("script-type"),
            row("language vbscript", in_script("language=vbscript")).fails("script-type"),
            row("nomodule", in_script("nomodule")).fails("script-not-run"),
            row("for and event", in_script("for=window event=onresize")).fails("script-not-run"),
            row("text beside src", page(&format!("<script src=\"/js/a.js\">{}</script>", code("205"))))
                .file("js/a.js", "var a=1;")
                .fails("beside-src"),
            row("text beside an empty src", page(&format!("<script src=\"\">{}</script>", code("205"))))
                .fails("beside-src"),
            row("the commands beside the library's src", page(&format!("<script src=\"{LIBRARY}\">{queue}</script>")))
                .fails("beside-src"),
            row("a self-closed script swallows the next one", page(&format!("<script src=\"/js/a.js\"/>\n{s}")))
                .file("js/a.js", "var a=1;")
                .fails("beside-src"),
            row("in a style element", page(&format!("<style>{}</style>", code("205")))).fails("snippet-missing"),
        ],
    );
}

#[test]
fn words_without_deeds() {
    run("words that are no embedding", &[
        row("nothing at all", page("")).fails("snippet-missing").reached("null").exit(1),
        row("the begin and end marks only", page("<!-- Begin EMC Tracking Code -->\n<!-- End EMC Tracking Code -->")).fails("snippet-missing"),
        row("guard calls in an application bundle", page("<script src=\"/app.js\"></script>"))
            .file("app.js", "function dvc(a){if(window._govaq){_govaq.push(['trackDVC',a])}}dvc('nop');").fails("not-embedded"),
        row("guard calls inline", script("window._govaq && _govaq.push(['trackDVC', 'x', 1]);")).fails("not-embedded"),
        row("the word inside another word", script("var URL_govAquLaw_save='/save';function govAquLaw(){}")).fails("snippet-missing").reached("null"),
        row("the word in a class", page("<div class=\"_govaq-box govaq-au\">x</div>")).fails("snippet-missing"),
        row("the host as data", script("var partners=['https://f-emc.ngsp.gov.vn','https://dichvucong.gov.vn'];")).fails("snippet-missing"),
        row("the host as a link", page("<a href=\"https://f-emc.ngsp.gov.vn/\">EMC</a>")).fails("snippet-missing"),
        row("a preconnect hint", page_with("<link rel=preconnect href=\"https://f-emc.ngsp.gov.vn\"><link rel=preload as=script href=\"https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js\">", "")).fails("snippet-missing"),
        row("in a string of a script", script(&format!("var tpl={};", serde_json::to_string(&code("205")).unwrap()))).fails("in-string"),
        row("set by innerHTML, which runs no script", script(&format!(
            "document.body.insertAdjacentHTML('beforeend', {});", serde_json::to_string(&snippet("205")).unwrap().replace("</", "<\\/")))).fails("in-string"),
        row("in a block comment of a script", script(&format!("/* {} */", code("205").replace("*/", "")))).fails("in-comment"),
        row("in line comments of a script", script(&code("205").replace("\n", "\n// "))).fails("in-comment"),
        row("after return", script(&format!("(function(){{return;{}}})();", code("205").replace("var _govaq", "_govaq")))).fails("dead-code"),
        row("in if (false)", script(&format!("if(false){{{}}}", code("205")))).fails("dead-code"),
        row("in if (!1)", script(&format!("if(!1){{{}}}", code("205")))).fails("dead-code"),
        row("in a function that nobody calls", script(&format!("function emc(){{window._govaq=[{CALLS},['setSiteId','1']];{LOADER}}}"))).fails("dead-code"),
        row("a script with a syntax error", script(&format!("{} }} )", code("205")))).fails("script-syntax-error"),
        row("typographic quotes from a word processor", script(&code("205").replace('\'', "’"))).fails("script-syntax-error"),
        row("markup left inside the script", script(&format!("<script>{}", code("205")))).fails("script-syntax-error"),
        row("another Matomo", script("var _paq=window._paq||[];_paq.push(['trackPageView'],['setTrackerUrl','https://f-emc.ngsp.gov.vn/tracking'],['setSiteId','205']);")).fails("snippet-missing"),
        row("a stylesheet that speaks of the label", styled(".yhy-append-wrap{right:0}").replace(&snippet("205"), "")).fails("snippet-missing"),
        row("a syntax error elsewhere does not matter", connected("<script>var a = ;</script>")),
    ]);
}

#[test]
fn queues_the_library_never_finds() {
    let push = format!("_govaq.push({CALLS},['setSiteId','205']);");
    run("local, emptied and overwritten queues, loaders that load nothing", &[
        row("a variable of a function", script(&format!("(function(){{var _govaq=[];{push}{LOADER}}})();"))).fails("queue-local"),
        row("a shadowed queue in jQuery's ready", page(&format!("<script src=\"/j.js\"></script><script>$(function(){{var _govaq=_govaq||[];{push}{LOADER}}});</script>")))
            .file("j.js", "window.$=function(f){f()};").fails("queue-local"),
        row("var in a module", page(&format!("<script type=module>var _govaq=window._govaq||[];{push}{LOADER}</script>"))).fails("queue-local"),
        row("const at the top of a classic script", script(&format!("const _govaq=[];{push}{LOADER}"))).fails("queue-local"),
        row("let in a block", script(&format!("{{let _govaq=[];{push}{LOADER}}}"))).fails("queue-local"),
        row("a parameter", script(&format!("(function(_govaq){{{push}{LOADER}}})([]);"))).fails("queue-local"),
        row("emptied after the commands", script(&format!("var _govaq=[];{push}{LOADER}_govaq=[];"))).fails("queue-overwritten"),
        row("a second script makes a new queue", page(&format!("<script>var _govaq=[];{push}{LOADER}</script><script>var _govaq=[];</script>"))).fails("queue-overwritten"),
        row("length set to zero", script(&format!("var _govaq=[];{push}{LOADER}_govaq.length=0;"))).fails("queue-overwritten"),
        row("spliced empty", script(&format!("var _govaq=[];{push}{LOADER}_govaq.splice(0);"))).fails("queue-overwritten"),
        row("deleted from window", script(&format!("window._govaq=[];{push}{LOADER}delete window._govaq;"))).fails("queue-overwritten"),
        row("commands after a library that has run", page(&format!("<script src=\"{LIBRARY}\"></script><script>var _govaq=[];{push}</script>"))).fails_or_open(),
        row("a loader that is never inserted", script(&format!("var _govaq=[];{push}var g=document.createElement('script');g.src='{LIBRARY}';"))).fails("loader-not-inserted"),
        row("a loader whose src is overwritten", script(&format!("var _govaq=[];{push}var g=document.createElement('script');g.src='{LIBRARY}';g.src='/js/other.js';document.head.appendChild(g);"))).fails("library-missing"),
        row("a loader whose src is another host's before it is inserted", script(&format!("var _govaq=[];{push}var g=document.createElement('script');g.src='{LIBRARY}';g.src='https://cdn.example.org/embed/gov-tracking.min.js';document.head.appendChild(g);"))).fails_any(),
        // The standard fetches once, when the element is inserted; what its src becomes later changes nothing.
        row("a loader whose src changes after it was inserted", script(&format!("var _govaq=[];{push}var g=document.createElement('script');g.src='{LIBRARY}';document.head.appendChild(g);g.src='/js/other.js';"))),
        row("a loader with a data type", script(&format!("var _govaq=[];{push}var g=document.createElement('script');g.type='text/plain';g.src='{LIBRARY}';document.head.appendChild(g);"))).fails_any(),
        row("an image instead of a script", script(&format!("var _govaq=[];{push}var g=document.createElement('img');g.src='{LIBRARY}';document.body.appendChild(g);"))).fails("library-missing"),
        row("a link instead of a script", page(&format!("<script>var _govaq=[];{push}</script><link rel=preload as=script href=\"{LIBRARY}\">"))).fails("library-missing"),
        row("no loader", script(&format!("var _govaq=[];{push}"))).fails("library-missing").reached("live"),
        row("the library only", page(&format!("<script src=\"{LIBRARY}\" async></script>"))).fails_any(),
        row("a misspelt queue", script(&format!("var _gov_aq=[];_gov_aq.push({CALLS},['setSiteId','205']);{LOADER}"))).fails_any(),
        row("the queue of another case", script(&format!("var _GOVAQ=[];_GOVAQ.push({CALLS},['setSiteId','205']);{LOADER}"))).fails_any(),
    ]);
}
