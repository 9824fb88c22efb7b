//! Where a value stands, which decides how it is read (JSON-LD 1.1 API §5.1: `active property`).

use std::sync::Arc;

use super::context::{Container, Context, Definition};

/// Where a value stands: the active property, and what the algorithm passes along with it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) property: Property<'a>,
    /// Directly inside a list.
    pub(super) in_list: bool,
    /// The value of an entry of an index, id or type map (`from map`).
    pub(super) from_map: bool,
    /// The property's definition in the context of that number, where it was looked up before.
    known: Option<(u64, &'a Definition)>,
}

/// The active property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Property<'a> {
    /// None: the top of the document.
    Root,
    Graph,
    Reverse,
    Named(&'a str),
}

impl<'a> Place<'a> {
    /// The value of a property.
    pub(super) fn of(property: Property<'a>) -> Self {
        Self {
            property,
            in_list: false,
            from_map: false,
            known: None,
        }
    }

    /// The same for a property whose definition in a context is at hand.
    pub(super) fn defined(self, active: &Context, definition: &'a Definition) -> Self {
        Self {
            known: Some((active.id, definition)),
            ..self
        }
    }

    /// The same for an entry of a map.
    pub(super) fn mapped(self) -> Self {
        Self {
            from_map: true,
            ..self
        }
    }

    /// The same for what is inside a `@list`, or else a `@set`.
    pub(super) fn contained(self, in_list: bool) -> Self {
        Self {
            in_list,
            from_map: false,
            ..self
        }
    }

    /// The same for what is nested under another name.
    pub(super) fn nested(self, name: &'a str) -> Self {
        Self {
            property: Property::Named(name),
            known: None,
            ..self
        }
    }

    /// Whether what stands here belongs to nothing, and is dropped if it is no node that says
    /// something.
    pub(super) fn is_free(self) -> bool {
        matches!(self.property, Property::Root | Property::Graph) && !self.in_list
    }

    /// The active property's definition.
    pub(super) fn definition<'c>(self, context: &'c Context) -> Option<&'c Definition>
    where
        'a: 'c,
    {
        match (self.property, self.known) {
            (_, Some((id, definition))) if id == context.id => Some(definition),
            (Property::Named(name), _) => context.term(name).map(Arc::as_ref),
            _ => None,
        }
    }

    /// The active property's container.
    pub(super) fn container(self, context: &Context) -> Container {
        self.definition(context)
            .map(|definition| definition.container)
            .unwrap_or_default()
    }
}
