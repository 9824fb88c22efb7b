//! Many badges of one achievement: the same findings and the same bytes as one by one.

use badgeons::openbadges::keys::Ed25519Secret;
use badgeons::openbadges::model::checked::{Checked, Profile as Rules, Unsigned};
use badgeons::openbadges::model::rules::{self, Approved};
use badgeons::openbadges::model::{
    Achievement, CredentialStatus, Evidence, Image, Profile, ResultStatusType, ResultType,
};
use badgeons::openbadges::proof::{ProofOptions, Series, eddsa_rdfc_2022, to_bytes};
use badgeons::recognition::activity::Activity;
use badgeons::recognition::award::{Award, Organisation, Person, Reached, Recipient};
use badgeons::recognition::compose::{Composition, compose};
use badgeons::recognition::email::Email;
use badgeons::recognition::settings::Settings;
use badgeons::recognition::siret::Siret;
use badgeons::recognition::templates::{Publication, Validity, founding};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use time::macros::date;
use zeroize::Zeroizing;

use super::laws::{anything, put};

fn key() -> Ed25519Secret {
    Ed25519Secret::from_bytes(&Zeroizing::new([1; 32]))
}

fn options() -> ProofOptions {
    let method = "did:web:badges.example.org#key";
    ProofOptions::new(method, "2026-11-23T10:00:00Z".parse().unwrap())
}

fn issuer() -> Profile {
    Profile {
        name: Some("Badgeoù bro Gwened".into()),
        url: Some("https://badges.example.org/".into()),
        image: Some(Image::new("https://badges.example.org/logo.png")),
        description: Some("« Le collectif »\n\tשלום 😀 \\ \"".into()),
        ..Profile::new("did:web:badges.example.org")
    }
}

/// The achievements of the founding badges that are complete without further settings.
fn achievements() -> Vec<Achievement> {
    let issuer = issuer();
    let templates = founding(&Settings::default());
    let published = templates.iter().filter_map(|template| {
        let id = format!("https://badges.example.org/achievements/{}", template.slug);
        let publication = Publication {
            id: &id,
            version: "1",
            image: Some("https://badges.example.org/picture.png"),
            issuer: &issuer,
        };
        template.achievement(&publication).ok()
    });
    published.collect()
}

/// An award with or without each thing that differs from one to the next.
fn award(achievement: &Achievement) -> impl Strategy<Value = Award> + use<> {
    let results = achievement.result_description.iter().map(|result| {
        let key = result.id.rsplit('#').next().unwrap();
        match result.result_type {
            ResultType::Status => Reached::status(key, ResultStatusType::Completed),
            ResultType::RubricCriterionLevel => Reached {
                key: key.to_owned(),
                what: badgeons::recognition::award::What::Level(1),
            },
            _ => Reached::value(key, "1"),
        }
    });
    let results: Vec<Reached> = results.collect();
    let all = results.len();
    let text = || {
        let texts = [
            "Añaïg",
            "Ewen 😀",
            "« x »\n\ty",
            "\\\"",
            "שלום",
            "a\u{1}b",
            "<é>",
            " ",
        ];
        select(texts.map(str::to_owned).to_vec())
    };
    let recipient = prop_oneof![
        text().prop_map(|name| {
            Recipient::Person(Person::called(
                &name,
                Email::parse("a@example.org").unwrap(),
            ))
        }),
        (text(), any::<bool>()).prop_map(|(name, known)| {
            Recipient::Organisation(Organisation {
                name,
                siret: known.then(|| Siret::parse("73282932000074", false).unwrap()),
                url: known.then(|| "https://exemple.bzh/é".parse().unwrap()),
            })
        }),
    ];
    let evidence = (prop::option::of(text()), prop::option::of(text())).prop_map(|(id, told)| {
        let mut evidence = Evidence::new();
        evidence.id = id.map(|_| "https://x.example/1".to_owned());
        evidence.narrative = told.map(Into::into);
        evidence
    });
    let day = date!(2026 - 10 - 14);
    (
        recipient,
        prop::option::of(text()),
        prop::option::of(text()),
        prop::option::of(text()),
        prop::sample::subsequence(results, 0..=all),
        prop::collection::vec(evidence, 0..3),
        prop::option::of(select(vec![
            json!(1),
            json!(0.5),
            json!(9_007_199_254_740_993_u64),
        ])),
        any::<bool>(),
    )
        .prop_map(
            move |(recipient, activity, role, told, results, evidence, credits, dated)| {
                let mut award = Award::new("x", recipient);
                award.activity =
                    activity.map(|name| Activity::named(name).on(day, day).at("Gwened"));
                (award.role, award.narrative) = (role.clone(), told);
                award.licence = role;
                award.results = results;
                award.evidence = evidence;
                award.credits = credits.and_then(|credits| match credits {
                    Value::Number(number) => Some(number),
                    _ => None,
                });
                award.awarded_on = dated.then_some(day);
                award
            },
        )
}

fn composed(award: &Award, achievement: &Achievement, number: u8) -> Unsigned {
    let list = "https://badges.example.org/status/1";
    compose(&Composition {
        award,
        issuer: &issuer(),
        achievement,
        credential_id: &format!("urn:uuid:0197f0c0-0000-7000-8000-0000000000{number:02x}"),
        subject_id: &format!("urn:uuid:8d1b7a56-1f0e-4f0f-9d0c-5f6f5d1f5a{number:02x}"),
        salt: [number; 16],
        issued_at: "2026-11-23T10:00:00Z".parse().unwrap(),
        validity: Validity::Months(u16::from(number)),
        status: Some(CredentialStatus::bitstring(
            list,
            "revocation",
            number.into(),
        )),
    })
    .unwrap()
    .unsigned()
}

