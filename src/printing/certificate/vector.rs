//! Shapes as PDF draws them: the drawing of an SVG, copied path by path, so that a badge stays sharp in
//! print and takes little room.
//!
//! What PDF does otherwise than SVG (masks, filters, patterns, blending) is not attempted here:
//! [`is_plain`] says beforehand whether everything would come out the same, and if not, `sheet` prints
//! the pixels.

use krilla::color::rgb;
use krilla::geom::{Path, PathBuilder, Transform};
use krilla::num::NormalizedF32;
use krilla::paint::{
    Fill, FillRule, LineCap, LineJoin, LinearGradient, Paint, RadialGradient, SpreadMethod, Stop,
    Stroke, StrokeDash,
};
use krilla::surface::Surface;
use resvg::tiny_skia::{self, PathSegment};
use resvg::usvg;

/// Groups inside groups; PDF readers give up at 28 saved states.
const DEEPEST: usize = 12;

/// More points than any badge has that is sharper as shapes than as pixels.
const MOST_POINTS: usize = 20_000;

/// Whether a drawing consists of nothing but what [`draw`] copies faithfully.
pub(super) fn is_plain(tree: &usvg::Tree) -> bool {
    let mut points = 0;
    plain_group(tree.root(), DEEPEST, &mut points) && points <= MOST_POINTS
}

fn plain_group(group: &usvg::Group, depth: usize, points: &mut usize) -> bool {
    let itself = depth > 0
        && group.mask().is_none()
        && group.filters().is_empty()
        && group.blend_mode() == usvg::BlendMode::Normal
        && group
            .clip_path()
            .is_none_or(|clip| clip_shape(clip).is_some());
    itself
        && group.children().iter().all(|node| match node {
            usvg::Node::Group(inner) => plain_group(inner, depth - 1, points),
            usvg::Node::Path(path) => {
                *points += path.data().len();
                let fill = path.fill().map(usvg::Fill::paint);
                let stroke = path.stroke().map(usvg::Stroke::paint);
                fill.is_none_or(plain_paint) && stroke.is_none_or(plain_paint)
            }
            usvg::Node::Image(_) | usvg::Node::Text(_) => false,
        })
}

fn plain_paint(paint: &usvg::Paint) -> bool {
    match paint {
        usvg::Paint::Color(_) | usvg::Paint::LinearGradient(_) => true,
        usvg::Paint::RadialGradient(radial) => radial.spread_method() == usvg::SpreadMethod::Pad,
        usvg::Paint::Pattern(_) => false,
    }
}

/// The one shape that a clip path lets through, if it is as simple as that.
fn clip_shape(clip: &usvg::ClipPath) -> Option<Path> {
    let [usvg::Node::Path(path)] = clip.root().children() else {
        return None;
    };
    let nonzero = path
        .fill()
        .is_some_and(|fill| fill.rule() == usvg::FillRule::NonZero);
    let alone = clip.clip_path().is_none() && clip.root().clip_path().is_none();
    let data = path.data().clone().transform(clip.transform())?;
    if nonzero && alone {
        outline(&data)
    } else {
        None
    }
}

/// Draws a plain drawing.
pub(super) fn draw(tree: &usvg::Tree, surface: &mut Surface<'_>) {
    draw_group(tree.root(), surface);
    surface.set_fill(None);
    surface.set_stroke(None);
}

fn draw_group(group: &usvg::Group, surface: &mut Surface<'_>) {
    surface.push_transform(&transform(group.transform()));
    let mut pushed = 1;
    if let Some(shape) = group.clip_path().and_then(clip_shape) {
        surface.push_clip_path(&shape, &FillRule::NonZero);
        pushed += 1;
    }
    if group.opacity() != usvg::Opacity::ONE {
        surface.push_opacity(share(group.opacity().get()));
        pushed += 1;
    }
    for node in group.children() {
        match node {
            usvg::Node::Group(inner) => draw_group(inner, surface),
            usvg::Node::Path(path) if path.is_visible() => draw_path(path, surface),
            _ => {}
        }
    }
    for _ in 0..pushed {
        surface.pop();
    }
}

fn draw_path(path: &usvg::Path, surface: &mut Surface<'_>) {
    let Some(shape) = outline(path.data()) else {
        return;
    };
    let fill = path.fill().and_then(|fill| {
        Some(Fill {
            paint: paint(fill.paint())?,
            opacity: share(fill.opacity().get()),
            rule: match fill.rule() {
                usvg::FillRule::NonZero => FillRule::NonZero,
                usvg::FillRule::EvenOdd => FillRule::EvenOdd,
            },
        })
    });
    let stroke = path.stroke().and_then(stroke);
    let fill_first = path.paint_order() == usvg::PaintOrder::FillAndStroke;
    for filling in [fill_first, !fill_first] {
        if filling && fill.is_some() {
            surface.set_stroke(None);
            surface.set_fill(fill.clone());
            surface.draw_path(&shape);
        } else if !filling && stroke.is_some() {
            surface.set_fill(None);
            surface.set_stroke(stroke.clone());
            surface.draw_path(&shape);
        }
    }
}

