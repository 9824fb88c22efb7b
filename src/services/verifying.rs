//! Is this badge what it says? The core says what it needs to know, this fetches it, the core judges.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::judging::{fetch_need, judged, told};
use super::keys::state_of;
use super::presenting::{Form, Format};
use super::publishing::{controller_document, method_ids};
use super::{Error, Services, World, vc_api};
use crate::config::{Database, Settings};
use crate::ids::CredentialId;
use crate::openbadges::model::Timestamp;
use crate::openbadges::verify::{
    Evidence, Examination, Fetched, LocalIssuer, Presented, Recipient, Registered, Report,
    Standing, examine,
};
use crate::store::{self, Create, Store, Tx};

/// Verifies badges of anybody; knows those of this installation, where there is one.
#[derive(Debug, Clone)]
pub struct Verifier {
    store: Option<Store>,
    trust: Trust,
    world: World,
}

/// How far a verifier believes the database it was opened on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// Somebody named it: its issuers are who it says.
    Named,
    /// It was found where a person happens to be, and whoever sent the badge may have sent it too. It
    /// can take away from a badge, by what it knows as revoked; it can't say whose a key is.
    Found,
}

impl Verifier {
    /// A verifier that needs nothing to be there: no database, no keys. Where there is a database,
    /// its issuers are known.
    pub async fn open(settings: &Settings, world: World, trust: Trust) -> Result<Self, Error> {
        let nothing_there = match &settings.database {
            // A file that can't even be looked for is a fault: without the register a badge that
            // was revoked here would pass.
            Database::Sqlite(path) => !path.try_exists().map_err(Error::internal)?,
            Database::Postgres { .. } => false,
        };
        if nothing_there {
            return Ok(Self {
                store: None,
                trust,
                world,
            });
        }
        let store = Store::open(&settings.database, Create::Never).await?;
        store.require_current().await?;
        Ok(Self {
            store: Some(store),
            trust,
            world,
        })
    }

    /// Whether there is a database it looks into.
    pub fn knows(&self) -> bool {
        self.store.is_some()
    }

    /// Judges a badge: JSON, JWT, PNG or SVG. `recipient` is the e-mail address, DID or URL it should
    /// have been issued to, where somebody asks.
    ///
    /// # Errors
    /// Only our own: a bad badge is a [`Report`] that says so.
    pub async fn verify(&self, bytes: &[u8], recipient: Option<&str>) -> Result<Report, Error> {
        let (_, presented) = read(bytes.to_vec()).await?;
        self.judge(presented, recipient).await
    }

    /// The same for what was read already.
    pub(super) async fn judge(
        &self,
        presented: Presented,
        recipient: Option<&str>,
    ) -> Result<Report, Error> {
        let now = Timestamp::from(self.world.clock.now()).whole_seconds();
        let mut evidence = Evidence::new();
        evidence.recipient = recipient.map(who);
        if let Some(store) = &self.store {
            self.own_knowledge(store, &presented, &mut evidence).await?;
        }
        let judge = move |evidence: &Evidence| {
            let Examination { report, needs } = examine(&presented, evidence, now);
            (report, needs)
        };
        judged(evidence, judge, |need| {
            let fetch = Arc::clone(&self.world.fetch);
            async move { fetch_need(fetch.as_ref(), &need).await }
        })
        .await
    }

    /// What this installation knows: its issuers' keys with their whole story, and whether it issued
    /// this very badge.
    async fn own_knowledge(
        &self,
        store: &Store,
        presented: &Presented,
        evidence: &mut Evidence,
    ) -> Result<(), Error> {
        let mut tx = store.read().await?;
        // What the VC API's issuer signs is anybody's word: it is judged like a stranger's. An
        // identifier that is its key needs nobody to vouch for it.
        let is_told = |row: &store::Issuer| {
            let vouched = self.trust == Trust::Named || row.public_id.starts_with("did:key:");
            vouched && row.slug != vc_api::SLUG && presented.mentions(&row.public_id)
        };
        evidence.issuers = local_issuers(&mut tx, is_told).await?;
        let ours = presented
            .issuer_id()
            .is_some_and(|id| evidence.issuers.contains_key(id));
        if let Some(urn) = presented.credential_id().filter(|_| ours) {
            let registered = match id_of(urn) {
                Some(id) => registered(&mut tx, id).await?,
                None => Registered::Unknown,
            };
            evidence.register.insert(urn.to_owned(), registered);
        }
        Ok(())
    }
}

/// Reads what somebody holds out, off the threads that serve: it may be 16 MiB.
pub(super) async fn read(bytes: Vec<u8>) -> Result<(Vec<u8>, Presented), Error> {
    let reading = move || {
        let presented = Presented::read(&bytes);
        (bytes, presented)
    };
    tokio::task::spawn_blocking(reading)
        .await
        .map_err(Error::internal)
}

/// Issuers of this installation, with their keys and the keys' whole story.
pub(super) async fn local_issuers(
    tx: &mut Tx,
    is_told: impl Fn(&store::Issuer) -> bool,
) -> Result<BTreeMap<String, LocalIssuer>, Error> {
    let mut issuers = BTreeMap::new();
    for row in tx.issuers().await?.into_iter().filter(is_told) {
        let rows = tx.keys(row.id).await?;
        let document = controller_document(&row.public_id, &rows)?;
        let mut keys = BTreeMap::new();
        for key in &rows {
            let names = method_ids(&row.public_id, key)?;
            keys.insert(names.jwk, state_of(key));
            keys.insert(names.multikey, state_of(key));
        }
        issuers.insert(row.public_id, LocalIssuer { document, keys });
    }
    Ok(issuers)
}

