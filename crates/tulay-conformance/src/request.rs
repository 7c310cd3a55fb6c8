//! A request of any kind, and samples of those that are not payouts.

use jiff::Timestamp;
use tulay_core::{
    Channel, CodeRequest, CollectionRequest, Corridor, Country, Currency, Email, Extras, Field,
    InstitutionId, Invalid, Lookup, Method, Money, Name, NamePart, Operation, OrderId, Party,
    PayoutRequest, Phone, ProviderReference, Reference, RefundRequest, WeChatOpenId,
};

/// What an application may ask a provider to make.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "core has no more that make an order")]
pub enum Request {
    /// Money to be paid out.
    Payout(PayoutRequest),
    /// Money to be collected, once.
    Collection(CollectionRequest),
    /// A code to be paid again and again.
    Code(CodeRequest),
    /// Collected money to be given back.
    Refund(RefundRequest),
}

impl Request {
    /// A plain collection, static code or refund in this corridor: 100.00 in any currency. Names
    /// and numbers are made up; a mobile is one of the corridor's country. `None` for what is none
    /// of these, and for a channel that names a bank or wallet, as those differ by provider.
    #[must_use]
    pub fn sample(operation: Operation, corridor: &Corridor) -> Option<Self> {
        let made = match operation {
            Operation::Collection => collection(corridor).map(|made| made.map(Self::Collection)),
            Operation::Code => static_code(corridor).map(|made| made.map(Self::Code)),
            Operation::Refund => refund(corridor).map(|made| Some(Self::Refund(made))),
            _ => return None,
        };
        // What is made up here is well made.
        made.ok().flatten()
    }

    /// What it asks for.
    #[must_use]
    pub const fn operation(&self) -> Operation {
        match self {
            Self::Payout(_) => Operation::Payout,
            Self::Collection(_) => Operation::Collection,
            Self::Code(_) => Operation::Code,
            Self::Refund(_) => Operation::Refund,
        }
    }

    pub(crate) const fn reference(&mut self) -> &mut Reference {
        match self {
            Self::Payout(request) => &mut request.reference,
            Self::Collection(request) => &mut request.reference,
            Self::Code(request) => &mut request.reference,
            Self::Refund(request) => &mut request.reference,
        }
    }

    pub(crate) const fn country(&self) -> Country {
        match self {
            Self::Payout(request) => request.country,
            Self::Collection(request) => request.country,
            Self::Code(request) => request.country,
            Self::Refund(request) => request.original.country,
        }
    }

    pub(crate) const fn in_country(&mut self, country: Country) {
        match self {
            Self::Payout(request) => request.country = country,
            Self::Collection(request) => request.country = country,
            Self::Code(request) => request.country = country,
            Self::Refund(request) => request.original.country = country,
        }
    }

    pub(crate) const fn currency(&self) -> Currency {
        match self {
            Self::Payout(request) => request.amount.currency(),
            Self::Collection(request) => request.amount.currency(),
            Self::Code(request) => request.currency,
            Self::Refund(request) => request.amount.currency(),
        }
    }

    pub(crate) const fn in_currency(&mut self, currency: Currency) {
        match self {
            Self::Code(request) => request.currency = currency,
            _ => {
                if let Some(amount) = self.amount() {
                    self.over(Money::from_minor(amount.minor(), currency));
                }
            }
        }
    }

    /// `None` where the payer chooses it.
    pub(crate) const fn amount(&self) -> Option<Money> {
        match self {
            Self::Payout(request) => Some(request.amount),
            Self::Collection(request) => Some(request.amount),
            Self::Code(_) => None,
            Self::Refund(request) => Some(request.amount),
        }
    }

    /// The same over another amount; a refund is then of all that was paid.
    pub(crate) const fn over(&mut self, amount: Money) {
        match self {
            Self::Payout(request) => request.amount = amount,
            Self::Collection(request) => request.amount = amount,
            Self::Code(_) => {}
            Self::Refund(request) => {
                request.amount = amount;
                request.paid = amount;
            }
        }
    }

