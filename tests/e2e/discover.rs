//! `rasoat discover` on a made-up province of 300 sites: the list is complete and without strangers, the same
//! whenever it is made, and what people change in it stays.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use super::server::{Answer, Cert, FOREVER, Fault, Handshake, Host, NOBODY, Server, home, snippet};

/// The province's domain.
const DOMAIN: &str = "tinh.test";
/// Names that the certificate of the portal is made out to.
const CERTIFIED: &str = "*.tinh.test san-0.tinh.test san-1.tinh.test san-2.tinh.test san-3.tinh.test san-4.tinh.test chan.tinh.test.example";

/// A page of a site, unlike any other's.
fn page(title: &str, body: &str) -> Host {
    Host::page(home(title, "", body, 1_500))
}

fn packed(text: &str) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(text.as_bytes()).unwrap();
    packer.finish().unwrap()
}

fn urlset(addresses: impl Iterator<Item = String>) -> String {
    let entries: String = addresses.map(|url| format!("<url><loc>{url}</loc></url>")).collect();
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><urlset>{entries}</urlset>")
}

/// A province on a server.
struct Province {
    server: Server,
    /// Every site: its host.
    sites: BTreeSet<String>,
    names: String,
}

impl Province {
    fn new() -> Self {
        let mut all =
            Self { server: Server::start(), sites: BTreeSet::from([DOMAIN.to_owned()]), names: String::new() };
        let mut portal = String::new();
        for name in all.add("so", 120) {
            let _ = writeln!(portal, "<li><a href=\"{}vi/\">{name}</a></li>", all.server.https(&name));
        }
        portal.push_str("<select onchange=\"location=this.value\"><option>Liên kết</option>");
        for name in all.add("huyen", 58) {
            let _ = writeln!(portal, "<option value=\"{}\">{name}</option>", all.server.https(&name));
        }
        portal.push_str("</select><a href=/ban-do>Sơ đồ trang</a><a href=/noi-bo/sitemap>x</a>");
        let on_map: String =
            all.add("xa", 40).iter().map(|name| format!("<a href=\"{}\">{name}</a>", all.server.https(name))).collect();
        let in_sitemap = all.add("phuong", 40);
        let in_robots = all.add("ban", 5);
        let second = all.add("truong", 20);
        for name in all.add("ten", 5) {
            all.names.push_str(&format!("{name}.\n"));
        }
        all.add("ct", 5);
        all.add("san", 5);
        portal.push_str(&all.noise());
        all.portal(&portal, &on_map, &in_sitemap, &in_robots);
        // One sends its visitors on within itself.
        let paths = [
            ("/", Answer::html("<!doctype html><title>x</title><meta http-equiv=refresh content='0;url=/trang-chu'>")),
            ("/trang-chu", Answer::html(home("Sở 8", "", "", 1_500))),
        ];
        all.server.host(&format!("so-008.{DOMAIN}"), Host::paths(paths));
        // Departments lead to what belongs to them, one level below the portal.
        let links: String = second.iter().map(|n| format!("<a href=\"{}\">{n}</a>", all.server.https(n))).collect();
        all.server.host(&format!("so-007.{DOMAIN}"), page("Sở 7", &links));
        assert_eq!(all.sites.len(), 300);
        all
    }

    /// Adds so many sites.
    fn add(&mut self, kind: &str, count: usize) -> Vec<String> {
        let hosts: Vec<String> = (0..count)
            .map(|n| if count > 9 { format!("{kind}-{n:03}.{DOMAIN}") } else { format!("{kind}-{n}.{DOMAIN}") })
            .collect();
        for (n, host) in hosts.iter().enumerate() {
            self.server
                .host(host, page(&format!("Trang {kind} {n}"), &snippet(&(1_000 + self.sites.len()).to_string())));
            self.sites.insert(host.clone());
        }
        hosts
    }

