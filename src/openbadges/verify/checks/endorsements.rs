//! `endorsements`: do those who vouch for the badge really do? (conformance §4.8)
//!
//! Endorsements stand on the badge, its achievement, and on any profile; each is a credential of
//! its own, with its own proof, dates and status. One that does not hold says nothing against the
//! badge.

use serde_json::Value;

use super::issuer::Authentic;
use super::{claims, schema, status, structure, validity};
use crate::openbadges::model::checked::Profile;
use crate::openbadges::model::many::items;
use crate::openbadges::verify::beside::authenticate;
use crate::openbadges::verify::needs::{Desk, shown};
use crate::openbadges::verify::report::{CheckId, CheckResult, Doubt, Outcome};
use crate::openbadges::verify::secured::Secured;

/// Endorsements verified, at most.
const MAX_ENDORSEMENTS: usize = 16;

/// Profiles above a profile that are looked at, at most.
const MAX_PARENTS: usize = 8;

/// An endorsement that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::openbadges::verify) struct Endorsed {
    /// Who vouches.
    pub(in crate::openbadges::verify) by: String,
    /// For what: the id of an achievement, a profile or a badge.
    pub(in crate::openbadges::verify) subject: String,
}

/// Verifies each endorsement, once the badge that carries them is known to be its issuer's.
pub(in crate::openbadges::verify) fn check(
    credential: &Value,
    authentic: Option<&Authentic>,
    desk: &mut Desk<'_>,
) -> (Vec<CheckResult>, Vec<Endorsed>) {
    let found = all(credential);
    if found.is_empty() {
        let detail = "Nobody vouches for it in it.";
        return (
            vec![result(
                Outcome::NotApplicable,
                "The badge has no endorsements",
                detail,
            )],
            Vec::new(),
        );
    }
    if authentic.is_none() {
        let detail = "Who issued the badge is not established, so those who vouch for it were not \
            looked up.";
        return (
            vec![result(
                Outcome::Unknown,
                "The endorsements were not verified",
                detail,
            )],
            Vec::new(),
        );
    }
    let mut results = Vec::new();
    let mut endorsed = Vec::new();
    for place in found.iter().take(MAX_ENDORSEMENTS) {
        let (outcome, title, detail) = match verify(place, desk) {
            Ok(Held { by, detail }) => match by {
                Some(by) => {
                    endorsed.push(by);
                    (Outcome::Pass, "An endorsement holds", detail)
                }
                None => (
                    Outcome::Warning,
                    "An endorsement holds, with a key that nobody names",
                    detail,
                ),
            },
            Err(doubt) if doubt.outcome == Outcome::Unknown => (
                Outcome::Unknown,
                "An endorsement could not be verified",
                doubt.why,
            ),
            Err(doubt) => (Outcome::Warning, "An endorsement does not hold", doubt.why),
        };
        results.push(result(outcome, title, detail).at(&place.pointer));
    }
    if found.len() > MAX_ENDORSEMENTS {
        let detail = format!(
            "The badge has {} endorsements; {MAX_ENDORSEMENTS} were verified.",
            found.len()
        );
        results.push(result(
            Outcome::Unknown,
            "Not every endorsement was verified",
            detail,
        ));
    }
    (results, endorsed)
}

/// An endorsement and where it stands.
struct Place<'a> {
    value: &'a Value,
    pointer: String,
    /// The id of what carries it.
    carrier: Option<&'a str>,
}

/// All endorsements of a badge, in order.
fn all(credential: &Value) -> Vec<Place<'_>> {
    let mut found = Vec::new();
    on(credential, "", &mut found);
    for (pointer, is_profile) in [
        ("/credentialSubject/achievement", false),
        ("/issuer", true),
        ("/credentialSubject/achievement/creator", true),
        ("/credentialSubject/source", true),
    ] {
        let mut pointer = pointer.to_owned();
        for _ in 0..MAX_PARENTS {
            let Some(carrier) = credential.pointer(&pointer) else {
                break;
            };
            on(carrier, &pointer, &mut found);
            if !is_profile {
                break;
            }
            pointer.push_str("/parentOrg");
        }
    }
    found
}

