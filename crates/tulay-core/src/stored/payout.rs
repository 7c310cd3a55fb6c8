//! The journal's form of a payout request.

use super::{StoredExtras, party::StoredParty, read, restored_extras, stored_extras, write};
use crate::{
    ids::{InstitutionId, Reference},
    invalid::Invalid,
    money::{Country, Money},
    rail::Rail,
    request::{Destination, PayoutRequest, Proxy, WalletAccount},
    sensitive::{AccountNumber, Phone, QrText, TaxId},
};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const VERSION: u32 = 2;

/// The first version has no rail.
const OLDEST: u32 = 1;

impl PayoutRequest {
    /// The journal's form: JSON, names and numbers in clear. Nothing else serialises them.
    #[must_use]
    pub fn store(&self) -> Bytes {
        write(&StoredPayout::from(self))
    }

    /// Reads what [`store`](Self::store) wrote.
    ///
    /// # Errors
    /// When it is damaged, or of a version that this build does not know. The error does not repeat
    /// what it read.
    pub fn restore(stored: &[u8]) -> Result<Self, Invalid> {
        let expected = "a payout request as this version stores it";
        let stored: StoredPayout = read(stored, OLDEST..=VERSION, expected)?;
        stored.try_into()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredPayout {
    version: u32,
    reference: Reference,
    country: Country,
    amount: Money,
    destination: StoredDestination,
    beneficiary: StoredParty,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rail: Option<Rail>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    remark: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    extras: StoredExtras,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum StoredDestination {
    Bank { institution: InstitutionId, account: String },
    WalletPhone { institution: InstitutionId, phone: String },
    WalletNumber { institution: InstitutionId, number: String },
    ProxyPhone(String),
    ProxyNationalId(String),
    Qr(String),
    ProviderAccountPhone(String),
    ProviderAccountNumber(String),
}

impl From<&PayoutRequest> for StoredPayout {
    fn from(request: &PayoutRequest) -> Self {
        Self {
            version: VERSION,
            reference: request.reference.clone(),
            country: request.country,
            amount: request.amount,
            destination: (&request.destination).into(),
            beneficiary: (&request.beneficiary).into(),
            rail: request.rail,
            remark: request.remark.clone(),
            extras: stored_extras(&request.extras),
        }
    }
}

impl TryFrom<StoredPayout> for PayoutRequest {
    type Error = Invalid;
    fn try_from(stored: StoredPayout) -> Result<Self, Invalid> {
        let mut request = Self::new(
            stored.reference,
            stored.country,
            stored.amount,
            stored.destination.try_into()?,
        );
        request.beneficiary = stored.beneficiary.try_into()?;
        request.rail = stored.rail;
        request.remark = stored.remark;
        request.extras = restored_extras(stored.extras)?;
        Ok(request)
    }
}

impl From<&Destination> for StoredDestination {
    fn from(destination: &Destination) -> Self {
        let institution = |id: &InstitutionId| id.clone();
        match destination {
            Destination::Bank { institution: id, account } => {
                Self::Bank { institution: institution(id), account: account.expose().into() }
            }
            Destination::Wallet { institution: id, account: WalletAccount::Phone(phone) } => {
                Self::WalletPhone { institution: institution(id), phone: phone.expose().into() }
            }
            Destination::Wallet { institution: id, account: WalletAccount::Number(number) } => {
                Self::WalletNumber { institution: institution(id), number: number.expose().into() }
            }
            Destination::Proxy(Proxy::Phone(phone)) => Self::ProxyPhone(phone.expose().into()),
            Destination::Proxy(Proxy::NationalId(id)) => Self::ProxyNationalId(id.expose().into()),
            Destination::Qr(text) => Self::Qr(text.expose().into()),
            Destination::ProviderAccount(WalletAccount::Phone(phone)) => {
                Self::ProviderAccountPhone(phone.expose().into())
            }
            Destination::ProviderAccount(WalletAccount::Number(number)) => {
                Self::ProviderAccountNumber(number.expose().into())
            }
        }
    }
}

impl TryFrom<StoredDestination> for Destination {
    type Error = Invalid;
    fn try_from(stored: StoredDestination) -> Result<Self, Invalid> {
        use StoredDestination as Stored;
        let phone = |text| Ok(WalletAccount::Phone(Phone::new(text)?));
        let number = |text| Ok(WalletAccount::Number(AccountNumber::new(text)?));
        Ok(match stored {
            Stored::Bank { institution, account } => {
                Self::Bank { institution, account: AccountNumber::new(account)? }
            }
            Stored::WalletPhone { institution, phone: text } => {
                Self::Wallet { institution, account: phone(text)? }
            }
            Stored::WalletNumber { institution, number: text } => {
                Self::Wallet { institution, account: number(text)? }
            }
            Stored::ProxyPhone(text) => Self::Proxy(Proxy::Phone(Phone::new(text)?)),
            Stored::ProxyNationalId(text) => Self::Proxy(Proxy::NationalId(TaxId::new(text)?)),
            Stored::Qr(text) => Self::Qr(QrText::new(text)?),
            Stored::ProviderAccountPhone(text) => Self::ProviderAccount(phone(text)?),
            Stored::ProviderAccountNumber(text) => Self::ProviderAccount(number(text)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Currency, Name, NamePart,
        any_request::{extras, institution, money, party, phone, text},
    };
    use proptest::{option, prelude::*, sample::select};

    fn destination() -> impl Strategy<Value = Destination> {
        let number = || text("[0-9A-Z-]{1,20}", AccountNumber::new);
        let account = || {
            prop_oneof![
                phone().prop_map(WalletAccount::Phone),
                number().prop_map(WalletAccount::Number),
            ]
        };
        prop_oneof![
            (institution(), number())
                .prop_map(|(institution, account)| Destination::Bank { institution, account }),
            (institution(), account())
                .prop_map(|(institution, account)| Destination::Wallet { institution, account }),
            phone().prop_map(|phone| Destination::Proxy(Proxy::Phone(phone))),
            text("[0-9]{1,20}", TaxId::new)
                .prop_map(|id| Destination::Proxy(Proxy::NationalId(id))),
            text("[0-9A-Z.* ]{1,80}", QrText::new).prop_map(Destination::Qr),
            account().prop_map(Destination::ProviderAccount),
        ]
    }

    proptest! {
        #[test]
        fn nothing_is_lost_in_storage(
            destination in destination(),
            beneficiary in party(),
            amount in money(),
            remark in option::of(".{0,40}"),
            rail in option::of(select(Rail::ALL)),
            extras in extras(),
        ) {
            let mut request = PayoutRequest::new(
                Reference::new("R1").unwrap(),
                Country::PH,
                amount,
                destination,
            );
            request.beneficiary = beneficiary;
            request.remark = remark;
            request.rail = rail;
            request.extras = extras;
            prop_assert_eq!(PayoutRequest::restore(&request.store()).unwrap(), request);
        }

        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            let _ = PayoutRequest::restore(&bytes);
        }
    }

    #[test]
    fn the_stored_form_is_pinned() {
        let mut request = PayoutRequest::new(
            Reference::new("R1").unwrap(),
            Country::PH,
            Money::from_minor(125_000, Currency::PHP),
            Destination::Wallet {
                institution: InstitutionId::new("gcash").unwrap(),
                account: WalletAccount::Phone(Phone::new("+639171234567").unwrap()),
            },
        );
        request.beneficiary.name = Some(Name::Full(NamePart::new("Ana Reyes").unwrap()));
        insta::assert_snapshot!(std::str::from_utf8(&request.store()).unwrap(), @r#"{"version":2,"reference":"R1","country":"PH","amount":{"amount":"1250.00","currency":"PHP"},"destination":{"wallet_phone":{"institution":"gcash","phone":"+639171234567"}},"beneficiary":{"name":{"full":"Ana Reyes"}}}"#);
        let oldest = br#"{"version":1,"reference":"R1","country":"PH","amount":{"amount":"1","currency":"PHP"},"destination":{"qr":"x"},"beneficiary":{}}"#;
        assert!(PayoutRequest::restore(oldest).is_ok());
        let newer = br#"{"version":3,"more":1,"reference":"R1","country":"PH","amount":{"amount":"1","currency":"PHP"},"destination":{"qr":"x"},"beneficiary":{}}"#;
        let refused = PayoutRequest::restore(newer).unwrap_err();
        assert_eq!(refused.to_string(), "stored.version: expected 1 to 2");
    }
}
