//! A folder as a recording to judge again: what a recording holds, edited and sealed as if nobody had; then bytes of its
//! files changed, or files put in the way. It is refused by name, or judged, from nothing outside the folder.

#![no_main]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use rasoat::acquire::fetch::NetOptions;
use rasoat::acquire::record::Recording;
use rasoat::governance::Decisions;
use rasoat::policy::{self, LoadedPolicy};
use rasoat::report::{FailOn, Format, Lang, from_json, to_json};
use rasoat::run::{Browsing, Run};
use rasoat::score::Gates;
use rasoat::site::Estate;
use rasoat_fuzz::edit::edit;
use rasoat_fuzz::formats::holds;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A run's first line, what it kept of each site, and the bodies that lie apart.
static SAMPLE: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../src/recording.json")).expect("JSON"));
static POLICY: LazyLock<LoadedPolicy> =
    LazyLock::new(|| policy::load("tt22-2023", &BTreeMap::new()).expect("a built-in policy"));
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    folder.join(format!("rasoat-fuzz-{}", std::process::id()))
});
/// Most bytes of a body.
const MOST: u64 = 1 << 20;

fn sha(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The file of a body, sealed as a recording seals it.
fn blob(bytes: &[u8]) -> (String, Vec<u8>) {
    let mut packed = zstd::stream::write::Encoder::new(Vec::new(), 1).expect("a packer");
    packed.set_pledged_src_size(Some(bytes.len() as u64)).expect("a size");
    packed.write_all(bytes).expect("memory takes it");
    let mut packed = packed.finish().expect("memory takes it");
    let seal = Sha256::digest(&packed);
    packed.extend_from_slice(&[0x50, 0x2a, 0x4d, 0x18, 32, 0, 0, 0]);
    packed.extend_from_slice(&seal);
    let name = sha(bytes);
    (format!("blobs/{}/{name}.zst", &name[..2]), packed)
}

fn line(entry: &str) -> String {
    format!("{{\"bytes\":{},\"sha256\":\"{}\",\"entry\":{entry}}}\n", entry.len(), sha(entry.as_bytes()))
}

/// Puts the hashes of bodies where their names stand.
fn put(value: &mut Value, bodies: &[(String, u64)]) {
    match value {
        Value::String(text) => {
            let body = text.strip_prefix("body:").and_then(|n| n.parse::<usize>().ok()).and_then(|n| bodies.get(n));
            if let Some((sha256, bytes)) = body {
                *value = json!({"sha256": sha256, "bytes": bytes});
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| put(item, bodies)),
        Value::Object(fields) => fields.values_mut().for_each(|field| put(field, bodies)),
        _ => {}
    }
}

/// The files of an edited recording.
fn files(u: &mut Unstructured<'_>) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut sample = SAMPLE.clone();
    edit(u, &mut sample)?;
    let mut files = BTreeMap::new();
    let mut bodies = Vec::new();
    for body in sample["bodies"].as_array().into_iter().flatten() {
        let bytes = body.as_str().unwrap_or_default().as_bytes();
        bodies.push((sha(bytes), bytes.len() as u64));
        files.extend([blob(bytes)]);
    }
    let mut manifest = line(&sample["header"].to_string());
    for site in sample["sites"].as_array().into_iter().flatten() {
        let mut taken = site["taken"].clone();
        put(&mut taken, &bodies);
        let taken = taken.to_string();
        files.extend([blob(taken.as_bytes())]);
        let taken = json!({"sha256": sha(taken.as_bytes()), "bytes": taken.len()});
        manifest.push_str(&line(&json!({"site": site["site"], "taken": taken}).to_string()));
    }
    files.insert("manifest.jsonl".to_owned(), manifest.into_bytes());
    Ok(files)
}

/// Changes some of the files as they lie there.
fn damage(u: &mut Unstructured<'_>, files: &mut BTreeMap<String, Vec<u8>>) -> Result<()> {
    // What is used up says yes for ever.
    while !u.is_empty() && u.ratio(1, 4)? {
        let n = u.choose_index(files.len())?;
        let Some(bytes) = files.values_mut().nth(n) else { break };
        let at = usize::from(u.arbitrary::<u16>()?) % bytes.len().max(1);
        match u.arbitrary::<u8>()? % 5 {
            0 => bytes.truncate(at),
            1 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1),
            2 => bytes.extend_from_slice(u.arbitrary()?),
            3 => *bytes = u.arbitrary::<&[u8]>()?.to_vec(),
            _ => drop(bytes.splice(at..at, u.arbitrary::<&[u8]>()?.iter().copied())),
        }
    }
    Ok(())
}

fn judged(recording: Recording) {
    let header = recording.header().clone();
    let ids: BTreeSet<&String> = header.identity.sites.iter().map(|site| &site.id).collect();
    // The program makes its estate of a sites file or of these, and refuses what has two of one id.
    if ids.len() != header.identity.sites.len() || header.identity.judged.iter().any(|id| !ids.contains(id)) {
        return;
    }
    let recording = Arc::new(recording);
    let run = Arc::new(Run {
        policies: vec![POLICY.clone()],
        estate: Arc::new(Estate::new(header.identity.sites)),
        judged: header.identity.judged,
        ad_hoc: header.identity.ad_hoc,
        shard: header.identity.shard,
        pipeline: header.pipeline,
        recorded: header.accepted,
        deployed: header.identity.deployed,
        pages: header.identity.pages,
        max_pages: header.identity.max_pages,
        only: BTreeSet::new(),
        skip: BTreeSet::new(),
        browsing: Browsing::None,
        fail_on: FailOn::Error,
        strict: false,
        gates: Gates::default(),
        jobs: 2,
        net: NetOptions { max_size: MOST, ..NetOptions::default() },
        now: header.taken_at,
        timed: header.timed,
        cancelled: Arc::default(),
        deadline: None,
        progress: Arc::default(),
        recording: Some(recording.clone()),
        decisions: Decisions::default(),
    });
    match rasoat::check(&run) {
        Err(error) => assert!(!error.text().vi.is_empty()),
        Ok(report) => {
            assert_eq!(report.sites.len(), run.judged.len());
            assert!(from_json(&to_json(&report).expect("JSON")).expect("the stored form") == report);
            holds(&report, Format::Human, Lang::Vi, &rasoat::report::Beside::default());
        }
    }
}

fn run(bytes: &[u8]) -> Result<()> {
    let mut u = Unstructured::new(bytes);
    let mut files = files(&mut u)?;
    damage(&mut u, &mut files)?;
    let _ = fs::remove_dir_all(&*FOLDER);
    for (name, bytes) in &files {
        let path = FOLDER.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the temporary folder takes a folder");
        fs::write(&path, bytes).expect("the temporary folder takes a file");
    }
    match Recording::replay(&FOLDER, MOST) {
        Ok(recording) => judged(recording),
        Err(error) => {
            let said = error.text().en;
            // A file that was changed is told by its name; what is well sealed and no recording, by the folder's.
            let named = files.keys().any(|name| said.contains(name.as_str())) || said.contains("blobs");
            assert!(named || said.contains(&*FOLDER.to_string_lossy()), "{said}");
        }
    }
    Ok(())
}

fuzz_target!(|bytes: &[u8]| {
    let _ = run(bytes);
});
