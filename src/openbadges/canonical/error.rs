//! What is wrong with a document, where, and what to do about it.

use std::fmt;

/// Why a document has no canonical form we would sign or verify.
///
/// The field `term` quotes the document: show it to whoever brought it, keep it out of logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// What is wrong.
    pub kind: Kind,
    /// Where in the document, as a JSON pointer (RFC 6901); for N-Quads, `line N`.
    pub pointer: String,
    /// The term, identifier or URL concerned, where there is one.
    pub term: Option<String>,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $what:literal, $advice:literal;)*) => {
        /// What is wrong; [`Kind::code`] is its name in JSON-LD 1.1 API §10.1 or in jsonld.js.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Kind {
            $($(#[$doc])* $name,)*
        }

        impl Kind {
            /// The name other JSON-LD processors give this error.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// What is wrong, as the end of a sentence that begins with the place and the term.
            fn what(self) -> &'static str {
                match self { $(Self::$name => $what,)* }
            }

            /// What to do, as a sentence of its own.
            fn advice(self) -> &'static str {
                match self { $(Self::$name => $advice,)* }
            }

            #[cfg(test)]
            pub(super) const ALL: &'static [Self] = &[$(Self::$name,)*];
        }
    };
}

kinds! {
    /// A member that no context defines.
    InvalidProperty = "invalid property", "is not defined by any context", "Use a defined term, add a context that defines it, or leave it out.";
    /// An `@id` that is no absolute IRI.
    RelativeId = "relative @id reference", "is not an absolute identifier", "Write a whole URL, DID or URN without spaces.";
    /// A type that no context defines.
    RelativeType = "relative @type reference", "is a type that no context defines", "Use a defined type, add a context that defines it, or write the type as a URL.";
    /// A value that should name something, and is no absolute IRI.
    RelativeReference = "relative type reference", "is not an absolute identifier, and this member takes one", "Write a whole URL, DID or URN without spaces.";
    /// An `@vocab` that is no absolute IRI.
    RelativeVocab = "relative @vocab reference", "is not an absolute vocabulary", "Write “@vocab” as a whole URL.";
    /// An identifier with characters no IRI may hold.
    InvalidIri = "invalid IRI", "holds a character that no IRI may hold", "Percent-encode < > \" { } | ^ ` \\ and control characters.";
    /// A text, number or truth value that nothing refers to.
    FreeFloatingScalar = "free-floating scalar", "stands alone and would be dropped", "Make it the value of a member, or leave it out.";
    /// `{}` where it would be dropped.
    EmptyObject = "empty object", "is an empty object and would be dropped", "Give it members, or leave it out.";
    /// An object with nothing but `@id`, where it would be dropped.
    OnlyId = "object with only @id", "is an object with nothing but an identifier, and would be dropped", "Say something about it, or leave it out.";
    /// An object with nothing but `@language`.
    OnlyLanguage = "object with only @language", "is an object with nothing but a language, and would be dropped", "Add “@value”, or leave it out.";
    /// A list that nothing refers to.
    OnlyList = "object with only @list", "is a list that stands alone and would be dropped", "Make it the value of a member.";
    /// A value object that nothing refers to.
    OnlyValue = "object with only @value", "is a value that stands alone and would be dropped", "Make it the value of a member.";
    /// `{"@value": null}`.
    NullValue = "null @value value", "is a value object without a value, and would be dropped", "Give “@value” a value, or leave the object out.";
    /// A language that is no BCP 47 tag.
    InvalidLanguage = "invalid @language value", "is not a language tag", "Write it as in “fr”, “br” or “pt-BR”.";
    /// An identifier that looks like a keyword of JSON-LD and is none.
    ReservedId = "reserved @id value", "looks like a keyword of JSON-LD, which are reserved", "Write a whole URL.";
    /// A reverse property that looks like a keyword.
    ReservedReverse = "reserved @reverse value", "looks like a keyword of JSON-LD, which are reserved", "Write a whole URL.";
    /// A term that looks like a keyword.
    ReservedTerm = "reserved term", "looks like a keyword of JSON-LD, which are reserved", "Choose a name that does not begin with “@”.";
    /// A property that is a blank node.
    BlankPredicate = "blank node predicate", "stands for a blank node, which no property may be", "Define it with a whole URL.";

    /// A context that is not in the pinned set.
    UnknownContext = "loading remote context failed", "is a context that is not among those pinned here, and contexts are never fetched", "Use a pinned context, or write the definitions into the document.";
    /// A context that is neither URL, object, null nor a list of these.
    InvalidLocalContext = "invalid local context", "is neither a URL nor an object of definitions", "Correct the context.";
    /// `@context: null` where terms are protected.
    ContextNullification = "invalid context nullification", "would undo protected definitions", "Remove the null from “@context”.";
    /// A protected term defined anew, and otherwise.
    ProtectedTerm = "protected term redefinition", "is protected by an earlier context and may not be redefined", "Choose another name for your own term.";
    /// `@version` other than 1.1.
    InvalidVersion = "invalid @version value", "is not a version of JSON-LD known here", "Write 1.1 (a number), or leave it out.";
    /// `@base`, which would give relative identifiers a meaning of their own.
    BaseUnsupported = "invalid base IRI", "is a base, and credentials are read without one", "Write identifiers in full, and leave “@base” out.";
    /// `@import`.
    ImportUnsupported = "invalid @import value", "is an import, which is not supported", "Name that context in “@context” before this one.";
    /// `@vocab` that is no string.
    InvalidVocab = "invalid vocab mapping", "is not a vocabulary", "Write “@vocab” as a whole URL, or null.";
    /// A default language that is no string.
    InvalidDefaultLanguage = "invalid default language", "is not a language", "Write “@language” as a language tag, or null.";
    /// A direction other than `ltr` and `rtl`.
    InvalidDirection = "invalid base direction", "is not a direction of writing", "Write “ltr”, “rtl” or null.";
    /// `@propagate` that is no boolean.
    InvalidPropagate = "invalid @propagate value", "is neither true nor false", "Write “@propagate” as true or false.";
    /// `@protected` that is no boolean.
    InvalidProtected = "invalid @protected value", "is neither true nor false", "Write “@protected” as true or false.";
    /// A keyword used as a term.
    KeywordRedefinition = "keyword redefinition", "is a keyword of JSON-LD, which no context may redefine", "Choose another name.";
    /// A definition of the wrong form.
    InvalidTermDefinition = "invalid term definition", "is not a definition of a term", "Correct the context.";
    /// Definitions that need one another.
    CyclicMapping = "cyclic IRI mapping", "is defined by itself", "Define one of the terms with a whole URL.";
    /// A definition without an IRI.
    InvalidIriMapping = "invalid IRI mapping", "is not defined as an absolute IRI", "Give its “@id” as a whole URL.";
    /// An alias of a keyword that may have none.
    InvalidKeywordAlias = "invalid keyword alias", "is an alias of “@context”, which may have none", "Remove the alias.";
    /// `@type` of a definition.
    InvalidTypeMapping = "invalid type mapping", "is given a type that is none", "Give its “@type” as a whole URL, “@id”, “@vocab”, “@json” or “@none”.";
    /// `@container` of a definition.
    InvalidContainer = "invalid container mapping", "is given a container that is none", "Correct “@container” in its definition.";
    /// `@reverse` of a definition.
    InvalidReverseProperty = "invalid reverse property", "is not a definition of a reverse property", "Correct its definition.";
    /// `@language` of a definition.
    InvalidLanguageMapping = "invalid language mapping", "is given a language that is none", "Write its “@language” as a language tag, or null.";
    /// `@nest` that is no object, or a definition's that is no term.
    InvalidNest = "invalid @nest value", "is not something members can be nested in", "Write an object of members.";
    /// `@prefix` of a definition.
    InvalidPrefix = "invalid @prefix value", "is neither true nor false", "Write “@prefix” as true or false.";
    /// A context inside a definition that cannot be used.
    InvalidScopedContext = "invalid scoped context", "holds a context that cannot be used", "Correct the context inside its definition.";

    /// Two members that mean the same keyword.
    CollidingKeywords = "colliding keywords", "says the same as another member of this object", "Keep one of them.";
    /// `@id` that is no string.
    InvalidIdValue = "invalid @id value", "is not a text, and identifiers are", "Write the identifier as a text.";
    /// `@type` that is no string.
    InvalidTypeValue = "invalid type value", "is not a text, and types are", "Write a type, or a list of types, as texts.";
    /// `@included` with something else than objects.
    InvalidIncluded = "invalid @included value", "is not an object with members", "Include objects only.";
    /// `@graph` with something else than objects.
    InvalidGraph = "invalid @graph value", "is neither an object nor a list of objects", "Write objects.";
    /// `@index` that is no string.
    InvalidIndex = "invalid @index value", "is not a text, and indexes are", "Write the index as a text.";
    /// `@reverse` that is no object.
    InvalidReverse = "invalid @reverse value", "is not an object of reverse members", "Write an object.";
    /// A keyword inside `@reverse`.
    InvalidReverseMap = "invalid reverse property map", "is a keyword, which “@reverse” may not hold", "Take it out of “@reverse”.";
    /// A literal or a list as the value of a reverse property.
    InvalidReverseValue = "invalid reverse property value", "is a value or a list, and reverse members take objects", "Write an object or its identifier.";
    /// A value object with members that do not belong.
    InvalidValueObject = "invalid value object", "does not go together with the other members of its value object", "Keep “@value” with “@type”, or with “@language” and “@direction”.";
    /// `@value` that is no scalar.
    InvalidValue = "invalid value object value", "is an object or a list, and this value takes neither", "Write a text, a number or a truth value, or say “@type”: “@json”.";
    /// `@language` that is no string.
    InvalidLanguageString = "invalid language-tagged string", "is not a text, and languages are", "Write “@language” as a language tag.";
    /// A language on something else than a string.
    InvalidLanguageValue = "invalid language-tagged value", "has a language or a direction, and only texts have", "Write “@value” as a text, or leave the language out.";
    /// `@type` of a value object that is no IRI.
    InvalidTypedValue = "invalid typed value", "is not the type of a value", "Write the type as a whole URL.";
    /// `@list` or `@set` with other members.
    InvalidSetOrList = "invalid set or list object", "does not go together with “@list” or “@set”", "Take it out.";
    /// A value of a language map that is no string.
    InvalidLanguageMap = "invalid language map value", "is not a text, and a text by language is wanted", "Write texts.";

    /// Nesting deeper than allowed.
    TooDeep = "too deep", "is nested too deeply", "Make the document flatter.";
    /// More JSON, or longer N-Quads, than allowed.
    TooLarge = "too large", "makes the document too large to be canonicalised", "Make the document smaller.";
    /// A name, or a text of a context, that is longer than allowed.
    TooLongName = "name too long", "holds a name, or a text of a context, that is too long to be processed", "Shorten it to 1,024 bytes.";
    /// More contexts, or larger ones, than allowed.
    TooManyContexts = "context overflow", "is more context than is processed", "Use fewer and smaller contexts.";
    /// More statements than allowed.
    TooManyQuads = "too many quads", "makes more statements than are canonicalised", "Make the document smaller.";
    /// Blank nodes so alike that telling them apart takes too much work.
    TooMuchWork = "maximum deep iterations exceeded", "holds objects without identifiers that are too much alike to be told apart with reasonable work", "Give the objects identifiers of their own.";
    /// A line that is no statement of N-Quads.
    NotNQuads = "invalid N-Quads", "is not a statement of N-Quads", "Correct the line.";
    /// A value that cannot be written as canonical JSON.
    NotJcs = "invalid JSON literal", "cannot be written as canonical JSON", "Use finite numbers and well-formed texts.";
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.pointer.is_empty() {
            "the document"
        } else {
            &self.pointer
        };
        match &self.term {
            Some(term) => write!(f, "“{}” at {place} {}", Shown(term), self.kind.what())?,
            None => write!(f, "What is at {place} {}", self.kind.what())?,
        }
        write!(f, ". {}", self.kind.advice())
    }
}

