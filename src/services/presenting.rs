//! A credential as what people keep: JSON, JWT, a PNG or SVG picture that carries it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::str::FromStr;

use serde::Serialize;

use super::picture::png_of;
use super::{Error, Services};
use crate::ids::{AchievementVersionId, CredentialId};
use crate::openbadges::baking::{self, Carrier};
use crate::store::{AchievementVersion, CredentialState, Signed};

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
                let jwt = match form {
                    Form::Jwt("EdDSA") => signed.jwt_eddsa,
                    Form::Jwt("ES256") => signed.jwt_es256,
                    Form::Jwt(_) => None,
                    Form::In(_) => signed.jwt_es256.or(signed.jwt_eddsa),
                };
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
