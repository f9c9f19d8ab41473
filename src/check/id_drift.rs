//! `id_drift`: the tracker id is still the one recorded when the site was last accepted. What else was recorded, the
//! snippet and the label, may change: that is said beside the verdict and never decides it.

use super::{Decided, Judged, Subject, note, state, tracker};
use crate::finding::{Note, NoteLevel, Place, safe};
use crate::policy::{Text, TrackerRef};
use crate::site::Recorded;

/// What is owed when an id changes.
const NOTIFY_VI: &str =
    " Thay đổi mã số phải được thông báo cho đơn vị vận hành hệ thống giám sát; sau đó chấp nhận bằng `rasoat lock`.";
const NOTIFY_EN: &str =
    " The operator of the monitoring system must be told of a changed id; then accept it with `rasoat lock`.";

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
    let changes = changes(&standing, recorded, subject);
    let mut judged = compare(standing, &recorded.emc_site_id);
    let grounds = match &mut judged {
        Ok(decided) => &mut decided.grounds,
        Err(unseen) => &mut unseen.grounds,
    };
    grounds.basis = basis;
    grounds.notes.extend(changes);
    judged
}

/// What else is not as it was recorded, while the id is.
fn changes(standing: &tracker::Standing, recorded: &Recorded, subject: &Subject<'_>) -> Vec<Note> {
    let Some(now) = state::of(standing, subject).filter(|_| standing.ids.contains(&recorded.emc_site_id)) else {
        return Vec::new();
    };
    let other = |was: &Option<String>, is: &Option<String>| was.is_some() && is.is_some() && was != is;
    let mut notes = Vec::new();
    if other(&recorded.snippet_sha256, &now.snippet_sha256) {
        let said = Text::new(
            "Lệnh hoặc địa chỉ trong mã giám sát đã khác lần ghi nhận trong rasoat.lock; nếu đúng là chủ ý, chấp nhận bằng `rasoat lock`.",
            "A command or address of the snippet is not as recorded in rasoat.lock; if that is meant, accept it with `rasoat lock`.",
        );
        notes.push(note("snippet-changed", NoteLevel::Warning, said, standing.places.clone()));
    }
    if other(&recorded.label, &now.label) {
        let (was, is) = (word(recorded.label.as_deref()), word(now.label.as_deref()));
        let said = Text::new(
            format!("Nhãn đã khác lần ghi nhận trong rasoat.lock: trước là “{was}”, nay là “{is}”."),
            format!("The label is not as recorded in rasoat.lock: it was “{was}” and is “{is}”."),
        );
        notes.push(note("label-changed", NoteLevel::Warning, said, Vec::<Place>::new()));
    }
    notes
}

/// A recorded word as people may read it.
fn word(text: Option<&str>) -> String {
    safe(text.unwrap_or_default(), 100)
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
            format!("Mã số trang là {}, khác mã số đã ghi nhận {recorded}.{NOTIFY_VI}", standing.ids.join(", ")),
            format!("The site id is {}, not the recorded {recorded}.{NOTIFY_EN}", standing.ids.join(", ")),
        ),
    );
    fail.grounds.places = standing.id_places;
    fail.grounds.reached = standing.reached;
    fail.grounds.expected = Some(recorded.to_owned());
    fail.grounds.actual = Some(standing.ids.join(", "));
    Ok(fail)
}
