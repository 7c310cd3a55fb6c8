//! Whether two requests are the same static code.

use super::{Field, difference, digest, extra_fields, method_fields, party_fields, party_names};
use crate::request::StaticCodeRequest;
use std::borrow::Cow;

impl StaticCodeRequest {
    /// The first field in which another request differs; `None`: they are the same static code. The
    /// name is dotted, as in errors, and no value is repeated. The extras are one field.
    ///
    /// ```
    /// use tulay_core::{CollectionMethod, Country, Currency, Reference, StaticCodeRequest};
    /// let reference = Reference::new("COUNTER-1")?;
    /// let method = CollectionMethod::Qr;
    /// let one = StaticCodeRequest::new(reference, Country::PH, Currency::PHP, method);
    /// let other = one.clone().with_display_name("Acme Cafe");
    /// assert_eq!(one.difference(&one), None);
    /// assert_eq!(one.difference(&other), Some("display_name"));
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
    /// The digest is over the ASCII text `tulay static code 1`, then each field that is there: its
    /// name and its value, each after its length as 64 bits big-endian. The fields and their order
    /// are those of the request: `reference`, `country`, `currency`, `method` (`qr`,
    /// `virtual_account`, `redirect` or `wechat`), `method.institution`, `method.open_id`,
    /// `method.app_id`, `holder.kind`, `holder.name` (full), `holder.name.given`, `.middle`,
    /// `.family`, `.suffix`, `holder.mobile`, `.email`, `.tax_id`, `.relationship`, `.ip`, `terminal`,
    /// `display_name`, `remark`, and for each extra, sorted, `extras` with its key and `extras` with
    /// its value.
    ///
    /// It is as sensitive as what it is made of: names and numbers can be guessed and tried.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        digest("tulay static code 1", &fields(self))
    }
}

/// The fields of a request, in order.
fn fields(request: &StaticCodeRequest) -> Vec<Field<'_>> {
    let StaticCodeRequest {
        reference,
        country,
        currency,
        method,
        holder,
        terminal,
        display_name,
        remark,
        extras,
    } = request;
    let mut fields: Vec<Field<'_>> = vec![
        ("reference", Some(reference.as_str().into())),
        ("country", Some(country.as_str().into())),
        ("currency", Some(currency.as_str().into())),
    ];
    fields.extend(method_fields(method));
    fields.extend(party_fields(party_names!("holder"), holder));
    fields.extend([
        ("terminal", terminal.as_ref().map(|terminal| terminal.as_str().into())),
        ("display_name", display_name.as_deref().map(Cow::from)),
        ("remark", remark.as_deref().map(Cow::from)),
    ]);
    fields.extend(extra_fields(extras));
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        CollectionMethod, Country, Currency, InstitutionId, PartyKind, Reference, Sensitive,
        Terminal, any_request,
    };
    use proptest::prelude::*;

    type Change = fn(&mut StaticCodeRequest);

    /// Copies one field of the second request to the first.
    type CopyField = fn(&mut StaticCodeRequest, StaticCodeRequest);

    fn request() -> StaticCodeRequest {
        let bank = InstitutionId::new("CENAIDJA").unwrap();
        let method = CollectionMethod::VirtualAccount(bank);
        StaticCodeRequest::new(Reference::new("S1").unwrap(), Country::ID, Currency::IDR, method)
    }

    fn hex(request: &StaticCodeRequest) -> String {
        request.fingerprint().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn fingerprints_are_pinned() {
        // Made from the documented text by another program.
        let full = any_request::full_static_code();
        for (request, fingerprint) in [
            (&request(), "b2251ee1928c8c3d08188717fb6de9022715a2b5dd57db8d875943fc1b62f62e"),
            (&full, "304e8017f6f387a2fd891cde41659e3aa0550b38ca663e01cdced0cfc9aaea16"),
        ] {
            assert_eq!(hex(request), fingerprint);
        }
    }

    #[test]
    fn every_field_makes_a_difference() {
        let changes: [(Change, &str); 11] = [
            (|it| it.reference = Reference::new("S2").unwrap(), "reference"),
            (|it| it.country = Country::TH, "country"),
            (|it| it.currency = Currency::PHP, "currency"),
            (|it| it.method = CollectionMethod::Qr, "method"),
            (
                |it| {
                    let bank = InstitutionId::new("BMRIIDJA").unwrap();
                    it.method = CollectionMethod::VirtualAccount(bank);
                },
                "method.institution",
            ),
            (|it| it.holder.kind = Some(PartyKind::Person), "holder.kind"),
            (|it| it.holder.relationship = Some("cousin".into()), "holder.relationship"),
            (|it| it.terminal = Terminal::new("T1").ok(), "terminal"),
            (|it| it.display_name = Some("Shop".into()), "display_name"),
            (|it| it.remark = Some(String::new()), "remark"),
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

    const COPIES: [(&str, CopyField); 9] = [
        ("reference", |it, other| it.reference = other.reference),
        ("country", |it, other| it.country = other.country),
        ("currency", |it, other| it.currency = other.currency),
        ("method", |it, other| it.method = other.method),
        ("holder", |it, other| it.holder = other.holder),
        ("terminal", |it, other| it.terminal = other.terminal),
        ("display_name", |it, other| it.display_name = other.display_name),
        ("remark", |it, other| it.remark = other.remark),
        ("extras", |it, other| it.extras = other.extras),
    ];

    proptest! {
        #[test]
        fn equal_fingerprints_have_no_difference(
            one in any_request::static_code(),
            other in any_request::static_code(),
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
        fn storage_keeps_the_fingerprint(request in any_request::static_code()) {
            let restored = StaticCodeRequest::restore(&request.store()).unwrap();
            prop_assert_eq!(restored.fingerprint(), request.fingerprint());
        }
    }
}
