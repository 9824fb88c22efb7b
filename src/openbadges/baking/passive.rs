//! A picture must be a picture only: what a badge is baked into gets passed on and opened.
//!
//! SVG can hold scripts, call other servers, and load documents; whoever opens such a badge would
//! be followed or attacked by it. Badges are drawn without any of these, so all are refused before
//! baking.

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, BytesText, Event};
use quick_xml::reader::Reader;

use super::BakingError;
use super::survey::{character, damaged, external_subset, refused};

/// Elements that run, load or embed something, in SVG or in HTML inside it.
const ACTIVE_ELEMENTS: [&str; 11] = [
    "script",
    "foreignobject",
    "iframe",
    "frame",
    "embed",
    "object",
    "audio",
    "video",
    "handler",
    "listener",
    "link",
];

/// The definitions of SVG, by their public names and addresses, as drawing programs write them.
const SVG_DEFINITIONS: [(Option<&str>, &str); 5] = [
    (
        Some("-//W3C//DTD SVG 1.1//EN"),
        "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd",
    ),
    (
        Some("-//W3C//DTD SVG 1.1 Basic//EN"),
        "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11-basic.dtd",
    ),
    (
        Some("-//W3C//DTD SVG 1.1 Tiny//EN"),
        "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11-tiny.dtd",
    ),
    (
        Some("-//W3C//DTD SVG 1.0//EN"),
        "http://www.w3.org/TR/2001/REC-SVG-20010904/DTD/svg10.dtd",
    ),
    (
        Some("-//W3C//DTD SVG 20010904//EN"),
        "http://www.w3.org/TR/2001/REC-SVG-20010904/DTD/svg10.dtd",
    ),
];

/// Refuses an SVG that does more than show itself.
pub(super) fn check(text: &str) -> Result<(), BakingError> {
    let mut reader = Reader::from_str(text);
    let mut styles = String::new();
    let mut in_style = false;
    loop {
        match reader.read_event().map_err(|error| damaged(&error))? {
            Event::Start(tag) => {
                check_tag(&tag)?;
                in_style |= tag.local_name().as_ref().eq_ignore_ascii_case("style");
            }
            Event::Empty(tag) => check_tag(&tag)?,
            Event::End(tag) if tag.local_name().as_ref().eq_ignore_ascii_case("style") => {
                in_style = false;
                styles.push('\n');
            }
            Event::Text(content) if in_style => styles.push_str(&content),
            Event::CData(content) if in_style => styles.push_str(&content),
            Event::GeneralRef(reference) if in_style => styles.push(character(&reference)?),
            Event::PI(_) => {
                return Err(refused(
                    "it has a processing instruction, which can load a style sheet",
                ));
            }
            Event::DocType(doctype) => check_doctype(&doctype)?,
            Event::Eof => break,
            _ => {}
        }
    }
    if reaches_outside(&styles, true) {
        return Err(refused("its style sheet refers to something outside of it"));
    }
    Ok(())
}

/// A definition may add attributes, event handlers among them, and some viewers fetch it: only those
/// of SVG itself are left where they are.
fn check_doctype(doctype: &BytesText<'_>) -> Result<(), BakingError> {
    match external_subset(doctype)? {
        Some(subset) if !SVG_DEFINITIONS.contains(&(subset.public, subset.system)) => Err(refused(
            "its DOCTYPE names a definition that is not SVG's own; remove the part that begins \
                    with <!DOCTYPE",
        )),
        _ => Ok(()),
    }
}

