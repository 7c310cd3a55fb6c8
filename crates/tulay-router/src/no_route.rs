//! Why no provider carries a payment.

use crate::{
    candidate::{Deferred, Excluded, Source},
    payment::Payment,
    rule::Rule,
};
use std::fmt;
use tulay_core::{ErrorKind, ProviderId};

/// No provider can carry the payment now. Nothing was sent.
///
/// The message names the rule that decided and what each of its providers lacks, what the payment
/// would wait for, or the rule that comes nearest.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct NoRoute {
    message: String,
    provider: Option<ProviderId>,
    kind: Option<ErrorKind>,
    field: Option<String>,
}

impl NoRoute {
    /// The first provider of the plan whose corridors cannot carry the payment; `None` if there is
    /// none.
    #[must_use]
    pub const fn provider(&self) -> Option<&ProviderId> {
        self.provider.as_ref()
    }

    /// The kind of error at [`provider`](Self::provider).
    #[must_use]
    pub const fn kind(&self) -> Option<ErrorKind> {
        self.kind
    }

    /// The field of the payment that is at fault at [`provider`](Self::provider).
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }

    /// There are rules for the operation, and none is for the payment.
    pub(crate) fn without_rule(payment: &Payment<'_>, nearest: Option<&Rule>) -> Self {
        let message = match nearest {
            Some(nearest) => {
                format!("no rule matches {payment}; the nearest rule is for {nearest}")
            }
            None => format!("no rule matches {payment}"),
        };
        Self { message, provider: None, kind: None, field: None }
    }

    /// None of the providers that a plan evaluated is a candidate.
    pub(crate) fn new(
        payment: &Payment<'_>,
        source: Source<'_>,
        deferred: &[Deferred<'_>],
        excluded: &[Excluded<'_>],
    ) -> Self {
        let error = excluded.iter().find_map(|excluded| Some((excluded, excluded.error()?)));
        Self {
            message: message(payment, source, deferred, excluded),
            provider: error.map(|(excluded, _)| excluded.provider.clone()),
            kind: error.map(|(_, error)| error.kind()),
            field: error.and_then(|(_, error)| error.field().map(str::to_owned)),
        }
    }
}

impl fmt::Debug for NoRoute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NoRoute({self})")
    }
}

fn message(
    payment: &Payment<'_>,
    source: Source<'_>,
    deferred: &[Deferred<'_>],
    excluded: &[Excluded<'_>],
) -> String {
    if !deferred.is_empty() {
        let reasons = deferred.iter().map(|d| format!("{}: {}", d.id, d.reason));
        let reasons = reasons.collect::<Vec<_>>().join("; ");
        return format!("no provider can carry {payment} now: {reasons}");
    }
    let named = excluded.iter().filter(|excluded| !excluded.is_unnamed());
    let reasons = named.map(|e| format!("{}: {}", e.provider, e.reasons().join("; ")));
    let mut reasons = reasons.collect::<Vec<_>>().join("; ");
    if reasons.is_empty() {
        reasons = "there is none".to_owned();
    }
    match source {
        Source::Sequence(_) => {
            format!("none of the providers planned for {payment} can carry it: {reasons}")
        }
        Source::Rule(rule) => {
            format!("no provider of the rule for {rule} can carry {payment}: {reasons}")
        }
        Source::Configuration => format!("no provider can carry {payment}: {reasons}"),
    }
}
