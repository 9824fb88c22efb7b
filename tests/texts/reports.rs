//! No report is said in English alone, and nothing is translated that no report says.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use badgeons::openbadges::json;
use badgeons::texts;

use super::scan::{files_under, literals, source};

/// Where reports are written, and the errors whose words they take.
const OF_REPORTS: [&str; 10] = [
    "fetch",
    "openbadges/baking",
    "openbadges/canonical/error.rs",
    "openbadges/did",
    "openbadges/json.rs",
    "openbadges/keys",
    "openbadges/proof",
    "openbadges/status",
    "openbadges/verify",
    "services/judging.rs",
];

/// What is among these and says nothing in a report.
const BESIDE_REPORTS: [&str; 3] = [
    // Answers programs, in English.
    "openbadges/verify/generic",
    // Judges pictures that are handed in to be baked.
    "openbadges/baking/passive.rs",
    // A badge for tests.
    "openbadges/proof/samples.rs",
];

/// What is written there and never said in a report.
const UNREPORTED: [&str; 36] = [
    // No sentences: media types, markup, and what programmers read.
    "application/did+ld+json, application/did+json, application/ld+json, application/jwk-set+json, \
     application/jwk+json, application/json",
    "application/vc, application/vc+jwt, application/vc+ld+json, application/ld+json, \
     application/json, application/jwt, text/plain",
    "<openbadges:credential{} verify=\"{}\"></openbadges:credential>",
    "Bitstring({} bits, {} set)",
    "RsaPublic({} bytes)",
    "a JSON value",
    "a Vec takes every byte",
    // Said to whoever signs, bakes, publishes a list or keeps keys.
    "Ed25519 private",
    "P-256 private",
    "a list of {} entries is too long",
    "derive a P-256 public key",
    "only a credential without a proof can be signed; take the proof away first",
    "only a plain https URL without credentials, query or fragment has a did:web",
    "only a whole credential can be baked, as JSON with its proof or as a compact JWS; {}",
    "read a P-256 private key",
    "sign with ES256",
    "the key's identifier must be a URL or a DID URL",
    "these bytes are no {} private key; draw others",
    "this JSON has a fault: {}",
    "this one is too long for a PNG",
    "this text has more than {} bytes",
    "this text is neither",
    "validFrom in whole seconds",
    "validUntil in whole seconds",
    "“{}” is a claim of the JWT and can't be a member of the credential",
    // Asked for by `generic` alone.
    "the proof does not answer the challenge that was given",
    "the proof was made for another domain",
    // Told in other words, or ruled out before.
    "the proof is of the kind {}, not {}",
    "the signature does not match: the signed content was changed, or another key made it",
    "this is not a did:web",
    "{} could not be fetched: {}",
    // Of tests.
    "the table of this test has no such document",
    // Put together of a name and an identifier, of a title and a detail, of a finding and its advice.
    "{} ({})",
    "{} {}",
    ": “{}”",
    "a JWT needs the credential's {}",
];

