//! Reading a proof: its suite, its dates, what it is for (VC Data Integrity 1.0 §2.1).

use std::fmt;

use serde_json::{Map, Value};

use crate::openbadges::did::Purpose;
use crate::openbadges::model::Timestamp;
use crate::openbadges::proof::{ProofError, proof_set};

/// The kinds of proof we verify; the first two we also make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suite {
    /// `eddsa-rdfc-2022`: what Open Badges certification requires.
    EddsaRdfc2022,
    /// `eddsa-jcs-2022`.
    EddsaJcs2022,
    /// The proof type `Ed25519Signature2020`, of badges issued until about 2023.
    Ed25519Signature2020,
    /// The cryptosuite `eddsa-2022`, the draft name of `eddsa-rdfc-2022`.
    Eddsa2022,
}

impl Suite {
    /// The name a proof gives it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EddsaRdfc2022 => "eddsa-rdfc-2022",
            Self::EddsaJcs2022 => "eddsa-jcs-2022",
            Self::Ed25519Signature2020 => "Ed25519Signature2020",
            Self::Eddsa2022 => "eddsa-2022",
        }
    }

    /// Whether it was withdrawn: sound still, but the badge should be issued anew.
    pub const fn is_deprecated(self) -> bool {
        matches!(self, Self::Ed25519Signature2020 | Self::Eddsa2022)
    }

    /// The suite a proof says it is of.
    pub fn of(proof: &Value) -> Result<Self, ProofError> {
        let proof = object(proof)?;
        let suite = match text(proof, "type")? {
            "DataIntegrityProof" => text(proof, "cryptosuite")?,
            // A cryptosuite's name is none of a type, nor the other way round.
            "Ed25519Signature2020" => return Ok(Self::Ed25519Signature2020),
            other => {
                return Err(ProofError::UnknownSuite {
                    suite: excerpt(other),
                });
            }
        };
        [Self::EddsaRdfc2022, Self::EddsaJcs2022, Self::Eddsa2022]
            .into_iter()
            .find(|known| known.name() == suite)
            .ok_or_else(|| ProofError::UnknownSuite {
                suite: excerpt(suite),
            })
    }
}

impl fmt::Display for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A proof, read: every member there is of the right kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataIntegrityProof<'a> {
    /// Of which suite it is.
    pub suite: Suite,
    /// Its name, if it has one.
    pub id: Option<&'a str>,
    /// The key it names.
    pub verification_method: &'a str,
    /// What it was made for.
    pub purpose: &'a str,
    /// When it says it was made.
    pub created: Option<Timestamp>,
    /// When it says it expires.
    pub expires: Option<Timestamp>,
    /// The domains it was made for; none for credentials.
    pub domain: Vec<&'a str>,
    /// The challenge it answers; none for credentials.
    pub challenge: Option<&'a str>,
    /// The proofs it builds on, by name.
    pub previous: Vec<&'a str>,
    /// The signature.
    pub value: [u8; 64],
}

impl<'a> DataIntegrityProof<'a> {
    /// Reads a proof; nothing is verified yet.
    pub fn read(proof: &'a Value) -> Result<Self, ProofError> {
        let suite = Suite::of(proof)?;
        let proof = object(proof)?;
        Ok(Self {
            suite,
            id: optional_text(proof, "id")?,
            verification_method: text(proof, "verificationMethod")?,
            purpose: text(proof, "proofPurpose")?,
            created: date(proof, "created")?,
            expires: date(proof, "expires")?,
            domain: texts(proof, "domain")?,
            challenge: optional_text(proof, "challenge")?,
            previous: texts(proof, "previousProof")?,
            value: signature(text(proof, "proofValue")?)?,
        })
    }

    /// Whether it was made for this purpose; a key's other uses prove nothing.
    pub fn is_for(&self, purpose: Purpose) -> Result<(), ProofError> {
        let expected = purpose.as_str();
        if self.purpose == expected {
            return Ok(());
        }
        Err(ProofError::WrongPurpose {
            expected,
            found: excerpt(self.purpose),
        })
    }

    /// Whether it has not expired (VC Data Integrity §4.4 step 7).
    pub fn is_current(&self, now: Timestamp) -> Result<(), ProofError> {
        match self.expires {
            Some(since) if since <= now => Err(ProofError::Expired { since }),
            _ => Ok(()),
        }
    }

    /// Whether it was made for the domain and the challenge that were given, where one was.
    pub fn answers(&self, domain: Option<&str>, challenge: Option<&str>) -> Result<(), ProofError> {
        if domain.is_some_and(|domain| !self.domain.contains(&domain)) {
            return Err(ProofError::WrongDomain);
        }
        if challenge.is_some() && challenge != self.challenge {
            return Err(ProofError::WrongChallenge);
        }
        Ok(())
    }
}

