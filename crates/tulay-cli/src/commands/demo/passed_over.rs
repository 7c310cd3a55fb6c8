//! Why a payout did not go through a provider that the rules name before the one that was used.

use super::accept::mistake;
use crate::payout_file::Row;
use std::collections::BTreeMap;
use tulay::{
    CallError, Effect, ErrorKind, Namespace, Operation, OrderId, PayoutRequest, Provider,
    ProviderExt, ProviderId, RequestRef, Tulay,
    adapter::{Corridor, Field},
    journal::PaymentRecord,
    routing::Payment,
};

/// Why attempts came to nothing that time may heal, by the provider. While its circuit is open, other
/// payouts pass the provider over for the same reason.
#[derive(Default)]
pub(super) struct Causes(BTreeMap<ProviderId, ErrorKind>);

impl Causes {
    pub(super) fn of<'a>(records: impl Iterator<Item = &'a PaymentRecord>) -> Self {
        let attempts = records.flat_map(|record| &record.attempts);
        let causes = attempts.filter_map(|it| Some((it.provider.clone()?, it.kind?)));
        Self(causes.filter(|(_, kind)| kind.is_transient()).collect())
    }

    /// The providers that were passed over, in the order of the rules, each with the cause.
    pub(super) fn passed_over(
        &self,
        tulay: &Tulay,
        row: &Row,
        record: &PaymentRecord,
    ) -> Vec<String> {
        let mut passed_over: Vec<(ProviderId, String)> = tried(record);
        let used = record.last().and_then(|attempt| attempt.provider.as_ref());
        if let (None, Some(used)) = (&row.provider, used) {
            for id in preferred(tulay, row).into_iter().take_while(|id| *id != used) {
                if passed_over.iter().any(|(known, _)| known == id) {
                    continue;
                }
                let refused = tulay
                    .provider(id)
                    .and_then(|it| refused(tulay.namespace(), it.as_ref(), &row.request));
                let cause = || self.0.get(id).map(|kind| kind.meaning().to_owned());
                passed_over.extend(refused.or_else(cause).map(|why| (id.clone(), why)));
            }
        }
        passed_over.into_iter().map(|(id, why)| format!("not through {id}: {why}")).collect()
    }
}

/// The providers of earlier attempts.
fn tried(record: &PaymentRecord) -> Vec<(ProviderId, String)> {
    let Some((_, earlier)) = record.attempts.split_last() else { return Vec::new() };
    let tried = earlier.iter().filter_map(|attempt| {
        let why = attempt.kind?.meaning();
        let why = match attempt.effect {
            Effect::NotSent => why.to_owned(),
            _ => format!("it rejected the payout: {why}"),
        };
        Some((attempt.provider.clone()?, why))
    });
    tried.collect()
}

/// The providers in the order of the rules.
fn preferred<'t>(tulay: &'t Tulay, row: &Row) -> Vec<&'t ProviderId> {
    match tulay.plan(&Payment::payout(&row.request)).rule() {
        Some(rule) => rule.providers().collect(),
        None => tulay.providers().map(|provider| provider.id()).collect(),
    }
}

/// Why a provider can never carry it.
fn refused(
    namespace: &Namespace,
    provider: &dyn Provider,
    request: &PayoutRequest,
) -> Option<String> {
    let admitted = Payment::payout(request).admitted_by(provider).map(drop);
    let error = admitted.and_then(|()| prepares(namespace, provider, request)).err()?;
    Some(missing(provider, request).unwrap_or_else(|| mistake(&error).to_string()))
}

fn prepares(
    namespace: &Namespace,
    provider: &dyn Provider,
    request: &PayoutRequest,
) -> Result<(), CallError> {
    let payouts = provider.payouts()?;
    let (rules, operation) = (payouts.capability().ids, Operation::Payout);
    let order_id = OrderId::derive(rules, namespace, operation, &request.reference, 1);
    payouts.prepare(request, &order_id).map(drop)
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
