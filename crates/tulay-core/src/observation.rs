//! What a provider says, and only what it said: an echo it left out is `None`.

use crate::{
    capability::Bound,
    channel::Channel,
    effect::ErrorKind,
    error::{Answer, Error, Failure, Result},
    money::{Currency, Money},
    operation::Operation,
    order_id::OrderId,
    party::Party,
    pay_by::PayBy,
    prepared::Lookup,
    private::Secret,
    word::{InstitutionId, ProviderReference, Terminal},
};
use jiff::Timestamp;
use std::fmt;

/// A provider's time: its text always, and the instant where the text, or the zone configured
/// for it, tells one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProviderTime {
    /// As the provider wrote it.
    pub text: String,
    /// The instant.
    pub at: Option<Timestamp>,
}

impl ProviderTime {
    /// A time and, where it is known, its instant.
    #[must_use]
    pub fn new(text: impl Into<String>, at: Option<Timestamp>) -> Self {
        Self { text: text.into(), at }
    }
}

/// An amount whose currency the message may not name: one reading for each currency it might be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedAmount(Vec<Money>);

impl StatedAmount {
    /// An amount of a currency that is known.
    #[must_use]
    pub fn known(money: Money) -> Self {
        Self(vec![money])
    }

    /// The readings of an amount, at most one per currency.
    #[must_use]
    pub fn readings(readings: Vec<Money>) -> Self {
        Self(readings)
    }

    /// The reading in this currency.
    #[must_use]
    pub fn in_currency(&self, currency: Currency) -> Option<Money> {
        self.0.iter().copied().find(|money| money.currency() == currency)
    }
}

impl fmt::Display for StatedAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, money) in self.0.iter().enumerate() {
            let or = if index == 0 { "" } else { "/" };
            write!(f, "{or}{}{}", money.currency(), money.amount_text())?;
        }
        Ok(())
    }
}

/// Declares statuses: each has its name, and the provider's word where we do not know it.
macro_rules! statuses {
    ($($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)* })*) => { $(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$doc])* $variant,)*
            /// A word of the provider's that no table lists: never final.
            Unknown(String),
        }

        impl $name {
            /// The name in JSON; the provider's own word where it is unknown.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Unknown(word) => word,
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )* };
}

statuses! {
    /// What became of a payout, by the provider's word.
    PayoutStatus {
        /// Accepted, not final.
        Pending = "pending",
        /// Paid.
        Succeeded = "succeeded",
        /// Not paid. Whether that is final is for the contract to say.
        Failed = "failed",
        /// Paid, and come back.
        Reversed = "reversed",
    }
    /// What became of a collection.
    CollectionStatus {
        /// Waiting for the payer.
        Pending = "pending",
        /// Paid.
        Paid = "paid",
        /// Attempted in vain.
        Failed = "failed",
        /// Expired or cancelled, unpaid.
        Closed = "closed",
        /// Paid, and given back by the provider.
        Reversed = "reversed",
    }
    /// What became of a refund.
    RefundStatus {
        /// Accepted, not final.
        Pending = "pending",
        /// Given back.
        Succeeded = "succeeded",
        /// Not given back.
        Failed = "failed",
        /// Withdrawn.
        Cancelled = "cancelled",
    }
    /// Whether a static code can be paid.
    CodeStatus {
        /// It can.
        Active = "active",
        /// It cannot now.
        Inactive = "inactive",
        /// It never can again.
        Cancelled = "cancelled",
    }
}

/// What a provider says of one order.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Observation<S> {
    /// Its state.
    pub status: S,
    /// The order id, as echoed.
    pub order_id: Option<OrderId>,
    /// The provider's name for it.
    pub provider_reference: Option<ProviderReference>,
    /// The amount, as echoed.
    pub amount: Option<StatedAmount>,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// When it was made.
    pub created: Option<ProviderTime>,
    /// When it became final.
    pub finished: Option<ProviderTime>,
    /// Who paid or was paid, as far as it is told.
    pub counterparty: Party,
    /// What it cost.
    pub fee: Option<StatedAmount>,
    /// The answer it was read from; `None` in a notification.
    pub answer: Option<Answer>,
}

