//! The W3C's VC API: any credential signed as asked, anybody's verified.
//!
//! Whoever reaches it can have anything signed, so that it needs an issuer of its own that vouches for
//! nothing: `vc-api`, whose identity is its one key (a did:key), made when the VC API is first offered
//! and sealed like every key. It issues no badges, and the verifier of badges does not take it for one
//! of the installation's own issuers.
//!
//! A credential with a status is recorded like a badge: its place is reserved before it is signed, and
//! it is stored as signed, so that it can be revoked. Others are answered and forgotten.
//!
//! Here is the issuer; `securing` signs, `status` records what can be revoked, `verifying` judges.

mod securing;
mod status;
mod verifying;

use serde_json::json;

use super::issuers::Issuer;
use super::keys::KeyPair;
use super::{Error, Services};
use crate::ids::{AchievementId, AchievementVersionId, IssuerId};
use crate::openbadges::did;
use crate::openbadges::keys::KeyType;
use crate::openbadges::model::Profile;
use crate::recognition::levels::Level;
use crate::store::{self, NewVersion, SigningKey};

pub use securing::{Secured, Securing};

/// The short name of the issuer that signs what the VC API is asked to.
pub(in crate::services) const SLUG: &str = "vc-api";

/// What the issuer of the VC API is called, for whoever comes upon it.
const NAME: &str = "VC API (signs whatever it is asked to)";

impl Services {
    /// The same installation, offering the VC API too; its issuer is made if it is not there.
    ///
    /// # Errors
    /// [`Error::Conflict`] where an issuer of badges has its short name.
    pub async fn offering_vc_api(self) -> Result<Self, Error> {
        let issuer = match self.vc_api_issuer().await? {
            Some(issuer) => issuer,
            None => self.make_vc_api_issuer().await?,
        };
        Ok(Self {
            vc_api: Some(issuer.into()),
            ..self
        })
    }

    /// Who signs for the VC API (a did:key), where it is offered.
    pub fn vc_api(&self) -> Option<&str> {
        Some(&self.vc_api.as_ref()?.profile.id)
    }

    async fn vc_api_issuer(&self) -> Result<Option<Issuer>, Error> {
        let mut tx = self.store.read().await?;
        let Some(row) = tx.issuer_by_slug(SLUG).await? else {
            return Ok(None);
        };
        let keys = tx.keys(row.id).await?;
        let is_its_key = |key: &SigningKey| row.public_id == format!("did:key:{}", key.public_key);
        // An issuer of badges has two keys; what it signs must be worth something.
        if keys.len() != 1 || !keys.iter().all(is_its_key) {
            return Err(Error::Conflict(format!(
                "an issuer of badges is called “{SLUG}” here, which is the name of the issuer that \
                 signs whatever the VC API is asked to; the VC API can't be offered beside it"
            )));
        }
        Ok(Some(Issuer::from_row(&row)?))
    }

    async fn make_vc_api_issuer(&self) -> Result<Issuer, Error> {
        let entropy = self.world.entropy.as_ref();
        let id = IssuerId::mint(entropy)?;
        let key = self.new_key(id, KeyType::Ed25519)?;
        let did = did::key::from_key(&key.secret.public())
            .ok_or_else(|| Error::internal("an Ed25519 key has a did:key"))?;
        let mut profile = Profile::new(did.to_string());
        profile.name = Some(NAME.into());
        match self.enter_vc_api_issuer(id, &profile, &key).await {
            Ok(()) => {}
            // Another node was first.
            Err(Error::Conflict(_)) => {
                let there = self.vc_api_issuer().await?;
                return there.ok_or_else(|| Error::internal("the VC API has no issuer"));
            }
            Err(error) => return Err(error),
        }
        let slug = SLUG.into();
        Ok(Issuer { id, slug, profile })
    }

    async fn enter_vc_api_issuer(
        &self,
        id: IssuerId,
        profile: &Profile,
        key: &KeyPair,
    ) -> Result<(), Error> {
        let entropy = self.world.entropy.as_ref();
        let now = self.world.clock.now();
        let written = serde_json::to_string(profile).map_err(Error::internal)?;
        let mut tx = self.store.write().await?;
        tx.insert_issuer(&store::Issuer {
            id,
            slug: SLUG.into(),
            public_id: profile.id.clone(),
            profile: written,
            created_at: now,
            updated_at: now,
        })
        .await?;
        self.enter_key(&mut tx, id, key).await?;
        self.audit(&mut tx, "issuer.create", "issuer", Some(id.0))
            .await?;
        // What has a place in a status list is an award of something: of this, which nobody can award.
        let class = AchievementId::mint(entropy)?;
        tx.insert_achievement(&store::Achievement {
            id: class,
            issuer_id: id,
            slug: SLUG.into(),
            created_at: now,
            archived_at: Some(now),
        })
        .await?;
        let document = json!({
            "id": class.urn(),
            "type": ["Achievement"],
            "name": "Credential of the VC API",
            "description": "Stands for any credential that was signed with a status. No badge.",
            "criteria": {"narrative": "None: it is signed for whoever asks."},
        });
        tx.insert_achievement_version(
            class,
            &NewVersion {
                id: AchievementVersionId::mint(entropy)?,
                document: document.to_string(),
                image: None,
                level: Level::ALL[0].code().into(),
                recipient_kind: store::RecipientKind::Person,
                validity: None,
                created_at: now,
            },
        )
        .await?;
        Ok(tx.commit().await?)
    }
}
