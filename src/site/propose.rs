//! Proposed sites as the text of a sites file: a new file, or entries added at the end of one that people keep.
//! What stands there is never changed, moved or repeated; what the file names anywhere, even in a comment, is
//! known and not proposed again. Titles are hostile text: they become quoted values and nothing else.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use url::Url;

use super::file::{SitesFile, is_site_id};
use super::{Host, LoadedSites, Role, Site, read};
use crate::finding::safe;
use crate::policy::Text;
use crate::yaml::{self, Document, Problems};

/// Characters of a name that are kept.
const NAME: usize = 200;
/// Characters of a line of a comment that are kept: more than an entry's longest line.
const REMARK: usize = 1_000;
/// Characters of an id made from a host.
const ID: usize = 80;

/// One site that is proposed.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// Its home page.
    pub url: Url,
    /// What its id is made of, if nobody has it yet.
    pub id: String,
    /// Its title, as the page has it.
    pub name: Option<String>,
    /// Portal, or component of the portal.
    pub role: Role,
    /// The portal it belongs to, when that is not the first portal that is proposed.
    pub parent: Option<Url>,
    /// Its built HTML, relative to the file.
    pub source: Option<String>,
    /// Tracker ids seen on it; only a single one is proposed.
    pub tracker_ids: Vec<String>,
    /// Lines of comment before it.
    pub remarks: Vec<String>,
    /// How it is written.
    pub form: Form,
}

/// How a proposal is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As an entry.
    Entry,
    /// As an entry in a comment: people decide.
    Comment,
    /// Its remarks only; they name its address.
    Remark,
}

/// A sites file with what was added.
#[derive(Debug, Clone)]
pub struct Merged {
    /// The whole text.
    pub text: String,
    /// Ids by host: of entries that were there and of those that are new, in comments too.
    pub ids: BTreeMap<Host, String>,
    /// Hosts of entries that are new.
    pub added: Vec<Host>,
    /// Hosts that were added in comments.
    pub remarked: Vec<Host>,
}

/// Adds proposals to a sites file, or begins one with `header` as its comment. The first proposal that is a portal
/// is the parent of the components.
///
/// # Errors
/// The file that is there cannot be read, or its list cannot be added to.
pub fn merge(existing: Option<(&str, &[u8])>, header: &[String], proposals: &[Proposal]) -> Result<Merged, Problems> {
    let Some((name, bytes)) = existing else {
        let mut text: String = header.iter().map(|line| comment("", line)).collect();
        text.push_str("apiVersion: rasoat/v1\nsites:\n");
        let mut merged = Merged::new(text);
        let written = merged.add(proposals, &[], "  ", &HashSet::new());
        merged.text.push_str(&written);
        return Ok(merged);
    };
    let written = Written::read(name, bytes)?;
    let mark = if bytes.starts_with(b"\xef\xbb\xbf") { "\u{feff}" } else { "" };
    let mut merged = Merged::new(String::new());
    for site in written.sites() {
        for host in site.url.iter().chain(&site.aliases).filter_map(Host::of) {
            merged.ids.entry(host).or_insert_with(|| site.id.clone());
        }
    }
    let known = addresses(&written.document.source().text);
    let added = merged.add(proposals, written.sites(), &written.indent, &known);
    if added.is_empty() {
        merged.text = format!("{mark}{}", written.document.source().text);
        return Ok(merged);
    }
    let end = if written.document.source().text.contains("\r\n") { "\r\n" } else { "\n" };
    let gap = if written.before.ends_with('\n') { "" } else { end };
    merged.text = format!("{mark}{}{gap}{}{}", written.before, added.replace('\n', end), written.after);
    written.is_kept_in(&merged.text)?;
    Ok(merged)
}

impl Merged {
    fn new(text: String) -> Self {
        Self { text, ids: BTreeMap::new(), added: Vec::new(), remarked: Vec::new() }
    }

