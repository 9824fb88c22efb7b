//! To whom badges were issued: personal data, apart from the credentials so that it can be erased.
//!
//! One row for each badge, with the name as it was given for that badge: two people may share an
//! address. They are found by their award keys ([`super::RecipientKey`]).

use std::collections::BTreeMap;
use std::fmt;

use sqlx::{FromRow, QueryBuilder};

use super::columns::{CHUNK, text_column};
use super::{RecipientKey, StoreError, Tx};
use crate::ids::CredentialId;

/// Whom a badge is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecipientKind {
    /// A natural person.
    Person,
    /// A legal entity.
    Organisation,
}

text_column!(RecipientKind { Person = "person", Organisation = "organisation" });

/// To whom a badge was issued.
#[derive(Clone, PartialEq, Eq, FromRow)]
pub struct Recipient {
    /// Person or organisation.
    pub kind: RecipientKind,
    /// The name, as given.
    pub name: String,
    /// The e-mail address, as given.
    pub email: Option<String>,
    /// The organisation a person belongs to.
    pub organisation: Option<String>,
    /// An organisation's SIRET, 14 digits.
    pub siret: Option<String>,
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recipient")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

#[derive(FromRow)]
struct RecipientOf {
    credential_id: CredentialId,
    #[sqlx(flatten)]
    recipient: Recipient,
}

impl Tx {
    /// To whom a badge was issued; `None` when that was erased.
    pub async fn recipient(&mut self, id: CredentialId) -> Result<Option<Recipient>, StoreError> {
        const SQL: &str = "SELECT kind, name, email, organisation, siret FROM recipients \
                           WHERE credential_id = $1";
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(id).fetch_optional(connection).await)?)
    }

    /// To whom badges were issued; those that were erased are missing.
    pub async fn recipients(
        &mut self,
        ids: &[CredentialId],
    ) -> Result<BTreeMap<CredentialId, Recipient>, StoreError> {
        let mut found = BTreeMap::new();
        for chunk in ids.chunks(CHUNK) {
            let rows: Vec<RecipientOf> = on_each!(self, connection => {
                let mut sql = QueryBuilder::<Db>::new(
                    "SELECT credential_id, kind, name, email, organisation, siret \
                     FROM recipients WHERE credential_id IN (",
                );
                let mut all = sql.separated(", ");
                for id in chunk {
                    all.push_bind(*id);
                }
                sql.push(")");
                sql.build_query_as().fetch_all(connection).await
            })?;
            found.extend(
                rows.into_iter()
                    .map(|row| (row.credential_id, row.recipient)),
            );
        }
        Ok(found)
    }

    /// Under what all awards of a badge's recipient are found; `None` when they were erased.
    pub async fn recipient_key(
        &mut self,
        id: CredentialId,
    ) -> Result<Option<RecipientKey>, StoreError> {
        const SQL: &str = "SELECT award_key FROM credentials WHERE id = $1";
        let found: Option<Option<Vec<u8>>> = on_each!(self, connection => sqlx::query_scalar(SQL)
            .bind(id).fetch_optional(connection).await)?;
        let key = found.flatten().and_then(|key| key.try_into().ok());
        Ok(key.map(RecipientKey::of))
    }

    pub(super) async fn delete_recipient(&mut self, id: CredentialId) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM recipients WHERE credential_id = $1";
        on_each!(self, connection => sqlx::query(SQL)
            .bind(id).execute(connection).await.map(drop))?;
        Ok(())
    }
}
