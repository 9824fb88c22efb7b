//! A credential as what people keep: JSON, JWT, a PNG or SVG picture that carries it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::str::FromStr;

use serde::Serialize;

use super::issuers::Issuer;
use super::picture::png_of;
use super::{Error, Services, slug};
use crate::ids::{AchievementVersionId, CredentialId};
use crate::openbadges::baking::{self, Carrier};
use crate::store::{AchievementVersion, CredentialState, JwtAlgorithm, Signed};

/// A form in which a badge is handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// The credential with its embedded proof.
    Json,
    /// The credential as a JWT: ES256 where the issuer's identity lists such a key (most verifiers
    /// read it), EdDSA otherwise.
    Jwt,
    /// The badge's picture as PNG, with the JSON inside.
    Png,
    /// The badge's picture as SVG, with the JSON inside.
    Svg,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Json, Self::Jwt, Self::Png, Self::Svg];

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/vc",
            Self::Jwt => "application/vc+jwt",
            Self::Png => "image/png",
            Self::Svg => "image/svg+xml",
        }
    }

    /// As a file name ends.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Jwt => "jwt",
            Self::Png => "png",
            Self::Svg => "svg",
        }
    }
}

impl FromStr for Format {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|format| format.extension() == text.to_ascii_lowercase())
            .ok_or_else(|| Error::Refused(format!("“{text}” is none of json, jwt, png and svg")))
    }
}

/// Under which name a badge is kept as a file, below a folder: `BADGE/NAME-xxxxxxxx.png`, the recipient's
/// name, so that the organiser finds it, and the end of the badge's identifier. The beginning would not
/// do: badges that are issued together begin alike.
pub fn file_name(achievement: &str, recipient: &str, id: CredentialId, format: Format) -> String {
    let name = slug::of_name(recipient).unwrap_or_else(|| "badge".into());
    let id = id.0.simple().to_string();
    let end = id.get(id.len().saturating_sub(8)..).unwrap_or(&id);
    format!("{achievement}/{name}-{end}.{}", format.extension())
}

/// A form to hand a badge out in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form<'a> {
    /// One of the four.
    In(Format),
    /// A JWT of that algorithm, `EdDSA` or `ES256`.
    Jwt(&'a str),
}

/// A picture of a badge in both forms, drawn once for many.
#[derive(Debug, Default)]
pub struct Pictures(BTreeMap<AchievementVersionId, Drawn>);

#[derive(Debug)]
struct Drawn {
    png: Vec<u8>,
    svg: Option<Vec<u8>>,
}

impl Services {
    /// A badge in some form, from the very bytes that were signed.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] for a form the badge does not have.
    pub async fn present(
        &self,
        id: CredentialId,
        format: Format,
        pictures: &mut Pictures,
    ) -> Result<Vec<u8>, Error> {
        let signed = self.store.glance().await?.signed(id).await?;
        match signed {
            Some(signed) => self.formed(id, signed, Form::In(format), pictures).await,
            None => Err(self.missing(id).await?),
        }
    }

    /// What was signed, in some form.
    pub(super) async fn formed(
        &self,
        id: CredentialId,
        signed: Signed,
        form: Form<'_>,
        pictures: &mut Pictures,
    ) -> Result<Vec<u8>, Error> {
        let not_found = || Error::not_found("badge", id.to_string());
        match form {
            Form::In(Format::Json) => Ok(signed.document),
            Form::In(Format::Jwt) | Form::Jwt(_) => {
                let algorithms: &[JwtAlgorithm] = match form {
                    Form::Jwt("EdDSA") => &[JwtAlgorithm::EdDsa],
                    Form::Jwt("ES256") => &[JwtAlgorithm::Es256],
                    Form::Jwt(_) => &[],
                    Form::In(_) => &[JwtAlgorithm::Es256, JwtAlgorithm::EdDsa],
                };
                let jwt = self.jwt(id, &signed.document, algorithms).await?;
                Ok(jwt.ok_or_else(|| no_form(Format::Jwt))?.into_bytes())
            }
            Form::In(format @ (Format::Png | Format::Svg)) => {
                let mut tx = self.store.read().await?;
                let row = tx.credential(id).await?.ok_or_else(not_found)?;
                let drawn = match pictures.0.entry(row.achievement_version_id) {
                    Entry::Occupied(drawn) => drawn.into_mut(),
                    Entry::Vacant(place) => {
                        let version = tx.achievement_version(row.achievement_version_id).await?;
                        place.insert(draw(&version.ok_or_else(not_found)?)?)
                    }
                };
                let picture = match format {
                    Format::Png => &drawn.png,
                    _ => drawn.svg.as_ref().ok_or_else(|| no_form(format))?,
                };
                let payload = std::str::from_utf8(&signed.document).map_err(Error::internal)?;
                baking::bake(picture, payload).map_err(Error::internal)
            }
        }
    }

