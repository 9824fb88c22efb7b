//! `badgeons holders`: the links of those who hold badges, and what they ask for.

use clap::Subcommand;
use serde::Serialize;

use super::arguments::Place;
use super::outcome::Outcome;
use super::print::{Page, Printer, Tone};
use crate::services::holders::Asked;

/// The links of those who hold badges, and what they ask for
#[derive(Debug, Subcommand)]
pub(super) enum Holders {
    /// Show the holder's own link to a badge
    ///
    /// Whoever has it decides about the badge: who sees its page, whether it is erased. Send it to its
    /// holder, and to nobody else.
    #[command(after_help = "\
Example:
  badgeons holders link 6ba7b810-9dad-41d1-80b4-00c04fd430c8")]
    Link {
        /// The badge's identifier, as `issue` and `verify` show it
        #[arg(value_name = "ID")]
        credential: String,

        /// Make a new one; those before it open nothing any more
        #[arg(long)]
        replace: bool,
    },
    /// List what holders ask for, the oldest first
    #[command(after_help = "\
Example:
  badgeons holders requests")]
    Requests {
        /// The issuer's short name; needed only where there are several
        #[arg(long, value_name = "SLUG")]
        issuer: Option<String>,
    },
    /// Take a request away, since it is answered
    #[command(after_help = "\
Example:
  badgeons holders answered 6ba7b810-9dad-41d1-80b4-00c04fd430c8 name")]
    Answered {
        /// The badge's identifier
        #[arg(value_name = "ID")]
        credential: String,

        /// What was asked for
        #[arg(value_parser = ["name", "erasure"])]
        kind: String,
    },
}

#[derive(Debug, Serialize)]
struct Told {
    url: String,
}

impl Holders {
    pub(super) async fn run(self, place: &Place, printer: &Printer) -> anyhow::Result<Outcome> {
        let services = place.services().await?;
        match self {
            Self::Link {
                credential,
                replace,
            } => {
                let link = services.holder_link(&credential, replace).await?;
                let path = format!("/holders/{link}");
                let public = services.settings().public_url.as_ref();
                let url = public.map_or_else(|| path.clone(), |public| public.join(&path));
                printer.report(&Told { url }, |page, told| page.line(&told.url))?;
            }
            Self::Requests { issuer } => {
                let asked = services.holder_requests(issuer.as_deref()).await?;
                printer.report(&asked, |page, asked| show(page, asked))?;
            }
            Self::Answered { credential, kind } => {
                services.answer_holder_request(&credential, &kind).await?;
                printer.report(&credential, |page, _| page.line("Taken away."))?;
            }
        }
        Ok(Outcome::Done)
    }
}

fn show(page: &mut Page, asked: &[Asked]) {
    if asked.is_empty() {
        page.line("Nobody asks for anything.");
    }
    for it in asked {
        let what = match it.kind {
            "name" => "asks that their name be written",
            _ => "asks for erasure",
        };
        page.line(format_args!(
            "{}  {}  {what}: {}",
            it.made_at,
            Tone::Strong.paint(it.credential),
            it.text.as_deref().unwrap_or("–")
        ));
    }
}
