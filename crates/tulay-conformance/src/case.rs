//! What the suite asks a harness to say in the platform's place.

use tulay_core::{Lookup, Money, Operation};

/// A request that reached the platform, and what the suite knows about it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Ask<'a> {
    /// What was called. `Payout` is [`create`](tulay_core::Payouts::create).
    pub operation: Operation,
    /// Which of the call's requests this is, counted from 1.
    pub step: usize,
    /// The request as it arrived.
    pub sent: &'a http::Request<bytes::Bytes>,
    /// The order it is about; `None` where the operation is about none. Of a payment of a static
    /// code, the amount is what was paid.
    pub about: Option<&'a Lookup>,
}

/// One thing a platform can say.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Case {
    /// The meaning.
    pub says: Says,
    /// How it is sealed. Where nothing is ever sealed, this is to be ignored.
    pub seal: Seal,
}

/// The meaning of an answer or notification.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Says {
    /// Carried out, of an operation that is about no order.
    Done,
    /// Carried out; the order stands at this word of the platform's. In a call of several steps,
    /// a step that says no status says that it was carried out.
    #[non_exhaustive]
    Order {
        /// The platform's word.
        status: String,
        /// What is repeated of the order.
        repeats: Repeats,
        /// Every text that the platform fills freely: messages, remarks, names.
        words: String,
        /// The platform's code for why the order failed. Where it tells none, that is something it
        /// cannot say.
        failure: Option<String>,
    },
    /// Not carried out, for this code.
    Code {
        /// The platform's code.
        code: String,
        /// Whether the answer names the message or order it answers, as far as such answers do.
        named: bool,
        /// The text beside it.
        words: String,
    },
    /// There is no such order: the plainest way in which the platform says so.
    Absent,
    /// This is on the account that was asked about.
    Holds(Money),
    /// The code that was asked about says this: what stands in it, or not.
    Scanned(Repeats),
    /// The report is at this address.
    Link(String),
}

/// What a message repeats of the order it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Repeats {
    /// All that it can, truly.
    All,
    /// One minor unit more than was asked for.
    OtherAmount,
    /// Another order's id.
    OtherOrder,
    /// Another merchant account.
    OtherAccount,
    /// No merchant account.
    NoAccount,
    /// No order id.
    NoOrder,
    /// No amount.
    NoAmount,
    /// The same number of another currency.
    OtherCurrency,
    /// All truly; but the code that the payer is shown is over one minor unit more, or over any
    /// amount at all where the payer should choose.
    OtherShown,
    /// All truly; but the code that the payer is shown, or that was asked about, pays somebody of
    /// another kind or name.
    OtherPayee,
    /// No code, account or page to pay by.
    NoShown,
    /// Another id of the platform's own.
    OtherReference,
    /// No id of the platform's own.
    NoReference,
}

/// How a message is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Seal {
    /// As the platform seals it.
    Genuine,
    /// Without signature or token.
    None,
    /// With an empty signature or token.
    Empty,
    /// Well made, with a key or token that is not the platform's.
    OtherKey,
}

impl Case {
    /// Carried out, of an operation that is about no order.
    #[must_use]
    pub fn done() -> Self {
        Says::Done.into()
    }

    /// Carried out; the order stands at this word.
    #[must_use]
    pub fn order(status: impl Into<String>) -> Self {
        let (status, words) = (status.into(), "success".into());
        Says::Order { status, repeats: Repeats::All, words, failure: None }.into()
    }

    /// Not carried out, for this code, as the platform usually answers.
    #[must_use]
    pub fn code(code: impl Into<String>) -> Self {
        Says::Code { code: code.into(), named: true, words: "refused".into() }.into()
    }

    /// This is on the account.
    #[must_use]
    pub fn holds(money: Money) -> Self {
        Says::Holds(money).into()
    }

    /// The code that was asked about says this.
    #[must_use]
    pub fn scanned(repeats: Repeats) -> Self {
        Says::Scanned(repeats).into()
    }

    /// The report is at this address.
    #[must_use]
    pub fn link(url: impl Into<String>) -> Self {
        Says::Link(url.into()).into()
    }

    /// There is no such order.
    #[must_use]
    pub fn absent() -> Self {
        Says::Absent.into()
    }

    /// The same, repeating something else of the order.
    #[must_use]
    pub fn repeating(mut self, other: Repeats) -> Self {
        if let Says::Order { repeats, .. } = &mut self.says {
            *repeats = other;
        }
        self
    }

    /// The same of an order that failed, with the platform's code for why.
    #[must_use]
    pub fn failing_for(mut self, code: impl Into<String>) -> Self {
        if let Says::Order { failure, .. } = &mut self.says {
            *failure = Some(code.into());
        }
        self
    }

    /// The same, not naming what it answers.
    #[must_use]
    pub fn anonymous(mut self) -> Self {
        if let Says::Code { named, .. } = &mut self.says {
            *named = false;
        }
        self
    }

    /// The same in other words.
    #[must_use]
    pub fn in_words(mut self, other: impl Into<String>) -> Self {
        if let Says::Order { words, .. } | Says::Code { words, .. } = &mut self.says {
            *words = other.into();
        }
        self
    }

    /// The same, sealed otherwise.
    #[must_use]
    pub fn sealed(mut self, seal: Seal) -> Self {
        self.seal = seal;
        self
    }
}

impl From<Says> for Case {
    fn from(says: Says) -> Self {
        Self { says, seal: Seal::Genuine }
    }
}
