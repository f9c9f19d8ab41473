//! The folder of a history: nothing kept is ever overwritten, nothing foreign is touched, nothing unpacks without end.

use std::fs::{self, File};
use std::path::Path;

use rasoat::deliver::history::{Damage, Kept, Limits, Name, keep, list, read};
use rasoat::report::{Report, from_json, to_json};
use tempfile::TempDir;

use super::estate::{names, report};

fn kept(folder: &Path, report: &Report) -> Kept {
    keep(folder, report, Limits::default()).unwrap()
}

fn read_back(folder: &Path) -> Vec<Report> {
    let listed = list(folder, Limits::default()).unwrap();
    let read = |path: &Path| String::from_utf8(read(path, Limits::default()).unwrap()).unwrap();
    listed.runs.iter().map(|entry| from_json(&read(&entry.path)).unwrap()).collect()
}

#[test]
fn a_report_is_kept_once_and_comes_back_as_it_was() {
    let folder = TempDir::new().unwrap();
    let deep = folder.path().join("a/b/lịch sử");
    let report = report();
    let Kept::New(path) = kept(&deep, &report) else { panic!("it was not there before") };
    assert_eq!(kept(&deep, &report), Kept::Already(path.clone()));
    assert_eq!(read_back(&deep), std::slice::from_ref(&report));
    let name = path.file_name().unwrap().to_str().unwrap();
    assert!(name.starts_with("20261001T020000Z-") && name.contains(&report.run_id), "{name}");
    assert_eq!(names(&deep), [name]);
}

#[test]
fn another_report_of_the_same_run_stands_beside_the_first() {
    let folder = TempDir::new().unwrap();
    let report = report();
    let Kept::New(first) = kept(folder.path(), &report) else { panic!() };
    let bytes = fs::read(&first).unwrap();
    let again = Report { strict: true, ..report.clone() };
    let Kept::New(second) = kept(folder.path(), &again) else { panic!() };
    assert!(second.to_str().unwrap().ends_with("-v2.json.zst"), "{second:?}");
    assert_eq!(kept(folder.path(), &again), Kept::Already(second));
    assert_eq!(fs::read(&first).unwrap(), bytes);
    assert_eq!(read_back(folder.path()), [report, again]);
}

#[test]
fn many_writers_of_one_second_lose_nothing() {
    let folder = TempDir::new().unwrap();
    let report = report();
    std::thread::scope(|scope| {
        for writer in 0..8u64 {
            let (folder, mut mine) = (folder.path(), report.clone());
            scope.spawn(move || {
                for n in 0..5 {
                    mine.findings[0].duration_ms = writer * 100 + n;
                    kept(folder, &mine);
                }
            });
        }
    });
    let mut seen: Vec<u64> = read_back(folder.path()).iter().map(|r| r.findings[0].duration_ms).collect();
    seen.sort_unstable();
    let wanted: Vec<u64> = (0..8).flat_map(|w| (0..5).map(move |n| w * 100 + n)).collect();
    assert_eq!(seen, wanted);
    assert_eq!(names(folder.path()).len(), 40, "no part is left");
}

#[test]
fn what_is_too_large_to_be_read_back_is_not_kept() {
    let folder = TempDir::new().unwrap();
    let report = report();
    let bytes = to_json(&report).unwrap().len() as u64;
    let limits = |bytes| Limits { bytes, ..Limits::default() };
    let refused = keep(folder.path(), &report, limits(bytes - 1)).unwrap_err();
    assert_eq!(refused.exit().number(), 5);
    assert!(refused.to_string().contains(&format!("the report has {bytes} bytes")), "{refused}");
    assert!(names(folder.path()).is_empty());
    let Kept::New(path) = keep(folder.path(), &report, limits(bytes)).unwrap() else { panic!() };
    assert_eq!(read(&path, limits(bytes)).unwrap().len() as u64, bytes);
    assert_eq!(read(&path, limits(bytes - 1)), Err(Damage::TooLarge(bytes - 1)));
}

#[test]
fn the_defaults_hold_a_large_fleet_for_more_than_a_year() {
    let Limits { files, bytes } = Limits::default();
    assert!(files >= 366 * 24 && (256 << 20..=1 << 30).contains(&bytes));
}

