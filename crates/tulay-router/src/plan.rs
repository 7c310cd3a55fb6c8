//! The plan of a payment: the providers that can carry it now, later, or not at all, and why.

use crate::{
    candidate::{Candidate, Cause, Choice, Deferred, Excluded, Source},
    conditions::Conditions,
    facts::PaymentFacts,
    no_route::NoRoute,
    payment::Payment,
    provider_sequence::ProviderSequence,
    rule::Rule,
    unavailability::WaitReason,
};
use std::{fmt, sync::Arc};
use tulay_core::{Corridor, Effect, Error, ErrorKind, MerchantAccount, Provider, ProviderId};

/// The providers for a payment: those that can carry it now, those that can later, and those that
/// were left out. [`Router::plan`](crate::Router::plan) has an example.
///
/// Each provider was evaluated once, when the plan was made. Every method reads what was found
/// then; the sentences of `reasons()` are written at each call.
#[must_use]
pub struct Plan<'a> {
    /// `None`: there are rules for the operation, and none is for the payment.
    source: Option<Source<'a>>,
    candidates: Vec<Candidate<'a>>,
    deferred: Vec<Deferred<'a>>,
    excluded: Vec<Excluded<'a>>,
    /// The providers that can carry it at some time, those included that past attempts rule out.
    able: Vec<&'a Arc<dyn Provider>>,
    first: Result<Candidate<'a>, NoRoute>,
}

/// What to do with a payment.
#[derive(Clone)]
#[expect(clippy::exhaustive_enums, reason = "a sender must handle each")]
pub enum Decision<'a> {
    /// Send it through this provider. A payment that was sent before may be sent again only when
    /// every earlier sending was [`NotSent`](tulay_core::Effect::NotSent), or the order that it may
    /// have left is proven dead. The router does not know that, and the caller must.
    Send(Candidate<'a>),
    /// No provider can carry it now. This one can the soonest.
    Wait(Deferred<'a>),
    /// No provider can carry it, now or later. A payment that was accepted has failed.
    NoRoute(NoRoute),
}

impl<'a> Plan<'a> {
    /// The rule that decided; `None` if no rule is for the payment, or the payment was accepted
    /// before.
    #[must_use]
    pub const fn rule(&self) -> Option<&'a Rule> {
        match self.source {
            Some(Source::Rule(rule)) => Some(rule),
            _ => None,
        }
    }

    /// The providers that can carry the payment now, the preferred one first.
    #[must_use]
    pub fn candidates(&self) -> &[Candidate<'a>] {
        &self.candidates
    }

    /// The providers that can carry the payment, but not now; the preferred one first.
    #[must_use]
    pub fn deferred(&self) -> &[Deferred<'a>] {
        &self.deferred
    }

    /// The providers that were left out: first those of the rule, in its order, then all others.
    #[must_use]
    pub fn excluded(&self) -> &[Excluded<'a>] {
        &self.excluded
    }

    /// What to do: send the payment to the preferred candidate, wait, or give it up.
    ///
    /// ```
    /// use tulay_router::{Decision, Plan};
    ///
    /// fn next_step(plan: &Plan<'_>) -> String {
    ///     match plan.decide() {
    ///         Decision::Send(candidate) => format!("send through {}", candidate.provider.id()),
    ///         Decision::Wait(deferred) => match deferred.reason.until() {
    ///             Some(until) => format!("plan again at {until}"),
    ///             None => format!("plan again later: {}", deferred.reason),
    ///         },
    ///         Decision::NoRoute(no_route) => format!("reject the payment: {no_route}"),
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn decide(&self) -> Decision<'a> {
        let no_route = match &self.first {
            Ok(candidate) => return Decision::Send(*candidate),
            Err(no_route) => no_route,
        };
        // Reasons without a time come last; of equals, the preferred provider is first.
        let soonest = self.deferred.iter().min_by_key(|deferred| {
            let until = deferred.reason.until();
            (until.is_none(), until)
        });
        match soonest {
            Some(deferred) => Decision::Wait(deferred.clone()),
            None => Decision::NoRoute(no_route.clone()),
        }
    }

    /// The preferred candidate.
    ///
    /// # Errors
    /// If no provider can carry the payment now; nothing was sent. The message says what the
    /// payment waits for; or names the rule that decided and what each of its providers lacks; or
    /// names the rule that comes nearest.
    pub fn first(&self) -> Result<Candidate<'a>, NoRoute> {
        self.first.clone()
    }

    /// The providers that can carry the payment now or later, to be stored with the payment when it
    /// is accepted. Of a plan made by [`Router::resume`](crate::Router::resume), the sequence that
    /// was resumed.
    ///
    /// # Errors
    /// If no provider can carry the payment, now or later; nothing was sent. Do not accept such a
    /// payment.
    pub fn sequence(&self) -> Result<ProviderSequence, NoRoute> {
        if let Some(Source::Sequence(sequence)) = self.source {
            return Ok(sequence.clone());
        }
        match &self.first {
            Err(no_route) if self.able.is_empty() => Err(no_route.clone()),
            _ => Ok(ProviderSequence::new(self.rule().map(ToString::to_string), &self.able)),
        }
    }

    /// Evaluates the entries, and lists every other provider as excluded.
    pub(crate) fn new(
        payment: &Payment<'_>,
        conditions: &Conditions<'_>,
        source: Source<'a>,
        entries: &[Entry<'a>],
        providers: &'a [Arc<dyn Provider>],
    ) -> Self {
        let facts = PaymentFacts::of(payment);
        let (mut candidates, mut deferred) = (Vec::new(), Vec::new());
        let (mut excluded, mut able) = (Vec::new(), Vec::new());
        for entry in entries {
            let Entry { id, account, provider, weight } = *entry;
            let carrier = entry.carrier(payment);
            able.extend(carrier.iter().map(|(provider, _)| *provider));
            if let Some(cause) = conditions.exclusion(account) {
                excluded.push(Excluded { provider: id, cause });
                continue;
            }
            let choice = Choice { source, weight, drawn: payment.reference.is_some() };
            match carrier {
                Ok((provider, corridor)) => match conditions.wait(account, &facts) {
                    None => candidates.push(Candidate { provider, corridor, choice }),
                    Some(reason) => {
                        let (provider, corridor) = (Some(provider), Some(corridor));
                        deferred.push(Deferred { id, provider, corridor, reason, choice });
                    }
                },
                // It could carry the payment at the acceptance: the configuration is what changed.
                Err(error) if matches!(source, Source::Sequence(_)) => {
                    let reason = WaitReason::NotConfigured { missing: error.to_string() };
                    deferred.push(Deferred { id, provider, corridor: None, reason, choice });
                }
                Err(error) => {
                    excluded.push(Excluded { provider: id, cause: Cause::CorridorError(error) });
                }
            }
        }
        candidates.sort_by_key(|candidate| conditions.rank(candidate.provider.merchant_account()));
        let is_other = |provider: &&Arc<dyn Provider>| {
            let is_it = |entry: &Entry<'_>| entry.provider.is_some_and(|p| p.id() == provider.id());
            !entries.iter().any(is_it)
        };
        excluded.extend(providers.iter().filter(is_other).map(|provider| {
            let cause = match source {
                Source::Sequence(_) => Cause::NotInSequence,
                Source::Rule(_) | Source::Configuration => Cause::NotNamed,
            };
            Excluded { provider: provider.id(), cause }
        }));
        let first = candidates.first().copied();
        let first = first.ok_or_else(|| NoRoute::new(payment, source, &deferred, &excluded));
        Self { source: Some(source), candidates, deferred, excluded, able, first }
    }

    /// No rule is for the payment, and every provider is excluded.
    pub(crate) fn without_rule(no_route: NoRoute, providers: &'a [Arc<dyn Provider>]) -> Self {
        let exclude = |provider: &'a Arc<dyn Provider>| Excluded {
            provider: provider.id(),
            cause: Cause::NotNamed,
        };
        Self {
            source: None,
            candidates: Vec::new(),
            deferred: Vec::new(),
            excluded: providers.iter().map(exclude).collect(),
            able: Vec::new(),
            first: Err(no_route),
        }
    }
}

