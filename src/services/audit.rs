//! Who did what, on what, when: an entry in the same transaction as what it tells; and the proof that
//! nothing of it was altered or removed.
//!
//! The log is a chain: each entry has a number without gaps, and a hash over itself and the hash
//! before it. The hash is keyed (HMAC-SHA256 with a key derived from the master key) because whoever
//! can write to the database could compute a plain one anew from wherever they altered it. The head is
//! sealed with the same key, so that entries can't be cut off at the end either. What this can't see
//! is a whole database put back to an earlier day: note the last number and hash elsewhere, and have
//! them checked ([`Noted`]).

use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use time::OffsetDateTime;
use uuid::Uuid;

use super::access::Scope;
use super::{Actor, Error, Services};
use crate::ids::AuditId;
use crate::keystore::Keystore;
use crate::openbadges::model::Timestamp;
use crate::store::{AuditEntry, AuditHead, Tx};

/// Entries that are read at a time.
const PAGE: u32 = 1000;

/// The hash before the first entry.
const NOTHING: [u8; 32] = [0; 32];

/// An entry of the log, as it is told.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// Where it stands.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// Who: `cli`, or an access token.
    pub actor: String,
    /// What, as in `credential.issue`.
    pub action: String,
    /// What kind of thing it was done to.
    pub object_kind: String,
    /// Which one.
    pub object_id: Option<Uuid>,
    /// In which request.
    pub request: Option<String>,
}

/// An entry's number and hash, noted outside the database on an earlier day. Written `12:9f86d0…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noted {
    number: i64,
    hash: [u8; 32],
}

/// Whether the log is whole.
#[derive(Debug, Clone, Serialize)]
pub struct AuditReport {
    /// Whether nothing was altered or removed.
    pub whole: bool,
    /// How many entries are as they were written, from the first on.
    pub entries: i64,
    /// The last of these, to be noted elsewhere.
    #[serde(serialize_with = "as_text")]
    pub last: Noted,
    /// The first entry that is not.
    pub broken: Option<Broken>,
}

/// Where the log is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// The number of the first entry concerned.
    pub number: i64,
    /// What is the matter with it.
    pub reason: &'static str,
}

impl Services {
    /// Notes one thing that was done. Names no person. Comes after all else the transaction writes.
    pub(super) async fn audit(
        &self,
        tx: &mut Tx,
        action: &str,
        object_kind: &str,
        object_id: Option<Uuid>,
    ) -> Result<(), Error> {
        self.audit_all(tx, action, object_kind, &[(&self.actor, object_id)])
            .await
    }

    /// Notes the same thing done to many, each by whom.
    pub(super) async fn audit_all(
        &self,
        tx: &mut Tx,
        action: &str,
        object_kind: &str,
        deeds: &[(&Actor, Option<Uuid>)],
    ) -> Result<(), Error> {
        if deeds.is_empty() {
            return Ok(());
        }
        let before = tx
            .hold_audit_head()
            .await?
            .ok_or_else(|| Error::internal("the audit log has lost its head"))?;
        let at = microseconds(self.world.clock.now());
        let mut head = before;
        let mut entries = Vec::with_capacity(deeds.len());
        for &(actor, object_id) in deeds {
            head.number = head.number.saturating_add(1);
            let mut entry = AuditEntry {
                number: head.number,
                id: AuditId::mint(self.world.entropy.as_ref())?,
                at,
                actor: actor.name.clone(),
                action: action.to_owned(),
                object_kind: object_kind.to_owned(),
                object_id,
                request: actor.request.clone(),
                hash: NOTHING,
            };
            entry.hash = hash(&self.keystore, &entry, head.hash);
            head.hash = entry.hash;
            entries.push(entry);
        }
        head.seal = if before.seal == seal(&self.keystore, &before) {
            seal(&self.keystore, &head)
        } else {
            // A seal would make good what somebody did to the head. The work goes on; `audit verify`
            // finds it.
            tracing::error!("the audit log's head was altered; run `badgeons audit verify`");
            NOTHING
        };
        Ok(tx.append_audit(&entries, &head).await?)
    }

    /// At most `limit` entries, the latest first, before a number (for the next page).
    ///
    /// # Errors
    /// [`Error::Forbidden`] for whoever acts for one issuer: the log is the installation's.
    pub async fn audit_log(&self, before: Option<i64>, limit: u32) -> Result<Vec<Entry>, Error> {
        self.must_reach_everything()?;
        let entries = self.store.glance().await?.audit(before, limit).await?;
        Ok(entries.into_iter().map(Entry::from).collect())
    }

    /// Walks the whole log and tells whether it is as it was written, up to the end; `noted` is an
    /// entry that must be in it.
    ///
    /// # Errors
    /// [`Error::Forbidden`] as above, or what the database says. A broken log is no error.
    pub async fn verify_audit(&self, noted: Option<Noted>) -> Result<AuditReport, Error> {
        self.must_reach_everything()?;
        // One transaction: one moment, however many pages.
        let mut tx = self.store.read().await?;
        let mut last = Noted {
            number: 0,
            hash: NOTHING,
        };
        let mut after = i64::MIN;
        let mut broken = None;
        while broken.is_none() {
            let page = tx.audit_after(after, PAGE).await?;
            let Some(end) = page.last() else { break };
            after = end.number;
            broken = page
                .iter()
                .find_map(|entry| self.step(entry, &mut last, noted).err());
        }
        let head = tx.audit_head().await?;
        let broken = broken.or_else(|| self.end(head.as_ref(), last, noted));
        Ok(AuditReport {
            whole: broken.is_none(),
            entries: last.number,
            last,
            broken,
        })
    }

