//! Finder patterns: the squares in three corners of a QR code.
//!
//! A line through the middle of one crosses dark, light, dark, light, dark in the proportion
//! 1:1:3:1:1, at every angle (ISO/IEC 18004, section 6.3.3). `rqrr` finds them too, but it
//! asserts what a crafted picture can break (`Perspective::map`) and its time has no bound, so it
//! only decodes here.

use super::{bitmap::Bitmap, error::ImageError};
use alloc::vec::Vec;

/// The most patterns that a picture may have. A code has three, and few that look alike; the work
/// grows with the third power.
const MOST: usize = 32;

/// The middle of a finder pattern, in half pixels, and how many pixels a row through it crosses.
#[derive(Clone, Copy)]
pub(super) struct Finder {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) span: i64,
}

/// The finder patterns of a picture.
pub(super) fn find(bitmap: &Bitmap) -> Result<Vec<Finder>, ImageError> {
    let mut found: Vec<Sum> = Vec::new();
    for (y, row) in bitmap.rows().enumerate() {
        for (start, span) in patterns(row) {
            let Some(finder) = confirm(bitmap, y, start, span) else { continue };
            match found.iter_mut().find(|sum| sum.is_at(finder)) {
                Some(sum) => sum.add(finder),
                None => found.push(Sum { finder, count: 1 }),
            }
            if found.len() > MOST {
                return Err(ImageError::Unreadable);
            }
        }
    }
    Ok(found.iter().map(Sum::mean).collect())
}

/// The places of a line where dark and light have the proportion: start and length.
fn patterns(line: &[bool]) -> Vec<(usize, usize)> {
    let runs: Vec<&[bool]> = line.chunk_by(|one, next| one == next).collect();
    let starts = runs.iter().scan(0_usize, |end, run| {
        let start = *end;
        *end = end.saturating_add(run.len());
        Some(start)
    });
    let windows = runs.windows(5).zip(starts).filter_map(|(window, start)| {
        let is_dark = window.first()?.first()?;
        let span = window.iter().map(|run| run.len()).sum();
        (*is_dark && has_proportion(window, span)).then_some((start, span))
    });
    windows.collect()
}

/// Whether the five runs are as 1:1:3:1:1, each to less than half a module.
fn has_proportion(runs: &[&[bool]], span: usize) -> bool {
    let is_near = |run: &[bool], modules: usize| {
        run.len().saturating_mul(7).abs_diff(modules.saturating_mul(span)).saturating_mul(2) < span
    };
    span >= 7 && runs.iter().zip([1, 1, 3, 1, 1]).all(|(run, modules)| is_near(run, modules))
}

/// The finder pattern that a row crosses, if the column through its middle has the proportion too.
fn confirm(bitmap: &Bitmap, y: usize, start: usize, span: usize) -> Option<Finder> {
    let top = y.saturating_sub(span);
    let x = start.saturating_add(span / 2);
    let column = bitmap.column(x, top, y.saturating_add(span));
    let (from, height) = patterns(&column).into_iter().find(|(from, height)| {
        let middle = top.saturating_add(*from).saturating_add(height / 2);
        middle.abs_diff(y) <= span / 3 && height.abs_diff(span) <= span / 3
    })?;
    let halves = |start: usize, length: usize| {
        i64::try_from(start.saturating_mul(2).saturating_add(length)).ok()
    };
    let y = halves(top.saturating_add(from), height)?;
    Some(Finder { x: halves(start, span)?, y, span: i64::try_from(span).ok()? })
}

/// What several rows say about one pattern, added up.
struct Sum {
    finder: Finder,
    count: i64,
}

impl Sum {
    fn is_at(&self, other: Finder) -> bool {
        let mean = self.mean();
        // To less than two modules.
        let near = |one: i64, two: i64| {
            one.saturating_sub(two).saturating_abs().saturating_mul(2) <= mean.span
        };
        near(mean.x, other.x) && near(mean.y, other.y)
    }

    fn add(&mut self, other: Finder) {
        let Finder { x, y, span } = self.finder;
        self.finder = Finder {
            x: x.saturating_add(other.x),
            y: y.saturating_add(other.y),
            span: span.saturating_add(other.span),
        };
        self.count = self.count.saturating_add(1);
    }

    fn mean(&self) -> Finder {
        let Finder { x, y, span } = self.finder;
        let count = self.count.max(1);
        Finder { x: x / count, y: y / count, span: span / count }
    }
}
