//! What must hold of every score, whatever the policy and whatever was found.

use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_oneof, proptest};
use proptest::{prop_assert, prop_assert_eq};
use rasoat::finding::{Basis, Finding, Share, Verdict};
use rasoat::policy::{Level, Points};
use rasoat::score::{Counted, Gates, Scale, Score, Weight};
use rasoat::site::Role;

use super::{finding, group, scored, scored_with};

/// One rule of a made-up policy, and what was found of it.
#[derive(Debug, Clone)]
struct Cell {
    group: usize,
    points: u32,
    partial: bool,
    asked: bool,
    skipped: bool,
    found: Found,
}

#[derive(Debug, Clone, Copy)]
struct Found {
    verdict: Verdict,
    known: bool,
    stated: bool,
    earned: Option<Share>,
}

fn found() -> impl Strategy<Value = Found> {
    let verdict = prop::sample::select(vec![
        Verdict::Pass,
        Verdict::Fail,
        Verdict::Inconclusive,
        Verdict::Inconclusive,
        Verdict::NotApplicable,
        Verdict::Waived,
    ]);
    let share = (0u32..12, 0u32..4, 0u32..12).prop_map(|(met, open, of)| Share { met, open, of });
    (verdict, any::<bool>(), any::<bool>(), prop::option::of(share)).prop_map(|(verdict, known, stated, earned)| {
        Found {
            verdict,
            known: known && verdict == Verdict::Fail,
            stated,
            earned: earned.filter(|_| matches!(verdict, Verdict::Pass | Verdict::Fail | Verdict::Waived)),
        }
    })
}

fn cell() -> impl Strategy<Value = Cell> {
    let points = prop_oneof![0u32..2_000, Just(125), Just(3_333), 0u32..20_000_000];
    (0usize..4, points, any::<bool>(), prop::bool::weighted(0.85), prop::bool::weighted(0.15), found()).prop_map(
        |(group, points, partial, asked, skipped, found)| Cell { group, points, partial, asked, skipped, found },
    )
}

/// A policy of so many groups (none: rules have points of their own), points that no rule hands out, levels, findings.
#[derive(Debug, Clone)]
struct World {
    groups: usize,
    slack: [u32; 4],
    bounds: Vec<u32>,
    cells: Vec<Cell>,
}

fn world() -> impl Strategy<Value = World> {
    let slack = prop::array::uniform4(prop_oneof![Just(0u32), 1u32..5_000]);
    let bounds = prop::collection::vec(1u32..10_000, 0..6);
    (0usize..5, slack, bounds, prop::collection::vec(cell(), 1..8)).prop_map(|(groups, slack, bounds, cells)| World {
        groups,
        slack,
        bounds,
        cells,
    })
}

impl World {
    fn scale(&self) -> Scale {
        let rules: Vec<Weight> = self.cells.iter().enumerate().map(|(n, cell)| self.weight(n, cell)).collect();
        let sum = |id: &str| rules.iter().filter(|w| w.group.as_deref() == Some(id)).map(|w| w.points.0).sum::<u32>();
        let groups: Vec<_> = (0..self.groups).map(|n| (format!("g{n}"), self.slack[n])).collect();
        let groups: Vec<_> = groups.iter().map(|(id, slack)| group(id, sum(id) + slack)).collect();
        let points = if groups.is_empty() {
            rules.iter().map(|w| w.points.0).sum()
        } else {
            groups.iter().map(|g| g.points.0).sum::<u32>()
        };
        // Bounds anywhere below the total, and one at nought.
        let mut from: Vec<u32> =
            self.bounds.iter().map(|b| (u64::from(points) * u64::from(*b) / 10_000) as u32).collect();
        from.push(0);
        from.sort_unstable_by(|a, b| b.cmp(a));
        from.dedup();
        let levels =
            from.iter().enumerate().map(|(n, from)| Level { id: format!("L{n}"), from: Points(*from) }).collect();
        Scale { points: Points(points), groups, levels, rules }
    }

    fn weight(&self, n: usize, cell: &Cell) -> Weight {
        Weight {
            rule: format!("r{n}"),
            group: (self.groups > 0).then(|| format!("g{}", cell.group % self.groups)),
            points: Points(cell.points),
            partial: cell.partial,
            applies_to: vec![if cell.asked { Role::Service } else { Role::Portal }],
            skipped: cell.skipped,
        }
    }