fn on<'a>(carrier: &'a Value, pointer: &str, found: &mut Vec<Place<'a>>) {
    for member in ["endorsement", "endorsementJwt"] {
        for (index, value) in items(carrier.get(member)).iter().enumerate() {
            let is_array = carrier.get(member).is_some_and(Value::is_array);
            let index = if is_array {
                format!("/{index}")
            } else {
                String::new()
            };
            found.push(Place {
                value,
                pointer: format!("{pointer}/{member}{index}"),
                carrier: carrier.get("id").and_then(Value::as_str),
            });
        }
    }
}

/// What an endorsement that holds says.
struct Held {
    /// Who vouches for what; none where only their server hands the key out.
    by: Option<Endorsed>,
    detail: String,
}

fn verify(place: &Place<'_>, desk: &mut Desk<'_>) -> Result<Held, Doubt> {
    let secured = match place.value {
        Value::String(jws) => Secured::from_jws(jws),
        value => Secured::from_value(value.clone()),
    };
    let secured = secured.map_err(|refusal| Doubt::fails(shown(&refusal.to_string())))?;
    let (results, ..) = structure::check(&secured, Profile::Endorsement);
    stop_at(&results)?;
    stop_at(&schema::of_endorsement(&secured))?;
    let (facts, by) = authenticate(&secured, desk)?;
    let (results, dates) = claims::check(&secured, desk.now);
    stop_at(&results)?;
    stop_at(&[validity::check(&facts, dates, desk.now)])?;
    stop_at(&status::check(&secured.credential, &facts, Some(&by), desk))?;
    let subject = secured
        .credential
        .pointer("/credentialSubject/id")
        .and_then(Value::as_str);
    let subject = subject.unwrap_or_default();
    if place.carrier.is_some_and(|carrier| carrier != subject) {
        return Err(Doubt::fails(format_args!(
            "it vouches for {}, and stands on something else",
            shown(subject)
        )));
    }
    let name = secured
        .credential
        .pointer("/issuer/name")
        .and_then(Value::as_str);
    let who = match name {
        Some(name) => format!("{} ({})", shown(name), shown(by.issuer())),
        None => shown(by.issuer()),
    };
    let comment = secured
        .credential
        .pointer("/credentialSubject/endorsementComment");
    let comment = comment
        .and_then(Value::as_str)
        .map(|comment| format!(": “{}”", shown(comment)));
    let mut detail = format!("{who} vouches for it{}.", comment.unwrap_or_default());
    if !by.is_named() {
        detail.push_str(
            " The key lies on their server, and they do not name it: whoever can put a file there \
             could have made it.",
        );
    }
    // §4.8 has it asked once. What stands beside a badge is not worth following an address for that a
    // third party chose; but that it was not asked is said.
    if secured.credential.get("refreshService").is_some() {
        detail.push_str(" It says where a newer version may be found, which was not asked.");
    }
    let endorsed = Endorsed {
        by: by.issuer().to_owned(),
        subject: subject.to_owned(),
    };
    Ok(Held {
        by: by.is_named().then_some(endorsed),
        detail,
    })
}

/// The first failure, or else the first thing unknown, as a doubt.
fn stop_at(results: &[CheckResult]) -> Result<(), Doubt> {
    for outcome in [Outcome::Fail, Outcome::Unknown] {
        if let Some(found) = results.iter().find(|result| result.outcome == outcome) {
            return Err(Doubt {
                outcome,
                why: format!("{}. {}", found.title, found.detail),
            });
        }
    }
    Ok(())
}

fn result(outcome: Outcome, title: &str, detail: impl Into<String>) -> CheckResult {
    CheckResult::new(CheckId::Endorsements, outcome, title, detail)
}
