//! Results: what became of a payout, a collection, a static code, a refund.

use super::{
    error::sentence,
    instructions::{PaymentInstructionsJson, Personal},
};
use serde::Serialize;
use tulay_core::{
    Balance, Collection, CollectionStatus, Country, Currency, Effect, Error, Failure,
    IncomingPayment, InstitutionId, Lookup, Money, OrderId, Payout, PayoutStatus, ProviderId,
    ProviderReference, ProviderTime, Reference, StaticCode, StaticCodeStatus, Terminal,
};

/// Where a payout or refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "who acts on money must have thought of each")]
pub enum StatusJson {
    /// Accepted; nothing has left.
    Created,
    /// It may have been executed. Nothing may be sent again by hand.
    InDoubt,
    /// The provider has it.
    Pending,
    /// Executed.
    Succeeded,
    /// Not executed, with proof. Only after this may the same money be paid another way.
    Failed,
    /// Executed, and the money came back.
    Reversed,
}

/// A payout's result as JSON, as `tulay payout create` prints it. It holds no personal data.
///
/// ```
/// use tulay::json::{ErrorJson, PayoutJson};
/// use tulay::{CallError, Effect, Payouts, Prepared, ProviderId, Reference};
///
/// async fn send(
///     payouts: &dyn Payouts,
///     provider: &ProviderId,
///     reference: &Reference,
///     prepared: &Prepared,
/// ) -> Result<PayoutJson, ErrorJson> {
///     let result = PayoutJson::new(reference, provider, &prepared.lookup);
///     match payouts.create(prepared).await {
///         Ok(payout) => Ok(result.with_payout(&payout)),
///         // It may have been paid: the result says `in_doubt`, and the payout is looked up later.
///         Err(error) if error.effect() == Effect::Unknown => Ok(result.with_error(&error)),
///         Err(error) => Err(ErrorJson::from(&error).with_provider(provider.clone())),
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PayoutJson {
    /// The application's name for the payout.
    pub reference: Reference,
    /// The provider that has it.
    pub provider: ProviderId,
    /// The provider's name for it.
    pub provider_reference: Option<ProviderReference>,
    /// The order id that it was sent under.
    pub order_id: OrderId,
    /// The amount.
    pub amount: Option<Money>,
    /// What was requested, where the provider states another amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<Money>,
    /// The bank or wallet that the request named, by its neutral id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub institution: Option<InstitutionId>,
    /// Where it stands.
    pub status: StatusJson,
    /// What the last sending may have done; `None` where it was accepted.
    pub effect: Option<Effect>,
    /// How often it was sent.
    pub attempts: u32,
    /// Why it is in this status; never the reason of an earlier one.
    pub reason: Option<String>,
    /// What it waits for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting: Option<String>,
    /// The members that could be compared with an order that was there before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matched: Option<Vec<String>>,
}

impl PayoutJson {
    /// A payout of which nothing was sent yet.
    #[must_use]
    pub fn new(reference: &Reference, provider: &ProviderId, lookup: &Lookup) -> Self {
        Self {
            reference: reference.clone(),
            provider: provider.clone(),
            provider_reference: lookup.provider_reference.clone(),
            order_id: lookup.order_id.clone(),
            amount: lookup.amount,
            asked: None,
            institution: lookup.institution.clone(),
            status: StatusJson::Created,
            effect: None,
            attempts: 0,
            reason: None,
            waiting: None,
            matched: None,
        }
    }

    /// The same payout after what the provider says of it.
    ///
    /// `failed` or `reversed` by one message is not proof: the status is `pending` then, with the
    /// reason. Whether it is final follows from
    /// [`Capability::guarantees`](crate::adapter::Capability), and the application that has the proof
    /// sets `status`.
    #[must_use]
    pub fn with_payout(mut self, payout: &Payout) -> Self {
        (self.effect, self.reason, self.waiting) = (None, None, None);
        self.status = match &payout.status {
            PayoutStatus::Succeeded => StatusJson::Succeeded,
            status @ (PayoutStatus::Failed | PayoutStatus::Cancelled | PayoutStatus::Reversed) => {
                self.reason = payout.failure.as_ref().map(failure_text);
                self.waiting =
                    Some(format!("the provider states {status}, which is not proven yet"));
                StatusJson::Pending
            }
            PayoutStatus::Unknown(word) => {
                let word = shown_word(word);
                self.waiting = Some(format!("the provider's status {word} is not a known one"));
                StatusJson::Pending
            }
            _ => StatusJson::Pending,
        };
        if let Some(reference) = &payout.provider_reference {
            self.provider_reference = Some(reference.clone());
        }
        self
    }

