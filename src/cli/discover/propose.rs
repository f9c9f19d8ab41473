//! What was found as proposals for a sites file: sites as entries, everything else in comments with the reason, so
//! that people decide.

use url::Url;

use crate::acquire::discover::{Class, Domain, Explored, Found, Source};
use crate::lang::Lang;
use crate::policy::Text;
use crate::report::words;
use crate::site::{Form, Host, Proposal, Role};

/// The first lines of a new file.
pub(super) fn header(domain: &Domain, lang: Lang) -> Vec<String> {
    let name = domain.name();
    let lines = lang.of(
        [
            format!("Danh sách trang của {name}, do `rasoat discover {name}` đề xuất."),
            "Hãy rà lại từng mục; chạy lại lệnh chỉ thêm trang mới vào cuối, không sửa gì đã có.".to_owned(),
            "Mục không cần: để trong chú thích thay vì xóa, để lần sau không được đề xuất lại.".to_owned(),
        ],
        [
            format!("Sites of {name}, proposed by `rasoat discover {name}`."),
            "Look through every entry; running it again only adds new sites at the end and changes nothing.".to_owned(),
            "Leave what is not wanted in a comment instead of deleting it, so that it is not proposed again."
                .to_owned(),
        ],
    );
    lines.to_vec()
}

/// Every visited host: the portal, the sites by name, then what is no site of its own.
pub(super) fn proposals(explored: &Explored, domain: &Domain, lang: Lang) -> Vec<Proposal> {
    let is_entry = |found: &&Found| found.is_proposed();
    let entries = explored.found.iter().filter(is_entry);
    let others = explored.found.iter().filter(|found| !is_entry(found));
    entries.chain(others).map(|found| proposal(found, explored, domain, lang)).collect()
}

fn proposal(found: &Found, explored: &Explored, domain: &Domain, lang: Lang) -> Proposal {
    let form = match found.class {
        _ if found.is_proposed() => Form::Entry,
        Class::Alias(_) => Form::Remark,
        _ => Form::Comment,
    };
    let is_portal = found.host == explored.portal;
    Proposal {
        url: found.address.clone(),
        id: id(&found.host, domain, &explored.portal),
        name: found.title().map(str::to_owned),
        role: if is_portal { Role::Portal } else { Role::Component },
        parent: None,
        source: None,
        tracker_ids: found.ids().to_vec(),
        remarks: remarks(found, lang),
        form,
    }
}

/// An id from the labels of a host before those of the domain; a port that is not the portal's is added.
fn id(host: &Host, domain: &Domain, portal: &Host) -> String {
    let first = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    let under = host.name.strip_suffix(domain.name()).map(|rest| rest.trim_end_matches('.')).filter(|r| !r.is_empty());
    let mut id = match under {
        Some(labels) if host != portal => labels.to_owned(),
        // An address in numbers has no labels that say anything.
        _ if host.name.parse::<std::net::IpAddr>().is_ok() => host.name.clone(),
        _ => first(domain.name()),
    };
    if let Some(port) = host.port.filter(|_| host.port != portal.port) {
        id.push_str(&format!("-{port}"));
    }
    id
}

fn remarks(found: &Found, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(reason) = reason(found) {
        lines.push(lang.pick(&reason).to_owned());
    }
    let ids = found.ids();
    if ids.len() > 1 {
        let ids = ids.join(", ");
        lines.push(lang.of(format!("thấy nhiều mã EMC: {ids}"), format!("several tracker ids were seen: {ids}")));
    }
    let how = sources(found, lang);
    lines.push(lang.of(format!("tìm thấy ở: {how}"), format!("found: {how}")));
    lines
}

