//! The system's clock and randomness. No other module uses them.

use jiff::Timestamp;
use tulay_core::{Clock, MessageIds};
use uuid::Uuid;

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct SystemClock;

impl SystemClock {
    /// The system's clock.
    #[must_use]
    pub const fn new() -> Self {
        Self
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that others are given")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// Message ids from time and randomness (UUID version 7), written like a ULID.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct RandomMessageIds;

impl RandomMessageIds {
    /// Ids that cannot be guessed and do not repeat.
    #[must_use]
    pub const fn new() -> Self {
        Self
    }
}

impl MessageIds for RandomMessageIds {
    fn fresh(&self) -> String {
        const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let number = Uuid::now_v7().as_u128();
        let digit = |place: u32| usize::try_from(number >> (place * 5) & 31).unwrap_or_default();
        (0..26)
            .rev()
            .filter_map(|place| ALPHABET.get(digit(place)))
            .map(|c| char::from(*c))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn message_ids_are_26_characters_and_never_the_same() {
        let ids: BTreeSet<String> = (0..10_000).map(|_| RandomMessageIds.fresh()).collect();
        assert_eq!(ids.len(), 10_000);
        let allowed = |id: &String| {
            id.len() == 26 && id.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
        };
        assert!(ids.iter().all(allowed));
    }
}
