//! What is to be recognised to whom, before it becomes a credential.

use std::fmt;

use serde_json::Number;
use time::Date;
use url::Url;

use crate::openbadges::model::{Evidence, ResultStatusType};

use super::activity::Activity;
use super::email::Email;
use super::folding::fold;
use super::siret::Siret;

/// A badge to award: which, to whom, and for what they did.
#[derive(Clone, PartialEq)]
pub struct Award {
    /// The achievement's slug.
    pub achievement: String,
    /// To whom.
    pub recipient: Recipient,
    /// What it was earned at.
    pub activity: Option<Activity>,
    /// In what role.
    pub role: Option<String>,
    /// What this recipient did, added to the criteria (*additif*), in Markdown.
    pub narrative: Option<String>,
    /// What was reached.
    pub results: Vec<Reached>,
    /// What shows it.
    pub evidence: Vec<Evidence>,
    /// The number of a licence or label.
    pub licence: Option<String>,
    /// The credits earned, where the issuer gives any.
    pub credits: Option<Number>,
    /// When it was earned, where that is known.
    pub awarded_on: Option<Date>,
}

/// A person or an organisation.
#[derive(Clone, PartialEq, Eq)]
pub enum Recipient {
    /// A person.
    Person(Person),
    /// An organisation.
    Organisation(Organisation),
}

/// A person. Names are kept as they were given, capital letters and all.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// The whole name.
    pub name: String,
    /// The given name, where it is known apart.
    pub given: Option<String>,
    /// The family name, where it is known apart.
    pub family: Option<String>,
    /// The address.
    pub email: Email,
}

/// An organisation.
#[derive(Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Its name.
    pub name: String,
    /// Its number in the French register.
    pub siret: Option<Siret>,
    /// Its site.
    pub url: Option<Url>,
}

/// One result that was reached.
#[derive(Debug, Clone, PartialEq)]
pub struct Reached {
    /// The result's key in its template: `ateliers`, `s1`.
    pub key: String,
    /// What was reached.
    pub what: What,
}

/// What was reached of a result.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// A value, as a text also where it is a number.
    Value(String),
    /// A status.
    Status(ResultStatusType),
    /// A level of the rubric, counted from 1.
    Level(usize),
}

/// What makes two awards one: the same achievement, recipient and activity.
///
/// Holds an address in clear; who stores it hashes it with a key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AwardKey {
    /// The achievement's slug.
    pub achievement: String,
    /// The address; for organisations the SIRET, else the site, else the folded name.
    pub recipient: String,
    /// The activity's folded name and first day; empty without activity.
    pub activity: String,
}

impl Award {
    /// Of an achievement to a recipient, and nothing more.
    pub fn new(achievement: impl Into<String>, recipient: Recipient) -> Self {
        Self {
            achievement: achievement.into(),
            recipient,
            activity: None,
            role: None,
            narrative: None,
            results: Vec::new(),
            evidence: Vec::new(),
            licence: None,
            credits: None,
            awarded_on: None,
        }
    }

    /// What makes two awards one.
    pub fn key(&self) -> AwardKey {
        AwardKey {
            achievement: self.achievement.clone(),
            recipient: self.recipient.key(),
            activity: self
                .activity
                .as_ref()
                .map(Activity::key)
                .unwrap_or_default(),
        }
    }
}

impl Award {
    /// Counts what another row of the same roster adds to this award.
    pub(super) fn add(&mut self, more: Self) {
        for reached in more.results {
            match self
                .results
                .iter_mut()
                .find(|known| known.key == reached.key)
            {
                Some(known) => known.add(&reached),
                None => self.results.push(reached),
            }
        }
        self.evidence.extend(more.evidence);
        self.narrative = paragraphs([self.narrative.take(), more.narrative]);
    }
}

/// Texts one after the other, as paragraphs; none where there is none.
pub(super) fn paragraphs(texts: [Option<String>; 2]) -> Option<String> {
    let told: Vec<String> = texts.into_iter().flatten().collect();
    (!told.is_empty()).then(|| told.join("\n\n"))
}

impl Recipient {
    /// The name, as given.
    pub fn name(&self) -> &str {
        match self {
            Self::Person(person) => &person.name,
            Self::Organisation(organisation) => &organisation.name,
        }
    }

