//! What a call may have done, and what went wrong.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What *this call* may have done at the provider.
///
/// Everything that retries, fails over or closes a payment depends on this first. It describes one
/// sending: an earlier one of the same payment may still be carried out. A failed reading is always
/// `Unknown`, since it proves nothing about the payment.
///
/// | what happened | effect |
/// |---|---|
/// | refused by `prepare`; resolving, connecting or TLS failed | `NotSent` |
/// | a code listed in the adapter's table as a rejection, in a genuine answer | `Rejected` |
/// | anything after the first byte without a complete genuine answer | `Unknown` |
/// | an unlisted code, "in process", "busy", "duplicate" | `Unknown` |
///
/// | effect | what may follow |
/// |---|---|
/// | `NotSent` | The same [`Prepared`](crate::Prepared) may be sent again. Another provider may be used only if every earlier sending was `NotSent` or `Rejected`. |
/// | `Rejected` | This copy moved nothing, and its order id may be used up. Call `find`: the same money may be paid under a new reference once this one is proven unpaid. |
/// | `Unknown` | Call `find` with the same [`Lookup`](crate::Lookup). The same `Prepared` may be sent again only after a look-up that says absent, and within [`Guarantees::resend_for`](crate::Guarantees::resend_for). |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "code that acts on an effect must handle each")]
pub enum Effect {
    /// No byte of the request left.
    NotSent,
    /// A genuine answer, listed as a rejection of this copy.
    Rejected,
    /// It may have happened.
    Unknown,
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotSent => "not_sent",
            Self::Rejected => "rejected",
            Self::Unknown => "unknown",
        })
    }
}

/// Why a call or a transaction failed: one classification for both.
///
/// [`FollowUp`](crate::FollowUp) says what may follow each kind with each effect: a retry, another
/// provider, another payment. `docs/errors.md` is the same as one table, with the exit status of the
/// command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// The application's configuration or keys are wrong.
    Configuration,
    /// This provider, account or country does not offer it.
    Unsupported,
    /// A field of the request is missing or malformed.
    InvalidRequest,
    /// The QR code, proxy or address paid to is not valid.
    Destination,
    /// The beneficiary's account is wrong, closed or blocked.
    Beneficiary,
    /// The amount is outside what is allowed.
    Limit,
    /// The merchant's balance is too low.
    Funds,
    /// The beneficiary's bank or wallet cannot accept it, or at this provider.
    Institution,
    /// Rejected for legal or risk reasons.
    Compliance,
    /// The provider does not accept the credentials.
    Authentication,
    /// Too many requests.
    RateLimited,
    /// Possible, but only after some time.
    TooEarly,
    /// The provider could not be reached by this request. An earlier step of the same call may have
    /// arrived: the error's [`Effect`] says so. An earlier sending of the payment has an effect of
    /// its own.
    Unreachable,
    /// The provider was reached, but gave no usable response.
    Unavailable,
    /// The provider is still processing it.
    InProcess,
    /// The provider has seen this id before.
    Duplicate,
    /// The payment is not in a state that allows this.
    State,
    /// The signature of a response or notification did not verify.
    Signature,
    /// A response that does not identify the request: it answers another message, or names no
    /// order or another one. It proves nothing; the order is looked up again.
    Unrelated,
    /// A response that names this order and contradicts the request: another amount, currency or
    /// merchant account.
    Mismatch,
    /// A code or response that no table lists.
    Unexpected,
}

impl ErrorKind {
    /// Whether another provider might well succeed where this one failed. This is the whole rule;
    /// whether another attempt is *safe* is decided by [`Effect`].
    #[must_use]
    pub const fn allows_failover(self) -> bool {
        matches!(
            self,
            Self::Unsupported
                | Self::Limit
                | Self::Funds
                | Self::Institution
                | Self::Authentication
                | Self::RateLimited
                | Self::Unreachable
                | Self::Unavailable
        )
    }

    /// Whether the cause is not in the payment: time removes it at the same merchant account, or the
    /// merchant does. A payment that was rejected for this reason never fails for it.
    ///
    /// ```
    /// use tulay_core::ErrorKind;
    /// assert!(ErrorKind::Funds.is_transient());
    /// assert!(!ErrorKind::Beneficiary.is_transient());
    /// ```
    #[must_use]
    pub const fn is_transient(self) -> bool {
        matches!(
            self,
            Self::Configuration
                | Self::Funds
                | Self::Authentication
                | Self::RateLimited
                | Self::TooEarly
                | Self::Unreachable
                | Self::Unavailable
        )
    }

