//! The text of an SVG, measured before it is read as a drawing: what is copied, styled and clipped
//! multiplies, and whoever reads it does the multiplication.

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::{NotDrawn, refused, too_intricate, why_not};

/// What an SVG may weigh, with all its copies: an element weighs one, and one for every 64 bytes of
/// its tag. Copies alone can make a picture of 1 MiB too heavy.
const HEAVIEST: usize = 40_000;

/// The elements of an SVG, with all its copies.
const MOST_ELEMENTS: usize = 10_000;

/// The rules of a style sheet: each is compared with each element.
const MOST_RULES: usize = 200;

/// An element that is open.
struct Open {
    id: Option<String>,
    /// What there was before it.
    elements: usize,
    weight: usize,
    has_copies: bool,
    /// Whether it is a clip or a mask, or part of one.
    is_stencil: bool,
}

/// What is inside an element that can be copied.
#[derive(Clone, Copy, Default)]
struct Inside {
    elements: usize,
    weight: usize,
    has_copies: bool,
}

/// Measures the text of an SVG.
#[derive(Default)]
struct Measure {
    elements: usize,
    weight: usize,
    open: Vec<Open>,
    named: BTreeMap<String, Inside>,
    copied: Vec<String>,
    /// The classes of stencils.
    stencil_classes: BTreeSet<String>,
    styles: String,
    in_style: bool,
}

