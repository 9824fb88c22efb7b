//! The entries of a term definition that stand for themselves (JSON-LD 1.1 API §4.2, steps 4 to 26).

use serde_json::{Map, Value};

use super::context::{Container, Direction, Setting, Target};
use super::error::{Error, Kind, Path};
use super::iri;
use super::keyword::Keyword;

/// The containers a reverse property may have (step 13.6).
pub(super) const REVERSIBLE: Container = Container::SET.and(Container::INDEX);

/// Steps 4 to 6: names no term may have.
pub(super) fn check_name(term: &str, value: &Value, path: &Path<'_>) -> Result<(), Error> {
    match Keyword::parse(term) {
        Some(Keyword::Type) => {
            let set = |entries: &Map<String, Value>| {
                !entries.is_empty()
                    && entries.iter().all(|(name, value)| match name.as_str() {
                        "@container" => value == "@set",
                        "@protected" => true,
                        _ => false,
                    })
            };
            if value.as_object().is_some_and(set) {
                Ok(())
            } else {
                Err(path.error(Kind::KeywordRedefinition, term))
            }
        }
        Some(_) => Err(path.error(Kind::KeywordRedefinition, term)),
        None if iri::is_keyword_like(term) => Err(path.error(Kind::ReservedTerm, term)),
        None => Ok(()),
    }
}

/// Step 26: the entries a definition may have.
pub(super) fn check_entries(entries: &Map<String, Value>, path: &Path<'_>) -> Result<(), Error> {
    let is_entry = |name: &str| {
        matches!(
            Keyword::parse(name),
            Some(
                Keyword::Container
                    | Keyword::Context
                    | Keyword::Direction
                    | Keyword::Id
                    | Keyword::Index
                    | Keyword::Language
                    | Keyword::Nest
                    | Keyword::Prefix
                    | Keyword::Protected
                    | Keyword::Reverse
                    | Keyword::Type
            )
        )
    };
    match entries.keys().find(|name| !is_entry(name)) {
        None => Ok(()),
        Some(name) => Err(path.member(name).error(Kind::InvalidTermDefinition, name)),
    }
}

/// An entry that is true or false, if it is there.
pub(super) fn flag(entries: &Map<String, Value>, name: &str) -> Result<Option<bool>, ()> {
    match entries.get(name) {
        None => Ok(None),
        Some(value) => value.as_bool().map(Some).ok_or(()),
    }
}

/// Steps 14.2.6 and 25: whether the term may be the prefix of compact IRIs.
pub(super) fn prefix(
    entries: &Map<String, Value>,
    term: &str,
    simple: bool,
    target: &Target,
    path: &Path<'_>,
) -> Result<bool, Error> {
    let declared = flag(entries, "@prefix").map_err(|()| path.error(Kind::InvalidPrefix, term))?;
    let is_name = !term.contains([':', '/']);
    match (declared, target) {
        (Some(_), Target::Keyword(_)) => Err(path.error(Kind::InvalidTermDefinition, term)),
        (Some(_), _) if !is_name => Err(path.error(Kind::InvalidTermDefinition, term)),
        (Some(declared), _) => Ok(declared),
        (None, Target::Iri(iri)) if simple && is_name => {
            Ok(iri.ends_with([':', '/', '?', '#', '[', ']', '@']) || iri.starts_with("_:"))
        }
        (None, _) => Ok(false),
    }
}

/// Step 19: `@container`.
pub(super) fn container(value: Option<&Value>) -> Option<Container> {
    let container = match value {
        None => return Some(Container::default()),
        Some(Value::String(text)) => Container::parse(text)?,
        Some(Value::Array(items)) => items.iter().try_fold(Container::default(), |all, item| {
            let one = Container::parse(item.as_str()?)?;
            (!all.has(one)).then(|| all.and(one))
        })?,
        Some(_) => return None,
    };
    let besides_set = container.without(Container::SET);
    let allowed = if container.has(Container::LIST) {
        container == Container::LIST
    } else if container.has(Container::GRAPH) {
        let keys = besides_set.without(Container::GRAPH);
        keys.len() <= 1 && Container::ID.and(Container::INDEX).includes(keys)
    } else {
        besides_set.len() <= 1
    };
    allowed.then_some(container)
}

/// Step 22: `@language`.
pub(super) fn language(
    value: Option<&Value>,
    term: &str,
    path: &Path<'_>,
) -> Result<Setting<Box<str>>, Error> {
    match value {
        None => Ok(Setting::Inherited),
        Some(Value::Null) => Ok(Setting::Null),
        Some(Value::String(tag)) if iri::is_language(tag) => {
            Ok(Setting::Is(tag.to_ascii_lowercase().into_boxed_str()))
        }
        Some(Value::String(tag)) => Err(path.error(Kind::InvalidLanguage, tag)),
        Some(_) => Err(path.error(Kind::InvalidLanguageMapping, term)),
    }
}

/// Step 23: `@direction`.
pub(super) fn direction(value: Option<&Value>) -> Option<Setting<Direction>> {
    match value {
        None => Some(Setting::Inherited),
        Some(Value::Null) => Some(Setting::Null),
        Some(value) => Direction::parse(value.as_str()?).map(Setting::Is),
    }
}

/// Step 24: `@nest`, which expansion does not use. Returns whether it may stand there.
pub(super) fn is_nest(value: Option<&Value>) -> bool {
    value.is_none_or(|value| {
        value
            .as_str()
            .is_some_and(|nest| nest == "@nest" || !nest.starts_with('@'))
    })
}

/// About how many bytes a value takes.
pub(super) fn weight(value: &Value) -> usize {
    let inside = match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(weight).fold(0, usize::saturating_add),
        Value::Object(members) => members
            .iter()
            .map(|(name, member)| weight(member).saturating_add(name.len()))
            .fold(0, usize::saturating_add),
        _ => 0,
    };
    inside.saturating_add(32)
}
