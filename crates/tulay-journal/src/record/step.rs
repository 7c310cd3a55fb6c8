//! The steps that are written down, and why one may be refused.

use super::{
    Lease, Record, RecordId,
    digest::Digest,
    event::{Declaration, Ending, Finding, Place, Reason, Sighting, Source},
    news::{News, NotificationId},
};
use crate::machine::facts::Word;
use jiff::Timestamp;
use tulay_core::{ErrorKind, Lookup, MerchantAccount, Money, Prepared, ProviderReference};

/// A step of one payment, to be written down in one transaction.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Write {
    /// The payment.
    pub id: RecordId,
    /// The claim that it belongs to; `None`: it needs none.
    pub lease: Option<Lease>,
    /// The person who caused it.
    pub actor: Option<String>,
    /// The step.
    pub step: Step,
}

impl Write {
    /// A step of the process that claimed the payment.
    #[must_use]
    pub const fn claimed(record: &Record, step: Step) -> Self {
        Self { id: record.id, lease: record.lease, actor: None, step }
    }

    /// A step of a person.
    #[must_use]
    pub const fn by(id: RecordId, actor: String, step: Step) -> Self {
        Self { id, lease: None, actor: Some(actor), step }
    }
}

/// A step of one payment.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Step {
    /// Something is about to leave. Nothing may leave before this is durable.
    Intend {
        /// The version that the decision rests on.
        version: u32,
        /// What leaves.
        intent: Intent,
    },
    /// A sending was answered, or its answer was lost. It is taken from any process, also a late
    /// one.
    Answer {
        /// The attempt, from 1.
        attempt: u8,
        /// The sending, from 0.
        sending: u32,
        /// When it was written down that it was about to leave. After a restore, another sending may
        /// have the same number.
        sent_at: Timestamp,
        /// What was seen.
        seen: Seen,
        /// What the answer says of the order, where it identifies the order.
        word: Option<Word>,
        /// The provider's id of the order.
        provider_reference: Option<ProviderReference>,
        /// Why, where it is not accepted.
        reason: Option<Reason>,
    },
    /// A look-up ended.
    LookUp {
        /// The attempt, from 1.
        attempt: u8,
        /// When it was asked, by the journal's clock.
        asked: Timestamp,
        /// What it says.
        finding: Finding,
        /// The provider's id of the order, of an answer that names our order id.
        provider_reference: Option<ProviderReference>,
        /// Why, where it says nothing.
        reason: Option<Reason>,
    },
    /// A notification names an order of it. The notification is applied in the same transaction.
    Notify {
        /// The notification.
        notification: NotificationId,
        /// The attempt, from 1.
        attempt: u8,
        /// When it arrived.
        received: Timestamp,
        /// What it says.
        notice: Notice,
    },
    /// Something became known of a collection. Whatever does not end it needs no claim.
    Learn(Box<News>),
    /// Its order ids were looked up at every account. Orders that the journal did not know count,
    /// whether or not everything was answered.
    Search {
        /// When the first look-up was asked, by the journal's clock.
        asked: Timestamp,
        /// Where the ids of all attempts, 1 to 8, were answered for. Of a payment that is final: the
        /// ids of its attempts and the next one.
        places: Vec<Place>,
        /// The orders that there are.
        hits: Vec<Hit>,
    },
    /// A person or a statement says what became of it.
    Declare {
        /// The attempt, from 1.
        attempt: u8,
        /// What is said.
        declaration: Declaration,
        /// The moment that the evidence speaks of. It says nothing of what could still leave then.
        /// `None`: it says what became of the order for good.
        as_of: Option<Timestamp>,
        /// Where it is from.
        source: Source,
        /// What it rests on.
        note: String,
    },
    /// It cannot be sent yet.
    Defer {
        /// Why.
        reason: Reason,
        /// Until when.
        until: Timestamp,
    },
    /// It ends without having been paid.
    End {
        /// The version that a worker's decision rests on.
        version: Option<u32>,
        /// How.
        ending: Ending,
        /// Why.
        reason: Option<Reason>,
    },
    /// A person has looked at the message that named another amount.
    ClearMismatch,
}

