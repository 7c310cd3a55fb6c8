//! The id an order carries on the wire, derived and never drawn.

use crate::{
    ids::{Namespace, Reference},
    invalid::Invalid,
    operation::Operation,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// The id one attempt's order carries at the provider.
///
/// It is derived from (namespace, operation, reference, attempt), so that a restart, or even a
/// lost database, makes the same id again and the provider's own rejection of duplicates still
/// protects the payment. Its first character tells the operation. The attempt is part of it,
/// since a rejection may use an id up: the next attempt needs a fresh one.
///
/// ```
/// use tulay_core::{IdRules, Namespace, Operation, OrderId, Reference};
/// let namespace = Namespace::new("acme-ph")?;
/// let reference = Reference::new("INV-2026-0001")?;
/// let id = OrderId::derive(IdRules::STANDARD, &namespace, Operation::Payout, &reference, 1); // attempt 1
/// assert_eq!(id.as_str(), "PCCT4DQCA7IYPBOIHLLI5GBEMB");
/// assert_eq!(id.operation(), Some(Operation::Payout));
/// # Ok::<_, tulay_core::Invalid>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrderId(String);

/// The characters an order id may have at a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum IdAlphabet {
    /// 0-9.
    Digits,
    /// A-Z and 2-7.
    UpperAlphanumeric,
}

/// What an order id may look like at a provider. Every rule leaves at least 100 bits of the digest:
/// that any two of a million million ids are equal has a chance of less than one in a million.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdRules {
    alphabet: IdAlphabet,
    length: u8,
}

impl IdRules {
    /// 26 characters A-Z and 2-7: fits every provider known so far.
    pub const STANDARD: Self = Self { alphabet: IdAlphabet::UpperAlphanumeric, length: 26 };

    /// Ids of exactly this length: 21 to 40 letters and digits, or 32 to 40 digits.
    ///
    /// # Errors
    /// When the length is outside.
    pub fn new(alphabet: IdAlphabet, length: u8) -> Result<Self, Invalid> {
        let (shortest, expected) = match alphabet {
            IdAlphabet::Digits => (32, "a length of 32 to 40"),
            IdAlphabet::UpperAlphanumeric => (21, "a length of 21 to 40"),
        };
        if (shortest..=40).contains(&length) {
            Ok(Self { alphabet, length })
        } else {
            Err(Invalid::new("length", expected))
        }
    }

    /// The characters allowed.
    #[must_use]
    pub const fn alphabet(self) -> IdAlphabet {
        self.alphabet
    }

    /// The length, in characters.
    #[must_use]
    pub const fn length(self) -> u8 {
        self.length
    }
}

impl OrderId {
    /// Derives the id of one attempt, counted from 1.
    ///
    /// The digest is SHA-256 over the ASCII text `tulay order id 1`, then namespace, operation
    /// and reference, each after its length as 32 bits big-endian, then the attempt as 32 bits
    /// big-endian. Letters: the operation's letter, then the digest in RFC 4648 base32, cut.
    /// Digits: the operation's digit, then the digest as one big-endian number, its last digits.
    /// An operation that makes no order gets `X` or `9`, which [`operation`](Self::operation)
    /// does not take for one of ours.
    #[must_use]
    pub fn derive(
        rules: IdRules,
        namespace: &Namespace,
        operation: Operation,
        reference: &Reference,
        attempt: u32,
    ) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"tulay order id 1");
        for part in [namespace.as_str(), operation.as_str(), reference.as_str()] {
            // Words are at most 64 bytes long.
            hash.update(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
            hash.update(part);
        }
        hash.update(attempt.to_be_bytes());
        let digest: [u8; 32] = hash.finalize().into();

        let (letter, digit) = mark(operation);
        let rest = usize::from(rules.length).saturating_sub(1);
        Self(match rules.alphabet {
            IdAlphabet::Digits => format!("{digit}{}", last_digits(digest, rest)),
            IdAlphabet::UpperAlphanumeric => format!("{letter}{}", base32(&digest, rest)),
        })
    }

    /// Reads an id that came from a provider or a store, ours or not.
    ///
    /// # Errors
    /// When it is not 1 to 64 visible ASCII characters.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid::new("order_id", "1 to 64 visible ASCII characters"))
        }
    }

    /// The operation that its first character tells, if the id can be one of ours: what tells a
    /// payout's notification from a collection's.
    #[must_use]
    pub fn operation(&self) -> Option<Operation> {
        let shaped_like_ours = self.0.len() >= 21
            && self.0.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'2'..=b'7'));
        let first = self.0.chars().next().filter(|_| shaped_like_ours)?;
        ORDERS.into_iter().find(|operation| mark(*operation).0 == first)
    }

    /// The text on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for OrderId {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl From<OrderId> for String {
    fn from(id: OrderId) -> Self {
        id.0
    }
}

