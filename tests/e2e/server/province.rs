//! A made-up province: one portal and its component sites, some retired, renamed or redirected, some with one
//! flaw each. The right verdict of every rule is known beforehand, so that a run is compared with the truth.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Answer, Host, Server};

/// What is wrong with a component, or how it does right in an uncommon way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Everything is right, the snippet in the page.
    Plain,
    /// The snippet is in a file of the site.
    SnippetInFile,
    /// The home page redirects within the site.
    Moved,
    /// The portal links to an old name that is declared as an alias.
    Renamed,
    /// No snippet.
    NoSnippet,
    /// A style sheet hides the label that the library adds.
    LabelHidden,
    /// No link to the portal.
    NoPortalLink,
    /// The portal does not link to it.
    Unlinked,
    /// Retired and gone.
    Retired,
}

/// One component.
#[derive(Debug, Clone)]
pub(crate) struct Component {
    /// Its id in the sites file.
    pub(crate) id: String,
    /// Its host.
    pub(crate) host: String,
    /// What it is like.
    pub(crate) kind: Kind,
}

/// A portal and its components.
#[derive(Debug, Clone)]
pub(crate) struct Province {
    /// The portal's host.
    pub(crate) portal: String,
    /// In the order of the sites file.
    pub(crate) components: Vec<Component>,
    bytes: usize,
}

/// The snippet, with an id.
pub(crate) fn snippet(id: &str) -> String {
    format!("<script>{}</script>", snippet_text(id))
}

fn snippet_text(id: &str) -> String {
    format!(
        "var _govaq=[['trackPageView'],['setTrackerUrl','https://f-emc.ngsp.gov.vn/tracking'],['setSiteId','{id}']];\
         var g=document.createElement('script');g.src='https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js';\
         document.body.appendChild(g)"
    )
}

/// A label of the site's own.
pub(crate) fn label() -> &'static str {
    "<footer>Đã kết nối EMC</footer>"
}

/// A home page of about that many bytes. `head` and `body` stand as they are.
pub(crate) fn home(title: &str, head: &str, body: &str, bytes: usize) -> String {
    let mut page = format!(
        "<!doctype html><html lang=vi><head><meta charset=utf-8><title>{title}</title>{head}</head><body>\
         <nav><a href=/gioi-thieu>Giới thiệu</a> <a href=/tin-tuc>Tin tức</a> <a href=/van-ban>Văn bản</a></nav>\
         <h1>{title}</h1><p>Ủy ban nhân dân tỉnh họp phiên thường kỳ tháng mười hai tại hội trường.</p>\n"
    );
    let mut number = 0;
    while page.len() + body.len() < bytes {
        number += 1;
        let _ = writeln!(
            page,
            "<article class=tin><h2><a href=/tin/{number}>Tin số {number}</a></h2><p>Sáng nay, lãnh đạo tỉnh đã làm việc \
             với các sở, ngành về tiến độ giải quyết thủ tục hành chính và chuyển đổi số.</p></article>"
        );
    }
    page + body + "\n</body></html>"
}

