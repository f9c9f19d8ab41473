//! Embeddings that work, however they are written: minifiers, optimisers, frameworks, encodings.

use super::cases::{Case, case, run};
use super::pages::{CALLS, LIBRARY, LOADER, code, connected, in_script, page, page_with, script, snippet};

fn row(name: &str, html: impl Into<Vec<u8>>) -> Case {
    case("emc-snippet", name, html)
}

#[test]
fn places_and_types() {
    run(
        "where the snippet stands and how its element is typed",
        &[
            row("at the end of body", connected("")).reached("configured").exit(0),
            row("in head", page_with(&snippet("205"), "")).reached("configured"),
            row("after the closing html tag", format!("{}{}", page(""), snippet("205"))),
            row(
                "before the doctype's html tag",
                format!("<!doctype html>{}{}", snippet("205"), "<html><body><p>x</p></body></html>"),
            ),
            row("no type", in_script("")),
            row("an empty type", in_script("type=\"\"")),
            row("text/javascript", in_script("type=\"text/javascript\"")),
            row("in capitals and with spaces", in_script("TYPE=\" Text/JavaScript \"")),
            row("application/javascript", in_script("type=application/javascript")),
            row("application/x-javascript", in_script("type='application/x-javascript'")),
            row("text/ecmascript", in_script("type=text/ecmascript")),
            row("text/javascript1.5", in_script("type=text/javascript1.5")),
            row("language instead of type", in_script("language=\"JavaScript\"")),
            row("async and defer mean nothing without src", in_script("async defer")),
            row("an id and a nonce without a policy", in_script("id=emc nonce=abc data-cfasync=false")),
            row(
                "nomodule on a module has no effect",
                page(&format!(
                    "<script type=module nomodule>window._govaq=[{CALLS},['setSiteId','205']];{LOADER}</script>"
                )),
            ),
            row(
                "a module that writes to window",
                page(&format!(
                    "<script type=\"module\">const q = (window._govaq = window._govaq || []); q.push({CALLS}, ['setSiteId','205']);{LOADER}</script>"
                )),
            ),
            row(
                "inside a conditional comment for all but old browsers",
                connected("")
                    .replace("<script>", "<!--[if !IE]><!--><script>")
                    .replace("</script>", "</script><!--<![endif]-->"),
            ),
            row("an empty comment before it", connected("<!--><p>x</p>")),
            row("a comment closed by --!>", connected("<!-- x --!><p>y</p>")),
            row("html comment marks inside the script, as of old", script(&format!("<!--\n{}\n//-->", code("205")))),
            row("CDATA marks in line comments", script(&format!("//<![CDATA[\n{}\n//]]>", code("205")))),
            row("CDATA marks in block comments", script(&format!("/* <![CDATA[ */{}/* ]]> */", code("205")))),
            row(
                "in a table cell of an old layout",
                page(&format!("<table><tr><td>{}</td></tr></table>", snippet("205"))),
            ),
            row("in a div that is hidden", page(&format!("<div style=\"display:none\">{}</div>", snippet("205")))),
            row(
                "in head of a frameset",
                format!(
                    "<html><head><title>Cổng tỉnh A</title>{}</head><frameset cols=\"20%,80%\"><frame src=menu.html><frame src=main.html></frameset></html>",
                    snippet("205")
                ),
            ),
            row(
                "XHTML 1.0 served as HTML",
                format!(
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" \
             \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n<html xmlns=\"http://www.w3.org/1999/xhtml\"><head>\
             <title>Cổng</title><script type=\"text/javascript\">//<![CDATA[{}//]]></script></head><body><p>x</p></body></html>",
                    code("205")
                ),
            ),
            row("inside a single-quoted page comment look-alike", connected("<p>&lt;!-- not a comment</p>")),
        ],
    );
}

