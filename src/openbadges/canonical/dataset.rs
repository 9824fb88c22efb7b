//! An RDF dataset (RDF 1.1 Concepts §4), its terms already written as canonical N-Quads writes them.
//!
//! All texts stand in one string, so that a term is a pair of numbers: nothing is allocated per term,
//! and canonicalisation copies slices. Blank nodes are numbers.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::iri;
use super::rdfc::Hash;

/// A dataset: statements, and the texts they are made of.
#[derive(Debug, Default)]
pub(super) struct Dataset {
    text: String,
    labels: HashMap<Box<str>, u32>,
    blanks: u32,
    pub(super) quads: Vec<Quad>,
    /// Blank nodes whose first-degree hash is known, in ascending order.
    pub(super) hashed: Vec<(u32, Hash)>,
}

/// A statement in a graph; `None` is the default graph.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quad {
    pub(super) subject: Term,
    pub(super) predicate: Text,
    pub(super) object: Term,
    pub(super) graph: Option<Term>,
}

/// A blank node, or an IRI or a literal as N-Quads writes it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Term {
    Blank(u32),
    Text(Text),
}

/// A piece of a dataset's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Text {
    start: u32,
    end: u32,
}

/// The datatype and language of a literal.
#[derive(Debug, Clone, Copy)]
pub(super) enum Datatype<'t> {
    String,
    Language(&'t str),
    /// The i18n datatype: a language, which may be empty, and a direction.
    Directed(&'t str, &'static str),
    Iri(&'t str),
}

/// Why a term cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unwritable {
    /// Not an absolute IRI.
    Relative,
    /// An IRI with characters that no IRI may hold.
    Illegal,
}

/// The beginning of the i18n datatypes (JSON-LD 1.1 §10.4.1).
const I18N: &str = "https://www.w3.org/ns/i18n#";

impl Dataset {
    /// A dataset without statements, whose texts begin with those of another one.
    pub(super) fn beginning_with(text: &str) -> Self {
        let mut own = String::with_capacity(text.len().saturating_mul(2));
        own.push_str(text);
        Self {
            text: own,
            ..Self::default()
        }
    }

    /// All texts that were written.
    pub(super) fn all_text(&self) -> &str {
        &self.text
    }

    /// Whether blank nodes of it have labels, by which others may refer to them.
    pub(super) fn has_labels(&self) -> bool {
        !self.labels.is_empty()
    }

    /// So many blank nodes that nobody else refers to; the number of the first.
    pub(super) fn fresh_ones(&mut self, count: u32) -> u32 {
        let first = self.blanks;
        self.blanks = first.saturating_add(count);
        first
    }

    /// How many bytes the terms take.
    pub(super) fn bytes(&self) -> usize {
        self.text.len()
    }

    /// How many blank nodes there are: their numbers are below.
    pub(super) fn blanks(&self) -> u32 {
        self.blanks
    }

    /// A piece of text; pieces are made below only, of what was written.
    pub(super) fn text(&self, text: Text) -> &str {
        &self.text[text.start as usize..text.end as usize]
    }

    /// A blank node nobody else refers to.
    pub(super) fn fresh(&mut self) -> Term {
        let blank = self.blanks;
        self.blanks = blank.saturating_add(1);
        Term::Blank(blank)
    }

    /// The blank node of a label, the same for the same label.
    pub(super) fn labelled(&mut self, label: &str) -> Term {
        if let Some(blank) = self.labels.get(label) {
            return Term::Blank(*blank);
        }
        let blank = self.blanks;
        self.blanks = blank.saturating_add(1);
        self.labels.insert(label.into(), blank);
        Term::Blank(blank)
    }

    /// An IRI, or the blank node of a `_:label`.
    pub(super) fn resource(&mut self, text: &str) -> Result<Term, Unwritable> {
        match text.strip_prefix("_:") {
            Some(label) if iri::is_absolute(text) => Ok(self.labelled(label)),
            _ => self.iri(text).map(Term::Text),
        }
    }

    /// An IRI.
    pub(super) fn iri(&mut self, iri: &str) -> Result<Text, Unwritable> {
        Self::can_write(iri).map(|()| self.written_iri(iri))
    }

    /// Whether a text is an IRI that can be written.
    pub(super) fn can_write(iri: &str) -> Result<(), Unwritable> {
        if !iri::is_absolute(iri) || iri.starts_with("_:") {
            return Err(Unwritable::Relative);
        }
        if !iri::is_legal(iri) {
            return Err(Unwritable::Illegal);
        }
        Ok(())
    }

    /// An IRI that is known to be one.
    pub(super) fn written_iri(&mut self, iri: &str) -> Text {
        self.write(|text| {
            text.push('<');
            text.push_str(iri);
            text.push('>');
        })
    }

    /// A literal. Its datatype, where it is an IRI, has been checked to be one.
    pub(super) fn literal(&mut self, value: &str, datatype: Datatype<'_>) -> Text {
        self.write(|text| {
            text.push('"');
            escape(value, text);
            text.push('"');
            match datatype {
                Datatype::String => {}
                Datatype::Language(tag) => {
                    text.push('@');
                    text.push_str(tag);
                }
                Datatype::Directed(tag, direction) => {
                    for part in ["^^<", I18N, tag, "_", direction, ">"] {
                        text.push_str(part);
                    }
                }
                Datatype::Iri(iri) => {
                    for part in ["^^<", iri, ">"] {
                        text.push_str(part);
                    }
                }
            }
        })
    }

