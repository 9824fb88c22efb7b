//! An award becomes a credential: composed here, checked by `model::rules`, signed by `proof`.

use time::{Date, Time};

use crate::openbadges::model::{
    Achievement, AchievementCredential, AchievementSubject, AchievementType, CredentialSchema,
    CredentialStatus, IdentifierType, IdentityObject, Profile, Result as Earned, Timestamp,
};

use super::activity::Activity;
use super::award::{Award, Organisation, Person, Reached, Recipient, What};
use super::microcredential;
use super::templates::{Validity, result_id};

/// The identity type of a SIRET, an extension of the standard's list.
pub const SIRET_IDENTITY: &str = "ext:siret";

/// What an award needs to become a credential.
#[derive(Debug, Clone)]
pub struct Composition<'a> {
    /// What is awarded to whom.
    pub award: &'a Award,
    /// Who issues it.
    pub issuer: &'a Profile,
    /// The version of the achievement that is awarded.
    pub achievement: &'a Achievement,
    /// The credential's identifier: `urn:uuid:…` or an https URL.
    pub credential_id: &'a str,
    /// The recipient's identifier within this credential: `urn:uuid:…`, so that a JWT has its `sub`.
    pub subject_id: &'a str,
    /// The salt of the recipient's address: random, and of this credential alone, or one address
    /// could be recognised in two badges.
    pub salt: [u8; 16],
    /// When it is issued; from then on it holds.
    pub issued_at: Timestamp,
    /// For how long.
    pub validity: Validity,
    /// Where its status is told.
    pub status: Option<CredentialStatus>,
}

/// Why an award cannot become a credential.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// The award speaks of a result its achievement does not have.
    #[error(
        "The badge has no result “{0}”; publish a version that has it, or leave the result out."
    )]
    UnknownResult(String),
    /// The achievement claims to be a micro-credential and was not checked to be one.
    #[error(
        "The badge is called a micro-credential, but its European elements were not checked; publish it again with them."
    )]
    UncheckedMicroCredential,
}

/// Composes the credential of an award.
///
/// # Errors
/// [`ComposeError`], when award and achievement do not fit each other.
pub fn compose(from: &Composition<'_>) -> Result<AchievementCredential, ComposeError> {
    let Composition {
        award, achievement, ..
    } = *from;
    let claims_micro = achievement.achievement_type == Some(AchievementType::MicroCredential);
    if claims_micro && !microcredential::uses_context(achievement) {
        return Err(ComposeError::UncheckedMicroCredential);
    }
    let mut subject = AchievementSubject::new(achievement.clone());
    subject.id = Some(from.subject_id.to_owned());
    match &award.recipient {
        Recipient::Person(person) => identify_person(&mut subject, person, from.salt),
        Recipient::Organisation(organisation) => identify_organisation(&mut subject, organisation),
    }
    let activity = award.activity.as_ref();
    subject.activity_start_date = activity.and_then(|activity| activity.start).map(midnight);
    subject.activity_end_date = activity
        .and_then(|activity| activity.end.or(activity.start))
        .map(midnight);
    subject.role = award.role.as_deref().map(Into::into);
    subject.narrative = narrative(award).map(Into::into);
    subject.credits_earned.clone_from(&award.credits);
    subject.license_number = award.licence.as_deref().map(Into::into);
    let results = award
        .results
        .iter()
        .map(|reached| earned(achievement, reached));
    subject.result = results.collect::<Result<_, _>>()?;

    let issuer = from.issuer.clone();
    let mut credential =
        AchievementCredential::issue(from.credential_id, issuer, from.issued_at, subject);
    if microcredential::uses_context(achievement) {
        credential.context.push(microcredential::context());
    }
    credential.name = Some(achievement.name.clone());
    // A day nobody gave is not claimed; `validFrom` says when the badge was issued.
    credential.awarded_date = award.awarded_on.map(midnight);
    credential.valid_until = from.validity.until(from.issued_at);
    credential.evidence.clone_from(&award.evidence);
    credential.credential_status.clone_from(&from.status);
    credential.credential_schema = vec![CredentialSchema::achievement_credential()];
    Ok(credential)
}

/// The name in clear, the address only as a hash with a salt of its own.
fn identify_person(subject: &mut AchievementSubject, person: &Person, salt: [u8; 16]) {
    subject.identifier = vec![
        IdentityObject::clear(person.name.as_str(), IdentifierType::Name),
        IdentityObject::hashed(person.email.as_str(), IdentifierType::EmailAddress, &salt),
    ];
}

