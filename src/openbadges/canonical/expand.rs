//! Expansion (JSON-LD 1.1 API §5.1): what each member of a document means.
//!
//! Safe mode: whatever the algorithm would drop or leave relative is an error. The terms of the
//! result are written to the dataset at once; its nodes are kept as a tree (`node`), so that each
//! step of the algorithm can be found here, and the graph is made of it afterwards.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::context::{Container, Context, Meaning};
use super::dataset::{Dataset, Term, Text, Unwritable};
use super::error::{Error, Kind, Path};
use super::keyword::Keyword;
use super::limits::Limits;
use super::node::{Item, Node};
use super::place::{Place, Property};
use super::prepared::{Prepared, Wanted};
use super::process::{Purpose, Resolver};
use super::{cache, iri};

/// Expands one document.
#[derive(Debug)]
pub(super) struct Expander<'l> {
    pub(super) resolver: Resolver<'l>,
    pub(super) data: Dataset,
    pub(super) limits: &'l Limits,
    pub(super) rdf_type: Option<Text>,
    /// An empty list with room for values.
    pub(super) spare: Vec<Item>,
    /// What was expanded before; its texts are the first of `data`.
    pub(super) prepared: Option<&'l Prepared>,
    /// Which members are to be prepared, and where they were found.
    pub(super) wanted: Option<Wanted<'l>>,
}

/// What stays the same while the members of one object are expanded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame<'f> {
    pub(super) active: &'f Arc<Context>,
    pub(super) type_scoped: &'f Arc<Context>,
    pub(super) place: Place<'f>,
    /// Whether the object's type is `@json` (`input type`).
    pub(super) json: bool,
}

/// What the members of one object were found to be (`result`).
#[derive(Debug, Default)]
pub(super) struct Found<'v> {
    pub(super) node: Node,
    /// How many of the node's statements are types.
    pub(super) types: usize,
    /// `@type: @json`.
    pub(super) json: bool,
    pub(super) value: Option<&'v Value>,
    pub(super) language: Option<&'v str>,
    pub(super) direction: Option<&'v str>,
    pub(super) list: Option<Vec<Item>>,
    pub(super) set: Option<Vec<Item>>,
    pub(super) reverse: bool,
    pub(super) index: bool,
}

impl<'l> Expander<'l> {
    pub(super) fn new(limits: &'l Limits) -> Self {
        let (resolver, data) = (Resolver::new(limits), Dataset::default());
        Self {
            resolver,
            data,
            limits,
            rdf_type: None,
            spare: Vec::new(),
            prepared: None,
            wanted: None,
        }
    }

    /// For a document that may have parts that were prepared.
    pub(super) fn with_parts(prepared: &'l Prepared, limits: &'l Limits) -> Self {
        Self {
            data: Dataset::beginning_with(prepared.text()),
            prepared: Some(prepared),
            ..Self::new(limits)
        }
    }

    /// Expands a whole document.
    pub(super) fn document(&mut self, document: &Value) -> Result<Vec<Item>, Error> {
        let mut items = Vec::new();
        let place = Place::of(Property::Root);
        self.expand(&cache::initial(), place, document, &Path::ROOT, &mut items)?;
        Ok(if document.is_object() {
            default_graph(items)
        } else {
            items
        })
    }

    /// Expands an object as if `@context` were its own.
    pub(super) fn with_context(
        &mut self,
        context: &Value,
        object: &Map<String, Value>,
    ) -> Result<Vec<Item>, Error> {
        let mut items = Vec::new();
        let place = Place::of(Property::Root);
        let initial = cache::initial();
        self.object(
            &initial,
            place,
            Some(context),
            object,
            &Path::ROOT,
            &mut items,
        )?;
        Ok(default_graph(items))
    }

    /// The algorithm of §5.1.2. Returns whether the result is an array rather than one item.
    pub(super) fn expand(
        &mut self,
        active: &Arc<Context>,
        place: Place<'_>,
        element: &Value,
        path: &Path<'_>,
        out: &mut Vec<Item>,
    ) -> Result<bool, Error> {
        match element {
            Value::Null => Ok(false),
            Value::Array(elements) => {
                self.array(active, place, elements, path, out)?;
                Ok(true)
            }
            Value::Object(map) => self.object(active, place, map.get("@context"), map, path, out),
            scalar => {
                if place.is_free() {
                    return Err(path.error(Kind::FreeFloatingScalar, &shown(scalar)));
                }
                // Step 4.2: a property's context holds for its scalars too.
                let scoped = place
                    .definition(active)
                    .and_then(|term| term.scoped.as_ref());
                let item = match scoped {
                    None => self.scalar(active, place, scalar, path)?,
                    Some(scoped) => {
                        let own =
                            self.resolver
                                .scoped(active, scoped, Purpose::OfProperty, path)?;
                        self.scalar(&own, place, scalar, path)?
                    }
                };
                out.push(item);
                Ok(false)
            }
        }
    }