/// A badge that somebody holds out.
#[derive(Debug, Clone)]
pub enum Held {
    /// Its bytes.
    Bytes(Vec<u8>),
    /// Where it is.
    At(String),
}

impl Services {
    /// Judges anybody's badge; what is at an address is fetched first, past the guard.
    ///
    /// # Errors
    /// [`Error::Refused`] for an address that is none; a bad badge is a [`Report`] that says so.
    pub async fn verify(&self, held: Held) -> Result<Report, Error> {
        let bytes = self.bytes_of(held).await?;
        self.verifier().verify(&bytes, None).await
    }

    /// What somebody holds out; fetched where it is an address.
    pub(super) async fn bytes_of(&self, held: Held) -> Result<Vec<u8>, Error> {
        match held {
            Held::Bytes(bytes) => Ok(bytes),
            Held::At(address) => self.fetch_badge(&address).await,
        }
    }

    async fn fetch_badge(&self, address: &str) -> Result<Vec<u8>, Error> {
        const ACCEPT: &str = "application/vc, application/vc+ld+json, application/ld+json, \
                              application/vc+jwt, application/jwt, image/png, image/svg+xml, \
                              application/json, text/plain";
        if let Some(id) = self.own_badge(address.trim()) {
            return self.hand_out(id, Form::In(Format::Json), None).await;
        }
        let url = url::Url::parse(address.trim())
            .map_err(|_| Error::Refused("this is no address; write it with its https://".into()))?;
        match told(self.world.fetch.get(&url, ACCEPT).await) {
            Fetched::Document { body, .. } => Ok(body),
            Fetched::Failed { reason } => Err(Error::Refused(format!(
                "nothing could be read at that address: {reason}"
            ))),
        }
    }

    /// The badge at an address of our own: nobody needs to be asked for it.
    fn own_badge(&self, address: &str) -> Option<CredentialId> {
        let name = address.strip_prefix(&self.address("credentials/")?)?;
        name.split('.').next()?.parse().ok()
    }

    /// A verifier that knows this installation.
    pub fn verifier(&self) -> Verifier {
        Verifier {
            store: Some(self.store.clone()),
            trust: Trust::Named,
            world: self.world.clone(),
        }
    }
}

/// What the register says of a badge.
async fn registered(tx: &mut Tx, id: CredentialId) -> Result<Registered, Error> {
    let Some(row) = tx.credential(id).await? else {
        return Ok(Registered::Unknown);
    };
    let standing = match row.standing() {
        store::Standing::Good => Standing::Good,
        store::Standing::Suspended => Standing::Suspended,
        store::Standing::Revoked => Standing::Revoked,
    };
    let Some(signed) = tx.signed(id).await? else {
        return Ok(match row.state {
            store::CredentialState::Erased => Registered::Erased { standing },
            store::CredentialState::Issued => Registered::Unknown,
        });
    };
    let document: Value = serde_json::from_slice(&signed.document).map_err(Error::internal)?;
    let proof_value = document
        .pointer("/proof/proofValue")
        .and_then(Value::as_str);
    let jwts = tx.jwts(id).await?;
    let of_jwts = jwts.iter().filter_map(|jwt| jwt.jwt.rsplit('.').next());
    Ok(Registered::Known {
        recorded: signed.issued_at.into(),
        signatures: proof_value
            .into_iter()
            .chain(of_jwts)
            .map(str::to_owned)
            .collect(),
        standing,
    })
}

/// How a person names a recipient: an e-mail address, with or without `mailto:`, a DID or a URL, else
/// a name.
fn who(recipient: &str) -> Recipient {
    let recipient = recipient.trim();
    let recipient = match recipient.split_at_checked(7) {
        Some((scheme, address)) if scheme.eq_ignore_ascii_case("mailto:") => address,
        _ => recipient,
    };
    let is_id = recipient.starts_with("did:")
        || recipient.starts_with("urn:")
        || recipient.starts_with("https://")
        || recipient.starts_with("http://");
    if is_id {
        return Recipient::Id(recipient.into());
    }
    let kind = if recipient.contains('@') {
        "emailAddress"
    } else {
        "name"
    };
    Recipient::Identifier {
        kind: kind.into(),
        value: recipient.into(),
    }
}

/// Our credentials are named by an address that ends in their identifier, or by its URN.
pub(super) fn id_of(id: &str) -> Option<CredentialId> {
    id.rsplit('/').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_names_a_recipient_in_many_ways() {
        for id in ["did:key:z6Mk", "urn:uuid:1", "https://a.example/me"] {
            assert_eq!(who(id), Recipient::Id(id.into()));
        }
        let identifier = |kind: &str, value: &str| Recipient::Identifier {
            kind: kind.into(),
            value: value.into(),
        };
        for address in [
            "a@example.org",
            " a@example.org ",
            "mailto:a@example.org",
            "MAILTO:a@example.org",
        ] {
            assert_eq!(who(address), identifier("emailAddress", "a@example.org"));
        }
        assert_eq!(who("Maëlle"), identifier("name", "Maëlle"));
    }
}
