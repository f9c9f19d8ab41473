//! What is asked of scores, held against them. A gate passes when even the points for certain reach it, fails when not
//! even all that is open could, and is inconclusive between; one that no score answers is never a pass.

use super::{Gate, GateKind, Gates, Scale, Score};
use crate::finding::Verdict;
use crate::policy::{Level, Points};

impl Gates {
    /// What was asked and no score answers, because no site has points of that kind: nobody can say that it holds.
    #[must_use]
    pub fn unanswered<'a>(&self, scores: impl IntoIterator<Item = &'a Score>) -> Vec<Gate> {
        let answered: Vec<&Gate> = scores.into_iter().flat_map(|score| &score.gates).collect();
        let answers = |asked: &Gate| {
            let same =
                |gate: &Gate| (gate.kind, &gate.group, &gate.wanted) == (asked.kind, &asked.group, &asked.wanted);
            answered.iter().copied().any(same)
        };
        self.asked().into_iter().filter(|gate| !answers(gate)).collect()
    }

    /// All that is asked, nothing of it answered yet.
    fn asked(&self) -> Vec<Gate> {
        let open = |kind, group: Option<&String>, wanted| Gate {
            kind,
            group: group.cloned(),
            wanted,
            verdict: Verdict::Inconclusive,
        };
        let score = self.min_score.map(|points| open(GateKind::Score, None, points.to_string()));
        let level = self.min_level.clone().map(|level| open(GateKind::Level, None, level));
        let groups = self.min_groups.iter().map(|(id, points)| open(GateKind::Group, Some(id), points.to_string()));
        score.into_iter().chain(level).chain(groups).collect()
    }
}

/// What is asked of a score, each with its answer.
pub(super) fn held(gates: &Gates, scale: &Scale, score: &Score) -> Vec<Gate> {
    let answered = |mut gate: Gate| {
        let (wanted, of, low, high, possible) = match gate.kind {
            GateKind::Score => (gates.min_score?, scale.points, score.low, score.high, score.possible),
            GateKind::Level => {
                let Level { from, .. } = scale.levels.iter().find(|level| level.id == gate.wanted)?;
                (*from, scale.points, score.low, score.high, score.possible)
            }
            GateKind::Group => {
                let group = score.groups.iter().find(|group| group.id == gate.group)?;
                let whole = scale.groups.iter().find(|whole| Some(&whole.id) == gate.group.as_ref())?;
                (*gates.min_groups.get(&whole.id)?, whole.points, group.low, group.high, group.possible)
            }
        };
        // Of a group of which nothing applies nothing can be asked.
        if possible == Points(0) {
            return None;
        }
        let reached = |points| scale.reaches(points, possible, wanted, of);
        gate.verdict = match (reached(low), reached(high)) {
            (true, _) => Verdict::Pass,
            (false, true) => Verdict::Inconclusive,
            (false, false) => Verdict::Fail,
        };
        Some(gate)
    };
    gates.asked().into_iter().filter_map(answered).collect()
}
