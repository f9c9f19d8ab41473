//! A folder of built HTML as if it were deployed: which file is the home page, which are pages, and which
//! file an address leads to. Reads bytes; never judges and never leaves the folder.

mod access;
#[cfg(feature = "browser")]
mod asset;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use url::Url;

use super::html::decode;
use super::record::Walk;
use super::wanted::Wanted;
use super::{Fetched, js};
use crate::policy::Pages;
use crate::site::{HostMatch, Site, same_site};
use crate::snapshot::{Gap, Origin, Source, UnreadPage};

use access::Access;
pub use access::{Files, FolderWatch};
#[cfg(feature = "browser")]
pub use asset::Asset;

/// Stands in for the address of a folder that declares none: https, and a name that no one can own.
pub const PLACEHOLDER: &str = "https://site.invalid/";
/// Names of a folder's own page, best first.
const INDEX: [&str; 4] = ["index.html", "index.htm", "default.html", "default.htm"];
/// Scripts and style sheets kept in memory for the pages that share them, in bytes.
const SHARED: usize = 16 << 20;

/// A folder (or one file) of built HTML.
#[derive(Debug)]
pub struct Folder {
    access: Access,
    /// The folder as the user wrote it, with `/` and without a final one; empty for the working folder.
    name: String,
    /// Set when the target is one file: its name.
    only: Option<String>,
    /// The address the folder has or will have.
    pub address: Url,
    /// Nobody declared it.
    pub address_assumed: bool,
    aliases: Vec<Url>,
    max_size: u64,
    headers: Vec<HeaderRule>,
    shared: Mutex<Shared>,
    /// What was read in the scripts that its pages share.
    pub scripts: js::Known,
}

#[derive(Debug, Default)]
struct Shared {
    bytes: usize,
    files: HashMap<String, Arc<Source>>,
}

/// One block of a `_headers` file: a path pattern and the headers it sets.
#[derive(Debug)]
struct HeaderRule {
    pattern: String,
    headers: Vec<(String, String)>,
}

/// What a folder holds.
#[derive(Debug, Default)]
pub struct Listing {
    /// The home page's file, relative to the folder.
    pub home: Option<String>,
    /// Pages other than the home page that were asked for, in name order.
    pub others: Vec<String>,
    /// HTML files in all.
    pub html_files: u64,
    /// Files left out because of the limit.
    pub beyond_limit: u64,
    /// What could not be looked into.
    pub unreadable: Vec<UnreadPage>,
}

impl Folder {
    /// Opens the folder or file of a site.
    ///
    /// # Errors
    /// [`Gap::NotFound`] when there is none, [`Gap::Unreadable`] when it may not be read.
    pub fn open(site: &Site, max_size: u64) -> Result<Self, Gap> {
        Self::open_in(site, max_size, Files::Disk)
    }

    /// The same, with a recording looking on or in the disk's place.
    ///
    /// # Errors
    /// As of [`Folder::open`]; [`Gap::NoData`] when the recording holds nothing of it.
    pub fn open_in(site: &Site, max_size: u64, files: Files) -> Result<Self, Gap> {
        let (access, only) = Access::open(site, files)?;
        let shown = site.source_name.clone().or_else(|| site.source.as_deref().map(slashes)).ok_or(Gap::NoData)?;
        let name = match &only {
            None => shown,
            Some(_) => shown.rsplit_once('/').map(|(parent, _)| parent.to_owned()).unwrap_or_default(),
        };
        let placeholder = || Url::parse(PLACEHOLDER).map_err(|_| Gap::NoData);
        let address = site.url.clone().map_or_else(placeholder, Ok)?;
        let name = match name.trim_end_matches('/') {
            "." => String::new(),
            name => name.strip_prefix("./").unwrap_or(name).to_owned(),
        };
        let mut folder = Self {
            access,
            name,
            only,
            address,
            address_assumed: site.url.is_none(),
            aliases: site.aliases.clone(),
            max_size,
            headers: Vec::new(),
            shared: Mutex::default(),
            scripts: js::Known::default(),
        };
        if let Ok(bytes) = folder.bytes("_headers") {
            folder.headers = header_rules(&String::from_utf8_lossy(&bytes));
        }
        Ok(folder)
    }

    /// Lists the pages a run wants: the home page, and others by `wanted`, at most `most` in all.
    #[must_use]
    pub fn list(&self, wanted: &[Pages], most: usize) -> Listing {
        let mut listing = Listing::default();
        if let Some(only) = &self.only {
            listing.home = Some(only.clone());
            listing.html_files = 1;
            return listing;
        }
        let Walk { files, unreadable } = self.access.walk();
        listing.unreadable = unreadable;
        listing.html_files = files.len() as u64;
        listing.home = home_of(&files);
        let choice = Wanted::of(wanted);
        for file in files {
            if Some(&file) == listing.home.as_ref() || !choice.takes(&file) {
                continue;
            }
            if listing.others.len() + 1 >= most {
                listing.beyond_limit += 1;
            } else {
                listing.others.push(file);
            }
        }
        listing
    }

    /// Reads and decodes one page.
    ///
    /// # Errors
    /// The gap of a file that cannot be read or is no HTML.
    pub fn page(&self, relative: &str) -> Result<Source, Gap> {
        let bytes = self.bytes(relative)?;
        let text = decode(&bytes, None)?.text;
        Ok(Source::new(self.origin(relative), text))
    }

