//! The order of a reference, looked up wherever it may be before anything is sent.

use super::{Tracked, Tracker, tracked};
use crate::{error::CliError, exit::Exit};
use tulay::{ErrorKind, Found, Lookup, Payout, ProviderId, Reference};

/// The order, at whichever of the places knows it; each must be able to tell. One that was sent in
/// another country than `here` is another payment, and has taken the reference.
pub(super) async fn seek<'p>(
    reference: &Reference,
    here: &Lookup,
    places: Vec<(Tracker<'p>, Lookup)>,
) -> Result<Option<Sighting<'p>>, CliError> {
    let mut found: Vec<Sighting<'p>> = Vec::new();
    let here = (here.country, here.currency);
    for (tracker, lookup) in places {
        let id = tracker.provider.id();
        // A provider may know an order whatever country it is asked in.
        let known = found.iter().any(|(_, tracked, _)| &tracked.provider == id);
        let other_country = here != (lookup.country, lookup.currency);
        match tracker.orders.find(&lookup).await {
            Ok(Found::Absent(_)) => {}
            Ok(Found::Found(_)) if other_country && known => {}
            Err(error) if other_country && known && error.kind() == ErrorKind::Mismatch => {}
            Ok(Found::Found(payout)) if other_country => {
                return Err(used_in_other_country(reference, id, &lookup, Some(&payout)));
            }
            Err(error) if other_country && error.kind() == ErrorKind::Mismatch => {
                return Err(used_in_other_country(reference, id, &lookup, None));
            }
            Ok(Found::Found(payout)) => {
                let tracked = Tracked::new(reference, id, &lookup);
                found.push((tracker, tracked, payout));
            }
            Err(error) => return Err(look_up_failed(id, &error).unasked()),
        }
    }
    one_of(reference, found)
}

/// The reference is that of a payment in another country or currency: what the provider knows of it
/// comes first, as it may be this payment.
fn used_in_other_country(
    reference: &Reference,
    provider: &ProviderId,
    lookup: &Lookup,
    payout: Option<&Payout>,
) -> CliError {
    let state = payout.map(|payout| {
        let amount = payout.amount.as_ref().and_then(|amount| amount.in_currency(lookup.currency));
        let amount = amount.map_or(String::new(), |amount| format!(", {amount}"));
        format!(": {}{amount}", tracked::status_text(&payout.status))
    });
    CliError::in_doubt(
        "reference",
        format!(
            "{provider} knows {reference} as a payment in {}{}; nothing was sent now; only if this \
             is another payment, choose another reference",
            lookup.country,
            state.unwrap_or_default()
        ),
    )
}

/// An order that a provider knows: the tracker that follows it, its state, and the observation.
pub(crate) type Sighting<'p> = (Tracker<'p>, Tracked, Payout);

/// The one order of a reference. With two, one may be a second payment: a person has to look.
pub(crate) fn one_of<'p>(
    reference: &Reference,
    mut found: Vec<Sighting<'p>>,
) -> Result<Option<Sighting<'p>>, CliError> {
    if found.len() < 2 {
        return Ok(found.pop());
    }
    let states = found.iter().map(|(_, tracked, payout)| {
        format!("{} states {}", tracked.provider, tracked::status_text(&payout.status))
    });
    let states = states.collect::<Vec<_>>().join(", ");
    Err(CliError::in_doubt(
        "several",
        format!(
            "{reference} is known at more than one provider: {states}. It may have been paid more \
             than once; look it up at each with --provider, and send nothing"
        ),
    ))
}

/// The look-up before a sending failed. A response that contradicts the request is about this order,
/// so it is in doubt; any other proves nothing.
pub(super) fn look_up_failed(provider: &ProviderId, error: &tulay::CallError) -> CliError {
    let exit = match error.kind() {
        ErrorKind::Mismatch => Exit::InDoubt,
        _ => Exit::CouldNotRun,
    };
    CliError::call(provider, exit, error).next("tulay doctor")
}
