//! Finding the key that a proof or a JWT names, and whose it is.
//!
//! A key counts as the issuer's when the issuer's own document lists it for assertions, or the key
//! set of the issuer's server does. What a badge says of its own keys counts for nothing: not the
//! controller in another's file, not a key written into a fragment, not a `jwk` in a JWT header
//! (conformance §4.3.2, §4.4.3).
//!
//! Many https issuers publish a profile and no keys, and their key is a file beside it (§2.12). It
//! counts with a reservation, [`Owner::ItsServer`]: one server may serve many, and not every file
//! on it is its operator's.

use serde_json::Value;
use url::Url;

use super::needs::{Absent, Desk, Purpose, shown};
use super::report::Doubt;
use crate::openbadges::did::{
    self, Did, DidUrl, MethodError, Resolution, VerificationMethod, find_method,
};
use crate::openbadges::keys::{KeyError, KeyState, PublicKey};
use crate::openbadges::model::many::items;
use crate::openbadges::proof::jws::Header;

/// Where the implementation guide puts the key set of a server.
const KEY_SET: &str = "/.well-known/jwks.json";

/// Keys of an issuer's document compared with an inline key, at most.
const MAX_METHODS: usize = 32;

/// A key, and how far it is known to be the issuer's.
#[derive(Debug, Clone)]
pub(super) struct FoundKey {
    pub(super) key: PublicKey,
    /// The verification method, as the badge names it; none for a key inside a JWT header.
    pub(super) id: Option<String>,
    /// Whether the badge names it by its DID alone, where the standards ask for the key's own name.
    pub(super) is_named_short: bool,
    pub(super) owner: Owner,
    pub(super) state: KeyState,
}

/// A key that its controller's own document lists.
#[derive(Debug, Clone)]
pub(super) struct Controlled {
    pub(super) key: PublicKey,
    pub(super) controller: String,
    pub(super) state: KeyState,
}

/// Whose a key is, as far as can be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Owner {
    /// The issuer's, which names it.
    Issuer,
    /// That of whoever can put files on the server of an issuer that names no keys.
    ItsServer,
    /// Somebody else's.
    Other(String),
    /// Nothing ties the key to the issuer; failing when the issuer publishes other keys than this.
    Unestablished(Doubt),
}

impl Owner {
    /// Whether the key counts as the issuer's, if with a reservation.
    pub(super) fn is_issuer(&self) -> bool {
        matches!(self, Self::Issuer | Self::ItsServer)
    }
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
    let spelled_out = only_key_of(method);
    let is_named_short = spelled_out.is_some();
    let method = spelled_out.as_deref().unwrap_or(method);
    let holder = without_fragment(method);
    let document = document_of(holder, desk)?;
    let found = find_method(&document, method, did::Purpose::AssertionMethod)?;
    let holder_is_issuer = holder == issuer && identifies(&document, issuer);
    let mut state = found.state();
    let owner = match found.controller.as_deref() {
        Some(controller) if controller != issuer => Owner::Other(controller.to_owned()),
        Some(_) if found.listed && holder_is_issuer => Owner::Issuer,
        // Anybody can name any controller, in a file that is only a key or in a document of their
        // own: the issuer's document is asked (Controlled Identifiers §3.3).
        _ => match own_document(issuer, desk) {
            Ok(own) => match in_its_own_words(&own, &found) {
                Some((owner, told)) => {
                    state = told.unwrap_or(state);
                    owner
                }
                None => by_its_place(&own, &document, &found, issuer),
            },
            Err(doubt) => Owner::Unestablished(doubt),
        },
    };
    // Our own register knows more than any document: when the key was retired, or got lost.
    let known = desk
        .evidence
        .issuers
        .get(holder)
        .and_then(|local| local.keys.get(method));
    Ok(FoundKey {
        key: found.key,
        id: Some(method.to_owned()),
        is_named_short,
        owner,
        state: known.copied().unwrap_or(state),
    })
}

