//! Whether two requests are the same payout.

use super::{Field, add, difference, digest, extra_fields, money_text, party_fields, party_names};
use crate::{
    ids::Namespace,
    rail::Rail,
    request::{Destination, PayoutRequest, Proxy, WalletAccount},
};
use sha2::{Digest, Sha256};
use std::borrow::Cow;

impl PayoutRequest {
    /// The first field in which another request differs; `None`: they are the same payout. The name
    /// is dotted, as in errors, and no value is repeated. The extras are one field.
    ///
    /// ```
    /// use tulay_core::{Country, Currency, Destination, Money, PayoutRequest, Reference};
    /// let of = |amount| {
    ///     let destination = Destination::bank("BOPIPHMM", "001234567890")?;
    ///     let reference = Reference::new("INV-2026-0001")?;
    ///     Ok(PayoutRequest::new(reference, Country::PH, Money::parse(amount, Currency::PHP)?, destination))
    /// };
    /// let (one, other) = (of("1250.00")?, of("1250.01")?);
    /// assert_eq!(one.difference(&one), None);
    /// assert_eq!(one.difference(&other), Some("amount"));
    /// # Ok::<_, tulay_core::Invalid>(())
    /// ```
    #[must_use]
    pub fn difference(&self, other: &Self) -> Option<&'static str> {
        difference(&fields(self), &fields(other))
    }

    /// SHA-256 over the request: equal for two requests exactly if there is no
    /// [`difference`](Self::difference). It does not depend on the version of the stored form, since
    /// a field that the request lacks is no part of it.
    ///
    /// The digest is over the ASCII text `tulay payout 1`, then each field that is there: its name and
    /// its value, each after its length as 64 bits big-endian. The fields and their order are those of
    /// the request: `reference`, `country`, `amount` (minor units, a blank, the currency),
    /// `destination` (the kind), `destination.institution`, `destination.account`, `beneficiary.kind`,
    /// `beneficiary.name` (full), `beneficiary.name.given`, `.middle`, `.family`, `.suffix`,
    /// `beneficiary.mobile`, `.email`, `.tax_id`, `.relationship`, `.ip`, `rail`, `remark`, and for each
    /// extra, sorted, `extras` with its key and `extras` with its value.
    ///
    /// It is as sensitive as what it is made of: account numbers can be guessed and tried.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        digest("tulay payout 1", &fields(self))
    }
}

impl Destination {
    /// SHA-256 over the namespace and the account that is paid to: equal for all payouts of one
    /// namespace to it, whatever else they say. It has no personal data, and is no secret: with the
    /// namespace, account numbers can be tried.
    ///
    /// The digest is over the ASCII text `tulay destination 1`, then the namespace, the kind, the
    /// institution, which may be empty, and the account, each after its length as 64 bits big-endian.
    #[must_use]
    pub fn digest(&self, namespace: &Namespace) -> [u8; 32] {
        let (kind, institution, account) = account_of(self);
        let mut hash = Sha256::new();
        hash.update(b"tulay destination 1");
        for part in [namespace.as_str(), kind, institution.unwrap_or_default(), account] {
            add(&mut hash, part);
        }
        hash.finalize().into()
    }
}

/// The fields of a request, in order.
fn fields(request: &PayoutRequest) -> Vec<Field<'_>> {
    let PayoutRequest {
        reference,
        country,
        amount,
        destination,
        beneficiary,
        rail,
        remark,
        extras,
    } = request;
    let (kind, institution, account) = account_of(destination);
    let mut fields: Vec<Field<'_>> = vec![
        ("reference", Some(reference.as_str().into())),
        ("country", Some(country.as_str().into())),
        ("amount", Some(money_text(*amount))),
        ("destination", Some(kind.into())),
        ("destination.institution", institution.map(Cow::from)),
        ("destination.account", Some(account.into())),
    ];
    fields.extend(party_fields(party_names!("beneficiary"), beneficiary));
    fields.push(("rail", rail.map(|rail| Rail::as_str(rail).into())));
    fields.push(("remark", remark.as_deref().map(Cow::from)));
    fields.extend(extra_fields(extras));
    fields
}

