//! Payout requests.

use super::{
    ExtrasJson, PartyJson, RequestErrors, Text, account,
    members::json_object,
    reader::{Reader, expected, extras_of, given},
};
use tulay_core::{
    Channel, Country, Destination, Directory, Institution, InstitutionId, PayoutRequest,
    ProviderId, Proxy, QrText, WalletAccount, text,
};

/// What money can be paid to.
const PAYABLE: [Channel; 5] =
    [Channel::Bank, Channel::Wallet, Channel::Proxy, Channel::Qr, Channel::ProviderAccount];

json_object! {
    /// A payout request as JSON, in the form that `tulay payout create --file` reads.
    ///
    /// A request that was written by `From` reads back the same, with three limits. An account number
    /// or national id that the country takes for a mobile number is read as one. A bank or wallet
    /// must be in the country's [`Directory`], where there is one. Reference, names and remark must
    /// be such as [`text`] reads.
    PayoutRequestJson {
        ..beneficiary: PartyJson,
        /// The application's name for the payout, unique for ever.
        reference: Option<Text>,
        /// `PH`: the country it is paid in.
        country: Option<Text>,
        /// `1250.00`: what the beneficiary receives.
        amount: Option<Text>,
        /// `PHP`.
        currency: Option<Text>,
        /// `bank`, `wallet`, `proxy`, `qr` or `provider_account`; of a known bank or wallet it may
        /// be left out.
        channel: Option<Text>,
        /// The bank or wallet by its neutral id: `BOPIPHMM`, `gcash`.
        institution: Option<Text>,
        /// The account; a mobile number where wallets have those; the text of a QR code.
        account: Option<Text>,
        /// A remark for the beneficiary; limits are the provider's.
        remark: Option<Text>,
        /// The provider that the payout has to go through. A [`PayoutRequest`] does not hold it, so
        /// [`take_provider`](Self::take_provider) comes before the conversion.
        provider: Option<Text>,
        /// What one adapter needs: `{"acme.purpose":"…"}`.
        extras: ExtrasJson,
    }
}

impl PayoutRequestJson {
    /// Takes out the provider that the payout has to go through.
    ///
    /// # Errors
    /// When it is not a provider's name.
    pub fn take_provider(&mut self) -> Result<Option<ProviderId>, RequestErrors> {
        let provider = self.provider.take();
        Reader::read(|reader| {
            Some(reader.optional("provider", &provider, |text| ProviderId::new(text)))
        })
    }
}

impl TryFrom<PayoutRequestJson> for PayoutRequest {
    type Error = RequestErrors;

    /// # Errors
    /// Every member that does not fit, in the order of the members. Nothing was sent.
    fn try_from(json: PayoutRequestJson) -> Result<Self, RequestErrors> {
        Reader::read(|reader| read(&json, reader))
    }
}

fn read(json: &PayoutRequestJson, reader: &mut Reader) -> Option<PayoutRequest> {
    let reference = reader.reference(&json.reference);
    let country = reader.required("country", &json.country, text::country);
    let currency = reader.required("currency", &json.currency, text::currency);
    let amount = reader.amount("amount", &json.amount, currency);
    let destination = destination(json, reader, country);
    let beneficiary = json.beneficiary.read_with(reader, country);
    if given(&json.provider).is_some() {
        reader.refuse("provider", "not supported here");
    }
    let remark = reader.line("remark", &json.remark);
    let extras = reader.extras(&json.extras.0);
    let mut request = PayoutRequest::new(reference?, country?, amount?, destination?)
        .with_beneficiary(beneficiary);
    request.remark = remark;
    request.extras = extras;
    Some(request)
}

/// Each part is judged, whatever is wrong with the others.
fn destination(
    json: &PayoutRequestJson,
    reader: &mut Reader,
    country: Option<Country>,
) -> Option<Destination> {
    let (channel, institution) = channel_and_institution(json, reader, country);
    let Some(text) = given(&json.account) else {
        reader.missing("account");
        return None;
    };
    let read = match (channel?, country) {
        (Channel::Bank, _) => {
            let account = reader.keep("account", account::number(text));
            return Some(Destination::Bank { institution: institution?, account: account? });
        }
        (Channel::Wallet, Some(country)) => {
            let account = reader.keep("account", account::of_wallet(text, country));
            return Some(Destination::Wallet { institution: institution?, account: account? });
        }
        (Channel::ProviderAccount, Some(country)) => {
            account::of_provider(text, country).map(Destination::ProviderAccount)
        }
        (Channel::Proxy, Some(country)) => account::proxy(text, country).map(Destination::Proxy),
        (Channel::Qr, _) => {
            QrText::new(text).map(Destination::Qr).map_err(|invalid| expected(&invalid))
        }
        (_, None) => return None,
        _ => Err("expected an account that money can be paid to".into()),
    };
    reader.keep("account", read)
}

