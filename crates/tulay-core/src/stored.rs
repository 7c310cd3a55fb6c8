//! The journal's form of a payout request: the one place where names and numbers are written in
//! clear. It mirrors the request field by field, so that a change there is a decision here.

use crate::{
    ids::{InstitutionId, Reference},
    invalid::Invalid,
    money::{Country, Money},
    party::{Name, Party, PartyKind},
    rail::Rail,
    request::{Destination, PayoutRequest, Proxy, WalletAccount},
    sensitive::{AccountNumber, Email, NamePart, Phone, QrText, Sensitive, TaxId},
};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, net::IpAddr};

const VERSION: u32 = 2;

/// The first version has no rail.
const OLDEST: u32 = 1;

impl PayoutRequest {
    /// The journal's form: JSON, names and numbers in clear. Nothing else serialises them.
    #[must_use]
    pub fn store(&self) -> Bytes {
        // Maps with text keys and plain values: there is nothing in it that JSON cannot hold.
        serde_json::to_vec(&StoredPayout::from(self)).map(Bytes::from).unwrap_or_default()
    }

    /// Reads what [`store`](Self::store) wrote.
    ///
    /// # Errors
    /// When it is damaged, or of a version that this build does not know. The error does not repeat
    /// what it read.
    pub fn restore(stored: &[u8]) -> Result<Self, Invalid> {
        let stored: StoredPayout = serde_json::from_slice(stored)
            .map_err(|_| Invalid::new("stored", "a payout request as this version stores it"))?;
        if !(OLDEST..=VERSION).contains(&stored.version) {
            return Err(Invalid::new("stored.version", format!("{OLDEST} to {VERSION}")));
        }
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
    extras: BTreeMap<String, String>,
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

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct StoredParty {
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<PartyKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<StoredName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mobile: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tax_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    relationship: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ip: Option<IpAddr>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum StoredName {
    Full(String),
    Parts { given: String, middle: Option<String>, family: String, suffix: Option<String> },
}

impl From<&PayoutRequest> for StoredPayout {
    fn from(request: &PayoutRequest) -> Self {
        let clear = |(key, value): (&String, &Sensitive)| (key.clone(), value.expose().to_owned());
        Self {
            version: VERSION,
            reference: request.reference.clone(),
            country: request.country,
            amount: request.amount,
            destination: (&request.destination).into(),
            beneficiary: (&request.beneficiary).into(),
            rail: request.rail,
            remark: request.remark.clone(),
            extras: request.extras.iter().map(clear).collect(),
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
        for (key, value) in stored.extras {
            request.extras.insert(key, Sensitive::new(value)?);
        }
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

impl From<&Party> for StoredParty {
    fn from(party: &Party) -> Self {
        Self {
            kind: party.kind,
            name: party.name.as_ref().map(StoredName::from),
            mobile: party.mobile.as_ref().map(|text| text.expose().to_owned()),
            email: party.email.as_ref().map(|text| text.expose().to_owned()),
            tax_id: party.tax_id.as_ref().map(|text| text.expose().to_owned()),
            relationship: party.relationship.clone(),
            ip: party.ip,
        }
    }
}

impl TryFrom<StoredParty> for Party {
    type Error = Invalid;
    fn try_from(stored: StoredParty) -> Result<Self, Invalid> {
        Ok(Self {
            kind: stored.kind,
            name: stored.name.map(Name::try_from).transpose()?,
            mobile: stored.mobile.map(Phone::new).transpose()?,
            email: stored.email.map(Email::new).transpose()?,
            tax_id: stored.tax_id.map(TaxId::new).transpose()?,
            relationship: stored.relationship,
            ip: stored.ip,
        })
    }
}

impl From<&Name> for StoredName {
    fn from(name: &Name) -> Self {
        let clear = |part: &NamePart| part.expose().to_owned();
        match name {
            Name::Full(whole) => Self::Full(clear(whole)),
            Name::Parts { given, middle, family, suffix } => Self::Parts {
                given: clear(given),
                middle: middle.as_ref().map(clear),
                family: clear(family),
                suffix: suffix.as_ref().map(clear),
            },
        }
    }
}

impl TryFrom<StoredName> for Name {
    type Error = Invalid;
    fn try_from(stored: StoredName) -> Result<Self, Invalid> {
        Ok(match stored {
            StoredName::Full(whole) => Self::Full(NamePart::new(whole)?),
            StoredName::Parts { given, middle, family, suffix } => Self::Parts {
                given: NamePart::new(given)?,
                middle: middle.map(NamePart::new).transpose()?,
                family: NamePart::new(family)?,
                suffix: suffix.map(NamePart::new).transpose()?,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Currency;
    use proptest::prelude::*;

    fn destination() -> impl Strategy<Value = Destination> {
        let id = || "[A-Z0-9]{8}|[a-z][a-z0-9]{1,8}".prop_map(|t| InstitutionId::new(t).unwrap());
        let number = || "[0-9A-Z-]{1,20}".prop_map(|t| AccountNumber::new(t).unwrap());
        let phone = || "\\+[1-9][0-9]{7,14}".prop_map(|t| Phone::new(t).unwrap());
        prop_oneof![
            (id(), number())
                .prop_map(|(institution, account)| Destination::Bank { institution, account }),
            (id(), phone()).prop_map(|(institution, p)| Destination::Wallet {
                institution,
                account: WalletAccount::Phone(p)
            }),
            (id(), number()).prop_map(|(institution, n)| Destination::Wallet {
                institution,
                account: WalletAccount::Number(n)
            }),
            phone().prop_map(|p| Destination::Proxy(Proxy::Phone(p))),
            "[0-9]{1,20}"
                .prop_map(|t| Destination::Proxy(Proxy::NationalId(TaxId::new(t).unwrap()))),
            "[0-9A-Z.* ]{1,80}".prop_map(|t| Destination::Qr(QrText::new(t).unwrap())),
            phone().prop_map(|p| Destination::ProviderAccount(WalletAccount::Phone(p))),
            number().prop_map(|n| Destination::ProviderAccount(WalletAccount::Number(n))),
        ]
    }

    fn party() -> impl Strategy<Value = Party> {
        let part = || "[A-Za-zñÑ'.-]{1,20}".prop_map(|t| NamePart::new(t).unwrap());
        let parts = (part(), proptest::option::of(part()), part(), proptest::option::of(part()));
        let name = prop_oneof![
            part().prop_map(Name::Full),
            parts.prop_map(|(given, middle, family, suffix)| Name::Parts {
                given,
                middle,
                family,
                suffix
            }),
        ];
        let kind = prop_oneof![Just(PartyKind::Person), Just(PartyKind::Organization)];
        let optional = (
            proptest::option::of(kind),
            proptest::option::of(name),
            proptest::option::of("\\+[1-9][0-9]{7,14}".prop_map(|t| Phone::new(t).unwrap())),
            proptest::option::of(Just(Email::new("a@b.ph").unwrap())),
            proptest::option::of("[0-9]{1,20}".prop_map(|t| TaxId::new(t).unwrap())),
            proptest::option::of("[a-z]{1,20}"),
            proptest::option::of(any::<IpAddr>()),
        );
        optional.prop_map(|(kind, name, mobile, email, tax_id, relationship, ip)| Party {
            kind,
            name,
            mobile,
            email,
            tax_id,
            relationship,
            ip,
        })
    }

    proptest! {
        #[test]
        fn nothing_is_lost_in_storage(
            destination in destination(),
            beneficiary in party(),
            minor in 1_i64..,
            remark in proptest::option::of(".{0,40}"),
            rail in proptest::option::of(proptest::sample::select(Rail::ALL)),
            extra in proptest::option::of(".{0,20}"),
        ) {
            let mut request = PayoutRequest::new(
                Reference::new("R1").unwrap(),
                Country::PH,
                Money::from_minor(minor, Currency::PHP),
                destination,
            );
            request.beneficiary = beneficiary;
            request.remark = remark;
            request.rail = rail;
            if let Some(extra) = extra {
                request.extras.insert("acme.purpose".into(), Sensitive::new(extra).unwrap());
            }
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
        let newer = br#"{"version":3,"reference":"R1","country":"PH","amount":{"amount":"1","currency":"PHP"},"destination":{"qr":"x"},"beneficiary":{}}"#;
        let refused = PayoutRequest::restore(newer).unwrap_err();
        assert_eq!(refused.to_string(), "stored.version: expected 1 to 2");
    }
}
