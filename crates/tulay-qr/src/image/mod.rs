//! Pictures of codes.

mod bitmap;
mod error;
mod finders;
mod symbol;

pub use error::{ImageError, LARGEST_PNG, LONGEST_SIDE};

use alloc::string::String;
use bitmap::Bitmap;

/// The text of the one QR code in a PNG picture.
///
/// It reads pictures that a machine drew: evenly lit, in any colours that differ in brightness, dark
/// on light, turned by any angle, with other things around the code. It is not made for photographs.
/// Size and number of pixels are checked before anything is decoded.
///
/// The text may be anything; [`Payload::parse`](crate::Payload::parse) reads that of a payment code.
///
/// # Errors
/// See [`ImageError`].
///
/// ```
/// use tulay_qr::{ImageError, text_of_png};
/// assert_eq!(text_of_png(b"<html>"), Err(ImageError::NotPng));
/// # #[cfg(feature = "png")] {
/// let picture = tulay_qr::Symbol::new("https://example.com")?.to_png()?;
/// assert_eq!(text_of_png(&picture)?, "https://example.com");
/// # }
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
pub fn text_of_png(file: &[u8]) -> Result<String, ImageError> {
    let bitmap = Bitmap::of_png(file)?;
    symbol::text(&bitmap, &finders::find(&bitmap)?)
}
