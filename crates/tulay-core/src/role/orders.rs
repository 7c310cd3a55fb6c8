//! The roles that make, look up and change orders.

use crate::{
    capability::Capability,
    collected::{Collection, IncomingPayment, StaticCode},
    error::Result,
    observation::{Payout, Refund},
    order_id::OrderId,
    prepared::{Found, Lookup, Prepared},
    request::{CollectionRequest, PayoutRequest, RefundRequest, StaticCodeRequest},
    status::StaticCodeStatus,
};
use async_trait::async_trait;
use jiff::civil::Date;

/// Pays money out.
#[async_trait]
pub trait Payouts: Send + Sync {
    /// Supported corridors and limits, and the guarantees that the provider gives.
    fn capability(&self) -> &Capability;

    /// Checks a request and serialises it. No I/O and no clock: the same input always gives the
    /// same output.
    ///
    /// ```
    /// use tulay_core::{Namespace, Operation, OrderId, PayoutRequest, Prepared, Provider, ProviderExt};
    /// fn prepare(
    ///     provider: &dyn Provider,
    ///     namespace: &Namespace,
    ///     request: &PayoutRequest,
    /// ) -> tulay_core::Result<Prepared> {
    ///     let payouts = provider.payouts()?;
    ///     let ids = payouts.capability().ids;
    ///     // The first attempt of this payment: the same id after a restart.
    ///     let id = OrderId::derive(ids, namespace, Operation::Payout, &request.reference, 1);
    ///     payouts.prepare(request, &id)
    /// }
    /// ```
    ///
    /// # Errors
    /// `InvalidRequest`, `Limit`, `Unsupported` or `Configuration`, always `NotSent`, with the
    /// field.
    fn prepare(&self, request: &PayoutRequest, order_id: &OrderId) -> Result<Prepared>;

    /// Sends the prepared payout, once.
    ///
    /// ```
    /// use tulay_core::{Effect, PayoutStatus, Payouts, Prepared};
    /// async fn pay(payouts: &dyn Payouts, prepared: &Prepared) -> &'static str {
    ///     // Store `prepared` durably before this call.
    ///     match payouts.create(prepared).await {
    ///         Ok(payout) if payout.status == PayoutStatus::Succeeded => "paid",
    ///         Ok(_) => "accepted: look it up until it is final",
    ///         Err(error) => match error.effect() {
    ///             Effect::NotSent => "nothing was sent",
    ///             Effect::Rejected => "this sending moved no money",
    ///             Effect::Unknown => "it may have been paid: look it up, do not pay again",
    ///         },
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    /// `NotSent` when no byte left; `Rejected` for a genuine answer whose code the adapter lists as
    /// a rejection; `Unknown` for everything else.
    async fn create(&self, prepared: &Prepared) -> Result<Payout>;

    /// Looks a payout up. The provider reference of the response or of the error, if there is one,
    /// goes into the next [`Lookup`]: some providers look a payout up by nothing else.
    ///
    /// ```
    /// use tulay_core::{Found, Lookup, PayoutStatus, Payouts};
    /// async fn look(payouts: &dyn Payouts, lookup: &Lookup) -> tulay_core::Result<String> {
    ///     let Found::Found(payout) = payouts.find(lookup).await? else {
    ///         // An answer, not a proof: the payout may still be on its way.
    ///         return Ok("not known there".into());
    ///     };
    ///     Ok(match payout.status {
    ///         PayoutStatus::Succeeded | PayoutStatus::Reversed => "the money moved".into(),
    ///         PayoutStatus::Failed => match payouts.capability().guarantees.failure_final_after {
    ///             Some(wait) => format!("not final yet: look again after {wait:#}"),
    ///             None => "no look-up can make the failure final".into(),
    ///         },
    ///         _ => "pending".into(),
    ///     })
    /// }
    /// ```
    ///
    /// # Errors
    /// Any kind, always `Unknown`: a failed look-up proves nothing.
    async fn find(&self, lookup: &Lookup) -> Result<Found<Payout>>;
}

