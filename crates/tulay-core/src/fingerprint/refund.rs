//! Whether two requests are the same refund.

use super::{Field, difference, digest, extra_fields, money_text};
use crate::{prepared::Lookup, request::RefundRequest};
use std::borrow::Cow;

impl RefundRequest {
    /// The first field in which another request differs; `None`: they are the same refund. The name
    /// is dotted, as in errors, and no value is repeated. The extras are one field.
    ///
    /// Of the paid collection, the provider's references, the country and the currency are compared.
    /// The rest of its look-up is not: the same payment may be looked up by other means.
    ///
    /// ```
    /// use tulay_core::{
    ///     Channel, Country, Currency, Lookup, Money, OrderId, ProviderReference, Reference,
    ///     RefundRequest,
    /// };
    /// let order_id = OrderId::parse("CCCT4DQCA7IYPBOIHLLI5GBEMB")?;
    /// let paid = Money::parse("100.00", Currency::PHP)?;
    /// let original = Lookup::new(order_id, Country::PH, Currency::PHP, Channel::Qr)
    ///     .with_provider_reference(ProviderReference::new("7001")?);
    /// let one = RefundRequest::new(Reference::new("F1")?, original, paid, paid);
    /// let mut other = one.clone();
    /// other.original.rail_reference = Some("IP-7001".into());
    /// assert_eq!(one.difference(&other), None);
    /// other.original.provider_reference = Some(ProviderReference::new("7002")?);
    /// assert_eq!(one.difference(&other), Some("original.provider_reference"));
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
    /// The digest is over the ASCII text `tulay refund 1`, then each field that is there: its name and
    /// its value, each after its length as 64 bits big-endian. The fields and their order are:
    /// `reference`, `original.provider_reference`, `original.payment`, `original.country`,
    /// `original.currency`, `paid` (minor units, a blank, the currency), `paid_at` (RFC 3339, in UTC:
    /// `2026-11-30T13:00:00Z`), `amount` (as `paid`), `reason`, and for each extra, sorted, `extras`
    /// with its key and `extras` with its value.
    ///
    /// It is as sensitive as what it is made of: references and extras can be guessed and tried.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        digest("tulay refund 1", &fields(self))
    }
}

/// The fields of a request, in order.
fn fields(request: &RefundRequest) -> Vec<Field<'_>> {
    let RefundRequest { reference, original, paid, paid_at, amount, reason, extras } = request;
    let mut fields: Vec<Field<'_>> = vec![("reference", Some(reference.as_str().into()))];
    fields.extend(original_fields(original));
    fields.extend([
        ("paid", Some(money_text(*paid))),
        ("paid_at", paid_at.map(|paid_at| paid_at.to_string().into())),
        ("amount", Some(money_text(*amount))),
        ("reason", reason.as_deref().map(Cow::from)),
    ]);
    fields.extend(extra_fields(extras));
    fields
}

