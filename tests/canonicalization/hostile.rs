//! Documents made to hang or crash their reader are answered or refused at once.

use std::fmt::Write as _;
use std::fs;
use std::time::{Duration, Instant};

use badgeons::openbadges::canonical::{Error, Kind, Limits, canonicalize, canonicalize_nquads};
use badgeons::openbadges::json;
use serde_json::{Value, json};

/// What is not optimised may take sixty times as long.
const SLOWER: u32 = if cfg!(debug_assertions) { 60 } else { 1 };

/// The corpus is to be answered within this.
const AT_ONCE: Duration = Duration::from_millis(50);

/// Documents that use up one of the limits are to be answered within this.
const SOON: Duration = Duration::from_millis(150);

/// Runs twice and judges the better time: the machine may be busy with something else.
fn timely<T>(name: &str, allowed: Duration, run: impl Fn() -> T) -> T {
    let mut best = Duration::MAX;
    let mut result = None;
    for _ in 0..2 {
        let start = Instant::now();
        result = Some(run());
        best = best.min(start.elapsed());
    }
    assert!(best <= allowed * SLOWER, "{name} took {best:?}");
    result.unwrap()
}

#[test]
fn the_corpus_is_answered_or_refused_at_once() {
    let mut outcomes = Vec::new();
    for entry in fs::read_dir(super::folder().join("hostile")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let bytes = fs::read(&path).unwrap();
        let outcome = timely(&name, AT_ONCE, || {
            let Ok(document) = json::parse(&bytes) else {
                return "not read".to_owned();
            };
            match canonicalize(&document, &Limits::VERIFY) {
                Ok(text) => format!("{} quads", text.lines().count()),
                Err(error) => error.kind.code().to_owned(),
            }
        });
        outcomes.push((name, outcome));
    }
    outcomes.sort();
    let work = "maximum deep iterations exceeded";
    let expected = [
        ("clique10", work),
        ("clique12", work),
        ("clique6", work),
        ("clique8", work),
        ("deep100", "101 quads"),
        ("deep1000", "not read"),
        ("dupproofs", "24 quads"),
        ("star", work),
    ];
    assert_eq!(
        outcomes,
        expected.map(|(name, outcome)| (name.to_owned(), outcome.to_owned()))
    );
}

fn nquads(name: &str, text: &str) -> Result<String, Error> {
    timely(name, SOON, || canonicalize_nquads(text, &Limits::VERIFY))
}

fn kind<T: std::fmt::Debug>(result: Result<T, Error>) -> Kind {
    result.unwrap_err().kind
}

/// Statements between numbered blank nodes.
fn edges(edges: impl Iterator<Item = (usize, usize)>) -> String {
    edges.fold(String::new(), |mut text, (from, to)| {
        writeln!(text, "_:n{from} <u:p> _:n{to} .").unwrap();
        text
    })
}

#[test]
fn thousands_of_blank_nodes_alike_are_told_apart_or_refused() {
    let twins: String = (0..4_000).fold(String::new(), |mut text, n| {
        writeln!(text, "<u:s> <u:p> _:n{n} .\n_:n{n} <u:q> \"same\" .").unwrap();
        text
    });
    assert_eq!(
        nquads("4,000 twins", &twins).unwrap().lines().count(),
        8_000
    );
    let chain = edges((0..20_000).map(|n| (n, n + 1)));
    assert_eq!(kind(nquads("a chain of 20,000", &chain)), Kind::TooMuchWork);
    let ring = edges((0..5_000).map(|n| (n, (n + 1) % 5_000)));
    assert_eq!(kind(nquads("a ring of 5,000", &ring)), Kind::TooMuchWork);
    let star = edges((1..20_000).map(|n| (0, n)));
    assert_eq!(
        nquads("a star of 20,000", &star).unwrap().lines().count(),
        19_999
    );
    let hub = edges((2..10_000).flat_map(|n| [(0, n), (1, n)]));
    assert_eq!(kind(nquads("two hubs of 10,000", &hub)), Kind::TooMuchWork);
    let pairs = edges((0..3_000).map(|n| (2 * n, 2 * n + 1)));
    assert!(nquads("3,000 pairs", &pairs).is_ok());
}

