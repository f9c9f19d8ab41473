//! A portal and its components over real addresses: who links to whom, under which name, with which id.

use std::fmt::Write as _;

use serde_json::Value;

use super::program::{Ended, run, verdict};
use super::server::{Answer, Host, Kind, Province, Server, home, label, snippet};

/// A page with links and an id.
fn page(title: &str, links: &[String], id: &str) -> Host {
    let list: String = links.iter().map(|to| format!("<li><a href=\"{to}\">{title}</a></li>")).collect();
    Host::page(home(title, "", &format!("<h2>Sở, ban, ngành</h2><ul>{list}</ul>{}{}", label(), snippet(id)), 0))
}

/// A sites file of a portal and components; `more` goes to each entry.
fn sites(server: &Server, portal: &str, components: &[(&str, &str, &str)]) -> String {
    let mut text =
        format!("apiVersion: rasoat/v1\nsites:\n  - {{id: cong, role: portal, url: \"{}\"}}\n", server.https(portal));
    for (id, host, more) in components {
        let _ =
            writeln!(text, "  - {{id: {id}, role: component, parent: cong, url: \"{}\"{more}}}", server.https(host));
    }
    text
}

fn check(server: &Server, sites: String) -> Ended {
    let ended = run(server, "check -q --retries 0 --skip domain-name --record rec", &[("sites.yml", sites)]);
    assert_eq!(ended.replayed("--skip domain-name"), None, "a replay tells the same");
    ended
}

fn missing(finding: &Value) -> Vec<&str> {
    let evidence = finding["evidence"].as_array().unwrap().iter();
    evidence.filter(|e| e["kind"] == "missing-link").map(|e| e["site"].as_str().unwrap()).collect()
}

#[test]
fn a_whole_province_is_judged_right() {
    let (server, province) = (Server::start(), Province::new(3, 120));
    province.serve(&server, &|_, host| host);
    let ended = check(&server, province.sites(&server));
    let said = ended.verdicts();
    for (key, wanted) in province.truth() {
        assert_eq!(said[&key], wanted, "{key}");
    }
    let unlinked = province.components.iter().filter(|c| c.kind == Kind::Unlinked).map(|c| c.id.as_str());
    let finding = ended.finding("cong", "component-links");
    assert_eq!(
        missing(&finding),
        unlinked.collect::<Vec<_>>(),
        "each missing component is named, retired ones are not"
    );
    assert!(finding["places"][0]["line"].as_u64().is_some(), "where the list seems to be: {}", finding["places"]);
    for component in province.components.iter().filter(|c| c.kind == Kind::Retired) {
        assert!(
            server.asked(&component.host).is_empty() && server.greeted(&component.host) == 0,
            "a retired site is not visited"
        );
    }
    assert!(
        said.iter()
            .filter(|(key, _)| key.ends_with("emc-site-id-unique"))
            .all(|(_, v)| v == "pass -" || v.starts_with("not-applicable")),
        "{said:?}"
    );
}

#[test]
fn who_is_linked_under_which_name() {
    let server = Server::start();
    let to = |host: &str| server.https(host);
    let parts = |host: &str| to(host).trim_end_matches('/').to_owned();
    let links = [
        to("www.co-www.test"),
        parts("khong-gach.test"),
        format!("{}Pages/trangchu.aspx?x=1", to("sau.test")),
        to("bi-danh.test"),
        to("cu.test"),
        to("gan-giong.test.example.org"),
        to("a.con.test"),
    ];
    server.host("cong.test", page("Cổng", &links, "1"));
    for (k, name) in
        ["co-www.test", "khong-gach.test", "sau.test", "moi.test", "sau-doi-ten.test", "gan-giong.test", "con.test"]
            .iter()
            .enumerate()
    {
        server.host(name, page("Sở", &[to("cong.test")], &(k + 2).to_string()));
    }
    // An old host that nobody declared leads to the component.
    let new = to("sau-doi-ten.test");
    server.host("cu.test", Host::new(move |_| Answer::new(301, &format!("Location: {new}\r\n"), "")));
    for known in ["bi-danh.test", "a.con.test", "gan-giong.test.example.org"] {
        server.host(known, page("Khác", &[], "99"));
    }
    let alias = format!(", aliases: [\"{}\"]", to("bi-danh.test"));
    let text = sites(
        &server,
        "cong.test",
        &[
            ("www", "co-www.test", ""),
            ("slash", "khong-gach.test", ""),
            ("deep", "sau.test", ""),
            ("alias", "moi.test", &alias),
            ("moved", "sau-doi-ten.test", ""),
            ("alike", "gan-giong.test", ""),
            ("child", "con.test", ""),
        ],
    );
    let ended = check(&server, text);
    let finding = ended.finding("cong", "component-links");
    assert_eq!(verdict(&finding), "fail missing-link");
    assert_eq!(missing(&finding), ["alike", "child"], "{finding}");
    for id in ["www", "slash", "deep", "alias", "moved", "alike", "child"] {
        assert_eq!(verdict(&ended.finding(id, "portal-link")), "pass -", "{id}");
    }
}

