//! Text that names the snippet and does nothing, and why.

use super::forms::CANONICAL;
use super::{Page, names, reasons};
use crate::snapshot::Idle;

fn of(script: &str) -> (Vec<String>, Vec<Idle>) {
    let facts = Page::script(script).facts();
    (names(&facts), reasons(&facts))
}

#[test]
fn reasons_in_scripts() {
    use Idle::{DeadCode, LocalQueue, OtherUse, Overwritten, ScriptComment, ScriptString, SyntaxError};
    let table: &[(&str, &[&str], &[Idle])] = &[
        ("/* _govaq.push(['a']) */", &[], &[ScriptComment]),
        ("// _govaq.push(['a'])", &[], &[ScriptComment]),
        ("var t=\"_govaq.push(['a'])\";", &[], &[ScriptString]),
        ("self.__next_f=self.__next_f||[];self.__next_f.push([1,\"_govaq.push(['a'])\"])", &[], &[ScriptString]),
        ("(function(){return;_govaq=[['a']]})()", &[], &[DeadCode]),
        ("if(false){_govaq=[['a']]}", &[], &[DeadCode]),
        ("while(false){_govaq=[['a']]}", &[], &[DeadCode]),
        ("0&&(_govaq=[['a']])", &[], &[DeadCode]),
        ("function f(){_govaq=[['a']]}", &[], &[DeadCode]),
        ("throw 1;_govaq=[['a']]", &[], &[DeadCode]),
        ("for(;;){break;_govaq=[['a']]}", &[], &[DeadCode]),
        ("_govaq.push(['a'])", &[], &[OtherUse]),
        ("(function(){var _govaq=[];_govaq.push(['a'])})()", &[], &[LocalQueue]),
        ("let _govaq=[];_govaq.push(['a'])", &[], &[LocalQueue]),
        ("const _govaq=window._govaq||[];_govaq.push(['a'])", &[], &[LocalQueue]),
        ("const _govaq=window._govaq=window._govaq||[];_govaq.push(['a'])", &["a"], &[]),
        ("var _govaq=[['a']];_govaq=[]", &[], &[Overwritten]),
        ("var _govaq=[];_govaq.push(['a']);_govaq=[];_govaq.push(['b'])", &["b"], &[Overwritten]),
        ("var _govaq=[];_govaq.push(['a']);_govaq.length=0", &[], &[Overwritten]),
        ("var _govaq=[];_govaq.push(['a'],['b']);_govaq.length=1", &["a"], &[Overwritten]),
        ("var _govaq=[];_govaq.push(['a']);_govaq.splice(0)", &[], &[Overwritten]),
        ("var _govaq=[];_govaq.push(['a'],['b']);_govaq.splice(0,1)", &["b"], &[Overwritten]),
        ("var _govaq=[];_govaq.push(['a']);_govaq.pop()", &[], &[Overwritten]),
        ("var _govaq=[];_govaq.push(['a']);_govaq.shift()", &[], &[Overwritten]),
        ("var _govaq=[];_govaq.push(['a']);_govaq=null", &[], &[Overwritten]),
        ("window._govaq=[['a']];delete window._govaq", &[], &[Overwritten]),
        ("var _govaq=[['a']];delete window._govaq", &["a"], &[OtherUse]),
        ("var _govaq=[['a']];var b=_govaq;_govaq=[];b.forEach(c=>_govaq.push(c))", &["a"], &[OtherUse]),
        ("var _govaq=[];_govaq.push=function(){};_govaq.push(['a'])", &[], &[OtherUse]),
        ("function dvc(id){window._govaq&&_govaq.push(['trackDVC',id])}", &[], &[DeadCode]),
        ("window._govaq&&_govaq.push(['trackDVC',1])", &[], &[OtherUse, DeadCode]),
        ("window._govaq&&window._govaq.push(['trackDVC',1])", &[], &[OtherUse, DeadCode]),
        ("var _govaq=[\u{201c}a\u{201d}];", &[], &[SyntaxError]),
        ("var URL_govAquLaw_save='/a',x='govaq-au',h='https://f-emc.ngsp.gov.vn/';", &[], &[]),
        ("var my_govaq=[],_govaq2=[];", &[], &[]),
    ];
    let mut wrong = Vec::new();
    for (script, commands, idle) in table {
        let (got, why) = of(script);
        let mut idle = idle.to_vec();
        idle.sort_unstable();
        if got != *commands || why != idle {
            wrong.push(format!("{script}\n  {got:?} {why:?}\n  wanted {commands:?} {idle:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn scripts_that_do_not_run() {
    let table = [
        ("<script type=\"application/json\">@C</script>", Idle::DataScript),
        ("<script type=\"text/javascript; charset=utf-8\">@C</script>", Idle::DataScript),
        ("<script nomodule>@C</script>", Idle::NotRun),
        ("<script data-template>@C</script>", Idle::Template),
        ("<script src=\"/x.js\">@C</script>", Idle::BesideSrc),
        ("<script>return;@C</script>", Idle::SyntaxError),
        ("<script>let a;let a;@C</script>", Idle::SyntaxError),
        ("<script>@C }</script>", Idle::SyntaxError),
        ("<script type=\"module\">@C with(a){}</script>", Idle::SyntaxError),
        ("<script type=\"module\">@C</script>", Idle::LocalQueue),
    ];
    for (html, idle) in table {
        let facts = Page::of(&html.replace("@C", CANONICAL)).facts();
        assert!(names(&facts).is_empty(), "{html}: {:?}", names(&facts));
        assert!(reasons(&facts).contains(&idle), "{html}: {:?}", reasons(&facts));
    }
}

#[test]
fn later_scripts_overwrite() {
    let page = |rest: &str| Page::of(&format!("<html><body><script>{CANONICAL}</script>{rest}")).facts();
    assert_eq!(names(&page("<script>var x=_govaq</script>")).len(), 4);
    assert_eq!(names(&page("<script>var _govaq=_govaq||[]</script>")).len(), 4);
    assert_eq!(names(&page("<script>var _govaq=[['b']]</script>")), ["b"]);
    assert!(names(&page("<script>window._govaq=[]</script>")).is_empty());
    assert_eq!(names(&page("<script>let x=1</script><script>throw 1;_govaq=[]</script>")).len(), 4);
    assert!(page("<script>addEventListener('load',()=>{_govaq=[]})</script>").doubt.is_some());
}

#[test]
fn lexical_names_are_not_on_window() {
    let facts = Page::of("<script>let _govaq=[]</script><script>_govaq.push(['a'])</script>").facts();
    assert!(names(&facts).is_empty());
    assert_eq!(reasons(&facts), [Idle::LocalQueue]);
}

#[test]
fn syntax_faults() {
    let run = Page::of("<script>var ok</script><script>\nvar a = = 1</script>").run();
    let fault = &run.syntax_faults[0];
    assert_eq!((run.syntax_faults.len(), fault.script), (1, 1));
    assert_eq!(fault.spot.source.position(fault.spot.span.start).line, 2);
    assert!(Page::of("<script type=\"application/json\">{{ nope</script>").run().syntax_faults.is_empty());
    for fine in [
        "await1=0",
        "var await=1",
        "<!-- x\n--> y\nvar z",
        "yield1=1;var let1",
        "a:{break a}",
        "x=0777",
        "var async;async\nfunction f(){}",
    ] {
        assert!(Page::script(fine).run().syntax_faults.is_empty(), "{fine}");
    }
    for broken in [
        "return",
        "break",
        "let a;var a",
        "const a",
        "new.target",
        "await 1",
        "import a from 'b'",
        "a=>{}()",
        "'use strict';with(a){}",
        "for(let a,b of c);",
    ] {
        assert_eq!(Page::script(broken).run().syntax_faults.len(), 1, "{broken}");
    }
}

#[test]
fn redirects() {
    let to = |script: &str| Page::script(script).run().redirect.map(|r| r.to);
    let there = Some("/vi/trang-chu".to_owned());
    for script in [
        "location='/vi/trang-chu'",
        "window.location='/vi/trang-chu'",
        "location.href='/vi/trang-chu'",
        "document.location.href='/vi/trang-chu'",
        "window.location.replace('/vi/trang-chu')",
        "location.assign('/vi'+'/trang-chu')",
        "top.location='/vi/trang-chu'",
        "window.onload=function(){window.location.href='/vi/trang-chu'}",
        "if(location.pathname=='/')location.href='/vi/trang-chu'",
    ] {
        assert_eq!(to(script), there, "{script}");
    }
    for script in [
        "function f(){location='/vi/trang-chu'}",
        "if(navigator.x)location='/vi/trang-chu'",
        "document.onclick=()=>{location='/vi/trang-chu'}",
        "location.hash='/vi/trang-chu'",
        "location='#/vi/trang-chu'",
        "if(location.protocol!='https:')location.href='/vi/trang-chu'",
        "if(top!=self)top.location='/vi/trang-chu'",
        "var location2='/vi/trang-chu'",
    ] {
        assert_eq!(to(script), None, "{script}");
    }
}

#[test]
fn labels() {
    let count = |script: &str| Page::script(script).run().label_spots.get("emc").map_or(0, Vec::len);
    assert_eq!(count("document.querySelector('#yhy-append').style.display='none'"), 1);
    assert_eq!(count("document.addEventListener('click',()=>document.getElementById('yhy-append').remove())"), 1);
    assert_eq!(count("var css='.yhy-append-wrap{display:none}',b=`#btnEMC{color:red}`"), 2);
    assert_eq!(count("// yhy-append"), 0);
    assert_eq!(count("function f(){return 'yhy-append'}"), 0);
    assert_eq!(count("var a='yhy-append-other'"), 0);
    assert_eq!(count("for(var i=0;i<3;i++)x('yhy-append');function x(){}"), 1);
}