impl<S> Observation<S> {
    /// A status, with nothing echoed; the rest is set after.
    #[must_use]
    pub fn new(status: S) -> Self {
        Self {
            status,
            order_id: None,
            provider_reference: None,
            amount: None,
            failure: None,
            created: None,
            finished: None,
            counterparty: Party::default(),
            fee: None,
            answer: None,
        }
    }

    /// The same observation, its status read otherwise.
    #[must_use]
    pub fn map<T>(self, read: impl FnOnce(S) -> T) -> Observation<T> {
        Observation {
            status: read(self.status),
            order_id: self.order_id,
            provider_reference: self.provider_reference,
            amount: self.amount,
            failure: self.failure,
            created: self.created,
            finished: self.finished,
            counterparty: self.counterparty,
            fee: self.fee,
            answer: self.answer,
        }
    }

    /// Whether it names the order with its amount, and of it all else that a
    /// [`Contract`](crate::Contract) says such messages repeat. One that does not could be about
    /// any order, or about another sum, and ends none.
    ///
    /// This is for what nobody asked for, such as a notification. The answer to a look-up is held
    /// against what was asked: [`is_bound_to`](Self::is_bound_to).
    #[must_use]
    pub fn is_bound(&self, bound: &[Bound]) -> bool {
        bound.contains(&Bound::OrderId) && self.amount.is_some() && self.repeats(bound)
    }

    /// Whether it is about the order that was asked for, and repeats of it all that a contract
    /// says such answers repeat; only then can it end a payment.
    ///
    /// * By its order id, with the amount, where one was asked for.
    /// * Where the contract says [`Bound::ProviderReference`]: by the provider's own id, if the
    ///   look-up carried one and the answer repeats that very one. It then need not name the
    ///   amount. The look-up's must have come in answer to the creating call, as
    ///   [`Bound::ProviderReference`] says.
    ///
    /// That amounts and ids which are there are the right ones is [`agreeing`](Self::agreeing)'s
    /// to say.
    #[must_use]
    pub fn is_bound_to(&self, bound: &[Bound], asked: &Lookup) -> bool {
        let named = if bound.contains(&Bound::ProviderReference) {
            let asked = asked.provider_reference.as_ref();
            asked.is_some() && self.provider_reference.as_ref() == asked
        } else {
            bound.contains(&Bound::OrderId)
                && self.order_id.as_ref() == Some(&asked.order_id)
                && (self.amount.is_some() || asked.amount.is_none())
        };
        named && self.repeats(bound)
    }

    fn repeats(&self, bound: &[Bound]) -> bool {
        bound.iter().all(|part| match part {
            Bound::OrderId => self.order_id.is_some(),
            Bound::Amount => self.amount.is_some(),
            Bound::ProviderReference => self.provider_reference.is_some(),
            // These are compared where the message is read.
            Bound::Account | Bound::Currency | Bound::Beneficiary => true,
        })
    }

    /// The observation, unless an echo contradicts what was asked: every adapter's last line.
    ///
    /// # Errors
    /// `Mismatch`, `Unknown`, when order id or amount differ from those asked for; and where no
    /// order id is repeated, but another provider reference than the one asked for.
    pub fn agreeing(self, operation: Operation, asked: &Lookup) -> Result<Self> {
        let same_id = self.order_id.as_ref().is_none_or(|id| *id == asked.order_id);
        let same_amount = match (&self.amount, asked.amount) {
            (Some(stated), Some(money)) => stated.in_currency(money.currency()) == Some(money),
            _ => true,
        };
        // Beside an order id, a second reference is for the journal to wonder at.
        let same_reference = match (&self.provider_reference, &asked.provider_reference) {
            (Some(told), Some(asked)) => told == asked || self.order_id.is_some(),
            _ => true,
        };
        let field = match (same_id, same_reference, same_amount) {
            (true, true, true) => return Ok(self),
            (false, ..) => "order_id",
            (_, false, _) => "provider_reference",
            _ => "amount",
        };
        let message = format!("the answer's {field} differs from the one asked for");
        let error = Error::new(operation, ErrorKind::Mismatch, message).at(field);
        Err(match self.answer {
            Some(answer) => error.answered(answer),
            None => error,
        })
    }
}

/// What a provider says of one payout.
pub type Payout = Observation<PayoutStatus>;

/// What a provider says of one refund.
pub type Refund = Observation<RefundStatus>;

