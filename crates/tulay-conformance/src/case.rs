//! The messages that the suite requests from a harness, in place of the platform.

use crate::{amount_form::AmountForm, seal::Seal};
use tulay_core::{Lookup, Money, Operation};

/// A request that reached the platform, and what the suite knows about it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Ask<'a> {
    /// What was called. `Payout` is [`create`](tulay_core::Payouts::create).
    pub operation: Operation,
    /// The number of the request in its call, counted from 1.
    pub step: usize,
    /// The request as it arrived.
    pub sent: &'a http::Request<bytes::Bytes>,
    /// The order; `None` if the operation has none. For a payment of a static code, the amount is the
    /// paid amount.
    pub about: Option<&'a Lookup>,
}

/// One message of a platform.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Case {
    /// The meaning.
    pub says: Says,
    /// Its signature or token. Ignore it if the platform has neither.
    pub seal: Seal,
}

/// The meaning of a response or notification.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Says {
    /// Carried out, of an operation that is about no order.
    Done,
    /// Carried out; the order has this status of the platform. In a call of several steps, a step
    /// without a status was carried out.
    #[non_exhaustive]
    Order {
        /// The platform's status text.
        status: String,
        /// What the message repeats of the order.
        repeats: Repeats,
        /// The text of all free-text members: messages, remarks, names.
        words: String,
        /// The platform's code for the failure of the order. If it has none, it cannot send this
        /// message.
        failure: Option<String>,
        /// How its amount is written: see [`Case::write_amount`].
        amount: AmountForm,
    },
    /// Not carried out, for this code.
    Code {
        /// The platform's code.
        code: String,
        /// Whether the response names its request or order, as far as such responses do.
        named: bool,
        /// The message text.
        words: String,
    },
    /// Not carried out, for all of these codes at once, in this order. A platform whose responses
    /// have one code cannot send this message.
    Codes {
        /// The platform's codes.
        codes: Vec<String>,
        /// The message text.
        words: String,
    },
    /// There is no such order, in the platform's plainest form. What is byte for byte this response
    /// is read as absent, be it an empty list or an empty body; everything like it proves nothing.
    Absent,
    /// The balance of the account.
    Holds(Money),
    /// The reading of a QR code.
    Scanned(Repeats),
    /// The report is at this address.
    Link(String),
}

/// What a message repeats of its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Repeats {
    /// Everything that it can, correctly.
    All,
    /// One minor unit more than the request.
    OtherAmount,
    /// Another order's id.
    OtherOrder,
    /// Another merchant account.
    OtherAccount,
    /// The merchant account without its last character.
    CutAccount,
    /// The merchant account with one character more.
    LongerAccount,
    /// No merchant account.
    NoAccount,
    /// No order id.
    NoOrder,
    /// No amount.
    NoAmount,
    /// The same number of another currency.
    OtherCurrency,
    /// Everything correctly, but the QR code for the payer has one minor unit more, or a fixed amount
    /// where the payer should choose.
    OtherShown,
    /// Everything correctly, but the QR code pays a payee of another kind or name.
    OtherPayee,
    /// No code, account or page to pay by.
    NoShown,
    /// Another id of the platform's own.
    OtherReference,
    /// No id of the platform's own.
    NoReference,
    /// Of a refund: another payment than the refunded one.
    OtherPayment,
    /// Everything correctly, and of the other mode: live at a test account. Only where messages say
    /// which mode they are of.
    OtherMode,
    /// This id of the platform's own, in every place that has it.
    GivenReference(&'static str),
    /// Everything correctly, and a second order with the same order id and another id of the
    /// platform's own. Only of a response that is a list.
    Twice,
}

impl Case {
    /// Carried out, of an operation that is about no order.
    #[must_use]
    pub fn done() -> Self {
        Says::Done.into()
    }

    /// Carried out; the order has this status.
    #[must_use]
    pub fn order(status: impl Into<String>) -> Self {
        Says::Order {
            status: status.into(),
            repeats: Repeats::All,
            words: "success".into(),
            failure: None,
            amount: AmountForm::Documented,
        }
        .into()
    }

    /// Not carried out, with this code, as the platform usually responds.
    #[must_use]
    pub fn code(code: impl Into<String>) -> Self {
        Says::Code { code: code.into(), named: true, words: "refused".into() }.into()
    }

    /// Not carried out, for all of these codes at once.
    #[must_use]
    pub fn codes<S: Into<String>>(codes: impl IntoIterator<Item = S>) -> Self {
        let codes = codes.into_iter().map(Into::into).collect();
        Says::Codes { codes, words: "refused".into() }.into()
    }

    /// The balance of the account.
    #[must_use]
    pub fn holds(money: Money) -> Self {
        Says::Holds(money).into()
    }

    /// The reading of a QR code.
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

    /// The same for a failed order, with the platform's code.
    #[must_use]
    pub fn failing_for(mut self, code: impl Into<String>) -> Self {
        if let Says::Order { failure, .. } = &mut self.says {
            *failure = Some(code.into());
        }
        self
    }

    /// The same, without the name of its request.
    #[must_use]
    pub fn anonymous(mut self) -> Self {
        if let Says::Code { named, .. } = &mut self.says {
            *named = false;
        }
        self
    }

    /// The same with another message text.
    #[must_use]
    pub fn in_words(mut self, other: impl Into<String>) -> Self {
        if let Says::Order { words, .. } | Says::Code { words, .. } | Says::Codes { words, .. } =
            &mut self.says
        {
            *words = other.into();
        }
        self
    }

    /// The same with its amount in another form.
    #[must_use]
    pub const fn with_amount_as(mut self, form: AmountForm) -> Self {
        if let Says::Order { amount, .. } = &mut self.says {
            *amount = form;
        }
        self
    }

    /// The JSON text of this message with the amount in the form that the case asks for. The harness
    /// passes its text through it before it signs or sends it, and names the member that has the
    /// amount; a text without such a member stays as it is.
    ///
    /// ```
    /// use tulay_conformance::Case;
    /// let text = r#"{"amount":1250,"status":"paid"}"#;
    /// assert_eq!(Case::order("paid").write_amount(text, "amount"), text);
    /// ```
    #[must_use]
    pub fn write_amount(&self, text: &str, member: &str) -> String {
        match &self.says {
            Says::Order { amount, .. } => amount.rewrite(text, member),
            _ => text.to_owned(),
        }
    }

    /// The same with another signature or token.
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
