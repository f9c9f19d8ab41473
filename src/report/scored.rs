//! Scores and what was asked of them as lines for people, the same in every format: points as each language writes
//! numbers, an interval where something is open, and what the level goes by. Nothing is worked out anew here.

use super::words::Lang;
use super::{Report, plain};
use crate::finding::Verdict;
use crate::policy::Points;
use crate::score::{Gate, GateKind, Score, rescaled};

/// From so many points to so many; one number when both are the same.
#[must_use]
pub fn between(low: Points, high: Points, lang: Lang) -> String {
    if low == high { lang.points(low) } else { format!("{}–{}", lang.points(low), lang.points(high)) }
}

/// The level, or the two it lies between; `None` without levels.
pub(super) fn level(score: &Score, lang: Lang) -> Option<String> {
    let (low, high) = (score.level_low.as_deref()?, score.level_high.as_deref()?);
    let low_name = plain::line_of(low, 60);
    if low == high {
        return Some(lang.of(format!("mức {low_name}"), format!("level {low_name}")));
    }
    let high = plain::line_of(high, 60);
    Some(lang.of(
        format!("mức từ {low_name} đến {high}, chưa xác định"),
        format!("level from {low_name} to {high}, not decided"),
    ))
}

/// `62,5–71 trên 100` of a site or a group; with points taken out also what that is on the whole scale, by which
/// levels go.
pub(super) fn share(low: Points, high: Points, possible: Points, of: Points, lang: Lang) -> String {
    let mut text = format!("{} {} {}", between(low, high, lang), lang.of("trên", "of"), lang.points(possible));
    if possible != of {
        let on = |value| rescaled(value, possible, of);
        let (low, high, all) = (on(low), on(high), lang.points(of));
        text.push_str(&lang.of(
            format!(" (quy về thang {all}: {})", between(low, high, lang)),
            format!(" ({} on the scale of {all})", between(low, high, lang)),
        ));
    }
    text
}

/// A site's score as one line, without its name.
pub(super) fn line(report: &Report, score: &Score, lang: Lang) -> String {
    let of = report.scale_of(&score.policy).map_or(score.possible, |scale| scale.points);
    let mut parts = vec![share(score.low, score.high, score.possible, of, lang)];
    parts.extend(level(score, lang));
    if score.removed > Points(0) {
        let removed = lang.points(score.removed);
        parts.push(lang.of(format!("{removed} điểm không áp dụng"), format!("{removed} points do not apply")));
    }
    if score.attested > Points(0) {
        let attested = lang.points(score.attested);
        parts.push(lang.of(format!("theo xác nhận {attested}"), format!("attested {attested}")));
    }
    parts.join(" · ")
}

/// Something asked of a score that is not kept, or that nobody can tell.
pub(super) struct Unkept<'a> {
    /// The score; `None` when no site has one.
    pub(super) score: Option<&'a Score>,
    /// What is asked.
    pub(super) gate: Gate,
}

/// All that was asked of scores and does not hold, failures first.
pub(super) fn unkept(report: &Report) -> Vec<Unkept<'_>> {
    let told = report.scores.iter().flat_map(|score| score.gates.iter().map(move |gate| (score, gate)));
    let mut all: Vec<Unkept<'_>> = told
        .filter(|(_, gate)| gate.verdict != Verdict::Pass)
        .map(|(score, gate)| Unkept { score: Some(score), gate: gate.clone() })
        .collect();
    all.extend(report.gates.unanswered(&report.scores).into_iter().map(|gate| Unkept { score: None, gate }));
    all.sort_by_key(|one| one.gate.verdict != Verdict::Fail);
    all
}

