//! What a badge says, in the badge's own words, for people to read beside the verdict.
//!
//! Nothing here is verified: it is what the signature covers, if the proof holds. Texts are
//! shortened and stripped of what a terminal or a page could obey.

use serde::Serialize;
use serde_json::Value;

use super::needs::shown;
use crate::openbadges::model::many::items;
use crate::openbadges::model::{Text, Timestamp};

/// A badge in short.
#[derive(Clone, PartialEq, Serialize)]
pub struct Summary {
    /// The credential's identifier.
    pub id: Option<String>,
    /// Its title; the achievement's where it has none of its own.
    pub name: Option<String>,
    /// Who says so.
    pub issuer: Option<Party>,
    /// Who it is about.
    pub recipient: RecipientSummary,
    /// What was achieved.
    pub achievement: Option<AchievementSummary>,
    /// When it was earned.
    pub awarded: Option<Timestamp>,
    /// From when it holds.
    pub valid_from: Option<Timestamp>,
    /// Until when it holds.
    pub valid_until: Option<Timestamp>,
    /// How many results it states.
    pub results: usize,
    /// What it names as evidence: addresses, or titles where there is no address.
    pub evidence: Vec<String>,
}

/// A person or organisation.
#[derive(Clone, PartialEq, Serialize)]
pub struct Party {
    /// Its identifier.
    pub id: Option<String>,
    /// Its name, as the badge gives it.
    pub name: Option<String>,
}

/// The recipient as the badge shows them.
#[derive(Clone, PartialEq, Default, Serialize)]
pub struct RecipientSummary {
    /// `credentialSubject.id`.
    pub id: Option<String>,
    /// The name, where the badge gives one in clear.
    pub name: Option<String>,
    /// Whether there is an e-mail address as a hash only: who knows it can compare, nobody can read
    /// it.
    pub email_is_hashed: bool,
    /// The e-mail address, where the badge gives it in clear.
    pub email: Option<String>,
}

/// The achievement in short.
#[derive(Clone, PartialEq, Serialize)]
pub struct AchievementSummary {
    /// Its identifier.
    pub id: Option<String>,
    /// Its title.
    pub name: Option<String>,
    /// What kind it is: `Certificate`, `MicroCredential` …
    pub achievement_type: Option<String>,
    /// What it takes, or where that is told.
    pub criteria: Option<String>,
    /// Who designed it, where the badge says so.
    pub creator: Option<Party>,
}

impl Summary {
    /// Reads what there is; a summary of nonsense is empty, never an error.
    pub(super) fn of(credential: &Value) -> Self {
        let subject = credential.get("credentialSubject").unwrap_or(&Value::Null);
        let achievement = subject.get("achievement");
        let instant = |members: &[&str]| {
            members
                .iter()
                .find_map(|member| credential.get(*member)?.as_str()?.parse().ok())
        };
        let achievement = achievement.map(AchievementSummary::of);
        Self {
            id: text(credential.get("id")),
            name: text(credential.get("name")).or_else(|| {
                achievement
                    .as_ref()
                    .and_then(|achievement| achievement.name.clone())
            }),
            issuer: credential.get("issuer").map(Party::of),
            recipient: RecipientSummary::of(subject),
            achievement,
            awarded: instant(&["awardedDate"]),
            valid_from: instant(&["validFrom", "issuanceDate"]),
            valid_until: instant(&["validUntil", "expirationDate"]),
            results: items(subject.get("result")).len(),
            evidence: items(credential.get("evidence"))
                .iter()
                .take(20)
                .filter_map(|item| text(item.get("id").or_else(|| item.get("name"))))
                .collect(),
        }
    }
}

impl Party {
    fn of(party: &Value) -> Self {
        Self {
            id: text(party.get("id").or(Some(party))),
            name: text(party.get("name")),
        }
    }
}

impl RecipientSummary {
    fn of(subject: &Value) -> Self {
        let mut recipient = Self {
            id: text(subject.get("id")),
            ..Self::default()
        };
        for identity in items(subject.get("identifier")) {
            let hashed = identity
                .get("hashed")
                .and_then(Value::as_bool)
                .unwrap_or(false);
            let value = text(identity.get("identityHash"));
            match identity.get("identityType").and_then(Value::as_str) {
                Some("name") if !hashed => recipient.name = recipient.name.or(value),
                Some("emailAddress") if !hashed => recipient.email = recipient.email.or(value),
                Some("emailAddress") => recipient.email_is_hashed = true,
                _ => {}
            }
        }
        recipient
    }
}

impl AchievementSummary {
    fn of(achievement: &Value) -> Self {
        let criteria = achievement.get("criteria");
        let of_criteria = |member| criteria.and_then(|criteria: &Value| text(criteria.get(member)));
        Self {
            id: text(achievement.get("id")),
            name: text(achievement.get("name")),
            achievement_type: text(achievement.get("achievementType")),
            criteria: of_criteria("narrative").or_else(|| of_criteria("id")),
            creator: achievement.get("creator").map(Party::of),
        }
    }
}

// A report is about a person: its content stays out of logs.
impl std::fmt::Debug for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Summary").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Party {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Party").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for RecipientSummary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecipientSummary").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for AchievementSummary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AchievementSummary").finish_non_exhaustive()
    }
}

fn text(value: Option<&Value>) -> Option<String> {
    Text::of(value?, &["fr", "br", "en"])
        .map(shown)
        .filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_badge_is_told_in_its_own_words() {
        let summary = Summary::of(&json!({
            "id": "urn:uuid:1",
            "issuer": { "id": "did:web:badgeons.example", "name": "Badgeons" },
            "awardedDate": "2026-11-20T00:00:00Z",
            "validFrom": "2026-11-23T11:00:00+01:00",
            "evidence": [{ "id": "https://a.example/1" }, { "name": "Photo" }],
            "credentialSubject": {
                "id": "urn:uuid:2",
                "identifier": [
                    { "hashed": false, "identityHash": "Maëlle Le Goff", "identityType": "name" },
                    { "hashed": true, "identityHash": "sha256$00", "identityType": "emailAddress" },
                ],
                "result": [{}, {}],
                "achievement": {
                    "id": "https://a.example/a",
                    "name": { "en": "Mural", "fr": "Fresque" },
                    "achievementType": "Badge",
                    "criteria": { "narrative": "Come." },
                },
            },
        }));
        assert_eq!(
            serde_json::to_value(&summary).unwrap(),
            json!({
                "id": "urn:uuid:1",
                "name": "Fresque",
                "issuer": { "id": "did:web:badgeons.example", "name": "Badgeons" },
                "recipient": { "id": "urn:uuid:2", "name": "Maëlle Le Goff", "email_is_hashed": true, "email": null },
                "achievement": {
                    "id": "https://a.example/a",
                    "name": "Fresque",
                    "achievement_type": "Badge",
                    "criteria": "Come.",
                    "creator": null,
                },
                "awarded": "2026-11-20T00:00:00Z",
                "valid_from": "2026-11-23T10:00:00Z",
                "valid_until": null,
                "results": 2,
                "evidence": ["https://a.example/1", "Photo"],
            })
        );
        assert!(!format!("{summary:?}").contains("Maëlle"));
    }

    #[test]
    fn nonsense_has_an_empty_summary() {
        for nonsense in [
            json!(null),
            json!([1]),
            json!({ "credentialSubject": 7, "issuer": 3, "evidence": "x" }),
        ] {
            let summary = Summary::of(&nonsense);
            assert_eq!((summary.id, summary.name, summary.results), (None, None, 0));
        }
    }
}
