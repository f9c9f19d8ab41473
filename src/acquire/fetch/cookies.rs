//! The cookies of one visit: kept for the site that set them, as browsers keep them, and as few.

use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::cookie::{CookieStore, Jar};
use reqwest::header::HeaderValue;
use url::Url;

/// Cookies that one visit accepts, as browsers do of one site.
const MOST: usize = 180;
/// Bytes of one cookie with its attributes.
const LONGEST: usize = 4_096;
/// Bytes of cookies that are sent with a request; servers refuse more.
const MOST_SENT: usize = 16 << 10;

/// The cookies of one visit.
#[derive(Debug, Default)]
pub(super) struct Cookies {
    jar: Jar,
    accepted: AtomicUsize,
}

impl CookieStore for Cookies {
    fn set_cookies(&self, headers: &mut dyn Iterator<Item = &HeaderValue>, url: &Url) {
        let mut fitting =
            headers.filter(|header| header.len() <= LONGEST && self.accepted.fetch_add(1, Ordering::Relaxed) < MOST);
        self.jar.set_cookies(&mut fitting, url);
    }

    fn cookies(&self, url: &Url) -> Option<HeaderValue> {
        self.jar.cookies(url).filter(|sent| sent.len() <= MOST_SENT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_cannot_fill_the_jar() {
        let (cookies, url) = (Cookies::default(), Url::parse("https://a.test/").unwrap());
        let set = |text: &str| {
            cookies.set_cookies(&mut std::iter::once(&HeaderValue::from_str(text).unwrap()), &url);
        };
        set(&format!("big={}", "x".repeat(LONGEST)));
        assert_eq!(cookies.cookies(&url), None, "one cookie may not be larger than browsers allow");
        for k in 0..MOST + 20 {
            set(&format!("c{k}=1"));
        }
        let sent = cookies.cookies(&url).unwrap();
        assert_eq!(sent.to_str().unwrap().split("; ").count(), MOST);
        assert_eq!(cookies.cookies(&Url::parse("https://b.test/").unwrap()), None, "cookies stay with their site");
    }

    #[test]
    fn more_than_servers_take_is_not_sent() {
        let (cookies, url) = (Cookies::default(), Url::parse("https://a.test/").unwrap());
        for k in 0..5 {
            let text = format!("c{k}={}", "x".repeat(4_000));
            cookies.set_cookies(&mut std::iter::once(&HeaderValue::from_str(&text).unwrap()), &url);
        }
        assert_eq!(cookies.cookies(&url), None);
    }
}
