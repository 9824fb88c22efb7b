//! The verdict in words, and how it was come to.

use crate::openbadges::verify::{CheckId, CheckResult, Outcome, Report, Verdict};
use crate::texts::{self, Language};

use super::format::{date, moment};
use super::texts::{say, say_about};

/// What a page says of a badge before anything else.
#[derive(Debug)]
pub(super) struct Judgement {
    /// Names it in the style sheet: `good`, `remarks`, `bad`, `unknown`.
    pub(super) tone: &'static str,
    /// The verdict.
    pub(super) verdict: String,
    /// Why, in a sentence or two.
    pub(super) why: String,
    /// When.
    pub(super) judged: String,
    /// What was checked.
    pub(super) checks: Vec<Check>,
    /// Whether it stands: only then may somebody boast of it.
    pub(super) stands: bool,
}

/// One check.
#[derive(Debug)]
pub(super) struct Check {
    /// Names it in the style sheet.
    pub(super) tone: &'static str,
    /// What came out, in a word.
    pub(super) outcome: String,
    pub(super) title: String,
    pub(super) detail: String,
}

impl Judgement {
    /// What a report says, in a language.
    pub(super) fn of(report: &Report, language: Language) -> Self {
        let (tone, verdict) = match report.verdict {
            Verdict::Valid => ("good", "verdict-valid"),
            Verdict::ValidWithWarnings => ("remarks", "verdict-remarks"),
            Verdict::Invalid => ("bad", "verdict-invalid"),
            Verdict::Undetermined => ("unknown", "verdict-undetermined"),
        };
        Self {
            tone,
            verdict: say(language, verdict),
            why: why(report, language),
            judged: moment(language, report.verified_at),
            checks: report
                .checks
                .iter()
                .map(|check| Check::of(check, language))
                .collect(),
            stands: stands(report),
        }
    }

    /// What those who vouch for it say, as far as that was checked.
    pub(super) fn endorsements(report: &Report, language: Language) -> Vec<Check> {
        report
            .checks
            .iter()
            .filter(|check| {
                check.id == CheckId::Endorsements && check.outcome != Outcome::NotApplicable
            })
            .map(|check| Check::of(check, language))
            .collect()
    }
}

/// Whether a badge stands, perhaps with something to know.
pub(super) fn stands(report: &Report) -> bool {
    matches!(report.verdict, Verdict::Valid | Verdict::ValidWithWarnings)
}

/// The sentence that explains the verdict.
fn why(report: &Report, language: Language) -> String {
    let until = report.credential.as_ref().and_then(|it| it.valid_until);
    let worst = match report.verdict {
        Verdict::Valid => {
            return match until {
                Some(until) => {
                    let about = [("date", date(language, until).into())];
                    say_about(language, "why-valid-until", &about)
                }
                None => say(language, "why-valid"),
            };
        }
        Verdict::ValidWithWarnings => {
            [Outcome::Fail, Outcome::Unknown, Outcome::Warning].as_slice()
        }
        Verdict::Invalid => &[Outcome::Fail],
        Verdict::Undetermined => &[Outcome::Unknown],
    };
    let first = worst
        .iter()
        .find_map(|outcome| report.checks.iter().find(|check| check.outcome == *outcome));
    let Some(check) = first else {
        return String::new();
    };
    if let Some(dated) = dated(check, report, language) {
        return dated;
    }
    let title = texts::say(language, &check.title);
    let detail = texts::say(language, &check.detail);
    format!("{}. {detail}", title.trim_end_matches('.'))
}

/// Why it does not hold today, with the day as the language writes it.
fn dated(check: &CheckResult, report: &Report, language: Language) -> Option<String> {
    if check.id != CheckId::Validity || check.outcome != Outcome::Fail {
        return None;
    }
    let told = report.credential.as_ref()?;
    let at = report.verified_at;
    let (key, day) = match (told.valid_from, told.valid_until) {
        (Some(from), _) if at < from => ("why-early", from),
        (_, Some(until)) if at > until => ("why-expired", until),
        _ => return None,
    };
    Some(say_about(
        language,
        key,
        &[("date", date(language, day).into())],
    ))
}

impl Check {
    fn of(check: &CheckResult, language: Language) -> Self {
        let (tone, outcome) = match check.outcome {
            Outcome::Pass => ("good", "outcome-pass"),
            Outcome::Fail => ("bad", "outcome-fail"),
            Outcome::Warning => ("remarks", "outcome-warning"),
            Outcome::Unknown => ("unknown", "outcome-unknown"),
            Outcome::NotApplicable => ("none", "outcome-none"),
        };
        Self {
            tone,
            outcome: say(language, outcome),
            title: texts::say(language, &check.title).into_owned(),
            detail: texts::say(language, &check.detail).into_owned(),
        }
    }
}
