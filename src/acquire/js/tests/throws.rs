//! What ends a script for certain, after the ECMAScript standard, and what only looks like it.

use super::{Page, names};

/// Whether what follows a piece of code runs: for certain, maybe, or not at all.
fn follows(code: &str) -> Option<bool> {
    follows_on(&Page::script(&format!("{code};window._govaq=[['s']]")))
}

fn follows_on(page: &Page) -> Option<bool> {
    match names(&page.facts()).as_slice() {
        [] => Some(false),
        [one] if one == "s" => Some(true),
        _ => None,
    }
}

fn check(table: &[&str], want: Option<bool>) {
    let wrong: Vec<&&str> = table.iter().filter(|code| follows(code) != want).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn constants_keep_their_value() {
    check(
        &[
            "const k=1;k=2",
            "const k=1;k++",
            "const k=1;k+=1",
            "const k=0;k||=1",
            "const {k}={k:1};k=2",
            "const k=1;[k]=[2]",
            "const k=1;({k}={k:2})",
            "for(const i=0;i<3;i++);",
            "for(const i of [1])i=2",
            "for(const i in {a:1})i=2",
            "const k=1;(function(){k=2})()",
            "const k=1;{let j=1;k=2}",
            "const k=1;eval('k=2')",
        ],
        Some(false),
    );
    check(
        &[
            "const k=1;{let k=1;k=2}",
            "const k={};k.a=1",
            "const k=1;(function(k){k=2})(1)",
            "const k=1;(function(){var k=1;k=2})()",
            "const k=1;k||=2",
            "const k=1;try{k=2}catch(e){}",
            "for(const i of [1,2,3]);",
            "for(const i of navigator.x){var a=i}",
            "for(let i=0;i<3;i++);",
            "while(navigator.x){const k=1}",
            "const k=1;function f(){k=2}",
            "let k=1;k=2",
            "class K{}K=1",
            "eval('const k=1');eval('const k=2')",
        ],
        Some(true),
    );
    assert_eq!(follows("const k=1;if(navigator.x)k=2"), None);
    let other = "<body><script>const k=1</script><script>k=2;window._govaq=[['s']]</script>";
    assert_eq!(follows_on(&Page::of(other)), Some(false));
}

#[test]
fn a_name_is_not_used_before_its_declaration() {
    check(
        &["x=1;let x", "x++;let x=1", "x=1;const x=1", "x=1;class x{}", "(()=>{x=1})();let x", "{x=1;let x}"],
        Some(false),
    );
    check(&["let x;x=1", "var f=()=>{x=1};let x;f()", "x=1;var x", "try{x=1}catch(e){}let x"], Some(true));
    // What reading did not come to may have been declared.
    let spent =
        "<body><script>let x;for(;;){if(navigator.x)break}let y=1</script><script>y=2;window._govaq=[['s']]</script>";
    assert_eq!(follows_on(&Page::of(spent)), Some(true));
    let endless = "<body><script>for(var i=0;i<9e9;i++){}let y=1</script><script>y=2;y;window._govaq=[['s']]</script>";
    assert_eq!(follows_on(&Page::of(endless)), Some(true));
}

#[test]
fn an_error_leaves_what_a_text_is_read_by() {
    check(
        &[
            "eval('throw 1')",
            "(0,eval)('throw 1')",
            "new Function('throw 1')()",
            "eval('a b')",
            "eval('null.x')",
            "(function(){eval('throw 1')})()",
        ],
        Some(false),
    );
    check(
        &[
            "try{eval('throw 1')}catch(e){}",
            "try{new Function('throw 1')()}catch(e){}",
            "new Function('throw 1')",
            "new Function('return 1;throw 1')()",
            "setTimeout('throw 1',1)",
            "var s=document.createElement('script');s.text='throw 1';document.head.append(s)",
            "var s=document.createElement('script');s.text='a b';document.head.append(s)",
            "document.write('<script>throw 1<\\/script>')",
        ],
        Some(true),
    );
    assert_eq!(follows("eval('if(navigator.x)throw 1')"), None);
}

#[test]
fn calls_that_surely_fail() {
    check(
        &[
            "JSON.parse('')",
            "JSON.parse('{')",
            "JSON.parse(\"{'a':1}\")",
            "JSON.parse(undefined)",
            "decodeURIComponent('%')",
            "decodeURIComponent('%zz')",
            "decodeURIComponent('%+1')",
            "decodeURI('%C3')",
            "[...undefined]",
            "console.log(...null)",
            "for(var q of 1);",
            "for(var q of undefined);",
            "var [a]=undefined",
            "var a;[a]=null",
            "new (()=>1)",
            "new (async function(){})",
            "new (function*(){})",
            "document.querySelector('##')",
            "document.querySelector('#')",
            "document.querySelectorAll('')",
            "document.querySelector('#1')",
        ],
        Some(false),
    );
    check(
        &[
            "JSON.parse('[1e999]')",
            "JSON.parse('\"\\\\ud800\"')",
            "JSON.parse(navigator.x)",
            "JSON.parse(navigator.x||'')",
            "decodeURIComponent('%E1%BA%BF')",
            "decodeURIComponent(navigator.x)",
            "unescape('%')",
            "[...'ab']",
            "[...navigator.x]",
            "[...(navigator.x||[])]",
            "({...undefined})",
            "for(var q of 'ab');",
            "for(var q in undefined);",
            "var [a]=navigator.x",
            "new (function(){})",
            "new (class{})",
            "document.querySelector('#ế')",
            "document.querySelector('a[href]')",
            "document.getElementById('#')",
            "document.getElementsByClassName('')",
        ],
        Some(true),
    );
}

#[test]
fn eval_by_its_name_is_a_part_of_the_code_around_it() {
    let queue = |code: &str| names(&Page::script(code).facts());
    assert!(queue("(function(){eval('var _govaq=[]');_govaq.push(['s'])})()").is_empty());
    assert!(queue("(function(){var q=[];eval('q.push(1)')})();(function(){eval('var _govaq=[[1]]')})()").is_empty());
    assert!(queue("'use strict';eval('var _govaq=[]');_govaq.push(['s'])").is_empty());
    assert!(queue("eval('\"use strict\";var _govaq=[[\"s\"]]')").is_empty());
    assert!(queue("eval('let _govaq=[[\"s\"]]')").is_empty());
    assert_eq!(queue("eval('var _govaq=[]');_govaq.push(['s'])"), ["s"]);
    assert_eq!(queue("(function(){(0,eval)('var _govaq=[]');_govaq.push(['s'])})()"), ["s"]);
    assert_eq!(queue("'use strict';(0,eval)('var _govaq=[]');_govaq.push(['s'])"), ["s"]);
    assert_eq!(queue("(function(){var q=window._govaq=[];eval('q.push([\"s\"])')})()"), ["s"]);
    assert_eq!(queue("(function(){eval('window._govaq=[[\"s\"]]')})()"), ["s"]);
    assert_eq!(queue("(function(a){eval('window._govaq=[[arguments[0],a]]')})('s')"), ["s s"]);
}
