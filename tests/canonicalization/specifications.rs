//! Examples of the specifications and cases of the W3C's test suites.
//!
//! From RDF Dataset Canonicalization (`w3c/rdf-canon`: the examples of §4.4 and test060 as far as its
//! IRIs are legal) and JSON-LD 1.1 (`w3c/json-ld-api`, `tests/toRdf`: named by number), both under the
//! W3C Test Suite License and the W3C 3-clause BSD License; those without a number were written
//! for this file after the clause they name. Their blank nodes are compared in canonical form.

use badgeons::openbadges::canonical::{Kind, Limits, canonicalize_nquads};
use serde_json::{Value, json};

use super::{refusal, verify};

const I18N: &str = "https://www.w3.org/ns/i18n#";
const XSD: &str = "http://www.w3.org/2001/XMLSchema#";
const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

fn nquads(text: &str) -> String {
    canonicalize_nquads(text, &Limits::VERIFY).unwrap()
}

/// Asserts that a document says what these statements say; `rdf:` and `xsd:` stand for their IRIs.
#[track_caller]
fn says(document: &Value, statements: &[&str]) {
    let text = statements.join("\n").replace("<rdf:", &format!("<{RDF}"));
    let text = text
        .replace("<xsd:", &format!("<{XSD}"))
        .replace("<i18n:", &format!("<{I18N}"));
    assert_eq!(verify(document).unwrap(), nquads(&text));
}

#[test]
fn rdfc_unique_hashes() {
    let text = "<http://example.com/#p> <http://example.com/#q> _:e0 .\n\
                <http://example.com/#p> <http://example.com/#r> _:e1 .\n\
                _:e0 <http://example.com/#s> <http://example.com/#u> .\n\
                _:e1 <http://example.com/#t> <http://example.com/#u> .\n";
    assert_eq!(nquads(text), text.replace("_:e", "_:c14n"));
}

#[test]
fn rdfc_shared_hashes() {
    let text = "<http://example.com/#p> <http://example.com/#q> _:e0 .\n\
                <http://example.com/#p> <http://example.com/#q> _:e1 .\n\
                _:e0 <http://example.com/#p> _:e2 .\n\
                _:e1 <http://example.com/#p> _:e3 .\n\
                _:e2 <http://example.com/#r> _:e3 .\n";
    assert_eq!(
        nquads(text),
        "<http://example.com/#p> <http://example.com/#q> _:c14n2 .\n\
         <http://example.com/#p> <http://example.com/#q> _:c14n3 .\n\
         _:c14n0 <http://example.com/#r> _:c14n1 .\n\
         _:c14n2 <http://example.com/#p> _:c14n1 .\n\
         _:c14n3 <http://example.com/#p> _:c14n0 .\n"
    );
}

#[test]
fn rdfc_test060_escapes() {
    let text = "<urn:ex:s:000:s\\u20701> <urn:ex:000:p\\u2070> <urn:ex:000:o\\u2070> <urn:ex:000:g\\u2070> .\n\
                <urn:ex:s:001> <urn:ex:000:empty> \"\" .\n\
                <urn:ex:s:001> <urn:ex:006:all> \"\\\"\\\\\\n\\r\" .\n\
                <urn:ex:s:001> <urn:ex:007:uchar> \"\\u0022\\u005c\" .\n\
                <urn:ex:s:001> <urn:ex:009> \"\\\\u0039\" .\n\
                <urn:ex:s:001> <urn:ex:015> \"\\u221e\" .\n\
                <urn:ex:s:003> <urn:ex:022> \"d\"^^<urn:ex:\\u0064\\u0074> .\n\
                <urn:ex:s:003> <urn:ex:026> \"\\U0001F303\" .\n\
                <urn:ex:s:004> <urn:ex:029> \"o\" <urn:ex:\\u221e> .\n\
                <urn:ex:s:004> <urn:ex:033> \"\\u0009\\u0020<>\\\"{}|^`\\\\\" .\n";
    assert_eq!(
        nquads(text),
        "<urn:ex:s:000:s⁰1> <urn:ex:000:p⁰> <urn:ex:000:o⁰> <urn:ex:000:g⁰> .\n\
         <urn:ex:s:001> <urn:ex:000:empty> \"\" .\n\
         <urn:ex:s:001> <urn:ex:006:all> \"\\\"\\\\\\n\\r\" .\n\
         <urn:ex:s:001> <urn:ex:007:uchar> \"\\\"\\\\\" .\n\
         <urn:ex:s:001> <urn:ex:009> \"\\\\u0039\" .\n\
         <urn:ex:s:001> <urn:ex:015> \"∞\" .\n\
         <urn:ex:s:003> <urn:ex:022> \"d\"^^<urn:ex:dt> .\n\
         <urn:ex:s:003> <urn:ex:026> \"🌃\" .\n\
         <urn:ex:s:004> <urn:ex:029> \"o\" <urn:ex:∞> .\n\
         <urn:ex:s:004> <urn:ex:033> \"\\t <>\\\"{}|^`\\\\\" .\n"
    );
}

