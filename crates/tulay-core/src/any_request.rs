//! Requests for tests: of every kind, with every field, and with any of the fields.

use crate::{
    Channel, CollectionMethod, CollectionRequest, Country, Currency, Email, Extras, InstitutionId,
    Invalid, Lookup, Money, Name, NamePart, OrderId, Party, PartyKind, Phone, ProviderReference,
    Reference, RefundRequest, Sensitive, StaticCodeRequest, TaxId, Terminal, WeChatOpenId,
};
use jiff::Timestamp;
use proptest::{collection::btree_map, option, prelude::*, sample::select};
use std::{fmt::Debug, net::IpAddr};

/// A collection request with every field.
pub(crate) fn full_collection() -> CollectionRequest {
    let amount = Money::from_minor(125_000, Currency::PHP);
    let method = CollectionMethod::WeChat {
        open_id: WeChatOpenId::new("oUpF8uMuAJO").unwrap(),
        app_id: "wx8888".into(),
    };
    CollectionRequest::new(Reference::new("C1").unwrap(), Country::PH, amount, method)
        .with_payer(full_party())
        .with_terminal(Terminal::new("T1").unwrap())
        .with_display_name("Acme Café")
        .with_expires("2026-11-30T13:00:00.5Z".parse::<Timestamp>().unwrap())
        .with_return_url("https://shop.example.com/thanks")
        .with_remark("Table 7")
        .with_extra("acme.purpose", Sensitive::new("x").unwrap())
}

/// A request for a static code with every field.
pub(crate) fn full_static_code() -> StaticCodeRequest {
    let method = CollectionMethod::VirtualAccount(InstitutionId::new("CENAIDJA").unwrap());
    StaticCodeRequest::new(Reference::new("S1").unwrap(), Country::ID, Currency::IDR, method)
        .with_holder(Party::default().with_name(Name::full("Acme Café").unwrap()))
        .with_terminal(Terminal::new("T1").unwrap())
        .with_display_name("Acme")
        .with_remark("Counter 1")
        .with_extra("acme.purpose", Sensitive::new("x").unwrap())
        .with_extra("acme.branch", Sensitive::new("").unwrap())
}

/// A refund request with every field.
pub(crate) fn full_refund() -> RefundRequest {
    let order_id = OrderId::parse("CCCT4DQCA7IYPBOIHLLI5GBEMB").unwrap();
    let paid = Money::from_minor(10_000, Currency::PHP);
    let original = Lookup::new(order_id, Country::PH, Currency::PHP, Channel::Qr)
        .with_amount(paid)
        .with_institution(InstitutionId::new("gcash").unwrap())
        .with_terminal(Terminal::new("T1").unwrap())
        .with_provider_reference(ProviderReference::new("7001").unwrap())
        .with_payment(ProviderReference::new("pay_1").unwrap())
        .with_rail_reference("IP-7001")
        .with_original(ProviderReference::new("7000").unwrap());
    let amount = Money::from_minor(4_000, Currency::PHP);
    RefundRequest::new(Reference::new("F1").unwrap(), original, paid, amount)
        .with_paid_at("2026-11-30T13:00:00Z".parse::<Timestamp>().unwrap())
        .with_reason("damaged")
        .with_extra("acme.notes", Sensitive::new("x").unwrap())
}

fn full_party() -> Party {
    let part = |text: &str| NamePart::new(text).unwrap();
    let name = Name::Parts {
        given: part("Ana"),
        middle: Some(part("Cruz")),
        family: part("Peña"),
        suffix: Some(part("III")),
    };
    Party::default()
        .with_kind(PartyKind::Person)
        .with_name(name)
        .with_mobile(Phone::new("+639171234567").unwrap())
        .with_email(Email::new("ana@example.com").unwrap())
        .with_tax_id(TaxId::new("123-456").unwrap())
        .with_relationship("customer")
        .with_ip("2001:db8::1".parse::<IpAddr>().unwrap())
}

pub(crate) fn collection() -> impl Strategy<Value = CollectionRequest> {
    let optional = (
        option::of(terminal()),
        option::of(".{0,20}"),
        option::of(instant()),
        option::of(".{0,40}"),
        option::of(".{0,40}"),
    );
    (reference(), country(), money(), method(), party(), optional, extras()).prop_map(
        |(reference, country, amount, method, payer, optional, extras)| {
            let (terminal, display_name, expires, return_url, remark) = optional;
            CollectionRequest {
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
            }
        },
    )
}

pub(crate) fn static_code() -> impl Strategy<Value = StaticCodeRequest> {
    let optional = (option::of(terminal()), option::of(".{0,20}"), option::of(".{0,40}"));
    (reference(), country(), currency(), method(), party(), optional, extras()).prop_map(
        |(reference, country, currency, method, holder, optional, extras)| {
            let (terminal, display_name, remark) = optional;
            StaticCodeRequest {
                reference,
                country,
                currency,
                method,
                holder,
                terminal,
                display_name,
                remark,
                extras,
            }
        },
    )
}

