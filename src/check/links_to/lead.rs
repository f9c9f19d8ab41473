//! Where the links of a page lead, resolved once: the address as written, whether a person can follow it, and
//! where it landed when it was followed.

use url::Url;

use super::target::Hit;
use super::{Counts, Target};
use crate::check::note;
use crate::finding::{Note, NoteLevel, Place, safe};
use crate::policy::Text;
use crate::site::{host_key, shown};
use crate::snapshot::{Landing, Link, LinkForm, OptionHandler, Page, Seen};

/// One link of a page.
pub(super) struct Lead<'a> {
    pub(super) link: &'a Link,
    /// Resolved.
    pub(super) address: Url,
    /// Its host, as hosts are compared.
    pub(super) host: String,
    /// Whether a person can see and follow it.
    pub(super) counts: Counts,
}

impl Lead<'_> {
    /// The address a visit asks for: without fragment, user name and password.
    pub(super) fn asked(&self) -> Url {
        let mut url = self.address.clone();
        url.set_fragment(None);
        // Fails only for addresses that cannot hold either.
        let _ = (url.set_username(""), url.set_password(None));
        url
    }

    /// What following it gave.
    pub(super) fn landing<'p>(&self, page: &'p Page) -> Option<&'p Landing> {
        if page.landings.is_empty() { None } else { page.landings.get(&self.asked()) }
    }

    /// Where it landed, when that is on the web.
    pub(super) fn landed<'p>(&self, page: &'p Page) -> Option<(&'p Url, String)> {
        match self.landing(page)? {
            Landing::At(url) => Some((url, host_key(url)?)),
            Landing::Dead(_) | Landing::Unknown(_) => None,
        }
    }
}

/// The links whose text tells an address on the web, in document order; `base` is what relative ones are resolved
/// against.
pub(super) fn leads<'a>(links: &'a [Link], base: &Url) -> Vec<Lead<'a>> {
    let links = links.iter().filter(|link| link.form != LinkForm::ScriptUnknown);
    links
        .filter_map(|link| {
            let address = base.join(&link.href).ok()?;
            let host = host_key(&address)?;
            Some(Lead { link, address, host, counts: counts(link) })
        })
        .collect()
}

fn counts(link: &Link) -> Counts {
    let by_form = match link.form {
        LinkForm::Option(OptionHandler::None) => Counts::Not,
        LinkForm::Option(OptionHandler::MaybeScript) => Counts::Maybe,
        _ => Counts::Yes,
    };
    let by_sight = match link.seen {
        Seen::Yes | Seen::InDetails | Seen::InMenu(_) => Counts::Yes,
        Seen::Unsure(_) => Counts::Maybe,
        Seen::Hidden(_) => Counts::Not,
    };
    by_form.min(by_sight)
}

/// What is worth saying of a link that counts; `landed` when only following it reached the target.
pub(super) fn notes(lead: &Lead<'_>, hit: Hit, landed: Option<&Url>, target: &Target, place: &Place) -> Vec<Note> {
    let name = target.name();
    let mut said: Vec<(&str, NoteLevel, String, String)> = Vec::new();
    if let Some(landed) = landed {
        let (old, new) = (safe(&shown(&lead.address), 200), safe(&shown(landed), 200));
        said.push((
            "link-redirects",
            NoteLevel::Warning,
            format!("Liên kết đến {name} dùng địa chỉ cũ {old}, được chuyển hướng đến {new}."),
            format!("The link to {name} uses the old address {old}, which redirects to {new}."),
        ));
    }
    if lead.link.span.is_empty() {
        said.push((
            "link-added-by-script",
            NoteLevel::Info,
            format!("Liên kết đến {name} được script của trang thêm vào khi chạy."),
            format!("The link to {name} is added by a script at run time."),
        ));
    }
    match lead.link.form {
        LinkForm::Option(_) => said.push((
            "link-in-select",
            NoteLevel::Info,
            format!("Liên kết đến {name} nằm trong danh sách chọn."),
            format!("The link to {name} is an option of a list."),
        )),
        LinkForm::Script => said.push((
            "link-by-script",
            NoteLevel::Warning,
            format!("Liên kết đến {name} chỉ hoạt động bằng script; nên dùng thẻ a có href."),
            format!("The link to {name} works by script only; use an a element with href."),
        )),
        _ => {}
    }
    match lead.link.seen {
        Seen::InMenu(_) => said.push((
            "link-in-menu",
            NoteLevel::Info,
            format!("Liên kết đến {name} nằm trong trình đơn mở khi rê chuột hoặc bấm."),
            format!("The link to {name} is in a menu that opens on hover or click."),
        )),
        Seen::InDetails => said.push((
            "link-in-details",
            NoteLevel::Info,
            format!("Liên kết đến {name} nằm trong mục đang thu gọn."),
            format!("The link to {name} is in a collapsed section."),
        )),
        _ => {}
    }
    match hit {
        Hit::OtherPort => said.push((
            "other-port",
            NoteLevel::Warning,
            format!("Liên kết đến {name} dùng cổng khác với địa chỉ khai báo."),
            format!("The link to {name} uses another port than the declared address."),
        )),
        Hit::Deep => said.push((
            "deep-link",
            NoteLevel::Info,
            format!("Liên kết đến {name} dẫn tới trang con, không phải trang chủ."),
            format!("The link to {name} leads to an inner page, not the home page."),
        )),
        Hit::Home => {}
    }
    said.into_iter().map(|(code, level, vi, en)| note(code, level, Text::new(vi, en), vec![place.clone()])).collect()
}
