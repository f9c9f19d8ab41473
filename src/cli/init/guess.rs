//! What one home page says of its site: name, tracker id, and a guess at role and parent that people confirm. Turns
//! facts into a proposed entry; never judges.

use url::Url;

use crate::finding::safe;
use crate::lang::Lang;
use crate::policy::Text;
use crate::site::{Form, Proposal, Role, domains_of, host_key};
use crate::snapshot::Page;

/// Longest name that is shown.
const SHOWN: usize = 100;

/// A site as its home page shows it.
pub(super) struct Guess {
    url: Url,
    /// The page's own word is all there is for the address.
    by_page: bool,
    name: Option<String>,
    ids: Vec<String>,
    /// The site above it that its home page links to, and the line of the link.
    parent: Option<(Url, u32)>,
}

impl Guess {
    /// From a home page, the address to write down, and the tracker ids on the page.
    pub(super) fn of(page: &Page, (url, by_page): (Url, bool), ids: Vec<String>) -> Self {
        let name = page.title.as_deref().map(|t| t.split_whitespace().collect::<Vec<_>>().join(" "));
        let parent = above(page, &url);
        Self { url, by_page, name: name.filter(|n| !n.is_empty()), ids, parent }
    }

    fn role(&self) -> Role {
        if self.parent.is_some() { Role::Component } else { Role::Portal }
    }

    fn id(&self) -> String {
        let host = host_key(&self.url).unwrap_or_default();
        // An address in numbers has no labels that say anything.
        let is_name = self.url.domain().is_some();
        let label = if is_name { host.split('.').next().unwrap_or_default().to_owned() } else { host };
        match self.url.path().trim_matches('/') {
            "" => label,
            path => format!("{label}-{}", path.rsplit('/').next().unwrap_or_default()),
        }
    }

    /// The entry, with what was guessed said beside it.
    pub(super) fn proposal(&self, source: Option<&str>, lang: Lang) -> Proposal {
        Proposal {
            url: self.url.clone(),
            id: self.id(),
            name: self.name.clone(),
            role: self.role(),
            parent: self.parent.as_ref().map(|(url, _)| url.clone()),
            source: source.map(str::to_owned),
            tracker_ids: self.ids.clone(),
            remarks: self.remarks().iter().map(|remark| lang.pick(remark).to_owned()).collect(),
            form: Form::Entry,
        }
    }

    fn remarks(&self) -> Vec<Text> {
        let mut remarks = Vec::new();
        if self.by_page {
            remarks.push(Text::new(
                "url: đoán từ địa chỉ trang tự ghi (link rel=canonical), hãy xác nhận",
                "url: guessed from the address the page gives as its own (link rel=canonical), please confirm",
            ));
        }
        remarks.push(match &self.parent {
            Some((parent, line)) => Text::new(
                format!("role, parent: đoán từ liên kết đến {parent} ở dòng {line} của trang chủ, hãy xác nhận"),
                format!("role, parent: guessed from the link to {parent} in line {line} of the home page, please confirm"),
            ),
            None => Text::new(
                "role: đoán là cổng vì trang chủ không liên kết đến trang nào có tên miền cấp trên, hãy xác nhận; trang thành phần cần role: component và parent",
                "role: guessed to be a portal, as the home page links to no site above its domain, please confirm; a component site needs role: component and parent",
            ),
        });
        match self.ids.as_slice() {
            [] => remarks.push(Text::new(
                "emc_site_id: chưa thấy mã số trong mã giám sát trên trang chủ",
                "emc_site_id: no id was seen in a monitoring code on the home page",
            )),
            [_] => {}
            many => {
                let many = many.join(", ");
                remarks.push(Text::new(
                    format!("emc_site_id: thấy nhiều mã số, hãy chọn một: {many}"),
                    format!("emc_site_id: several ids were seen, choose one: {many}"),
                ));
            }
        }
        remarks
    }

    /// The same for the terminal.
    pub(super) fn told(&self, lang: Lang) -> Vec<String> {
        let name = self.name.as_deref().map(|name| safe(name, SHOWN));
        let none = || lang.of("(chưa thấy)", "(not seen)").to_owned();
        let guessed = lang.of("(đoán, hãy xác nhận)", "(guessed, please confirm)");
        let mut lines = vec![
            format!("name         {}", name.unwrap_or_else(none)),
            format!("url          {}{}", self.url, if self.by_page { format!(" {guessed}") } else { String::new() }),
            format!("role         {} {guessed}", self.role().name()),
        ];
        lines.extend(self.parent.iter().map(|(parent, _)| format!("parent       {parent} {guessed}")));
        let ids = if self.ids.is_empty() { none() } else { safe(&self.ids.join(", "), SHOWN) };
        lines.push(format!("emc_site_id  {ids}"));
        lines
    }
}

/// The nearest site above a host that its home page links to, and the line of the first such link.
fn above(page: &Page, own: &Url) -> Option<(Url, u32)> {
    let host = host_key(own)?;
    let linked = |domain: &str| {
        page.links.iter().find_map(|link| {
            let mut to = page.base.join(&link.href).ok().filter(|to| matches!(to.scheme(), "http" | "https"))?;
            if host_key(&to).as_deref() != Some(domain) {
                return None;
            }
            // Fails only for addresses that cannot hold either.
            let _ = (to.set_username(""), to.set_password(None));
            to.set_path("/");
            to.set_query(None);
            to.set_fragment(None);
            Some((to, page.source.position(link.span.start).line))
        })
    };
    domains_of(&host).skip(1).filter(|domain| domain.contains('.')).find_map(linked)
}
