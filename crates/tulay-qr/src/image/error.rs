//! Limits of pictures, and why one gives no text.

use core::{error, fmt};

/// The largest PNG file that [`text_of_png`](crate::text_of_png) reads, in bytes.
pub const LARGEST_PNG: usize = 1024 * 1024;

/// The longest side of a picture that [`text_of_png`](crate::text_of_png) reads, in pixels.
pub const LONGEST_SIDE: u32 = 2048;

/// Why a picture gives no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImageError {
    /// The file is larger than [`LARGEST_PNG`], or the picture than [`LONGEST_SIDE`] each way.
    TooLarge,
    /// The file is no PNG picture, is cut short or damaged, or is an animation.
    NotPng,
    /// There is no QR code in the picture.
    NoCode,
    /// There is more than one QR code, and nothing says which one is meant.
    SeveralCodes,
    /// Something looks like a QR code, and cannot be read as text.
    Unreadable,
}

impl fmt::Display for ImageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLarge => "the picture is too large",
            Self::NotPng => "the file is not a complete PNG picture",
            Self::NoCode => "there is no QR code in the picture",
            Self::SeveralCodes => "there is more than one QR code in the picture",
            Self::Unreadable => "the QR code in the picture cannot be read",
        })
    }
}

impl error::Error for ImageError {}
