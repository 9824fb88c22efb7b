//! What is known of an issuer beside its profile: its names, its logo.

use sqlx::FromRow;

use super::{StoreError, Tx};
use crate::ids::IssuerId;

/// What is known of an issuer beside its profile.
#[derive(Debug, Clone, Default, PartialEq, Eq, FromRow)]
pub struct IssuerDetails {
    /// Its name in each language, as a JSON language map; `None` where there is one name.
    pub names: Option<String>,
    /// The number under which it is known at LinkedIn.
    pub linkedin: Option<String>,
    /// Its logo.
    pub logo: Option<Vec<u8>>,
    /// The logo's media type, there when the logo is.
    pub logo_media_type: Option<String>,
}

impl Tx {
    /// What is known of an issuer beside its profile; nothing where nobody entered it.
    pub async fn issuer_details(&mut self, of: IssuerId) -> Result<IssuerDetails, StoreError> {
        const SQL: &str = "SELECT names, linkedin, logo, logo_media_type FROM issuer_details \
                           WHERE issuer_id = $1";
        let found = on_each!(self, connection => sqlx::query_as(SQL)
            .bind(of).fetch_optional(connection).await)?;
        Ok(found.unwrap_or_default())
    }

    /// Keeps it in the place of what was known before.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when the issuer does not exist.
    pub async fn put_issuer_details(
        &mut self,
        of: IssuerId,
        details: &IssuerDetails,
    ) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO issuer_details \
                           (issuer_id, names, logo, logo_media_type, linkedin) \
                           VALUES ($1, $2, $3, $4, $5) ON CONFLICT (issuer_id) DO UPDATE SET \
                           names = excluded.names, logo = excluded.logo, \
                           logo_media_type = excluded.logo_media_type, \
                           linkedin = excluded.linkedin";
        on_each!(self, connection => sqlx::query(SQL)
            .bind(of).bind(&details.names).bind(&details.logo).bind(&details.logo_media_type)
            .bind(&details.linkedin)
            .execute(connection).await.map(drop))?;
        Ok(())
    }
}