fn refused(name: &str, document: &Value) -> Kind {
    kind(timely(name, SOON, || {
        canonicalize(document, &Limits::VERIFY)
    }))
}

/// An IRI of so many bytes.
fn iri(bytes: usize) -> String {
    let start = "https://x.example/";
    format!("{start}{}", "a".repeat(bytes - start.len()))
}

#[test]
fn a_small_text_cannot_become_a_large_one() {
    // As long as the name of a member may be.
    let long = iri(1_024);
    let many = |value: Value| Value::Array(vec![value; 20_000]);
    let by_property = json!({"@context": {"p": long}, "@graph": many(json!({"p": 1}))});
    assert_eq!(refused("a long property", &by_property), Kind::TooLarge);
    let by_vocab = json!({"@context": {"@vocab": iri(1_000)}, "@graph": many(json!({"p": 1}))});
    assert_eq!(refused("a long vocabulary", &by_vocab), Kind::TooLarge);
    let values: Vec<Value> = (0..20_000)
        .map(|n| json!({"@id": format!("u:{n}"), "u:p": 1}))
        .collect();
    let by_subject = json!({"@id": iri(100_000), "u:q": values});
    assert_eq!(refused("a long subject", &by_subject), Kind::TooLarge);
    let mut terms =
        serde_json::Map::from_iter([("a".to_owned(), json!(format!("{}#", iri(1_000))))]);
    terms.extend((0..20_000).map(|n| (format!("t{n}"), json!(format!("a:{n}")))));
    assert_eq!(
        refused("a long prefix", &json!({"@context": terms, "a:b": 1})),
        Kind::TooManyContexts
    );
}

/// What a short text of the document makes of a long one of its context, over and over, before any
/// statement is made of it.
#[test]
fn what_a_context_says_cannot_be_repeated_at_length() {
    let names = || (0..20_000).map(|n| format!("a{n}"));
    let map = |value: Value| {
        let members = names().map(|name| (name, value.clone()));
        Value::Object(members.collect())
    };
    let list: Vec<String> = names().collect();
    let with = |length: usize| {
        let (long, vocab) = (iri(length), json!({"@vocab": iri(length)}));
        let p = |member: &str, value: &str| json!({"@id": "u:p", (member): value});
        let both = |p: Value| json!({"@vocab": iri(length), "p": p});
        let mut nothing = map(Value::Null);
        nothing["@context"] = vocab.clone();
        nothing["u:p"] = json!(1);
        [
            (
                "texts",
                json!({"@context": both(p("@type", "@vocab")), "p": list}),
            ),
            ("types", json!({"@context": vocab, "@type": list})),
            (
                "typed values",
                json!({"@context": {"p": p("@type", &long)}, "p": list}),
            ),
            ("members without a value", nothing),
            (
                "an index",
                json!({"@context": both(p("@container", "@index")), "p": map(json!(1))}),
            ),
            (
                "keys",
                json!({"@context": both(p("@container", "@type")), "p": map(json!({}))}),
            ),
            ("a name", json!({(long): list})),
        ]
    };
    for (name, document) in with(500_000) {
        assert_eq!(refused(name, &document), Kind::TooLongName, "{name}");
    }
    for (name, document) in with(1_000) {
        let outcome = canonicalize(&document, &Limits::VERIFY);
        let refusal = outcome.map_err(|error| error.kind).err();
        let is_short = ["members without a value", "an index"].contains(&name);
        assert_eq!(refusal, (!is_short).then_some(Kind::TooLarge), "{name}");
    }
    let of_texts = "a".repeat(1_000);
    let grown = json!([
        {"@vocab": format!("u:{of_texts}")}, {"@vocab": of_texts}, {"@vocab": of_texts}
    ]);
    let chain =
        json!({"a": format!("u:{of_texts}:"), "b": format!("a:{of_texts}"), "@version": 1.1});
    let datatype = json!({"a": format!("u:{of_texts}:"), "b": {"@id": "u:b", "@type": format!("a:{of_texts}")}});
    for context in [grown, chain, datatype] {
        let document = json!({"@context": context, "u:p": 1});
        assert_eq!(refused("a text that grows", &document), Kind::TooLongName);
    }
}

