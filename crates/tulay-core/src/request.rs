//! Requests for payouts, collections, static codes and refunds.

use crate::{
    channel::Channel,
    field::Field,
    ids::{InstitutionId, Reference, Terminal},
    invalid::Invalid,
    money::{Country, Currency, Money},
    party::Party,
    prepared::Lookup,
    rail::Rail,
    sensitive::{AccountNumber, Phone, QrText, Sensitive, TaxId, WeChatOpenId},
    with::with_optional,
};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// The destination of a payout.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Destination {
    /// An account at a bank.
    Bank {
        /// The bank.
        institution: InstitutionId,
        /// The account.
        account: AccountNumber,
    },
    /// An account at a wallet.
    Wallet {
        /// The wallet.
        institution: InstitutionId,
        /// The account.
        account: WalletAccount,
    },
    /// A name that the payment rail resolves (PromptPay).
    Proxy(Proxy),
    /// A scanned QR code.
    Qr(QrText),
    /// An account at the provider itself.
    ProviderAccount(WalletAccount),
}

impl Destination {
    /// An account at a bank, both as text: `Destination::bank("BOPIPHMM", "001234567890")?`.
    ///
    /// # Errors
    /// When the bank is not a BIC8 or slug, or the account is not an [`AccountNumber`]; the error
    /// names the field and does not repeat the text.
    pub fn bank(
        institution: impl Into<String>,
        account: impl Into<String>,
    ) -> Result<Self, Invalid> {
        let institution = InstitutionId::new(institution)?;
        Ok(Self::Bank { institution, account: AccountNumber::new(account)? })
    }

    /// An account at a wallet, which is named by text:
    /// `Destination::wallet("gcash", WalletAccount::phone("+639171234567")?)?`.
    ///
    /// # Errors
    /// When the wallet is not a BIC8 or slug.
    pub fn wallet(institution: impl Into<String>, account: WalletAccount) -> Result<Self, Invalid> {
        Ok(Self::Wallet { institution: InstitutionId::new(institution)?, account })
    }

    /// The channel of the payment.
    #[must_use]
    pub const fn channel(&self) -> Channel {
        match self {
            Self::Bank { .. } => Channel::Bank,
            Self::Wallet { .. } => Channel::Wallet,
            Self::Proxy(_) => Channel::Proxy,
            Self::Qr(_) => Channel::Qr,
            Self::ProviderAccount(_) => Channel::ProviderAccount,
        }
    }

    /// The bank or wallet, where one is named.
    #[must_use]
    pub const fn institution(&self) -> Option<&InstitutionId> {
        match self {
            Self::Bank { institution, .. } | Self::Wallet { institution, .. } => Some(institution),
            _ => None,
        }
    }
}

/// An account at a wallet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WalletAccount {
    /// Named by a telephone number.
    Phone(Phone),
    /// Named by a number of the wallet's own.
    Number(AccountNumber),
}

impl WalletAccount {
    /// An account that is named by a telephone number in E.164 form: `+639171234567`.
    ///
    /// # Errors
    /// When it is not a [`Phone`].
    pub fn phone(number: impl Into<String>) -> Result<Self, Invalid> {
        Phone::new(number).map(Self::Phone)
    }

    /// An account that has a number of the wallet's own.
    ///
    /// # Errors
    /// When it is not an [`AccountNumber`].
    pub fn number(number: impl Into<String>) -> Result<Self, Invalid> {
        AccountNumber::new(number).map(Self::Number)
    }
}

/// A name that the payment rail resolves to an account.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Proxy {
    /// A telephone number.
    Phone(Phone),
    /// A national identity number.
    NationalId(TaxId),
}

/// What one adapter needs and no other knows: `"acme.purpose"` → value. An adapter refuses an
/// unknown key under its own name and ignores the rest.
pub type Extras = BTreeMap<String, Sensitive>;

/// Money to be paid out.
///
/// ```
/// use tulay_core::{
///     Country, Currency, Destination, Money, Name, Party, PayoutRequest, Reference, WalletAccount,
/// };
/// let request = PayoutRequest::new(
///     Reference::new("INV-2026-0001")?,
///     Country::PH,
///     Money::parse("1250.00", Currency::PHP)?,
///     Destination::wallet("gcash", WalletAccount::phone("+639171234567")?)?,
/// )
/// .with_beneficiary(Party::default().with_name(Name::parts("Ana", "Reyes")?))
/// .with_remark("Invoice 1");
/// assert_eq!(request.amount.to_string(), "PHP 1,250.00");
/// # Ok::<_, tulay_core::Invalid>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PayoutRequest {
    /// The application's reference, unique for ever.
    pub reference: Reference,
    /// The country it is paid in.
    pub country: Country,
    /// The amount that the beneficiary receives, in minor units.
    pub amount: Money,
    /// The destination.
    pub destination: Destination,
    /// The beneficiary.
    pub beneficiary: Party,
    /// The payment rail, where it matters to the application. `None`: the first corridor of the
    /// provider that the amount fits decides.
    pub rail: Option<Rail>,
    /// A remark for the beneficiary; limits are the provider's.
    pub remark: Option<String>,
    /// What one adapter needs.
    pub extras: Extras,
}

