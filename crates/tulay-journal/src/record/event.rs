//! What happens to a payment: the journal's events.

use super::{collection::Surprise, digest::Digest, original::Original, status::Status};
use crate::{
    collection::{Evidence, PaymentId},
    machine::{Outcome, ReviewReason, Standing, facts::Word},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt};
use tulay_core::{
    Country, Currency, ErrorKind, Guarantees, MerchantAccount, Money, OrderId, ProviderReference,
    Reference,
};

/// One thing that happened to a payment. Events are added and never changed; a payment's row
/// follows from them, except for the texts that have personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// Its number among the events of its payment, from 1, without gaps.
    pub number: u32,
    /// When it was written.
    pub at: Timestamp,
    /// The person who caused it; `None`: the journal.
    pub actor: Option<String>,
    /// What happened.
    pub change: Change,
    /// The status of the payment since; `None`: an older version wrote the event.
    pub status: Option<Status>,
}

/// What happened. It has no personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Change {
    /// The payment was accepted. Nothing was sent.
    Accepted {
        /// It fails, with proof, when nothing was sent until then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        send_by: Option<Timestamp>,
        /// The payment that a refund gives back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        original: Option<Box<Original>>,
        /// Until when a collection can be paid, as it was requested.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expires: Option<Timestamp>,
    },
    /// A sending is about to leave.
    Intended {
        /// The attempt, from 1.
        attempt: u8,
        /// Where the time for the same order id ends, counted from this sending.
        resend_until: Option<Timestamp>,
        /// What a new attempt is; `None`: the same order id is sent again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        begins: Option<Box<Beginning>>,
    },
    /// A sending has ended, or its answer was lost.
    Answered {
        /// The attempt.
        attempt: u8,
        /// The sending, from 0.
        sending: u32,
        /// How it ended; `None`: unknown.
        outcome: Option<Outcome>,
        /// What the answer says of the order, where it identifies the order.
        word: Option<Word>,
        /// The provider's id of the order.
        provider_reference: Option<ProviderReference>,
        /// Why it is not accepted, or why the order failed.
        reason: Option<Reason>,
        /// The answer names this order and another amount or currency.
        #[serde(default)]
        is_mismatch: bool,
    },
    /// A look-up was asked and ended.
    LookedUp {
        /// The attempt.
        attempt: u8,
        /// When it was asked.
        asked: Timestamp,
        /// What it says.
        finding: Finding,
        /// The provider's id of the order, of an answer that names our order id.
        provider_reference: Option<ProviderReference>,
        /// Why it says nothing, or why the order failed or came back.
        reason: Option<Reason>,
    },
    /// A notification arrived that names its order. What it does not prove by itself is looked up now.
    Notified {
        /// The attempt.
        attempt: u8,
        /// When it arrived.
        received: Timestamp,
        /// What it says of the order.
        word: Word,
        /// It names the account, the order and the amount, and is genuine. Else it is a hint, and
        /// proves nothing.
        is_evidence: bool,
        /// It is evidence of another amount or currency. It has no effect, and a person looks.
        #[serde(default)]
        is_mismatch: bool,
    },
    /// Its order ids were looked up at every account: the journal may not know every payment.
    Searched {
        /// When the first look-up was asked.
        asked: Timestamp,
        /// Where every order id was answered for.
        places: Vec<Place>,
        /// The orders that are of no attempt that the journal knew.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        sightings: Vec<Sighting>,
        /// Why a person has to look at them.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        reviews: BTreeSet<ReviewReason>,
    },
    /// An order that a search found is an attempt of the payment from now on. It takes the slot.
    Adopted(Box<Adoption>),
    /// The provider gave its id of this order to another order too.
    ReferenceShared {
        /// The attempt.
        attempt: u8,
    },
    /// The payment that replaces this one, or that this one replaces, may be paid after all.
    Linked {
        /// The other payment.
        reference: Reference,
        /// Why a person has to look.
        reason: ReviewReason,
    },
    /// A person or a statement says what became of it.
    Declared {
        /// The attempt.
        attempt: u8,
        /// What is said.
        declaration: Declaration,
        /// How many sendings it covers, from the first.
        sendings: u32,
        /// Where it is from.
        source: Source,
        /// What it rests on.
        note: String,
    },
    /// An attempt gave up its slot. Nothing of it was paid, nor will be.
    Closed {
        /// The attempt.
        attempt: u8,
        /// Where it stands for ever.
        standing: Standing,
    },
    /// It has to wait before it is sent.
    Deferred {
        /// Why.
        reason: Reason,
        /// Until when it is not tried.
        until: Timestamp,
    },
    /// It was not paid, and never will be.
    Ended {
        /// How.
        ending: Ending,
        /// Why.
        reason: Option<Reason>,
    },
    /// A person has looked at a reason that does not clear itself.
    Cleared {
        /// The reason.
        reason: ReviewReason,
    },
    /// Something became known of a collection.
    Learned {
        /// What.
        evidence: Box<Evidence>,
        /// The provider's id of the order.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        provider_reference: Option<ProviderReference>,
        /// Until when it can be paid, as the provider says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expires: Option<Timestamp>,
        /// Why it is not as it should be.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Reason>,
    },
    /// A payment of a collection came in.
    Received {
        /// The provider's id of the payment, or of its order.
        payment: PaymentId,
        /// The attempt whose order was paid; `None`: a person assigned it.
        order: Option<u8>,
        /// The amount.
        amount: Money,
        /// When it was paid, by the provider's clock.
        paid_at: Option<Timestamp>,
    },
    /// A payment of a collection, or the sum of them, is not as it was asked.
    Surprised {
        /// How.
        surprise: Surprise,
        /// The payment; `None`: the sum.
        payment: Option<PaymentId>,
    },
}

