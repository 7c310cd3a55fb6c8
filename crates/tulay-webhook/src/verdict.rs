//! What became of requests, counted.

use http::StatusCode;
use std::{
    array, iter,
    sync::atomic::{AtomicU64, Ordering},
};

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// It verified, and is stored.
    Stored,
    /// It verified, and was stored before.
    Known,
    /// It did not verify. Which part did not is not counted apart.
    BadSignature,
    /// It verified, and is not a notification for this account.
    OtherAccount,
    /// It is no message of the provider.
    Unreadable,
    /// The inbox could not store it now, or the configuration does not allow it yet. The provider sends
    /// it again.
    NotStored,
    /// The limit of requests in flight was reached.
    Overloaded,
    /// Its path names no provider or no operation.
    NotFound,
    /// Its method is not POST.
    WrongMethod,
    /// Its body is compressed or not JSON, as its head says.
    WrongContent,
    /// Its body is empty or broke off.
    Incomplete,
    /// Its body is larger than the limit.
    TooLarge,
    /// Its body did not arrive in time.
    TimedOut,
}

impl Verdict {
    /// Each verdict once.
    pub const ALL: [Self; 13] = [
        Self::Stored,
        Self::Known,
        Self::BadSignature,
        Self::OtherAccount,
        Self::Unreadable,
        Self::NotStored,
        Self::Overloaded,
        Self::NotFound,
        Self::WrongMethod,
        Self::WrongContent,
        Self::Incomplete,
        Self::TooLarge,
        Self::TimedOut,
    ];

    /// The name in metrics and logs: `bad_signature`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Known => "known",
            Self::BadSignature => "bad_signature",
            Self::OtherAccount => "other_account",
            Self::Unreadable => "unreadable",
            Self::NotStored => "not_stored",
            Self::Overloaded => "overloaded",
            Self::NotFound => "not_found",
            Self::WrongMethod => "wrong_method",
            Self::WrongContent => "wrong_content",
            Self::Incomplete => "incomplete",
            Self::TooLarge => "too_large",
            Self::TimedOut => "timed_out",
        }
    }

    /// The status of the response where the provider has none of its own for it.
    pub(crate) const fn status(self) -> StatusCode {
        match self {
            Self::Stored | Self::Known => StatusCode::OK,
            Self::BadSignature | Self::OtherAccount => StatusCode::UNAUTHORIZED,
            Self::Unreadable | Self::Incomplete => StatusCode::BAD_REQUEST,
            Self::NotStored | Self::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::WrongContent => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TimedOut => StatusCode::REQUEST_TIMEOUT,
        }
    }
}

/// How often each verdict was reached since the start.
///
/// ```
/// use tulay_webhook::{Verdict, Verdicts};
/// fn text(verdicts: &Verdicts) -> String {
///     let lines = verdicts.iter().map(|(verdict, count)| format!("{}: {count}\n", verdict.as_str()));
///     lines.collect()
/// }
/// assert!(text(&Verdicts::default()).contains("bad_signature: 0\n"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdicts([u64; Verdict::ALL.len()]);

impl Verdicts {
    /// How often this verdict was reached.
    #[must_use]
    pub fn get(&self, verdict: Verdict) -> u64 {
        self.iter().find(|(found, _)| *found == verdict).map_or(0, |(_, count)| count)
    }

    /// Each verdict and how often it was reached.
    pub fn iter(&self) -> impl Iterator<Item = (Verdict, u64)> + '_ {
        iter::zip(Verdict::ALL, self.0)
    }

    pub(crate) fn add(&mut self, other: &Self) {
        for (count, more) in iter::zip(&mut self.0, other.0) {
            *count = count.saturating_add(more);
        }
    }
}

/// Counts verdicts, from any thread.
#[derive(Debug, Default)]
pub(crate) struct Counters([AtomicU64; Verdict::ALL.len()]);

impl Counters {
    pub(crate) fn count(&self, verdict: Verdict) {
        let counter = iter::zip(Verdict::ALL, &self.0).find(|(found, _)| *found == verdict);
        if let Some((_, counter)) = counter {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(crate) fn snapshot(&self) -> Verdicts {
        let mut counters = self.0.iter();
        let next = |_| counters.next().map_or(0, |counter| counter.load(Ordering::Relaxed));
        Verdicts(array::from_fn(next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_verdict_has_a_counter() {
        let counters = Counters::default();
        for (times, verdict) in Verdict::ALL.into_iter().enumerate() {
            (0..times).for_each(|_| counters.count(verdict));
        }
        let counted = counters.snapshot();
        for (times, verdict) in Verdict::ALL.into_iter().enumerate() {
            assert_eq!(counted.get(verdict), times as u64, "{}", verdict.as_str());
        }
    }
}
