//! Text as people read it: composed characters, single spaces, nothing invisible. For showing (`tidy`) and
//! for comparing (`fold`); never for positions.

use unicode_normalization::UnicodeNormalization;

/// NFC, every run of white space (no-break spaces too) as one space, invisible characters removed, trimmed.
#[must_use]
pub fn tidy(text: &str) -> String {
    squeeze(text, usize::MAX)
}

/// [`tidy`] in lower case: two texts that people read alike are equal.
#[must_use]
pub fn fold(text: &str) -> String {
    let tidy = tidy(text);
    if tidy.is_ascii() {
        return tidy.to_ascii_lowercase();
    }
    let lower = tidy.chars().flat_map(char::to_lowercase);
    // Composed letters stay so in lower case.
    if tidy.chars().all(|c| is_composed(c) || c == ' ') { lower.collect() } else { lower.nfc().collect() }
}

/// [`tidy`], cut after `most` characters.
pub(super) fn squeeze(text: &str, most: usize) -> String {
    if text.chars().all(|c| is_composed(c) || c == ' ') {
        squeezed(text.chars(), most)
    } else {
        squeezed(seen(text).nfc(), most)
    }
}

fn seen(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !is_invisible(*c))
}

fn squeezed(seen: impl Iterator<Item = char>, most: usize) -> String {
    let mut out = String::new();
    let (mut count, mut space) = (0, false);
    for c in seen {
        if c.is_whitespace() || c.is_control() {
            space = !out.is_empty();
            continue;
        }
        let needed = 1 + usize::from(space);
        if count + needed > most {
            break;
        }
        if std::mem::take(&mut space) {
            out.push(' ');
        }
        out.push(c);
        count += needed;
    }
    out
}

/// Whether a character shows, is no space, and stays what it is when texts are composed. True of Vietnamese as
/// keyboards write it; false of some that would stay the same.
pub(super) fn is_composed(c: char) -> bool {
    matches!(c, '!'..='~' | '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{2ff}' | '\u{1e00}'..='\u{1eff}' | '\u{2010}'..='\u{2027}')
}

/// Characters without width: joiners, marks of direction, soft hyphens, variation selectors, byte-order marks.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\0' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}
