//! The cost of a drawing, counted before it is drawn.

use resvg::tiny_skia::{PathSegment, Point};
use resvg::usvg::{ClipPath, Fill, Group, Mask, Node, Paint, Path, Stroke, Tree};

use super::{NotDrawn, refused, too_intricate, why_not};

/// What may be drawn: roughly 1,000 times the whole picture, which takes a second or two.
const DRAWN: f32 = 16_000.0;
/// What it costs to draw the whole picture in one colour; gradients cost four times as much.
const WHOLE: f32 = 16.0;
/// What a layer of its own costs (transparent groups, clips, masks): it can be 25 times the picture.
const LAYER: f32 = 250.0;
/// How many layers may lie one inside the other: each keeps its memory until it is done.
const DEEPEST: usize = 8;

/// Refuses a drawing that costs too much.
pub(super) fn check(tree: &Tree) -> Result<(), NotDrawn> {
    Budget::of(tree).group(tree.root(), 0)
}

/// What is left to draw. A clip or a mask is drawn for each group it is put on, so it is counted so.
struct Budget {
    left: f32,
    /// Of the whole picture.
    area: f32,
}

impl Budget {
    fn of(tree: &Tree) -> Self {
        Self {
            left: DRAWN,
            area: tree.size().width() * tree.size().height(),
        }
    }

    fn spend(&mut self, cost: f32) -> Result<(), NotDrawn> {
        self.left -= cost;
        // A cost that is no number is none we can bear.
        if self.left >= 0.0 {
            Ok(())
        } else {
            Err(too_intricate())
        }
    }

    fn layer(&mut self, depth: usize) -> Result<usize, NotDrawn> {
        self.spend(LAYER)?;
        if depth >= DEEPEST {
            return Err(too_intricate());
        }
        Ok(depth + 1)
    }

    fn group(&mut self, group: &Group, depth: usize) -> Result<(), NotDrawn> {
        self.spend(1.0)?;
        // A filter can stand in a style as well.
        if !group.filters().is_empty() {
            return Err(refused(why_not("filter").unwrap_or_default()));
        }
        let depth = if group.should_isolate() {
            self.layer(depth)?
        } else {
            depth
        };
        if let Some(clip) = group.clip_path() {
            self.clip(clip, depth)?;
        }
        if let Some(mask) = group.mask() {
            self.mask(mask, depth)?;
        }
        for child in group.children() {
            match child {
                Node::Group(group) => self.group(group, depth)?,
                Node::Path(path) => self.path(path)?,
                Node::Image(_) => return Err(refused(why_not("image").unwrap_or_default())),
                Node::Text(_) => return Err(refused(why_not("text").unwrap_or_default())),
            }
        }
        Ok(())
    }

    fn clip(&mut self, clip: &ClipPath, depth: usize) -> Result<(), NotDrawn> {
        let depth = self.layer(depth)?;
        self.group(clip.root(), depth)?;
        clip.clip_path()
            .map_or(Ok(()), |clip| self.clip(clip, depth))
    }

    fn mask(&mut self, mask: &Mask, depth: usize) -> Result<(), NotDrawn> {
        let depth = self.layer(depth)?;
        self.group(mask.root(), depth)?;
        mask.mask().map_or(Ok(()), |mask| self.mask(mask, depth))
    }

    fn path(&mut self, path: &Path) -> Result<(), NotDrawn> {
        let (bounds, steps) = (path.abs_stroke_bounding_box(), count(path.data().len()));
        let part = (bounds.width() * bounds.height() / self.area).min(1.0);
        // An outline is made of many more steps than the path it follows.
        let painted = [
            (path.fill().map(Fill::paint), steps / 32.0),
            (path.stroke().map(Stroke::paint), steps / 4.0),
        ];
        for (paint, steps) in painted {
            let whole = match paint {
                None => continue,
                Some(Paint::Color(_)) => WHOLE,
                Some(Paint::LinearGradient(_) | Paint::RadialGradient(_)) => WHOLE * 4.0,
                Some(Paint::Pattern(_)) => {
                    return Err(refused(why_not("pattern").unwrap_or_default()));
                }
            };
            self.spend(1.0 + whole * part + steps)?;
        }
        let dashes = path.stroke().and_then(|stroke| stroke.dasharray());
        dashes.map_or(Ok(()), |dashes| {
            let period: f32 = dashes.iter().sum();
            self.spend(length(path) / period * count(dashes.len()) / 8.0)
        })
    }
}

/// No more than this is ever counted.
fn count(number: usize) -> f32 {
    u16::try_from(number).map_or(f32::INFINITY, f32::from)
}

/// The length of a path, or a little more: of the polygon that holds its curves.
fn length(path: &Path) -> f32 {
    let mut at = Point::zero();
    let mut sum = 0.0;
    let mut go = |to: Point| {
        sum += at.distance(to);
        at = to;
    };
    for segment in path.data().segments() {
        match segment {
            PathSegment::MoveTo(to) | PathSegment::LineTo(to) => go(to),
            PathSegment::QuadTo(by, to) => [by, to].into_iter().for_each(&mut go),
            PathSegment::CubicTo(by, then, to) => [by, then, to].into_iter().for_each(&mut go),
            PathSegment::Close => {}
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recognition::settings::Settings;
    use crate::recognition::templates::founding;

    #[test]
    fn our_own_pictures_cost_a_tenth_of_what_is_allowed() {
        for template in founding(&Settings::default()) {
            let tree = super::super::tree(template.svg().as_bytes()).unwrap();
            let mut budget = Budget::of(&tree);
            budget.left /= 10.0;
            assert_eq!(budget.group(tree.root(), 0), Ok(()), "{}", template.slug);
        }
    }
}
