//! A request of any kind: what payouts, collections, static codes and refunds have in common.

use crate::{
    channel::Channel,
    field::Field,
    ids::{InstitutionId, Reference},
    money::{Country, Currency, Money},
    operation::Operation,
    order_id::OrderId,
    prepared::Lookup,
    rail::Rail,
    request::{CollectionRequest, PayoutRequest, RefundRequest, StaticCodeRequest},
};

/// A request for an order of any kind.
///
/// ```
/// use tulay_core::{Country, Currency, CollectionMethod, Operation, OrderId, Reference, Request};
/// use tulay_core::StaticCodeRequest;
/// let reference = Reference::new("COUNTER-1")?;
/// let request = StaticCodeRequest::new(reference, Country::PH, Currency::PHP, CollectionMethod::Qr);
/// let request = Request::from(request);
/// assert_eq!((request.operation(), request.amount()), (Operation::StaticCode, None));
/// let lookup = request.lookup(&OrderId::parse("SCCT4DQCA7IYPBOIHLLI5GBEMB")?);
/// assert_eq!((lookup.country, lookup.currency), (Country::PH, Currency::PHP));
/// # Ok::<_, tulay_core::Invalid>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a fifth kind of order is a decision everywhere")]
pub enum Request {
    /// Money to be paid out.
    Payout(PayoutRequest),
    /// Money to be collected, once.
    Collection(CollectionRequest),
    /// A code to be paid again and again.
    StaticCode(StaticCodeRequest),
    /// Collected money to be refunded.
    Refund(RefundRequest),
}

/// A borrowed [`Request`]: made from a reference to any of the four kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "as Request")]
pub enum RequestRef<'a> {
    /// Money to be paid out.
    Payout(&'a PayoutRequest),
    /// Money to be collected, once.
    Collection(&'a CollectionRequest),
    /// A code to be paid again and again.
    StaticCode(&'a StaticCodeRequest),
    /// Collected money to be refunded.
    Refund(&'a RefundRequest),
}

impl<'a> RequestRef<'a> {
    /// The operation that makes the order.
    #[must_use]
    pub const fn operation(self) -> Operation {
        match self {
            Self::Payout(_) => Operation::Payout,
            Self::Collection(_) => Operation::Collection,
            Self::StaticCode(_) => Operation::StaticCode,
            Self::Refund(_) => Operation::Refund,
        }
    }

    /// The application's reference.
    #[must_use]
    pub const fn reference(self) -> &'a Reference {
        match self {
            Self::Payout(request) => &request.reference,
            Self::Collection(request) => &request.reference,
            Self::StaticCode(request) => &request.reference,
            Self::Refund(request) => &request.reference,
        }
    }

    /// The country; of a refund, the country of the collection.
    #[must_use]
    pub const fn country(self) -> Country {
        match self {
            Self::Payout(request) => request.country,
            Self::Collection(request) => request.country,
            Self::StaticCode(request) => request.country,
            Self::Refund(request) => request.original.country,
        }
    }

    /// The currency.
    #[must_use]
    pub const fn currency(self) -> Currency {
        match self {
            Self::Payout(request) => request.amount.currency(),
            Self::Collection(request) => request.amount.currency(),
            Self::StaticCode(request) => request.currency,
            Self::Refund(request) => request.amount.currency(),
        }
    }

    /// The amount; `None` of a static code, whose payers choose it.
    #[must_use]
    pub const fn amount(self) -> Option<Money> {
        match self {
            Self::Payout(request) => Some(request.amount),
            Self::Collection(request) => Some(request.amount),
            Self::StaticCode(_) => None,
            Self::Refund(request) => Some(request.amount),
        }
    }

    /// How the money moves; of a refund, how the collection was paid.
    #[must_use]
    pub const fn channel(self) -> Channel {
        match self {
            Self::Payout(request) => request.destination.channel(),
            Self::Collection(request) => request.method.channel(),
            Self::StaticCode(request) => request.method.channel(),
            Self::Refund(request) => request.original.channel,
        }
    }

    /// The bank or wallet, where the request names one.
    #[must_use]
    pub const fn institution(self) -> Option<&'a InstitutionId> {
        match self {
            Self::Payout(request) => request.destination.institution(),
            Self::Collection(request) => request.method.institution(),
            Self::StaticCode(request) => request.method.institution(),
            Self::Refund(request) => request.original.institution.as_ref(),
        }
    }

    /// The rail that a payout asks for.
    #[must_use]
    pub const fn rail(self) -> Option<Rail> {
        match self {
            Self::Payout(request) => request.rail,
            Self::Collection(_) | Self::StaticCode(_) | Self::Refund(_) => None,
        }
    }

    /// Whether the request holds a field that a corridor may require. A refund names its
    /// collection, and lacks none.
    #[must_use]
    pub fn has(self, field: Field) -> bool {
        match self {
            Self::Payout(request) => request.has(field),
            Self::Collection(request) => request.has(field),
            Self::StaticCode(request) => request.has(field),
            Self::Refund(_) => true,
        }
    }

    /// The look-up of the order that is made of this request under this id. An adapter's `prepare`
    /// begins with it, and adds what it chose itself, such as a terminal.
    #[must_use]
    pub fn lookup(self, order_id: &OrderId) -> Lookup {
        let mut lookup =
            Lookup::new(order_id.clone(), self.country(), self.currency(), self.channel());
        lookup.amount = self.amount();
        lookup.institution = self.institution().cloned();
        match self {
            Self::Collection(request) => lookup.terminal.clone_from(&request.terminal),
            Self::StaticCode(request) => lookup.terminal.clone_from(&request.terminal),
            Self::Refund(request) => {
                lookup.original.clone_from(&request.original.provider_reference);
                lookup.payment.clone_from(&request.original.payment);
            }
            Self::Payout(_) => {}
        }
        lookup
    }
}

impl Request {
    /// The request, borrowed.
    #[must_use]
    pub const fn as_ref(&self) -> RequestRef<'_> {
        match self {
            Self::Payout(request) => RequestRef::Payout(request),
            Self::Collection(request) => RequestRef::Collection(request),
            Self::StaticCode(request) => RequestRef::StaticCode(request),
            Self::Refund(request) => RequestRef::Refund(request),
        }
    }

    /// As [`RequestRef::operation`].
    #[must_use]
    pub const fn operation(&self) -> Operation {
        self.as_ref().operation()
    }

    /// As [`RequestRef::reference`].
    #[must_use]
    pub const fn reference(&self) -> &Reference {
        self.as_ref().reference()
    }

    /// As [`RequestRef::country`].
    #[must_use]
    pub const fn country(&self) -> Country {
        self.as_ref().country()
    }

    /// As [`RequestRef::currency`].
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.as_ref().currency()
    }

    /// As [`RequestRef::amount`].
    #[must_use]
    pub const fn amount(&self) -> Option<Money> {
        self.as_ref().amount()
    }

    /// As [`RequestRef::channel`].
    #[must_use]
    pub const fn channel(&self) -> Channel {
        self.as_ref().channel()
    }

    /// As [`RequestRef::institution`].
    #[must_use]
    pub const fn institution(&self) -> Option<&InstitutionId> {
        self.as_ref().institution()
    }

    /// As [`RequestRef::has`].
    #[must_use]
    pub fn has(&self, field: Field) -> bool {
        self.as_ref().has(field)
    }

    /// As [`RequestRef::lookup`].
    #[must_use]
    pub fn lookup(&self, order_id: &OrderId) -> Lookup {
        self.as_ref().lookup(order_id)
    }
}

