//! What a badge says, made ready to be shown: anybody's, so everything in it is a stranger's.
//!
//! Texts are made legible and bounded here, Markdown harmless, and addresses are those of the web or
//! nothing. askama escapes what templates show.

use serde_json::Value;

use super::format::{date, number};
use super::markdown::{to_html, web_address};
use super::profile::{identity, name_or_id, site};
use super::texts::say;
use crate::openbadges::model::legible::legible;
use crate::openbadges::model::many::items;
use crate::openbadges::model::{Text, Timestamp};
use crate::texts::Language;

/// The longest name or title, in characters.
pub(super) const LONGEST_TITLE: usize = 300;

/// The longest plain text.
const LONGEST_TEXT: usize = 4_000;

/// The most results, pieces of evidence or skills that are shown.
const MOST: usize = 30;

/// What a badge says.
#[derive(Debug, Default)]
pub(super) struct Badge {
    /// The language it speaks, where it says so.
    pub(super) language: Option<String>,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) recipient: Option<String>,
    pub(super) issuer: String,
    /// What the issuer is identified by, which a signature proves; a name it only claims.
    pub(super) issuer_id: String,
    /// Its site, where that is on the server that speaks for it.
    pub(super) issuer_site: Option<String>,
    /// Who designed it, where that is somebody else.
    pub(super) creator: Option<String>,
    /// What it takes, as HTML.
    pub(super) criteria: String,
    pub(super) criteria_site: Option<String>,
    /// What the recipient did, as HTML.
    pub(super) narrative: String,
    pub(super) facts: Vec<Fact>,
    pub(super) results: Vec<Outcome>,
    pub(super) evidence: Vec<Named>,
    pub(super) skills: Vec<Named>,
    pub(super) awarded: Option<Timestamp>,
    pub(super) valid_from: Option<Timestamp>,
    pub(super) valid_until: Option<Timestamp>,
    /// Its picture, where it carries it in itself.
    pub(super) picture: Option<String>,
}

/// Something that is told of it: a label of ours, and its words.
#[derive(Debug)]
pub(super) struct Fact {
    pub(super) label: String,
    pub(super) value: String,
}

/// A result: what it is called, and what was reached.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) name: String,
    pub(super) reached: String,
}

/// Something with a name, perhaps an address, and perhaps words about it.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) address: Option<String>,
    pub(super) about: String,
}

impl Badge {
    /// What a credential says, with our own words in a language.
    pub(super) fn of(credential: &Value, language: Language) -> Self {
        let subject = credential.get("credentialSubject").unwrap_or(&Value::Null);
        let achievement = subject.get("achievement").unwrap_or(&Value::Null);
        let mut badge = Self::of_achievement(achievement, language);
        let instant = |member: &str| credential.get(member)?.as_str()?.parse().ok();
        if badge.title.is_empty() {
            badge.title = title(credential.get("name"));
        }
        badge.recipient = recipient(subject);
        badge.issuer = name_or_id(credential.get("issuer"));
        badge.issuer_id = identity(credential.get("issuer"));
        badge.issuer_site = site(credential.get("issuer"));
        badge.narrative = markdown(subject.get("narrative"));
        badge.awarded = instant("awardedDate");
        badge.valid_from = instant("validFrom").or_else(|| instant("issuanceDate"));
        badge.valid_until = instant("validUntil").or_else(|| instant("expirationDate"));
        badge.results = results(subject, achievement, language);
        badge.evidence = evidence(credential);
        badge.facts = facts(subject, language);
        badge.creator = achievement
            .get("creator")
            .map(|creator| name_or_id(Some(creator)))
            .filter(|creator| !creator.is_empty() && *creator != badge.issuer);
        badge
    }

    /// What an achievement says, without anybody it is awarded to.
    pub(super) fn of_achievement(achievement: &Value, language: Language) -> Self {
        let criteria = achievement.get("criteria").unwrap_or(&Value::Null);
        let spoken = achievement.get("inLanguage").and_then(Value::as_str);
        Self {
            language: spoken
                .filter(|code| is_language(code))
                .map(ToOwned::to_owned),
            title: title(achievement.get("name")),
            description: plain(achievement.get("description")),
            criteria: markdown(criteria.get("narrative")),
            criteria_site: address(criteria.get("id")),
            skills: skills(achievement),
            facts: of_class(achievement, language),
            picture: picture(achievement.get("image")),
            ..Self::default()
        }
    }

    /// The days that matter, in words.
    pub(super) fn dates(&self, language: Language) -> Vec<Fact> {
        [
            ("fact-awarded", self.awarded),
            ("fact-issued", self.valid_from),
            ("fact-until", self.valid_until),
        ]
        .into_iter()
        .filter_map(|(label, at)| {
            Some(Fact {
                label: say(language, label),
                value: date(language, at?),
            })
        })
        .collect()
    }
}

