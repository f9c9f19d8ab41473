//! Bodies packed by gzip become what they hold, all members of them: servers that put packed files together send
//! several, browsers read them all, and half a page must not be judged as a whole one.

use std::io::Read;

use flate2::bufread::GzDecoder;

use crate::snapshot::Gap;

/// How a member begins.
const BEGINNING: [u8; 2] = [0x1f, 0x8b];

/// Whether a Content-Encoding is gzip alone.
pub(super) fn is_gzip(encoding: &str) -> bool {
    ["gzip", "x-gzip"].iter().any(|name| encoding.trim().eq_ignore_ascii_case(name))
}

/// What a packed body holds. What follows the last member and is none is left out, as browsers do.
///
/// # Errors
/// [`Gap::TooLarge`] for more than `most` bytes, [`Gap::Undecodable`] for what is damaged or broke off.
pub(super) fn unpacked(packed: &[u8], most: u64) -> Result<Vec<u8>, Gap> {
    let (mut rest, mut held) = (packed, Vec::new());
    loop {
        let room = most.saturating_sub(held.len() as u64) + 1;
        GzDecoder::new(&mut rest).take(room).read_to_end(&mut held).map_err(|_| Gap::Undecodable)?;
        if held.len() as u64 > most {
            return Err(Gap::TooLarge);
        }
        if !rest.starts_with(&BEGINNING) {
            return Ok(held);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn every_member_is_read_and_nothing_else() {
        let two = [packed(b"one "), packed(b"two")].concat();
        assert_eq!(unpacked(&two, 7).unwrap(), b"one two");
        assert_eq!(unpacked(&[two.clone(), b"\0\0padding".to_vec()].concat(), 7).unwrap(), b"one two");
        assert_eq!(unpacked(&two, 6), Err(Gap::TooLarge), "the limit is that of all members");
        assert_eq!(unpacked(&two[..two.len() - 1], 7), Err(Gap::Undecodable));
        assert_eq!(unpacked(&packed(b""), 0).unwrap(), b"");
        assert_eq!(unpacked(b"<html>", 100), Err(Gap::Undecodable));
        assert_eq!(unpacked(&packed(&vec![0; 1 << 22]), 1 << 16), Err(Gap::TooLarge));
        assert!(is_gzip("GZIP ") && is_gzip("x-gzip") && !is_gzip("gzip, gzip"));
    }
}
