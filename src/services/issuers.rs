//! Organisations that issue: who they are, and under which identity.
//!
//! An identity must be one that verifiers elsewhere can follow. With an https public address it is a
//! did:web below that address, whose keys can change while it stays. Without one it is the did:key of
//! the issuer's first Ed25519 key: it verifies anywhere, offline, but it *is* that key.

use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;
use url::Url;
use utoipa::ToSchema;

use super::keys::KeyPair;
use super::{Error, Services, slug, vc_api};
use crate::ids::IssuerId;
use crate::openbadges::did;
use crate::openbadges::keys::KeyType;
use crate::openbadges::model::{Address, IdentifierEntry, IdentifierType, Profile};
use crate::recognition::compose::SIRET_IDENTITY;
use crate::recognition::email::Email;
use crate::recognition::siret::Siret;
use crate::store;

/// An organisation that is to issue, as a person describes it.
#[derive(Debug, Clone)]
pub struct NewIssuer {
    /// Its name, as every badge says it.
    pub name: String,
    /// Its short name; made from the name where none is given.
    pub slug: Option<String>,
    /// Its web site.
    pub url: Option<String>,
    /// Its e-mail address.
    pub email: Option<String>,
    /// Its country, ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Its region.
    pub region: Option<String>,
    /// Its SIRET number.
    pub siret: Option<String>,
}

/// A description of an issuer that holds.
#[derive(Debug)]
pub(super) struct CheckedIssuer {
    slug: String,
    name: String,
    url: Option<String>,
    email: Option<String>,
    country: Option<String>,
    region: Option<String>,
    siret: Option<Siret>,
}

impl NewIssuer {
    /// Checks what was given, before anything is made from it.
    pub(super) fn checked(self) -> Result<CheckedIssuer, Error> {
        let refused = |text: String| Err(Error::Refused(text));
        let name = self.name.trim().to_owned();
        if name.is_empty() || self.name.chars().count() > 200 {
            return refused("the issuer needs a name of at most 200 characters".into());
        }
        let slug = match self.slug {
            Some(slug) if slug::is_slug(&slug) => slug,
            Some(slug) => return refused(slug::refusal(&slug)),
            None => slug::of_name(&name).ok_or_else(|| {
                Error::Refused(
                    "the issuer's name gives no short name; give one (slug, or --slug)".into(),
                )
            })?,
        };
        Ok(CheckedIssuer {
            slug,
            name,
            url: self.url.as_deref().map(checked_url).transpose()?,
            email: self.email.as_deref().map(checked_email).transpose()?,
            country: self.country.as_deref().map(checked_country).transpose()?,
            region: self.region,
            siret: self.siret.as_deref().map(checked_siret).transpose()?,
        })
    }
}

pub(super) fn checked_url(text: &str) -> Result<String, Error> {
    let text = text.trim();
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(text.to_owned()),
        _ => Err(Error::Refused(format!(
            "“{text}” is no web address; write it with its https://"
        ))),
    }
}

pub(super) fn checked_email(text: &str) -> Result<String, Error> {
    let refused =
        |what| Error::Refused(format!("the issuer's e-mail address can't be used. {what}"));
    let email = Email::parse(text).map_err(|error| refused(error.what))?;
    Ok(email.as_str().to_owned())
}

pub(super) fn checked_country(text: &str) -> Result<String, Error> {
    let code = text.trim().to_ascii_uppercase();
    if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Ok(code);
    }
    Err(Error::Refused(format!(
        "“{code}” is no country code; write two capitals, as in FR"
    )))
}

pub(super) fn checked_siret(text: &str) -> Result<Siret, Error> {
    Siret::parse(text, true).map_err(|error| {
        Error::Refused(format!(
            "“{text}” can't be the SIRET. {error} {}",
            error.advice()
        ))
    })
}

/// An issuer, as it is told.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IssuerSummary {
    /// Its short name.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// What its badges name as their issuer.
    pub id: String,
}

/// An issuer with its profile read.
#[derive(Debug, Clone)]
pub struct Issuer {
    /// Its identifier here.
    pub id: IssuerId,
    /// Its short name.
    pub slug: String,
    /// Its profile, as badges carry it.
    pub profile: Profile,
}

impl Issuer {
    pub(super) fn from_row(row: &store::Issuer) -> Result<Self, Error> {
        let profile = serde_json::from_str(&row.profile).map_err(Error::internal)?;
        Ok(Self {
            id: row.id,
            slug: row.slug.clone(),
            profile,
        })
    }

    /// What is told of it.
    pub fn summary(&self) -> IssuerSummary {
        IssuerSummary {
            slug: self.slug.clone(),
            name: self
                .profile
                .name
                .as_ref()
                .and_then(|name| name.in_language(&["fr", "en"]))
                .unwrap_or(&self.slug)
                .to_owned(),
            id: self.profile.id.clone(),
        }
    }

    /// Whether its identity is its key, so that a new key would be another identity.
    pub fn is_its_key(&self) -> bool {
        self.profile.id.starts_with("did:key:")
    }
}