/// A collection, and how to pay it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Collection {
    /// What is said of the order.
    pub observation: Observation<CollectionStatus>,
    /// How to pay it, where the answer says so.
    pub pay_by: Option<PayBy>,
    /// Until when it can be paid.
    pub expires: Option<ProviderTime>,
}

impl Collection {
    /// A collection of which only the order is known.
    #[must_use]
    pub fn new(observation: Observation<CollectionStatus>) -> Self {
        Self { observation, pay_by: None, expires: None }
    }
}

/// A code that is paid again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StaticCode {
    /// How to ask for it later.
    pub lookup: Lookup,
    /// Whether it can be paid.
    pub status: CodeStatus,
    /// How to pay it, where the answer says so.
    pub pay_by: Option<PayBy>,
    /// Until when it can be paid.
    pub expires: Option<ProviderTime>,
}

impl StaticCode {
    /// A code of which only the state is known.
    #[must_use]
    pub fn new(lookup: Lookup, status: CodeStatus) -> Self {
        Self { lookup, status, pay_by: None, expires: None }
    }
}

/// One payment of a static code; the provider's reference tells it from the next.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Credit {
    /// What is said of the payment.
    pub observation: Observation<CollectionStatus>,
    /// At which till.
    pub terminal: Option<Terminal>,
    /// The payment rail's own number.
    pub rail_reference: Option<String>,
}

impl Credit {
    /// A payment at no till in particular.
    #[must_use]
    pub fn new(observation: Observation<CollectionStatus>) -> Self {
        Self { observation, terminal: None, rail_reference: None }
    }
}

/// What a provider reads in a QR code.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inspection {
    /// What kind of code it is, in the provider's words.
    pub kind: String,
    /// Who would be paid.
    pub payee: Party,
    /// The amount it fixes.
    pub amount: Option<Money>,
    /// The answer it was read from.
    pub answer: Answer,
}

impl Inspection {
    /// A code of which only the kind is known.
    #[must_use]
    pub fn new(kind: impl Into<String>, answer: Answer) -> Self {
        Self { kind: kind.into(), payee: Party::default(), amount: None, answer }
    }
}

/// Which of a merchant's balances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AccountKind {
    /// The one payouts are paid from.
    Payout,
    /// The one collections arrive on.
    Collection,
    /// The only one, where a provider keeps one for both.
    Single,
}

impl AccountKind {
    /// The name in JSON: `payout`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Payout => "payout",
            Self::Collection => "collection",
            Self::Single => "single",
        }
    }
}

/// What is on an account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Balance {
    /// Which account.
    pub account: AccountKind,
    /// What can be spent, in minor units; negative when overdrawn.
    pub available: Money,
    /// The answer it was read from.
    pub answer: Answer,
}

impl Balance {
    /// States a balance.
    #[must_use]
    pub fn new(account: AccountKind, available: Money, answer: Answer) -> Self {
        Self { account, available, answer }
    }
}

/// Where a report can be fetched. The address is a secret: whoever has it can read the report.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReportLink {
    /// The address.
    pub url: Secret,
    /// The file's name, where it is told.
    pub file_name: Option<String>,
}

impl ReportLink {
    /// A link without a file name.
    #[must_use]
    pub fn new(url: Secret) -> Self {
        Self { url, file_name: None }
    }
}

/// A bank or wallet as a provider lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InstitutionEntry {
    /// Its neutral id; `None`: not in our directory yet.
    pub id: Option<InstitutionId>,
    /// What the provider wants to be told.
    pub code: String,
    /// Its name, as the provider writes it.
    pub name: String,
    /// Bank or wallet.
    pub channel: Channel,
    /// Whether it takes nothing now.
    pub closed: bool,
    /// From when until when it takes nothing.
    pub maintenance: Option<(ProviderTime, ProviderTime)>,
}

