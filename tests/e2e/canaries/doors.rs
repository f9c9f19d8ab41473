//! Every way a page could send a visitor to this machine, in every spelling of its address.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::super::program::{run, verdict};
use super::super::server::{Answer, Host, Server, home, label, snippet};
use super::Canary;

struct Nest {
    four: Canary,
    six: Option<Canary>,
}

impl Nest {
    fn new() -> Self {
        let four = Canary::at(Ipv4Addr::LOCALHOST.into()).unwrap();
        // A machine without IPv6 has no ::1 that could be called.
        let six = Canary::at(Ipv6Addr::LOCALHOST.into());
        Self { four, six }
    }

    fn calls(&self) -> Vec<String> {
        self.six.iter().fold(self.four.calls(), |all, six| [all, six.calls()].concat())
    }

    /// Addresses that lead to the canaries. `own` is the visited site: its host on a port of its own.
    fn spellings(&self, own: &str) -> Vec<String> {
        let (four, six) = (self.four.port, self.six.as_ref().map_or(9, |c| c.port));
        let hosts = [
            "127.0.0.1",
            "127.0.0.1.",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "0177.0.0.1",
            "017700000001",
            "0",
            "0.0.0.0",
            "127.255.255.254",
            "localhost",
            "LOCALHOST.",
            "www.localhost",
            "%6c%6f%63alhost",
            "１２７.０.０.１",
            "①②⑦.0.0.1",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::127.0.0.1]",
            "[64:ff9b::127.0.0.1]",
            "user:pass@127.0.0.1",
            "example.org@127.0.0.1",
        ];
        let mut all: Vec<String> = hosts.iter().map(|host| format!("http://{host}:{four}/x")).collect();
        all.extend(
            ["[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "localhost", "ip6-localhost"]
                .map(|host| format!("http://{host}:{six}/x")),
        );
        // The names that this machine has for itself.
        let names = std::fs::read_to_string("/etc/hosts").unwrap_or_default();
        let names = names.lines().filter(|l| !l.starts_with('#')).flat_map(|l| l.split_whitespace().skip(1));
        all.extend(names.map(|name| format!("http://{name}:{four}/x")));
        all.push(format!("https://127.0.0.1:{four}/x"));
        all.push(format!("http:\\\\127.0.0.1:{four}\\x"));
        all.push(format!("//127.0.0.1:{four}/x"));
        all.push(format!("ht\ttp://127.0.0.1:{four}/x"));
        all.push(format!("http://{own}:{four}/x"));
        all.push(format!("http://www.{own}:{four}/x"));
        all.extend(
            ["ftp", "gopher", "ws", "dict", "ldap", "view-source:http"]
                .map(|scheme| format!("{scheme}://127.0.0.1:{four}/x")),
        );
        all.push("file:///etc/passwd".to_owned());
        all.push("data:text/html,<p>x</p>".to_owned());
        all
    }
}

fn page(head: &str, body: &str) -> String {
    home("Cổng thông tin điện tử tỉnh A", head, &format!("{body}{}{}", label(), snippet("205")), 0)
}

#[test]
fn no_redirect_leads_inside() {
    let (server, nest) = (Server::start(), Nest::new());
    let count = nest.spellings("x.test").len();
    let mut sites = "apiVersion: rasoat/v1\nsites:\n".to_owned();
    let mut names = Vec::new();
    for k in 0..count {
        for (way, _) in WAYS {
            let id = format!("{way}-{k:02}");
            let own = format!("{id}.test");
            let to = nest.spellings(&own).swap_remove(k);
            let make = WAYS.iter().find(|(w, _)| w == way).unwrap().1;
            server.host(&own, Host::home(make(&to)));
            let _ = writeln!(sites, "  - {{id: {id}, role: portal, url: \"{}\"}}", server.https(&own));
            names.push((id, to));
        }
    }
    let ended = run(&server, "check -q --only emc-snippet --retries 0 --timeout 5s", &[("sites.yml", sites)]);
    assert_eq!(nest.calls(), [""; 0]);
    let said = ended.verdicts();
    for (id, to) in names {
        let said = &said[&format!("{id} emc-snippet")];
        // An address that is none, or of a scheme that no visitor follows, may leave the page as it stands.
        let plain = to.starts_with("http:") || to.starts_with("https:") || to.starts_with("//");
        let wanted: &[&str] = match (plain, id.starts_with("location")) {
            // A header holds fewer characters than a page, so that some addresses are others there.
            _ if id.starts_with("header") => &[
                "inconclusive private-address",
                "inconclusive redirect-off-site",
                "inconclusive http-error",
                "inconclusive not-found",
                "pass -",
            ],
            (true, _) => &["inconclusive private-address", "inconclusive redirect-off-site"],
            (false, true) => &["inconclusive http-error", "inconclusive private-address"],
            (false, false) => &["inconclusive http-error", "inconclusive private-address", "pass -"],
        };
        assert!(wanted.contains(&&**said), "{id} {to}: {said}");
    }
}

