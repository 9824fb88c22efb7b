//! Context processing (JSON-LD 1.1 API §4.1).

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::cache::{self, Cache, Key};
use super::context::{Context, Definition, Direction, Meaning, Scoped, fresh_id};
use super::error::{Error, Kind, Path};
use super::keyword::Keyword;
use super::limits::Limits;
use super::{contexts, iri};

/// How a local context came to be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// It is the `@context` of an object.
    Embedded,
    /// It belongs to the definition of one of the object's types: nested objects do without it.
    OfType,
    /// It belongs to the definition of the property: it may redefine protected terms.
    OfProperty,
}

/// Processes the contexts of one document.
#[derive(Debug)]
pub(super) struct Resolver<'l> {
    pub(super) limits: &'l Limits,
    memo: Cache,
    contexts: usize,
    definitions: usize,
}

/// A context in the making: the changes to the one it extends.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) parent: Arc<Context>,
    pub(super) pinned: bool,
    pub(super) terms: HashMap<Box<str>, Arc<Definition>>,
    pub(super) vocab: Option<Arc<str>>,
    language: Option<Arc<str>>,
    direction: Option<Direction>,
    previous: Option<Arc<Context>>,
}

impl<'l> Resolver<'l> {
    pub(super) fn new(limits: &'l Limits) -> Self {
        Self {
            limits,
            memo: Cache::default(),
            contexts: 0,
            definitions: 0,
        }
    }

    /// Applies the `@context` of an object.
    pub(super) fn embedded(
        &mut self,
        active: &Arc<Context>,
        local: &Value,
        path: &Path<'_>,
    ) -> Result<Arc<Context>, Error> {
        self.apply(active, local, Purpose::Embedded, false, path)
    }

    /// Applies the context of a definition, unless that was done before.
    pub(super) fn scoped(
        &mut self,
        active: &Arc<Context>,
        scoped: &Scoped,
        purpose: Purpose,
        path: &Path<'_>,
    ) -> Result<Arc<Context>, Error> {
        let key = match purpose {
            Purpose::OfProperty => Key::OfProperty {
                onto: active.id,
                scoped: scoped.id,
            },
            _ => Key::OfType {
                onto: active.id,
                scoped: scoped.id,
            },
        };
        if let Some(context) = self.recall(active, key) {
            return Ok(context);
        }
        let context = self.apply(active, &scoped.local, purpose, active.pinned, path)?;
        self.remember(active, key, &context);
        Ok(context)
    }

    /// A context made before: by any document, if only pinned contexts took part in it.
    fn recall(&self, active: &Context, key: Key) -> Option<Arc<Context>> {
        if active.pinned {
            cache::shared(key)
        } else {
            self.memo.get(key)
        }
    }

    fn remember(&mut self, active: &Context, key: Key, context: &Arc<Context>) {
        if active.pinned {
            cache::share(key, context);
        } else {
            self.memo.put(key, context);
        }
    }

    /// The algorithm of §4.1.2. `pinned` says whether the local context is part of a pinned one.
    pub(super) fn apply(
        &mut self,
        active: &Arc<Context>,
        local: &Value,
        purpose: Purpose,
        pinned: bool,
        path: &Path<'_>,
    ) -> Result<Arc<Context>, Error> {
        // Steps 2 and 3: what is not propagated remembers what to go back to.
        let propagate = match local.get("@propagate") {
            None => purpose != Purpose::OfType,
            Some(Value::Bool(propagate)) => *propagate,
            Some(_) => return Err(path.fault(Kind::InvalidPropagate)),
        };
        let previous = match &active.previous {
            None if !propagate => Some(Arc::clone(active)),
            previous => previous.clone(),
        };
        let entries = match local {
            Value::Array(entries) => entries.as_slice(),
            single => std::slice::from_ref(single),
        };
        let mut result = Arc::clone(active);
        for (index, entry) in entries.iter().enumerate() {
            let at = if local.is_array() {
                path.item(index)
            } else {
                *path
            };
            self.count_context(pinned, &at)?;
            result = match entry {
                Value::Null => nullify(&result, previous.as_ref(), purpose, &at)?,
                Value::String(url) => self.dereference(&result, url, purpose, &at)?,
                Value::Object(map) => {
                    self.define(&result, previous.as_ref(), map, purpose, pinned, &at)?
                }
                _ => return Err(at.fault(Kind::InvalidLocalContext)),
            };
        }
        Ok(result)
    }

