//! Which providers could carry a payment, and why the others could not.

use crate::error::CliError;
use std::sync::Arc;
use tulay::{
    InstitutionId, Operation, OrderId, PayoutRequest, Provider, ProviderExt, ProviderId, Tulay,
    routing::{Payment, Plan, WaitReason},
};

/// The providers for a payment, each checked by its adapter; nothing is sent.
pub(crate) struct Candidates<'t> {
    /// The providers that would send it now, the preferred one first, with reasons.
    pub(crate) able: Vec<(&'t Arc<dyn Provider>, Vec<String>)>,
    /// The providers that would send it, but not now, with reasons.
    pub(crate) deferred: Vec<(&'t ProviderId, WaitReason, Vec<String>)>,
    /// The providers that were left out, with reasons.
    pub(crate) excluded: Vec<(ProviderId, Vec<String>)>,
    /// Why the rules find no candidate.
    pub(crate) no_route: Option<String>,
}

impl<'t> Candidates<'t> {
    /// By the rules. What an outline does not say is taken to fit.
    pub(crate) fn of(tulay: &'t Tulay, payment: &Payment<'_>, plan: &Plan<'t>) -> Self {
        let mut candidates = Self::none();
        candidates.no_route = plan.first().err().map(|error| error.to_string());
        for candidate in plan.candidates() {
            if candidates.would_send(tulay, payment, candidate.provider) {
                candidates.able.push((candidate.provider, candidate.reasons()));
            }
        }
        for deferred in plan.deferred() {
            // Without a corridor it waits for the configuration, and no request can be prepared.
            let fitting = deferred.provider.filter(|_| deferred.corridor.is_some());
            if fitting.is_none_or(|provider| candidates.would_send(tulay, payment, provider)) {
                let waiting = (deferred.id, deferred.reason.clone(), deferred.reasons());
                candidates.deferred.push(waiting);
            }
        }
        for excluded in plan.excluded() {
            candidates.excluded.push((excluded.provider.clone(), excluded.reasons()));
        }
        candidates
    }

    /// The provider that the payout names.
    pub(crate) fn named(
        tulay: &'t Tulay,
        payment: &Payment<'_>,
        id: &ProviderId,
    ) -> Result<Self, CliError> {
        let mut candidates = Self::none();
        let provider = of_name(tulay, id)?;
        if candidates.would_send(tulay, payment, provider) {
            candidates.able.push((provider, vec!["the payout names it".into()]));
        }
        Ok(candidates)
    }

    const fn none() -> Self {
        Self { able: Vec::new(), deferred: Vec::new(), excluded: Vec::new(), no_route: None }
    }

    /// Whether the adapter would send the payment as it is.
    fn would_send(
        &mut self,
        tulay: &Tulay,
        payment: &Payment<'_>,
        provider: &Arc<dyn Provider>,
    ) -> bool {
        let Some(request) = payment.requested_payout() else {
            return self.has_code(payment, provider.as_ref());
        };
        match check(tulay, provider.as_ref(), request) {
            Ok(()) => true,
            Err(error) => {
                self.excluded.push((provider.id().clone(), vec![error.to_string()]));
                false
            }
        }
    }

    /// Whether the provider has a code for the institution of an outline; without one, a payout
    /// would be refused.
    fn has_code(&mut self, payment: &Payment<'_>, provider: &dyn Provider) -> bool {
        let capability = provider.roles().capability(payment.operation);
        let capability = capability.filter(|_| payment.operation == Operation::Payout);
        let lacks = |id: &&InstitutionId| {
            capability.is_some_and(|capability| capability.lacks_code(payment.country, id))
        };
        match payment.institution.filter(lacks) {
            Some(id) => {
                let reason =
                    format!("it has no code for {id}; set institutions of {}", provider.id());
                self.excluded.push((provider.id().clone(), vec![reason]));
                false
            }
            None => true,
        }
    }
}

fn of_name<'t>(tulay: &'t Tulay, id: &ProviderId) -> Result<&'t Arc<dyn Provider>, CliError> {
    tulay.provider(id).ok_or_else(|| {
        let names: Vec<&str> = tulay.providers().map(|p| p.id().as_str()).collect();
        CliError::usage("provider", format!("no provider {id}; configured: {}", names.join(", ")))
    })
}

/// Whether the adapter would send a payout as it is; nothing is sent.
fn check(
    tulay: &Tulay,
    provider: &dyn Provider,
    request: &PayoutRequest,
) -> Result<(), tulay::CallError> {
    let payouts = provider.payouts()?;
    let rules = payouts.capability().ids;
    let (namespace, operation) = (tulay.namespace(), Operation::Payout);
    let order_id = OrderId::derive(rules, namespace, operation, &request.reference, 1);
    payouts.prepare(request, &order_id).map(drop)
}
