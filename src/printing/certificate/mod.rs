//! A badge as a certificate: one A4 sheet, as PDF.
//!
//! The file is PDF 1.7 and PDF/UA-1 (ISO 14289-1): tagged in the order of reading, in a language, with
//! a title, and every figure and link described; `krilla` refuses to write anything else. It holds no
//! date and no random identifier: the same badge is the same file.
//!
//! Here: what a certificate says, and the file around the sheet. `layout` is where everything stands,
//! `sheet` the tagged page it is drawn on, `vector` the badge's picture as shapes.

mod layout;
mod sheet;
mod vector;

use krilla::action::{Action, LinkAction};
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::configure::{Accessibility, ConfigurationBuilder, PdfVersion};
use krilla::destination::XyzDestination;
use krilla::geom::Point;
use krilla::metadata::Metadata;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::tagging::{TagGroup, TagTree};
use krilla::{Document, SerializeSettings};
use url::Url;

use super::PrintError;
use super::picture::{Opened, Picture};

/// What a certificate says, in the reader's language. Empty texts are left out.
#[derive(Debug, Clone)]
pub struct Certificate<'a> {
    /// The language of all texts (BCP 47).
    pub language: &'a str,
    /// The title of the document, as a window or a tab shows it.
    pub title: &'a str,
    /// What the sheet is: “Certificate”.
    pub heading: &'a str,
    /// Before the name: “Awarded to”.
    pub recipient_label: &'a str,
    /// Whose badge it is.
    pub recipient: &'a str,
    /// Before the achievement: “for the badge”.
    pub achievement_label: &'a str,
    /// The name of the badge.
    pub achievement: &'a str,
    /// What the badge is about.
    pub description: &'a str,
    /// How far the checking went: what it is called, and how far.
    pub level: Option<(&'a str, &'a str)>,
    /// By whom, when, until when, with which results: what each is called, and what it is. Nine are
    /// printed.
    pub facts: &'a [(&'a str, &'a str)],
    /// What it takes to get the badge: what that is called, and the criteria.
    pub criteria: Option<(&'a str, &'a str)>,
    /// What the paper is worth: nothing by itself.
    pub notice: &'a str,
    /// Before the link: “Check this badge”.
    pub link_label: &'a str,
    /// Where the badge can be checked.
    pub link: &'a str,
    /// The badge's picture.
    pub picture: Option<Picture<'a>>,
    /// The picture in words.
    pub picture_label: &'a str,
}

/// Makes the certificate.
///
/// # Errors
/// [`PrintError::Pdf`] if it can't be written, which nothing that a badge contains should cause.
pub fn pdf(certificate: &Certificate<'_>) -> Result<Vec<u8>, PrintError> {
    let picture = certificate.picture.and_then(Picture::open);
    let bounded = Bounded::new(certificate);
    let certificate = bounded.texts(certificate);
    let mut written = Err(PrintError::Pdf("nothing was written".into()));
    for dots in DOTS {
        written = on_a_sheet(&certificate, picture.as_ref(), dots);
        if written.as_ref().is_ok_and(|file| file.len() <= SMALL) {
            return written;
        }
        if picture.is_none() {
            break;
        }
    }
    match written {
        Err(_) if picture.is_some() => on_a_sheet(&certificate, None, 0),
        written => written,
    }
}

/// What a certificate may weigh, in bytes: it is opened on old phones.
const SMALL: usize = 60_000;

/// How many dots a side of a picture has that is printed as pixels: sharp at the size it has on paper (190
/// to the inch), and fewer where the file would be heavy.
const DOTS: [u16; 4] = [500, 320, 200, 120];

/// The texts that are not only printed but also kept in the file as they are, shortened.
struct Bounded {
    language: String,
    title: String,
    heading: String,
    achievement: String,
    link_label: String,
    picture_label: String,
}

impl Bounded {
    fn new(certificate: &Certificate<'_>) -> Self {
        let heading = shortened(certificate.heading, "…");
        Self {
            language: language(certificate.language),
            title: shortened(certificate.title, &heading),
            achievement: shortened(certificate.achievement, &heading),
            link_label: shortened(certificate.link_label, &heading),
            picture_label: shortened(certificate.picture_label, &heading),
            heading,
        }
    }

