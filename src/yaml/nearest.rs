//! The name a person probably meant.

use super::problem::quoted;
use crate::policy::Text;

/// Longest list of valid names that is written out.
const SHORT: usize = 16;

/// The closest of the valid names, if one is close enough to be meant.
pub fn nearest<'a>(word: &str, valid: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let fold = |s: &str| s.to_lowercase().replace(['_', ' ', '.'], "-");
    // A very long word is near to nothing, and comparing it would cost its square.
    let word: String = fold(word).chars().take(100).collect();
    let length = word.chars().count();
    let allowed = (length / 3).clamp(1, 4).min(length.saturating_sub(1));
    valid
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&word, &fold(name)), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Says which name was probably meant, and which are valid when they are few.
pub fn suggestion<'a>(word: &str, valid: impl IntoIterator<Item = &'a str>) -> Option<Text> {
    let valid: Vec<&str> = valid.into_iter().collect();
    let mut said = Text::default();
    if let Some(name) = nearest(word, valid.iter().copied()) {
        said = Text::new(format!("Có phải ý bạn là {}?", quoted(name)), format!("Did you mean {}?", quoted(name)));
    }
    let said_all = valid.len() == 1 && !said.vi.is_empty();
    if !valid.is_empty() && valid.len() <= SHORT && !said_all {
        let list = valid.iter().map(|n| quoted(n)).collect::<Vec<_>>().join(", ");
        let gap = if said.vi.is_empty() { "" } else { " " };
        said.vi += &format!("{gap}Các tên hợp lệ: {list}.");
        said.en += &format!("{gap}Valid names: {list}.");
    }
    (!said.vi.is_empty()).then_some(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_hand_is_recognised_and_a_stranger_is_not() {
        let valid = ["applies_to", "severity", "check"];
        assert_eq!(nearest("serverity", valid), Some("severity"));
        assert_eq!(nearest("Applies-To", valid), Some("applies_to"));
        assert_eq!(nearest("hostname", valid), None);
        assert_eq!(nearest(&"x".repeat(1_000_000), valid), None);
    }
}
