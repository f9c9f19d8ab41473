//! `rasoat init` of an address: one look over the guarded network, with redirects and second tries.

use super::program::run;
use super::server::{Answer, Fault, Host, Server, home, label, snippet};

fn text(ended: &super::program::Ended, name: &str) -> String {
    std::fs::read_to_string(ended.folder.path().join(name)).unwrap_or_default()
}

#[test]
fn a_site_is_looked_at_once_and_written_down() {
    let server = Server::start();
    let portal = server.https("tinh-a.test");
    let body = format!("<a href=\"{portal}\">Cổng</a>{}{}", label(), snippet("77"));
    let page = Answer::html(home("Sở Y tế", "", &body, 0));
    let new = server.https("www.soyt.tinh-a.test");
    server.host("soyt.tinh-a.test", Host::home(Answer::redirect(&new)));
    server.host("www.soyt.tinh-a.test", Host::home(page).fails([Fault::Answer(Answer::new(503, "", ""))]));
    let ended = run(&server, &format!("init --ci github --from {}", server.https("soyt.tinh-a.test")), &[]);
    assert_eq!(ended.exit, Some(0), "{}{}", ended.out, ended.err);
    let sites = text(&ended, "sites.yml");
    for wanted in [
        "  - id: soyt\n    name: \"Sở Y tế\"\n    role: component\n",
        &format!("    parent: {portal}\n    url: {new}\n    emc_site_id: \"77\"\n"),
        &format!("guessed from the link to {portal} in line "),
    ] {
        assert!(sites.contains(wanted), "{wanted}\n{sites}");
    }
    assert!(server.asked("tinh-a.test").is_empty(), "the portal is named, not visited");
    assert!(!text(&ended, "rasoat.yml").contains("pages: all"), "a deployed site is not crawled unasked");
    let files = [("sites.yml", sites), ("rasoat.yml", text(&ended, "rasoat.yml"))];
    let checked = run(&server, "check -q --browser never", &files);
    assert_eq!(checked.finding("soyt", "emc-snippet")["verdict"], "pass", "{}", checked.err);
}

#[test]
fn what_cannot_be_seen_writes_nothing() {
    let server = Server::start();
    server.host("chan.test", Host::home(Answer::new(403, "", "")));
    server.host("di.test", Host::home(Answer::redirect(&server.https("khac.test"))));
    server.host("noi-bo.test", Host::home(Answer::redirect("http://127.0.0.1:1/")));
    for (host, gap) in [("chan.test", "blocked"), ("di.test", "redirect-off-site"), ("noi-bo.test", "private-address")]
    {
        let ended = run(&server, &format!("init --from {}", server.https(host)), &[]);
        assert_eq!(ended.exit, Some(3), "{host}: {}{}", ended.out, ended.err);
        assert!(
            ended.err.contains(&format!("[{gap}]")) && ended.err.ends_with("Nothing was written.\n"),
            "{}",
            ended.err
        );
        assert!(ended.out.is_empty() && text(&ended, "sites.yml").is_empty() && text(&ended, "rasoat.yml").is_empty());
    }
}
