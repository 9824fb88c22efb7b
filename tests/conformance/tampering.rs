//! Change, add or remove any claim of a signed badge, at any depth, and it never verifies.
//!
//! What is no change: `eddsa-jcs-2022` and the JWT sign a text, `eddsa-rdfc-2022` signs a meaning. The
//! edits that keep the meaning, and so that proof, are listed in
//! [`what_keeps_the_meaning_keeps_an_rdfc_proof_only`]; `@context`, by which the meaning is read, is
//! for the verifier to know (it is compared with the contexts that are pinned), not for the proof.

use badgeons::openbadges::keys::{Ed25519Secret, KeyType, PublicKey, SecretKey};
use badgeons::openbadges::model::checked::Profile;
use badgeons::openbadges::proof::{self, ProofOptions, eddsa_jcs_2022, eddsa_rdfc_2022, vc_jwt};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::checked;

const METHOD: &str = "https://badgeons.example/issuers/1#key";

/// A badge with something of everything: hashed and plain identifiers, numbers, booleans, results,
/// evidence, alignments, an endorsement with its own proof, accents.
fn badge() -> Value {
    json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
        ],
        "id": "urn:uuid:3f2f1c3e-95ab-4d5c-8f0c-1f8d8a3a0b11",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Animateur·rice de la Fresque du climat",
        "issuer": {
            "id": "https://badgeons.example/issuers/1",
            "type": ["Profile"],
            "name": "Badgeons le pays de Vannes",
            "url": "https://badgeons.example",
            "address": {"type": ["Address"], "addressCountry": "FR", "geo":
                {"type": "GeoCoordinates", "latitude": 47.6559, "longitude": -2.7603}},
        },
        "validFrom": "2026-11-23T10:00:00Z",
        "awardedDate": "2026-11-22T10:00:00Z",
        "validUntil": "2029-11-23T10:00:00Z",
        "credentialSubject": {
            "id": "urn:uuid:8d1b7a56-1f0e-4f0f-9d0c-5f6f5d1f5a22",
            "type": ["AchievementSubject"],
            "activityStartDate": "2026-11-20T08:00:00Z",
            "creditsEarned": 4.5,
            "identifier": [{
                "type": "IdentityObject",
                "hashed": true,
                "identityHash": "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399",
                "identityType": "emailAddress",
                "salt": "f2f6a4f0c9d94e7db0c2a7f1d6b83e15",
            }],
            "result": [
                {"type": ["Result"], "resultDescription": "urn:uuid:aa", "value": "18"},
                {"type": ["Result"], "resultDescription": "urn:uuid:bb", "status": "Completed"},
            ],
            "achievement": {
                "id": "https://badgeons.example/achievements/fresque",
                "type": ["Achievement"],
                "achievementType": "Badge",
                "name": "Fresque du climat",
                "description": "A animé un atelier de trois heures.",
                "criteria": {"narrative": "Avoir animé l’atelier devant un formateur."},
                "creditsAvailable": 6,
                "tag": ["climat", "animation"],
                "alignment": [{
                    "type": ["Alignment"],
                    "targetName": "Animer un groupe",
                    "targetUrl": "https://example.org/esco/1",
                    "targetType": "ext:Esco",
                }],
                "resultDescription": [{
                    "id": "urn:uuid:aa",
                    "type": ["ResultDescription"],
                    "name": "Note",
                    "resultType": "RawScore",
                    "valueMin": "0",
                    "valueMax": "20",
                }, {
                    "id": "urn:uuid:bb",
                    "type": ["ResultDescription"],
                    "name": "Niveau",
                    "resultType": "Status",
                    "allowedValue": ["un", "deux", "trois"],
                }],
            },
        },
        "evidence": [
            {"id": "https://badgeons.example/evidence/1", "type": ["Evidence"], "name": "Photo"},
            {"type": ["Evidence"], "narrative": "Douze participants."},
        ],
        "credentialSchema": [{
            "id": "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json",
            "type": "1EdTechJsonSchemaValidator2019",
        }],
        "credentialStatus": {
            "id": "https://badgeons.example/status/3#94567",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "94567",
            "statusListCredential": "https://badgeons.example/status/3",
        },
    })
}

fn ed25519() -> (Ed25519Secret, PublicKey) {
    let secret = Ed25519Secret::from_bytes(&Zeroizing::new([1; 32]));
    let public = PublicKey::Ed25519(secret.public());
    (secret, public)
}

fn options() -> ProofOptions {
    ProofOptions::new(METHOD, "2026-11-23T10:00:00Z".parse().unwrap())
}

