//! `--min-score`, `--min-level` and `--min-group`: what scores must reach, held against the points that the policies
//! have before anything is visited. A gate that no score could ever answer is refused.

use clap::Args;

use super::{targets, units};
use crate::error::Error;
use crate::finding::safe;
use crate::policy::{Points, Text};
use crate::score::{Gates, Scale};
use crate::yaml::nearest;

#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Scores")]
pub(super) struct Scoring {
    /// Điểm thấp nhất của một trang theo thang điểm của bộ tiêu chí – fewest points of a site, on the policy's scale
    #[arg(long, value_name = "N", value_parser = units::points, allow_negative_numbers = true)]
    pub(super) min_score: Option<Points>,
    /// Mức thấp nhất của một trang, như C – lowest level of a site, as C
    #[arg(long, value_name = "LEVEL")]
    pub(super) min_level: Option<String>,
    /// Điểm thấp nhất của một nhóm (lặp lại được) – fewest points in a group (repeatable)
    #[arg(long = "min-group", value_name = "GROUP=N", value_parser = units::points_of)]
    pub(super) min_groups: Vec<(String, Points)>,
}

impl Scoring {
    /// What was asked; the last word about a group holds.
    pub(super) fn gates(&self) -> Gates {
        Gates {
            min_score: self.min_score,
            min_level: self.min_level.clone(),
            min_groups: self.min_groups.iter().cloned().collect(),
        }
    }
}

/// Refuses gates that the policies have no points, level or group for; `scales` are those of all policies that have
/// any.
pub(super) fn possible(gates: &Gates, scales: &[&Scale]) -> Result<(), Error> {
    if gates.is_empty() {
        return Ok(());
    }
    if scales.is_empty() {
        return Err(Error::usage(Text::new(
            "--min-score, --min-level, --min-group: bộ tiêu chí không có thang điểm, nên không trang nào có điểm; hãy bỏ các ngưỡng này hoặc dùng bộ tiêu chí có điểm (-p).",
            "--min-score, --min-level, --min-group: the policy has no points, so no site has a score; leave these out or take a policy with points (-p).",
        )));
    }
    if let Some(wanted) = gates.min_score {
        for scale in scales {
            within("--min-score", wanted, scale.points)?;
        }
    }
    if let Some(level) = &gates.min_level {
        let with: Vec<&&Scale> = scales.iter().filter(|scale| !scale.levels.is_empty()).collect();
        let ids = || scales.iter().flat_map(|scale| &scale.levels).map(|level| level.id.as_str());
        let everywhere = with.iter().all(|scale| scale.levels.iter().any(|known| known.id == *level));
        if with.is_empty() || !everywhere {
            return Err(unknown("--min-level", level, ids().collect()));
        }
    }
    for (id, wanted) in &gates.min_groups {
        let groups = || scales.iter().flat_map(|scale| &scale.groups);
        if !groups().any(|group| group.id == *id) {
            return Err(unknown("--min-group", id, groups().map(|group| group.id.as_str()).collect()));
        }
        for group in groups().filter(|group| group.id == *id) {
            within(&format!("--min-group {}", safe(id, 80)), *wanted, group.points)?;
        }
    }
    Ok(())
}

fn within(flag: &str, wanted: Points, most: Points) -> Result<(), Error> {
    if wanted <= most {
        return Ok(());
    }
    Err(Error::usage(Text::new(
        format!("{flag}: {wanted} điểm không thể đạt, tối đa {most}."),
        format!("{flag}: {wanted} points are out of reach, there are {most}."),
    )))
}

/// What is not there, the nearest that is, and all of them.
fn unknown(flag: &str, name: &str, known: Vec<&str>) -> Error {
    if known.is_empty() {
        return Error::usage(Text::new(
            format!("{flag}: bộ tiêu chí không có mức hoặc nhóm nào."),
            format!("{flag}: the policy has none."),
        ));
    }
    // One letter is near to every other, so what is short is helped by the list.
    let hint = nearest(name, known.iter().copied());
    let list = safe(&known.join(", "), 500);
    let said = targets::unknown(flag, &safe(name, 80), hint).text();
    Error::usage(Text::new(format!("{} Hiện có: {list}.", said.vi), format!("{} There are: {list}.", said.en)))
}
