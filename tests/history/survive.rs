//! What was kept survives whatever befalls a later run: it is killed, the disk is full, the folder is none.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use rasoat::deliver::history::{Limits, list, read};
use rasoat::history::Outline;
use tempfile::TempDir;

use super::estate::{Home, names, run, set, town};

const PROGRAM: &str = env!("CARGO_BIN_EXE_rasoat");

/// Opens every kept run; the number of them.
fn all_readable(folder: &Path) -> usize {
    let listed = list(folder, Limits::default()).unwrap();
    for entry in &listed.runs {
        let json = read(&entry.path, Limits::default()).unwrap_or_else(|e| panic!("{}: {e:?}", entry.name));
        Outline::read(&json).unwrap();
    }
    assert!(listed.others.is_empty(), "{:?}", listed.others);
    listed.runs.len()
}

/// A stored report in the folder, for runs that only keep it.
fn stored(folder: &Path, sites: usize) {
    town(folder, sites);
    let made = run(folder, "2026-10-01", "check -q --browser never --report json=one.json");
    assert_eq!(made.code, Some(0), "{}", made.stderr);
}

fn keeping(folder: &Path, nth: usize) -> Command {
    // Another run each time, so that each has something to write.
    let text = fs::read_to_string(folder.join("one.json")).unwrap();
    let id = text.split("\"run_id\": \"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let file = format!("in-{nth}.json");
    fs::write(folder.join(&file), text.replace(&id, &format!("{id}{nth}"))).unwrap();
    let mut command = Command::new(PROGRAM);
    command
        .current_dir(folder)
        .env_clear()
        .args(["merge", &file, "-q", "--history", "lich-su"])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

#[test]
fn killed_at_any_moment_it_leaves_what_was_there() {
    let kept = TempDir::new().unwrap();
    let folder = kept.path();
    stored(folder, 40);
    let whole = std::time::Instant::now();
    assert!(keeping(folder, 0).status().unwrap().success());
    let whole = whole.elapsed();
    let history = folder.join("lich-su");
    let mut before = all_readable(&history);
    assert_eq!(before, 1);
    let (mut killed, mut finished) = (0, 0);
    for n in 1..=40u32 {
        let mut child = keeping(folder, n as usize).spawn().unwrap();
        std::thread::sleep(whole * n / 36);
        child.kill().unwrap();
        if child.wait().unwrap().success() {
            finished += 1
        } else {
            killed += 1
        }
        let now = all_readable(&history);
        assert!(now == before || now == before + 1, "{before} → {now}");
        before = now;
    }
    assert!(killed > 5, "{killed} of 40 were killed, {finished} had finished");
}

/// A file that may not grow is a full disk.
#[cfg(unix)]
fn limited(folder: &Path, ignored: bool, args: &str) -> std::process::Output {
    let trap = if ignored { "trap '' XFSZ; " } else { "" };
    Command::new("sh")
        .current_dir(folder)
        .env_clear()
        .env("SOURCE_DATE_EPOCH", "1767225600")
        .env("RASOAT_BROWSER_PATH", "")
        .args(["-c", &format!("{trap}ulimit -f 1; exec \"$0\" {args}"), PROGRAM])
        .output()
        .unwrap()
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_exit_5_after_the_reports_and_loses_nothing() {
    let kept = TempDir::new().unwrap();
    let folder = kept.path();
    town(folder, 60);
    assert_eq!(run(folder, "2025-10-01", "check -q --browser never --history lich-su").code, Some(0));
    let before = names(&folder.join("lich-su"));
    let full = limited(folder, true, "check --browser never --lang en --history lich-su --report json");
    let error = String::from_utf8_lossy(&full.stderr).into_owned();
    assert_eq!(full.status.code(), Some(5), "{error}");
    assert!(error.contains("cannot write") && error.contains("lich-su"), "{error}");
    let report: serde_json::Value = serde_json::from_slice(&full.stdout).unwrap();
    assert_eq!(report["sites"].as_array().unwrap().len(), 61, "the report was written first");
    assert_eq!(names(&folder.join("lich-su")), before, "nothing half written is left");
    assert_eq!(all_readable(&folder.join("lich-su")), 1);
}

/// The system ends the program in the middle of its write.
#[cfg(unix)]
#[test]
fn ended_in_mid_write_it_leaves_a_part_that_nobody_reads() {
    let kept = TempDir::new().unwrap();
    let folder = kept.path();
    town(folder, 60);
    run(folder, "2025-10-01", "check -q --browser never --history lich-su");
    let before = names(&folder.join("lich-su"));
    let ended = limited(folder, false, "check -q --browser never --history lich-su");
    assert_eq!(ended.status.code(), None, "a signal ended it: {ended:?}");
    let after = names(&folder.join("lich-su"));
    let parts: Vec<&String> = after.iter().filter(|name| !before.contains(name)).collect();
    assert!(parts.len() == 1 && parts[0].starts_with(".rasoat-") && parts[0].ends_with(".part"), "{parts:?}");
    let shown = run(folder, "2026-10-01", "history show lich-su");
    assert_eq!((shown.code, shown.stdout.lines().count(), shown.stderr.as_str()), (Some(0), 1, ""));
    // The next run is not held up by it.
    assert_eq!(run(folder, "2026-10-01", "check -q --browser never --history lich-su").code, Some(0));
    assert_eq!(all_readable(&folder.join("lich-su")), 2);
    let left = names(&folder.join("lich-su"));
    assert!(!left.contains(parts[0]), "the next run takes it away: {left:?}");
}

#[test]
fn two_programs_at_the_same_second_lose_nothing() {
    let kept = TempDir::new().unwrap();
    let folder = kept.path();
    stored(folder, 3);
    let children: Vec<_> = (0..6).map(|n| keeping(folder, n % 3).spawn().unwrap()).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(all_readable(&folder.join("lich-su")), 3, "one file for each run, however often it was kept");
}

#[test]
fn a_folder_that_cannot_be_is_exit_5_before_the_work() {
    let kept = TempDir::new().unwrap();
    let folder = kept.path();
    town(folder, 1);
    fs::write(folder.join("tep"), "không phải thư mục").unwrap();
    for path in ["tep", "tep/lich-su", "/proc/lich-su"] {
        let ended = run(folder, "2026-10-01", &format!("check --browser never --history {path} --report json=r.json"));
        assert_eq!(ended.code, Some(5), "{path}: {}{}", ended.stdout, ended.stderr);
        assert!(ended.stderr.contains("cannot write") && ended.stdout.is_empty(), "{path}: {}", ended.stderr);
    }
    assert_eq!(fs::read_to_string(folder.join("tep")).unwrap(), "không phải thư mục");
}

#[cfg(unix)]
#[test]
fn a_folder_that_became_read_only_is_exit_5_and_stays_readable() {
    use std::os::unix::fs::PermissionsExt;
    let kept = TempDir::new().unwrap();
    let folder = kept.path();
    town(folder, 1);
    run(folder, "2026-09-01", "check -q --browser never --history lich-su");
    let history = folder.join("lich-su");
    fs::set_permissions(&history, fs::Permissions::from_mode(0o555)).unwrap();
    let may_write = fs::write(history.join("probe"), "").is_ok();
    if may_write {
        // Whoever may do everything may write here too.
        fs::remove_file(history.join("probe")).unwrap();
    } else {
        assert_eq!(run(folder, "2026-10-01", "check -q --browser never --history lich-su").code, Some(5));
    }
    assert_eq!(run(folder, "2026-10-01", "history show lich-su").code, Some(0));
    assert_eq!(all_readable(&history), 1);
    fs::set_permissions(&history, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_damaged_run_is_named_and_the_rest_is_used() {
    let kept = TempDir::new().unwrap();
    let folder = kept.path();
    town(folder, 2);
    for day in ["2026-08-01", "2026-09-01"] {
        run(folder, day, "check -q --browser never --history lich-su");
    }
    let history = folder.join("lich-su");
    let newest = names(&history).pop().unwrap();
    let bytes = fs::read(history.join(&newest)).unwrap();
    fs::write(history.join(&newest), &bytes[..bytes.len() / 2]).unwrap();
    fs::write(history.join("ghi-chu.txt"), "x").unwrap();
    // A run under the name of another day is not what it says.
    fs::copy(history.join(&names(&history)[0]), history.join("20261231T000000Z-abc.json.zst")).unwrap();
    set(folder, "so-1", Home::Bare);
    let ended = run(folder, "2026-10-01", "check --browser never --history lich-su --lang vi");
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(ended.stderr.contains(&format!("cảnh báo: bỏ qua {newest}: tệp bị hỏng hoặc bị cắt.")), "{}", ended.stderr);
    assert!(ended.stderr.contains("bỏ qua ghi-chu.txt: không phải lần chạy do rasoat lưu."), "{}", ended.stderr);
    assert!(ended.stdout.contains("So với lần trước (01/08/2026): 2 lỗi mới"), "{}", ended.stdout);
    let listed = run(folder, "2026-10-01", "history show lich-su");
    assert!(
        listed.stderr.contains("20261231T000000Z-abc.json.zst is left aside: its name is not that of the report"),
        "{}",
        listed.stderr
    );
    assert_eq!(listed.stdout.lines().count(), 2, "{}", listed.stdout);
    // Nothing of it is ever removed.
    let pruned = run(folder, "2030-01-01", "history prune lich-su");
    assert_eq!(pruned.code, Some(0), "{}", pruned.stderr);
    let left = names(&history);
    for name in [newest.as_str(), "ghi-chu.txt", "20261231T000000Z-abc.json.zst"] {
        assert!(left.iter().any(|n| n == name), "{name}: {left:?}");
    }
    assert_eq!(left.len(), 4, "the newest run that can be read stays: {left:?}");
}