    /// The text of what is new.
    fn add(&mut self, proposals: &[Proposal], sites: &[Site], indent: &str, known: &HashSet<Host>) -> String {
        let mut taken: HashSet<String> = sites.iter().map(|site| site.id.clone()).collect();
        let mut parent: Option<String> = None;
        let mut written = String::new();
        for proposal in proposals {
            let Some(host) = Host::of(&proposal.url) else { continue };
            let is_known = known.contains(&host);
            let id = match self.ids.get(&host) {
                Some(id) => id.clone(),
                None if proposal.form == Form::Remark => String::new(),
                None => unique(&proposal.id, &mut taken),
            };
            if proposal.role == Role::Portal && parent.is_none() {
                let declared = sites.iter().find(|site| site.id == id);
                // A parent is a portal of the file, or an address.
                let is_portal = declared.map_or(!is_known, |site| site.role == Some(Role::Portal));
                parent = Some(if is_portal { id.clone() } else { proposal.url.to_string() });
            }
            if is_known {
                continue;
            }
            let own = proposal.parent.as_ref().map(Url::as_str);
            let entry = entry(proposal, &id, own.or(parent.as_deref()));
            let lines = entry.lines();
            for remark in &proposal.remarks {
                written.push_str(&comment(indent, remark));
            }
            match proposal.form {
                Form::Entry => {
                    lines.for_each(|line| written.push_str(&format!("{indent}{line}\n")));
                    self.added.push(host.clone());
                }
                Form::Comment => {
                    lines.for_each(|line| written.push_str(&comment(indent, line)));
                    self.remarked.push(host.clone());
                }
                Form::Remark => self.remarked.push(host.clone()),
            }
            if proposal.form != Form::Remark {
                self.ids.insert(host, id);
            }
        }
        written
    }
}

fn entry(proposal: &Proposal, id: &str, parent: Option<&str>) -> String {
    let mut text = format!("- id: {}\n", plain_or_quoted(id));
    let name = proposal.name.as_deref().map(|name| safe(name, NAME)).filter(|name| !name.trim().is_empty());
    if let Some(name) = name {
        text.push_str(&format!("  name: {}\n", quoted(&name)));
    }
    text.push_str(&format!("  role: {}\n", proposal.role.name()));
    if let (Role::Component, Some(parent)) = (proposal.role, parent) {
        text.push_str(&format!("  parent: {}\n", plain_or_quoted(parent)));
    }
    text.push_str(&format!("  url: {}\n", plain_or_quoted(proposal.url.as_str())));
    if let Some(source) = &proposal.source {
        text.push_str(&format!("  source: {}\n", plain_or_quoted(source)));
    }
    if let [only] = proposal.tracker_ids.as_slice() {
        text.push_str(&format!("  emc_site_id: {}\n", quoted(&safe(only, NAME))));
    }
    text
}

/// A line of comment. Nothing in it ends the line.
fn comment(indent: &str, text: &str) -> String {
    format!("{indent}# {}\n", safe(text, REMARK)).replace("# \n", "#\n")
}

/// A text in double quotes. Characters that quotes cannot hold were made safe before.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A name or address without quotes where nobody could take it for anything else.
fn plain_or_quoted(text: &str) -> String {
    let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | ':'))
        && !text.ends_with(':')
        && !words.contains(&text.to_ascii_lowercase().as_str());
    if plain { text.to_owned() } else { quoted(text) }
}

/// An id that nobody has, made of letters, digits, `.`, `_` and `-`.
fn unique(wanted: &str, taken: &mut HashSet<String>) -> String {
    let fit = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '-' };
    let mut base: String = wanted.chars().map(fit).take(ID).collect();
    if !is_site_id(&base) {
        base = "site".to_owned();
    }
    let mut id = base.clone();
    let mut number = 2u32;
    while !taken.insert(id.clone()) {
        id = format!("{base}-{number}");
        number += 1;
    }
    id
}

/// Hosts of every address that a text names, in values and comments. What a site calls itself is no address.
fn addresses(text: &str) -> HashSet<Host> {
    let is_title = |line: &&str| line.trim_start_matches([' ', '#', '-']).starts_with("name:");
    text.lines().filter(|line| !is_title(line)).flat_map(addresses_of_line).collect()
}

