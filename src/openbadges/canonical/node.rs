//! What expansion makes of a document: nodes, literals and lists.

use super::dataset::{Term, Text};

/// A member of an expanded document (JSON-LD 1.1 §9): node object, value object or list object.
#[derive(Debug)]
pub(super) enum Item {
    Node(Node),
    Literal(Text),
    List(Vec<Item>),
}

/// A node object.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// Its `@id`; a blank node of its own where there is none.
    pub(super) id: Option<Term>,
    /// Its types and properties, and those reversed.
    pub(super) statements: Vec<Statement>,
    /// The content of its `@graph`.
    pub(super) graph: Option<Vec<Item>>,
    /// The nodes of its `@included`.
    pub(super) included: Vec<Item>,
    /// Whether it had any member besides `@id` that is not dropped, an empty one for instance.
    pub(super) populated: bool,
    /// What it says, where that was prepared: the number of the part. It has nothing else then.
    pub(super) part: Option<usize>,
}

/// A property of a node, or a type.
#[derive(Debug)]
pub(super) struct Statement {
    /// Whether the node is the object and the value the subject.
    pub(super) reverse: bool,
    pub(super) predicate: Text,
    pub(super) value: Item,
}

impl Node {
    /// A reference to a node, without anything said about it.
    pub(super) fn reference(id: Term) -> Self {
        Self {
            id: Some(id),
            ..Self::default()
        }
    }

    /// A node that was expanded before.
    pub(super) fn prepared(part: usize) -> Self {
        Self {
            populated: true,
            part: Some(part),
            ..Self::default()
        }
    }

    /// Whether nothing is said about the node.
    pub(super) fn is_bare(&self) -> bool {
        self.statements.is_empty()
            && self.included.is_empty()
            && self.graph.is_none()
            && !self.populated
    }

    /// Whether it is a graph object: a graph, perhaps its name, and nothing more.
    pub(super) fn is_graph(&self) -> bool {
        self.graph.is_some() && self.statements.is_empty() && self.included.is_empty()
    }
}
