//! Pages for a soak, each from its number alone: most as portals are, some made to be slow, large or broken. The mix of
//! a hundred numbers that follow each other is the same everywhere, so that samples can be compared.

use std::fmt::Write as _;

use fastrand::Rng;

use super::server::{home, label, snippet};

/// What is special about a page of that number.
const HOSTILE: [fn(&mut Rng, usize) -> String; 20] = [
    |_, n| repeated("<div>", n),
    |_, n| format!("<div {}>x</div>", numbered(n.min(60_000), |k| format!("a{k}=1 "))),
    |_, n| format!("<div title=\"{}\">x</div>", "x".repeat(n)),
    |_, n| repeated("<b><p>", n),
    |_, n| repeated("<b><i><u><a><p></b>", n),
    |_, n| format!("<table>{}", repeated("x<b>", n)),
    |_, n| numbered(n, |k| format!("<a href=/p{k}>Tin {k}</a>")),
    |_, n| {
        format!(
            "<select onchange='location=this.value'>{}</select>",
            numbered(n, |k| format!("<option value=https://s{k}.test/>{k}"))
        )
    },
    |_, n| {
        format!(
            "<style>{}</style>{}",
            numbered(n / 2, |k| format!(".a{k},.a :not(.b{k}){{display:none}}")),
            repeated("<a class=a href=/x>x</a>", n / 2)
        )
    },
    |_, n| format!("<style>{}a{{display:none}}</style>", repeated(":is(.x,", n)),
    |_, n| {
        format!(
            "<style>:root{{--v0:none;{}}}footer{{display:var(--v40)}}</style>",
            numbered(n.min(8_000), |k| format!("--v{}:var(--v{k}) var(--v{k});", k + 1))
        )
    },
    |_, n| format!("<style>{}</style>", repeated("@media all{", n)),
    |_, n| format!("<script>var _govaq={}</script>", repeated("[", n)),
    |_, n| format!("<script>var s='xx';{}_govaq.push([s])</script>", repeated("s=s+s;", n)),
    |_, n| format!("<script>var _govaq=[];{}</script>", repeated("for(var i=0;i<1e9;i++)_govaq.push(i);", n)),
    |_, n| format!("<script>/(a+)+$/.test('{}!');_govaq=1</script>", "a".repeat(n.min(100_000))),
    |_, n| numbered(n, |k| format!("<p id='(a|a)*{k}' onclick=\"location='https://s{k}.test/'\">x</p>")),
    |_, n| repeated("<meta http-equiv=refresh content='900;url=/x'>", n),
    |_, n| repeated("<script></script>", n),
    |random, n| (0..n).map(|_| char::from(random.u8(1..127))).collect(),
];

/// Something again and again until it is so long.
fn repeated(part: &str, length: usize) -> String {
    part.repeat(length / part.len())
}

fn numbered(length: usize, part: impl Fn(usize) -> String) -> String {
    let mut made = String::new();
    for k in 0.. {
        if made.len() >= length {
            break;
        }
        made += &part(k);
    }
    made
}

/// The home page of a number.
pub(super) fn page(number: u64) -> String {
    let mut random = Rng::with_seed(number);
    let place = number % 100;
    let bytes = match place {
        // The largest that is read at all comes first, so that a short run has it in its first quarter.
        0 => 8_000_000,
        1..60 => random.usize(4_000..60_000),
        60..95 => random.usize(60_000..300_000),
        _ => random.usize(300_000..1_500_000),
    };
    let id = random.u32(1..900).to_string();
    let mut head = String::new();
    if !place.is_multiple_of(7) {
        head = snippet(&id);
    }
    match place % 9 {
        0 => head += "<link rel=stylesheet href=s.css>",
        1 => head += "<script src=s.js></script>",
        2 => head += "<style>#btnEMC{display:none!important}</style>",
        _ => {}
    }
    let mut body = String::new();
    for k in 0..random.usize(0..12) {
        let _ = write!(body, "<a href=p/{k}>Trang {k}</a> <a href=https://so-{k}.test/>Sở {k}</a>");
    }
    if place.is_multiple_of(4) {
        body += label();
    }
    if place % 5 == 3 || place == 0 {
        let kind = HOSTILE[(if place == 0 { number / 100 } else { number / 5 }) as usize % HOSTILE.len()];
        body += &kind(&mut random, bytes);
    }
    home(&format!("Cổng số {number}"), &head, &body, bytes)
}

/// A script file of a number.
pub(super) fn script(number: u64) -> String {
    let text = snippet(&number.to_string());
    text.trim_start_matches("<script>").trim_end_matches("</script>").to_owned()
}

/// A style sheet of a number.
pub(super) fn sheet(number: u64) -> String {
    numbered(2_000, |k| format!(".c{k}{{color:red}}@import url(s{}.css);", number % 7))
}