impl InstitutionEntry {
    /// An open institution that is not in our directory.
    #[must_use]
    pub fn new(code: impl Into<String>, name: impl Into<String>, channel: Channel) -> Self {
        Self {
            id: None,
            code: code.into(),
            name: name.into(),
            channel,
            closed: false,
            maintenance: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Country;

    fn asked() -> Lookup {
        let order_id = OrderId::parse("PCCT4DQCA7IYPBOIHLLI5GBEMB").unwrap();
        let mut asked = Lookup::new(order_id, Country::PH, Currency::PHP, Channel::Bank);
        asked.amount = Some(Money::from_minor(10_000, Currency::PHP));
        asked
    }

    fn reference(text: &str) -> Option<ProviderReference> {
        Some(ProviderReference::new(text).unwrap())
    }

    #[test]
    fn an_order_id_binds_with_its_amount() {
        let bound = [Bound::OrderId];
        let mut said = Payout::new(PayoutStatus::Succeeded);
        said.order_id = Some(asked().order_id);
        assert!(!said.is_bound(&bound) && !said.is_bound_to(&bound, &asked()), "no amount");
        said.amount = Some(StatedAmount::known(Money::from_minor(10_000, Currency::PHP)));
        assert!(said.is_bound(&bound) && said.is_bound_to(&bound, &asked()));
        assert!(!said.is_bound_to(&[], &asked()));
        let mut other = asked();
        other.order_id = OrderId::parse("PAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
        assert!(!said.is_bound_to(&bound, &other));
    }

    #[test]
    fn a_provider_reference_binds_only_the_look_up_that_carries_it() {
        let bound = [Bound::ProviderReference];
        let mut said = Payout::new(PayoutStatus::Succeeded);
        said.provider_reference = reference("7001");
        let mut asked = asked();
        assert!(!said.is_bound_to(&bound, &asked), "it was not asked for by it");
        asked.provider_reference = reference("7001");
        assert!(said.is_bound_to(&bound, &asked));
        assert!(!said.is_bound(&bound), "nobody asked");
        // Without a contract that says so, it binds nothing.
        for bound in [&[][..], &[Bound::OrderId], &[Bound::OrderId, Bound::ProviderReference]] {
            assert!(!said.is_bound_to(bound, &asked), "{bound:?}");
        }
        assert!(!said.is_bound_to(&[Bound::ProviderReference, Bound::Amount], &asked));
        asked.provider_reference = reference("7002");
        assert!(!said.is_bound_to(&bound, &asked));
        said.provider_reference = None;
        assert!(!said.is_bound_to(&bound, &asked));
    }

    #[test]
    fn another_reference_contradicts_where_nothing_else_names_the_order() {
        let mut said = Payout::new(PayoutStatus::Succeeded);
        said.provider_reference = reference("7002");
        let mut asked = asked();
        assert!(said.clone().agreeing(Operation::PayoutFind, &asked).is_ok());
        asked.provider_reference = reference("7001");
        let error = said.clone().agreeing(Operation::PayoutFind, &asked).unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::Mismatch, Some("provider_reference"))
        );
        said.order_id = Some(asked.order_id.clone());
        assert!(said.agreeing(Operation::PayoutFind, &asked).is_ok());
    }

    #[test]
    fn an_answer_that_leaves_echoes_out_agrees() {
        let said = Payout::new(PayoutStatus::Pending);
        assert!(said.agreeing(Operation::PayoutFind, &asked()).is_ok());
    }

    #[test]
    fn an_echo_that_differs_is_a_mismatch_and_proves_nothing() {
        let mut other_order = Payout::new(PayoutStatus::Failed);
        other_order.order_id = Some(OrderId::parse("PAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap());
        let mut other_amount = Payout::new(PayoutStatus::Failed);
        other_amount.amount = Some(StatedAmount::known(Money::from_minor(1, Currency::PHP)));
        let mut other_currency = Payout::new(PayoutStatus::Failed);
        other_currency.amount = Some(StatedAmount::known(Money::from_minor(10_000, Currency::IDR)));
        for (said, field) in
            [(other_order, "order_id"), (other_amount, "amount"), (other_currency, "amount")]
        {
            let error = said.agreeing(Operation::Payout, &asked()).unwrap_err();
            assert_eq!((error.kind(), error.field()), (ErrorKind::Mismatch, Some(field)));
            assert_eq!(error.effect(), crate::Effect::Unknown);
        }
    }

    #[test]
    fn an_amount_without_currency_is_read_in_the_order_s() {
        let stated = StatedAmount::readings(vec![
            Money::from_minor(10_000, Currency::PHP),
            Money::from_minor(1_000_000, Currency::IDR),
        ]);
        let mut said = Payout::new(PayoutStatus::Succeeded);
        said.amount = Some(stated);
        assert!(said.agreeing(Operation::PayoutFind, &asked()).is_ok());
    }
}
