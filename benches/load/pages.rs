//! The ten pages, each slow in its own way, and the files they load.

use std::time::Duration;

/// Their names.
pub(crate) const NAMES: [&str; 10] =
    ["text", "script", "picture", "font", "dom", "shifts", "pictures", "blocking", "client", "tasks"];

const TEXT: &str = "Cổng thông tin điện tử cung cấp thông tin chính thống, dịch vụ công trực tuyến và tiếp nhận phản \
                    ánh, kiến nghị của người dân và doanh nghiệp. ";

/// Work that a slower processor takes longer for.
const WORK: &str = "function work(n) { let x = 1; for (let i = 0; i < n * 1e6; i++) x = (x * 31 + i) | 0; return x; }";

/// Type and bytes of a file, and how long its server takes.
pub(crate) fn page(name: &str) -> (&'static str, Vec<u8>, Duration) {
    let ms = Duration::from_millis;
    match name {
        "late.svg" => ("image/svg+xml", picture(380, 500), ms(1_200)),
        "small.svg" => ("image/svg+xml", picture(120, 90), ms(50)),
        "slow.css" => ("text/css", filled(40_000, "body { margin: 1em }"), ms(300)),
        "slow.js" => ("text/javascript", filled(60_000, "window.ready = 1;"), ms(300)),
        "font.woff2" => ("font/woff2", vec![0; 60_000], ms(800)),
        "data.json" => ("application/json", b"{\"rows\": 200}".to_vec(), ms(400)),
        name => ("text/html; charset=utf-8", html(name).into_bytes(), ms(100)),
    }
}

/// A file of some length whose comment says nothing.
fn filled(length: usize, text: &str) -> Vec<u8> {
    format!("/*{}*/{text}", "x".repeat(length)).into_bytes()
}

fn picture(width: u32, height: u32) -> Vec<u8> {
    let dots: String =
        (0..900).map(|n| format!("<circle cx='{}' cy='{}' r='6'/>", n * 7 % width, n * 13 % height)).collect();
    format!("<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}'>{dots}</svg>").into_bytes()
}

fn html(name: &str) -> String {
    let text = |times: usize| format!("<p>{}</p>", TEXT.repeat(times));
    let (head, body) = match name {
        "script" => (
            format!("<script>{WORK}</script>"),
            format!("{}<script>work(60)</script>{}<script>addEventListener('load', () => setTimeout(() => work(120), 300))</script>", text(3), text(3)),
        ),
        "picture" => (String::new(), format!("{}<img src=/late.svg width=380 height=500 alt=x>", text(1))),
        "font" => (
            "<style>@font-face { font-family: W; src: url(/font.woff2); font-display: swap } body { font-family: W, sans-serif }</style>".to_owned(),
            text(8),
        ),
        "dom" => (String::new(), (0..4_000).map(|n| format!("<div class=c{n}><a href=/{n}>Mục {n}</a><span>{n}</span></div>")).collect()),
        "shifts" => (
            String::new(),
            format!("<div id=a></div>{}<script>for (const [at, px] of [[400, 90], [900, 140], [2500, 60]]) setTimeout(() => {{ a.style.height = a.offsetHeight + px + 'px'; }}, at)</script>", text(6)),
        ),
        "pictures" => (
            String::new(),
            text(1) + &(0..30).map(|n| format!("<img src=/small.svg?{n} width=120 height=90 alt=x> ")).collect::<String>(),
        ),
        "blocking" => (
            "<link rel=stylesheet href=/slow.css><script src=/slow.js></script><link rel=stylesheet href=/slow.css?2>".to_owned(),
            text(5),
        ),
        "client" => (
            format!("<script>{WORK}</script>"),
            "<div id=root></div><script>fetch('/data.json').then((r) => r.json()).then((d) => { work(80); root.innerHTML = Array.from({ length: d.rows }, (_, n) => `<p>Mục ${n}</p>`).join(''); })</script>".to_owned(),
        ),
        "tasks" => (
            format!("<script>{WORK}</script>"),
            format!("{}<script>let left = 6; const next = () => {{ work(40); if (--left) setTimeout(next, 50); }}; addEventListener('load', () => setTimeout(next, 100))</script>", text(4)),
        ),
        _ => (String::new(), text(30)),
    };
    format!(
        "<!doctype html><html lang=vi><head><meta charset=utf-8><meta name=viewport content='width=device-width'><title>{name}</title>{head}</head><body><h1>{name}</h1>{body}</body></html>"
    )
}