fn check_tag(tag: &BytesStart<'_>) -> Result<(), BakingError> {
    let element = tag.local_name().as_ref().to_ascii_lowercase();
    if ACTIVE_ELEMENTS.contains(&element.as_str()) {
        return Err(BakingError::Refused(format!(
            "it contains “{element}”, and a badge is a picture only; remove it"
        )));
    }
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| damaged(&error))?;
        let name = attribute.key.local_name().as_ref().to_ascii_lowercase();
        let value: Cow<'_, str> = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|error| damaged(&error))?;
        let refused_as = match name.as_str() {
            _ if name.starts_with("on") => Some("an event handler"),
            "base" => Some("a base address"),
            "href" | "src" if !is_inside(&value) => Some("a reference to something outside of it"),
            // An animation can set what a static attribute may not.
            "attributename" if animates_a_reference(&value) => Some("an animated reference"),
            _ if reaches_outside(&value, name == "style") => {
                Some("a style that refers to something outside of it")
            }
            _ => None,
        };
        if let Some(what) = refused_as {
            return Err(BakingError::Refused(format!(
                "it contains {what} (attribute “{name}”), and a badge is a picture only; remove it"
            )));
        }
    }
    Ok(())
}

/// Whether a reference stays in the file: a fragment, or a raster picture written out.
fn is_inside(reference: &str) -> bool {
    let reference = reference.trim().to_ascii_lowercase();
    let pictures = [
        "data:image/png",
        "data:image/jpeg",
        "data:image/gif",
        "data:image/webp",
    ];
    reference.starts_with('#') || pictures.iter().any(|start| reference.starts_with(start))
}

fn animates_a_reference(attribute: &str) -> bool {
    let name = attribute
        .trim()
        .rsplit(':')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    name == "href" || name == "style" || name.starts_with("on")
}

/// Whether CSS names anything but fragments. In a style sheet, whatever could hide a name is
/// refused with it; other attributes only matter where they say `url(`.
fn reaches_outside(css: &str, is_style: bool) -> bool {
    let css = css.to_ascii_lowercase();
    if is_style
        && ["\\", "@import", "image-set(", "src("]
            .iter()
            .any(|way| css.contains(way))
    {
        return true;
    }
    css.split("url(")
        .skip(1)
        .any(|target| !is_inside(target.trim_start().trim_start_matches(['"', '\''])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_with_gradients_and_raster_pictures_is_a_picture() {
        let drawing = r##"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">
            <style>.a { fill: url("#g") } /* &lt; */</style><defs><linearGradient id="g"/></defs>
            <path style="fill:url(#g)" fill="url( '#g' )" d="M0 0"/><use xlink:href="#g"/>
            <image href="data:image/png;base64,iVBORw0KGgo="/></svg>"##;
        assert_eq!(check(drawing), Ok(()));
    }

    #[test]
    fn whatever_runs_or_calls_out_is_refused() {
        for inside in [
            "<script>alert(1)</script>",
            "<x:SCRIPT xmlns:x='http://www.w3.org/1999/xhtml'/>",
            "<foreignObject/>",
            "<iframe src='#a'/>",
            "<g onload='x()'/>",
            "<g OnClick='x()'/>",
            "<a href='https://spy.example/'/>",
            "<a xlink:href='java&#10;script:x()'/>",
            "<image href='//spy.example/a.png'/>",
            "<image href='data:image/svg+xml,&lt;svg/&gt;'/>",
            "<use href='other.svg#a'/>",
            "<g xml:base='https://spy.example/'/>",
            "<animate attributeName='xlink:href' to='javascript:x()'/>",
            "<set attributeName='onclick' to='x()'/>",
            "<path fill='url(https://spy.example/a)'/>",
            "<path style='fill: URL( &quot;http://spy.example&quot; )'/>",
            "<path style='fill: u\\72l(http://spy.example)'/>",
            "<style>@import 'https://spy.example/a.css';</style>",
            "<style><![CDATA[a{background:url(https://spy.example)}]]></style>",
            "<style>a{background:image-set('https://spy.example/a')}</style>",
            "<?xml-stylesheet href='https://spy.example/a.css'?>",
        ] {
            let svg = format!("<svg xmlns='http://www.w3.org/2000/svg'>{inside}</svg>");
            assert!(
                matches!(check(&svg), Err(BakingError::Refused(_))),
                "{inside}"
            );
        }
    }
}