    /// Step 5: arrays are flattened, but for lists of lists.
    fn array(
        &mut self,
        active: &Arc<Context>,
        place: Place<'_>,
        elements: &[Value],
        path: &Path<'_>,
        out: &mut Vec<Item>,
    ) -> Result<(), Error> {
        // The specification makes inner arrays lists where the property is a list container, and
        // jsonld.js inside an explicit `@list` as well.
        let in_list = place.in_list || place.container(active).has(Container::LIST);
        for (index, element) in elements.iter().enumerate() {
            let at = path.item(index);
            if in_list {
                let mut inner = Vec::new();
                if self.expand(active, place, element, &at, &mut inner)? {
                    out.push(Item::List(inner));
                } else {
                    out.append(&mut inner);
                }
            } else {
                self.expand(active, place, element, &at, out)?;
            }
            self.check_size(&at)?;
        }
        Ok(())
    }

    /// Steps 7 to 20: objects.
    pub(super) fn object(
        &mut self,
        active: &Arc<Context>,
        place: Place<'_>,
        context: Option<&Value>,
        map: &Map<String, Value>,
        path: &Path<'_>,
        out: &mut Vec<Item>,
    ) -> Result<bool, Error> {
        let property_scoped = place
            .definition(active)
            .and_then(|term| term.scoped.as_ref());
        // Step 7: what a type defined does not hold in nested objects.
        let mut own = match &active.previous {
            Some(previous) if !place.from_map && !keeps_types_context(active, map) => previous,
            _ => active,
        }
        .clone();
        // Steps 8 and 9.
        if let Some(scoped) = property_scoped {
            own = self
                .resolver
                .scoped(&own, scoped, Purpose::OfProperty, path)?;
        }
        if let Some(local) = context {
            own = self
                .resolver
                .embedded(&own, local, &path.member("@context"))?;
        }
        // Steps 10 to 12.
        let type_scoped = own;
        let mut active = Arc::clone(&type_scoped);
        let mut json = None;
        for (name, value) in type_members(&type_scoped, map) {
            let at = path.member(name);
            let types = sorted_types(value);
            for name in &types {
                if let Some(scoped) = type_scoped.term(name).and_then(|term| term.scoped.as_ref()) {
                    active = self
                        .resolver
                        .scoped(&active, scoped, Purpose::OfType, &at)?;
                }
            }
            let last = || types.last().map(|name| active.meaning(name));
            json.get_or_insert_with(|| last() == Some(Meaning::Keyword(Keyword::Json)));
        }
        // Steps 13 and 14.
        let frame = Frame {
            active: &active,
            type_scoped: &type_scoped,
            place,
            json: json.unwrap_or_default(),
        };
        let mut found = Found::default();
        self.members(&frame, map, path, &mut found)?;
        self.finish(&active, place, found, path, out)
    }

    /// Steps 15 to 20: what the object is, and whether it may be that here.
    fn finish(
        &mut self,
        active: &Context,
        place: Place<'_>,
        found: Found<'_>,
        path: &Path<'_>,
        out: &mut Vec<Item>,
    ) -> Result<bool, Error> {
        if found.value.is_some() {
            if !found.is_value() {
                return Err(path.fault(Kind::InvalidValueObject));
            }
            let literal = self.value_object(&found, path)?;
            if place.is_free() {
                return Err(path.fault(Kind::OnlyValue));
            }
            out.push(Item::Literal(literal));
            return Ok(false);
        }
        if found.language.is_some() || found.direction.is_some() {
            return Err(path.fault(Kind::OnlyLanguage));
        }
        if found.list.is_some() || found.set.is_some() {
            if !found.is_set_or_list() {
                return Err(path.fault(Kind::InvalidSetOrList));
            }
            if let Some(mut items) = found.set {
                out.append(&mut items);
                return Ok(true);
            }
            if place.is_free() {
                return Err(path.fault(Kind::OnlyList));
            }
            out.push(Item::List(found.list.unwrap_or_default()));
            return Ok(false);
        }
        if found.json {
            return Err(path.error(Kind::RelativeType, "@json"));
        }
        if place.is_free() || place.container(active).has(Container::GRAPH) {
            says_something(&found.node, path)?;
        }
        out.push(Item::Node(found.node));
        Ok(false)
    }

    /// Refuses to go on when too much has been written: after each step that one value of a list, or
    /// one key of a map, can repeat.
    pub(super) fn check_size(&self, path: &Path<'_>) -> Result<(), Error> {
        if self.data.bytes() > self.limits.bytes {
            return Err(path.fault(Kind::TooLarge));
        }
        Ok(())
    }