fn rdfc() -> Value {
    eddsa_rdfc_2022::sign(
        checked(badge(), Profile::OpenBadge),
        &options(),
        &ed25519().0,
    )
    .unwrap()
}

fn jcs() -> Value {
    eddsa_jcs_2022::sign(
        checked(badge(), Profile::OpenBadge),
        &options(),
        &ed25519().0,
    )
    .unwrap()
}

fn holds(secured: &Value) -> bool {
    proof::verify(secured, &secured["proof"], &ed25519().1).is_ok()
}

/// A JWT of the badge, and the same with another payload under the old header and signature.
struct Jwt(String, PublicKey);

impl Jwt {
    fn of(kind: KeyType) -> Self {
        let key = SecretKey::from_bytes(kind, &Zeroizing::new([1; 32])).unwrap();
        let badge = checked(badge(), Profile::OpenBadge);
        Self(vc_jwt::sign(&badge, &key, METHOD).unwrap(), key.public())
    }

    fn payload(&self) -> Value {
        vc_jwt::read(&self.0).unwrap().payload
    }

    fn holds_with(&self, payload: &Value) -> bool {
        let mut parts: Vec<&str> = self.0.split('.').collect();
        let encoded = URL_SAFE_NO_PAD.encode(payload.to_string());
        parts[1] = &encoded;
        let compact = parts.join(".");
        vc_jwt::read(&compact).is_ok_and(|jws| vc_jwt::verify(&jws, &self.1).is_ok())
    }
}

