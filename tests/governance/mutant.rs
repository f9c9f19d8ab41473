//! A town whose sites fail, built anew from a seed as build tools do: other hashes in classes and file names, other
//! queries, attributes in another order, white space and text around, all on one line or on many.

use std::fmt::Write as _;

/// Numbers from a seed (SplitMix64), the same on every machine.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }

    fn pick<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[usize::try_from(self.roll(all.len() as u64)).unwrap()]
    }

    /// Letters and digits of a hash.
    pub(crate) fn hash(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length).map(|_| char::from(alphabet[usize::try_from(self.roll(alphabet.len() as u64)).unwrap()])).collect()
    }
}

pub(crate) const HEX: &[u8] = b"0123456789abcdef";
pub(crate) const BASE64: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// What is wrong with the town beside what always is.
#[derive(Clone, Copy)]
pub(crate) struct Faults {
    /// Components the portal does not link to.
    pub(crate) unlinked: &'static [u32],
    /// The inner page without the snippet.
    pub(crate) bare_page: &'static str,
    /// Whether a style hides the label.
    pub(crate) hidden: bool,
}

pub(crate) const USUAL: Faults = Faults { unlinked: &[2, 3], bare_page: "tin/1.html", hidden: true };

/// A sites file with a portal and three components, which fail too.
const SITES: &str = "apiVersion: rasoat/v1
sites:
  - {id: tinh-a, role: portal, url: 'https://tinh-a.gov.vn/', source: portal, emc_site_id: '205'}
  - {id: so-1, role: component, parent: tinh-a, url: 'https://so-1.tinh-a.gov.vn/', source: so}
  - {id: so-2, role: component, parent: tinh-a, url: 'https://so-2.tinh-a.gov.vn/', source: so}
  - {id: so-3, role: component, parent: tinh-a, url: 'https://tinh-a.gov.vn/so-3/', source: so}
";

const SNIPPET: &str = "var _govaq=window._govaq||[];_govaq.push(['trackPageView']);\
_govaq.push(['enableLinkTracking']);(function(){\
_govaq.push(['setTrackerUrl','https://f-emc.ngsp.gov.vn/tracking']);_govaq.push(['setSiteId','ID']);\
var d=document,g=d.createElement('script'),s=d.getElementsByTagName('script')[0];g.type='text/javascript';\
g.async=true;g.defer=true;g.src='https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js';\
s.parentNode.insertBefore(g,s);})();";

/// A page that is being written.
struct Writer<'a> {
    dice: &'a mut Dice,
    out: String,
    minified: bool,
}

impl Writer<'_> {
    /// White space between elements, and what a build may leave there.
    fn gap(&mut self) {
        if self.minified {
            return;
        }
        for _ in 0..self.dice.roll(4) {
            let space = self.dice.pick(&["\n", "  ", "\t", "\r\n"]);
            self.out.push_str(space);
        }
        if self.dice.roll(5) == 0 {
            let note = self.dice.hash(HEX, 12);
            write!(self.out, "<!-- build {note} -->").unwrap();
        }
    }

    /// A start tag with its attributes in any order, in any quotes.
    fn tag(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.gap();
        let mut all: Vec<(String, String)> =
            attributes.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let (module, emotion) = (self.dice.hash(BASE64, 5), self.dice.hash(HEX, 6));
        all.push(("class".to_owned(), format!("Page_{name}__{module} css-{emotion}")));
        all.push((format!("data-v-{}", self.dice.hash(HEX, 8)), String::new()));
        for n in (1..all.len()).rev() {
            let other = usize::try_from(self.dice.roll(n as u64 + 1)).unwrap();
            all.swap(n, other);
        }
        write!(self.out, "<{name}").unwrap();
        for (key, value) in all {
            let quote = self.dice.pick(&["'", "\""]);
            let space = if self.minified { " " } else { self.dice.pick(&[" ", "\n   "]) };
            write!(self.out, "{space}{key}={quote}{value}{quote}").unwrap();
        }
        self.out.push('>');
    }

    fn text(&mut self) {
        for _ in 0..self.dice.roll(4) {
            let words = self.dice.hash(BASE64, 9);
            self.tag("p", &[]);
            write!(self.out, "Tin mới {words}</p>").unwrap();
        }
    }

    fn link(&mut self, to: &str) {
        self.tag("a", &[("href", to), ("title", "Liên kết")]);
        self.out.push_str("Xem</a>");
    }

    fn page(mut self, head: &str, snippet: Option<&str>, links: &[String]) -> String {
        self.out.push_str("<!doctype html><html lang=\"vi\"><head><meta charset=\"utf-8\"><title>Trang</title>");
        self.gap();
        self.out.push_str(head);
        if let Some(id) = snippet {
            self.tag("script", &[]);
            let code = SNIPPET.replace("ID", id);
            let code = if self.minified { code } else { code.replace(';', ";\n") };
            write!(self.out, "{code}</script>").unwrap();
        }
        self.out.push_str("</head><body>");
        self.text();
        for link in links {
            self.link(link);
            self.text();
        }
        self.link("/gioi-thieu");
        self.gap();
        self.out + "</body></html>"
    }
}

/// The files of the town as one build leaves them.
pub(crate) fn built(seed: u64, faults: Faults) -> Vec<(String, Vec<u8>)> {
    let mut dice = Dice::new(seed);
    let minified = dice.roll(2) == 0;
    let line_end = if minified { "" } else { "\n" };
    let (style, script) = (dice.hash(HEX, 8), dice.hash(BASE64, 8));
    let mut css = String::new();
    for _ in 0..dice.roll(6) {
        write!(css, ".Page_p__{}{{color:#{}}}{line_end}", dice.hash(BASE64, 5), dice.hash(HEX, 6)).unwrap();
    }
    if faults.hidden {
        css.push_str(".yhy-append-wrap{display:none!important}");
    }
    let head = format!(
        "<link rel=\"stylesheet\" href=\"/static/app.{style}.css?v={}\"><script src=\"/static/main-{script}.js?{}\" defer></script>",
        dice.roll(1_000_000),
        dice.roll(1_000_000)
    );
    let linked = [(1, "https://so-1.tinh-a.gov.vn/"), (2, "https://so-2.tinh-a.gov.vn"), (3, "/so-3/")];
    let links: Vec<String> =
        linked.iter().filter(|(n, _)| !faults.unlinked.contains(n)).map(|(_, to)| (*to).to_owned()).collect();
    let mut page = |head: &str, snippet: Option<&str>, links: &[String]| {
        Writer { dice: &mut dice, out: String::new(), minified }.page(head, snippet, links).into_bytes()
    };
    vec![
        ("portal/index.html".to_owned(), page(&head, Some("205"), &links)),
        (format!("portal/{}", faults.bare_page), page("", None, &[])),
        ("portal/tin/9.html".to_owned(), page("", Some("205"), &[])),
        ("so/index.html".to_owned(), page("", Some(""), &[])),
        (format!("portal/static/app.{style}.css"), css.into_bytes()),
        (format!("portal/static/main-{script}.js"), b"console.log(1)".to_vec()),
        ("sites.yml".to_owned(), SITES.as_bytes().to_vec()),
    ]
}
