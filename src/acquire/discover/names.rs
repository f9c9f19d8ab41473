//! Lists of names that were made elsewhere: a file with one host a line (as exported from a name server), and the
//! JSON in which logs of certificate transparency answer. Bytes become names in order; whether they lie under
//! the domain, and what answers there, is for others to say.

use std::collections::HashSet;

use serde::Deserialize;
use url::Url;

use super::domain::Domain;

/// Bytes of a list that are read.
pub const MOST_BYTES: usize = 64 << 20;
/// Names of one list that are read.
pub(super) const MOST_NAMES: usize = 100_000;

/// What a list holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Where each name may answer, best first.
    pub addresses: Vec<Vec<Url>>,
    /// Lines (from 1) that hold no name of a host.
    pub unreadable: Vec<usize>,
    /// It held more than is read.
    pub cut: bool,
}

/// Reads a file with one host a line: names or addresses, comments after `#` or `;`, further columns ignored.
#[must_use]
pub fn of_file(bytes: &[u8], domain: &Domain) -> Names {
    let mut names = Names { cut: bytes.len() > MOST_BYTES, ..Names::default() };
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(MOST_BYTES)]);
    for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.split(['#', ';']).next().unwrap_or_default().trim();
        let Some(first) = line.split([',', '\t', ' ']).next().map(|cell| cell.trim_matches('"')) else { continue };
        if first.is_empty() {
            continue;
        }
        if names.addresses.len() == MOST_NAMES {
            names.cut = true;
            break;
        }
        match domain.addresses_in(first) {
            Some(addresses) => names.addresses.push(addresses),
            None => names.unreadable.push(number + 1),
        }
    }
    names
}

/// One logged certificate.
#[derive(Deserialize)]
struct Logged {
    #[serde(default)]
    common_name: Option<String>,
    #[serde(default)]
    name_value: Option<String>,
}

/// Reads the answer of a certificate transparency search: a list of objects with `name_value` (one name a line)
/// and `common_name`. Names that stand for many hosts, and e-mail addresses, are left out.
///
/// # Errors
/// The answer is not such a list.
pub fn of_log(bytes: &[u8], domain: &Domain) -> Result<Names, serde_json::Error> {
    let logged: Vec<Logged> = serde_json::from_slice(bytes)?;
    let mut names = Names::default();
    let mut known = HashSet::new();
    for entry in &logged {
        let lines = entry.name_value.iter().flat_map(|names| names.lines()).chain(entry.common_name.as_deref());
        for name in lines.map(str::trim) {
            if names.addresses.len() == MOST_NAMES {
                names.cut = true;
                return Ok(names);
            }
            if known.insert(name)
                && let Some(addresses) = domain.addresses_of(name)
            {
                names.addresses.push(addresses);
            }
        }
    }
    Ok(names)
}

/// The address of a search: `%s` in it stands for the domain.
#[must_use]
pub fn search_address(template: &str, domain: &Domain) -> String {
    template.replace("%s", domain.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn domain() -> Domain {
        Domain::parse("tinh-a.vn").unwrap()
    }

    fn firsts(names: &Names) -> Vec<&str> {
        names.addresses.iter().map(|urls| urls[0].as_str()).collect()
    }

    #[test]
    fn a_file_as_people_export_it() {
        let text = "\u{feff}# exported\r\nSo.Tinh-A.vn.\r\n\r\n  http://b.tinh-a.vn/x  # old\n\
             sở.tinh-a.vn ; IDN\n*.tinh-a.vn\nc.tinh-a.vn. 3600 IN A 192.0.2.1\n\"d.tinh-a.vn\",192.0.2.2\n@\nhost\n";
        let names = of_file(text.as_bytes(), &domain());
        let wanted = [
            "https://so.tinh-a.vn/",
            "http://b.tinh-a.vn/",
            "https://xn--s-lym.tinh-a.vn/",
            "https://c.tinh-a.vn/",
            "https://d.tinh-a.vn/",
            "https://host/",
        ];
        assert_eq!(firsts(&names), wanted);
        assert_eq!((names.unreadable, names.cut), (vec![6, 9], false));
        assert_eq!(of_file(b"a.vn\xff\nb.vn\n", &domain()).unreadable, [1]);
    }

    #[test]
    fn a_log_as_it_answers() {
        let text = r#"[{"issuer_ca_id":1,"common_name":"tinh-a.vn","name_value":"*.tinh-a.vn\nSo.tinh-a.vn\na@tinh-a.vn"},
             {"name_value":null},{"common_name":"b.tinh-a.vn","name_value":"So.tinh-a.vn\r\nx-tinh-a.vn"},{}]"#;
        let names = of_log(text.as_bytes(), &domain()).unwrap();
        let wanted = ["https://so.tinh-a.vn/", "https://tinh-a.vn/", "https://x-tinh-a.vn/", "https://b.tinh-a.vn/"];
        assert_eq!(firsts(&names), wanted);
        for broken in ["", "{}", "<html>", "[{\"name_value\":[1]}]", "[{", &"[".repeat(10_000)] {
            assert!(of_log(broken.as_bytes(), &domain()).is_err(), "{broken}");
        }
    }

    #[test]
    fn limits() {
        let many = "a.vn\n".repeat(MOST_NAMES + 1);
        let names = of_file(many.as_bytes(), &domain());
        assert_eq!((names.addresses.len(), names.cut), (MOST_NAMES, true));
        let mut long = vec![b'#'; MOST_BYTES];
        long.extend(b"\nb.vn\n");
        let names = of_file(&long, &domain());
        assert_eq!((names.addresses.len(), names.cut), (0, true));
    }

    #[test]
    fn a_search_names_the_domain() {
        let address = search_address("https://ct.example/?q=%25.%s&output=json", &domain());
        assert_eq!(address, "https://ct.example/?q=%25.tinh-a.vn&output=json");
        assert_eq!(search_address("https://ct.example/tinh-a.json", &domain()), "https://ct.example/tinh-a.json");
    }
}