/// Every place in a document, as JSON pointers, the root's included.
fn places(value: &Value, here: &str, found: &mut Vec<String>) {
    found.push(here.to_owned());
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                places(
                    member,
                    &format!("{here}/{}", name.replace('/', "~1")),
                    found,
                );
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                places(item, &format!("{here}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// All ways in which one place is changed: another value, nothing there, or something more there.
fn edits(document: &Value, place: &str) -> Vec<(String, Value)> {
    let mut edited = vec![];
    let mut edit = |what: &str, change: &dyn Fn(&mut Value)| {
        let mut copy = document.clone();
        change(copy.pointer_mut(place).unwrap());
        edited.push((format!("{what} {place}"), copy));
    };
    match document.pointer(place).unwrap() {
        Value::String(text) => {
            edit("append to", &|value| *value = json!(format!("{text}x")));
            edit("empty", &|value| *value = json!(""));
            edit("change case of", &|value| {
                *value = json!(text.to_uppercase() + "É");
            });
            edit("make a number of", &|value| *value = json!(1));
        }
        Value::Number(number) => {
            let number = number.as_f64().unwrap();
            edit("increment", &|value| *value = json!(number + 1.0));
            edit("negate", &|value| *value = json!(-number));
            edit("make a text of", &|value| {
                *value = json!(number.to_string() + "0");
            });
        }
        Value::Bool(truth) => edit("negate", &|value| *value = json!(!truth)),
        Value::Object(_) => {
            for member in [
                "name",
                "description",
                "narrative",
                "unheardOf",
                "id",
                "type",
                "salt",
            ] {
                let absent = document.pointer(place).unwrap().get(member).is_none();
                if absent {
                    edit(&format!("add {member} to"), &|value| {
                        value[member] = json!("urn:x");
                    });
                }
            }
            edit("empty", &|value| *value = json!({}));
        }
        Value::Array(_) => {
            edit("add to", &|value| {
                value.as_array_mut().unwrap().push(json!("urn:x"));
            });
            edit("add an object to", &|value| {
                value.as_array_mut().unwrap().push(json!({"id": "urn:x"}));
            });
            edit("empty", &|value| *value = json!([]));
        }
        Value::Null => {}
    }
    if let Some((parent, name)) = place.rsplit_once('/') {
        let mut copy = document.clone();
        match copy.pointer_mut(parent).unwrap() {
            Value::Object(members) => drop(members.shift_remove(&name.replace("~1", "/"))),
            Value::Array(items) => drop(items.remove(name.parse().unwrap())),
            _ => unreachable!("only objects and arrays hold something"),
        }
        edited.push((format!("remove {place}"), copy));
    }
    edited
}

/// All edits of a document but those under some places.
fn all_edits<'a>(
    document: &'a Value,
    but: &'a [&str],
) -> impl Iterator<Item = (String, Value)> + 'a {
    let mut found = vec![];
    places(document, "", &mut found);
    found
        .into_iter()
        .filter(|place| !but.iter().any(|prefix| place.starts_with(prefix)))
        .flat_map(|place| edits(document, &place))
}

#[test]
fn any_edit_breaks_an_rdfc_proof() {
    let signed = rdfc();
    assert!(holds(&signed));
    let mut tried = 0;
    for (what, edited) in all_edits(&signed, &["/@context"]) {
        assert!(!holds(&edited), "{what}");
        tried += 1;
    }
    assert!(tried > 400, "{tried}");
}

#[test]
fn any_edit_breaks_a_jcs_proof() {
    let signed = jcs();
    assert!(holds(&signed));
    let mut tried = 0;
    for (what, edited) in all_edits(&signed, &[]) {
        // A context may be appended after signing (VC-DI-EDDSA §3.3.2).
        assert!(
            !holds(&edited) || what.starts_with("add") && what.ends_with(" /@context"),
            "{what}"
        );
        tried += 1;
    }
    assert!(tried > 400, "{tried}");
}

#[test]
fn any_edit_breaks_a_jwt() {
    for kind in [KeyType::Ed25519, KeyType::P256] {
        let jwt = Jwt::of(kind);
        let payload = jwt.payload();
        assert!(jwt.holds_with(&payload));
        for (what, edited) in all_edits(&payload, &[]) {
            assert!(!jwt.holds_with(&edited), "{what}");
        }
    }
}

#[test]
fn what_keeps_the_meaning_keeps_an_rdfc_proof_only() {
    type Edit = fn(&mut Value);
    let same_meaning: [(&str, Edit); 9] = [
        ("the other name of the class", |b| {
            b["type"][1] = json!("AchievementCredential");
        }),
        ("the order of types", |b| {
            b["type"].as_array_mut().unwrap().reverse();
        }),
        ("the order of a set", |b| {
            b["evidence"].as_array_mut().unwrap().reverse();
        }),
        ("a value twice in a set", |b| {
            b["type"]
                .as_array_mut()
                .unwrap()
                .push(json!("VerifiableCredential"));
        }),
        ("one value without its array", |b| {
            b["issuer"]["type"] = json!("Profile");
        }),
        ("a member that says nothing", |b| {
            b["description"] = Value::Null;
        }),
        ("an empty set", |b| b["termsOfUse"] = json!([])),
        ("a keyword by its other name", |b| {
            let id = b["issuer"]
                .as_object_mut()
                .unwrap()
                .shift_remove("id")
                .unwrap();
            b["issuer"]["@id"] = id;
        }),
        ("a context that defines nothing used", |b| {
            b["@context"]
                .as_array_mut()
                .unwrap()
                .push(json!("https://w3id.org/security/multikey/v1"));
        }),
    ];
    let (rdfc, jcs, jwt) = (rdfc(), jcs(), Jwt::of(KeyType::Ed25519));
    for (what, edit) in same_meaning {
        let edited = |document: &Value| {
            let mut document = document.clone();
            edit(&mut document);
            document
        };
        assert!(holds(&edited(&rdfc)), "{what}");
        let appended = what.starts_with("a context");
        assert_eq!(holds(&edited(&jcs)), appended, "{what}");
        assert!(!jwt.holds_with(&edited(&jwt.payload())), "{what}");
    }
    let mut whole = rdfc.clone();
    whole["credentialSubject"]["achievement"]["creditsAvailable"] = json!(6.0);
    assert!(holds(&whole), "6 and 6.0 are one number");
}

#[test]
fn the_order_of_a_list_is_a_claim() {
    let mut signed = rdfc();
    let description = &mut signed["credentialSubject"]["achievement"]["resultDescription"][1];
    description["allowedValue"]
        .as_array_mut()
        .unwrap()
        .reverse();
    assert!(!holds(&signed));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_other_text_anywhere_breaks_every_proof(at in any::<prop::sample::Index>(), text in ".{0,12}") {
        for signed in [rdfc(), jcs()] {
            let mut found = vec![];
            places(&signed, "", &mut found);
            found.retain(|place| {
                !place.starts_with("/@context") && signed.pointer(place).unwrap().is_string()
            });
            let place = at.get(&found);
            let mut edited = signed.clone();
            *edited.pointer_mut(place).unwrap() = json!(text);
            prop_assert!(edited == signed || !holds(&edited), "{} = {:?}", place, text);
        }
    }

    #[test]
    fn any_other_character_anywhere_breaks_a_jwt(at in any::<prop::sample::Index>(), by in "[A-Za-z0-9._-]") {
        let jwt = Jwt::of(KeyType::Ed25519);
        let mut edited = jwt.0.clone();
        let at = at.index(edited.len());
        edited.replace_range(at..=at, &by);
        let holds = vc_jwt::read(&edited).is_ok_and(|jws| vc_jwt::verify(&jws, &jwt.1).is_ok());
        prop_assert!(edited == jwt.0 || !holds);
    }
}