/// Two awards of one achievement.
fn pair() -> impl Strategy<Value = (Unsigned, Unsigned)> {
    select(achievements()).prop_flat_map(|achievement| {
        (award(&achievement), award(&achievement), any::<u8>()).prop_map(
            move |(one, other, number)| {
                (
                    composed(&one, &achievement, 1),
                    composed(&other, &achievement, number),
                )
            },
        )
    })
}

fn plain(number: u8) -> Unsigned {
    let person = Person::called("Ewen", Email::parse("a@example.org").unwrap());
    let award = Award::new("x", Recipient::Person(person));
    composed(&award, &achievements()[0], number)
}

fn checked(badge: &Unsigned) -> Checked {
    rules::check(badge.clone(), Rules::OpenBadge).unwrap()
}

/// Signed with what was prepared and without: one and the same, bytes or refusal.
fn assert_signed_alike(series: &Series, badge: &Checked, options: &ProofOptions) {
    let sooner = series.sign(badge.clone(), &key());
    let general = eddsa_rdfc_2022::sign(badge.clone(), options, &key());
    assert_eq!(
        sooner.as_ref().map(to_bytes),
        general.as_ref().map(to_bytes)
    );
}

proptest! {
    #[test]
    fn many_awards_are_checked_and_signed_as_each_by_itself((sample, badge) in pair()) {
        let Ok(approved) = Approved::of(&sample) else {
            return Ok(());
        };
        let general = rules::check(badge.clone(), Rules::OpenBadge);
        prop_assert_eq!(approved.check(badge), general.clone());
        let series = Series::of(&checked(&sample), options());
        let (Ok(series), Ok(badge)) = (series, general) else {
            return Ok(());
        };
        assert_signed_alike(&series, &badge, &options());
    }

    #[test]
    fn a_badge_changed_anywhere_is_judged_and_signed_as_by_itself(
        at in 0_usize..90, new in prop_oneof![anything(), Just(json!("x")), Just(json!(["x"]))],
    ) {
        let sample = plain(1);
        let approved = Approved::of(&sample).unwrap();
        let series = Series::of(&checked(&sample), options()).unwrap();
        let mut changed = plain(2).0;
        put(&mut changed, &mut { at }, &new);
        let general = rules::check(Unsigned(changed.clone()), Rules::OpenBadge);
        prop_assert_eq!(approved.check(Unsigned(changed)), general.clone());
        if let Ok(badge) = general {
            assert_signed_alike(&series, &badge, &options());
        }
    }
}

#[test]
fn another_issuer_achievement_or_context_is_not_mistaken_for_what_was_prepared() {
    let sample = plain(1);
    let approved = Approved::of(&sample).unwrap();
    let series = Series::of(&checked(&sample), options()).unwrap();
    let same = to_bytes(&series.sign(checked(&sample), &key()).unwrap());
    let changes: [fn(&mut Value); 6] = [
        |badge| badge["issuer"]["name"] = json!("Another"),
        |badge| badge["issuer"]["id"] = json!("did:web:other.example.org"),
        |badge| badge["credentialSubject"]["achievement"]["criteria"]["narrative"] = json!("Less."),
        |badge| badge["credentialSubject"]["achievement"]["tag"][0] = json!("other"),
        |badge| badge["credentialSubject"]["achievement"]["version"] = json!("2"),
        |badge| {
            let own = json!({"@language": "br"});
            badge["@context"].as_array_mut().unwrap().push(own);
        },
    ];
    let proof_value = |bytes: &[u8]| {
        let signed: Value = serde_json::from_slice(bytes).unwrap();
        signed["proof"]["proofValue"].clone()
    };
    for (number, change) in changes.iter().enumerate() {
        let mut badge = sample.clone();
        change(&mut badge.0);
        let badge = approved.check(badge).unwrap();
        assert_signed_alike(&series, &badge, &options());
        let signed = to_bytes(&series.sign(badge, &key()).unwrap());
        assert_ne!(proof_value(&signed), proof_value(&same), "{number}");
    }
}

#[test]
fn what_is_wrong_in_another_issuer_or_achievement_is_found() {
    let approved = Approved::of(&plain(1)).unwrap();
    let changes: [fn(&mut Value); 5] = [
        |badge| badge["issuer"]["name"] = json!(" "),
        |badge| badge["issuer"] = badge["credentialSubject"]["achievement"].clone(),
        |badge| badge["credentialSubject"]["achievement"] = badge["issuer"].clone(),
        |badge| badge["credentialSubject"]["achievement"]["name"] = json!("a\u{202e}b"),
        |badge| badge["credentialSubject"]["achievement"]["criteria"] = json!({}),
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut badge = plain(1);
        change(&mut badge.0);
        let general = rules::check(badge.clone(), Rules::OpenBadge);
        assert!(general.is_err(), "{number}");
        assert_eq!(approved.check(badge), general, "{number}");
    }
}

#[test]
fn a_badge_that_breaks_rules_approves_nothing() {
    let mut badge = plain(1);
    badge.0["credentialSubject"]["narrative"] = json!(" ");
    let refused = rules::check(badge.clone(), Rules::OpenBadge).unwrap_err();
    assert_eq!(Approved::of(&badge).unwrap_err(), refused);
}

#[test]
fn other_proof_options_are_other_proofs() {
    let badge = checked(&plain(1));
    let other = ProofOptions::new(
        "did:web:badges.example.org#other",
        "2026-11-23T10:00:01Z".parse().unwrap(),
    );
    let [one, two] = [options(), other.clone()].map(|options| {
        let series = Series::of(&badge, options).unwrap();
        to_bytes(&series.sign(badge.clone(), &key()).unwrap())
    });
    assert_ne!(one, two);
    assert_signed_alike(&Series::of(&badge, other.clone()).unwrap(), &badge, &other);
}
