//! `rasoat init`: one look at a home page becomes a configuration, a sites file and a CI file, for people to correct.
//! Writes all of them or none; nothing that was not seen is made up.

mod ci;
mod guess;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use url::Url;

use super::language::{ColorFlag, LangFlag};
use super::network::Network;
use super::targets::Target;
use super::{check, discover};
use crate::acquire::folder::slashes;
use crate::acquire::page;
use crate::error::{Error, ExitCode};
use crate::finding::{is_unseen, safe};
use crate::lang::Lang;
use crate::policy::{self, LoadedPolicy, Text};
use crate::report::words;
use crate::site::{self, Site};
use crate::snapshot::{Gap, Page};
use crate::{deliver, gather};
use ci::{Ci, CiFlag};
use guess::Guess;

/// Folders that generators build into, the usual ones first.
const BUILT: [&str; 6] = ["dist", "build", "public", "_site", "out", "."];

#[derive(Debug, Clone, Args)]
pub(super) struct Init {
    /// Trang để xem một lần: URL hoặc thư mục HTML đã build – the site to look at once: a URL or a folder of built
    /// HTML [default: dist, build, public, _site, out or . when it holds an index.html]
    #[arg(long, value_name = "URL|DIR")]
    from: Option<String>,
    /// Địa chỉ mà thư mục sẽ có – the address a folder will have
    #[arg(long, value_name = "URL", value_parser = super::flags::web)]
    url: Option<Url>,
    /// Tệp CI cần viết – which CI file to write [default: what the repository shows]
    #[arg(long, value_enum)]
    ci: Option<CiFlag>,
    /// Ghi đè tệp đã có – overwrite files that exist
    #[arg(long)]
    force: bool,
    /// Ngôn ngữ – language
    #[arg(long, value_enum)]
    pub(super) lang: Option<LangFlag>,

    #[command(flatten)]
    network: Network,
}

/// What is looked at.
enum From {
    Web(Url),
    Folder(PathBuf),
}

/// One file to write.
type Written = (PathBuf, String);

pub(super) fn run(flags: &Init, lang: Lang) -> Result<ExitCode, Error> {
    let from = from(flags)?;
    let ci = ci::of(flags.ci);
    let names = [Some(PathBuf::from("rasoat.yml")), Some(PathBuf::from("sites.yml")), ci.file()];
    if !flags.force {
        none_exists(names.iter().flatten())?;
    }
    let policy = policy(lang)?;
    let site = site(flags, &from)?;
    let needs = Arc::new(discover::needs(&policy));
    let page = match gather::home_page(&flags.network.options()?, &needs, &site)? {
        Ok(page) => page,
        Err(gap) => {
            say(lang.pick(&unread(&from, gap)));
            return Ok(ExitCode::Inconclusive);
        }
    };
    let guess = Guess::of(&page, address(flags, &from, &page)?, discover::ids(policy)(&site, &page));
    let sites = site::merge(None, &header(lang), &[guess.proposal(site.source_name.as_deref(), lang)])
        .map_err(|problems| Error::Internal(problems.to_string()))?;
    let mut files: Vec<Written> = vec![
        (PathBuf::from("rasoat.yml"), configuration(site.source.is_some())),
        (PathBuf::from("sites.yml"), sites.text),
    ];
    files.extend(ci.file().map(|file| (file, ci.text(site.source_name.as_deref()))));
    write(&files)?;
    let mut out = std::io::stdout();
    // Whoever closed it does not want to know.
    let _ = out.write_all(told(&files, &guess, &ci, lang).as_bytes());
    Ok(ExitCode::Passed)
}

/// What was named, else the first of the usual folders with a home page.
fn from(flags: &Init) -> Result<From, Error> {
    let Some(named) = &flags.from else {
        let built = BUILT.iter().map(Path::new).find(|folder| folder.join("index.html").is_file());
        return built.map(|folder| From::Folder(folder.to_owned())).ok_or_else(|| {
            Error::usage(Text::new(
                "chưa biết xem trang nào: hãy thêm --from URL, hoặc --from THƯ_MỤC chứa HTML đã build.",
                "which site? Add --from URL, or --from DIR with a folder of built HTML.",
            ))
        });
    };
    match Target::parse(named, &|_| false)? {
        Target::Web(_) if flags.url.is_some() => Err(Error::usage(Text::new(
            "--url là địa chỉ mà một thư mục sẽ có, không dùng cùng --from URL.",
            "--url is the address a folder will have and does not go with --from URL.",
        ))),
        Target::Web(url) => Ok(From::Web(plain(url))),
        Target::Files(path) if path.is_dir() => Ok(From::Folder(path)),
        Target::Files(path) => {
            let path = safe(&path.to_string_lossy(), 300);
            Err(Error::usage(Text::new(
                format!("--from {path}: cần một thư mục hoặc URL, không phải một tệp."),
                format!("--from {path}: a folder or URL is wanted, not a file."),
            )))
        }
    }
}

/// An address without what is neither sent nor written down.
fn plain(mut url: Url) -> Url {
    // Fails only for addresses that cannot hold either.
    let _ = (url.set_username(""), url.set_password(None));
    url.set_fragment(None);
    url
}

