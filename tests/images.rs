//! The badge images: what their README asks of each of them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use resvg::tiny_skia::{Pixmap, PremultipliedColorU8, Transform};
use resvg::usvg::{Options, Tree};

const TEMPLATES: [&str; 9] = [
    "animateur-fresque",
    "cec-participant",
    "cec-session",
    "confirme-fresque",
    "formateur-fresque",
    "fresque-forme",
    "organisation-engagee-cec",
    "participant-fresque",
    "terdeskin",
];
const ELEMENTS: [&str; 10] = [
    "circle",
    "clipPath",
    "defs",
    "desc",
    "g",
    "linearGradient",
    "path",
    "stop",
    "svg",
    "title",
];
const LARGEST: usize = 6_000;

#[test]
fn every_template_has_its_image_and_every_image_its_template() {
    let found: BTreeSet<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "README.md")
        .collect();
    let expected = TEMPLATES
        .map(|template| format!("{template}.svg"))
        .into_iter()
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn every_image_keeps_the_rules() {
    for template in TEMPLATES {
        assert_eq!(
            faults(template, &image(template)),
            Vec::<String>::new(),
            "{template}"
        );
    }
}

#[test]
fn what_the_rules_forbid_is_noticed() {
    let good = image("terdeskin");
    for (inserted, fault) in [
        ("<text>A</text>", "element text"),
        ("<style/>", "element style"),
        ("<script/>", "element script"),
        ("<image/>", "element image"),
        ("<use/>", "element use"),
        (r##"<g href="#terdeskin-in"/>"##, "attribute href"),
        (
            r##"<g xlink:href="#terdeskin-in"/>"##,
            "attribute xlink:href",
        ),
        (r#"<g onclick="x"/>"#, "attribute onclick"),
        (r#"<g style="fill:red"/>"#, "attribute style"),
        (
            r#"<g fill="url(https://example.org/a.svg#b)"/>"#,
            "reference url(https://example.org",
        ),
        (r#"<g id="in"/>"#, "id in"),
    ] {
        let bad = good.replace("</svg>", &format!("{inserted}</svg>"));
        let faults = faults("terdeskin", &bad);
        assert_eq!(faults.len(), 1, "{inserted}: {faults:?}");
        assert!(faults[0].starts_with(fault), "{inserted}: {faults:?}");
    }
    let heavy = format!("{good}<!--{}-->", "x".repeat(LARGEST));
    assert_eq!(
        faults("terdeskin", &heavy),
        [format!("{} bytes", heavy.len())]
    );
    let entity = format!(r#"<!DOCTYPE svg [<!ENTITY a "b">]>{good}"#);
    assert_eq!(faults("terdeskin", &entity), ["a document type"]);
}

#[test]
fn every_image_says_in_words_what_it_shows() {
    for template in TEMPLATES {
        let image = image(template);
        assert!(
            image.contains(r#" viewBox="0 0 512 512" role="img">"#),
            "{template}"
        );
        for element in ["title", "desc"] {
            let text = image.split(&format!("<{element}>")).nth(1).expect(template);
            assert!(!text.starts_with('<'), "{template} has an empty {element}");
        }
    }
}

#[test]
fn every_image_is_drawn_whole_on_a_transparent_ground() {
    for template in TEMPLATES {
        for size in [512, 64] {
            let drawn = draw(&image(template), size);
            let alpha = |x, y| drawn.pixel(x, y).unwrap().alpha();
            let last = size - 1;
            for (x, y) in [(0, 0), (last, 0), (0, last), (last, last)] {
                assert_eq!(alpha(x, y), 0, "{template} at {size}: corner {x},{y}");
            }
            assert_eq!(
                alpha(size / 2, size / 2),
                255,
                "{template} at {size}: centre"
            );
            let colours: BTreeSet<[u8; 4]> = drawn
                .pixels()
                .iter()
                .map(|p| [p.red() >> 5, p.green() >> 5, p.blue() >> 5, p.alpha() >> 7])
                .collect();
            assert!(
                colours.len() > 12,
                "{template} at {size}: {} colours",
                colours.len()
            );
        }
    }
}

#[test]
fn no_two_images_look_alike_at_64_pixels() {
    let drawn = TEMPLATES.map(|template| draw(&image(template), 64));
    for (i, a) in drawn.iter().enumerate() {
        for (j, b) in drawn.iter().enumerate().skip(i + 1) {
            let differing = a
                .pixels()
                .iter()
                .zip(b.pixels())
                .filter(|(p, q)| far(**p, **q))
                .count();
            assert!(
                differing > 300,
                "{} and {}: {differing} pixels",
                TEMPLATES[i],
                TEMPLATES[j]
            );
        }
    }
}

/// Everything in an image that its README does not allow.
fn faults(template: &str, image: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if image.len() > LARGEST {
        faults.push(format!("{} bytes", image.len()));
    }
    let mut reader = Reader::from_str(image);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(element) | Event::Empty(element) => {
                faults.extend(element_faults(template, &element));
            }
            Event::DocType(_) => faults.push("a document type".to_owned()),
            Event::PI(_) => faults.push("a processing instruction".to_owned()),
            Event::Eof => return faults,
            _ => {}
        }
    }
}

fn element_faults(template: &str, element: &BytesStart<'_>) -> Vec<String> {
    let mut faults = Vec::new();
    let name = element.name().as_ref().to_owned();
    if !ELEMENTS.contains(&name.as_str()) {
        faults.push(format!("element {name}"));
    }
    for attribute in element.attributes() {
        let attribute = attribute.unwrap();
        let key = attribute.key.as_ref();
        let value = attribute.value.as_ref();
        let own = format!("{template}-");
        if key.ends_with("href") || key.starts_with("on") || key == "style" {
            faults.push(format!("attribute {key}"));
        } else if value.contains("url(") && !value.starts_with(&format!("url(#{own}")) {
            faults.push(format!("reference {value}"));
        } else if key == "id" && !value.starts_with(&own) {
            faults.push(format!("id {value}"));
        }
    }
    faults
}

fn far(a: PremultipliedColorU8, b: PremultipliedColorU8) -> bool {
    let apart = |p: u8, q: u8| u32::from(p.abs_diff(q));
    apart(a.red(), b.red()) + apart(a.green(), b.green()) + apart(a.blue(), b.blue()) > 96
}

fn draw(image: &str, size: u32) -> Pixmap {
    let tree = Tree::from_str(image, &Options::default()).unwrap();
    let mut drawn = Pixmap::new(size, size).unwrap();
    #[expect(clippy::cast_precision_loss, reason = "the sizes are small")]
    let scale = size as f32 / tree.size().width();
    resvg::render(
        &tree,
        Transform::from_scale(scale, scale),
        &mut drawn.as_mut(),
    );
    drawn
}

fn image(template: &str) -> String {
    fs::read_to_string(folder().join(format!("{template}.svg"))).expect(template)
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/recognition/images")
}
