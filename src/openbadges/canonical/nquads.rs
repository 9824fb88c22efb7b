//! Reading N-Quads (RDF 1.1 N-Quads), strictly: for `badgeons canonicalize --nquads`.

use std::borrow::Cow;

use super::dataset::{Dataset, Datatype, Quad, Term, Text};
use super::error::{Error, Kind};
use super::limits::Limits;
use super::literal::XSD_STRING;

/// Reads a document of N-Quads.
pub(super) fn parse(text: &str, limits: &Limits) -> Result<Dataset, Error> {
    let mut data = Dataset::default();
    for (line, number) in text.split(['\n', '\r']).zip(1_usize..) {
        let refuse = |kind| Error {
            kind,
            pointer: format!("line {number}"),
            term: None,
        };
        let mut reader = Reader {
            rest: line,
            data: &mut data,
        };
        if !reader.at_end() {
            let quad = reader.statement().ok_or_else(|| refuse(Kind::NotNQuads))?;
            data.quads.push(quad);
        }
        if data.quads.len() > limits.quads {
            return Err(refuse(Kind::TooManyQuads));
        }
        if data.bytes() > limits.bytes {
            return Err(refuse(Kind::TooLarge));
        }
    }
    Ok(data)
}

/// Reads one line; `None` where it breaks the grammar.
struct Reader<'t, 'd> {
    rest: &'t str,
    data: &'d mut Dataset,
}

impl<'t> Reader<'t, '_> {
    /// Whether nothing is left but white space and a comment.
    fn at_end(&mut self) -> bool {
        self.space();
        self.rest.is_empty() || self.rest.starts_with('#')
    }

    /// A statement, and nothing after it.
    fn statement(&mut self) -> Option<Quad> {
        let subject = self.resource()?;
        self.space();
        let predicate = self.iri().and_then(|iri| self.data.iri(&iri).ok())?;
        self.space();
        let literal = self.rest.starts_with('"');
        let object = if literal {
            Term::Text(self.literal()?)
        } else {
            self.resource()?
        };
        self.space();
        let graph = if self.rest.starts_with('.') {
            None
        } else {
            Some(self.resource()?)
        };
        self.space();
        self.eat(".")?;
        let quad = Quad {
            subject,
            predicate,
            object,
            graph,
        };
        self.at_end().then_some(quad)
    }

    fn space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
    }

    fn eat(&mut self, text: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(text)?;
        Some(())
    }

    /// Takes what comes before the first character that does not belong.
    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    fn resource(&mut self) -> Option<Term> {
        if self.rest.starts_with('<') {
            let iri = self.iri()?;
            return self.data.iri(&iri).ok().map(Term::Text);
        }
        self.eat("_:")?;
        // A label does not end with a dot: that one ends the statement.
        let label = self.take_while(|c| is_name(c) || c == '.');
        let name = label.trim_end_matches('.');
        let ended = label.len().saturating_sub(name.len());
        if !name.starts_with(|c: char| is_name_start(c) || c.is_ascii_digit()) || ended > 1 {
            return None;
        }
        if ended == 1 {
            // Only the end of the statement may follow; give the dot back.
            if !self.rest.trim_start_matches([' ', '\t']).is_empty()
                && !self.rest.trim_start().starts_with('#')
            {
                return None;
            }
            self.rest = ".";
        }
        Some(self.data.labelled(name))
    }

    /// `IRIREF`, its escapes resolved; what an IRI may hold is the dataset's to say.
    fn iri(&mut self) -> Option<Cow<'t, str>> {
        self.eat("<")?;
        let raw = self.take_while(|c| c != '>');
        self.eat(">")?;
        unescape(raw, |_| None)
    }

    fn literal(&mut self) -> Option<Text> {
        self.eat("\"")?;
        let mut escaped = false;
        let end = self.rest.find(|c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        })?;
        let (raw, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        self.eat("\"")?;
        let value = unescape(raw, named_escape)?;
        if self.eat("@").is_some() {
            let tag = self.take_while(|c| c.is_ascii_alphanumeric() || c == '-');
            return is_tag(tag).then(|| self.data.literal(&value, Datatype::Language(tag)));
        }
        if self.eat("^^").is_none() {
            return Some(self.data.literal(&value, Datatype::String));
        }
        let iri = self.iri()?;
        // Written to see whether it is an IRI, and then with the literal.
        self.data.iri(&iri).ok()?;
        let datatype = if iri == XSD_STRING {
            Datatype::String
        } else {
            Datatype::Iri(&iri)
        };
        Some(self.data.literal(&value, datatype))
    }
}

