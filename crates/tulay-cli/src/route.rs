//! Which provider a payout goes through: the one that it names, or the first by the rules whose
//! adapter would send it as it is.

use crate::{
    error::CliError,
    exit::Exit,
    track::{Orders, Tracker},
};
use std::{sync::Arc, time::Duration};
use tulay::{
    InstitutionId, Operation, PayoutRequest, Provider, ProviderId, Tulay,
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
    /// Why each provider of the rule that was left out cannot carry it.
    failures: Vec<CliError>,
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
            let id = excluded.provider;
            let failure = excluded.error().map(|error| CliError::call(id, Exit::Usage, error));
            candidates.failures.extend(failure);
            candidates.excluded.push((id.clone(), excluded.reasons()));
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
        Self {
            able: Vec::new(),
            deferred: Vec::new(),
            excluded: Vec::new(),
            no_route: None,
            failures: Vec::new(),
        }
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
        match check(tulay, provider, request) {
            Ok(()) => true,
            Err(error) => {
                let id = provider.id();
                self.excluded.push((id.clone(), vec![error.to_string()]));
                self.failures.push(CliError::call(id, Exit::Usage, &error));
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

    /// The providers that cannot carry it, and why, without those that no rule names.
    #[cfg(feature = "sandbox")]
    pub(crate) fn into_failures(self) -> Vec<CliError> {
        self.failures
    }

    /// The preferred one, or why there is none.
    fn first(self) -> Result<&'t Arc<dyn Provider>, CliError> {
        if let Some((provider, _)) = self.able.first() {
            return Ok(provider);
        }
        let lacks_name =
            |failure: &CliError| matches!(failure.field(), Some("name" | "family_name"));
        let is_nameless = self.failures.iter().any(|failure| failure.field() == Some("name"));
        if is_nameless && self.failures.iter().all(lacks_name) {
            let expected =
                "expected a name, or given_name and family_name; no provider pays without";
            return Err(CliError::at_field("name", expected.into()));
        }
        let mut failures = self.failures.into_iter();
        match (failures.next(), failures.next(), self.no_route) {
            // The failure of a single provider names the field.
            (Some(failure), None, _) | (Some(failure), _, None) => Err(failure),
            (_, _, Some(no_route)) => Err(CliError::usage("route", no_route)),
            (None, ..) => Err(CliError::usage("route", "no provider supports this payment")),
        }
    }
}

/// The provider of a payout: the one named, or the first of the candidates.
pub(crate) fn choose<'t>(
    tulay: &'t Tulay,
    request: &PayoutRequest,
    named: Option<&ProviderId>,
) -> Result<&'t Arc<dyn Provider>, CliError> {
    let payment = Payment::payout(request);
    match named {
        Some(id) => Candidates::named(tulay, &payment, id)?.first(),
        None => {
            let plan = tulay.plan(&payment);
            // Most payments go to the first: the others are checked where it is needed.
            let mut candidates = plan.candidates().iter();
            match candidates.find(|candidate| check(tulay, candidate.provider, request).is_ok()) {
                Some(candidate) => Ok(candidate.provider),
                None => Candidates::of(tulay, &payment, &plan).first(),
            }
        }
    }
}

fn of_name<'t>(tulay: &'t Tulay, id: &ProviderId) -> Result<&'t Arc<dyn Provider>, CliError> {
    tulay.provider(id).ok_or_else(|| {
        let names: Vec<&str> = tulay.providers().map(|p| p.id().as_str()).collect();
        CliError::usage("provider", format!("no provider {id}; configured: {}", names.join(", ")))
    })
}

fn check(
    tulay: &Tulay,
    provider: &Arc<dyn Provider>,
    request: &PayoutRequest,
) -> Result<(), tulay::CallError> {
    let payouts = tulay::ProviderExt::payouts(provider.as_ref())?;
    let tracker = Tracker::of(provider.as_ref(), Orders::Payouts(payouts), Duration::ZERO);
    tracker.check(tulay.namespace(), request).map(drop)
}
