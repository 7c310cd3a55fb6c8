//! `operation` of a rule: one, or several that the rule decides alike.

use serde::{
    Deserialize, Deserializer,
    de::{self, SeqAccess, Visitor, value::StrDeserializer},
};
use std::fmt;
use tulay_core::Operation;

/// What a rule is for, each operation once.
pub(crate) struct Operations(Vec<Operation>);

impl Operations {
    /// In the order of the file; never empty.
    pub(crate) fn all(&self) -> &[Operation] {
        &self.0
    }
}

/// What can be routed: finding, cancelling and refunding follow the payment.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Routed {
    Payout,
    Collection,
    StaticCode,
}

impl From<Routed> for Operation {
    fn from(routed: Routed) -> Self {
        match routed {
            Routed::Payout => Self::Payout,
            Routed::Collection => Self::Collection,
            Routed::StaticCode => Self::StaticCode,
        }
    }
}

impl<'de> Deserialize<'de> for Operations {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OperationsVisitor)
    }
}

struct OperationsVisitor;

impl<'de> Visitor<'de> for OperationsVisitor {
    type Value = Operations;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an operation such as \"payout\", or a list of them")
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<Operations, E> {
        let routed = Routed::deserialize(StrDeserializer::new(word))?;
        Ok(Operations(vec![routed.into()]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Operations, A::Error> {
        let mut operations = Vec::new();
        while let Some(routed) = seq.next_element::<Routed>()? {
            let operation = Operation::from(routed);
            if operations.contains(&operation) {
                return Err(de::Error::custom(format!("{operation} is named twice")));
            }
            operations.push(operation);
        }
        if operations.is_empty() {
            return Err(de::Error::custom("expected at least one operation"));
        }
        Ok(Operations(operations))
    }
}