    /// The same payout after a sending that failed: `in_doubt`, unless nothing was sent and nothing
    /// was known of it before. A rejection speaks of one sending: an earlier one may have been
    /// executed, so the payout is looked up, and the application that has the proof sets `failed`.
    #[must_use]
    pub fn with_error(mut self, error: &Error) -> Self {
        self.status = match (error.effect(), self.status) {
            (Effect::NotSent, status) => status,
            (Effect::Unknown | Effect::Rejected, _) => StatusJson::InDoubt,
        };
        self.effect = Some(error.effect());
        self.reason = Some(sentence(error));
        if let Some(reference) = error.provider_reference() {
            self.provider_reference = Some(reference.clone());
        }
        self
    }
}

/// A collection's result as JSON, as `tulay collection create` prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CollectionJson {
    /// The application's name for the collection.
    pub reference: Reference,
    /// The provider that has it.
    pub provider: ProviderId,
    /// The provider's name for it.
    pub provider_reference: Option<ProviderReference>,
    /// The order id that it was made under.
    pub order_id: OrderId,
    /// What the provider states as paid or to be paid; what was requested where it states nothing.
    pub amount: Option<Money>,
    /// What was to be paid, where the application says so: see [`with_asked`](Self::with_asked).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<Money>,
    /// What was paid, where it is compared with what was to be paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid: Option<Money>,
    /// What was paid less what was to be paid: negative where it was paid short.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference: Option<Money>,
    /// The status' name; an unknown one as [`shown_word`]. `underpaid` where less was paid than
    /// asked.
    pub status: String,
    /// Until when it can be paid: an instant, or the provider's own words.
    pub expires: Option<String>,
    /// How to pay it.
    pub payment_instructions: Option<PaymentInstructionsJson>,
}

impl CollectionJson {
    /// A collection as a provider states it.
    #[must_use]
    pub fn new(
        reference: &Reference,
        provider: &ProviderId,
        lookup: &Lookup,
        collection: &Collection,
        personal: Personal,
    ) -> Self {
        let observation = &collection.observation;
        let provider_reference =
            observation.provider_reference.as_ref().or(lookup.provider_reference.as_ref());
        let stated = observation.amount.as_ref();
        let payment_instructions = collection.payment_instructions.as_ref();
        Self {
            reference: reference.clone(),
            provider: provider.clone(),
            provider_reference: provider_reference.cloned(),
            order_id: lookup.order_id.clone(),
            amount: stated.and_then(|a| a.in_currency(lookup.currency)).or(lookup.amount),
            asked: None,
            paid: None,
            difference: None,
            status: collection_status(&observation.status),
            expires: collection.expires.as_ref().map(time_text),
            payment_instructions: payment_instructions.and_then(|payment_instructions| {
                PaymentInstructionsJson::new(payment_instructions, personal)
            }),
        }
    }
}

impl CollectionJson {
    /// The same collection compared with what was to be paid: a payment that is short, over or right
    /// is distinguished by `difference`, and a short one has the status `underpaid`.
    ///
    /// ```
    /// use tulay::json::CollectionJson;
    /// use tulay::Money;
    /// fn may_ship(collection: CollectionJson, asked: Money) -> bool {
    ///     collection.with_asked(asked).status == "paid"
    /// }
    /// ```
    #[must_use]
    pub fn with_asked(mut self, asked: Money) -> Self {
        self.asked = Some(asked);
        if self.status == CollectionStatus::Paid.as_str() {
            self.paid = self.amount;
            self.difference = self.amount.and_then(|paid| difference(paid, asked));
        }
        if self.difference.is_some_and(|difference| difference.minor() < 0) {
            self.status = "underpaid".into();
        }
        self
    }
}

/// What was paid less what was asked, in one currency.
fn difference(paid: Money, asked: Money) -> Option<Money> {
    let minor = paid.minor().checked_sub(asked.minor())?;
    (paid.currency() == asked.currency()).then(|| Money::from_minor(minor, paid.currency()))
}