fn addresses_of_line(text: &str) -> Vec<Host> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("://") {
        let ends = |scheme: &&&str| {
            at.checked_sub(scheme.len()).and_then(|n| text.get(n..at)).is_some_and(|t| t.eq_ignore_ascii_case(scheme))
        };
        let Some(scheme) = ["https", "http"].iter().find(ends) else { continue };
        let start = at - scheme.len();
        let rest = &text[start..];
        let end = rest.find(|c: char| c.is_whitespace() || "\"'<>,;(){}".contains(c)).unwrap_or(rest.len());
        // A closing bracket ends a list, unless it is that of an IPv6 address.
        let token = rest[..end].trim_end_matches(['.', ':']);
        let token = if token.contains('[') { token } else { token.trim_end_matches(']') };
        found.extend(Url::parse(token).ok().and_then(|url| Host::of(&url)));
    }
    found
}

/// A sites file that people wrote.
struct Written {
    document: Document,
    /// Its sites; none when the list is empty.
    loaded: Option<LoadedSites>,
    /// The text up to where entries are added, and from there on.
    before: String,
    after: String,
    /// What stands before the dash of an entry.
    indent: String,
}

impl Written {
    fn read(name: &str, bytes: &[u8]) -> Result<Self, Problems> {
        let (file, document) = yaml::parse::<SitesFile>(name, bytes, yaml::MOST_SITES)?;
        let text = document.source().text.clone();
        if let (true, Some(list)) = (file.sites.is_empty(), document.value("sites")) {
            // The brackets of an empty list go: entries are lines.
            let (start, end) = (list.start as usize, list.end as usize);
            let line = text[end..].find('\n').map_or(text.len(), |n| end + n + 1);
            let before = format!("{}{}", text[..start].trim_end(), &text[end..line]);
            let after = text[line..].to_owned();
            return Ok(Self { document, loaded: None, before, after, indent: "  ".to_owned() });
        }
        let loaded = read(name, bytes, Path::new(""))?;
        let key = document.key("sites").map(|span| span.end as usize).unwrap_or_default();
        let first = document.value("sites[0]").map_or(key, |span| span.start as usize);
        // The last line before the first entry that begins with its dash.
        let mut lines = text.get(key..first).unwrap_or_default().lines().rev();
        let indent =
            lines.find_map(|line| line.find('-').map(|n| &line[..n]).filter(|indent| indent.trim().is_empty()));
        let Some(indent) = indent.map(str::to_owned) else { return Err(in_brackets(&document)) };
        // Only `apiVersion` may come after the list.
        let after = document.key("apiVersion").map(|span| span.start as usize).filter(|start| *start > first);
        let (before, after) = text.split_at(after.unwrap_or(text.len()));
        let (before, after) = (before.to_owned(), after.to_owned());
        Ok(Self { document, loaded: Some(loaded), before, after, indent })
    }

    fn sites(&self) -> &[Site] {
        self.loaded.as_ref().map_or(&[], |loaded| loaded.estate.sites())
    }

    /// Nothing that people wrote may read differently afterwards.
    fn is_kept_in(&self, text: &str) -> Result<(), Problems> {
        let name = self.document.name();
        let old = yaml::parse::<SitesFile>(name, self.document.source().text.as_bytes(), yaml::MOST_SITES)?.0.sites;
        let new = yaml::parse::<SitesFile>(name, text.as_bytes(), yaml::MOST_SITES)?.0.sites;
        let same = new.len() >= old.len() && old.iter().zip(&new).all(|(a, b)| format!("{a:?}") == format!("{b:?}"));
        if !same {
            return Err(cannot_add(&self.document));
        }
        if new.is_empty() { Ok(()) } else { read(name, text.as_bytes(), Path::new("")).map(|_| ()) }
    }
}

