//! Circuit breakers: one for each merchant account and operation.

use crate::unavailability::{Unavailability, WaitReason};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use tulay_core::{ErrorKind, MerchantAccount, Operation};

/// How many outcomes of one transient kind in a row open a circuit.
const FAILURES: u32 = 5;
/// The interval between two payments that try an open circuit, in thousandths of a minute: this
/// many milliseconds for each thousandth of the scale.
const MILLISECONDS: i64 = 60;

/// The circuits of all merchant accounts. The caller records how sendings ended; no clock is read.
///
/// Five outcomes of one transient kind in a row open the circuit of an account:
/// [`ErrorKind::is_transient`] says which kinds are. An open circuit admits one payment a minute, and
/// keeps all others back. The first outcome that is not transient closes it.
///
/// ```
/// use tulay_core::{Environment, ErrorKind, MerchantAccount, Operation};
/// use tulay_router::{Circuits, Conditions};
/// let account = MerchantAccount::new("starpay", Environment::Sandbox, "101510000001", "127.0.0.1");
/// let now = "2026-11-20T09:00:00Z".parse()?;
/// let mut circuits = Circuits::default();
/// for _ in 0..5 {
///     circuits.record(&account, Operation::Payout, Some(ErrorKind::Unreachable), now);
/// }
/// assert!(!circuits.admits(&account, Operation::Payout, now));
/// let unavailable = circuits.unavailable(now);
/// let mut conditions = Conditions::new(now);
/// conditions.unavailable = &unavailable; // and plan with these
/// # Ok::<_, jiff::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Circuits {
    interval: SignedDuration,
    circuits: HashMap<MerchantAccount, HashMap<Operation, Circuit>>,
}

impl Default for Circuits {
    fn default() -> Self {
        Self::scaled(1_000)
    }
}

impl Circuits {
    /// All circuits closed, and the interval of a minute scaled, in thousandths: for tests that take
    /// less time.
    #[must_use]
    pub fn scaled(per_mille: u32) -> Self {
        let interval = i64::from(per_mille).saturating_mul(MILLISECONDS);
        Self { interval: SignedDuration::from_millis(interval), circuits: HashMap::new() }
    }

    /// Whether a payment may be sent to an account now. Call it right before each sending; if it
    /// returns false, plan again. Of an open circuit it returns true for one payment in each
    /// interval, whether or not its outcome is recorded, and [`unavailable`](Self::unavailable) keeps
    /// back all others.
    #[must_use]
    pub fn admits(
        &mut self,
        account: &MerchantAccount,
        operation: Operation,
        now: Timestamp,
    ) -> bool {
        let circuit = self.circuits.get_mut(account).and_then(|all| all.get_mut(&operation));
        circuit.is_none_or(|circuit| circuit.admits(self.interval, now))
    }

    /// Records how a sending ended: why it failed, or `None` if the provider took the payment, or if
    /// the answer does not say why.
    pub fn record(
        &mut self,
        account: &MerchantAccount,
        operation: Operation,
        outcome: Option<ErrorKind>,
        now: Timestamp,
    ) {
        let Some(kind) = outcome.filter(|kind| kind.is_transient()) else {
            if let Some(operations) = self.circuits.get_mut(account) {
                operations.remove(&operation);
            }
            return;
        };
        if !self.circuits.contains_key(account) {
            self.circuits.insert(account.clone(), HashMap::new());
        }
        if let Some(operations) = self.circuits.get_mut(account) {
            let circuit = operations.entry(operation).or_insert_with(|| Circuit::new(kind));
            circuit.fail(kind, self.interval, now);
        }
    }

    /// The accounts whose circuits are open now, for [`Conditions`](crate::Conditions).
    #[must_use]
    pub fn unavailable(&self, now: Timestamp) -> Vec<Unavailability> {
        let mut unavailable = Vec::new();
        for (account, operations) in &self.circuits {
            for (operation, circuit) in operations {
                if let Some(until) = circuit.open_until(now) {
                    let reason = WaitReason::Circuit { kind: circuit.kind, until };
                    let mut open = Unavailability::new(account.clone(), reason);
                    open.operation = Some(*operation);
                    unavailable.push(open);
                }
            }
        }
        unavailable
    }
}

/// The transient outcomes of an account since the last other one.
#[derive(Clone, Copy, Debug)]
struct Circuit {
    /// The latest kind.
    kind: ErrorKind,
    /// How many of this kind came in a row.
    failures: u32,
    /// When the open circuit admits the next payment; `None` while it is closed.
    next: Option<Timestamp>,
}

impl Circuit {
    const fn new(kind: ErrorKind) -> Self {
        Self { kind, failures: 0, next: None }
    }

    fn open_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.next.filter(|next| now < *next)
    }

    fn admits(&mut self, interval: SignedDuration, now: Timestamp) -> bool {
        if self.open_until(now).is_some() {
            return false;
        }
        if self.next.is_some() {
            self.next = Some(after(now, interval));
        }
        true
    }

    fn fail(&mut self, kind: ErrorKind, interval: SignedDuration, now: Timestamp) {
        if self.kind != kind {
            (self.kind, self.failures) = (kind, 0);
        }
        self.failures = self.failures.saturating_add(1);
        let opens = self.next.is_some() || self.failures >= FAILURES;
        // A payment that was sent before the circuit opened delays nothing.
        if opens && self.open_until(now).is_none() {
            self.next = Some(after(now, interval));
        }
    }
}

