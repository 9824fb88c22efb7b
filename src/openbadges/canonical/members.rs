//! The members of an object (JSON-LD 1.1 API §5.1.2, steps 13 and 14).

use std::sync::Arc;

use serde_json::{Map, Value};

use super::context::{Definition, Meaning};
use super::dataset::{Term, Unwritable};
use super::error::{Error, Kind, Path};
use super::expand::{Expander, Found, Frame, shown};
use super::iri;
use super::keyword::Keyword;
use super::node::{Item, Node, Statement};
use super::place::{Place, Property};
use super::process::Purpose;

const RDF_TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

impl Expander<'_> {
    /// Step 13: each member, and step 14, those nested in it.
    pub(super) fn members<'v>(
        &mut self,
        frame: &Frame<'_>,
        map: &'v Map<String, Value>,
        path: &Path<'_>,
        found: &mut Found<'v>,
    ) -> Result<(), Error> {
        for (name, value) in map {
            if name == "@context" {
                continue;
            }
            let at = path.member(name);
            let definition = frame.active.term(name);
            let meaning = match definition {
                Some(definition) => definition.meaning(),
                None => frame.active.meaning_of_undefined(name),
            };
            match meaning {
                Meaning::Keyword(keyword) => {
                    self.keyword(frame, keyword, (name, value), &at, found)?;
                }
                Meaning::Iri(iri) => {
                    self.property(frame, (name, value), &iri, definition, &at, found)?;
                }
                Meaning::Nothing | Meaning::Relative => {
                    return Err(at.error(Kind::InvalidProperty, name));
                }
            }
            self.check_size(&at)?;
        }
        Ok(())
    }

    /// Step 13.4: a member that is a keyword.
    fn keyword<'v>(
        &mut self,
        frame: &Frame<'_>,
        keyword: Keyword,
        (name, value): (&'v str, &'v Value),
        path: &Path<'_>,
        found: &mut Found<'v>,
    ) -> Result<(), Error> {
        let refuse = |kind| Err(path.error(kind, name));
        if frame.place.property == Property::Reverse {
            return refuse(Kind::InvalidReverseMap);
        }
        if found.has(keyword) {
            return refuse(Kind::CollidingKeywords);
        }
        let expand = |this: &mut Self, place| {
            let mut items = Vec::new();
            this.expand(frame.active, place, value, path, &mut items)
                .map(|_| items)
        };
        match keyword {
            Keyword::Id => {
                let Some(text) = value.as_str() else {
                    return refuse(Kind::InvalidIdValue);
                };
                let meaning = frame.active.identifier(text);
                found.node.id = Some(self.resource(meaning, text, Kind::RelativeId, path)?);
            }
            Keyword::Type => self.types(frame, value, path, found)?,
            Keyword::Graph => {
                if !value.is_object() && !value.is_array() {
                    return refuse(Kind::InvalidGraph);
                }
                found.node.graph = Some(expand(self, Place::of(Property::Graph))?);
            }
            Keyword::Included => {
                let mut items = expand(self, Place::of(Property::Root))?;
                if !items.iter().all(|item| matches!(item, Item::Node(_))) {
                    return refuse(Kind::InvalidIncluded);
                }
                found.node.included.append(&mut items);
            }
            Keyword::Value => {
                if (value.is_object() || value.is_array()) && !frame.json {
                    return refuse(Kind::InvalidValue);
                }
                found.value = Some(value);
            }
            Keyword::Language => match value {
                Value::Null => {}
                Value::String(tag) if iri::is_language(tag) => found.language = Some(tag),
                Value::String(tag) => return Err(path.error(Kind::InvalidLanguage, tag)),
                _ => return refuse(Kind::InvalidLanguageString),
            },
            Keyword::Direction => match value.as_str() {
                Some(direction @ ("ltr" | "rtl")) => found.direction = Some(direction),
                _ => return refuse(Kind::InvalidDirection),
            },
            Keyword::Index if value.is_string() => {
                found.index = true;
                found.node.populated = true;
            }
            Keyword::Index => return refuse(Kind::InvalidIndex),
            Keyword::List => {
                let place = frame.place.contained(true);
                found.list = Some(expand(self, place)?);
            }
            Keyword::Set => {
                let place = frame.place.contained(false);
                found.set = Some(expand(self, place)?);
            }
            Keyword::Reverse => {
                let Value::Object(map) = value else {
                    return refuse(Kind::InvalidReverse);
                };
                self.reverse(frame, map, path, found)?;
            }
            Keyword::Nest => self.nested(frame, (name, value), path, found)?,
            _ => return refuse(Kind::InvalidProperty),
        }
        Ok(())
    }

    /// Step 13.4.4: types, with what they mean outside the contexts they bring.
    fn types(
        &mut self,
        frame: &Frame<'_>,
        value: &Value,
        path: &Path<'_>,
        found: &mut Found<'_>,
    ) -> Result<(), Error> {
        let types = match value {
            Value::Array(types) => types.as_slice(),
            single => std::slice::from_ref(single),
        };
        found.node.populated = true;
        for (index, name) in types.iter().enumerate() {
            let at = if value.is_array() {
                path.item(index)
            } else {
                *path
            };
            let Value::String(name) = name else {
                return Err(at.error(Kind::InvalidTypeValue, &shown(name)));
            };
            match frame.type_scoped.meaning(name) {
                Meaning::Keyword(Keyword::Json) => found.json = true,
                meaning => {
                    let term = self.resource(meaning, name, Kind::RelativeType, &at)?;
                    self.add_type(&mut found.node, term, &at)?;
                }
            }
            found.types = found.types.saturating_add(1);
            self.check_size(&at)?;
        }
        Ok(())
    }

    /// States that a node has a type.
    pub(super) fn add_type(
        &mut self,
        node: &mut Node,
        term: Term,
        path: &Path<'_>,
    ) -> Result<(), Error> {
        let predicate = match self.rdf_type {
            Some(predicate) => predicate,
            None => self
                .data
                .iri(RDF_TYPE)
                .map_err(|_| path.error(Kind::InvalidIri, RDF_TYPE))?,
        };
        self.rdf_type = Some(predicate);
        let value = Item::Node(Node::reference(term));
        node.statements.push(Statement {
            reverse: false,
            predicate,
            value,
        });
        Ok(())
    }

    /// Step 13.4.13: `@reverse`, an object of properties that point here.
    fn reverse(
        &mut self,
        frame: &Frame<'_>,
        map: &Map<String, Value>,
        path: &Path<'_>,
        found: &mut Found<'_>,
    ) -> Result<(), Error> {
        let mut items = Vec::new();
        let place = Place::of(Property::Reverse);
        self.object(
            frame.active,
            place,
            map.get("@context"),
            map,
            path,
            &mut items,
        )?;
        for item in items {
            let Item::Node(node) = item else {
                return Err(path.fault(Kind::InvalidReverseValue));
            };
            for statement in node.statements {
                let reverse = !statement.reverse;
                if reverse && !matches!(statement.value, Item::Node(_)) {
                    return Err(path.fault(Kind::InvalidReverseValue));
                }
                found.node.statements.push(Statement {
                    reverse,
                    ..statement
                });
            }
        }
        found.reverse = true;
        found.node.populated = true;
        Ok(())
    }

    /// Step 14: members nested under `@nest` belong to the object itself.
    fn nested<'v>(
        &mut self,
        frame: &Frame<'_>,
        (name, value): (&str, &'v Value),
        path: &Path<'_>,
        found: &mut Found<'v>,
    ) -> Result<(), Error> {
        let scoped = frame
            .active
            .term(name)
            .and_then(|term| term.scoped.as_ref());
        let active = match scoped {
            None => Arc::clone(frame.active),
            Some(scoped) => {
                self.resolver
                    .scoped(frame.active, scoped, Purpose::OfProperty, path)?
            }
        };
        let place = frame.place.nested(name);
        let frame = Frame {
            active: &active,
            place,
            ..*frame
        };
        let values = match value {
            Value::Array(values) => values.as_slice(),
            single => std::slice::from_ref(single),
        };
        for (index, nested) in values.iter().enumerate() {
            let at = if value.is_array() {
                path.item(index)
            } else {
                *path
            };
            let Value::Object(map) = nested else {
                return Err(at.error(Kind::InvalidNest, name));
            };
            let is_value = |name: &String| active.meaning(name) == Meaning::Keyword(Keyword::Value);
            if map.keys().any(is_value) {
                return Err(at.error(Kind::InvalidNest, name));
            }
            self.members(&frame, map, &at, found)?;
        }
        Ok(())
    }

    /// Steps 13.5 to 13.14: a member that is a property.
    fn property(
        &mut self,
        frame: &Frame<'_>,
        (name, value): (&str, &Value),
        iri: &str,
        definition: Option<&Arc<Definition>>,
        path: &Path<'_>,
        found: &mut Found<'_>,
    ) -> Result<(), Error> {
        let definition = definition.map(Arc::as_ref);
        // Most properties have one value: what held it for the one before is used again.
        let mut items = std::mem::take(&mut self.spare);
        if let Some(wanted) = &mut self.wanted {
            wanted.note(frame.active, (name, value));
        }
        let part = self
            .prepared
            .and_then(|prepared| prepared.find(frame.active, (name, value)));
        match part {
            Some(part) => items.push(Item::Node(Node::prepared(part))),
            None => self.values(frame.active, (name, value), definition, path, &mut items)?,
        }
        if items.is_empty() {
            self.spare = items;
            // Step 13.10: null is no member; an empty array is one, and says nothing either.
            found.node.populated |= !value.is_null();
            return Ok(());
        }
        let predicate = match definition {
            // Its IRI was looked at when it was defined.
            Some(definition) if definition.writable => self.data.written_iri(iri),
            _ => self.data.iri(iri).map_err(|reason| match reason {
                Unwritable::Relative if iri.starts_with("_:") => {
                    path.error(Kind::BlankPredicate, name)
                }
                Unwritable::Relative => path.error(Kind::InvalidProperty, name),
                Unwritable::Illegal => path.error(Kind::InvalidIri, iri),
            })?,
        };
        let reverse = definition.is_some_and(|definition| definition.reverse);
        for value in items.drain(..) {
            if reverse && !matches!(value, Item::Node(_)) {
                return Err(path.error(Kind::InvalidReverseValue, name));
            }
            found.node.statements.push(Statement {
                reverse,
                predicate,
                value,
            });
        }
        self.spare = items;
        Ok(())
    }
}
