//! `context`: do its words have the meaning the standards give them? (OB 3.0 §8.2, conformance
//! §2.1)

use serde_json::Value;

use super::structure::told;
use crate::openbadges::canonical::{self, Limits};
use crate::openbadges::model::checked::Finding;
use crate::openbadges::model::many::items;
use crate::openbadges::verify::report::{CheckId, CheckResult, Outcome};
use crate::openbadges::verify::secured::{Envelope, Secured};

/// Tells the findings about contexts, and whether each word is defined where no proof sees to it.
pub(in crate::openbadges::verify) fn check(
    secured: &Secured,
    findings: Vec<Finding>,
) -> Vec<CheckResult> {
    let mut results: Vec<_> = told(CheckId::Context, findings).collect();
    if secured.is_version_1() {
        let title = "The badge follows an older version of the data model";
        let detail = "It is written in Verifiable Credentials 1.1; Open Badges 3.0 has moved on \
            to 2.0. It is verified all the same.";
        results.push(
            CheckResult::new(CheckId::Context, Outcome::Warning, title, detail).at("/@context/0"),
        );
    }
    if !is_canonicalized_by_its_proof(secured)
        && let Err(error) =
            canonical::canonicalize(&without_proof(&secured.credential), &Limits::VERIFY)
    {
        // The signature covers the text, so this is about meaning only.
        let title = "Not every word of the badge has a defined meaning";
        let result = CheckResult::new(CheckId::Context, Outcome::Warning, title, error.to_string());
        results.push(result.at(error.pointer));
    }
    if results.is_empty() {
        let detail =
            "It names the contexts of Verifiable Credentials and of Open Badges, in this order.";
        let title = "The badge's words mean what the standards say";
        results.push(CheckResult::new(
            CheckId::Context,
            Outcome::Pass,
            title,
            detail,
        ));
    }
    results
}

/// Whether some proof covers the meaning of the badge, so that undefined words can't pass it.
fn is_canonicalized_by_its_proof(secured: &Secured) -> bool {
    matches!(secured.envelope, Envelope::Embedded)
        && items(secured.credential.get("proof")).iter().any(|proof| {
            proof
                .get("cryptosuite")
                .is_none_or(|suite| suite != "eddsa-jcs-2022")
        })
}

fn without_proof(credential: &Value) -> Value {
    let mut credential = credential.clone();
    if let Some(members) = credential.as_object_mut() {
        members.shift_remove("proof");
    }
    credential
}
