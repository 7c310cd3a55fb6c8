//! Which provider a payout goes through: the one it insists on, or the first by the rules that
//! would send it as it is.

use crate::{
    exit::Exit,
    failure::Failure,
    track::{Orders, Tracker},
};
use std::{sync::Arc, time::Duration};
use tulay::{Excluded, Payment, PayoutRequest, Provider, ProviderId, Tulay};

/// The candidates of a payout, each asked whether it could send it as it is; nothing is sent.
pub(crate) struct Candidates<'t> {
    /// The preferred one first, each with why it is one.
    pub(crate) able: Vec<(&'t Arc<dyn Provider>, Vec<String>)>,
    pub(crate) excluded: Vec<Excluded<'t>>,
    /// Why the rules find nobody.
    pub(crate) nobody: Option<String>,
    /// Whose adapter would not send it, although the rules would.
    refused: Vec<(&'t Arc<dyn Provider>, tulay::Error)>,
}

impl<'t> Candidates<'t> {
    /// The one the payout insists on, or by the rules; whatever an outline does not tell is taken
    /// to fit.
    pub(crate) fn of(
        tulay: &'t Tulay,
        payment: &Payment<'_>,
        named: Option<&ProviderId>,
    ) -> Result<Self, Failure> {
        let mut candidates =
            Self { able: Vec::new(), excluded: Vec::new(), nobody: None, refused: Vec::new() };
        if let Some(id) = named {
            candidates.ask(tulay, payment, of_name(tulay, id)?, vec!["the payout names it".into()]);
            return Ok(candidates);
        }
        let plan = tulay.plan(payment);
        candidates.nobody = plan.first().err().map(|error| error.to_string());
        for candidate in plan.candidates {
            candidates.ask(tulay, payment, candidate.provider, candidate.reasons());
        }
        candidates.excluded = plan.excluded;
        Ok(candidates)
    }

    fn ask(
        &mut self,
        tulay: &'t Tulay,
        payment: &Payment<'_>,
        provider: &'t Arc<dyn Provider>,
        reasons: Vec<String>,
    ) {
        match payment.request.map(|request| check(tulay, provider, request)) {
            None | Some(Ok(())) => self.able.push((provider, reasons)),
            Some(Err(error)) => self.refused.push((provider, error)),
        }
    }

    /// Everyone left out, with why.
    pub(crate) fn left_out(&self) -> Vec<(&ProviderId, Vec<String>)> {
        let refused = self.refused.iter().map(|(p, error)| (p.id(), vec![error.to_string()]));
        refused.chain(self.excluded.iter().map(|e| (e.provider.id(), e.reasons()))).collect()
    }

    /// The preferred one, or why there is none.
    fn first(self) -> Result<&'t Arc<dyn Provider>, Failure> {
        if let Some((provider, _)) = self.able.first() {
            return Ok(provider);
        }
        let lacks = self.excluded.iter().filter_map(|excluded| excluded.error.as_ref());
        let mut errors = self.refused.iter().map(|(_, error)| error).chain(lacks);
        match (errors.next(), errors.next(), self.nobody) {
            // What a single provider lacks is said by itself, with the field.
            (Some(error), None, _) => Err(Failure::call(Exit::Usage, error)),
            (_, _, Some(nobody)) => Err(Failure::usage("route", nobody)),
            (Some(error), ..) => Err(Failure::call(Exit::Usage, error)),
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
    Candidates::of(tulay, &Payment::payout(request), named)?.first()
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
) -> Result<(), tulay::Error> {
    let payouts = tulay::ProviderExt::payouts(provider.as_ref())?;
    let tracker = Tracker::of(provider.as_ref(), Orders::Payouts(payouts), Duration::ZERO);
    tracker.check(tulay.namespace(), request).map(drop)
}
