//! From a sites file to an [`Estate`]: addresses parsed, parents found, every key's place remembered.
//! All faults of the file are returned together. The sites themselves are not visited or looked for.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use url::Url;

use super::file::{SiteFile, SitesFile, is_site_id};
use super::{Declared, Estate, Parent, Role, Site, declared_url, host_key};
use crate::policy::{Text, version};
use crate::yaml::{self, At, Document, Problem, Problems, quoted, suggestion};

/// A sites file that was read.
#[derive(Debug, Clone)]
pub struct LoadedSites {
    /// Its sites.
    pub estate: Estate,
    /// The file.
    pub document: Document,
}

/// Loads a sites file.
///
/// # Errors
/// Everything that is wrong with it, with places.
pub fn load(path: &Path) -> Result<LoadedSites, Problems> {
    let name = yaml::display(path);
    let bytes = yaml::read(path, &name, yaml::MOST_SITES).map_err(|problem| {
        let hint = Text::new(
            "Tạo tệp bằng `rasoat init`, hoặc chỉ ra bằng `--sites TỆP`.",
            "Create it with `rasoat init`, or name it with `--sites FILE`.",
        );
        if problem.code == "not-found" { problem.help(hint) } else { problem }
    })?;
    read(&name, &bytes, path.parent().unwrap_or(Path::new("")))
}

/// Reads the bytes of a sites file whose `source` entries are relative to `folder`.
///
/// # Errors
/// Everything that is wrong with it, with places.
pub fn read(name: &str, bytes: &[u8], folder: &Path) -> Result<LoadedSites, Problems> {
    let (file, document) = yaml::parse::<SitesFile>(name, bytes, yaml::MOST_SITES)?;
    let mut problems = Problems::default();
    version(&file.api_version, &document, &mut problems);
    if file.sites.is_empty() {
        let text = Text::new("danh sách `sites` trống", "the list `sites` is empty");
        problems.push(document.at("sites").problem("empty-list", text).help(Text::new(
            "Thêm ít nhất một mục có `id`, `role`, `url`; `rasoat discover TÊN_MIỀN` gợi ý danh sách.",
            "Add at least one entry with `id`, `role`, `url`; `rasoat discover DOMAIN` proposes a list.",
        )));
    }
    let list = document.at("sites");
    let names = Names::collect(&file.sites, &list, &mut problems);
    let mut sites = Vec::with_capacity(file.sites.len());
    for (n, entry) in file.sites.iter().enumerate() {
        let at = list.item(n);
        if let Some(site) = names.site(entry, &at, folder, &mut problems) {
            sites.push(site);
        }
    }
    if problems.0.is_empty() {
        circles(&file.sites, &names, &list, &mut problems);
        same_address(&sites, &list, &mut problems);
    }
    problems.or(LoadedSites { estate: Estate::new(sites), document })
}

/// Who has which id.
struct Names<'a> {
    by_id: HashMap<&'a str, (usize, Role)>,
    portals: Vec<&'a str>,
}

impl<'a> Names<'a> {
    fn collect(entries: &'a [SiteFile], list: &At, problems: &mut Problems) -> Self {
        let mut by_id: HashMap<&str, (usize, Role)> = HashMap::with_capacity(entries.len());
        let mut portals = Vec::new();
        for (n, entry) in entries.iter().enumerate() {
            let at = list.item(n).key("id");
            let name = quoted(&entry.id);
            if !is_site_id(&entry.id) {
                let text = Text::new(format!("mã {name} viết sai"), format!("{name} is not an id"));
                problems.push(at.problem("bad-id", text).help(Text::new(
                    "Chỉ dùng chữ không dấu, số và `.` `_` `-`, nhiều nhất 100 ký tự.",
                    "Use letters without marks, digits and `.` `_` `-`, at most 100 characters.",
                )));
            }
            if let Some((first, _)) = by_id.get(entry.id.as_str()) {
                let text = Text::new(format!("mã {name} dùng hai lần"), format!("the id {name} is used twice"));
                let first = list.item(*first).key("id");
                problems.push(at.problem("duplicate-id", text).label(&first, Text::new("lần đầu", "the first time")));
                continue;
            }
            by_id.insert(&entry.id, (n, entry.role));
            if entry.role == Role::Portal {
                portals.push(entry.id.as_str());
            }
        }
        Self { by_id, portals }
    }

