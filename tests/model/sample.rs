//! The badge of the model's tests: everything there can be, and nothing wrong with it.

use badgeons::openbadges::model::checked::Unsigned;
use badgeons::openbadges::model::contexts::{CREDENTIALS_V2, base};
use badgeons::openbadges::model::services::CREDENTIAL_REFRESH;
use badgeons::openbadges::model::{
    Achievement, AchievementCredential, AchievementSubject, AchievementType, Address, Alignment,
    AlignmentTargetType, CredentialSchema, CredentialStatus, Criteria, EndorsementCredential,
    EndorsementSubject, Evidence, GeoCoordinates, IdentifierEntry, IdentifierType, IdentityObject,
    Image, Profile, RefreshService, Related, Result, ResultDescription, ResultStatusType,
    ResultType, RubricCriterionLevel, TermsOfUse, Timestamp,
};
use serde_json::{Value, json};

const PNG: &str = "data:image/png;base64,iVBORw0KGgo=";

pub(super) fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn number(number: f64) -> serde_json::Number {
    serde_json::Number::from_f64(number).unwrap()
}

/// The issuer of the badge below, with every property of a profile that an organisation has.
pub(super) fn issuer() -> Profile {
    Profile {
        name: Some("Badgeons le pays de Vannes".into()),
        url: Some("https://badges.example.org".to_owned()),
        email: Some("bonjour@badges.example.org".to_owned()),
        image: Some(Image::new(PNG)),
        address: Some(Address {
            address_country_code: Some("FR".to_owned()),
            address_locality: Some("Vannes".into()),
            geo: Some(GeoCoordinates::new(number(47.66), number(-2.76))),
            ..Address::new()
        }),
        other_identifier: vec![IdentifierEntry::new(
            "12345678900010",
            IdentifierType::from("ext:siret"),
        )],
        parent_org: Some(Box::new(Profile::new("did:web:parent.example.org"))),
        ..Profile::new("did:web:badges.example.org")
    }
}

/// An achievement with every property, and a rubric, a scale and a status to be reached.
pub(super) fn achievement() -> Achievement {
    let mut rubric =
        ResultDescription::new("urn:uuid:r1", "Niveau", ResultType::RubricCriterionLevel);
    rubric.rubric_criterion_level = vec![
        RubricCriterionLevel::new("urn:uuid:l1", "Animer"),
        RubricCriterionLevel::new("urn:uuid:l2", "Former"),
    ];
    rubric.required_level = Some("urn:uuid:l1".to_owned());
    let mut scale = ResultDescription::new("urn:uuid:r2", "Note", ResultType::RawScore);
    scale.value_min = Some("0".into());
    scale.value_max = Some("20".into());
    scale.required_value = Some("10,5".into());
    let mut letter = ResultDescription::new("urn:uuid:r3", "Lettre", ResultType::LetterGrade);
    letter.allowed_value = vec!["C".into(), "B".into(), "A".into()];
    letter.required_value = Some("B".into());
    let status = ResultDescription::new("urn:uuid:r4", "Présence", ResultType::Status);

    Achievement {
        achievement_type: Some(AchievementType::Badge),
        creator: Some(Profile::new("did:web:creator.example.org")),
        credits_available: Some(3.into()),
        image: Some(Image {
            caption: Some("Une fresque".into()),
            ..Image::new("https://badges.example.org/fresque.svg")
        }),
        in_language: Some("fr".to_owned()),
        version: Some("1.0".into()),
        tag: vec!["climat".into(), "fresque".into()],
        alignment: vec![Alignment {
            target_type: Some(AlignmentTargetType::CetermsCredential),
            ..Alignment::new("Animer un atelier", "https://esco.example.org/skill/1")
        }],
        related: vec![Related {
            in_language: Some("br".to_owned()),
            ..Related::new("https://badges.example.org/achievements/2")
        }],
        result_description: vec![rubric, scale, letter, status],
        ..Achievement::new(
            "https://badges.example.org/achievements/1",
            "Animatrice de fresque",
            "A animé une fresque du climat.",
            Criteria::told("Animer **trois** fresques."),
        )
    }
}

pub(super) fn result(description: &str, change: impl FnOnce(&mut Result)) -> Result {
    let mut result = Result {
        result_description: Some(description.to_owned()),
        ..Result::new()
    };
    change(&mut result);
    result
}

