//! Scripts made to break a reader: deep, long, endless, torn.

use std::time::{Duration, Instant};

use proptest::prelude::{ProptestConfig, any, prop, proptest};

use super::forms::CANONICAL;
use super::{Page, configured, names};

fn quick(script: &str) -> Duration {
    let start = Instant::now();
    let _ = Page::script(script).run();
    start.elapsed()
}

#[test]
fn deep_nesting_is_refused() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("{", "}"),
        ("a(", ")"),
        ("`${", "}`"),
        ("!", ""),
        ("- ", ""),
        ("()=>", ""),
        ("a=", ""),
        ("a?b:", ""),
        ("if(a)", ""),
        ("else ", ""),
        ("a:", ""),
        ("new ", ""),
        ("typeof ", ""),
        ("a**", ""),
        ("for(;;)", ""),
        ("do ", ""),
    ] {
        let text = format!("{}0{}", open.repeat(100_000), close.repeat(100_000));
        let run = Page::script(&text).run();
        assert_eq!(run.syntax_faults.len(), 1, "{open}");
    }
    let long_chain = format!("var a={};", vec!["'x'"; 5000].join("+"));
    assert!(Page::script(&long_chain).run().syntax_faults.is_empty());
    let ifs = format!("{}{{}}", "if(a){}else ".repeat(1000));
    assert!(Page::script(&ifs).run().syntax_faults.is_empty());
    let members = format!("a{}", ".b".repeat(2000));
    assert!(Page::script(&members).run().syntax_faults.is_empty());
    let nested = format!("{}0{}", "(".repeat(300), ")".repeat(300));
    assert!(Page::script(&nested).run().syntax_faults.is_empty());
    let quoted = format!("var a={:?};", "(".repeat(2000));
    assert!(Page::script(&quoted).run().syntax_faults.is_empty());
}

#[test]
fn long_scripts_are_refused() {
    let text = format!("var a=1;//{}", "x".repeat(9 << 20));
    assert_eq!(Page::script(&text).run().syntax_faults.len(), 1);
}

#[test]
fn endless_code_ends() {
    for script in [
        "var _govaq=[];for(;;){}",
        "var _govaq=[];while(true){_govaq.push(['a'])}",
        "var _govaq=[];function f(){f()}f()",
        "var _govaq=[];function f(){f();f()}f()",
        "var _govaq=[];(function f(n){for(var i=0;i<1000;i++)for(var j=0;j<1000;j++)_govaq.push([i,j])})()",
        "var _govaq=[];function f(){setTimeout(f,0)}f()",
        "var _govaq=[];function f(){setTimeout(f,0);setTimeout(f,0)}f()",
        "var _govaq=[];function f(){Promise.resolve().then(f)}f()",
        "var _govaq=[];var s='x';for(var i=0;i<100;i++)s+=s",
        "var _govaq=['x'];for(var i=0;i<100;i++)_govaq=_govaq.concat(_govaq)",
        "var _govaq=[];var c='eval(c)';eval(c)",
        "var _govaq=[];var a={};a.a=a;navigator.x(a);a.__proto__=a;a.zz",
        "var _govaq=[];if(navigator.a){}else{}".repeat(2000).leak(),
        "var _govaq=[];(function(){if(navigator.a)return;_govaq.push(['a']);".repeat(60).leak(),
    ] {
        let time = quick(script);
        assert!(time < Duration::from_secs(5), "{time:?} {}", &script[..script.len().min(80)]);
    }
    let facts = Page::script("var _govaq=[];for(;;){}").facts();
    assert!(facts.doubt.is_some());
    let facts = Page::script("for(;;){}_govaq=[['a']]").facts();
    assert!(facts.doubt.is_some());
}

#[test]
fn a_long_library_does_not_starve_the_snippet() {
    let library = format!("(function(){{var a=0;for(var i=0;i<100000;i++){{a+=i}}{}}})()", "a++;".repeat(1000));
    let page = Page::of(&format!("<html><body><script>{library}</script><script>{CANONICAL}</script>"));
    configured(&page.facts(), "205").unwrap();
    let filler = format!("var lib={{}};{}", "lib.a=function(){return 1};".repeat(4000));
    let page = Page::of(&format!("<html><body><script>{filler}</script><script>{CANONICAL}</script>"));
    configured(&page.facts(), "205").unwrap();
}

#[test]
fn many_conditions_stay_cheap() {
    let script =
        format!("var _govaq=[];{}", "if(navigator.x){var a=1}else{a=2}if(a==1)_govaq.push(['a']);".repeat(500));
    assert!(quick(&script) < Duration::from_secs(5));
    let early = format!("var _govaq=[];(function(){{{}_govaq.push(['a'])}})()", "if(navigator.x)return;".repeat(500));
    assert_eq!(names(&Page::script(&early).facts()), ["a ~Condition"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn torn_snippets(cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0u8..5), 1..6)) {
        let mut text: Vec<char> = CANONICAL.chars().collect();
        for (a, b, how) in cuts {
            let (a, b) = (a.index(text.len()), b.index(text.len()));
            let (a, b) = (a.min(b), a.max(b).min(a.min(b) + 40));
            match how {
                0 => drop(text.drain(a..b)),
                1 => { let last = text.len() - 1; text.swap(a, b.min(last)); }
                2 => { let part = text[a..b].to_vec(); text.splice(b..b, part); }
                3 => text.insert(a, ['(', '{', '\'', ';', '!', '=', '`', '['][b % 8]),
                _ => { let part: Vec<char> = "if(navigator.x)return;".chars().collect(); text.splice(a..a, part); }
            }
            if text.is_empty() { text.push(';'); }
        }
        let text: String = text.into_iter().collect();
        assert!(quick(&text) < Duration::from_secs(5));
    }

    #[test]
    fn soup(text in "[a-z_$(){}\\[\\];,.'\"`=!<>+?:&|/\\\\ 0-9\n]{0,300}") {
        assert!(quick(&text.replace("</", "< ")) < Duration::from_secs(5));
    }

    #[test]
    fn words(parts in prop::collection::vec(prop::sample::select(&WORDS[..]), 0..60)) {
        assert!(quick(&parts.join(" ")) < Duration::from_secs(5));
    }
}

const WORDS: [&str; 48] = [
    "var",
    "_govaq",
    "=",
    "window",
    ".",
    "push",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "'a'",
    "1",
    ";",
    "if",
    "else",
    "for",
    "while",
    "function",
    "f",
    "=>",
    "return",
    "throw",
    "try",
    "catch",
    "finally",
    "navigator.x",
    "||",
    "&&",
    "?",
    ":",
    ",",
    "new",
    "this",
    "class",
    "async",
    "await",
    "setTimeout",
    "document",
    "createElement",
    "let",
    "const",
    "...",
    "break",
    "continue",
    "switch",
    "case",
];

#[test]
fn so_many_occurrences_are_explained_and_commands_compared() {
    let named = |n: usize| Page::script(&"/* */x('_govaq');".repeat(n)).facts().mentions.len();
    assert_eq!((named(30), named(1_000), named(3_000)), (30, 1_000, 1_000));
    // The same on both sides of a condition is done in any case; of very many each stays on its side.
    let either = |n: usize| {
        let pairs: String = (0..n)
            .map(|n| format!("if(location.hash){{_govaq.push(['a',{n}])}}else{{_govaq.push(['a',{n}])}}"))
            .collect();
        Page::script(&format!("var _govaq=window._govaq||[];{pairs}")).facts().commands.len()
    };
    assert_eq!((either(3), either(100), either(101)), (3, 100, 202));
}