/// Why a host is not simply a site. Other hosts are named without `https://`, so that a comment makes nobody
/// believe that they stand in the file already.
fn reason(found: &Found) -> Option<Text> {
    let own = &found.address;
    Some(match &found.class {
        Class::Site => return None,
        Class::Alias(of) => Text::new(
            format!("{own} dẫn tới {of}; nếu là cùng một trang, thêm vào mục đó: aliases: [{own}]"),
            format!("{own} leads to {of}; if it is the same site, add to that entry: aliases: [{own}]"),
        ),
        Class::Redirect(to) => Text::new(
            format!("không đưa vào danh sách: chuyển hướng tới {}", bare(to)),
            format!("left out: it leads to {}", bare(to)),
        ),
        Class::Duplicate(of) => Text::new(
            format!(
                "không đưa vào danh sách: cùng nội dung với {of}; nếu là cùng một trang, thêm vào mục đó: aliases: [{own}]"
            ),
            format!(
                "left out: it shows the same page as {of}; if it is the same site, add to that entry: aliases: [{own}]"
            ),
        ),
        Class::Unseen(gap) if found.is_proposed() => {
            let cause = words::cause(*gap);
            let gap = gap.name();
            Text::new(
                format!("chưa xem được ({gap}), hãy kiểm tra bằng tay: {}", cause.vi),
                format!("could not be seen ({gap}), look at it by hand: {}", cause.en),
            )
        }
        Class::Unseen(gap) | Class::Dead(gap) | Class::NotASite(gap) => {
            let cause = words::cause(*gap);
            let gap = gap.name();
            let (vi, en) = match found.class {
                Class::Dead(_) => ("không hoạt động", "dead"),
                Class::NotASite(_) => ("không phải trang TTĐT", "not a site"),
                _ => ("chưa xem được, và không nơi nào dẫn tới", "could not be seen, and nothing leads there"),
            };
            Text::new(
                format!("không đưa vào danh sách: {vi} ({gap}): {}", cause.vi),
                format!("left out: {en} ({gap}): {}", cause.en),
            )
        }
    })
}

/// An address without its scheme.
pub(super) fn bare(url: &Url) -> String {
    url.as_str().split_once("://").map_or(url.as_str(), |(_, rest)| rest).to_owned()
}

/// Every way in which a host was found.
pub(super) fn sources(found: &Found, lang: Lang) -> String {
    let all: Vec<String> = found.looked.sources.iter().map(|source| lang.pick(&told(source)).to_owned()).collect();
    all.join(", ")
}

fn told(source: &Source) -> Text {
    match source {
        Source::Asked => Text::new("tên miền đã cho", "the domain that was given"),
        Source::HomePage => Text::new("trang chủ của cổng", "the portal's home page"),
        Source::SiteMapPage => Text::new("trang sơ đồ của cổng", "the portal's site map page"),
        Source::Sitemap => Text::new("sitemap.xml", "sitemap.xml"),
        Source::Robots => Text::new("robots.txt", "robots.txt"),
        Source::LinkedFrom(host) => Text::new(format!("trang chủ của {host}"), format!("the home page of {host}")),
        Source::RedirectFrom(host) => Text::new(format!("chuyển hướng từ {host}"), format!("a redirect of {host}")),
        Source::Certificate(host) => Text::new(format!("chứng thư của {host}"), format!("the certificate of {host}")),
        Source::Names => Text::new("danh sách tên", "the list of names"),
        Source::Log => Text::new("nhật ký chứng thư", "the certificate log"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_the_labels_before_the_domain() {
        let of = |domain: &str, portal: &str, url: &str| {
            let host = |url: &str| Host::of(&Url::parse(url).unwrap()).unwrap();
            id(&host(url), &Domain::parse(domain).unwrap(), &host(portal))
        };
        for (portal, url, wanted) in [
            ("https://tinh-a.vn", "https://tinh-a.vn", "tinh-a"),
            ("https://cong.tinh-a.vn", "https://cong.tinh-a.vn", "tinh-a"),
            ("https://cong.tinh-a.vn", "https://tinh-a.vn", "tinh-a"),
            ("https://tinh-a.vn", "https://so.tinh-a.vn", "so"),
            ("https://tinh-a.vn", "https://x.so.tinh-a.vn", "x.so"),
            ("https://tinh-a.vn", "https://so.tinh-a.vn:8443", "so-8443"),
            ("https://tinh-a.vn:8443", "https://so.tinh-a.vn:8443", "so"),
        ] {
            assert_eq!(of("tinh-a.vn", portal, url), wanted, "{url}");
        }
        assert_eq!(of("http://127.0.0.1:81", "http://127.0.0.1:81", "http://127.0.0.1:82"), "127.0.0.1-82");
    }
}
