//! `parse`: could the file be read, and does it hold one badge?

use crate::openbadges::verify::presented::Presented;
use crate::openbadges::verify::report::{CheckId, CheckResult, Outcome, sentence};
use crate::openbadges::verify::secured::{Envelope, Refusal, Secured};

/// The badge, and that it could be read; or only why not.
pub(in crate::openbadges::verify) fn check(
    presented: &Presented,
) -> (CheckResult, Option<&Secured>) {
    let result = |outcome, title: &str, detail: String| {
        CheckResult::new(CheckId::Parse, outcome, title, detail)
    };
    match &presented.content {
        Ok(secured) => {
            let secured_by = match secured.envelope {
                Envelope::Embedded => "with its proof inside",
                Envelope::Jws { .. } => "secured as a JWT",
            };
            let detail = format!(
                "It came as {}: one badge, {secured_by}.",
                presented.form.words()
            );
            (
                result(Outcome::Pass, "The file holds a badge", detail),
                Some(secured),
            )
        }
        Err(Refusal::Unreadable(why)) => (
            result(
                Outcome::Fail,
                "The file holds no badge that can be read",
                sentence(why),
            ),
            None,
        ),
        Err(Refusal::NotHandled(why)) => (
            result(Outcome::Unknown, "This is not verified here", sentence(why)),
            None,
        ),
    }
}
