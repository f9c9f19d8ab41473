//! The servers of a soak, in a process of their own: pages by number, a portal with components, and every way to fail
//! that the tests know. Writes what the program needs to reach them into a folder.

use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use super::pages;
use super::server::{Act, Answer, CHUNKED, Cert, Handshake, Host, Server, chunk, label, snippet};

/// Hosts that fail, each in its way; what is asked of them does not matter.
pub(super) const FAULTS: [&str; 18] = [
    "slow",
    "reset",
    "cut",
    "short",
    "endless",
    "drip",
    "bomb",
    "deep-bomb",
    "headers",
    "loop",
    "off",
    "status",
    "hang",
    "greeting",
    "expired",
    "other-name",
    "empty",
    "binary",
];
/// Components of the portal that is searched.
const COMPONENTS: usize = 6;

/// Serves until standard input ends.
pub(super) fn serve(folder: &Path) {
    let server = Server::start();
    server.host("page.soak.test", Host::new(|asked| answer(&asked.path)));
    for name in FAULTS {
        server.host(&format!("{name}.soak.test"), fault(name));
    }
    estate(&server);
    std::fs::write(folder.join("root.pem"), server.root_pem()).unwrap();
    std::fs::write(folder.join("hosts"), server.mappings()).unwrap();
    println!("{} {}", server.https("page.soak.test"), server.http("page.soak.test"));
    std::io::stdout().flush().unwrap();
    std::thread::scope(|all| {
        // What was asked is of no use here, and looking through it takes time.
        all.spawn(|| {
            loop {
                std::thread::sleep(Duration::from_secs(1));
                server.forget();
            }
        });
        let _ = std::io::Read::read_to_end(&mut std::io::stdin(), &mut Vec::new());
        std::process::exit(0);
    });
}

/// `/NUMBER/…`
fn answer(path: &str) -> Answer {
    let mut parts = path.trim_start_matches('/').splitn(2, '/');
    let number: u64 = match parts.next().unwrap_or_default() {
        "robots.txt" => return Answer::file("text/plain", "User-agent: *\nDisallow: /geheim\nCrawl-delay: 0\n"),
        "sitemap.xml" => return Answer::file("application/xml", sitemap()),
        name => name.parse().unwrap_or(0),
    };
    match parts.next().unwrap_or_default() {
        "" if number % 11 == 5 => zipped(pages::page(number).as_bytes()),
        "" => Answer::html(pages::page(number)),
        "s.js" => Answer::file("text/javascript", pages::script(number)),
        sheet if sheet.ends_with(".css") => Answer::file("text/css", pages::sheet(number)),
        // Pages beneath it, each with links to more.
        more => Answer::html(pages::page(number.wrapping_mul(31).wrapping_add(more.len() as u64) % 95)),
    }
}

fn sitemap() -> String {
    let addresses: String = (0..2_000).map(|k| format!("<url><loc>https://page.soak.test/{k}/</loc></url>")).collect();
    format!("<?xml version=\"1.0\"?><urlset>{addresses}</urlset>")
}

fn zipped(bytes: &[u8]) -> Answer {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    Answer::new(200, "Content-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\n", encoder.finish().unwrap())
}

fn fault(name: &str) -> Host {
    let page = || format!("<!doctype html><title>t</title>{}{}", snippet("205"), label());
    match name {
        "slow" => Host::page(page()).slow(Duration::from_millis(300)),
        "reset" => Host::home(Answer::acts(vec![Act::Reset])),
        "cut" => Host::home(Answer::acts(vec![Act::Cut])),
        "short" => Host::home(Answer::cut_short(&page(), 100_000, Act::Cut)),
        "endless" => Host::home(Answer::acts(vec![
            Act::Send(CHUNKED.into()),
            Act::Endless(chunk("<p>Tin tức</p>".repeat(2_000).as_bytes())),
        ])),
        "drip" => {
            Host::home(Answer::acts(vec![Act::Drip(b"HTTP/1.1 200 OK\r\n".to_vec(), Duration::from_millis(200))]))
        }
        "bomb" => Host::home(zipped(&vec![b' '; 100 << 20])),
        "deep-bomb" => Host::home(Answer::html("<div>".repeat(1_600_000))),
        "headers" => Host::home(Answer::new(200, &"Set-Cookie: a=b\r\nX-Many: x\r\n".repeat(2_000), page())),
        "loop" => Host::new(|asked| Answer::redirect(&format!("{}a", asked.path))),
        "off" => Host::home(Answer::redirect("http://169.254.169.254/")),
        "status" => Host::home(Answer::new(503, "Retry-After: 3600\r\n", "busy")),
        "hang" => Host::page(page()).handshake(Handshake::Hang),
        "greeting" => Host::page(page()).handshake(Handshake::Bytes(b"SSH-2.0-OpenSSH_9.9\r\n".to_vec())),
        "expired" => Host::page(page()).cert(Cert::Expired),
        "other-name" => Host::page(page()).cert(Cert::WrongHost),
        "empty" => Host::home(Answer::html("")),
        _ => Host::home(Answer::file("image/png", (0..=255).collect::<Vec<u8>>())),
    }
}

/// A portal and its components, linked both ways.
fn estate(server: &Server) {
    let component = |k: usize| format!("so-{k}.tinh.soak.test");
    let links: String =
        (1..=COMPONENTS).map(|k| format!("<li><a href={}>Sở {k}</a>", server.https(&component(k)))).collect();
    server.host(
        "tinh.soak.test",
        Host::page(format!("<!doctype html><title>Cổng</title>{}<ul>{links}</ul>{}", snippet("1"), label())),
    );
    let back = server.https("tinh.soak.test");
    for k in 1..=COMPONENTS {
        let own = if k == 3 { String::new() } else { snippet(&(k + 1).to_string()) };
        let page = format!("<!doctype html><title>Sở {k}</title>{own}<a href={back}>Cổng tỉnh</a>{}", label());
        server.host(&component(k), Host::page(page));
    }
}