    /// Hosts that are no sites of their own, and strangers; links to them.
    fn noise(&mut self) -> String {
        let server = &self.server;
        let first = format!("so-000.{DOMAIN}");
        let new = server.https(&first);
        server.host("cu.tinh.test", Host::new(move |_| Answer::redirect(&new)));
        let later = format!("<meta http-equiv=refresh content='0;url={}'>Đang chuyển", server.https(&first));
        server.host("lam-moi.tinh.test", Host::page(later));
        server.host("bo.tinh.test", Host::new(|_| Answer::redirect("https://stranger.example/")));
        server.host("ban-sao.tinh.test", page("Trang so 1", &snippet("1002")));
        server.host("mat.tinh.test", Host::home(Answer::new(404, "", "not found")));
        server.host_at("tat.tinh.test", NOBODY, page("Tắt", ""));
        server.host("tep.tinh.test", Host::home(Answer::file("application/pdf", "%PDF-1.7")));
        server.host(
            "mac-dinh.tinh.test",
            Host::page(
                "<!doctype html><title>Welcome to nginx!</title><h1>Welcome to nginx!</h1><p>If you see this page, the \
             nginx web server is successfully installed and working.</p>",
            ),
        );
        server.host("tuong-lua.tinh.test", Host::home(Answer::new(403, "Content-Type: text/html\r\n", "Forbidden")));
        let hosts = ["cu", "bo", "ban-sao", "mat", "tat", "tep", "mac-dinh", "tuong-lua", "khong-co", "lam-moi"];
        let links: String =
            hosts.iter().map(|n| format!("<a href=\"{}\">{n}</a>", server.https(&format!("{n}.tinh.test")))).collect();
        self.sites.insert("tuong-lua.tinh.test".to_owned());
        let _ = writeln!(self.names, "# xuất từ DNS\nmail.tinh.test\nkhac.test\n*.tinh.test\nhaicham..tinh.test");
        server.host("mail.tinh.test", Host::home(Answer::new(403, "", "no")).handshake(Handshake::Normal));
        for name in STRANGERS {
            server.host(name, page("Người lạ", ""));
        }
        let strangers: String = STRANGERS.iter().map(|n| format!("<a href=\"{}\">{n}</a>", server.https(n))).collect();
        links + &strangers + "<a href=\"https://tinh.test@stranger.example/\">x</a><a href=mailto:a@m.tinh.test>m</a>"
    }

    fn portal(&self, links: &str, on_map: &str, in_sitemap: &[String], in_robots: &[String]) {
        let server = &self.server;
        let own = server.https(DOMAIN);
        let https = |name: &String| server.https(name);
        let (early, late) = in_sitemap.split_at(20);
        let index = format!(
            "<sitemapindex><sitemap><loc>{own}1.xml</loc></sitemap><sitemap><loc>{own}2.xml.gz</loc></sitemap></sitemapindex>"
        );
        let mut robots = format!("User-agent: *\nDisallow: /noi-bo/\nSitemap: {own}index.xml\n");
        for name in in_robots {
            let _ = writeln!(robots, "Sitemap: {}sitemap.xml", server.https(name));
        }
        let paths = [
            ("/", Answer::html(home("Cổng thông tin điện tử tỉnh", "", links, 2_000))),
            ("/ban-do", Answer::html(home("Sơ đồ", "", on_map, 1_000))),
            ("/noi-bo/sitemap", Answer::html(format!("<a href=\"{}\">x</a>", server.https("noi-bo.tinh.test")))),
            ("/robots.txt", Answer::file("text/plain", robots)),
            ("/index.xml", Answer::file("text/xml", index)),
            ("/1.xml", Answer::file("text/xml", urlset(early.iter().map(https)))),
            ("/2.xml.gz", Answer::file("application/gzip", packed(&urlset(late.iter().map(https))))),
        ];
        server.host(DOMAIN, Host::paths(paths).cert(Cert::AlsoFor(CERTIFIED)));
        let logged: Vec<String> =
            (0..5).map(|n| format!("{{\"name_value\":\"ct-{n}.tinh.test\\n*.tinh.test\"}}")).collect();
        let log = format!("[{},{{\"common_name\":\"x-tinh.test\",\"name_value\":\"a@tinh.test\"}}]", logged.join(","));
        server.host("log.example", Host::paths([("/?q=tinh.test", Answer::file("application/json", log))]));
    }

    /// The files of a run.
    fn files(&self, folder: &Path) {
        let own =
            [("root.pem", self.server.root_pem()), ("hosts", self.server.mappings()), ("names", self.names.clone())];
        for (name, text) in own {
            std::fs::write(folder.join(name), text).unwrap();
        }
    }