/// A static code's result as JSON, as `tulay static-code create` prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StaticCodeJson {
    /// The application's name for the code.
    pub reference: Reference,
    /// The provider that has it.
    pub provider: ProviderId,
    /// The provider's name for it.
    pub provider_reference: Option<ProviderReference>,
    /// The order id that it was made under.
    pub order_id: OrderId,
    /// `active`, `inactive` or `cancelled`; an unknown one as [`shown_word`].
    pub status: String,
    /// How to pay it; never of a cancelled one.
    pub payment_instructions: Option<PaymentInstructionsJson>,
}

impl StaticCodeJson {
    /// A static code as a provider states it.
    #[must_use]
    pub fn new(
        reference: &Reference,
        provider: &ProviderId,
        code: &StaticCode,
        personal: Personal,
    ) -> Self {
        let usable = code
            .payment_instructions
            .as_ref()
            .filter(|_| code.status != StaticCodeStatus::Cancelled);
        Self {
            reference: reference.clone(),
            provider: provider.clone(),
            provider_reference: code.lookup.provider_reference.clone(),
            order_id: code.lookup.order_id.clone(),
            status: match &code.status {
                StaticCodeStatus::Unknown(word) => shown_word(word).to_owned(),
                known => known.as_str().to_owned(),
            },
            payment_instructions: usable.and_then(|payment_instructions| {
                PaymentInstructionsJson::new(payment_instructions, personal)
            }),
        }
    }
}

/// One payment of a static code as JSON, as `tulay static-code payments` prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IncomingPaymentJson {
    /// The provider's name for the payment, which tells it from the next.
    pub provider_reference: Option<ProviderReference>,
    /// The amount, in the code's currency.
    pub amount: Option<Money>,
    /// The status' name; an unknown one as [`shown_word`].
    pub status: String,
    /// The terminal that it was paid at.
    pub terminal: Option<Terminal>,
    /// The payment rail's own number.
    pub rail_reference: Option<String>,
}

impl IncomingPaymentJson {
    /// A payment of a code in this currency.
    #[must_use]
    pub fn new(payment: &IncomingPayment, currency: Currency) -> Self {
        let observation = &payment.observation;
        Self {
            provider_reference: observation.provider_reference.clone(),
            amount: observation.amount.as_ref().and_then(|amount| amount.in_currency(currency)),
            status: collection_status(&observation.status),
            terminal: payment.terminal.clone(),
            rail_reference: observation.rail_reference.clone(),
        }
    }
}

/// A balance as JSON, as `tulay balance` prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BalanceJson {
    /// The provider that keeps the account.
    pub provider: ProviderId,
    /// `payout`, `collection` or `single`.
    pub account: String,
    /// The country of the account.
    pub country: Country,
    /// What can be spent; negative when overdrawn.
    pub available: Money,
}

impl BalanceJson {
    /// A balance as a provider states it.
    #[must_use]
    pub fn new(provider: &ProviderId, country: Country, balance: &Balance) -> Self {
        Self {
            provider: provider.clone(),
            account: balance.account.as_str().to_owned(),
            country,
            available: balance.available,
        }
    }
}

/// A provider's word as it can be shown: as it is where it is a constant of an interface, else
/// `***`, since it could be a name or an account number.
///
/// ```
/// use tulay::json::shown_word;
/// assert_eq!((shown_word("IN_REVIEW"), shown_word("Maria Cruz")), ("IN_REVIEW", "***"));
/// ```
#[must_use]
pub fn shown_word(word: &str) -> &str {
    let plain = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    let plain = !word.is_empty() && word.len() <= 24 && word.bytes().all(plain);
    if plain { word } else { "***" }
}

fn collection_status(status: &CollectionStatus) -> String {
    match status {
        CollectionStatus::Unknown(word) => shown_word(word).to_owned(),
        known => known.as_str().to_owned(),
    }
}

/// The instant, where it is known, else the provider's own words.
fn time_text(time: &ProviderTime) -> String {
    time.at.map_or_else(|| time.text.clone(), |at| at.to_string())
}

/// Why a payment failed: our words, and the provider's code. Its own words may name anything.
fn failure_text(failure: &Failure) -> String {
    match failure.shown_code() {
        "-" => failure.kind.meaning().to_owned(),
        code => format!("{} ({code})", failure.kind.meaning()),
    }
}
