//! One request as the browser sent it, and what its headers say of who sent it. Decides nothing.

use hyper::header::{ACCEPT, HeaderMap, REFERER, UPGRADE};
use hyper::{Method, Uri};
use url::Url;

/// A request.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
}

impl Asked {
    /// A request to `authority` over TLS, or in absolute form without it.
    pub(super) fn new(authority: Option<&str>, method: Method, uri: &Uri, headers: HeaderMap) -> Option<Self> {
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let address = match (authority, uri.scheme_str(), uri.authority()) {
            (Some(authority), ..) => format!("https://{authority}{path}"),
            (None, Some("http"), Some(authority)) => format!("http://{authority}{path}"),
            _ => return None,
        };
        Some(Self { method, url: Url::parse(&address).ok()?, headers })
    }

    pub(super) fn header(&self, name: impl hyper::header::AsHeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(super) fn referer(&self) -> Option<String> {
        self.header(REFERER).map(str::to_owned)
    }

    /// What the answer is for, as `script`; browsers say so over TLS only.
    pub(super) fn dest(&self) -> Option<&str> {
        self.header("sec-fetch-dest")
    }

    /// Only asks, and changes nothing.
    pub(super) fn only_asks(&self) -> bool {
        self.method == Method::GET || self.method == Method::HEAD
    }

    /// Asks for leave to send something.
    pub(super) fn is_preflight(&self) -> bool {
        self.method == Method::OPTIONS && self.headers.contains_key("access-control-request-method")
    }

    pub(super) fn is_upgrade(&self) -> bool {
        self.headers.contains_key(UPGRADE)
    }

    pub(super) fn is_event_stream(&self) -> bool {
        self.header(ACCEPT) == Some("text/event-stream")
    }

    /// A page of its own. Without TLS a frame's page looks the same.
    pub(super) fn is_document(&self) -> bool {
        match self.dest() {
            Some(dest) => dest == "document",
            None => self.header(ACCEPT).is_some_and(|a| a.starts_with("text/html")),
        }
    }

    /// A script that a page runs.
    pub(super) fn is_script(&self) -> bool {
        match self.dest() {
            Some(dest) => dest == "script",
            None => self.header(ACCEPT) == Some("*/*") && matches!(self.extension().as_deref(), Some("js" | "mjs")),
        }
    }

    /// A font, a sound, a film or subtitles.
    pub(super) fn is_adornment(&self) -> bool {
        const MEDIA: [&str; 10] = ["woff", "woff2", "ttf", "otf", "eot", "mp3", "mp4", "webm", "ogg", "m3u8"];
        match self.dest() {
            Some(dest) => matches!(dest, "font" | "audio" | "video" | "track"),
            None => self.extension().is_some_and(|e| MEDIA.contains(&e.as_str())),
        }
    }

    /// The browser asks for something of its own that no page wanted.
    pub(super) fn is_browsers_own(&self) -> bool {
        let from_a_page = self.header("sec-fetch-site").is_some_and(|site| site != "none");
        self.url.scheme() == "https" && !from_a_page && self.header("sec-fetch-mode") != Some("navigate")
    }

    /// How the file's name ends, in lower case.
    pub(super) fn extension(&self) -> Option<String> {
        let name = self.url.path().rsplit('/').next()?;
        name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase())
    }
}
