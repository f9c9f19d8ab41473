//! The baseline over failures: one that was there before stays a failure and is known. A failure that has grown is
//! not; what was mended is told, so that people prune it.

use super::baseline::Baseline;
use super::change::Acts;
use super::lay::{Scope, add, info, list};
use crate::finding::{Finding, Note, Verdict};
use crate::policy::Text;

/// Marks known failures.
pub(super) fn lay(baseline: &Baseline, scope: &Scope<'_>, findings: &mut [Finding], acts: &mut Acts) -> Vec<Note> {
    for finding in findings.iter_mut().filter(|f| f.verdict == Verdict::Fail) {
        let waived = finding.waiver.as_ref().map_or_else(Vec::new, |w| w.subjects.clone());
        let Some(new) = baseline.new_in(finding, &waived) else {
            finding.known = true;
            acts.known.push((finding.site.clone(), finding.rule.clone()));
            continue;
        };
        let (new_count, all) = (new.len(), finding.subjects.len());
        if new_count + waived.len() < all && new_count > 0 {
            let (known, names) = (all - new_count - waived.len(), list(new.iter().map(ToString::to_string)));
            let sentence = Text::new(
                format!("Trong {all} phần có {known} phần đã biết; phần mới: {names}."),
                format!("Of {all} parts {known} are known; new: {names}."),
            );
            add(finding, &sentence);
        }
    }
    let mended = baseline.mended(findings, &scope.partly);
    // A finding tells that its rule and site were looked at; the list of names needs no more.
    let names: Vec<String> = mended
        .keys()
        .filter(|(site, rule)| scope.rules.contains(rule.as_str()) && scope.judged.contains(site.as_str()))
        .map(|(site, rule)| format!("{site}: {rule}"))
        .collect();
    if names.is_empty() {
        return Vec::new();
    }
    let (n, names) = (names.len(), list(names.into_iter()));
    let text = Text::new(
        format!("Lỗi đã biết nay đã sửa ({n}): {names}. Hãy chạy `rasoat baseline prune`."),
        format!("Known failures that were mended ({n}): {names}. Run `rasoat baseline prune`."),
    );
    vec![info("baseline-mended", text, Vec::new())]
}