/// The key of a verification method, whoever's it is, and whose: what its controller's own document
/// says, and nothing else (Controlled Identifiers §3.3).
pub(super) fn of_controller(
    method: &str,
    purpose: did::Purpose,
    desk: &mut Desk<'_>,
) -> Result<Controlled, Doubt> {
    let holder = without_fragment(method);
    let document = document_of(holder, desk)?;
    let found = find_method(&document, method, purpose)?;
    let controller = found.controller.as_deref().unwrap_or(holder);
    if !(found.listed && controller == holder && identifies(&document, holder)) {
        let own = own_document(controller, desk)?;
        if !did::document::lists(&own, &found.id, purpose) {
            return Err(Doubt::fails(
                "the document of the key's controller does not list the key for this",
            ));
        }
        match find_method(&own, &found.id, purpose) {
            Ok(named) if named.key != found.key => {
                return Err(Doubt::fails(
                    "the document of the key's controller has another key under this name",
                ));
            }
            Ok(_) | Err(MethodError::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let known = desk.evidence.issuers.get(holder);
    let known = known.and_then(|local| local.keys.get(method)).copied();
    Ok(Controlled {
        state: known.unwrap_or(found.state()),
        controller: controller.to_owned(),
        key: found.key,
    })
}

/// A did:key is one key, so that its name alone tells which is meant.
fn only_key_of(method: &str) -> Option<String> {
    let did: Did = method.parse().ok()?;
    (did.method() == "key").then(|| format!("{did}#{}", did.specific_id()))
}

/// What an issuer's own document says of a key that was found elsewhere; none if it says nothing.
fn in_its_own_words(own: &Value, found: &VerificationMethod) -> Option<(Owner, Option<KeyState>)> {
    let purpose = did::Purpose::AssertionMethod;
    if !did::document::lists(own, &found.id, purpose) {
        return None;
    }
    let refused = |doubt| Some((Owner::Unestablished(doubt), None));
    match find_method(own, &found.id, purpose) {
        Ok(named) if named.key != found.key => refused(Doubt::fails(
            "the issuer's own document has another key under this name",
        )),
        Ok(named) => match named.controller {
            Some(controller) if !identifies(own, &controller) => {
                Some((Owner::Other(controller), None))
            }
            _ => {
                let told = Some(named.state()).filter(|state| *state != KeyState::Active);
                Some((Owner::Issuer, told))
            }
        },
        // It names the key, and leaves the rest to where the key is.
        Err(MethodError::NotFound { .. }) => Some((Owner::Issuer, None)),
        Err(error) => refused(error.into()),
    }
}

/// Whose a key is that the issuer's own document does not name, by where it is.
///
/// A DID's document is all there is to know of a DID. Of an https issuer, the well-known key set is
/// its server's word, since nobody else can write there (RFC 8615). Any other file on that server
/// counts only where the issuer names no keys at all, and only as [`Owner::ItsServer`].
///
/// That is a warning, not a pass: some servers hand out their users' files. Nor is it left open, or
/// no badge of an issuer that serves only a profile could ever be verified (conformance §2.12):
/// §4.3.2 lets the same origin bind a key, and whoever holds the origin answers for its issuers. But
/// neither a neighbour's document nor an address with a query, which may echo what is put into it or
/// lead elsewhere, is taken for the server's word.
fn by_its_place(own: &Value, document: &Value, found: &VerificationMethod, issuer: &str) -> Owner {
    let unknown_to_it = || {
        Owner::Unestablished(Doubt::fails(
            "the issuer's own document does not know this key",
        ))
    };
    let (Some(server), Some(place)) = (web_address(issuer), web_address(&found.id)) else {
        return unknown_to_it();
    };
    if server.origin() != place.origin() {
        return unknown_to_it();
    }
    let is_plain = place.query().is_none();
    if is_plain && place.path() == KEY_SET && found.controller.as_deref() == Some(issuer) {
        return Owner::Issuer;
    }
    if has_keys(own) {
        return unknown_to_it();
    }
    let is_only_a_key = !has_keys(document) && !is_profile(document);
    if is_plain && is_profile(own) && is_only_a_key {
        return Owner::ItsServer;
    }
    Owner::Unestablished(Doubt::unknown(
        "the issuer names no keys, and this one is no file of its own on the issuer's server",
    ))
}

fn is_profile(document: &Value) -> bool {
    items(document.get("type"))
        .iter()
        .any(|kind| kind == "Profile")
}

/// Whether a document says which keys are its subject's (Controlled Identifiers §2.2, §2.3).
fn has_keys(document: &Value) -> bool {
    [
        "verificationMethod",
        "assertionMethod",
        "authentication",
        "keyAgreement",
        "capabilityInvocation",
        "capabilityDelegation",
    ]
    .iter()
    .any(|member| document.get(member).is_some())
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
        is_named_short: false,
        owner,
        state,
    };
    let document = match document_of(issuer, desk) {
        Ok(document) => document,
        // While a document is on its way, nothing else is asked for.
        Err(doubt) => return found(None, Owner::Unestablished(doubt), KeyState::Active),
    };
    if let Some((id, state)) = method_with(&document, key).filter(|_| identifies(&document, issuer))
    {
        let known = desk
            .evidence
            .issuers
            .get(issuer)
            .and_then(|local| local.keys.get(&id));
        let state = known.copied().unwrap_or(state);
        return found(Some(id), Owner::Issuer, state);
    }
    let owner = match key_set_of(issuer, desk) {
        Ok(set) if key_set_has(&set, key, issuer) => Owner::Issuer,
        _ if has_keys(&document) => Owner::Unestablished(Doubt::fails(
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
        .and_then(|server| server.join(KEY_SET).ok())
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

/// The issuer's own document, which must say that it is (Controlled Identifiers §3.3).
fn own_document(issuer: &str, desk: &mut Desk<'_>) -> Result<Value, Doubt> {
    let document = document_of(issuer, desk)?;
    if identifies(&document, issuer) {
        Ok(document)
    } else {
        Err(Doubt::unknown(
            "the document found at the issuer's address does not say that it is the issuer's",
        ))
    }
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
    web_address(id)
}

fn web_address(id: &str) -> Option<Url> {
    Url::parse(id).ok().filter(|url| url.scheme() == "https")
}
