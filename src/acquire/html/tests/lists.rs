//! Lists to choose from: what makes their options lead somewhere, as far as attributes and inline scripts tell.

use super::links::{hidden, hrefs, read};
use crate::snapshot::{LinkForm, OptionHandler, Technique};

fn option_form(text: &str) -> LinkForm {
    let found = read(text);
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    found[0].form.clone()
}

#[test]
fn options() {
    let option = "<option value='https://b.gov.vn/'>B</option>";
    for (text, handler) in [
        (format!("<select onchange='go(this)'>{option}</select>"), OptionHandler::Inline),
        (format!("<select>{}</select>", option.replace("<option", "<option onclick=go()")), OptionHandler::Inline),
        (format!("<div onchange='go()'><select>{option}</select></div>"), OptionHandler::Inline),
        (
            format!(
                "<form><select id=lk>{option}</select><button onclick=\"window.open(lk.value)\">Đi</button></form>"
            ),
            OptionHandler::Inline,
        ),
        (
            format!(
                "<select id=lk>{option}</select><script>$('#lk').on('change',function(){{location=this.value}})</script>"
            ),
            OptionHandler::Inline,
        ),
        (
            format!(
                "<select id=lk>{option}</select><script>\n// $('#lk').change(function(){{location=1}})\nx()</script>"
            ),
            OptionHandler::MaybeScript,
        ),
        (format!("<select id=lk>{option}</select><script>$('#lk2').change(f)</script>"), OptionHandler::MaybeScript),
        (format!("<select>{option}</select><script src=/a.js></script>"), OptionHandler::MaybeScript),
        (format!("<select>{option}</select><script type=a-text/javascript>x</script>"), OptionHandler::MaybeScript),
        (
            format!("<select onchange=''>{option}</select><script type=application/ld+json>1</script>"),
            OptionHandler::None,
        ),
        (format!("<form><select>{option}</select><button onclick='search()'></button></form>"), OptionHandler::None),
        (
            format!("<select><optgroup>{option}</optgroup></select><template><script>x</script></template>"),
            OptionHandler::None,
        ),
    ] {
        assert_eq!(option_form(&text), LinkForm::Option(handler), "{text}");
    }
    assert_eq!(hrefs("<select><option> https://b.gov.vn/x </select>"), ["https://b.gov.vn/x"]);
    for shut in [
        "<select disabled><option value=https://b.gov.vn>B</select>",
        "<select><option disabled value=https://b.gov.vn>B</select>",
        "<select><optgroup disabled><option value=https://b.gov.vn>B</optgroup></select>",
        "<select><option hidden value=https://b.gov.vn>B</select>",
    ] {
        assert_eq!(hidden(&read(shut)[0]), Some(Technique::HiddenAttribute), "{shut}");
    }
    assert_eq!(
        hidden(&read("<select data-seen=no><option value=https://b.gov.vn>B</select>")[0]),
        Some(Technique::DisplayNone)
    );
}

/// What a script on the page makes of a list `#ds`, named `lienket`, of class `web`.
fn by_script(script: &str) -> LinkForm {
    let select =
        "<select id=ds name=lienket class='form web select'><option value='https://b.gov.vn/'>x</option></select>";
    let found = read(&format!("<script>{script}</script>{select}"));
    found[0].form.clone()
}

#[test]
fn scripts_that_lead_away_from_a_list() {
    for script in [
        "ds.onchange = function () { location = this.value };",
        "// ds\n ds.onchange = function () { location = this.value };",
        "document.getElementById('ds').addEventListener('change', function () { location.href = this.value })",
        "document.getElementById(\"ds\").onchange = e => { window.open(e.target.value, '_blank') }",
        "document.querySelector('select[name=\"lienket\"]').onchange = function () {\n  if (this.value)\n    open(this.value) }",
        "document.getElementsByName('lienket')[0].onchange = function () { top.location.assign(this.value) }",
        "$('#ds').on('change', function () { var u = $(this).val(); if (u) window.open(u, '_blank'); })",
        "$('.web').change(function () { window.location.replace(this.options[this.selectedIndex].value) })",
        "jQuery(function ($) { $('#ds').bind('change', function () { location.href = $(this).val() }) })",
        "$(document).ready(function () { $('#ds').change(function () { location = $(this).val() }) })",
        "$(document).on('change', '#ds', function () { location = this.value })",
        "document.addEventListener('DOMContentLoaded', () => { ds.addEventListener('change', () => { location = ds.value }) })",
        "window.onload = function () { var s = document.getElementById('ds'); s.onchange = function () { location = s.value } }",
        "const s = document.querySelector('#ds');\nif (s) {\n  s.addEventListener('change', (e) => { location.href = e.target.value; });\n}",
        "(function () { var s = document.getElementById('ds'); s.addEventListener('change', function () { location = s.value }) })()",
    ] {
        assert_eq!(by_script(script), LinkForm::Option(OptionHandler::Inline), "{script}");
    }
}

