//! Sites in the order of their points: by what is certain, as a share of what each can have. Never scores anything.

use std::cmp::Ordering;

use super::Score;

/// Scores of one policy with their ranks, best first: equal shares have one rank, and the next is left out as often.
/// A site that can have no points has no rank and is left out.
#[must_use]
pub fn order<'a>(scores: impl IntoIterator<Item = &'a Score>) -> Vec<(u32, &'a Score)> {
    let mut scores: Vec<&Score> = scores.into_iter().filter(|score| score.possible.0 > 0).collect();
    // Stable: equal ones stay as the report has them.
    scores.sort_by(|a, b| compare(b, a));
    let mut ranked: Vec<(u32, &Score)> = Vec::with_capacity(scores.len());
    for (place, score) in (1u32..).zip(scores) {
        let rank = match ranked.last() {
            Some((rank, before)) if compare(before, score) == Ordering::Equal => *rank,
            _ => place,
        };
        ranked.push((rank, score));
    }
    ranked
}

fn compare(a: &Score, b: &Score) -> Ordering {
    let part = |low: u32, possible: u32| u64::from(low) * u64::from(possible);
    part(a.low.0, b.possible.0).cmp(&part(b.low.0, a.possible.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Points;

    fn score(site: &str, low: u32, possible: u32) -> Score {
        Score {
            policy: "p".to_owned(),
            site: site.to_owned(),
            possible: Points(possible),
            removed: Points(0),
            low: Points(low),
            high: Points(possible),
            attested: Points(0),
            level: None,
            level_low: None,
            level_high: None,
            groups: Vec::new(),
            gates: Vec::new(),
        }
    }

    #[test]
    fn equal_shares_have_one_rank_and_the_next_is_left_out() {
        let all = [
            score("a", 5_000, 10_000),
            score("b", 9_000, 10_000),
            score("none", 0, 0),
            score("c", 2_500, 5_000),
            score("d", 0, 10_000),
        ];
        let ranks: Vec<(u32, &str)> = order(&all).into_iter().map(|(rank, s)| (rank, s.site.as_str())).collect();
        assert_eq!(ranks, [(1, "b"), (2, "a"), (2, "c"), (4, "d")]);
    }
}
