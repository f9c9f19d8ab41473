//! Fetches a site's home page and the files it loads over HTTP(S). Every way of failing has its own gap;
//! what was not reached is never a failure of the site. Never judges.

mod error;
mod resolve;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use reqwest::header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION};
use url::Url;

use super::Fetched;
use super::html::decode;
use super::private::names_private;
use crate::error::Error;
use crate::policy::Text;
use crate::site::{HostMatch, Site, host_key, same_site, shown};
use crate::snapshot::{Attempted, Gap, Origin, Source, Timings, Visit};

pub use resolve::{Mapping, parse_mapping};

/// How the network is used. Every limit has a default.
#[derive(Debug, Clone)]
pub struct NetOptions {
    /// One attempt of one request.
    pub timeout: Duration,
    /// Connecting, DNS and TLS included.
    pub connect_timeout: Duration,
    /// Extra tries after a transient fault.
    pub retries: u32,
    /// Redirects followed.
    pub max_redirects: usize,
    /// Decoded bytes of one body.
    pub max_size: u64,
    /// Sent as User-Agent.
    pub user_agent: String,
    /// Extra headers; their values are secrets.
    pub headers: Vec<(String, String)>,
    /// A proxy.
    pub proxy: Option<String>,
    /// Certificates (PEM) trusted besides the system's.
    pub cacert: Option<Vec<u8>>,
    /// Names and the addresses they shall resolve to.
    pub resolve: Vec<Mapping>,
    /// Links and redirects may lead to private addresses.
    pub allow_private: bool,
}

impl Default for NetOptions {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            retries: 2,
            max_redirects: 10,
            max_size: 8 << 20,
            user_agent: concat!("rasoat/", env!("CARGO_PKG_VERSION"), " (+https://crates.io/crates/rasoat)").to_owned(),
            headers: Vec::new(),
            proxy: None,
            cacert: None,
            resolve: Vec::new(),
            allow_private: false,
        }
    }
}

/// An answer whose body was read to the end.
#[derive(Debug)]
pub struct Answer {
    /// The address that answered.
    pub url: Url,
    /// Decoded from its content encoding.
    pub body: Vec<u8>,
    /// `charset` of the Content-Type.
    pub charset: Option<String>,
    /// The media type, lower case.
    pub media_type: Option<String>,
    /// Every header.
    pub headers: Vec<(String, String)>,
}

/// One client for a whole run.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    options: NetOptions,
    /// Each address is asked for once a run.
    files: Mutex<HashMap<Url, Fetched>>,
}

/// One response before its body is believed.
enum Step {
    Answer(Answer),
    Redirect(String, u16),
    Status(u16, Option<Duration>),
}

impl Client {
    /// A client that may visit the given sites' own addresses even when they are private.
    ///
    /// # Errors
    /// [`Error::Usage`] when a header, the proxy or the certificate cannot be used.
    pub fn new(options: NetOptions, sites: &[&Site]) -> Result<Self, Error> {
        // Fails only when a provider was installed before, which is what is wanted.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let own = sites.iter().flat_map(|s| s.url.iter().chain(&s.aliases)).filter_map(host_key).collect();
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"));
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("vi,en;q=0.8"));
        for (name, value) in &options.headers {
            let name = HeaderName::try_from(name.as_str());
            let value = HeaderValue::from_str(value);
            let (Ok(name), Ok(mut value)) = (name, value) else {
                return Err(Error::usage(Text::new(
                    "--header: tên hoặc giá trị không dùng được trong HTTP.",
                    "--header: a name or value that HTTP does not allow.",
                )));
            };
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        let mut builder = reqwest::Client::builder()
            .user_agent(&options.user_agent)
            .default_headers(headers)
            .redirect(reqwest::redirect::Policy::none())
            .timeout(options.timeout)
            .connect_timeout(options.connect_timeout)
            .dns_resolver(Arc::new(resolve::Guard::new(own, &options)));
        if let Some(proxy) = &options.proxy {
            let proxy = reqwest::Proxy::all(proxy)
                .map_err(|e| Error::usage(Text::new(format!("--proxy: {e}"), format!("--proxy: {e}"))))?;
            builder = builder.proxy(proxy);
        }
        if let Some(pem) = &options.cacert {
            let certificates = reqwest::Certificate::from_pem_bundle(pem)
                .ok()
                .filter(|c| !c.is_empty())
                .ok_or_else(|| Error::usage(Text::new("--cacert: không phải tệp PEM.", "--cacert: not a PEM file.")))?;
            builder = builder.tls_certs_merge(certificates);
        }
        let http = builder.build().map_err(|e| Error::usage(Text::new(e.to_string(), e.to_string())))?;
        Ok(Self { http, options, files: Mutex::default() })
    }

