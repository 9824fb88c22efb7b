//! Creating term definitions (JSON-LD 1.1 API §4.2).

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::context::{Coercion, Container, Context, Definition, Scoped, Target, fresh_id};
use super::dataset::Dataset;
use super::error::{Error, Kind, Path};
use super::keyword::Keyword;
use super::process::{Draft, Purpose, Resolver};
use super::{iri, mappings};

/// How many definitions may need one another before the first of them is made.
const MAX_DEPENDENCY: usize = 64;

/// One local context while its terms are created.
struct Creation<'r, 'l, 'c> {
    resolver: &'r mut Resolver<'l>,
    draft: &'r mut Draft,
    local: &'c Map<String, Value>,
    /// Terms begun (`false`) and done (`true`).
    defined: HashMap<&'c str, bool>,
    protect: bool,
    may_override: bool,
    depth: usize,
    path: &'c Path<'c>,
}

impl Resolver<'_> {
    /// Steps 5.12 and 5.13 of §4.1.2: creates all terms of a local context, and sees to it that the
    /// contexts inside their definitions can be used.
    pub(super) fn create_terms(
        &mut self,
        draft: &mut Draft,
        local: &Map<String, Value>,
        protect: bool,
        may_override: bool,
        path: &Path<'_>,
    ) -> Result<(), Error> {
        let mut creation = Creation {
            resolver: self,
            draft,
            local,
            defined: HashMap::with_capacity(local.len()),
            protect,
            may_override,
            depth: 0,
            path,
        };
        for name in local.keys() {
            if !is_setting(name) {
                creation.create(name)?;
            }
        }
        self.validate_scoped(draft, local, path)
    }

    /// §4.2 step 21.3. It is done when all terms are there, as jsonld.js does.
    fn validate_scoped(
        &mut self,
        draft: &Draft,
        local: &Map<String, Value>,
        path: &Path<'_>,
    ) -> Result<(), Error> {
        let mut so_far: Option<Arc<Context>> = None;
        for (name, value) in local {
            let Some(scoped) = value.get("@context") else {
                continue;
            };
            let context = so_far.get_or_insert_with(|| draft.preview());
            let (term, inner);
            term = path.member(name);
            inner = term.member("@context");
            self.apply(context, scoped, Purpose::OfProperty, draft.pinned, &inner)
                .map_err(|error| match error.kind {
                    Kind::UnknownContext | Kind::TooManyContexts => error,
                    _ => Error {
                        kind: Kind::InvalidScopedContext,
                        term: Some(name.clone()),
                        ..error
                    },
                })?;
        }
        Ok(())
    }
}

/// The members of a context that are no terms.
fn is_setting(name: &str) -> bool {
    matches!(
        Keyword::parse(name),
        Some(
            Keyword::Base
                | Keyword::Direction
                | Keyword::Import
                | Keyword::Language
                | Keyword::Propagate
                | Keyword::Protected
                | Keyword::Version
                | Keyword::Vocab
        )
    )
}

impl<'c> Creation<'_, '_, 'c> {
    fn create(&mut self, term: &'c str) -> Result<(), Error> {
        let path = self.path;
        let path = &path.member(term);
        // Steps 1 and 2: a term that is not done yet and needed again depends on itself.
        match self.defined.get(term) {
            Some(true) => return Ok(()),
            Some(false) => return Err(path.error(Kind::CyclicMapping, term)),
            None => {}
        }
        if term.is_empty() {
            return Err(path.error(Kind::InvalidTermDefinition, term));
        }
        if self.depth > MAX_DEPENDENCY {
            return Err(path.error(Kind::TooDeep, term));
        }
        self.defined.insert(term, false);
        let value = self.local.get(term).unwrap_or(&Value::Null);
        mappings::check_name(term, value, path)?;
        // Steps 7 to 9: a text or null stands for its `@id`.
        let none = Map::new();
        let (id, entries) = match value {
            Value::Object(entries) => (entries.get("@id"), entries),
            Value::Null | Value::String(_) => (Some(value), &none),
            _ => return Err(path.error(Kind::InvalidTermDefinition, term)),
        };
        let definition = self.definition(term, (id, entries), value.is_string(), path)?;
        self.keep(term, definition, path)?;
        self.defined.insert(term, true);
        Ok(())
    }