fn text(value: Option<&Value>) -> &str {
    value
        .and_then(|value| Text::of(value, &["fr", "br", "en"]))
        .unwrap_or_default()
}

/// A text on one line.
pub(super) fn bounded(text: &str, longest: usize) -> String {
    let mut bounded: String = text.chars().take(longest).collect();
    if text.chars().nth(longest).is_some() {
        bounded.push('…');
    }
    legible(&bounded).trim().to_owned()
}

pub(super) fn title(value: Option<&Value>) -> String {
    bounded(text(value), LONGEST_TITLE)
}

fn plain(value: Option<&Value>) -> String {
    bounded(text(value), LONGEST_TEXT)
}

fn markdown(value: Option<&Value>) -> String {
    let text = text(value);
    if text.is_empty() {
        String::new()
    } else {
        to_html(text)
    }
}

pub(super) fn address(value: Option<&Value>) -> Option<String> {
    web_address(value?.as_str()?).filter(|address| address.starts_with("http"))
}

/// A code such as `fr` or `pt-BR`: it becomes an attribute.
pub(super) fn is_language(code: &str) -> bool {
    (2..=20).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// The name it gives in clear.
fn recipient(subject: &Value) -> Option<String> {
    let is_name = |identity: &&Value| {
        identity.get("identityType").and_then(Value::as_str) == Some("name")
            && identity.get("hashed").and_then(Value::as_bool) != Some(true)
    };
    let identified = items(subject.get("identifier")).iter().find(is_name);
    let name = identified.and_then(|identity| identity.get("identityHash"));
    let name = title(name.or_else(|| subject.get("name")));
    Some(name).filter(|name| !name.is_empty())
}

/// A picture that is part of the badge, of a kind that browsers draw without running anything.
fn picture(image: Option<&Value>) -> Option<String> {
    let image = image?;
    let uri = image.get("id").or(Some(image))?.as_str()?;
    let is_picture = ["data:image/png;base64,", "data:image/svg+xml;base64,"]
        .iter()
        .any(|kind| uri.starts_with(kind));
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b";:,/+=.-".contains(&b);
    (is_picture && uri.len() < 300_000 && uri.bytes().all(is_plain)).then(|| uri.to_owned())
}

fn results(subject: &Value, achievement: &Value, language: Language) -> Vec<Outcome> {
    let described = items(achievement.get("resultDescription"));
    let result = |result: &Value| {
        let description = described
            .iter()
            .find(|it| it.get("id").is_some() && it.get("id") == result.get("resultDescription"));
        let reached = reached(result, description, language);
        Outcome {
            name: description
                .map(|it| title(it.get("name")))
                .unwrap_or_default(),
            reached: reached.join(" · "),
        }
    };
    items(subject.get("result"))
        .iter()
        .take(MOST)
        .map(result)
        .filter(|outcome| !outcome.reached.is_empty())
        .collect()
}

fn reached(result: &Value, description: Option<&Value>, language: Language) -> Vec<String> {
    let level = result.get("achievedLevel").and_then(|id| {
        let levels = items(description?.get("rubricCriterionLevel"));
        levels.iter().find(|level| level.get("id") == Some(id))
    });
    let value = number(language, &title(result.get("value")));
    let status = match text(result.get("status")) {
        "Completed" => say(language, "status-completed"),
        "Enrolled" => say(language, "status-enrolled"),
        "Failed" => say(language, "status-failed"),
        "InProgress" => say(language, "status-in-progress"),
        "OnHold" => say(language, "status-on-hold"),
        "Provisional" => say(language, "status-provisional"),
        "Withdrew" => say(language, "status-withdrew"),
        _ => String::new(),
    };
    let level = level
        .map(|level| title(level.get("name")))
        .unwrap_or_default();
    [level, value, status]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect()
}

fn evidence(credential: &Value) -> Vec<Named> {
    let named = |evidence: &Value| {
        let address = address(evidence.get("id"));
        let name = title(evidence.get("name"));
        let told = [
            plain(evidence.get("description")),
            plain(evidence.get("narrative")),
        ];
        Named {
            name: match (&address, name.is_empty()) {
                (Some(address), true) => bounded(address, LONGEST_TITLE),
                _ => name,
            },
            address,
            about: told
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join(" "),
        }
    };
    let all = items(credential.get("evidence")).iter().take(MOST);
    all.map(named)
        .filter(|evidence| !evidence.name.is_empty() || !evidence.about.is_empty())
        .collect()
}

fn skills(achievement: &Value) -> Vec<Named> {
    let named = |skill: &Value| Named {
        name: title(skill.get("targetName")),
        address: address(skill.get("targetUrl")),
        about: [
            title(skill.get("targetFramework")),
            title(skill.get("targetCode")),
        ]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join(" "),
    };
    let all = items(achievement.get("alignment")).iter().take(MOST);
    all.map(named)
        .filter(|skill| !skill.name.is_empty())
        .collect()
}

/// What is told of this award alone.
fn facts(subject: &Value, language: Language) -> Vec<Fact> {
    let instant = |member: &str| subject.get(member)?.as_str()?.parse::<Timestamp>().ok();
    let day = |member| {
        instant(member)
            .map(|at| date(language, at))
            .unwrap_or_default()
    };
    let (start, end) = (day("activityStartDate"), day("activityEndDate"));
    let period = match (start.is_empty(), end.is_empty() || start == end) {
        (false, false) => format!("{start} – {end}"),
        (false, true) => start,
        (true, _) => end,
    };
    let credits = match subject.get("creditsEarned") {
        Some(Value::Number(credits)) => number(language, &credits.to_string()),
        _ => String::new(),
    };
    of_labels(
        language,
        [
            ("fact-activity", period),
            ("fact-role", title(subject.get("role"))),
            ("fact-licence", title(subject.get("licenseNumber"))),
            ("fact-credits", credits),
        ],
    )
}

/// What is told of the class.
fn of_class(achievement: &Value, language: Language) -> Vec<Fact> {
    of_labels(
        language,
        [
            ("fact-field", title(achievement.get("fieldOfStudy"))),
            (
                "fact-specialization",
                title(achievement.get("specialization")),
            ),
        ],
    )
}

fn of_labels<const N: usize>(language: Language, told: [(&str, String); N]) -> Vec<Fact> {
    told.into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(label, value)| Fact {
            label: say(language, label),
            value,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_badge_is_told_with_what_was_reached() {
        let badge = Badge::of(
            &json!({
                "issuer": {"id": "did:web:a.example", "name": "Territoire", "url": "https://a.example"},
                "validFrom": "2026-11-23T00:00:00Z",
                "evidence": [{"id": "https://a.example/1"}, {"narrative": "Came."}, {"id": "javascript:x"}],
                "credentialSubject": {
                    "identifier": [
                        {"hashed": true, "identityHash": "sha256$0", "identityType": "name"},
                        {"hashed": false, "identityHash": "Añaïg", "identityType": "name"},
                    ],
                    "result": [
                        {"resultDescription": "urn:1", "value": "4.5"},
                        {"resultDescription": "urn:2", "achievedLevel": "urn:l", "status": "Completed"},
                        {"resultDescription": "urn:3"},
                    ],
                    "activityStartDate": "2026-11-01T00:00:00Z",
                    "activityEndDate": "2026-11-01T00:00:00Z",
                    "achievement": {
                        "name": "Fresque", "inLanguage": "fr",
                        "criteria": {"id": "ftp://x", "narrative": "*Venir.*"},
                        "resultDescription": [
                            {"id": "urn:1", "name": "Ateliers"},
                            {"id": "urn:2", "name": "Axe", "rubricCriterionLevel": [{"id": "urn:l", "name": "Mûr"}]},
                        ],
                        "alignment": [{"targetName": "Animer", "targetUrl": "http://data.europa.eu/esco/1", "targetFramework": "ESCO"}],
                    },
                },
            }),
            Language::Fr,
        );
        assert_eq!(badge.recipient.as_deref(), Some("Añaïg"));
        let reached: Vec<_> = badge
            .results
            .iter()
            .map(|it| (&*it.name, &*it.reached))
            .collect();
        assert_eq!(reached, [("Ateliers", "4,5"), ("Axe", "Mûr · Obtenu")]);
        let evidence: Vec<_> = badge
            .evidence
            .iter()
            .map(|it| (&*it.name, &*it.about))
            .collect();
        assert_eq!(evidence, [("https://a.example/1", ""), ("", "Came.")]);
        assert_eq!(badge.skills[0].about, "ESCO");
        assert_eq!(badge.criteria, "<p><em>Venir.</em></p>\n");
        assert_eq!(badge.criteria_site, None);
        assert_eq!(badge.facts[0].value, "1er novembre 2026");
        assert_eq!(badge.dates(Language::Fr)[0].value, "23 novembre 2026");
    }

    #[test]
    fn nonsense_says_nothing_and_harms_nobody() {
        for nonsense in [
            json!(null),
            json!({"issuer": [1], "credentialSubject": {"achievement": {"image": "data:text/html;base64,x",
                "inLanguage": "\"><script>", "criteria": 7, "name": {"x": 7}}, "result": 7}}),
        ] {
            let badge = Badge::of(&nonsense, Language::En);
            assert_eq!((badge.title.as_str(), badge.recipient), ("", None));
            assert_eq!((badge.picture, badge.language), (None, None));
        }
        let long = Badge::of(&json!({"name": "é".repeat(10_000)}), Language::En);
        assert_eq!(long.title.chars().count(), LONGEST_TITLE + 1);
    }
}
