//! Who caused something.

use std::fmt;
use tulay_core::Invalid;

const LONGEST: usize = 100;

/// The person or program that caused an event, as the application names it. It is written to the
/// journal for ever, and it is no personal data of a payee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor(String);

impl Actor {
    /// Names an actor.
    ///
    /// # Errors
    /// When the name is empty, longer than 100 characters, or has control characters.
    pub fn new(name: impl Into<String>) -> Result<Self, Invalid> {
        let name = name.into();
        let fits = !name.trim().is_empty()
            && name.chars().count() <= LONGEST
            && !name.chars().any(char::is_control);
        if fits { Ok(Self(name)) } else { Err(Self::invalid()) }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn invalid() -> Invalid {
        Invalid::new("actor", "a name of 1 to 100 characters, without line breaks")
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
