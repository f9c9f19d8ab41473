//! Any bytes as each file that people write: it loads, or is refused with places and words in both languages.
//! The first letter says which file.

#![no_main]

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use libfuzzer_sys::{Corpus, fuzz_target};
use rasoat::governance::{Earlier, load_attestations, load_baseline, load_waivers};
use rasoat::lang::Lang;
use rasoat::yaml::Problems;
use rasoat::{config, policy, site};
use rasoat_fuzz::formats::harmless;

static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    folder.join(format!("rasoat-fuzz-{}.yml", std::process::id()))
});
const RULES: [&str; 4] = ["emc-snippet", "emc-label", "component-links", "portal-link"];

fn refused<T>(read: Result<T, Problems>) -> Option<T> {
    read.map_err(|problems| {
        for lang in [Lang::Vi, Lang::En] {
            let said = problems.render(lang, false);
            assert!(!said.is_empty());
            // Commands to runners are broken where the command line prints.
            harmless("problems", &said.replace('#', "♯"));
        }
    })
    .ok()
}

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Some((kind, text)) = bytes.split_first() else { return Corpus::Reject };
    std::fs::write(&*FILE, text).expect("the temporary folder takes a file");
    match kind {
        b'p' => drop(refused(policy::load(&FILE.to_string_lossy(), &BTreeMap::new()))),
        b's' => {
            if let Some(sites) = refused(site::read("sites.yml", text, Path::new("/nowhere"))) {
                for site in sites.estate.sites() {
                    assert!(site.addresses().all(|url| matches!(url.scheme(), "http" | "https")));
                    assert!(sites.estate.site(&site.id).is_some());
                }
            }
        }
        b'w' => {
            refused(load_waivers(&FILE, &RULES));
            let _ = Earlier::read(Some(text), Some(text), Some(text));
        }
        b'a' => drop(refused(load_attestations(&FILE, &RULES, &HashMap::new()))),
        b'b' => {
            if let Some(baseline) = refused(load_baseline(&FILE)) {
                // What is written of it is read as the same.
                std::fs::write(&*FILE, baseline.to_yaml()).expect("the temporary folder takes a file");
                let again = refused(load_baseline(&FILE)).expect("what was written is read");
                assert_eq!((again.failures, again.recorded_on), (baseline.failures, baseline.recorded_on));
            }
        }
        b'l' => drop(refused(site::load_lock(&FILE))),
        b'c' => {
            if let Some(config) = refused(config::load(&FILE)) {
                let _ = config
                    .file
                    .over(&config.file)
                    .map(|both| config::KEYS.iter().for_each(|key| drop(both.value(key))));
            }
        }
        b'd' => {
            let text = String::from_utf8_lossy(text);
            if let Some(duration) = config::duration(&text) {
                assert!(config::duration(&config::duration_text(duration)).is_some(), "{text}");
            }
            if let Some(size) = config::size(&text) {
                assert_eq!(config::size(&config::size_text(size)), Some(size), "{text}");
            }
            let _ = rasoat::acquire::fetch::parse_mapping(&text);
        }
        _ => return Corpus::Reject,
    }
    Corpus::Keep
});
