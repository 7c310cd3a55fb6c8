//! Who gives no answer is left in peace for a while: a circuit per merchant account and operation.

use crate::hold::{Hold, Wait};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use tulay_core::{Effect, Error, ErrorKind, MerchantAccount, Operation};

/// When a circuit opens, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CircuitLimits {
    /// After so many failures in a row; 5 by default.
    pub failures: u32,
    /// For so long at first; 30 s by default. It doubles each time that a new try fails.
    pub pause: SignedDuration,
    /// At most for so long; 10 min by default.
    pub longest_pause: SignedDuration,
}

impl Default for CircuitLimits {
    fn default() -> Self {
        Self {
            failures: 5,
            pause: SignedDuration::from_secs(30),
            longest_pause: SignedDuration::from_mins(10),
        }
    }
}

/// Whether an account answers: closed, or open until a time. When that is past, one payment is let
/// through, and the others wait on: an answer closes the circuit, another failure opens it for
/// twice as long. If nothing is told of that one, the next is let through after as long again.
///
/// It counts what says that nobody is there (`Unreachable`, `Unavailable`) and nothing else. Every
/// genuine answer closes it, also one that refuses, or proves nothing about the payment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Circuit {
    failures: u32,
    until: Option<Timestamp>,
    /// Whether somebody was let through, of whom nothing is told yet.
    tries: bool,
}

impl Circuit {
    /// Until when it is open; `None` where it is closed, or one may be let through.
    #[must_use]
    pub fn open_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.until.filter(|until| now < *until)
    }

    /// Whether a payment may be sent now. Asked right before each sending: where a pause is over,
    /// the first that asks is let through, and it is open again for the others.
    #[must_use]
    pub fn admits(&mut self, limits: &CircuitLimits, now: Timestamp) -> bool {
        if self.open_until(now).is_some() {
            return false;
        }
        if self.until.is_some() {
            self.until = self.pause(limits).map(|pause| after(now, pause));
            self.tries = true;
        }
        true
    }

    /// Takes down how a call ended.
    pub fn record(&mut self, outcome: Result<(), &Error>, limits: &CircuitLimits, now: Timestamp) {
        let Err(error) = outcome else {
            *self = Self::default();
            return;
        };
        match error.kind() {
            ErrorKind::Unreachable | ErrorKind::Unavailable => self.fail(limits, now),
            // Whose answer that was is not known.
            ErrorKind::Signature => {}
            _ if error.effect() == Effect::Refused || error.answer().is_some() => {
                *self = Self::default();
            }
            // Neither an answer nor its absence: what did not fit here was never sent.
            _ => {}
        }
    }

    fn fail(&mut self, limits: &CircuitLimits, now: Timestamp) {
        if self.open_until(now).is_some() && !self.tries {
            return; // Sent before it opened: the failure is known.
        }
        self.tries = false;
        self.failures = self.failures.saturating_add(1);
        if let Some(pause) = self.pause(limits) {
            self.until = Some(after(now, pause));
        }
    }

    /// How long it is left in peace; `None` after fewer failures than open it.
    fn pause(&self, limits: &CircuitLimits) -> Option<SignedDuration> {
        let times = self.failures.checked_sub(limits.failures.max(1))?;
        let factor = 2_i32.checked_pow(times).unwrap_or(i32::MAX);
        let pause = limits.pause.checked_mul(factor).unwrap_or(limits.longest_pause);
        Some(pause.min(limits.longest_pause))
    }
}

fn after(now: Timestamp, pause: SignedDuration) -> Timestamp {
    now.checked_add(pause).unwrap_or(Timestamp::MAX)
}

/// The circuits of all accounts. It is told of calls and asked for holds, and reads no clock.
#[derive(Clone, Debug, Default)]
pub struct Circuits {
    limits: CircuitLimits,
    circuits: HashMap<MerchantAccount, HashMap<Operation, Circuit>>,
}

impl Circuits {
    /// Nothing known of anybody yet.
    #[must_use]
    pub fn new(limits: CircuitLimits) -> Self {
        Self { limits, circuits: HashMap::new() }
    }