#[test]
fn a_bomb_is_not_unpacked() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("20261001T020000Z-bomb.json.zst");
    // 256 MiB of blanks in some kilobytes.
    let mut packer = zstd::stream::write::Encoder::new(File::create(&path).unwrap(), 3).unwrap();
    let blanks = vec![b' '; 1 << 20];
    for _ in 0..256 {
        std::io::Write::write_all(&mut packer, &blanks).unwrap();
    }
    packer.finish().unwrap();
    assert!(fs::metadata(&path).unwrap().len() < 1 << 20);
    assert_eq!(read(&path, Limits { bytes: 8 << 20, ..Limits::default() }), Err(Damage::TooLarge(8 << 20)));
}

#[test]
fn too_many_files_are_refused_with_what_to_do() {
    let folder = TempDir::new().unwrap();
    for n in 0..4 {
        fs::write(folder.path().join(format!("2026100{n}T020000Z-a.json.zst")), "").unwrap();
    }
    assert_eq!(list(folder.path(), Limits { files: 4, ..Limits::default() }).unwrap().runs.len(), 4);
    let refused = list(folder.path(), Limits { files: 3, ..Limits::default() }).unwrap_err();
    assert_eq!(refused.exit().number(), 2);
    assert!(refused.to_string().contains("rasoat history prune"), "{refused}");
}

#[test]
fn a_changed_byte_is_seen() {
    let folder = TempDir::new().unwrap();
    let Kept::New(path) = kept(folder.path(), &report()) else { panic!() };
    let (whole, text) = (fs::read(&path).unwrap(), read(&path, Limits::default()).unwrap());
    let step = whole.len() / 97 + 1;
    for at in (0..whole.len()).step_by(step) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x20;
        fs::write(&path, &bytes).unwrap();
        let got = read(&path, Limits::default());
        // Some bits of the frame's head say nothing; then the text is as it was.
        assert!(got.is_err() || got.as_ref() == Ok(&text), "byte {at} of {}", whole.len());
    }
    for length in (0..whole.len()).step_by(step) {
        fs::write(&path, &whole[..length]).unwrap();
        assert_eq!(read(&path, Limits::default()), Err(Damage::Changed), "cut at {length}");
    }
    fs::write(&path, [whole.as_slice(), b"more"].concat()).unwrap();
    assert_eq!(read(&path, Limits::default()), Err(Damage::Changed));
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let folder = TempDir::new().unwrap();
    let elsewhere = TempDir::new().unwrap();
    let Kept::New(path) = kept(elsewhere.path(), &report()) else { panic!() };
    let link = folder.path().join(path.file_name().unwrap());
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert_eq!(read(&link, Limits::default()), Err(Damage::NoFile));
    // Nor written through: the name is taken.
    let Kept::New(second) = kept(folder.path(), &Report { strict: true, ..report() }) else { panic!() };
    assert!(second.to_str().unwrap().ends_with("-v2.json.zst"));
    assert_eq!(read_back(elsewhere.path()), [report()]);
}

#[test]
fn what_killed_runs_left_is_swept_and_everything_else_stays() {
    let folder = TempDir::new().unwrap();
    let files =
        [".rasoat-killed.part", ".rasoat-living.part", "ghi chú.txt", ".gitkeep", "bao-cao.part", "report.json.zst"];
    let made = files.map(|name| File::create(folder.path().join(name)).unwrap());
    // Its writer is at work.
    made[1].lock().unwrap();
    fs::create_dir(folder.path().join(".rasoat-folder.part")).unwrap();
    kept(folder.path(), &report());
    let left = names(folder.path());
    for name in files.iter().skip(1).chain([&".rasoat-folder.part"]) {
        assert!(left.contains(&(*name).to_owned()), "{name}: {left:?}");
    }
    assert!(!left.contains(&".rasoat-killed.part".to_owned()), "{left:?}");
    let listed = list(folder.path(), Limits::default()).unwrap();
    assert_eq!(listed.others, ["bao-cao.part", "ghi chú.txt", "report.json.zst"], "hidden files are nobody's business");
}

#[cfg(unix)]
#[test]
fn others_may_read_what_is_kept() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    let Kept::New(path) = kept(folder.path(), &report()) else { panic!() };
    let plain = folder.path().join("plain");
    fs::write(&plain, "").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&path), mode(&plain), "as any file of its owner");
}

#[test]
fn a_report_with_a_path_for_a_run_id_stays_in_the_folder() {
    let folder = TempDir::new().unwrap();
    let inner = folder.path().join("lich-su");
    let Kept::New(path) = kept(&inner, &Report { run_id: "../../x".to_owned(), ..report() }) else { panic!() };
    assert_eq!(path.parent(), Some(inner.as_path()));
    assert_eq!(names(folder.path()), ["lich-su"]);
    assert!(Name::parse(path.file_name().unwrap().to_str().unwrap()).is_some());
}