type Way = fn(&str) -> Answer;

const WAYS: &[(&str, Way)] = &[
    ("location", |to| Answer::new(302, &format!("Location: {}\r\n", to.replace('\t', "")), "")),
    ("refresh", |to| Answer::html(page(&format!("<meta http-equiv=refresh content=\"0;url={to}\">"), ""))),
    ("script", |to| Answer::html(page(&format!("<script>location.href={to:?}</script>"), ""))),
    ("header", |to| {
        let refresh = format!(
            "Content-Type: text/html\r\nRefresh: 0;url={0}\r\nLink: <{0}>;rel=preload;as=script\r\nAlt-Svc: h2=\"{0}\"\r\nContent-Location: {0}\r\n",
            to.replace('\t', "")
        );
        Answer::new(200, &refresh.replace(|c: char| !c.is_ascii(), ""), page("", ""))
    }),
];

#[test]
fn no_file_or_link_of_a_page_leads_inside() {
    visit_a_page_full_of_doors("home");
}

#[test]
fn no_crawl_leads_inside() {
    visit_a_page_full_of_doors("all");
}

/// A portal and a component; all that the portal has leads inside, but for one link to the component.
fn build_a_page_full_of_doors(server: &Server, nest: &Nest) {
    let (mut head, mut body, mut sitemap) = (String::new(), String::new(), String::new());
    let mut robots = "User-agent: *\nAllow: /\n".to_owned();
    let (mut files, mut sheet, mut module) = (Vec::new(), String::new(), String::new());
    for (k, to) in nest.spellings("portal.test").iter().enumerate() {
        let _ = write!(
            head,
            "<link rel=stylesheet href=\"{to}\"><link rel=preload as=script href=\"{to}\"><link rel=modulepreload href=\"{to}\">\
             <link rel=icon href=\"{to}\"><link rel=manifest href=\"{to}\"><link rel=dns-prefetch href=\"{to}\"><script src=\"{to}\"></script>\
             <script type=module src=\"{to}\"></script><style>@import url(\"{to}\");p{{background:url(\"{to}\")}}</style>\
             <script src=/js/{k}.js></script><link rel=stylesheet href=/css/{k}.css>"
        );
        let _ = write!(
            body,
            "<a href=\"{to}\">Sở {k}</a><img src=\"{to}\"><iframe src=\"{to}\"></iframe><object data=\"{to}\"></object>\
             <form action=\"{to}\"><button>x</button></form><video src=\"{to}\"></video><a href=# onclick=\"location='{to}'\">Sở</a>\
             <select onchange=\"location=this.value\"><option value=\"{to}\">Sở</option></select>"
        );
        let _ = write!(sheet, "@import \"{to}\";");
        let _ = write!(module, "import \"{to}\";");
        let _ = writeln!(robots, "Sitemap: {to}");
        let _ = write!(sitemap, "<url><loc>{}</loc></url>", to.replace('<', ""));
        let inward = Answer::redirect(&to.replace('\t', ""));
        files.extend([
            (format!("/js/{k}.js"), inward.clone()),
            (format!("/css/{k}.css"), inward.clone()),
            (format!("/trang/{k}"), inward),
        ]);
        let _ = write!(body, "<a href=/trang/{k}>Trang {k}</a>");
    }
    let _ = write!(body, "<a href=\"{}\">Sở</a>", server.https("so.portal.test"));
    head.push_str("<link rel=stylesheet href=/all.css><script type=module src=/all.mjs></script>");
    files.extend([
        ("/".to_owned(), Answer::html(page(&head, &body))),
        ("/all.css".to_owned(), Answer::file("text/css", sheet)),
        ("/all.mjs".to_owned(), Answer::file("text/javascript", module)),
        ("/robots.txt".to_owned(), Answer::file("text/plain", robots)),
        (
            "/sitemap.xml".to_owned(),
            Answer::file("application/xml", format!("<?xml version=\"1.0\"?><urlset>{sitemap}</urlset>")),
        ),
    ]);
    server.host("portal.test", Host::paths(files));
    server.host("so.portal.test", Host::page(page("", "")));
}

