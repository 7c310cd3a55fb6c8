//! Whether two requests are the same order: the fields of a request, compared and digested.

mod collection;
mod payout;
mod refund;
mod static_code;

use crate::{
    money::Money,
    party::{Name, Party, PartyKind},
    request::{CollectionMethod, Extras},
    sensitive::NamePart,
};
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// A field's name and, if the request has the field, its value. Every request of one kind has the
/// same fields in the same places, except for its extras, which come last.
type Field<'a> = (&'static str, Option<Cow<'a, str>>);

/// The name of the first field that differs.
fn difference(one: &[Field<'_>], other: &[Field<'_>]) -> Option<&'static str> {
    let differing = one.iter().zip(other).find(|(one, other)| one != other);
    let longer = one.get(other.len()).or_else(|| other.get(one.len()));
    differing.map(|(field, _)| field).or(longer).map(|(name, _)| *name)
}

/// The digest of the fields that are there, after the ASCII text that names the kind of request.
fn digest(kind: &str, fields: &[Field<'_>]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(kind);
    for (name, value) in fields {
        if let Some(value) = value {
            add(&mut hash, name);
            add(&mut hash, value);
        }
    }
    hash.finalize().into()
}

/// Adds a part after its length as 64 bits big-endian.
fn add(hash: &mut Sha256, part: &str) {
    hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
    hash.update(part);
}

/// Minor units, a blank, the currency.
fn money_text(money: Money) -> Cow<'static, str> {
    format!("{} {}", money.minor(), money.currency().as_str()).into()
}

fn extra_fields(extras: &Extras) -> impl Iterator<Item = Field<'_>> {
    extras.iter().flat_map(|(key, value)| {
        [("extras", Some(key.as_str().into())), ("extras", Some(value.expose().into()))]
    })
}

/// The names of a party's fields, below the name of the party.
macro_rules! party_names {
    ($party:literal) => {
        [
            concat!($party, ".kind"),
            concat!($party, ".name"),
            concat!($party, ".name.given"),
            concat!($party, ".name.middle"),
            concat!($party, ".name.family"),
            concat!($party, ".name.suffix"),
            concat!($party, ".mobile"),
            concat!($party, ".email"),
            concat!($party, ".tax_id"),
            concat!($party, ".relationship"),
            concat!($party, ".ip"),
        ]
    };
}

use party_names;

fn party_fields<'a>(
    names: [&'static str; 11],
    party: &'a Party,
) -> impl Iterator<Item = Field<'a>> {
    fn clear(part: Option<&NamePart>) -> Option<Cow<'_, str>> {
        part.map(|part| part.expose().into())
    }
    let Party { kind, name, mobile, email, tax_id, relationship, ip } = party;
    let kind = kind.map(|kind| match kind {
        PartyKind::Person => "person",
        PartyKind::Organization => "organization",
    });
    let (full, given, middle, family, suffix) = match name {
        None => (None, None, None, None, None),
        Some(Name::Full(full)) => (Some(full), None, None, None, None),
        Some(Name::Parts { given, middle, family, suffix }) => {
            (None, Some(given), middle.as_ref(), Some(family), suffix.as_ref())
        }
    };
    names.into_iter().zip([
        kind.map(Cow::from),
        clear(full),
        clear(given),
        clear(middle),
        clear(family),
        clear(suffix),
        mobile.as_ref().map(|it| it.expose().into()),
        email.as_ref().map(|it| it.expose().into()),
        tax_id.as_ref().map(|it| it.expose().into()),
        relationship.as_deref().map(Cow::from),
        ip.map(|ip| ip.to_string().into()),
    ])
}