    /// Takes the next entry, if it is the one that was written after the last.
    fn step(
        &self,
        entry: &AuditEntry,
        last: &mut Noted,
        noted: Option<Noted>,
    ) -> Result<(), Broken> {
        let number = last.number.saturating_add(1);
        let broken = |reason| Err(Broken { number, reason });
        if entry.number > number {
            return broken("it was removed");
        }
        if entry.number < number {
            return broken("before it stands one that this program never wrote");
        }
        if entry.hash != hash(&self.keystore, entry, last.hash) {
            return broken("it was altered, or put in the place of another");
        }
        if noted.is_some_and(|noted| noted.number == number && noted.hash != entry.hash) {
            return broken("it is another one than was noted");
        }
        *last = Noted {
            number,
            hash: entry.hash,
        };
        Ok(())
    }

    /// Whether the log ends where its head says.
    fn end(&self, head: Option<&AuditHead>, last: Noted, noted: Option<Noted>) -> Option<Broken> {
        let broken = |reason| {
            let number = last.number.saturating_add(1);
            Some(Broken { number, reason })
        };
        let Some(head) = head else {
            return broken("the head was removed, and perhaps entries from here on");
        };
        if head.number > last.number {
            return broken("it was removed, with all entries after it");
        }
        if noted.is_some_and(|noted| noted.number > last.number) {
            return broken("it was removed: a later one was noted");
        }
        if head.seal != seal(&self.keystore, head)
            || (head.number, head.hash) != (last.number, last.hash)
        {
            return broken("the head was altered, and perhaps entries from here on removed");
        }
        None
    }

    fn must_reach_everything(&self) -> Result<(), Error> {
        match self.actor.issuer {
            None => Ok(()),
            Some(_) => Err(Error::Forbidden {
                scope: Scope::Operator,
            }),
        }
    }
}

/// The head of a log without entries.
pub(super) fn beginning(keystore: &Keystore) -> AuditHead {
    let mut head = AuditHead {
        number: 0,
        hash: NOTHING,
        seal: NOTHING,
    };
    head.seal = seal(keystore, &head);
    head
}

/// Over everything an entry says. The length before each text keeps two entries from spelling the
/// same bytes. Never changes: what was written is verified with it.
fn hash(keystore: &Keystore, entry: &AuditEntry, before: [u8; 32]) -> [u8; 32] {
    let mut spelled = Vec::new();
    spelled.extend(b"entry");
    spelled.extend(before);
    spelled.extend(entry.number.to_be_bytes());
    spelled.extend(entry.id.0.as_bytes());
    spelled.extend(entry.at.unix_timestamp_nanos().to_be_bytes());
    for text in [&entry.actor, &entry.action, &entry.object_kind] {
        spell(&mut spelled, Some(text.as_bytes()));
    }
    spell(
        &mut spelled,
        entry.object_id.as_ref().map(|id| id.as_bytes().as_slice()),
    );
    spell(&mut spelled, entry.request.as_ref().map(String::as_bytes));
    keystore.chain(&spelled)
}

fn seal(keystore: &Keystore, head: &AuditHead) -> [u8; 32] {
    let mut spelled = b"head".to_vec();
    spelled.extend(head.number.to_be_bytes());
    spelled.extend(head.hash);
    keystore.chain(&spelled)
}

fn spell(spelled: &mut Vec<u8>, part: Option<&[u8]>) {
    spelled.push(u8::from(part.is_some()));
    let part = part.unwrap_or_default();
    spelled.extend((part.len() as u64).to_be_bytes());
    spelled.extend(part);
}

/// As exactly as both databases keep it: what is hashed is what is read again.
fn microseconds(at: OffsetDateTime) -> OffsetDateTime {
    let nanosecond = at.nanosecond();
    at.replace_nanosecond(nanosecond - nanosecond % 1000)
        .unwrap_or(at)
}

impl From<AuditEntry> for Entry {
    fn from(entry: AuditEntry) -> Self {
        Self {
            number: entry.number,
            at: Timestamp::from(entry.at).whole_seconds(),
            actor: entry.actor,
            action: entry.action,
            object_kind: entry.object_kind,
            object_id: entry.object_id,
            request: entry.request,
        }
    }
}

impl fmt::Display for Noted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.number)?;
        self.hash
            .iter()
            .try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Noted {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = || {
            let (number, hex) = text.trim().split_once(':')?;
            let mut hash = NOTHING;
            if hex.len() != 64 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                return None;
            }
            for (place, byte) in hash.iter_mut().enumerate() {
                *byte = u8::from_str_radix(hex.get(2 * place..2 * place + 2)?, 16).ok()?;
            }
            Some(Self {
                number: number.parse().ok()?,
                hash,
            })
        };
        read().ok_or("write it as `audit verify` does: a number, a colon, 64 hexadecimal digits")
    }
}

fn as_text<S: serde::Serializer>(noted: &Noted, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(noted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_noted_reads_back() {
        let noted = Noted {
            number: 12,
            hash: [0x9f; 32],
        };
        assert_eq!(noted.to_string().parse(), Ok(noted));
        for text in ["", "12", "12:9f", "x:", &format!("1:{}", "é".repeat(32))] {
            assert!(text.parse::<Noted>().is_err(), "{text}");
        }
    }
}