pub(super) fn object(proof: &Value) -> Result<&Map<String, Value>, ProofError> {
    proof.as_object().ok_or(ProofError::NoProof)
}

fn optional_text<'a>(
    proof: &'a Map<String, Value>,
    member: &'static str,
) -> Result<Option<&'a str>, ProofError> {
    match proof.get(member) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(ProofError::Malformed {
            member,
            expected: "a text",
        }),
    }
}

fn text<'a>(proof: &'a Map<String, Value>, member: &'static str) -> Result<&'a str, ProofError> {
    optional_text(proof, member)?.ok_or(ProofError::Missing { member })
}

fn texts<'a>(
    proof: &'a Map<String, Value>,
    member: &'static str,
) -> Result<Vec<&'a str>, ProofError> {
    let refused = || ProofError::Malformed {
        member,
        expected: "a text or a list of texts",
    };
    match proof.get(member) {
        None => Ok(vec![]),
        Some(Value::String(text)) => Ok(vec![text]),
        Some(Value::Array(items)) if items.len() <= proof_set::MAX => items
            .iter()
            .map(|item| item.as_str().ok_or_else(refused))
            .collect(),
        Some(_) => Err(refused()),
    }
}

fn date(proof: &Map<String, Value>, member: &'static str) -> Result<Option<Timestamp>, ProofError> {
    let expected = "a date and time with its zone";
    optional_text(proof, member)?
        .map(|text| {
            text.parse()
                .map_err(|_| ProofError::Malformed { member, expected })
        })
        .transpose()
}

/// `z` and the base58btc form of 64 bytes.
fn signature(text: &str) -> Result<[u8; 64], ProofError> {
    let expected = "64 bytes in base58btc multibase (z…)";
    let refused = ProofError::Malformed {
        member: "proofValue",
        expected,
    };
    let Some(digits) = text.strip_prefix('z').filter(|digits| digits.len() <= 88) else {
        return Err(refused);
    };
    let mut value = [0; 64];
    match bs58::decode(digits).onto(&mut value) {
        Ok(64) => Ok(value),
        _ => Err(refused),
    }
}

