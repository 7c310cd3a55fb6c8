//! A collection as the journal knows it.

use super::{
    Attempt, JournalError, PaymentRecord, Reason, Refundable, ReviewReason, Status,
    journal_record::{JournalRecord, Row, Shown},
    payment_record::state,
};
use crate::json::{PaymentInstructionsJson, Personal};
use jiff::Timestamp;
use serde::{Serialize, Serializer, ser::SerializeMap};
use std::{collections::BTreeSet, fmt};
use tulay_core::{
    Country, Money, Operation, PaymentInstructions, Prepared, ProviderId, ProviderReference,
    Reference,
};
use tulay_journal::{
    collection::{Payment, PaymentId, Status as CollectionState},
    record::{Context, Surprise},
};

/// A collection as the journal knows it.
///
/// `Display` is one line for people. `Serialize` is the JSON of the command. Neither has personal
/// data, nor what lets a person pay.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CollectionRecord {
    /// The application's name for it.
    pub reference: Reference,
    /// What the payer owes, in minor units.
    pub amount: Money,
    /// What came in and is still here, all payments together.
    pub received: Money,
    /// The country that it is paid in.
    pub country: Country,
    /// Where it stands.
    pub status: CollectionState,
    /// How to pay: what the application shows to the payer. It stays when the collection is over.
    /// `None`: there is none yet, or none could be made.
    pub payment_instructions: Option<PaymentInstructions>,
    /// Until when it can be paid; `None`: neither the request nor the provider says.
    pub expires: Option<Timestamp>,
    /// Its payments, by the time at which they were made, also those that are late, doubled or
    /// reversed.
    pub payments: Vec<Payment>,
    /// What came in otherwise than it was asked.
    pub surprises: BTreeSet<Surprise>,
    /// Why a person has to look.
    pub reviews: BTreeSet<ReviewReason>,
    /// Why it is as it is.
    pub reason: Option<Reason>,
    /// What to change in the configuration, where that keeps it from going on.
    pub fix: Option<String>,
    /// When it is worked on next; `None`: never.
    pub next_at: Option<Timestamp>,
    /// Its orders, from number 1. At most one of them is shown.
    pub orders: Vec<Attempt>,
    /// When it was accepted.
    pub accepted_at: Timestamp,
    /// How many events it has.
    pub version: u32,
    shown: Option<u8>,
    refundable: Vec<(PaymentId, Refundable)>,
}

impl CollectionRecord {
    /// The order that is shown, else the last one.
    #[must_use]
    pub fn order(&self) -> Option<&Attempt> {
        let shown = self.shown.and_then(|number| usize::from(number).checked_sub(1));
        shown.and_then(|place| self.orders.get(place)).or(self.orders.last())
    }

    /// The name, in the configuration, of the account that has the order; `None`: there is no order, or
    /// its account is not configured.
    #[must_use]
    pub fn provider(&self) -> Option<&ProviderId> {
        self.order()?.provider.as_ref()
    }

    /// The first payment that is here, to be given back; `None`: nothing is here, or its account is not
    /// configured.
    ///
    /// ```no_run
    /// use tulay::{Currency, Money, Reference, Tulay};
    /// async fn give_back(tulay: &Tulay) -> Result<(), Box<dyn std::error::Error>> {
    ///     let sale = tulay.collections().get(&Reference::new("SALE-1")?).await?;
    ///     if let Some(payment) = sale.and_then(|sale| sale.refundable().cloned()) {
    ///         let part = Some(Money::parse("50.00", Currency::PHP)?);
    ///         tulay.refunds().submit(Reference::new("REFUND-1")?, payment, part).await?;
    ///     }
    ///     Ok(())
    /// }
    /// ```
    #[must_use]
    pub fn refundable(&self) -> Option<&Refundable> {
        self.refundable.first().map(|(_, payment)| payment)
    }

    /// One of its [`payments`](Self::payments), to be given back: the second one of a payer who paid
    /// twice. `None`: it is not here any more, or its account is not configured.
    #[must_use]
    pub fn refundable_payment(&self, id: &PaymentId) -> Option<&Refundable> {
        let of = self.refundable.iter().find(|(payment, _)| payment == id);
        of.map(|(_, payment)| payment)
    }

    /// The provider's own id of the order.
    #[must_use]
    pub fn provider_reference(&self) -> Option<&ProviderReference> {
        self.order()?.provider_reference.as_ref()
    }
}

impl JournalRecord for CollectionRecord {}

impl Shown for CollectionRecord {
    fn of_row(row: Row<'_>) -> Result<Self, JournalError> {
        let Row { journal, record } = row;
        let instructions = record.instructions().map(|stored| {
            PaymentInstructions::restore(stored.expose().as_bytes())
                .map_err(JournalError::Unreadable)
        });
        let context = Context {
            now: journal.time.now(),
            policy: &journal.policy,
            owner: 0,
            pauses: &[],
            doubt: None,
        };
        let surprises = record.surprises(&context);
        let collecting = record.progress.collecting.as_deref();
        let facts = collecting.map(|collecting| &collecting.facts);
        let currency = record.amount.currency();
        let received = facts.map_or(0, |facts| facts.received(currency));
        let PaymentRecord { reason, fix, reviews, attempts, next_at, .. } = journal.shown(record);
        Ok(Self {
            reference: record.reference.clone(),
            amount: record.amount,
            received: Money::from_minor(i64::try_from(received).unwrap_or(i64::MAX), currency),
            country: record.country,
            status: state(record.status),
            payment_instructions: instructions.transpose()?,
            expires: collecting.and_then(|collecting| collecting.expires),
            payments: facts.map(|facts| facts.payments()).unwrap_or_default(),
            surprises,
            reviews,
            reason,
            fix,
            next_at,
            orders: attempts,
            accepted_at: record.created_at,
            version: record.version,
            shown: facts.and_then(|facts| facts.shown()).map(|(number, _)| number),
            refundable: refundable(row),
        })
    }

