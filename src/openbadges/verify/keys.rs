//! Finding the key that a proof or a JWT names, and whose it is.
//!
//! A key counts as the issuer's when the issuer's own document lists it for assertions, or when the
//! server that is the issuer's identifier hands it out. What a badge says of its own keys counts
//! for nothing: not the controller in a stranger's file, not a key written into a fragment, not a
//! `jwk` in a JWT header (conformance §4.3.2, §4.4.3).

use serde_json::Value;
use url::Url;

use super::needs::{Absent, Desk, Purpose, shown};
use super::report::Doubt;
use crate::openbadges::did::{self, Did, DidUrl, MethodError, Resolution, find_method};
use crate::openbadges::keys::{KeyError, KeyState, PublicKey};
use crate::openbadges::proof::jws::Header;

/// Keys of an issuer's document compared with an inline key, at most.
const MAX_METHODS: usize = 32;

/// A key, and how far it is known to be the issuer's.
#[derive(Debug, Clone)]
pub(super) struct FoundKey {
    pub(super) key: PublicKey,
    /// The verification method, as the badge names it; none for a key inside a JWT header.
    pub(super) id: Option<String>,
    pub(super) owner: Owner,
    pub(super) state: KeyState,
}

/// Whose a key is, as far as can be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Owner {
    /// The issuer's.
    Issuer,
    /// Somebody else's.
    Other(String),
    /// Nothing ties the key to the issuer; failing when the issuer publishes other keys than this.
    Unestablished(Doubt),
}

impl From<Absent> for Doubt {
    fn from(absent: Absent) -> Self {
        Self::unknown(format_args!("the key could not be looked up: {absent}"))
    }
}

impl From<MethodError> for Doubt {
    fn from(error: MethodError) -> Self {
        let unsupported = matches!(
            error,
            MethodError::NoKey { .. }
                | MethodError::Key(KeyError::UnknownMulticodec | KeyError::UnsupportedJwk { .. })
        );
        if unsupported {
            Self::unknown(shown(&error.to_string()))
        } else {
            Self::fails(shown(&error.to_string()))
        }
    }
}

/// The key of a verification method (a DID URL or a web address) that `issuer` should have signed
/// with.
pub(super) fn of_method(
    method: &str,
    issuer: &str,
    desk: &mut Desk<'_>,
) -> Result<FoundKey, Doubt> {
    let holder = without_fragment(method);
    let document = document_of(holder, desk)?;
    let found = find_method(&document, method, did::Purpose::AssertionMethod)?;
    let holder_is_issuer = holder == issuer && identifies(&document, issuer);
    let owner = match found.controller.as_deref() {
        Some(controller) if controller != issuer => Owner::Other(controller.to_owned()),
        Some(_) if found.listed && holder_is_issuer => Owner::Issuer,
        // A file that is only a key can name any controller, so its server must be the issuer's, or
        // the issuer's own document must know it.
        _ if same_server(holder, issuer) => Owner::Issuer,
        _ => match document_of(issuer, desk) {
            Ok(own) if did::document::lists(&own, method, did::Purpose::AssertionMethod) => {
                Owner::Issuer
            }
            Ok(_) => Owner::Unestablished(Doubt::fails(
                "the issuer's own document does not know this key",
            )),
            Err(doubt) => Owner::Unestablished(doubt),
        },
    };
    // Our own register knows more than any document: when the key was retired, or got lost.
    let known = desk
        .evidence
        .issuers
        .get(holder)
        .and_then(|local| local.keys.get(method));
    let state = known.copied().unwrap_or_else(|| found.state());
    Ok(FoundKey {
        key: found.key,
        id: Some(method.to_owned()),
        owner,
        state,
    })
}

/// The key of a JWT, from its header.
pub(super) fn of_header(
    header: &Header,
    issuer: &str,
    desk: &mut Desk<'_>,
) -> Result<FoundKey, Doubt> {
    match (&header.kid, &header.jwk) {
        (Some(kid), _) => {
            let is_address = kid.starts_with("did:") || Url::parse(kid).is_ok();
            // A bare name is one of the issuer's own keys; nothing else could be meant.
            let method = if is_address {
                kid.clone()
            } else {
                format!("{issuer}#{}", kid.trim_start_matches('#'))
            };
            of_method(&method, issuer, desk)
        }
        (None, Some(key)) => Ok(of_inline(key, issuer, desk)),
        (None, None) => Err(Doubt::fails(
            "its header names no key: it has neither kid nor jwk",
        )),
    }
}