impl std::error::Error for Error {}

/// A stranger's text, shortened and without control characters.
struct Shown<'t>(&'t str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars().take(120) {
            write!(f, "{}", if c.is_control() { '\u{FFFD}' } else { c })?;
        }
        if self.0.chars().nth(120).is_some() {
            f.write_str("…")
        } else {
            Ok(())
        }
    }
}

/// A place in the document, kept on the stack and only written out for an error.
#[derive(Debug, Clone, Copy)]
pub(super) struct Path<'p> {
    parent: Option<&'p Path<'p>>,
    step: Step<'p>,
}

#[derive(Debug, Clone, Copy)]
enum Step<'p> {
    Root,
    Member(&'p str),
    Item(usize),
}

impl<'p> Path<'p> {
    /// The whole document.
    pub(super) const ROOT: Self = Self {
        parent: None,
        step: Step::Root,
    };

    /// A member of the object that is here.
    pub(super) fn member(&'p self, name: &'p str) -> Self {
        Self {
            parent: Some(self),
            step: Step::Member(name),
        }
    }

    /// An item of the array that is here.
    pub(super) fn item(&'p self, index: usize) -> Self {
        Self {
            parent: Some(self),
            step: Step::Item(index),
        }
    }

    /// An error at this place about this term.
    pub(super) fn error(&self, kind: Kind, term: &str) -> Error {
        Error {
            kind,
            pointer: self.pointer(),
            term: Some(term.to_owned()),
        }
    }