    pub(crate) const fn channel(&self) -> Channel {
        match self {
            Self::Payout(request) => request.destination.channel(),
            Self::Collection(request) => request.method.channel(),
            Self::Code(request) => request.method.channel(),
            Self::Refund(request) => request.original.channel,
        }
    }

    pub(crate) const fn institution(&self) -> Option<&InstitutionId> {
        match self {
            Self::Payout(request) => request.destination.institution(),
            Self::Collection(CollectionRequest { method, .. })
            | Self::Code(CodeRequest { method, .. }) => match method {
                Method::VirtualAccount(id) | Method::Redirect(id) => Some(id),
                _ => None,
            },
            Self::Refund(request) => request.original.institution.as_ref(),
        }
    }

    pub(crate) fn has(&self, field: Field) -> bool {
        match self {
            Self::Payout(request) => request.has(field),
            Self::Collection(request) => request.has(field),
            Self::Code(request) => request.has(field),
            Self::Refund(_) => true,
        }
    }

    /// Who is paid, pays, or holds the code; nobody new where money goes back.
    pub(crate) const fn party(&mut self) -> Option<&mut Party> {
        match self {
            Self::Payout(request) => Some(&mut request.beneficiary),
            Self::Collection(request) => Some(&mut request.payer),
            Self::Code(request) => Some(&mut request.holder),
            Self::Refund(_) => None,
        }
    }

    /// The one text that is free, and what errors call it.
    pub(crate) const fn remark(&mut self) -> (&mut Option<String>, &'static str) {
        match self {
            Self::Payout(request) => (&mut request.remark, "remark"),
            Self::Collection(request) => (&mut request.remark, "remark"),
            Self::Code(request) => (&mut request.remark, "remark"),
            Self::Refund(request) => (&mut request.reason, "reason"),
        }
    }

    pub(crate) const fn extras(&mut self) -> Option<&mut Extras> {
        match self {
            Self::Payout(request) => Some(&mut request.extras),
            Self::Collection(request) => Some(&mut request.extras),
            Self::Code(request) => Some(&mut request.extras),
            Self::Refund(_) => None,
        }
    }

    /// What is stored to ask again, as far as the request tells.
    pub(crate) fn lookup(&self, order_id: &OrderId) -> Lookup {
        let mut lookup =
            Lookup::new(order_id.clone(), self.country(), self.currency(), self.channel());
        lookup.amount = self.amount();
        lookup.institution = self.institution().cloned();
        match self {
            Self::Collection(request) => lookup.terminal.clone_from(&request.terminal),
            Self::Code(request) => lookup.terminal.clone_from(&request.terminal),
            Self::Refund(request) => {
                lookup.original.clone_from(&request.original.provider_reference);
            }
            Self::Payout(_) => {}
        }
        lookup
    }
}

impl From<PayoutRequest> for Request {
    fn from(request: PayoutRequest) -> Self {
        Self::Payout(request)
    }
}

impl From<CollectionRequest> for Request {
    fn from(request: CollectionRequest) -> Self {
        Self::Collection(request)
    }
}

impl From<CodeRequest> for Request {
    fn from(request: CodeRequest) -> Self {
        Self::Code(request)
    }
}

impl From<RefundRequest> for Request {
    fn from(request: RefundRequest) -> Self {
        Self::Refund(request)
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

fn static_code(corridor: &Corridor) -> Result<Option<CodeRequest>, Invalid> {
    let Some(method) = method(corridor.channel)? else { return Ok(None) };
    let reference = Reference::new("TILL-2026-0001")?;
    let mut request = CodeRequest::new(reference, corridor.country, corridor.currency, method);
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

fn hundred(corridor: &Corridor) -> Money {
    let minor = if corridor.currency == Currency::IDR { 1_000_000 } else { 10_000 };
    Money::from_minor(minor, corridor.currency)
}

fn method(channel: Channel) -> Result<Option<Method>, Invalid> {
    Ok(match channel {
        Channel::Qr => Some(Method::Qr),
        Channel::InApp => Some(Method::WeChat {
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
    party.email = Some(Email::new("mariamne@payer.example")?);
    party.mobile = Some(Phone::new(mobile)?);
    Ok(party)
}
