//! Targets and the sites file become the sites of a run and the list of those to judge.

use std::path::{Path, PathBuf};

use url::Url;

use super::flags::Check;
use crate::acquire::folder::slashes;
use crate::error::Error;
use crate::finding::without_credentials;
use crate::policy::Text;
use crate::site::{HostMatch, Parent, Site, same_site, shown};
use crate::yaml::nearest;

/// Fits an ad-hoc target, with what the flags say of it, among the sites.
pub(super) fn of_targets(flags: &Check, sites: &mut Vec<Site>) -> Result<Vec<String>, Error> {
    let described = flags.role.is_some()
        || flags.parent.is_some()
        || !flags.components.is_empty()
        || flags.emc_site_id.is_some()
        || flags.url.is_some();
    if described && flags.targets.len() > 1 {
        return Err(Error::usage(Text::new(
            "--role, --parent, --component, --emc-site-id và --url mô tả đúng một TARGET; với nhiều trang hãy dùng sites.yml.",
            "--role, --parent, --component, --emc-site-id and --url describe exactly one TARGET; use a sites file for several.",
        )));
    }
    if described && flags.targets.is_empty() {
        return Err(Error::usage(Text::new(
            "--role, --parent, --component, --emc-site-id và --url cần một TARGET.",
            "--role, --parent, --component, --emc-site-id and --url need a TARGET.",
        )));
    }
    let mut judged = Vec::new();
    for target in &flags.targets {
        // A recorded folder need not be there any more.
        let recalled = |path: &Path| flags.replay.is_some() && sites.iter().any(|s| is_written(s, path));
        let wanted = Target::parse(target, &recalled)?;
        let known = sites.iter().position(|s| wanted.is(s));
        let at = match known {
            Some(at) => at,
            None => {
                let site = wanted.site(target, sites);
                sites.push(site);
                sites.len() - 1
            }
        };
        if described {
            describe(&mut sites[at], flags, &wanted);
        }
        if let (Target::Web(_), Some(site)) = (&wanted, sites.get_mut(at)) {
            // An address was asked for, so the address is visited even if the entry has a folder.
            site.source = None;
        }
        let id = sites[at].id.clone();
        if !judged.contains(&id) {
            judged.push(id);
        }
    }
    Ok(judged)
}

/// An address, or a folder or file.
pub(super) enum Target {
    Web(Url),
    Files(PathBuf),
}

impl Target {
    pub(super) fn parse(text: &str, recalled: &dyn Fn(&Path) -> bool) -> Result<Self, Error> {
        if text.contains("://") {
            return super::flags::web(text).map(Self::Web).map_err(|_| {
                let text = without_credentials(text);
                Error::usage(Text::new(
                    format!("“{text}” không phải địa chỉ http hoặc https."),
                    format!("“{text}” is not an http or https address."),
                ))
            });
        }
        let path = PathBuf::from(text);
        if path.exists() || recalled(&path) {
            return Ok(Self::Files(path));
        }
        let hint =
            if text.contains('.') && !text.contains('/') { format!(" https://{text}/ ?") } else { String::new() };
        Err(Error::usage(Text::new(
            format!("không có thư mục hoặc tệp “{text}”.{hint}"),
            format!("there is no folder or file “{text}”.{hint}"),
        )))
    }

    /// Whether a declared site is meant: by its address, an alias, or its folder.
    fn is(&self, site: &Site) -> bool {
        match self {
            Self::Web(url) => site.url.iter().chain(&site.aliases).any(|own| {
                same_site(url, own) == HostMatch::Same
                    && url.path().trim_end_matches('/') == own.path().trim_end_matches('/')
            }),
            Self::Files(path) => {
                let real = |p: &Path| std::fs::canonicalize(p).ok();
                is_written(site, path)
                    || site.source.as_deref().and_then(real).is_some_and(|own| real(path) == Some(own))
            }
        }
    }

    fn site(&self, written: &str, sites: &[Site]) -> Site {
        let (url, source, base) = match self {
            Self::Web(url) => {
                let path = url.path().trim_matches('/');
                let host = url.host_str().unwrap_or_default();
                let port = url.port().map(|p| format!("-{p}")).unwrap_or_default();
                (Some(url.clone()), None, format!("{host}{port}{}{path}", if path.is_empty() { "" } else { "-" }))
            }
            Self::Files(path) => (None, Some(path.clone()), name_of(path)),
        };
        let source_name = source.as_ref().map(|_| slashes(Path::new(written)));
        Site { url, source, source_name, ..Site::named(unique(&base, sites)) }
    }
}

/// Whether a site's folder is written just so.
fn is_written(site: &Site, path: &Path) -> bool {
    site.source.is_some() && site.source_name.as_deref() == Some(&slashes(path))
}

fn name_of(path: &Path) -> String {
    let written = slashes(path);
    let name = written.trim_matches(['/', '.']);
    if !name.is_empty() {
        return name.to_owned();
    }
    let real = std::fs::canonicalize(path).ok();
    real.as_deref().and_then(Path::file_name).map_or_else(|| "site".to_owned(), |n| n.to_string_lossy().into_owned())
}

/// An id of letters, digits, `.`, `_` and `-` that no other site has.
fn unique(base: &str, sites: &[Site]) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '-' };
    let mut base: String = base.chars().map(safe).take(80).collect();
    if base.is_empty() {
        base.push_str("site");
    }
    let taken = |id: &str| sites.iter().any(|s| s.id == id);
    if !taken(&base) {
        return base;
    }
    (2..).map(|n| format!("{base}-{n}")).find(|id| !taken(id)).unwrap_or(base)
}

fn describe(site: &mut Site, flags: &Check, target: &Target) {
    if let Some(role) = flags.role {
        site.role = Some(role.into());
    }
    if let Some(parent) = &flags.parent {
        site.parent = Some(Parent::Elsewhere(parent.clone()));
    }
    if !flags.components.is_empty() {
        site.components.clone_from(&flags.components);
    }
    if let Some(id) = &flags.emc_site_id {
        site.emc_site_id = Some(id.trim().to_owned());
    }
    if let (Some(url), Target::Files(_)) = (&flags.url, target) {
        site.url = Some(url.clone());
    }
}

/// Narrows a sites file to the ids that were asked for.
pub(super) fn of_ids(wanted: &[String], sites: &[Site]) -> Result<Vec<String>, Error> {
    for id in wanted {
        if !sites.iter().any(|s| s.id == *id) {
            let hint = nearest(id, sites.iter().map(|s| s.id.as_str()));
            return Err(unknown("--site", id, hint));
        }
    }
    Ok(sites.iter().filter(|s| wanted.is_empty() || wanted.contains(&s.id)).map(|s| s.id.clone()).collect())
}

/// A name that nothing bears, with the nearest that something does.
pub(super) fn unknown(flag: &str, name: &str, hint: Option<&str>) -> Error {
    let (vi, en) =
        hint.map_or_else(Default::default, |h| (format!(" Có phải “{h}”?"), format!(" Did you mean “{h}”?")));
    Error::usage(Text::new(format!("{flag}: không có “{name}”.{vi}"), format!("{flag}: there is no “{name}”.{en}")))
}

/// Credentials in an address are neither sent nor shown; say so once.
pub(super) fn drop_credentials(sites: &mut [Site]) {
    for site in sites {
        for url in site.url.iter_mut().chain(&mut site.aliases).chain(&mut site.components) {
            if let Ok(bare) = Url::parse(&shown(url)) {
                *url = bare;
            }
        }
    }
}
