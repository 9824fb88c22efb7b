//! Where a rule looks, and what it finds.

use serde_json::Value;

use super::catalogue::{Rule, TOO_MANY};
use crate::openbadges::json;
use crate::openbadges::model::checked::{Finding, Severity};
use crate::openbadges::model::many;

/// What is written down of one document, in bytes; a hostile one must not make us write a book.
const MAX_BYTES: usize = 256 * 1024;

static NOTHING: Value = Value::Null;

/// A place in a document: a value, and the way to it.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) value: &'a Value,
    step: Step<'a>,
    parent: Option<&'a At<'a>>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Document,
    Member(&'a str),
    Item(usize),
}

impl<'a> At<'a> {
    /// The whole document.
    pub(super) fn document(value: &'a Value) -> Self {
        Self {
            value,
            step: Step::Document,
            parent: None,
        }
    }

    /// The place of a member, also where there is none: its value is null then.
    pub(super) fn member(&'a self, name: &'a str) -> At<'a> {
        let value = self.value.get(name).unwrap_or(&NOTHING);
        Self {
            value,
            step: Step::Member(name),
            parent: Some(self),
        }
    }

    /// The place of a member that there is, and that is not null.
    pub(super) fn present(&'a self, name: &'a str) -> Option<At<'a>> {
        Some(self.member(name)).filter(|at| !at.value.is_null())
    }

    /// The members of an object; nothing where there is none.
    pub(super) fn members(&'a self) -> impl Iterator<Item = (&'a str, At<'a>)> {
        self.value
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, value)| {
                (
                    name.as_str(),
                    Self {
                        value,
                        step: Step::Member(name),
                        parent: Some(self),
                    },
                )
            })
    }

    /// The items of an array; a bare value is the only item; null is none.
    pub(super) fn items(&'a self) -> impl Iterator<Item = At<'a>> {
        let (items, bare): (&[Value], _) = match self.value {
            Value::Array(items) => (items, None),
            Value::Null => (&[], None),
            _ => (&[], Some(*self)),
        };
        let item = |(index, value)| Self {
            value,
            step: Step::Item(index),
            parent: Some(self),
        };
        items.iter().enumerate().map(item).chain(bare)
    }

    /// The text here, if it is one.
    pub(super) fn text(&self) -> Option<&'a str> {
        self.value.as_str()
    }

    /// Whether one of the types of the object here is this one.
    pub(super) fn has_type(&self, name: &str) -> bool {
        many::items(self.value.get("type"))
            .iter()
            .any(|known| known == name)
    }

    /// The way here, as a JSON pointer (RFC 6901).
    fn pointer(&self) -> String {
        let mut steps = Vec::new();
        let mut at = Some(self);
        while let Some(place) = at {
            match place.step {
                Step::Document => {}
                Step::Member(name) => steps.push(json::pointer_step(name)),
                Step::Item(index) => steps.push(index.to_string()),
            }
            at = place.parent;
        }
        steps
            .iter()
            .rev()
            .fold(String::new(), |way, step| way + "/" + step)
    }
}

/// What was found, in the order of the document.
pub(super) struct Findings<'d> {
    /// Whether the document is to be issued; else it is another's, and read.
    pub(super) issuing: bool,
    found: Vec<Finding>,
    bytes: usize,
    dropped: Option<Severity>,
    /// Objects of the document in which nothing is wrong, as is known already.
    right: [Option<&'d Value>; 2],
}

impl<'d> Findings<'d> {
    /// Nothing yet.
    pub(super) fn new(issuing: bool) -> Self {
        Self {
            issuing,
            found: Vec::new(),
            bytes: 0,
            dropped: None,
            right: [None; 2],
        }
    }

    /// Nothing yet in a document to be issued, of which these objects were found right before.
    pub(super) fn but_for(right: [Option<&'d Value>; 2]) -> Self {
        Self {
            right,
            ..Self::new(true)
        }
    }

    /// Whether the object here, itself and none that looks like it, is one of those.
    pub(super) fn is_right(&self, at: &At<'_>) -> bool {
        self.right
            .iter()
            .flatten()
            .any(|right| std::ptr::eq(*right, at.value))
    }

    /// This rule is broken here.
    pub(super) fn add(&mut self, at: &At<'_>, rule: &Rule) {
        self.add_about(at, rule, "");
    }

    /// This rule is broken here, by `what`.
    pub(super) fn add_about(&mut self, at: &At<'_>, rule: &Rule, what: &str) {
        let severity = if self.issuing {
            Some(Severity::Error)
        } else {
            rule.force.when_reading()
        };
        let Some(severity) = severity else { return };
        if self.bytes > MAX_BYTES {
            self.dropped = self.dropped.max(Some(severity));
            return;
        }
        let pointer = at.pointer();
        let message = rule.message.replace("{}", what);
        // Two hundred bytes stand for what a finding costs besides its texts.
        let cost = pointer
            .len()
            .saturating_add(message.len())
            .saturating_add(200);
        self.bytes = self.bytes.saturating_add(cost);
        self.found.push(Finding {
            pointer,
            rule: rule.name,
            severity,
            message,
            advice: rule.advice.to_owned(),
        });
    }

    /// The list; where it was cut short it says so, as seriously as the gravest that is not in it.
    pub(super) fn into_list(mut self) -> Vec<Finding> {
        if let Some(severity) = self.dropped {
            self.found.push(Finding {
                pointer: String::new(),
                rule: TOO_MANY.name,
                severity,
                message: TOO_MANY.message.to_owned(),
                advice: TOO_MANY.advice.to_owned(),
            });
        }
        self.found
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::catalogue::{ARRAY, NULL, REQUIRED};
    use super::*;

    #[test]
    fn a_pointer_names_the_place_also_of_what_is_missing() {
        let document = json!({"a/b": [{"c~d": 1}]});
        let root = At::document(&document);
        let list = root.member("a/b");
        let item = list.items().next().unwrap();
        assert_eq!(item.member("c~d").pointer(), "/a~1b/0/c~0d");
        assert_eq!(item.member("none").pointer(), "/a~1b/0/none");
        assert_eq!(root.pointer(), "");
    }

    #[test]
    fn what_only_we_demand_is_not_said_of_others() {
        let document = json!({});
        let at = At::document(&document);
        let mut reading = Findings::new(false);
        reading.add(&at, &NULL);
        reading.add_about(&at, &REQUIRED, "id");
        let found = reading.into_list();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].message, "“id” is missing.");
    }

    #[test]
    fn the_list_is_bounded_and_keeps_the_gravest() {
        let document = json!({});
        let at = At::document(&document);
        let mut findings = Findings::new(true);
        for _ in 0..1_000_000 {
            findings.add_about(&at, &ARRAY, "x");
        }
        let found = findings.into_list();
        assert!(found.len() < 2_000);
        let last = found.last().unwrap();
        assert_eq!((last.rule, last.severity), (TOO_MANY.name, Severity::Error));
    }
}