/// Collects money, once per collection.
#[async_trait]
pub trait Collections: Send + Sync {
    /// Supported corridors and limits, and the guarantees that the provider gives.
    fn capability(&self) -> &Capability;

    /// As [`Payouts::prepare`].
    ///
    /// ```
    /// use tulay_core::{CollectionRequest, Namespace, Operation, OrderId, Prepared, Provider};
    /// use tulay_core::ProviderExt;
    /// fn prepare(
    ///     provider: &dyn Provider,
    ///     namespace: &Namespace,
    ///     request: &CollectionRequest,
    /// ) -> tulay_core::Result<Prepared> {
    ///     let collections = provider.collections()?;
    ///     let ids = collections.capability().ids;
    ///     let id = OrderId::derive(ids, namespace, Operation::Collection, &request.reference, 1);
    ///     collections.prepare(request, &id)
    /// }
    /// ```
    ///
    /// # Errors
    /// As [`Payouts::prepare`].
    fn prepare(&self, request: &CollectionRequest, order_id: &OrderId) -> Result<Prepared>;

    /// Sends the prepared collection, once. The answer holds what the payer is shown.
    ///
    /// ```
    /// use tulay_core::{Collections, PaymentInstructions, Prepared};
    /// async fn code(collections: &dyn Collections, prepared: &Prepared) -> tulay_core::Result<String> {
    ///     let collection = collections.create(prepared).await?;
    ///     Ok(match collection.payment_instructions {
    ///         Some(PaymentInstructions::Qr(text)) => text.expose().to_owned(),
    ///         Some(PaymentInstructions::Redirect(page)) => page,
    ///         _ => String::new(),
    ///     })
    /// }
    /// ```
    ///
    /// # Errors
    /// As [`Payouts::create`]; also `InvalidRequest`, `NotSent`, when it expires too soon.
    async fn create(&self, prepared: &Prepared) -> Result<Collection>;

    /// Looks a collection up.
    ///
    /// ```
    /// use tulay_core::{CollectionStatus, Collections, Found, Lookup};
    /// async fn is_paid(collections: &dyn Collections, lookup: &Lookup) -> tulay_core::Result<bool> {
    ///     let found = collections.find(lookup).await?;
    ///     let paid = CollectionStatus::Paid;
    ///     Ok(matches!(found, Found::Found(collection) if collection.observation.status == paid))
    /// }
    /// ```
    ///
    /// # Errors
    /// Any kind, always `Unknown`.
    async fn find(&self, lookup: &Lookup) -> Result<Found<Collection>>;
}

/// Cancels collections that are not paid yet. The corridors of [`Collections`] list
/// `CollectionCancel` where it works.
#[async_trait]
pub trait CollectionCancel: Send + Sync {
    /// Cancels a collection.
    ///
    /// ```
    /// use tulay_core::{Effect, Lookup, Provider, ProviderExt};
    /// async fn cancel(provider: &dyn Provider, lookup: &Lookup) -> tulay_core::Result<bool> {
    ///     match provider.collection_cancel()?.cancel(lookup).await {
    ///         Ok(_) => Ok(true),
    ///         // It is paid, or closed otherwise.
    ///         Err(error) if error.effect() == Effect::Rejected => Ok(false),
    ///         Err(error) => Err(error),
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    /// `Rejected` with kind `State` when it is paid or closed; `NotSent` when no byte left; else
    /// `Unknown`: it may be cancelled, and may still be paid.
    async fn cancel(&self, lookup: &Lookup) -> Result<Collection>;
}

/// Makes codes that are paid again and again.
#[async_trait]
pub trait StaticCodes: Send + Sync {
    /// Supported corridors, and the guarantees that the provider gives.
    fn capability(&self) -> &Capability;

