//! One way to read any credential: data model 1.1 or 2.0, well or badly made.
//!
//! A view holds nothing but the document. It takes what is there, never panics, and gives `None`
//! where the document says nothing sensible; whether it should have is for [`rules`](super::rules).
//! What it reads is not verified.

use serde_json::Value;

use super::contexts::{CREDENTIALS_V1, CREDENTIALS_V2};
use super::text::Text;
use super::timestamp::{NotATimestamp, Timestamp};

/// The languages in which texts are taken, where there is a choice.
const LANGUAGES: [&str; 4] = ["fr", "fr-FR", "br", "en"];

/// Which version of the Verifiable Credentials Data Model a credential follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataModel {
    /// 1.1: `issuanceDate` and `expirationDate`. Read, never issued.
    V1_1,
    /// 2.0: `validFrom` and `validUntil`.
    V2_0,
}

/// A credential, read tolerantly.
#[derive(Clone, Copy)]
pub struct CredentialView<'v> {
    document: &'v Value,
}

impl std::fmt::Debug for CredentialView<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CredentialView").finish_non_exhaustive()
    }
}

impl<'v> CredentialView<'v> {
    /// Looks at a credential, secured or not. A data model 1.1 JWT's is what its `vc` claim holds.
    pub fn of(document: &'v Value) -> Self {
        Self { document }
    }

    /// The credential itself.
    pub fn document(self) -> &'v Value {
        self.document
    }

    /// The version, by the first context; `None` where that is neither.
    pub fn data_model(self) -> Option<DataModel> {
        match items(self.document, "@context").next()?.as_str()? {
            CREDENTIALS_V2 => Some(DataModel::V2_0),
            CREDENTIALS_V1 => Some(DataModel::V1_1),
            _ => None,
        }
    }

    /// Its types.
    pub fn types(self) -> impl Iterator<Item = &'v str> {
        items(self.document, "type").filter_map(Value::as_str)
    }

    /// Whether it is an Open Badge: a credential about an achievement, by either name.
    pub fn is_open_badge(self) -> bool {
        self.types()
            .any(|t| matches!(t, "OpenBadgeCredential" | "AchievementCredential"))
    }

    /// Whether it is an endorsement.
    pub fn is_endorsement(self) -> bool {
        self.types().any(|t| t == "EndorsementCredential")
    }

    /// Which credential it is.
    pub fn id(self) -> Option<&'v str> {
        text(self.document, "id")
    }

    /// Its title; a badge without one is called as its achievement.
    pub fn name(self) -> Option<&'v str> {
        prose(self.document, "name").or_else(|| self.achievement_name())
    }

    /// What it says of itself.
    pub fn description(self) -> Option<&'v str> {
        prose(self.document, "description")
    }

    /// Who says it, by identifier.
    pub fn issuer_id(self) -> Option<&'v str> {
        let issuer = self.document.get("issuer")?;
        issuer.as_str().or_else(|| text(issuer, "id"))
    }

    /// Who says it, by name. Nobody has verified the name.
    pub fn issuer_name(self) -> Option<&'v str> {
        prose(self.document.get("issuer")?, "name")
    }

    /// The issuer's profile, where the credential holds it.
    pub fn issuer_profile(self) -> Option<&'v Value> {
        self.document
            .get("issuer")
            .filter(|issuer| issuer.is_object())
    }

    /// The one subject; `None` where there are several, since then nobody knows who is meant.
    pub fn subject(self) -> Option<&'v Value> {
        let mut subjects = items(self.document, "credentialSubject").filter(|s| s.is_object());
        subjects.next().filter(|_| subjects.next().is_none())
    }

    /// The recipient, by identifier.
    pub fn subject_id(self) -> Option<&'v str> {
        text(self.subject()?, "id")
    }

    /// The recipient's other identifiers (`IdentityObject`s).
    pub fn identifiers(self) -> impl Iterator<Item = &'v Value> {
        self.subject()
            .into_iter()
            .flat_map(|subject| items(subject, "identifier"))
    }

    /// What was reached.
    pub fn results(self) -> impl Iterator<Item = &'v Value> {
        self.subject()
            .into_iter()
            .flat_map(|subject| items(subject, "result"))
    }

    /// What was achieved.
    pub fn achievement(self) -> Option<&'v Value> {
        self.subject()?
            .get("achievement")
            .filter(|achievement| achievement.is_object())
    }

    /// Which achievement it is.
    pub fn achievement_id(self) -> Option<&'v str> {
        text(self.achievement()?, "id")
    }

    /// The achievement's title.
    pub fn achievement_name(self) -> Option<&'v str> {
        prose(self.achievement()?, "name")
    }

    /// The address of the picture: the credential's own, else the achievement's.
    pub fn image(self) -> Option<&'v str> {
        let address = |of: &'v Value| {
            let image = of.get("image")?;
            image.as_str().or_else(|| text(image, "id"))
        };
        address(self.document).or_else(|| address(self.achievement()?))
    }

    /// From when it holds.
    ///
    /// # Errors
    /// When something is written there that is no instant: that is not the same as nothing.
    pub fn valid_from(self) -> Result<Option<Timestamp>, NotATimestamp> {
        self.dated("validFrom", "issuanceDate")
    }

    /// Until when it holds.
    ///
    /// # Errors
    /// When something is written there that is no instant: that is not the same as nothing.
    pub fn valid_until(self) -> Result<Option<Timestamp>, NotATimestamp> {
        self.dated("validUntil", "expirationDate")
    }

    /// When it was earned, where that is said apart.
    ///
    /// # Errors
    /// When something is written there that is no instant: that is not the same as nothing.
    pub fn awarded_date(self) -> Result<Option<Timestamp>, NotATimestamp> {
        instant(self.document, "awardedDate")
    }

    /// What shows that it was earned.
    pub fn evidence(self) -> impl Iterator<Item = &'v Value> {
        items(self.document, "evidence")
    }

    /// Where its status is told.
    pub fn statuses(self) -> impl Iterator<Item = &'v Value> {
        items(self.document, "credentialStatus")
    }

    /// The schemas it claims to follow.
    pub fn schemas(self) -> impl Iterator<Item = &'v Value> {
        items(self.document, "credentialSchema")
    }

    /// Its embedded proofs.
    pub fn proofs(self) -> impl Iterator<Item = &'v Value> {
        items(self.document, "proof")
    }

    /// Where a newer version is found.
    pub fn refresh_service(self) -> Option<&'v Value> {
        self.document
            .get("refreshService")
            .filter(|service| service.is_object())
    }

    /// Each version reads its own members, so that nobody can hide an end in the other's.
    fn dated(self, v2: &str, v1: &str) -> Result<Option<Timestamp>, NotATimestamp> {
        match self.data_model() {
            Some(DataModel::V2_0) => instant(self.document, v2),
            Some(DataModel::V1_1) => instant(self.document, v1),
            None => Ok(instant(self.document, v2)?.or(instant(self.document, v1)?)),
        }
    }
}

