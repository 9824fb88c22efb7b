//! Active contexts and term definitions (JSON-LD 1.1 API §4.1), and IRI expansion (§5.2).
//!
//! A context never changes once made. One made of pinned contexts alone holds all its terms in one
//! map, because it is made once and read for ever; one that a document's own definitions touched
//! holds only these, over the context it extends, so that a small addition costs little.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;

use super::iri;
use super::keyword::Keyword;

/// An active context (§4.1): what terms mean here.
#[derive(Debug)]
pub(super) struct Context {
    /// Identity: two contexts with the same number are the same context.
    pub(super) id: u64,
    /// Whether pinned contexts alone made it; only such contexts are kept between documents.
    pub(super) pinned: bool,
    /// The definitions made here; those of `base` hold where these say nothing.
    pub(super) terms: HashMap<Box<str>, Arc<Definition>>,
    /// The context this one extends, when its terms were not copied.
    pub(super) base: Option<Arc<Context>>,
    /// What is put before terms that are not defined (`@vocab`).
    pub(super) vocab: Option<Arc<str>>,
    /// The language of texts that say none, in lower case.
    pub(super) language: Option<Arc<str>>,
    /// The direction of texts that say none.
    pub(super) direction: Option<Direction>,
    /// The context to go back to in nested objects, where this one is not propagated.
    pub(super) previous: Option<Arc<Context>>,
    /// Whether any definition is protected.
    pub(super) protects: bool,
}

/// What one term means.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "what the specification asks of a definition, one by one"
)]
pub(super) struct Definition {
    pub(super) target: Target,
    pub(super) prefix: bool,
    /// Whether what it stands for is an IRI that can be written as it is.
    pub(super) writable: bool,
    pub(super) protected: bool,
    pub(super) reverse: bool,
    pub(super) coercion: Coercion,
    pub(super) container: Container,
    pub(super) language: Setting<Box<str>>,
    pub(super) direction: Setting<Direction>,
    pub(super) index: Option<Box<str>>,
    pub(super) scoped: Option<Scoped>,
}

/// What a term stands for.
#[derive(Debug, PartialEq, Clone)]
pub(super) enum Target {
    /// Nothing: the term is set aside (`null`).
    Null,
    /// A keyword: the term is an alias.
    Keyword(Keyword),
    /// An absolute IRI or a blank node.
    Iri(Box<str>),
}

/// How the values of a term are read (`@type` of its definition).
#[derive(Debug, PartialEq, Clone)]
pub(super) enum Coercion {
    /// As they are: no `@type`, or `@none`.
    Plain,
    /// Texts are identifiers.
    Id,
    /// Texts are terms or identifiers.
    Vocab,
    /// Anything is a JSON literal.
    Json,
    /// Scalars have this datatype.
    Datatype(Box<str>),
}

/// Something a definition may leave to the context, set to nothing, or set.
#[derive(Debug, PartialEq, Clone)]
pub(super) enum Setting<T> {
    Inherited,
    Null,
    Is(T),
}

/// A direction of writing.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(super) enum Direction {
    Ltr,
    Rtl,
}

impl Direction {
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text {
            "ltr" => Some(Self::Ltr),
            "rtl" => Some(Self::Rtl),
            _ => None,
        }
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Ltr => "ltr",
            Self::Rtl => "rtl",
        }
    }
}

/// The container mapping of a definition: a set of keywords.
#[derive(Debug, PartialEq, Eq, Clone, Copy, Default)]
pub(super) struct Container(u8);

impl Container {
    pub(super) const LIST: Self = Self(1);
    pub(super) const SET: Self = Self(2);
    pub(super) const LANGUAGE: Self = Self(4);
    pub(super) const INDEX: Self = Self(8);
    pub(super) const ID: Self = Self(16);
    pub(super) const TYPE: Self = Self(32);
    pub(super) const GRAPH: Self = Self(64);

    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(match Keyword::parse(text)? {
            Keyword::List => Self::LIST,
            Keyword::Set => Self::SET,
            Keyword::Language => Self::LANGUAGE,
            Keyword::Index => Self::INDEX,
            Keyword::Id => Self::ID,
            Keyword::Type => Self::TYPE,
            Keyword::Graph => Self::GRAPH,
            _ => return None,
        })
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether it has any of the keywords of the other.
    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether it has all of the keywords of the other.
    pub(super) fn includes(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    pub(super) fn len(self) -> u32 {
        self.0.count_ones()
    }
}

/// The context inside a definition: of a type, or of a property.
#[derive(Debug, Clone)]
pub(super) struct Scoped {
    /// Identity, for caches.
    pub(super) id: u64,
    /// The context, not yet processed.
    pub(super) local: Arc<Value>,
}

impl PartialEq for Scoped {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.local, &other.local) || self.local == other.local
    }
}

