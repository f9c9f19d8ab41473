//! Texts of tables as they are compared: without case, punctuation and marks for the names of columns; with marks,
//! wherever the tone is written, for the names of units. Never for showing.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Composed, without invisible characters, every run of white space one space, trimmed, at most so many characters.
pub(super) fn tidy(text: &str, most: usize) -> String {
    let mut out = String::new();
    let mut count = 0;
    let seen = text.chars().filter(|c| !is_invisible(*c)).nfc();
    let mut gap = false;
    for c in seen {
        if c.is_whitespace() {
            gap = count > 0;
            continue;
        }
        if gap {
            out.push(' ');
            count += 1;
            gap = false;
        }
        if count >= most {
            out.push('…');
            break;
        }
        out.push(c);
        count += 1;
    }
    out
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// In lower case without marks and punctuation: `Đơn vị/Cơ quan` is `don vi co quan`.
pub(super) fn plain(text: &str) -> String {
    words(text.nfd().filter(|c| !is_combining_mark(*c)).map(|c| match c {
        'đ' | 'Đ' => 'd',
        c => c,
    }))
}

/// In lower case without punctuation, each word with its tone at its end: `Hòa Bình` and `Hoà Bình` are one.
pub(super) fn toned(text: &str) -> String {
    let spelled = words(text.nfd());
    let syllables = spelled.split(' ').map(|word| {
        let (tones, letters): (String, String) = word.chars().partition(|c| is_tone(*c));
        letters + &tones
    });
    syllables.collect::<Vec<_>>().join(" ").nfc().collect()
}

fn is_tone(c: char) -> bool {
    matches!(c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}')
}

/// What stands before the names of units without being a part of them; the longest first.
const BEFORE: &[&str] = &[
    "cổng thông tin điện tử",
    "trang thông tin điện tử",
    "ủy ban nhân dân",
    "cổng ttđt",
    "trang ttđt",
    "thành phố",
    "ubnd",
    "tỉnh",
    "tp",
];

/// A unit's name without what may stand before it: `Cổng TTĐT tỉnh Hà Nam` is `hà nam`; [`toned`].
pub(super) fn unit(text: &str) -> String {
    let mut rest = toned(text);
    loop {
        let after = |before: &&str| {
            let rest = rest.strip_prefix(&toned(before))?.strip_prefix(' ')?;
            Some(rest.to_owned())
        };
        match BEFORE.iter().find_map(after) {
            Some(shorter) => rest = shorter,
            None => return rest,
        }
    }
}

fn words(chars: impl Iterator<Item = char>) -> String {
    let mut out = String::new();
    let mut gap = false;
    for c in chars {
        if c.is_alphanumeric() || is_combining_mark(c) {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.extend(c.to_lowercase());
        } else {
            gap = true;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_compared_without_marks() {
        assert_eq!(plain("  Đơn  vị/CƠ QUAN (*)"), "don vi co quan");
        // The same text with marks as characters of their own.
        assert_eq!(plain("Lu\u{31b}o\u{31b}\u{323}t truy ca\u{323}\u{302}p"), "luot truy cap");
        assert_eq!(plain("#"), "");
    }

    #[test]
    fn units_keep_their_marks_and_lose_what_stands_before_them() {
        assert_eq!(toned("Hòa Bình"), toned("HOÀ BÌNH"));
        assert_ne!(toned("Tân Phú"), toned("Tấn Phú"));
        assert_eq!(unit("Cổng Thông tin điện tử tỉnh Hà Nam"), unit("Hà Nam"));
        assert_eq!(unit("TP. Hồ Chí Minh"), unit("Thành phố Hồ Chí Minh"));
        // A word that only begins like one of them stays.
        assert_eq!(unit("Tịnh Biên"), toned("Tịnh Biên"));
        assert_eq!(unit("Tỉnh"), toned("tỉnh"));
    }

    #[test]
    fn cells_are_tidied_and_cut() {
        assert_eq!(tidy(" a\u{a0}\n b\u{200b}c ", 100), "a bc");
        assert_eq!(tidy("o\u{302}\u{309}", 100), "ổ");
        assert_eq!(tidy(&"x".repeat(50), 10).chars().count(), 11);
    }
}
