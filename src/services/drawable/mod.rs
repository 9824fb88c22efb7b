//! Which SVG pictures can be drawn as PNG: to the same picture, and at a bounded cost.
//!
//! A badge is handed out in both forms, so what cannot be drawn is refused when it is entered rather
//! than left out in silence: letters (there are no fonts here), raster pictures, animations. And
//! drawing is work that a small file can ask for without end, by filters, by copies of copies, by
//! masks inside masks; so the text is measured before it is read as a drawing (`plan`), and the
//! drawing before it is drawn (`budget`).
//!
//! That a picture is harmless to whoever opens it is [`baking`](crate::openbadges::baking)'s to see to.

mod budget;
mod plan;

use resvg::usvg::{ImageHrefResolver, Options, Tree};

/// A picture that can't be drawn, or not at a reasonable cost.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the picture can't be drawn as PNG: {0}")]
pub(super) struct NotDrawn(pub(super) String);

fn refused(why: &str) -> NotDrawn {
    NotDrawn(why.to_owned())
}

/// An SVG as a drawing that can be drawn.
pub(super) fn tree(svg: &[u8]) -> Result<Tree, NotDrawn> {
    let text = std::str::from_utf8(svg).map_err(|_| refused("it is not written in UTF-8"))?;
    plan::check(text)?;
    // Nothing outside the SVG is loaded; nothing inside it is, either, since the plan lets none pass.
    let nothing = ImageHrefResolver {
        resolve_data: Box::new(|_, _, _| None),
        resolve_string: Box::new(|_, _| None),
    };
    let options = Options {
        image_href_resolver: nothing,
        ..Options::default()
    };
    let tree = Tree::from_data(svg, &options).map_err(|error| NotDrawn(error.to_string()))?;
    let size = tree.size();
    if [size.width(), size.height()]
        .iter()
        .any(|side| !(0.01..=100_000.0).contains(side))
    {
        return Err(refused("its width or height is out of all measure"));
    }
    budget::check(&tree)?;
    Ok(tree)
}

/// Elements that are not drawn, or whose cost can't be told before: the reason, and what to do.
fn why_not(element: &str) -> Option<&'static str> {
    Some(match element {
        _ if element == "filter" || element.starts_with("fe") => {
            "it uses a filter; draw the shade or the glow as shapes"
        }
        "image" => "it contains a photograph or another raster picture; use a PNG, or shapes alone",
        "text" | "flowRoot" => "it contains letters, which need a font; turn them into outlines",
        "pattern" => "it is painted with a pattern; draw it as shapes",
        "marker" => "it has markers along its lines; turn them into shapes",
        "animate" | "animateTransform" | "animateMotion" | "set" => {
            "it moves; take the animation out"
        }
        _ => return None,
    })
}