impl Step {
    /// The notification that it applies.
    pub(crate) fn notification(&self) -> Option<NotificationId> {
        match self {
            Self::Notify { notification, .. } => Some(*notification),
            Self::Learn(news) => news.notification,
            _ => None,
        }
    }
}

/// What a notification says of the order that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a worker states all of it")]
pub struct Notice {
    /// What it says of the order.
    pub word: Word,
    /// It is evidence: it names the account, the order and the amount, and is genuine. Everything else
    /// is a hint.
    pub is_evidence: bool,
    /// It is evidence, and the amount or the currency is another one.
    pub is_mismatch: bool,
}

/// An order that a search found, and how it is looked up again.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "a worker states all of it")]
pub struct Hit {
    /// The order.
    pub sighting: Sighting,
    /// The look-up of the payment under the order's id.
    pub lookup: Lookup,
}

/// What is about to leave.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "there is no third")]
pub enum Intent {
    /// The last attempt's order id again, with the prepared request of this digest.
    Same(Digest),
    /// The next attempt, with this prepared request.
    Next(Box<Prepared>),
}

/// How a sending ended, as far as its process saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "each has its rule")]
pub enum Seen {
    /// No byte left.
    NotSent {
        /// Why.
        kind: ErrorKind,
    },
    /// A listed rejection in a genuine answer.
    Rejected {
        /// Why.
        kind: ErrorKind,
        /// It depends on the content alone.
        is_permanent: bool,
    },
    /// The provider has the order.
    Accepted,
    /// The provider has seen this order id before.
    Duplicate,
    /// The answer names this order and another amount or currency.
    Mismatch,
    /// Anything else.
    Unknown,
}

/// Why a step was not written. Nothing of it happened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// There is no such payment.
    #[error("there is no such payment; check the reference")]
    Missing,
    /// Another process works on it, or it changed since it was read.
    #[error("the payment changed in the meantime; read it again")]
    Overtaken,
    /// A process may be sending it.
    #[error("the payment may be sent at this moment; try again after {until}")]
    Busy {
        /// When to try again.
        until: Timestamp,
    },
    /// A copy could still leave at the moment that the evidence speaks of.
    #[error("it was last sent at {at}, of which the evidence says nothing; ask the provider again")]
    SentSince {
        /// When it was last sent.
        at: Timestamp,
    },
    /// Sending is paused.
    #[error("sending is paused; it goes on after `tulay resume`")]
    Paused,
    /// The journal is not known to be whole.
    #[error(
        "the journal may not know every payment of its namespace, and this one was not looked up at \
         every account yet; wait, or confirm with `tulay resume --whole` that nothing else was sent"
    )]
    NotWhole,
    /// A review blocks it.
    #[error("the payment waits for a person; see its review")]
    Blocked,
    /// The account, country or operation is not configured.
    #[error("the account of this attempt is not configured for this payment; configure it again")]
    NotConfigured,
    /// The order id may be sent again only with the same text.
    #[error("the prepared request differs from the one that was sent first; it is not sent")]
    OtherText,
    /// The order id is another payment's.
    #[error("the order id belongs to another attempt; it is not sent")]
    OrderIdTaken,
    /// Its time to be sent has passed.
    #[error("the time to send the payment has passed")]
    Late,
    /// A notification names the order id, which was never sent.
    #[error(
        "a notification of the provider names the order id, which was never sent; it is looked up first"
    )]
    Notified {
        /// The account of the notification.
        account: MerchantAccount,
        /// The notification is evidence that the order exists.
        is_evidence: bool,
    },
    /// The account wants payments to one beneficiary further apart.
    #[error("the account takes the next payment to this beneficiary after {until}")]
    TooEarly {
        /// When to try again.
        until: Timestamp,
    },
    /// The refunds of a payment would give back more than was paid.
    #[error("of {paid} that was paid, {left} is left to refund")]
    MoreThanPaid {
        /// What was paid.
        paid: Money,
        /// What no other refund gives back.
        left: Money,
    },
    /// An earlier refund of the payment states that another amount was paid.
    #[error("an earlier refund of this payment states that {paid} was paid; state the same")]
    OtherPaid {
        /// What the earlier refund states.
        paid: Money,
    },
    /// The facts do not allow it.
    #[error("what is known of the payment does not allow this step; see its timeline")]
    NotAllowed,
}
