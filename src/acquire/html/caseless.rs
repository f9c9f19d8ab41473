//! Where a word stands in a text, in capitals or not: the letters of ASCII are compared without their case, as if the
//! text had been copied in lower case. It copies nothing and knows nothing of whole words.

use memchr::{memchr_iter, memchr2_iter};

/// Bytes of words by how rare they are on pages; others are commoner still.
const RARE: &[u8] = b"_jzwqfxkvybpudm-.";

/// Where a word begins, each time it stands there behind the last; `word` is in lower case. The same as `memmem` finds
/// in the text in lower case.
pub(in crate::acquire) fn places<'a>(text: &'a [u8], word: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    let rank = |b: &u8| RARE.iter().position(|rare| rare == b).unwrap_or(RARE.len());
    let (offset, rarest) = word.iter().copied().enumerate().min_by_key(|(_, b)| rank(b)).unwrap_or((0, 0));
    let capital = rarest.to_ascii_uppercase();
    let single = (capital == rarest).then(|| memchr_iter(rarest, text));
    let double = (capital != rarest).then(|| memchr2_iter(rarest, capital, text));
    let hits = single.into_iter().flatten().chain(double.into_iter().flatten());
    let mut behind = 0;
    hits.filter_map(move |at| {
        let begin = at.checked_sub(offset).filter(|begin| *begin >= behind && !word.is_empty())?;
        let end = begin + word.len();
        text.get(begin..end).filter(|there| there.eq_ignore_ascii_case(word))?;
        behind = end;
        Some(begin)
    })
}

/// Whether a word, in lower case, stands anywhere.
pub(in crate::acquire) fn finds(text: &[u8], word: &[u8]) -> bool {
    places(text, word).next().is_some()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn they_are_those_of_a_copy_in_lower_case(text in "[aAbB._é\u{130}\u{212a}kK]{0,30}", word in "[ab._ék]{1,3}") {
            let lower = text.to_ascii_lowercase();
            let copied: Vec<usize> = memchr::memmem::find_iter(lower.as_bytes(), &word).collect();
            let found: Vec<usize> = places(text.as_bytes(), word.as_bytes()).collect();
            prop_assert_eq!(finds(text.as_bytes(), word.as_bytes()), !copied.is_empty());
            prop_assert_eq!(found, copied);
        }
    }

    #[test]
    fn an_empty_word_stands_nowhere() {
        assert!(!finds(b"abc", b"") && !finds(b"", b"") && !finds(b"", b"a"));
    }
}