    /// Steps 10 to 26: reads one definition.
    fn definition(
        &mut self,
        term: &'c str,
        (id, entries): (Option<&Value>, &Map<String, Value>),
        simple: bool,
        path: &Path<'_>,
    ) -> Result<Definition, Error> {
        mappings::check_entries(entries, path)?;
        let refuse = |kind| path.error(kind, term);
        let protected = mappings::flag(entries, "@protected")
            .map_err(|()| refuse(Kind::InvalidProtected))?
            .unwrap_or(self.protect);
        let reverse = entries.contains_key("@reverse");
        let target = if reverse {
            self.reverse_target(term, entries, path)?
        } else {
            self.target(term, id, path)?
        };
        let container = mappings::container(entries.get("@container"))
            .ok_or_else(|| refuse(Kind::InvalidContainer))?;
        if reverse && !mappings::REVERSIBLE.includes(container) {
            return Err(refuse(Kind::InvalidReverseProperty));
        }
        if !mappings::is_nest(entries.get("@nest")) {
            return Err(refuse(Kind::InvalidNest));
        }
        // A language or a direction is no matter where there is a type (steps 22 and 23).
        let untyped = |name| entries.get(name).filter(|_| !entries.contains_key("@type"));
        Ok(Definition {
            prefix: mappings::prefix(entries, term, simple, &target, path)?,
            writable: matches!(&target, Target::Iri(iri) if Dataset::can_write(iri).is_ok()),
            coercion: self.coercion(entries.get("@type"), container, term, path)?,
            language: mappings::language(untyped("@language"), term, path)?,
            direction: mappings::direction(untyped("@direction"))
                .ok_or_else(|| refuse(Kind::InvalidDirection))?,
            index: self.index(entries.get("@index"), container, term, path)?,
            scoped: entries
                .get("@context")
                .map(|local| self.scoped(local, path))
                .transpose()?,
            target,
            protected,
            reverse,
            container,
        })
    }

    /// Step 13: `@reverse`.
    fn reverse_target(
        &mut self,
        term: &str,
        entries: &Map<String, Value>,
        path: &Path<'_>,
    ) -> Result<Target, Error> {
        if entries.contains_key("@id") || entries.contains_key("@nest") {
            return Err(path.error(Kind::InvalidReverseProperty, term));
        }
        let Some(Value::String(text)) = entries.get("@reverse") else {
            return Err(path.error(Kind::InvalidIriMapping, term));
        };
        if iri::is_keyword_like(text) {
            return Err(path.error(Kind::ReservedReverse, text));
        }
        match self.expand(text)? {
            Target::Iri(iri) => Ok(Target::Iri(iri)),
            _ => Err(path.error(Kind::InvalidIriMapping, term)),
        }
    }

    /// Steps 14 to 18: what the term stands for.
    fn target(
        &mut self,
        term: &'c str,
        id: Option<&Value>,
        path: &Path<'_>,
    ) -> Result<Target, Error> {
        let refuse = |kind| path.error(kind, term);
        match id {
            Some(Value::Null) => return Ok(Target::Null),
            Some(Value::String(id)) if id != term => {
                if Keyword::parse(id).is_none() && iri::is_keyword_like(id) {
                    return Err(path.error(Kind::ReservedId, id));
                }
                let target = self.expand(id)?;
                match target {
                    Target::Null => return Err(refuse(Kind::InvalidIriMapping)),
                    Target::Keyword(Keyword::Context | Keyword::Preserve) => {
                        return Err(refuse(Kind::InvalidKeywordAlias));
                    }
                    Target::Keyword(_) | Target::Iri(_) => {}
                }
                // Step 14.2.5: a term that looks like an IRI must mean what it looks like.
                let inner = term
                    .get(1..term.len().saturating_sub(1))
                    .unwrap_or_default();
                if inner.contains(':') || term.contains('/') {
                    self.defined.insert(term, true);
                    if self.expand(term)? != target {
                        return Err(refuse(Kind::InvalidIriMapping));
                    }
                }
                return Ok(target);
            }
            Some(Value::String(_)) | None => {}
            Some(_) => return Err(refuse(Kind::InvalidIriMapping)),
        }
        // Steps 15 to 18: no `@id`, or the term itself.
        if term == "@type" {
            return Ok(Target::Keyword(Keyword::Type));
        }
        if let Some((prefix, suffix)) = iri::compact(term) {
            self.require(prefix)?;
            let iri = match self.draft.term(prefix).map(|definition| &definition.target) {
                Some(Target::Iri(iri)) => format!("{iri}{suffix}"),
                _ => term.to_owned(),
            };
            return absolute(iri).ok_or_else(|| refuse(Kind::InvalidIriMapping));
        }
        if term.contains('/') {
            return absolute(term.to_owned()).ok_or_else(|| refuse(Kind::InvalidIriMapping));
        }
        let vocab = self
            .draft
            .vocab
            .as_ref()
            .ok_or_else(|| refuse(Kind::InvalidIriMapping))?;
        absolute(format!("{vocab}{term}")).ok_or_else(|| refuse(Kind::InvalidIriMapping))
    }