#[test]
fn rdfc_a_statement_made_twice_is_one_statement() {
    let once = "_:a <u:p> _:b .\n_:b <u:q> \"x\" <u:g> .\n<u:s> <u:p> \"x\" .\n";
    assert_eq!(nquads(&format!("{once}{once}")), nquads(once));
}

#[test]
fn rdfc_lines_are_in_code_point_order() {
    // JavaScript sorts by UTF-16 code units, and would put 😀 first.
    let text = nquads("<u:s> <u:p> \"😀\" .\n<u:s> <u:p> \"\u{fb33}\" .");
    assert_eq!(text, "<u:s> <u:p> \"\u{fb33}\" .\n<u:s> <u:p> \"😀\" .\n");
}

#[test]
fn to_rdf_c039_a_type_scoped_context_of_an_embedded_context() {
    let document = json!({
        "@context": {"knows": "http://example.com/knows"}, "@id": "http://example.com/alice",
        "knows": {
            "@context": {"Person": {"@id": "http://example.com/Person", "@context": {"name": "http://example.com/name"}}},
            "@id": "http://example.com/jane", "@type": "Person", "name": "Jane"
        }
    });
    says(
        &document,
        &[
            "<http://example.com/alice> <http://example.com/knows> <http://example.com/jane> .",
            "<http://example.com/jane> <http://example.com/name> \"Jane\" .",
            "<http://example.com/jane> <rdf:type> <http://example.com/Person> .",
        ],
    );
}

#[test]
fn to_rdf_di13_direction_and_language_are_inherited() {
    let document = json!({
        "@context": {
            "@version": 1.1, "@language": "en", "@direction": "rtl",
            "publisher": {"@id": "http://example.com/publisher", "@context": {"name": "http://example.com/name"}}
        },
        "@id": "http://example.com/doc", "http://example.com/title": "outer",
        "publisher": {"@id": "http://example.com/org", "name": "inner"}
    });
    says(
        &document,
        &[
            "<http://example.com/doc> <http://example.com/publisher> <http://example.com/org> .",
            "<http://example.com/doc> <http://example.com/title> \"outer\"^^<i18n:en_rtl> .",
            "<http://example.com/org> <http://example.com/name> \"inner\"^^<i18n:en_rtl> .",
        ],
    );
}

#[test]
fn to_rdf_js24_a_json_literal_written_out() {
    let document =
        json!({"http://example.org/vocab#value": {"@value": ["JSON"], "@type": "@json"}});
    says(
        &document,
        &["_:b0 <http://example.org/vocab#value> \"[\\\"JSON\\\"]\"^^<rdf:JSON> ."],
    );
}

#[test]
fn a_type_scoped_context_ends_at_nested_objects_and_a_propagated_one_does_not() {
    let document = |propagate: bool| {
        json!({
            "@context": {"@vocab": "u:v#", "T": {"@context": {"@propagate": propagate, "p": "u:typed"}}},
            "@type": "T", "p": {"p": "x"}
        })
    };
    let nested = |predicate| ["_:a <rdf:type> <u:v#T> .", "_:a <u:typed> _:b .", predicate];
    says(&document(false), &nested("_:b <u:v#p> \"x\" ."));
    says(&document(true), &nested("_:b <u:typed> \"x\" ."));
}

