//! Where everything stands on the certificate: an A4 sheet lying on its side, in points.
//!
//! On the left the picture, and at its foot the way back to the badge; on the right who, what, and the
//! facts, which stand on the sea. The description has the room that is left between them.
//!
//! `y` grows downwards, and every line's `y` is what its letters stand on.

use std::num::NonZeroU16;

use krilla::tagging::{Identifier, ListNumbering, Tag, TagGroup, TagKind};
use resvg::tiny_skia::{Path, PathBuilder, Rect};

use super::Certificate;
use super::sheet::{LinkPlace, Sheet, group};
use crate::printing::colours::{DEEP, Ink, QUIET, SUN, TEXT, WATER};
use crate::printing::fonts::Face;
use crate::printing::picture::Opened;
use crate::printing::qr::Code;
use crate::printing::sea;
use crate::printing::typesetting::Block;

pub(super) const WIDTH: f32 = 841.89;
pub(super) const HEIGHT: f32 = 595.28;

const TOP: f32 = 62.0;
/// What the last lines stand on, above the sea.
const FOOT: f32 = 512.0;
/// The left column.
const LEFT: f32 = 58.0;
const NARROW: f32 = 196.0;
/// The right column.
const RIGHT: f32 = 304.0;
const WIDE: f32 = 480.0;

/// The facts: so many in a row, and at most so many rows.
const IN_A_ROW: usize = 3;
const ROWS: usize = 3;
const BETWEEN: f32 = 18.0;

/// How far apart the letters of the heading are, as a share of their size.
///
/// Programs that read text out of a PDF take more for spaces.
const SPACED: f32 = 0.09;

/// The sizes a name is set in, and in how many lines.
const NAME: [(f32, usize); 7] = [
    (46.0, 1),
    (40.0, 1),
    (34.0, 1),
    (29.0, 1),
    (27.0, 2),
    (23.0, 2),
    (19.0, 2),
];
/// The same, for what is awarded.
const ACHIEVEMENT: [(f32, usize); 5] = [(27.0, 1), (25.0, 1), (24.0, 2), (21.0, 2), (17.0, 3)];

/// A QR code of more modules a side, quiet zone included, is too fine to be read from paper.
const FINEST: usize = 89;

/// A column that is being filled from the top.
struct Column<'s, 'p> {
    sheet: &'s mut Sheet<'p>,
    x: f32,
    y: f32,
}

impl Column<'_, '_> {
    /// Prints lines, each so far below the one before it.
    fn print(&mut self, block: &Block, leading: f32, ink: Ink) -> Vec<Identifier> {
        let lines = block.lines.iter();
        let print = lines.map(|line| {
            self.y += leading;
            self.sheet.line(line, self.x, self.y, ink)
        });
        print.collect()
    }

    fn paragraph(&mut self, tag: impl Into<TagKind>, block: &Block, leading: f32, ink: Ink) {
        let pieces = self.print(block, leading, ink);
        self.sheet.structure(tag, pieces);
    }
}

/// Draws the certificate; where the link is, if it has one.
pub(super) fn draw(
    sheet: &mut Sheet<'_>,
    certificate: &Certificate<'_>,
    picture: Option<&Opened>,
) -> Option<LinkPlace> {
    sheet.decorate(&sea::shapes(WIDTH, HEIGHT, 1.0));
    let mut right = Column {
        sheet,
        x: RIGHT,
        y: TOP,
    };
    who_and_what(&mut right, certificate);
    let below = right.y;
    let facts = Facts::set(certificate.facts);
    details(&mut right, certificate, FOOT - facts.height() - below);
    facts.print(sheet);
    if let Some(picture) = picture {
        let place = [LEFT - 6.0, TOP - 16.0, NARROW + 12.0];
        sheet.picture(picture, place, certificate.picture_label);
    }
    way_back(sheet, certificate, picture.is_some())
}

