//! Labels: each way of hiding and each innocent look-alike, judged as a person at the screen would.

use super::bench::{sought, table};
use crate::acquire::browser::look::Looked;

/// What the tracker's library adds.
const LABEL: &str = r##"<div class="yhy-append-wrap"><div id="yhy-append" class="yhy-append"><a id="btnEMC"
class="yhy-append-btn" href="javascript:void(0)" style="display:flex"><span class="yhy-append-icon"><img alt="EMC"
src="data:image/gif;base64,R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw=="></span><span
class="yhy-append-txt">Đã kết nối EMC</span></a><a id="btnBTTTT" style="display:none"><span>Trực thuộc</span></a></div></div>"##;

/// A page: style sheet, body in which `@` is the label, and what a person sees.
type Case = (&'static str, &'static str, &'static str);

fn word(looked: &Looked) -> String {
    let sights = &looked.labels["emc"];
    let first = sights.injected.first().or(sights.own.first());
    let Some(sight) = first else { return if sights.removed { "removed" } else { "none" }.to_owned() };
    let side = if sights.injected.is_empty() { "own " } else { "" };
    let desktop = match (&sight.desktop.hidden, &sight.desktop.dismissed) {
        (None, None) => "seen".to_owned(),
        (None, Some(clicked)) => format!("dismissed {clicked}"),
        (Some(hidden), _) => serde_json::to_value(hidden.technique).unwrap().as_str().unwrap().to_owned(),
    };
    let phone = sight.phone.as_ref().map_or(" unlooked", |s| if s.hidden.is_some() { " not-on-phone" } else { "" });
    format!("{side}{desktop}{phone}")
}

fn judge(case: &Case, looked: &Looked) -> Option<String> {
    let (style, body, expected) = case;
    let seen = word(looked);
    let seen =
        if expected.contains("phone") { seen } else { seen.replace(" not-on-phone", "").replace(" unlooked", "") };
    (seen != *expected).then(|| {
        let sights = &looked.labels["emc"];
        format!("{seen} for {expected}: {style} {body}\n    {:?}", sights.injected.first().or(sights.own.first()))
    })
}

fn page(case: &Case) -> (Vec<(&'static str, String)>, u64) {
    let (style, body, _) = case;
    let html = format!(
        "<!DOCTYPE html><html lang=vi><head><meta charset=utf-8><meta name=viewport content='width=device-width'>\
         <title>t</title><style>{style}</style></head><body><h1>Cổng</h1>{}</body></html>",
        body.replace('@', LABEL)
    );
    (vec![("", html)], if body.contains("setTimeout") { 1_400 } else { 150 })
}

const TALL: &str = "<div style='height:3000px'>x</div>@";

#[tokio::test(flavor = "multi_thread")]
async fn what_hides_a_label_and_what_does_not() {
    let hidden: &[Case] = &[
        (".yhy-append-wrap{display:none!important}", "@", "display-none not-on-phone"),
        ("#btnEMC{display:none!important}", "@", "display-none"),
        (".yhy-append-txt{display:none}", "@", "display-none"),
        (".yhy-append-wrap{visibility:hidden}", "@", "visibility"),
        ("#yhy-append{visibility:collapse}", "@", "visibility"),
        (".yhy-append-wrap{opacity:0}", "@", "transparent"),
        (".p{opacity:.05}", "<div class=p>@</div>", "transparent"),
        (".yhy-append-wrap{filter:opacity(0)}", "@", "transparent"),
        ("#btnEMC{clip-path:inset(50%)}", "@", "clipped"),
        ("#btnEMC{clip-path:circle(0)}", "@", "clipped"),
        (".yhy-append-wrap{clip-path:polygon(0 0,0 0,0 0)}", "@", "clipped"),
        (".yhy-append-wrap{position:absolute;clip:rect(0 0 0 0)}", "@", "clipped"),
        (".yhy-append-wrap{mask-image:linear-gradient(transparent,transparent)}", "@", "clipped"),
        (".yhy-append-wrap{position:absolute;left:-9999px}", "@", "off-screen"),
        (".yhy-append-wrap{position:fixed;top:-500px}", "@", "off-screen"),
        (".yhy-append-wrap{position:fixed;left:100vw}", "@", "off-screen"),
        (".yhy-append-wrap{transform:translate(-9999px)}", "@", "off-screen"),
        (".yhy-append-wrap{translate:0 -9999px}", "@", "off-screen"),
        (".yhy-append-txt{display:block;text-indent:-9999px;overflow:hidden;width:100px}", "@", "off-screen"),
        ("#btnEMC{text-indent:-9999px}", "@", "off-screen"),
        (".yhy-append-wrap{transform:scale(0)}", "@", "zero-size"),
        (".yhy-append-wrap{transform:scale(.05)}", "@", "zero-size"),
        (".yhy-append-wrap{height:0;overflow:hidden}", "@", "zero-size"),
        (".yhy-append-wrap{width:1px;height:1px;overflow:hidden}", "@", "zero-size"),
        (".yhy-append-wrap{font-size:0}", "@", "zero-size"),
        (".yhy-append-txt{font-size:1px}", "@", "zero-size"),
        (".yhy-append-wrap{content-visibility:hidden}", "@", "content-visibility"),
        ("#btnEMC{color:#fff;text-decoration:none}", "@", "same-colour"),
        ("#btnEMC{color:transparent}", "@", "same-colour"),
        (".f{background:#123}.f *{color:#123}", "<footer class=f>@</footer>", "same-colour"),
        ("#btnEMC{-webkit-text-fill-color:transparent}", "@", "same-colour"),
        (
            ".f{background:#036;position:fixed;inset:auto 0 0 0;height:90px}.yhy-append-wrap{position:fixed;bottom:9px;left:9px}#btnEMC{color:#036}",
            "<footer class=f></footer>@",
            "same-colour",
        ),
        ("", "<details><summary>s</summary>@</details>", "closed-details"),
        ("", "<dialog>@</dialog>", "hidden-attribute"),
        ("", "<div hidden>@</div>", "hidden-attribute"),
        (".t{display:none}", "<div role=tabpanel class=t>@</div>", "closed-details"),
        ("", "<div popover>@</div>", "hidden-attribute"),
        (".o{position:fixed;inset:0;background:#fff;z-index:9}", "@<div class=o>Đang tải</div>", "covered"),
        (".o{position:fixed;inset:0;background:#fff;z-index:9;pointer-events:none}", "@<div class=o></div>", "covered"),
        (".o::before{content:'';position:fixed;inset:0;background:#fff;z-index:9}", "@<div class=o></div>", "covered"),
        (
            ".b{position:fixed;left:0;right:0;bottom:0;height:90px;background:#036}",
            "<div style='height:3000px'>x</div>@<div class=b>Liên hệ</div>",
            "covered",
        ),
        (
            ".yhy-append-wrap{position:relative;z-index:-1}.w{background:#fff}",
            "<div class=w><div>x</div>@</div>",
            "covered",
        ),
        ("html{height:100%;overflow:hidden}body{height:100vh;overflow:hidden}", TALL, "off-screen"),
        (".w{height:50px;overflow:hidden}", "<div class=w><div style='height:300px'>x</div>@</div>", "clipped"),
        (
            "",
            "@<script>setTimeout(()=>document.querySelector('#yhy-append').style.display='none',1000)</script>",
            "display-none",
        ),
        ("", "@<script>setTimeout(()=>document.querySelector('.yhy-append-wrap').remove(),1000)</script>", "removed"),
        ("", "@<script>setTimeout(()=>document.querySelector('#yhy-append').remove(),1000)</script>", "removed"),
        ("@keyframes go{to{opacity:0}}.yhy-append-wrap{animation:go .3s forwards}", "@", "transparent"),
        (".p{display:contents}.p>*{visibility:hidden}", "<div class=p>@</div>", "visibility"),
        (
            "body{min-height:3000px}body::before{content:'';position:fixed;inset:0;background:#fff;z-index:1}",
            "@",
            "covered",
        ),
        ("i{position:fixed;inset:0 auto auto 0;border:2000px solid #fff}", "@<i></i>", "covered"),
        ("body::before{content:'';position:fixed;inset:0;background:#fff;pointer-events:none}", "@", "covered"),
        (
            "i{position:fixed;inset:0 auto auto 0;width:1px;height:1px;outline:3000px solid #fff}",
            "@<i></i>",
            "same-colour",
        ),
        ("i{position:fixed;top:-99px;width:1px;height:1px;box-shadow:0 0 0 4000px #fff}", "@<i></i>", "same-colour"),
        (".yhy-append-txt{display:block}.yhy-append-txt::first-line{color:#fff}", "@", "same-colour"),
        (".yhy-append-txt{width:12px;overflow:hidden;white-space:nowrap;text-overflow:ellipsis}", "@", "clipped"),
        ("@media(hover){.yhy-append-wrap{display:none}}", "@", "display-none"),
        ("@media(any-pointer:fine){.yhy-append-wrap{display:none}}", "@", "display-none"),
        (".s{fill:#fff}", "<svg class=s width=300 height=40><text y=20>Đã kết nối EMC</text></svg>", "own same-colour"),
    ];
    let seen: &[Case] = &[
        ("", "@", "seen"),
        ("", TALL, "seen"),
        (".yhy-append-wrap{position:fixed;right:10px;bottom:10px;z-index:9}", "@", "seen"),
        ("#btnEMC{display:inline-block!important}", "@", "seen"),
        ("@media print{.yhy-append-wrap{display:none!important}}", "@", "seen"),
        (".yhy-append-wrap{opacity:.9}", "@", "seen"),
        ("@media(max-width:500px){.yhy-append-wrap{display:none!important}}", "@", "seen not-on-phone"),
        (
            ".c{position:fixed;inset:auto 0 0 0;height:768px;background:#fff}",
            "@<div class=c id=c>Trang dùng cookie <a href='/policy'>Chính sách</a> <button onclick=\"document.getElementById('c').remove()\">Đồng ý</button></div>",
            "dismissed Đồng ý",
        ),
        (
            ".c{position:fixed;inset:0;background:#fff}.x{position:absolute;top:0;right:0}",
            "@<div class=c id=c><span class=x onclick=\"this.parentNode.style.display='none'\">×</span>Quảng cáo</div>",
            "dismissed ×",
        ),
        (".o{position:fixed;inset:0;z-index:9;pointer-events:auto}", "@<div class=o></div>", "seen"),
        (".o{position:fixed;inset:0;z-index:9;background:#fff;opacity:0}", "@<div class=o>x</div>", "seen"),
        (".o{position:fixed;inset:0;z-index:9;background:rgba(0,0,0,.4)}", "@<div class=o></div>", "seen"),
        (
            ".b{position:fixed;left:0;right:0;bottom:0;height:90px;background:#036}body{padding-bottom:100px}",
            "<div style='height:3000px'>x</div>@<div class=b>Liên hệ</div>",
            "seen",
        ),
        (
            ".h{position:sticky;top:0;height:200px;background:#036}",
            "<div class=h></div><div style='height:2000px'></div>@",
            "seen",
        ),
        (".w{height:100px;overflow:auto}", "<div class=w><div style='height:900px'>x</div>@</div>", "seen"),
        ("body{height:100vh;overflow:hidden}", "@", "seen"),
        ("html{height:100%;overflow:hidden}body{height:100%;overflow:auto;margin:0}", TALL, "seen"),
        (".p{display:contents}", "<div class=p>@</div>", "seen"),
        (".p{visibility:hidden}.p .yhy-append-wrap{visibility:visible}", "<div class=p>@</div>", "seen"),
        ("", "<details open><summary>s</summary>@</details>", "seen"),
        ("@keyframes in{from{opacity:0}}.yhy-append-wrap{animation:in .6s}", "@", "seen"),
        (".f{background:#123}.f *{color:#fff}", "<footer class=f>@</footer>", "seen"),
        ("#btnEMC{color:#fff;text-shadow:0 0 3px #000}", "@", "seen"),
        ("#btnEMC{pointer-events:none}", "@", "seen"),
        ("", "<div inert>@</div>", "seen"),
        (".yhy-append-wrap{content-visibility:auto}", TALL, "seen"),
        (
            ".yhy-append-wrap{opacity:0;transition:opacity .3s}.yhy-append-wrap.in{opacity:1}",
            "<div style='height:3000px'>x</div>@<script>new IntersectionObserver(es=>es.forEach(e=>e.isIntersecting&&e.target.classList.add('in'))).observe(document.querySelector('.yhy-append-wrap'))</script>",
            "seen",
        ),
        ("", "<iframe srcdoc='<p>Đã kết nối EMC</p>'></iframe>", "own seen"),
        (
            "",
            "<div id=h></div><script>h.attachShadow({mode:'open'}).innerHTML='<p>Đã kết nối EMC</p>'</script>",
            "own seen",
        ),
        (
            "",
            "<div id=h></div><script>h.attachShadow({mode:'closed'}).innerHTML='<p>Đã kết nối EMC</p>'</script>",
            "own seen",
        ),
        (
            ".h{opacity:0}",
            "<div id=h class=h></div><script>h.attachShadow({mode:'closed'}).innerHTML='<p>Đã kết nối EMC</p>'</script>",
            "own transparent",
        ),
        (
            "",
            "@<script>setTimeout(()=>{const l=document.querySelector('.yhy-append-wrap');const c=l.cloneNode(true);l.remove();document.body.append(c)},300)</script>",
            "seen",
        ),
        (".yhy-append-txt{display:contents}", "@", "seen"),
        (
            ".o{position:fixed;inset:0;background:#fff}",
            "@<dialog id=d>Chào <button onclick='d.close()'>Đóng</button></dialog><script>d.showModal()</script>",
            "seen",
        ),
        (
            "body{min-height:900px}body::before{content:'';position:fixed;inset:0 0 auto;height:9px;background:#036}",
            "@",
            "seen",
        ),
        ("@media(hover:none){.yhy-append-wrap{display:none}}", "@", "seen"),
        ("@media(pointer:coarse){.yhy-append-wrap{display:none}}", "@", "seen not-on-phone"),
        (".b{position:fixed;bottom:0;border:30px solid #036;box-shadow:0 0 9px #000}", "@<div class=b>x</div>", "seen"),
        (".b{outline:200px solid #036}", "@<div style='height:300px'></div><div class=b>x</div>", "seen"),
        (".yhy-append-txt{overflow:hidden;text-overflow:ellipsis}", "@", "seen"),
        ("", "<svg width=300 height=40><text y=20>Đã kết nối EMC</text></svg>", "own seen"),
        ("", "<form><input name=parentNode><input name=id><footer><b>Đã kết nối EMC</b></footer></form>", "own seen"),
    ];
    let pictures: &[Case] = &[
        // A picture that lets everything through lies over it; one that does not.
        (
            ".o{position:fixed;inset:0;background:url(data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7)}",
            "@<div class=o></div>",
            "seen",
        ),
        (
            ".o{position:fixed;inset:0;width:100%;height:100%}",
            "@<svg class=o xmlns='http://www.w3.org/2000/svg'><rect width='100%' height='100%' fill=white /></svg>",
            "covered",
        ),
        (
            ".o{position:fixed;inset:0;width:100%;height:100%;border:0}",
            "@<iframe class=o srcdoc='<p>Trò chuyện'></iframe>",
            "seen",
        ),
        ("#btnEMC{color:#fff}.f{background:linear-gradient(#036,#069)}", "<footer class=f>@</footer>", "seen"),
        ("#btnEMC{color:#fff}.f{background:linear-gradient(#fff,#fff)}", "<footer class=f>@</footer>", "same-colour"),
        (".yhy-append-wrap{filter:contrast(0)}body{background:gray}", "@", "same-colour"),
        (".yhy-append-wrap{mix-blend-mode:multiply}#btnEMC{color:#fff}", "@", "same-colour"),
        (".yhy-append-wrap{filter:grayscale(1)}", "@", "seen"),
        (
            ".h{position:relative;height:200px}.h img{position:absolute;inset:0;width:100%;height:100%}.yhy-append-wrap{position:relative}#btnEMC{color:#fff}",
            "<div class=h><img alt='' src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9' fill='navy'/></svg>\">@</div>",
            "seen",
        ),
        (
            ".g{background:linear-gradient(red,blue);background-clip:text;color:transparent}",
            "<footer class=g>Đã kết nối EMC</footer>",
            "own seen",
        ),
    ];
    let own: &[Case] = &[
        ("", "<footer>Đã  kết nối\n EMC</footer>", "own seen"),
        ("", "<footer>ĐÃ KẾT NỐI <b>EMC</b></footer>", "own seen"),
        ("b{display:none}", "<footer>Đã kết nối <b>EMC</b></footer>", "own display-none"),
        ("", "<footer>Da ket noi EMC</footer>", "none"),
        (
            "",
            "<img alt='Đã kết nối EMC' width=120 height=40 src='data:image/gif;base64,R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw=='>",
            "own same-colour",
        ),
        (
            "",
            "<img alt='Đã kết nối EMC' width=120 height=40 src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9' fill='navy'/></svg>\">",
            "own seen",
        ),
        (
            "",
            "<svg width=90 height=30><title>Đã kết nối EMC</title><rect width=90 height=30 fill=red /></svg>",
            "own seen",
        ),
        ("img{display:none}", "<img alt='Đã kết nối EMC' width=120 height=40>", "own display-none"),
        (".g::after{content:'Đã kết nối EMC'}", "<p class=g></p>", "own seen"),
        (".g::after{content:'EMC'}", "<p class=g>Đã kết nối </p>", "own seen"),
        (
            "",
            "<p>Hôm nay tỉnh thông báo toàn bộ các trang đã kết nối EMC theo quy định của Bộ tại Thông tư mới ban hành</p>",
            "none",
        ),
        ("", "<script>var a='Đã kết nối EMC'</script>", "none"),
    ];
    let cases = [hidden, seen, pictures, own].concat();
    assert!(cases.len() >= 70);
    table(cases, sought(&[]), page, judge).await;
}
