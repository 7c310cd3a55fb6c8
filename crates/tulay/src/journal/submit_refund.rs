//! Accepting refunds.

use super::{
    Actor, JournalError, PaymentRecord, Refundable, SubmitError,
    open::{Opened, Opening},
};
use std::{
    future::{Future, IntoFuture},
    pin::Pin,
    sync::Arc,
};
use tulay_core::{
    Error as CallError, Invalid, Money, Operation, OrderId, Provider, Reference, RefundRequest,
    Sensitive,
};
use tulay_journal::{
    record::{Original, Record, Refused},
    store::{Acceptance, Accepted, StoreError},
};

/// The acceptance of a refund that is about to be made. Awaiting it makes it.
#[must_use = "nothing is accepted until it is awaited"]
#[derive(Debug)]
pub struct SubmitRefund<'t> {
    opening: &'t Opening,
    reference: Reference,
    of: Refundable,
    amount: Option<Money>,
    reason: Option<String>,
    extras: Vec<(String, Sensitive)>,
    by: Option<Actor>,
}

impl<'t> SubmitRefund<'t> {
    pub(super) const fn new(
        opening: &'t Opening,
        reference: Reference,
        of: Refundable,
        amount: Option<Money>,
    ) -> Self {
        Self { opening, reference, of, amount, reason: None, extras: Vec::new(), by: None }
    }

    /// Why it is given back; the provider sets its limits.
    pub fn reason(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// What one adapter needs: `"acme.notes"` and its text.
    pub fn extra(mut self, key: impl Into<String>, value: Sensitive) -> Self {
        self.extras.push((key.into(), value));
        self
    }

    /// Who submits it. It is written to its first event.
    pub fn by(mut self, actor: Actor) -> Self {
        self.by = Some(actor);
        self
    }

    async fn accept(self) -> Result<PaymentRecord, SubmitError> {
        let journal = self.opening.get().await?;
        if let Some(known) = journal.find(Operation::Refund, &self.reference).await? {
            return self.same(journal, &known).await;
        }
        let provider = self.provider(journal)?;
        let original = self.original(&**provider)?;
        let amount = match self.amount {
            Some(amount) => amount,
            None => left(journal, &original).await?,
        };
        let request = self.request(amount);
        prepares(&**provider, journal, &request)?;
        let mut acceptance = Acceptance::refund(&request, original);
        acceptance.actor = self.by.as_ref().map(ToString::to_string);
        let stored = journal.store.accept(vec![acceptance]).await?.pop();
        match stored.unwrap_or(Err(Refused::Missing)) {
            Ok(Accepted::New(record)) => {
                tracing::info!(reference = %record.reference, "refund accepted");
                journal.worker.wake();
                Ok(journal.shown(&record))
            }
            Ok(Accepted::Known(record)) => self.same(journal, &record).await,
            Err(Refused::MoreThanPaid { paid, left }) => {
                Err(SubmitError::MoreThanPaid { paid, left })
            }
            Err(Refused::OtherPaid { paid }) => Err(SubmitError::OtherPaid { paid }),
            Err(_) => Err(StoreError::Closed.into()),
        }
    }

    /// The refund of the reference, if its request is this one. All that is left is what was left then.
    async fn same(&self, journal: &Opened, record: &Record) -> Result<PaymentRecord, SubmitError> {
        let stored = RefundRequest::restore(record.request.expose().as_bytes());
        let stored = stored.map_err(JournalError::Unreadable)?;
        let mut request = self.request(self.amount.unwrap_or(stored.amount));
        // A provider may state only later when it was paid.
        if request.paid_at.is_none() || stored.paid_at.is_none() {
            request.paid_at = stored.paid_at;
        }
        let shown = journal.shown(record);
        let original = record.progress.original.as_ref();
        let account = original.map(|it| &it.merchant_account);
        let named = journal.planner.router().provider(&self.of.provider);
        let is_elsewhere = named.is_some_and(|it| Some(it.merchant_account()) != account);
        let is_part = match (self.amount, original) {
            (None, Some(original)) => !is_rest(journal, record, original).await?,
            _ => false,
        };
        let difference = stored.difference(&request);
        let difference = difference.or_else(|| is_elsewhere.then_some("provider"));
        match difference.or_else(|| is_part.then_some("amount")) {
            None => Ok(shown),
            Some(field) => Err(SubmitError::Taken { by: Box::new(shown), field }),
        }
    }

    fn request(&self, amount: Money) -> RefundRequest {
        let Refundable { payment, paid, paid_at, .. } = &self.of;
        let mut request =
            RefundRequest::new(self.reference.clone(), payment.clone(), *paid, amount);
        request.paid_at = *paid_at;
        request.reason.clone_from(&self.reason);
        request.extras.extend(self.extras.iter().cloned());
        request
    }

    fn provider<'j>(&self, journal: &'j Opened) -> Result<&'j Arc<dyn Provider>, SubmitError> {
        let (router, id) = (journal.planner.router(), &self.of.provider);
        router.provider(id).ok_or_else(|| {
            let names: Vec<&str> = router.providers().iter().map(|it| it.id().as_str()).collect();
            SubmitError::NoProvider { name: id.to_string(), configured: names.join(", ") }
        })
    }

    fn original(&self, provider: &dyn Provider) -> Result<Original, SubmitError> {
        let Refundable { payment, paid, .. } = &self.of;
        let refused = |field: &'static str, expected: &'static str| {
            let invalid = Invalid::new(field, expected);
            SubmitError::Refused(CallError::invalid(Operation::Refund, &invalid))
        };
        if paid.currency() != payment.currency {
            return Err(refused("paid", "an amount in the currency of the payment"));
        }
        if self.amount.is_some_and(|amount| amount.currency() != paid.currency()) {
            return Err(refused("amount", "an amount in the currency of the payment"));
        }
        let reference = payment.provider_reference.clone();
        let expected = "the look-up of the payment, with the provider's own reference";
        Ok(Original {
            merchant_account: provider.merchant_account().clone(),
            provider_reference: reference.ok_or_else(|| refused("original", expected))?,
            payment: payment.payment.clone(),
            paid: *paid,
            is_stated: self.of.is_stated,
        })
    }
}