fn in_brackets(document: &Document) -> Problems {
    let text = Text::new("danh sách `sites` viết trong dấu ngoặc", "the list `sites` is written in brackets");
    let help = Text::new(
        "Viết mỗi trang thành một mục `- id: …` trên dòng riêng, hoặc ghi ra tệp khác bằng `--output TỆP`.",
        "Write each site as an entry `- id: …` on a line of its own, or write another file with `--output FILE`.",
    );
    document.at("sites").problem("not-a-block", text).help(help).into()
}

fn cannot_add(document: &Document) -> Problems {
    let text =
        Text::new("không thêm được vào cuối danh sách `sites`", "nothing can be added at the end of the list `sites`");
    let help = Text::new(
        "Kết thúc danh sách bằng một mục đơn giản, hoặc ghi ra tệp khác bằng `--output TỆP`.",
        "End the list with a plain entry, or write another file with `--output FILE`.",
    );
    document.at("sites").problem("not-a-block", text).help(help).into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{ProptestConfig, any, prop, proptest};

    use super::*;

    fn proposal(host: &str, role: Role) -> Proposal {
        Proposal {
            url: Url::parse(&format!("https://{host}/")).unwrap(),
            id: host.split('.').next().unwrap().to_owned(),
            name: Some(format!("Trang {host}")),
            role,
            parent: None,
            source: None,
            tracker_ids: Vec::new(),
            remarks: vec!["found: home page".to_owned()],
            form: Form::Entry,
        }
    }

    fn proposals() -> Vec<Proposal> {
        let mut all = vec![proposal("tinh-a.vn", Role::Portal)];
        all.extend(["b.tinh-a.vn", "c.tinh-a.vn", "cu.tinh-a.vn"].map(|host| proposal(host, Role::Component)));
        all[1].tracker_ids = vec!["33".to_owned()];
        all[2].tracker_ids = vec!["34".to_owned(), "35".to_owned()];
        all[3].form = Form::Comment;
        let mut alias = proposal("x.tinh-a.vn", Role::Component);
        alias.form = Form::Remark;
        alias.remarks = vec!["alias of b: aliases: [https://x.tinh-a.vn/]".to_owned()];
        all.push(alias);
        all
    }

    fn sites(text: &str) -> Vec<super::super::Site> {
        read("sites.yml", text.as_bytes(), Path::new(""))
            .unwrap_or_else(|e| panic!("{e}\n{text}"))
            .estate
            .sites()
            .to_vec()
    }

    fn again(text: &str, all: &[Proposal]) -> Merged {
        merge(Some(("sites.yml", text.as_bytes())), &[], all).unwrap_or_else(|e| panic!("{e}\n{text}"))
    }

    #[test]
    fn a_new_file() {
        let merged = merge(None, &["proposed".to_owned()], &proposals()).unwrap();
        let wanted = r#"# proposed
apiVersion: rasoat/v1
sites:
  # found: home page
  - id: tinh-a
    name: "Trang tinh-a.vn"
    role: portal
    url: https://tinh-a.vn/
  # found: home page
  - id: b
    name: "Trang b.tinh-a.vn"
    role: component
    parent: tinh-a
    url: https://b.tinh-a.vn/
    emc_site_id: "33"
  # found: home page
  - id: c
    name: "Trang c.tinh-a.vn"
    role: component
    parent: tinh-a
    url: https://c.tinh-a.vn/
  # found: home page
  # - id: cu
  #   name: "Trang cu.tinh-a.vn"
  #   role: component
  #   parent: tinh-a
  #   url: https://cu.tinh-a.vn/
  # alias of b: aliases: [https://x.tinh-a.vn/]
"#;
        assert_eq!(merged.text, wanted);
        assert_eq!((merged.added.len(), merged.remarked.len()), (3, 2));
        assert_eq!(sites(&merged.text).len(), 3);
        let second = again(&merged.text, &proposals());
        assert_eq!((second.text, second.added), (merged.text, Vec::new()));
    }

    #[test]
    fn what_people_wrote_stays() {
        let written = "\u{feff}# của tôi\r\nsites:\r\n- {id: cong, role: portal, url: 'http://www.tinh-a.vn'} # x\r\n\
             - id: b2\r\n  role: component\r\n  parent: cong\r\n  url: https://so-b.vn/\r\n  aliases:\r\n\
             \x20   - https://b.tinh-a.vn:443/x\r\n  name: >-\r\n    Sở\r\n    B\r\n# https://c.tinh-a.vn/x: no\r\n\
             apiVersion: rasoat/v1\r\n# end";
        let merged = again(written, &proposals());
        let (before, after) = written.split_once("apiVersion").unwrap();
        assert!(merged.text.starts_with(before) && merged.text.ends_with(&format!("apiVersion{after}")));
        let added = &merged.text[before.len()..merged.text.len() - "apiVersion".len() - after.len()];
        let wanted = "# found: home page\r\n# - id: cu\r\n#   name: \"Trang cu.tinh-a.vn\"\r\n#   role: component\r\n\
             #   parent: cong\r\n#   url: https://cu.tinh-a.vn/\r\n# alias of b: aliases: [https://x.tinh-a.vn/]\r\n";
        assert_eq!(added, wanted);
        let mut more = proposals();
        more.push(proposal("b2.tinh-a.vn", Role::Component));
        let third = again(&merged.text, &more);
        assert!(third.text.contains("- id: b2-2\r\n"), "{}", third.text);
        assert_eq!(again(&third.text, &more).text, third.text);
        assert_eq!(sites(&third.text).len(), 3);
    }

    #[test]
    fn the_parent_is_what_the_file_calls_it() {
        let all = proposals();
        let parent = |text: &str| {
            let merged = again(text, &all[..2]);
            merged.text.lines().find_map(|l| l.trim().strip_prefix("parent: ")).map(str::to_owned)
        };
        let head = "apiVersion: rasoat/v1\nsites:\n  - id: x\n    role: ";
        assert_eq!(parent(&format!("{head}portal\n    url: https://tinh-a.vn/vi\n")).unwrap(), "x");
        assert_eq!(parent(&format!("{head}service\n    url: https://tinh-a.vn\n")).unwrap(), "https://tinh-a.vn/");
        assert_eq!(parent(&format!("{head}portal\n    url: https://khac.vn")).unwrap(), "tinh-a");
        let out = "\n  # https://tinh-a.vn/ is no longer ours\n";
        assert_eq!(parent(&format!("{head}portal\n    url: https://khac.vn{out}")).unwrap(), "https://tinh-a.vn/");
    }

    #[test]
    fn what_cannot_be_added_to_is_left_alone() {
        for text in [
            "apiVersion: rasoat/v1\nsites: [{id: a, role: portal, url: https://khac.vn}]\n",
            "apiVersion: rasoat/v1\nsites:\n  - {id: a, role: portal, url: https://khac.vn}\n...\n",
            "apiVersion: rasoat/v1\nsites:\n",
            "sites: {}",
            "",
        ] {
            assert!(merge(Some(("sites.yml", text.as_bytes())), &[], &proposals()).is_err(), "{text}");
        }
        let block = "apiVersion: rasoat/v1\nsites:\n  - id: a\n    role: portal\n    url: https://khac.vn\n    \
             name: |+\n      x\n\n";
        assert!(again(block, &proposals()).text.starts_with(block));
    }

    #[test]
    fn an_empty_list_is_begun() {
        for (text, wanted) in [
            ("apiVersion: rasoat/v1\nsites: []  # chưa có\n", "apiVersion: rasoat/v1\nsites:  # chưa có\n  # found"),
            ("sites:\n  [ ]\r\napiVersion: rasoat/v1", "sites:\r\n  # found"),
            ("apiVersion: rasoat/v1\nsites: []", "apiVersion: rasoat/v1\nsites:\n  # found"),
        ] {
            let merged = again(text, &proposals());
            assert!(merged.text.starts_with(wanted), "{}", merged.text);
            assert_eq!(sites(&merged.text).len(), 3);
            assert_eq!(again(text, &[]).text, text);
        }
    }

    #[test]
    fn ids_are_valid_and_nobody_elses() {
        let mut all = vec![proposal("tinh-a.vn", Role::Portal)];
        let hosts = ["1", "true", "NULL", "a.b", "sở", "tinh-a", &"x".repeat(60), "-", "0x1f", "2025-01-01"];
        all.extend(hosts.iter().enumerate().map(|(n, id)| {
            let mut one = proposal(&format!("h{n}.tinh-a.vn"), Role::Component);
            one.id = (*id).to_owned();
            one
        }));
        let merged = merge(None, &[], &all).unwrap();
        let ids: Vec<String> = sites(&merged.text).into_iter().map(|site| site.id).collect();
        let long = "x".repeat(60);
        assert_eq!(ids[1..], ["1", "true", "NULL", "a.b", "s-", "tinh-a-2", &long, "-", "0x1f", "2025-01-01"]);
    }

    #[test]
    fn limits() {
        let mut one = proposal("b.tinh-a.vn", Role::Component);
        (one.name, one.id) = (Some("\"".repeat(NAME + 1)), "x".repeat(ID + 1));
        one.remarks = vec!["r".repeat(REMARK + 1)];
        let all = [proposal("tinh-a.vn", Role::Portal), one];
        let merged = merge(None, &[], &all).unwrap();
        let read = &sites(&merged.text)[1];
        assert_eq!(read.id.len(), ID);
        assert_eq!(read.name.as_deref().unwrap(), "\"".repeat(NAME) + "…");
        assert!(merged.text.contains(&format!("# {}…\n", "r".repeat(REMARK))));
        // A line of an entry in a comment is never cut.
        let mut left_out = all.clone();
        left_out[1].form = Form::Comment;
        let text = merge(None, &[], &left_out).unwrap().text;
        assert!(text.contains(&format!("#   name: \"{}…\"\n", "\\\"".repeat(NAME))), "{text}");
    }

    #[test]
    fn addresses_are_found_wherever_they_stand() {
        let text = "url: https://a.vn/x?y # http://b.vn.\naliases: [https://c.vn, 'http://d.vn:8080/']\n\
             # (see https://e.vn) x-https://f.vn https://[::1]/ https://[::2] ://g.vn tiếnghttps://h.vn/";
        let text = format!("{text}\n# - name: \"https://i.vn\"\n  name: https://j.vn");
        let mut found: Vec<String> = addresses(&text).iter().map(Host::to_string).collect();
        found.sort();
        assert_eq!(found, ["[::1]", "[::2]", "a.vn", "b.vn", "c.vn", "d.vn:8080", "e.vn", "f.vn", "h.vn"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn a_title_is_a_title_and_nothing_else(
            title in prop::collection::vec(prop::sample::select(&[
                "a", "ố", " ", "\"", "'", "\\", "\n", "\r\n", "\u{85}", "\u{2028}", "\t", "#", " #", ": ", "- ", "&a",
                "*a", "!x", "%", "@", "`", "|", ">", "{", "}", "[", "]", ",", "?", "\0", "\u{1b}", "\u{feff}", "\u{202e}",
                "\u{fffe}", "\u{e000}", "\u{10ffff}", "\n  emc_site_id: \"1\"", "---", "...", "<<", "~", "\u{a0}", "\u{301}",
            ][..]), 0..30),
            more in any::<String>(),
        ) {
            let title = title.concat() + &more;
            let mut all = proposals();
            all[1].name = Some(title.clone());
            all[3].name = Some(title.clone());
            all[3].remarks = vec![title.clone()];
            all[4].remarks = vec![format!("{title} https://x.tinh-a.vn/")];
            let merged = merge(None, std::slice::from_ref(&title), &all).unwrap();
            let read = sites(&merged.text);
            let wanted = Some(safe(&title, NAME)).filter(|name| !name.trim().is_empty());
            assert_eq!(read.len(), 3);
            assert_eq!(&read[1].name, &wanted);
            assert_eq!(read[1].declared.as_ref().unwrap().keys.len(), 6 + usize::from(wanted.is_some()));
            let second = again(&merged.text, &all);
            assert_eq!(second.text, merged.text);
        }
    }
}
