//! Certificates and cards: what somebody prints, and what a network shows beside a link.
//!
//! `read_back` reads the finished sheets with other people's programs, if they are installed.

mod read_back;

use std::path::Path;

use badgeons::printing::card::{self, Card};
use badgeons::printing::certificate::{self, Certificate};
use badgeons::printing::{Picture, fonts::Face};
use sha2::{Digest, Sha256};

use crate::house_rules::files;

const LINK: &str = "https://badges.example/credentials/0198f3a2-7c1e-7b30-9d5b-3f0a2c4e6d81";

fn picture(name: &str) -> Vec<u8> {
    let images = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/recognition/images");
    std::fs::read(images.join(format!("{name}.svg"))).unwrap()
}

/// A certificate as the collective gives one.
fn usual(picture: &[u8]) -> Certificate<'_> {
    Certificate {
        language: "br",
        title: "Testeni: Añaïg Le Goñidec",
        heading: "Testeni",
        recipient_label: "Roet da",
        recipient: "Añaïg Le Goñidec",
        achievement_label: "evit ar badj",
        achievement: "Stummer·ez war renerezh fresk ar c’hlimad",
        description: "C’hwec’h stal a zo bet renet ganti e bro Gwened\u{202f}: « Œuvrer ensemble »",
        level: Some(("Anaoudegezh", "R5 · barregezh priziet")),
        facts: &[
            ("Roet gant", "Badgeons bro Gwened"),
            ("D’an", "3\u{a0}a viz Meurzh 2026"),
        ],
        criteria: Some(("Petra ober", "Ren ur stal penn-da-benn dirak tud all.")),
        notice: "Ne brouenn ar paper-mañ netra e-unan: digorit al liamm.",
        link_label: "Gwiriañ ar badj-mañ",
        link: LINK,
        picture: Some(Picture::Svg(picture)),
        picture_label: "Un tour-tan e-kichen ar mor bihan.",
    }
}

/// Texts that nobody should be able to break a sheet with.
fn hostile_texts() -> Vec<String> {
    vec![
        "W".repeat(10_000),
        "i ".repeat(5_000),
        "\u{202e}\0\r\n\t🎉👩‍🚀\u{e000}\u{ffff}".repeat(99),
        format!("e{} m", "\u{301}".repeat(10_000)),
        "السلام 李明 Анна ﷽".into(),
        "-/–".repeat(3_000),
        "\\(]>><< /Type /Catalog ]]> <svg/onload=1>".into(),
        String::new(),
    ]
}

fn hostile<'a>(text: &'a str, facts: &'a [(&'a str, &'a str)], svg: &'a [u8]) -> Certificate<'a> {
    Certificate {
        language: text,
        title: text,
        heading: text,
        recipient_label: text,
        recipient: text,
        achievement_label: text,
        achievement: text,
        description: text,
        level: Some((text, text)),
        facts,
        criteria: Some((text, text)),
        notice: text,
        link_label: text,
        link: text,
        picture: Some(Picture::Svg(svg)),
        picture_label: text,
    }
}

fn has(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}

#[test]
fn a_certificate_is_small_and_always_the_same_file() {
    for name in ["formateur-fresque", "cec-participant", "terdeskin"] {
        let picture = picture(name);
        let file = certificate::pdf(&usual(&picture)).unwrap();
        assert!(file.len() < 60_000, "{name}: {} bytes", file.len());
        assert!(
            file == certificate::pdf(&usual(&picture)).unwrap(),
            "{name} changes"
        );
    }
}

#[test]
fn a_certificate_with_a_photograph_is_small_too() {
    // Noise is the heaviest picture there is.
    let mut noise = 1_u32;
    let samples: Vec<u8> = std::iter::repeat_with(|| {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (noise >> 24) as u8
    })
    .take(400 * 400 * 3)
    .collect();
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 400, 400);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&samples).unwrap();
    writer.finish().unwrap();
    let certificate = Certificate {
        picture: Some(Picture::Png(&file)),
        ..usual(&[])
    };
    let pdf = certificate::pdf(&certificate).unwrap();
    assert!(pdf.len() < 80_000, "{} bytes", pdf.len());
    let without = certificate::pdf(&usual(&[])).unwrap();
    assert!(pdf.len() > without.len() + 10_000, "the picture is there");
}