    /// Whether a payment may be sent to an account now, asked right before each sending. Where a
    /// pause is over, it is true for one payment, and [`holds`](Self::holds) holds the others. Who
    /// is not let through plans again.
    #[must_use]
    pub fn admits(
        &mut self,
        account: &MerchantAccount,
        operation: Operation,
        now: Timestamp,
    ) -> bool {
        let limits = self.limits;
        let circuit = self.circuits.get_mut(account).and_then(|all| all.get_mut(&operation));
        circuit.is_none_or(|circuit| circuit.admits(&limits, now))
    }

    /// Takes down how a call ended.
    pub fn record(
        &mut self,
        account: &MerchantAccount,
        operation: Operation,
        outcome: Result<(), &Error>,
        now: Timestamp,
    ) {
        if !self.circuits.contains_key(account) {
            self.circuits.insert(account.clone(), HashMap::new());
        }
        if let Some(operations) = self.circuits.get_mut(account) {
            operations.entry(operation).or_default().record(outcome, &self.limits, now);
        }
    }

    /// The holds of the circuits that are open now.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> Vec<Hold> {
        let mut holds = Vec::new();
        for (account, operations) in &self.circuits {
            for (operation, circuit) in operations {
                if let Some(until) = circuit.open_until(now) {
                    let mut hold = Hold::new(account.clone(), Wait::Circuit { until });
                    hold.operation = Some(*operation);
                    holds.push(hold);
                }
            }
        }
        holds
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use http::StatusCode;
    use proptest::prelude::*;
    use tulay_core::{Answer, Environment, Trust};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn failed(kind: ErrorKind, effect: Effect) -> Error {
        Error::new(Operation::Payout, kind, "as the test says").effect_is(effect)
    }

    fn down() -> Error {
        failed(ErrorKind::Unreachable, Effect::NotSent)
    }

    #[test]
    fn it_opens_after_some_failures_and_for_longer_each_time() {
        let (mut circuit, limits) = (Circuit::default(), CircuitLimits::default());
        for second in 0..4 {
            circuit.record(Err(&down()), &limits, at(second));
            assert_eq!(circuit.open_until(at(second)), None);
        }
        circuit.record(Err(&down()), &limits, at(4));
        assert_eq!(circuit.open_until(at(4)), Some(at(34)));
        circuit.record(Err(&down()), &limits, at(5));
        assert_eq!(circuit.open_until(at(5)), Some(at(34)), "what was on its way does not count");
        assert_eq!(circuit.open_until(at(34)), None, "it may be tried again");
        circuit.record(Err(&down()), &limits, at(34));
        assert_eq!(circuit.open_until(at(34)), Some(at(94)));
        for _ in 0..100 {
            let again = circuit.open_until(at(0)).unwrap();
            circuit.record(Err(&down()), &limits, again);
            let pause = circuit.open_until(again).unwrap().duration_since(again);
            assert!(pause <= limits.longest_pause);
        }
        circuit.record(Ok(()), &limits, at(1_000_000));
        assert_eq!(circuit, Circuit::default());
    }

    #[test]
    fn one_is_let_through_after_each_pause() {
        let account = MerchantAccount::new("a", Environment::Sandbox, "1", "host");
        let mut health = Circuits::default();
        let admitted = |health: &mut Circuits, second| -> usize {
            let ask = |_: &i32| health.admits(&account, Operation::Payout, at(second));
            (0..10).filter(ask).count()
        };
        let fail = |health: &mut Circuits, second| {
            health.record(&account, Operation::Payout, Err(&down()), at(second));
        };
        assert_eq!(admitted(&mut health, 0), 10);
        for _ in 0..5 {
            fail(&mut health, 0);
        }
        assert_eq!(admitted(&mut health, 29), 0);
        assert_eq!(admitted(&mut health, 30), 1);
        assert_eq!(health.holds(at(30)).len(), 1, "the others wait on");
        // Nothing was told of it: one more after as long again.
        assert_eq!((admitted(&mut health, 59), admitted(&mut health, 60)), (0, 1));
        fail(&mut health, 65);
        fail(&mut health, 66);
        assert_eq!((admitted(&mut health, 124), admitted(&mut health, 125)), (0, 1));
        health.record(&account, Operation::Payout, Ok(()), at(126));
        assert_eq!(admitted(&mut health, 126), 10);
    }

