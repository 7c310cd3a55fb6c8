#![doc = include_str!("../README.md")]
#![no_std]

extern crate alloc;
#[cfg(feature = "image")]
extern crate std;

mod account;
mod additional;
mod amount;
mod ans;
mod build;
mod crc;
mod currency;
#[cfg(feature = "serde")]
mod decoded;
mod edit;
mod error;
mod findings;
mod id;
#[cfg(feature = "image")]
mod image;
mod initiation;
mod inspect;
mod iso;
mod language;
mod lenient;
mod lookalike;
mod meaning;
mod object;
mod payload;
#[cfg(feature = "symbol")]
mod render;
mod repair;
mod rules;
mod sbp;
mod scheme;
mod tip;
mod validate;
mod warning;

pub use account::Account;
pub use additional::{Additional, Label};
pub use amount::Amount;
pub use build::{BuildError, BuildErrorKind, Draft};
pub use crc::{crc16, ends_with_right_crc};
pub use currency::Currency;
pub use edit::{EditWarning, Edited, Editor, PointOfInitiation};
pub use error::{Error, ErrorKind};
pub use findings::Findings;
pub use id::{Id, Path};
#[cfg(feature = "image")]
pub use image::{ImageError, LARGEST_PNG, LONGEST_SIDE, text_of_png};
pub use initiation::Initiation;
pub use inspect::{Content, Inspection, inspect, inspect_leniently, validate};
pub use language::Language;
pub use lenient::{Leniency, Leniently};
pub use lookalike::{Lookalike, lookalike};
pub use object::{Object, Objects};
pub use payload::Payload;
#[cfg(feature = "png")]
pub use render::PngOptions;
#[cfg(feature = "svg")]
pub use render::SvgOptions;
#[cfg(feature = "terminal")]
pub use render::TerminalOptions;
#[cfg(feature = "symbol")]
pub use render::{Correction, Symbol, SymbolError};
pub use repair::{Repaired, repair, whole_crc};
pub use sbp::{SbpLink, SbpPurpose};
pub use scheme::{Kind, Scheme, duitnow, emv, promptpay, qris, qrph};
pub use tip::Tip;
pub use warning::{Warning, WarningKind};

/// The guide's code, compiled and run.
#[cfg(all(doctest, feature = "svg"))]
#[doc = include_str!("../../../docs/guides/qr.md")]
mod guide {}