    fn write(&mut self, write: impl FnOnce(&mut String)) -> Text {
        let start = self.position();
        write(&mut self.text);
        Text {
            start,
            end: self.position(),
        }
    }

    /// Limits keep the text far below 4 GiB.
    fn position(&self) -> u32 {
        u32::try_from(self.text.len()).unwrap_or(u32::MAX)
    }
}

impl Term {
    /// The same text, or a blank node with a higher number.
    pub(super) fn moved(self, by: u32) -> Self {
        match self {
            Self::Blank(blank) => Self::Blank(blank.saturating_add(by)),
            Self::Text(_) => self,
        }
    }
}

impl Text {
    /// How long it is.
    pub(super) fn bytes(self) -> usize {
        self.end.saturating_sub(self.start) as usize
    }
}

impl Quad {
    /// The same statement about blank nodes with higher numbers, in a graph if it was in none.
    pub(super) fn moved(&self, by: u32, graph: Option<Term>) -> Self {
        Self {
            subject: self.subject.moved(by),
            predicate: self.predicate,
            object: self.object.moved(by),
            graph: self.graph.map_or(graph, |own| Some(own.moved(by))),
        }
    }

    /// Its blank nodes, with their positions as RDFC-1.0 names them (§4.7): `s`, `o`, `g`.
    pub(super) fn blanks(&self) -> impl Iterator<Item = (u32, char)> {
        let blank = |term: Option<Term>, position| match term {
            Some(Term::Blank(blank)) => Some((blank, position)),
            _ => None,
        };
        [
            blank(Some(self.subject), 's'),
            blank(Some(self.object), 'o'),
            blank(self.graph, 'g'),
        ]
        .into_iter()
        .flatten()
    }

    /// How many bytes its terms take in N-Quads, names of blank nodes aside.
    pub(super) fn bytes(&self) -> usize {
        let term = |term| match term {
            Term::Text(text) => text.bytes(),
            Term::Blank(_) => 0,
        };
        [
            term(self.subject),
            self.predicate.bytes(),
            term(self.object),
            self.graph.map_or(0, term),
        ]
        .into_iter()
        .fold(0, usize::saturating_add)
    }

    /// Writes the statement as a line of canonical N-Quads (RDFC-1.0 §5).
    pub(super) fn write_line(
        &self,
        data: &Dataset,
        line: &mut String,
        name: impl Fn(u32, &mut String),
    ) {
        let term = |term: Term, line: &mut String| match term {
            Term::Blank(blank) => {
                line.push_str("_:");
                name(blank, line);
            }
            Term::Text(text) => line.push_str(data.text(text)),
        };
        term(self.subject, line);
        line.push(' ');
        line.push_str(data.text(self.predicate));
        line.push(' ');
        term(self.object, line);
        if let Some(graph) = self.graph {
            line.push(' ');
            term(graph, line);
        }
        line.push_str(" .\n");
    }
}

/// Escapes as canonical N-Quads does: the named escapes, `\u00XX` for other control characters and
/// DEL, everything else as it is.
fn escape(value: &str, text: &mut String) {
    let needs = |c: char| c <= '\u{1f}' || matches!(c, '"' | '\\' | '\u{7f}');
    let mut rest = value;
    while let Some((plain, found)) = rest.find(needs).and_then(|at| rest.split_at_checked(at)) {
        text.push_str(plain);
        let mut chars = found.chars();
        match chars.next() {
            Some('\u{8}') => text.push_str("\\b"),
            Some('\t') => text.push_str("\\t"),
            Some('\n') => text.push_str("\\n"),
            Some('\u{c}') => text.push_str("\\f"),
            Some('\r') => text.push_str("\\r"),
            Some('"') => text.push_str("\\\""),
            Some('\\') => text.push_str("\\\\"),
            Some(other) => {
                let written = write!(text, "\\u{:04X}", u32::from(other));
                debug_assert!(written.is_ok(), "writing to a string cannot fail");
            }
            None => {}
        }
        rest = chars.as_str();
    }
    text.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_escaped_as_canonical_n_quads_wants() {
        let mut data = Dataset::default();
        let text = data.literal(
            "\u{0}\u{7}\u{8}\t\n\u{b}\u{c}\r\"\\\u{7f}é\u{fffe}😀",
            Datatype::String,
        );
        assert_eq!(
            data.text(text),
            "\"\\u0000\\u0007\\b\\t\\n\\u000B\\f\\r\\\"\\\\\\u007Fé\u{fffe}😀\""
        );
        let text = data.literal("x", Datatype::Directed("ar", "rtl"));
        assert_eq!(
            data.text(text),
            "\"x\"^^<https://www.w3.org/ns/i18n#ar_rtl>"
        );
    }

    #[test]
    fn one_label_is_one_blank_node() {
        let mut data = Dataset::default();
        let mut number = |text| match data.resource(text) {
            Ok(Term::Blank(number)) => number,
            other => panic!("{other:?}"),
        };
        assert_eq!((number("_:a"), number("_:b"), number("_:a")), (0, 1, 0));
    }

    #[test]
    fn what_is_no_iri_is_not_written() {
        let mut data = Dataset::default();
        assert_eq!(data.iri("a/b").unwrap_err(), Unwritable::Relative);
        assert_eq!(data.iri("_:a").unwrap_err(), Unwritable::Relative);
        assert_eq!(data.iri("https://a/<b>").unwrap_err(), Unwritable::Illegal);
        assert_eq!(data.bytes(), 0);
    }
}
