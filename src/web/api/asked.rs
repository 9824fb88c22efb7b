//! A badge as it is asked for: the row of a roster, typed by a program.

use serde::Deserialize;
use time::Date;
use time::macros::format_description;
use utoipa::ToSchema;

use crate::recognition::activity::Activity;
use crate::recognition::entry::{Entry, Field, Place};
use crate::web::problem::Problem;

/// A badge to be issued.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AskedCredential, example = json!({
    "achievement": "participant-fresque-climat",
    "recipient": {"name": "Añaïg Le Coz", "email": "anaig@example.org"},
    "activity": {"name": "Fresquathon", "place": "Vannes", "start": "2023-10-14"}
}))]
pub(in crate::web) struct Asked {
    /// The badge class, by its short name; `fresque` lets workshop and role choose it.
    #[schema(example = "animateur-fresque")]
    pub(super) achievement: String,
    /// To whom.
    recipient: Recipient,
    /// What it was earned at.
    activity: Option<AskedActivity>,
    /// The recipient's role.
    role: Option<String>,
    /// The workshop, with `fresque`.
    workshop: Option<String>,
    /// What the recipient did, beside the criteria.
    narrative: Option<String>,
    /// Number of the licence or label.
    licence: Option<String>,
    /// Address of a proof.
    evidence: Option<String>,
    /// Workshops led or co-led so far.
    workshops_led: Option<u32>,
    /// Facilitator trainings given so far.
    trainings_led: Option<u32>,
    /// The peer who endorses the person, where the badge needs one.
    endorser: Option<String>,
    /// The assessor, where the badge needs one.
    assessor: Option<String>,
    /// Credits earned.
    #[schema(minimum = 0)]
    credits: Option<f64>,
    /// Issue it anew where the same badge was revoked.
    #[serde(default)]
    pub(super) again: bool,
}

/// A person (name and e-mail address) or an organisation (its name, and what tells it from others).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Recipient {
    /// The person's name, as it is to stand on the badge.
    #[schema(example = "Añaïg Le Coz")]
    name: Option<String>,
    /// The person's e-mail address; the badge holds only a salted hash of it.
    #[schema(example = "anaig@example.org")]
    email: Option<String>,
    /// The organisation's name, instead of a person.
    organisation: Option<String>,
    /// The organisation's SIRET number.
    siret: Option<String>,
    /// The organisation's web site.
    url: Option<String>,
}

/// What a badge was earned at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedActivity {
    /// Its name.
    #[schema(example = "Fresquathon")]
    pub(super) name: String,
    /// Where it took place.
    pub(super) place: Option<String>,
    /// Its day, or the first.
    #[schema(format = Date)]
    pub(super) start: Option<String>,
    /// Its last day.
    #[schema(format = Date)]
    pub(super) end: Option<String>,
}

impl Asked {
    /// As the row of a roster: the same rules judge both.
    pub(super) fn entry(&self) -> Result<Entry, Problem> {
        if self
            .credits
            .is_some_and(|credits| !(credits.is_finite() && credits >= 0.0))
        {
            return Err(Problem::new("invalid", "Credits are a number from 0 up."));
        }
        let to = &self.recipient;
        let count = |pointer, count: Option<u32>| {
            count.map(|n| field(pointer, f64::from(n), &n.to_string()))
        };
        Ok(Entry {
            row: 1,
            full_name: text("/recipient/name", to.name.as_ref()),
            email: text("/recipient/email", to.email.as_ref()),
            organisation: text("/recipient/organisation", to.organisation.as_ref()),
            siret: text("/recipient/siret", to.siret.as_ref()),
            url: text("/recipient/url", to.url.as_ref()),
            role: text("/role", self.role.as_ref()),
            workshop: text("/workshop", self.workshop.as_ref()),
            narrative: text("/narrative", self.narrative.as_ref()),
            licence: text("/licence", self.licence.as_ref()),
            evidence: text("/evidence", self.evidence.as_ref()),
            endorser: text("/endorser", self.endorser.as_ref()),
            assessor: text("/assessor", self.assessor.as_ref()),
            workshops_led: count("/workshops_led", self.workshops_led),
            trainings_led: count("/trainings_led", self.trainings_led),
            credits: self
                .credits
                .map(|credits| field("/credits", credits, &credits.to_string())),
            ..Entry::default()
        })
    }

    /// What it was earned at.
    pub(super) fn activity(&self) -> Result<Option<Activity>, Problem> {
        let asked = self.activity.as_ref();
        asked.map(AskedActivity::activity).transpose()
    }
}

impl AskedActivity {
    /// As the rules read it; the first day is the last where no other is given.
    pub(super) fn activity(&self) -> Result<Activity, Problem> {
        let day = |text: &Option<String>| match text {
            None => Ok(None),
            Some(text) => day(text).map(Some).ok_or_else(|| {
                Problem::new(
                    "invalid",
                    format!("Write the day “{text}” as in 2023-10-14."),
                )
            }),
        };
        let mut activity = Activity::named(&self.name);
        activity.place.clone_from(&self.place);
        activity.start = day(&self.start)?;
        activity.end = day(&self.end)?.or(activity.start);
        Ok(activity)
    }
}

/// A day as the document says it (RFC 3339 full-date): no week, no sign.
fn day(text: &str) -> Option<Date> {
    let day = Date::parse(text, format_description!("[year]-[month]-[day]")).ok()?;
    (text.len() == 10).then_some(day)
}

fn text(pointer: &str, given: Option<&String>) -> Option<Field<String>> {
    given.map(|text| field(pointer, text.trim().to_owned(), text))
}

fn field<T>(pointer: &str, value: T, text: &str) -> Field<T> {
    Field {
        value,
        text: text.to_owned(),
        place: Place {
            column: "".into(),
            heading: pointer.into(),
        },
    }
}