/// Its kind, the bank or wallet, and the account.
fn account_of(destination: &Destination) -> (&'static str, Option<&str>, &str) {
    use WalletAccount::{Number, Phone};
    match destination {
        Destination::Bank { institution, account } => {
            ("bank", Some(institution.as_str()), account.expose())
        }
        Destination::Wallet { institution, account: Phone(phone) } => {
            ("wallet_phone", Some(institution.as_str()), phone.expose())
        }
        Destination::Wallet { institution, account: Number(number) } => {
            ("wallet_number", Some(institution.as_str()), number.expose())
        }
        Destination::Proxy(Proxy::Phone(phone)) => ("proxy_phone", None, phone.expose()),
        Destination::Proxy(Proxy::NationalId(id)) => ("proxy_national_id", None, id.expose()),
        Destination::Qr(text) => ("qr", None, text.expose()),
        Destination::ProviderAccount(Phone(phone)) => {
            ("provider_account_phone", None, phone.expose())
        }
        Destination::ProviderAccount(Number(number)) => {
            ("provider_account_number", None, number.expose())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Country, Currency, Money,
        ids::{InstitutionId, Reference},
        party::{Name, Party, PartyKind},
        sensitive::{AccountNumber, Email, NamePart, Phone, QrText, Sensitive, TaxId},
    };

    fn request() -> PayoutRequest {
        let destination = Destination::bank("BOPIPHMM", "001234567890").unwrap();
        let amount = Money::from_minor(125_000, Currency::PHP);
        PayoutRequest::new(Reference::new("R1").unwrap(), Country::PH, amount, destination)
    }

    fn hex(request: &PayoutRequest) -> String {
        request.fingerprint().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn fingerprint_is_pinned() {
        // Made from the documented text by another program.
        assert_eq!(
            hex(&request()),
            "c8b17a9acc062fe4387d911ba204df0084e6155e68f3cf0edd24c749595ce228"
        );
        let name = NamePart::new("Ana Reyes").unwrap();
        let named = request().with_beneficiary(Party::default().with_name(Name::Full(name)));
        assert_eq!(hex(&named), "8d20de1f435f54dc26e135867d8e75134ba381a2f94285b8c297f3fe866c9d04");
    }

    #[test]
    fn every_field_makes_a_difference() {
        let part = |text: &str| NamePart::new(text).unwrap();
        let name = |middle: Option<&str>| Name::Parts {
            given: part("Ana"),
            middle: middle.map(part),
            family: part("Reyes"),
            suffix: None,
        };
        let of = |change: fn(&mut PayoutRequest)| {
            let mut request = request();
            change(&mut request);
            request
        };
        let mut others: Vec<(PayoutRequest, &str)> = vec![
            (of(|it| it.reference = Reference::new("R2").unwrap()), "reference"),
            (of(|it| it.country = Country::TH), "country"),
            (of(|it| it.amount = Money::from_minor(125_000, Currency::THB)), "amount"),
            (of(|it| it.destination = Destination::Qr(QrText::new("x").unwrap())), "destination"),
            (
                of(|it| {
                    it.destination = Destination::Bank {
                        institution: InstitutionId::new("TLBPPHMM").unwrap(),
                        account: AccountNumber::new("001234567890").unwrap(),
                    };
                }),
                "destination.institution",
            ),
            (
                of(|it| {
                    it.destination = Destination::bank("BOPIPHMM", "001234567891").unwrap();
                }),
                "destination.account",
            ),
            (of(|it| it.beneficiary.kind = Some(PartyKind::Person)), "beneficiary.kind"),
            (
                of(|it| it.beneficiary.mobile = Some(Phone::new("+639171234567").unwrap())),
                "beneficiary.mobile",
            ),
            (
                of(|it| it.beneficiary.email = Some(Email::new("a@b.ph").unwrap())),
                "beneficiary.email",
            ),
            (of(|it| it.beneficiary.tax_id = Some(TaxId::new("1").unwrap())), "beneficiary.tax_id"),
            (
                of(|it| it.beneficiary.relationship = Some("cousin".into())),
                "beneficiary.relationship",
            ),
            (of(|it| it.beneficiary.ip = Some("10.0.0.1".parse().unwrap())), "beneficiary.ip"),
            (of(|it| it.rail = Some(Rail::InstaPay)), "rail"),
            (of(|it| it.remark = Some(String::new())), "remark"),
            (
                of(|it| {
                    it.extras.insert("acme.purpose".into(), Sensitive::new("x").unwrap());
                }),
                "extras",
            ),
        ];
        let mut named = request();
        named.beneficiary.name = Some(Name::Full(part("Ana Reyes")));
        others.push((named.clone(), "beneficiary.name"));
        for (other, field) in others {
            assert_eq!(request().difference(&other), Some(field));
            assert_eq!(other.difference(&request()), Some(field));
            assert_ne!(hex(&request()), hex(&other), "{field}");
        }
        let (mut without, mut with) = (request(), request());
        without.beneficiary.name = Some(name(None));
        with.beneficiary.name = Some(name(Some("Cruz")));
        assert_eq!(without.difference(&with), Some("beneficiary.name.middle"));
        assert_eq!(named.difference(&with), Some("beneficiary.name"));
    }

    #[test]
    fn digest_is_of_the_account_alone() {
        let (ours, other) =
            (Namespace::new("acme-ph").unwrap(), Namespace::new("acme-th").unwrap());
        let account = |bank, number| Destination::bank(bank, number).unwrap().digest(&ours);
        let digest = request().destination.digest(&ours);
        assert_eq!(digest, account("BOPIPHMM", "001234567890"));
        assert_ne!(digest, request().destination.digest(&other));
        assert_ne!(digest, account("TLBPPHMM", "001234567890"));
        assert_ne!(digest, account("BOPIPHMM", "001234567891"));
        let wallet = WalletAccount::Number(AccountNumber::new("001234567890").unwrap());
        assert_ne!(digest, Destination::wallet("BOPIPHMM", wallet).unwrap().digest(&ours));
    }

    #[test]
    fn storage_keeps_the_fingerprint() {
        let restored = PayoutRequest::restore(&request().store()).unwrap();
        assert_eq!(restored.fingerprint(), request().fingerprint());
        assert_eq!(restored.difference(&request()), None);
        // The first version had no rail.
        let older = br#"{"version":1,"reference":"R1","country":"PH","amount":{"amount":"1250.00","currency":"PHP"},"destination":{"bank":{"institution":"BOPIPHMM","account":"001234567890"}},"beneficiary":{}}"#;
        let older = PayoutRequest::restore(older).unwrap();
        assert_eq!(older.fingerprint(), request().fingerprint());
    }
}
