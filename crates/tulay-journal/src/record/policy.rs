//! What a process is configured with.

use crate::machine::{LEAST_ABSENCE_WINDOW, Rules};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use tulay_core::{Country, Currency, Guarantees, MerchantAccount, Namespace, Operation};

/// What a process is configured with: its times, and the accounts that it may use.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Policy {
    /// The owner of the references. Order ids are derived from it.
    pub namespace: Namespace,
    /// How long a claimed payment belongs to its process. Nothing leaves after that.
    pub lease: SignedDuration,
    /// The longest time between the start of a sending and its answer.
    pub longest_call: SignedDuration,
    /// The shortest absence window.
    pub absence_window: SignedDuration,
    /// The scale of the times between look-ups, in thousandths.
    pub per_mille: u32,
    /// The accounts. What is not listed is neither sent through nor looked up at.
    pub configured: Vec<Configured>,
}

impl Policy {
    /// The times for providers that move money.
    #[must_use]
    pub fn production(namespace: Namespace, configured: Vec<Configured>) -> Self {
        Self {
            namespace,
            lease: SignedDuration::from_secs(60),
            longest_call: SignedDuration::from_secs(30),
            absence_window: LEAST_ABSENCE_WINDOW,
            per_mille: 1000,
            configured,
        }
    }

    /// The times for simulators.
    #[must_use]
    pub fn sandbox(namespace: Namespace, configured: Vec<Configured>) -> Self {
        Self {
            namespace,
            lease: SignedDuration::from_secs(2),
            longest_call: SignedDuration::from_secs(2),
            absence_window: SignedDuration::from_secs(1),
            per_mille: 10,
            configured,
        }
    }

    /// How long a notification waits to be matched before a person has to look at it: 24 h, in the scale
    /// of the schedule.
    #[must_use]
    pub fn unmatched_after(&self) -> SignedDuration {
        let day = i64::from(self.per_mille).saturating_mul(24 * 3600);
        SignedDuration::from_millis(day)
    }

    /// What is configured for an operation in a country at an account; `None`: it is not, whatever
    /// the name of the account is.
    #[must_use]
    pub fn find(
        &self,
        account: &MerchantAccount,
        operation: Operation,
        country: Country,
    ) -> Option<&Configured> {
        self.configured.iter().find(|it| {
            it.merchant_account == *account
                && it.operation == operation
                && it.serves.iter().any(|(served, _)| *served == country)
        })
    }

    /// When a look-up sees whatever an earlier process sent, in a journal that was made or doubted at
    /// some time. Until then it sends nothing, unless a person states that it is whole.
    #[must_use]
    pub fn searchable_from(&self, doubted_at: Timestamp, operation: Operation) -> Timestamp {
        let lag = |it: &Configured| {
            let window = self.rules(&it.guarantees, None, operation, false).absence_window;
            it.guarantees.copy_lives_for.saturating_add(window)
        };
        let accounts = self.configured.iter().filter(|it| it.operation == operation);
        let longest = accounts.map(lag).max().unwrap_or(SignedDuration::ZERO);
        let wait = self.quiet_time().saturating_add(longest);
        doubted_at.checked_add(wait).unwrap_or(Timestamp::MAX)
    }

    /// The rules of an attempt: the guarantees that are stored with it, or those that are
    /// configured, whichever is stricter.
    pub(crate) fn rules(
        &self,
        stored: &Guarantees,
        configured: Option<&Configured>,
        operation: Operation,
        is_whole: bool,
    ) -> Rules {
        let guarantees = match configured {
            Some(configured) => &stored.stricter(&configured.guarantees),
            None => stored,
        };
        Rules::new(guarantees, operation, is_whole, self.absence_window)
    }
}

/// One operation at one account.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Configured {
    /// The account.
    pub merchant_account: MerchantAccount,
    /// The operation.
    pub operation: Operation,
    /// The countries that it serves, each with its currencies.
    pub serves: BTreeSet<(Country, Currency)>,
    /// What the provider guarantees.
    pub guarantees: Guarantees,
    /// What was made there can be withdrawn, as long as it is not paid.
    pub withdraws: bool,
}

impl Configured {
    /// One operation at one account.
    #[must_use]
    pub fn new(
        merchant_account: MerchantAccount,
        operation: Operation,
        serves: impl IntoIterator<Item = (Country, Currency)>,
        guarantees: Guarantees,
    ) -> Self {
        let serves = serves.into_iter().collect();
        Self { merchant_account, operation, serves, guarantees, withdraws: false }
    }

    /// States whether what was made there can be withdrawn.
    #[must_use]
    pub const fn with_withdrawal(mut self, withdraws: bool) -> Self {
        self.withdraws = withdraws;
        self
    }
}

/// Why a journal may not know every payment of its namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a store states all of it")]
pub struct Doubt {
    /// When the journal was made, or was last found to be restored.
    pub since: Timestamp,
    /// The accounts that it knows: those of its attempts, and those of the plans that it accepted.
    pub accounts: Vec<MerchantAccount>,
}
