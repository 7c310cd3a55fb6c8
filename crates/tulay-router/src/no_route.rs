//! Why nobody carries a payment.

use crate::plan::{Asked, Plan};
use std::fmt;
use tulay_core::{ErrorKind, ProviderId};

/// Nobody can carry a payment now; nothing was sent.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct NoRoute {
    message: String,
    provider: Option<ProviderId>,
    kind: Option<ErrorKind>,
    field: Option<String>,
}

impl NoRoute {
    /// The provider that lacks something: the first that the rule names.
    #[must_use]
    pub const fn provider(&self) -> Option<&ProviderId> {
        self.provider.as_ref()
    }

    /// What it lacks.
    #[must_use]
    pub const fn kind(&self) -> Option<ErrorKind> {
        self.kind
    }

    /// The field at fault there.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }

    pub(crate) fn of(plan: &Plan<'_, '_>) -> Self {
        let errors: Vec<_> = plan
            .excluded()
            .filter_map(|excluded| Some((excluded.provider, excluded.error()?)))
            .collect();
        let first = errors.first();
        Self {
            message: message(plan),
            provider: first.map(|(provider, _)| (*provider).clone()),
            kind: first.map(|(_, error)| error.kind()),
            field: first.and_then(|(_, error)| error.field().map(str::to_owned)),
        }
    }
}

impl fmt::Debug for NoRoute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NoRoute({self})")
    }
}

fn message(plan: &Plan<'_, '_>) -> String {
    let payment = plan.payment;
    let later: Vec<String> =
        plan.later().map(|later| format!("{}: {}", later.provider.id(), later.wait)).collect();
    if !later.is_empty() {
        return format!("nobody can carry {payment} now: {}", later.join("; "));
    }
    let lacks = plan.excluded().filter(|excluded| !excluded.is_unnamed());
    let lacks: Vec<String> =
        lacks.map(|e| format!("{}: {}", e.provider, e.reasons().join("; "))).collect();
    let lacks = if lacks.is_empty() { "there is none".to_owned() } else { lacks.join("; ") };
    match (&plan.asked, plan.rule()) {
        (Asked::Order(_), _) => {
            format!("nobody it was accepted for can carry {payment}: {lacks}")
        }
        (_, Some(rule)) => {
            format!("no provider of the rule for {rule} can carry {payment}: {lacks}")
        }
        (Asked::Everyone | Asked::Lane(_), None) => {
            format!("no provider can carry {payment}: {lacks}")
        }
        (_, None) => match plan.router.nearest(payment) {
            Some(nearest) => format!("no rule is for {payment}; the nearest is for {nearest}"),
            None => format!("no rule is for {payment}"),
        },
    }
}