    /// Step 5.2: a context named by its URL.
    fn dereference(
        &mut self,
        active: &Arc<Context>,
        url: &str,
        purpose: Purpose,
        path: &Path<'_>,
    ) -> Result<Arc<Context>, Error> {
        let position = contexts::find(url).ok_or_else(|| path.error(Kind::UnknownContext, url))?;
        let pinned =
            contexts::get(position).ok_or_else(|| path.error(Kind::UnknownContext, url))?;
        if purpose != Purpose::Embedded {
            // Protected terms may be redefined here, or a way back is kept.
            return self.apply(active, pinned.context(), purpose, true, path);
        }
        let key = Key::Url {
            onto: active.id,
            position,
        };
        if let Some(context) = self.recall(active, key) {
            return Ok(context);
        }
        let context = self.apply(active, pinned.context(), purpose, true, path)?;
        self.remember(active, key, &context);
        Ok(context)
    }

    /// Steps 5.4 to 5.13: a context written out.
    fn define(
        &mut self,
        active: &Arc<Context>,
        previous: Option<&Arc<Context>>,
        map: &Map<String, Value>,
        purpose: Purpose,
        pinned: bool,
        path: &Path<'_>,
    ) -> Result<Arc<Context>, Error> {
        let mut draft = Draft {
            parent: Arc::clone(active),
            pinned: pinned && active.pinned,
            terms: HashMap::new(),
            vocab: active.vocab.clone(),
            language: active.language.clone(),
            direction: active.direction,
            previous: previous.cloned(),
        };
        let mut protect = false;
        for (name, value) in map {
            let at = path.member(name);
            match Keyword::parse(name) {
                Some(Keyword::Version) if value.as_f64() == Some(1.1) => {}
                Some(Keyword::Version) => return Err(at.error(Kind::InvalidVersion, name)),
                // A null base is what we have anyway; any other would change what is relative.
                Some(Keyword::Base) if value.is_null() => {}
                Some(Keyword::Base) => return Err(at.error(Kind::BaseUnsupported, name)),
                Some(Keyword::Import) => return Err(at.error(Kind::ImportUnsupported, name)),
                Some(Keyword::Vocab) => {
                    draft.vocab = vocab(active, value, &at)?;
                    self.check_iri(draft.vocab.as_deref().unwrap_or_default(), &at)?;
                }
                Some(Keyword::Language) => draft.language = language(value, &at)?,
                Some(Keyword::Direction) => draft.direction = direction(value, &at)?,
                Some(Keyword::Propagate) if value.is_boolean() => {}
                Some(Keyword::Propagate) => return Err(at.error(Kind::InvalidPropagate, name)),
                Some(Keyword::Protected) => {
                    protect = value
                        .as_bool()
                        .ok_or_else(|| at.error(Kind::InvalidProtected, name))?;
                }
                _ => {}
            }
        }
        self.create_terms(
            &mut draft,
            map,
            protect,
            purpose == Purpose::OfProperty,
            path,
        )?;
        Ok(draft.finish())
    }

    /// Counts a context the document names or holds.
    fn count_context(&mut self, pinned: bool, path: &Path<'_>) -> Result<(), Error> {
        if !pinned {
            self.contexts = self.contexts.saturating_add(1);
            if self.contexts > self.limits.contexts {
                return Err(path.fault(Kind::TooManyContexts));
            }
        }
        Ok(())
    }

    /// Refuses an IRI that a context made longer than its own texts may be: of a prefix and a suffix,
    /// over and over.
    pub(super) fn check_iri(&self, iri: &str, path: &Path<'_>) -> Result<(), Error> {
        if iri.len() > self.limits.name {
            return Err(path.fault(Kind::TooLongName));
        }
        Ok(())
    }

    /// Counts the bytes of a definition the document brings itself.
    pub(super) fn count_definition(&mut self, bytes: usize, path: &Path<'_>) -> Result<(), Error> {
        self.definitions = self.definitions.saturating_add(bytes);
        if self.definitions > self.limits.definitions {
            return Err(path.fault(Kind::TooManyContexts));
        }
        Ok(())
    }
}

impl Draft {
    /// The definition of a term, as it is by now.
    pub(super) fn term(&self, name: &str) -> Option<&Arc<Definition>> {
        self.terms.get(name).or_else(|| self.parent.term(name))
    }

    /// The new context, or the old one where nothing changed: the same meaning keeps its identity,
    /// however often a document repeats a context.
    fn finish(mut self) -> Arc<Context> {
        let parent = &self.parent;
        if self.terms.is_empty()
            && self.vocab == parent.vocab
            && self.language == parent.language
            && self.direction == parent.direction
        {
            return self.parent;
        }
        let protects = parent.protects || self.terms.values().any(|term| term.protected);
        // What is made once is copied whole; what a document brings is laid over what there is, and
        // small layers are merged into larger ones, so that there are never many to look through.
        let mut base = Some(Arc::clone(parent));
        while let Some(layer) = base.clone() {
            let merge = self.pinned
                || (!layer.pinned && layer.terms.len() <= self.terms.len().saturating_mul(2));
            if !merge {
                break;
            }
            for (name, term) in &layer.terms {
                if !self.terms.contains_key(name) {
                    self.terms.insert(name.clone(), Arc::clone(term));
                }
            }
            base.clone_from(&layer.base);
        }
        Arc::new(Context {
            id: fresh_id(),
            pinned: self.pinned,
            terms: self.terms,
            base,
            vocab: self.vocab,
            language: self.language,
            direction: self.direction,
            previous: self.previous,
            protects,
        })
    }
}

