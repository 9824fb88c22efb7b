//! What holders decide about their badges, through a link of their own and without an account.
//!
//! The link is made from the badge's identifier and the master key, so that nothing secret is stored
//! and every badge ever issued has one. Whoever has it is the holder; it can be replaced, and those
//! before it open nothing any more. Issuers hand it out (`holder_link`), and answer what holders ask
//! for.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use subtle::ConstantTimeEq as _;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Actor, Error, Services};
use crate::ids::CredentialId;
use crate::openbadges::model::Timestamp;
pub use crate::store::Visibility;
use crate::store::{Credential, CredentialState, Holder, HolderRequest, RequestKind, Tx};

/// The longest text a holder may send, in characters.
pub const LONGEST_TEXT: usize = 500;

/// How much of the keyed hash a link carries: 128 bits can't be guessed.
const SECRET: usize = 16;

/// The holder's own link, as it stands in an address: 43 characters of base64url.
#[derive(Clone, PartialEq, Eq)]
pub struct HolderLink {
    badge: CredentialId,
    secret: [u8; SECRET],
}

impl FromStr for HolderLink {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| unknown())?;
        let (badge, secret) = bytes.split_at_checked(16).ok_or_else(unknown)?;
        Ok(Self {
            badge: CredentialId(Uuid::from_slice(badge).map_err(|_| unknown())?),
            secret: secret.try_into().map_err(|_| unknown())?,
        })
    }
}

impl fmt::Display for HolderLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.badge.0.as_bytes().as_slice(), &self.secret].concat();
        f.write_str(&URL_SAFE_NO_PAD.encode(bytes))
    }
}

impl fmt::Debug for HolderLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HolderLink(…)")
    }
}

/// What a holder decided, and what they wait for.
#[derive(Debug, Clone)]
pub struct HolderDesk {
    /// The badge.
    pub badge: CredentialId,
    /// Who sees its page.
    pub visibility: Visibility,
    /// The language of its page and certificate, where the holder chose one.
    pub language: Option<String>,
    /// What they asked for and is not answered yet.
    pub asked: Vec<Asked>,
}

/// What a holder asked their issuer for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Asked {
    /// For which badge.
    #[schema(value_type = String, format = Uuid)]
    pub credential: CredentialId,
    /// `name`: that the name be corrected; `erasure`: that the badge be erased.
    #[schema(example = "name")]
    pub kind: &'static str,
    /// In the holder's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub made_at: Timestamp,
}

impl From<HolderRequest> for Asked {
    fn from(request: HolderRequest) -> Self {
        Self {
            credential: request.credential_id,
            kind: request.kind.as_str(),
            text: request.text,
            made_at: Timestamp::from(request.made_at).whole_seconds(),
        }
    }
}

impl Services {
    /// The holder's own link to one of the issuer's badges, to be handed to the holder and nobody
    /// else; with `replace` a new one, and those before it open nothing any more.
    pub async fn holder_link(&self, id: &str, replace: bool) -> Result<HolderLink, Error> {
        let mut tx = self.store.write().await?;
        let row = self.own(&mut tx, id).await?;
        must_be_there(&row)?;
        let number = tx.holder(row.id).await?.link_number;
        let link = if replace {
            let link = self.replace(&mut tx, row.id, number).await?;
            let again = "the link was replaced at the same moment; ask again";
            link.ok_or_else(|| Error::Busy(again.into()))?
        } else {
            // Whoever has the link acts as the holder: that it was seen is noted.
            self.audit(&mut tx, "holder.link_shown", "credential", Some(row.id.0))
                .await?;
            self.link(row.id, number)
        };
        tx.commit().await?;
        Ok(link)
    }

    /// The first link to a badge that was issued just now.
    pub fn first_holder_link(&self, id: CredentialId) -> HolderLink {
        self.link(id, 0)
    }

    /// What holders of an issuer's badges ask for, the oldest first.
    pub async fn holder_requests(&self, issuer: Option<&str>) -> Result<Vec<Asked>, Error> {
        let issuer = self.issuer(issuer).await?;
        let requests = self.store.glance().await?.requests_to(issuer.id).await?;
        Ok(requests.into_iter().map(Asked::from).collect())
    }

    /// Takes a request away once it is answered, one way or the other.
    ///
    /// # Errors
    /// [`Error::NotFound`] where nobody asked for that.
    pub async fn answer_holder_request(&self, id: &str, kind: &str) -> Result<(), Error> {
        let mut tx = self.store.write().await?;
        let row = self.own(&mut tx, id).await?;
        let kind = kind_of(kind)?;
        if !tx.answer_request(row.id, kind).await? {
            return Err(Error::not_found("request", id));
        }
        self.audit(&mut tx, "holder.answer", "credential", Some(row.id.0))
            .await?;
        tx.commit().await?;
        self.forget_deleted().await;
        Ok(())
    }

    /// What whoever holds that link decided.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a link that opens nothing, [`Error::Gone`] once the badge is erased.
    pub async fn holder_desk(&self, link: &HolderLink) -> Result<HolderDesk, Error> {
        let mut tx = self.store.read().await?;
        let holder = self.opened(&mut tx, link).await?;
        let asked = tx.requests_about(link.badge).await?;
        Ok(HolderDesk {
            badge: link.badge,
            visibility: holder.visibility,
            language: holder.language,
            asked: asked.into_iter().map(Asked::from).collect(),
        })
    }

