//! Every page that the tests know, as the sites of one run: the rows of the tables, the fixture sites, the examples of
//! the project and of its criteria. Each gets hosts of its own, so that they can stand side by side in one file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rasoat::policy;
use rasoat::site::{self, Parent, Role, Site};
use serde_json::{Value, json};
use url::Url;

use crate::domain::cases::KEEP;

/// Tables that bring no pages, or judge what no bytes of a page tell.
const OTHER_TABLES: [&str; 4] = ["domain::lanes", "domain::transport", "domain::load_time", "domain::wcag"];

/// A site with its page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Entry {
    pub(crate) name: String,
    files: Vec<(String, Vec<u8>)>,
    role: Option<String>,
    url: Option<String>,
    aliases: Vec<String>,
    parent: Option<String>,
    components: Vec<String>,
    emc_site_id: Option<String>,
}

/// Every page, and how many rows say something that no line of a sites file can say.
pub(crate) fn all() -> (Vec<Entry>, usize) {
    let (mut entries, left_out) = rows();
    entries.extend(fixtures());
    entries.extend(examples());
    (entries, left_out)
}

/// The rows of all tables: this very program, told to leave its rows in a folder.
fn rows() -> (Vec<Entry>, usize) {
    let folder = tempfile::tempdir().unwrap();
    let mut tables = Command::new(std::env::current_exe().unwrap());
    let kept = tables.args(OTHER_TABLES.iter().flat_map(|t| ["--skip", t])).env(KEEP, folder.path()).output().unwrap();
    assert!(kept.status.success(), "{}", String::from_utf8_lossy(&kept.stdout));
    let mut folders: Vec<PathBuf> = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().path()).collect();
    folders.retain(|f| f.join("case.json").exists());
    let all = folders.len();
    let mut entries: Vec<Entry> = folders.iter().filter_map(|f| row(f)).collect();
    entries.sort_by(|a, b| (&a.name, &a.files).cmp(&(&b.name, &b.files)));
    let left_out = all - entries.len();
    (entries, left_out)
}

fn row(folder: &Path) -> Option<Entry> {
    let told: Value = serde_json::from_slice(&fs::read(folder.join("case.json")).unwrap()).unwrap();
    if told["target"] != "dist" {
        return None;
    }
    let mut entry = Entry { name: told["name"].as_str().unwrap().to_owned(), ..Entry::default() };
    let mut args = told["args"].as_array().unwrap().iter().map(|a| a.as_str().unwrap());
    while let Some(flag) = args.next() {
        let mut value = || args.next().map(str::to_owned);
        match flag {
            "--role" => entry.role = value(),
            "--url" => entry.url = value(),
            "--parent" => entry.parent = value(),
            "--emc-site-id" => entry.emc_site_id = value(),
            "--component" => entry.components.extend(value()),
            "--only" | "--fail-on" | "--browser" => _ = value(),
            "--strict" => {}
            _ => return None,
        }
    }
    let named = |url: &String| {
        let url = Url::parse(url).ok();
        url.is_some_and(|url| {
            url.username().is_empty() && url.domain().is_some_and(|host| host.contains('.') && !host.contains("xn--"))
        })
    };
    let told = entry.url.iter().chain(&entry.parent).chain(&entry.components);
    if entry.role.as_deref() == Some("service") || !told.clone().all(named) {
        return None;
    }
    entry.files = files(&folder.join("files/dist"));
    Some(entry)
}