#[test]
fn a_certificate_is_tagged_in_its_language_and_leads_to_the_badge() {
    let file = certificate::pdf(&usual(&picture("formateur-fresque"))).unwrap();
    for part in [
        "%PDF-1.7",
        "<pdfuaid:part>1</pdfuaid:part>",
        "/Marked true",
        // Of the file, and of what is read out.
        "/Lang(br)/StructTreeRoot",
        "/S/Document/P 5 0 R/Lang(br)",
        "/DisplayDocTitle true",
        LINK,
    ] {
        assert!(has(&file, part), "{part} is missing");
    }
}

#[test]
fn nothing_a_badge_contains_stops_its_certificate() {
    let picture = picture("terdeskin");
    for text in hostile_texts() {
        let facts = vec![(text.as_str(), text.as_str()); 99];
        let file = certificate::pdf(&hostile(&text, &facts, &picture)).unwrap();
        assert!(
            has(&file, "/Type/Pages/Count 1/"),
            "{text:.9}: more than one page"
        );
        assert!(file.len() < 120_000, "{text:.9}: {} bytes", file.len());
    }
}

#[test]
fn a_link_leads_to_the_web_or_nowhere() {
    let leads = |link: &str| {
        let certificate = Certificate { link, ..usual(&[]) };
        has(&certificate::pdf(&certificate).unwrap(), "/URI")
    };
    assert!(leads("https://badges.example/é"));
    for link in [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "badges.example",
        "",
    ] {
        assert!(!leads(link), "{link}");
    }
}

#[test]
fn a_picture_that_cannot_be_drawn_is_left_out() {
    let drawn = picture("terdeskin");
    let without = Certificate {
        picture: None,
        ..usual(&[])
    };
    let without = certificate::pdf(&without).unwrap();
    assert!(without != certificate::pdf(&usual(&drawn)).unwrap());
    for broken in [
        Picture::Svg(b"<svg"),
        Picture::Png(b"\x89PNG"),
        Picture::Png(&drawn),
    ] {
        let certificate = Certificate {
            picture: Some(broken),
            ..usual(&[])
        };
        assert!(
            without == certificate::pdf(&certificate).unwrap(),
            "{broken:.1?}"
        );
    }
}

#[test]
fn what_pdf_does_not_draw_is_printed_as_pixels() {
    let masked = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><mask id='m'>\
        <path fill='#fff' d='M0 0h9v9z'/></mask><path mask='url(#m)' d='M0 0h9v9H0z'/></svg>";
    let file = certificate::pdf(&usual(masked.as_bytes())).unwrap();
    assert!(has(&file, "/Subtype/Image"));
    let shapes = certificate::pdf(&usual(&picture("terdeskin"))).unwrap();
    assert!(!has(&shapes, "/Subtype/Image"));
}

fn card_of<'a>(text: &'a str, svg: &'a [u8]) -> Card<'a> {
    Card {
        heading: text,
        title: text,
        subtitle: text,
        recipient: Some(text),
        picture: Some(Picture::Svg(svg)),
    }
}

#[test]
fn a_card_has_the_size_networks_ask_for_and_is_always_the_same_file() {
    let picture = picture("animateur-fresque");
    let card = card_of("Animateur·rice de fresque", &picture);
    let file = card::png(&card).unwrap();
    assert!(file.len() < 120_000, "{} bytes", file.len());
    assert!(file == card::png(&card).unwrap());
    let reader = png::Decoder::new(std::io::Cursor::new(file))
        .read_info()
        .unwrap();
    assert_eq!(
        reader.info().size(),
        (card::WIDTH.into(), card::HEIGHT.into())
    );
}

#[test]
fn nothing_a_badge_contains_stops_its_card() {
    let picture = picture("animateur-fresque");
    let empty = card::png(&card_of("", &picture)).unwrap();
    for text in hostile_texts()
        .iter()
        .filter(|text| text.contains(char::is_alphanumeric))
    {
        let file = card::png(&card_of(text, &picture)).unwrap();
        assert!(
            file != empty && file.len() < 120_000,
            "{text:.9}: {} bytes",
            file.len()
        );
    }
    assert!(
        empty
            != card::png(&Card {
                picture: None,
                ..card_of("", &[])
            })
            .unwrap()
    );
}

#[test]
fn the_fonts_are_those_their_readme_names() {
    let readme = include_str!("../../src/printing/fonts/README.md");
    for face in Face::ALL {
        let digest = Sha256::digest(face.bytes());
        let digest: String = digest
            .iter()
            .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        assert!(readme.contains(&digest), "{face:?} has the digest {digest}");
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = files::paths(root, "src/printing/fonts").into_iter();
    let fonts: Vec<String> = files.filter(|path| path.contains(".ttf")).collect();
    assert_eq!(fonts.len(), Face::ALL.len());
}