macro_rules! kinds {
    ($($kind:ident: $request:ident,)*) => { $(
        impl $request {
            /// The look-up of the order that is made of this request under this id.
            #[must_use]
            pub fn lookup(&self, order_id: &OrderId) -> Lookup {
                RequestRef::$kind(self).lookup(order_id)
            }
        }

        impl From<$request> for Request {
            fn from(request: $request) -> Self {
                Self::$kind(request)
            }
        }

        impl<'a> From<&'a $request> for RequestRef<'a> {
            fn from(request: &'a $request) -> Self {
                Self::$kind(request)
            }
        }
    )* };
}

kinds! {
    Payout: PayoutRequest,
    Collection: CollectionRequest,
    StaticCode: StaticCodeRequest,
    Refund: RefundRequest,
}

impl<'a> From<&'a Request> for RequestRef<'a> {
    fn from(request: &'a Request) -> Self {
        request.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ids::{ProviderReference, Terminal},
        request::{CollectionMethod, Destination},
        sensitive::AccountNumber,
    };

    fn id() -> OrderId {
        OrderId::parse("PCCT4DQCA7IYPBOIHLLI5GBEMB").unwrap()
    }

    fn reference() -> Reference {
        Reference::new("R1").unwrap()
    }

    fn pesos(minor: i64) -> Money {
        Money::from_minor(minor, Currency::PHP)
    }

    #[test]
    fn a_look_up_holds_what_the_request_tells() {
        let institution = InstitutionId::new("BOPIPHMM").unwrap();
        let account = AccountNumber::new("1").unwrap();
        let destination = Destination::Bank { institution: institution.clone(), account };
        let payout = PayoutRequest::new(reference(), Country::PH, pesos(100), destination);
        let lookup = payout.lookup(&id());
        assert_eq!((lookup.order_id, lookup.channel), (id(), Channel::Bank));
        assert_eq!((lookup.amount, lookup.institution), (Some(pesos(100)), Some(institution)));

        let mut collection =
            CollectionRequest::new(reference(), Country::PH, pesos(100), CollectionMethod::Qr);
        collection.terminal = Terminal::new("8CYGISAS").ok();
        let mut paid = collection.lookup(&id());
        assert_eq!(paid.terminal, collection.terminal);

        paid.provider_reference = ProviderReference::new("7001").ok();
        let refund = RefundRequest::new(reference(), paid.clone(), pesos(100), pesos(25));
        let lookup = refund.lookup(&id());
        assert_eq!((lookup.amount, lookup.original), (Some(pesos(25)), paid.provider_reference));
        assert_eq!((lookup.provider_reference, lookup.terminal), (None, None));
    }

    #[test]
    fn an_owned_request_answers_as_the_borrowed_one() {
        let bank = InstitutionId::new("CENAIDJA").unwrap();
        let method = CollectionMethod::VirtualAccount(bank.clone());
        let code = StaticCodeRequest::new(reference(), Country::ID, Currency::IDR, method);
        let request = Request::from(code.clone());
        assert_eq!(request.as_ref(), RequestRef::from(&code));
        assert_eq!(RequestRef::from(&request).lookup(&id()), code.lookup(&id()));
        assert_eq!((request.country(), request.currency()), (Country::ID, Currency::IDR));
        assert_eq!(
            (request.channel(), request.institution()),
            (Channel::VirtualAccount, Some(&bank))
        );
        assert!(request.has(Field::Institution) && !request.has(Field::Name));
        assert_eq!(request.reference(), &reference());
    }
}