    fn findings(&self) -> Vec<Finding> {
        let judged = self.cells.iter().enumerate().filter(|(_, cell)| cell.asked && !cell.skipped);
        judged.map(|(n, cell)| self.finding(n, cell.found)).collect()
    }

    fn finding(&self, n: usize, found: Found) -> Finding {
        let mut one = finding(&format!("r{n}"), found.verdict);
        (one.known, one.earned) = (found.known, found.earned);
        if found.stated {
            one.basis = Basis::Attested;
        }
        one
    }

    fn score(&self) -> Option<Score> {
        scored(&self.scale(), &self.findings())
    }
}

/// Whether a part of a whole is at least as large as another of another.
fn at_least(a: Points, of_a: Points, b: Points, of_b: Points) -> bool {
    u64::from(a.0) * u64::from(of_b.0) >= u64::from(b.0) * u64::from(of_a.0)
}

fn position(scale: &Scale, level: Option<&String>) -> usize {
    scale.levels.iter().position(|known| Some(&known.id) == level).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn sums_add_up_at_every_level(world in world()) {
        let scale = world.scale();
        let Some(score) = world.score() else { return Ok(()) };
        let sum = |points: fn(&rasoat::score::GroupScore) -> Points| score.groups.iter().map(|g| points(g).0).sum::<u32>();
        prop_assert_eq!(score.low.0, sum(|g| g.low));
        prop_assert_eq!(score.high.0, sum(|g| g.high));
        prop_assert_eq!(score.possible.0, sum(|g| g.possible));
        prop_assert_eq!(score.removed.0, sum(|g| g.removed));
        prop_assert_eq!(score.attested.0, sum(|g| g.attested));
        prop_assert_eq!(score.possible.0 + score.removed.0, scale.points.0);
        prop_assert!(score.possible.0 > 0);
        prop_assert!(score.attested <= score.low && score.low <= score.high && score.high <= score.possible);
        prop_assert_eq!(score.groups.iter().map(|g| g.rules.len()).sum::<usize>(), world.cells.len());
        for (n, group) in score.groups.iter().enumerate() {
            let whole = scale.groups.get(n).map_or(scale.points, |group| group.points);
            let rules = |points: fn(&rasoat::score::RuleScore) -> u32| group.rules.iter().map(points).sum::<u32>();
            prop_assert_eq!(group.possible.0 + group.removed.0, whole.0);
            prop_assert_eq!(group.low.0, rules(|r| r.low.0));
            prop_assert_eq!(group.high.0, rules(|r| r.high.0) + group.unassigned.0);
            prop_assert_eq!(rules(|r| r.points.0) + group.unassigned.0, whole.0);
            prop_assert_eq!(group.removed.0, rules(|r| if r.counted == Counted::Removed { r.points.0 } else { 0 }));
            prop_assert_eq!(group.attested.0, rules(|r| if r.attested { r.low.0 } else { 0 }));
            for rule in &group.rules {
                prop_assert!(rule.low <= rule.high && rule.high <= rule.points);
            }
        }
    }

    /// Whatever was not known and becomes known: what is certain stays, and what was out of reach stays so.
    #[test]
    fn more_evidence_never_lowers_low_nor_raises_high(world in world(), at in 0usize..8, later in found(), met in 0u32..4) {
        let mut wiser = world.clone();
        let n = at % world.cells.len();
        let cell = &mut wiser.cells[n];
        let open = |found: &Found| found.earned.is_some_and(|share| share.open > 0);
        if cell.skipped {
            // The run is told to judge it after all.
            cell.skipped = false;
            cell.found = later;
        } else if cell.found.verdict == Verdict::Inconclusive {
            cell.found = later;
        } else if open(&cell.found) {
            let share = cell.found.earned.as_mut().unwrap();
            share.met += met.min(share.open);
            share.open = 0;
        }
        let (Some(before), Some(after)) = (world.score(), wiser.score()) else { return Ok(()) };
        prop_assert!(after.low >= before.low, "{before:?}\n{after:?}");
        prop_assert!(after.high <= before.high, "{before:?}\n{after:?}");
        prop_assert!(at_least(after.low, after.possible, before.low, before.possible));
        prop_assert!(at_least(before.high, before.possible, after.high, after.possible));
        // Levels stand highest first.
        let scale = world.scale();
        prop_assert!(position(&scale, after.level_low.as_ref()) <= position(&scale, before.level_low.as_ref()));
        prop_assert!(position(&scale, after.level_high.as_ref()) >= position(&scale, before.level_high.as_ref()));
        if before.level.is_some() {
            prop_assert_eq!(before.level, after.level);
        }
    }

    #[test]
    fn what_a_gate_decided_stays_decided(world in world(), at in 0usize..8, later in found(), wanted in 0u32..=10_000) {
        let mut wiser = world.clone();
        let n = at % world.cells.len();
        if wiser.cells[n].found.verdict != Verdict::Inconclusive { return Ok(()) }
        wiser.cells[n].found = later;
        let scale = world.scale();
        let part = |of: Points| Points((u64::from(of.0) * u64::from(wanted) / 10_000) as u32);
        let gates = Gates {
            min_score: Some(part(scale.points)),
            min_level: scale.levels.first().map(|level| level.id.clone()),
            min_groups: scale.groups.iter().map(|g| (g.id.clone(), part(g.points))).collect(),
        };
        let of = |world: &World| scored_with(&world.scale(), &world.findings(), &gates);
        let (Some(before), Some(after)) = (of(&world), of(&wiser)) else { return Ok(()) };
        for gate in &before.gates {
            let Some(now) = after.gates.iter().find(|g| (g.kind, &g.group) == (gate.kind, &gate.group)) else { continue };
            prop_assert!(gate.verdict == Verdict::Inconclusive || gate.verdict == now.verdict, "{gate:?} {now:?}");
        }
    }

    /// Every hundredth has one level, and more points never a lower one.
    #[test]
    fn levels_have_no_gap(world in world(), steps in prop::collection::vec(any::<u32>(), 1..50)) {
        let mut world = world;
        world.cells.iter_mut().for_each(|cell| cell.points %= 500);
        world.cells[0].points += 1;
        let scale = world.scale();
        let mut last = usize::MAX;
        for hundredth in 0..=scale.points.0 {
            let level = scale.level(Points(hundredth), scale.points).unwrap();
            let fits = |n: usize| {
                let below = n.checked_sub(1).map(|above| scale.levels[above].from.0);
                scale.levels[n].from.0 <= hundredth && below.is_none_or(|bound| hundredth < bound)
            };
            let one: Vec<usize> = (0..scale.levels.len()).filter(|n| fits(*n)).collect();
            prop_assert_eq!(one.len(), 1);
            prop_assert_eq!(&scale.levels[one[0]].id, &level.id);
            prop_assert!(one[0] <= last);
            last = one[0];
        }
        // Of a part of all points too, and as what is shown says.
        for step in steps {
            let possible = 1 + step % scale.points.0;
            let points = Points(step / 7 % (possible + 1));
            let level = scale.level(points, Points(possible)).unwrap();
            let shown = scale.of_all(points, Points(possible));
            prop_assert_eq!(&scale.level(shown, scale.points).unwrap().id, &level.id);
        }
    }

    #[test]
    fn order_does_not_matter(world in world(), turn in 0usize..8) {
        let (mut scale, mut findings) = (world.scale(), world.findings());
        let before = scored(&scale, &findings);
        let (rules, groups) = (scale.rules.len(), scale.groups.len().max(1));
        scale.rules.rotate_left(turn % rules);
        scale.rules.reverse();
        if !scale.groups.is_empty() { scale.groups.rotate_left(turn % groups); }
        findings.reverse();
        let after = scored(&scale, &findings);
        let sorted = |score: Option<Score>| score.map(|mut score| {
            score.groups.sort_by(|a, b| a.id.cmp(&b.id));
            score.groups.iter_mut().for_each(|g| g.rules.sort_by(|a, b| a.rule.cmp(&b.rule)));
            score
        });
        prop_assert_eq!(sorted(before), sorted(after));
    }

    #[test]
    fn a_stored_score_and_its_scale_come_back_exactly(world in world()) {
        let scale = world.scale();
        let back: Scale = serde_json::from_str(&serde_json::to_string(&scale).unwrap()).unwrap();
        prop_assert_eq!(&back, &scale);
        if let Some(score) = world.score() {
            let back: Score = serde_json::from_str(&serde_json::to_string(&score).unwrap()).unwrap();
            prop_assert_eq!(back, score);
        }
    }

    #[test]
    fn every_hundredth_is_written_and_read_as_itself(hundredths in 0u32..=Points::MOST.0) {
        let points = Points(hundredths);
        let text = serde_json::to_string(&points).unwrap();
        prop_assert_eq!(serde_json::from_str::<Points>(&text).unwrap(), points);
        prop_assert_eq!(Points::parse(&points.to_string()), Some(points));
        prop_assert_eq!(&text, &points.to_string());
    }
}