/// The beginning of a stranger's text, for a message.
fn excerpt(text: &str) -> String {
    text.chars().take(64).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::openbadges::proof::samples;

    fn proof() -> Value {
        json!({
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-rdfc-2022",
            "created": "2026-11-23T10:00:00Z",
            "verificationMethod": samples::METHOD,
            "proofPurpose": "assertionMethod",
            "proofValue": format!("z{}", bs58::encode([7; 64]).into_string()),
        })
    }

    fn with(member: &str, value: Value) -> Value {
        let mut proof = proof();
        proof[member] = value;
        proof
    }

    #[test]
    fn everything_a_proof_says_is_read() {
        let mut proof = proof();
        proof["id"] = json!("urn:uuid:1");
        proof["expires"] = json!("2027-11-23T11:00:00+01:00");
        proof["domain"] = json!(["a.example", "b.example"]);
        proof["challenge"] = json!("c");
        proof["previousProof"] = json!("urn:uuid:0");
        let read = DataIntegrityProof::read(&proof).unwrap();
        assert_eq!(read.suite, Suite::EddsaRdfc2022);
        assert_eq!(
            (read.id, read.verification_method),
            (Some("urn:uuid:1"), samples::METHOD)
        );
        assert_eq!(read.created, "2026-11-23T10:00:00Z".parse().ok());
        assert_eq!(read.expires, "2027-11-23T10:00:00Z".parse().ok());
        assert_eq!(read.domain, ["a.example", "b.example"]);
        assert_eq!(
            (read.challenge, read.previous),
            (Some("c"), vec!["urn:uuid:0"])
        );
        assert_eq!(read.value, [7; 64]);
    }

    #[test]
    fn a_member_every_proof_needs_is_named_when_it_is_missing() {
        for member in [
            "type",
            "cryptosuite",
            "verificationMethod",
            "proofPurpose",
            "proofValue",
        ] {
            let mut proof = proof();
            proof.as_object_mut().unwrap().shift_remove(member);
            let refused = DataIntegrityProof::read(&proof);
            assert_eq!(refused, Err(ProofError::Missing { member }));
        }
        let mut undated = proof();
        undated.as_object_mut().unwrap().shift_remove("created");
        assert!(DataIntegrityProof::read(&undated).is_ok());
        assert_eq!(
            DataIntegrityProof::read(&json!("proof")),
            Err(ProofError::NoProof)
        );
    }

    #[test]
    fn a_malformed_member_is_named() {
        let too_many = vec!["x"; proof_set::MAX + 1];
        for (member, value) in [
            ("created", json!("2026-11-23")),
            ("created", json!(1)),
            ("expires", json!("never")),
            ("verificationMethod", json!({"id": "x"})),
            ("proofPurpose", json!(["assertionMethod"])),
            ("domain", json!([1])),
            ("challenge", json!(1)),
            ("previousProof", json!({})),
            ("previousProof", json!(too_many)),
            ("proofValue", Value::Null),
        ] {
            let proof = with(member, value.clone());
            let refused = DataIntegrityProof::read(&proof);
            let named =
                matches!(&refused, Err(ProofError::Malformed { member: m, .. }) if *m == member);
            assert!(named, "{member}: {value}: {refused:?}");
        }
    }

    #[test]
    fn a_proof_value_is_64_bytes_in_base58btc_and_nothing_else() {
        let base58 = |bytes: &[u8]| bs58::encode(bytes).into_string();
        let right = base58(&[7; 64]);
        for (value, accepted) in [
            (format!("z{right}"), true),
            (format!("u{right}"), false),
            (right.clone(), false),
            (format!("z{}", base58(&[7; 63])), false),
            (format!("z{}", base58(&[7; 65])), false),
            (format!("z1{right}"), false),
            (format!("z{right} "), false),
            (format!("z{}", "0".repeat(88)), false),
            ("z".into(), false),
            (String::new(), false),
        ] {
            let proof = with("proofValue", json!(value));
            let read = DataIntegrityProof::read(&proof);
            assert_eq!(read.is_ok(), accepted, "{value}");
        }
    }

    #[test]
    fn the_kinds_of_proof_are_told_apart_by_both_their_names() {
        assert_eq!(
            Suite::of(&with("cryptosuite", json!("eddsa-jcs-2022"))),
            Ok(Suite::EddsaJcs2022)
        );
        assert_eq!(
            Suite::of(&with("cryptosuite", json!("eddsa-2022"))),
            Ok(Suite::Eddsa2022)
        );
        let old = Suite::of(&with("type", json!("Ed25519Signature2020"))).unwrap();
        assert!(old.is_deprecated() && !Suite::EddsaRdfc2022.is_deprecated());
        for (member, value) in [
            ("type", "UnknownProofType"),
            ("type", "eddsa-rdfc-2022"),
            ("cryptosuite", "Ed25519Signature2020"),
            ("cryptosuite", "ecdsa-sd-2023"),
            ("cryptosuite", ""),
        ] {
            let unknown = Err(ProofError::UnknownSuite {
                suite: value.into(),
            });
            assert_eq!(Suite::of(&with(member, json!(value))), unknown);
        }
    }

    #[test]
    fn purpose_expiry_domain_and_challenge_are_checked() {
        let mut proof = proof();
        proof["expires"] = json!("2026-12-01T00:00:00Z");
        proof["domain"] = json!("a.example");
        proof["challenge"] = json!("c");
        let read = DataIntegrityProof::read(&proof).unwrap();
        assert_eq!(read.is_for(Purpose::AssertionMethod), Ok(()));
        let found = "assertionMethod".to_owned();
        let refused = ProofError::WrongPurpose {
            expected: "authentication",
            found,
        };
        assert_eq!(read.is_for(Purpose::Authentication), Err(refused));
        let at = |text: &str| text.parse().unwrap();
        assert_eq!(read.is_current(at("2026-11-30T23:59:59Z")), Ok(()));
        let since = at("2026-12-01T00:00:00Z");
        assert_eq!(read.is_current(since), Err(ProofError::Expired { since }));
        assert_eq!(read.answers(None, None), Ok(()));
        assert_eq!(read.answers(Some("a.example"), Some("c")), Ok(()));
        assert_eq!(
            read.answers(Some("b.example"), Some("c")),
            Err(ProofError::WrongDomain)
        );
        assert_eq!(
            read.answers(Some("a.example"), Some("d")),
            Err(ProofError::WrongChallenge)
        );
        let plain = with("domain", json!([]));
        let plain = DataIntegrityProof::read(&plain).unwrap();
        assert_eq!(
            plain.answers(Some("a.example"), None),
            Err(ProofError::WrongDomain)
        );
        assert_eq!(
            plain.answers(None, Some("c")),
            Err(ProofError::WrongChallenge)
        );
    }

    proptest! {
        #[test]
        fn never_panics(
            member in prop::sample::select(&["type", "cryptosuite", "created", "proofValue", "domain", "previousProof"][..]),
            text in ".{0,100}",
            number in any::<f64>(),
        ) {
            drop(DataIntegrityProof::read(&with(member, json!(text))));
            drop(DataIntegrityProof::read(&with(member, json!([text, number]))));
        }
    }
}