    /// As [`Payouts::prepare`].
    ///
    /// ```
    /// use tulay_core::{StaticCodeRequest, Namespace, Operation, OrderId, Prepared, Provider, ProviderExt};
    /// fn prepare(
    ///     provider: &dyn Provider,
    ///     namespace: &Namespace,
    ///     request: &StaticCodeRequest,
    /// ) -> tulay_core::Result<Prepared> {
    ///     let codes = provider.static_codes()?;
    ///     let ids = codes.capability().ids;
    ///     let id = OrderId::derive(ids, namespace, Operation::StaticCode, &request.reference, 1);
    ///     codes.prepare(request, &id)
    /// }
    /// ```
    ///
    /// # Errors
    /// As [`Payouts::prepare`].
    fn prepare(&self, request: &StaticCodeRequest, order_id: &OrderId) -> Result<Prepared>;

    /// Sends the prepared static code, once. The look-up in the answer is to be stored: it has
    /// what the provider added.
    ///
    /// ```
    /// use tulay_core::{Lookup, PaymentInstructions, Prepared, StaticCodes};
    /// async fn make(
    ///     codes: &dyn StaticCodes,
    ///     prepared: &Prepared,
    /// ) -> tulay_core::Result<(Lookup, Option<PaymentInstructions>)> {
    ///     let code = codes.create(prepared).await?;
    ///     Ok((code.lookup, code.payment_instructions))
    /// }
    /// ```
    ///
    /// # Errors
    /// As [`Payouts::create`].
    async fn create(&self, prepared: &Prepared) -> Result<StaticCode>;

    /// Looks a static code up.
    ///
    /// ```
    /// use tulay_core::{StaticCodeStatus, Found, Lookup, StaticCodes};
    /// async fn is_active(codes: &dyn StaticCodes, lookup: &Lookup) -> tulay_core::Result<bool> {
    ///     let found = codes.find(lookup).await?;
    ///     Ok(matches!(found, Found::Found(code) if code.status == StaticCodeStatus::Active))
    /// }
    /// ```
    ///
    /// # Errors
    /// Any kind, always `Unknown`; `Unsupported` where no corridor offers `StaticCodeFind`.
    async fn find(&self, lookup: &Lookup) -> Result<Found<StaticCode>>;
}

/// Lists the payments of a static code. The corridors of [`StaticCodes`] list `StaticCodePayments`
/// where it works.
#[async_trait]
pub trait StaticCodePayments: Send + Sync {
    /// The payments of a code from one day to another, both included, in the provider's zone.
    ///
    /// ```
    /// use jiff::civil::Date;
    /// use tulay_core::{CollectionStatus, Lookup, Provider, ProviderExt};
    /// async fn paid(
    ///     provider: &dyn Provider,
    ///     code: &Lookup,
    ///     day: Date,
    /// ) -> tulay_core::Result<usize> {
    ///     let payments = provider.static_code_payments()?.payments(code, day, day).await?;
    ///     let paid = |status: &CollectionStatus| *status == CollectionStatus::Paid;
    ///     Ok(payments.iter().filter(|payment| paid(&payment.observation.status)).count())
    /// }
    /// ```
    ///
    /// # Errors
    /// Any kind, always `Unknown`.
    async fn payments(&self, lookup: &Lookup, from: Date, to: Date)
    -> Result<Vec<IncomingPayment>>;
}

/// Changes the status of a static code. The corridors of [`StaticCodes`] list `StaticCodeStatus`
/// where it works.
#[async_trait]
pub trait StaticCodeControl: Send + Sync {
    /// Gives a code another status.
    ///
    /// ```
    /// use tulay_core::{StaticCodeStatus, Lookup, Provider, ProviderExt};
    /// async fn cancel(provider: &dyn Provider, code: &Lookup) -> tulay_core::Result<()> {
    ///     let control = provider.static_code_control()?;
    ///     control.set_status(code, StaticCodeStatus::Cancelled).await.map(drop)
    /// }
    /// ```
    ///
    /// # Errors
    /// `Unsupported`, `NotSent`, for a status that the provider cannot set; `Rejected` for a listed
    /// rejection; `NotSent` when no byte left; else `Unknown`.
    async fn set_status(&self, lookup: &Lookup, status: StaticCodeStatus) -> Result<StaticCode>;
}

