//! What the claims of a JWT must say about the credential beside them (Open Badges 3.0 §8.2.4.2 and
//! §8.2.5; for the W3C's profile, VC-JOSE-COSE §3.1.3).
//!
//! Each check is its own finding, under the rule `jwt.` and the claim's name. A forged claim beside a
//! rightly signed credential can't exist, as both are signed; but an issuer can contradict itself,
//! and then two readers would believe two things.

use serde_json::{Map, Value};

use super::{Jws, issuer_id, numeric_date, subject_id};
use crate::openbadges::model::Timestamp;
use crate::openbadges::model::checked::{Finding, Severity};

/// Checks `iss`, `sub`, `jti`, `nbf` and `exp` against the credential and against the time.
pub fn check_claims(jws: &Jws<'_>, now: Timestamp) -> Vec<Finding> {
    let Some(payload) = jws.payload.as_object() else {
        return vec![];
    };
    let vc = payload.get("vc").and_then(Value::as_object);
    let is_w3c = jws.header.is_w3c();
    let absence = match vc {
        _ if is_w3c => None,
        Some(_) => Some(Severity::Warning),
        None => Some(Severity::Error),
    };
    let (valid_from, valid_until) = match vc {
        Some(_) => ("issuanceDate", "expirationDate"),
        None => ("validFrom", "validUntil"),
    };
    let mut claims = Claims {
        payload,
        absence,
        mapped: vc.is_some(),
        findings: vec![],
    };
    let credential = vc.unwrap_or(payload);
    claims.name("iss", "jwt.iss", "issuer.id", issuer_id(credential));
    claims.name("jti", "jwt.jti", "id", credential.get("id"));
    claims.name(
        "sub",
        "jwt.sub",
        "credentialSubject.id",
        subject_id(credential),
    );
    // The dates of the W3C's profile are those of the signature, not of the credential.
    let member = |name: &str| if is_w3c { None } else { credential.get(name) };
    let not_before = claims.instant("nbf", "jwt.nbf", valid_from, member(valid_from), absence);
    if not_before.is_some_and(|instant| instant > now.unix_seconds()) {
        claims.found(
            "nbf",
            "jwt.nbf.future",
            "is in the future",
            "Try again when it has come.",
        );
    }
    let absence = member(valid_until).map(|_| Severity::Warning);
    let expiry = claims.instant("exp", "jwt.exp", valid_until, member(valid_until), absence);
    if expiry.is_some_and(|instant| instant <= now.unix_seconds()) {
        claims.found(
            "exp",
            "jwt.exp.past",
            "is past",
            "Ask the issuer for a new badge.",
        );
    }
    claims.findings
}

struct Claims<'a> {
    payload: &'a Map<String, Value>,
    /// How bad it is that a claim is not there.
    absence: Option<Severity>,
    /// Whether a claim without a member stands for it (data model 1.1).
    mapped: bool,
    findings: Vec<Finding>,
}

impl Claims<'_> {
    /// A claim that repeats an identifier.
    fn name(&mut self, claim: &str, rule: &'static str, path: &str, member: Option<&Value>) {
        match (self.payload.get(claim), member) {
            (None, None) if claim == "sub" => {
                // Public samples leave both out: the subject is then known by its identifiers only.
                self.absent(claim, rule, self.absence.map(|_| Severity::Warning));
            }
            (None, _) => self.absent(claim, rule, self.absence),
            (Some(Value::String(_)), None) if self.mapped => {}
            (Some(value @ Value::String(_)), Some(member)) if value == member => {}
            (Some(Value::String(_)), _) => self.differs(claim, rule, path),
            (Some(_), _) => self.malformed(claim, rule, "a text"),
        }
    }

    /// A claim that repeats a date; the date it says, if it is one.
    fn instant(
        &mut self,
        claim: &str,
        rule: &'static str,
        path: &str,
        member: Option<&Value>,
        absence: Option<Severity>,
    ) -> Option<i64> {
        let Some(value) = self.payload.get(claim) else {
            self.absent(claim, rule, absence);
            return None;
        };
        let Some(instant) = numeric_date(value) else {
            self.malformed(claim, rule, "a number of whole seconds since 1970");
            return None;
        };
        if let Some(member) = member {
            // §8.2.4.2 compares instants, and a NumericDate has no fraction.
            let dated = member
                .as_str()
                .and_then(|text| text.parse::<Timestamp>().ok());
            if dated.map(Timestamp::unix_seconds) != Some(instant) {
                self.differs(claim, rule, path);
            }
        }
        Some(instant)
    }

    fn absent(&mut self, claim: &str, rule: &'static str, severity: Option<Severity>) {
        let Some(severity) = severity else { return };
        let finding = finding(claim, rule, "is missing", "Ask the issuer to add it.");
        self.findings.push(Finding {
            severity,
            ..finding
        });
    }

    fn differs(&mut self, claim: &str, rule: &'static str, path: &str) {
        let problem = format!("is not the credential's {path}");
        self.found(claim, rule, &problem, "Ask the issuer to make them equal.");
    }

    fn malformed(&mut self, claim: &str, rule: &'static str, expected: &str) {
        let problem = format!("is not {expected}");
        self.found(claim, rule, &problem, "Ask the issuer to write it so.");
    }

    fn found(&mut self, claim: &str, rule: &'static str, problem: &str, advice: &str) {
        self.findings.push(finding(claim, rule, problem, advice));
    }
}