    /// The address a file has or will have: an index file has its folder's.
    #[must_use]
    pub fn address_of(&self, relative: &str) -> Url {
        let mut address = self.address.clone();
        if Some(relative) == self.only.as_deref() {
            return address;
        }
        let (folder, file) = relative.rsplit_once('/').map_or(("", relative), |(folder, file)| (folder, file));
        let file = if INDEX.contains(&file.to_ascii_lowercase().as_str()) { "" } else { file };
        let mut path = address.path().rsplit_once('/').map_or("", |(base, _)| base).to_owned();
        if !folder.is_empty() {
            path = format!("{path}/{folder}");
        }
        path = format!("{path}/{file}");
        // set_path escapes what a file name may hold and an address may not.
        address.set_path(&path.replace('%', "%25"));
        address
    }

    /// The headers a `_headers` file sets for an address.
    #[must_use]
    pub fn headers(&self, address: &Url) -> Vec<(String, String)> {
        self.headers
            .iter()
            .filter(|rule| path_matches(&rule.pattern, address.path()))
            .flat_map(|rule| rule.headers.iter().cloned())
            .collect()
    }

    /// The file an address leads to, read as a script or style sheet.
    #[must_use]
    pub fn fetch(&self, url: &Url) -> Fetched {
        if !self.owns(url) {
            return Fetched::OtherHost;
        }
        let Some(relative) = self.relative(url) else { return Fetched::Missing(Gap::NotFound) };
        if let Some(found) = self.shared.lock().ok().and_then(|s| s.files.get(&relative).cloned()) {
            return Fetched::Read(found);
        }
        let text = match self.bytes(&relative).and_then(|bytes| text_of(&bytes)) {
            Ok(text) => text,
            Err(gap) => return Fetched::Missing(gap),
        };
        let source = Arc::new(Source::new(self.origin(&relative), text));
        if let Ok(mut shared) = self.shared.lock()
            && shared.bytes + source.text.len() <= SHARED
        {
            shared.bytes += source.text.len();
            shared.files.insert(relative, source.clone());
        }
        Fetched::Read(source)
    }

    /// Whether an address is on the site itself.
    #[must_use]
    pub fn owns(&self, url: &Url) -> bool {
        std::iter::once(&self.address).chain(&self.aliases).any(|own| same_site(url, own) == HostMatch::Same)
    }

    /// The file a same-site redirect leads to, if the folder has it.
    #[must_use]
    pub fn page_at(&self, url: &Url) -> Option<String> {
        self.access.page_at(&self.relative(url)?)
    }

    fn relative(&self, url: &Url) -> Option<String> {
        let base = self.address.path().rsplit_once('/').map_or("", |(base, _)| base);
        let rest = url.path().strip_prefix(base).filter(|rest| rest.is_empty() || rest.starts_with('/'))?;
        Some(percent_decode(rest.trim_start_matches('/')))
    }

    fn bytes(&self, relative: &str) -> Result<Vec<u8>, Gap> {
        self.access.bytes(relative, self.max_size)
    }

    /// A file as reports name it.
    #[must_use]
    pub fn origin(&self, relative: &str) -> Origin {
        let path = if self.name.is_empty() { relative.to_owned() } else { format!("{}/{relative}", self.name) };
        Origin { path: Some(path), url: None }
    }
}

/// A script or style sheet's text: UTF-8 unless it says otherwise by a byte-order mark.
fn text_of(bytes: &[u8]) -> Result<String, Gap> {
    let (text, _, _) = encoding_rs::UTF_8.decode(bytes);
    Ok(text.into_owned())
}

/// The home page: an index file at the top, else the only HTML file there is.
fn home_of(files: &[String]) -> Option<String> {
    let top = |name: &str| files.iter().find(|f| f.eq_ignore_ascii_case(name)).cloned();
    INDEX.iter().find_map(|name| top(name)).or_else(|| match files {
        [only] => Some(only.clone()),
        _ => None,
    })
}

/// Reads a `_headers` file: a line that starts at the margin is a path, indented lines set headers.
fn header_rules(text: &str) -> Vec<HeaderRule> {
    let mut rules: Vec<HeaderRule> = Vec::new();
    for line in text.lines().filter(|l| !l.trim().is_empty() && !l.trim_start().starts_with('#')) {
        if line.starts_with(char::is_whitespace) {
            if let (Some(rule), Some((name, value))) = (rules.last_mut(), line.split_once(':')) {
                rule.headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
        } else {
            let pattern = line.trim();
            let pattern = Url::parse(pattern).map_or_else(|_| pattern.to_owned(), |u| u.path().to_owned());
            rules.push(HeaderRule { pattern, headers: Vec::new() });
        }
    }
    rules
}

/// `*` matches anything, `:name` one segment.
fn path_matches(pattern: &str, path: &str) -> bool {
    if let Some((start, _)) = pattern.split_once('*') {
        return path.starts_with(start);
    }
    let (mut wanted, mut actual) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), actual.next()) {
            (None, None) => return true,
            (Some(w), Some(a)) if w == a || (w.starts_with(':') && !a.is_empty()) => {}
            _ => return false,
        }
    }
}

fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex = |b: u8| char::from(b).to_digit(16);
        match (bytes[i], bytes.get(i + 1).copied().and_then(hex), bytes.get(i + 2).copied().and_then(hex)) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                i += 3;
            }
            (byte, ..) => {
                out.push(byte);
                i += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// A path as reports show it, on every system.
#[must_use]
pub fn slashes(path: &Path) -> String {
    path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}