#[test]
fn ways_to_write_it() {
    let array = |id: &str| format!("window._govaq=[{CALLS},['setSiteId',{id}]];{LOADER}");
    run(
        "how the script is written",
        &[
            row(
                "minified: double quotes, commas, !0, renamed locals",
                page(
                    "<script>!function(){var a=window._govaq=window._govaq||[];a.push([\"trackPageView\"]),a.push([\"enableLinkTracking\"]),\
             a.push([\"setTrackerUrl\",\"https://f-emc.ngsp.gov.vn/tracking\"]),a.push([\"setSiteId\",\"8981\"]);var e=document,\
             t=e.createElement(\"script\"),r=e.getElementsByTagName(\"script\")[0];t.async=!0,t.defer=!0,\
             t.src=\"https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js\",r.parentNode.insertBefore(t,r)}();</script>",
                ),
            ),
            row("the id as a number", script(&array("205"))),
            row("the id as a number in hex", script(&array("0xCD"))),
            row("a long id", script(&array("'12345678901234567890'"))),
            row("an id with a leading zero", script(&array("'0205'"))),
            row(
                "commands in another order",
                script(&format!(
                    "var _govaq=[];_govaq.push(['setSiteId','33']);_govaq.push(['setTrackerUrl','https://f-emc.ngsp.gov.vn/tracking']);\
             _govaq.push(['trackPageView']);{LOADER}"
                )),
            ),
            row(
                "the loader before the commands, in one script",
                script(&format!("{LOADER}window._govaq=[{CALLS},['setSiteId','33']];")),
            ),
            row("bracket notation", script(&array("'33'").replace("window._govaq", "window['_govaq']"))),
            row(
                "self and globalThis",
                script(&format!(
                    "self._govaq=globalThis._govaq||[];self._govaq.push({CALLS},['setSiteId','33']);{LOADER}"
                )),
            ),
            row(
                "without var in a sloppy script",
                script(&format!("_govaq=[];_govaq.push({CALLS},['setSiteId','33']);{LOADER}")),
            ),
            row(
                "typeof guard",
                script(&format!(
                    "if (typeof _govaq === 'undefined') {{ var _govaq = []; }} _govaq.push({CALLS},['setSiteId','33']);{LOADER}"
                )),
            ),
            row(
                "logical assignment",
                script(&format!("window._govaq ??= [];window._govaq.push({CALLS},['setSiteId','33']);{LOADER}")),
            ),
            row(
                "id and addresses in variables of the script",
                script(
                    "var u='https://f-emc.ngsp.gov.vn/',id='205';var _govaq=_govaq||[];_govaq.push(['trackPageView']);\
             _govaq.push(['setTrackerUrl',u+'tracking']);_govaq.push(['setSiteId',id]);var g=document.createElement('script');\
             g.src=u+'embed/gov-tracking.min.js';document.head.appendChild(g);",
                ),
            ),
            row(
                "template literals",
                script(
                    "const host = 'f-emc.ngsp.gov.vn', id = 205; window._govaq = window._govaq || [];\
             window._govaq.push(['trackPageView'], ['setTrackerUrl', `https://${host}/tracking`], ['setSiteId', `${id}`]);\
             const s = document.createElement('script'); s.src = `https://${host}/embed/gov-tracking.min.js`; document.head.append(s);",
                ),
            ),
            row(
                "an options object",
                script(
                    "var EMC={id:'205',url:'https://f-emc.ngsp.gov.vn'};var _govaq=[];_govaq.push(['trackPageView'],\
             ['setTrackerUrl',EMC.url+'/tracking'],['setSiteId',EMC.id]);var g=document.createElement('script');\
             g.src=EMC.url+'/embed/gov-tracking.min.js';document.body.appendChild(g);",
                ),
            ),
            row(
                "a helper that is called with the id",
                script(&format!(
                    "function emc(id){{window._govaq=window._govaq||[];_govaq.push({CALLS},['setSiteId',id]);{LOADER}}} emc('205');"
                )),
            ),
            row(
                "a queue in two scripts",
                page(&format!(
                    "<script>var _govaq=_govaq||[];_govaq.push({CALLS});</script><p>x</p><script>var _govaq=_govaq||[];_govaq.push(['setSiteId','205']);{LOADER}</script>"
                )),
            ),
            row(
                "the id in an earlier script of the page",
                page(&format!(
                    "<script>var EMC_ID='205';</script><script>var _govaq=[];_govaq.push({CALLS},['setSiteId',EMC_ID]);{LOADER}</script>"
                )),
            ),
            row(
                "the library in a tag after the queue",
                page(&format!(
                    "<script>var _govaq=[];_govaq.push({CALLS},['setSiteId','205']);</script><script src=\"{LIBRARY}\"></script>"
                )),
            ),
            row(
                "the library in a deferred tag before the queue",
                page_with(
                    &format!("<script defer src=\"{LIBRARY}\"></script>"),
                    &format!("<script>var _govaq=[];_govaq.push({CALLS},['setSiteId','205']);</script>"),
                ),
            ),
            row(
                "the library by document.write",
                script(&format!(
                    "var _govaq=[];_govaq.push({CALLS},['setSiteId','205']);document.write('<script src=\"{LIBRARY}\"><\\/script>');"
                )),
            ),
            row(
                "setAttribute('src')",
                script(&array("'205'").replace(
                    "g.src='https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js'",
                    "g.setAttribute('src','https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js')",
                )),
            ),
            row(
                "appended to head",
                script(&array("'205'").replace("s.parentNode.insertBefore(g,s)", "document.head.appendChild(g)")),
            ),
            row(
                "put before the first script",
                script(&array("'205'").replace("s.parentNode.insertBefore(g,s)", "s.before(g)")),
            ),
            row(
                "on load of the page",
                script(&format!("window.addEventListener('load',function(){{{}}});", array("'205'"))),
            ),
            row(
                "when the document is ready",
                script(&format!("document.addEventListener('DOMContentLoaded',()=>{{{}}});", array("'205'"))),
            ),
            row("after a timer", script(&format!("setTimeout(function(){{{}}},3000);", array("'205'")))),
            row(
                "with jQuery's ready",
                page(&format!(
                    "<script src=\"/jquery.min.js\"></script><script>$(document).ready(function(){{{}}});</script>",
                    array("'205'")
                )),
            )
            .file("jquery.min.js", "window.$=window.jQuery=function(){return{ready:function(f){f()}}};"),
            row("in try and catch", script(&format!("try{{{}}}catch(e){{console.log(e)}}", array("'205'")))),
            row("async arrow called at once", script(&format!("(async () => {{ {} }})();", array("'205'")))),
            row(
                "with named blocks and a banner",
                script(&format!("/*! Begin EMC Tracking Code */\n{}\n/* End EMC Tracking Code */", code("205"))),
            ),
            row(
                "a later queue of another tracker",
                page(&format!(
                    "{}<script>var _paq=window._paq||[];_paq.push(['setSiteId','9']);</script>",
                    snippet("205")
                )),
            ),
            row(
                "enableLinkTracking may be absent",
                script(&format!(
                    "var _govaq=[['trackPageView'],['setTrackerUrl','https://f-emc.ngsp.gov.vn/tracking'],['setSiteId','205']];{LOADER}"
                )),
            ),
        ],
    );
}