/// Parts, and the sentences they make; x is what they are about.
const COMPOSED: [(&[&str], &[&str]); 7] = [
    (
        &[
            "It came as {}: one badge, {}.",
            "with its proof inside",
            "secured as a JWT",
        ],
        &[
            "It came as x: one badge, with its proof inside.",
            "It came as x: one badge, secured as a JWT.",
        ],
    ),
    (
        &[
            "{} {}.",
            "It holds",
            "It holds from {}",
            "on, without an end",
            "until {}",
            "without beginning or end",
        ],
        &[
            "It holds from x until x.",
            "It holds from x on, without an end.",
            "It holds until x.",
            "It holds without beginning or end.",
        ],
    ),
    (
        &[
            "The JWT's claim “{}” {}.",
            "is in the future",
            "is missing",
            "is not the credential's {}",
            "is not {}",
            "is past",
        ],
        &[
            "The JWT's claim “x” is in the future.",
            "The JWT's claim “x” is missing.",
            "The JWT's claim “x” is not the credential's x.",
            "The JWT's claim “x” is not x.",
            "The JWT's claim “x” is past.",
        ],
    ),
    (
        &[
            "Its issuer has a newer version{} which is judged here in place of the one presented. \
            Ask its holder for it.",
            ", dated {},",
        ],
        &[
            "Its issuer has a newer version which is judged here in place of the one presented. \
             Ask its holder for it.",
            "Its issuer has a newer version, dated x, which is judged here in place of the one \
             presented. Ask its holder for it.",
        ],
    ),
    (
        &["of the list itself: {} {}"],
        &[
            "of the list itself: The badge does not hold yet x",
            "of the list itself: The badge has expired x",
            "of the list itself: The badge's JWT does not hold today x",
        ],
    ),
    (
        &["{} vouches for it{}."],
        &[
            "x vouches for it.",
            "x vouches for it: “x”.",
            "x vouches for it: “x. x”. It says where a newer version may be found, which was not \
             asked.",
        ],
    ),
    (
        &["the document"],
        &[
            "“x” at the document x",
            "What is at the document x",
            // The parts of a signed text.
            "“the header” of the signed credential is missing or malformed",
            "“the payload” of the signed credential is missing or malformed",
            "a JWT needs the credential's members",
        ],
    ),
];

/// Every text in the code of reports, with holes.
fn written() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    for place in OF_REPORTS {
        files_under(&root.join(place), &mut files);
    }
    let is_beside = |file: &PathBuf| {
        BESIDE_REPORTS
            .iter()
            .any(|it| file.starts_with(root.join(it)))
    };
    let mut found = BTreeSet::new();
    for file in files.into_iter().filter(|file| !is_beside(file)) {
        let text = std::fs::read_to_string(file).unwrap();
        literals(text.parse().unwrap(), &mut found);
    }
    for code in codes() {
        found.remove(&code);
    }
    found
        .iter()
        .map(|text| on_its_own(text).to_owned())
        .collect()
}

/// A sentence without those that are put before and after it, which are looked up on their own.
fn on_its_own(text: &str) -> &str {
    let text = text.trim();
    let after = text.strip_prefix("{} ");
    let text = after
        .filter(|rest| rest.starts_with(char::is_uppercase))
        .unwrap_or(text);
    let before = text.strip_suffix("{}").map(str::trim_end);
    before.filter(|rest| rest.ends_with('.')).unwrap_or(text)
}

/// The names that other processors give the errors of JSON-LD: programs read them.
fn codes() -> Vec<String> {
    let text = source("openbadges/canonical/error.rs");
    let kinds = text.lines().filter(|line| line.ends_with("\";"));
    let codes = kinds.filter_map(|line| line.split_once(" = \"")?.1.split('"').next());
    codes.map(str::to_owned).collect()
}

