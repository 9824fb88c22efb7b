//! A badge is renewed: the same award, issued anew for the time that follows.
//!
//! What was earned, by whom and when (`awardedDate`) is said again as it was signed the first time; who
//! issues, from when and until when are of today. The old badge stays as it is. The new one names it in
//! `relatedResource` (VCDM 2.0 §5.3), with the digest of its bytes: a signed credential never changes, so
//! the digest says exactly which document is meant, whatever its address answers later.
//! `refreshService` would be the old badge's to name, which is signed and can't; `evidence` would say
//! that the award was earned by the badge it renews, which it was not; `related` is between achievements.

use serde_json::json;

use crate::openbadges::model::{
    AchievementCredential, CredentialStatus, IdentifierType, IdentityObject, Profile, Timestamp,
};

use super::email::Email;
use super::templates::Validity;

/// What a badge needs to be renewed.
#[derive(Debug)]
pub struct Renewal<'a> {
    /// The badge as it was signed.
    pub old: &'a AchievementCredential,
    /// The digest of its bytes, as Subresource Integrity writes it (`sha384-…`).
    pub digest: &'a str,
    /// Who issues it now.
    pub issuer: &'a Profile,
    /// The new credential's identifier.
    pub credential_id: &'a str,
    /// The recipient's identifier within the new credential.
    pub subject_id: &'a str,
    /// A person's address, which the badge holds as a hash.
    pub email: Option<&'a Email>,
    /// The salt of that hash, of this credential alone.
    pub salt: [u8; 16],
    /// When it is issued; from then on it holds.
    pub issued_at: Timestamp,
    /// For how long.
    pub validity: Validity,
    /// Where its status is told.
    pub status: Option<CredentialStatus>,
}

/// Composes the credential that renews another.
pub fn renew(from: &Renewal<'_>) -> AchievementCredential {
    let mut credential = from.old.clone();
    from.credential_id.clone_into(&mut credential.id);
    credential.issuer = from.issuer.clone().into();
    credential.valid_from = from.issued_at.whole_seconds();
    credential.valid_until = from.validity.until(from.issued_at);
    credential.credential_status.clone_from(&from.status);
    credential.proof.clear();
    // They were of the old badge, by its identifier.
    credential.endorsement.clear();
    credential.endorsement_jwt.clear();
    credential.refresh_service = None;
    credential.credential_subject.id = Some(from.subject_id.to_owned());
    for identity in &mut credential.credential_subject.identifier {
        // With the same salt, the hash would tell that two badges are of one address.
        if let Some(email) = from.email
            && identity.hashed
            && identity.identity_type == IdentifierType::EmailAddress
        {
            let kind = IdentifierType::EmailAddress;
            *identity = IdentityObject::hashed(email.as_str(), kind, &from.salt);
        }
    }
    let old = json!({
        "id": from.old.id, "mediaType": "application/vc", "digestSRI": from.digest
    });
    credential
        .extra
        .insert("relatedResource".to_owned(), json!([old]));
    credential
}
