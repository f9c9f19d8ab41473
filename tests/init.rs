//! `rasoat init` as its user meets it: what it writes from a folder, that it runs at once, what it refuses. Addresses
//! are tried in `e2e`.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "support/mod.rs"]
mod support;

use std::fs;
use std::path::Path;

use rasoat::site::{Parent, Role, Site};
use rasoat::{config, site};
use support::{rasoat, write};
use tempfile::TempDir;

const HEAD: &str = "<!doctype html>\n<html lang=\"vi\"><head><meta charset=utf-8><title>";
const SNIPPET: &str = "<script>var _govaq=window._govaq||[];_govaq.push(['trackPageView']);(function(){_govaq.push(['setTrackerUrl',\
'https://f-emc.ngsp.gov.vn/tracking']);_govaq.push(['setSiteId','205']);var d=document,g=d.createElement('script'),\
s=d.getElementsByTagName('script')[0];g.async=true;g.src='https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js';\
s.parentNode.insertBefore(g,s)})()</script>";

/// Names and texts.
type Files<'a> = &'a [(&'a str, &'a str)];

struct Ended {
    code: Option<i32>,
    out: String,
    err: String,
}

fn run(folder: &Path, args: &[&str]) -> Ended {
    let output = rasoat(folder).args(args).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ended { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// A folder with files, and `dist/index.html` with that title, head and body.
fn folder(title: &str, head: &str, body: &str, more: &[(&str, &str)]) -> TempDir {
    let kept = TempDir::new().unwrap();
    let page = format!("{HEAD}{title}</title>{head}</head>\n<body><h1>Trang</h1>\n{body}</body></html>\n");
    let mut files = vec![("dist/index.html".to_owned(), page.into_bytes())];
    files.extend(more.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())));
    write(kept.path(), &files);
    kept
}

/// The only site of the sites file that was written.
fn written(folder: &Path) -> Site {
    let loaded = site::load(&folder.join("sites.yml")).unwrap_or_else(|p| panic!("{p}"));
    config::load(&folder.join("rasoat.yml")).unwrap_or_else(|p| panic!("{p}"));
    let mut sites = loaded.estate.into_sites();
    assert_eq!(sites.len(), 1);
    sites.remove(0)
}

