//! JSON-LD to canonical N-Quads, against the bytes everyone else computes (`vectors/canonicalization`).

mod hostile;
mod laws;
mod oxrdf;
mod prepared;
mod safe_mode;
mod series;
mod specifications;
mod wrong_contexts;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use badgeons::openbadges::canonical::{
    Error, Kind, Limits, canonicalize, canonicalize_with_context, jcs,
};
use badgeons::openbadges::json;
use serde_json::{Value, json};

/// Documents on which we follow the specification, or a newer context, where the vector does not.
/// Each has a test of its own below.
const DEVIATIONS: [&str; 5] = [
    "endorse_embedded",
    "iri_ctl",
    "lone_surrogate",
    "multikey",
    "numbers",
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/canonicalization")
}

fn vector(name: &str) -> String {
    fs::read_to_string(folder().join(name)).unwrap()
}

/// A document of the corpus; of a member written twice, the last counts.
fn document(name: &str) -> Value {
    serde_json::from_str(&vector(&format!("{name}.json"))).unwrap()
}

fn verify(document: &Value) -> Result<String, Error> {
    canonicalize(document, &Limits::VERIFY)
}

/// Kind, pointer and term of a refusal.
fn refusal(document: &Value) -> (Kind, String, Option<String>) {
    let error = verify(document).unwrap_err();
    (error.kind, error.pointer, error.term)
}

/// Name, what is expected, and the number of statements or jsonld.js's reason.
fn index() -> BTreeMap<String, (String, String)> {
    vector("index.tsv")
        .lines()
        .skip(1)
        .map(|line| match line.split('\t').collect::<Vec<_>>()[..] {
            [name, expected, detail] => (name.into(), (expected.into(), detail.into())),
            _ => panic!("{line}"),
        })
        .collect()
}

#[test]
fn every_document_of_the_corpus_has_the_bytes_or_the_refusal_expected() {
    let mut failures = String::new();
    let mut canonical = 0;
    let index = index();
    for (name, (expected, detail)) in &index {
        if DEVIATIONS.contains(&name.as_str()) {
            continue;
        }
        let failure = match (verify(&document(name)), expected.as_str()) {
            (Ok(text), "canonical") if text == vector(&format!("{name}.nq")) => {
                assert_eq!(text.lines().count().to_string(), *detail, "{name}");
                canonical += 1;
                continue;
            }
            (Err(error), "refuse") if error.kind.code() == detail => continue,
            (Ok(text), _) => format!("gave\n{text}"),
            (Err(error), _) => format!("refused ({}): {error}", error.kind.code()),
        };
        writeln!(failures, "{name}: {expected} ({detail}) but {failure}").unwrap();
    }
    assert!(failures.is_empty(), "{failures}");
    assert_eq!((index.len(), canonical), (61, 43));
}

#[test]
fn each_refusal_names_the_place_and_the_term() {
    for (name, pointer, term) in [
        (
            "full_status",
            "/credentialSchema/0/type",
            Some("1EdTechJsonSchemaValidator2019"),
        ),
        ("unknown_term", "/unknownThing", Some("unknownThing")),
        (
            "unknown_term_nested",
            "/credentialSubject/achievement/secretField",
            Some("secretField"),
        ),
        ("unknown_type", "/type/2", Some("NotDefined")),
        (
            "unknown_subject_type",
            "/credentialSubject/type/1",
            Some("Weird"),
        ),
        ("bad_lang", "/name/@language", Some("a b")),
        ("kw_like", "/@foo", Some("@foo")),
        ("free_scalar", "/@graph/1", Some("free")),
        ("protected_redefine", "/@context/2/name", Some("name")),
        ("null_ctx_inside", "/evidence/0/@context", Some("@context")),
        ("iri_space", "/id", Some("https://x.example/a b")),
        (
            "typed_value_bad",
            "/description/@type",
            Some("relativeType"),
        ),
        (
            "ctx_unknown_url",
            "/@context/2",
            Some("https://unknown.example/ctx"),
        ),
        ("iri_ctl", "/id", Some("https://x.example/a<b>")),
    ] {
        let error = verify(&document(name)).unwrap_err();
        assert_eq!(
            (error.pointer.as_str(), error.term.as_deref()),
            (pointer, term),
            "{name}"
        );
    }
}