const ORDERS: [Operation; 4] =
    [Operation::Payout, Operation::Collection, Operation::StaticCode, Operation::Refund];

const fn mark(operation: Operation) -> (char, char) {
    match operation {
        Operation::Payout => ('P', '1'),
        Operation::Collection => ('C', '2'),
        Operation::StaticCode => ('S', '3'),
        Operation::Refund => ('R', '4'),
        _ => ('X', '9'),
    }
}

fn base32(digest: &[u8; 32], length: usize) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bit = |index: usize| digest.get(index / 8).map_or(0, |byte| byte >> (7 - index % 8) & 1);
    let five = |group: usize| (0..5).fold(0, |value, i| value << 1 | bit(group * 5 + i));
    (0..length)
        .filter_map(|group| ALPHABET.get(usize::from(five(group))))
        .map(|c| char::from(*c))
        .collect()
}

/// The last decimal digits of the digest read as one big-endian number: long division by ten.
fn last_digits(mut digest: [u8; 32], length: usize) -> String {
    let mut digits = Vec::with_capacity(length);
    for _ in 0..length {
        let mut remainder = 0_u16;
        for byte in &mut digest {
            let value = remainder << 8 | u16::from(*byte);
            *byte = u8::try_from(value / 10).unwrap_or_default();
            remainder = value % 10;
        }
        digits.push(char::from_digit(remainder.into(), 10).unwrap_or('0'));
    }
    digits.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Deserialize)]
    struct Vector {
        namespace: Namespace,
        operation: Operation,
        reference: Reference,
        attempt: u32,
        letters: String,
        digits: String,
    }

    /// `tests/data/order_ids.json` was computed by the program that is printed in
    /// `docs/adr/0009-derived-order-ids.md`, which shares nothing with this file.
    #[test]
    fn vectors() {
        let vectors: Vec<Vector> =
            serde_json::from_str(include_str!("../tests/data/order_ids.json")).unwrap();
        assert!(vectors.len() >= 8);
        let digits = IdRules::new(IdAlphabet::Digits, 32).unwrap();
        for v in vectors {
            let derive =
                |rules| OrderId::derive(rules, &v.namespace, v.operation, &v.reference, v.attempt);
            assert_eq!(derive(IdRules::STANDARD).as_str(), v.letters);
            assert_eq!(derive(digits).as_str(), v.digits);
        }
    }

    #[test]
    fn ids_with_less_than_100_bits_are_refused() {
        for (alphabet, shortest) in [(IdAlphabet::Digits, 32), (IdAlphabet::UpperAlphanumeric, 21)]
        {
            for length in [0, 1, shortest - 1, 41, u8::MAX] {
                assert!(IdRules::new(alphabet, length).is_err(), "{alphabet:?} {length}");
            }
            for length in [shortest, 40] {
                assert_eq!(IdRules::new(alphabet, length).map(IdRules::length), Ok(length));
            }
        }
    }

    #[test]
    fn parts_cannot_run_into_each_other() {
        let derive = |namespace: &str, reference: &str| {
            let namespace = Namespace::new(namespace).unwrap();
            let reference = Reference::new(reference).unwrap();
            OrderId::derive(IdRules::STANDARD, &namespace, Operation::Payout, &reference, 1)
        };
        assert_ne!(derive("ab", "c"), derive("a", "bc"));
        assert_ne!(derive("a", "1"), derive("a", "11"));
    }

    #[test]
    fn a_platform_number_has_no_operation() {
        for text in ["1704679497442", "202411251100630001", "S110202411271861610566972481536", "P2"]
        {
            assert_eq!(OrderId::parse(text).unwrap().operation(), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_id_obeys_its_rules(reference in "[!-~]{1,64}", attempt: u32, length in 21_u8..=40) {
            let namespace = Namespace::new("n").unwrap();
            let reference = Reference::new(reference).unwrap();
            let rules = IdRules::new(IdAlphabet::UpperAlphanumeric, length).unwrap();
            let id = OrderId::derive(rules, &namespace, Operation::Refund, &reference, attempt);
            prop_assert_eq!(id.as_str().len(), usize::from(length));
            prop_assert!(id.as_str().starts_with('R'));
            prop_assert_eq!(id.operation(), Some(Operation::Refund));
        }
    }
}