#[test]
fn files_frameworks_and_bytes() {
    let utf16 = |text: &str, big: bool| -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
    };
    let next = format!(
        "{}<script>self.__next_f=self.__next_f||[];self.__next_f.push([1,\"{}\"])</script>",
        snippet("205"),
        code("205").replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace("</", "\\u003c/")
    );
    let big = format!(
        "{}{}",
        "<p>Quyết định số 12 của Ủy ban nhân dân tỉnh về việc công bố thủ tục.</p>\n".repeat(15_000),
        snippet("205")
    );
    run("files, frameworks, encodings", &[
        row("a file of the site", page("<script src=\"/js/emc.js\"></script>")).file("js/emc.js", code("205")),
        row("a file beside the page", page("<script src=emc.js?v=1.2></script>")).file("emc.js", code("205")),
        row("a file found through base", page_with("<base href=\"/assets/\">", "<script src=\"js/emc.js\"></script>"))
            .file("assets/js/emc.js", code("205")),
        row("a file by its full address", page("<script src=\"https://www.tinh-a.gov.vn/js/emc.js\" async></script>"))
            .file("js/emc.js", code("205")).with("--url https://tinh-a.gov.vn/"),
        row("a file with a byte-order mark", page("<script src=\"/emc.js\"></script>")).file("emc.js", format!("\u{feff}{}", code("205"))),
        row("a module file that writes to window", page("<script type=module src=\"/m.js\"></script>"))
            .file("m.js", format!("window._govaq=[{CALLS},['setSiteId','205']];{LOADER}")),
        row("a bundle around it", page("<script src=\"/_next/static/chunks/main-9f2.js\" defer></script>")).file(
            "_next/static/chunks/main-9f2.js",
            format!("(()=>{{\"use strict\";var e={{}};(function(){{{}}})();e.x=1}})();", code("205").replace("var _govaq = window._govaq", "window._govaq = window._govaq"))),
        row("a Next root with an escaped copy in its payload", page(&next)).no_note("several-site-ids"),
        row("a data block that repeats it with another id", page(&format!(
            "{}<script id=__NEXT_DATA__ type=\"application/json\">{{\"s\":\"_govaq.push(['setSiteId','9'])\"}}</script>", snippet("205"))))
            .no_note("several-site-ids"),
        row("windows-1258 with a meta", {
            let html = page(&snippet("205")).replace("charset=\"utf-8\"", "charset=\"windows-1258\"");
            encoding_rs::WINDOWS_1258.encode(&html).0.into_owned()
        }),
        row("UTF-8 with a byte-order mark", format!("\u{feff}{}", connected(""))).line(14),
        row("UTF-16, little end first", utf16(&connected(""), false)).line(14),
        row("UTF-16, big end first", utf16(&connected(""), true)).line(14),
        row("CRLF line ends", connected("").replace('\n', "\r\n")).line(14),
        row("CR line ends", connected("").replace('\n', "\r")).line(14),
        row("a page of one line", connected("").replace("\n", " ")).line(1),
        row("a page above one MiB", page(&big)),
        row("a NUL and a form feed in the text", connected("<p>a\u{0}b\u{c}c</p>")),
        row("default.htm as home page", "").no_home().file("Default.htm", connected("")),
        row("index.htm as home page", "").no_home().file("index.htm", connected("")).file("khac.html", page("")),
        row("the only page of the folder", "").no_home().file("trangchu.html", connected("")),
        row("a meta refresh to the language's page", "<html><head><meta http-equiv=refresh content=\"0; url=vi/\"></head></html>")
            .file("vi/index.html", connected("")),
        row("a script redirect to the real page", "<html><head><script>window.location.href='/vi/trang-chu.html';</script></head><body></body></html>")
            .file("vi/trang-chu.html", connected("")),
        row("one file as target", connected("")).at_file("dist/index.html"),
        row("a path with spaces and marks", "").no_home().file("Cổng thông tin.html", connected("")),
    ]);
}
