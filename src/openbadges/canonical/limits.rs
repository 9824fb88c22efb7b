//! How much work a document may cost, and the check that comes before any work.

use serde_json::{Map, Value};

use super::error::{Error, Kind, Path};

/// How much work a document may cost before it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Levels of nesting of the JSON document.
    pub depth: usize,
    /// Objects, arrays and scalars of the JSON document.
    pub values: usize,
    /// Bytes: of all texts of the document, and of the N-Quads while they are made.
    pub bytes: usize,
    /// Bytes of a member's name, and of any text or IRI of a context: a short document can use one
    /// many thousand times, and each use costs as much as it is long.
    pub name: usize,
    /// Contexts the document names or holds.
    pub contexts: usize,
    /// Bytes of the definitions made for contexts the document brings itself.
    pub definitions: usize,
    /// Statements (quads).
    pub quads: usize,
    /// Steps of telling blank nodes apart (Hash N-Degree Quads): hashes and permutations.
    pub steps: usize,
    /// Whether to refuse what `rdf-canonize` refuses with its default `maxWorkFactor: 1`.
    pub javascript: bool,
}

impl Limits {
    /// For other people's documents: generous, and bounded.
    pub const VERIFY: Self = Self {
        depth: 128,
        values: 200_000,
        bytes: 16 * 1024 * 1024,
        name: 1024,
        contexts: 1_000,
        definitions: 2 * 1024 * 1024,
        quads: 100_000,
        steps: 100_000,
        javascript: false,
    };

    /// For what we sign: as [`Limits::VERIFY`], less what JavaScript wallets would not verify.
    ///
    /// `rdf-canonize` allows as many calls of Hash N-Degree Quads in all as there are blank nodes
    /// that share their first-degree hash with another.
    pub const ISSUE: Self = Self {
        javascript: true,
        ..Self::VERIFY
    };

    /// Refuses a document that is too deep or too large, before anything is done with it.
    pub(super) fn check(&self, document: &Value) -> Result<(), Error> {
        self.measure()
            .visit(document, Within::Document, 1, &Path::ROOT)
    }

    /// The same for the value of an `@context`.
    pub(super) fn check_context(&self, context: &Value) -> Result<(), Error> {
        self.measure()
            .visit(context, Within::Context, 1, &Path::ROOT)
    }

    /// The same for the members of an object.
    pub(super) fn check_members(&self, object: &Map<String, Value>) -> Result<(), Error> {
        self.measure()
            .members(object, Within::Document, 1, &Path::ROOT)
    }

    fn measure(&self) -> Measure<'_> {
        Measure {
            limits: self,
            values: 0,
            bytes: 0,
        }
    }
}

/// Whether a value is one of the document or of a context inside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    Document,
    Context,
}

struct Measure<'l> {
    limits: &'l Limits,
    values: usize,
    bytes: usize,
}

impl Measure<'_> {
    fn visit(
        &mut self,
        value: &Value,
        within: Within,
        depth: usize,
        path: &Path<'_>,
    ) -> Result<(), Error> {
        if depth > self.limits.depth {
            return Err(path.fault(Kind::TooDeep));
        }
        self.values = self.values.saturating_add(1);
        match value {
            Value::String(text) => {
                self.bytes = self.bytes.saturating_add(text.len());
                if within == Within::Context && text.len() > self.limits.name {
                    return Err(path.fault(Kind::TooLongName));
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let at = path.item(index);
                    self.visit(item, within, depth.saturating_add(1), &at)?;
                }
            }
            Value::Object(members) => self.members(members, within, depth, path)?,
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
        if self.values > self.limits.values || self.bytes > self.limits.bytes {
            return Err(path.fault(Kind::TooLarge));
        }
        Ok(())
    }

    fn members(
        &mut self,
        members: &Map<String, Value>,
        within: Within,
        depth: usize,
        path: &Path<'_>,
    ) -> Result<(), Error> {
        for (name, member) in members {
            if name.len() > self.limits.name {
                return Err(path.fault(Kind::TooLongName));
            }
            self.bytes = self.bytes.saturating_add(name.len());
            let within = if name == "@context" {
                Within::Context
            } else {
                within
            };
            let at = path.member(name);
            self.visit(member, within, depth.saturating_add(1), &at)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_and_what_contexts_say_are_short() {
        let small = Limits {
            name: 3,
            ..Limits::VERIFY
        };
        let kind = |document: Value| small.check(&document).map_err(|error| error.kind);
        assert_eq!(kind(json!({"abc": "long"})), Ok(()));
        let too_long = Err(Kind::TooLongName);
        assert_eq!(kind(json!({"a": [{"long": 1}]})), too_long);
        for context in [
            json!("long"),
            json!([{"@v": "long"}]),
            json!({"a": {"@i": "long"}}),
        ] {
            let small = Limits { name: 8, ..small };
            let error = |checked: Result<(), Error>| checked.map_err(|error| error.kind);
            let long: Value =
                serde_json::from_str(&context.to_string().replace("long", "much longer")).unwrap();
            assert_eq!(error(small.check_context(&context)), Ok(()));
            assert_eq!(error(small.check_context(&long)), too_long);
            assert_eq!(
                error(small.check(&json!({"a": {"@context": long}}))),
                too_long
            );
        }
    }

    #[test]
    fn what_is_too_deep_or_too_large_is_refused_before_any_work() {
        let small = Limits {
            depth: 3,
            values: 6,
            bytes: 20,
            ..Limits::VERIFY
        };
        assert_eq!(small.check(&json!({"a": ["b", "c"]})), Ok(()));
        let refused = |document| small.check(&document).unwrap_err();
        let deep = refused(json!({"a": [["b"]]}));
        assert_eq!(
            (deep.kind, deep.pointer.as_str()),
            (Kind::TooDeep, "/a/0/0")
        );
        assert_eq!(refused(json!([1, 2, 3, 4, 5, 6])).kind, Kind::TooLarge);
        assert_eq!(
            refused(json!({"a": "twenty-one characters"})).kind,
            Kind::TooLarge
        );
    }
}
