//! Why a key was refused, and what fixes it.

use pkcs8::der;
use std::{borrow::Cow, fmt};

/// A key was refused: the stage, what was found, and the fix.
///
/// The text never contains a byte of the key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{wanted} key refused ({stage}): {found}; {fix}")]
pub struct KeyError {
    wanted: Wanted,
    stage: KeyStage,
    found: Cow<'static, str>,
    fix: Cow<'static, str>,
}

impl KeyError {
    /// How far the key got.
    #[must_use]
    pub const fn stage(&self) -> KeyStage {
        self.stage
    }

    /// What was found instead of a usable key.
    #[must_use]
    pub fn found(&self) -> &str {
        &self.found
    }

    /// What to do about it, often an `openssl` command.
    #[must_use]
    pub fn fix(&self) -> &str {
        &self.fix
    }

    pub(crate) fn cannot_generate(bits: usize) -> Self {
        Wanted::Private.refuse(
            KeyStage::Generate,
            format!("expected 2048, 3072 or 4096 bits, found {bits}"),
            "use 2048 bits",
        )
    }

    pub(crate) fn generation_failed() -> Self {
        Wanted::Private.refuse(
            KeyStage::Generate,
            "no key could be generated",
            "try again; if it stays so, the random generator of the system does not work",
        )
    }
}

/// The stages that a key passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyStage {
    /// From PEM or base64 text to bytes.
    Decode,
    /// Which kind of thing the bytes are.
    Kind,
    /// From bytes to the numbers of the key.
    Parse,
    /// Size and public exponent.
    Strength,
    /// Whether the numbers of a private key belong together.
    Consistency,
    /// Making a new key.
    Generate,
}

impl fmt::Display for KeyStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Decode => "decode",
            Self::Kind => "kind",
            Self::Parse => "parse",
            Self::Strength => "strength",
            Self::Consistency => "consistency",
            Self::Generate => "generate",
        })
    }
}

/// The expected kind of key. The fix depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Private,
    Public,
}

impl Wanted {
    pub(crate) fn refuse(
        self,
        stage: KeyStage,
        found: impl Into<Cow<'static, str>>,
        fix: impl Into<Cow<'static, str>>,
    ) -> KeyError {
        KeyError { wanted: self, stage, found: found.into(), fix: fix.into() }
    }

    pub(super) fn damaged(self, error: &der::Error) -> KeyError {
        let found = match error.kind() {
            der::ErrorKind::Incomplete { .. } => "its DER bytes are cut short",
            der::ErrorKind::TrailingData { .. } => "bytes follow the end of its DER structure",
            _ => "its DER structure is damaged or not that of a key",
        };
        self.refuse(KeyStage::Parse, found, "copy the key again from its source, as a whole")
    }

    /// The backends say no more than that the key is not acceptable.
    pub(crate) fn inconsistent(self) -> KeyError {
        self.refuse(
            KeyStage::Consistency,
            "its numbers do not match",
            "copy the key again from its source",
        )
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Private => "private",
            Self::Public => "public",
        })
    }
}
