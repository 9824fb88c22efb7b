//! The founding badges, whole, as they are signed.

use badgeons::openbadges::model::Address;
use badgeons::recognition::award::{Organisation, Person, Recipient};
use badgeons::recognition::email::Email;
use badgeons::recognition::levels::Level;
use badgeons::recognition::microcredential::{
    AssessmentType, Elements, EqfLevel, LearningOutcome, Participation, QualityAssurance,
};

use super::*;

#[test]
fn the_confirmed_facilitator_is_as_the_domain_describes_it() {
    insta::assert_json_snapshot!(achievement("confirme-fresque", &issuer()));
}

#[test]
fn the_whole_cec_path_is_as_the_domain_describes_it() {
    insta::assert_json_snapshot!(achievement("cec-participant-ouest-2023", &issuer()));
}

#[test]
fn a_label_is_a_whole_credential() {
    let organisation = Organisation {
        name: "Exemple SARL".into(),
        siret: badgeons::recognition::siret::Siret::parse("73282932000074", true).ok(),
        url: "https://exemple.bzh/".parse().ok(),
    };
    let mut award = Award::new("terdeskin", Recipient::Organisation(organisation));
    award.licence = Some("TDK-2026-0007".into());
    award.awarded_on = Some(date!(2026 - 11 - 20));
    let issuer = issuer();
    insta::assert_json_snapshot!(credential(
        &award,
        &achievement("terdeskin", &issuer),
        &issuer
    ));
}

#[test]
fn a_complete_micro_credential_is_sound_and_an_incomplete_one_is_refused() {
    let mut template = founding::find("confirme-fresque", &Settings::default()).unwrap();
    template.level = Level::R6;
    template.elements = Some(Elements {
        learning_outcomes: vec![LearningOutcome {
            name: "Animer en autonomie un atelier de 3 h pour 4 à 8 personnes".into(),
            result: "ateliers".into(),
        }],
        workload_minutes: 45 * 60,
        ects: Some(1),
        level: EqfLevel::NotApplicable {
            reason: "Apprentissage non formel".into(),
        },
        assessment: vec![AssessmentType::PeerObservation, AssessmentType::Portfolio],
        participation: Some(Participation::Blended),
        quality_assurance: Some(QualityAssurance {
            name: "Charte du collectif".into(),
            url: "https://badges.example.org/charte".into(),
        }),
        prerequisites: Some("Avoir participé à une fresque".into()),
        stackable: Some(true),
    });
    let mut issuer = issuer();
    let made = |issuer: &Profile| {
        let id = "https://badges.example.org/achievements/confirme-fresque";
        template.achievement(&Publication {
            id,
            version: "2",
            image: None,
            issuer,
        })
    };
    let missing: Vec<u8> = made(&issuer)
        .unwrap_err()
        .0
        .missing()
        .map(|element| element.number)
        .collect();
    assert_eq!(missing, [3]);
    issuer.address = Some(Address {
        address_country_code: Some("FR".into()),
        ..Address::new()
    });
    let achievement = made(&issuer).unwrap();
    let person = Person::called("Katell Le Gabarit", Email::parse("a@example.org").unwrap());
    let award = Award::new("confirme-fresque", Recipient::Person(person));
    let document = credential(&award, &achievement, &issuer);
    assert_eq!(
        document["credentialSubject"]["achievement"]["achievementType"],
        "MicroCredential"
    );
    assert_sound(document);
}
