//! Attempts and their sendings.

use super::{facts::Facts, standing::Standing};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tulay_core::ErrorKind;

/// How one sending ended, as far as the process that sent it learned. It is written once.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Outcome {
    /// No byte left.
    NotSent {
        /// Why.
        kind: ErrorKind,
    },
    /// A code that is listed as a rejection, in a genuine answer. It speaks of this copy alone.
    Rejected {
        /// Why.
        kind: ErrorKind,
        /// The rejection depends on the content alone, so every copy of it is rejected.
        is_permanent: bool,
        /// When the answer came.
        at: Timestamp,
    },
    /// The provider has the order.
    Accepted,
    /// The provider has seen this order id before; nothing else follows from it.
    Duplicate,
}

/// One time that an order id was sent, written down before its first byte left. A sending without
/// outcome may have arrived.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Sending {
    /// When it was written down.
    pub at: Timestamp,
    /// The digest of the prepared request that was sent.
    pub digest: [u8; 32],
    /// How it ended; `None`: unknown.
    pub outcome: Option<Outcome>,
}

impl Sending {
    /// A sending that is about to leave.
    #[must_use]
    pub const fn new(at: Timestamp, digest: [u8; 32]) -> Self {
        Self { at, digest, outcome: None }
    }
}

/// One order id at one merchant account.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Attempt {
    /// Its number, from 1.
    pub number: u8,
    /// Every sending, in order. An attempt that was found at the provider by a journal which did
    /// not know it has none.
    pub sendings: Vec<Sending>,
    /// What else is known.
    pub facts: Facts,
    /// The same order id may be sent again until then; `None`: never.
    pub resend_until: Option<Timestamp>,
    /// Where it stood when a transaction closed it; `None`: it is the payout's open attempt.
    pub closed_as: Option<Standing>,
}

impl Attempt {
    /// An open attempt that nothing is known of.
    #[must_use]
    pub fn new(number: u8) -> Self {
        Self {
            number,
            sendings: Vec::new(),
            facts: Facts::default(),
            resend_until: None,
            closed_as: None,
        }
    }

    /// Writes down that it is sent once more. `resend_until` is where the time for the same order id
    /// ends, counted from this sending: it is fixed with the first sending, fixed anew as long as
    /// nothing has left, and otherwise never moves later.
    pub fn begin_sending(&mut self, sending: Sending, resend_until: Option<Timestamp>) {
        let is_first = self.sendings.is_empty() || self.is_unsent();
        self.resend_until =
            if is_first { resend_until } else { self.resend_until.min(resend_until) };
        self.sendings.push(sending);
    }

    /// Writes down how a sending ended. The first outcome stays.
    pub fn end_sending(&mut self, position: usize, outcome: Outcome) {
        if let Some(sending) = self.sendings.get_mut(position) {
            sending.outcome.get_or_insert(outcome);
        }
    }

    /// An order is known under this order id.
    pub(crate) fn has_order(&self) -> bool {
        self.facts.order_exists
            || self.facts.succeeded
            || self.facts.declared_paid
            || self.is_accepted()
    }

    /// The outcomes that are known.
    pub(super) fn outcomes(&self) -> impl Iterator<Item = &Outcome> {
        self.sendings.iter().filter_map(|sending| sending.outcome.as_ref())
    }

    pub(super) fn has_open_sending(&self) -> bool {
        self.sendings.iter().any(|sending| sending.outcome.is_none())
    }

    pub(super) fn has_duplicate(&self) -> bool {
        self.outcomes().any(|outcome| *outcome == Outcome::Duplicate)
    }

    pub(super) fn is_accepted(&self) -> bool {
        self.outcomes().any(|outcome| *outcome == Outcome::Accepted)
    }

    pub(super) fn has_permanent_rejection(&self) -> bool {
        self.outcomes()
            .any(|outcome| matches!(outcome, Outcome::Rejected { is_permanent: true, .. }))
    }

    /// Whether no sending of it left.
    #[must_use]
    pub fn is_unsent(&self) -> bool {
        let not_sent = |sending: &Sending| matches!(sending.outcome, Some(Outcome::NotSent { .. }));
        !self.sendings.is_empty() && self.sendings.iter().all(not_sent)
    }

    /// Since when it is known.
    pub(super) fn known_since(&self) -> Option<Timestamp> {
        self.sendings.first().map(|first| first.at).or(self.facts.adopted_at)
    }

    /// How many sendings evidence has to cover. An adopted attempt counts as one.
    pub(crate) fn sendings_to_cover(&self) -> u32 {
        u32::try_from(self.sendings.len()).unwrap_or(u32::MAX).max(1)
    }

    /// The last moment at which a copy may have left. An adopted order was sent before it was found.
    pub(crate) fn last_sent(&self) -> Option<Timestamp> {
        let last = self.sendings.iter().map(|sending| sending.at).max();
        last.max(self.facts.adopted_at)
    }

    pub(super) fn last_rejected(&self) -> Option<Timestamp> {
        let rejected = |outcome: &Outcome| match outcome {
            Outcome::Rejected { at, .. } => Some(*at),
            _ => None,
        };
        self.outcomes().filter_map(rejected).max()
    }

    /// The reason of the last sending that has one.
    pub(crate) fn last_kind(&self) -> Option<ErrorKind> {
        self.sendings.iter().rev().find_map(|sending| match sending.outcome {
            Some(Outcome::NotSent { kind } | Outcome::Rejected { kind, .. }) => Some(kind),
            _ => None,
        })
    }
}
