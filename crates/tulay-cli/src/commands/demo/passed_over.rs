//! Why a payout did not go through a provider that the rules name before the one that was used.

use crate::{error::CliError, payout_file::Row, route::Candidates};
use tulay::{
    PayoutRequest, Provider, ProviderId, RequestRef, Tulay,
    adapter::{Corridor, Field},
    routing::Payment,
};

/// The providers that were passed over, in the order of the rules, each with the cause.
pub(super) fn passed_over(tulay: &Tulay, row: &Row, used: &ProviderId) -> Vec<(String, String)> {
    if row.provider.is_some() {
        return Vec::new();
    }
    let payment = Payment::payout(&row.request);
    let plan = tulay.plan(&payment);
    let order: Vec<&ProviderId> = match plan.rule() {
        Some(rule) => rule.providers().collect(),
        None => tulay.providers().map(|provider| provider.id()).collect(),
    };
    if order.first() == Some(&used) {
        return Vec::new();
    }
    let failures = Candidates::of(tulay, &payment, &plan).into_failures();
    let before = order.into_iter().take_while(|id| *id != used);
    before
        .filter_map(|id| {
            let failure = failures.iter().find(|failure| failure.provider() == Some(id))?;
            let missing = tulay.provider(id).and_then(|p| missing(p.as_ref(), &row.request));
            Some((id.to_string(), missing.unwrap_or_else(|| cause(failure))))
        })
        .collect()
}

/// A field that the provider requires and the payout does not have: `family_name missing`.
fn missing(provider: &dyn Provider, request: &PayoutRequest) -> Option<String> {
    let request = RequestRef::from(request);
    let place = (request.country(), request.currency(), request.channel());
    let is_its = |c: &&Corridor| (c.country, c.currency, c.channel) == place;
    let corridors = &provider.roles().payouts?.capability().corridors;
    let required = corridors.iter().find(is_its)?.required.iter();
    let missing: Vec<&str> = required
        .filter(|field| !request.has(**field))
        .map(|field: &Field| field.as_str())
        .collect();
    (!missing.is_empty()).then(|| format!("{} missing", missing.join(", ")))
}

fn cause(failure: &CliError) -> String {
    failure.as_mistake().to_string()
}
