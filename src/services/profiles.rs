//! What an issuer says of itself, and changes: badges issued later carry it, those issued before keep
//! what they were signed with.
//!
//! A signed badge carries the name in one language: no form of a text in several passes both the
//! official schema and the official context. The others are kept beside, and told to whoever asks.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::issuers::{Issuer, checked_country, checked_email, checked_siret, checked_url};
use super::picture::Picture;
use super::{Error, Services};
use crate::openbadges::model::checked::{Finding, Profile as Rules, Severity};
use crate::openbadges::model::{
    Address, IdentifierEntry, IdentifierType, Image, Profile, Text, rules,
};
use crate::recognition::compose::SIRET_IDENTITY;

/// The largest logo, in bytes: without a public address it travels in every badge.
const LARGEST_LOGO: usize = 256 * 1024;

/// Names in more languages than this are no help to anybody.
const MOST_LANGUAGES: usize = 20;

/// Which language a badge speaks of those its issuer has a name in: the first of these, else any.
const PREFERRED: [&str; 2] = ["fr", "en"];

/// A change of one member: left alone, taken away, or set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Edit<T> {
    /// Left as it is.
    #[default]
    Keep,
    /// Taken away.
    Clear,
    /// Set.
    To(T),
}

/// As in JSON Merge Patch (RFC 7396): `null` takes away, and what is not there stays as it is.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Edit<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let given = Option::deserialize(deserializer)?;
        Ok(given.map_or(Self::Clear, Self::To))
    }
}

impl<T> Edit<T> {
    /// Makes the change, with a value that is checked.
    fn apply<U>(
        self,
        to: &mut Option<U>,
        check: impl FnOnce(T) -> Result<U, Error>,
    ) -> Result<(), Error> {
        match self {
            Self::Keep => {}
            Self::Clear => *to = None,
            Self::To(value) => *to = Some(check(value)?),
        }
        Ok(())
    }
}

/// A name, in one language or in several.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Names {
    /// As it is.
    One(String),
    /// In each language: `{"fr": "…", "br": "…"}`.
    Several(BTreeMap<String, String>),
}

/// What is to be different about an issuer.
#[derive(Debug, Clone, Default)]
pub struct ProfileEdit {
    /// Its name.
    pub name: Edit<Names>,
    /// Its web site.
    pub url: Edit<String>,
    /// Its e-mail address.
    pub email: Edit<String>,
    /// Its country, ISO 3166-1 alpha-2.
    pub country: Edit<String>,
    /// Its region.
    pub region: Edit<String>,
    /// Its town.
    pub locality: Edit<String>,
    /// Its postal code.
    pub postal_code: Edit<String>,
    /// Street and number.
    pub street: Edit<String>,
    /// Its SIRET number.
    pub siret: Edit<String>,
    /// The number under which it is known at LinkedIn.
    pub linkedin: Edit<String>,
    /// Its logo, PNG or SVG.
    pub logo: Edit<Vec<u8>>,
}

impl Services {
    /// Changes what an issuer says of itself; tells its profile.
    ///
    /// # Errors
    /// [`Error::Refused`] and [`Error::Invalid`] for what no badge could carry; nothing was changed then.
    pub async fn edit_issuer(&self, slug: &str, edit: ProfileEdit) -> Result<Value, Error> {
        let issuer = self.issuer(Some(slug)).await?;
        let mut tx = self.store.write().await?;
        tx.lock_issuer(issuer.id).await?;
        let row = tx.issuer(issuer.id).await?;
        let row = row.ok_or_else(|| Error::not_found("issuer", slug))?;
        let mut profile = Issuer::from_row(&row)?.profile;
        let mut details = tx.issuer_details(issuer.id).await?;
        match edit.name {
            Edit::Keep => {}
            Edit::Clear => return Err(Error::Refused("an issuer has a name".into())),
            Edit::To(names) => {
                let (name, several) = checked_names(names)?;
                profile.name = Some(name.into());
                details.names = several.map(|names| json!(names).to_string());
            }
        }
        let logo = match edit.logo {
            Edit::Keep => None,
            Edit::Clear => Some(None),
            Edit::To(bytes) => Some(Some(checked_logo(bytes)?)),
        };
        if let Some(logo) = logo {
            profile.image = logo
                .as_ref()
                .map(|logo| Image::new(logo.uri(self.address(&format!("issuers/{slug}/image")))));
            (details.logo, details.logo_media_type) = logo
                .map(|logo| (logo.bytes, logo.media_type.to_owned()))
                .unzip();
        }
        edit.url.apply(&mut profile.url, |url| checked_url(&url))?;
        edit.email
            .apply(&mut profile.email, |email| checked_email(&email))?;
        let mut address = profile.address.take().unwrap_or_else(Address::new);
        edit.country
            .apply(&mut address.address_country_code, |code| {
                checked_country(&code)
            })?;
        for (edit, to) in [
            (edit.region, &mut address.address_region),
            (edit.locality, &mut address.address_locality),
            (edit.postal_code, &mut address.postal_code),
            (edit.street, &mut address.street_address),
        ] {
            edit.apply(to, |text| checked_line(&text).map(Text::from))?;
        }
        profile.address = Some(address.clone()).filter(|address| *address != Address::new());
        edit_siret(&mut profile, edit.siret)?;
        edit.linkedin
            .apply(&mut details.linkedin, |number| checked_linkedin(&number))?;
        must_be_sound(&profile)?;
        let written = serde_json::to_string(&profile).map_err(Error::internal)?;
        tx.update_issuer_profile(issuer.id, &written, self.world.clock.now())
            .await?;
        tx.put_issuer_details(issuer.id, &details).await?;
        self.audit(&mut tx, "issuer.update", "issuer", Some(issuer.id.0))
            .await?;
        tx.commit().await?;
        self.issuer_told(slug).await
    }