    /// Decides who sees the badge's page, and in which language it speaks.
    pub async fn decide(
        &self,
        link: &HolderLink,
        visibility: Visibility,
        language: Option<&str>,
    ) -> Result<(), Error> {
        let language = match language {
            None => None,
            Some(code @ ("br" | "en" | "fr")) => Some(code.to_owned()),
            Some(_) => return Err(Error::Refused("there are fr, br and en".into())),
        };
        let mut tx = self.store.write().await?;
        let holder = self.opened(&mut tx, link).await?;
        let decided = Holder {
            visibility,
            language,
            ..holder
        };
        if !tx.decide(link.badge, &decided).await? {
            return Err(unknown());
        }
        self.as_holder()
            .audit(&mut tx, "holder.decide", "credential", Some(link.badge.0))
            .await?;
        Ok(tx.commit().await?)
    }

    /// Asks the issuer for something: `name` with how the name is written, or `erasure`.
    pub async fn ask_issuer(&self, link: &HolderLink, kind: &str, text: &str) -> Result<(), Error> {
        let kind = kind_of(kind)?;
        let text = text.trim();
        if text.chars().count() > LONGEST_TEXT {
            return Err(Error::Refused(format!(
                "write at most {LONGEST_TEXT} characters"
            )));
        }
        if kind == RequestKind::Name && text.is_empty() {
            return Err(Error::Refused("write the name as it should be".into()));
        }
        let mut tx = self.store.write().await?;
        self.opened(&mut tx, link).await?;
        tx.put_holder_request(&HolderRequest {
            credential_id: link.badge,
            kind,
            text: Some(text.replace('\0', "")).filter(|text| !text.is_empty()),
            made_at: self.world.clock.now(),
        })
        .await?;
        self.as_holder()
            .audit(&mut tx, "holder.ask", "credential", Some(link.badge.0))
            .await?;
        Ok(tx.commit().await?)
    }

    /// Another link in the place of this one, which opens nothing any more.
    pub async fn replace_own_link(&self, link: &HolderLink) -> Result<HolderLink, Error> {
        let mut tx = self.store.write().await?;
        let number = self.opened(&mut tx, link).await?.link_number;
        let link = self
            .as_holder()
            .replace(&mut tx, link.badge, number)
            .await?
            .ok_or_else(unknown)?;
        tx.commit().await?;
        Ok(link)
    }

    async fn replace(
        &self,
        tx: &mut Tx,
        id: CredentialId,
        number: i64,
    ) -> Result<Option<HolderLink>, Error> {
        // Somebody else may be quicker: that one is an old link then.
        let Some(number) = tx.replace_link(id, number).await? else {
            return Ok(None);
        };
        self.audit(tx, "holder.link", "credential", Some(id.0))
            .await?;
        Ok(Some(self.link(id, number)))
    }

    /// What the holder decided, if the link is theirs and opens something.
    pub(super) async fn opened(&self, tx: &mut Tx, link: &HolderLink) -> Result<Holder, Error> {
        let holder = tx.holder(link.badge).await?;
        let expected = self.link(link.badge, holder.link_number);
        if !bool::from(expected.secret.ct_eq(&link.secret)) {
            return Err(unknown());
        }
        let row = tx.credential(link.badge).await?;
        must_be_there(&row.ok_or_else(unknown)?)?;
        Ok(holder)
    }

    fn link(&self, badge: CredentialId, number: i64) -> HolderLink {
        let hash = self
            .keystore
            .holder_secret(format!("{badge} {number}").as_bytes());
        let mut secret = [0; SECRET];
        secret.copy_from_slice(&hash[..SECRET]);
        HolderLink { badge, secret }
    }

    fn as_holder(&self) -> Self {
        self.acting_as(Actor {
            name: "holder".into(),
            issuer: None,
            request: self.actor.request.clone(),
        })
    }
}

impl HolderLink {
    /// The badge it is about.
    pub fn badge(&self) -> CredentialId {
        self.badge
    }
}

/// What a link opens is not told, and neither is what is wrong with one.
fn unknown() -> Error {
    Error::not_found("link", "holder")
}

fn must_be_there(row: &Credential) -> Result<(), Error> {
    match row.state {
        CredentialState::Issued => Ok(()),
        CredentialState::Erased => Err(Error::Gone {
            what: "badge",
            id: row.id.to_string(),
        }),
    }
}

fn kind_of(text: &str) -> Result<RequestKind, Error> {
    match text {
        "name" => Ok(RequestKind::Name),
        "erasure" => Ok(RequestKind::Erasure),
        _ => Err(Error::not_found("request", text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_read_as_it_is_written() {
        let link = HolderLink {
            badge: CredentialId(Uuid::from_u128(7)),
            secret: [9; SECRET],
        };
        let text = link.to_string();
        assert_eq!(text.len(), 43);
        assert_eq!(text.parse::<HolderLink>().unwrap(), link);
        assert!(!format!("{link:?}").contains('7'));
    }

    #[test]
    fn what_is_no_link_opens_nothing() {
        for text in ["", "a", "é", &"A".repeat(42), &"A".repeat(44)] {
            assert!(text.parse::<HolderLink>().is_err(), "{text}");
        }
    }
}