    /// How a run ended; the proposed sites file and the table lie in the folder.
    fn discover(&self, folder: &Path, more: &str) -> Output {
        self.command(folder, more).output().unwrap()
    }

    fn command(&self, folder: &Path, more: &str) -> Command {
        self.files(folder);
        let mut command = Command::new(env!("CARGO_BIN_EXE_rasoat"));
        command.current_dir(folder).env_clear().env("RASOAT_BROWSER_PATH", "").env("LANG", "en_US.UTF-8");
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.args(["discover", &self.server.https(DOMAIN), "--cacert", "root.pem", "--resolve", "@hosts"]);
        command.args(["--names", "names", "--csv", "sites.csv", "--retries", "0", "--timeout", "20s"]);
        command.args(["--ct", &format!("{}?q=%s", self.server.https("log.example"))]);
        command.args(more.split_whitespace());
        command
    }

    /// A text without the ports that are other ones each time.
    fn portless(&self, text: &str) -> String {
        let port = |url: String| url.rsplit(':').next().unwrap().trim_end_matches('/').to_owned();
        text.replace(&port(self.server.https(DOMAIN)), "PORT")
    }
}

/// Hosts that only look as if they were of the province.
const STRANGERS: [&str; 5] =
    ["x-tinh.test", "tinh.test.example", "xtinh.test", "so-000-tinh.test", "chan.tinh.test.example"];

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap()
}

/// Hosts of the entries of a sites file, loaded as the program does.
fn entries(folder: &Path) -> BTreeSet<String> {
    let loaded = rasoat::site::load(&folder.join("sites.yml")).unwrap_or_else(|e| panic!("{e}"));
    loaded.estate.sites().iter().map(|site| site.url.as_ref().unwrap().host_str().unwrap().to_owned()).collect()
}

fn golden(name: &str, text: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/e2e/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == text, "{} is not as kept, it is:\n{text}", path.display());
}

#[test]
fn a_province_of_300_sites_is_complete_and_without_strangers() {
    let province = Province::new();
    let folder = tempfile::tempdir().unwrap();
    let output = province.discover(folder.path(), "");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert_eq!(entries(folder.path()), province.sites);

    // Nobody outside was asked, and everybody inside once.
    for stranger in STRANGERS.iter().chain(&["khac.test", "noi-bo.tinh.test", "stranger.example"]) {
        assert!(province.server.asked(stranger).is_empty(), "{stranger}");
    }
    let forbidden = province.server.asked(DOMAIN).iter().any(|asked| asked.path.starts_with("/noi-bo/"));
    assert!(!forbidden, "robots.txt says no");
    for host in province.sites.iter().filter(|host| *host != DOMAIN) {
        let paths: Vec<String> = province.server.asked(host).into_iter().map(|asked| asked.path).collect();
        let home = if host.starts_with("so-008.") { &["/", "/trang-chu"][..] } else { &["/"] };
        assert_eq!(paths, home, "{host}");
    }

    golden("discover.csv", &province.portless(&read(folder.path(), "sites.csv")));
    golden("discover.stderr", &province.portless(&told));
    let sites = province.portless(&read(folder.path(), "sites.yml"));
    let comments = sites.find("\n  # left out").unwrap();
    golden("discover-comments.yml", &sites[sites[..comments].rfind("\n  - id").unwrap()..]);

    // Another run changes nothing, whatever the order in which servers answer.
    let first = read(folder.path(), "sites.yml");
    let again = province.discover(folder.path(), "--jobs 3");
    assert_eq!(again.status.code(), Some(0));
    assert_eq!(read(folder.path(), "sites.yml"), first);
    let other = tempfile::tempdir().unwrap();
    province.discover(other.path(), "--jobs 7 --per-host 1");
    assert_eq!(read(other.path(), "sites.yml"), first);
    assert_eq!(read(other.path(), "sites.csv").lines().count(), read(folder.path(), "sites.csv").lines().count());
}