fn finding(claim: &str, rule: &'static str, problem: &str, advice: &str) -> Finding {
    Finding {
        pointer: format!("/{claim}"),
        rule,
        severity: Severity::Error,
        message: format!("The JWT's claim “{claim}” {problem}."),
        advice: advice.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::json;

    use super::*;
    use crate::openbadges::keys::KeyType;
    use crate::openbadges::proof::{samples, vc_jwt};

    /// The payload we sign for the sample badge.
    fn payload() -> Value {
        let key = samples::secret(KeyType::Ed25519, 1);
        let compact = vc_jwt::sign(&samples::checked(samples::badge()), &key, samples::METHOD);
        vc_jwt::read(&compact.unwrap()).unwrap().payload
    }

    /// The rules broken by a payload under a header's `typ`, with their severity.
    fn findings_at(typ: &str, payload: &Value, now: &str) -> Vec<(&'static str, Severity)> {
        let header = json!({"alg": "ES256", "typ": typ}).to_string();
        let parts = [header, payload.to_string()].map(|part| URL_SAFE_NO_PAD.encode(part));
        let compact = format!("{}.", parts.join("."));
        let jws = vc_jwt::read(&compact).unwrap();
        let findings = check_claims(&jws, now.parse().unwrap());
        findings
            .iter()
            .map(|finding| (finding.rule, finding.severity))
            .collect()
    }

    const NOW: &str = "2027-01-01T00:00:00Z";

    fn findings(payload: &Value) -> Vec<(&'static str, Severity)> {
        findings_at("JWT", payload, NOW)
    }

    fn without(mut payload: Value, member: &str) -> Value {
        payload.as_object_mut().unwrap().shift_remove(member);
        payload
    }

    #[test]
    fn what_we_sign_has_no_findings() {
        assert_eq!(findings(&payload()), []);
        assert_eq!(findings_at("vc+jwt", &payload(), NOW), []);
    }

    #[test]
    fn a_claim_that_contradicts_its_member_is_an_error_of_that_claim() {
        for (claim, value, rule) in [
            ("iss", json!("https://other.example"), "jwt.iss"),
            ("sub", json!("urn:uuid:0"), "jwt.sub"),
            ("jti", json!("urn:uuid:0"), "jwt.jti"),
            ("nbf", json!(1_795_428_001), "jwt.nbf"),
            ("exp", json!(1_890_122_401), "jwt.exp"),
            (
                "iss",
                json!(["https://badgeons.example/issuers/1"]),
                "jwt.iss",
            ),
            ("nbf", json!("1795428000"), "jwt.nbf"),
            ("nbf", json!(1_795_428_000.5), "jwt.nbf"),
        ] {
            let mut payload = payload();
            payload[claim] = value;
            assert_eq!(findings(&payload), [(rule, Severity::Error)], "{claim}");
        }
    }

    #[test]
    fn a_claim_that_is_missing_is_an_error_and_the_end_a_warning() {
        for (claim, rule, severity) in [
            ("iss", "jwt.iss", Severity::Error),
            ("sub", "jwt.sub", Severity::Error),
            ("jti", "jwt.jti", Severity::Error),
            ("nbf", "jwt.nbf", Severity::Error),
            ("exp", "jwt.exp", Severity::Warning),
        ] {
            let expected = if claim == "sub" {
                Severity::Error
            } else {
                severity
            };
            assert_eq!(findings(&without(payload(), claim)), [(rule, expected)]);
            assert_eq!(findings_at("vc+jwt", &without(payload(), claim), NOW), []);
        }
    }

    #[test]
    fn a_subject_without_identifier_and_no_sub_is_a_warning() {
        let mut anonymous = without(payload(), "sub");
        anonymous["credentialSubject"]
            .as_object_mut()
            .unwrap()
            .shift_remove("id");
        assert_eq!(findings(&anonymous), [("jwt.sub", Severity::Warning)]);
        anonymous["sub"] = json!("did:example:1");
        assert_eq!(findings(&anonymous), [("jwt.sub", Severity::Error)]);
    }

    #[test]
    fn an_end_only_the_jwt_has_still_ends_it() {
        let mut payload = without(payload(), "validUntil");
        assert_eq!(findings(&payload), []);
        payload["exp"] = json!(1_798_761_600);
        assert_eq!(findings(&payload), [("jwt.exp.past", Severity::Error)]);
        payload["exp"] = json!(1_798_761_601);
        assert_eq!(findings(&payload), []);
    }

    #[test]
    fn a_jwt_is_valid_between_its_dates() {
        let at = |now| findings_at("JWT", &payload(), now);
        assert_eq!(
            at("2026-11-23T09:59:59Z"),
            [("jwt.nbf.future", Severity::Error)]
        );
        assert_eq!(at("2026-11-23T10:00:00Z"), []);
        assert_eq!(at("2029-11-23T09:59:59Z"), []);
        assert_eq!(
            at("2029-11-23T10:00:00Z"),
            [("jwt.exp.past", Severity::Error)]
        );
    }

    #[test]
    fn the_dates_of_the_w3cs_profile_are_those_of_the_signature() {
        let mut payload = payload();
        payload["nbf"] = json!(1_795_428_001);
        payload["exp"] = json!(1_890_122_401);
        assert_eq!(findings_at("vc+jwt", &payload, NOW), []);
        payload["iss"] = json!("https://other.example");
        assert_eq!(
            findings_at("vc+jwt", &payload, NOW),
            [("jwt.iss", Severity::Error)]
        );
    }

    #[test]
    fn in_data_model_1_1_a_claim_may_stand_for_its_member() {
        let vc = json!({"issuer": "https://i.example", "issuanceDate": "2026-11-23T10:00:00Z"});
        let mut payload = json!({
            "vc": vc, "iss": "https://i.example", "jti": "urn:1", "sub": "did:example:1",
            "nbf": 1_795_428_000,
        });
        assert_eq!(findings(&payload), []);
        payload["vc"]["id"] = json!("urn:2");
        assert_eq!(findings(&payload), [("jwt.jti", Severity::Error)]);
    }
}
