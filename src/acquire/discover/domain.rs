//! The domain that is searched, and hosts at or under it: compared label by label, never as text, so that a
//! look-alike is a stranger. Turns what people write (a name, an address) into both; never resolves a name.

use url::Url;

use crate::policy::Text;
use crate::site::{Host, declared_url, host_key, is_under};

/// The longest text that is read as a host or address.
const LONGEST: usize = 2_048;

/// The domain of a portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    name: String,
    /// Where its portal may answer, best first.
    starts: Vec<Url>,
}

impl Domain {
    /// Reads `tinh-a.vn` (https is tried before http) or an address.
    ///
    /// # Errors
    /// Why it is neither.
    pub fn parse(text: &str) -> Result<Self, Text> {
        let text = text.trim();
        if text.contains("://") {
            let start = declared_url(text)?;
            let name = host_key(&start).unwrap_or_default();
            return Self { name, starts: vec![start] }.checked();
        }
        let starts: Vec<Url> =
            ["https", "http"].iter().filter_map(|scheme| declared_url(&format!("{scheme}://{text}")).ok()).collect();
        let bare = starts.first().filter(|url| url.path() == "/" && url.query().is_none());
        let name = bare.and_then(host_key).ok_or_else(|| {
            Text::new("cần một tên miền hoặc địa chỉ http, https", "a domain or an http or https address is wanted")
        })?;
        Self { name, starts }.checked()
    }

    fn checked(self) -> Result<Self, Text> {
        // Under a top-level domain lies half of the web.
        let single = !self.name.contains(['.', ':']) && self.name != "localhost";
        if single {
            return Err(Text::new(
                "cần tên miền đầy đủ, ví dụ tinh-a.vn",
                "a full domain is wanted, such as tinh-a.vn",
            ));
        }
        Ok(self)
    }

    /// Its name: lower case, IDNA, without a leading `www.`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where its portal may answer, best first.
    #[must_use]
    pub fn starts(&self) -> &[Url] {
        &self.starts
    }

    /// Whether a host is the domain's own or lies under it.
    #[must_use]
    pub fn holds(&self, host: &Host) -> bool {
        // Nothing lies under an address of numbers.
        let has_under = self.name.parse::<std::net::IpAddr>().is_err();
        host.name == self.name || (has_under && is_under(&host.name, &self.name))
    }

    /// Where a name that was found without an address may answer, best first: as the portal does when that has a
    /// port of its own, else with https before http. `None` for what is no host's name: a mark for every name,
    /// an e-mail address, a record that names a service.
    #[must_use]
    pub fn addresses_of(&self, name: &str) -> Option<Vec<Url>> {
        let name = name.trim().trim_end_matches('.');
        let labels = || name.split('.');
        let is_host = name.len() <= LONGEST
            && !name.contains(['*', '@', '/', '?', '#', '\\', '%', ' ', '\t'])
            && labels().all(|label| !label.is_empty() && !label.starts_with('_'));
        if !is_host {
            return None;
        }
        let own = self.starts.iter().filter(|start| start.port().is_some() && !name.contains(':'));
        let own: Vec<String> =
            own.filter_map(|start| Some(format!("{}://{name}:{}/", start.scheme(), start.port()?))).collect();
        let written = if own.is_empty() { vec![format!("https://{name}/"), format!("http://{name}/")] } else { own };
        let urls: Vec<Url> = written.iter().filter_map(|text| declared_url(text).ok()).collect();
        (!urls.is_empty()).then_some(urls)
    }

    /// The same of a whole line as lists have it: a name or an address.
    #[must_use]
    pub fn addresses_in(&self, text: &str) -> Option<Vec<Url>> {
        let text = text.trim();
        if text.len() <= LONGEST && text.contains("://") {
            return declared_url(text).ok().map(|url| vec![home_of(&url)]);
        }
        self.addresses_of(text)
    }
}