#[test]
fn no_search_for_sites_leads_inside() {
    let (server, nest) = (Server::start(), Nest::new());
    build_a_page_full_of_doors(&server, &nest);
    let ended = run(&server, &format!("discover {} --retries 0 --timeout 5s", server.https("portal.test")), &[]);
    assert_eq!(nest.calls(), [""; 0]);
    let found = std::fs::read_to_string(ended.folder.path().join("sites.yml")).unwrap_or_default();
    assert!(found.contains("so.portal.test"), "the search was one: {} {}", ended.out, ended.err);
}

fn visit_a_page_full_of_doors(pages: &str) {
    let (server, nest) = (Server::start(), Nest::new());
    build_a_page_full_of_doors(&server, &nest);
    let sites = format!(
        "apiVersion: rasoat/v1\nsites:\n  - {{id: cong, role: portal, url: \"{}\"}}\n  - {{id: so, role: component, parent: cong, url: \"{}\"}}\n",
        server.https("portal.test"),
        server.https("so.portal.test")
    );
    let ended =
        run(&server, &format!("check -q --retries 0 --timeout 5s --pages {pages}"), &[("sites.yml", sites.clone())]);
    assert_eq!(nest.calls(), [""; 0]);
    assert_eq!(verdict(&ended.finding("so", "emc-snippet")), "pass -", "the run was one: {}", ended.err);
    assert_eq!(
        !server.asked("portal.test").iter().any(|a| a.path == "/trang/0"),
        pages == "home",
        "pages were crawled"
    );
}

#[test]
fn the_canary_sings_when_it_is_called() {
    let (server, nest) = (Server::start(), Nest::new());
    if nest.six.is_none() {
        println!("no IPv6 on this machine: ::1 is not watched");
    }
    let declared = format!("http://127.0.0.1:{}/", nest.four.port);
    run(&server, &format!("check -q {declared}"), &[]);
    assert_eq!(nest.four.calls().len(), 1, "a declared address is visited though it is private");
    // A link that may lead to a component under its old name is followed; here it may lead inside.
    let inside = format!("http://127.0.0.1:{}/cu", nest.four.port);
    server.host("portal.test", Host::page(page("", &format!("<a href=\"{inside}\">Sở</a>"))));
    server.host("so.test", Host::page(page("", "")));
    let args = format!(
        "check {} --role portal --component {} -q --retries 0",
        server.https("portal.test"),
        server.https("so.test")
    );
    run(&server, &args, &[]);
    assert_eq!(nest.four.calls().len(), 1, "not without being allowed to");
    run(&server, &format!("{args} --allow-private"), &[]);
    assert_eq!(nest.four.calls().len(), 2, "only when allowed to");
}

#[test]
fn a_proxy_is_not_asked_for_what_lies_inside() {
    let server = Server::start();
    let inside = [
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost/",
        "http://[::1]/",
        "http://2130706433/",
    ];
    let mut sites = "apiVersion: rasoat/v1\nsites:\n".to_owned();
    for (k, to) in inside.into_iter().enumerate() {
        let name = format!("p{k}.test");
        server.host(&name, Host::new(move |_| Answer::redirect(to)));
        let _ = writeln!(sites, "  - {{id: p{k}, role: portal, url: \"http://{name}/\"}}");
    }
    let proxy = server.http("127.0.0.1");
    let ended =
        run(&server, &format!("check -q --only emc-snippet --retries 0 --proxy {proxy}"), &[("sites.yml", sites)]);
    for (site, said) in ended.verdicts() {
        assert_eq!(said, "inconclusive private-address", "{site}");
    }
    let asked: Vec<String> = server.log().into_iter().map(|a| a.host).collect();
    assert_eq!(asked.len(), inside.len(), "each home page is asked of the proxy, nothing else: {asked:?}");
    assert!(asked.iter().all(|host| host.ends_with(".test")), "{asked:?}");
}
