//! A payout that a person looks at: what is known of it, what is missing, and what each statement
//! would make of it.

use super::{Event, PaymentRecord, ReviewReason, Status, open::Opened, statement::Resolution};
use jiff::Timestamp;
use std::{collections::BTreeSet, fmt};
use tulay_core::{MerchantAccount, OrderId, ProviderId, ProviderReference};
use tulay_journal::{
    record::{AttemptRecord, Context, Doubt, Preview, Record, Refused, preview},
    store::Journal,
};

/// A payout that a person looks at.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReviewCase {
    /// The payment.
    pub payment: PaymentRecord,
    /// What happened to it, the oldest first.
    pub timeline: Vec<Event>,
    /// What a person has to find out; empty: nothing.
    pub missing: Vec<Question>,
    /// What each statement would make of it.
    pub answers: Vec<Answer>,
}

/// What a person has to find out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Question {
    /// The order that it is about; `None`: it is about no order.
    pub order: Option<Order>,
    /// The question, or what to do: a sentence without a full stop.
    pub text: String,
}

/// An order at a provider, as the provider is asked about it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Order {
    /// The attempt that made it.
    pub attempt: u8,
    /// The account that it was sent through.
    pub account: MerchantAccount,
    /// The name of the account in the configuration; `None`: it is not configured.
    pub provider: Option<ProviderId>,
    /// The id that it has.
    pub order_id: OrderId,
    /// The provider's own id of it.
    pub provider_reference: Option<ProviderReference>,
}

/// What a statement would make of a payout, if nothing else happens to it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// The statement.
    pub resolution: Resolution,
    /// The attempt that it would be about.
    pub attempt: u8,
    /// Until when it is refused; `None`: it can be stated now.
    pub not_before: Option<Timestamp>,
    /// The status after it, once a worker has done what follows.
    pub status: Status,
    /// Why a person has to look after it.
    pub reviews: BTreeSet<ReviewReason>,
    /// It would change neither, and the payout is final: it is refused.
    pub is_refused: bool,
}

impl ReviewCase {
    pub(super) fn of(
        opened: &Opened,
        record: &Record,
        timeline: Vec<Event>,
        journal: &Journal,
    ) -> Self {
        let payment = opened.shown(record);
        let missing = missing(opened, record, &payment);
        let each = |attempt| {
            let answer = move |resolution| Answer::of(opened, record, attempt, resolution, journal);
            Resolution::ALL.into_iter().filter_map(answer)
        };
        let answers = attempts(record).into_iter().flat_map(each).collect();
        Self { payment, timeline, missing, answers }
    }
}

impl Answer {
    pub(super) fn of(
        opened: &Opened,
        record: &Record,
        attempt: u8,
        resolution: Resolution,
        journal: &Journal,
    ) -> Option<Self> {
        let now = opened.time.now();
        let Preview { from, after, .. } =
            previewed(opened, record, attempt, resolution, journal, now).ok()?;
        let is_same = (after.status, &after.reviews) == (record.status, &record.reviews);
        Some(Self {
            resolution,
            attempt,
            not_before: (from > now.max(record.progress.last_at)).then_some(from),
            status: after.status,
            reviews: after.reviews,
            is_refused: is_same && record.status.is_final(),
        })
    }
}

fn previewed(
    opened: &Opened,
    record: &Record,
    attempt: u8,
    resolution: Resolution,
    journal: &Journal,
    now: Timestamp,
) -> Result<Preview, Refused> {
    let doubt = Doubt { since: journal.doubted_at, accounts: Vec::new() };
    let doubt = journal.whole_since.is_none().then_some(&doubt);
    // A statement does not depend on pauses, nor on the process.
    let context = Context { now, policy: &opened.policy, owner: 0, pauses: &[], doubt };
    preview(record, attempt, resolution.declaration(), &context)
}

/// The attempts that a statement may be about: those that may have been paid, or else the last.
pub(super) fn attempts(record: &Record) -> Vec<u8> {
    let alive = record.attempts_alive();
    let last = || record.attempts.last().map(|last| last.attempt.number).into_iter().collect();
    if alive.is_empty() { last() } else { alive }
}

fn missing(opened: &Opened, record: &Record, payment: &PaymentRecord) -> Vec<Question> {
    let mut missing = Vec::new();
    if let Some(fix) = &payment.fix {
        missing.push(Question { order: None, text: format!("to let it go on: {fix}") });
    }
    if record.reviews.contains(&ReviewReason::Reversed) {
        let text = "the money came back; decide whether to pay it again, under a new reference";
        missing.push(Question { order: None, text: text.into() });
    }
    let Some(text) = question(record) else { return missing };
    let alive = attempts(record);
    let orders = record.attempts.iter().filter(|it| alive.contains(&it.attempt.number));
    missing.extend(orders.map(|attempt| {
        let order = Some(Order::of(opened, attempt));
        Question {
            order,
            text: format!("{text} (the {} is of {})", record.operation, record.amount),
        }
    }));
    missing
}

/// What to ask the provider of an order; `None`: nothing.
fn question(record: &Record) -> Option<&'static str> {
    let has = |reason| record.reviews.contains(&reason);
    let is_open = matches!(record.status, Status::InDoubt | Status::Pending);
    let questions = [
        (
            has(ReviewReason::DoublePaymentSuspected),
            "was this order paid? Another order of the same payout may have been paid too",
        ),
        (
            has(ReviewReason::Mismatch),
            "which amount and currency does this order have? A message about it names others",
        ),
        (
            has(ReviewReason::Contradiction),
            "its answers contradict each other; was this order paid, is it paid no more, or did \
             the money come back?",
        ),
        (
            has(ReviewReason::Unresolved),
            "was this order executed? If not, can it still be executed?",
        ),
        (has(ReviewReason::Slow) && is_open, "what does this order wait for?"),
    ];
    questions.into_iter().find_map(|(holds, text)| holds.then_some(text))
}

impl Order {
    fn of(opened: &Opened, attempt: &AttemptRecord) -> Self {
        Self {
            attempt: attempt.attempt.number,
            account: attempt.merchant_account.clone(),
            provider: opened.name(&attempt.merchant_account),
            order_id: attempt.order_id.clone(),
            provider_reference: attempt.provider_reference.clone(),
        }
    }
}

/// `ask starpay (mch 1015…0001) about order P… (its id D-7001): …`.
impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(order) = &self.order {
            let name = order.provider.as_ref().map_or(&*order.account.adapter, |it| it.as_str());
            let (account, id) = (order.account.masked(), &order.order_id);
            write!(f, "ask {name} (mch {account}) about order {id}")?;
            if let Some(theirs) = &order.provider_reference {
                write!(f, " (its id {})", theirs.as_str())?;
            }
            f.write_str(": ")?;
        }
        f.write_str(&self.text)
    }
}
