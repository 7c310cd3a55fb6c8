//! Which provider a payout goes through: the one it insists on, or the first by the rules that
//! would send it as it is.

use crate::{
    exit::Exit,
    failure::Failure,
    track::{Orders, Tracker},
};
use std::{sync::Arc, time::Duration};
use tulay::{
    PayoutRequest, Provider, ProviderId, Tulay,
    routing::{Payment, Plan, Wait},
};

/// The candidates of a payment, each asked whether it could send it as it is; nothing is sent.
pub(crate) struct Candidates<'t> {
    /// The preferred one first, each with why it is one.
    pub(crate) able: Vec<(&'t Arc<dyn Provider>, Vec<String>)>,
    /// Who could, but not now.
    pub(crate) later: Vec<(&'t Arc<dyn Provider>, Wait, Vec<String>)>,
    /// Everyone left out, with why.
    pub(crate) left_out: Vec<(ProviderId, Vec<String>)>,
    /// Why the rules find nobody.
    pub(crate) nobody: Option<String>,
    /// What each of those asked for lacks.
    lacks: Vec<(ProviderId, tulay::CallError)>,
}

impl<'t> Candidates<'t> {
    /// By the rules; whatever an outline does not tell is taken to fit.
    pub(crate) fn of<'p>(tulay: &'t Tulay, payment: &Payment<'p>, plan: &Plan<'t, 'p>) -> Self
    where
        't: 'p,
    {
        let mut candidates = Self::nobody();
        candidates.nobody = plan.first().err().map(|error| error.to_string());
        for candidate in plan.candidates() {
            if candidates.would_send(tulay, payment, candidate.provider) {
                candidates.able.push((candidate.provider, candidate.reasons()));
            }
        }
        for later in plan.later() {
            if candidates.would_send(tulay, payment, later.provider) {
                candidates.later.push((later.provider, later.wait, later.reasons()));
            }
        }
        for excluded in plan.excluded() {
            candidates
                .lacks
                .extend(excluded.error().map(|error| (excluded.provider.clone(), error)));
            candidates.left_out.push((excluded.provider.clone(), excluded.reasons()));
        }
        candidates
    }

    /// The one that the payout insists on.
    pub(crate) fn named(
        tulay: &'t Tulay,
        payment: &Payment<'_>,
        id: &ProviderId,
    ) -> Result<Self, Failure> {
        let mut candidates = Self::nobody();
        let provider = of_name(tulay, id)?;
        if candidates.would_send(tulay, payment, provider) {
            candidates.able.push((provider, vec!["the payout names it".into()]));
        }
        Ok(candidates)
    }

    const fn nobody() -> Self {
        Self {
            able: Vec::new(),
            later: Vec::new(),
            left_out: Vec::new(),
            nobody: None,
            lacks: Vec::new(),
        }
    }

    /// Whether its adapter would send it, although the rules would.
    fn would_send(
        &mut self,
        tulay: &Tulay,
        payment: &Payment<'_>,
        provider: &Arc<dyn Provider>,
    ) -> bool {
        let Some(request) = payment.requested_payout() else { return true };
        match check(tulay, provider, request) {
            Ok(()) => true,
            Err(error) => {
                self.left_out.push((provider.id().clone(), vec![error.to_string()]));
                self.lacks.push((provider.id().clone(), error));
                false
            }
        }
    }

    /// The preferred one, or why there is none.
    fn first(self) -> Result<&'t Arc<dyn Provider>, Failure> {
        if let Some((provider, _)) = self.able.first() {
            return Ok(provider);
        }
        let mut errors = self.lacks.iter();
        match (errors.next(), errors.next(), self.nobody) {
            // What a single provider lacks is said by itself, with the field.
            (Some((id, error)), None, _) => Err(Failure::call(id, Exit::Usage, error)),
            (_, _, Some(nobody)) => Err(Failure::usage("route", nobody)),
            (Some((id, error)), ..) => Err(Failure::call(id, Exit::Usage, error)),
            (None, ..) => Err(Failure::usage("route", "no provider can carry it")),
        }
    }
}

/// The provider of a payout: the one named, or the first of the candidates.
pub(crate) fn choose<'t>(
    tulay: &'t Tulay,
    request: &PayoutRequest,
    named: Option<&ProviderId>,
) -> Result<&'t Arc<dyn Provider>, Failure> {
    let payment = Payment::payout(request);
    match named {
        Some(id) => Candidates::named(tulay, &payment, id)?.first(),
        None => Candidates::of(tulay, &payment, &tulay.plan(&payment)).first(),
    }
}

fn of_name<'t>(tulay: &'t Tulay, id: &ProviderId) -> Result<&'t Arc<dyn Provider>, Failure> {
    tulay.provider(id).ok_or_else(|| {
        let names: Vec<&str> = tulay.providers().map(|p| p.id().as_str()).collect();
        Failure::usage("provider", format!("no provider {id}; there are: {}", names.join(", ")))
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