    /// The resource a text means, or why it means none.
    pub(super) fn resource(
        &mut self,
        meaning: Meaning<'_>,
        text: &str,
        relative: Kind,
        path: &Path<'_>,
    ) -> Result<Term, Error> {
        match meaning {
            Meaning::Iri(iri) => self.data.resource(&iri).map_err(|reason| match reason {
                Unwritable::Relative => path.error(relative, text),
                Unwritable::Illegal => path.error(Kind::InvalidIri, text),
            }),
            Meaning::Nothing if relative != Kind::RelativeType && iri::is_keyword_like(text) => {
                Err(path.error(Kind::ReservedId, text))
            }
            _ => Err(path.error(relative, text)),
        }
    }
}

impl Found<'_> {
    /// Step 13.4.2: whether a keyword was found already that may stand but once.
    pub(super) fn has(&self, keyword: Keyword) -> bool {
        match keyword {
            Keyword::Id => self.node.id.is_some(),
            Keyword::Graph => self.node.graph.is_some(),
            Keyword::Value => self.value.is_some(),
            Keyword::Language => self.language.is_some(),
            Keyword::Direction => self.direction.is_some(),
            Keyword::Index => self.index,
            Keyword::List => self.list.is_some(),
            Keyword::Set => self.set.is_some(),
            Keyword::Reverse => self.reverse,
            _ => false,
        }
    }

    /// Whether nothing was found that only nodes have.
    fn is_plain(&self) -> bool {
        self.node.id.is_none()
            && self.node.graph.is_none()
            && self.node.included.is_empty()
            && !self.reverse
    }

    /// Step 15: a value object has `@value`, and a type or else language and direction.
    fn is_value(&self) -> bool {
        let types = self
            .node
            .statements
            .len()
            .saturating_add(usize::from(self.json));
        self.is_plain()
            && self.list.is_none()
            && self.set.is_none()
            && types == self.types
            && self.types <= 1
            && (self.types == 0 || (self.language.is_none() && self.direction.is_none()))
    }

    /// Step 17: `@set` or `@list`, and nothing but `@index`.
    fn is_set_or_list(&self) -> bool {
        self.is_plain()
            && self.node.statements.is_empty()
            && self.types == 0
            && (self.list.is_none() || self.set.is_none())
    }
}

/// Step 19: a node that nothing refers to must say something.
pub(super) fn says_something(node: &Node, path: &Path<'_>) -> Result<(), Error> {
    match (node.is_bare(), node.id) {
        (false, _) => Ok(()),
        (true, Some(_)) => Err(path.fault(Kind::OnlyId)),
        (true, None) => Err(path.fault(Kind::EmptyObject)),
    }
}

/// Step 8.7 of the `expand` API: a document that is only a graph is the default graph.
fn default_graph(mut items: Vec<Item>) -> Vec<Item> {
    match items.as_mut_slice() {
        [
            Item::Node(Node {
                id: None,
                graph: Some(graph),
                statements,
                included,
                populated: false,
                part: None,
            }),
        ] if statements.is_empty() && included.is_empty() => std::mem::take(graph),
        _ => items,
    }
}

/// Step 7: values, and references to nodes, are read with the context of the types around them.
fn keeps_types_context(active: &Context, map: &Map<String, Value>) -> bool {
    let means = |name: &str, keyword| active.meaning(name) == Meaning::Keyword(keyword);
    match map.keys().next() {
        Some(name) if map.len() == 1 && means(name, Keyword::Id) => true,
        _ => map.keys().any(|name| means(name, Keyword::Value)),
    }
}

/// The members that mean `@type`, ordered by name.
fn type_members<'v>(
    context: &Context,
    map: &'v Map<String, Value>,
) -> Vec<(&'v String, &'v Value)> {
    let is_type = |name: &str| match context.term(name) {
        Some(definition) => definition.meaning() == Meaning::Keyword(Keyword::Type),
        None => name == "@type",
    };
    let mut members: Vec<_> = map.iter().filter(|(name, _)| is_type(name)).collect();
    members.sort_unstable_by_key(|(name, _)| *name);
    members
}

/// The names of the types, in lexicographic order.
fn sorted_types(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(types) => {
            let mut types: Vec<_> = types.iter().filter_map(Value::as_str).collect();
            types.sort_unstable();
            types
        }
        single => single.as_str().into_iter().collect(),
    }
}

/// A value as an error quotes it.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(_) => "[…]".to_owned(),
        Value::Object(_) => "{…}".to_owned(),
        other => other.to_string(),
    }
}