    /// What tells this recipient from others, whoever awards.
    pub fn key(&self) -> String {
        match self {
            Self::Person(person) => person.email.recipient_key(),
            Self::Organisation(Organisation {
                siret: Some(siret), ..
            }) => format!("siret:{siret}"),
            Self::Organisation(Organisation { url: Some(url), .. }) => format!("url:{url}"),
            Self::Organisation(Organisation { name, .. }) => format!("name:{}", fold(name)),
        }
    }
}

impl Person {
    /// A person whose given and family names are known apart.
    pub fn named(given: &str, family: &str, email: Email) -> Self {
        let part = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let (given, family) = (part(given), part(family));
        let name = [given.as_deref(), family.as_deref()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>();
        Self {
            name: name.join(" "),
            given,
            family,
            email,
        }
    }

    /// A person whose name is known as a whole.
    pub fn called(name: &str, email: Email) -> Self {
        Self {
            name: name.trim().to_owned(),
            given: None,
            family: None,
            email,
        }
    }
}

impl Reached {
    /// A value.
    pub fn value(key: &str, value: impl Into<String>) -> Self {
        Self {
            key: key.to_owned(),
            what: What::Value(value.into()),
        }
    }

    /// Adds another count of the same result; what is no number stays as it is.
    pub(super) fn add(&mut self, more: &Self) {
        let number = |what: &What| match what {
            What::Value(value) => value.parse::<f64>().ok(),
            What::Status(_) | What::Level(_) => None,
        };
        if let (Some(one), Some(other)) = (number(&self.what), number(&more.what)) {
            self.what = What::Value((one + other).to_string());
        }
    }

    /// A status.
    pub fn status(key: impl Into<String>, status: ResultStatusType) -> Self {
        Self {
            key: key.into(),
            what: What::Status(status),
        }
    }
}

/// Keeps who it is out of `Debug`, and so out of logs.
macro_rules! debug_without_people {
    ($($name:ident),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+};
}

debug_without_people!(Award, Recipient, Person, Organisation, AwardKey);

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn person(name: &str, email: &str) -> Recipient {
        Recipient::Person(Person::called(name, Email::parse(email).unwrap()))
    }

    fn organisation(name: &str, siret: Option<&str>, url: Option<&str>) -> Recipient {
        Recipient::Organisation(Organisation {
            name: name.into(),
            siret: siret.map(|text| Siret::parse(text, false).unwrap()),
            url: url.map(|text| text.parse().unwrap()),
        })
    }

    #[test]
    fn the_same_person_achievement_and_activity_are_one_award() {
        let day = date!(2023 - 10 - 14);
        let award = |slug: &str, email: &str, activity: &str| {
            let activity = Some(Activity::named(activity).on(day, day));
            Award {
                activity,
                ..Award::new(slug, person("A", email))
            }
            .key()
        };
        let key = award("x", "a@example.org", "Fresquathon");
        assert_eq!(key, award("x", " A@EXAMPLE.ORG", "fresquathon"));
        assert_ne!(key, award("y", "a@example.org", "Fresquathon"));
        assert_ne!(key, award("x", "b@example.org", "Fresquathon"));
        assert_ne!(key, award("x", "a@example.org", "Autre"));
    }

    #[test]
    fn an_organisation_is_known_by_its_number_then_its_site_then_its_name() {
        let siret = Some("73282932000074");
        let url = Some("https://exemple.bzh/");
        assert_eq!(
            organisation("A", siret, url).key(),
            organisation("B", siret, None).key()
        );
        assert_eq!(
            organisation("A", None, url).key(),
            organisation("B", None, url).key()
        );
        assert_eq!(
            organisation("Exemple SARL", None, None).key(),
            organisation("EXEMPLE  sarl", None, None).key()
        );
        assert_ne!(
            organisation("A", siret, None).key(),
            organisation("A", None, None).key()
        );
    }

    #[test]
    fn names_are_kept_as_given() {
        let email = Email::parse("a@example.org").unwrap();
        let person = Person::named(" KATELL ", "le gabarit", email);
        assert_eq!(person.name, "KATELL le gabarit");
        assert_eq!(
            (person.given.as_deref(), person.family.as_deref()),
            (Some("KATELL"), Some("le gabarit"))
        );
    }

    #[test]
    fn debug_tells_nobody() {
        let mut award = Award::new("x", person("Secret", "secret@example.org"));
        award.narrative = Some("secret".into());
        assert!(
            !format!("{award:?} {:?} {:?}", award.recipient, award.key())
                .to_lowercase()
                .contains("secret")
        );
    }
}
