//! The pixels of a PNG file, each dark or light.

use super::error::{ImageError, LARGEST_PNG, LONGEST_SIDE};
use alloc::{vec, vec::Vec};
use png::{Decoder, Limits, Transformations};
use std::io::Cursor;

/// The least difference in brightness, of 255, between dark and light.
const LEAST_CONTRAST: u8 = 24;

/// What the PNG decoder may allocate for chunks other than pixels, in bytes.
const LARGEST_ALLOCATION: usize = 16 * 1024 * 1024;

/// A picture in two colours.
pub(super) struct Bitmap {
    width: usize,
    pixels: Vec<bool>,
}

impl Bitmap {
    /// Decodes a file. A pixel is dark if it is nearer to the darkest of the picture than to the
    /// lightest; transparent pixels are white.
    pub(super) fn of_png(file: &[u8]) -> Result<Self, ImageError> {
        if file.len() > LARGEST_PNG {
            return Err(ImageError::TooLarge);
        }
        let limits = Limits { bytes: LARGEST_ALLOCATION };
        let mut decoder = Decoder::new_with_limits(Cursor::new(file), limits);
        decoder.set_ignore_text_chunk(true);
        decoder.set_ignore_iccp_chunk(true);
        decoder.set_transformations(Transformations::normalize_to_color8());
        // The header alone, so that a small file that declares a huge picture costs nothing.
        let header = decoder.read_header_info().map_err(|_| ImageError::NotPng)?;
        if header.width > LONGEST_SIDE || header.height > LONGEST_SIDE {
            return Err(ImageError::TooLarge);
        }
        let mut reader = decoder.read_info().map_err(|_| ImageError::NotPng)?;
        // An animation may show another code later.
        if reader.info().animation_control().is_some() {
            return Err(ImageError::NotPng);
        }
        let mut samples = vec![0; reader.output_buffer_size().ok_or(ImageError::TooLarge)?];
        reader.next_frame(&mut samples).map_err(|_| ImageError::NotPng)?;
        reader.finish().map_err(|_| ImageError::NotPng)?;
        let width = usize::try_from(reader.info().width).map_err(|_| ImageError::TooLarge)?;
        let channels = reader.output_color_type().0.samples();
        Self::of_samples(width, &samples, channels).ok_or(ImageError::NoCode)
    }

    /// `None` where everything is about as bright.
    fn of_samples(width: usize, samples: &[u8], channels: usize) -> Option<Self> {
        let levels: Vec<u8> = samples.chunks_exact(channels).map(brightness).collect();
        let (darkest, lightest) = (*levels.iter().min()?, *levels.iter().max()?);
        let contrast = lightest.saturating_sub(darkest);
        if contrast < LEAST_CONTRAST {
            return None;
        }
        let middle = darkest.saturating_add(contrast / 2);
        Some(Self { width, pixels: levels.iter().map(|level| *level <= middle).collect() })
    }

    /// The rows from top to bottom, `true` where dark.
    pub(super) fn rows(&self) -> impl Iterator<Item = &[bool]> {
        self.pixels.chunks_exact(self.width.max(1))
    }

    /// A part of a column, from top to bottom.
    pub(super) fn column(&self, x: usize, from: usize, to: usize) -> Vec<bool> {
        let rows = self.rows().take(to).skip(from);
        rows.map(|row| row.get(x).copied().unwrap_or_default()).collect()
    }

    /// Whether a pixel is dark; outside the picture all are light.
    pub(super) fn is_dark(&self, x: i64, y: i64) -> bool {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return false };
        let index = y.checked_mul(self.width).and_then(|begin| begin.checked_add(x));
        x < self.width && index.and_then(|index| self.pixels.get(index)).copied() == Some(true)
    }
}

/// How bright a pixel is on white: gray, gray and alpha, RGB or RGBA.
fn brightness(samples: &[u8]) -> u8 {
    let (level, alpha) = match *samples {
        [gray] => (u32::from(gray), 255),
        [gray, alpha] => (u32::from(gray), alpha),
        [red, green, blue] => (luminance(red, green, blue), 255),
        [red, green, blue, alpha] => (luminance(red, green, blue), alpha),
        _ => (255, 255),
    };
    let alpha = u32::from(alpha);
    let on_white = level.saturating_mul(alpha).saturating_add(255 * (255 - alpha)) / 255;
    u8::try_from(on_white).unwrap_or(u8::MAX)
}

/// ITU-R BT.601, section 2.5.1: the weights of red, green and blue.
fn luminance(red: u8, green: u8, blue: u8) -> u32 {
    (u32::from(red) * 299 + u32::from(green) * 587 + u32::from(blue) * 114) / 1000
}