    /// An issuer's profile, with its name in every language it has one in.
    pub async fn issuer_told(&self, slug: &str) -> Result<Value, Error> {
        let issuer = self.issuer(Some(slug)).await?;
        let details = self.store.glance().await?.issuer_details(issuer.id).await?;
        let mut profile = serde_json::to_value(&issuer.profile).map_err(Error::internal)?;
        if let Some(names) = &details.names
            && let Some(members) = profile.as_object_mut()
        {
            let names = serde_json::from_str(names).map_err(Error::internal)?;
            members.insert("name".into(), names);
        }
        Ok(profile)
    }

    /// The logo of an issuer, with its media type.
    pub async fn issuer_logo(&self, slug: &str) -> Result<(Vec<u8>, String), Error> {
        let issuer = self.issuer(Some(slug)).await?;
        let details = self.store.glance().await?.issuer_details(issuer.id).await?;
        let logo = details.logo.zip(details.logo_media_type);
        logo.ok_or_else(|| Error::not_found("logo", slug))
    }
}

fn checked_linkedin(text: &str) -> Result<String, Error> {
    let number = text.trim();
    if (1..=20).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(number.to_owned());
    }
    Err(Error::Refused(
        "LinkedIn knows an organisation by a number: the one in the address of its page's administration"
            .into(),
    ))
}

fn edit_siret(profile: &mut Profile, edit: Edit<String>) -> Result<(), Error> {
    let kind = IdentifierType::Other(SIRET_IDENTITY.into());
    let siret = match edit {
        Edit::Keep => return Ok(()),
        Edit::Clear => None,
        Edit::To(text) => Some(checked_siret(&text)?),
    };
    profile
        .other_identifier
        .retain(|known| known.identifier_type != kind);
    profile
        .other_identifier
        .extend(siret.map(|siret| IdentifierEntry::new(siret.to_string(), kind)));
    Ok(())
}

/// The name that badges carry, and all of them where there are several.
fn checked_names(names: Names) -> Result<(String, Option<BTreeMap<String, String>>), Error> {
    let several = match names {
        Names::One(name) => return Ok((checked_line(&name)?, None)),
        Names::Several(several) => several,
    };
    if several.is_empty() || several.len() > MOST_LANGUAGES {
        return Err(Error::Refused(format!(
            "give the name in 1 to {MOST_LANGUAGES} languages"
        )));
    }
    let mut checked = BTreeMap::new();
    for (language, name) in several {
        if !is_language(&language) {
            return Err(Error::Refused(format!(
                "“{language}” is no language; write it as in fr, br or fr-FR"
            )));
        }
        checked.insert(language, checked_line(&name)?);
    }
    let preferred = PREFERRED.iter().find_map(|language| checked.get(*language));
    let name = preferred.or_else(|| checked.values().next()).cloned();
    Ok((name.unwrap_or_default(), Some(checked)))
}

/// As the official schema has the keys of a language map.
fn is_language(text: &str) -> bool {
    let (language, country) = match text.split_once('-') {
        Some((language, country)) => (language, Some(country)),
        None => (text, None),
    };
    let is_two =
        |text: &str, of: fn(&u8) -> bool| text.len() == 2 && text.as_bytes().iter().all(of);
    is_two(language, u8::is_ascii_lowercase)
        && country.is_none_or(|country| is_two(country, u8::is_ascii_uppercase))
}

fn checked_line(text: &str) -> Result<String, Error> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 200 || text.contains(char::is_control) {
        return Err(Error::Refused(
            "a name and each line of an address has 1 to 200 characters".into(),
        ));
    }
    Ok(text.to_owned())
}

fn checked_logo(bytes: Vec<u8>) -> Result<Picture, Error> {
    if bytes.len() > LARGEST_LOGO {
        return Err(Error::Refused(
            "the logo has more than 256 KiB; make it smaller".into(),
        ));
    }
    Picture::read(bytes)
}

/// Badges issued later carry this profile; what no badge could carry is told now.
fn must_be_sound(profile: &Profile) -> Result<(), Error> {
    let badge = json!({ "issuer": profile });
    let findings: Vec<Finding> = rules::findings(&badge, Rules::OpenBadge)
        .into_iter()
        .filter(|finding| finding.severity == Severity::Error)
        .filter_map(|finding| {
            let pointer = finding.pointer.strip_prefix("/issuer")?.to_owned();
            Some(Finding { pointer, ..finding })
        })
        .collect();
    if findings.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid { findings })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_written_as_the_schema_has_them() {
        for language in ["fr", "br", "fr-FR"] {
            assert!(is_language(language), "{language}");
        }
        for text in ["", "FR", "fra", "fr-fr", "fr-", "fr-FRA", "f", "@value"] {
            assert!(!is_language(text), "{text}");
        }
    }

    #[test]
    fn a_badge_speaks_french_where_it_can() {
        let named = |pairs: &[(&str, &str)]| {
            let of = |(language, name): &(&str, &str)| ((*language).to_owned(), (*name).to_owned());
            let names = Names::Several(pairs.iter().map(of).collect());
            checked_names(names).map(|(name, _)| name).ok()
        };
        let one = named(&[("br", "Bro"), ("fr", "Pays")]);
        assert_eq!(one.as_deref(), Some("Pays"));
        assert_eq!(named(&[("br", "Bro")]).as_deref(), Some("Bro"));
        assert_eq!(named(&[("BR", "Bro")]), None);
        assert_eq!(named(&[]), None);
        assert_eq!(named(&[("br", " ")]), None);
    }
}
