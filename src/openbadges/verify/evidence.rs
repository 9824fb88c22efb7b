//! What is known besides the badge itself: documents somebody fetched, and what this installation
//! knows of its own issuers and badges.

use std::collections::BTreeMap;

use serde_json::Value;
use url::Url;

use crate::openbadges::keys::KeyState;
use crate::openbadges::model::Timestamp;

/// A document as its server sent it, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// The document.
    Document {
        /// Its media type, in lower case and without parameters; empty if the server named none.
        media_type: String,
        /// Its bytes.
        body: Vec<u8>,
    },
    /// It could not be had.
    Failed {
        /// Why, as a clause: “the server cannot be reached”.
        reason: String,
    },
}

/// An issuer of this installation. Its document is not asked for on the network.
#[derive(Debug, Clone, PartialEq)]
pub struct LocalIssuer {
    /// The document that lists its keys: what the network would be given.
    pub document: Value,
    /// Where each key is in its life, under every id the document lists it by (a key has one as a
    /// Multikey, one as a JWK). A key that is not named is in the state its document gives it.
    pub keys: BTreeMap<String, KeyState>,
}

/// What this installation's own register says of a badge that one of its issuers may have issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Registered {
    /// It was issued here.
    Known {
        /// When it was recorded, by our own clock: a thief who holds a key can write any date into
        /// a proof, but not into our register.
        recorded: Timestamp,
        /// Its signatures in each form it was issued in: the `proofValue` of a proof, the third
        /// part of a JWS. Another badge under the same id has others.
        signatures: Vec<String>,
        /// Whether it still stands. What a status list of ours would tell is drawn from the register,
        /// so the list itself is not asked for.
        standing: Standing,
    },
    /// It was issued here, and what it said was erased since: its signatures are not known any more.
    Erased {
        /// Whether it still stands.
        standing: Standing,
    },
    /// There is no such badge in the register.
    Unknown,
}

/// Whether a badge of this installation still stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    Good,
    /// Withdrawn for a time.
    Suspended,
    /// Withdrawn for good.
    Revoked,
}

/// Whom the badge should belong to.
#[derive(Clone, PartialEq, Eq)]
pub enum Recipient {
    /// An identifier: a DID or URL, compared with `credentialSubject.id`.
    Id(String),
    /// Another kind of identifier, compared with `credentialSubject.identifier`; an e-mail address
    /// also with a `mailto:` that is the subject's id.
    Identifier {
        /// The kind as Open Badges names it: `emailAddress`, `name` …
        kind: String,
        /// The identifier in clear.
        value: String,
    },
}

impl std::fmt::Debug for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Id(_) => "Id(..)",
            Self::Identifier { .. } => "Identifier(..)",
        })
    }
}

/// Everything that is known besides the badge.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evidence {
    documents: BTreeMap<Url, Fetched>,
    /// Issuers of this installation, by their ids.
    pub issuers: BTreeMap<String, LocalIssuer>,
    /// What the register says of badges, by their ids. A badge that is not named was not looked up.
    pub register: BTreeMap<String, Registered>,
    /// Whom the badge should belong to, if somebody asks.
    pub recipient: Option<Recipient>,
}

impl Evidence {
    /// Nothing known: enough for badges signed with a `did:key` and without status.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds what came of fetching a [`Need`](super::Need); a fragment is no part of the address.
    pub fn insert(&mut self, url: &Url, fetched: Fetched) {
        self.documents
            .insert(without_fragment(url.clone()), fetched);
    }

    /// What the register says of a badge; none unless an issuer of this installation issued it.
    pub(super) fn registered(&self, id: Option<&str>, issuer: &str) -> Option<&Registered> {
        self.issuers.get(issuer)?;
        self.register.get(id?)
    }

    pub(super) fn get(&self, url: &Url) -> Option<&Fetched> {
        self.documents.get(url)
    }
}

pub(super) fn without_fragment(mut url: Url) -> Url {
    url.set_fragment(None);
    url
}
