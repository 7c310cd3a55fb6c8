//! Circuit breakers: one for each merchant account and operation.

use crate::unavailability::{Unavailability, WaitReason};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use tulay_core::{Effect, Error, ErrorKind, MerchantAccount, Operation};

/// When a circuit opens, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CircuitLimits {
    /// How many failures in a row open a circuit; 5 by default.
    pub failures: u32,
    /// How long it stays open at first; 30 s by default. The pause doubles with each failure after
    /// it.
    pub pause: SignedDuration,
    /// The longest pause; 10 min by default.
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

/// A circuit breaker: closed, or open until a time.
///
/// After its pause, an open circuit lets one payment through, and stays open for all others. A
/// response to that payment closes the circuit; another failure opens it for twice as long. If its
/// outcome is never recorded, the circuit lets the next payment through after the same pause.
///
/// `Unreachable` and `Unavailable` count as failures, and nothing else. Every genuine response
/// closes the circuit, also a rejection and a response that proves nothing about the payment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Circuit {
    failures: u32,
    until: Option<Timestamp>,
    /// Whether a payment was let through whose outcome is not recorded yet.
    tries: bool,
}

impl Circuit {
    /// Until when it is open; `None` if it is closed, or may let one payment through.
    #[must_use]
    pub fn open_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.until.filter(|until| now < *until)
    }

    /// Whether a payment may be sent now. Call it right before each sending: after a pause, the
    /// first call returns true, and the circuit is open again for all others.
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

    /// Records the outcome of a call.
    pub fn record(&mut self, outcome: Result<(), &Error>, limits: &CircuitLimits, now: Timestamp) {
        let Err(error) = outcome else {
            *self = Self::default();
            return;
        };
        match error.kind() {
            ErrorKind::Unreachable | ErrorKind::Unavailable => self.fail(limits, now),
            // The sender of that response is not known.
            ErrorKind::Signature => {}
            _ if error.effect() == Effect::Rejected || error.response().is_some() => {
                *self = Self::default();
            }
            // Neither a response nor its absence: the request was never sent.
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

    /// How long it stays open; `None` after fewer failures than open it.
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

/// The circuits of all merchant accounts. The caller records how calls ended; no clock is read.
///
/// ```
/// use tulay_core::{Environment, Error, ErrorKind, MerchantAccount, Operation};
/// use tulay_router::{CircuitLimits, Circuits, Conditions};
/// let account = MerchantAccount::new("starpay", Environment::Sandbox, "101510000001", "127.0.0.1");
/// let now = "2026-11-20T09:00:00Z".parse()?;
/// let mut circuits = Circuits::new(CircuitLimits::default());
/// let error = Error::new(Operation::Payout, ErrorKind::Unavailable, "no response");
/// for _ in 0..5 {
///     circuits.record(&account, Operation::Payout, Err(&error), now);
/// }
/// assert!(!circuits.admits(&account, Operation::Payout, now));
/// let unavailable = circuits.unavailable(now);
/// let mut conditions = Conditions::new(now);
/// conditions.unavailable = &unavailable; // and plan with these
/// # Ok::<_, jiff::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Circuits {
    limits: CircuitLimits,
    circuits: HashMap<MerchantAccount, HashMap<Operation, Circuit>>,
}

impl Circuits {
    /// All circuits closed.
    #[must_use]
    pub fn new(limits: CircuitLimits) -> Self {
        Self { limits, circuits: HashMap::new() }
    }

    /// Whether a payment may be sent to an account now. Call it right before each sending; if it
    /// returns false, plan again. After a pause it returns true for one payment, and
    /// [`unavailable`](Self::unavailable) keeps back all others.
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

    /// Records how a call ended.
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

    /// The accounts whose circuits are open now, for [`Conditions`](crate::Conditions).
    #[must_use]
    pub fn unavailable(&self, now: Timestamp) -> Vec<Unavailability> {
        let mut unavailable = Vec::new();
        for (account, operations) in &self.circuits {
            for (operation, circuit) in operations {
                if let Some(until) = circuit.open_until(now) {
                    let reason = WaitReason::Circuit { until };
                    let mut open = Unavailability::new(account.clone(), reason);
                    open.operation = Some(*operation);
                    unavailable.push(open);
                }
            }
        }
        unavailable
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use http::StatusCode;
    use proptest::prelude::*;
    use tulay_core::{Environment, ProviderResponse, Trust};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn failed(kind: ErrorKind, effect: Effect) -> Error {
        Error::new(Operation::Payout, kind, "as the test says").with_effect(effect)
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
        assert_eq!(health.unavailable(at(30)).len(), 1, "the others wait on");
        // No result was recorded: one more attempt after the same time.
        assert_eq!((admitted(&mut health, 59), admitted(&mut health, 60)), (0, 1));
        fail(&mut health, 65);
        fail(&mut health, 66);
        assert_eq!((admitted(&mut health, 124), admitted(&mut health, 125)), (0, 1));
        health.record(&account, Operation::Payout, Ok(()), at(126));
        assert_eq!(admitted(&mut health, 126), 10);
    }

    #[test]
    fn every_genuine_answer_closes_it() {
        let answer = || ProviderResponse::new(StatusCode::OK, Trust::Channel, Bytes::new());
        let limits = CircuitLimits::default();
        for kind in [
            ErrorKind::Duplicate,
            ErrorKind::TooEarly,
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
            circuit.record(Err(&silent.with_response(answer())), &limits, at(0));
            assert_eq!(circuit, Circuit::default(), "{kind}");
        }
        let mut circuit = Circuit::default();
        for _ in 0..5 {
            let unavailable =
                failed(ErrorKind::Unavailable, Effect::Unknown).with_response(answer());
            circuit.record(Err(&unavailable), &limits, at(0));
            let forged = failed(ErrorKind::Signature, Effect::Unknown).with_response(answer());
            circuit.record(Err(&forged), &limits, at(0));
        }
        assert!(circuit.open_until(at(0)).is_some(), "it said that it does not work");
    }

    #[test]
    fn rejections_are_answers_and_what_was_never_sent_says_nothing() {
        let limits = CircuitLimits::default();
        let mut circuit = Circuit::default();
        for second in 0..20 {
            let refused = failed(ErrorKind::Funds, Effect::Rejected);
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
            circuit.record(Err(&failed(ErrorKind::Compliance, Effect::Rejected)), &limits, at(5));
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
        let unavailable = health.unavailable(at(1));
        assert_eq!(unavailable.len(), 1);
        assert_eq!(
            (&unavailable[0].account, unavailable[0].operation),
            (&account("1"), Some(Operation::Payout))
        );
        assert!(health.unavailable(at(30)).is_empty());
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
