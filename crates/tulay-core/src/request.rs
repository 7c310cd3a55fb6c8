//! What an application asks for.

use crate::{
    channel::Channel,
    field::Field,
    money::{Country, Currency, Money},
    prepared::Lookup,
    private::{AccountNumber, Email, NamePart, Phone, Private, QrText, TaxId, WeChatOpenId},
    word::{InstitutionId, Reference, Terminal},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, net::IpAddr};

/// Where a payout goes.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// How money gets there.
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
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WalletAccount {
    /// Named by a telephone number.
    Phone(Phone),
    /// Named by a number of the wallet's own.
    Number(AccountNumber),
}

/// A name that the payment rail resolves to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Proxy {
    /// A telephone number.
    Phone(Phone),
    /// A national identity number.
    NationalId(TaxId),
}

/// Person or organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "there is no third")]
pub enum PartyKind {
    /// A natural person.
    Person,
    /// A company, association or authority.
    Organization,
}

/// A name. Some providers want parts, some the whole. The whole follows from the parts; parts
/// cannot be told from a whole ("Maria Dela Cruz Santos Jr."), so nobody guesses them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Name {
    /// As written in full.
    Full(NamePart),
    /// In parts.
    Parts {
        /// Given name, or names.
        given: NamePart,
        /// Middle name.
        middle: Option<NamePart>,
        /// Family name.
        family: NamePart,
        /// `Jr.`, `III`.
        suffix: Option<NamePart>,
    },
}

impl Name {
    /// The whole name, parts joined by blanks: at most 515 characters.
    #[must_use]
    pub fn whole(&self) -> NamePart {
        match self {
            Self::Full(name) => name.clone(),
            Self::Parts { given, middle, family, suffix } => {
                let parts = [Some(given), middle.as_ref(), Some(family), suffix.as_ref()];
                NamePart::joined(&parts.into_iter().flatten().collect::<Vec<_>>())
            }
        }
    }
}

/// A beneficiary or payer. Everything is optional here; a [`Corridor`](crate::Corridor) says what
/// a country and provider ask for, and a request without it is refused before it is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Party {
    /// Person or organization.
    pub kind: Option<PartyKind>,
    /// Name.
    pub name: Option<Name>,
    /// Mobile number.
    pub mobile: Option<Phone>,
    /// Address for mail.
    pub email: Option<Email>,
    /// Tax, identity or registration number.
    pub tax_id: Option<TaxId>,
    /// Relationship to the one who pays, in the provider's words.
    pub relationship: Option<String>,
    /// Address of the payer's device.
    pub ip: Option<IpAddr>,
}

impl Party {
    fn has(&self, field: Field) -> bool {
        match field {
            Field::Name => self.name.is_some(),
            Field::FamilyName => match (&self.name, self.kind) {
                (Some(Name::Full(_)), kind) => kind == Some(PartyKind::Organization),
                (name, _) => name.is_some(),
            },
            Field::Mobile => self.mobile.is_some(),
            Field::Email => self.email.is_some(),
            Field::TaxId => self.tax_id.is_some(),
            Field::Kind => self.kind.is_some(),
            Field::Ip => self.ip.is_some(),
            _ => false,
        }
    }
}

/// What one adapter needs and no other knows: `"acme.purpose"` → value. An adapter refuses an
/// unknown key under its own name and ignores the rest.
pub type Extras = BTreeMap<String, Private>;

/// Money to be paid out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PayoutRequest {
    /// Ours, unique for ever.
    pub reference: Reference,
    /// The country it is paid in.
    pub country: Country,
    /// What the beneficiary shall receive, in minor units.
    pub amount: Money,
    /// Where it goes.
    pub destination: Destination,
    /// Who receives it.
    pub beneficiary: Party,
    /// A remark for the beneficiary; limits are the provider's.
    pub remark: Option<String>,
    /// What one adapter needs.
    pub extras: Extras,
}

impl PayoutRequest {
    /// The parts every payout has; the rest are set after.
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
            remark: None,
            extras: Extras::new(),
        }
    }

    /// Whether it holds this field.
    #[must_use]
    pub fn has(&self, field: Field) -> bool {
        match field {
            Field::Institution => self.destination.institution().is_some(),
            Field::Remark => self.remark.is_some(),
            _ => self.beneficiary.has(field),
        }
    }
}

/// How the payer is to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Method {
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

impl Method {
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
    /// Ours, unique for ever.
    pub reference: Reference,
    /// The country it is paid in.
    pub country: Country,
    /// What the payer shall pay, in minor units.
    pub amount: Money,
    /// How.
    pub method: Method,
    /// Who pays.
    pub payer: Party,
    /// The till or shop window.
    pub terminal: Option<Terminal>,
    /// The merchant's name as the payer sees it.
    pub display_name: Option<String>,
    /// Until when it can be paid.
    pub expires: Option<Timestamp>,
    /// Where the payer's browser is sent afterwards.
    pub return_url: Option<String>,
    /// A remark; limits are the provider's.
    pub remark: Option<String>,
    /// What one adapter needs.
    pub extras: Extras,
}

impl CollectionRequest {
    /// The parts every collection has; the rest are set after.
    #[must_use]
    pub fn new(reference: Reference, country: Country, amount: Money, method: Method) -> Self {
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

    /// Whether it holds this field.
    #[must_use]
    pub fn has(&self, field: Field) -> bool {
        match field {
            Field::Terminal => self.terminal.is_some(),
            Field::ReturnUrl => self.return_url.is_some(),
            Field::OpenId => matches!(self.method, Method::WeChat { .. }),
            Field::Remark => self.remark.is_some(),
            Field::Institution => self.method.institution().is_some(),
            _ => self.payer.has(field),
        }
    }
}

/// A code to be paid again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CodeRequest {
    /// Ours, unique for ever.
    pub reference: Reference,
    /// The country it is paid in.
    pub country: Country,
    /// The currency payers choose their amounts in.
    pub currency: Currency,
    /// How it is paid.
    pub method: Method,
    /// In whose name it stands.
    pub holder: Party,
    /// The till or shop window.
    pub terminal: Option<Terminal>,
    /// The merchant's name as the payer sees it.
    pub display_name: Option<String>,
    /// A remark; limits are the provider's.
    pub remark: Option<String>,
    /// What one adapter needs.
    pub extras: Extras,
}

impl CodeRequest {
    /// The parts every static code has; the rest are set after.
    #[must_use]
    pub fn new(reference: Reference, country: Country, currency: Currency, method: Method) -> Self {
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

    /// Whether it holds this field.
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

/// Collected money to be given back.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RefundRequest {
    /// Ours, unique for ever.
    pub reference: Reference,
    /// The collection it refers to.
    pub original: Lookup,
    /// What was paid then, in minor units.
    pub paid: Money,
    /// When it was paid.
    pub paid_at: Option<Timestamp>,
    /// What shall be given back, in minor units.
    pub amount: Money,
    /// Why; limits are the provider's.
    pub reason: Option<String>,
}

impl RefundRequest {
    /// The parts every refund has; the rest are set after.
    #[must_use]
    pub fn new(reference: Reference, original: Lookup, paid: Money, amount: Money) -> Self {
        Self { reference, original, paid, paid_at: None, amount, reason: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_name_follows_from_its_parts() {
        let part = |text: &str| NamePart::new(text).unwrap();
        let name = Name::Parts {
            given: part("Maria"),
            middle: None,
            family: part("Dela Cruz"),
            suffix: Some(part("III")),
        };
        assert_eq!(name.whole().expose(), "Maria Dela Cruz III");
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