#[test]
fn the_way_to_the_portal() {
    let server = Server::start();
    let cong = server.https("cong.test");
    let old = server.https("cong-cu.test");
    server.host("cong.test", page("Cổng", &["a", "b", "c", "d", "e"].map(|n| server.https(&format!("{n}.test"))), "1"));
    let target = cong.clone();
    server.host("cong-cu.test", Host::new(move |_| Answer::redirect(&target)));
    let below = server.https("x.cong.test");
    for (name, to) in
        [("a", cong.clone()), ("b", old), ("c", below), ("d", cong.replace("https", "http")), ("e", String::new())]
    {
        let links = if to.is_empty() { vec![] } else { vec![to] };
        server.host(&format!("{name}.test"), page("Sở", &links, "2"));
    }
    server.host("x.cong.test", page("Khác", &[], "9"));
    let text = sites(
        &server,
        "cong.test",
        &["a", "b", "c", "d", "e"].map(|n| (n, HOSTS[usize::from(n.as_bytes()[0] - b'a')], "")),
    );
    let ended = check(&server, text);
    let said = ["a", "b", "c", "d", "e"].map(|id| verdict(&ended.finding(id, "portal-link")));
    assert_eq!(said, ["pass -", "pass -", "fail missing-link", "pass -", "fail missing-link"]);
    let shared: Vec<String> =
        ["a", "b", "e"].iter().map(|id| verdict(&ended.finding(id, "emc-site-id-unique"))).collect();
    assert!(shared.iter().all(|v| v.starts_with("fail")), "one id for five sites fails for each: {shared:?}");
}

const HOSTS: [&str; 5] = ["a.test", "b.test", "c.test", "d.test", "e.test"];

#[test]
fn an_id_that_changed_since_it_was_recorded() {
    let server = Server::start();
    server.host("cong.test", page("Cổng", &[], "7"));
    let text = sites(&server, "cong.test", &[]);
    let lock = |id: &str| format!("apiVersion: rasoat/v1\nsites:\n  cong: {{emc_site_id: \"{id}\"}}\n");
    for (id, wanted) in [("7", "pass"), ("8", "fail")] {
        let ended = run(
            &server,
            "check -q --only emc-site-id-drift",
            &[("sites.yml", text.clone()), ("rasoat.lock", lock(id))],
        );
        assert_eq!(ended.finding("cong", "emc-site-id-drift")["verdict"], wanted, "recorded {id}");
    }
}

#[test]
fn what_could_not_be_seen_of_a_portal_is_not_missing() {
    let server = Server::start();
    server.host("cong.test", Host::home(Answer::new(403, "", "")));
    server.host("so.test", page("Sở", &[server.https("cong.test")], "2"));
    let ended = check(&server, sites(&server, "cong.test", &[("so", "so.test", "")]));
    assert_eq!(verdict(&ended.finding("cong", "component-links")), "inconclusive blocked");
    assert_eq!(verdict(&ended.finding("so", "portal-link")), "pass -", "the link is there, whoever answers it");
}

#[test]
fn an_old_host_that_cannot_be_followed_leaves_the_question_open() {
    // The portal links to a host that might be the component's old name, and that host does not answer.
    let server = Server::start();
    server.host("cong.test", page("Cổng", &[server.https("cu.test")], "1"));
    server.host_at("cu.test", super::server::NOBODY, Host::page(""));
    server.host("so.test", page("Sở", &[server.https("cong.test")], "2"));
    let ended = check(&server, sites(&server, "cong.test", &[("so", "so.test", "")]));
    let finding = ended.finding("cong", "component-links");
    assert_ne!(finding["verdict"], "pass");
    println!("a dead link: {}", verdict(&finding));
}

#[test]
fn a_path_of_a_shared_host_is_its_own_sites() {
    let server = Server::start();
    let good = || Answer::html(home("Sở B", "", &format!("<p>Sở B</p>{}{}", label(), snippet("7")), 0));
    let refresh =
        Answer::html("<!doctype html><html><head><meta http-equiv=refresh content='0;url=/so-b/'></head></html>");
    let paths = [("/so-a/", Answer::redirect("/so-b/")), ("/so-c/", refresh), ("/so-b/", good()), ("/", good())];
    server.host("chung.test", Host::paths(paths));
    let entry = |id: &str| format!("  - {{id: {id}, role: portal, url: \"{}{id}/\"}}\n", server.https("chung.test"));
    let text = format!("apiVersion: rasoat/v1\nsites:\n{}{}{}", entry("so-a"), entry("so-b"), entry("so-c"));
    let ended = run(&server, "check -q --retries 0 --only emc-snippet", &[("sites.yml", text)]);
    let said = |site: &str| verdict(&ended.finding(site, "emc-snippet"));
    assert_eq!(said("so-b"), "pass -");
    assert_eq!(said("so-a"), "inconclusive redirect-off-site", "the page it leads to is declared as another site");
    assert_eq!(said("so-c"), "inconclusive redirect-off-site", "a refresh leads there no better");
}
