//! Reading an SVG just far enough to know where its root tag is and which credentials it carries.
//!
//! XML is read without entities: a DOCTYPE may name a definition, which is never fetched, and one
//! that brings definitions of its own is refused. Elements are found by their namespace, never by
//! their prefix, which is the baker's choice.

use std::ops::Range;

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, BytesText, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::NsReader;

use super::{Baked, BakingError};

/// The namespace of the element that carries an Open Badges 3.0 credential.
pub(super) const OPEN_BADGES_3: &str = "https://purl.imsglobal.org/ob/v3p0";
const OPEN_BADGES_2: &str = "http://openbadges.org";
const SVG: &str = "http://www.w3.org/2000/svg";

/// Deeper pictures are refused: no drawing needs it, and each level costs memory.
pub(super) const MAX_DEPTH: usize = 256;

/// What baking and unbaking need to know about a picture.
pub(super) struct Survey {
    pub(super) root: Root,
    /// In the order of the document.
    pub(super) carried: Vec<Carried>,
}

/// The root element; positions are bytes of the text.
pub(super) struct Root {
    pub(super) name: String,
    pub(super) name_end: usize,
    /// Where the closing `>` or `/>` begins.
    pub(super) attributes_end: usize,
    pub(super) tag_end: usize,
    pub(super) is_empty: bool,
    /// What the root declares the prefix `openbadges` to mean.
    pub(super) openbadges_prefix: Option<String>,
}

pub(super) struct Carried {
    pub(super) place: Range<usize>,
    pub(super) baked: Baked,
}

/// A credential element whose end has not come yet.
struct Open {
    start: usize,
    namespace: &'static str,
    verify: Option<String>,
    text: String,
}

impl Open {
    fn close(self, end: usize) -> Carried {
        let text = self.verify.unwrap_or(self.text).trim().to_owned();
        let baked = if self.namespace == OPEN_BADGES_3 {
            Baked::Credential(text)
        } else {
            Baked::OpenBadges2(text)
        };
        Carried {
            place: self.start..end,
            baked,
        }
    }
}

impl Survey {
    pub(super) fn of(text: &str) -> Result<Self, BakingError> {
        let mut reader = NsReader::from_str(text);
        let mut root = None;
        let mut carried = Vec::new();
        let mut open: Option<Open> = None;
        let mut depth = 0_usize;
        loop {
            let start = position(&reader)?;
            let event = reader.read_event().map_err(|error| damaged(&error))?;
            let end = position(&reader)?;
            match &event {
                Event::Start(tag) | Event::Empty(tag) => {
                    let is_empty = matches!(event, Event::Empty(_));
                    let namespace = namespace_of(&reader, tag);
                    if root.is_none() {
                        root = Some(Root::read(tag, namespace, start..end, is_empty)?);
                    } else if depth == 0 {
                        return Err(BakingError::Damaged("something follows its end".into()));
                    }
                    if open.is_some() {
                        return Err(refused("its credential contains other elements"));
                    }
                    if let Some(found) = credential(tag, namespace, start)? {
                        if is_empty {
                            carried.push(found.close(end));
                        } else {
                            open = Some(found);
                        }
                    }
                    if !is_empty {
                        depth = depth.saturating_add(1);
                    }
                    if depth > MAX_DEPTH {
                        return Err(refused("its elements are nested too deeply"));
                    }
                }
                Event::End(_) => {
                    depth = depth.saturating_sub(1);
                    carried.extend(open.take().map(|open| open.close(end)));
                }
                Event::Text(content) => {
                    if let Some(open) = &mut open {
                        open.text.push_str(&content.xml10_content());
                    }
                }
                Event::CData(content) => {
                    if let Some(open) = &mut open {
                        open.text.push_str(&content.xml10_content());
                    }
                }
                Event::GeneralRef(reference) => {
                    if let Some(open) = &mut open {
                        open.text.push(character(reference)?);
                    }
                }
                Event::Decl(declaration) => require_utf8(declaration)?,
                Event::DocType(doctype) => {
                    if root.is_some() {
                        return Err(BakingError::Damaged(
                            "its DOCTYPE is not at its head".into(),
                        ));
                    }
                    external_subset(doctype)?;
                }
                Event::Comment(_) | Event::PI(_) => {}
                Event::Eof => break,
            }
        }
        match root {
            Some(root) if depth == 0 => Ok(Self { root, carried }),
            Some(_) => Err(BakingError::Damaged("it is cut short".into())),
            None => Err(BakingError::NotAPicture),
        }
    }
}

impl Root {
    fn read(
        tag: &BytesStart<'_>,
        namespace: Option<&str>,
        place: Range<usize>,
        is_empty: bool,
    ) -> Result<Self, BakingError> {
        if tag.local_name().as_ref() != "svg" || namespace.is_some_and(|name| name != SVG) {
            return Err(BakingError::NotAPicture);
        }
        let name = tag.name().into_inner().to_owned();
        Ok(Self {
            name_end: place.start.saturating_add(1).saturating_add(name.len()),
            name,
            attributes_end: place.end.saturating_sub(if is_empty { 2 } else { 1 }),
            tag_end: place.end,
            is_empty,
            openbadges_prefix: attribute(tag, "xmlns:openbadges")?,
        })
    }
}