/// The home page of an address' host.
#[must_use]
pub fn home_of(url: &Url) -> Url {
    let mut home = url.clone();
    home.set_path("/");
    home.set_query(None);
    home.set_fragment(None);
    // Fails only for addresses that cannot hold either.
    let _ = (home.set_username(""), home.set_password(None));
    home
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(domain: &str, address: &str) -> bool {
        let domain = Domain::parse(domain).unwrap();
        Host::of(&Url::parse(address).unwrap()).is_some_and(|host| domain.holds(&host))
    }

    #[test]
    fn hosts_at_and_under_the_domain() {
        for domain in ["tinh-a.vn", "www.Tinh-A.vn", "tinh-a.vn.", "https://tinh-a.vn/trang-chu?x", "tinh-a.vn/"] {
            for address in [
                "https://tinh-a.vn/",
                "http://WWW.tinh-a.vn",
                "https://so.tinh-a.vn:8443/x",
                "https://a.b.tinh-a.vn./",
                "https://www.so.tinh-a.vn/",
            ] {
                assert!(holds(domain, address), "{domain} {address}");
            }
        }
        assert!(holds("cổng.vn", "https://sở.cổng.vn/"));
        assert!(holds("http://127.0.0.1:8080/", "http://127.0.0.1:9090/"));
    }

    #[test]
    fn look_alikes_are_strangers() {
        for address in [
            "https://x-tinh-a.vn/",
            "https://xtinh-a.vn/",
            "https://tinh-a.vn.example.org/",
            "https://tinh-a.vn@example.org/",
            "https://example.org/tinh-a.vn",
            "https://tinh-a.vnn/",
            "https://vn/",
            "mailto:a@tinh-a.vn",
        ] {
            assert!(!holds("tinh-a.vn", address), "{address}");
        }
        assert!(!holds("http://127.0.0.1/", "http://1.127.0.0.1.vn/"));
        assert!(!holds("https://tinh-a.vn/", "http://10.0.0.1/"));
    }

    #[test]
    fn what_is_no_domain() {
        for text in ["", " ", "vn", "ftp://tinh-a.vn/", "https://", "https://a:b@tinh-a.vn/", "tinh-a.vn/x", "a b.vn"] {
            assert!(Domain::parse(text).is_err(), "{text}");
        }
        let starts = |text: &str| Domain::parse(text).unwrap().starts().iter().map(Url::to_string).collect::<Vec<_>>();
        assert_eq!(starts("tinh-a.vn"), ["https://tinh-a.vn/", "http://tinh-a.vn/"]);
        assert_eq!(starts("http://tinh-a.vn/x"), ["http://tinh-a.vn/x"]);
    }

    #[test]
    fn names_become_addresses() {
        let of = |domain: &str, text: &str| {
            let urls = Domain::parse(domain).unwrap().addresses_in(text)?;
            Some(urls.iter().map(Url::to_string).collect::<Vec<_>>().join(" "))
        };
        let plain = |text: &str| of("tinh-a.vn", text);
        assert_eq!(plain("So.Tinh-A.vn.").unwrap(), "https://so.tinh-a.vn/ http://so.tinh-a.vn/");
        assert_eq!(plain("sở.vn").unwrap(), "https://xn--s-lym.vn/ http://xn--s-lym.vn/");
        assert_eq!(plain("http://so.tinh-a.vn/x?y#z").unwrap(), "http://so.tinh-a.vn/");
        assert_eq!(plain("so.vn:8443").unwrap(), "https://so.vn:8443/ http://so.vn:8443/");
        assert_eq!(of("http://tinh-a.vn:8080", "so.tinh-a.vn").unwrap(), "http://so.tinh-a.vn:8080/");
        for text in ["*.tinh-a.vn", "a@tinh-a.vn", "_dmarc.tinh-a.vn", "a..b", "", ".", "a b", "x/y", "ftp://a.vn", "%"]
        {
            assert_eq!(plain(text), None, "{text}");
        }
    }
}
