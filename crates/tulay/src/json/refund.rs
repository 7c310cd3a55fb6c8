//! Refund requests.

use super::{
    ExtrasJson, RequestErrors, Text,
    collection::{method_name, optional_channel},
    members::json_object,
    reader::{Reader, extras_of, given},
};
use tulay_core::{
    Channel, Country, Currency, InstitutionId, Lookup, Money, ProviderId, ProviderReference,
    Reference, RefundRequest, text,
};

json_object! {
    /// A refund request as JSON, in the form that `tulay refund create --file` reads. The paid
    /// collection is named, by `collection` or `original`; the application looks it up
    /// ([`original`](Self::original)) and then makes the request
    /// ([`to_request`](Self::to_request)).
    RefundRequestJson {
        /// The application's name for the refund, unique for ever.
        reference: Option<Text>,
        /// `40.00`: how much is refunded; by default all that is left.
        amount: Option<Text>,
        /// Why; limits are the provider's.
        reason: Option<Text>,
        /// What one adapter needs: `{"acme.notes":"…"}`.
        extras: ExtrasJson,
        /// `100.00`: what was paid, where the provider does not say.
        paid: Option<Text>,
        /// The reference of the paid collection.
        collection: Option<Text>,
        /// The provider's own reference of the payment, such as one payment of a static code has.
        original: Option<Text>,
        /// The provider that it was paid at.
        provider: Option<Text>,
        /// `PH`: the country that it was paid in.
        country: Option<Text>,
        /// `PHP`.
        currency: Option<Text>,
        /// `qr`, `virtual-account`, `redirect` or `wechat`: how it was paid.
        method: Option<Text>,
        /// The bank or wallet that it was paid by, by its neutral id.
        institution: Option<Text>,
    }
}

/// Which payment a refund belongs to, as far as the JSON says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RefundOriginal {
    /// The reference of the paid collection.
    pub collection: Option<Reference>,
    /// The provider's own reference of the payment.
    pub provider_reference: Option<ProviderReference>,
    /// The provider that it was paid at.
    pub provider: Option<ProviderId>,
    /// The country that it was paid in.
    pub country: Option<Country>,
    /// Its currency.
    pub currency: Option<Currency>,
    /// How it was paid.
    pub channel: Option<Channel>,
    /// The bank or wallet that it was paid by.
    pub institution: Option<InstitutionId>,
}

impl RefundRequestJson {
    /// The refund's own reference.
    ///
    /// # Errors
    /// When it is absent or does not fit.
    pub fn reference(&self) -> Result<Reference, RequestErrors> {
        Reader::read(|reader| reader.reference(&self.reference))
    }

    /// Which payment it belongs to.
    ///
    /// # Errors
    /// Every member of these that does not fit; both `collection` and `original`.
    pub fn original(&self) -> Result<RefundOriginal, RequestErrors> {
        Reader::read(|reader| Some(self.read_original(reader)))
    }

    /// The request for a refund of this payment. `paid` is what was paid, where the provider says
    /// so; else the member of that name counts.
    ///
    /// # Errors
    /// Every member that does not fit; a payment other than the one that is named; an amount above
    /// what was paid.
    pub fn to_request(
        &self,
        original: Lookup,
        paid: Option<Money>,
    ) -> Result<RefundRequest, RequestErrors> {
        Reader::read(|reader| {
            let named = self.read_original(reader);
            require_same(reader, &named, &original);
            let reference = reader.reference(&self.reference);
            let mut money = |member: &str, text: &Option<Text>| {
                given(text)?;
                reader.amount(member, text, Some(original.currency))
            };
            let stated = money("paid", &self.paid);
            let amount = money("amount", &self.amount);
            if self.amount.is_some() && given(&self.amount).is_none() {
                let message = "expected an amount; leave the member out to refund all";
                reader.refuse("amount", message);
            }
            let paid = paid.or(stated);
            match (paid, amount) {
                (None, _) if given(&self.paid).is_none() => reader.missing("paid"),
                (Some(paid), _) if paid.currency() != original.currency => {
                    reader.refuse("paid", "expected an amount in the payment's currency");
                }
                (Some(paid), Some(amount)) if amount.minor() > paid.minor() => {
                    reader.refuse("amount", "expected at most what was paid");
                }
                _ => {}
            }
            let reason = reader.line("reason", &self.reason);
            let mut request = RefundRequest::new(reference?, original, paid?, amount.or(paid)?);
            request.reason = reason;
            request.extras = reader.extras(&self.extras.0);
            Some(request)
        })
    }

    fn read_original(&self, reader: &mut Reader) -> RefundOriginal {
        let country = given(&self.country).and_then(|text| Country::new(text).ok());
        if given(&self.collection).is_some() && given(&self.original).is_some() {
            reader.refuse("original", "expected either collection or original");
        }
        RefundOriginal {
            collection: reader.optional("collection", &self.collection, |t| Reference::new(t)),
            provider_reference: reader
                .optional("original", &self.original, |text| ProviderReference::new(text)),
            provider: reader.optional("provider", &self.provider, |text| ProviderId::new(text)),
            country: reader.optional("country", &self.country, text::country),
            currency: reader.optional("currency", &self.currency, text::currency),
            channel: optional_channel(reader, &self.method),
            institution: reader.optional("institution", &self.institution, |text| {
                text::institution_or_id(text, country)
            }),
        }
    }
}

/// What the JSON says of the payment must not contradict the payment.
fn require_same(reader: &mut Reader, named: &RefundOriginal, original: &Lookup) {
    let other_reference = match (&named.provider_reference, &original.provider_reference) {
        (Some(named), Some(known)) => named != known,
        (Some(_), None) => true,
        (None, _) => false,
    };
    let institution = named.institution.as_ref().zip(original.institution.as_ref());
    let differs = [
        ("original", other_reference),
        ("country", named.country.is_some_and(|country| country != original.country)),
        ("currency", named.currency.is_some_and(|currency| currency != original.currency)),
        ("method", named.channel.is_some_and(|channel| channel != original.channel)),
        ("institution", institution.is_some_and(|(named, known)| named != known)),
    ];
    for (member, _) in differs.into_iter().filter(|(_, differs)| *differs) {
        reader.refuse(member, "expected that of the payment");
    }
}

impl From<&RefundRequest> for RefundRequestJson {
    /// The payment is named by the provider's reference, where it has one.
    fn from(request: &RefundRequest) -> Self {
        let original = &request.original;
        Self {
            reference: Some(request.reference.as_str().into()),
            amount: Some(request.amount.amount_text().into()),
            reason: request.reason.as_deref().map(Text::from),
            extras: ExtrasJson(extras_of(&request.extras)),
            paid: Some(request.paid.amount_text().into()),
            collection: None,
            original: original.provider_reference.as_ref().map(|id| id.as_str().into()),
            provider: None,
            country: Some(original.country.as_str().into()),
            currency: Some(original.currency.as_str().into()),
            method: method_name(original.channel).map(Text::from),
            institution: original.institution.as_ref().map(|id| id.as_str().into()),
        }
    }
}