impl Services {
    /// Makes an issuer with its keys and the founding badges; tells whether it was made now.
    pub async fn create_issuer(&self, new: NewIssuer) -> Result<(IssuerSummary, bool), Error> {
        let (issuer, made) = self.ensure_issuer(new.checked()?).await?;
        if made {
            self.ensure_founding_achievements(&issuer).await?;
        }
        Ok((issuer.summary(), made))
    }

    /// All issuers.
    pub async fn issuers(&self) -> Result<Vec<IssuerSummary>, Error> {
        let rows = self.store.glance().await?.issuers().await?;
        rows.iter()
            .filter(|row| self.actor.reaches(row.id))
            .map(|row| Issuer::from_row(row).map(|issuer| issuer.summary()))
            .collect()
    }

    /// The issuer of that short name; without one, the only one there is (that of the VC API, which
    /// issues no badges, has to be named).
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Refused`] when there are several and none was named.
    pub async fn issuer(&self, slug: Option<&str>) -> Result<Issuer, Error> {
        let reached = |row: &store::Issuer| self.actor.reaches(row.id);
        let mut tx = self.store.glance().await?;
        let named = match (slug, self.actor.issuer) {
            (Some(slug), _) => tx.issuer_by_slug(slug).await?,
            (None, Some(own)) => tx.issuer(own).await?,
            (None, None) => None,
        };
        if let Some(row) = named.filter(reached) {
            return Issuer::from_row(&row);
        }
        let mut rows = tx.issuers().await?;
        drop(tx);
        rows.retain(|row| reached(row) && row.slug != vc_api::SLUG);
        let slugs = || rows.iter().map(|row| row.slug.clone()).collect::<Vec<_>>();
        match (slug, rows.as_slice()) {
            (Some(slug), _) => Err(Error::NotFound {
                what: "issuer",
                id: slug.into(),
                near: slugs(),
            }),
            (None, [only]) => Issuer::from_row(only),
            (None, []) => Err(Error::NotReady(
                "there is no issuer yet; run `badgeons init`".into(),
            )),
            (None, _) => Err(Error::Refused(format!(
                "there are several issuers; say which one (issuer, or --issuer): {}",
                slugs().join(", ")
            ))),
        }
    }

    /// The issuer of that short name, entered with two new keys if it isn't there.
    pub(super) async fn ensure_issuer(
        &self,
        given: CheckedIssuer,
    ) -> Result<(Issuer, bool), Error> {
        if let Some(row) = self
            .store
            .glance()
            .await?
            .issuer_by_slug(&given.slug)
            .await?
        {
            return Ok((Issuer::from_row(&row)?, false));
        }
        let id = IssuerId::mint(self.world.entropy.as_ref())?;
        let now = self.world.clock.now();
        let ed25519 = self.new_key(id, KeyType::Ed25519)?;
        let p256 = self.new_key(id, KeyType::P256)?;
        let profile = profile(&given, self.identity(&given.slug, &ed25519)?);
        let row = row(id, &given.slug, &profile, now)?;
        let mut tx = self.store.write().await?;
        tx.insert_issuer(&row).await?;
        for key in [&ed25519, &p256] {
            self.enter_key(&mut tx, id, key).await?;
        }
        self.audit(&mut tx, "issuer.create", "issuer", Some(id.0))
            .await?;
        tx.commit().await?;
        Ok((
            Issuer {
                id,
                slug: given.slug,
                profile,
            },
            true,
        ))
    }

    /// The DID under which an issuer signs.
    fn identity(&self, slug: &str, key: &KeyPair) -> Result<String, Error> {
        if let Some(address) = self.address(&format!("issuers/{slug}")) {
            let url = Url::parse(&address).map_err(Error::internal)?;
            return Ok(did::web::from_url(&url)
                .map_err(Error::internal)?
                .to_string());
        }
        did::key::from_key(&key.secret.public())
            .map(|did| did.to_string())
            .ok_or_else(|| Error::KeyUnavailable("this kind of key has no did:key".into()))
    }
}

fn profile(given: &CheckedIssuer, id: String) -> Profile {
    let mut profile = Profile::new(id);
    profile.name = Some(given.name.as_str().into());
    profile.url.clone_from(&given.url);
    profile.email.clone_from(&given.email);
    if given.country.is_some() || given.region.is_some() {
        let mut address = Address::new();
        address.address_country_code.clone_from(&given.country);
        address.address_region = given.region.as_deref().map(Into::into);
        profile.address = Some(address);
    }
    if let Some(siret) = &given.siret {
        let kind = IdentifierType::Other(SIRET_IDENTITY.into());
        profile
            .other_identifier
            .push(IdentifierEntry::new(siret.to_string(), kind));
    }
    profile
}

fn row(
    id: IssuerId,
    slug: &str,
    profile: &Profile,
    now: OffsetDateTime,
) -> Result<store::Issuer, Error> {
    let written: Value = serde_json::to_value(profile).map_err(Error::internal)?;
    Ok(store::Issuer {
        id,
        slug: slug.into(),
        public_id: profile.id.clone(),
        profile: written.to_string(),
        created_at: now,
        updated_at: now,
    })
}
