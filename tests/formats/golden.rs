//! Compares a text with the file kept for it; `UPDATE_GOLDEN=1` writes the file anew.

use std::fs;
use std::path::Path;

pub(crate) fn compare(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        return;
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    for (n, (new, old)) in text.lines().zip(kept.lines()).enumerate() {
        assert_eq!(new, old, "{name}, line {}; UPDATE_GOLDEN=1 writes it anew", n + 1);
    }
    assert!(
        text == kept,
        "{name}: {} lines now, {} kept; UPDATE_GOLDEN=1 writes it anew",
        text.lines().count(),
        kept.lines().count()
    );
}
