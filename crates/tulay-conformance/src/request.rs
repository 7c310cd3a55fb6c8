//! Samples of requests that are not payouts, and changes that checks make to requests.

use jiff::Timestamp;
use tulay_core::{
    Channel, CollectionMethod, CollectionRequest, Corridor, Country, Currency, Email, Extras,
    Invalid, Lookup, Money, Name, NamePart, Operation, OrderId, Party, Phone, ProviderReference,
    Reference, RefundRequest, Request, StaticCodeRequest, WeChatOpenId,
};

/// A plain collection, static code or refund in this corridor: 100.00 in any currency, or more where
/// the corridor does not admit that; a refund is of a quarter. Names and numbers are made up; a
/// mobile is one of the corridor's country. `None` for any other operation, and for a channel that
/// names a bank or wallet, as those differ by provider.
#[must_use]
pub fn sample(operation: Operation, corridor: &Corridor) -> Option<Request> {
    let made = match operation {
        Operation::Collection => collection(corridor).map(|made| made.map(Request::from)),
        Operation::StaticCode => static_code(corridor).map(|made| made.map(Request::from)),
        Operation::Refund => refund(corridor).map(|made| Some(made.into())),
        _ => return None,
    };
    // The values made up here are valid.
    made.ok().flatten()
}

/// Changes of a request of any kind.
pub(crate) trait Edit {
    fn set_reference(&mut self, reference: Reference);

    fn set_country(&mut self, country: Country);

    fn set_currency(&mut self, currency: Currency);

    /// A refund is then of the whole amount that was paid.
    fn set_amount(&mut self, amount: Money);

    /// The beneficiary, payer or holder; `None` for a refund.
    fn party(&mut self) -> Option<&mut Party>;

    /// The one free text, and what errors call it.
    fn remark(&mut self) -> (&mut Option<String>, &'static str);

    fn extras(&mut self) -> &mut Extras;
}

impl Edit for Request {
    fn set_reference(&mut self, reference: Reference) {
        match self {
            Self::Payout(request) => request.reference = reference,
            Self::Collection(request) => request.reference = reference,
            Self::StaticCode(request) => request.reference = reference,
            Self::Refund(request) => request.reference = reference,
        }
    }

    fn set_country(&mut self, country: Country) {
        match self {
            Self::Payout(request) => request.country = country,
            Self::Collection(request) => request.country = country,
            Self::StaticCode(request) => request.country = country,
            Self::Refund(request) => request.original.country = country,
        }
    }

    fn set_currency(&mut self, currency: Currency) {
        match (self.amount(), self) {
            (_, Self::StaticCode(request)) => request.currency = currency,
            (Some(amount), request) => {
                request.set_amount(Money::from_minor(amount.minor(), currency));
            }
            (None, _) => {}
        }
    }

    fn set_amount(&mut self, amount: Money) {
        match self {
            Self::Payout(request) => request.amount = amount,
            Self::Collection(request) => request.amount = amount,
            Self::StaticCode(_) => {}
            Self::Refund(request) => {
                request.amount = amount;
                request.paid = amount;
            }
        }
    }

    fn party(&mut self) -> Option<&mut Party> {
        match self {
            Self::Payout(request) => Some(&mut request.beneficiary),
            Self::Collection(request) => Some(&mut request.payer),
            Self::StaticCode(request) => Some(&mut request.holder),
            Self::Refund(_) => None,
        }
    }

    fn remark(&mut self) -> (&mut Option<String>, &'static str) {
        match self {
            Self::Payout(request) => (&mut request.remark, "remark"),
            Self::Collection(request) => (&mut request.remark, "remark"),
            Self::StaticCode(request) => (&mut request.remark, "remark"),
            Self::Refund(request) => (&mut request.reason, "reason"),
        }
    }

    fn extras(&mut self) -> &mut Extras {
        match self {
            Self::Payout(request) => &mut request.extras,
            Self::Collection(request) => &mut request.extras,
            Self::StaticCode(request) => &mut request.extras,
            Self::Refund(request) => &mut request.extras,
        }
    }
}

fn collection(corridor: &Corridor) -> Result<Option<CollectionRequest>, Invalid> {
    let Some(method) = method(corridor.channel)? else { return Ok(None) };
    let reference = Reference::new("SALE-2026-0001")?;
    let mut request =
        CollectionRequest::new(reference, corridor.country, hundred(corridor), method);
    request.payer = party(corridor.country)?;
    request.return_url = Some("https://shop.example/thanks".to_owned());
    Ok(Some(request))
}

fn static_code(corridor: &Corridor) -> Result<Option<StaticCodeRequest>, Invalid> {
    let Some(method) = method(corridor.channel)? else { return Ok(None) };
    let reference = Reference::new("TILL-2026-0001")?;
    let mut request =
        StaticCodeRequest::new(reference, corridor.country, corridor.currency, method);
    request.holder = party(corridor.country)?;
    Ok(Some(request))
}

/// A quarter of a collection that was paid a while ago.
fn refund(corridor: &Corridor) -> Result<RefundRequest, Invalid> {
    let original = OrderId::parse("CONFORMANCEORIGINALABCDEFG")?;
    let mut lookup = Lookup::new(original, corridor.country, corridor.currency, corridor.channel);
    let paid = hundred(corridor);
    lookup.amount = Some(paid);
    lookup.provider_reference = Some(ProviderReference::new("C7000000000000000001")?);
    let quarter = Money::from_minor(paid.minor() / 4, corridor.currency);
    let mut request = RefundRequest::new(Reference::new("BACK-2026-0001")?, lookup, paid, quarter);
    request.paid_at = Timestamp::from_second(PAID_AT).ok();
    request.reason = Some("November".to_owned());
    Ok(request)
}

/// 2026-11-19T10:00:00+08:00, a day before the suite's clock begins.
const PAID_AT: i64 = 1_795_053_600;

/// 100.00 in any currency, or more: the corridor admits a quarter of it too, if it admits four
/// times its least amount.
fn hundred(corridor: &Corridor) -> Money {
    let usual = if corridor.currency == Currency::IDR { 1_000_000 } else { 10_000 };
    let least = corridor.min.map_or(0, Money::minor).saturating_mul(4);
    let most = corridor.max.map_or(i64::MAX, Money::minor);
    Money::from_minor(least.max(usual).min(most), corridor.currency)
}

fn method(channel: Channel) -> Result<Option<CollectionMethod>, Invalid> {
    Ok(match channel {
        Channel::Qr => Some(CollectionMethod::Qr),
        Channel::InApp => Some(CollectionMethod::WeChat {
            open_id: WeChatOpenId::new("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o")?,
            app_id: "wx2421b1c4370ec43b".to_owned(),
        }),
        _ => None,
    })
}

fn party(country: Country) -> Result<Party, Invalid> {
    let mobile = match country {
        Country::ID => "+6281200007777",
        Country::MY => "+60120007777",
        Country::TH => "+66810007777",
        Country::RU => "+79160007777",
        _ => "+639170007777",
    };
    let mut party = Party::default();
    party.name = Some(Name::Full(NamePart::new("Mariamne Sintoprueba")?));
    party.email = Some(Email::new("mariamne@payer.example.com")?);
    party.mobile = Some(Phone::new(mobile)?);
    Ok(party)
}