/// Name, SIRET and site in clear: those of a legal person are public.
fn identify_organisation(subject: &mut AchievementSubject, organisation: &Organisation) {
    subject.types.push("Profile".to_owned());
    subject
        .extra
        .insert("name".to_owned(), organisation.name.as_str().into());
    if let Some(url) = &organisation.url {
        subject.extra.insert("url".to_owned(), url.as_str().into());
    }
    let name = IdentityObject::clear(organisation.name.as_str(), IdentifierType::Name);
    let siret = organisation.siret.as_ref().map(|siret| {
        let kind = IdentifierType::Other(SIRET_IDENTITY.to_owned());
        IdentityObject::clear(siret.as_str(), kind)
    });
    subject.identifier = [Some(name), siret].into_iter().flatten().collect();
}

/// What it was earned at, then what the recipient did.
fn narrative(award: &Award) -> Option<String> {
    let at = award
        .activity
        .as_ref()
        .map(Activity::sentence)
        .map(|sentence| format!("{sentence}."));
    let told: Vec<String> = at.into_iter().chain(award.narrative.clone()).collect();
    (!told.is_empty()).then(|| told.join("\n\n"))
}

fn earned(achievement: &Achievement, reached: &Reached) -> Result<Earned, ComposeError> {
    let id = result_id(&achievement.id, &reached.key);
    let unknown = || ComposeError::UnknownResult(reached.key.clone());
    let described = achievement
        .result_description
        .iter()
        .find(|result| result.id == id);
    let described = described.ok_or_else(unknown)?;
    let mut earned = Earned {
        result_description: Some(id),
        ..Earned::new()
    };
    match &reached.what {
        What::Value(value) => earned.value = Some(value.as_str().into()),
        What::Status(status) => earned.status = Some(status.clone()),
        What::Level(level) => {
            let index = level.checked_sub(1).ok_or_else(unknown)?;
            let level = described
                .rubric_criterion_level
                .get(index)
                .ok_or_else(unknown)?;
            earned.achieved_level = Some(level.id.clone());
        }
    }
    Ok(earned)
}

