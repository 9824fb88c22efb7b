//! `badgeons tokens`: who may call the API.

use clap::Subcommand;

use super::arguments::{DateArgument, Place};
use super::outcome::Outcome;
use super::print::{Page, Printer, Tone, remark};
use crate::services::access::{NewToken, Scope, TokenSummary};

/// Make, list and revoke access tokens for the API
#[derive(Debug, Subcommand)]
pub(super) enum Tokens {
    /// Make a token, and show it this once
    #[command(after_help = "\
Examples:
  badgeons tokens create --name \"Inscriptions en ligne\" \\
      --scope credentials:issue --scope credentials:read
  badgeons tokens create --name \"Exploitation\" --scope operator

Scopes: achievements:write, credentials:issue, credentials:revoke, credentials:read, batches:write,
issuer:admin; operator for whoever runs the installation (reaches every issuer).")]
    Create {
        /// What it is called, in lists and in the audit log; name no person in it
        #[arg(long)]
        name: String,
        /// What it may do; may be repeated
        #[arg(long = "scope", required = true, value_name = "SCOPE")]
        scopes: Vec<Scope>,
        /// When it ends (default: never)
        #[arg(long, value_name = "DATE")]
        expires: Option<DateArgument>,
        /// The issuer's short name (needed where there are several)
        #[arg(long, value_name = "SLUG")]
        issuer: Option<String>,
    },
    /// List the tokens that people made, without their secrets
    #[command(after_help = "Example:\n  badgeons tokens list")]
    List {
        /// Only those of the issuer of this short name
        #[arg(long, value_name = "SLUG")]
        issuer: Option<String>,
    },
    /// Revoke a token; whoever holds it is refused from then on
    #[command(
        after_help = "Example:\n  badgeons tokens revoke 6ba7b810-9dad-41d1-80b4-00c04fd430c8"
    )]
    Revoke {
        /// The token's identifier, as `tokens list` shows it
        #[arg(value_name = "ID")]
        token: String,
    },
}

impl Tokens {
    pub(super) async fn run(self, place: &Place, printer: &Printer) -> anyhow::Result<Outcome> {
        let services = place.services().await?;
        match self {
            Self::Create {
                name,
                scopes,
                expires,
                issuer,
            } => {
                let new = NewToken {
                    name,
                    scopes,
                    expires_at: expires.map(|date| date.0),
                };
                let made = services.create_token(issuer.as_deref(), new).await?;
                // Beside the token, so that a script can take what is printed as it is.
                remark(
                    "This is the token. Copy it now: it is kept nowhere and is not shown again.\n\
                     Whoever has it can do what it may do; hand it over as you would a password.",
                );
                printer.report(&made, |page, made| page.line(&made.token))?;
            }
            Self::List { issuer } => {
                let tokens = services.tokens(issuer.as_deref()).await?;
                printer.report(&tokens, |page, tokens| list(page, tokens))?;
            }
            Self::Revoke { token } => {
                services.revoke_token(&token).await?;
                let told = serde_json::json!({ "revoked": token });
                printer.report(&told, |page, _| page.line(Tone::Good.paint("Revoked.")))?;
            }
        }
        Ok(Outcome::Done)
    }
}

fn list(page: &mut Page, tokens: &[TokenSummary]) {
    let mut rows = vec![
        ["Token", "Name", "Issuer", "May", "State"]
            .map(|heading| Tone::Strong.paint(heading))
            .to_vec(),
    ];
    rows.extend(tokens.iter().map(|token| {
        let scopes: Vec<_> = token.scopes.iter().map(|scope| scope.as_str()).collect();
        let state = match (token.revoked_at, token.expires_at) {
            (Some(at), _) => format!("revoked {at}"),
            (None, Some(at)) => format!("until {at}"),
            (None, None) => "holds".into(),
        };
        vec![
            token.id.to_string(),
            token.name.clone(),
            token.issuer.clone().unwrap_or_else(|| "all".into()),
            scopes.join(" "),
            state,
        ]
    }));
    page.table(&rows);
}
