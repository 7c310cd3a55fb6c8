//! Why a sandbox does not start.

use std::{error, fmt, io, net::SocketAddr};
use tulay_core::Invalid;

/// Why a sandbox does not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum SandboxError {
    /// The request is not allowed or does not fit.
    Invalid(Invalid),
    /// The address could not be opened.
    Listen(SocketAddr, io::Error),
}

impl fmt::Display for SandboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(invalid) => invalid.fmt(f),
            Self::Listen(address, _) => write!(f, "the sandbox cannot listen on {address}"),
        }
    }
}

impl error::Error for SandboxError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Invalid(invalid) => Some(invalid),
            Self::Listen(_, error) => Some(error),
        }
    }
}

impl From<Invalid> for SandboxError {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}