#[test]
fn small_numbers_and_texts_typed_double_follow_the_specification() {
    // jsonld.js writes 1e-7 and 5e-324 as the integer 0 (twice more), and reads "2" as a number.
    let expected = vector("numbers.nq");
    let integer =
        |n| format!("<https://x.example/n> \"{n}\"^^<http://www.w3.org/2001/XMLSchema#integer> .");
    let double = |p, n| {
        format!("<https://x.example/{p}> \"{n}\"^^<http://www.w3.org/2001/XMLSchema#double> .")
    };
    let mut expected: Vec<String> = expected.lines().map(str::to_owned).collect();
    expected.dedup();
    assert!(expected.iter().any(|line| line.ends_with(&integer("0"))));
    let subject = "<urn:uuid:8b2a1d0c-7f5b-4a49-9d0c-111111111111> ";
    let two = expected
        .iter_mut()
        .find(|line| line.ends_with(&double("d", "2.0E0")))
        .unwrap();
    *two = format!("{subject}{}", double("d", "2"));
    expected.push(format!("{subject}{}", double("n", "1.0E-7")));
    expected.push(format!(
        "{subject}{}",
        double("n", "4.940656458412465E-324")
    ));
    expected.sort();
    let ours = verify(&document("numbers")).unwrap();
    assert_eq!(ours.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn an_iri_with_angle_brackets_is_refused_rather_than_escaped() {
    // jsonld.js signs `<https://x.example/a\u003Cb\u003E>`, which no IRI may hold.
    assert_eq!(refusal(&document("iri_ctl")).0, Kind::InvalidIri);
}

#[test]
fn a_lone_surrogate_is_no_text() {
    let text = vector("lone_surrogate.json");
    assert!(serde_json::from_str::<Value>(&text).is_err());
    assert!(json::parse(text.as_bytes()).is_err());
}

#[test]
fn a_member_written_twice_is_refused_by_our_reader() {
    let text = vector("dup_keys.json");
    let error = json::parse(text.as_bytes()).unwrap_err().to_string();
    assert!(error.contains("“name” is written twice"), "{error}");
}

#[test]
fn the_newer_3_0_3_context_defines_what_the_older_one_did_not() {
    // The vector was made with the 3.0.3 context of April 2025, which lacks `endorsementJwt`.
    let document = document("endorse_embedded");
    let text = verify(&document).unwrap();
    assert!(text.contains("<https://purl.imsglobal.org/spec/vc/ob/vocab.html#endorsementJwt>"));
    let mut older = document;
    let context = json!("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json");
    older["@context"][1] = context.clone();
    older["endorsement"][0]["@context"][1] = context;
    let (kind, _, term) = refusal(&older);
    assert_eq!(
        (kind, term.as_deref()),
        (Kind::InvalidProperty, Some("endorsementJwt"))
    );
}

#[test]
fn the_controlled_identifiers_context_is_not_pinned_and_multikey_gives_the_same_bytes() {
    let mut document = document("multikey");
    let cid = "https://www.w3.org/ns/cid/v1";
    let unknown = (
        Kind::UnknownContext,
        "/@context/0".to_owned(),
        Some(cid.to_owned()),
    );
    assert_eq!(refusal(&document), unknown);
    document["@context"][0] = json!("https://w3id.org/security/multikey/v1");
    assert_eq!(verify(&document).unwrap(), vector("multikey.nq"));
}

#[test]
fn what_we_sign_is_what_javascript_wallets_can_verify() {
    // `rdf-canonize` 5.0.0 refuses this one with its default work factor, and no other.
    for (name, (expected, _)) in index() {
        if expected == "canonical" && !DEVIATIONS.contains(&name.as_str()) {
            let issued = canonicalize(&document(&name), &Limits::ISSUE);
            match name.as_str() {
                "ndegree_two_cycles" => {
                    assert_eq!(issued.unwrap_err().kind, Kind::TooMuchWork);
                }
                _ => assert_eq!(issued, verify(&document(&name)), "{name}"),
            }
        }
    }
}

#[test]
fn proof_options_are_read_with_the_context_of_the_document() {
    let document = document("base");
    let options = json!({
        "type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-11-23T10:00:00Z", "proofPurpose": "assertionMethod",
        "verificationMethod": "did:web:issuer.example#key-1",
    });
    let mut copied = options.clone();
    copied["@context"] = document["@context"].clone();
    let members = options.as_object().unwrap();
    let borrowed = canonicalize_with_context(&document["@context"], members, &Limits::ISSUE);
    assert_eq!(borrowed, canonicalize(&copied, &Limits::ISSUE));
    assert_eq!(borrowed.unwrap().lines().count(), 5);
    // A context of its own is not added to the document's, it is replaced by it.
    let mut own = members.clone();
    own.insert("@context".to_owned(), json!("https://unknown.example/ctx"));
    let replaced = canonicalize_with_context(&document["@context"], &own, &Limits::ISSUE);
    assert_eq!(replaced, canonicalize(&copied, &Limits::ISSUE));
}

#[test]
fn canonical_json_sorts_by_utf_16_and_writes_numbers_as_javascript() {
    let value = json!({"\u{fb33}": 1, "😂": 1e21, "b": [4.0, 1e-7, 9_007_199_254_740_993_u64], "a": "é\u{1}"});
    let text = "{\"a\":\"é\\u0001\",\"b\":[4,1e-7,9007199254740992],\"😂\":1e+21,\"\u{fb33}\":1}";
    assert_eq!(String::from_utf8(jcs(&value).unwrap()).unwrap(), text);
}
