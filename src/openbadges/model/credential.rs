//! The badge itself: an `AchievementCredential`, also called `OpenBadgeCredential`.

use serde_json::Value;

use super::checked::Unsigned;
use super::class::{class, debug_without_content};
use super::evidence::Evidence;
use super::image::Image;
use super::profile::ProfileRef;
use super::proof::Proof;
use super::services::{CredentialSchema, RefreshService, TermsOfUse};
use super::status::CredentialStatus;
use super::subject::AchievementSubject;
use super::text::Text;
use super::timestamp::Timestamp;
use super::{contexts, written};

class! {
    /// A badge of data model 2.0: somebody says that somebody achieved something.
    ///
    /// Compose it with [`AchievementCredential::issue`], which also writes the contexts.
    pub struct AchievementCredential {
        types ["VerifiableCredential", "OpenBadgeCredential"]
        required {
            /// The contexts, in the order of [`contexts`].
            #[serde(rename = "@context", with = "super::many")]
            context: Vec<Value> = Any,
            /// Which credential: `urn:uuid:…` or an https URL, for good.
            id: String = Uri;
            /// Who issues it.
            issuer: ProfileRef = Issuer,
            /// From when it holds; whole seconds.
            valid_from: Timestamp = Instant,
            /// Who earned what.
            credential_subject: AchievementSubject = Class(AchievementSubject::table),
        }
        optional {
            /// The badge's title.
            name: Text = Text,
            /// What it says.
            description: Text = Text,
            /// Its picture.
            image: Image = Class(Image::table),
            /// When it was earned, if not when it was issued.
            awarded_date: Timestamp = Instant,
            /// Until when it holds; whole seconds.
            valid_until: Timestamp = Instant,
            /// Where its status is told: one place.
            credential_status: CredentialStatus = Class(CredentialStatus::table),
            /// Where a newer version is found.
            refresh_service: RefreshService = Class(RefreshService::table),
        }
        many {
            /// What shows that it was earned.
            evidence: Evidence = Class(Evidence::table),
            /// Endorsements of this credential, exactly as their issuers signed them.
            endorsement: Value = Endorsement,
            /// Endorsements of this credential as VC-JWT.
            endorsement_jwt: String = Jws,
            /// The schemas it follows.
            credential_schema: CredentialSchema = Class(CredentialSchema::table),
            /// What the issuer allows.
            terms_of_use: TermsOfUse = Class(TermsOfUse::table),
            /// Its proofs.
            proof: Proof = Class(Proof::table),
        }
    }
}

debug_without_content!(AchievementCredential);

impl AchievementCredential {
    /// A credential to be signed, with the two contexts every badge has.
    pub fn issue(
        id: impl Into<String>,
        issuer: impl Into<ProfileRef>,
        valid_from: Timestamp,
        subject: AchievementSubject,
    ) -> Self {
        Self::new(
            contexts::base(),
            id,
            issuer,
            valid_from.whole_seconds(),
            subject,
        )
    }

    /// The credential as JSON, with every context its content needs, to be checked and signed.
    pub fn unsigned(&self) -> Unsigned {
        let mut document = written(self);
        contexts::complete(&mut document);
        Unsigned(document)
    }
}
