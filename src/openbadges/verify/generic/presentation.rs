//! A presentation: its members, its holder's proof, and every credential in it.

use serde_json::{Map, Value};

use super::judgement::{Judgement, Kind, Refused};
use super::{Asked, credential, proofs};
use crate::openbadges::did::Purpose;
use crate::openbadges::model::checked::Profile;
use crate::openbadges::model::many::items;
use crate::openbadges::proof::Jws;
use crate::openbadges::verify::needs::{Desk, shown};
use crate::openbadges::verify::secured::enveloped;

/// Credentials judged in one presentation, at most.
const MAX_CREDENTIALS: usize = 16;

/// Proofs of them, at most: each costs a canonicalisation.
const MAX_PROOFS: usize = 32;

/// Claims of a JWT that are no members of the presentation in it.
const CLAIMS: [&str; 8] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "nonce"];

const FAILED: &str = "What secures the presentation does not hold";

/// Judges a presentation.
pub(super) fn check(value: &Value, asked: &Asked, desk: &mut Desk<'_>, judgement: &mut Judgement) {
    let is_enveloped = |kind: &Value| kind == "EnvelopedVerifiablePresentation";
    let (presentation, signers) = if items(value.get("type")).iter().any(is_enveloped) {
        match from_envelope(value, asked, desk, judgement) {
            Ok((presentation, signer)) => (presentation, vec![signer]),
            Err(refused) => return judgement.refuse("", refused.kind, FAILED, &refused.why),
        }
    } else {
        (value.clone(), Vec::new())
    };
    if !judgement.hold_to(&presentation, Profile::Presentation, "") {
        return;
    }
    let signers = if signers.is_empty() {
        let tried = proofs::try_embedded(&presentation, Purpose::Authentication, asked, desk);
        for (pointer, refused) in tried.refused {
            judgement.refuse(&pointer, refused.kind, FAILED, &refused.why);
        }
        tried.signers
    } else {
        signers
    };
    // VCDM 2.0 §4.13: the holder is who presents, so it is theirs to prove.
    if let Some(holder) = party(presentation.get("holder"))
        && !signers.iter().any(|signer| signer == holder)
    {
        let why = format!(
            "it is held by {}, and no key of theirs signed it",
            shown(holder)
        );
        judgement.refuse(
            "/holder",
            Kind::Proof,
            "The holder did not present it",
            &why,
        );
    }
    let credentials = items(presentation.get("verifiableCredential"));
    let proofs = credentials.iter().map(|one| items(one.get("proof")).len());
    if credentials.len() > MAX_CREDENTIALS || proofs.sum::<usize>() > MAX_PROOFS {
        let why = format!(
            "it holds more than the {MAX_CREDENTIALS} credentials, with {MAX_PROOFS} proofs in all, \
             that are judged at once"
        );
        let title = "The credentials were not judged";
        return judgement.refuse("/verifiableCredential", Kind::Malformed, title, &why);
    }
    let asked = asked.of_presented();
    for (index, one) in credentials.iter().enumerate() {
        let at = format!("/verifiableCredential/{index}");
        credential::check(one, &at, &asked, desk, judgement);
    }
}

/// Who somebody is, by their identifier or the object that has it.
fn party(value: Option<&Value>) -> Option<&str> {
    let value = value?;
    value.get("id").unwrap_or(value).as_str()
}

/// VC-JOSE-COSE §3.1.2: the presentation is the payload of the JWT in the `id`, and nothing beside it
/// counts. What tells for whom it was made is in the JWT's claims.
fn from_envelope(
    value: &Value,
    asked: &Asked,
    desk: &mut Desk<'_>,
    judgement: &mut Judgement,
) -> Result<(Value, String), Refused> {
    let kinds = ["application/vp+jwt", "application/jwt"];
    let compact = enveloped(value, &kinds).map_err(|why| Refused::new(Kind::Parsing, &why))?;
    let refuse = |why: &str| Refused::new(Kind::Cryptographic, why);
    let jws = Jws::read(compact).map_err(|error| refuse(&shown(&error.to_string())))?;
    let typ = jws
        .header
        .typ
        .as_deref()
        .unwrap_or("JWT")
        .to_ascii_lowercase();
    if !matches!(typ.trim_start_matches("application/"), "jwt" | "vp+jwt") {
        return Err(refuse(
            "its header says that it is something else than a presentation",
        ));
    }
    let signer = proofs::try_jwt(&jws, Purpose::Authentication, asked, desk)?;
    let claim = |name: &str| jws.payload.get(name);
    let text = |name: &str| claim(name).and_then(Value::as_str);
    if asked.challenge.is_some() && text("nonce") != asked.challenge.as_deref() {
        return Err(Refused::new(
            Kind::Challenge,
            "the JWT does not answer the challenge that was given",
        ));
    }
    if let Some(domain) = &asked.domain
        && !items(claim("aud")).iter().any(|aud| aud == domain)
    {
        return Err(Refused::new(
            Kind::Domain,
            "the JWT was made for another domain",
        ));
    }
    if claim("iss").is_some() && text("iss") != Some(&signer) {
        return Err(refuse("its “iss” is somebody else than who signed it"));
    }
    in_time(&jws.payload, desk)?;
    let presentation = match claim("vp") {
        Some(vp) => {
            let why = "data model 2.0 puts the presentation's members at the top of the payload";
            judgement.warn("", "The JWT has a claim that it should not have, “vp”", why);
            vp.clone()
        }
        None => without_claims(&jws.payload),
    };
    Ok((presentation, signer))
}

/// RFC 7519 §4.1.4, §4.1.5.
fn in_time(payload: &Value, desk: &Desk<'_>) -> Result<(), Refused> {
    let now = desk.now.unix_seconds();
    let date = |name: &str| match payload.get(name) {
        None => Ok(None),
        Some(date) => date
            .as_i64()
            .map(Some)
            .ok_or_else(|| Refused::new(Kind::Malformed, &format!("its “{name}” is no date"))),
    };
    if date("nbf")?.is_some_and(|from| now < from) {
        return Err(Refused::new(Kind::Range, "the JWT does not hold yet"));
    }
    if date("exp")?.is_some_and(|until| until <= now) {
        return Err(Refused::new(Kind::Range, "the JWT does not hold any more"));
    }
    Ok(())
}

fn without_claims(payload: &Value) -> Value {
    let members = payload.as_object().into_iter().flatten();
    let members = members.filter(|(name, _)| !CLAIMS.contains(&name.as_str()));
    members
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect::<Map<_, _>>()
        .into()
}
