//! Access tokens: who may call the API, to do what, for which issuer.
//!
//! A token is `bdg_<prefix>_<secret>`: found by its prefix, believed by its secret, of which only the
//! SHA-256 hash is kept (it is 256 bits of randomness; no dictionary finds it). It is shown once.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use time::Duration;
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::{Actor, Error, Services};
use crate::ids::{IssuerId, TokenId};
use crate::openbadges::model::Timestamp;
use crate::store::AccessToken;

/// How long a token holds that was given in exchange for another (OAuth 2.0 client credentials).
pub const SHORT_LIVED: Duration = Duration::hours(1);

/// From how long before its end on a token's holder is warned.
pub const WARNING: Duration = Duration::days(14);

/// How exactly the last use of a token is known.
const LAST_USE: Duration = Duration::hours(1);

/// Something a token may do.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
pub enum Scope {
    /// Define badges, and publish and archive them.
    #[serde(rename = "achievements:write")]
    AchievementsWrite,
    /// Issue badges.
    #[serde(rename = "credentials:issue")]
    CredentialsIssue,
    /// Revoke, suspend, reinstate and erase badges.
    #[serde(rename = "credentials:revoke")]
    CredentialsRevoke,
    /// List and read issued badges, with their recipients.
    #[serde(rename = "credentials:read")]
    CredentialsRead,
    /// Import rosters.
    #[serde(rename = "batches:write")]
    BatchesWrite,
    /// Change the issuer's profile, its keys and its tokens.
    #[serde(rename = "issuer:admin")]
    IssuerAdmin,
    /// Run the installation: make issuers.
    #[serde(rename = "operator")]
    Operator,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::AchievementsWrite,
        Self::CredentialsIssue,
        Self::CredentialsRevoke,
        Self::CredentialsRead,
        Self::BatchesWrite,
        Self::IssuerAdmin,
        Self::Operator,
    ];

    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AchievementsWrite => "achievements:write",
            Self::CredentialsIssue => "credentials:issue",
            Self::CredentialsRevoke => "credentials:revoke",
            Self::CredentialsRead => "credentials:read",
            Self::BatchesWrite => "batches:write",
            Self::IssuerAdmin => "issuer:admin",
            Self::Operator => "operator",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Scope {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|scope| scope.as_str() == text);
        found.ok_or_else(|| {
            let all = Self::ALL.map(Self::as_str).join(", ");
            Error::Refused(format!("“{text}” is no scope; there are: {all}"))
        })
    }
}

/// A token to be made.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// What it is called, in the list of tokens and in the audit log; no person's name.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it ends; never where none is given.
    pub expires_at: Option<Timestamp>,
}

/// A token, as it is told.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TokenSummary {
    /// Its identifier.
    #[schema(value_type = String, format = Uuid)]
    pub id: TokenId,
    /// What it begins with.
    pub prefix: String,
    /// What it is called.
    pub name: String,
    /// The issuer it reaches; none for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// When it was used last, to the hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<Timestamp>,
}

/// A token that was made now: the only moment its secret is known.
#[derive(Serialize, ToSchema)]
pub struct MadeToken {
    /// What is told of it.
    #[serde(flatten)]
    pub summary: TokenSummary,
    /// The token itself.
    pub token: String,
}

impl fmt::Debug for MadeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.summary.fmt(f)
    }
}

/// Whose token it was that came with a request.
#[derive(Debug, Clone)]
pub struct Access {
    /// Its identifier.
    pub token: TokenId,
    /// The lasting token it was given in exchange for; itself, where it is one.
    pub lasting: TokenId,
    /// The issuer it reaches; none for all.
    pub issuer: Option<IssuerId>,
    /// What it is called.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
}

