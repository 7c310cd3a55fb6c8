//! Refunds: the rules that a payment can be given back by, and how they end. No key and no reference
//! makes a repetition harmless: while one is pending a second is rejected, afterwards it is another
//! refund.

use super::{
    Paymongo,
    business::Performed,
    collected::{Metadata, Payment, Refund, RefundState, order_id},
    rejection::Rejection,
    request::{Fields, attributes},
    state::{Book, Books},
    triggers::Trigger,
};
use crate::kit::{Direction, Movement, Trouble, World, locked};
use bytes::Bytes;
use http::Request;
use jiff::{SignedDuration, Timestamp};
use tulay_core::{Currency, Money};

const REASONS: [&str; 4] = ["duplicate", "fraudulent", "requested_by_customer", "others"];

/// The least and the most of a refund, in centavos. Assumption: the most.
const REFUND: std::ops::RangeInclusive<i64> = 100..=9_999_999_999;

const SLOW: SignedDuration = SignedDuration::from_hours(24);

/// A refund as it was requested.
struct Asked {
    payment: String,
    amount: i64,
    reason: String,
    notes: Option<String>,
    metadata: Metadata,
}

impl Asked {
    fn read(request: &Request<Bytes>) -> Result<Self, Rejection> {
        let attributes = attributes(request)?;
        let mut fields = Fields::of(&attributes);
        let asked = Self {
            amount: fields.required_integer("amount", &REFUND),
            payment: fields.required_text("payment_id", 255),
            reason: fields.required_word("reason", &REASONS),
            notes: fields.text("notes", 255),
            metadata: fields.metadata(),
        };
        fields.finish().map(|()| asked)
    }
}

impl Paymongo {
    pub(super) fn create_refund(
        &self,
        book: &Book,
        request: &Request<Bytes>,
        world: &World,
    ) -> Result<Performed, Rejection> {
        let asked = Asked::read(request)?;
        let now = world.now();
        let mut platform = locked(&self.platform);
        if platform.other_mode(book)?.payments.contains_key(&asked.payment) {
            let detail = "The mode of the payment is not that of the key.";
            return Err(Rejection::bad("livemode_mismatched", detail));
        }
        let id = platform.id("ref");
        let books = platform.books(book)?;
        let unknown = || Rejection::not_found("payment", &asked.payment);
        let payment = books.payments.get(&asked.payment).ok_or_else(unknown)?;
        self.refundable(book, books, payment, &asked, now)?;
        let trigger = payment.method.trigger;
        let refund = Refund {
            order_id: order_id(&asked.metadata, &id),
            id: id.clone(),
            payment: asked.payment.clone(),
            amount: asked.amount,
            reason: asked.reason,
            notes: asked.notes,
            metadata: asked.metadata,
            state: match trigger {
                Trigger::SlowRefund => RefundState::Processing,
                _ => RefundState::Pending,
            },
            created: now,
            updated: now,
        };
        books.payouts = books.payouts.saturating_sub(refund.amount);
        let shown = self.view(book, books).refund(&refund);
        books.refunds.insert(id.clone(), refund);
        if let Some(payment) = books.payments.get_mut(&asked.payment) {
            payment.refunds.push(id.clone());
        }
        drop(platform);
        tracing::info!(refund = id, "refund accepted");
        let delay = if trigger == Trigger::SlowRefund { SLOW } else { world.finality_delay() };
        world.wake_after(delay, book.subject("refund", &id));
        let lost = trigger == Trigger::LoseRefundAnswer;
        Ok(Performed::Answered(shown, lost.then_some(Trouble::LoseAnswer)))
    }

    pub(super) fn refund(&self, book: &Book, id: &str) -> Result<Performed, Rejection> {
        let mut platform = locked(&self.platform);
        let books = platform.books(book)?;
        let refund = books.refunds.get(id).ok_or_else(|| Rejection::not_found("refund", id))?;
        Ok(Performed::answered(self.view(book, books).refund(refund)))
    }

