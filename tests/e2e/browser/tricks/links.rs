//! The link to the portal: ways to have one that nobody can follow, and ways that only scripts know.

use std::time::Duration;

use super::{OTHER, PORTAL, Row, fits, judge, row, said, server, with_headers};
use crate::e2e::browser::{check, page};
use crate::e2e::server::Host;

#[test]
fn nobody_is_fooled_about_links() {
    let server = server();
    let (to, other) = (server.https(PORTAL), server.https(OTHER));
    let body = |body: &str| page("", body);
    let styled =
        |css: &str| page(&format!("<style>#l{{{css}}}</style>"), &format!("<p><a id=l href=\"{to}\">Cổng</a></p>"));
    let script = |code: &str| {
        body(&format!(
            "<p><a id=l href=\"{to}\">Cổng</a></p><script>var l=document.getElementById('l');{code}</script>"
        ))
    };
    let made = |code: &str| {
        body(&format!("<div id=d></div><script>var d=document.getElementById('d'),to='{to}';{code}</script>"))
    };
    let rows: Vec<Row> = vec![
        row("plain", styled(""), "pass"),
        row(
            "natives that lie",
            page(
                "<script>Element.prototype.getBoundingClientRect=function(){return{left:1,top:1,right:90,bottom:30,width:89,height:29}};window.getComputedStyle=function(){return{}};Element.prototype.checkVisibility=function(){return true}</script>",
                &format!("<a hidden href=\"{to}\">Cổng</a>"),
            ),
            "fail link-hidden",
        ),
        row(
            "natives that throw",
            page(
                "<script>(function(){var no=function(){throw 1};Document.prototype.querySelectorAll=Element.prototype.querySelectorAll=Array.from=Array.prototype.slice=JSON.stringify=no})()</script>",
                &format!("<a href=\"{to}\">Cổng</a>"),
            ),
            "pass",
        ),
        row("transparent", styled("opacity:0"), "fail link-hidden"),
        row("far away", styled("position:absolute;left:-9999px"), "fail link-hidden"),
        row("no size", styled("display:inline-block;width:0;height:0;overflow:hidden"), "fail link-hidden"),
        row("clipped", styled("position:absolute;clip-path:inset(50%)"), "fail link-hidden"),
        row("shrunk", styled("display:inline-block;transform:scale(0)"), "fail link-hidden"),
        row(
            "print only",
            page(
                "<style>#l{display:none}@media print{#l{display:inline}}</style>",
                &format!("<a id=l href=\"{to}\">Cổng</a>"),
            ),
            "fail link-hidden",
        ),
        row("no words", body(&format!("<a href=\"{to}\"></a>")), "fail"),
        row("a picture of no size", body(&format!("<a href=\"{to}\"><img width=0 height=0 alt=\"\"></a>")), "fail"),
        row("taken away on load", script("onload=function(){l.remove()}"), "fail"),
        row("taken away after a second", script("setTimeout(function(){l.remove()},900)"), "fail|pass"),
        row("hidden on load", script("onload=function(){l.style.display='none'}"), "fail link-hidden"),
        row("sent elsewhere on load", script(&format!("onload=function(){{l.href='{other}'}}")), "fail"),
        row(
            "sent elsewhere when touched",
            script(&format!("l.onmousedown=function(){{l.href='{other}'}}")),
            "pass|fail",
        ),
        row("made by a script", made("d.innerHTML='<a href=\"'+to+'\">Cổng</a>'"), "pass"),
        row(
            "made in an open shadow tree",
            made("d.attachShadow({mode:'open'}).innerHTML='<a href=\"'+to+'\">Cổng</a>'"),
            "pass",
        ),
        row(
            "made in a slot",
            made("d.attachShadow({mode:'open'}).innerHTML='<slot></slot>';d.innerHTML='<a href=\"'+to+'\">Cổng</a>'"),
            "pass",
        ),
        row(
            "made outside every slot",
            made("d.innerHTML='<a href=\"'+to+'\">Cổng</a>';d.attachShadow({mode:'open'}).innerHTML='<p>x</p>'"),
            "fail",
        ),
        row(
            "made when a menu opens",
            made(
                "d.innerHTML='<button aria-expanded=false>Liên kết</button>';d.firstChild.onclick=function(){d.innerHTML+='<a href=\"'+to+'\">Cổng</a>'}",
            ),
            "pass|fail",
        ),
        row(
            "a menu under the pointer",
            page(
                "<style>nav ul ul{display:none}nav li:hover>ul{display:block}</style>",
                &format!("<nav><ul><li>Liên kết<ul><li><a href=\"{to}\">Cổng</a></ul></ul></nav>"),
            ),
            "pass",
        ),
        row(
            "a menu that a click opens",
            body(&format!(
                "<button onclick=\"m.hidden=!m.hidden\">Liên kết</button><div id=m hidden><a href=\"{to}\">Cổng</a></div>"
            )),
            "pass",
        ),
        row(
            "a dialog that a button opens",
            body(&format!(
                "<button onclick=\"m.showModal()\">Liên kết</button><dialog id=m><a href=\"{to}\">Cổng</a></dialog>"
            )),
            "pass",
        ),
        row(
            "a popover that a button opens",
            body(&format!(
                "<button popovertarget=m>Liên kết</button><div id=m popover><a href=\"{to}\">Cổng</a></div>"
            )),
            "pass",
        ),
        row(
            "a dialog that nothing opens",
            body(&format!("<dialog><a href=\"{to}\">Cổng</a></dialog>")),
            "fail link-hidden",
        ),
        row(
            "a closed section",
            body(&format!("<details><summary>Liên kết</summary><a href=\"{to}\">Cổng</a></details>")),
            "pass",
        ),
        row(
            "a list that leads",
            body(&format!("<select onchange=\"location=value\"><option>Chọn<option value=\"{to}\">Cổng</select>")),
            "pass",
        ),
        row(
            "a list whose handler a script adds",
            body(&format!(
                "<select id=s><option>Chọn<option value=\"{to}\">Cổng</select><script>s.addEventListener('change',function(){{window.open(s.value)}})</script>"
            )),
            "pass",
        ),
        row(
            "a list that leads nowhere",
            body(&format!(
                "<select id=s><option>Chọn<option value=\"{to}\">Cổng</select><script>s.onchange=function(){{alert(1)}}</script>"
            )),
            "fail|inconclusive",
        ),
        row(
            "a list that goes to another site",
            body(&format!("<select onchange=\"location='{other}'\"><option>Chọn<option value=\"{to}\">Cổng</select>")),
            "fail|inconclusive",
        ),
        row(
            "a # with a handler",
            body(&format!("<a href=\"#\" onclick=\"location='{to}';return false\">Cổng</a>")),
            "pass",
        ),
        row(
            "a handler that opens a window",
            body(&format!(
                "<span style=cursor:pointer id=s>Cổng</span><script>s.addEventListener('click',function(){{open('{to}')}})</script>"
            )),
            "pass|fail|inconclusive",
        ),
        row(
            "a handler that goes there a little later",
            body(&format!(
                "<button type=button onclick=\"setTimeout(function(){{location='{to}'}},150)\">Cổng</button>"
            )),
            "pass",
        ),
        row(
            "a form that goes there",
            body(&format!("<form action=\"{to}\"><button>Cổng</button></form>")),
            "fail|pass",
        ),
        row(
            "in a frame",
            body(&format!("<iframe srcdoc='<a target=_top href=\"{to}\">Cổng</a>'></iframe>")),
            "fail|pass",
        ),
        row(
            "a map",
            body(&format!(
                "<img usemap=#m width=200 height=90 src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='200' height='90'><rect width='200' height='90'/></svg>\"><map name=m><area shape=rect coords=\"0,0,90,90\" href=\"{to}\" alt=Cổng></map>"
            )),
            "pass",
        ),
        row(
            "a drawing",
            body(&format!("<svg width=200 height=40><a href=\"{to}\"><text y=20>Cổng</text></a></svg>")),
            "pass",
        ),
        row(
            "below a wall without a door",
            body(&format!(
                "<a href=\"{to}\">Cổng</a><div style='position:fixed;inset:0;background:#fff;z-index:9'>Thông báo</div>"
            )),
            "fail link-hidden|pass",
        ),
        row(
            "another host that looks like it",
            body("<a href=\"https://cong.test.example.org/\">Cổng</a>"),
            "fail missing-link",
        ),
        row(
            "another host before an at",
            body("<a href=\"https://cong.test@other.test/\">Cổng</a>"),
            "fail missing-link",
        ),
        row(
            "leaves before anyone can read",
            body(&format!("<script>location='{other}'</script><a href=\"{to}\">Cổng</a>")),
            "pass|fail|inconclusive",
        ),
        with_headers(
            "a sandbox without scripts",
            "content-security-policy: sandbox\r\n",
            body(&format!("<a href=\"{to}\">Cổng</a>")),
            "pass",
        ),
        row(
            "leaves as soon as it is touched",
            body(&format!(
                "<a href=\"{to}\">Cổng</a><script>['mousemove','mouseover','scroll','pointerdown'].forEach(function(e){{addEventListener(e,function(){{location='{other}'}})}})</script>"
            )),
            "pass",
        ),
        row(
            "a thousand menus",
            body(&format!(
                "{}<div hidden><a href=\"{to}\">Cổng</a></div>",
                "<button aria-expanded=false onclick=\"document.title=1\">x</button>".repeat(1000)
            )),
            "fail|inconclusive",
        ),
    ];
    judge(&server, "portal-link", &rows, "--browser-wait 2s", Duration::from_secs(120));
}