    /// The badge as a JWT of the first of these algorithms that it has; signed when it is first asked for,
    /// with the key its issuer has now, and then kept.
    async fn jwt(
        &self,
        id: CredentialId,
        document: &[u8],
        algorithms: &[JwtAlgorithm],
    ) -> Result<Option<String>, Error> {
        let mut tx = self.store.read().await?;
        let known = tx.jwts(id).await?;
        for algorithm in algorithms {
            if let Some(jwt) = known.iter().find(|jwt| jwt.algorithm == *algorithm) {
                return Ok(Some(jwt.jwt.clone()));
            }
        }
        let row = tx.credential(id).await?;
        let row = row.ok_or_else(|| Error::not_found("badge", id.to_string()))?;
        let issuer = tx.issuer(row.issuer_id).await?;
        let issuer = issuer.ok_or_else(|| Error::internal("a badge has no issuer"))?;
        drop(tx);
        let desk = self.desk(&Issuer::from_row(&issuer)?).await?;
        let (document, algorithms) = (document.to_vec(), algorithms.to_vec());
        let signing = tokio::task::spawn_blocking(move || {
            let mut signed = algorithms.iter().map(|it| desk.jwt(&document, *it));
            signed.find_map(Result::transpose).transpose()
        });
        let Some(jwt) = signing.await.map_err(Error::internal)?? else {
            return Ok(None);
        };
        let mut tx = self.store.write().await?;
        if tx.insert_jwt(id, &jwt).await? {
            self.audit(&mut tx, "credential.jwt", "credential", Some(id.0))
                .await?;
            tx.commit().await?;
            return Ok(Some(jwt.jwt));
        }
        drop(tx);
        // Somebody else asked for it at the same time, and theirs is kept; or it was erased.
        let kept = self.store.glance().await?.jwts(id).await?;
        let kept = kept
            .into_iter()
            .find(|kept| kept.algorithm == jwt.algorithm);
        match kept {
            Some(kept) => Ok(Some(kept.jwt)),
            None => Err(self.missing(id).await?),
        }
    }

    /// Why nothing signed is there: it was erased, or never issued.
    pub(super) async fn missing(&self, id: CredentialId) -> Result<Error, Error> {
        let row = self.store.glance().await?.credential(id).await?;
        Ok(match row {
            Some(row) if row.state == CredentialState::Erased => Error::Gone {
                what: "badge",
                id: id.to_string(),
            },
            _ => Error::not_found("badge", id.to_string()),
        })
    }
}

fn draw(version: &AchievementVersion) -> Result<Drawn, Error> {
    let Some(image) = &version.image else {
        return Err(Error::Conflict(
            "this badge has no picture to bake it into; publish it again with one (image, or --image)".into(),
        ));
    };
    match Carrier::detect(image) {
        Some(Carrier::Png) => Ok(Drawn {
            png: image.clone(),
            svg: None,
        }),
        Some(Carrier::Svg) => {
            let png = png_of(image).map_err(Error::internal)?;
            Ok(Drawn {
                png,
                svg: Some(image.clone()),
            })
        }
        None => Err(Error::internal("a stored picture is neither PNG nor SVG")),
    }
}

fn no_form(format: Format) -> Error {
    Error::Conflict(format!(
        "this badge has no {} form",
        format.extension().to_uppercase()
    ))
}