/// What is looked at as a site; a folder's name is its path from here, as the sites file will say it.
fn site(flags: &Init, from: &From) -> Result<Site, Error> {
    match from {
        From::Web(url) => Ok(Site::at("site".to_owned(), url.clone())),
        From::Folder(path) => {
            let here = std::env::current_dir().ok().and_then(|here| path.strip_prefix(here).ok());
            let name = match slashes(here.unwrap_or(path)) {
                name if name.is_empty() => ".".to_owned(),
                name => name,
            };
            if name.chars().any(is_unseen) {
                let name = safe(&name, 300);
                return Err(Error::usage(Text::new(
                    format!("--from: tên thư mục có ký tự không hiển thị được: {name}"),
                    format!("--from: the folder's name holds characters that cannot be shown: {name}"),
                )));
            }
            Ok(Site {
                url: flags.url.clone().map(plain),
                source: Some(path.clone()),
                source_name: Some(name),
                ..Site::named("site".to_owned())
            })
        }
    }
}

/// The address to write down, and whether the page's own word is all there is for it.
fn address(flags: &Init, from: &From, page: &Page) -> Result<(Url, bool), Error> {
    if let From::Web(asked) = from {
        // What answered counts, but not the page that the home page may lead to.
        let mut url = page.address.clone();
        url.set_path(asked.path());
        url.set_query(asked.query());
        return Ok((url, false));
    }
    if let Some(url) = &flags.url {
        return Ok((plain(url.clone()), false));
    }
    // A name without a dot or in numbers is a developer's machine.
    let is_public = |url: &Url| url.domain().is_some_and(|name| name.trim_end_matches('.').contains('.'));
    page::own_address(page).filter(is_public).map(|url| (url, true)).ok_or_else(|| {
        Error::usage(Text::new(
            "trang chủ không cho biết địa chỉ của mình (link rel=canonical); hãy thêm --url https://… là địa chỉ mà thư mục sẽ có.",
            "the home page does not say its address (link rel=canonical); add --url https://…, the address the folder will have.",
        ))
    })
}

fn policy(lang: Lang) -> Result<LoadedPolicy, Error> {
    let color = super::language::colours(ColorFlag::Auto, &std::io::stderr());
    policy::load(&check::default_policy(), &BTreeMap::new()).map_err(|p| Error::Input(p.render(lang, color)))
}

fn configuration(is_folder: bool) -> String {
    let mut text = include_str!("../../templates/init/rasoat.yml").replace("${policy}", &check::default_policy());
    if is_folder {
        text.push_str(include_str!("../../templates/init/folder.yml"));
    }
    text
}

fn header(lang: Lang) -> [String; 2] {
    lang.of(
        [
            "Danh sách trang, do `rasoat init` viết từ những gì thấy trên trang chủ.".to_owned(),
            "Hãy sửa những gì đoán sai; thêm trang thành phần bằng `rasoat discover`.".to_owned(),
        ],
        [
            "The sites, written by `rasoat init` from what the home page shows.".to_owned(),
            "Correct what was guessed wrongly; `rasoat discover` adds component sites.".to_owned(),
        ],
    )
}

/// Refuses to touch anything when one of the files is there.
fn none_exists<'a>(files: impl Iterator<Item = &'a PathBuf>) -> Result<(), Error> {
    let there: Vec<String> = files.filter(|f| f.symlink_metadata().is_ok()).map(|f| slashes(f)).collect();
    if there.is_empty() {
        return Ok(());
    }
    let there = there.join(", ");
    Err(Error::usage(Text::new(
        format!("đã có {there}; chưa ghi gì. Thêm --force để ghi đè."),
        format!("{there} already there; nothing was written. Add --force to overwrite."),
    )))
}

/// Writes all files; before the first is written, every one is known to be writable.
fn write(files: &[Written]) -> Result<(), Error> {
    for (path, _) in files {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|cause| Error::Write { path: slashes(folder), cause })?;
        }
        deliver::probe(path)?;
    }
    files.iter().try_for_each(|(path, text)| deliver::write(path, text.as_bytes()))
}

fn unread(from: &From, gap: Gap) -> Text {
    let from = match from {
        From::Web(url) => site::shown(url),
        From::Folder(path) => slashes(path),
    };
    let (from, name, cause, remedy) = (safe(&from, 300), gap.name(), words::cause(gap), words::remedy(gap));
    Text::new(
        format!("không xem được {from} [{name}]: {} {}\nChưa ghi gì.", cause.vi, remedy.vi),
        format!("cannot look at {from} [{name}]: {} {}\nNothing was written.", cause.en, remedy.en),
    )
}

/// What was written, what was guessed, and what to do next.
fn told(files: &[Written], guess: &Guess, ci: &Ci, lang: Lang) -> String {
    let mut lines = vec![lang.of("Đã viết:", "Written:").to_owned()];
    lines.extend(files.iter().map(|(path, _)| format!("  {}", slashes(path))));
    lines.push(String::new());
    lines.push(lang.of("Thấy trên trang chủ:", "Seen on the home page:").to_owned());
    lines.extend(guess.told(lang).into_iter().map(|line| format!("  {line}")));
    lines.push(String::new());
    lines.extend(ci.advice().map(|advice| format!("{}\n", lang.pick(&advice))));
    lines.push(lang.of("Lệnh tiếp theo:", "Next:").to_owned());
    lines.push("  rasoat check".to_owned());
    lines.join("\n") + "\n"
}

fn say(text: &str) {
    // Nobody is left to tell when it is closed.
    let _ = writeln!(std::io::stderr(), "{text}");
}