/// The paid collection, without what depends on how it is looked up.
fn original_fields(original: &Lookup) -> [Field<'_>; 4] {
    let Lookup {
        provider_reference,
        payment,
        country,
        currency,
        order_id: _,
        amount: _,
        channel: _,
        institution: _,
        terminal: _,
        rail_reference: _,
        original: _,
    } = original;
    [
        (
            "original.provider_reference",
            provider_reference.as_ref().map(|reference| reference.as_str().into()),
        ),
        ("original.payment", payment.as_ref().map(|payment| payment.as_str().into())),
        ("original.country", Some(country.as_str().into())),
        ("original.currency", Some(currency.as_str().into())),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Channel, Country, Currency, InstitutionId, Money, OrderId, ProviderReference, Reference,
        Sensitive, Terminal, any_request,
    };
    use jiff::Timestamp;
    use proptest::prelude::*;

    type Change = fn(&mut RefundRequest);

    /// Copies one field of the second request to the first.
    type CopyField = fn(&mut RefundRequest, RefundRequest);

    fn request() -> RefundRequest {
        let order_id = OrderId::parse("CCCT4DQCA7IYPBOIHLLI5GBEMB").unwrap();
        let original = Lookup::new(order_id, Country::PH, Currency::PHP, Channel::Qr)
            .with_provider_reference(ProviderReference::new("7001").unwrap());
        let paid = Money::from_minor(10_000, Currency::PHP);
        let amount = Money::from_minor(4_000, Currency::PHP);
        RefundRequest::new(Reference::new("F1").unwrap(), original, paid, amount)
    }

    fn hex(request: &RefundRequest) -> String {
        request.fingerprint().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn fingerprints_are_pinned() {
        // Made from the documented text by another program.
        let full = any_request::full_refund();
        for (request, fingerprint) in [
            (&request(), "03862eadc4d86b510e87309d25d990bf2d7aa341efc8a14077d38d0686c336ed"),
            (&full, "e96f3ba7c815deb6347c20d943d7fe8eb08b277f4ccee878aaaa7845705c5e77"),
        ] {
            assert_eq!(hex(request), fingerprint);
        }
    }

    #[test]
    fn every_field_makes_a_difference() {
        let changes: [(Change, &str); 12] = [
            (|it| it.reference = Reference::new("F2").unwrap(), "reference"),
            (
                |it| it.original.provider_reference = ProviderReference::new("7002").ok(),
                "original.provider_reference",
            ),
            (|it| it.original.provider_reference = None, "original.provider_reference"),
            (|it| it.original.payment = ProviderReference::new("7001").ok(), "original.payment"),
            (|it| it.original.country = Country::TH, "original.country"),
            (|it| it.original.currency = Currency::THB, "original.currency"),
            (|it| it.paid = Money::from_minor(10_001, Currency::PHP), "paid"),
            (|it| it.paid_at = Some(Timestamp::UNIX_EPOCH), "paid_at"),
            (|it| it.amount = Money::from_minor(4_001, Currency::PHP), "amount"),
            (|it| it.amount = Money::from_minor(4_000, Currency::THB), "amount"),
            (|it| it.reason = Some(String::new()), "reason"),
            (|it| *it = it.clone().with_extra("a.b", Sensitive::new("x").unwrap()), "extras"),
        ];
        for (change, field) in changes {
            let mut other = request();
            change(&mut other);
            assert_eq!(request().difference(&other), Some(field));
            assert_eq!(other.difference(&request()), Some(field));
            assert_eq!(other.difference(&other), None);
            assert_ne!(hex(&request()), hex(&other), "{field}");
        }
    }

    #[test]
    fn the_means_of_the_look_up_make_no_difference() {
        let mut other = request();
        other.original.order_id = OrderId::parse("CCCT4DQCA7IYPBOIHLLI5GBEMC").unwrap();
        other.original.amount = Some(other.paid);
        other.original.channel = Channel::Redirect;
        other.original.institution = InstitutionId::new("gcash").ok();
        other.original.terminal = Terminal::new("T1").ok();
        other.original.rail_reference = Some("IP-7001".into());
        other.original.original = ProviderReference::new("7000").ok();
        assert_eq!(request().difference(&other), None);
        assert_eq!(hex(&request()), hex(&other));
    }

    const COPIES: [(&str, CopyField); 7] = [
        ("reference", |it, other| it.reference = other.reference),
        ("original", |it, other| it.original = other.original),
        ("paid", |it, other| it.paid = other.paid),
        ("paid_at", |it, other| it.paid_at = other.paid_at),
        ("amount", |it, other| it.amount = other.amount),
        ("reason", |it, other| it.reason = other.reason),
        ("extras", |it, other| it.extras = other.extras),
    ];

    proptest! {
        #[test]
        fn equal_fingerprints_have_no_difference(
            one in any_request::refund(),
            other in any_request::refund(),
        ) {
            for (field, copy) in COPIES {
                let mut changed = one.clone();
                copy(&mut changed, other.clone());
                let difference = one.difference(&changed);
                prop_assert!(difference.is_none_or(|name| name.starts_with(field)));
                prop_assert!(difference.is_none() || one != changed);
                prop_assert_eq!(difference.is_none(), one.fingerprint() == changed.fingerprint());
            }
            let difference = one.difference(&other);
            prop_assert_eq!(difference.is_none(), one.fingerprint() == other.fingerprint());
        }

        #[test]
        fn storage_keeps_the_fingerprint(request in any_request::refund()) {
            let restored = RefundRequest::restore(&request.store()).unwrap();
            prop_assert_eq!(restored.fingerprint(), request.fingerprint());
        }
    }
}
