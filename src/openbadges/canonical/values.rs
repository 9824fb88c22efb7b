//! Value expansion (JSON-LD 1.1 API §5.3), value objects, and the maps containers make (§5.1.2
//! steps 13.6 to 13.12).

use std::sync::Arc;

use serde_json::{Map, Value};

use super::context::{Coercion, Container, Context, Definition, Direction, Meaning, Setting};
use super::dataset::{Datatype, Text, Unwritable};
use super::error::{Error, Kind, Path};
use super::expand::{Expander, Found, says_something, shown};
use super::iri;
use super::keyword::Keyword;
use super::literal::{self, RDF_JSON, RDF_LANG_STRING, XSD_STRING};
use super::node::{Item, Node, Statement};
use super::place::{Place, Property};
use super::process::Purpose;

impl Expander<'_> {
    /// §5.3: a scalar, read as the definition of its property wants.
    pub(super) fn scalar(
        &mut self,
        active: &Context,
        place: Place<'_>,
        value: &Value,
        path: &Path<'_>,
    ) -> Result<Item, Error> {
        let definition = place.definition(active);
        let coercion = definition.map_or(&Coercion::Plain, |definition| &definition.coercion);
        match (coercion, value) {
            (Coercion::Id, Value::String(text)) => {
                let term =
                    self.resource(active.identifier(text), text, Kind::RelativeReference, path)?;
                Ok(Item::Node(Node::reference(term)))
            }
            (Coercion::Vocab, Value::String(text)) => {
                let term =
                    self.resource(active.meaning(text), text, Kind::RelativeReference, path)?;
                Ok(Item::Node(Node::reference(term)))
            }
            (Coercion::Datatype(iri), value) => self.typed(value, iri, path).map(Item::Literal),
            (_, Value::String(text)) => {
                let language = match definition.map(|definition| &definition.language) {
                    Some(Setting::Is(language)) => Some(&**language),
                    Some(Setting::Null) => None,
                    Some(Setting::Inherited) | None => active.language.as_deref(),
                };
                let direction = match definition.map(|definition| &definition.direction) {
                    Some(Setting::Is(direction)) => Some(*direction),
                    Some(Setting::Null) => None,
                    Some(Setting::Inherited) | None => active.direction,
                };
                Ok(Item::Literal(self.text(text, language, direction)))
            }
            (_, value) => self.native(value, path).map(Item::Literal),
        }
    }

    /// §5.1.2 step 15: a value object.
    pub(super) fn value_object(
        &mut self,
        found: &Found<'_>,
        path: &Path<'_>,
    ) -> Result<Text, Error> {
        let value = found.value.unwrap_or(&Value::Null);
        if found.json {
            return self.json(value, path);
        }
        if value.is_null() {
            return Err(path.fault(Kind::NullValue));
        }
        if let Some(statement) = found.node.statements.first() {
            let Item::Node(Node {
                id: Some(super::dataset::Term::Text(iri)),
                ..
            }) = statement.value
            else {
                return Err(path.fault(Kind::InvalidTypedValue));
            };
            let iri = self.data.text(iri).trim_matches(['<', '>']).to_owned();
            return self.typed(value, &iri, path);
        }
        if found.language.is_none() && found.direction.is_none() {
            return self.native(value, path);
        }
        let Value::String(text) = value else {
            return Err(path.error(Kind::InvalidLanguageValue, &shown(value)));
        };
        let language = found.language.map(str::to_ascii_lowercase);
        let direction = found.direction.and_then(Direction::parse);
        Ok(self.text(text, language.as_deref(), direction))
    }

    /// A text with its language and direction.
    fn text(&mut self, text: &str, language: Option<&str>, direction: Option<Direction>) -> Text {
        let datatype = match (language, direction) {
            (language, Some(direction)) => {
                Datatype::Directed(language.unwrap_or_default(), direction.as_str())
            }
            (Some(language), None) => Datatype::Language(language),
            (None, None) => Datatype::String,
        };
        self.data.literal(text, datatype)
    }

    /// A scalar with the datatype it has by nature.
    fn native(&mut self, value: &Value, path: &Path<'_>) -> Result<Text, Error> {
        let (text, datatype) =
            literal::scalar(value, None).ok_or_else(|| path.fault(Kind::InvalidValue))?;
        let datatype = if datatype == XSD_STRING {
            Datatype::String
        } else {
            Datatype::Iri(datatype)
        };
        Ok(self.data.literal(&text, datatype))
    }

    /// A scalar with a datatype declared for it.
    fn typed(&mut self, value: &Value, datatype: &str, path: &Path<'_>) -> Result<Text, Error> {
        let (text, _) =
            literal::scalar(value, Some(datatype)).ok_or_else(|| path.fault(Kind::InvalidValue))?;
        match datatype {
            XSD_STRING => Ok(self.data.literal(&text, Datatype::String)),
            // Such a literal has a language, and one without is none (RDF 1.1 Concepts §3.3).
            RDF_LANG_STRING => Err(path.error(Kind::InvalidTypedValue, datatype)),
            _ if !iri::is_legal(datatype) => Err(path.error(Kind::InvalidIri, datatype)),
            _ => Ok(self.data.literal(&text, Datatype::Iri(datatype))),
        }
    }

    /// Step 13.6: anything, as a JSON literal.
    fn json(&mut self, value: &Value, path: &Path<'_>) -> Result<Text, Error> {
        let text = literal::json(value, path)?;
        Ok(self.data.literal(&text, Datatype::Iri(RDF_JSON)))
    }

    /// Steps 13.6 to 13.12: the values of a property, as its definition's container wants.
    pub(super) fn values(
        &mut self,
        active: &Arc<Context>,
        (name, value): (&str, &Value),
        definition: Option<&Definition>,
        path: &Path<'_>,
        out: &mut Vec<Item>,
    ) -> Result<(), Error> {
        let place = Place::of(Property::Named(name));
        let Some(definition) = definition else {
            return self.expand(active, place, value, path, out).map(|_| ());
        };
        let place = place.defined(active, definition);
        let container = definition.container;
        if definition.coercion == Coercion::Json {
            // null is a JSON literal as well.
            out.push(Item::Literal(self.json(value, path)?));
            return Ok(());
        }
        match value {
            Value::Object(map) if container.has(Container::LANGUAGE) => {
                return self.language_map(active, definition, map, path, out);
            }
            Value::Object(map) if container.has(MAPS) => {
                return self.map(active, (name, definition), map, path, out);
            }
            _ => {}
        }
        let first = out.len();
        self.expand(active, place, value, path, out)?;
        if container.has(Container::LIST) && !value.is_null() {
            let items = out.split_off(first);
            // Step 13.11: what is a list already stays as it is.
            match items.as_slice() {
                [Item::List(_)] if !value.is_array() => out.extend(items),
                _ => out.push(Item::List(items)),
            }
        } else if container.has(Container::GRAPH) {
            for item in out.iter_mut().skip(first) {
                in_graph(item, path)?;
            }
        }
        Ok(())
    }

    /// Step 13.7: texts by their language.
    fn language_map(
        &mut self,
        active: &Context,
        definition: &Definition,
        map: &Map<String, Value>,
        path: &Path<'_>,
        out: &mut Vec<Item>,
    ) -> Result<(), Error> {
        let direction = match definition.direction {
            Setting::Is(direction) => Some(direction),
            Setting::Null => None,
            Setting::Inherited => active.direction,
        };
        for (tag, value) in map {
            let at = path.member(tag);
            let language = match active.meaning(tag) {
                Meaning::Keyword(Keyword::None) => None,
                _ if iri::is_language(tag) => Some(tag.to_ascii_lowercase()),
                _ => return Err(at.error(Kind::InvalidLanguage, tag)),
            };
            let texts = match value {
                Value::Array(texts) => texts.as_slice(),
                single => std::slice::from_ref(single),
            };
            for text in texts {
                match text {
                    Value::Null => {}
                    Value::String(text) => {
                        let literal = self.text(text, language.as_deref(), direction);
                        out.push(Item::Literal(literal));
                    }
                    other => return Err(at.error(Kind::InvalidLanguageMap, &shown(other))),
                }
            }
        }
        Ok(())
    }

    /// Step 13.8: values by an index, by their identifier, or by their type.
    fn map(
        &mut self,
        active: &Arc<Context>,
        (name, definition): (&str, &Definition),
        map: &Map<String, Value>,
        path: &Path<'_>,
        out: &mut Vec<Item>,
    ) -> Result<(), Error> {
        let container = definition.container;
        let place = Place::of(Property::Named(name)).mapped();
        for (key, value) in map {
            let at = path.member(key);
            let mut own = Arc::clone(active);
            // Steps 13.8.3.1 and 13.8.3.2.
            if container.has(Container::ID.and(Container::TYPE))
                && let Some(previous) = &active.previous
            {
                own = Arc::clone(previous);
            }
            if container.has(Container::TYPE)
                && let Some(scoped) = own.clone().term(key).and_then(|term| term.scoped.as_ref())
            {
                own = self.resolver.scoped(&own, scoped, Purpose::OfType, &at)?;
            }
            let unkeyed = active.meaning(key) == Meaning::Keyword(Keyword::None);
            let mut items = Vec::new();
            self.expand(&own, place, value, &at, &mut items)?;
            for mut item in items {
                let is_graph = matches!(&item, Item::Node(node) if node.is_graph());
                if container.has(Container::GRAPH) && !is_graph {
                    in_graph(&mut item, &at)?;
                }
                if !unkeyed {
                    self.add_key(active, definition, (key, &mut item), &at)?;
                    self.check_size(&at)?;
                }
                out.push(item);
            }
        }
        Ok(())
    }

    /// Step 13.8.3.7: what the key of a map says about its item.
    fn add_key(
        &mut self,
        active: &Arc<Context>,
        definition: &Definition,
        (key, item): (&str, &mut Item),
        path: &Path<'_>,
    ) -> Result<(), Error> {
        let container = definition.container;
        if container.has(Container::INDEX) {
            // A plain index says nothing in RDF; an index property does.
            let Some(index) = &definition.index else {
                return Ok(());
            };
            let Item::Node(node) = item else {
                return Err(path.error(Kind::InvalidValueObject, key));
            };
            let place = Place::of(Property::Named(index));
            let value = self.scalar(active, place, &Value::String(key.to_owned()), path)?;
            let predicate = match active.meaning(index) {
                Meaning::Iri(iri) => self.data.iri(&iri).map_err(|reason| match reason {
                    Unwritable::Relative => path.error(Kind::BlankPredicate, index),
                    Unwritable::Illegal => path.error(Kind::InvalidIri, index),
                })?,
                _ => return Err(path.error(Kind::InvalidProperty, index)),
            };
            node.statements.push(Statement {
                reverse: false,
                predicate,
                value,
            });
            return Ok(());
        }
        let Item::Node(node) = item else {
            return Err(path.error(Kind::InvalidValueObject, key));
        };
        if container.has(Container::TYPE) {
            let term = self.resource(active.meaning(key), key, Kind::RelativeType, path)?;
            return self.add_type(node, term, path);
        }
        if node.id.is_none() {
            let id = self.resource(active.identifier(key), key, Kind::RelativeId, path)?;
            node.id = Some(id);
        }
        Ok(())
    }
}

/// The containers whose values are written as a map.
const MAPS: Container = Container::INDEX.and(Container::ID).and(Container::TYPE);

/// Step 13.12: wraps a node in a graph of its own, even if it is a graph.
///
/// What says nothing would leave an empty graph, and is refused as jsonld.js does.
fn in_graph(item: &mut Item, path: &Path<'_>) -> Result<(), Error> {
    match item {
        Item::Literal(_) => Err(path.fault(Kind::OnlyValue)),
        Item::List(_) => Err(path.fault(Kind::OnlyList)),
        Item::Node(node) => {
            says_something(node, path)?;
            let inner = std::mem::take(node);
            node.graph = Some(vec![Item::Node(inner)]);
            Ok(())
        }
    }
}
