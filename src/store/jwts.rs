//! Credentials as JWTs, signed when somebody first asked for one.

use sqlx::FromRow;

use super::columns::text_column;
use super::{StoreError, Tx};
use crate::ids::{CredentialId, KeyId};

/// The algorithm of a JWT, as JOSE names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JwtAlgorithm {
    /// Ed25519.
    EdDsa,
    /// P-256.
    Es256,
}

text_column!(JwtAlgorithm { EdDsa = "EdDSA", Es256 = "ES256" });

/// A credential as a JWT.
#[derive(Clone, PartialEq, Eq, FromRow)]
pub struct Jwt {
    /// Its algorithm.
    pub algorithm: JwtAlgorithm,
    /// The key that signed it.
    pub key_id: KeyId,
    /// The JWT.
    pub jwt: String,
}

impl std::fmt::Debug for Jwt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Jwt")
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

impl Tx {
    /// The JWTs of a credential that were signed.
    pub async fn jwts(&mut self, of: CredentialId) -> Result<Vec<Jwt>, StoreError> {
        const SQL: &str = "SELECT algorithm, key_id, jwt FROM credential_jwts \
                           WHERE credential_id = $1 ORDER BY algorithm";
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(of).fetch_all(connection).await)?)
    }

    /// Keeps a JWT, unless there is one of that algorithm, or the credential is erased; `false` then.
    pub async fn insert_jwt(&mut self, of: CredentialId, new: &Jwt) -> Result<bool, StoreError> {
        macro_rules! insert {
            ($held:literal) => {
                concat!(
                    "INSERT INTO credential_jwts (credential_id, algorithm, key_id, jwt) \
                     SELECT id, $2, $3, $4 FROM credentials WHERE id = $1 AND state = 'issued' ",
                    $held,
                    "ON CONFLICT (credential_id, algorithm) DO NOTHING"
                )
            };
        }
        let sql = match self {
            Tx::Sqlite(_) => insert!(""),
            // Whoever erases the credential at this moment is waited for: else it would leave the JWT.
            Tx::Postgres(_) => insert!("FOR SHARE "),
        };
        let kept = on_each!(self, connection => sqlx::query(sql)
            .bind(of).bind(new.algorithm).bind(new.key_id).bind(&new.jwt)
            .execute(connection).await.map(|done| done.rows_affected()))?;
        Ok(kept > 0)
    }
}