#[test]
fn telling_blank_nodes_apart_costs_no_more_where_predicates_are_long() {
    let long = "a".repeat(500_000);
    let hubs = (0..2).fold(String::new(), |mut text, hub| {
        for leaf in 0..7 {
            writeln!(text, "_:hub{hub} <u:{long}> _:leaf{leaf} .").unwrap();
        }
        text
    });
    let outcome = timely("two hubs of a long predicate", AT_ONCE, || {
        canonicalize_nquads(&hubs, &Limits::VERIFY)
    });
    assert_eq!(kind(outcome), Kind::TooMuchWork);
}

#[test]
fn contexts_are_bounded_in_number_and_size() {
    let empty = json!({"@context": vec![json!({}); 1_001], "u:p": 1});
    assert_eq!(refused("1,001 contexts", &empty), Kind::TooManyContexts);
    let pinned = "https://w3id.org/security/multikey/v1";
    let repeated = json!({"@context": vec![pinned; 1_001], "u:p": 1});
    assert_eq!(
        refused("1,001 pinned contexts", &repeated),
        Kind::TooManyContexts
    );
    let terms: serde_json::Map<String, Value> = (0..60_000)
        .map(|n| (format!("t{n}"), json!("u:x")))
        .collect();
    assert_eq!(
        refused("60,000 terms", &json!({"@context": terms})),
        Kind::TooManyContexts
    );
    let chain: serde_json::Map<String, Value> = (0..5_000)
        .map(|n| (format!("t{n}"), json!(format!("t{}:x", n + 1))))
        .collect();
    assert_eq!(
        refused("5,000 terms in a chain", &json!({"@context": chain})),
        Kind::TooDeep
    );
    // A large context at the top, and a small one on each of many objects under it.
    let large: serde_json::Map<String, Value> = (0..20_000)
        .map(|n| (format!("t{n}"), json!("u:x")))
        .collect();
    let objects: Vec<Value> = (0..900)
        .map(|n| json!({"@context": {"own": format!("u:{n}")}, "own": 1}))
        .collect();
    let layered = json!({"@context": large, "t1": objects});
    let text = timely("900 contexts over 20,000 terms", SOON, || {
        canonicalize(&layered, &Limits::VERIFY)
    });
    assert_eq!(text.unwrap().lines().count(), 1_800);
}

#[test]
fn a_value_deeper_than_any_text_is_refused() {
    let deep = (0..2_000).fold(json!(1), |inner, _| Value::Array(vec![inner]));
    assert_eq!(refused("2,000 levels", &deep), Kind::TooDeep);
}

#[test]
fn the_deepest_document_that_is_read_does_not_exhaust_the_stack() {
    let nest = |open: &str, close: &str| format!("{}1{}", open.repeat(126), close.repeat(126));
    for text in [
        nest("{\"u:p\":", "}"),
        format!("{{\"u:p\":{}}}", nest("[", "]")),
        format!("{{\"@graph\":{}}}", nest("[", "]")),
        nest("{\"@graph\":", "}"),
        nest("{\"@included\":", "}"),
        nest("{\"@nest\":", "}"),
        nest("{\"@set\":", "}"),
        nest("{\"@list\":", "}"),
        nest("{\"@reverse\":", "}"),
        format!(
            "{{\"@context\":{{\"l\":{{\"@id\":\"u:l\",\"@container\":\"@list\"}}}},\"l\":{}}}",
            nest("[", "]")
        ),
        format!(
            "{{\"@context\":{},\"u:p\":1}}",
            nest("{\"a\":{\"@id\":\"u:a\",\"@context\":", "}}")
                .get(..)
                .map_or(String::new(), |_| format!(
                    "{}{{}}{}",
                    "{\"a\":{\"@id\":\"u:a\",\"@context\":".repeat(60),
                    "}}".repeat(60)
                ))
        ),
    ] {
        // A thread of the asynchronous runtime has two megabytes.
        let run = move || {
            let document = json::parse(text.as_bytes()).unwrap();
            canonicalize(&document, &Limits::VERIFY).is_ok()
        };
        std::thread::Builder::new()
            .stack_size(2 * 1024 * 1024)
            .spawn(run)
            .unwrap()
            .join()
            .unwrap();
    }
}