    /// Step 12: `@type`, and what step 19.3 wants of it.
    fn coercion(
        &mut self,
        value: Option<&Value>,
        container: Container,
        term: &str,
        path: &Path<'_>,
    ) -> Result<Coercion, Error> {
        let refused = || path.error(Kind::InvalidTypeMapping, term);
        let by_type = container.has(Container::TYPE);
        let coercion = match value {
            None if by_type => Coercion::Id,
            None => Coercion::Plain,
            Some(value) => {
                let text = value.as_str().ok_or_else(refused)?;
                match (Keyword::parse(text), text) {
                    (Some(Keyword::Id), _) => Coercion::Id,
                    (Some(Keyword::Vocab), _) => Coercion::Vocab,
                    (Some(Keyword::Json), _) => Coercion::Json,
                    (Some(Keyword::None), _) => Coercion::Plain,
                    (Some(_), _) => return Err(refused()),
                    (None, text) => match self.expand(text)? {
                        Target::Iri(iri) if !iri.starts_with("_:") => Coercion::Datatype(iri),
                        _ => return Err(refused()),
                    },
                }
            }
        };
        if by_type && !matches!(coercion, Coercion::Id | Coercion::Vocab) {
            return Err(refused());
        }
        Ok(coercion)
    }

    /// Step 20: a property to index by.
    fn index(
        &mut self,
        value: Option<&Value>,
        container: Container,
        term: &str,
        path: &Path<'_>,
    ) -> Result<Option<Box<str>>, Error> {
        let Some(value) = value else { return Ok(None) };
        let refused = || path.error(Kind::InvalidTermDefinition, term);
        let text = value
            .as_str()
            .filter(|_| container.has(Container::INDEX))
            .ok_or_else(refused)?;
        match self.expand(text)? {
            Target::Iri(_) => Ok(Some(text.into())),
            _ => Err(refused()),
        }
    }

    /// Step 21: the context of a type or a property.
    fn scoped(&mut self, value: &Value, path: &Path<'_>) -> Result<Scoped, Error> {
        if !self.draft.pinned {
            self.resolver
                .count_definition(mappings::weight(value), path)?;
        }
        Ok(Scoped {
            id: fresh_id(),
            local: Arc::new(value.clone()),
        })
    }

    /// Steps 27 and 28: a protected term stays as it is.
    fn keep(&mut self, term: &str, definition: Definition, path: &Path<'_>) -> Result<(), Error> {
        if let Some(previous) = self.draft.term(term) {
            let same = definition.says_the_same(previous);
            if previous.protected && !self.may_override {
                return if same {
                    Ok(())
                } else {
                    Err(path.error(Kind::ProtectedTerm, term))
                };
            }
            if same && definition.protected == previous.protected {
                return Ok(());
            }
        }
        if !self.draft.pinned {
            let iri: &str = match &definition.target {
                Target::Iri(iri) => iri,
                _ => "",
            };
            self.resolver.check_iri(iri, path)?;
            if let Coercion::Datatype(iri) = &definition.coercion {
                self.resolver.check_iri(iri, path)?;
            }
            let bytes = term.len().saturating_add(iri.len()).saturating_add(64);
            self.resolver.count_definition(bytes, path)?;
        }
        self.draft.terms.insert(term.into(), Arc::new(definition));
        Ok(())
    }

    /// §5.2 with a local context: defines first what the text needs.
    fn expand(&mut self, text: &str) -> Result<Target, Error> {
        if let Some(keyword) = Keyword::parse(text) {
            return Ok(Target::Keyword(keyword));
        }
        if iri::is_keyword_like(text) {
            return Ok(Target::Null);
        }
        self.require(text)?;
        if let Some(definition) = self.draft.term(text) {
            return Ok(definition.target.clone());
        }
        if let Some((prefix, suffix)) = iri::compact(text) {
            if prefix != "_" && !suffix.starts_with("//") {
                self.require(prefix)?;
                if let Some(definition) = self.draft.term(prefix)
                    && definition.prefix
                    && let Target::Iri(iri) = &definition.target
                {
                    return Ok(absolute(format!("{iri}{suffix}")).unwrap_or(Target::Null));
                }
            }
            if iri::is_absolute(text) {
                return Ok(Target::Iri(text.into()));
            }
        }
        let iri = self
            .draft
            .vocab
            .as_ref()
            .map(|vocab| format!("{vocab}{text}"));
        Ok(iri.and_then(absolute).unwrap_or(Target::Null))
    }

    /// Creates a term of this local context that another one needs.
    fn require(&mut self, name: &str) -> Result<(), Error> {
        let Some((name, _)) = self.local.get_key_value(name) else {
            return Ok(());
        };
        if self.defined.get(name.as_str()) == Some(&true) || is_setting(name) {
            return Ok(());
        }
        self.depth = self.depth.saturating_add(1);
        self.create(name)?;
        self.depth = self.depth.saturating_sub(1);
        Ok(())
    }
}

impl Draft {
    /// The context as it is by now, to try the contexts inside its definitions on.
    fn preview(&self) -> Arc<Context> {
        Arc::new(Context {
            id: fresh_id(),
            pinned: self.pinned,
            terms: self.terms.clone(),
            base: Some(Arc::clone(&self.parent)),
            vocab: self.vocab.clone(),
            protects: true,
            ..Context::initial()
        })
    }
}

fn absolute(iri: String) -> Option<Target> {
    iri::is_absolute(&iri).then(|| Target::Iri(iri.into_boxed_str()))
}
