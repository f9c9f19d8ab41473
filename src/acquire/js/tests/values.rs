//! Arguments as far as they can be known.

use super::page::arg;
use super::{Page, names};

fn id(expression: &str) -> String {
    let text = format!("var _govaq=[];_govaq.push(['setSiteId',{expression}])");
    let facts = Page::script(&text).facts();
    facts.commands.iter().flat_map(|c| &c.args).map(arg).collect::<Vec<_>>().join(" ")
}

#[test]
fn arguments() {
    let table = [
        ("205", "205"),
        ("'205'", "205"),
        ("0205", "133"),
        ("0xcd", "205"),
        ("205.0", "205"),
        ("new Function('return 205')()", "?"),
        ("'0205'", "0205"),
        ("2e2+5", "205"),
        ("''", ""),
        ("' 205 '", " 205 "),
        ("undefined", "<undefined>"),
        ("void 0", "<undefined>"),
        ("null", "<null>"),
        ("true", "<true>"),
        ("!0", "<true>"),
        ("NaN", "<NaN>"),
        ("+'x'", "<NaN>"),
        ("[205]", "<[205]>"),
        ("{id:205}", "<{id:205}>"),
        ("'{{ site_id }}'", "{{ site_id }}"),
        ("'<?php echo $id ?>'", "<?php echo $id ?>"),
        ("'SITE_ID'", "SITE_ID"),
        ("window.SITE_ID", "<undefined>"),
        ("window.SITE_ID||'205'", "205"),
        ("window.SITE_ID??205", "205"),
        ("navigator.x", "?"),
        ("'2'+navigator.x", "?"),
        ("`20${navigator.x}`", "?"),
        ("document.title", "?"),
        ("String(205)", "205"),
        ("(205).toString()", "205"),
        ("parseInt('205px',10)", "205"),
        ("Number('205')", "205"),
        ("['2','0','5'].join('')", "205"),
        ("'502'.split('').reverse().join('')", "205"),
        ("'x205'.slice(1)", "205"),
        ("'x205'.replace('x','')", "205"),
        ("' 205'.trim()", "205"),
        ("atob('MjA1')", "205"),
        ("decodeURIComponent('%32%30%35')", "205"),
        ("String.fromCharCode(50,48,53)", "205"),
        ("({a:{b:'205'}}).a.b", "205"),
        ("({get a(){return 205}}).a", "205"),
        ("{a:1}.b", "<undefined>"),
        ("(function(){return '205'})()", "205"),
        ("(()=>({id:'205'}))().id", "205"),
        ("(function(){if(navigator.x)return '1';return '2'})()", "?"),
        ("(function(){if(navigator.x)return '1';return '1'})()", "1"),
        ("(function(a,b='205'){return b})(1)", "205"),
        ("(function(){return arguments[0]})('205')", "205"),
        ("((...a)=>a[1])(1,'205')", "205"),
        ("[1,'205'].find(x=>x!==1)", "205"),
        ("(x=>{x.a='205';return x})({}).a", "205"),
        ("navigator.x?'205':'205'", "205"),
        ("navigator.x?'205':'206'", "?"),
        ("/x/.test('x')?'1':'1'", "1"),
        ("(a=>a.b)({...{b:'205'}})", "205"),
        ("JSON.parse('{\"id\":\"205\"}').id", "205"),
        ("'id=205&x'.match(/id=(\\d+)/)[1]", "205"),
        ("/^tinh-/.test(location.hostname)?205:1", "205"),
        ("new RegExp('gov\\\\.vn$','i').test(location.host)?205:1", "205"),
        ("'2-0-5'.replace(/-/g,'')", "205"),
        ("'2x05'.replace(/x/,'')", "205"),
        ("/(?=a)/.test('b')", "?"),
        ("Object.values({a:'205'})[0]", "205"),
        ("(()=>{let [,b]=[1,'205'];return b})()", "205"),
        ("(()=>{let {a:{b='205'}={}}={};return b})()", "205"),
        ("(()=>{let a=1;a+=204;return a})()", "205"),
        ("(()=>{let a=204;++a;return a})()", "205"),
        ("(()=>{let a;a??='205';return a})()", "205"),
        ("(()=>{for(var i=0;i<205;i++);return i})()", "205"),
    ];
    let wrong: Vec<String> = table
        .iter()
        .filter(|(e, want)| id(e) != *want)
        .map(|(e, want)| format!("{e}: {:?}, wanted {want:?}", id(e)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn shapes_of_commands() {
    let table: &[(&str, &[&str])] = &[
        ("_govaq.push([])", &["<undefined>"]),
        ("_govaq.push('trackPageView')", &["trackPageView"]),
        ("_govaq.push(['track'+'PageView'])", &["trackPageView"]),
        ("_govaq.push(navigator.x)", &["?"]),
        ("_govaq.push([navigator.x,1])", &["? 1"]),
        ("var c=['a'];_govaq.push(c);c.push('b')", &["a b"]),
        ("_govaq.push(function(){})", &["<function(){}>"]),
        ("_govaq.push(['a',...['b','c']])", &["a b c"]),
        ("var c=navigator.x?['a']:['b'];_govaq.push(c)", &["b ~Condition", "a ~Condition"]),
    ];
    for (script, want) in table {
        let got = names(&Page::script(&format!("var _govaq=[];{script}")).facts());
        assert_eq!(got, *want, "{script}");
    }
}

#[test]
fn spots() {
    let html = "<html><body>\n<script>\nvar _govaq=[];\n_govaq.push(['setSiteId', '205']);\n</script>";
    let facts = Page::of(html).facts();
    let spot = &facts.commands[0].spot;
    assert_eq!(spot.source.slice(spot.span), "['setSiteId', '205']");
    let facts = Page::of("<script src=\"/a.js\"></script>").file("/a.js", "_govaq=[['a']]").facts();
    let spot = &facts.commands[0].spot;
    assert_eq!((spot.source.slice(spot.span), spot.source.text.len()), ("['a']", 14));
    let loader = "var s=document.createElement('script');s.src='//f-emc.ngsp.gov.vn/embed/gov-tracking.min.js';document.head.append(s)";
    let facts = Page::script(loader).facts();
    let spot = &facts.loads[0].spot;
    assert_eq!(spot.source.slice(spot.span), "s.src='//f-emc.ngsp.gov.vn/embed/gov-tracking.min.js'");
}