#[test]
fn what_people_change_stays_and_what_is_new_is_added() {
    let province = Province::new();
    let folder = tempfile::tempdir().unwrap();
    province.discover(folder.path(), "-q --max-sites 150");
    let mut text = read(folder.path(), "sites.yml");
    assert!(rasoat::site::load(&folder.path().join("sites.yml")).is_ok());
    // A name, an order, a comment, a key, a removed entry that is left as a comment.
    text = text.replace("name: \"Trang so 3\"", "name: Sở Tư pháp   # đúng tên\n    unit: 'UBND tỉnh'");
    let gone = text.find("  - id: so-005\n").unwrap();
    let end = gone + text[gone..].find("  # found").unwrap();
    let entry: String = text[gone..end].lines().map(|line| format!("#{line}\n")).collect();
    text.replace_range(gone..end, &entry);
    text.push_str("# cuối tệp\n");
    std::fs::write(folder.path().join("sites.yml"), &text).unwrap();
    let output = province.discover(folder.path(), "");
    let told = String::from_utf8_lossy(&output.stderr);
    let merged = read(folder.path(), "sites.yml");
    assert!(merged.starts_with(&text), "{told}");
    let mut wanted = province.sites.clone();
    wanted.remove("so-005.tinh.test");
    assert_eq!(entries(folder.path()), wanted);
    assert!(told.contains("in a comment, but they answer: so-005.tinh.test:"), "{told}");
    province.discover(folder.path(), "");
    assert_eq!(read(folder.path(), "sites.yml"), merged);
}

#[test]
fn a_portal_that_cannot_be_seen_leaves_the_file_alone() {
    let server = Server::start();
    server.host("tinh.test", Host::home(Answer::new(403, "Content-Type: text/html\r\n", "Forbidden")));
    let province = Province { server, sites: BTreeSet::new(), names: String::new() };
    let folder = tempfile::tempdir().unwrap();
    let output = province.discover(folder.path(), "--lang vi");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert!(told.contains("không xem được trang chủ") && told.contains("(blocked)"), "{told}");
    assert!(!folder.path().join("sites.yml").exists() && !folder.path().join("sites.csv").exists());

    let kept = "apiVersion: rasoat/v1\nsites: [{id: a, role: portal, url: https://a.test}]\n";
    std::fs::write(folder.path().join("sites.yml"), kept).unwrap();
    province.server.forget();
    let output = province.discover(folder.path(), "");
    assert_eq!(output.status.code(), Some(2), "a list in brackets is told before the work");
    assert!(province.server.asked("tinh.test").is_empty());
    assert_eq!(read(folder.path(), "sites.yml"), kept);
}

#[test]
fn what_fails_in_passing_is_tried_again() {
    let server = Server::start();
    let links = format!("<a href=\"{}\">so</a>", server.https("so.tinh.test"));
    server.host("tinh.test", page("Cổng", &links).fails([Fault::Handshake(Handshake::Reset)]));
    server.host("so.tinh.test", page("Sở", "").fails([Fault::Answer(Answer::new(503, "", "busy"))]));
    server.host("log.example", Host::home(Answer::new(500, "", "")));
    let province = Province { server, sites: BTreeSet::new(), names: String::new() };
    let folder = tempfile::tempdir().unwrap();
    let output = province.discover(folder.path(), "--retries 2");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert_eq!(entries(folder.path()), ["tinh.test", "so.tinh.test"].map(str::to_owned).into());
    assert!(told.contains("--ct https://log.example"), "{told}");
}

#[test]
fn nothing_leads_to_private_places_and_headers_stay_with_the_portal() {
    let server = Server::start();
    let canary = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    canary.set_nonblocking(true).unwrap();
    let port = canary.local_addr().unwrap().port();
    let so = server.https("so.tinh.test");
    let links = format!(
        "<a href=\"http://127.0.0.1:{port}/\">x</a><a href=\"http://localhost.tinh.test:{port}/\">x</a><a href=\"{so}\">s</a>"
    );
    server.host(
        "tinh.test",
        Host::paths([
            ("/", Answer::html(home("Cổng", "", &links, 1_000))),
            ("/robots.txt", Answer::file("text/plain", format!("Sitemap: http://127.0.0.1:{port}/sitemap.xml\n"))),
            ("/sitemap.xml", Answer::redirect(&format!("http://127.0.0.1:{port}/"))),
        ]),
    );
    let away = format!("http://127.0.0.1:{port}/");
    server.host("so.tinh.test", Host::new(move |_| Answer::redirect(&away)));
    server.host("log.example", Host::home(Answer::file("application/json", "[]")));
    let province = Province { server, sites: BTreeSet::new(), names: String::new() };
    let folder = tempfile::tempdir().unwrap();
    let output = province.discover(folder.path(), "--header X-Key:bimat12345");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(canary.accept().is_err(), "a private place was asked");
    let key = |host: &str| province.server.asked(host).iter().any(|asked| asked.header("x-key").is_some());
    assert!(key("tinh.test") && !key("so.tinh.test") && !key("log.example"));
    for name in ["sites.yml", "sites.csv"] {
        assert!(!read(folder.path(), name).contains("bimat"), "{name}");
    }
    assert!(!told.contains("bimat"), "{told}");
}

