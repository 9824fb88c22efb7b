//! What the world reads of us: issuers, their keys, achievements. Status lists are next door
//! (`status_lists`).

use serde_json::{Value, json};
use url::Url;

use super::issuers::Issuer;
use super::keys::state_of;
use super::{Error, Services, vc_api};
use crate::ids::AchievementId;
use crate::openbadges::did;
use crate::openbadges::did::document::{self, PublishedKey};
use crate::openbadges::keys::PublicKey;
use crate::recognition::microcredential;
use crate::store::{AchievementVersion, SigningKey};

/// The names of what is published of our own terms. What one says never changes.
const CONTEXT: &str = "micro-credential-v1.jsonld";
const SCHEMA: &str = "micro-credential-v1.json";

/// The document that lists an issuer's keys, with what became of them.
pub(super) fn controller_document(issuer: &str, keys: &[SigningKey]) -> Result<Value, Error> {
    let read: Vec<PublicKey> = keys
        .iter()
        .map(|key| PublicKey::from_multikey(&key.public_key))
        .collect::<Result<_, _>>()?;
    let published: Vec<PublishedKey<'_>> = read
        .iter()
        .zip(keys)
        .map(|(key, row)| PublishedKey {
            key,
            state: state_of(row),
        })
        .collect();
    Ok(document::build(issuer, &published))
}

/// The names under which a key is published: as Multikey for Data Integrity, as JWK for JWTs. An
/// issuer that is its key publishes nothing: its document has one name for it.
pub(super) fn method_ids(issuer: &str, row: &SigningKey) -> Result<MethodIds, Error> {
    let key = PublicKey::from_multikey(&row.public_key)?;
    let multikey = format!("{issuer}#{}", row.public_key);
    let jwk = if issuer.starts_with("did:key:") {
        multikey.clone()
    } else {
        document::jwk_id(issuer, &key)
    };
    Ok(MethodIds { multikey, jwk })
}

/// The names of one key.
#[derive(Debug, Clone)]
pub(super) struct MethodIds {
    /// What a Data Integrity proof names.
    pub(super) multikey: String,
    /// What a JWT's `kid` names.
    pub(super) jwk: String,
}

impl Services {
    /// The document an issuer's DID resolves to.
    pub async fn issuer_document(&self, slug: &str) -> Result<Value, Error> {
        let issuer = self.issuer(Some(slug)).await?;
        let keys = self.store.glance().await?.keys(issuer.id).await?;
        controller_document(&issuer.profile.id, &keys)
    }

    /// The document of the installation's own DID, the public address alone: the collective's other
    /// name. Its keys are those of the first issuer, which the collective is.
    pub async fn collective_document(&self) -> Result<Value, Error> {
        let not_found = || Error::not_found("document", "did.json");
        let address = self.address("").ok_or_else(not_found)?;
        let url = Url::parse(&address).map_err(Error::internal)?;
        let did = did::web::from_url(&url)
            .map_err(Error::internal)?
            .to_string();
        let mut tx = self.store.read().await?;
        let mut issuers = tx.issuers().await?.into_iter();
        let first = issuers.find(|issuer| issuer.slug != vc_api::SLUG);
        let first = Issuer::from_row(&first.ok_or_else(not_found)?)?;
        let mut document = controller_document(&did, &tx.keys(first.id).await?)?;
        if let Some(members) = document.as_object_mut() {
            members.insert("alsoKnownAs".into(), json!([first.profile.id]));
        }
        Ok(document)
    }

    /// The JSON-LD context of terms of our own, by its name.
    pub fn published_context(&self, name: &str) -> Result<Value, Error> {
        match name {
            CONTEXT => Ok(json!({ "@context": microcredential::context() })),
            _ => Err(Error::not_found("context", name)),
        }
    }

    /// The JSON Schema of terms of our own, by its name.
    pub fn published_schema(&self, name: &str) -> Result<Value, Error> {
        let path = format!("schemas/{name}");
        match name {
            SCHEMA => Ok(microcredential::schema(
                &self.address(&path).unwrap_or(path),
            )),
            _ => Err(Error::not_found("schema", name)),
        }
    }

    /// An issuer's profile (Open Badges 3.0), as its badges carry it.
    pub async fn issuer_profile(&self, slug: &str) -> Result<Value, Error> {
        let issuer = self.issuer(Some(slug)).await?;
        serde_json::to_value(&issuer.profile).map_err(Error::internal)
    }

    /// One key of an issuer, by its Multikey or by its JWK thumbprint: as a bare JWK for JWTs, as a
    /// Multikey for Data Integrity.
    pub async fn issuer_key(&self, slug: &str, key: &str, form: KeyForm) -> Result<Value, Error> {
        let issuer = self.issuer(Some(slug)).await?;
        let rows = self.store.glance().await?.keys(issuer.id).await?;
        for row in rows {
            let public = PublicKey::from_multikey(&row.public_key)?;
            if row.public_key != key && public.thumbprint() != key {
                continue;
            }
            return Ok(match form {
                KeyForm::Jwk => public.to_jwk(),
                KeyForm::Multikey => json!({
                    "@context": ["https://w3id.org/security/multikey/v1"],
                    "id": format!("{}#{}", issuer.profile.id, row.public_key),
                    "type": "Multikey",
                    "controller": issuer.profile.id,
                    "publicKeyMultibase": row.public_key,
                }),
            });
        }
        Err(Error::not_found("key", key))
    }

    /// An achievement as badges carry it: the version in force, or one of its versions.
    pub async fn published_achievement(
        &self,
        id: AchievementId,
        number: Option<u32>,
    ) -> Result<Value, Error> {
        let version = self.version_of(id, number).await?;
        serde_json::from_str(&version.document).map_err(Error::internal)
    }

    /// The picture of an achievement, with its media type: of the version in force, or of another.
    pub async fn achievement_image(
        &self,
        id: AchievementId,
        number: Option<u32>,
    ) -> Result<(Vec<u8>, String), Error> {
        let version = self.version_of(id, number).await?;
        version
            .image
            .zip(version.image_media_type)
            .ok_or_else(|| Error::not_found("picture", id.to_string()))
    }

    async fn version_of(
        &self,
        id: AchievementId,
        number: Option<u32>,
    ) -> Result<AchievementVersion, Error> {
        let mut tx = self.store.glance().await?;
        let found = match number {
            None => tx.current_version(id).await?,
            Some(number) => tx.numbered_version(id, number).await?,
        };
        found.ok_or_else(|| Error::not_found("achievement", id.to_string()))
    }
}

/// In which form a key is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyForm {
    /// A bare JWK (RFC 7517), as a JWT's `kid` leads to.
    Jwk,
    /// A Multikey (Controlled Identifiers §2.2.2).
    Multikey,
}

/// Said where an issuer has retired its last key.
pub(super) fn no_active_key(issuer: &Issuer) -> Error {
    Error::Conflict(format!(
        "{} has no key that signs; make new ones first (`badgeons keys rotate`, or keys/rotate of the \
         API)",
        issuer.summary().name
    ))
}