/// The credential that a tag begins, if it begins one.
fn credential(
    tag: &BytesStart<'_>,
    namespace: Option<&str>,
    start: usize,
) -> Result<Option<Open>, BakingError> {
    let namespace = match (namespace, tag.local_name().as_ref()) {
        (Some(OPEN_BADGES_3), "credential") => OPEN_BADGES_3,
        (Some(OPEN_BADGES_2), "assertion") => OPEN_BADGES_2,
        _ => return Ok(None),
    };
    Ok(Some(Open {
        start,
        namespace,
        verify: attribute(tag, "verify")?,
        text: String::new(),
    }))
}

fn namespace_of<'r>(reader: &'r NsReader<&[u8]>, tag: &BytesStart<'_>) -> Option<&'r str> {
    match reader.resolver().resolve_prefix(tag.name().prefix(), true) {
        ResolveResult::Bound(Namespace(namespace)) => Some(namespace),
        ResolveResult::Unbound | ResolveResult::Unknown(_) => None,
    }
}

/// An attribute by its exact name, unescaped; refused when written twice, which XML forbids.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, BakingError> {
    let mut found = None;
    // The library's own check compares each attribute with all before it: a bomb has a million.
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| damaged(&error))?;
        if attribute.key.as_ref() == name {
            if found.is_some() {
                return Err(BakingError::Damaged(format!(
                    "it has two attributes “{name}” in one place"
                )));
            }
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| damaged(&error))?;
            found = Some(value.into_owned());
        }
    }
    Ok(found)
}

/// The character of a reference such as `&amp;` or `&#233;`; entities of one's own do not exist.
pub(super) fn character(reference: &BytesRef<'_>) -> Result<char, BakingError> {
    if let Some(character) = reference
        .resolve_char_ref()
        .map_err(|error| damaged(&error))?
    {
        return Ok(character);
    }
    resolve_xml_entity(reference)
        .and_then(|text| text.chars().next())
        .ok_or_else(|| refused("it uses an entity; only the five of XML are read"))
}

/// The definition that a DOCTYPE names and nobody fetches: the address and, before it, a public
/// name. `None` where it only names the root.
///
/// Read to the letter of XML 1.0 §2.8, but for an internal subset. Without `<`, `>` and brackets, no
/// two readers can differ about where it ends.
pub(super) fn external_subset<'t>(
    doctype: &'t BytesText<'_>,
) -> Result<Option<Subset<'t>>, BakingError> {
    let text: &str = doctype;
    if text.contains(['[', ']', '<', '>']) {
        return Err(refused(
            "its DOCTYPE defines entities of its own; remove the part that begins with <!DOCTYPE",
        ));
    }
    let malformed = || BakingError::Damaged("its DOCTYPE is no well-formed XML".into());
    let text = text.trim();
    let Some((_root, external)) = text.split_once(char::is_whitespace) else {
        return Ok(None);
    };
    let (public, rest) = if let Some(rest) = external.trim_start().strip_prefix("PUBLIC") {
        let (public, rest) = literal(rest).ok_or_else(malformed)?;
        (Some(public), rest)
    } else {
        let rest = external.trim_start().strip_prefix("SYSTEM");
        (None, rest.ok_or_else(malformed)?)
    };
    match literal(rest) {
        Some((system, "")) => Ok(Some(Subset { public, system })),
        _ => Err(malformed()),
    }
}

/// What a DOCTYPE names.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Subset<'t> {
    pub(super) public: Option<&'t str>,
    pub(super) system: &'t str,
}

/// White space and a text in quotation marks, and what follows it.
fn literal(text: &str) -> Option<(&str, &str)> {
    let quoted = text.trim_start();
    if quoted.len() == text.len() {
        return None;
    }
    let mark = quoted.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    quoted.strip_prefix(mark)?.split_once(mark)
}

fn require_utf8(declaration: &BytesDecl<'_>) -> Result<(), BakingError> {
    match declaration.encoding() {
        None => Ok(()),
        Some(Ok(name)) if name.eq_ignore_ascii_case("utf-8") => Ok(()),
        Some(Ok(name)) => {
            let name: String = name.chars().take(40).collect();
            Err(BakingError::Refused(format!(
                "it says that it is written in {name}; save it again as UTF-8"
            )))
        }
        Some(Err(error)) => Err(damaged(&error)),
    }
}

fn position(reader: &NsReader<&[u8]>) -> Result<usize, BakingError> {
    usize::try_from(reader.buffer_position())
        .map_err(|_| BakingError::Damaged("it is too long".into()))
}

pub(super) fn refused(why: &str) -> BakingError {
    BakingError::Refused(why.to_owned())
}

pub(super) fn damaged(error: &dyn std::error::Error) -> BakingError {
    BakingError::Damaged(format!("it is no well-formed XML ({error})"))
}
