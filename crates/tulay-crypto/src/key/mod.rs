//! Keys: read from any usual form, refused with a reason and a fix.

mod error;
mod kind;
mod pem;
mod private;
mod public;
mod shape;
mod source;
mod strength;

pub(crate) use error::Wanted;
pub use error::{KeyError, KeyStage};
pub use private::PrivateKey;
pub use public::PublicKey;