fn too_intricate() -> NotDrawn {
    refused("it is too intricate; simplify it, or use a PNG")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn svg(inside: &str) -> String {
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' \
                viewBox='0 0 100 100'>{inside}</svg>"
        )
    }

    fn why(inside: &str) -> Option<String> {
        tree(svg(inside).as_bytes())
            .err()
            .map(|error| error.to_string())
    }

    #[test]
    fn drawings_as_programs_write_them_can_be_drawn() {
        for inside in [
            "",
            "<!-- x --><title>A &amp; b</title><path d='M0 0h9v9z' fill='red'/>",
            "<style>/* a b */.a,#b{fill:url(#g);opacity:.5}\n.c{stroke:#123}</style><defs>\
                <linearGradient id='g'><stop offset='0'/></linearGradient></defs>\
                <circle class='a' r='9'/>",
            "<symbol id='s' viewBox='0 0 9 9'><path d='M0 0h9v9z'/></symbol><use href='#s'/>\
                <use xlink:href='#s' x='9'/>",
            "<clipPath id='c'><path d='M0 0h9v9z'/></clipPath><g clip-path='url(#c)'>\
                <path d='M0 0h9v9z'/></g>",
            "<mask id='m' maskUnits='userSpaceOnUse' x='0' y='0' width='9' height='9'>\
                <path d='M0 0h9v9z' fill='#fff'/></mask><g mask='url(#m)'><path d='M0 0h9v9z'/></g>",
            "<circle r='40' stroke='red' stroke-dasharray='2 1' fill='none'/>",
        ] {
            assert_eq!(why(inside), None, "{inside}");
        }
    }

    #[test]
    fn what_the_png_would_lack_is_refused() {
        for (inside, named) in [
            ("<text>R5</text>", "outlines"),
            (
                "<image href='data:image/png;base64,iVBORw0KGgo='/>",
                "raster",
            ),
            (
                "<defs><image href='data:image/jpeg;base64,AA=='/></defs>",
                "raster",
            ),
            ("<g><animate attributeName='x'/></g>", "moves"),
        ] {
            let why = why(inside).unwrap();
            assert!(why.contains(named), "{inside}: {why}");
        }
    }

    #[test]
    fn filters_are_refused_wherever_they_stand() {
        let turbulence = "<filter id='f'><feTurbulence numOctaves='2000000'/></filter>\
            <rect width='9' height='9' filter='url(#f)'/>";
        for inside in [
            turbulence,
            "<feFlood/>",
            "<rect width='9' height='9' filter='blur(9)'/>",
            "<rect width='9' height='9' style='filter:blur(9px)'/>",
            "<style>.a{filter:blur(9px)}</style><rect class='a' width='9' height='9'/>",
        ] {
            assert!(why(inside).unwrap().contains("filter"), "{inside}");
        }
    }

    fn each_is_refused(pictures: &[(&str, String)]) {
        for (name, inside) in pictures {
            assert!(why(inside).is_some(), "{name}");
        }
    }

    #[test]
    fn little_text_cannot_ask_for_much_drawing() {
        let copies = (1..12).fold("<g id='u0'><path d='M0 0h9'/></g>".to_owned(), |all, n| {
            let copy = format!("<use href='#u{}'/>", n - 1);
            format!("{all}<g id='u{n}'>{}</g>", copy.repeat(10))
        });
        let long = "M0 0".to_owned() + &"l9 9".repeat(60_000);
        let heavy = format!(
            "<path id='p' d='{long}'/>{}",
            "<use href='#p'/>".repeat(500)
        );
        let layer = "<g opacity='.5'><path d='M0 0h9v9z'/><path d='M1 1h9v9z'/>";
        let dashes = "M0 0h99".repeat(90);
        each_is_refused(&[
            ("copies of copies", copies),
            ("copies of much", heavy),
            ("layers in layers", layer.repeat(60) + &"</g>".repeat(60)),
            ("many layers", format!("{layer}</g>").repeat(100)),
            (
                "whole pictures",
                "<rect width='100' height='100'/>".repeat(2_000),
            ),
            ("many elements", "<g/>".repeat(20_000)),
            (
                "a million dashes",
                format!("<path stroke='red' stroke-dasharray='.001' d='{dashes}'/>"),
            ),
            (
                "a pattern",
                "<pattern id='p' width='1e6' height='1e6' patternUnits='userSpaceOnUse'>\
                    <path d='M0 0h9v9z'/></pattern><rect width='9' height='9' fill='url(#p)'/>"
                    .into(),
            ),
            ("markers", "<marker id='m'/>".into()),
        ]);
    }

    #[test]
    fn clips_and_masks_do_not_multiply() {
        let chain = |put_on: &dyn Fn(i32) -> String| {
            let first = "<clipPath id='c0'><path d='M0 0h9v9z'/></clipPath>".to_owned();
            let clips = (1..9).fold(first, |all, n| {
                let inside = format!("<path d='M0 0h9v9z' {}/>", put_on(n - 1));
                format!("{all}<clipPath id='c{n}'>{}</clipPath>", inside.repeat(10))
            });
            format!("{clips}<path d='M0 0h9v9z' clip-path='url(#c8)'/>")
        };
        let classes = "<style>.k7{Clip-Path:url(#c7)}.k6,.k5{fill:red}</style>";
        each_is_refused(&[
            (
                "clips in clips",
                chain(&|n| format!("clip-path='url(#c{n})'")),
            ),
            (
                "clips in clips by their style",
                chain(&|n| format!("style='clip-path:url(#c{n})'")),
            ),
            (
                "clips in clips by their class",
                chain(&|n| format!("class='k{n}'")) + classes,
            ),
            (
                "clips in clips by their kind",
                "<style>path{clip-path:url(#c)}</style><clipPath id='c'/>".into(),
            ),
            (
                "copies in clips",
                "<clipPath id='c'><use href='#a'/></clipPath>".into(),
            ),
            (
                "a clip measured by its wearer",
                "<clipPath id='c' clipPathUnits='objectBoundingBox'/>".into(),
            ),
            ("a mask measured by its wearer", "<mask id='m'/>".into()),
        ]);
    }

    #[test]
    fn a_style_sheet_is_names_of_classes_and_what_they_mean() {
        let sheet = |rules: &str| format!("<style>{rules}</style>");
        each_is_refused(&[
            ("many rules", sheet(&".a{fill:red}".repeat(300))),
            ("selectors that look around", sheet("g g g g g{fill:red}")),
            ("selectors in disguise", sheet("g&#32;g{fill:red}")),
            ("selectors behind an element", sheet("a{}<g></g>g g{}")),
            (
                "a comment that is none",
                sheet("a{b:'/*'} g g g g{fill:red} /* */"),
            ),
        ]);
    }

    #[test]
    fn a_picture_out_of_all_measure_is_refused() {
        for size in [
            "width='1e-30' height='1e-30'",
            "width='1e30' height='1'",
            "viewBox='0 0 1e-9 1'",
        ] {
            let svg = format!(
                "<svg xmlns='http://www.w3.org/2000/svg' {size}><path d='M0 0h9v9z'/></svg>"
            );
            assert!(tree(svg.as_bytes()).is_err(), "{size}");
        }
    }
}
