//! The founding badges as templates: a partner's own begins from one, with what is to be different.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::ids::AchievementId;
use crate::openbadges::model::Achievement;
use crate::recognition::settings::Settings as Decisions;
use crate::recognition::templates::{Publication, Template, Validity, find, founding};
use crate::services::issuers::Issuer;
use crate::services::{Error, Services};

/// A founding badge, from which others can be made.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TemplateSummary {
    /// Its short name.
    #[schema(example = "animateur-fresque")]
    pub slug: String,
    /// Its title.
    pub name: String,
    /// What it recognises.
    pub description: String,
    /// What is checked before it is awarded: `R1` … `R6`, `L`.
    pub level: &'static str,
    /// Whom it is for: `person` or `organisation`.
    pub recipient: &'static str,
    /// For how many months it holds; none for good.
    pub validity_months: Option<u16>,
}

/// The founding badges.
pub fn templates() -> Vec<TemplateSummary> {
    let told = |template: Template| TemplateSummary {
        level: template.level.code(),
        recipient: super::stored_kind(template.recipient).as_str(),
        validity_months: match template.validity {
            Validity::Unlimited => None,
            Validity::Months(months) => Some(months),
        },
        slug: template.slug,
        name: template.name,
        description: template.description,
    };
    founding(&Decisions::default())
        .into_iter()
        .map(told)
        .collect()
}

/// The founding badge of that short name.
pub(super) fn named(slug: &str) -> Result<Template, Error> {
    find(slug, &Decisions::default()).ok_or_else(|| Error::not_found("template", slug))
}

impl Services {
    /// The achievement of a template, for an issuer.
    pub(super) fn of_template(
        &self,
        template: &Template,
        issuer: &Issuer,
        id: AchievementId,
        image: Option<&str>,
    ) -> Result<Achievement, Error> {
        let publication = Publication {
            id: &self.achievement_uri(id),
            version: "1",
            image,
            issuer: &issuer.profile,
        };
        template
            .achievement(&publication)
            .map_err(|incomplete| Error::Refused(incomplete.to_string()))
    }

    /// A template with changes, as it is to be published.
    pub(super) fn changed_template(
        &self,
        template: &Template,
        issuer: &Issuer,
        id: AchievementId,
        changes: &Value,
    ) -> Result<Value, Error> {
        let achievement = self.of_template(template, issuer, id, None)?;
        let mut document = serde_json::to_value(achievement).map_err(Error::internal)?;
        // The template's own version says nothing of the badge that is made from it.
        if let Some(members) = document.as_object_mut() {
            members.remove("version");
        }
        merge(&mut document, changes);
        Ok(document)
    }
}

/// RFC 7396: objects member by member, `null` takes away, all else replaces.
fn merge(target: &mut Value, changes: &Value) {
    let Value::Object(changes) = changes else {
        target.clone_from(changes);
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Value::Object(members) = target else {
        return;
    };
    for (name, change) in changes {
        if change.is_null() {
            members.remove(name);
        } else {
            merge(members.entry(name).or_insert(Value::Null), change);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn changes_are_merged() {
        let mut target = json!({ "a": { "b": 1, "c": 2 }, "d": [1], "e": "f" });
        merge(
            &mut target,
            &json!({ "a": { "b": null, "g": 3 }, "d": [2], "h": {} }),
        );
        let expected = json!({ "a": { "c": 2, "g": 3 }, "d": [2], "e": "f", "h": {} });
        assert_eq!(target, expected);
    }
}
