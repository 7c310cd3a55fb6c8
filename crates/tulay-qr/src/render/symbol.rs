//! The modules of a symbol.

use super::mask;
use alloc::vec::Vec;
use core::{error, fmt};
use qrcodegen::{QrCode, QrCodeEcc, QrSegment, Version};

/// A QR symbol: a square of dark and light modules, without the quiet zone around it.
///
/// It is made as EMVCo asks (MPM 1.0, section 3.3): in byte mode alone, and with the designator of
/// UTF-8 (ECI 26) in front if the text is more than ASCII.
///
/// ```
/// let symbol = tulay_qr::Symbol::new("https://example.com")?;
/// assert_eq!(symbol.size(), 25);
/// assert!(symbol.is_dark(0, 0));
/// # Ok::<_, tulay_qr::SymbolError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Symbol {
    size: usize,
    modules: Vec<bool>,
}

/// How much of a symbol may be unreadable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "ISO/IEC 18004 has these four levels")]
pub enum Correction {
    /// L: 7 %.
    Low,
    /// M: 15 %.
    #[default]
    Medium,
    /// Q: 25 %.
    Quartile,
    /// H: 30 %, for symbols with a logo on them.
    High,
}

impl Symbol {
    /// The smallest symbol of a text, with medium error correction.
    ///
    /// # Errors
    /// When no symbol can hold the text: more than 2331 bytes.
    pub fn new(text: &str) -> Result<Self, SymbolError> {
        Self::with_correction(text, Correction::Medium)
    }

    /// The smallest symbol of a text with the given error correction.
    ///
    /// # Errors
    /// When no symbol can hold the text; the largest holds 2953 bytes at low, 1273 at high.
    pub fn with_correction(text: &str, correction: Correction) -> Result<Self, SymbolError> {
        let mut segments = Vec::with_capacity(2);
        if !text.is_ascii() {
            segments.push(QrSegment::make_eci(26));
        }
        segments.push(QrSegment::make_bytes(text.as_bytes()));
        let level = match correction {
            Correction::Low => QrCodeEcc::Low,
            Correction::Medium => QrCodeEcc::Medium,
            Correction::Quartile => QrCodeEcc::Quartile,
            Correction::High => QrCodeEcc::High,
        };
        let encode = |mask| {
            let (least, most) = (Version::new(1), Version::new(40));
            QrCode::encode_segments_advanced(&segments, level, least, most, mask, false)
        };
        // The library tries all eight masks module by module, which takes most of its time.
        let first = encode(Some(mask::first())).map_err(|_| SymbolError)?;
        let code = match mask::best(&first) {
            Some(best) if best == mask::first() => first,
            best => encode(best).map_err(|_| SymbolError)?,
        };
        let size = code.size();
        let modules = (0..size).flat_map(|y| (0..size).map(move |x| (x, y)));
        let modules = modules.map(|(x, y)| code.get_module(x, y)).collect();
        Ok(Self { size: usize::try_from(size).unwrap_or_default(), modules })
    }

    /// How many modules a side has: 21 to 177.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.size
    }

    /// Whether a module is dark; outside the symbol all are light.
    #[must_use]
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        self.row(y).get(x).copied().unwrap_or_default()
    }

    /// A row's modules, `true` where dark; empty below the symbol.
    #[must_use]
    pub fn row(&self, y: usize) -> &[bool] {
        let begin = y.saturating_mul(self.size);
        self.modules.get(begin..begin.saturating_add(self.size)).unwrap_or_default()
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The modules reveal the text.
        f.debug_struct("Symbol").field("size", &self.size).finish_non_exhaustive()
    }
}

/// The text is too long for any symbol, or the requested picture is too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SymbolError;

impl fmt::Display for SymbolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the text is too long for a QR symbol, or the picture too large")
    }
}

impl error::Error for SymbolError {}