/// Refuses what can't be drawn, and what would be too much work even to read as a drawing.
pub(super) fn check(text: &str) -> Result<(), NotDrawn> {
    let mut reader = Reader::from_str(text);
    let mut measure = Measure::default();
    loop {
        let event = reader
            .read_event()
            .map_err(|error| NotDrawn(format!("it is no well-formed XML ({error})")))?;
        match event {
            Event::Start(tag) => {
                measure.begin(&tag)?;
                measure.in_style |= tag.local_name().as_ref() == "style";
            }
            Event::Empty(tag) => {
                measure.begin(&tag)?;
                measure.end();
            }
            Event::End(tag) => {
                measure.end();
                measure.in_style &= tag.local_name().as_ref() != "style";
            }
            Event::Text(content) if measure.in_style => measure.styles.push_str(&content),
            Event::CData(content) if measure.in_style => measure.styles.push_str(&content),
            Event::GeneralRef(_) if measure.in_style => {
                return Err(refused(
                    "its style sheet hides characters; write them as they are",
                ));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let clipping = check_styles(&measure.styles)?;
    if !measure.stencil_classes.is_disjoint(&clipping) {
        return Err(stencil_in_stencil());
    }
    measure.finish()
}

impl Measure {
    fn begin(&mut self, tag: &BytesStart<'_>) -> Result<(), NotDrawn> {
        let element = tag.local_name();
        let element: &str = element.as_ref();
        if let Some(why) = why_not(element) {
            return Err(refused(why));
        }
        let mut id = None;
        let mut is_in_user_space = false;
        let is_copy = element == "use";
        let is_stencil = matches!(element, "clipPath" | "mask")
            || self.open.last().is_some_and(|parent| parent.is_stencil);
        if is_stencil && is_copy {
            return Err(stencil_in_stencil());
        }
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute
                .map_err(|error| NotDrawn(format!("it is no well-formed XML ({error})")))?;
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| NotDrawn(format!("it is no well-formed XML ({error})")))?;
            match attribute.key.local_name().as_ref() {
                "id" => id = Some(value.into_owned()),
                "href" if is_copy => {
                    let target = value.trim().trim_start_matches('#');
                    self.copied.push(target.to_owned());
                }
                // Such a clip or mask is made anew for whatever it is put on, and what it is made of too.
                "clipPathUnits" | "maskContentUnits" if value == "objectBoundingBox" => {
                    return Err(refused(
                        "a clip or a mask is measured by what it is put on; draw it in the \
                         coordinates of the picture (userSpaceOnUse)",
                    ));
                }
                "clip-path" | "mask" if is_stencil && value.trim() != "none" => {
                    return Err(stencil_in_stencil());
                }
                "style" if is_stencil && is_clipping(&value) => return Err(stencil_in_stencil()),
                "class" if is_stencil => self
                    .stencil_classes
                    .extend(value.split_whitespace().map(str::to_owned)),
                "maskUnits" => is_in_user_space = value == "userSpaceOnUse",
                _ => {}
            }
        }
        if element == "mask" && !is_in_user_space {
            return Err(refused(
                "a mask is measured by what it is put on; write maskUnits=\"userSpaceOnUse\" and its \
                 place in the coordinates of the picture",
            ));
        }
        self.elements = self.elements.saturating_add(1);
        let weight = 1 + tag.len() / 64;
        self.weight = self.weight.saturating_add(weight);
        self.open.push(Open {
            id,
            elements: self.elements - 1,
            weight: self.weight - weight,
            has_copies: is_copy,
            is_stencil,
        });
        self.check()
    }

    fn end(&mut self) {
        let Some(done) = self.open.pop() else { return };
        if let Some(parent) = self.open.last_mut() {
            parent.has_copies |= done.has_copies;
        }
        if let Some(id) = done.id {
            // Of two elements of one name either may be meant.
            let inside = self.named.entry(id).or_default();
            inside.elements += self.elements - done.elements;
            inside.weight += self.weight - done.weight;
            inside.has_copies |= done.has_copies;
        }
    }

    /// Adds what the copies weigh.
    fn finish(mut self) -> Result<(), NotDrawn> {
        for target in std::mem::take(&mut self.copied) {
            let inside = self.named.get(&target).copied().unwrap_or_default();
            if inside.has_copies {
                return Err(refused(
                    "it has copies (use) of what contains copies; unlink them in the drawing program",
                ));
            }
            self.elements = self.elements.saturating_add(inside.elements);
            self.weight = self.weight.saturating_add(inside.weight);
            self.check()?;
        }
        Ok(())
    }

    fn check(&self) -> Result<(), NotDrawn> {
        if self.elements > MOST_ELEMENTS || self.weight > HEAVIEST {
            return Err(too_intricate());
        }
        Ok(())
    }
}

/// Each level would multiply the work by what is on it.
fn stencil_in_stencil() -> NotDrawn {
    refused("a clip or a mask is itself clipped, masked or copied; draw it as one shape")
}

/// Whether a style puts a clip or a mask on something.
fn is_clipping(style: &str) -> bool {
    let style = style.to_ascii_lowercase();
    style.contains("url(") && (style.contains("clip") || style.contains("mask"))
}

/// A style sheet as drawing programs write it: classes and what they mean. Selectors that look around
/// can take time beyond measure, and comments could hide them. Gives the classes that clip or mask.
fn check_styles(styles: &str) -> Result<BTreeSet<String>, NotDrawn> {
    let mut clipping = BTreeSet::new();
    // A comment can begin inside a text and end outside of it, or so it seems.
    if styles.contains("/*") && styles.contains(['"', '\'']) {
        return Err(too_elaborate());
    }
    let mut rest = styles;
    let mut plain = String::new();
    while let Some((before, comment)) = rest.split_once("/*") {
        plain.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    if plain.matches('}').count() > MOST_RULES {
        return Err(too_intricate());
    }
    for rule in plain.split('}') {
        let (selectors, style) = rule.split_once('{').unwrap_or((rule, ""));
        let looks_around = |selector: &str| {
            selector
                .trim()
                .contains(|c: char| c.is_whitespace() || "@>+~[:*\\".contains(c))
        };
        if selectors.split(',').any(looks_around) {
            return Err(too_elaborate());
        }
        if is_clipping(style) {
            for selector in selectors.split(',').map(str::trim) {
                let classes = selector.strip_prefix('.').ok_or_else(too_elaborate)?;
                clipping.extend(classes.split(['.', '#']).map(str::to_owned));
            }
        }
    }
    Ok(clipping)
}

fn too_elaborate() -> NotDrawn {
    refused("its style sheet chooses by more than names of classes; simplify it")
}