/// A key that came with the badge: anybody can bring one, so it counts only if the issuer's own
/// document, or its server's key set, has the same.
fn of_inline(key: &PublicKey, issuer: &str, desk: &mut Desk<'_>) -> FoundKey {
    let found = |id: Option<String>, owner, state| FoundKey {
        key: key.clone(),
        id,
        owner,
        state,
    };
    let document = match document_of(issuer, desk) {
        Ok(document) => document,
        // While a document is on its way, nothing else is asked for.
        Err(doubt) => return found(None, Owner::Unestablished(doubt), KeyState::Active),
    };
    if let Some((id, state)) = method_with(&document, key) {
        let known = desk
            .evidence
            .issuers
            .get(issuer)
            .and_then(|local| local.keys.get(&id));
        let state = known.copied().unwrap_or(state);
        return found(Some(id), Owner::Issuer, state);
    }
    let publishes_keys = document
        .get(did::Purpose::AssertionMethod.as_str())
        .is_some();
    let owner = match key_set_of(issuer, desk) {
        Ok(set) if key_set_has(&set, key, issuer) => Owner::Issuer,
        _ if publishes_keys => Owner::Unestablished(Doubt::fails(
            "the issuer publishes its keys, and this one is not among them",
        )),
        Ok(_) => Owner::Unestablished(Doubt::unknown("the issuer does not publish this key")),
        Err(doubt) => Owner::Unestablished(doubt),
    };
    found(None, owner, KeyState::Active)
}

/// The method of an issuer's document that has this very key for assertions.
fn method_with(document: &Value, key: &PublicKey) -> Option<(String, KeyState)> {
    let purpose = did::Purpose::AssertionMethod;
    let listed = document.get(purpose.as_str())?.as_array()?;
    listed.iter().take(MAX_METHODS).find_map(|entry| {
        let id = entry.as_str().or_else(|| entry.get("id")?.as_str())?;
        let own_id = document.get("id")?.as_str()?;
        let id = if id.starts_with('#') {
            format!("{own_id}{id}")
        } else {
            id.to_owned()
        };
        let method = find_method(document, &id, purpose).ok()?;
        (method.key == *key && method.listed).then(|| (id, method.state()))
    })
}

fn key_set_has(set: &Value, key: &PublicKey, issuer: &str) -> bool {
    let keys = set.get("keys").and_then(Value::as_array);
    keys.into_iter().flatten().take(MAX_METHODS).any(|jwk| {
        jwk.get("iss").and_then(Value::as_str) == Some(issuer)
            && PublicKey::from_jwk(jwk).is_ok_and(|found| found == *key)
    })
}

/// The key set that the implementation guide puts on an issuer's server.
fn key_set_of(issuer: &str, desk: &mut Desk<'_>) -> Result<Value, Doubt> {
    let address = server_of(issuer)
        .and_then(|server| server.join("/.well-known/jwks.json").ok())
        .ok_or_else(|| Doubt::unknown("the issuer's identifier is no web address"))?;
    Ok(desk.json(address.as_str(), Purpose::Key)?)
}

/// The document of an issuer or key holder: our own, the one its DID is, or the one at its address.
fn document_of(holder: &str, desk: &mut Desk<'_>) -> Result<Value, Doubt> {
    if let Some(local) = desk.evidence.issuers.get(holder) {
        return Ok(local.document.clone());
    }
    let address = if holder.starts_with("did:") {
        let did: Did = holder.parse().map_err(Doubt::fails)?;
        match did::resolve(&did) {
            Ok(Resolution::Document(document)) => return Ok(document),
            Ok(Resolution::Fetch(url)) => url.to_string(),
            Err(error @ did::ResolveError::UnknownMethod { .. }) => {
                return Err(Doubt::unknown(error));
            }
            Err(error) => return Err(Doubt::fails(error)),
        }
    } else {
        holder.to_owned()
    };
    let document = desk.json(&address, Purpose::Key)?;
    // DID Core §7.1: a document answers for its own identifier and no other.
    if holder.starts_with("did:") && !identifies(&document, holder) {
        return Err(Doubt::fails(
            "the document found at the issuer's address belongs to another identifier",
        ));
    }
    Ok(document)
}

fn identifies(document: &Value, id: &str) -> bool {
    document.get("id").and_then(Value::as_str) == Some(id)
}

fn without_fragment(id: &str) -> &str {
    id.split('#').next().unwrap_or(id)
}

/// The server an identifier stands on: of a web address, or of a did:web.
fn server_of(id: &str) -> Option<Url> {
    if let Ok(url) = id.parse::<DidUrl>() {
        return did::web::document_url(url.did()).ok();
    }
    Url::parse(id).ok().filter(|url| url.scheme() == "https")
}

fn same_server(one: &str, other: &str) -> bool {
    match (server_of(one), server_of(other)) {
        (Some(one), Some(other)) => one.origin() == other.origin(),
        _ => false,
    }
}
