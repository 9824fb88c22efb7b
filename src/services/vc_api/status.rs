//! A credential with a status: its place is reserved before it is signed, and it is stored as signed.

use serde_json::Value;

use super::securing::{Desk, Secured};
use super::{NAME, SLUG};
use crate::config::signing::{STATUS_LIST_CAPACITY, STATUS_LIST_SIZE};
use crate::ids::random_uuid;
use crate::openbadges::model::{CredentialStatus, Timestamp};
use crate::services::issuers::Issuer;
use crate::services::{Error, Services};
use crate::store::{
    self, NewAward, NewSigned, Reservation, Reserve, Reserved, Signed, StatusPlan, StatusPurpose,
};

impl Services {
    /// Gives a credential its place in a status list, and writes it in.
    pub(super) async fn reserve_status(
        &self,
        issuer: &Issuer,
        credential: &mut Value,
    ) -> Result<Reserved, Error> {
        if self.address("").is_none() {
            return Err(Error::Refused(
                "this installation has no public https address, so that nobody could fetch its \
                 status lists; serve it with --public-url https://…"
                    .into(),
            ));
        }
        let entropy = self.world.entropy.as_ref();
        let unlike_others = format!("vc-api {}", random_uuid(entropy)?);
        let mut tx = self.store.write().await?;
        let class = tx.achievement_by_slug(issuer.id, SLUG).await?;
        let class = class.ok_or_else(|| Error::internal("the VC API has no class"))?;
        let version = tx.current_version(class.id).await?;
        let version =
            version.ok_or_else(|| Error::internal("the VC API's class has no version"))?;
        let award = NewAward {
            award_key: self.keystore.blind_index(unlike_others.as_bytes()),
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
            lookup: None,
        };
        let request = Reserve {
            issuer: issuer.id,
            awards: &[award],
            status: StatusPlan {
                purposes: &[StatusPurpose::Revocation],
                size: STATUS_LIST_SIZE,
                capacity: STATUS_LIST_CAPACITY,
            },
            at: self.world.clock.now(),
        };
        let reservation = tx.reserve(&request, entropy).await?.pop();
        tx.commit().await?;
        let Some(Reservation::Reserved(reserved)) = reservation else {
            return Err(Error::internal("a new credential was not reserved"));
        };
        let slot = reserved.slots.first();
        let list = slot.and_then(|slot| Some((slot, self.status_list_url(slot.list)?)));
        let (slot, url) = list.ok_or_else(|| Error::internal("no place in a status list"))?;
        let status = CredentialStatus::bitstring(&url, slot.purpose.as_str(), slot.index.into());
        let status = serde_json::to_value(status).map_err(Error::internal)?;
        add_status(credential, status);
        Ok(reserved)
    }

    /// Stores what was signed, or gives its reservation up.
    pub(super) async fn record(
        &self,
        desk: &Desk,
        credential: &Value,
        reserved: Reserved,
        outcome: Result<Vec<u8>, Error>,
    ) -> Result<Secured, Error> {
        let mut tx = self.store.write().await?;
        let document = match outcome {
            Ok(document) => document,
            Err(error) => {
                tx.abandon(reserved.id, reserved.attempt, self.world.clock.now())
                    .await?;
                tx.commit().await?;
                return Err(error);
            }
        };
        let instant = |member: &str| {
            let read: Option<Timestamp> = credential.get(member)?.as_str()?.parse().ok();
            read.map(Timestamp::instant)
        };
        let subject = credential.pointer("/credentialSubject/id");
        let new = NewSigned {
            id: reserved.id,
            attempt: reserved.attempt,
            signed: Signed {
                subject_id: subject.and_then(Value::as_str).unwrap_or_default().into(),
                awarded_at: None,
                valid_from: instant("validFrom").unwrap_or(desk.now.instant()),
                valid_until: instant("validUntil"),
                issued_at: desk.now.instant(),
                eddsa_key_id: desk.row.id,
                es256_key_id: None,
                document: document.clone(),
                jwt_eddsa: None,
                jwt_es256: None,
            },
        };
        if tx.complete(&[new]).await?.is_empty() {
            return Err(Error::internal("somebody else took a reservation over"));
        }
        self.audit(
            &mut tx,
            "credential.issue",
            "credential",
            Some(reserved.id.0),
        )
        .await?;
        tx.commit().await?;
        let id = Some(reserved.id);
        Ok(Secured { document, id })
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
