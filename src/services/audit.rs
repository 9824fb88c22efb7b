//! Who did what, on what, when: an entry in the same transaction as what it tells.

use uuid::Uuid;

use super::{Error, Services};
use crate::ids::AuditId;
use crate::store::{NewAuditEntry, Tx};

impl Services {
    /// Notes one thing that was done. Names no person.
    pub(super) async fn audit(
        &self,
        tx: &mut Tx,
        action: &str,
        object_kind: &str,
        object_id: Option<Uuid>,
    ) -> Result<(), Error> {
        self.audit_all(tx, action, object_kind, &[object_id]).await
    }

    /// Notes the same thing done to many.
    pub(super) async fn audit_all(
        &self,
        tx: &mut Tx,
        action: &str,
        object_kind: &str,
        objects: &[Option<Uuid>],
    ) -> Result<(), Error> {
        let at = self.world.clock.now();
        let mut entries = Vec::with_capacity(objects.len());
        for &object_id in objects {
            let id = AuditId::mint(self.world.entropy.as_ref())?;
            entries.push(NewAuditEntry {
                id,
                at,
                actor: &self.actor.name,
                action,
                object_kind,
                object_id,
            });
        }
        Ok(tx.append_audit(&entries).await?)
    }
}
