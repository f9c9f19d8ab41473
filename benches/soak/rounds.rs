//! The commands of a soak by number: twenty kinds in turn, each with pages of its own. Knows what to type, not whether it
//! is right; every file lies in one folder, which is emptied after each round.

use std::path::Path;

use super::pages;
use super::world::FAULTS;

/// Where the servers are.
pub(super) struct Reach {
    pub(super) secure: String,
    pub(super) plain: String,
    /// Root certificate and names.
    pub(super) files: String,
}

/// Every format, three of them a round.
const FORMATS: [&str; 14] = [
    "human",
    "json",
    "junit",
    "junit-strict",
    "sarif",
    "gitlab",
    "gitlab-annotations",
    "github",
    "markdown",
    "html",
    "csv",
    "xlsx",
    "docx",
    "dotenv",
];

/// What is typed in the round of a number, one command after the other.
pub(super) fn commands(number: u64, browser: Option<&str>, reach: &Reach, folder: &Path) -> Vec<Vec<String>> {
    let at = |name: &str| folder.join(name).display().to_string();
    let network =
        format!("--cacert {0}/root.pem --resolve @{0}/hosts --timeout 1s --retries 0 --allow-private", reach.files);
    let formats: String = (0..3)
        .map(|k| (number * 3 + k) as usize % FORMATS.len())
        .map(|k| format!(" --report {0}={1}.{0}", FORMATS[k], at("report")))
        .collect();
    let never = format!("-q --browser never{formats} --report json={}", at("stored.json"));
    let described = "--role component --parent https://cha.test/";
    let fault = || {
        format!(
            "{}{}.soak.test{}",
            "https://",
            FAULTS[(number / 20 * 2 + number % 2) as usize % FAULTS.len()],
            port(&reach.secure)
        )
    };
    let texts: Vec<String> = match number % 20 {
        0..5 => {
            site(folder, number, 1 + number as usize % 4);
            vec![format!("check {} --url https://a.test/ {described} --pages all {never}", at("site"))]
        }
        5 | 6 => vec![format!("check {}{number}/ {described} {network} {never}", reach.plain)],
        7 | 8 => vec![format!("check {}{number}/ {described} {network} {never}", reach.secure)],
        9 | 10 => vec![format!("check {}/ {network} --max-size 8MiB {never}", fault())],
        11 => vec![format!("check {}{number}/ --pages all --max-pages 12 {described} {network} {never}", reach.secure)],
        12 => vec![format!("discover {} --output {} -q {network}", estate(reach), at("found.yml"))],
        13 => {
            let record = format!(
                "check {}{number}/ {described} {network} -q --browser never --record {}",
                reach.secure,
                at("kept")
            );
            vec![record, format!("check --replay {} {never}", at("kept"))]
        }
        14 => {
            std::fs::write(folder.join("sites.yml"), sites(reach)).unwrap();
            let shard = |k: u32| {
                format!(
                    "check --sites {} --shard {k}/2 {network} -q --browser never --report json={}",
                    at("sites.yml"),
                    at(&format!("{k}.json"))
                )
            };
            vec![shard(1), shard(2), format!("merge {} {} -q{formats}", at("1.json"), at("2.json"))]
        }
        15 => {
            site(folder, number, 2);
            let all: String =
                FORMATS.iter().map(|format| format!(" --report {format}={}.{format}", at("again"))).collect();
            let history = at("history");
            let check = format!("check {} --url https://a.test/ {described} {never} --history {history}", at("site"));
            vec![check.clone(), check, format!("report {} -q{all}", at("stored.json"))]
        }
        16 => {
            site(folder, number, 1);
            let check = format!("check {} --url https://a.test/ {described} {never}", at("site"));
            let baseline = at("known.yml");
            vec![
                check.clone(),
                format!("baseline write {} --baseline {baseline}", at("stored.json")),
                format!("{check} --baseline {baseline}"),
            ]
        }
        17 => vec![format!("check {}{number}/ -p transport-baseline {network} {never}", reach.secure)],
        // A broken file: refused, with nothing left behind.
        18 => {
            std::fs::write(folder.join("sites.yml"), pages::page(number)).unwrap();
            vec![format!("check --sites {} {network} {never}", at("sites.yml"))]
        }
        _ => match browser {
            Some(program) => {
                let shown = format!("-q --browser require --browser-path {program} --browser-wait 1s{formats}");
                vec![format!("check {}{number}/ --emc stand-in {described} {network} {shown}", reach.secure)]
            }
            None => {
                site(folder, number, 1);
                vec![format!("check {} --url https://a.test/ {described} {never}", at("site"))]
            }
        },
    };
    texts.iter().map(|text| text.split_whitespace().map(str::to_owned).collect()).collect()
}

/// How a round may end: what is measured fails or is open, what is broken is refused.
pub(super) fn may_end(number: u64, exit: u8) -> bool {
    match number % 20 {
        18 => exit == 2,
        _ => matches!(exit, 0 | 1 | 3 | 4),
    }
}

fn port(address: &str) -> &str {
    address
        .trim_end_matches('/')
        .rfind(':')
        .map_or("", |at| address.trim_end_matches('/').get(at..).unwrap_or_default())
}

fn estate(reach: &Reach) -> String {
    format!("https://tinh.soak.test{}/", port(&reach.secure))
}

fn sites(reach: &Reach) -> String {
    let component = |k: u32| {
        format!(
            "  - {{id: so-{k}, role: component, parent: tinh, url: \"https://so-{k}.tinh.soak.test{}/\"}}\n",
            port(&reach.secure)
        )
    };
    let components: String = (1..=4).map(component).collect();
    format!("apiVersion: rasoat/v1\nsites:\n  - {{id: tinh, role: portal, url: \"{}\"}}\n{components}", estate(reach))
}

/// A folder of built pages.
fn site(folder: &Path, number: u64, count: usize) {
    let site = folder.join("site");
    std::fs::create_dir(&site).unwrap();
    for k in 0..count {
        let name = if k == 0 { "index.html".to_owned() } else { format!("tin-{k}.html") };
        // Only one page of a folder is of the largest.
        let page = if k == 0 { number } else { (number * 7 + k as u64) % 95 };
        std::fs::write(site.join(name), pages::page(page)).unwrap();
    }
    std::fs::write(site.join("s.js"), pages::script(number)).unwrap();
    std::fs::write(site.join("s.css"), pages::sheet(number)).unwrap();
}