/// Refunds collections.
#[async_trait]
pub trait Refunds: Send + Sync {
    /// Supported corridors and limits, and the guarantees that the provider gives.
    fn capability(&self) -> &Capability;

    /// As [`Payouts::prepare`].
    ///
    /// ```
    /// use tulay_core::{Namespace, Operation, OrderId, Prepared, Provider, ProviderExt, RefundRequest};
    /// fn prepare(
    ///     provider: &dyn Provider,
    ///     namespace: &Namespace,
    ///     request: &RefundRequest,
    /// ) -> tulay_core::Result<Prepared> {
    ///     let refunds = provider.refunds()?;
    ///     let ids = refunds.capability().ids;
    ///     let id = OrderId::derive(ids, namespace, Operation::Refund, &request.reference, 1);
    ///     refunds.prepare(request, &id)
    /// }
    /// ```
    ///
    /// # Errors
    /// As [`Payouts::prepare`].
    fn prepare(&self, request: &RefundRequest, order_id: &OrderId) -> Result<Prepared>;

    /// Sends the prepared refund, once.
    ///
    /// ```
    /// use tulay_core::{Prepared, Refunds, Status};
    /// async fn refund(refunds: &dyn Refunds, prepared: &Prepared) -> tulay_core::Result<bool> {
    ///     Ok(refunds.create(prepared).await?.status.is_success())
    /// }
    /// ```
    ///
    /// # Errors
    /// As [`Payouts::create`]; also `Limit`, `NotSent`, when the collection was paid too long ago.
    async fn create(&self, prepared: &Prepared) -> Result<Refund>;

    /// Looks a refund up.
    ///
    /// ```
    /// use tulay_core::{Found, Lookup, RefundStatus, Refunds};
    /// async fn look(refunds: &dyn Refunds, lookup: &Lookup) -> tulay_core::Result<String> {
    ///     let Found::Found(refund) = refunds.find(lookup).await? else {
    ///         // An answer, not a proof: the refund may still be on its way.
    ///         return Ok("not known there".into());
    ///     };
    ///     Ok(match refund.status {
    ///         RefundStatus::Succeeded => "the money went back".into(),
    ///         RefundStatus::Cancelled => "withdrawn".into(),
    ///         RefundStatus::Failed => match refunds.capability().guarantees.failure_final_after {
    ///             Some(wait) => format!("not final yet: look again after {wait:#}"),
    ///             None => "no look-up can make the failure final".into(),
    ///         },
    ///         _ => "pending".into(),
    ///     })
    /// }
    /// ```
    ///
    /// # Errors
    /// Any kind, always `Unknown`.
    async fn find(&self, lookup: &Lookup) -> Result<Found<Refund>>;
}

/// Lists the refunds of a payment, where the provider can.
#[async_trait]
pub trait RefundList: Send + Sync {
    /// The refunds of one payment, ours and others, with the amounts as the provider states them, to
    /// be added up by [`RefundTotals`](crate::RefundTotals). `payment` carries the payment's provider
    /// reference. `Absent` means that the provider knows no such payment.
    ///
    /// ```
    /// use tulay_core::{Found, Lookup, Money, Provider, ProviderExt, RefundTotals};
    /// async fn left(
    ///     provider: &dyn Provider,
    ///     payment: &Lookup,
    ///     paid: Money,
    /// ) -> tulay_core::Result<Option<Money>> {
    ///     let Found::Found(list) = provider.refund_list()?.list(payment).await? else {
    ///         return Ok(None); // an answer, not a proof that nothing was refunded
    ///     };
    ///     Ok(RefundTotals::of(&list, paid.currency()).and_then(|totals| totals.left_of(paid)))
    /// }
    /// ```
    ///
    /// # Errors
    /// Any kind, always `Unknown`.
    async fn list(&self, payment: &Lookup) -> Result<Found<Vec<Refund>>>;
}
