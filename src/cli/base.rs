//! `--base REF`: the files of people's decisions as git keeps them at a revision. Asks git and reads what it prints;
//! changes nothing in the repository.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::error::Error;
use crate::finding::safe;
use crate::governance::Earlier;
use crate::policy::Text;

/// Longest words of git that are passed on, in characters.
const SAID: usize = 200;

/// What came of asking.
pub(super) enum Read {
    /// The files, as far as they were there.
    Files(Box<Earlier>),
    /// There is no git, or no repository, and so nothing to compare with.
    Not(Text),
}

/// Reads waivers, attestations and baseline at a revision.
///
/// A revision that does not exist stops the run: it would hide what the change waives for itself.
pub(super) fn read(reference: &str, files: [Option<&Path>; 3]) -> Result<Read, Error> {
    // git would take it for a flag, or for a file of a revision.
    if reference.is_empty() || reference.starts_with('-') || reference.contains([':', '\0', '\n']) {
        return Err(Error::usage(Text::new(
            "--base: cần tên nhánh, thẻ hoặc mã bản git, như origin/main.",
            "--base: a branch, a tag or a commit of git is wanted, as origin/main.",
        )));
    }
    let mut found: [Option<Vec<u8>>; 3] = [None, None, None];
    for (file, found) in files.into_iter().zip(&mut found) {
        let Some(file) = file else { continue };
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if let Err(why) = git(folder, &["rev-parse", "--git-dir"]) {
            return Ok(Read::Not(Text::new(
                format!(
                    "--base: không so sánh được với bản git ({why}); không biết thay đổi này có tự miễn lỗi của mình không."
                ),
                format!(
                    "--base: nothing to compare with ({why}); whether this change waives its own failures is not known."
                ),
            )));
        }
        let commit = format!("{reference}^{{commit}}");
        if git(folder, &["rev-parse", "--verify", "--quiet", &commit]).is_err() {
            let shown = safe(reference, 100);
            return Err(Error::usage(Text::new(
                format!(
                    "--base: không có bản git “{shown}” ở đây; hãy tải về trước: git fetch origin <nhánh>, hoặc fetch-depth: 0 khi checkout."
                ),
                format!(
                    "--base: there is no git revision “{shown}” here; fetch it first: git fetch origin <branch>, or check out with fetch-depth: 0."
                ),
            )));
        }
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        // Not there at that revision: everything in the file is new.
        *found = git(folder, &["show", &format!("{reference}:./{name}")]).ok();
    }
    let [waivers, attestations, baseline] = &found;
    let earlier = Earlier::read(waivers.as_deref(), attestations.as_deref(), baseline.as_deref());
    Ok(Read::Files(Box::new(earlier)))
}

/// What git prints, or why it does not.
fn git(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, String> {
    let ended = Command::new("git").current_dir(folder).args(arguments).stdin(Stdio::null()).output();
    match ended {
        Ok(ended) if ended.status.success() => Ok(ended.stdout),
        Ok(ended) => {
            let said = String::from_utf8_lossy(&ended.stderr);
            Err(safe(said.lines().next().unwrap_or("git"), SAID))
        }
        Err(why) => Err(format!("git: {}", safe(&why.to_string(), SAID))),
    }
}
