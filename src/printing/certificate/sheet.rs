//! One tagged page: what is put on it is also put, in the order of reading, into the structure that
//! screen readers go by (PDF/UA-1, ISO 14289-1); decoration is marked as such.
//!
//! The only file that writes PDF, with `vector`. Where things stand is for `layout`.

use krilla::color::rgb;
use krilla::geom::{Point, Rect, Size};
use krilla::image::Image;
use krilla::page::Page;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, SpanTag, Tag, TagGroup, TagKind,
};
use krilla::text::{Font, GlyphId, KrillaGlyph};
use resvg::tiny_skia::{Path, Pixmap};

use super::vector;
use crate::printing::colours::Ink;
use crate::printing::fonts::{Face, Glyph};
use crate::printing::picture::Opened;
use crate::printing::typesetting::Line;

/// A page that is being drawn.
pub(super) struct Sheet<'a> {
    surface: Surface<'a>,
    fonts: Vec<(Face, Font)>,
    groups: Vec<TagGroup>,
    /// How many dots a side of a picture has that is printed as pixels.
    dots: u16,
}

/// A place on the page that leads to an address: the group in the structure, and where it is.
pub(super) struct LinkPlace {
    group: TagGroup,
    area: Rect,
}

impl<'a> Sheet<'a> {
    pub(super) fn on(page: &'a mut Page<'_>, dots: u16) -> Self {
        let fonts = Face::ALL.into_iter();
        let opened = fonts.filter_map(|face| Some((face, Font::new(face.bytes().into(), 0)?)));
        Self {
            fonts: opened.collect(),
            surface: page.surface(),
            groups: Vec::new(),
            dots,
        }
    }

    /// The structure of the finished page.
    pub(super) fn finish(self) -> Vec<TagGroup> {
        self.surface.finish();
        self.groups
    }

    /// Says what the pieces are that were just put on the page.
    pub(super) fn structure(&mut self, tag: impl Into<TagKind>, pieces: Vec<Identifier>) {
        if !pieces.is_empty() {
            self.groups.push(group(tag, pieces));
        }
    }

    /// Puts groups into a group.
    pub(super) fn list(&mut self, tag: impl Into<TagKind>, groups: Vec<TagGroup>) {
        if !groups.is_empty() {
            let nodes = groups.into_iter().map(Into::into).collect();
            self.groups.push(TagGroup::with_children(tag, nodes));
        }
    }

    /// Prints a line of text; `y` is what the letters stand on.
    pub(super) fn line(&mut self, line: &Line, x: f32, y: f32, ink: Ink) -> Identifier {
        let piece = self
            .surface
            .start_tagged(ContentTag::Span(SpanTag::empty()));
        self.surface.set_fill(Some(filled(ink)));
        self.letters(line.face, &line.glyphs, &line.text, line.size, x, y);
        if line.before_space {
            let space = line.face.shape(" ");
            self.letters(line.face, &space, " ", line.size, x + line.width(), y);
        }
        self.surface.end_tagged();
        piece
    }

    fn letters(&mut self, face: Face, glyphs: &[Glyph], text: &str, size: f32, x: f32, y: f32) {
        let Some((_, font)) = self.fonts.iter().find(|(of, _)| *of == face) else {
            return;
        };
        let glyphs = glyphs.iter().map(|glyph| KrillaGlyph {
            glyph_id: GlyphId::new(glyph.id),
            text_range: glyph.of.clone(),
            x_advance: glyph.advance,
            x_offset: glyph.right,
            y_offset: glyph.up,
            y_advance: 0.0,
            location: None,
        });
        let glyphs: Vec<KrillaGlyph> = glyphs.collect();
        let start = Point::from_xy(x, y);
        self.surface
            .draw_glyphs(start, &glyphs, font.clone(), text, size, false);
    }

    /// Draws shapes that mean nothing.
    pub(super) fn decorate(&mut self, shapes: &[(Ink, Path)]) {
        let decoration = Artifact::with_kind(ArtifactType::Layout);
        self.surface.start_tagged(ContentTag::Artifact(decoration));
        self.fill(shapes);
        self.surface.end_tagged();
    }

    /// Draws shapes that are a figure, described for those who do not see it.
    pub(super) fn figure(&mut self, shapes: &[(Ink, Path)], description: &str) {
        let piece = self.surface.start_tagged(ContentTag::Other);
        self.fill(shapes);
        self.surface.end_tagged();
        self.structure(Tag::Figure(Some(description.to_owned())), vec![piece]);
    }

    /// Draws a picture in a square.
    pub(super) fn picture(&mut self, picture: &Opened, [x, y, side]: [f32; 3], description: &str) {
        let piece = self.surface.start_tagged(ContentTag::Other);
        match picture {
            Opened::Shapes(tree) if vector::is_plain(tree) => {
                let placed = vector::transform(picture.fitted(x, y, side));
                self.surface.push_transform(&placed);
                vector::draw(tree, &mut self.surface);
                self.surface.pop();
            }
            _ => self.pixels(picture, [x, y, side]),
        }
        self.surface.end_tagged();
        self.structure(Tag::Figure(Some(description.to_owned())), vec![piece]);
    }

    fn pixels(&mut self, picture: &Opened, [x, y, side]: [f32; 3]) {
        let dots = self.dots;
        let canvas = Pixmap::new(dots.into(), dots.into()).zip(Size::from_wh(side, side));
        let Some((mut canvas, square)) = canvas else {
            return;
        };
        picture.draw(0.0, 0.0, dots.into(), &mut canvas);
        let image = Image::from_rgba8(canvas.take_demultiplied(), dots.into(), dots.into());
        let placed = krilla::geom::Transform::from_translate(x, y);
        self.surface.push_transform(&placed);
        self.surface.draw_image(image, square);
        self.surface.pop();
    }

    fn fill(&mut self, shapes: &[(Ink, Path)]) {
        for (ink, path) in shapes {
            if let Some(path) = vector::outline(path) {
                self.surface.set_fill(Some(filled(*ink)));
                self.surface.draw_path(&path);
            }
        }
    }
}

impl LinkPlace {
    /// A place made of pieces of text in a rectangle.
    pub(super) fn new(pieces: Vec<Identifier>, [x, y, width, height]: [f32; 4]) -> Option<Self> {
        let area = Rect::from_xywh(x, y, width, height)?;
        let group = group(Tag::Link, pieces);
        Some(Self { group, area })
    }

    pub(super) fn area(&self) -> Rect {
        self.area
    }

    /// The group, with what makes it a link, if anything does.
    pub(super) fn leading(mut self, annotation: Option<Identifier>) -> TagGroup {
        match annotation {
            Some(annotation) => {
                self.group.push(annotation);
                TagGroup::with_children(Tag::P, vec![self.group.into()])
            }
            None => TagGroup {
                tag: Tag::P.into(),
                ..self.group
            },
        }
    }
}

/// A group of pieces.
pub(super) fn group(tag: impl Into<TagKind>, pieces: Vec<Identifier>) -> TagGroup {
    TagGroup::with_children(tag, pieces.into_iter().map(Into::into).collect())
}

fn filled([red, green, blue]: Ink) -> Fill {
    Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        ..Fill::default()
    }
}