/// The channel and the institution, unless they contradict each other.
fn channel_and_institution(
    json: &PayoutRequestJson,
    reader: &mut Reader,
    country: Option<Country>,
) -> (Option<Channel>, Option<InstitutionId>) {
    let text = given(&json.institution);
    let known = text.zip(country).and_then(|(text, country)| known(text, country));
    let channel = channel(json, reader, country, known);
    if let Some(other) = channel.filter(|c| !matches!(c, Channel::Bank | Channel::Wallet)) {
        if text.is_some() {
            reader
                .refuse("institution", format!("not supported here: {other} names no institution"));
        }
        return (channel, None);
    }
    if text.is_none() && channel.is_some() {
        reader.missing("institution");
    }
    let id = text.zip(country).map(|(text, country)| institution_id(text, country));
    let institution = id.and_then(|id| reader.keep("institution", id));
    match known.zip(channel).filter(|(row, channel)| row.channel != *channel) {
        Some((row, channel)) => {
            reader.refuse("channel", format!("{} is a {}, not a {channel}", row.id, row.channel));
            (None, None)
        }
        None => (channel, institution),
    }
}

/// The channel that is named, or that of a known bank or wallet.
fn channel(
    json: &PayoutRequestJson,
    reader: &mut Reader,
    country: Option<Country>,
    known: Option<&Institution>,
) -> Option<Channel> {
    let Some(text) = given(&json.channel) else {
        // Once the institution is corrected, the channel follows from it.
        let follows = country.is_none_or(|country| Directory::of(country).is_some());
        if known.is_none() && !(follows && given(&json.institution).is_some()) {
            reader.missing("channel");
        }
        return known.map(|row| row.channel);
    };
    let channel = PAYABLE.into_iter().find(|channel| channel.as_str() == text.to_lowercase());
    if channel.is_none() {
        let names = PAYABLE.map(Channel::as_str).join(", ");
        reader.refuse("channel", format!("expected one of {names}"));
    }
    channel
}

/// The bank or wallet that goes by this id or name.
fn known(text: &str, country: Country) -> Option<&'static Institution> {
    /// No name is longer.
    const LONGEST: usize = 64;
    let directory = Directory::of(country)?;
    let by_id = InstitutionId::new(text).ok().and_then(|id| directory.get(&id));
    by_id.or_else(|| directory.named(text).filter(|_| text.chars().nth(LONGEST).is_none()))
}

fn institution_id(text: &str, country: Country) -> Result<InstitutionId, String> {
    let id = InstitutionId::new(text).map_err(|invalid| expected(&invalid));
    match Directory::of(country) {
        None => id,
        Some(directory) => id
            .ok()
            .filter(|id| directory.get(id).is_some())
            .ok_or_else(|| format!("expected an id that is known in {country}")),
    }
}

impl From<&PayoutRequest> for PayoutRequestJson {
    fn from(request: &PayoutRequest) -> Self {
        Self {
            reference: Some(request.reference.as_str().into()),
            country: Some(request.country.as_str().into()),
            amount: Some(request.amount.amount_text().into()),
            currency: Some(request.amount.currency().as_str().into()),
            channel: Some(request.destination.channel().as_str().into()),
            institution: request.destination.institution().map(|id| id.as_str().into()),
            account: account_text(&request.destination),
            remark: request.remark.as_deref().map(Text::from),
            provider: None,
            extras: ExtrasJson(extras_of(&request.extras)),
            beneficiary: PartyJson::from(&request.beneficiary),
        }
    }
}

/// The account's text; `None` for a kind of destination that this version does not know.
fn account_text(destination: &Destination) -> Option<Text> {
    let text = match destination {
        Destination::Bank { account, .. } => account.expose(),
        Destination::Wallet { account, .. } | Destination::ProviderAccount(account) => {
            match account {
                WalletAccount::Phone(phone) => phone.expose(),
                WalletAccount::Number(number) => number.expose(),
                _ => return None,
            }
        }
        Destination::Proxy(Proxy::Phone(phone)) => phone.expose(),
        Destination::Proxy(Proxy::NationalId(id)) => id.expose(),
        Destination::Qr(text) => text.expose(),
        _ => return None,
    };
    Some(text.into())
}