#[test]
fn references_and_values_keep_the_type_scoped_context() {
    let document = json!({
        "@context": {"@vocab": "u:v#", "T": {"@context": {"x": "u:x#", "i": "@id", "v": "@value"}}},
        "@type": "T", "p": [{"i": "x:1"}, {"v": "x:1"}]
    });
    let refused = refusal(&json!({
        "@context": {"T": {"@id": "u:T", "@context": {"i": "@id", "p": "u:p"}}},
        "@type": "T", "p": {"i": "u:1", "u:q": 1}
    }));
    assert_eq!(
        (refused.0, refused.1.as_str()),
        (Kind::InvalidProperty, "/p/i")
    );
    says(
        &document,
        &[
            "_:a <rdf:type> <u:v#T> .",
            "_:a <u:v#p> <u:x#1> .",
            "_:a <u:v#p> \"x:1\" .",
        ],
    );
}

#[test]
fn types_bring_their_contexts_in_lexicographic_order() {
    let document = |types: [&str; 2]| {
        json!({
            "@context": {
                "A": {"@id": "u:A", "@context": {"p": "u:ofA"}}, "B": {"@id": "u:B", "@context": {"p": "u:ofB"}}
            },
            "@type": types, "p": "x"
        })
    };
    let statements = [
        "_:a <rdf:type> <u:A> .",
        "_:a <rdf:type> <u:B> .",
        "_:a <u:ofB> \"x\" .",
    ];
    says(&document(["A", "B"]), &statements);
    says(&document(["B", "A"]), &statements);
}

#[test]
fn a_property_scoped_context_may_redefine_what_is_protected_and_null_undoes_all() {
    let document = json!({
        "@context": {
            "@protected": true, "p": "u:p",
            "own": {"@id": "u:own", "@context": {"p": "u:other"}},
            "none": {"@id": "u:none", "@context": null}
        },
        "p": "x", "own": {"p": "y"}, "none": {"u:q": "z"}
    });
    says(
        &document,
        &[
            "_:a <u:p> \"x\" .",
            "_:a <u:own> _:b .",
            "_:b <u:other> \"y\" .",
            "_:a <u:none> _:c .",
            "_:c <u:q> \"z\" .",
        ],
    );
    let dropped = json!({"@context": {"p": "u:p", "none": {"@id": "u:none", "@context": null}}, "none": {"p": 1}});
    assert_eq!(refusal(&dropped).0, Kind::InvalidProperty);
}

#[test]
fn lists_are_chains_and_lists_of_lists_are_lists() {
    let chain = [
        "_:a <u:l> _:1 .",
        "_:1 <rdf:first> \"x\" .",
        "_:1 <rdf:rest> _:2 .",
        "_:2 <rdf:first> _:3 .",
        "_:2 <rdf:rest> <rdf:nil> .",
        "_:3 <rdf:first> \"y\" .",
        "_:3 <rdf:rest> <rdf:nil> .",
    ];
    let context = json!({"l": {"@id": "u:l", "@container": "@list"}});
    says(
        &json!({"@context": context, "l": ["x", null, ["y"]]}),
        &chain,
    );
    says(
        &json!({"@context": context, "l": ["x", {"@list": ["y"]}]}),
        &chain,
    );
    says(
        &json!({"@context": context, "l": {"@list": ["x", {"@set": ["y"]}]}}),
        &chain,
    );
    says(&json!({"u:l": {"@list": ["x", {"@list": ["y"]}]}}), &chain);
    says(
        &json!({"@context": context, "l": [[], null]}),
        &[
            "_:a <u:l> _:1 .",
            "_:1 <rdf:first> <rdf:nil> .",
            "_:1 <rdf:rest> <rdf:nil> .",
        ],
    );
    says(
        &json!({"@context": context, "l": "x"}),
        &[
            "_:a <u:l> _:1 .",
            "_:1 <rdf:first> \"x\" .",
            "_:1 <rdf:rest> <rdf:nil> .",
        ],
    );
}

#[test]
fn reverse_properties_swap_subject_and_object() {
    let statements = ["<u:b> <u:p> <u:a> ."];
    says(
        &json!({"@id": "u:a", "@reverse": {"u:p": {"@id": "u:b"}}}),
        &statements,
    );
    let context = json!({"r": {"@reverse": "u:p", "@type": "@id"}, "f": "u:p"});
    says(
        &json!({"@context": context, "@id": "u:a", "r": "u:b"}),
        &statements,
    );
    // Reversed twice.
    says(
        &json!({"@context": context, "@id": "u:b", "@reverse": {"r": "u:a"}}),
        &statements,
    );
}

