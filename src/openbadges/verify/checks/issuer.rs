//! `issuer`: is the one who signed the one who issued, and was the key theirs to use at the time?

use super::proof::{Proven, Signed};
use super::structure::Facts;
use crate::openbadges::keys::KeyState;
use crate::openbadges::model::Timestamp;
use crate::openbadges::verify::evidence::{Evidence, Registered};
use crate::openbadges::verify::keys::{FoundKey, Owner};
use crate::openbadges::verify::needs::shown;
use crate::openbadges::verify::report::{CheckId, CheckResult, Doubt, Outcome, sentence};

/// That a credential is its issuer's: the proof of it, which only this check hands out. With it,
/// and never without, the addresses a credential names are followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::openbadges::verify) struct Authentic {
    issuer: String,
    is_named: bool,
}

impl Authentic {
    /// Who issued the credential.
    pub(in crate::openbadges::verify) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Whether the issuer names the key, and not only its server hands it out.
    pub(in crate::openbadges::verify) fn is_named(&self) -> bool {
        self.is_named
    }
}

/// Judges who signed.
pub(in crate::openbadges::verify) fn check(
    facts: &Facts,
    proven: &Proven,
    evidence: &Evidence,
    now: Timestamp,
) -> (CheckResult, Option<Authentic>) {
    // One good signature of the issuer is enough (conformance §4.2.2); the best one counts.
    let best = proven
        .signed
        .iter()
        .map(|signed| {
            let is_named = signed.key.owner == Owner::Issuer;
            (judge(facts, signed, evidence, now), is_named)
        })
        .min_by_key(|((outcome, ..), _)| match outcome {
            Outcome::Pass => 0,
            Outcome::Warning => 1,
            Outcome::Unknown | Outcome::NotApplicable => 2,
            Outcome::Fail => 3,
        });
    let is_named = best.as_ref().is_some_and(|(_, is_named)| *is_named);
    let (outcome, title, detail) = match best.map(|(judgement, _)| judgement) {
        // The issuer's own proof may be the one that could not be read.
        Some((Outcome::Fail, ..))
            if proven.results.iter().any(|r| r.outcome == Outcome::Unknown) =>
        {
            (
                Outcome::Unknown,
                "It can't be told whether the issuer signed",
                "The proof that could be verified is not the issuer's, and another could not be \
                verified."
                    .into(),
            )
        }
        Some(best) => best,
        None => unsigned(&proven.doubts),
    };
    let authentic = matches!(outcome, Outcome::Pass | Outcome::Warning).then(|| Authentic {
        issuer: facts.issuer.clone(),
        is_named,
    });
    (
        CheckResult::new(CheckId::Issuer, outcome, title, detail).at("/issuer"),
        authentic,
    )
}