/// What a text means in a context.
#[derive(Debug, PartialEq)]
pub(super) enum Meaning<'a> {
    /// Nothing: set aside by a definition, or reserved because it looks like a keyword.
    Nothing,
    /// A keyword.
    Keyword(Keyword),
    /// An absolute IRI or a blank node identifier (`_:…`).
    Iri(Cow<'a, str>),
    /// A text that no definition turns into one of these.
    Relative,
}

/// A number no context or scoped definition had before.
pub(super) fn fresh_id() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

impl Context {
    /// The initial context (§4.1): no terms, base IRI null.
    pub(super) fn initial() -> Self {
        Self {
            id: 0,
            pinned: true,
            terms: HashMap::new(),
            base: None,
            vocab: None,
            language: None,
            direction: None,
            previous: None,
            protects: false,
        }
    }

    /// The definition of a term.
    pub(super) fn term(&self, name: &str) -> Option<&Arc<Definition>> {
        let mut context = self;
        loop {
            if let Some(definition) = context.terms.get(name) {
                return Some(definition);
            }
            context = context.base.as_deref()?;
        }
    }

    /// What a member's name or a type means (§5.2 with vocab true).
    pub(super) fn meaning<'a>(&'a self, name: &'a str) -> Meaning<'a> {
        match self.term(name) {
            Some(definition) => definition.meaning(),
            None => self.meaning_of_undefined(name),
        }
    }

    /// What a name means that is known to have no definition.
    pub(super) fn meaning_of_undefined<'a>(&'a self, name: &'a str) -> Meaning<'a> {
        if let Some(meaning) = self.meaning_without_vocab(name) {
            return meaning;
        }
        match &self.vocab {
            Some(vocab) => absolute(Cow::Owned(format!("{vocab}{name}"))),
            None => Meaning::Relative,
        }
    }

    /// What an identifier means (§5.2 with document relative true, and the base IRI null).
    pub(super) fn identifier<'a>(&'a self, text: &'a str) -> Meaning<'a> {
        // Step 4: an alias of a keyword is the keyword, even here.
        if let Some(Target::Keyword(keyword)) = self.term(text).map(|term| &term.target) {
            return Meaning::Keyword(*keyword);
        }
        self.meaning_without_vocab(text)
            .unwrap_or(Meaning::Relative)
    }

    /// Steps 1, 2 and 6 of §5.2: keywords, compact IRIs, IRIs.
    fn meaning_without_vocab<'a>(&'a self, text: &'a str) -> Option<Meaning<'a>> {
        if text.starts_with('@') {
            if let Some(keyword) = Keyword::parse(text) {
                return Some(Meaning::Keyword(keyword));
            }
            if iri::is_keyword_like(text) {
                return Some(Meaning::Nothing);
            }
        }
        let (prefix, suffix) = iri::compact(text)?;
        if prefix != "_"
            && !suffix.starts_with("//")
            && let Some(definition) = self.term(prefix)
            && definition.prefix
            && let Target::Iri(iri) = &definition.target
        {
            return Some(absolute(Cow::Owned(format!("{iri}{suffix}"))));
        }
        iri::is_absolute(text).then_some(Meaning::Iri(Cow::Borrowed(text)))
    }
}

impl Definition {
    /// Whether two definitions say the same, their protection aside (§4.2 step 27).
    pub(super) fn says_the_same(&self, other: &Self) -> bool {
        let Self {
            target,
            prefix,
            writable: _,
            protected: _,
            reverse,
            coercion,
            container,
            language,
            direction,
            index,
            scoped,
        } = self;
        *target == other.target
            && *prefix == other.prefix
            && *reverse == other.reverse
            && *coercion == other.coercion
            && *container == other.container
            && *language == other.language
            && *direction == other.direction
            && *index == other.index
            && *scoped == other.scoped
    }

    /// What the term means as a member's name or as a type.
    pub(super) fn meaning(&self) -> Meaning<'_> {
        match &self.target {
            Target::Null => Meaning::Nothing,
            Target::Keyword(keyword) => Meaning::Keyword(*keyword),
            Target::Iri(iri) => Meaning::Iri(Cow::Borrowed(iri)),
        }
    }
}

fn absolute(iri: Cow<'_, str>) -> Meaning<'_> {
    if iri::is_absolute(&iri) {
        Meaning::Iri(iri)
    } else {
        Meaning::Relative
    }
}
