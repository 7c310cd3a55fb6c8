//! The order of a reference: looked up at every provider before anything is sent.

use crate::{Tulay, journal::Refundable};
use std::sync::Arc;
use tulay_core::{
    Capability, Collection, CollectionRequest, CollectionStatus, Effect, Error, ErrorKind, Found,
    Lookup, Observation, Operation, OrderId, Prepared, Provider, ProviderExt, ProviderId,
    Reference, RequestRef, Result,
};
use tulay_router::Payment;

/// An order that a provider knows.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Known<'t, T> {
    /// The application's name for it.
    pub reference: Reference,
    /// The provider that has it.
    pub provider: &'t Arc<dyn Provider>,
    /// How to look it up again. It carries what the provider states: its reference and the amount.
    pub lookup: Lookup,
    /// What the provider reports.
    pub order: T,
    /// The providers whose look-up failed. While there are any, one of them may know an order
    /// of the same reference too, so that a failure here proves nothing.
    pub not_asked: Vec<ProviderId>,
}

/// What a request begins with.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "an order is sent, or it is not")]
pub enum Begun<'t, T> {
    /// A provider knows the order: nothing is sent.
    Known(Known<'t, T>),
    /// No provider knows it. Store what was prepared, then send it by `create`: once, or again as
    /// [`CallError::follow_up_under`](crate::CallError::follow_up_under) says.
    New(&'t Arc<dyn Provider>, Prepared),
}

impl Tulay {
    /// Begins a collection: every provider is asked whether it knows the reference; if none does, the
    /// rules choose a provider, and the collection is prepared for it. Nothing is sent.
    ///
    /// ```
    /// use tulay::{Begun, CallError, Collection, CollectionRequest, ProviderExt, Tulay};
    /// async fn show(tulay: &Tulay, request: &CollectionRequest) -> Result<Collection, CallError> {
    ///     match tulay.begin_collection(request).await? {
    ///         Begun::Known(known) => Ok(known.order), // nothing is sent
    ///         Begun::New(provider, prepared) => provider.collections()?.create(&prepared).await,
    ///     }
    /// }
    /// ```
    ///
    /// Without a journal this keeps one reference to one collection, except when the same reference is
    /// begun twice at the same instant, when the namespace changes, when a provider is taken out of
    /// the configuration, and when content or rules change so that another provider is chosen while
    /// the first sending is in doubt. Payouts and refunds have a journal: [`payouts`](Self::payouts),
    /// [`refunds`](Self::refunds).
    ///
    /// A provider that looks collections up by its own id alone is not asked before. It may be chosen:
    /// beginning again then shows a second code. An unpaid code costs nothing, but each of them can be
    /// paid, so show only the last. Keep what `create` returned ([`Lookup::learn`]): nothing else finds
    /// the collection.
    ///
    /// # Errors
    /// As [`find_collection`](Self::find_collection); `Mismatch`, `Unknown`, when the provider states
    /// another country, currency or amount under the reference: it may be this collection, less a fee;
    /// `NotSent` when no provider can carry the collection, and when it cannot be prepared.
    pub async fn begin_collection(
        &self,
        request: &CollectionRequest,
    ) -> Result<Begun<'_, Collection>> {
        if let Some(known) = self.find_collection(&request.reference).await? {
            return known.of(request.into());
        }
        let provider = self.chosen(&Payment::collection(request))?;
        let collections = provider.collections()?;
        let order_id = self.order_id(collections.capability(), request);
        Ok(Begun::New(provider, collections.prepare(request, &order_id)?))
    }

    /// The collection of a reference: every provider is asked, one after another, in every country
    /// where it collects. Providers that were taken out of the configuration are not asked, and an
    /// order that was sent under another namespace is not found. Nor is a provider asked that looks
    /// collections up by its own id alone: ask that provider, by the look-up that was kept.
    ///
    /// # Errors
    /// Always `Unknown`: nothing may be sent under the reference.
    /// * `Duplicate` when more than one provider knows it: it may have been paid more than once.
    /// * The kind of the first look-up that failed, when no provider knows it.
    pub async fn find_collection(
        &self,
        reference: &Reference,
    ) -> Result<Option<Known<'_, Collection>>> {
        let (mut known, mut not_asked) = (Vec::new(), Vec::new());
        let mut failed = None;
        for provider in self.providers() {
            if let Err(error) = self.find_at(provider, reference, &mut known).await {
                not_asked.push(provider.id().clone());
                failed = failed.or(Some((provider.id(), error)));
            }
        }
        match (known.pop(), known.is_empty(), failed) {
            (Some(order), true, _) => Ok(Some(Known { not_asked, ..order })),
            (Some(last), false, _) => {
                let names = known.iter().chain([&last]).map(|order| order.provider.id().as_str());
                let names = names.collect::<Vec<_>>().join(" and ");
                let message =
                    format!("{names} know the reference: it may have been paid more than once");
                Err(Error::new(Operation::CollectionFind, ErrorKind::Duplicate, message))
            }
            (None, _, Some((id, error))) => {
                let message = format!("the look-up failed: {}", error.under_name(id.as_str()));
                let failed = Error::new(Operation::CollectionFind, error.kind(), message);
                Err(failed.with_source(error))
            }
            (None, _, None) => Ok(None),
        }
    }

    /// The order id of the first attempt of a request: the same after every restart.
    #[must_use]
    pub fn order_id<'r>(
        &self,
        capability: &Capability,
        request: impl Into<RequestRef<'r>>,
    ) -> OrderId {
        let request = request.into();
        let (operation, reference) = (request.operation(), request.reference());
        OrderId::derive(capability.ids, self.namespace(), operation, reference, 1)
    }

    fn chosen(&self, payment: &Payment<'_>) -> Result<&Arc<dyn Provider>> {
        let operation = payment.operation;
        let plan = self.plan(payment);
        plan.first().map(|candidate| candidate.provider).map_err(|none| {
            let kind = none.kind().unwrap_or(ErrorKind::Unsupported);
            let error = Error::new(operation, kind, none.to_string()).with_effect(Effect::NotSent);
            match none.field() {
                Some(field) => error.with_field(field.to_owned()),
                None => error,
            }
        })
    }

    /// Asks one provider, in every country. It may know an order whatever country it is asked in,
    /// or answer then that the currency differs.
    async fn find_at<'t>(
        &'t self,
        provider: &'t Arc<dyn Provider>,
        reference: &Reference,
        known: &mut Vec<Known<'t, Collection>>,
    ) -> Result<()> {
        let Some(collections) = provider.roles().collections else { return Ok(()) };
        let (capability, operation) = (collections.capability(), Operation::Collection);
        if !capability.guarantees.find_by.by_order_id() {
            return Ok(());
        }
        let order_id = OrderId::derive(capability.ids, self.namespace(), operation, reference, 1);
        let (before, mut failed) = (known.len(), None);
        for ((country, currency), corridors) in capability.corridors_by_country(operation) {
            let Some(corridor) = corridors.first() else { continue };
            let mut lookup = Lookup::new(order_id.clone(), country, currency, corridor.channel);
            match collections.find(&lookup).await {
                Ok(Found::Found(order)) if !order.observation.names(&lookup) => {
                    let message = "the response does not name the order";
                    let error =
                        Error::new(Operation::CollectionFind, ErrorKind::Unrelated, message);
                    failed = failed.or(Some(error));
                }
                Ok(Found::Found(order)) => {
                    complete(&mut lookup, &order.observation);
                    let same = |other: &Known<'_, Collection>| {
                        other.lookup.provider_reference.is_some()
                            && other.lookup.provider_reference == lookup.provider_reference
                    };
                    if !known.iter().skip(before).any(same) {
                        known.push(Known::new(reference, provider, lookup, order));
                    }
                }
                Ok(Found::Absent(_)) => {}
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        let found = known.len() > before;
        match failed.filter(|error| !found || error.kind() != ErrorKind::Mismatch) {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }
}

impl<'t, T> Known<'t, T> {
    fn new(
        reference: &Reference,
        provider: &'t Arc<dyn Provider>,
        lookup: Lookup,
        order: T,
    ) -> Self {
        Self { reference: reference.clone(), provider, lookup, order, not_asked: Vec::new() }
    }

    /// The order, if country and currency are those of the request, and the amount too, where the
    /// provider states one. The beneficiary is not compared.
    fn of(self, request: RequestRef<'_>) -> Result<Begun<'t, T>> {
        let amounts = self.lookup.amount.zip(request.amount());
        if (self.lookup.country, self.lookup.currency) == (request.country(), request.currency())
            && amounts.is_none_or(|(stated, requested)| stated == requested)
        {
            return Ok(Begun::Known(self));
        }
        let operation = request.operation();
        let message = format!(
            "{} has a {operation} of this reference with another country, currency or amount; \
             nothing was sent now. It may be this {operation}, with the amount stated less a fee; if \
             it is another {operation}, use a new reference",
            self.provider.id()
        );
        Err(Error::new(operation, ErrorKind::Mismatch, message).with_field("reference"))
    }
}

impl Known<'_, Collection> {
    /// The payment that a refund gives back.
    ///
    /// # Errors
    /// `State`, effect `NotSent`, unless the collection is known to be paid: its provider says so, and
    /// every other provider was asked.
    pub fn refundable(&self) -> Result<Refundable> {
        let observation = &self.order.observation;
        let is_paid = observation.status == CollectionStatus::Paid && self.not_asked.is_empty();
        let Some(paid) = self.lookup.amount.filter(|_| is_paid) else {
            let message = "only a collection that is known to be paid can be refunded";
            let error = Error::new(Operation::Refund, ErrorKind::State, message);
            return Err(error.with_effect(Effect::NotSent));
        };
        let provider = self.provider.id().clone();
        let refundable = Refundable::stated(provider, self.lookup.clone(), paid);
        let paid_at = observation.finished.as_ref().and_then(|time| time.at);
        Ok(paid_at.into_iter().fold(refundable, Refundable::paid_at))
    }
}

/// Adds what the provider states to the look-up: its ids, and the amount.
fn complete(lookup: &mut Lookup, observation: &Observation<CollectionStatus>) {
    lookup.learn(observation);
    let amount = observation.amount.as_ref();
    lookup.amount = amount.and_then(|amount| amount.in_currency(lookup.currency));
}
