//! The providers that a payment is accepted for.

use super::SubmitError;
use tulay_core::{
    Capability, Error as CallError, Invalid, MerchantAccount, Namespace, Operation, OrderId,
    Provider, ProviderExt, ProviderId, RequestRef,
};
use tulay_router::{Conditions, NoRoute, Payment, Plan, ProviderSequence, Router};

/// The providers that can carry a payment now or later, each checked by its adapter, in the order of
/// the rules; or the one that is named.
pub(crate) struct Candidates {
    pub(crate) sequence: ProviderSequence,
    /// Why the first is the first, in sentences for people.
    pub(crate) reasons: Vec<String>,
}

impl Candidates {
    pub(crate) fn of(
        router: &Router,
        namespace: &Namespace,
        payment: &Payment<'_>,
        request: RequestRef<'_>,
        conditions: &Conditions<'_>,
    ) -> Result<Self, SubmitError> {
        let plan = router.plan(payment, conditions);
        let mut refusals = unfit(router, payment, &plan);
        let refused = |refusals: &mut Vec<CallError>, no_route: Option<NoRoute>| {
            refused(payment.operation, refusals, no_route)
        };
        let sequence = plan.sequence().map_err(|none| refused(&mut refusals, Some(none)))?;
        let fits = |account: &MerchantAccount| {
            let Some(provider) = router.of_account(account) else { return false };
            let refusal = prepares(&**provider, namespace, request).err();
            let fits = refusal.is_none();
            refusals.extend(refusal);
            fits
        };
        match sequence.only(fits) {
            Some(sequence) => Ok(Self { reasons: reasons(&plan, &sequence), sequence }),
            None => Err(refused(&mut refusals, plan.first().err())),
        }
    }

    /// Through the provider of this name alone, whatever the rules say.
    pub(crate) fn named(
        router: &Router,
        namespace: &Namespace,
        request: RequestRef<'_>,
        id: &ProviderId,
    ) -> Result<Self, SubmitError> {
        let Some(provider) = router.provider(id) else {
            let names: Vec<&str> = router.providers().iter().map(|it| it.id().as_str()).collect();
            let configured = names.join(", ");
            return Err(SubmitError::NoProvider { name: id.to_string(), configured });
        };
        prepares(&**provider, namespace, request).map_err(SubmitError::Refused)?;
        let sequence = ProviderSequence::of(provider);
        Ok(Self { sequence, reasons: vec![format!("the {} names it", request.operation())] })
    }
}

/// Why the adapter would refuse a request; nothing is sent.
fn prepares(
    provider: &dyn Provider,
    namespace: &Namespace,
    request: RequestRef<'_>,
) -> Result<(), CallError> {
    let (operation, reference) = (request.operation(), request.reference());
    let id = |capability: &Capability| {
        OrderId::derive(capability.ids, namespace, operation, reference, 1)
    };
    let prepared = match request {
        RequestRef::Payout(request) => {
            let role = provider.payouts()?;
            role.prepare(request, &id(role.capability()))
        }
        RequestRef::Collection(request) => {
            let role = provider.collections()?;
            role.prepare(request, &id(role.capability()))
        }
        RequestRef::StaticCode(request) => {
            let role = provider.static_codes()?;
            role.prepare(request, &id(role.capability()))
        }
        RequestRef::Refund(request) => {
            let role = provider.refunds()?;
            role.prepare(request, &id(role.capability()))
        }
    };
    prepared.map(drop)
}

/// Why each provider that a rule names cannot carry it.
fn unfit(router: &Router, payment: &Payment<'_>, plan: &Plan<'_>) -> Vec<CallError> {
    let unfit = plan.excluded().iter().filter(|excluded| excluded.error().is_some());
    let providers = unfit.filter_map(|excluded| router.provider(excluded.provider));
    providers.filter_map(|provider| payment.admitted_by(&**provider).err()).collect()
}

fn reasons(plan: &Plan<'_>, sequence: &ProviderSequence) -> Vec<String> {
    let first = sequence.providers().next();
    let now = plan.candidates().iter().find(|it| Some(it.provider.id()) == first);
    let later = || plan.deferred().iter().find(|it| Some(it.id) == first);
    now.map(|candidate| candidate.reasons())
        .or_else(|| later().map(|deferred| deferred.reasons()))
        .unwrap_or_default()
}

/// The refusal of a single provider names the field.
fn refused(
    operation: Operation,
    refusals: &mut Vec<CallError>,
    no_route: Option<NoRoute>,
) -> SubmitError {
    let lacks_name = |error: &CallError| matches!(error.field(), Some("name" | "family_name"));
    let is_nameless = refusals.iter().any(|error| error.field() == Some("name"));
    let is_nameless = is_nameless && operation == Operation::Payout;
    if is_nameless && refusals.iter().all(lacks_name) {
        let expected = "a name, or given_name and family_name; no provider pays without";
        let invalid = Invalid::new("name", expected);
        return SubmitError::Refused(CallError::invalid(operation, &invalid));
    }
    match (no_route, refusals.len()) {
        (Some(no_route), 0 | 2..) => SubmitError::NoRoute(no_route),
        _ => SubmitError::Refused(refusals.drain(..).next().unwrap_or_else(|| {
            let message = format!("no configured provider makes this {operation}");
            CallError::unsupported(operation, message)
        })),
    }
}
