//! The status of an order of any kind.

use std::fmt;
use tulay_core::{
    CollectionStatus, Operation, PayoutStatus, RefundStatus, StaticCodeStatus, Status,
};

/// The status that a platform's word means, of an order of any kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnyStatus {
    operation: Operation,
    class: Class,
    name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Pending,
    Succeeded,
    Failed,
    /// Over in another way.
    Ended,
    /// Neither over nor waiting for the payer by what was shown.
    Open,
    /// A static code that can be paid.
    Active,
    /// A static code that cannot be paid now.
    Inactive,
    Unknown,
}

impl AnyStatus {
    /// Words of the platform, each with the status that it means, as
    /// [`Harness::statuses`](crate::Harness::statuses) lists them.
    #[must_use]
    pub fn table<S: Into<Self>, const N: usize>(words: [(&str, S); N]) -> Vec<(String, Self)> {
        words.into_iter().map(|(word, status)| (word.to_owned(), status.into())).collect()
    }

    fn of<S: Status>(operation: Operation, status: &S) -> Self {
        let class = match status {
            status if status.is_success() => Class::Succeeded,
            status if status.is_failure() => Class::Failed,
            status if status.is_final() => Class::Ended,
            status if *status == S::PENDING => Class::Pending,
            status if status.unknown().is_some() => Class::Unknown,
            _ => Class::Open,
        };
        Self { operation, class, name: status.to_string() }
    }

    /// Whether it ends the order, or says that money moved.
    pub(crate) const fn is_final(&self) -> bool {
        matches!(self.class, Class::Succeeded | Class::Failed | Class::Ended)
    }

    /// Whether the request of the application is done.
    pub(crate) const fn is_success(&self) -> bool {
        matches!(self.class, Class::Succeeded | Class::Active)
    }

    /// Whether there must be a reason beside it, be it that none is known.
    pub(crate) const fn is_failure(&self) -> bool {
        matches!(self.class, Class::Failed)
    }

    /// Whether the order waits for something.
    pub(crate) const fn is_pending(&self) -> bool {
        matches!(self.class, Class::Pending)
    }

    /// The platform's own word, where no table lists it.
    pub(crate) fn unknown(&self) -> Option<&str> {
        matches!(self.class, Class::Unknown).then_some(self.name.as_str())
    }
}

impl fmt::Display for AnyStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl From<PayoutStatus> for AnyStatus {
    fn from(status: PayoutStatus) -> Self {
        Self::of(Operation::Payout, &status)
    }
}

impl From<CollectionStatus> for AnyStatus {
    fn from(status: CollectionStatus) -> Self {
        Self::of(Operation::Collection, &status)
    }
}

impl From<RefundStatus> for AnyStatus {
    fn from(status: RefundStatus) -> Self {
        Self::of(Operation::Refund, &status)
    }
}

impl From<StaticCodeStatus> for AnyStatus {
    fn from(status: StaticCodeStatus) -> Self {
        let class = match status {
            StaticCodeStatus::Active => Class::Active,
            StaticCodeStatus::Inactive => Class::Inactive,
            StaticCodeStatus::Cancelled => Class::Ended,
            _ => Class::Unknown,
        };
        Self { operation: Operation::StaticCode, class, name: status.to_string() }
    }
}
