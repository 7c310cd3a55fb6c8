//! Whether two requests are the same collection.

use super::{
    Field, difference, digest, extra_fields, method_fields, money_text, party_fields, party_names,
};
use crate::request::CollectionRequest;
use std::borrow::Cow;

impl CollectionRequest {
    /// The first field in which another request differs; `None`: they are the same collection. The
    /// name is dotted, as in errors, and no value is repeated. The extras are one field.
    ///
    /// ```
    /// use tulay_core::{CollectionMethod, CollectionRequest, Country, Currency, Money, Reference};
    /// let amount = Money::parse("1250.00", Currency::PHP)?;
    /// let reference = Reference::new("ORDER-1")?;
    /// let one = CollectionRequest::new(reference, Country::PH, amount, CollectionMethod::Qr);
    /// let other = one.clone().with_remark("Table 7");
    /// assert_eq!(one.difference(&one), None);
    /// assert_eq!(one.difference(&other), Some("remark"));
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
    /// The digest is over the ASCII text `tulay collection 1`, then each field that is there: its name
    /// and its value, each after its length as 64 bits big-endian. The fields and their order are
    /// those of the request: `reference`, `country`, `amount` (minor units, a blank, the currency),
    /// `method` (`qr`, `virtual_account`, `redirect` or `wechat`), `method.institution`,
    /// `method.open_id`, `method.app_id`, `payer.kind`, `payer.name` (full), `payer.name.given`,
    /// `.middle`, `.family`, `.suffix`, `payer.mobile`, `.email`, `.tax_id`, `.relationship`, `.ip`,
    /// `terminal`, `display_name`, `expires` (RFC 3339, in UTC: `2026-11-30T13:00:00Z`),
    /// `return_url`, `remark`, and for each extra, sorted, `extras` with its key and `extras` with its
    /// value.
    ///
    /// It is as sensitive as what it is made of: names and numbers can be guessed and tried.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        digest("tulay collection 1", &fields(self))
    }
}

/// The fields of a request, in order.
fn fields(request: &CollectionRequest) -> Vec<Field<'_>> {
    let CollectionRequest {
        reference,
        country,
        amount,
        method,
        payer,
        terminal,
        display_name,
        expires,
        return_url,
        remark,
        extras,
    } = request;
    let mut fields: Vec<Field<'_>> = vec![
        ("reference", Some(reference.as_str().into())),
        ("country", Some(country.as_str().into())),
        ("amount", Some(money_text(*amount))),
    ];
    fields.extend(method_fields(method));
    fields.extend(party_fields(party_names!("payer"), payer));
    fields.extend([
        ("terminal", terminal.as_ref().map(|terminal| terminal.as_str().into())),
        ("display_name", display_name.as_deref().map(Cow::from)),
        ("expires", expires.map(|expires| expires.to_string().into())),
        ("return_url", return_url.as_deref().map(Cow::from)),
        ("remark", remark.as_deref().map(Cow::from)),
    ]);
    fields.extend(extra_fields(extras));
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        CollectionMethod, Country, Currency, InstitutionId, Money, PartyKind, Reference, Sensitive,
        Terminal, any_request,
    };
    use jiff::Timestamp;
    use proptest::prelude::*;

    type Change = fn(&mut CollectionRequest);

    /// Copies one field of the second request to the first.
    type CopyField = fn(&mut CollectionRequest, CollectionRequest);

    fn request() -> CollectionRequest {
        let amount = Money::from_minor(125_000, Currency::PHP);
        let reference = Reference::new("C1").unwrap();
        CollectionRequest::new(reference, Country::PH, amount, CollectionMethod::Qr)
    }

    fn hex(request: &CollectionRequest) -> String {
        request.fingerprint().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn fingerprints_are_pinned() {
        // Made from the documented text by another program.
        let full = any_request::full_collection();
        for (request, fingerprint) in [
            (&request(), "02df24377f6ebe174b88decd7d0b9702ed86142e3a129e6fd366eed3a9918ecc"),
            (&full, "35e0c9f8b48efa15aa06f5cc181b76d3e3ad9b439b7217ab8852ed991460a42f"),
        ] {
            assert_eq!(hex(request), fingerprint);
        }
    }

    #[test]
    fn every_field_makes_a_difference() {
        let bank = InstitutionId::new("CENAIDJA").unwrap();
        let changes: [(Change, &str); 12] = [
            (|it| it.reference = Reference::new("C2").unwrap(), "reference"),
            (|it| it.country = Country::TH, "country"),
            (|it| it.amount = Money::from_minor(125_000, Currency::THB), "amount"),
            (|it| it.amount = Money::from_minor(125_001, Currency::PHP), "amount"),
            (|it| it.payer.kind = Some(PartyKind::Person), "payer.kind"),
            (|it| it.payer.relationship = Some("cousin".into()), "payer.relationship"),
            (|it| it.terminal = Terminal::new("T1").ok(), "terminal"),
            (|it| it.display_name = Some("Shop".into()), "display_name"),
            (|it| it.expires = Some(Timestamp::UNIX_EPOCH), "expires"),
            (|it| it.return_url = Some("https://shop.example.com".into()), "return_url"),
            (|it| it.remark = Some(String::new()), "remark"),
            (|it| *it = it.clone().with_extra("a.b", Sensitive::new("x").unwrap()), "extras"),
        ];
        let changed = |change: Change| {
            let mut request = request();
            change(&mut request);
            request
        };
        let mut others: Vec<_> =
            changes.into_iter().map(|(change, field)| (changed(change), field)).collect();
        let mut by_account = request();
        by_account.method = CollectionMethod::VirtualAccount(bank);
        others.push((by_account, "method"));
        for (other, field) in others {
            assert_eq!(request().difference(&other), Some(field));
            assert_eq!(other.difference(&request()), Some(field));
            assert_eq!(other.difference(&other), None);
            assert_ne!(hex(&request()), hex(&other), "{field}");
        }
    }

    const COPIES: [(&str, CopyField); 11] = [
        ("reference", |it, other| it.reference = other.reference),
        ("country", |it, other| it.country = other.country),
        ("amount", |it, other| it.amount = other.amount),
        ("method", |it, other| it.method = other.method),
        ("payer", |it, other| it.payer = other.payer),
        ("terminal", |it, other| it.terminal = other.terminal),
        ("display_name", |it, other| it.display_name = other.display_name),
        ("expires", |it, other| it.expires = other.expires),
        ("return_url", |it, other| it.return_url = other.return_url),
        ("remark", |it, other| it.remark = other.remark),
        ("extras", |it, other| it.extras = other.extras),
    ];

    proptest! {
        #[test]
        fn equal_fingerprints_have_no_difference(
            one in any_request::collection(),
            other in any_request::collection(),
        ) {
            for (field, copy) in COPIES {
                let mut changed = one.clone();
                copy(&mut changed, other.clone());
                let difference = one.difference(&changed);
                prop_assert!(difference.is_none_or(|name| name.starts_with(field)));
                prop_assert_eq!(difference.is_none(), one == changed);
                prop_assert_eq!(difference.is_none(), one.fingerprint() == changed.fingerprint());
            }
            let difference = one.difference(&other);
            prop_assert_eq!(difference.is_none(), one.fingerprint() == other.fingerprint());
        }

        #[test]
        fn storage_keeps_the_fingerprint(request in any_request::collection()) {
            let restored = CollectionRequest::restore(&request.store()).unwrap();
            prop_assert_eq!(restored.fingerprint(), request.fingerprint());
        }
    }
}
