//! Any bytes as a policy and as a sites file: they load or are refused with places, and never break the program.

#![no_main]

use std::collections::BTreeMap;
use std::path::Path;

use libfuzzer_sys::fuzz_target;
use rasoat::lang::Lang;
use rasoat::{policy, site};

fuzz_target!(|bytes: &[u8]| {
    if let Err(problems) = site::read("sites.yml", bytes, Path::new("/nowhere")) {
        assert!(!problems.render(Lang::Vi, false).is_empty());
    }
    let path = std::env::temp_dir().join(format!("rasoat-fuzz-{}.yml", std::process::id()));
    std::fs::write(&path, bytes).expect("the temporary folder takes a file");
    if let Err(problems) = policy::load(&path.to_string_lossy(), &BTreeMap::new()) {
        assert!(!problems.render(Lang::En, false).is_empty());
    }
});
