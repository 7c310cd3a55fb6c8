//! What is known at one moment, beside the payment.

use crate::hold::Hold;
use jiff::Timestamp;
use tulay_core::{ErrorKind, MerchantAccount};

/// An attempt that is over, with every sending of it accounted for: at whose account, and why it
/// came to nothing.
pub type Tried = (MerchantAccount, ErrorKind);

/// How many accounts one payment is sent to at most, unless something else is said.
const ATTEMPTS: usize = 3;

/// What is known at one moment, beside the payment: what holds now, and what was tried. It is
/// handed over, so that the same question has the same answer.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Situation<'a> {
    /// The time; what held until then holds no more.
    pub now: Timestamp,
    /// Who cannot be sent to now.
    pub holds: &'a [Hold],
    /// What this payment was tried at before. None of them is a candidate again. An attempt belongs
    /// here only when every sending of it was [`NotSent`](tulay_core::Effect::NotSent), or it is
    /// proven dead; while one is not, nobody is to be asked at all.
    pub tried: &'a [Tried],
    /// How many accounts it is sent to at most, those before included; 3 by default.
    pub attempts: usize,
}

impl Situation<'_> {
    /// A first attempt while nothing is amiss; the rest is set after.
    #[must_use]
    pub const fn new(now: Timestamp) -> Self {
        Self { now, holds: &[], tried: &[], attempts: ATTEMPTS }
    }

    /// Why nobody is to be asked any more, whoever could.
    pub(crate) fn ended(&self) -> Option<Ended> {
        let (_, kind) = match self.tried.iter().find(|(_, kind)| !kind.elsewhere()) {
            Some(tried) => tried,
            None if self.tried.len() >= self.attempts => return Some(Ended::Attempts),
            None => return None,
        };
        Some(Ended::Kind(*kind))
    }
}

/// Why nobody is to be asked any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// It would be the same elsewhere.
    Kind(ErrorKind),
    /// There were as many attempts as are allowed.
    Attempts,
}