    #[test]
    fn every_genuine_answer_closes_it() {
        let answer = || Answer::new(StatusCode::OK, Trust::Channel, Bytes::new());
        let limits = CircuitLimits::default();
        for kind in [
            ErrorKind::Duplicate,
            ErrorKind::Wait,
            ErrorKind::RateLimited,
            ErrorKind::Unrelated,
            ErrorKind::Mismatch,
            ErrorKind::InProcess,
            ErrorKind::Unexpected,
        ] {
            let mut circuit = Circuit::default();
            for _ in 0..5 {
                circuit.record(Err(&down()), &limits, at(0));
            }
            let silent = failed(kind, Effect::Unknown);
            circuit.record(Err(&silent), &limits, at(0));
            assert!(circuit.open_until(at(0)).is_some(), "{kind} without an answer");
            circuit.record(Err(&silent.answered(answer())), &limits, at(0));
            assert_eq!(circuit, Circuit::default(), "{kind}");
        }
        let mut circuit = Circuit::default();
        for _ in 0..5 {
            let unavailable = failed(ErrorKind::Unavailable, Effect::Unknown).answered(answer());
            circuit.record(Err(&unavailable), &limits, at(0));
            let forged = failed(ErrorKind::Signature, Effect::Unknown).answered(answer());
            circuit.record(Err(&forged), &limits, at(0));
        }
        assert!(circuit.open_until(at(0)).is_some(), "it said that it does not work");
    }

    #[test]
    fn refusals_are_answers_and_what_was_never_sent_says_nothing() {
        let limits = CircuitLimits::default();
        let mut circuit = Circuit::default();
        for second in 0..20 {
            let refused = failed(ErrorKind::Funds, Effect::Refused);
            circuit.record(Err(&refused), &limits, at(second));
            circuit.record(
                Err(&failed(ErrorKind::InvalidRequest, Effect::NotSent)),
                &limits,
                at(1),
            );
        }
        assert_eq!(circuit, Circuit::default());
        // Four failures, an answer, four failures: closed.
        for _ in 0..2 {
            for second in 0..4 {
                circuit.record(
                    Err(&failed(ErrorKind::Unavailable, Effect::Unknown)),
                    &limits,
                    at(second),
                );
            }
            circuit.record(Err(&failed(ErrorKind::Compliance, Effect::Refused)), &limits, at(5));
        }
        assert_eq!(circuit, Circuit::default());
    }

    #[test]
    fn each_account_and_operation_has_its_own() {
        let account = |name: &str| MerchantAccount::new("a", Environment::Sandbox, name, "host");
        let mut health = Circuits::default();
        for _ in 0..5 {
            health.record(&account("1"), Operation::Payout, Err(&down()), at(0));
            health.record(&account("2"), Operation::Payout, Ok(()), at(0));
            health.record(&account("1"), Operation::Collection, Ok(()), at(0));
        }
        let holds = health.holds(at(1));
        assert_eq!(holds.len(), 1);
        assert_eq!(
            (&holds[0].account, holds[0].operation),
            (&account("1"), Some(Operation::Payout))
        );
        assert!(health.holds(at(30)).is_empty());
    }

    proptest! {
        #[test]
        fn an_answer_always_closes_it(failures in 0..50_u32, second in 0..1_000_000_i64) {
            let (mut circuit, limits) = (Circuit::default(), CircuitLimits::default());
            for number in 0..failures {
                circuit.record(Err(&down()), &limits, at(second + i64::from(number)));
            }
            circuit.record(Ok(()), &limits, at(second));
            prop_assert_eq!(circuit.open_until(at(second)), None);
        }
    }
}
