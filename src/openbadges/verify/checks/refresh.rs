//! `refresh`: does its issuer have a newer version? (conformance §4.2.3)
//!
//! Asked once: what a newer version says of an even newer one is left alone.

use serde_json::Value;

use super::issuer::Authentic;
use super::structure::Facts;
use super::{claims, schema, structure};
use crate::openbadges::model::checked::Profile;
use crate::openbadges::model::services::CREDENTIAL_REFRESH;
use crate::openbadges::verify::beside::authenticate;
use crate::openbadges::verify::needs::{Desk, Purpose, shown};
use crate::openbadges::verify::report::{CheckId, CheckResult, Doubt, Outcome};
use crate::openbadges::verify::secured::Secured;

/// A newer version of a badge, verified as its issuer's.
pub(in crate::openbadges::verify) struct Newer {
    pub(in crate::openbadges::verify) secured: Secured,
    pub(in crate::openbadges::verify) facts: Facts,
}

/// Asks the badge's refresh service, once the badge is known to be its issuer's.
pub(in crate::openbadges::verify) fn check(
    secured: &Secured,
    facts: &Facts,
    authentic: Option<&Authentic>,
    desk: &mut Desk<'_>,
) -> (CheckResult, Option<Newer>) {
    let Some(service) = secured.credential.get("refreshService") else {
        let detail = "It names no place where a newer version could be found.";
        return (
            result(Outcome::NotApplicable, "The badge is not renewed", detail),
            None,
        );
    };
    if authentic.is_none() {
        let detail =
            "Who issued the badge is not established, so the address it names was not asked.";
        return (
            result(
                Outcome::Unknown,
                "Nobody was asked for a newer version",
                detail,
            ),
            None,
        );
    }
    match ask(service, secured, facts, desk) {
        Ok(Some(newer)) => {
            let dated = newer
                .facts
                .valid_from
                .map(|from| format!(", dated {from},"))
                .unwrap_or_default();
            let detail = format!(
                "Its issuer has a newer version{dated} which is judged here in place of the one \
                 presented. Ask its holder for it."
            );
            (
                result(
                    Outcome::Warning,
                    "There is a newer version of this badge",
                    detail,
                ),
                Some(newer),
            )
        }
        Ok(None) => {
            let detail = "Its issuer has no newer version.";
            (
                result(Outcome::Pass, "The badge is the latest version", detail),
                None,
            )
        }
        Err(doubt) => {
            let detail = format!("{} The version presented is judged.", doubt.why);
            (
                result(
                    Outcome::Unknown,
                    "It can't be told whether there is a newer version",
                    detail,
                ),
                None,
            )
        }
    }
}

fn ask(
    service: &Value,
    secured: &Secured,
    facts: &Facts,
    desk: &mut Desk<'_>,
) -> Result<Option<Newer>, Doubt> {
    let member = |name: &str| service.get(name).and_then(Value::as_str);
    if member("type") != Some(CREDENTIAL_REFRESH) {
        return Err(Doubt::unknown(
            "its refresh service is of a kind that is not known here",
        ));
    }
    let address =
        member("id").ok_or_else(|| Doubt::unknown("its refresh service has no address"))?;
    let body = desk
        .document(address, Purpose::Refresh)
        .map_err(Doubt::unknown)?;
    let newer =
        Secured::read(body).map_err(|refusal| Doubt::unknown(shown(&refusal.to_string())))?;
    let (newer_facts, _) = authenticate(&newer, desk)?;
    if newer_facts.issuer != facts.issuer || newer_facts.id != facts.id {
        return Err(Doubt::fails(
            "what its refresh service has is another badge",
        ));
    }
    let (mut results, ..) = structure::check(&newer, Profile::OpenBadge);
    results.extend(schema::check(&newer));
    results.extend(claims::check(&newer, desk.now).0);
    if results.iter().any(|result| result.outcome == Outcome::Fail) {
        return Err(Doubt::fails(
            "the version its refresh service has breaks the rules of the standard",
        ));
    }
    let is_newer =
        newer.credential != secured.credential && newer_facts.valid_from > facts.valid_from;
    Ok(is_newer.then_some(Newer {
        secured: newer,
        facts: newer_facts,
    }))
}

fn result(outcome: Outcome, title: &str, detail: impl Into<String>) -> CheckResult {
    CheckResult::new(CheckId::Refresh, outcome, title, detail)
}
