//! The code that three finder patterns are the corners of.

use super::{bitmap::Bitmap, error::ImageError, finders::Finder};
use alloc::{string::String, vec::Vec};
use rqrr::{Grid, SimpleGrid};

/// The most squares of finder patterns that are read. A code is one, and two codes beside each other
/// are few; the patterns of a crafted picture can be hundreds, each of them tried in several sizes.
const MOST: usize = 16;

/// The text of the one code.
pub(super) fn text(bitmap: &Bitmap, finders: &[Finder]) -> Result<String, ImageError> {
    let corners = corners(finders);
    if corners.len() > MOST {
        return Err(ImageError::Unreadable);
    }
    let mut texts = corners.iter().filter_map(|corners| corners.text(bitmap));
    match (texts.next(), texts.next()) {
        (Some(text), None) => Ok(text),
        (Some(_), Some(_)) => Err(ImageError::SeveralCodes),
        (None, _) if corners.is_empty() => Err(ImageError::NoCode),
        (None, _) => Err(ImageError::Unreadable),
    }
}

/// Three finder patterns at a right angle, and as far from each other.
struct Corners {
    origin: Finder,
    /// From the origin to the two others, in half pixels.
    right: (i64, i64),
    down: (i64, i64),
}

fn corners(finders: &[Finder]) -> Vec<Corners> {
    let mut found = Vec::new();
    for origin in finders {
        let beside = |finder: &&Finder| {
            let difference = finder.span.abs_diff(origin.span);
            difference.saturating_mul(3) <= origin.span.unsigned_abs()
        };
        let others = finders
            .iter()
            .filter(beside)
            .map(|finder| (finder.x.saturating_sub(origin.x), finder.y.saturating_sub(origin.y)));
        let others: Vec<(i64, i64)> = others.filter(|way| *way != (0, 0)).collect();
        for (index, right) in others.iter().enumerate() {
            let pairs = others.iter().skip(index.saturating_add(1)).map(|down| Corners {
                origin: *origin,
                right: *right,
                down: *down,
            });
            found.extend(pairs.filter(Corners::is_square));
        }
    }
    found
}

impl Corners {
    /// To an eighth: the patterns' middles are known to a pixel.
    fn is_square(&self) -> bool {
        let (right, down) = (dot(self.right, self.right), dot(self.down, self.down));
        let across = dot(self.right, self.down).saturating_abs();
        across.saturating_mul(8) <= right
            && right.saturating_sub(down).saturating_abs().saturating_mul(8) <= right
    }

    /// The text of a code of about the size that the patterns' span indicates. Its own error
    /// correction says whether a size is the right one.
    fn text(&self, bitmap: &Bitmap) -> Option<String> {
        let (x, y) = self.right;
        // At an angle, a row crosses more of a pattern than its side.
        let longer = x.saturating_abs().max(y.saturating_abs());
        let module = self.origin.span.saturating_mul(longer).saturating_mul(2).max(1);
        let between = dot(self.right, self.right).saturating_mul(7) / module;
        let sizes = (21..=177).step_by(4).filter(|size: &i64| {
            let difference = size.saturating_sub(7).saturating_sub(between).saturating_abs();
            difference.saturating_mul(8) <= between.saturating_add(16)
        });
        let mut texts = sizes.filter_map(|size| {
            let modules = usize::try_from(size).ok()?;
            let grid = SimpleGrid::from_func(modules, |column, row| {
                self.is_dark(bitmap, size, column, row).unwrap_or_default()
            });
            Grid::new(grid).decode().ok()
        });
        texts.next().map(|(_, text)| text)
    }

    /// The pixel in the middle of a module. Middles of patterns are 3.5 modules from the edges.
    fn is_dark(&self, bitmap: &Bitmap, size: i64, column: usize, row: usize) -> Option<bool> {
        let halves = |index: usize| Some(i64::try_from(index).ok()?.saturating_mul(2) - 6);
        let (column, row) = (halves(column)?, halves(row)?);
        let between = size.saturating_sub(7).saturating_mul(2);
        let along = |start: i64, right: i64, down: i64| {
            let way = right.saturating_mul(column).saturating_add(down.saturating_mul(row));
            Some(start.saturating_add(way.checked_div_euclid(between)?).div_euclid(2))
        };
        let x = along(self.origin.x, self.right.0, self.down.0)?;
        let y = along(self.origin.y, self.right.1, self.down.1)?;
        Some(bitmap.is_dark(x, y))
    }
}

fn dot(one: (i64, i64), two: (i64, i64)) -> i64 {
    one.0.saturating_mul(two.0).saturating_add(one.1.saturating_mul(two.1))
}