    /// An error at this place.
    pub(super) fn fault(&self, kind: Kind) -> Error {
        Error {
            kind,
            pointer: self.pointer(),
            term: None,
        }
    }

    fn pointer(&self) -> String {
        let mut steps = Vec::new();
        let mut here = Some(self);
        while let Some(path) = here {
            match path.step {
                Step::Root => {}
                Step::Member(name) => steps.push(name.replace('~', "~0").replace('/', "~1")),
                Step::Item(index) => steps.push(index.to_string()),
            }
            here = path.parent;
        }
        steps
            .iter()
            .rev()
            .fold(String::new(), |pointer, step| pointer + "/" + step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pointer_is_escaped_as_rfc_6901_wants() {
        let (root, url) = (Path::ROOT, "https://a/~b");
        let member = root.member(url);
        assert_eq!(member.item(3).pointer(), "/https:~1~1a~1~0b/3");
        assert_eq!(root.pointer(), "");
    }

    #[test]
    fn an_error_says_what_where_and_what_to_do() {
        let root = Path::ROOT;
        let error = root
            .member("credentialSubject")
            .error(Kind::InvalidProperty, "grade");
        assert_eq!(
            error.to_string(),
            "“grade” at /credentialSubject is not defined by any context. Use a defined term, \
             add a context that defines it, or leave it out."
        );
        let long = root
            .error(Kind::RelativeId, &"\u{1b}x".repeat(100))
            .to_string();
        assert!(!long.contains('\u{1b}') && long.contains('…'));
    }

    #[test]
    fn every_kind_has_a_code_of_its_own_and_whole_sentences() {
        let mut codes: Vec<_> = Kind::ALL.iter().map(|kind| kind.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Kind::ALL.len());
        for kind in Kind::ALL {
            assert!(
                kind.advice().ends_with('.') && !kind.what().ends_with('.'),
                "{kind:?}"
            );
        }
    }
}