/// Scripts that take their time: what comes within the wait counts, what comes later does not.
#[test]
fn what_comes_after_load_is_waited_for_so_long() {
    let server = server();
    let later = format!(
        "<div id=d></div><script>setTimeout(function(){{var a=document.createElement('a');a.href='{}';\
         a.textContent='Cổng';d.append(a)}},3000)</script>",
        server.https(PORTAL)
    );
    for (flags, expected) in [("", "pass"), ("--browser-wait 1s", "fail missing-link")] {
        let rows = [row("a link after three seconds", page("", &later), expected)];
        judge(&server, "portal-link", &rows, flags, Duration::from_secs(60));
    }
}

/// Sites that share a host: a link to one does not show that another is linked to, and the addresses of one site are
/// not told apart. `P` stands for the portal's host, `S` for that of a component of its own.
#[test]
fn sites_that_share_a_host_are_each_looked_for() {
    let server = server();
    let shown = |to: &str| format!("<a href=\"{to}\">Sở</a>");
    let menu = |to: &str| {
        format!(
            "<button onclick=\"m.hidden=!m.hidden\">Danh sách</button><div id=m hidden><a href=\"{to}\">Sở</a></div>"
        )
    };
    let hidden = |to: &str| format!("<p style=\"display:none\"><a href=\"{to}\">Sở</a></p>");
    let two = "P/so-a/ P/so-b/";
    let rows = [
        ("both show", two, shown("/so-a/") + &shown("/so-b/"), "pass"),
        ("the second is in a menu", two, shown("/so-a/") + &menu("/so-b/"), "pass"),
        ("the first is in a menu", two, shown("/so-b/tin/1.html") + &shown("/so-b/") + &menu("P/so-a"), "pass"),
        ("the second is hidden", two, shown("/so-a/") + &hidden("/so-b/"), "fail link-hidden"),
        ("the second is nowhere", two, shown("/so-a/") + &menu("/so-bc/"), "fail missing-link"),
        (
            "inside one another",
            "P/so/ P/so/phong/",
            shown("/so/tin/") + &menu("/so/phong/x.html") + &shown("/so/"),
            "pass",
        ),
        ("the root of one by a path, in a menu", "S/trang-chu/+S/vi/", menu("S/"), "pass"),
        ("one by its alias, in a menu", "S/trang-chu/+S/vi/", shown("/") + &menu("S/vi/"), "pass"),
        ("one on a host of its own beside", "P/so-a/ S/", shown("/so-a/") + &menu("S/tin.html"), "pass"),
        ("the one beside is hidden", "P/so-a/ S/", menu("/so-a/") + &hidden("S/"), "fail link-hidden"),
    ];
    let mut sites = "apiVersion: rasoat/v1\nsites:\n".to_owned();
    for (n, (_, components, body, _)) in rows.iter().enumerate() {
        let hosts = [format!("p{n}.test"), format!("s{n}.test")];
        let [p, s] = hosts.each_ref().map(|host| server.https(host).trim_end_matches('/').to_owned());
        let full = |text: &str| text.replace("P/", &format!("{p}/")).replace("S/", &format!("{s}/"));
        server.host(
            &hosts[0],
            Host::page(page("", &body.replace("\"P/", &format!("\"{p}/")).replace("\"S/", &format!("\"{s}/")))),
        );
        server.host(&hosts[1], Host::page(page("", "")));
        sites += &format!("  - {{id: p{n}, role: portal, url: '{p}/'}}\n");
        for (k, component) in components.split(' ').enumerate() {
            let (url, alias) = component.split_once('+').unwrap_or((component, ""));
            let aliases = if alias.is_empty() { String::new() } else { format!(", aliases: ['{}']", full(alias)) };
            sites += &format!("  - {{id: p{n}-{k}, role: component, parent: p{n}, url: '{}'{aliases}}}\n", full(url));
        }
    }
    let args = "-q --browser require --only component-links --browser-wait 2s";
    let report = check(&server, args, &[("sites.yml", sites)]).report();
    let findings = report["findings"].as_array().unwrap();
    let mut wrong: Vec<String> = Vec::new();
    for (n, (name, _, _, wanted)) in rows.iter().enumerate() {
        let finding = findings.iter().find(|f| f["site"] == format!("p{n}")).unwrap();
        if !fits(finding, wanted) {
            wrong.push(format!("{name}: {wanted} – {}", said(finding)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