/// What is said of JSON that is not sound, without the place.
fn said_of_json() -> BTreeSet<String> {
    let faults = br#"|}|01|1 2|1e999|nux|[|[1 2]|[1,]|{|{1:2}|{"a" 1}|{"a":1 2}|"|"\x"|"\uD8"#
        .split(|byte| *byte == b'|')
        .chain(br#""\uD800"|"\uD800x"|"\uD800\n"|"\uD800\u0041""#.split(|byte| *byte == b'|'))
        .chain([&b"\"\x01\""[..], b"\"\xFF\"", &[b'['; 200]]);
    let said = faults.map(|fault| {
        let said = json::parse(fault).unwrap_err().to_string();
        let (what, _) = said.split_once(" at line ").unwrap();
        what.to_owned()
    });
    said.chain(["{} at line {} column {}".to_owned()]).collect()
}

#[test]
fn every_sentence_of_a_report_is_said_in_every_language() {
    let known: BTreeSet<_> = texts::of_reports().chain(texts::of_findings()).collect();
    let is_composed = |text: &str| COMPOSED.iter().any(|(parts, _)| parts.contains(&text));
    let is_apart = |text: &str| text.starts_with("-//W3C//") || UNREPORTED.contains(&text);
    let written = written();
    let of_words = written.iter().filter(|text| text.contains(' '));
    let missing: Vec<_> = of_words
        .cloned()
        .chain(said_of_json())
        .filter(|text| !known.contains(&**text) && !is_composed(text) && !is_apart(text))
        .collect();
    assert!(
        missing.is_empty(),
        "write them into src/texts/reports.txt: {missing:#?}"
    );
    let parts = COMPOSED.iter().flat_map(|(parts, _)| *parts);
    let left: Vec<_> = parts
        .chain(&UNREPORTED)
        .filter(|text| !written.contains(**text))
        .collect();
    assert!(left.is_empty(), "no longer written: {left:#?}");
}

#[test]
fn what_is_put_together_is_said_in_every_language() {
    for text in COMPOSED.iter().flat_map(|(_, whole)| *whole) {
        assert!(texts::is_known(text), "{text}");
    }
}

#[test]
fn details_of_reports_are_said_to_the_end() {
    for (text, said) in [
        (
            "The status list can't be relied on: The signature could not be verified. There is no \
             key to verify it with. The key could not be looked up: https://a.example/did.json \
             could not be had (its network address is not public (a private network)). It may have \
             been withdrawn or not.",
            "On ne peut pas se fier à la liste de statuts\u{a0}: La signature n’a pas pu être \
             vérifiée. Il n’y a pas de clé pour la vérifier. La clé n’a pas pu être \
             consultée\u{a0}: impossible d’obtenir https://a.example/did.json (son adresse réseau \
             n’est pas publique (un réseau privé)). Il peut avoir été retiré ou non.",
        ),
        (
            "In its issuer's own status list, its “message” has the value 2. It says: “It is late. It \
             is not sound JSON: x.”.",
            "Dans la liste de statuts de son émetteur, son «\u{a0}message\u{a0}» a la valeur 2. Elle \
             dit\u{a0}: «\u{a0}It is late. It is not sound JSON: x.\u{a0}».",
        ),
        (
            "“grade” at /credentialSubject is not defined by any context. Use a defined term, add a \
             context that defines it, or l….",
            "«\u{a0}grade\u{a0}», à /credentialSubject, n’est défini par aucun contexte. Utilisez un \
             terme défini, ajoutez un contexte qui le définit, ou retirez-le.",
        ),
        (
            "It is not sound JSON: the member “id” is written twice; which one counts is anybody's \
             guess at line 1 column 9.",
            "Ce n’est pas du JSON valable\u{a0}: l’élément «\u{a0}id\u{a0}» est écrit deux \
             fois\u{202f}; on ne sait pas lequel compte, ligne 1, colonne 9.",
        ),
        (
            "The signature holds: eddsa-jcs-2022, with an Ed25519 key. Contexts were added since, \
             which this way of signing allows; they are not the issuer's word. Nothing was changed \
             since. This way of signing is outdated; the issuer should issue the badge anew.",
            "La signature est bonne\u{a0}: eddsa-jcs-2022, avec une clé Ed25519. Des contextes ont \
             été ajoutés depuis, ce que permet cette façon de signer\u{202f}; ils ne sont pas la \
             parole de l’émetteur. Rien n’a été modifié depuis. Cette façon de signer est \
             dépassée\u{202f}; l’émetteur devrait délivrer le badge à nouveau.",
        ),
    ] {
        assert_eq!(texts::say(texts::Language::Fr, text), said);
    }
}

#[test]
fn nothing_is_translated_that_no_report_says() {
    let mut said = written();
    said.extend(said_of_json());
    let whole: BTreeSet<_> = COMPOSED.iter().flat_map(|(_, whole)| *whole).collect();
    let left: Vec<_> = texts::of_reports()
        .filter(|text| !said.contains(*text) && !whole.contains(&&*text.replace("{}", "x")))
        .collect();
    assert!(
        left.is_empty(),
        "take them out of src/texts/reports.txt: {left:#?}"
    );
}