    fn is_listed(&self, status: Status) -> bool {
        self.status == state(status)
    }

    fn is_final(&self) -> bool {
        self.status != CollectionState::Waiting
    }
}

/// The payments that are here, and how each is given back.
fn refundable(row: Row<'_>) -> Vec<(PaymentId, Refundable)> {
    let Row { journal, record } = row;
    let Some(collecting) = record.progress.collecting.as_deref() else { return Vec::new() };
    let currency = record.amount.currency();
    let payments = collecting.facts.payments().into_iter();
    let here = payments.filter(|payment| payment.counts(currency));
    let of_payment = |payment: Payment| {
        let order = record.attempts.iter().find(|it| Some(it.attempt.number) == payment.order)?;
        let provider = journal.planner.router().of_account(&order.merchant_account)?;
        let prepared = Prepared::restore(order.prepared.expose().as_bytes()).ok()?;
        let mut lookup = prepared.lookup;
        lookup.provider_reference.clone_from(&order.provider_reference);
        lookup.payment = match &payment.id {
            PaymentId::Provider(id) => Some(id.clone()),
            PaymentId::Order(_) => None,
        };
        lookup.payment = lookup.payment.filter(|it| Some(it) != lookup.provider_reference.as_ref());
        let of = Refundable::seen(provider.id().clone(), lookup, payment.amount, payment.paid_at);
        Some((payment.id, of))
    };
    here.filter_map(of_payment).collect()
}

/// One line: `SALE-1 PHP 350.00 · paid through starpay · late`.
impl fmt::Display for CollectionRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} · {}", self.reference, self.amount, self.status)?;
        if let Some(order) = self.order() {
            write!(f, " through {}", order.shown())?;
        }
        if self.received != self.amount && !self.payments.is_empty() {
            write!(f, " · {} received", self.received)?;
        }
        for surprise in &self.surprises {
            write!(f, " · {}", surprise.as_str().replace('_', " "))?;
        }
        if let Some(reason) = &self.reason {
            write!(f, " · {reason}")?;
        }
        if let Some(fix) = &self.fix {
            write!(f, ": {fix}")?;
        }
        Ok(())
    }
}

impl Serialize for CollectionRecord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let order = self.order();
        let masked = |it| PaymentInstructionsJson::new(it, Personal::Masked);
        let payments: Vec<PaymentJson<'_>> = self.payments.iter().map(PaymentJson::of).collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("operation", &Operation::Collection)?;
        map.serialize_entry("reference", &self.reference)?;
        map.serialize_entry("provider", &self.provider())?;
        map.serialize_entry("provider_reference", &self.provider_reference())?;
        map.serialize_entry("order_id", &order.map(|order| order.order_id.as_str()))?;
        map.serialize_entry("country", &self.country)?;
        map.serialize_entry("amount", &self.amount)?;
        map.serialize_entry("received", &self.received)?;
        map.serialize_entry("status", &self.status)?;
        map.serialize_entry("expires", &self.expires)?;
        let instructions = self.payment_instructions.as_ref().and_then(masked);
        map.serialize_entry("payment_instructions", &instructions)?;
        map.serialize_entry("payments", &payments)?;
        map.serialize_entry("reason", &self.reason.as_ref().map(ToString::to_string))?;
        if let Some(fix) = &self.fix {
            map.serialize_entry("fix", fix)?;
        }
        if !self.surprises.is_empty() {
            map.serialize_entry("surprises", &self.surprises)?;
        }
        if !self.reviews.is_empty() {
            map.serialize_entry("review", &self.reviews)?;
        }
        map.end()
    }
}

/// A payment of a collection, as JSON.
#[derive(Serialize)]
struct PaymentJson<'p> {
    /// The provider's id; `None`: it states none.
    id: Option<&'p ProviderReference>,
    /// The number of the order that was paid.
    order: Option<u8>,
    amount: Money,
    paid_at: Option<Timestamp>,
    seen_at: Timestamp,
    is_reversed: bool,
    is_given_back: bool,
}

impl<'p> PaymentJson<'p> {
    const fn of(payment: &'p Payment) -> Self {
        Self {
            id: match &payment.id {
                PaymentId::Provider(id) => Some(id),
                PaymentId::Order(_) => None,
            },
            order: payment.order,
            amount: payment.amount,
            paid_at: payment.paid_at,
            seen_at: payment.seen_at,
            is_reversed: payment.is_reversed,
            is_given_back: payment.is_given_back,
        }
    }
}
