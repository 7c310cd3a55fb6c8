//! Codes as symbols.

mod mask;
#[cfg(feature = "png")]
mod png;
#[cfg(feature = "svg")]
mod svg;
mod symbol;
#[cfg(feature = "terminal")]
mod terminal;

#[cfg(feature = "png")]
pub use png::PngOptions;
#[cfg(feature = "svg")]
pub use svg::SvgOptions;
pub use symbol::{Correction, Symbol, SymbolError};
#[cfg(feature = "terminal")]
pub use terminal::TerminalOptions;