/// What a gate asks: `điểm ít nhất 80`.
pub(super) fn asked(gate: &Gate, lang: Lang) -> String {
    let wanted = || Points::parse(&gate.wanted).map_or_else(|| plain::line_of(&gate.wanted, 60), |n| lang.points(n));
    let group = || plain::line_of(gate.group.as_deref().unwrap_or_default(), 80);
    match gate.kind {
        GateKind::Score => lang.of(format!("điểm ít nhất {}", wanted()), format!("at least {} points", wanted())),
        GateKind::Level => {
            let level = plain::line_of(&gate.wanted, 60);
            lang.of(format!("mức thấp nhất {level}"), format!("level {level} or better"))
        }
        GateKind::Group => lang.of(
            format!("nhóm {} ít nhất {} điểm", group(), wanted()),
            format!("at least {} points in group {}", wanted(), group()),
        ),
    }
}

/// Whether a gate is reached.
pub(super) fn reached(gate: &Gate, lang: Lang) -> &'static str {
    match gate.verdict {
        Verdict::Pass => lang.of("đạt ngưỡng", "reached"),
        Verdict::Fail => lang.of("không đạt ngưỡng", "not reached"),
        _ => lang.of("chưa kết luận được, còn nội dung chưa rõ", "not decided, something is not known"),
    }
}

/// What stands against a gate: what the site has.
pub(super) fn answer(report: &Report, score: Option<&Score>, gate: &Gate, lang: Lang) -> String {
    let Some(score) = score else {
        return lang.of(
            "không trang nào có điểm để so với ngưỡng này".to_owned(),
            "no site has points to hold against this".to_owned(),
        );
    };
    let has = match gate.kind {
        GateKind::Score | GateKind::Level => line(report, score, lang),
        GateKind::Group => of_group(report, score, gate, lang),
    };
    format!("{}: {has}", reached(gate, lang))
}

/// What a site has of a gate's group.
pub(super) fn of_group(report: &Report, score: &Score, gate: &Gate, lang: Lang) -> String {
    let scale = report.scale_of(&score.policy);
    let whole = scale.and_then(|s| s.groups.iter().find(|g| Some(&g.id) == gate.group.as_ref()));
    let group = score.groups.iter().find(|group| group.id == gate.group);
    group.map_or_else(String::new, |g| {
        share(g.low, g.high, g.possible, whole.map_or(g.possible, |whole| whole.points), lang)
    })
}

/// What a run's line of numbers adds when something asked of scores does not hold; empty when all does.
pub(super) fn gate_counts(report: &Report, lang: Lang) -> String {
    let unkept = unkept(report);
    let failed = unkept.iter().filter(|one| one.gate.verdict == Verdict::Fail).count();
    let open = unkept.len() - failed;
    let mut text = String::new();
    if failed > 0 {
        let word = if failed == 1 { "gate" } else { "gates" };
        text.push_str(
            &lang.of(format!(" · {failed} ngưỡng điểm không đạt"), format!(" · {failed} score {word} not reached")),
        );
    }
    if open > 0 {
        let word = if open == 1 { "gate" } else { "gates" };
        text.push_str(
            &lang
                .of(format!(" · {open} ngưỡng điểm chưa kết luận được"), format!(" · {open} score {word} not decided")),
        );
    }
    text
}

/// The site of a gate, for titles; the tool's own name when no site has points.
pub(super) fn whose(report: &Report, score: Option<&Score>) -> String {
    plain::line_of(score.map_or(report.tool.name.as_str(), |score| score.site.as_str()), 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_written_as_each_language_writes_numbers() {
        for (hundredths, vi, en) in [
            (0, "0", "0"),
            (125, "1,25", "1.25"),
            (8_950, "89,5", "89.5"),
            (123_450, "1.234,5", "1,234.5"),
            (100_000_000, "1.000.000", "1,000,000"),
            (5, "0,05", "0.05"),
        ] {
            assert_eq!(
                (Lang::Vi.points(Points(hundredths)), Lang::En.points(Points(hundredths))),
                (vi.into(), en.into())
            );
        }
        assert_eq!(between(Points(100), Points(250), Lang::Vi), "1–2,5");
        assert_eq!(between(Points(100), Points(100), Lang::Vi), "1");
    }
}