#[test]
fn maps_by_language_index_identifier_and_type() {
    let context = json!({
        "@vocab": "u:v#",
        "lang": {"@container": ["@language", "@set"], "@direction": "ltr"}, "idx": {"@container": "@index"},
        "prop": {"@container": "@index", "@index": "key"}, "ref": {"@container": "@index", "@index": "who"},
        "who": {"@type": "@id"}, "ids": {"@container": "@id"}, "types": {"@container": "@type", "@type": "@vocab"}
    });
    says(
        &json!({"@context": context, "lang": {"FR-be": ["a", null], "@none": "b"}}),
        &[
            "_:a <u:v#lang> \"a\"^^<i18n:fr-be_ltr> .",
            "_:a <u:v#lang> \"b\"^^<i18n:_ltr> .",
        ],
    );
    says(
        &json!({"@context": context, "idx": {"k": ["a", 1]}}),
        &[
            "_:a <u:v#idx> \"a\" .",
            "_:a <u:v#idx> \"1\"^^<xsd:integer> .",
        ],
    );
    says(
        &json!({"@context": context, "prop": {"k": {"@id": "u:1"}, "@none": {"@id": "u:2"}}}),
        &[
            "_:a <u:v#prop> <u:1> .",
            "_:a <u:v#prop> <u:2> .",
            "<u:1> <u:v#key> \"k\" .",
        ],
    );
    says(
        &json!({"@context": context, "ref": {"u:k": {"@id": "u:1"}}}),
        &["_:a <u:v#ref> <u:1> .", "<u:1> <u:v#who> <u:k> ."],
    );
    says(
        &json!({"@context": context, "ids": {"u:1": {"p": 1}, "@none": {"p": 2}}}),
        &[
            "_:a <u:v#ids> <u:1> .",
            "<u:1> <u:v#p> \"1\"^^<xsd:integer> .",
            "_:a <u:v#ids> _:b .",
            "_:b <u:v#p> \"2\"^^<xsd:integer> .",
        ],
    );
    says(
        &json!({"@context": context, "types": {"T": ["u:1", {"@type": "U"}], "@none": "u:2"}}),
        &[
            "_:a <u:v#types> <u:1> .",
            "<u:1> <rdf:type> <u:v#T> .",
            "_:a <u:v#types> <u:2> .",
            "_:a <u:v#types> _:b .",
            "_:b <rdf:type> <u:v#T> .",
            "_:b <rdf:type> <u:v#U> .",
        ],
    );
}

#[test]
fn graphs_are_named_by_their_node() {
    says(
        &json!({"@id": "u:g", "u:p": 1, "@graph": [{"@id": "u:a", "u:q": true}]}),
        &[
            "<u:g> <u:p> \"1\"^^<xsd:integer> .",
            "<u:a> <u:q> \"true\"^^<xsd:boolean> <u:g> .",
        ],
    );
    // Only a graph, and nothing else: the default graph.
    says(
        &json!({"@graph": {"@id": "u:a", "u:q": "x"}}),
        &["<u:a> <u:q> \"x\" ."],
    );
    says(
        &json!([{"@graph": {"@id": "u:a", "u:q": "x"}}]),
        &["<u:a> <u:q> \"x\" _:g ."],
    );
    let context = json!({
        "g": {"@id": "u:g", "@container": "@graph"}, "i": {"@id": "u:i", "@container": ["@graph", "@id"]},
        "x": {"@id": "u:x", "@container": ["@graph", "@index"]}
    });
    let inner = json!({"@id": "u:a", "u:q": "x"});
    says(
        &json!({"@context": context, "g": inner}),
        &["_:a <u:g> _:g .", "<u:a> <u:q> \"x\" _:g ."],
    );
    says(
        &json!({"@context": context, "x": {"k": {"@graph": inner}}}),
        &["_:a <u:x> _:g .", "<u:a> <u:q> \"x\" _:g ."],
    );
    // Step 13.12: a graph in a graph container is a graph in a graph, the outer one empty.
    says(
        &json!({"@context": context, "g": {"@graph": inner}}),
        &["_:a <u:g> _:outer .", "<u:a> <u:q> \"x\" _:inner ."],
    );
    says(
        &json!({"@context": context, "i": {"u:n": inner}}),
        &["_:a <u:i> <u:n> .", "<u:a> <u:q> \"x\" <u:n> ."],
    );
    says(
        &json!({"@context": context, "x": {"k": inner}}),
        &["_:a <u:x> _:g .", "<u:a> <u:q> \"x\" _:g ."],
    );
}