pub(crate) fn refund() -> impl Strategy<Value = RefundRequest> {
    let optional = (option::of(instant()), option::of(".{0,40}"));
    (reference(), lookup(), money(), money(), optional, extras()).prop_map(
        |(reference, original, paid, amount, (paid_at, reason), extras)| RefundRequest {
            reference,
            original,
            paid,
            paid_at,
            amount,
            reason,
            extras,
        },
    )
}

pub(crate) fn party() -> impl Strategy<Value = Party> {
    let part = || text("[A-Za-zñÑ'.-]{1,20}", NamePart::new);
    let parts = (part(), option::of(part()), part(), option::of(part()));
    let name = prop_oneof![
        part().prop_map(Name::Full),
        parts.prop_map(|(given, middle, family, suffix)| Name::Parts {
            given,
            middle,
            family,
            suffix
        }),
    ];
    let optional = (
        option::of(select(vec![PartyKind::Person, PartyKind::Organization])),
        option::of(name),
        option::of(phone()),
        option::of(Just(Email::new("a@b.ph").unwrap())),
        option::of(text("[0-9]{1,20}", TaxId::new)),
        option::of("[a-z]{1,20}"),
        option::of(any::<IpAddr>()),
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

pub(crate) fn institution() -> impl Strategy<Value = InstitutionId> {
    text("[A-Z0-9]{8}|[a-z][a-z0-9]{1,8}", InstitutionId::new)
}

pub(crate) fn phone() -> impl Strategy<Value = Phone> {
    text("\\+[1-9][0-9]{7,14}", Phone::new)
}

pub(crate) fn money() -> impl Strategy<Value = Money> {
    (any::<i64>(), currency()).prop_map(|(minor, currency)| Money::from_minor(minor, currency))
}

pub(crate) fn extras() -> impl Strategy<Value = Extras> {
    btree_map("[a-z]{1,4}\\.[a-z]{1,4}", text(".{0,20}", Sensitive::new), 0..3)
}

/// A text that matches a pattern, as a value of another type.
pub(crate) fn text<T: Debug>(
    pattern: &'static str,
    new: fn(String) -> Result<T, Invalid>,
) -> impl Strategy<Value = T> {
    pattern.prop_map(move |text| new(text).unwrap())
}

fn method() -> impl Strategy<Value = CollectionMethod> {
    let wechat = (text("[!-~]{1,20}", WeChatOpenId::new), ".{0,20}");
    prop_oneof![
        Just(CollectionMethod::Qr),
        institution().prop_map(CollectionMethod::VirtualAccount),
        institution().prop_map(CollectionMethod::Redirect),
        wechat.prop_map(|(open_id, app_id)| CollectionMethod::WeChat { open_id, app_id }),
    ]
}

fn lookup() -> impl Strategy<Value = Lookup> {
    let provider_reference = || option::of(text("[!-~]{1,128}", ProviderReference::new));
    let channels = select(vec![Channel::Qr, Channel::Redirect, Channel::InApp]);
    let order_id = "[A-Z0-9]{10,31}".prop_map(|text| OrderId::parse(&text).unwrap());
    let required = (order_id, country(), currency(), channels);
    let optional = (option::of(money()), option::of(institution()), option::of(terminal()));
    let references =
        (provider_reference(), provider_reference(), option::of(".{0,20}"), provider_reference());
    (required, optional, references).prop_map(|(required, optional, references)| {
        let (order_id, country, currency, channel) = required;
        let mut lookup = Lookup::new(order_id, country, currency, channel);
        (lookup.amount, lookup.institution, lookup.terminal) = optional;
        (lookup.provider_reference, lookup.payment, lookup.rail_reference, lookup.original) =
            references;
        lookup
    })
}

fn reference() -> impl Strategy<Value = Reference> {
    text("[!-~]{1,64}", Reference::new)
}

fn terminal() -> impl Strategy<Value = Terminal> {
    text("[!-~]{1,25}", Terminal::new)
}

fn country() -> impl Strategy<Value = Country> {
    select(vec![Country::ID, Country::MY, Country::PH, Country::RU, Country::TH])
}

fn currency() -> impl Strategy<Value = Currency> {
    select(vec![Currency::IDR, Currency::PHP, Currency::new("KRW").unwrap()])
}

/// To the nanosecond.
fn instant() -> impl Strategy<Value = Timestamp> {
    let parts = (0..4_000_000_000_i64, 0..1_000_000_000_i32);
    parts.prop_map(|(second, nanosecond)| Timestamp::new(second, nanosecond).unwrap())
}