impl PayoutRequest {
    /// The parts every payout has; the rest is added by `with_…`.
    #[must_use]
    pub fn new(
        reference: Reference,
        country: Country,
        amount: Money,
        destination: Destination,
    ) -> Self {
        Self {
            reference,
            country,
            amount,
            destination,
            beneficiary: Party::default(),
            rail: None,
            remark: None,
            extras: Extras::new(),
        }
    }

    /// Sets the beneficiary.
    #[must_use]
    pub fn with_beneficiary(mut self, beneficiary: Party) -> Self {
        self.beneficiary = beneficiary;
        self
    }

    with_optional! {
        /// Sets the payment rail.
        with_rail(rail: Rail);
        /// Sets the remark for the beneficiary.
        with_remark(remark: impl Into<String>);
    }

    /// Adds a value that one adapter needs: `"acme.purpose"` and its text.
    #[must_use]
    pub fn with_extra(mut self, key: impl Into<String>, value: Sensitive) -> Self {
        self.extras.insert(key.into(), value);
        self
    }

    /// Whether the request has this field.
    #[must_use]
    pub fn has(&self, field: Field) -> bool {
        match field {
            Field::Institution => self.destination.institution().is_some(),
            Field::Remark => self.remark.is_some(),
            _ => self.beneficiary.has(field),
        }
    }
}

/// How the payer pays.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CollectionMethod {
    /// By scanning a code.
    Qr,
    /// Into a virtual account at this bank.
    VirtualAccount(InstitutionId),
    /// On this bank's or wallet's page.
    Redirect(InstitutionId),
    /// Inside WeChat.
    WeChat {
        /// The payer's id there.
        open_id: WeChatOpenId,
        /// The merchant's application there.
        app_id: String,
    },
}

impl CollectionMethod {
    /// How money moves then.
    #[must_use]
    pub const fn channel(&self) -> Channel {
        match self {
            Self::Qr => Channel::Qr,
            Self::VirtualAccount(_) => Channel::VirtualAccount,
            Self::Redirect(_) => Channel::Redirect,
            Self::WeChat { .. } => Channel::InApp,
        }
    }

    /// The bank or wallet, where one is named.
    #[must_use]
    pub const fn institution(&self) -> Option<&InstitutionId> {
        match self {
            Self::VirtualAccount(institution) | Self::Redirect(institution) => Some(institution),
            _ => None,
        }
    }
}

/// Money to be collected, once.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CollectionRequest {
    /// The application's reference, unique for ever.
    pub reference: Reference,
    /// The country it is paid in.
    pub country: Country,
    /// The amount that the payer pays, in minor units.
    pub amount: Money,
    /// How.
    pub method: CollectionMethod,
    /// The payer.
    pub payer: Party,
    /// The terminal: a checkout counter or shop window.
    pub terminal: Option<Terminal>,
    /// The merchant's name as the payer sees it.
    pub display_name: Option<String>,
    /// Until when it can be paid.
    pub expires: Option<Timestamp>,
    /// The address that the payer's browser is sent to afterwards.
    pub return_url: Option<String>,
    /// A remark; limits are the provider's.
    pub remark: Option<String>,
    /// What one adapter needs.
    pub extras: Extras,
}

impl CollectionRequest {
    /// The parts every collection has; the rest is added by `with_…`.
    #[must_use]
    pub fn new(
        reference: Reference,
        country: Country,
        amount: Money,
        method: CollectionMethod,
    ) -> Self {
        Self {
            reference,
            country,
            amount,
            method,
            payer: Party::default(),
            terminal: None,
            display_name: None,
            expires: None,
            return_url: None,
            remark: None,
            extras: Extras::new(),
        }
    }

    /// Sets the payer.
    #[must_use]
    pub fn with_payer(mut self, payer: Party) -> Self {
        self.payer = payer;
        self
    }

    with_optional! {
        /// Sets the terminal: a checkout counter or shop window.
        with_terminal(terminal: Terminal);
        /// Sets the merchant's name as the payer sees it.
        with_display_name(display_name: impl Into<String>);
        /// Sets the instant until which it can be paid.
        with_expires(expires: Timestamp);
        /// Sets the address that the payer's browser is sent to afterwards.
        with_return_url(return_url: impl Into<String>);
        /// Sets the remark.
        with_remark(remark: impl Into<String>);
    }

    /// Adds a value that one adapter needs: `"acme.purpose"` and its text.
    #[must_use]
    pub fn with_extra(mut self, key: impl Into<String>, value: Sensitive) -> Self {
        self.extras.insert(key.into(), value);
        self
    }

    /// Whether the request has this field.
    #[must_use]
    pub fn has(&self, field: Field) -> bool {
        match field {
            Field::Terminal => self.terminal.is_some(),
            Field::ReturnUrl => self.return_url.is_some(),
            Field::OpenId => matches!(self.method, CollectionMethod::WeChat { .. }),
            Field::Remark => self.remark.is_some(),
            Field::Institution => self.method.institution().is_some(),
            _ => self.payer.has(field),
        }
    }
}

