//! The commands of both READMEs are run, and every line of output they show must be printed, in that order.

#![expect(clippy::expect_used, reason = "a test stops at the first surprise")]

use std::process::Command;

/// A command of a README with the lines that are shown below it.
struct Shown {
    arguments: Vec<String>,
    lines: Vec<String>,
}

fn shown(readme: &str) -> Vec<Shown> {
    let mut all: Vec<Shown> = Vec::new();
    let mut inside = false;
    for line in readme.lines() {
        match line {
            "```console" => inside = true,
            "```" => inside = false,
            _ if !inside => {}
            _ => match line.strip_prefix("$ ") {
                Some(command) => {
                    let arguments =
                        command.strip_prefix("cargo run --release -- ").expect("README commands use cargo run");
                    all.push(Shown { arguments: arguments.split(' ').map(str::to_owned).collect(), lines: Vec::new() });
                }
                None => all.last_mut().expect("output follows a command").lines.push(line.to_owned()),
            },
        }
    }
    all
}

#[test]
fn what_the_readmes_show_is_what_happens() {
    for (name, text) in [("README.md", include_str!("../README.md")), ("README.vi.md", include_str!("../README.vi.md"))]
    {
        assert!(text.lines().count() < 250, "{name} is too long");
        let commands = shown(text);
        assert!(commands.len() >= 3, "{name} shows {} commands", commands.len());
        for Shown { arguments, lines } in commands {
            let output = Command::new(env!("CARGO_BIN_EXE_rasoat"))
                .env("RASOAT_BROWSER_PATH", "")
                .args(&arguments)
                .current_dir(env!("CARGO_MANIFEST_DIR"))
                .output()
                .unwrap();
            let printed = String::from_utf8(output.stdout).unwrap();
            let mut rest = printed.lines();
            for line in &lines {
                assert!(
                    rest.any(|l| l == line),
                    "{name}: {arguments:?} does not print (in order):\n{line}\n---\n{printed}"
                );
            }
            let code = output.status.code().unwrap();
            assert!(code == 0 || code == 1, "{name}: {arguments:?} exits {code}");
        }
    }
}

#[test]
fn the_policy_of_the_readme_passes_its_own_examples() {
    let readme = include_str!("../README.md");
    let start = readme.find("# yaml-language-server").unwrap();
    let policy = &readme[start..start + readme[start..].find("```").unwrap()];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("policy.yml");
    std::fs::write(&path, policy).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_rasoat"))
        .env("RASOAT_BROWSER_PATH", "")
        .arg("test")
        .arg(&path)
        .args(["--lang", "en"])
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    assert!(policy.lines().count() <= 22);
}

/// Every relative link of what people read leads to a file that is there.
#[test]
fn links_between_pages_lead_somewhere() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages: Vec<std::path::PathBuf> =
        ["README.md", "README.vi.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(|name| root.join(name)).into();
    let docs = std::fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path());
    pages.extend(docs.filter(|path| path.extension().is_some_and(|e| e == "md")));
    let (mut links, mut lost) = (0, Vec::new());
    for page in &pages {
        let text = std::fs::read_to_string(page).unwrap();
        for (at, _) in text.match_indices("](") {
            let to = text[at + 2..].split(')').next().unwrap_or_default();
            let file = to.split('#').next().unwrap_or_default();
            if file.is_empty() || to.contains("://") || to.starts_with("mailto:") {
                continue;
            }
            links += 1;
            if !page.parent().unwrap().join(file).exists() {
                lost.push(format!("{}: {to}", page.display()));
            }
        }
    }
    assert!(links > 50, "only {links} links were found");
    assert_eq!(lost, [""; 0]);
}