fn text(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn a_good_site_is_checked_at_once() {
    let label = format!("<footer>Đã kết nối EMC</footer>{SNIPPET}");
    let kept = folder(
        "Cổng  thông tin\n tỉnh A",
        "",
        &label,
        &[(".git/config", "[remote \"origin\"]\n\turl = git@github.com:a/b.git\n")],
    );
    let here = kept.path();
    let ended = run(here, &["init", "--url", "https://www.tinh-a.gov.vn/", "--lang", "en"]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert_eq!(
        ended.out,
        "Written:\n  rasoat.yml\n  sites.yml\n  .github/workflows/rasoat.yml\n\n\
         Seen on the home page:\n  name         Cổng thông tin tỉnh A\n  url          https://www.tinh-a.gov.vn/\n  \
         role         portal (guessed, please confirm)\n  emc_site_id  205\n\n\
         In .github/workflows/rasoat.yml, put the OWNER and commit of your copy of the rasoat repository.\n\nNext:\n  rasoat check\n"
    );
    let site = written(here);
    assert_eq!((site.id.as_str(), site.role, site.parent), ("tinh-a", Some(Role::Portal), None));
    assert_eq!((site.emc_site_id.as_deref(), site.source), (Some("205"), Some(here.join("dist"))));
    assert_eq!(site.name.as_deref(), Some("Cổng thông tin tỉnh A"));
    let sites = text(here, "sites.yml");
    assert!(sites.contains("\n    source: dist\n"), "{sites}");
    assert!(
        sites.contains(
            "  # role: guessed to be a portal, as the home page links to no site above its domain, please confirm"
        ),
        "{sites}"
    );
    assert!(
        text(here, "rasoat.yml").contains("\nbrowser: require\n")
            && text(here, "rasoat.yml").contains("\npages: all\n")
    );
    // Without a browser the gate does not pretend; without asking for one it is green.
    assert_eq!(run(here, &["check", "-q"]).code, Some(0), "the label is the page's own");
    assert_eq!(run(here, &["check", "-q", "--browser", "never"]).code, Some(0));
    let workflow = text(here, ".github/workflows/rasoat.yml");
    assert!(
        workflow.contains("\n      # Build dist ở đây")
            && workflow.ends_with("      - uses: OWNER/rasoat@0000000000000000000000000000000000000000\n"),
        "{workflow}"
    );
}

#[test]
fn a_component_site_names_the_portal_it_links_to() {
    let links = "<a href=//khac.gov.vn/>x</a><a href='https://u:p@www.tinh-a.gov.vn/x?y#z'>Cổng</a><a href=https://gov.vn/>y</a>";
    let kept = folder("Sở Y tế", "<link rel=canonical href=https://soyt.tinh-a.gov.vn/?x=1>", links, &[]);
    let ended = run(kept.path(), &["init", "--from", "dist/", "--lang", "vi"]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let site = written(kept.path());
    let parent = Parent::Elsewhere("https://www.tinh-a.gov.vn/".parse().unwrap());
    assert_eq!((site.id.as_str(), site.role, site.parent), ("soyt", Some(Role::Component), Some(parent)));
    assert_eq!(site.url.unwrap().as_str(), "https://soyt.tinh-a.gov.vn/");
    assert_eq!(site.emc_site_id, None, "what was not seen is not made up");
    let sites = text(kept.path(), "sites.yml");
    for said in [
        "# url: đoán từ địa chỉ trang tự ghi (link rel=canonical), hãy xác nhận\n",
        "# role, parent: đoán từ liên kết đến https://www.tinh-a.gov.vn/ ở dòng 4 của trang chủ, hãy xác nhận\n",
        "# emc_site_id: chưa thấy mã số trong mã giám sát trên trang chủ\n",
    ] {
        assert!(sites.contains(said), "{said}\n{sites}");
    }
    assert!(ended.out.contains("--ci github hoặc --ci gitlab"), "{}", ended.out);
    let checked = run(kept.path(), &["check", "--browser", "never", "--lang", "en"]);
    assert_eq!(checked.code, Some(1), "the snippet is missing: {}", checked.out);
}

#[test]
fn a_hostile_page_writes_only_its_name() {
    let title = "\"\n  emc_site_id: '9'\n# \u{1b}[31m\u{202e}&#10;- id: la: {a, [b}: %$(x) ${policy} \\";
    let long = format!("{title}{}", "dài ".repeat(2_000));
    let body =
        "<a href='https://tinh-a.gov.vn\n/'>x</a><script>_govaq=[['setSiteId','1\"\\n  role: service']]</script>";
    let kept = folder(&long, "", body, &[]);
    let ended = run(kept.path(), &["init", "--url", "https://so.tinh-a.gov.vn/", "--ci", "none"]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let site = written(kept.path());
    assert_eq!((site.id.as_str(), site.role), ("so", Some(Role::Component)));
    let name = site.name.unwrap();
    assert!(name.starts_with("\" emc_site_id: '9' # ") && name.chars().count() <= 201, "{name}");
    for text in [text(kept.path(), "sites.yml"), text(kept.path(), "rasoat.yml"), ended.out] {
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
    }
    assert_eq!(text(kept.path(), "sites.yml").matches("  - id:").count(), 1);
}

#[test]
fn nothing_is_written_when_one_file_is_there() {
    for there in ["rasoat.yml", "sites.yml", ".github/workflows/rasoat.yml"] {
        let kept = folder("A", "", "", &[(there, "mine\n")]);
        let args = ["init", "--url", "https://tinh-a.gov.vn/", "--ci", "github", "--lang", "en"];
        let ended = run(kept.path(), &args);
        assert_eq!(ended.code, Some(2), "{there}: {}", ended.out);
        assert!(
            ended.err.contains(&format!("{there} already there; nothing was written. Add --force")),
            "{}",
            ended.err
        );
        for name in ["rasoat.yml", "sites.yml", ".github/workflows/rasoat.yml"] {
            let now = fs::read_to_string(kept.path().join(name)).ok();
            assert_eq!(now.as_deref(), (name == there).then_some("mine\n"), "{name}");
        }
        let forced = run(kept.path(), &[&args[..], &["--force"]].concat());
        assert_eq!(forced.code, Some(0), "{}", forced.err);
        assert!(text(kept.path(), there) != "mine\n" && kept.path().join("sites.yml").exists());
    }
}

#[test]
fn a_site_that_cannot_be_read_writes_nothing() {
    for (name, page, gap) in [
        ("index.html", "", "empty"),
        ("tin.html", "<p>x</p>", "not-html"),
        ("index.html", "<p>a</p>", "not-html"),
        ("a.txt", "", "empty"),
    ] {
        let kept = TempDir::new().unwrap();
        write(kept.path(), &[(format!("build/{name}"), page.into())]);
        let ended = run(kept.path(), &["init", "--from", "build", "--url", "https://tinh-a.gov.vn/", "--lang", "en"]);
        assert_eq!(ended.code, Some(3), "{name}: {}{}", ended.out, ended.err);
        assert!(
            ended.err.starts_with(&format!("cannot look at build [{gap}]: "))
                && ended.err.ends_with("Nothing was written.\n"),
            "{}",
            ended.err
        );
        assert_eq!(fs::read_dir(kept.path()).unwrap().count(), 1);
    }
}

#[test]
fn what_is_asked_for_must_make_sense() {
    let kept = folder("A", "<link rel=canonical href=http://localhost:3000/>", "", &[("x/y.html", "x"), ("x/z/", "")]);
    let here = kept.path();
    for (args, said) in [
        (&["init"][..], "does not say its address (link rel=canonical); add --url https://"),
        (&["init", "--from", "x/y.html"], "a folder or URL is wanted, not a file"),
        (&["init", "--from", "nowhere"], "there is no folder or file"),
        (&["init", "--from", "tinh-a.gov.vn"], "https://tinh-a.gov.vn/ ?"),
        (
            &["init", "--from", "https://tinh-a.gov.vn/", "--url", "https://tinh-a.gov.vn/"],
            "does not go with --from URL",
        ),
        (&["init", "--url", "tinh-a"], "https://"),
        (&["init", "--ci", "jenkins"], "possible values: github, gitlab, none"),
    ] {
        let ended = run(here, args);
        assert_eq!(ended.code, Some(2), "{args:?}: {}", ended.out);
        assert!(ended.err.contains(said), "{args:?}: {}", ended.err);
        assert!(!here.join("sites.yml").exists());
    }
    let ended = run(&here.join("x/z"), &["init"]);
    assert!(ended.code == Some(2) && ended.err.contains("which site? Add --from URL"), "{}", ended.err);
}

#[test]
fn a_password_in_an_address_is_not_written_down() {
    let kept = folder("A", "", "", &[]);
    let ended = run(kept.path(), &["init", "--url", "https://me:s3cret@tinh-a.gov.vn/#top"]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert_eq!(written(kept.path()).url.unwrap().as_str(), "https://tinh-a.gov.vn/");
    assert!(!text(kept.path(), "sites.yml").contains("s3cret") && !ended.out.contains("s3cret"), "{}", ended.out);
}

#[test]
fn the_repository_shows_its_ci() {
    let init = ["init", "--url", "https://tinh-a.gov.vn/", "--lang", "en"];
    let gitlab = "[remote \"origin\"]\n\turl = https://gitlab.com/a/b.git\n";
    let cases: [(Files<'_>, &str, &str); 6] = [
        (&[(".git/config", gitlab)], ".gitlab-ci.yml", "replace GROUP"),
        (
            &[(".git/config", gitlab), (".gitlab-ci.yml", "stages: [test]\n")],
            "rasoat.gitlab-ci.yml",
            "include: [{local: rasoat.gitlab-ci.yml}]",
        ),
        (&[(".gitlab-ci.yml", "stages: [test]\n")], "rasoat.gitlab-ci.yml", "Add to your .gitlab-ci.yml"),
        (&[(".github/dependabot.yml", "x")], ".github/workflows/rasoat.yml", "Next:"),
        (&[(".github/x", "x"), (".gitlab-ci.yml", "x")], "", "--ci github or --ci gitlab"),
        (&[(".git/config", "[core]\n")], "", "--ci github or --ci gitlab"),
    ];
    for (files, wanted, said) in cases {
        let kept = folder("A", "", "", files);
        let ended = run(kept.path(), &init);
        assert_eq!(ended.code, Some(0), "{}", ended.err);
        assert!(ended.out.contains(said), "{files:?}: {}", ended.out);
        for name in [".gitlab-ci.yml", "rasoat.gitlab-ci.yml", ".github/workflows/rasoat.yml"] {
            let mine = files.iter().find(|(file, _)| *file == name);
            let now = fs::read_to_string(kept.path().join(name)).ok();
            assert_eq!(now.is_some(), name == wanted || mine.is_some(), "{files:?}: {name}");
            assert!(mine.is_none_or(|(_, text)| now.as_deref() == Some(*text)), "people's own file is left alone");
        }
    }
    // In a worktree `.git` is a file, and the settings lie elsewhere.
    let files = [
        (".git", "gitdir: main/.git/worktrees/w\n"),
        ("main/.git/worktrees/w/commondir", "../..\n"),
        ("main/.git/config", gitlab),
    ];
    let kept = folder("A", "", "", &files);
    let ended = run(kept.path(), &init);
    assert!(ended.code == Some(0) && kept.path().join(".gitlab-ci.yml").exists(), "{}{}", ended.out, ended.err);
    // The root is further up: such a file would be read by nobody.
    let kept =
        folder("A", "", "", &[(".git/config", gitlab), ("web/dist/index.html", "<!doctype html><title>B</title>")]);
    let ended = run(&kept.path().join("web"), &init);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert!(ended.out.contains("run `rasoat init` there") && !kept.path().join("web/.gitlab-ci.yml").exists());
}