    fn texts<'a>(&'a self, certificate: &Certificate<'a>) -> Certificate<'a> {
        Certificate {
            language: &self.language,
            title: &self.title,
            heading: &self.heading,
            achievement: &self.achievement,
            link_label: &self.link_label,
            picture_label: &self.picture_label,
            ..certificate.clone()
        }
    }
}

/// A text for the structure of the file: without what is not seen, and not too long.
fn shortened(text: &str, otherwise: &str) -> String {
    const MOST: usize = 300;
    let text: String = text
        .chars()
        .filter_map(super::typesetting::plain)
        .take(MOST)
        .collect();
    let text = text.trim();
    if text.is_empty() { otherwise } else { text }.to_owned()
}

/// A language tag that is well formed enough for a reader to look up.
fn language(tag: &str) -> String {
    let fit = (2..=35).contains(&tag.len())
        && tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && tag.starts_with(|c: char| c.is_ascii_alphabetic());
    if fit { tag } else { "und" }.to_owned()
}

fn on_a_sheet(
    certificate: &Certificate<'_>,
    picture: Option<&Opened>,
    dots: u16,
) -> Result<Vec<u8>, PrintError> {
    let refused = |why: &str| PrintError::Pdf(why.to_owned());
    let accessible = ConfigurationBuilder::new()
        .with_version(PdfVersion::Pdf17)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| PrintError::Pdf(format!("{error:?}")))?;
    let mut document = Document::new_with(SerializeSettings {
        configuration: accessible,
        ..SerializeSettings::default()
    });
    let size = PageSettings::from_wh(layout::WIDTH, layout::HEIGHT);
    let mut page = document.start_page_with(size.ok_or_else(|| refused("the page has no size"))?);
    let mut sheet = sheet::Sheet::on(&mut page, dots);
    let link = layout::draw(&mut sheet, certificate, picture);
    let mut groups: Vec<TagGroup> = sheet.finish();
    if let Some(place) = link {
        let annotation = address(certificate.link).map(|address| {
            let words = format!("{} {address}", certificate.link_label);
            let target = Target::Action(Action::Link(LinkAction::new(address.into())));
            let link = LinkAnnotation::new(place.area(), target);
            page.add_tagged_annotation(Annotation::new_link(link, Some(words)))
        });
        groups.push(place.leading(annotation));
    }
    page.finish();
    let mut structure = TagTree::new().with_lang(Some(certificate.language.to_owned()));
    structure.children = groups.into_iter().map(Into::into).collect();
    document.set_tag_tree(structure);
    document.set_outline(outline(certificate));
    document.set_metadata(
        Metadata::new()
            .title(certificate.title.to_owned())
            .language(certificate.language.to_owned())
            .creator("Badgeons".to_owned()),
    );
    document
        .finish()
        .map_err(|error| PrintError::Pdf(error.to_string()))
}

/// The address a link leads to: the web, and no longer than a browser takes.
fn address(link: &str) -> Option<Url> {
    let url = Url::parse(link).ok()?;
    (matches!(url.scheme(), "https" | "http") && link.len() <= 2_000).then_some(url)
}

fn outline(certificate: &Certificate<'_>) -> Outline {
    let place = |y| XyzDestination::new(0, Point::from_xy(0.0, y));
    let mut heading = OutlineNode::new(certificate.heading.to_owned(), place(0.0));
    let badge = OutlineNode::new(certificate.achievement.to_owned(), place(0.0));
    heading.push_child(badge);
    let mut outline = Outline::new();
    outline.push_child(heading);
    outline
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_that_is_none_is_undetermined() {
        assert_eq!(
            (language("br"), language("fr-FR")),
            ("br".into(), "fr-FR".into())
        );
        for tag in ["", "b", "1a", "fr)>>", "français", &"a".repeat(36)] {
            assert_eq!(language(tag), "und", "{tag}");
        }
    }

    #[test]
    fn what_the_file_keeps_is_short_and_never_empty() {
        assert_eq!(shortened(" a\0b\u{202e}\n", "x"), "ab");
        assert_eq!(shortened("\u{202e}\n ", "x"), "x");
        assert_eq!(shortened(&"é".repeat(9_000), "x").chars().count(), 300);
    }

    #[test]
    fn an_address_is_plain_ascii() {
        let address = address("https://badges.example/é").unwrap();
        assert_eq!(address.as_str(), "https://badges.example/%C3%A9");
    }
}