/// Its kind, the bank or wallet, and the payer and the application at WeChat.
fn method_fields(method: &CollectionMethod) -> [Field<'_>; 4] {
    use CollectionMethod::{Qr, Redirect, VirtualAccount, WeChat};
    let (kind, institution, open_id, app_id) = match method {
        Qr => ("qr", None, None, None),
        VirtualAccount(institution) => ("virtual_account", Some(institution), None, None),
        Redirect(institution) => ("redirect", Some(institution), None, None),
        WeChat { open_id, app_id } => ("wechat", None, Some(open_id), Some(app_id)),
    };
    [
        ("method", Some(kind.into())),
        ("method.institution", institution.map(|it| it.as_str().into())),
        ("method.open_id", open_id.map(|it| it.expose().into())),
        ("method.app_id", app_id.map(Cow::from)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ids::InstitutionId,
        sensitive::{Email, Phone, Sensitive, TaxId, WeChatOpenId},
    };

    #[test]
    fn every_field_of_a_party_has_a_name() {
        let part = |text: &str| NamePart::new(text).unwrap();
        let name = |middle: &str, suffix: &str| Name::Parts {
            given: part("Ana"),
            middle: Some(part(middle)),
            family: part("Reyes"),
            suffix: Some(part(suffix)),
        };
        let parts = || Party::default().with_name(name("Cruz", "III"));
        let full = || Party::default().with_name(Name::full("Ana Reyes").unwrap());
        let given = Name::parts("Eva", "Reyes").unwrap();
        let family = Name::parts("Ana", "Santos").unwrap();
        let short = || Party::default().with_name(Name::parts("Ana", "Reyes").unwrap());
        let none = Party::default;
        for (one, other, expected) in [
            (none(), none().with_kind(PartyKind::Person), "payer.kind"),
            (none(), full(), "payer.name"),
            (full(), parts(), "payer.name"),
            (none(), parts(), "payer.name.given"),
            (short(), none().with_name(given), "payer.name.given"),
            (short(), parts(), "payer.name.middle"),
            (parts(), none().with_name(name("Diaz", "III")), "payer.name.middle"),
            (short(), none().with_name(family), "payer.name.family"),
            (parts(), none().with_name(name("Cruz", "Jr.")), "payer.name.suffix"),
            (none(), none().with_mobile(Phone::new("+639171234567").unwrap()), "payer.mobile"),
            (none(), none().with_email(Email::new("a@b.ph").unwrap()), "payer.email"),
            (none(), none().with_tax_id(TaxId::new("1").unwrap()), "payer.tax_id"),
            (none(), none().with_relationship("cousin"), "payer.relationship"),
            (none(), none().with_ip("10.0.0.1".parse().unwrap()), "payer.ip"),
        ] {
            let fields = |it| party_fields(party_names!("payer"), it).collect::<Vec<_>>();
            let (one, other) = (fields(&one), fields(&other));
            assert_eq!(difference(&one, &other), Some(expected));
            assert_eq!(difference(&other, &one), Some(expected));
            assert_eq!(difference(&one, &one), None);
            assert_ne!(digest("a", &one), digest("a", &other), "{expected}");
        }
    }

    #[test]
    fn every_field_of_a_method_has_a_name() {
        let (bank, wallet) = (InstitutionId::new("CENAIDJA"), InstitutionId::new("gcash"));
        let (bank, wallet) = (bank.unwrap(), wallet.unwrap());
        let wechat = |open_id: &str, app_id: &str| CollectionMethod::WeChat {
            open_id: WeChatOpenId::new(open_id).unwrap(),
            app_id: app_id.into(),
        };
        for (one, other, expected) in [
            (CollectionMethod::Qr, CollectionMethod::Redirect(bank.clone()), "method"),
            (
                CollectionMethod::VirtualAccount(bank.clone()),
                CollectionMethod::Redirect(bank.clone()),
                "method",
            ),
            (CollectionMethod::Qr, wechat("o1", "wx1"), "method"),
            (
                CollectionMethod::Redirect(bank),
                CollectionMethod::Redirect(wallet),
                "method.institution",
            ),
            (wechat("o1", "wx1"), wechat("o2", "wx1"), "method.open_id"),
            (wechat("o1", "wx1"), wechat("o1", "wx2"), "method.app_id"),
        ] {
            assert_eq!(difference(&method_fields(&one), &method_fields(&other)), Some(expected));
            assert_eq!(difference(&method_fields(&one), &method_fields(&one)), None);
            assert_ne!(
                digest("a", &method_fields(&one)),
                digest("a", &method_fields(&other)),
                "{expected}"
            );
        }
    }

    #[test]
    fn every_extra_counts() {
        let of = |all: &[(&str, &str)]| {
            let sensitive =
                |(key, value): &(&str, &str)| ((*key).to_owned(), Sensitive::new(*value).unwrap());
            all.iter().map(sensitive).collect::<Extras>()
        };
        let one = of(&[("a.x", "1")]);
        for other in
            [of(&[]), of(&[("a.x", "2")]), of(&[("a.y", "1")]), of(&[("a.x", "1"), ("b", "")])]
        {
            let (one, other): (Vec<_>, Vec<_>) =
                (extra_fields(&one).collect(), extra_fields(&other).collect());
            assert_eq!(difference(&one, &other), Some("extras"));
            assert_eq!(difference(&other, &one), Some("extras"));
            assert_eq!(difference(&one, &one), None);
            assert_ne!(digest("a", &one), digest("a", &other));
        }
    }
}