    /// Visits a site's home page: redirects followed, transient faults tried again.
    pub async fn home(&self, site: &Site, start: &Url) -> (Visit, Result<Answer, Gap>) {
        let mut visit = Visit::default();
        let begun = Instant::now();
        let mut outcome = Err(Gap::NoData);
        for attempt in 0..=self.options.retries {
            visit.attempts = attempt + 1;
            visit.hops.clear();
            let (answer, wait) = self.follow(site, start, &mut visit).await;
            outcome = answer;
            match &outcome {
                Err(gap) if is_transient(*gap, visit.status) && attempt < self.options.retries => {
                    let backoff = Duration::from_millis(250 << attempt);
                    tokio::time::sleep(wait.unwrap_or(backoff).min(Duration::from_secs(60))).await;
                }
                _ => break,
            }
        }
        if let Some(timings) = &mut visit.timings {
            timings.total_ms = millis(begun.elapsed());
        }
        (visit, outcome)
    }

    async fn follow(&self, site: &Site, start: &Url, visit: &mut Visit) -> (Result<Answer, Gap>, Option<Duration>) {
        let mut url = start.clone();
        let mut seen = vec![url.clone()];
        loop {
            let step = match self.ask(&url, visit).await {
                Ok(step) => step,
                Err(gap) => return (Err(gap), None),
            };
            match step {
                Step::Answer(answer) => return (Ok(answer), None),
                Step::Status(status, wait) => return (Err(gap_of_status(status)), wait),
                Step::Redirect(to, status) => {
                    visit.hops.push(Attempted { url: shown(&url), status: Some(status) });
                    match self.next(site, &url, &to, &seen) {
                        Ok(next) => url = next,
                        Err(gap) => return (Err(gap), None),
                    }
                    if seen.len() > self.options.max_redirects {
                        return (Err(Gap::RedirectLoop), None);
                    }
                    seen.push(url.clone());
                }
            }
        }
    }

    /// Where a redirect may lead: the site itself, its www/bare form and its aliases.
    ///
    /// # Errors
    /// The gap of a redirect that is not followed.
    pub fn next(&self, site: &Site, from: &Url, to: &str, seen: &[Url]) -> Result<Url, Gap> {
        let mut next = from.join(to).map_err(|_| Gap::HttpError)?;
        next.set_fragment(None);
        let own = site.url.iter().chain(&site.aliases).any(|own| same_site(&next, own) == HostMatch::Same);
        if !matches!(next.scheme(), "http" | "https") {
            // Not a location that a visitor could be sent to.
            return Err(Gap::HttpError);
        }
        if !own && !self.options.allow_private && names_private(&next) {
            return Err(Gap::PrivateAddress);
        }
        if !own {
            return Err(Gap::RedirectOffSite);
        }
        if seen.contains(&next) { Err(Gap::RedirectLoop) } else { Ok(next) }
    }

