//! `badgeons keys`: the life of the keys an issuer signs with.

use clap::Subcommand;

use super::arguments::{DateArgument, Place};
use super::outcome::Outcome;
use super::print::{Page, Printer, Tone};
use crate::services::keys::KeySummary;

/// List, rotate and retire signing keys, or say that one was stolen
#[derive(Debug, Subcommand)]
pub(super) enum Keys {
    /// List the keys of an issuer
    #[command(after_help = "Example:\n  badgeons keys list")]
    List {
        /// The issuer's short name (needed where there are several)
        #[arg(long, value_name = "SLUG")]
        issuer: Option<String>,
    },
    /// Make new keys and sign with them from now on; badges signed before stay valid
    #[command(after_help = "Example:\n  badgeons keys rotate --issuer territoire-apprenant")]
    Rotate {
        /// The issuer's short name (needed where there are several)
        #[arg(long, value_name = "SLUG")]
        issuer: Option<String>,
    },
    /// Sign no more with a key; what it signed stays valid (the key that signs badges and status lists is
    /// rotated instead)
    #[command(after_help = "\
Example:
  badgeons keys retire 6ba7b810-9dad-41d1-80b4-00c04fd430c8")]
    Retire {
        /// The key's identifier, as `keys list` shows it
        key: String,
    },
    /// Say since when somebody else may have held a key: what was signed after is not valid
    #[command(after_help = "\
Example:
  badgeons keys compromised 6ba7b810-9dad-41d1-80b4-00c04fd430c8 \\
      --since 2026-11-20

A new key takes its place at once, unless the issuer's identity is its key (did:key). It can't be
undone, only dated earlier.")]
    Compromised {
        /// The key's identifier, as `keys list` shows it
        key: String,
        /// The day (its first second, UTC) or the instant since which it can't be trusted
        #[arg(long, value_name = "DATE")]
        since: DateArgument,
    },
}

impl Keys {
    pub(super) async fn run(self, place: &Place, printer: &Printer) -> anyhow::Result<Outcome> {
        let services = place.services().await?;
        let keys = match self {
            Self::List { issuer } => services.keys(issuer.as_deref()).await?,
            Self::Rotate { issuer } => services.rotate_keys(issuer.as_deref()).await?,
            Self::Retire { key } => services.retire_key(&key).await?,
            Self::Compromised { key, since } => services.key_compromised(&key, since.0).await?,
        };
        printer.report(&keys, |page, keys| show(page, keys))?;
        Ok(Outcome::Done)
    }
}

fn show(page: &mut Page, keys: &[KeySummary]) {
    let mut rows = vec![vec![
        Tone::Strong.paint("Key"),
        Tone::Strong.paint("Signs"),
        Tone::Strong.paint("State"),
        Tone::Strong.paint("Public key"),
    ]];
    rows.extend(keys.iter().map(|key| {
        vec![
            key.id.to_string(),
            key.algorithm.clone(),
            key.state_in_words(),
            key.public.clone(),
        ]
    }));
    page.table(&rows);
}