/// A provider that a plan evaluates.
#[derive(Clone, Copy)]
pub(crate) struct Entry<'a> {
    pub(crate) id: &'a ProviderId,
    pub(crate) account: &'a MerchantAccount,
    /// `None`: the account is not configured.
    pub(crate) provider: Option<&'a Arc<dyn Provider>>,
    pub(crate) weight: u32,
}

impl<'a> Entry<'a> {
    pub(crate) fn new(provider: &'a Arc<dyn Provider>, weight: u32) -> Self {
        let (id, account) = (provider.id(), provider.merchant_account());
        Self { id, account, provider: Some(provider), weight }
    }

    /// The provider and the corridor that the payment would take, or what is missing.
    fn carrier(
        &self,
        payment: &Payment<'_>,
    ) -> Result<(&'a Arc<dyn Provider>, &'a Corridor), Error> {
        let provider = self.provider.ok_or_else(|| {
            let MerchantAccount { adapter, environment, host, .. } = self.account;
            let account = self.account.masked();
            let message =
                format!("account {account} of {adapter} ({environment}, {host}) is not configured");
            let error = Error::new(payment.operation, ErrorKind::Configuration, message);
            error.with_effect(Effect::NotSent)
        })?;
        Ok((provider, payment.admitted_by(provider.as_ref())?))
    }
}

impl fmt::Debug for Plan<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan")
            .field("rule", &self.rule().map(ToString::to_string))
            .field("candidates", &self.candidates)
            .field("deferred", &self.deferred)
            .field("excluded", &self.excluded)
            .finish()
    }
}

impl fmt::Debug for Decision<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Send(candidate) => write!(f, "Send({candidate:?})"),
            Self::Wait(deferred) => write!(f, "Wait({deferred:?})"),
            Self::NoRoute(no_route) => no_route.fmt(f),
        }
    }
}
