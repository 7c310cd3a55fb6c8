//! The states of orders. Each enum keeps the provider's own text if no table lists it.

use std::fmt::{Debug, Display};

/// What the states of payouts, collections and refunds have in common.
///
/// ```
/// use tulay_core::{PayoutStatus, Status};
/// assert!(PayoutStatus::Succeeded.is_success() && PayoutStatus::Reversed.is_final());
/// let unknown = PayoutStatus::Unknown("PARTLY".into());
/// assert!(!unknown.is_final());
/// assert_eq!(unknown.unknown(), Some("PARTLY"));
/// ```
pub trait Status: Clone + Debug + Display + PartialEq + Send + Sync + 'static {
    /// Accepted, not final.
    const PENDING: Self;

    /// Whether the status is final. An unknown one never is. `Failed` in one look-up is no
    /// proof yet: see [`Guarantees::failure_final_after`](crate::Guarantees::failure_final_after).
    fn is_final(&self) -> bool;

    /// Whether the order was carried out: paid out, paid, or refunded.
    fn is_success(&self) -> bool;

    /// Whether the order failed. An observation with such a state has a
    /// [`failure`](crate::Observation::failure).
    fn is_failure(&self) -> bool;

    /// The provider's text, if no table lists it.
    fn unknown(&self) -> Option<&str>;
}

/// Declares the states of orders. `ends` lists those that end one: success, failure, then the
/// others.
macro_rules! statuses {
    ($(
        $(#[$meta:meta])*
        $name:ident $(ends($success:ident, $failure:ident $(, $other:ident)*))? {
            $($(#[$doc:meta])* $variant:ident = $text:literal,)*
        }
    )*) => { $(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$doc])* $variant,)*
            /// A status text that no table lists: never final.
            Unknown(String),
        }

        impl $name {
            /// The name in JSON; the provider's own text if it is unknown.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Unknown(word) => word,
                }
            }

            /// The status of this name in JSON; `None` for every other text.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                match name {
                    $($text => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }

        impl Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        $(impl Status for $name {
            const PENDING: Self = Self::Pending;

            fn is_final(&self) -> bool {
                matches!(self, Self::$success | Self::$failure $(| Self::$other)*)
            }

            fn is_success(&self) -> bool {
                matches!(self, Self::$success)
            }

            fn is_failure(&self) -> bool {
                matches!(self, Self::$failure)
            }

            fn unknown(&self) -> Option<&str> {
                match self {
                    Self::Unknown(word) => Some(word),
                    _ => None,
                }
            }
        })?
    )* };
}

statuses! {
    /// The state of a payout, as the provider reports it.
    PayoutStatus ends(Succeeded, Failed, Reversed, Cancelled) {
        /// Accepted, not final.
        Pending = "pending",
        /// Paid.
        Succeeded = "succeeded",
        /// Not paid, according to this message. Final only after a second look-up,
        /// [`failure_final_after`](crate::Guarantees::failure_final_after) later; pay it another way
        /// only then.
        Failed = "failed",
        /// Paid, and returned.
        Reversed = "reversed",
        /// Cancelled at the provider, not paid. It needs the same proof as `Failed`.
        Cancelled = "cancelled",
    }

    /// The state of a collection.
    CollectionStatus ends(Paid, Failed, Closed, Reversed) {
        /// Waiting for the payer.
        Pending = "pending",
        /// Paid.
        Paid = "paid",
        /// Failed for good: no later attempt of a payer can pay it. Where one attempt failed and the
        /// order waits for the next, it is `Pending`.
        Failed = "failed",
        /// What was shown to the payer cannot be paid any more. Not final: a payment that was made
        /// before may still arrive, so this is no proof that the order is unpaid.
        Expired = "expired",
        /// Ended unpaid, according to the provider: cancelled, or too late to be paid.
        Closed = "closed",
        /// Paid, and returned by the provider.
        Reversed = "reversed",
    }

    /// The state of a refund.
    RefundStatus ends(Succeeded, Failed, Cancelled) {
        /// Accepted, not final.
        Pending = "pending",
        /// Refunded.
        Succeeded = "succeeded",
        /// Not refunded.
        Failed = "failed",
        /// Withdrawn.
        Cancelled = "cancelled",
    }

    /// Whether a static code can be paid.
    StaticCodeStatus {
        /// It can.
        Active = "active",
        /// It cannot now.
        Inactive = "inactive",
        /// It never can again.
        Cancelled = "cancelled",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pending_and_unknown_are_not_final() {
        fn check<S: Status>(final_states: &[S], unknown: &S) {
            assert!(final_states.iter().all(Status::is_final));
            assert!(final_states.iter().all(|status| status.unknown().is_none()));
            assert_eq!(final_states.iter().filter(|status| status.is_success()).count(), 1);
            assert_eq!(final_states.iter().filter(|status| status.is_failure()).count(), 1);
            for open in [S::PENDING, unknown.clone()] {
                assert!(!open.is_final() && !open.is_success() && !open.is_failure(), "{open}");
            }
            assert_eq!(unknown.unknown(), Some("failed"));
            assert_eq!(S::PENDING.to_string(), "pending");
        }
        assert_eq!(PayoutStatus::named("failed"), Some(PayoutStatus::Failed));
        assert_eq!(PayoutStatus::named("FAILED"), None);
        use CollectionStatus as Collection;
        assert!(!Collection::Expired.is_final());
        check(
            &[
                PayoutStatus::Succeeded,
                PayoutStatus::Failed,
                PayoutStatus::Reversed,
                PayoutStatus::Cancelled,
            ],
            &PayoutStatus::Unknown("failed".into()),
        );
        check(
            &[Collection::Paid, Collection::Failed, Collection::Closed, Collection::Reversed],
            &Collection::Unknown("failed".into()),
        );
        check(
            &[RefundStatus::Succeeded, RefundStatus::Failed, RefundStatus::Cancelled],
            &RefundStatus::Unknown("failed".into()),
        );
    }
}
