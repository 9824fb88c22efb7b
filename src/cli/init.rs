//! `badgeons init`: from an empty folder to an installation that can issue.

use clap::Args;

use super::arguments::Place;
use super::outcome::Outcome;
use super::print::{Page, Printer, Tone};
use crate::services::issuers::NewIssuer;
use crate::services::opening::Initialised;

/// Make the data folder, the database, the master key and a first issuer
///
/// What is already there stays as it is. Run again with the same name, it changes nothing; with
/// another name, it adds an issuer.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  badgeons init --issuer \"Territoire apprenant\" --country FR --region Bretagne

Keep a copy of the master key (keys/master.key) somewhere safe and apart from the database: \
without it no badge can be issued, with both anybody can issue in your name.")]
pub(super) struct Init {
    #[command(flatten)]
    issuer: IssuerArguments,
}

/// Who issues, as every badge will say.
#[derive(Debug, Args)]
pub(super) struct IssuerArguments {
    /// Name of the organisation that issues
    #[arg(long = "issuer", value_name = "NAME")]
    name: String,

    /// Its short name in addresses and commands (default: made from the name)
    #[arg(long, value_name = "SLUG")]
    slug: Option<String>,

    /// Its web site
    #[arg(long = "issuer-url", value_name = "URL")]
    url: Option<String>,

    /// Its e-mail address, shown on badges
    #[arg(long = "issuer-email", value_name = "ADDRESS")]
    email: Option<String>,

    /// Its country, as a code of two letters: FR
    #[arg(long, value_name = "CODE")]
    country: Option<String>,

    /// Its region
    #[arg(long, value_name = "NAME")]
    region: Option<String>,

    /// Its SIRET number
    #[arg(long = "issuer-siret", value_name = "NUMBER")]
    siret: Option<String>,
}

impl From<IssuerArguments> for NewIssuer {
    fn from(given: IssuerArguments) -> Self {
        Self {
            name: given.name,
            slug: given.slug,
            url: given.url,
            email: given.email,
            country: given.country,
            region: given.region,
            siret: given.siret,
        }
    }
}

impl Init {
    pub(super) async fn run(self, place: &Place, printer: &Printer) -> anyhow::Result<Outcome> {
        let (_, initialised) = place.initialise(self.issuer.into()).await?;
        printer.report(&initialised, |page, initialised| {
            show(page, initialised, place);
        })?;
        Ok(Outcome::Done)
    }
}

fn show(page: &mut Page, initialised: &Initialised, place: &Place) {
    let made = |made: bool| if made { "made" } else { "was there already" };
    page.line(Tone::Good.paint("Ready to issue."));
    page.gap();
    page.table(&[
        vec![
            "Database".into(),
            made(initialised.database_made).into(),
            initialised.database.clone(),
        ],
        vec![
            "Master key".into(),
            made(initialised.master_key_made).into(),
            initialised.master_key.clone(),
        ],
        vec![
            "Issuer".into(),
            made(initialised.issuer_made).into(),
            format!("{} ({})", initialised.issuer.name, initialised.issuer.slug),
        ],
        vec![
            "Identity".into(),
            String::new(),
            initialised.issuer.id.clone(),
        ],
        vec![
            "Badges".into(),
            String::new(),
            format!("{} to issue", initialised.achievements),
        ],
    ]);
    page.heading("What to do next");
    for what in [
        "achievements list",
        "issue --achievement animateur-fresque --name \"…\" --email …@…",
        "issue --achievement fresques --spreadsheet roster.csv --dry-run",
    ] {
        page.line(format_args!("  {}", place.command(what)));
    }
    if initialised.master_key_made {
        page.gap();
        page.line("Keep a copy of the master key somewhere safe, apart from the database.");
    }
}
