//! An address from a script compared with the policy's: parsed scheme, exact host, port and path, never text.

use url::Url;

use crate::snapshot::{Arg, Page};

/// How an address compares with the one the policy names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Compared {
    /// The same, by https.
    Exact,
    /// The same but by http.
    Http,
    /// Right host, other path.
    OtherPath(String),
    /// Another host (or port, scheme, user name).
    OtherHost(String),
    /// Not an address at all.
    NotAnAddress(String),
    /// Computed at run time.
    Unknown,
}

/// Compares an address as a script gives it; relative ones are resolved as the page would.
pub(super) fn compare(address: &Arg, wanted: &str, page: &Page) -> Compared {
    let text = match address {
        Arg::Known(text) => text,
        Arg::Other(text) => return Compared::NotAnAddress(text.clone()),
        Arg::Unknown => return Compared::Unknown,
    };
    let (Ok(found), Ok(wanted)) = (page.base.join(text.trim()), Url::parse(wanted)) else {
        return Compared::NotAnAddress(text.clone());
    };
    let same_authority = found.host_str() == wanted.host_str()
        && found.port() == wanted.port()
        && found.username().is_empty()
        && found.password().is_none();
    if !same_authority || !matches!(found.scheme(), "http" | "https") {
        return Compared::OtherHost(found.to_string());
    }
    if found.path().trim_end_matches('/') != wanted.path().trim_end_matches('/') {
        return Compared::OtherPath(found.to_string());
    }
    // A policy may itself name an http tracker; then http is exact.
    if found.scheme() == wanted.scheme() || found.scheme() == "https" { Compared::Exact } else { Compared::Http }
}