#[test]
fn scripts_that_only_seem_to_lead_away_from_a_list() {
    for script in [
        "/* ds: onchange, then location = this.value */ var x = 1;",
        "\n ds(); // ds.onchange = function () { location = this.value };",
        "/*\n $('#ds').change(function () { location = this.value })\n*/ x()",
        "var s = \"ds.onchange = function () { location = this.value }\"; console.log(s)",
        "var s = '#ds'; nut.onclick = function () { location = '/tim' }",
        "function noi() { ds.onchange = function () { location = this.value } }",
        "if (false) { ds.onchange = function () { location = this.value } }",
        "class A { noi() { ds.onchange = function () { location = this.value } } }",
        "nut.onclick = function () { ds.onchange = function () { location = this.value } }",
        "ds.onchange = function () { document.title = this.value }; function di() { location = ds.value }",
        "ds.onchange = function () { document.title = this.value }\nfunction di() { location = ds.value }",
        "$('#ds').change(function () { console.log(location.href, this.value) })",
        "$('#ds').change(function () { location.href = '/tim?dv=' + this.value })",
        "$('#ds').change(function () { if (location.href == this.value) dem() })",
        "$('#ds').on('focus', function () { location = this.value })",
        "$('#ds').change(function () { $.get(this.value) })",
        "$('#ds-2').change(function () { location = this.value })",
        "document.querySelector('select.khac[name=x]').onchange = function () { location = this.value }",
        "$('#ds2').change(function () { location = this.value })",
        "$(document).on('change', '#khac', function () { location = this.value }); $('#ds').addClass('a')",
        "ds.onchange == function () { location = this.value }",
    ] {
        assert_eq!(by_script(script), LinkForm::Option(OptionHandler::MaybeScript), "{script}");
    }
}

#[test]
fn attributes_that_lead_away_from_a_list() {
    let form = |code: &str, script: &str| {
        let script = if script.is_empty() { String::new() } else { format!("<script>{script}</script>") };
        let select = format!("<select onchange=\"{code}\"><option value='https://b.gov.vn/'>x</option></select>");
        read(&(script + &select))[0].form.clone()
    };
    for (code, script) in [
        ("location.href=this.value", ""),
        ("if (this.value) window.open(this.value, '_blank')", ""),
        ("MM_jumpMenu('parent',this,0)", ""),
        ("di(this)", "function di(s) { location = s.value }"),
        ("di(this)", "var di = function (s) { window.open(s.options[s.selectedIndex].value) }"),
        ("di(this)", "const di = (s) => { sang(s.value) }; function sang(u) { location.assign(u) }"),
        ("W.di(this)", "var W = { di: function (s) { location = s.value } }"),
        ("this.form.submit()", ""),
        ("location = this.options[this.selectedIndex].value", "var khac = 1"),
    ] {
        assert_eq!(form(code, script), LinkForm::Option(OptionHandler::Inline), "{code} {script}");
    }
    for (code, script) in [
        ("alert(this.value)", ""),
        ("console.log(this.value)", ""),
        ("this.title = this.value", ""),
        ("void 0", ""),
        ("location.href = '/tim?dv=' + this.value", ""),
        ("if (location.href == this.value) return false", ""),
        ("/* location = this.value */ x = 1", ""),
        ("s = 'location=this.value'", ""),
        ("di(this)", "function di(s) { document.title = s.value }"),
        ("di(this)", "function di(s) { di(s) }"),
        ("di(this)", "function di(s) { doi(s) } function doi(s) { di(s) }"),
    ] {
        assert_eq!(form(code, script), LinkForm::Option(OptionHandler::MaybeScript), "{code} {script}");
    }
}

#[test]
fn scripts_made_to_be_slow_end_soon() {
    let option = "<option value='https://b.gov.vn/'>x</option>";
    for piece in [
        "ds.change(",
        "'ds').on('change',",
        "ds.on(",
        "ds.onchange=",
        "a='ds');",
        "'ds',",
        "a=b('ds').",
        "{",
        "f(function(){",
    ] {
        let begun = std::time::Instant::now();
        let text = piece.repeat((1 << 20) / piece.len());
        let _ = read(&format!("<script>{text}</script><select id=ds>{option}</select>"));
        assert!(begun.elapsed() < std::time::Duration::from_secs(20), "{piece}: {:?}", begun.elapsed());
    }
}

#[test]
fn more_functions_than_are_looked_for() {
    let option = "<option value='https://b.gov.vn/'>x</option>";
    let page = |functions: usize| {
        let many: String = (0..functions).map(|i| format!("<select onchange='f{i}(this)'>{option}</select>")).collect();
        let last = format!("<select onchange='cuoi(this)'>{option}</select>");
        format!("<script>{}function cuoi(s) {{ location = s.value }}</script>{many}{last}", " ".repeat(1 << 20))
    };
    for (functions, handler) in [(200, OptionHandler::Inline), (300, OptionHandler::MaybeScript)] {
        let found = read(&page(functions));
        assert_eq!(found.last().map(|l| l.form.clone()), Some(LinkForm::Option(handler)), "{functions}");
    }
}

#[test]
fn functions_that_call_each_other_without_end() {
    let chain: String = (0..20_000).map(|i| format!("function f{i}(s) {{ f{}(s) }}\n", i + 1)).collect();
    let select = "<select onchange='f0(this)'><option value='https://b.gov.vn/'>x</option></select>";
    let found = read(&format!("<script>{chain}</script>{select}"));
    assert_eq!(found[0].form, LinkForm::Option(OptionHandler::MaybeScript));
}