fn who_and_what(column: &mut Column<'_, '_>, certificate: &Certificate<'_>) {
    let Certificate {
        heading,
        recipient,
        achievement,
        ..
    } = certificate;
    let title = Block::set(Face::Bold, 13.0, &heading.to_uppercase(), WIDE / 1.3, 1);
    let title = title.spaced(SPACED);
    column.paragraph(heading_tag(1, heading), &title, 0.0, WATER);

    let label = |text: &str| Block::set(Face::Sans, 10.5, text, WIDE, 1);
    column.y += 12.0;
    column.paragraph(Tag::P, &label(certificate.recipient_label), 21.0, QUIET);
    let name = Block::fit(Face::Serif, &NAME, recipient, WIDE);
    column.y += name.size() * 0.1 + 2.0;
    column.paragraph(Tag::P, &name, name.size() * 1.02, DEEP);
    column.y += 17.0;
    let accent = rectangle(column.x, column.y, 54.0, 2.4);
    column
        .sheet
        .decorate(&Vec::from_iter(accent.map(|path| (SUN, path))));

    column.y += 9.0;
    column.paragraph(Tag::P, &label(certificate.achievement_label), 18.0, QUIET);
    let what = Block::fit(Face::Serif, &ACHIEVEMENT, achievement, WIDE);
    column.y += 2.0;
    column.paragraph(
        heading_tag(2, achievement),
        &what,
        what.size() * 1.12,
        WATER,
    );
    level(column, certificate.level);
}

fn level(column: &mut Column<'_, '_>, level: Option<(&str, &str)>) {
    let Some((label, value)) = level else {
        return;
    };
    column.y += 22.0;
    let label = Block::set(Face::Sans, 10.0, label, WIDE / 3.0, 1);
    let mut pieces = Vec::new();
    let mut x = column.x;
    for mut line in label.lines {
        line.before_space = true;
        pieces.push(column.sheet.line(&line, x, column.y, QUIET));
        x += line.width() + 7.0;
    }
    let value = Block::set(Face::Bold, 10.0, value, column.x + WIDE - x, 1);
    for line in &value.lines {
        pieces.push(column.sheet.line(line, x, column.y, DEEP));
    }
    column.sheet.structure(Tag::P, pieces);
}

/// The description and the criteria, in the room there is for them.
fn details(column: &mut Column<'_, '_>, certificate: &Certificate<'_>, room: f32) {
    const LEADING: f32 = 14.5;
    const SMALL: f32 = 12.5;
    let (label, text) = certificate.criteria.unwrap_or_default();
    let label = Block::set(Face::Bold, 8.5, label, WIDE, 1);
    let criteria = Block::set(Face::Sans, 9.0, text, WIDE, 4);
    let room = room - 42.0 - label.height(SMALL) - criteria.height(SMALL);
    let lines = (1..30_u8).take_while(|lines| f32::from(*lines) * LEADING <= room);
    let most = lines.count().max(1);
    let description = Block::set(Face::Sans, 10.5, certificate.description, WIDE, most);
    column.y += 9.0;
    column.paragraph(Tag::P, &description, LEADING, TEXT);
    if !criteria.lines.is_empty() {
        column.y += 7.0;
        column.paragraph(Tag::P, &label, SMALL, QUIET);
        column.paragraph(Tag::P, &criteria, SMALL, TEXT);
    }
}

/// The facts, in rows: what each is called, and what it is.
struct Facts(Vec<Vec<(Block, Block)>>);

impl Facts {
    const LABEL: f32 = 11.0;
    const VALUE: f32 = 13.0;
    const GAP: f32 = 11.0;
    const WIDTH: f32 = (WIDE - BETWEEN * (IN_A_ROW - 1) as f32) / IN_A_ROW as f32;

    fn set(facts: &[(&str, &str)]) -> Self {
        let rows = facts.chunks(IN_A_ROW).take(ROWS).map(|row| {
            let row = row.iter().map(|(label, value)| {
                let label = Block::set(Face::Sans, 8.5, label, Self::WIDTH, 1);
                let value = Block::fit(Face::Bold, &[(10.0, 1), (9.5, 2)], value, Self::WIDTH);
                (label, value)
            });
            row.collect()
        });
        Self(rows.collect())
    }

    fn height(&self) -> f32 {
        self.0.iter().map(|row| Self::row_height(row)).sum()
    }

    fn row_height(row: &[(Block, Block)]) -> f32 {
        let values = row.iter().map(|(_, value)| value.height(Self::VALUE));
        Self::GAP + Self::LABEL + values.fold(0.0, f32::max)
    }