/// Resolves `\uXXXX`, `\UXXXXXXXX` and the named escapes allowed.
fn unescape(raw: &str, named: impl Fn(char) -> Option<char>) -> Option<Cow<'_, str>> {
    if !raw.contains('\\') {
        return Some(Cow::Borrowed(raw));
    }
    let mut text = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        let digits = match chars.next()? {
            'u' => 4,
            'U' => 8,
            other => {
                text.push(named(other)?);
                continue;
            }
        };
        let (hex, rest) = chars.as_str().split_at_checked(digits)?;
        if !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        text.push(char::from_u32(u32::from_str_radix(hex, 16).ok()?)?);
        chars = rest.chars();
    }
    Some(Cow::Owned(text))
}

/// `ECHAR`.
fn named_escape(c: char) -> Option<char> {
    Some(match c {
        't' => '\t',
        'b' => '\u{8}',
        'n' => '\n',
        'r' => '\r',
        'f' => '\u{c}',
        '"' | '\'' | '\\' => c,
        _ => return None,
    })
}

/// `LANGTAG`.
fn is_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    parts
        .next()
        .is_some_and(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphabetic()))
        && parts.all(|part| !part.is_empty())
}

/// `PN_CHARS_U`.
fn is_name_start(c: char) -> bool {
    matches!(c,
        'A'..='Z' | 'a'..='z' | '_' | ':'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}'
        | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}'
        | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

/// `PN_CHARS`.
fn is_name(c: char) -> bool {
    is_name_start(c)
        || matches!(c, '-' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Result<Vec<String>, Error> {
        let data = parse(text, &Limits::VERIFY)?;
        let line = |quad: &Quad| {
            let mut line = String::new();
            quad.write_line(&data, &mut line, |blank, name| {
                name.push_str(&blank.to_string());
            });
            line
        };
        Ok(data.quads.iter().map(line).collect())
    }

    #[test]
    fn statements_are_read_and_written_canonically() {
        let text = "<u:s>\t<u:p>  \"a\\u00e9\\t\\'\"^^<http://www.w3.org/2001/XMLSchema#string>.\r\n\
                    # a comment\n\n_:a.b <u:p> _:a.b _:g . # another\n\
                    <u:s><u:p>\"x\"@fr-FR<u:\\u0067>.\n<u:s> <u:p> _:a.";
        assert_eq!(
            lines(text).unwrap(),
            [
                "<u:s> <u:p> \"aé\\t'\" .\n",
                "_:0 <u:p> _:0 _:1 .\n",
                "<u:s> <u:p> \"x\"@fr-FR <u:g> .\n",
                "<u:s> <u:p> _:2 .\n",
            ]
        );
    }

    #[test]
    fn what_breaks_the_grammar_is_refused_with_its_line() {
        for line in [
            "<u:s> <u:p> <u:o>",
            "<u:s> <u:p> .",
            "\"s\" <u:p> <u:o> .",
            "<u:s> _:p <u:o> .",
            "<u:s> <u:p> \"o .",
            "<u:s> <u:p> \"o\"@ .",
            "<u:s> <u:p> \"o\"@1a .",
            "<u:s> <u:p> \"o\"^^<b> .",
            "<u:s> <u:p> \"\\q\" .",
            "<u:s> <u:p> \"\\uD800\" .",
            "<u:s> <u:p> \"\\u00E\" .",
            "<s> <u:p> <u:o> .",
            "<u:s> <u:p> <u:a\\u0020b> .",
            "<u:s> <u:p> <u:a b> .",
            "<u:s> <u:p> _:.a .",
            "<u:s> <u:p> _:a.. ",
            "_:a. <u:p> <u:o> .",
            "<u:s> <u:p> <u:o> \"g\" .",
            "<u:s> <u:p> <u:o> . <u:s>",
        ] {
            let error = lines(&format!("<u:s> <u:p> <u:o> .\n{line}")).unwrap_err();
            assert_eq!(
                (error.kind, error.pointer.as_str()),
                (Kind::NotNQuads, "line 2"),
                "{line}"
            );
        }
    }

    #[test]
    fn statements_and_bytes_are_bounded() {
        let two = "<u:s> <u:p> <u:o> .\n<u:s> <u:p> <u:o> .";
        let kind = |limits| parse(two, &limits).unwrap_err().kind;
        assert_eq!(
            kind(Limits {
                quads: 1,
                ..Limits::VERIFY
            }),
            Kind::TooManyQuads
        );
        assert_eq!(
            kind(Limits {
                bytes: 20,
                ..Limits::VERIFY
            }),
            Kind::TooLarge
        );
    }
}
