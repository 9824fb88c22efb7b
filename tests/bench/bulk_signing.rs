//! One credential of many: composed, held to all rules, signed and written, beside raw Ed25519 in the
//! same run. The achievement and its issuer are the same for all; whoever receives it is not.

#![allow(
    clippy::unwrap_used,
    reason = "a benchmark that fails has no time to report"
)]

use badgeons::openbadges::keys::Ed25519Secret;
use badgeons::openbadges::model::checked::Profile as Rules;
use badgeons::openbadges::model::rules::{self, Approved};
use badgeons::openbadges::model::{
    Achievement, AchievementCredential, CredentialStatus, Profile, Timestamp,
};
use badgeons::openbadges::proof::{ProofOptions, Series, eddsa_rdfc_2022, to_bytes};
use badgeons::recognition::activity::Activity;
use badgeons::recognition::award::{Award, Person, Recipient};
use badgeons::recognition::compose::{Composition, compose};
use badgeons::recognition::email::Email;
use badgeons::recognition::settings::Settings;
use badgeons::recognition::templates::{Publication, Validity, find};
use divan::{Bencher, black_box};
use ed25519_dalek::Signer as _;
use time::macros::date;
use zeroize::Zeroizing;

const SLUG: &str = "participant-fresque-climat";
const LIST: &str = "https://badges.example.org/status/0197f0c0-0000-7000-8000-000000000009";

/// What does not change from one credential to the next.
struct Fixed {
    issuer: Profile,
    achievement: Achievement,
    award: Award,
    now: Timestamp,
    options: ProofOptions,
    key: Ed25519Secret,
}

impl Fixed {
    fn new() -> Self {
        let issuer = Profile {
            name: Some("Badgeons le pays de Vannes".into()),
            url: Some("https://badgeons.example.org/".into()),
            email: Some("bonjour@badgeons.example.org".into()),
            description: Some("Le collectif qui reconnaît les engagements.".into()),
            ..Profile::new("did:web:badges.example.org:issuers:pays-de-vannes")
        };
        let id = "https://badges.example.org/achievements/0197f0c0-0000-7000-8000-000000000001";
        let publication = Publication {
            id,
            version: "1",
            image: Some("https://badges.example.org/images/participant.png"),
            issuer: &issuer,
        };
        let template = find(SLUG, &Settings::default()).unwrap();
        let achievement = template.achievement(&publication).unwrap();
        let email = Email::parse("anaig@example.org").unwrap();
        let person = Person::named("Añaïg", "Le Gabarit", email);
        let day = date!(2026 - 10 - 14);
        let mut award = Award::new(SLUG, Recipient::Person(person));
        award.activity = Some(Activity::named("Fresquathon").on(day, day).at("Vannes"));
        award.awarded_on = Some(day);
        let now = "2026-11-23T10:00:00Z".parse().unwrap();
        Self {
            options: ProofOptions::new(format!("{}#key", issuer.id), now),
            key: Ed25519Secret::from_bytes(&Zeroizing::new([1; 32])),
            issuer,
            achievement,
            award,
            now,
        }
    }

    fn compose(&self, number: u8) -> AchievementCredential {
        compose(&Composition {
            award: &self.award,
            issuer: &self.issuer,
            achievement: &self.achievement,
            credential_id: "https://badges.example.org/credentials/0197f0c0-0000-7000-8000-0000000000aa",
            subject_id: "urn:uuid:8d1b7a56-1f0e-4f0f-9d0c-5f6f5d1f5a22",
            salt: [number; 16],
            issued_at: self.now,
            validity: Validity::Months(36),
            status: Some(CredentialStatus::bitstring(
                LIST,
                "revocation",
                number.into(),
            )),
        })
        .unwrap()
    }
}

#[divan::bench]
fn raw_ed25519_sign(bencher: Bencher<'_, '_>) {
    let key = ed25519_dalek::SigningKey::from_bytes(&[1; 32]);
    bencher.bench(|| key.sign(black_box(&[7; 64])));
}

#[divan::bench]
fn by_itself(bencher: Bencher<'_, '_>) {
    let fixed = Fixed::new();
    bencher.bench(|| {
        let composed = fixed.compose(black_box(7)).unsigned();
        let checked = rules::check(composed, Rules::OpenBadge).unwrap();
        to_bytes(&eddsa_rdfc_2022::sign(checked, &fixed.options, &fixed.key).unwrap())
    });
}

#[divan::bench]
fn in_a_series(bencher: Bencher<'_, '_>) {
    let fixed = Fixed::new();
    let sample = fixed.compose(0).unsigned();
    let approved = Approved::of(&sample).unwrap();
    let checked = approved.check(sample).unwrap();
    let series = Series::of(&checked, fixed.options.clone()).unwrap();
    bencher.bench(|| {
        let composed = fixed.compose(black_box(7)).unsigned();
        let checked = approved.check(composed).unwrap();
        to_bytes(&series.sign(checked, &fixed.key).unwrap())
    });
}

/// What is done once for a series.
#[divan::bench]
fn preparing_a_series(bencher: Bencher<'_, '_>) {
    let fixed = Fixed::new();
    let sample = fixed.compose(0).unsigned();
    bencher.bench(|| {
        let approved = Approved::of(black_box(&sample)).unwrap();
        let checked = approved.check(sample.clone()).unwrap();
        (
            Series::of(&checked, fixed.options.clone()).unwrap(),
            approved,
        )
    });
}
