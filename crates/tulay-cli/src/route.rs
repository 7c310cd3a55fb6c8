//! Which provider a payout goes through: the one it insists on, or the first by the rules that
//! would send it as it is.

use crate::{exit::Exit, failure::Failure, track::Tracker};
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
    /// By the rules, whatever the outline does not tell being taken to fit.
    pub(crate) fn of(tulay: &'t Tulay, payment: &Payment<'_>) -> Self {
        let plan = tulay.plan(payment);
        let nobody = plan.first().err().map(|error| error.to_string());
        let (mut able, mut refused) = (Vec::new(), Vec::new());
        for candidate in plan.candidates {
            let reasons = candidate.reasons();
            match payment.request.map(|request| check(tulay, candidate.provider, request)) {
                None | Some(Ok(())) => able.push((candidate.provider, reasons)),
                Some(Err(error)) => refused.push((candidate.provider, error)),
            }
        }
        Self { able, excluded: plan.excluded, nobody, refused }
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
    let Some(id) = named else {
        return Candidates::of(tulay, &Payment::payout(request)).first();
    };
    let provider = tulay.provider(id).ok_or_else(|| {
        let names: Vec<&str> = tulay.providers().map(|p| p.id().as_str()).collect();
        Failure::usage("provider", format!("no provider {id}; there are: {}", names.join(", ")))
    })?;
    check(tulay, provider, request).map_err(|error| Failure::call(Exit::Usage, &error))?;
    Ok(provider)
}

fn check(
    tulay: &Tulay,
    provider: &Arc<dyn Provider>,
    request: &PayoutRequest,
) -> Result<(), tulay::Error> {
    let payouts = tulay::ProviderExt::payouts(provider.as_ref())?;
    let tracker = Tracker::of(provider.as_ref(), payouts, Duration::ZERO);
    tracker.check(tulay.namespace(), request).map(drop)
}