impl Services {
    /// Makes a token for one issuer, or with [`Scope::Operator`] and no issuer for the installation.
    ///
    /// # Errors
    /// [`Error::Refused`] for a token without name, without scopes, or that has ended already;
    /// [`Error::Conflict`] where an operator is to be bound to one issuer.
    pub async fn create_token(
        &self,
        issuer: Option<&str>,
        new: NewToken,
    ) -> Result<MadeToken, Error> {
        let operator = new.scopes.contains(&Scope::Operator);
        if operator && issuer.is_some() {
            return Err(Error::Conflict(
                "an operator's token reaches every issuer; leave the issuer out, or the scope operator"
                    .into(),
            ));
        }
        let issuer = match issuer {
            None if operator => None,
            slug => Some(self.issuer(slug).await?),
        };
        let name = new.name.trim();
        if name.is_empty() || new.name.chars().count() > 100 {
            return Err(Error::Refused(
                "the token needs a name of at most 100 characters, such as “Atelier, inscriptions”"
                    .into(),
            ));
        }
        if new.scopes.is_empty() {
            return Err(Error::Refused("say what the token may do".into()));
        }
        if new.expires_at.is_some_and(|end| end <= self.world.now()) {
            return Err(Error::Refused("the token would have ended already".into()));
        }
        let draft = Draft {
            parent: None,
            issuer: issuer.as_ref().map(|issuer| issuer.id),
            name: name.to_owned(),
            scopes: new.scopes,
            expires_at: new.expires_at,
        };
        let slug = issuer.map(|issuer| issuer.slug);
        self.make_token(draft, slug).await
    }

    /// The tokens people made: of one issuer, or of all that the actor may see.
    pub async fn tokens(&self, issuer: Option<&str>) -> Result<Vec<TokenSummary>, Error> {
        let of = match issuer {
            Some(slug) => Some(self.issuer(Some(slug)).await?.id),
            None => self.actor.issuer,
        };
        let mut tx = self.store.read().await?;
        let issuers = tx.issuers().await?;
        let rows = tx.tokens(of).await?;
        rows.into_iter()
            .map(|row| {
                let issuer = issuers
                    .iter()
                    .find(|issuer| Some(issuer.id) == row.issuer_id);
                summary(row, issuer.map(|issuer| issuer.slug.clone()))
            })
            .collect()
    }

    /// Revokes a token, and those given in exchange for it; whoever holds it is refused from then on.
    pub async fn revoke_token(&self, token: &str) -> Result<(), Error> {
        let not_found = || Error::not_found("token", token);
        let id: TokenId = token.parse().map_err(|_| not_found())?;
        let mut tx = self.store.write().await?;
        let row = tx.token(id).await?.ok_or_else(not_found)?;
        let is_theirs = match row.issuer_id {
            Some(issuer) => self.actor.reaches(issuer),
            None => self.actor.issuer.is_none(),
        };
        if !is_theirs {
            return Err(not_found());
        }
        if tx.revoke_token(id, self.world.clock.now()).await? {
            self.audit(&mut tx, "token.revoke", "token", Some(id.0))
                .await?;
        }
        Ok(tx.commit().await?)
    }

    /// Whose token this is, if it holds. Nothing tells a wrong one from one that ended.
    pub async fn authenticate(&self, token: &str) -> Result<Option<Access>, Error> {
        let Some((prefix, secret)) = parts(token) else {
            return Ok(None);
        };
        let now = self.world.clock.now();
        let row = self.store.glance().await?.token_by_prefix(prefix).await?;
        let Some(row) = row.filter(|row| holds(row, secret, now)) else {
            return Ok(None);
        };
        if row.last_used_at.is_none_or(|used| now - used >= LAST_USE) {
            let mut tx = self.store.write().await?;
            tx.token_used(row.id, now).await?;
            tx.commit().await?;
        }
        Ok(Some(Access {
            token: row.id,
            lasting: row.parent_id.unwrap_or(row.id),
            issuer: row.issuer_id,
            scopes: scopes(&row.scopes)?,
            name: row.name,
            expires_at: row.expires_at.map(Into::into),
        }))
    }

    /// Gives a token for a short time in exchange for a lasting one (RFC 6749 §4.4). `asked` narrows
    /// what it may do.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a scope that the lasting one does not have; `None` where it is no token
    /// that holds, or itself one given in exchange.
    pub async fn exchange_token(
        &self,
        token: &str,
        asked: &[Scope],
    ) -> Result<Option<MadeToken>, Error> {
        let Some(access) = self.authenticate(token).await? else {
            return Ok(None);
        };
        let row = self.store.glance().await?.token(access.token).await?;
        if row.is_none_or(|row| row.parent_id.is_some()) {
            return Ok(None);
        }
        if let Some(scope) = asked.iter().find(|scope| !access.scopes.contains(scope)) {
            return Err(Error::Forbidden { scope: *scope });
        }
        let end = Timestamp::from(self.world.clock.now() + SHORT_LIVED).whole_seconds();
        let scopes = if asked.is_empty() {
            access.scopes
        } else {
            asked.to_vec()
        };
        let draft = Draft {
            parent: Some(access.token),
            issuer: access.issuer,
            name: access.name,
            scopes,
            expires_at: Some(access.expires_at.map_or(end, |own| own.min(end))),
        };
        self.make_token(draft, None).await.map(Some)
    }