#[test]
fn when_it_is_stopped_nothing_is_written() {
    let server = Server::start();
    let links = format!("<a href=\"{}\">so</a>", server.https("so.tinh.test"));
    server.host("tinh.test", page("Cổng", &links));
    server.host("so.tinh.test", Host::home(Answer::html("x").after(FOREVER)));
    server.host("log.example", Host::home(Answer::file("application/json", "[]")));
    let province = Province { server, sites: BTreeSet::new(), names: String::new() };
    let folder = tempfile::tempdir().unwrap();
    let mut running = province.command(folder.path(), "--timeout 100s").spawn().unwrap();
    let begun = Instant::now();
    while province.server.asked("so.tinh.test").is_empty() && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(20));
    }
    Command::new("kill").args(["-INT", &running.id().to_string()]).status().unwrap();
    assert_eq!(running.wait().unwrap().code(), Some(3));
    assert!(begun.elapsed() < Duration::from_secs(70));
    assert!(!folder.path().join("sites.yml").exists() && !folder.path().join("sites.csv").exists());
}

#[test]
fn names_are_tried_where_the_portal_answers_and_without_tls_too() {
    let server = Server::start();
    let own = server.http("tinh.test");
    server.host("tinh.test", page("Cổng", ""));
    server.host("so.tinh.test", page("Sở", ""));
    server.host("ban.tinh.test", page("Ban", ""));
    // A name with a port may speak TLS there or not: here it does not.
    let plain = server.http("ban.tinh.test").replace("http://", "").replace('/', "");
    let province = Province { server, sites: BTreeSet::new(), names: format!("so.tinh.test\n{plain}\n") };
    let folder = tempfile::tempdir().unwrap();
    province.files(folder.path());
    let mut command = Command::new(env!("CARGO_BIN_EXE_rasoat"));
    command.current_dir(folder.path()).env_clear().env("RASOAT_BROWSER_PATH", "").env("LANG", "vi_VN.UTF-8");
    command.args(["discover", &own, "--resolve", "@hosts", "--names", "names", "--output", "-", "--retries", "0"]);
    let output = command.output().unwrap();
    let (out, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{told}");
    let wanted = "  # tìm thấy ở: danh sách tên\n  - id: so\n    name: \"Sở\"\n    role: component\n    parent: tinh\n";
    assert!(out.contains(wanted), "{out}");
    assert!(out.contains(&format!("    url: http://{plain}/\n")), "{out}");
    assert!(told.starts_with("tinh.test: đã xem 3 máy chủ\n"), "{told}");
}

/// A province of which only the portal matters.
fn small(server: Server) -> Province {
    server.host("log.example", Host::home(Answer::file("application/json", "[]")));
    Province { server, sites: BTreeSet::new(), names: String::new() }
}

#[test]
fn a_portal_is_asked_for_few_files() {
    let server = Server::start();
    let own = server.https("tinh.test");
    let maps: String = (0..30).map(|n| format!("<sitemap><loc>{own}map-{n}.xml</loc></sitemap>")).collect();
    let links: String = (0..9).map(|n| format!("<a href=/so-do-trang/{n}>Sơ đồ trang</a>")).collect();
    let front = home("Cổng", "", &links, 1_000);
    server.host(
        "tinh.test",
        Host::new(move |asked| match asked.path.as_str() {
            "/" => Answer::html(front.clone()),
            "/sitemap.xml" => Answer::file("text/xml", format!("<sitemapindex>{maps}</sitemapindex>")),
            "/map-3.xml" => Answer::file("text/xml", "<urlset><url><loc>x"),
            path if path.starts_with("/map") => Answer::file("text/xml", "<urlset></urlset>"),
            path if path.starts_with("/so-do") => Answer::html("<!doctype html><title>Sơ đồ</title><p>Sơ đồ</p>"),
            _ => Answer::new(404, "", "no"),
        }),
    );
    let province = small(server);
    let folder = tempfile::tempdir().unwrap();
    let output = province.discover(folder.path(), "");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{told}");
    let asked = province.server.asked("tinh.test");
    let count = |start: &str| asked.iter().filter(|a| a.path.starts_with(start)).count();
    assert_eq!((count("/map"), count("/sitemap.xml"), count("/so-do"), count("/robots.txt")), (19, 1, 5, 1));
    assert!(told.contains("/map-19.xml was not read") && told.contains("/map-3.xml was not read"), "{told}");
}

#[test]
fn the_address_that_was_given_may_lead_on_within_the_domain() {
    let server = Server::start();
    let hop = |server: &Server, to: &str| {
        let to = server.https(to);
        Host::new(move |_| Answer::redirect(&to))
    };
    server.host("tinh.test", hop(&server, "cong.tinh.test"));
    server.host("cong.tinh.test", page("Cổng", ""));
    let province = small(server);
    let folder = tempfile::tempdir().unwrap();
    let output = province.discover(folder.path(), "");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let sites = province.portless(&read(folder.path(), "sites.yml"));
    let wanted = "\n  - id: tinh\n    name: \"Cổng\"\n    role: portal\n    url: https://cong.tinh.test:PORT/\n";
    assert!(sites.contains(wanted) && sites.contains("aliases: [https://tinh.test:PORT/]"), "{sites}");

    let folder = tempfile::tempdir().unwrap();
    province.server.host("tinh.test", hop(&province.server, "khac.example"));
    let output = province.discover(folder.path(), "");
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("outside tinh.test"));
    assert!(province.server.asked("khac.example").is_empty());

    for n in 0..9 {
        province.server.host(&format!("c{n}.tinh.test"), hop(&province.server, &format!("c{}.tinh.test", n + 1)));
    }
    province.server.host("tinh.test", hop(&province.server, "c0.tinh.test"));
    let output = province.discover(folder.path(), "");
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("(redirect-loop)"));
    assert!(!folder.path().join("sites.yml").exists());
}