    /// One entry as a site, when its addresses can be read.
    fn site(&self, entry: &SiteFile, at: &At, folder: &Path, problems: &mut Problems) -> Option<Site> {
        let url = address(&entry.url, &at.key("url"), problems);
        let list = at.key("aliases");
        let aliases: Vec<Url> =
            entry.aliases.iter().enumerate().filter_map(|(n, text)| address(text, &list.item(n), problems)).collect();
        let parent = self.parent(entry, at, problems);
        for (key, text) in [("source", &entry.source), ("emc_site_id", &entry.emc_site_id)] {
            if text.as_ref().is_some_and(|text| text.trim().is_empty()) {
                let text = Text::new(format!("`{key}` trống"), format!("`{key}` is empty"));
                problems.push(
                    at.key(key)
                        .problem("empty", text)
                        .help(Text::new("Ghi giá trị, hoặc bỏ dòng này.", "Write a value, or drop the line.")),
                );
            }
        }
        let source = entry.source.as_ref().map(|source| folder.join(source));
        Some(Site {
            id: entry.id.clone(),
            name: entry.name.clone(),
            role: Some(entry.role),
            url: Some(url?),
            source_name: source.as_deref().map(yaml::display),
            source,
            aliases,
            emc_site_id: entry.emc_site_id.clone(),
            unit: entry.unit.clone(),
            parent,
            retired_on: entry.retired_on,
            retired: false,
            components: Vec::new(),
            declared: Some(declared(at)),
        })
    }

    fn parent(&self, entry: &SiteFile, at: &At, problems: &mut Problems) -> Option<Parent> {
        let Some(parent) = &entry.parent else {
            if entry.role == Role::Component {
                problems.push(no_parent(&entry.id, at, &self.portals));
            }
            return None;
        };
        let here = at.key("parent");
        if parent.contains("://") {
            return address(parent, &here, problems).map(Parent::Elsewhere);
        }
        let name = quoted(parent);
        match self.by_id.get(parent.as_str()) {
            Some((_, Role::Portal)) => Some(Parent::Declared(parent.clone())),
            Some((n, _)) => {
                let text = Text::new(format!("{name} không phải là cổng"), format!("{name} is not a portal"));
                let role = at.document.at(format!("sites[{n}].role"));
                problems.push(
                    here.problem("parent-not-portal", text).label(&role, Text::new("vai trò của nó", "its role")).help(
                        Text::new(
                            "`parent` là mã của một cổng (`role: portal`).",
                            "`parent` is the id of a portal (`role: portal`).",
                        ),
                    ),
                );
                None
            }
            None => {
                let text =
                    Text::new(format!("không có trang nào mang mã {name}"), format!("no site has the id {name}"));
                problems.push(
                    here.problem("unknown-parent", text).help(suggestion(parent, self.portals.iter().copied())).help(
                        Text::new(
                            "Nếu cổng không nằm trong tệp này, ghi địa chỉ đầy đủ `https://…`.",
                            "If the portal is not in this file, write its full address `https://…`.",
                        ),
                    ),
                );
                None
            }
        }
    }
}

fn no_parent(id: &str, at: &At, portals: &[&str]) -> Problem {
    let name = quoted(id);
    let text = Text::new(
        format!("trang thành phần {name} chưa ghi cổng mà nó trực thuộc (`parent`)"),
        format!("the component {name} does not say to which portal it belongs (`parent`)"),
    );
    at.key("role").problem("no-parent", text).help(
        suggestion("", portals.iter().copied())
            .or_else(|| Some(Text::new("Ghi mã của cổng hoặc địa chỉ của cổng.", "Give the portal's id or address."))),
    )
}

