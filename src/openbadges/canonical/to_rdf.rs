//! Deserializing to RDF (JSON-LD 1.1 API §8.1 and §8.2).
//!
//! Expansion has refused what is relative and has written the terms, so nothing can be wrong any
//! more; only the number of statements is bounded.

use super::dataset::{Dataset, Quad, Term, Text};
use super::error::{Error, Kind, Path};
use super::limits::Limits;
use super::node::{Item, Node};
use super::prepared::Prepared;

const RDF_FIRST: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#first";
const RDF_REST: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest";
const RDF_NIL: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil";

/// Makes the statements of an expanded document.
pub(super) fn to_rdf(items: Vec<Item>, data: Dataset, limits: &Limits) -> Result<Dataset, Error> {
    to_rdf_with_parts(items, data, None, limits)
}

/// The same for a document of which parts were prepared.
pub(super) fn to_rdf_with_parts(
    items: Vec<Item>,
    data: Dataset,
    prepared: Option<&Prepared>,
    limits: &Limits,
) -> Result<Dataset, Error> {
    let mut builder = Builder {
        data,
        lists: None,
        prepared,
        limits,
    };
    for item in items {
        builder.item(item, None)?;
    }
    Ok(builder.data)
}

/// The statements of one node, and the term that stands for it.
pub(super) fn node_to_rdf(
    node: Node,
    data: Dataset,
    limits: &Limits,
) -> Result<(Term, Dataset), Error> {
    let mut builder = Builder {
        data,
        lists: None,
        prepared: None,
        limits,
    };
    let root = builder.node(node, None)?;
    Ok((root, builder.data))
}

struct Builder<'l> {
    data: Dataset,
    lists: Option<Lists>,
    prepared: Option<&'l Prepared>,
    limits: &'l Limits,
}

/// The IRIs lists are made of.
#[derive(Clone, Copy)]
struct Lists {
    first: Text,
    rest: Text,
    nil: Text,
}

impl Builder<'_> {
    /// §8.2: makes the statements an item holds and returns the term that stands for it.
    fn item(&mut self, item: Item, graph: Option<Term>) -> Result<Term, Error> {
        match item {
            Item::Literal(text) => Ok(Term::Text(text)),
            Item::Node(node) => self.node(node, graph),
            Item::List(items) => self.list(items, graph),
        }
    }

    fn node(&mut self, node: Node, graph: Option<Term>) -> Result<Term, Error> {
        if let Some(part) = node.part {
            return self.part(part, graph);
        }
        let id = match node.id {
            Some(id) => id,
            None => self.data.fresh(),
        };
        for statement in node.statements {
            let value = self.item(statement.value, graph)?;
            let (subject, object) = if statement.reverse {
                (value, id)
            } else {
                (id, value)
            };
            self.push(Quad {
                subject,
                predicate: statement.predicate,
                object,
                graph,
            })?;
        }
        for item in node.graph.into_iter().flatten() {
            self.item(item, Some(id))?;
        }
        for item in node.included {
            self.item(item, graph)?;
        }
        Ok(id)
    }

    /// The statements of a node that was prepared.
    fn part(&mut self, number: usize, graph: Option<Term>) -> Result<Term, Error> {
        let Some(part) = self.prepared.and_then(|prepared| prepared.part(number)) else {
            debug_assert!(false, "a part is of what was prepared");
            return Err(Path::ROOT.fault(Kind::InvalidValue));
        };
        let first = self.data.fresh_ones(part.blanks);
        for quad in &part.quads {
            self.push(quad.moved(first, graph))?;
        }
        // In another graph the same statements have other hashes.
        if graph.is_none() {
            let hashed = part.hashed.iter();
            let moved = hashed.map(|(blank, hash)| (blank.saturating_add(first), *hash));
            self.data.hashed.extend(moved);
        }
        Ok(part.root.moved(first))
    }

    /// §8.3: a list is a chain of blank nodes.
    fn list(&mut self, items: Vec<Item>, graph: Option<Term>) -> Result<Term, Error> {
        let Lists { first, rest, nil } = self.lists()?;
        let mut head = Term::Text(nil);
        for item in items.into_iter().rev() {
            let object = self.item(item, graph)?;
            let subject = self.data.fresh();
            self.push(Quad {
                subject,
                predicate: first,
                object,
                graph,
            })?;
            self.push(Quad {
                subject,
                predicate: rest,
                object: head,
                graph,
            })?;
            head = subject;
        }
        Ok(head)
    }

    fn lists(&mut self) -> Result<Lists, Error> {
        if let Some(lists) = self.lists {
            return Ok(lists);
        }
        let mut iri = |iri| {
            self.data
                .iri(iri)
                .map_err(|_| Path::ROOT.error(Kind::InvalidIri, iri))
        };
        let lists = Lists {
            first: iri(RDF_FIRST)?,
            rest: iri(RDF_REST)?,
            nil: iri(RDF_NIL)?,
        };
        self.lists = Some(lists);
        Ok(lists)
    }

    fn push(&mut self, quad: Quad) -> Result<(), Error> {
        if self.data.quads.len() >= self.limits.quads {
            return Err(Path::ROOT.fault(Kind::TooManyQuads));
        }
        self.data.quads.push(quad);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_statements_is_bounded() {
        let list = |length| {
            let mut data = Dataset::default();
            let text = data.iri("u:x").unwrap();
            let items = (0..length).map(|_| Item::Literal(text)).collect();
            to_rdf(
                vec![Item::List(items)],
                data,
                &Limits {
                    quads: 4,
                    ..Limits::VERIFY
                },
            )
        };
        assert_eq!(list(2).unwrap().quads.len(), 4);
        assert_eq!(list(3).unwrap_err().kind, Kind::TooManyQuads);
    }
}