    async fn make_token(&self, draft: Draft, issuer: Option<String>) -> Result<MadeToken, Error> {
        let entropy = self.world.entropy.as_ref();
        let mut random = Zeroizing::new([0; 6 + 32]);
        entropy.fill(random.as_mut_slice())?;
        let (prefix, secret) = random.split_at(6);
        let prefix = bs58::encode(prefix).into_string();
        let secret = Zeroizing::new(bs58::encode(secret).into_string());
        let now = self.world.clock.now();
        let written: Vec<_> = draft.scopes.iter().map(|scope| scope.as_str()).collect();
        let row = AccessToken {
            id: TokenId::mint(entropy)?,
            parent_id: draft.parent,
            issuer_id: draft.issuer,
            hash: hash(&secret).to_vec(),
            name: draft.name,
            scopes: written.join(" "),
            created_at: now,
            expires_at: draft.expires_at.map(Timestamp::instant),
            last_used_at: None,
            revoked_at: None,
            prefix,
        };
        let token = format!("bdg_{}_{}", row.prefix, secret.as_str());
        let mut tx = self.store.write().await?;
        tx.purge_tokens(now - Duration::days(1)).await?;
        tx.insert_token(&row).await?;
        if row.parent_id.is_none() {
            self.audit(&mut tx, "token.create", "token", Some(row.id.0))
                .await?;
        }
        tx.commit().await?;
        Ok(MadeToken {
            summary: summary(row, issuer)?,
            token,
        })
    }
}

/// A token about to be made, checked.
struct Draft {
    parent: Option<TokenId>,
    issuer: Option<IssuerId>,
    name: String,
    scopes: Vec<Scope>,
    expires_at: Option<Timestamp>,
}

impl Access {
    /// Who acts with it, in a request.
    pub fn actor(&self, request: Option<String>) -> Actor {
        Actor {
            name: format!("token {} ({})", self.name, self.token),
            issuer: self.issuer,
            request,
        }
    }

    /// Fails unless the token may do that. An operator may do everything.
    ///
    /// # Errors
    /// [`Error::Forbidden`], naming what is missing.
    pub fn require(&self, scope: Scope) -> Result<(), Error> {
        if self.scopes.contains(&scope) || self.scopes.contains(&Scope::Operator) {
            Ok(())
        } else {
            Err(Error::Forbidden { scope })
        }
    }
}

fn holds(row: &AccessToken, secret: &str, now: time::OffsetDateTime) -> bool {
    let is_right: bool = row.hash.ct_eq(&hash(secret)).into();
    is_right && row.revoked_at.is_none() && row.expires_at.is_none_or(|end| now < end)
}

fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// `bdg_<prefix>_<secret>`; neither part has an underscore.
fn parts(token: &str) -> Option<(&str, &str)> {
    if token.len() > 100 {
        return None;
    }
    let (prefix, secret) = token.strip_prefix("bdg_")?.split_once('_')?;
    let is_plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_plain(prefix) && is_plain(secret)).then_some((prefix, secret))
}

fn scopes(stored: &str) -> Result<Vec<Scope>, Error> {
    stored
        .split_whitespace()
        .map(|text| {
            text.parse()
                .map_err(|error: Error| Error::internal(error.to_string()))
        })
        .collect()
}

fn summary(row: AccessToken, issuer: Option<String>) -> Result<TokenSummary, Error> {
    let instant = |at: time::OffsetDateTime| Timestamp::from(at).whole_seconds();
    Ok(TokenSummary {
        id: row.id,
        scopes: scopes(&row.scopes)?,
        prefix: format!("bdg_{}", row.prefix),
        name: row.name,
        issuer,
        created_at: instant(row.created_at),
        expires_at: row.expires_at.map(instant),
        last_used_at: row.last_used_at.map(instant),
        revoked_at: row.revoked_at.map(instant),
    })
}
