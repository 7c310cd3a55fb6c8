//! Symbols as PNG.

use super::{Symbol, SymbolError};
use alloc::{vec, vec::Vec};
use png::{BitDepth, ColorType, Encoder};

/// The longest side of a picture, in pixels.
const LONGEST: u32 = 8192;

/// How a symbol is drawn as PNG.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "written as a literal with `..Default::default()`")]
pub struct PngOptions {
    /// Pixels a module, each way; a whole number, so that all modules are alike.
    pub module_pixels: u8,
    /// Light modules around the symbol; ISO/IEC 18004 asks for 4.
    pub quiet_zone: u8,
}

impl Default for PngOptions {
    fn default() -> Self {
        Self { module_pixels: 8, quiet_zone: 4 }
    }
}

impl Symbol {
    /// The symbol as a PNG file, black on white, 8 pixels a module.
    ///
    /// # Errors
    /// None in practice: at 8 pixels no symbol is too large.
    pub fn to_png(&self) -> Result<Vec<u8>, SymbolError> {
        self.to_png_with(PngOptions::default())
    }

    /// The symbol as a PNG file, drawn as asked, one bit a pixel.
    ///
    /// # Errors
    /// When a side would have no pixel, or more than 8192.
    pub fn to_png_with(&self, options: PngOptions) -> Result<Vec<u8>, SymbolError> {
        let (pixels, quiet) = (usize::from(options.module_pixels), usize::from(options.quiet_zone));
        let side = self.size().saturating_add(quiet.saturating_mul(2)).saturating_mul(pixels);
        let width = u32::try_from(side).ok().filter(|side| (1..=LONGEST).contains(side));
        let width = width.ok_or(SymbolError)?;

        let line_bytes = side.div_ceil(8);
        let mut data = Vec::with_capacity(line_bytes.saturating_mul(side));
        let margin = quiet.saturating_mul(pixels).saturating_mul(line_bytes);
        data.resize(margin, u8::MAX);
        for y in 0..self.size() {
            let mut line = vec![u8::MAX; line_bytes];
            for (x, _) in self.row(y).iter().enumerate().filter(|(_, dark)| **dark) {
                let begin = x.saturating_add(quiet).saturating_mul(pixels);
                for pixel in begin..begin.saturating_add(pixels) {
                    if let Some(byte) = line.get_mut(pixel / 8) {
                        *byte &= !(0x80 >> (pixel % 8));
                    }
                }
            }
            for _ in 0..pixels {
                data.extend_from_slice(&line);
            }
        }
        data.resize(data.len().saturating_add(margin), u8::MAX);

        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, width, width);
        encoder.set_color(ColorType::Grayscale);
        encoder.set_depth(BitDepth::One);
        // Memory takes what is written, and the data has the size that the header states.
        let mut writer = encoder.write_header().map_err(|_| SymbolError)?;
        writer.write_image_data(&data).map_err(|_| SymbolError)?;
        writer.finish().map_err(|_| SymbolError)?;
        Ok(file)
    }
}