    fn print(&self, sheet: &mut Sheet<'_>) {
        let mut items: Vec<TagGroup> = Vec::new();
        let mut top = FOOT - self.height();
        for row in &self.0 {
            for (place, (label, value)) in row.iter().enumerate() {
                let x = RIGHT + place as f32 * (Self::WIDTH + BETWEEN);
                let mut cell = Column {
                    sheet,
                    x,
                    y: top + Self::GAP,
                };
                let label = cell.print(label, Self::LABEL, QUIET);
                let value = cell.print(value, Self::VALUE, DEEP);
                let parts = [group(Tag::Lbl, label), group(Tag::LBody, value)];
                let parts = parts.into_iter().filter(|part| !part.children.is_empty());
                let parts = parts.map(Into::into).collect();
                items.push(TagGroup::with_children(Tag::LI, parts));
            }
            top += Self::row_height(row);
        }
        items.retain(|item| !item.children.is_empty());
        sheet.list(Tag::L(ListNumbering::None), items);
    }
}

/// The code, what the paper itself is worth, and the link in letters: below the picture, or in its place.
fn way_back(
    sheet: &mut Sheet<'_>,
    certificate: &Certificate<'_>,
    below: bool,
) -> Option<LinkPlace> {
    const CODE: f32 = 92.0;
    const LEADING: f32 = 9.6;
    let Certificate {
        notice,
        link,
        link_label,
        ..
    } = certificate;
    let address = Block::address(Face::Sans, 7.5, link, NARROW + 12.0, 6);
    let top = if below {
        FOOT - address.height(LEADING) - 8.0 - CODE
    } else {
        TOP - 9.0
    };
    let code = Code::of(link).filter(|code| !link.is_empty() && code.side <= FINEST);
    let mut words = Column {
        sheet,
        x: LEFT,
        y: top,
    };
    if let Some(code) = &code {
        let (path, indent) = squares(code, LEFT, top, CODE);
        let drawn: Vec<(Ink, Path)> = path.map(|path| (DEEP, path)).into_iter().collect();
        words.sheet.figure(&drawn, &format!("{link_label} {link}"));
        words.x += CODE + indent;
    }
    let width = LEFT + NARROW + 12.0 - words.x;
    // Without a link there is nothing to say before it.
    let link_label = if link.is_empty() { "" } else { link_label };
    let label = Block::set(Face::Bold, 9.0, link_label, width, 2);
    let notice = Block::set(Face::Sans, 7.5, notice, width, 7);
    let height = label.height(11.5) + 3.0 + notice.height(LEADING);
    words.y = top + (CODE - height) / 2.0 - 1.0;
    words.paragraph(Tag::P, &label, 11.5, DEEP);
    words.y += 3.0;
    words.paragraph(Tag::P, &notice, LEADING, QUIET);
    // Read last, right after what it is for.
    words.x = LEFT;
    words.y = top + CODE + 8.0;
    let width = NARROW + 12.0;
    let area = [words.x, words.y, width, address.height(LEADING) + 3.0];
    let pieces = words.print(&address, LEADING, WATER);
    LinkPlace::new(pieces, area)
}

/// The dark modules, so that they begin at `x` with the quiet zone outside, and how wide that is.
fn squares(code: &Code, x: f32, y: f32, side: f32) -> (Option<Path>, f32) {
    let quiet = 4.0;
    let module = side / (code.side as f32 - 2.0 * quiet);
    let mut path = PathBuilder::new();
    for (column, row, length) in &code.runs {
        let left = x + (*column as f32 - quiet) * module;
        let top = y + (*row as f32 - quiet) * module;
        if let Some(run) = Rect::from_xywh(left, top, *length as f32 * module, module) {
            path.push_rect(run);
        }
    }
    (path.finish(), quiet * module)
}

fn rectangle(x: f32, y: f32, width: f32, height: f32) -> Option<Path> {
    Rect::from_xywh(x, y, width, height).map(PathBuilder::from_rect)
}

fn heading_tag(level: u16, title: &str) -> TagKind {
    let level = NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN);
    Tag::Hn(level, Some(title.to_owned())).into()
}