#[test]
fn hostile_titles_stay_titles() {
    let server = Server::start();
    let links: String =
        (0..4).map(|n| format!("<a href=\"{}\">s</a>", server.https(&format!("s{n}.tinh.test")))).collect();
    server.host("tinh.test", page("Cổng", &links));
    let titles = [
        "x\"\n    retired_on: 2020-01-01\n  - id: y",
        "=HYPERLINK(\"https://tinh.test.example/\")",
        "\u{1b}[31mđỏ\u{202e}",
        "Sở # https://s0.tinh.test.example/ 'x' \\",
    ];
    for (n, title) in titles.iter().enumerate() {
        server.host(&format!("s{n}.tinh.test"), page(title, &n.to_string()));
    }
    let province = small(server);
    let folder = tempfile::tempdir().unwrap();
    let output = province.discover(folder.path(), "");
    assert_eq!(output.status.code(), Some(0));
    let loaded = rasoat::site::load(&folder.path().join("sites.yml")).unwrap_or_else(|e| panic!("{e}"));
    let names: Vec<String> = loaded.estate.sites().iter().skip(1).map(|site| site.name.clone().unwrap()).collect();
    assert!(names[0].starts_with("x\" retired_on: 2020-01-01 - id: y"), "{names:?}");
    assert_eq!(names[1], titles[1]);
    assert_eq!(names[3], titles[3]);
    assert!(loaded.estate.sites().iter().all(|site| site.retired_on.is_none()));
    let table = read(folder.path(), "sites.csv");
    assert!(table.contains("\"'=HYPERLINK("), "{table}");
    for text in [table, read(folder.path(), "sites.yml"), String::from_utf8_lossy(&output.stderr).into_owned()] {
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
    }
}
