//! The crate as others use it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod building;
mod capacity;
mod damaged;
#[cfg(feature = "serde")]
mod decoded;
#[cfg(all(feature = "svg", feature = "png", feature = "terminal"))]
mod drawn;
mod editing;
#[cfg(feature = "svg")]
mod guide;
mod heap;
#[cfg(all(feature = "image", feature = "png"))]
mod image;
mod links;
mod mutations;
mod properties;
mod rules;
mod vector;
mod vectors;
mod written;