/// A day as the instant it begins, which every reader shows as that day in France.
fn midnight(day: Date) -> Timestamp {
    Timestamp::from(day.with_time(Time::MIDNIGHT).assume_utc())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use time::macros::date;

    use super::*;
    use crate::openbadges::model::identity::{Recognition, recognise};
    use crate::openbadges::model::{Criteria, ResultStatusType};
    use crate::recognition::email::Email;
    use crate::recognition::settings::Settings;
    use crate::recognition::siret::Siret;
    use crate::recognition::templates::{Publication, find};

    const SALT: [u8; 16] = [7; 16];

    fn issuer() -> Profile {
        Profile {
            name: Some("Collectif".into()),
            ..Profile::new("did:web:example.org")
        }
    }

    fn achievement(slug: &str) -> Achievement {
        let issuer = issuer();
        let publication = Publication {
            id: "https://example.org/a",
            version: "1",
            image: None,
            issuer: &issuer,
        };
        find(slug, &Settings::default())
            .unwrap()
            .achievement(&publication)
            .unwrap()
    }

    fn composed(award: &Award, achievement: &Achievement) -> Result<Value, ComposeError> {
        compose(&Composition {
            award,
            issuer: &issuer(),
            achievement,
            credential_id: "urn:uuid:c",
            subject_id: "urn:uuid:s",
            salt: SALT,
            issued_at: "2026-11-23T10:00:00.5Z".parse().unwrap(),
            validity: Validity::Months(36),
            status: Some(CredentialStatus::bitstring(
                "https://example.org/s",
                "revocation",
                3,
            )),
        })
        .map(|credential| credential.unsigned().0)
    }

    fn person() -> Recipient {
        Recipient::Person(Person::named(
            "Añaïg",
            "Le Gabarit",
            Email::parse("A@Example.org").unwrap(),
        ))
    }

    #[test]
    fn an_award_to_a_person_becomes_a_whole_credential() {
        let day = date!(2023 - 10 - 14);
        let mut award = Award::new("animateur-fresque", person());
        award.activity = Some(Activity::named("Fresquathon").on(day, day).at("Vannes"));
        award.role = Some("Animateur·rice".into());
        award.narrative = Some("A animé la Fresque de l’Eau.".into());
        award.results = vec![Reached::value("ateliers", "1")];
        award.awarded_on = Some(day);
        let document = composed(&award, &achievement("animateur-fresque")).unwrap();
        let extensions = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json";
        assert_eq!(document["@context"][2], extensions);
        assert_eq!(document["validFrom"], "2026-11-23T10:00:00Z");
        assert_eq!(document["validUntil"], "2029-11-23T10:00:00Z");
        assert_eq!(document["awardedDate"], "2023-10-14T00:00:00Z");
        assert_eq!(
            document["credentialSchema"][0]["type"],
            "1EdTechJsonSchemaValidator2019"
        );
        let subject = &document["credentialSubject"];
        assert_eq!(subject["id"], "urn:uuid:s");
        assert_eq!(subject["activityStartDate"], "2023-10-14T00:00:00Z");
        assert_eq!(
            subject["narrative"],
            "Fresquathon, Vannes, 14 octobre 2023.\n\nA animé la Fresque de l’Eau."
        );
        assert_eq!(
            subject["result"][0]["resultDescription"],
            "https://example.org/a#ateliers"
        );
        assert_eq!(subject["identifier"][0]["identityHash"], "Añaïg Le Gabarit");
    }

    #[test]
    fn the_address_is_in_it_only_as_a_salted_hash() {
        let document = composed(
            &Award::new("terdeskin", person()),
            &achievement("terdeskin"),
        )
        .unwrap();
        let identifier = &document["credentialSubject"]["identifier"][1];
        assert_eq!(identifier["salt"], "07".repeat(16));
        assert_eq!(identifier["hashed"], true);
        let subject = &document["credentialSubject"];
        for address in ["a@example.org", " A@Example.ORG"] {
            let found = recognise(subject, "emailAddress", address);
            assert_eq!(found, Recognition::Theirs, "{address}");
        }
        assert!(!document.to_string().to_lowercase().contains("a@example"));
    }

    #[test]
    fn an_organisation_is_named_in_clear() {
        let organisation = Organisation {
            name: "Exemple SARL".into(),
            siret: Siret::parse("73282932000074", false).ok(),
            url: "https://exemple.bzh/".parse().ok(),
        };
        let award = Award {
            licence: Some("TDK-2026-0007".into()),
            ..Award::new("terdeskin", Recipient::Organisation(organisation))
        };
        let document = composed(&award, &achievement("terdeskin")).unwrap();
        let subject = &document["credentialSubject"];
        assert_eq!(subject["type"], json!(["AchievementSubject", "Profile"]));
        assert_eq!(
            (&subject["name"], &subject["url"]),
            (&json!("Exemple SARL"), &json!("https://exemple.bzh/"))
        );
        let siret = json!({"type": "IdentityObject", "hashed": false, "identityHash": "73282932000074", "identityType": "ext:siret"});
        assert_eq!(subject["identifier"][1], siret);
        assert_eq!(subject["licenseNumber"], "TDK-2026-0007");
    }

    #[test]
    fn a_result_the_badge_does_not_have_is_refused() {
        let mut award = Award::new("cec-participant-ouest-2023", person());
        let path = achievement("cec-participant-ouest-2023");
        award.results = vec![Reached::status("s1", ResultStatusType::Completed)];
        assert!(composed(&award, &path).is_ok());
        award.results = vec![Reached::status("s7", ResultStatusType::Completed)];
        assert_eq!(
            composed(&award, &path),
            Err(ComposeError::UnknownResult("s7".into()))
        );
        award.results = vec![Reached {
            key: "s1".into(),
            what: What::Level(1),
        }];
        assert_eq!(
            composed(&award, &path),
            Err(ComposeError::UnknownResult("s1".into()))
        );
    }

    #[test]
    fn an_unchecked_micro_credential_is_refused() {
        let mut achievement = Achievement::new("urn:x", "A", "B", Criteria::told("C"));
        let award = Award::new("x", person());
        assert!(composed(&award, &achievement).is_ok());
        achievement.achievement_type = Some(AchievementType::MicroCredential);
        assert_eq!(
            composed(&award, &achievement),
            Err(ComposeError::UncheckedMicroCredential)
        );
        achievement.types.push(microcredential::TYPE.to_owned());
        let document = composed(&award, &achievement).unwrap();
        assert_eq!(document["@context"][3], microcredential::context());
    }
}