fn after(now: Timestamp, interval: SignedDuration) -> Timestamp {
    now.checked_add(interval).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tulay_core::Environment;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn account(name: &str) -> MerchantAccount {
        MerchantAccount::new("a", Environment::Sandbox, name, "host")
    }

    /// The circuits of one account's payouts.
    struct Payouts(Circuits);

    impl Payouts {
        fn record(&mut self, outcome: Option<ErrorKind>, second: i64) {
            self.0.record(&account("1"), Operation::Payout, outcome, at(second));
        }

        fn opened_at_0(kind: ErrorKind) -> Self {
            let mut payouts = Self(Circuits::default());
            (0..5).for_each(|_| payouts.record(Some(kind), 0));
            payouts
        }

        /// How many of ten payments are admitted.
        fn admitted(&mut self, second: i64) -> usize {
            let admits = |_: &i32| self.0.admits(&account("1"), Operation::Payout, at(second));
            (0..10).filter(admits).count()
        }

        fn open(&self, second: i64) -> Option<WaitReason> {
            self.0.unavailable(at(second)).pop().map(|unavailability| unavailability.reason)
        }
    }

    #[test]
    fn five_of_one_transient_kind_open_it() {
        for kind in ErrorKind::ALL {
            let mut payouts = Payouts(Circuits::default());
            for second in 0..4 {
                payouts.record(Some(kind), second);
                assert_eq!(payouts.open(second), None, "{kind}");
            }
            payouts.record(Some(kind), 4);
            let open = kind.is_transient();
            let reason = open.then(|| WaitReason::Circuit { kind, until: at(64) });
            assert_eq!(payouts.open(4), reason, "{kind}");
            assert_eq!(payouts.admitted(63), if open { 0 } else { 10 }, "{kind}");
            assert_eq!(payouts.open(64), None, "{kind}");
        }
    }

    #[test]
    fn kinds_that_change_do_not_open_it() {
        let mut payouts = Payouts(Circuits::default());
        for second in 0..40 {
            let kind = if second % 5 == 4 { ErrorKind::Funds } else { ErrorKind::Unreachable };
            payouts.record(Some(kind), second);
            assert_eq!(payouts.open(second), None, "{second}");
        }
    }

    #[test]
    fn one_payment_a_minute_tries_it() {
        let mut payouts = Payouts::opened_at_0(ErrorKind::Unreachable);
        assert_eq!((payouts.admitted(59), payouts.admitted(60)), (0, 1));
        assert!(payouts.open(60).is_some(), "the others wait");
        // The outcome of the first try is not known: another one follows after the same time.
        assert_eq!((payouts.admitted(119), payouts.admitted(120)), (0, 1));
        payouts.record(Some(ErrorKind::Unreachable), 130);
        assert_eq!((payouts.admitted(179), payouts.admitted(180)), (0, 1));
        // An outcome after its interval, and of another kind, keeps it open as well.
        payouts.record(Some(ErrorKind::Funds), 250);
        let reason = WaitReason::Circuit { kind: ErrorKind::Funds, until: at(310) };
        assert_eq!(payouts.open(250), Some(reason));
        payouts.record(None, 251);
        assert_eq!((payouts.open(251), payouts.admitted(251)), (None, 10));
    }

    #[test]
    fn late_failures_do_not_delay_the_next_try() {
        let mut payouts = Payouts::opened_at_0(ErrorKind::Unavailable);
        payouts.record(Some(ErrorKind::Unavailable), 30);
        assert_eq!(payouts.admitted(60), 1);
    }

    #[test]
    fn first_outcome_that_is_not_transient_closes_it() {
        let outcomes = ErrorKind::ALL.into_iter().map(Some).chain([None]);
        for outcome in outcomes {
            let mut payouts = Payouts::opened_at_0(ErrorKind::Funds);
            payouts.record(outcome, 1);
            let stays_open = outcome.is_some_and(ErrorKind::is_transient);
            assert_eq!(payouts.open(1).is_some(), stays_open, "{outcome:?}");
            // The count begins again.
            (0..4).for_each(|_| payouts.record(Some(ErrorKind::Funds), 1));
            assert_eq!(payouts.open(1).is_some(), stays_open, "{outcome:?}");
        }
    }

    #[test]
    fn each_account_and_operation_has_its_own() {
        let mut circuits = Circuits::default();
        for _ in 0..5 {
            let unreachable = Some(ErrorKind::Unreachable);
            circuits.record(&account("1"), Operation::Payout, unreachable, at(0));
            circuits.record(&account("2"), Operation::Payout, None, at(0));
            circuits.record(&account("1"), Operation::Collection, None, at(0));
        }
        let unavailable = circuits.unavailable(at(1));
        assert_eq!(unavailable.len(), 1);
        assert_eq!(
            (&unavailable[0].account, unavailable[0].operation),
            (&account("1"), Some(Operation::Payout))
        );
    }

    #[test]
    fn interval_is_scaled() {
        let mut circuits = Circuits::scaled(500);
        for _ in 0..5 {
            circuits.record(&account("1"), Operation::Payout, Some(ErrorKind::Funds), at(0));
        }
        let reason = WaitReason::Circuit { kind: ErrorKind::Funds, until: at(30) };
        assert_eq!(circuits.unavailable(at(0))[0].reason, reason);
    }

    proptest! {
        #[test]
        fn a_payment_that_is_taken_closes_it(
            kinds in prop::collection::vec(prop::sample::select(ErrorKind::ALL.to_vec()), 0..30),
        ) {
            let mut payouts = Payouts(Circuits::default());
            for (kind, second) in kinds.into_iter().zip(0..) {
                payouts.record(Some(kind), second);
            }
            payouts.record(None, 30);
            prop_assert_eq!(payouts.open(30), None);
        }
    }
}
