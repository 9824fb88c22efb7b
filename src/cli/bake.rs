//! `badgeons bake` and `unbake`: a credential into a picture, and out of it again.

use std::path::PathBuf;

use clap::Args;

use super::input::Source;
use super::outcome::{Outcome, WrongUse};
use super::output;
use super::print::remark;
use crate::openbadges::baking::{self, Baked};
use crate::openbadges::json;
use crate::openbadges::verify::Presented;

/// The largest picture read, in bytes.
const MAX_PICTURE: usize = 16 * 1024 * 1024;

/// Put a signed badge into a PNG or SVG picture
///
/// The picture's pixels stay as they are. A badge that was in it before is replaced.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  badgeons bake badge.json --image logo.png --out badge.png
  badgeons bake badge.jwt --image logo.svg > badge.svg")]
pub(super) struct Bake {
    /// The signed badge, JSON or JWT, or - for the standard input
    credential: Source,

    /// The picture, PNG or SVG
    #[arg(long, value_name = "FILE")]
    image: Source,

    /// Where to write the picture (default: the standard output)
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Take the signed badge out of a PNG or SVG picture, byte for byte
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  badgeons unbake badge.png
  badgeons unbake badge.svg --out badge.json

Exit code 3 when the picture holds no badge.")]
pub(super) struct Unbake {
    /// The picture, or - for the standard input
    image: Source,

    /// Where to write the badge (default: the standard output)
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Bake {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        let credential = self.credential.read(json::MAX_BYTES)?;
        // What is not a badge is not put into a picture that says it holds one.
        if Presented::read(&credential).credential_id().is_none() {
            return Err(WrongUse(format!(
                "{} holds no badge; give its JSON or its JWT",
                self.credential
            ))
            .into());
        }
        let payload = std::str::from_utf8(&credential).map_err(|_| {
            WrongUse(format!(
                "{} is not text; give the JSON or the JWT",
                self.credential
            ))
        })?;
        let image = self.image.read(MAX_PICTURE)?;
        let baked = baking::bake(&image, payload.trim())
            .map_err(|reason| WrongUse(format!("{} can't hold a badge: {reason}", self.image)))?;
        output::write(self.out.as_deref(), &baked)?;
        Ok(Outcome::Done)
    }
}

impl Unbake {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        let image = self.image.read(MAX_PICTURE)?;
        let found = baking::unbake(&image)
            .map_err(|reason| WrongUse(format!("{} can't be read: {reason}", self.image)))?;
        let Some(Baked::Credential(payload) | Baked::OpenBadges2(payload)) = found else {
            remark(format_args!(
                "{} holds no badge. Phones and chat programs often take it out when they share \
                     a picture; ask for the original file.",
                self.image
            ));
            return Ok(Outcome::Invalid);
        };
        output::write(self.out.as_deref(), payload.as_bytes())?;
        Ok(Outcome::Done)
    }
}
