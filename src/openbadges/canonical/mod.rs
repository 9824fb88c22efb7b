//! JSON-LD 1.1 to RDF, and RDF Dataset Canonicalization (RDFC-1.0): the bytes that are signed.
//!
//! In safe mode, and with pinned contexts only: what would be dropped, is relative, or would have to
//! be fetched is an error that says where. Files follow the steps of the specifications:
//!
//! 1. `contexts`, `cache`, `process`, `define`, `mappings`, `context`: what terms mean (JSON-LD 1.1
//!    API §4, §5.2);
//! 2. `expand`, `place`, `members`, `values`, `literal`: what a document says (§5), as a tree of `node`s whose
//!    terms are written at once, so that each step can be found and nothing is built twice;
//! 3. `to_rdf`, `dataset`, `nquads`: as statements (§8; N-Quads);
//! 4. `rdfc`, `ndegree`: in canonical form (RDFC-1.0); `known`: without it, for readers of JSON;
//! 5. `prepared`: parts that many documents share, expanded once.
//!
//! Nothing of badges is known here. To pin another context, see `contexts`. [`Limits`] bound the work.
//!
//! jsonld.js gives the same bytes, but where it departs from the specifications: some numbers below
//! 1e-6, texts typed `xsd:double`, a default `@direction` in nested contexts, contexts of `@nest` aliases,
//! statements made twice, lines beyond the basic plane. We refuse `@base`, `@import` and IRIs with
//! characters no IRI may hold, which it accepts.

#![cfg_attr(
    not(test),
    deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)
)]

mod cache;
mod context;
mod contexts;
mod dataset;
mod define;
mod error;
mod expand;
mod iri;
mod keyword;
mod known;
mod limits;
mod literal;
mod mappings;
mod members;
mod ndegree;
mod node;
mod nquads;
mod place;
mod prepared;
mod process;
mod rdfc;
mod to_rdf;
mod values;

use serde_json::{Map, Value};

pub use error::{Error, Kind};
pub use known::{is_as_known, is_known};
pub use limits::Limits;
pub use prepared::Prepared;

use expand::Expander;

/// The canonical N-Quads (RDFC-1.0) of a JSON-LD document, in safe mode.
pub fn canonicalize(document: &Value, limits: &Limits) -> Result<String, Error> {
    limits.check(document)?;
    let mut expander = Expander::new(limits);
    let items = expander.document(document)?;
    rdfc::canonicalize(to_rdf::to_rdf(items, expander.data, limits)?, limits)
}

/// The same, where parts of the document may have been prepared: the same bytes, sooner.
pub fn canonicalize_prepared(
    document: &Value,
    prepared: &Prepared,
    limits: &Limits,
) -> Result<String, Error> {
    limits.check(document)?;
    let mut expander = Expander::with_parts(prepared, limits);
    let items = expander.document(document)?;
    let data = to_rdf::to_rdf_with_parts(items, expander.data, Some(prepared), limits)?;
    rdfc::canonicalize(data, limits)
}

/// The canonical N-Quads of an object read with the `@context` of another one: what a proof's options
/// are signed as (VC-DI-EDDSA §3.2.5), without copying either.
pub fn canonicalize_with_context(
    context: &Value,
    object: &Map<String, Value>,
    limits: &Limits,
) -> Result<String, Error> {
    limits.check_context(context)?;
    limits.check_members(object)?;
    let mut expander = Expander::new(limits);
    let items = expander.with_context(context, object)?;
    rdfc::canonicalize(to_rdf::to_rdf(items, expander.data, limits)?, limits)
}

/// What a JSON-LD document says in words of pinned contexts: its statements of these, sorted, blank
/// nodes all written `_:z`.
pub fn known_statements(document: &Value, limits: &Limits) -> Result<Vec<String>, Error> {
    limits.check(document)?;
    let mut expander = Expander::new(limits);
    let items = expander.document(document)?;
    Ok(known::statements(&to_rdf::to_rdf(
        items,
        expander.data,
        limits,
    )?))
}

/// The canonical form (RDFC-1.0) of a document of N-Quads.
pub fn canonicalize_nquads(text: &str, limits: &Limits) -> Result<String, Error> {
    rdfc::canonicalize(nquads::parse(text, limits)?, limits)
}

/// The canonical JSON (RFC 8785) of a value.
pub fn jcs(value: &Value) -> Result<Vec<u8>, Error> {
    literal::json(value, &error::Path::ROOT).map(String::into_bytes)
}