/// Step 5.1: `null` undoes everything, where nothing is protected.
fn nullify(
    active: &Arc<Context>,
    previous: Option<&Arc<Context>>,
    purpose: Purpose,
    path: &Path<'_>,
) -> Result<Arc<Context>, Error> {
    if active.protects && purpose != Purpose::OfProperty {
        return Err(path.error(Kind::ContextNullification, "@context"));
    }
    Ok(match previous {
        None => cache::initial(),
        // A way back remains; what it leads back to may be a document's own.
        Some(previous) => Arc::new(Context {
            id: fresh_id(),
            pinned: active.pinned,
            previous: Some(Arc::clone(previous)),
            ..Context::initial()
        }),
    })
}

/// Step 5.8.
fn vocab(active: &Context, value: &Value, path: &Path<'_>) -> Result<Option<Arc<str>>, Error> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => match active.meaning(text) {
            Meaning::Iri(iri) => Ok(Some(Arc::from(iri.as_ref()))),
            _ => Err(path.error(Kind::RelativeVocab, text)),
        },
        _ => Err(path.error(Kind::InvalidVocab, "@vocab")),
    }
}

/// Step 5.9.
fn language(value: &Value, path: &Path<'_>) -> Result<Option<Arc<str>>, Error> {
    match value {
        Value::Null => Ok(None),
        Value::String(tag) if iri::is_language(tag) => Ok(Some(tag.to_ascii_lowercase().into())),
        Value::String(tag) => Err(path.error(Kind::InvalidLanguage, tag)),
        _ => Err(path.error(Kind::InvalidDefaultLanguage, "@language")),
    }
}

/// Step 5.10.
fn direction(value: &Value, path: &Path<'_>) -> Result<Option<Direction>, Error> {
    match value {
        Value::Null => Ok(None),
        value => value
            .as_str()
            .and_then(Direction::parse)
            .map(Some)
            .ok_or_else(|| path.error(Kind::InvalidDirection, "@direction")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn apply(active: &Arc<Context>, local: &Value) -> Arc<Context> {
        Resolver::new(&Limits::VERIFY)
            .embedded(active, local, &Path::ROOT)
            .unwrap()
    }

    fn credential() -> Arc<Context> {
        let urls = json!([
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
        ]);
        apply(&cache::initial(), &urls)
    }

    #[test]
    fn every_pinned_context_can_be_processed() {
        for url in contexts::urls() {
            let context = apply(&cache::initial(), &json!(url));
            assert!(context.pinned && context.id != 0, "{url}");
        }
    }

    #[test]
    fn pinned_contexts_are_processed_once() {
        assert_eq!(credential().id, credential().id);
        let type_of = |name: &str| {
            let active = credential();
            let scoped = active.term(name).unwrap().scoped.clone().unwrap();
            let mut resolver = Resolver::new(&Limits::VERIFY);
            resolver
                .scoped(&active, &scoped, Purpose::OfType, &Path::ROOT)
                .unwrap()
        };
        assert_eq!(type_of("Achievement").id, type_of("Achievement").id);
        assert_ne!(type_of("Achievement").id, type_of("Profile").id);
    }

    #[test]
    fn a_context_that_changes_nothing_is_the_context_it_is_applied_to() {
        let active = credential();
        let again = json!("https://www.w3.org/ns/credentials/v2");
        assert_eq!(apply(&active, &again).id, active.id);
        assert_eq!(
            apply(&active, &json!({"name": "https://schema.org/name"})).id,
            active.id
        );
        assert_ne!(
            apply(&active, &json!({"own": "https://schema.org/name"})).id,
            active.id
        );
    }

    #[test]
    fn what_a_document_defines_is_laid_over_and_never_shared() {
        let active = credential();
        let own = apply(&active, &json!({"own": "u:own"}));
        assert!(!own.pinned && own.terms.len() == 1);
        assert_eq!(own.base.as_ref().map(|base| base.id), Some(active.id));
        // Two small layers become one.
        let more = apply(&own, &json!({"more": "u:more"}));
        assert!(more.terms.len() == 2 && more.term("own").is_some() && more.term("name").is_some());
        assert_eq!(more.base.as_ref().map(|base| base.id), Some(active.id));
    }
}