#[test]
fn included_and_nested_members() {
    says(
        &json!({"@id": "u:a", "u:p": "x", "@included": [{"@id": "u:b", "u:q": "y"}]}),
        &["<u:a> <u:p> \"x\" .", "<u:b> <u:q> \"y\" ."],
    );
    let context = json!({"n": {"@id": "@nest", "@context": {"p": "u:nested"}}, "p": "u:p"});
    says(
        &json!({"@context": context, "p": "x", "n": [{"@id": "u:a", "p": "y"}, {"@nest": {"p": "z"}}]}),
        &[
            "<u:a> <u:p> \"x\" .",
            "<u:a> <u:nested> \"y\" .",
            "<u:a> <u:nested> \"z\" .",
        ],
    );
}

#[test]
fn coercion_follows_the_definition() {
    let context = json!({
        "@vocab": "u:v#", "@language": "br", "p": "u:ns#",
        "id": {"@type": "@id"}, "vocab": {"@type": "@vocab"}, "none": {"@type": "@none"},
        "plain": {"@language": null}, "fr": {"@language": "FR"}, "date": {"@type": "u:date"}, "json": {"@type": "@json"}
    });
    says(
        &json!({"@context": context, "id": ["p:a", 1], "vocab": ["a", "p:a"]}),
        &[
            "_:a <u:v#id> <u:ns#a> .",
            "_:a <u:v#id> \"1\"^^<xsd:integer> .",
            "_:a <u:v#vocab> <u:v#a> .",
            "_:a <u:v#vocab> <u:ns#a> .",
        ],
    );
    says(
        &json!({"@context": context, "none": "x", "plain": "x", "fr": "x", "date": ["x", 1, true]}),
        &[
            "_:a <u:v#none> \"x\"@br .",
            "_:a <u:v#plain> \"x\" .",
            "_:a <u:v#fr> \"x\"@fr .",
            "_:a <u:v#date> \"x\"^^<u:date> .",
            "_:a <u:v#date> \"1\"^^<u:date> .",
            "_:a <u:v#date> \"true\"^^<u:date> .",
        ],
    );
    says(
        &json!({"@context": context, "json": [null, {"b": 1, "a": 2}]}),
        &["_:a <u:v#json> \"[null,{\\\"a\\\":2,\\\"b\\\":1}]\"^^<rdf:JSON> ."],
    );
}

#[test]
fn value_objects() {
    says(
        &json!({"u:p": [
            {"@value": "x", "@type": "http://www.w3.org/2001/XMLSchema#string"},
            {"@value": "x", "@language": "FR"}, {"@value": "x", "@direction": "rtl", "@index": "i"},
            {"@value": 2, "@type": "http://www.w3.org/2001/XMLSchema#double"}, {"@value": null, "@type": "@json"}
        ]}),
        &[
            "_:a <u:p> \"x\" .",
            "_:a <u:p> \"x\"@fr .",
            "_:a <u:p> \"x\"^^<i18n:_rtl> .",
            "_:a <u:p> \"2.0E0\"^^<xsd:double> .",
            "_:a <u:p> \"null\"^^<rdf:JSON> .",
        ],
    );
}

#[test]
fn compact_iris_want_a_prefix() {
    let context = json!({
        "ok": "u:ok#", "not": "u:not", "told": {"@id": "u:told", "@prefix": true},
        "object": {"@id": "u:object#"}, "ok:both": {"@type": "@id"}
    });
    says(
        &json!({"@context": context, "ok:p": 1.5, "not:p": "x", "told:p": "x", "object:p": "x", "ok:both": "ok://x"}),
        &[
            "_:a <u:ok#p> \"1.5E0\"^^<xsd:double> .",
            "_:a <not:p> \"x\" .",
            "_:a <u:toldp> \"x\" .",
            "_:a <object:p> \"x\" .",
            "_:a <u:ok#both> <ok://x> .",
        ],
    );
}