/// A code to be paid again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StaticCodeRequest {
    /// The application's reference, unique for ever.
    pub reference: Reference,
    /// The country it is paid in.
    pub country: Country,
    /// The currency payers choose their amounts in.
    pub currency: Currency,
    /// The collection method.
    pub method: CollectionMethod,
    /// The holder's name and contact.
    pub holder: Party,
    /// The terminal: a checkout counter or shop window.
    pub terminal: Option<Terminal>,
    /// The merchant's name as the payer sees it.
    pub display_name: Option<String>,
    /// A remark; limits are the provider's.
    pub remark: Option<String>,
    /// What one adapter needs.
    pub extras: Extras,
}

impl StaticCodeRequest {
    /// The parts every static code has; the rest is added by `with_…`.
    #[must_use]
    pub fn new(
        reference: Reference,
        country: Country,
        currency: Currency,
        method: CollectionMethod,
    ) -> Self {
        Self {
            reference,
            country,
            currency,
            method,
            holder: Party::default(),
            terminal: None,
            display_name: None,
            remark: None,
            extras: Extras::new(),
        }
    }

    /// Sets in whose name it stands.
    #[must_use]
    pub fn with_holder(mut self, holder: Party) -> Self {
        self.holder = holder;
        self
    }

    with_optional! {
        /// Sets the terminal: a checkout counter or shop window.
        with_terminal(terminal: Terminal);
        /// Sets the merchant's name as the payer sees it.
        with_display_name(display_name: impl Into<String>);
        /// Sets the remark.
        with_remark(remark: impl Into<String>);
    }

    /// Adds a value that one adapter needs: `"acme.purpose"` and its text.
    #[must_use]
    pub fn with_extra(mut self, key: impl Into<String>, value: Sensitive) -> Self {
        self.extras.insert(key.into(), value);
        self
    }

    /// Whether the request has this field.
    #[must_use]
    pub fn has(&self, field: Field) -> bool {
        match field {
            Field::Terminal => self.terminal.is_some(),
            Field::Remark => self.remark.is_some(),
            Field::Institution => self.method.institution().is_some(),
            _ => self.holder.has(field),
        }
    }
}

/// Collected money to be refunded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RefundRequest {
    /// The application's reference, unique for ever.
    pub reference: Reference,
    /// The paid collection, with its provider reference.
    pub original: Lookup,
    /// The amount that was paid, in minor units.
    pub paid: Money,
    /// When it was paid.
    pub paid_at: Option<Timestamp>,
    /// The amount of the refund, in minor units.
    pub amount: Money,
    /// The reason; the provider sets its limits.
    pub reason: Option<String>,
    /// What one adapter needs.
    pub extras: Extras,
}

impl RefundRequest {
    /// The parts every refund has; the rest is added by `with_…`.
    #[must_use]
    pub fn new(reference: Reference, original: Lookup, paid: Money, amount: Money) -> Self {
        let extras = Extras::new();
        Self { reference, original, paid, paid_at: None, amount, reason: None, extras }
    }

    with_optional! {
        /// Sets when the original was paid.
        with_paid_at(paid_at: Timestamp);
        /// Sets the reason.
        with_reason(reason: impl Into<String>);
    }

    /// Adds a value that one adapter needs: `"acme.reason"` and its text.
    #[must_use]
    pub fn with_extra(mut self, key: impl Into<String>, value: Sensitive) -> Self {
        self.extras.insert(key.into(), value);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        party::{Name, PartyKind},
        sensitive::{Email, NamePart},
    };

    #[test]
    fn setters_set_their_field_alone() {
        let collection = CollectionRequest::new(
            Reference::new("C1").unwrap(),
            Country::PH,
            Money::from_minor(100, Currency::PHP),
            CollectionMethod::Qr,
        );
        let mut expected = collection.clone();
        expected.terminal = Terminal::new("T1").ok();
        expected.display_name = Some("Shop".into());
        expected.return_url = Some("https://shop.example.com".into());
        expected.payer.email = Email::new("ana@example.com").ok();
        expected.payer.kind = Some(PartyKind::Person);
        let payer = Party::default()
            .with_kind(PartyKind::Person)
            .with_email(Email::new("ana@example.com").unwrap());
        let built = collection
            .with_terminal(Terminal::new("T1").unwrap())
            .with_display_name("Shop")
            .with_return_url("https://shop.example.com")
            .with_payer(payer);
        assert_eq!(built, expected);
    }

    #[test]
    fn a_request_prints_no_personal_data() {
        let account = AccountNumber::new("001234567890").unwrap();
        let institution = InstitutionId::new("BOPIPHMM").unwrap();
        let mut request = PayoutRequest::new(
            Reference::new("R1").unwrap(),
            Country::PH,
            Money::from_minor(100, Currency::PHP),
            Destination::Bank { institution, account },
        );
        request.beneficiary.name = Some(Name::Full(NamePart::new("Maria Santos").unwrap()));
        let printed = format!("{request:?}");
        assert!(!printed.contains("1234") && !printed.contains("Maria"), "{printed}");
    }
}