    async fn ask(&self, url: &Url, visit: &mut Visit) -> Result<Step, Gap> {
        let begun = Instant::now();
        let mut bare = url.clone();
        // A user name in an address is never sent on.
        let _ = (bare.set_username(""), bare.set_password(None));
        let mut response = self.http.get(bare).send().await.map_err(|e| error::gap(&e))?;
        let status = response.status().as_u16();
        visit.status = Some(status);
        visit.final_url = Some(shown(url));
        visit.address = response.remote_addr().map(|a| a.ip().to_string());
        visit.timings = Some(Timings { first_byte_ms: millis(begun.elapsed()), total_ms: 0, ..Timings::default() });
        if matches!(status, 301 | 302 | 303 | 307 | 308)
            && let Some(to) = response.headers().get(LOCATION)
        {
            let to = String::from_utf8_lossy(to.as_bytes()).into_owned();
            return Ok(Step::Redirect(to, status));
        }
        let retry_after = retry_after(response.headers());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|e| error::gap(&e))? {
            if (body.len() + chunk.len()) as u64 > self.options.max_size {
                return Err(Gap::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        if !(200..300).contains(&status) {
            return Ok(Step::Status(status, retry_after));
        }
        if matches!(status, 204 | 205) || body.is_empty() {
            return Err(Gap::Empty);
        }
        let content_type =
            response.headers().get(CONTENT_TYPE).map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned());
        let (media_type, charset) = content_type.as_deref().map_or((None, None), media);
        let headers = response.headers().iter();
        let headers = headers.map(|(n, v)| (n.as_str().to_owned(), String::from_utf8_lossy(v.as_bytes()).into_owned()));
        let answer = Answer { url: url.clone(), body, charset, media_type, headers: headers.collect() };
        Ok(Step::Answer(answer))
    }

    /// A script or style sheet of the site itself; files of other hosts are not asked for.
    pub async fn file(&self, site: &Site, url: &Url) -> Fetched {
        let own = site.url.iter().chain(&site.aliases).any(|own| same_site(url, own) == HostMatch::Same);
        if !own {
            return Fetched::OtherHost;
        }
        if let Some(found) = self.files.lock().ok().and_then(|f| f.get(url).cloned()) {
            return found;
        }
        let (_, answer) = self.home(site, url).await;
        let fetched = match answer {
            Ok(answer) => {
                let text = match answer.charset.as_deref().and_then(|c| encoding_rs::Encoding::for_label(c.as_bytes()))
                {
                    Some(encoding) => encoding.decode(&answer.body).0.into_owned(),
                    None => encoding_rs::UTF_8.decode(&answer.body).0.into_owned(),
                };
                let origin = Origin { path: None, url: Some(shown(&answer.url)) };
                Fetched::Read(Arc::new(Source::new(origin, text)))
            }
            Err(gap) => Fetched::Missing(gap),
        };
        if let Ok(mut files) = self.files.lock() {
            files.insert(url.clone(), fetched.clone());
        }
        fetched
    }
}

impl Answer {
    /// The page's text.
    ///
    /// # Errors
    /// The gap of an answer that is no readable HTML.
    pub fn page(&self) -> Result<Source, Gap> {
        let html = ["text/html", "application/xhtml+xml", "text/plain", "application/octet-stream", "unknown/unknown"];
        if let Some(media_type) = self.media_type.as_deref().filter(|t| !html.contains(t)) {
            // An empty type means the server said nothing usable.
            if !media_type.is_empty() {
                return Err(Gap::NotHtml);
            }
        }
        let text = decode(&self.body, self.charset.as_deref())?.text;
        Ok(Source::new(Origin { path: None, url: Some(shown(&self.url)) }, text))
    }
}

fn media(content_type: &str) -> (Option<String>, Option<String>) {
    let mut parts = content_type.split(';');
    let media_type = parts.next().map(|t| t.trim().to_ascii_lowercase());
    let charset = parts.find_map(|p| {
        let (name, value) = p.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"').to_owned())
    });
    (media_type, charset)
}

fn gap_of_status(status: u16) -> Gap {
    match status {
        401 | 403 | 407 | 451 => Gap::Blocked,
        429 => Gap::RateLimited,
        404 | 410 => Gap::NotFound,
        500..=599 => Gap::ServerError,
        _ => Gap::HttpError,
    }
}

fn is_transient(gap: Gap, status: Option<u16>) -> bool {
    match gap {
        Gap::Dns | Gap::Refused | Gap::Reset | Gap::Timeout | Gap::ProtocolError | Gap::Proxy | Gap::RateLimited => {
            true
        }
        Gap::ServerError => matches!(status, Some(500 | 502 | 503 | 504)),
        _ => false,
    }
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get("retry-after")?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
