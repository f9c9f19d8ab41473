//! Ctrl-C at any moment, and a disk that is full before the recording is whole.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::visits::province;
use super::{binary, kills, moment, program, report};

fn gaps(report: &Value, gap: &str) -> usize {
    report["findings"].as_array().unwrap().iter().filter(|f| f["gap"] == gap).count()
}

#[test]
fn stopped_at_any_moment_it_reports_what_is_done_and_goes_on() {
    let estate = province();
    let whole = estate.whole();
    let mut random = fastrand::Rng::with_seed(3);
    let (mut stopped, mut unheard, mut before) = (0, 0, 0);
    for _ in 0..kills().div_ceil(2) {
        let folder = estate.folder();
        let mut child = estate.run(folder.path()).spawn().unwrap();
        std::thread::sleep(moment(&mut random, whole.took));
        let ended_before = child.try_wait().unwrap().is_some();
        assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).stderr(Stdio::null()).status().is_ok());
        match child.wait().unwrap().code() {
            // It had not yet begun to listen, so there is nothing to be reported.
            None => {
                assert!(!folder.path().join("report.json").exists());
                unheard += 1;
            }
            code => {
                let told = report(folder.path());
                let cut = gaps(&told, "cancelled");
                // Who stops a run knows that it says nothing of the rest, whatever it found so far.
                assert!(code == Some(3) || (cut == 0 && code == whole.code), "{code:?}, {cut} findings cut off");
                assert_eq!(told["sites"].as_array().map(Vec::len), whole.report["sites"].as_array().map(Vec::len));
                if ended_before || cut == 0 {
                    before += 1;
                } else {
                    stopped += 1;
                }
            }
        }
        assert_eq!(estate.finished(folder.path(), &whole), [""; 0]);
    }
    println!("{stopped} stopped, {before} had nothing left to do, {unheard} did not listen yet");
    assert!(stopped > 0);
}

#[cfg(unix)]
#[test]
fn a_disk_that_is_full_is_told_and_the_run_goes_on_when_there_is_room() {
    let estate = province();
    let whole = estate.whole();
    let manifest = |folder: &Path| fs::read(folder.join("rec/manifest.jsonl")).unwrap_or_default();
    let kept = estate.folder();
    estate.run(kept.path()).status().unwrap();
    let bytes = manifest(kept.path());
    let (first, all) = (bytes.iter().position(|b| *b == b'\n').unwrap() + 1, bytes.len());
    // It breaks off in its first line, between two lines, in the middle, and in its last line. A limit on files is told as
    // an error to programs that ignore its signal; others it ends in mid-write.
    for limit in [first / 2, first, (first + all) / 2, all - 20] {
        for ignored in [true, false] {
            let folder = estate.folder();
            let trap = if ignored { "trap '' XFSZ; " } else { "" };
            let words = &estate.words;
            let line = format!(
                "{trap}exec prlimit --fsize={limit} \"$0\" check {words} --cacert root.pem --resolve @hosts --record rec --report json"
            );
            let mut command = Command::new("sh");
            for (name, value) in program(folder.path(), "").get_envs() {
                command.env(name, value.unwrap_or_default());
            }
            let output = command.current_dir(folder.path()).args(["-c", &line]).arg(binary()).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            let at = format!("{limit} of {first} and {all} bytes, ignored: {ignored}: {:?} {said}", output.status);
            if !ignored {
                assert_eq!(output.status.code(), None, "{at}");
            } else {
                assert_eq!(output.status.code(), Some(5), "{at}");
                assert!(said.contains("cannot write") && said.contains("rec/"), "{at}");
                // A recording that cannot begin is told before anybody is asked; one that breaks off, after the report.
                assert_eq!(output.stdout.is_empty(), limit < first, "{at}");
                if limit >= first {
                    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
                    assert_eq!(told["summary"], whole.report["summary"], "{at}");
                }
            }
            assert!(manifest(folder.path()).len() <= limit, "{at}");
            assert_eq!(estate.finished(folder.path(), &whole), [""; 0], "{at}");
        }
    }
}
