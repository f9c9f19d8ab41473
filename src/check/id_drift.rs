//! `id_drift`: the tracker id is still the one recorded when the site was last accepted.

use super::{Decided, Judged, Subject, tracker};
use crate::policy::{Text, TrackerRef};

pub(super) fn judge(check: &TrackerRef, subject: &Subject<'_>) -> Judged {
    let Some(recorded) = subject.recorded else {
        return Ok(Decided::not_applicable(
            "nothing-recorded",
            Text::new(
                "Chưa ghi nhận mã số nào cho trang này trong rasoat.lock.",
                "No id is recorded for this site in rasoat.lock.",
            ),
        ));
    };
    let (name, tracker) = subject.tracker(check.tracker.as_deref())?;
    let standing = tracker::stand(subject, name, tracker)?;
    let basis = standing.basis;
    let mut judged = compare(standing, recorded);
    let grounds = match &mut judged {
        Ok(decided) => &mut decided.grounds,
        Err(unseen) => &mut unseen.grounds,
    };
    grounds.basis = basis;
    judged
}

fn compare(standing: tracker::Standing, recorded: &str) -> Judged {
    if standing.ids.iter().any(|id| id == recorded) {
        let mut pass = Decided::pass(Text::new(
            format!("Mã số trang vẫn là {recorded} như đã ghi nhận."),
            format!("The site id is still {recorded}, as recorded."),
        ));
        pass.grounds.reached = standing.reached;
        pass.grounds.places = standing.places;
        return Ok(pass);
    }
    if standing.ids.is_empty() {
        // No valid id: either it certainly is not there, or the bytes do not tell.
        let reached = standing.reached;
        let places = standing.faults.first().map(|f| f.places.clone()).unwrap_or_default();
        let certain = standing.faults.iter().any(|f| f.code != "csp-blocks") && standing.doubts.is_empty();
        if !certain && let Some((gap, doubt)) = standing.doubts.into_iter().next() {
            let mut unseen = super::Unseen::new(gap, doubt.code, doubt.reason);
            unseen.grounds.places = doubt.places;
            unseen.grounds.reached = reached;
            return Err(unseen);
        }
        let mut fail = Decided::fail(
            "site-id-gone",
            Text::new(
                format!("Đã ghi nhận mã số {recorded} nhưng trang không còn mã số hợp lệ nào."),
                format!("The id {recorded} is recorded, but the page no longer has a valid id."),
            ),
        );
        fail.grounds.places = places;
        fail.grounds.reached = reached;
        fail.grounds.expected = Some(recorded.to_owned());
        return Ok(fail);
    }
    let mut fail = Decided::fail(
        "site-id-drift",
        Text::new(
            format!("Mã số trang là {}, khác mã số đã ghi nhận {recorded}.", standing.ids.join(", ")),
            format!("The site id is {}, not the recorded {recorded}.", standing.ids.join(", ")),
        ),
    );
    fail.grounds.places = standing.id_places;
    fail.grounds.reached = standing.reached;
    fail.grounds.expected = Some(recorded.to_owned());
    fail.grounds.actual = Some(standing.ids.join(", "));
    Ok(fail)
}
