//! Which CI the repository shows, and the file that runs rasoat there. Reads the repository's own files only.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::policy::Text;

/// `--ci`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum CiFlag {
    /// GitHub Actions
    Github,
    /// GitLab CI/CD
    Gitlab,
    /// Không viết – none
    None,
}

/// The CI file to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ci {
    /// A workflow of its own.
    Github,
    /// The pipeline; there is none yet.
    Gitlab,
    /// A file for the pipeline that is there to include.
    GitlabBeside,
    /// None was asked for.
    Unwanted,
    /// The repository shows neither, or both.
    Unknown,
    /// The repository's root, where such files belong, is further up.
    Elsewhere,
}

/// A file people write themselves, which is never touched.
const PIPELINE: &str = ".gitlab-ci.yml";

/// What was asked for, else what the working folder shows.
pub(super) fn of(flag: Option<CiFlag>) -> Ci {
    let gitlab = || if Path::new(PIPELINE).symlink_metadata().is_ok() { Ci::GitlabBeside } else { Ci::Gitlab };
    match flag {
        Some(CiFlag::Github) => return Ci::Github,
        Some(CiFlag::Gitlab) => return gitlab(),
        Some(CiFlag::None) => return Ci::Unwanted,
        None => {}
    }
    if !Path::new(".git").exists() && is_below_root() {
        return Ci::Elsewhere;
    }
    let remote = settings().and_then(|config| remote(&config));
    let (github, others) = (Path::new(".github").is_dir(), Path::new(PIPELINE).is_file());
    match remote {
        Some(CiFlag::Github) => Ci::Github,
        Some(CiFlag::Gitlab) => gitlab(),
        _ if github && !others => Ci::Github,
        _ if others && !github => gitlab(),
        _ => Ci::Unknown,
    }
}

/// The repository's own settings. In a worktree or submodule `.git` is a file that says where they lie.
fn settings() -> Option<String> {
    let mut folder = PathBuf::from(".git");
    if let Ok(text) = std::fs::read_to_string(&folder) {
        folder = PathBuf::from(text.strip_prefix("gitdir:")?.trim());
    }
    if let Ok(shared) = std::fs::read_to_string(folder.join("commondir")) {
        folder = folder.join(shared.trim());
    }
    std::fs::read_to_string(folder.join("config")).ok()
}

fn is_below_root() -> bool {
    std::env::current_dir().is_ok_and(|here| here.ancestors().skip(1).any(|folder| folder.join(".git").exists()))
}

/// The host of the remote, `origin` first, when its name says what it is.
fn remote(config: &str) -> Option<CiFlag> {
    let mut section = String::new();
    let mut all: Vec<(bool, CiFlag)> = Vec::new();
    for line in config.lines().map(str::trim) {
        if line.starts_with('[') {
            line.clone_into(&mut section);
        }
        let Some((key, url)) = line.split_once('=') else { continue };
        if key.trim() != "url" || !section.starts_with("[remote ") {
            continue;
        }
        let host = host(url.trim()).to_ascii_lowercase();
        let kind = match host {
            host if host.contains("github") => CiFlag::Github,
            host if host.contains("gitlab") => CiFlag::Gitlab,
            _ => continue,
        };
        all.push((section != "[remote \"origin\"]", kind));
    }
    all.into_iter().min_by_key(|(other, _)| *other).map(|(_, kind)| kind)
}

/// The host of `https://host/…`, `ssh://git@host:22/…` and `git@host:…`.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    host.split(':').next().unwrap_or_default()
}

impl Ci {
    /// Where it is written.
    pub(super) fn file(self) -> Option<PathBuf> {
        match self {
            Self::Github => Some(PathBuf::from(".github/workflows/rasoat.yml")),
            Self::Gitlab => Some(PathBuf::from(PIPELINE)),
            Self::GitlabBeside => Some(PathBuf::from("rasoat.gitlab-ci.yml")),
            Self::Unwanted | Self::Unknown | Self::Elsewhere => None,
        }
    }

    /// Its text; a folder has to be built first.
    pub(super) fn text(self, folder: Option<&str>) -> String {
        let (template, indent) = match self {
            Self::Github => (include_str!("../../../templates/init/github.yml"), "      "),
            _ => (include_str!("../../../templates/init/gitlab.yml"), ""),
        };
        // A folder's name comes after the template's own values: it may look like one.
        let build = folder.map(|folder| {
            format!(
                "{indent}# Build {folder} ở đây nếu nó không nằm trong kho mã – build {folder} here when the repository lacks it.\n\n"
            )
        });
        template.replace("${version}", env!("CARGO_PKG_VERSION")).replace("${build}", &build.unwrap_or_default())
    }

    /// What is left for people to do.
    pub(super) fn advice(self) -> Option<Text> {
        match self {
            Self::Unwanted => None,
            Self::Github => Some(Text::new(
                "Trong .github/workflows/rasoat.yml, hãy thay OWNER và mã commit bằng chủ sở hữu và mã commit của bản sao kho rasoat mà bạn dùng.",
                "In .github/workflows/rasoat.yml, put the OWNER and commit of your copy of the rasoat repository.",
            )),
            Self::Gitlab => Some(Text::new(
                "Trong .gitlab-ci.yml, hãy thay GROUP bằng nhóm chứa dự án rasoat trên GitLab của bạn.",
                "In .gitlab-ci.yml, replace GROUP by the group that holds the rasoat project on your GitLab.",
            )),
            Self::GitlabBeside => Some(Text::new(
                "Thêm vào .gitlab-ci.yml của bạn:\n  include: [{local: rasoat.gitlab-ci.yml}]\nvà thay GROUP trong rasoat.gitlab-ci.yml bằng nhóm chứa dự án rasoat trên GitLab của bạn.",
                "Add to your .gitlab-ci.yml:\n  include: [{local: rasoat.gitlab-ci.yml}]\nand replace GROUP in rasoat.gitlab-ci.yml by the group that holds the rasoat project on your GitLab.",
            )),
            Self::Unknown => Some(Text::new(
                "Chưa viết tệp CI vì không thấy kho mã nằm ở đâu: --ci github hoặc --ci gitlab.",
                "No CI file was written, as nothing shows where the repository lives: --ci github or --ci gitlab.",
            )),
            Self::Elsewhere => Some(Text::new(
                "Chưa viết tệp CI vì tệp này nằm ở gốc kho mã: hãy chạy `rasoat init` ở đó.",
                "No CI file was written, as it belongs into the repository's root: run `rasoat init` there.",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_remote_tells_the_host() {
        let of = |text: &str| remote(text);
        let origin = |url: &str| format!("[core]\n\tbare = false\n[remote \"origin\"]\n\turl = {url}\n");
        for (url, wanted) in [
            ("https://github.com/a/gitlab-mirror.git", Some(CiFlag::Github)),
            ("git@gitlab.com:github/x.git", Some(CiFlag::Gitlab)),
            ("ssh://git@gitlab.tinh-a.vn:2222/x.git", Some(CiFlag::Gitlab)),
            ("https://user:pw@GitHub.example/x", Some(CiFlag::Github)),
            ("https://git.example.vn/x", None),
            ("../x", None),
        ] {
            assert_eq!(of(&origin(url)), wanted, "{url}");
        }
        let two =
            "[remote \"mirror\"]\n\turl = https://gitlab.com/x\n[remote \"origin\"]\n\turl = https://github.com/x\n";
        assert_eq!(of(two), Some(CiFlag::Github));
        assert_eq!(of("[submodule \"x\"]\n\turl = https://github.com/x\n"), None);
    }
}
