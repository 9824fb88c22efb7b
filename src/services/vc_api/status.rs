//! A credential with a status: its place is taken before it is signed, and it is stored as signed.

use serde_json::Value;

use super::securing::{Desk, Secured};
use super::{NAME, SLUG};
use crate::ids::CredentialId;
use crate::openbadges::model::{CredentialStatus, Timestamp};
use crate::services::issuers::Issuer;
use crate::services::{Error, Services};
use crate::store::{self, NewAward, NewCredential, NewSigned, Packed, StatusSlot};

/// A place in a status list, and the credential that has it.
pub(super) struct Placed {
    id: CredentialId,
    slots: Vec<StatusSlot>,
}

impl Services {
    /// Gives a credential its place in a status list, and writes it in.
    pub(super) async fn place(
        &self,
        issuer: &Issuer,
        credential: &mut Value,
    ) -> Result<Placed, Error> {
        if self.address("").is_none() {
            return Err(Error::Refused(
                "this installation has no public https address, so that nobody could fetch its \
                 status lists; serve it with --public-url https://…"
                    .into(),
            ));
        }
        let slots = self.places(issuer, 1).await?.pop().unwrap_or_default();
        let slot = slots.first();
        let list = slot.and_then(|slot| Some((slot, self.status_list_url(slot.list)?)));
        let (slot, url) = list.ok_or_else(|| Error::internal("no place in a status list"))?;
        let status = CredentialStatus::bitstring(&url, slot.purpose.as_str(), slot.index.into());
        let status = serde_json::to_value(status).map_err(Error::internal)?;
        add_status(credential, status);
        let id = CredentialId::mint(self.world.entropy.as_ref())?;
        Ok(Placed { id, slots })
    }

    /// Stores what was signed.
    pub(super) async fn record(
        &self,
        desk: &Desk,
        issuer: &Issuer,
        credential: &Value,
        placed: Placed,
        document: Vec<u8>,
    ) -> Result<Secured, Error> {
        let instant = |member: &str| {
            let read: Option<Timestamp> = credential.get(member)?.as_str()?.parse().ok();
            read.map(Timestamp::instant)
        };
        let subject = credential.pointer("/credentialSubject/id");
        let Placed { id, slots } = placed;
        let signed = NewSigned {
            subject_id: subject.and_then(Value::as_str).unwrap_or_default().into(),
            awarded_at: None,
            valid_from: instant("validFrom").unwrap_or(desk.now.instant()),
            valid_until: instant("validUntil"),
            issued_at: desk.now.instant(),
            key: desk.row.id,
            document: Packed::plain(&document),
        };
        let mut tx = self.store.write().await?;
        let class = tx.achievement_by_slug(issuer.id, SLUG).await?;
        let class = class.ok_or_else(|| Error::internal("the VC API has no class"))?;
        let version = tx.current_version(class.id).await?;
        let version =
            version.ok_or_else(|| Error::internal("the VC API's class has no version"))?;
        let award = NewAward {
            award_key: self.keystore.blind_index(format!("vc-api {id}").as_bytes()),
            achievement_version: version.id,
            batch: None,
            activity: None,
            // Nobody is known: what the credential says of its subject stays in the credential.
            recipient: store::Recipient {
                kind: store::RecipientKind::Person,
                name: NAME.into(),
                email: None,
                organisation: None,
                siret: None,
            },
        };
        let new = NewCredential {
            id,
            award,
            slots,
            signed,
        };
        if tx.insert_credentials(issuer.id, &[&new]).await?.is_empty() {
            return Err(Error::internal("a new credential was there already"));
        }
        self.audit(&mut tx, "credential.issue", "credential", Some(id.0))
            .await?;
        tx.commit().await?;
        Ok(Secured {
            document,
            id: Some(id),
        })
    }
}

/// Adds a status to those a credential has.
fn add_status(credential: &mut Value, status: Value) {
    let Some(members) = credential.as_object_mut() else {
        return;
    };
    let all = match members.shift_remove("credentialStatus") {
        None | Some(Value::Null) => status,
        Some(Value::Array(mut several)) => {
            several.push(status);
            several.into()
        }
        Some(one) => vec![one, status].into(),
    };
    members.insert("credentialStatus".into(), all);
}
