//! `badgeons canonicalize`: the canonical N-Quads of a document, for issuers who debug.

use clap::Args;

use super::input;
use super::outcome::Outcome;
use super::print::{Printer, Tone};
use crate::openbadges::canonical::{self, Limits};
use crate::openbadges::json;

/// Print the canonical N-Quads (RDFC-1.0) of a JSON-LD document, or why there are none
///
/// A credential that carries a proof is canonicalized as it is, proof included; leave the proof out
/// to compare with what eddsa-rdfc-2022 hashes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  badgeons canonicalize badge.json
  badgeons canonicalize --nquads dataset.nq

Exit code 3 when the document is refused; the reason names the place and the term.")]
pub(super) struct Canonicalize {
    /// The document, or - for the standard input
    file: input::Source,

    /// The input is N-Quads already
    #[arg(long)]
    nquads: bool,
}

impl Canonicalize {
    pub(super) fn run(self, printer: &Printer) -> anyhow::Result<Outcome> {
        let bytes = self.file.read(json::MAX_BYTES)?;
        match canonical_form(&bytes, self.nquads) {
            Ok(nquads) => {
                printer.text(&nquads, |text| serde_json::json!({ "canonical": text }))?;
            }
            Err(refusal) => {
                printer.report(&serde_json::json!({ "refused": refusal }), |page, _| {
                    page.line(format_args!("{} {refusal}", Tone::Bad.paint("Refused:")));
                })?;
                return Ok(Outcome::Invalid);
            }
        }
        Ok(Outcome::Done)
    }
}

fn canonical_form(bytes: &[u8], nquads: bool) -> Result<String, String> {
    if nquads {
        let text =
            std::str::from_utf8(bytes).map_err(|error| format!("it is not text: {error}"))?;
        return canonical::canonicalize_nquads(text, &Limits::VERIFY).map_err(|e| e.to_string());
    }
    let document = json::parse(bytes).map_err(|error| format!("it is not sound JSON: {error}"))?;
    canonical::canonicalize(&document, &Limits::VERIFY).map_err(|error| error.to_string())
}