fn stroke(stroke: &usvg::Stroke) -> Option<Stroke> {
    let dashes = stroke.dasharray();
    Some(Stroke {
        paint: paint(stroke.paint())?,
        width: stroke.width().get(),
        miter_limit: stroke.miterlimit().get(),
        line_cap: match stroke.linecap() {
            usvg::LineCap::Butt => LineCap::Butt,
            usvg::LineCap::Round => LineCap::Round,
            usvg::LineCap::Square => LineCap::Square,
        },
        line_join: match stroke.linejoin() {
            usvg::LineJoin::Miter | usvg::LineJoin::MiterClip => LineJoin::Miter,
            usvg::LineJoin::Round => LineJoin::Round,
            usvg::LineJoin::Bevel => LineJoin::Bevel,
        },
        opacity: share(stroke.opacity().get()),
        dash: dashes.map(|array| StrokeDash {
            array: array.to_vec(),
            offset: stroke.dashoffset(),
        }),
    })
}

fn paint(paint: &usvg::Paint) -> Option<Paint> {
    Some(match paint {
        usvg::Paint::Color(colour) => rgb::Color::new(colour.red, colour.green, colour.blue).into(),
        usvg::Paint::LinearGradient(linear) => LinearGradient {
            x1: linear.x1(),
            y1: linear.y1(),
            x2: linear.x2(),
            y2: linear.y2(),
            transform: transform(linear.transform()),
            spread_method: match linear.spread_method() {
                usvg::SpreadMethod::Pad => SpreadMethod::Pad,
                usvg::SpreadMethod::Reflect => SpreadMethod::Reflect,
                usvg::SpreadMethod::Repeat => SpreadMethod::Repeat,
            },
            stops: stops(linear.stops()),
            anti_alias: false,
        }
        .into(),
        usvg::Paint::RadialGradient(radial) => RadialGradient {
            fx: radial.fx(),
            fy: radial.fy(),
            fr: radial.fr().get(),
            cx: radial.cx(),
            cy: radial.cy(),
            cr: radial.r().get(),
            transform: transform(radial.transform()),
            spread_method: SpreadMethod::Pad,
            stops: stops(radial.stops()),
            anti_alias: false,
        }
        .into(),
        usvg::Paint::Pattern(_) => return None,
    })
}

fn stops(stops: &[usvg::Stop]) -> Vec<Stop> {
    let stops = stops.iter().map(|stop| Stop {
        offset: share(stop.offset().get()),
        color: rgb::Color::new(stop.color().red, stop.color().green, stop.color().blue).into(),
        opacity: share(stop.opacity().get()),
    });
    stops.collect()
}

fn share(value: f32) -> NormalizedF32 {
    NormalizedF32::new(value).unwrap_or(NormalizedF32::ONE)
}

/// A transform, in krilla's type.
pub(super) fn transform(matrix: tiny_skia::Transform) -> Transform {
    let tiny_skia::Transform {
        sx,
        kx,
        ky,
        sy,
        tx,
        ty,
    } = matrix;
    Transform::from_row(sx, ky, kx, sy, tx, ty)
}

/// A path, in krilla's type.
pub(super) fn outline(path: &tiny_skia::Path) -> Option<Path> {
    let mut copy = PathBuilder::new();
    for segment in path.segments() {
        match segment {
            PathSegment::MoveTo(p) => copy.move_to(p.x, p.y),
            PathSegment::LineTo(p) => copy.line_to(p.x, p.y),
            PathSegment::QuadTo(a, p) => copy.quad_to(a.x, a.y, p.x, p.y),
            PathSegment::CubicTo(a, b, p) => copy.cubic_to(a.x, a.y, b.x, b.y, p.x, p.y),
            PathSegment::Close => copy.close(),
        }
    }
    copy.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(inside: &str) -> bool {
        let svg =
            format!("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'>{inside}</svg>");
        is_plain(&usvg::Tree::from_str(&svg, &usvg::Options::default()).unwrap())
    }

    #[test]
    fn what_pdf_does_otherwise_is_not_plain() {
        let path = "<path d='M0 0h9v9z'/>";
        assert!(plain(path));
        assert!(plain(&format!(
            "<clipPath id='c'>{path}</clipPath><g clip-path='url(#c)' opacity='.5'>{path}</g>"
        )));
        assert!(!plain(&format!(
            "<clipPath id='c'>{path}{path}</clipPath><g clip-path='url(#c)'>{path}</g>"
        )));
        assert!(!plain(&format!(
            "<mask id='m'>{path}</mask><g mask='url(#m)'>{path}</g>"
        )));
        assert!(!plain(&format!(
            "<g style='mix-blend-mode:multiply'>{path}</g>"
        )));
        assert!(!plain(&format!(
            "{}{path}{}",
            "<g opacity='.9'>".repeat(30),
            "</g>".repeat(30)
        )));
        assert!(!plain(&format!(
            "<path d='M0 0{}'/>",
            "l1 1".repeat(MOST_POINTS)
        )));
    }
}