    /// A refund reaches the payer, or fails: then the merchant has it again.
    pub(super) fn given_back(&self, book: &Book, id: &str, world: &World) {
        let ended = {
            let mut platform = locked(&self.platform);
            let Ok(books) = platform.books(book) else { return };
            end(books, id, world.now())
        };
        let Some((refund, payment)) = ended else { return };
        let is_done = refund.state == RefundState::Succeeded;
        if is_done {
            world.record(Movement {
                provider: Self::NAME,
                account: book.organization.clone(),
                order_id: refund.order_id.clone(),
                provider_reference: refund.id.clone(),
                direction: Direction::Back,
                money: Money::from_minor(refund.amount, Currency::PHP),
                at: world.now(),
            });
        }
        // Both events carry the payment (Webhooks).
        let poses_as_live = payment.method.trigger == Trigger::LiveEvent;
        self.notify_payment(book, "payment.refund.updated", &payment, poses_as_live, world);
        if is_done {
            self.notify_payment(book, "payment.refunded", &payment, poses_as_live, world);
        }
    }

    /// Whether a refund may be made (Refund errors). Assumption: HTTP 400 for all, and their order.
    fn refundable(
        &self,
        book: &Book,
        books: &Books,
        payment: &Payment,
        asked: &Asked,
        now: Timestamp,
    ) -> Result<(), Rejection> {
        let kind = payment.method.kind;
        if !book.is_live && !self.settings.refunds_in_test_mode {
            return Err(Rejection::bad(
                "refund_not_allowed",
                "Only live payments can be refunded.",
            ));
        }
        if !payment.is_paid {
            let detail = "Only payment in paid state can be refunded.";
            return Err(Rejection::bad("resource_failed_state", detail));
        }
        let Some(days) = kind.refundable_days() else {
            let detail = "Please contact PayMongo with your transaction details.";
            return Err(Rejection::bad("payment_method_not_allowed", detail));
        };
        for refund in payment.refunds.iter().filter_map(|id| books.refunds.get(id)) {
            let code = match refund.state {
                RefundState::Pending => "resource_pending_state",
                RefundState::Processing => "resource_processing_state",
                RefundState::Succeeded | RefundState::Failed => continue,
            };
            let state = refund.state.word();
            let detail = format!("A previous refund request for this payment is still {state}.");
            return Err(Rejection::bad(code, detail));
        }
        if now.duration_since(payment.at) > SignedDuration::from_hours(24 * days) {
            let word = kind.word();
            let detail = format!("Not allowed to refund a {word} payment after {days} days.");
            return Err(Rejection::bad("allowed_date_exceeded", detail));
        }
        let rest = payment.amount.saturating_sub(books.refunded(payment));
        if asked.amount > rest {
            let detail = "Amount is greater than the remaining refundable value.";
            return Err(Rejection::bad("parameter_above_maximum", detail));
        }
        if asked.amount < payment.amount && !kind.refunds_parts() {
            let detail = "Only full amounts are allowed to be refunded for the payment.";
            return Err(Rejection::bad("parameter_above_maximum", detail));
        }
        if asked.amount > books.payouts {
            let detail = "Refund amount is greater than the available payout amount.";
            return Err(Rejection::bad("available_balance_insufficient", detail));
        }
        Ok(())
    }
}

/// Ends a refund that has not ended.
fn end(books: &mut Books, id: &str, now: Timestamp) -> Option<(Refund, Payment)> {
    let refund = books.refunds.get_mut(id)?;
    if matches!(refund.state, RefundState::Succeeded | RefundState::Failed) {
        return None;
    }
    let payment = books.payments.get(&refund.payment)?.clone();
    refund.updated = now;
    if payment.method.trigger == Trigger::FailRefund {
        refund.state = RefundState::Failed;
        books.payouts = books.payouts.saturating_add(refund.amount);
    } else {
        refund.state = RefundState::Succeeded;
    }
    Some((refund.clone(), payment))
}