    /// What it means, for people: a clause without a full stop.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Configuration => "the configuration or the keys are wrong",
            Self::Unsupported => "the provider does not offer it",
            Self::InvalidRequest => "a field is missing or malformed",
            Self::Destination => "the QR code, proxy or address is not valid",
            Self::Beneficiary => "the beneficiary's account is wrong, closed or blocked",
            Self::Limit => "the amount is outside what is allowed",
            Self::Funds => "the merchant's balance is too low",
            Self::Institution => "the beneficiary's bank or wallet cannot accept it",
            Self::Compliance => "rejected for legal or risk reasons",
            Self::Authentication => "the provider does not accept the credentials",
            Self::RateLimited => "too many requests",
            Self::TooEarly => "too soon after another payment, such as one to the same beneficiary",
            Self::Unreachable => "the provider could not be reached",
            Self::Unavailable => "the provider gave no usable response",
            Self::InProcess => "the provider is still processing it",
            Self::Duplicate => "the provider has seen this id before",
            Self::State => "the state of the payment does not allow it",
            Self::Signature => "a signature did not verify",
            Self::Unrelated => "the response does not identify the request",
            Self::Mismatch => "the response contradicts the request",
            Self::Unexpected => "the provider's code or response is not known",
        }
    }

    /// The name in JSON and logs: `invalid_request`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Unsupported => "unsupported",
            Self::InvalidRequest => "invalid_request",
            Self::Destination => "destination",
            Self::Beneficiary => "beneficiary",
            Self::Limit => "limit",
            Self::Funds => "funds",
            Self::Institution => "institution",
            Self::Compliance => "compliance",
            Self::Authentication => "authentication",
            Self::RateLimited => "rate_limited",
            Self::TooEarly => "too_early",
            Self::Unreachable => "unreachable",
            Self::Unavailable => "unavailable",
            Self::InProcess => "in_process",
            Self::Duplicate => "duplicate",
            Self::State => "state",
            Self::Signature => "signature",
            Self::Unrelated => "unrelated",
            Self::Mismatch => "mismatch",
            Self::Unexpected => "unexpected",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every kind, its name, and whether it is transient and whether another provider may succeed.
    const KINDS: [(ErrorKind, &str, bool, bool); 21] = [
        (ErrorKind::Configuration, "configuration", true, false),
        (ErrorKind::Unsupported, "unsupported", false, true),
        (ErrorKind::InvalidRequest, "invalid_request", false, false),
        (ErrorKind::Destination, "destination", false, false),
        (ErrorKind::Beneficiary, "beneficiary", false, false),
        (ErrorKind::Limit, "limit", false, true),
        (ErrorKind::Funds, "funds", true, true),
        (ErrorKind::Institution, "institution", false, true),
        (ErrorKind::Compliance, "compliance", false, false),
        (ErrorKind::Authentication, "authentication", true, true),
        (ErrorKind::RateLimited, "rate_limited", true, true),
        (ErrorKind::TooEarly, "too_early", true, false),
        (ErrorKind::Unreachable, "unreachable", true, true),
        (ErrorKind::Unavailable, "unavailable", true, true),
        (ErrorKind::InProcess, "in_process", false, false),
        (ErrorKind::Duplicate, "duplicate", false, false),
        (ErrorKind::State, "state", false, false),
        (ErrorKind::Signature, "signature", false, false),
        (ErrorKind::Unrelated, "unrelated", false, false),
        (ErrorKind::Mismatch, "mismatch", false, false),
        (ErrorKind::Unexpected, "unexpected", false, false),
    ];

    #[test]
    fn every_kind_has_its_row() {
        for (position, (kind, name, transient, elsewhere)) in KINDS.into_iter().enumerate() {
            assert_eq!(kind as usize, position, "{kind} stands in another place");
            assert_eq!(kind.to_string(), name);
            assert_eq!(serde_json::to_value(kind).unwrap(), name);
            assert_eq!(kind.is_transient(), transient, "{kind}");
            assert_eq!(kind.allows_failover(), elsewhere, "{kind}");
        }
        // A kind that is added without a row is one more than there are rows.
        assert_eq!(ErrorKind::Unexpected as usize + 1, KINDS.len());
    }
}