impl Province {
    /// A province of `n` components; the seed decides which is what.
    pub(crate) fn new(seed: u64, n: usize) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let name = format!("tinh-{seed}.test");
        let kind = |random: &mut fastrand::Rng| match random.u32(0..100) {
            0..50 => Kind::Plain,
            50..60 => Kind::SnippetInFile,
            60..66 => Kind::Moved,
            66..72 => Kind::Renamed,
            72..78 => Kind::NoSnippet,
            78..84 => Kind::LabelHidden,
            84..90 => Kind::NoPortalLink,
            90..95 => Kind::Unlinked,
            _ => Kind::Retired,
        };
        let component = |k: usize| {
            let id = format!("so-{k:03}");
            Component { host: format!("{id}.{name}"), id, kind: kind(&mut random) }
        };
        Self { portal: format!("portal.{name}"), components: (0..n).map(component).collect(), bytes: 6_000 }
    }

    /// With home pages of about so many bytes.
    pub(crate) fn bytes(mut self, bytes: usize) -> Self {
        self.bytes = bytes;
        self
    }

    /// The hosts that answer, the portal's first.
    pub(crate) fn alive(&self) -> Vec<&str> {
        let components = self.components.iter().filter(|c| c.kind != Kind::Retired).map(|c| c.host.as_str());
        std::iter::once(self.portal.as_str()).chain(components).collect()
    }

    /// Adds every host to a server, each changed as the closure likes.
    pub(crate) fn serve(&self, server: &Server, change: &dyn Fn(&str, Host) -> Host) {
        let mut links = String::new();
        for (number, component) in self.components.iter().enumerate() {
            let host = &component.host;
            let linked = match component.kind {
                Kind::Unlinked | Kind::Retired => None,
                Kind::Renamed => Some(format!("cu-{host}")),
                _ => Some(host.clone()),
            };
            if let Some(linked) = linked {
                let _ = writeln!(links, "<li><a href=\"{}\">{}</a></li>", server.https(&linked), component.id);
            }
            if component.kind == Kind::Renamed {
                let new = server.https(host);
                server.host(&format!("cu-{host}"), Host::new(move |_| Answer::redirect(&new)));
            }
            if component.kind != Kind::Retired {
                server.host(host, change(host, self.component(server, component, number + 2)));
            }
        }
        let body = format!("<h2>Sở, ban, ngành</h2><ul>{links}</ul>{}{}", label(), snippet("1"));
        let page = home("Cổng thông tin điện tử tỉnh", "", &body, self.bytes);
        server.host(&self.portal, change(&self.portal, Host::page(page)));
    }

    fn component(&self, server: &Server, component: &Component, number: usize) -> Host {
        let mut body = match component.kind {
            Kind::NoPortalLink => String::new(),
            _ => format!("<p>Trực thuộc <a href=\"{}\">Cổng tỉnh</a></p>", server.https(&self.portal)),
        };
        let id = number.to_string();
        match component.kind {
            Kind::NoSnippet => {}
            Kind::SnippetInFile => body.push_str("<script src=/js/emc.js></script>"),
            _ => body.push_str(&snippet(&id)),
        }
        let sheet = match component.kind {
            Kind::LabelHidden => "header,.yhy-append-wrap{display:none!important}",
            _ => "header{color:#c00}",
        };
        if component.kind != Kind::LabelHidden {
            body.push_str(label());
        }
        let page = home(&component.id, "<link rel=stylesheet href=/css/site.css>", &body, self.bytes);
        let page = Answer::html(page);
        let mut paths = vec![
            ("/css/site.css", Answer::file("text/css", sheet)),
            ("/js/emc.js", Answer::file("text/javascript", snippet_text(&id))),
        ];
        if component.kind == Kind::Moved {
            paths.extend([("/", Answer::redirect("/trang-chu")), ("/trang-chu", page)]);
        } else {
            paths.push(("/", page));
        }
        Host::paths(paths)
    }

    /// The sites file.
    pub(crate) fn sites(&self, server: &Server) -> String {
        let mut text = format!(
            "apiVersion: rasoat/v1\nsites:\n  - {{id: cong, role: portal, url: \"{}\"}}\n",
            server.https(&self.portal)
        );
        for component in &self.components {
            let more = match component.kind {
                Kind::Renamed => format!(", aliases: [\"{}\"]", server.https(&format!("cu-{}", component.host))),
                Kind::Retired => ", retired_on: 2025-07-01".to_owned(),
                _ => String::new(),
            };
            let url = server.https(&component.host);
            let _ = writeln!(text, "  - {{id: {}, role: component, parent: cong, url: \"{url}\"{more}}}", component.id);
        }
        text
    }

    /// The truth: the verdict of each rule on each site, as `SITE RULE` to `VERDICT CODE`.
    pub(crate) fn truth(&self) -> BTreeMap<String, String> {
        let mut truth = BTreeMap::new();
        let mut say =
            |site: &str, rule: &str, verdict: &str| truth.insert(format!("{site} {rule}"), verdict.to_owned());
        let pass = "pass -";
        say("cong", "emc-snippet", pass);
        say("cong", "emc-label", pass);
        let missing = self.components.iter().any(|c| c.kind == Kind::Unlinked);
        say("cong", "component-links", if missing { "fail missing-link" } else { pass });
        for Component { id, kind, .. } in &self.components {
            let (snippet, label, link) = match kind {
                Kind::NoSnippet => ("fail snippet-missing", "fail label-without-connection", pass),
                Kind::LabelHidden => (pass, "fail label-hidden", pass),
                Kind::NoPortalLink => (pass, pass, "fail missing-link"),
                Kind::Retired => ("not-applicable retired", "not-applicable retired", "not-applicable retired"),
                _ => (pass, pass, pass),
            };
            say(id, "emc-snippet", snippet);
            say(id, "emc-label", label);
            say(id, "portal-link", link);
        }
        truth
    }
}
