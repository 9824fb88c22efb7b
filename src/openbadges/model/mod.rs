//! What a badge is: the data of Open Badges 3.0 over Verifiable Credentials 2.0.
//!
//! One file per subject: the [`credential`], its [`subject`], the [`achievement`], [`profile`]s,
//! and the small classes around them; each class is a table (`class.rs`). [`rules`] says what is wrong
//! with a credential, also with one of data model 1.1, [`schema`] asks the official JSON Schemas, [`validator`]
//! what 1EdTech's validator wants besides; only what passed becomes [`checked::Checked`] and can be signed.
//!
//! Not here: signing ([`proof`](super::proof)), the status lists themselves
//! ([`status`](super::status)), the collective's own badges ([`crate::recognition`]).
//!
//! Specification: Open Badges 3.0, appendix B (data models) and §8; VCDM 2.0 §4. A new class is one
//! `class!` in the file of its subject, one rule set in `rules/`, one line below.

#![cfg_attr(
    not(test),
    deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)
)]

pub mod achievement;
pub mod checked;
mod class;
pub mod contexts;
pub mod credential;
pub mod endorsement;
pub mod enumerations;
pub mod evidence;
pub mod identity;
pub mod image;
pub mod legible;
pub mod many;
pub mod profile;
pub mod proof;
pub mod result;
pub mod rules;
pub mod schema;
pub mod services;
pub mod status;
pub mod subject;
mod table;
mod text;
mod timestamp;
pub mod validator;

pub use achievement::{Achievement, Alignment, Criteria, Related};
pub use credential::AchievementCredential;
pub use endorsement::{EndorsementCredential, EndorsementSubject};
pub use enumerations::{
    AchievementType, AlignmentTargetType, IdentifierType, ResultStatusType, ResultType,
};
pub use evidence::Evidence;
pub use identity::IdentityObject;
pub use image::Image;
pub use profile::{Address, GeoCoordinates, IdentifierEntry, Profile, ProfileRef};
pub use proof::Proof;
pub use result::{Result, ResultDescription, RubricCriterionLevel};
pub use services::{CredentialSchema, RefreshService, TermsOfUse};
pub use status::CredentialStatus;
pub use subject::AchievementSubject;
pub use text::Text;
pub use timestamp::{NotATimestamp, Timestamp};

/// A class as JSON.
fn written(class: &impl serde::Serialize) -> serde_json::Value {
    #[expect(
        clippy::expect_used,
        reason = "keys are texts and numbers finite: nothing can fail"
    )]
    serde_json::to_value(class).expect("a class of the model is JSON")
}