pub(super) fn subject() -> AchievementSubject {
    AchievementSubject {
        id: Some("urn:uuid:6ba7b810-9dad-41d1-80b4-00c04fd430c8".to_owned()),
        activity_start_date: Some(instant("2026-10-01T09:00:00Z")),
        activity_end_date: Some(instant("2026-10-01T17:00:00Z")),
        credits_earned: Some(number(2.5)),
        narrative: Some("A animé à Vannes.".into()),
        role: Some("Animatrice".into()),
        source: Some(Profile::new("did:web:source.example.org")),
        identifier: vec![IdentityObject::hashed(
            "anna@example.org",
            IdentifierType::EmailAddress,
            &[7; 16],
        )],
        result: vec![
            result("urn:uuid:r1", |r| {
                r.achieved_level = Some("urn:uuid:l2".to_owned());
            }),
            result("urn:uuid:r2", |r| r.value = Some("15.5".into())),
            result("urn:uuid:r3", |r| r.value = Some("A".into())),
            result("urn:uuid:r4", |r| {
                r.status = Some(ResultStatusType::Completed);
            }),
        ],
        ..AchievementSubject::new(achievement())
    }
}

pub(super) fn endorsement() -> EndorsementCredential {
    let subject = EndorsementSubject {
        endorsement_comment: Some("Nous recrutons sur ce badge.".into()),
        ..EndorsementSubject::new("https://badges.example.org/achievements/1")
    };
    let endorser = Profile {
        name: Some("Une école".into()),
        ..Profile::new("did:web:school.example.org")
    };
    let from = instant("2026-01-01T00:00:00Z");
    EndorsementCredential::new(base(), "urn:uuid:e1", "Soutien", endorser, from, subject)
}

/// The badge of all these tests: everything there can be, and nothing wrong with it.
pub(super) fn badge() -> Value {
    let credential = AchievementCredential {
        name: Some("Animatrice de fresque".into()),
        awarded_date: Some(instant("2026-10-01T17:00:00.5Z")),
        valid_until: Some(instant("2029-11-23T10:00:00Z")),
        credential_status: Some(CredentialStatus::bitstring(
            "https://badges.example.org/status/3",
            "revocation",
            94567,
        )),
        refresh_service: Some(RefreshService::new(
            "https://badges.example.org/latest/1",
            CREDENTIAL_REFRESH,
        )),
        evidence: vec![Evidence {
            narrative: Some("Photographies.".into()),
            ..Evidence::new()
        }],
        credential_schema: vec![CredentialSchema::achievement_credential()],
        terms_of_use: vec![TermsOfUse::new("https://badges.example.org/terms")],
        ..AchievementCredential::issue(
            "urn:uuid:0c07c1ce-57cb-41af-bef2-1b932b986873",
            issuer(),
            instant("2026-11-23T10:00:00.75Z"),
            subject(),
        )
    };
    let Unsigned(mut document) = credential.unsigned();
    let Unsigned(mut endorsement) = endorsement().unsigned();
    endorsement["proof"] = json!([{"type": "DataIntegrityProof"}]);
    document["credentialSubject"]["achievement"]["endorsement"] = json!([endorsement]);
    document
}

/// A credential as any issuer of the W3C's data model may write it.
pub(super) fn credential() -> Value {
    json!({
        "@context": [CREDENTIALS_V2, {"ours": "https://example.org/vocab#"}],
        "id": "urn:uuid:1",
        "type": ["VerifiableCredential", "https://example.org/vocab#Any"],
        "name": {"@value": "Attestation", "@language": "fr"},
        "issuer": {"id": "did:example:1", "name": "Une école"},
        "validFrom": "2026-01-01T00:00:00.123+02:00",
        "validUntil": "2027-01-01T00:00:00Z",
        "credentialSubject": [{"id": "did:example:2"}, {"ours": 1}],
        "credentialStatus": [{"type": "BitstringStatusListEntry", "statusPurpose": "message",
            "statusListIndex": "0", "statusListCredential": "https://example.org/status/1",
            "statusSize": 1, "statusMessage": [{"status": "0x0", "message": "valid"},
                {"status": "0x1", "message": "invalid"}]}],
        "credentialSchema": {"id": "https://example.org/schema", "type": "JsonSchema"},
        "termsOfUse": [{"type": "https://example.org/vocab#Terms"}],
        "relatedResource": {"id": CREDENTIALS_V2,
            "digestMultibase": "uEiBZlVztZpfWHgPyslVv6-UwirFoQoRvW1htfx963sknNA"},
    })
}