/// The values of a member: those of an array, a bare one, or none. `null` is none.
pub fn items<'v>(of: &'v Value, member: &str) -> impl Iterator<Item = &'v Value> {
    let items = match of.get(member) {
        Some(Value::Array(items)) => items.as_slice(),
        Some(Value::Null) | None => &[],
        Some(one) => std::slice::from_ref(one),
    };
    items.iter()
}

fn text<'v>(of: &'v Value, member: &str) -> Option<&'v str> {
    of.get(member)?.as_str()
}

fn prose<'v>(of: &'v Value, member: &str) -> Option<&'v str> {
    Text::of(of.get(member)?, &LANGUAGES)
}

fn instant(of: &Value, member: &str) -> Result<Option<Timestamp>, NotATimestamp> {
    match of.get(member) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => text.parse().map(Some),
        Some(other) => Err(NotATimestamp::in_place_of(other)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_data_model_is_read_by_its_own_dates() {
        let v2 = json!({"@context": [CREDENTIALS_V2], "validFrom": "2026-01-01T00:00:00Z",
            "issuanceDate": "2020-01-01T00:00:00Z", "expirationDate": "2020-01-02T00:00:00Z"});
        let view = CredentialView::of(&v2);
        assert_eq!(view.data_model(), Some(DataModel::V2_0));
        assert_eq!(
            view.valid_from().unwrap().unwrap().to_string(),
            "2026-01-01T00:00:00Z"
        );
        assert_eq!(view.valid_until(), Ok(None));

        let v1 = json!({"@context": CREDENTIALS_V1, "issuanceDate": "2020-01-01T00:00:00Z",
            "expirationDate": "2020-01-02T00:00:00Z", "validUntil": "2030-01-01T00:00:00Z"});
        let view = CredentialView::of(&v1);
        assert_eq!(view.data_model(), Some(DataModel::V1_1));
        assert_eq!(
            view.valid_until().unwrap().unwrap().to_string(),
            "2020-01-02T00:00:00Z"
        );
    }

    #[test]
    fn an_unreadable_date_is_not_a_missing_one() {
        for date in [json!("tomorrow"), json!(7), json!(["2026-01-01T00:00:00Z"])] {
            let document = json!({"@context": [CREDENTIALS_V2], "validUntil": date});
            assert!(
                CredentialView::of(&document).valid_until().is_err(),
                "{document}"
            );
        }
    }

    #[test]
    fn names_are_found_in_whatever_form_they_have() {
        let document = json!({
            "issuer": {"id": "did:web:a.example", "name": {"en": "A", "fr": "Les A"}},
            "image": "https://a.example/b.png",
            "credentialSubject": [{"achievement": {"id": "urn:uuid:1", "name": "Fresque"}}],
        });
        let view = CredentialView::of(&document);
        assert_eq!(view.issuer_id(), Some("did:web:a.example"));
        assert_eq!(view.issuer_name(), Some("Les A"));
        assert_eq!(view.name(), Some("Fresque"));
        assert_eq!(view.image(), Some("https://a.example/b.png"));
        let by_id = json!({"issuer": "did:web:a.example"});
        assert_eq!(
            CredentialView::of(&by_id).issuer_id(),
            Some("did:web:a.example")
        );
        assert_eq!(CredentialView::of(&by_id).issuer_name(), None);
    }

    #[test]
    fn of_several_subjects_none_is_the_one() {
        let document = json!({"credentialSubject": [{"id": "urn:uuid:1"}, {"id": "urn:uuid:2"}]});
        assert_eq!(CredentialView::of(&document).subject_id(), None);
    }
}