impl Change {
    /// The name in the database and in JSON.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Accepted { .. } => "accepted",
            Self::Intended { .. } => "intended",
            Self::Answered { .. } => "answered",
            Self::LookedUp { .. } => "looked_up",
            Self::Notified { .. } => "notified",
            Self::Searched { .. } => "searched",
            Self::Adopted(_) => "adopted",
            Self::ReferenceShared { .. } => "reference_shared",
            Self::Linked { .. } => "linked",
            Self::Declared { .. } => "declared",
            Self::Closed { .. } => "closed",
            Self::Deferred { .. } => "deferred",
            Self::Ended { .. } => "ended",
            Self::Cleared { .. } => "cleared",
            Self::Learned { evidence, .. } => evidence.as_str(),
            Self::Received { .. } => "received",
            Self::Surprised { surprise, .. } => surprise.as_str(),
        }
    }
}

/// What a new attempt is. None of it ever changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Beginning {
    /// The account that it is sent through.
    pub merchant_account: MerchantAccount,
    /// The id that its order has.
    pub order_id: OrderId,
    /// The digest of its prepared request.
    pub digest: Digest,
    /// What the provider guaranteed when it was first sent.
    pub guarantees: Guarantees,
}

/// An order that a search found, as an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Adoption {
    /// The number of the attempt.
    pub attempt: u8,
    /// What the attempt is, with the guarantees of today.
    pub begins: Beginning,
    /// When the search was asked.
    pub asked: Timestamp,
    /// What the look-up says.
    pub finding: Finding,
    /// The provider's id of the order.
    pub provider_reference: Option<ProviderReference>,
}

/// Where a search asks: one country and currency at one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "a place has these parts")]
pub struct Place {
    /// The account.
    pub merchant_account: MerchantAccount,
    /// The country.
    pub country: Country,
    /// The currency.
    pub currency: Currency,
}

/// An order that a search found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "a worker states all of it")]
pub struct Sighting {
    /// The number of the attempt whose order id it has.
    pub attempt: u8,
    /// Where it was found.
    pub place: Place,
    /// What the look-up says. [`Finding::Mismatch`] where the order is of another amount or currency
    /// than the place's.
    pub finding: Finding,
    /// The amount that the provider states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// The provider's id of the order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_reference: Option<ProviderReference>,
}

/// What a look-up says of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "every finding has its rule")]
pub enum Finding {
    /// A genuine answer: there is no such order.
    Absent,
    /// A genuine answer that names the order. Its word is pending unless it identifies the order.
    Found(Word),
    /// An answer that names our order id and another amount or currency. It has no effect, and a
    /// person looks.
    Mismatch,
    /// No answer, or one that says nothing of this order.
    Nothing,
}

/// What a person or a statement says became of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "every declaration has its rule")]
pub enum Declaration {
    /// No order of it exists at the provider, and none can any more.
    NotExecuted,
    /// The money reached the beneficiary.
    Paid,
    /// It was paid, and the money is back.
    CameBack,
}

/// Where evidence is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Source {
    /// A person.
    Person,
    /// The provider's statement of the account.
    Statement,
}

/// A search that is not used up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Search {
    /// When its first look-up was asked.
    pub asked: Timestamp,
    /// Where every order id was answered for.
    pub places: Vec<Place>,
}

/// How a payment ends without having been paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "there is no third")]
pub enum Ending {
    /// It failed.
    Failed,
    /// It was withdrawn.
    Cancelled,
}

/// Why something is as it is: our classification, and the provider's code where it can be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Reason {
    /// Our classification.
    pub kind: ReasonKind,
    /// The provider's code, if it has no personal data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

impl Reason {
    /// A reason without a code.
    #[must_use]
    pub const fn new(kind: ReasonKind) -> Self {
        Self { kind, code: None }
    }

    /// Whether a look-up without an answer may have one soon.
    pub(crate) const fn may_pass(&self) -> bool {
        matches!(self.kind, ReasonKind::Busy | ReasonKind::Error(_))
    }

    /// Adds the provider's code, as [`Failure::shown_code`](tulay_core::Failure::shown_code) has it.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }
}

/// For people: a clause without a full stop, with the provider's code.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.meaning())?;
        match &self.code {
            Some(code) => write!(f, " ({code})"),
            None => Ok(()),
        }
    }
}

/// The classification of a [`Reason`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReasonKind {
    /// What the provider or the transport answered.
    Error(ErrorKind),
    /// Its time to be sent has passed.
    Deadline,
    /// Every account of the plan is used up.
    PlanUsedUp,
    /// An account of it is not configured.
    NotConfigured,
    /// Sending is paused.
    Paused,
    /// The journal is not known to be whole.
    NotWhole,
    /// The circuit of the account is open, or its rate is used up.
    Busy,
    /// A person withdrew it.
    Withdrawn,
    /// It waits for a person; its reviews say why.
    Review,
    /// The provider cannot be asked about it by our order id.
    NotAskable,
    /// Its stored request has a form that this version does not read. It is never prepared anew.
    StoredForm,
}

impl ReasonKind {
    /// What it means, for people: a clause without a full stop.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Error(kind) => kind.meaning(),
            Self::Deadline => "its time to be sent has passed",
            Self::PlanUsedUp => "no account is left that may take it",
            Self::NotConfigured => "its account is not configured for it any more",
            Self::Paused => "sending is paused",
            Self::NotWhole => "the journal may not know every payment of its namespace",
            Self::Busy => "the account takes no further payment now",
            Self::Withdrawn => "it was withdrawn",
            Self::Review => "it waits for a person",
            Self::NotAskable => "the provider cannot be asked about it",
            Self::StoredForm => "this version does not read the form in which it is stored",
        }
    }
}
