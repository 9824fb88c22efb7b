//! Parts that many documents share, expanded once for all of them.
//!
//! A thousand credentials of one achievement differ in little. What a member of one document was
//! expanded to is what the same member of another one says, if nothing is different that expansion
//! looks at: the member's name, the context it is read with, and its value, which is compared whole.
//! Nothing is kept by a name that somebody could give to something else, so that what was prepared
//! cannot be taken for what it is not; what is not recognised is expanded as ever.
//!
//! Only what depends on nothing else is prepared: an object of pinned contexts, without a context of
//! its own and without labels of blank nodes, which the rest of a document could use.

use std::sync::Arc;

use serde_json::Value;

use super::context::Context;
use super::dataset::{Dataset, Quad, Term};
use super::error::{Error, Path};
use super::expand::Expander;
use super::limits::Limits;
use super::node::Item;
use super::rdfc::{self, Hash};
use super::to_rdf;
use crate::openbadges::json::is_same;

/// Parts of documents, and what they were expanded to.
#[derive(Default)]
pub struct Prepared {
    text: String,
    parts: Vec<(Found, Part)>,
}

/// A member of a document, and the context it is read with.
struct Found {
    active: Arc<Context>,
    name: Box<str>,
    value: Value,
}

/// The statements of one object. Its blank nodes are numbered from 0.
#[derive(Debug)]
pub(super) struct Part {
    /// What stands for it.
    pub(super) root: Term,
    pub(super) quads: Vec<Quad>,
    pub(super) blanks: u32,
    /// First-degree hashes of the blank nodes that nothing outside refers to.
    pub(super) hashed: Vec<(u32, Hash)>,
}

// What is signed speaks of people: not in logs.
impl std::fmt::Debug for Prepared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Prepared").finish_non_exhaustive()
    }
}

impl Prepared {
    /// Prepares the members of these names, wherever a document has them.
    ///
    /// # Errors
    /// Those of [`canonicalize`](super::canonicalize), but for telling blank nodes apart.
    pub fn of(document: &Value, members: &[&str], limits: &Limits) -> Result<Self, Error> {
        limits.check(document)?;
        let mut reader = Expander::new(limits);
        reader.wanted = Some(Wanted {
            members,
            found: Vec::new(),
        });
        reader.document(document)?;
        let found = reader.wanted.map(|wanted| wanted.found).unwrap_or_default();
        let mut prepared = Self::default();
        for found in found {
            prepared.add(found, limits)?;
        }
        Ok(prepared)
    }

    /// Expands one part by itself, after the texts of those before it.
    fn add(&mut self, found: Found, limits: &Limits) -> Result<(), Error> {
        let mut expander = Expander::new(limits);
        expander.data = Dataset::beginning_with(&self.text);
        let definition = found.active.term(&found.name).map(Arc::as_ref);
        let mut items = Vec::new();
        let member = (&*found.name, &found.value);
        expander.values(&found.active, member, definition, &Path::ROOT, &mut items)?;
        let (Some(Item::Node(node)), true) = (items.pop(), items.is_empty()) else {
            return Ok(());
        };
        let (root, data) = to_rdf::node_to_rdf(node, expander.data, limits)?;
        if data.has_labels() {
            return Ok(());
        }
        let (quads, blanks) = (data.quads.clone(), data.blanks());
        data.all_text().clone_into(&mut self.text);
        // What refers to the root is in no part.
        let is_inner = |blank| !matches!(root, Term::Blank(root) if root == blank);
        let hashed = (0..).zip(rdfc::first_degree(data, limits)?);
        let hashed = hashed.filter(|(blank, _)| is_inner(*blank)).collect();
        let part = Part {
            root,
            quads,
            blanks,
            hashed,
        };
        self.parts.push((found, part));
        Ok(())
    }

    /// The texts all its statements are made of.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The number of the part that this member is.
    pub(super) fn find(&self, active: &Context, member: (&str, &Value)) -> Option<usize> {
        self.parts
            .iter()
            .position(|(found, _)| found.is(active, member))
    }

    /// The part with that number.
    pub(super) fn part(&self, number: usize) -> Option<&Part> {
        self.parts.get(number).map(|(_, part)| part)
    }
}

impl Found {
    fn is(&self, active: &Context, (name, value): (&str, &Value)) -> bool {
        self.active.id == active.id && *self.name == *name && is_same(&self.value, value)
    }
}

/// Members to be prepared, while a document that has them is expanded.
pub(super) struct Wanted<'w> {
    members: &'w [&'w str],
    found: Vec<Found>,
}

impl std::fmt::Debug for Wanted<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wanted").finish_non_exhaustive()
    }
}

impl Wanted<'_> {
    /// Keeps a member in mind, if it is one of those and can be prepared.
    pub(super) fn note(&mut self, active: &Arc<Context>, (name, value): (&str, &Value)) {
        let is_wanted = self.members.contains(&name)
            && active.pinned
            && value.is_object()
            && !has_context(value)
            && !self
                .found
                .iter()
                .any(|found| found.is(active, (name, value)));
        if is_wanted {
            self.found.push(Found {
                active: Arc::clone(active),
                name: name.into(),
                value: value.clone(),
            });
        }
    }
}

/// Whether an object, or one inside it, has a context of its own.
fn has_context(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(has_context),
        Value::Object(members) => members
            .iter()
            .any(|(name, member)| name == "@context" || has_context(member)),
        _ => false,
    }
}
