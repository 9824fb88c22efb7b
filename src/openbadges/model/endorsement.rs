//! Endorsements: somebody vouches for an achievement, a profile or a badge.

use serde_json::Value;

use super::checked::Unsigned;
use super::class::{class, debug_without_content};
use super::evidence::Evidence;
use super::profile::ProfileRef;
use super::proof::Proof;
use super::services::{CredentialSchema, RefreshService, TermsOfUse};
use super::status::CredentialStatus;
use super::text::Text;
use super::timestamp::Timestamp;
use super::{contexts, written};

class! {
    /// A credential by which somebody vouches for something of another's. Its contexts begin with
    /// [`contexts::base`].
    pub struct EndorsementCredential {
        types ["VerifiableCredential", "EndorsementCredential"]
        required {
            /// The contexts, in the order of [`contexts`].
            #[serde(rename = "@context", with = "super::many")]
            context: Vec<Value> = Any,
            /// Which credential.
            id: String = Uri;
            /// Its title.
            name: Text = Text,
            /// Who vouches.
            issuer: ProfileRef = Issuer,
            /// From when it holds; whole seconds.
            valid_from: Timestamp = Instant,
            /// For what.
            credential_subject: EndorsementSubject = Class(EndorsementSubject::table),
        }
        optional {
            /// What it says.
            description: Text = Text,
            /// When the endorsement was given, if not when it was issued.
            awarded_date: Timestamp = Instant,
            /// Until when it holds; whole seconds.
            valid_until: Timestamp = Instant,
            /// Where its status is told: one place.
            credential_status: CredentialStatus = Class(CredentialStatus::table),
            /// Where a newer version is found.
            refresh_service: RefreshService = Class(RefreshService::table),
        }
        many {
            /// What the endorsement rests on.
            evidence: Evidence = Class(Evidence::table),
            /// The schemas it follows.
            credential_schema: CredentialSchema = Class(CredentialSchema::table),
            /// What the issuer allows.
            terms_of_use: TermsOfUse = Class(TermsOfUse::table),
            /// Its proofs.
            proof: Proof = Class(Proof::table),
        }
    }
}

class! {
    /// What is vouched for.
    pub struct EndorsementSubject {
        types ["EndorsementSubject"]
        required {
            /// The `id` of the achievement, profile or credential.
            id: String = Uri;
        }
        optional {
            /// What the endorser has to say, in Markdown.
            endorsement_comment: Text = Text,
        }
        many {}
    }
}

debug_without_content!(EndorsementCredential, EndorsementSubject);

impl EndorsementCredential {
    /// The endorsement as JSON, with every context its content needs, to be checked and signed.
    pub fn unsigned(&self) -> Unsigned {
        let mut document = written(self);
        contexts::complete(&mut document);
        Unsigned(document)
    }
}
