//! What the fuzz targets share: parts of an input, places within their texts, hostile texts and edits of stored data,
//! and what every format of a report must keep to. Panics where something does not hold: that is what a target is for.

pub mod edit;
pub mod facts;
pub mod formats;
pub mod office;

/// What parts an input: a line of its own, which dictionaries hold.
const LINE: &[u8] = b"\n#--\n";

/// The parts of an input, at least one.
pub fn parts(bytes: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    let mut rest = bytes;
    while let Some(at) = rest.windows(LINE.len()).position(|window| window == LINE) {
        parts.push(&rest[..at]);
        rest = &rest[at + LINE.len()..];
    }
    parts.push(rest);
    parts
}