type Judgement = (Outcome, &'static str, String);

/// Nothing was signed with a key that could be found.
fn unsigned(no_keys: &[Doubt]) -> Judgement {
    let disowned = no_keys.iter().find(|doubt| doubt.outcome == Outcome::Fail);
    match disowned.or(no_keys.first()) {
        Some(doubt) if doubt.outcome == Outcome::Fail => (
            Outcome::Fail,
            "The badge was not signed with a key of its issuer",
            doubt.why.clone(),
        ),
        Some(doubt) => (
            Outcome::Unknown,
            "The issuer's key could not be found",
            doubt.why.clone(),
        ),
        None => (
            Outcome::Unknown,
            "It can't be told who issued the badge",
            "Without a signature that holds, the issuer it names is only a claim.".into(),
        ),
    }
}

fn judge(facts: &Facts, signed: &Signed, evidence: &Evidence, now: Timestamp) -> Judgement {
    match &signed.key.owner {
        Owner::Issuer | Owner::ItsServer => judge_key(facts, signed, evidence, now),
        Owner::Other(other) => (
            Outcome::Fail,
            "Somebody else signed the badge",
            format!(
                "It names {} as its issuer, and the key belongs to {}.",
                shown(&facts.issuer),
                shown(other)
            ),
        ),
        Owner::Unestablished(doubt) if doubt.outcome == Outcome::Fail => (
            Outcome::Fail,
            "The badge was not signed with a key of its issuer",
            doubt.why.clone(),
        ),
        Owner::Unestablished(doubt) => (
            Outcome::Unknown,
            "It can't be told whether the issuer signed",
            format!(
                "The badge is as it was signed, but nothing ties the key to {}: anybody could \
                    have made it. {}",
                shown(&facts.issuer),
                doubt.why
            ),
        ),
    }
}

/// The key is the issuer's; was it theirs alone when the badge was signed?
fn judge_key(facts: &Facts, signed: &Signed, evidence: &Evidence, now: Timestamp) -> Judgement {
    let is_local = evidence.issuers.contains_key(&facts.issuer);
    let registered = evidence.registered(facts.id.as_deref(), &facts.issuer);
    let recorded = match registered {
        Some(Registered::Known {
            recorded,
            signatures,
            ..
        }) if signatures.contains(&signed.signature) => Some(*recorded),
        _ => None,
    };
    let state = signed.key.state;
    match (state, recorded) {
        // A thief writes any date into a proof; the register knows when a badge came into being.
        (KeyState::Compromised { from }, None) if is_local => {
            return refused(format!(
                "Its key is compromised since {from}, and the register has no such badge from \
                    before."
            ));
        }
        // Retiring a key says nothing against what the register has.
        (KeyState::Retired { .. }, Some(_)) => {}
        _ => {
            if let Err(objection) = state.judge(recorded.or(signed.made), now) {
                return refused(sentence(&objection));
            }
        }
    }
    if is_local {
        return judge_register(registered, recorded.is_some());
    }
    if let KeyState::Compromised { from } = state {
        // Neither the key nor the date is one that the issuer answers for.
        if signed.key.owner == Owner::ItsServer {
            return refused(format!("Its key is compromised since {from}."));
        }
        return (
            Outcome::Warning,
            "The issuer has withdrawn the key since",
            format!(
                "The badge says that it was signed before {from}, when the issuer withdrew the \
                 key. Only the issuer can confirm that date."
            ),
        );
    }
    if signed.key.owner == Owner::ItsServer {
        return by_server(facts, &signed.key);
    }
    by_name(facts, &signed.key)
}

fn refused(why: String) -> Judgement {
    (
        Outcome::Fail,
        "The badge was signed with a key that does not count any more",
        why,
    )
}

fn judge_register(registered: Option<&Registered>, is_recorded: bool) -> Judgement {
    match registered {
        Some(_) if is_recorded => (
            Outcome::Pass,
            "The badge was issued here",
            "It is in this installation's own \
                register."
                .into(),
        ),
        Some(Registered::Erased { .. }) => (
            Outcome::Pass,
            "The badge was signed by an issuer of this installation",
            "It was signed with one of the issuer's own keys. It was issued here; what it said was \
             erased from the register since."
                .into(),
        ),
        None => (
            Outcome::Pass,
            "The badge was signed by an issuer of this installation",
            "It was signed with one of the issuer's own keys.".into(),
        ),
        Some(_) => (
            Outcome::Warning,
            "The register does not know this badge",
            "It was signed with a key of this installation, but its register has no such badge. \
             If the register was not restored from an old copy, find out who signed it."
                .into(),
        ),
    }
}

/// What it means that a stranger signed: a web address stands for whoever runs it, a bare key for
/// nobody in particular.
fn by_name(facts: &Facts, key: &FoundKey) -> Judgement {
    let issuer = shown(&facts.issuer);
    let is_bare_key = ["did:key:", "did:jwk:"]
        .iter()
        .any(|method| facts.issuer.starts_with(method));
    if is_bare_key {
        return (
            Outcome::Warning,
            "The issuer is not known here",
            format!(
                "It was signed by {issuer}. That identifier is a key and nothing more: the \
                 issuer's name in the badge is its own word. Ask the issuer whether this key is \
                 theirs."
            ),
        );
    }
    (
        Outcome::Pass,
        "The issuer signed the badge",
        format!(
            "It was signed with {}, which {issuer} publishes as its own.",
            named(key)
        ),
    )
}

/// What it means that a key lies on the server of an issuer that names none: most such badges are
/// good, and none is surer than that server's care for what is put on it.
fn by_server(facts: &Facts, key: &FoundKey) -> Judgement {
    let issuer = shown(&facts.issuer);
    (
        Outcome::Warning,
        "The issuer does not name the key that signed the badge",
        format!(
            "It was signed with {}, which lies on the issuer's own server; but {issuer} does not \
             say that it is its key. Whoever can put a file on that server could have made it. Ask \
             the issuer whether this key is theirs.",
            named(key)
        ),
    )
}

fn named(key: &FoundKey) -> String {
    key.id
        .as_deref()
        .map_or_else(|| "a key".to_owned(), |id| format!("the key {}", shown(id)))
}