impl<'t> IntoFuture for SubmitRefund<'t> {
    type Output = Result<PaymentRecord, SubmitError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 't>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.accept())
    }
}

/// Whether a refund is of all that those before it leave.
async fn is_rest(
    journal: &Opened,
    record: &Record,
    original: &Original,
) -> Result<bool, JournalError> {
    let refunds = journal.store.refunds(original).await?;
    let before = refunds.iter().filter(|it| it.id < record.id);
    Ok(original.left(before) == Ok(record.amount))
}

/// What is left to refund of a payment.
async fn left(journal: &Opened, original: &Original) -> Result<Money, SubmitError> {
    let others = journal.store.refunds(original).await?;
    match original.left(&others) {
        Ok(left) if left.minor() > 0 => Ok(left),
        Ok(left) => Err(SubmitError::MoreThanPaid { paid: original.paid, left }),
        Err(Refused::OtherPaid { paid }) => Err(SubmitError::OtherPaid { paid }),
        Err(_) => Err(StoreError::Closed.into()),
    }
}

/// Why the adapter would refuse a refund; nothing is sent.
fn prepares(
    provider: &dyn Provider,
    journal: &Opened,
    request: &RefundRequest,
) -> Result<(), SubmitError> {
    let prepared = || {
        let Some(refunds) = provider.roles().refunds else {
            let message = format!("{} makes no refunds; nothing was sent", provider.id());
            return Err(CallError::unsupported(Operation::Refund, message));
        };
        let rules = refunds.capability().ids;
        let id =
            OrderId::derive(rules, &journal.namespace, Operation::Refund, &request.reference, 1);
        refunds.prepare(request, &id).map(drop)
    };
    prepared().map_err(SubmitError::Refused)
}