fn address(text: &str, at: &At, problems: &mut Problems) -> Option<Url> {
    match declared_url(text) {
        Ok(url) => Some(url),
        Err(why) => {
            let name = quoted(&crate::finding::without_credentials(text));
            let text = Text::new(
                format!("{name} không phải địa chỉ web: {}", why.vi),
                format!("{name} is not a web address: {}", why.en),
            );
            problems.push(at.problem("bad-url", text));
            None
        }
    }
}

/// Places of the entry and its keys.
fn declared(at: &At) -> Declared {
    let names = ["id", "name", "role", "parent", "url", "source", "aliases", "emc_site_id", "unit", "retired_on"];
    let place = |key: &str, path: &str| Some((key.to_owned(), at.document.region(path)?));
    let mut keys: BTreeMap<_, _> = names.iter().filter_map(|key| place(key, &at.key(key).path)).collect();
    keys.extend(place("", &at.path));
    Declared { path: at.document.name().to_owned(), keys }
}

/// Portals that are their own grandparents.
fn circles(entries: &[SiteFile], names: &Names<'_>, list: &At, problems: &mut Problems) {
    let parent = |n: usize| {
        let parent = entries[n].parent.as_deref()?;
        names.by_id.get(parent).map(|(n, _)| *n)
    };
    // Each entry is walked once: 0 not yet, 1 on the way, 2 done.
    let mut state = vec![0u8; entries.len()];
    for start in 0..entries.len() {
        let (mut way, mut next) = (Vec::new(), Some(start));
        while let Some(n) = next.filter(|n| state[*n] == 0) {
            state[n] = 1;
            way.push(n);
            next = parent(n);
        }
        if let Some(back) = next.filter(|n| state[*n] == 1) {
            let from = way.iter().position(|n| *n == back).unwrap_or(0);
            let mut chain: Vec<String> = way[from..].iter().map(|n| quoted(&entries[*n].id)).collect();
            chain.push(quoted(&entries[back].id));
            let chain = chain.join(" → ");
            let text =
                Text::new(format!("`parent` đi vòng tròn: {chain}"), format!("`parent` goes in a circle: {chain}"));
            let mut problem = Problem::new("parent-cycle", text);
            for n in way[from..].iter().take(8) {
                problem = problem.label(&list.item(*n).key("parent"), Text::default());
            }
            problems.push(problem);
        }
        for n in way {
            state[n] = 2;
        }
    }
}

/// Two entries for one address: nobody could say whose findings they are.
fn same_address(sites: &[Site], list: &At, problems: &mut Problems) {
    let mut seen: HashMap<(String, Option<u16>, String), usize> = HashMap::with_capacity(sites.len());
    for (n, site) in sites.iter().enumerate() {
        let Some(url) = &site.url else { continue };
        let Some(host) = host_key(url) else { continue };
        let port = url.port().filter(|p| !matches!(p, 80 | 443));
        let path = format!("{}?{}", url.path().trim_end_matches('/'), url.query().unwrap_or_default());
        if let Some(first) = seen.insert((host, port, path), n) {
            let text = Text::new(
                format!("{} và {} có cùng địa chỉ", quoted(&sites[first].id), quoted(&site.id)),
                format!("{} and {} have the same address", quoted(&sites[first].id), quoted(&site.id)),
            );
            let first = list.item(first).key("url");
            problems.push(
                list.item(n)
                    .key("url")
                    .problem("duplicate-url", text)
                    .label(&first, Text::new("mục kia", "the other entry"))
                    .help(Text::new(
                        "Giữ một mục; địa chỉ phụ ghi vào `aliases`.",
                        "Keep one entry; further addresses go to `aliases`.",
                    )),
            );
        }
    }
}
