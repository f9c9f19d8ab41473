//! Leave to weaken a mandatory rule: an overlay that does so is judged by only while a waiver for the whole rule
//! holds. Turns weakenings and waivers into leave or refusal; never changes the policy or a verdict.

use super::file::Waiver;
use super::load::Waivers;
use crate::finding::safe;
use crate::policy::{Date, Leave, LoadedPolicy, Text, Weakening};
use crate::yaml::{At, Problem, Problems};

/// A waiver that gives leave is for every site.
const EVERYWHERE: &str = "*";

/// Gives leave to what policies take from mandatory rules, where a waiver of the rule for all sites and with no
/// subject holds on that day (its last day included).
///
/// # Errors
/// What nobody gave leave for, with the waiver that is missing or has ended.
pub fn give_leave(policies: &mut [LoadedPolicy], waivers: Option<&Waivers>, today: Date) -> Result<(), Problems> {
    let mut problems = Problems::default();
    for weakening in policies.iter_mut().flat_map(|loaded| &mut loaded.weakened) {
        let of_rule = || waivers.into_iter().flat_map(Waivers::entries).filter(|(w, _)| w.rule == weakening.rule);
        let whole = || of_rule().filter(|(w, _)| is_for_all(w));
        match whole().find(|(waiver, _)| today <= waiver.expires) {
            Some((waiver, at)) => {
                let approved_by = safe(&waiver.approved_by, 100);
                weakening.leave = Some(Leave { at: at.clone(), approved_by, until: waiver.expires });
            }
            None => problems.push(refused(weakening, whole().next(), of_rule().next())),
        }
    }
    problems.or(())
}

/// Whether a waiver is for all of a rule, on every site.
pub(super) fn is_for_all(waiver: &Waiver) -> bool {
    waiver.site == EVERYWHERE && waiver.subject.is_none()
}

fn refused(weakening: &Weakening, ended: Option<(&Waiver, &At)>, other: Option<(&Waiver, &At)>) -> Problem {
    let problem = weakening.problem();
    match (ended, other) {
        (Some((waiver, at)), _) => {
            let (vi, day) = (waiver.expires.vi(), waiver.expires);
            let text =
                Text::new(format!("mục tạm chấp nhận đã hết hạn ngày {vi}"), format!("this waiver ended on {day}"));
            problem.label(&at.key("expires"), text)
        }
        (None, Some((_, at))) => problem.label(
            at,
            Text::new(
                "mục tạm chấp nhận này không bao trùm cả tiêu chí: cần `site: '*'` và không có `subject`",
                "this waiver does not cover the whole rule: `site: '*'` and no `subject` are wanted",
            ),
        ),
        (None, None) => problem,
    }
}

impl Waivers {
    /// The waivers with their places.
    fn entries(&self) -> impl Iterator<Item = (&Waiver, &At)> {
        self.waivers.iter().zip(&self.places)
    }
}