/// Every file below a folder, in order.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut left = vec![folder.to_owned()];
    while let Some(next) = left.pop() {
        for path in fs::read_dir(next).into_iter().flatten().map(|e| e.unwrap().path()) {
            if path.is_dir() {
                left.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                found.push((name, fs::read(path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn fixtures() -> Vec<Entry> {
    let mut sites = vec![PathBuf::from("examples/sites.yml")];
    let kinds = fs::read_dir("tests/sites").unwrap().map(|e| e.unwrap().path());
    for kind in kinds {
        sites.push(kind.join("sites.yml"));
        sites.extend(fs::read_dir(kind).unwrap().map(|e| e.unwrap().path().join("sites.yml")));
    }
    sites.sort();
    let found = sites.iter().filter(|path| path.exists());
    found.flat_map(|path| of_file(path)).collect()
}

fn of_file(path: &Path) -> Vec<Entry> {
    let estate = site::load(path).unwrap().estate;
    let address = |site: &Site| site.url.as_ref().map(Url::to_string);
    let entry = |site: &Site| {
        let components = estate.children(&site.id).filter_map(address).collect();
        Some(Entry {
            name: format!("{}: {}", path.display(), site.id),
            files: files(site.source.as_deref()?),
            role: Some(if site.role == Some(Role::Component) { "component" } else { "portal" }.to_owned()),
            url: address(site),
            aliases: site.aliases.iter().map(Url::to_string).collect(),
            parent: match site.parent.as_ref() {
                Some(Parent::Declared(id)) => estate.site(id).and_then(address),
                Some(Parent::Elsewhere(url)) => Some(url.to_string()),
                None => None,
            },
            components,
            emc_site_id: site.emc_site_id.clone(),
        })
    };
    estate.sites().iter().filter_map(entry).collect()
}

/// The examples that the criteria bring along.
fn examples() -> Vec<Entry> {
    let loaded = policy::load("tt22-2023", &std::collections::BTreeMap::new()).unwrap();
    let snippet = loaded.policy.trackers.values().find_map(|t| t.snippet.clone()).unwrap();
    let mut entries = Vec::new();
    for examples in &loaded.examples {
        for placed in &examples.cases {
            let (case, set) = (&placed.example, placed.set);
            let id = case.emc_site_id.as_deref().or(case.recorded.as_deref()).unwrap_or("1");
            let fill = |text: &String| text.replace("${snippet}", &snippet).replace("${site_id}", id).into_bytes();
            let home = case.html.iter().map(|html| ("index.html".to_owned(), fill(html)));
            let others = case.files.iter().flatten().map(|(path, text)| (path.clone(), fill(text)));
            let mut files: Vec<_> = home.chain(others).collect();
            if files.is_empty() {
                continue;
            }
            if let Some(headers) = &case.headers {
                let lines: String = headers.iter().map(|(name, value)| format!("  {name}: {value}\n")).collect();
                files.push(("_headers".to_owned(), format!("/*\n{lines}").into_bytes()));
            }
            entries.push(Entry {
                name: format!("{} {set}: {}", examples.rule, case.name.clone().unwrap_or_default()),
                files,
                url: case.url.clone(),
                parent: case.parent.clone(),
                components: case.components.clone().unwrap_or_default(),
                emc_site_id: case.emc_site_id.clone(),
                ..Entry::default()
            });
        }
    }
    entries
}

/// A picture for every place of a page that names one which the page's files do not hold.
fn pictures(files: &mut Vec<(String, Vec<u8>)>) {
    let named = regex::Regex::new(r#"src\s*=\s*["']?/?([\w./-]+\.(?:png|jpg|gif))"#).unwrap();
    let pages: Vec<String> = files.iter().map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned()).collect();
    for name in pages.iter().flat_map(|page| named.captures_iter(page)).map(|found| found[1].to_owned()) {
        if !files.iter().any(|(known, _)| *known == name) {
            files.push((name, picture()));
        }
    }
}

/// Forty by forty grey points, as a bitmap; browsers look at the bytes.
fn picture() -> Vec<u8> {
    let number = |n: u32| n.to_le_bytes();
    let head = [number(54 + 4800), number(0), number(54), number(40), number(40), number(40), number(0x0018_0001)];
    let mut bytes = [b"BM".to_vec(), head.concat(), vec![0; 24]].concat();
    bytes.resize(54 + 4800, 0x80);
    bytes
}

/// Writes sites and their pages; the id of entry `n` is `sN`.
pub(crate) fn write(entries: &[Entry], folder: &Path) {
    let mut sites = Vec::new();
    for (n, entry) in entries.iter().enumerate() {
        let mut entry = entry.with_own_hosts(n);
        pictures(&mut entry.files);
        crate::support::write(&folder.join(format!("s{n}")), &entry.files);
        let url = entry.url.clone().unwrap_or_else(|| format!("https://s{n}.example.vn/"));
        let component = entry.parent.is_some() || entry.role.as_deref() == Some("component");
        let parent =
            component.then(|| entry.parent.clone().unwrap_or_else(|| format!("https://cong.s{n}.example.vn/")));
        let role = entry.role.clone().unwrap_or_else(|| if component { "component" } else { "portal" }.to_owned());
        let mut site = json!({
            "id": format!("s{n}"), "role": role, "url": url, "source": format!("s{n}"), "aliases": entry.aliases,
        });
        let more = [("parent", parent.as_ref()), ("emc_site_id", entry.emc_site_id.as_ref())];
        for (key, value) in more.into_iter().filter_map(|(key, value)| Some((key, value?))) {
            site[key] = json!(value);
        }
        sites.push(site);
        for (k, component) in entry.components.iter().enumerate() {
            let component = json!({
                "id": format!("s{n}-{k}"), "role": "component", "parent": format!("s{n}"), "url": component,
                "source": "component",
            });
            sites.push(component);
        }
    }
    fs::create_dir_all(folder.join("component")).unwrap();
    fs::write(folder.join("component/index.html"), "<!doctype html><title>Sở</title><p>Sở</p>").unwrap();
    let file = json!({ "apiVersion": "rasoat/v1", "sites": sites });
    fs::write(folder.join("sites.yml"), serde_json::to_string_pretty(&file).unwrap()).unwrap();
}

impl Entry {
    /// The same with hosts that no other entry has, in its files too.
    fn with_own_hosts(&self, n: usize) -> Self {
        let mut entry = self.clone();
        let told = entry.url.iter().chain(&entry.parent).chain(&entry.components).chain(&entry.aliases);
        let hosts =
            told.filter_map(|url| Some(Url::parse(url).ok()?.host_str()?.trim_start_matches("www.").to_owned()));
        let hosts: Vec<String> = hosts.collect();
        // A sub-domain changes with the domain it belongs to.
        let mut own: Vec<&String> =
            hosts.iter().filter(|h| !hosts.iter().any(|o| h.ends_with(&format!(".{o}")))).collect();
        own.sort();
        own.dedup();
        let renamed = |text: &str| own.iter().fold(text.to_owned(), |t, h| prefixed(&t, h, &format!("n{n}-")));
        for (_, bytes) in &mut entry.files {
            if let Ok(text) = std::str::from_utf8(bytes) {
                *bytes = renamed(text).into_bytes();
            }
        }
        for url in entry.url.iter_mut().chain(&mut entry.parent).chain(&mut entry.components).chain(&mut entry.aliases)
        {
            *url = renamed(url);
        }
        entry
    }
}

/// Puts a prefix before every mention of a host, in whatever letters it is written.
fn prefixed(text: &str, host: &str, prefix: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let (mut made, mut from) = (String::new(), 0);
    while let Some(at) = lower[from..].find(host) {
        made.push_str(&text[from..from + at]);
        made.push_str(prefix);
        made.push_str(&text[from + at..from + at + host.len()]);
        from += at + host.len();
    }
    made + &text[from..]
}
