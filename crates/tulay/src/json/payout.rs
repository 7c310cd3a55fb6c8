//! Payout requests.

use super::{
    ExtrasJson, PartyJson, RequestErrors, Text,
    members::json_object,
    reader::{Reader, extras_of, given},
};
use tulay_core::{
    AccountNumber, Channel, Country, Destination, Directory, Institution, InstitutionId, Invalid,
    PayoutRequest, Problem, ProviderId, Proxy, QrText, WalletAccount, text,
};

/// What money can be paid to.
const PAYABLE: [Channel; 5] =
    [Channel::Bank, Channel::Wallet, Channel::Proxy, Channel::Qr, Channel::ProviderAccount];

json_object! {
    /// A payout request as JSON, in the form that `tulay payout create --file` reads.
    ///
    /// A request that was written by `From` reads back the same, with three limits. An account
    /// number or national id that the country takes for a mobile number is read as one. A bank or
    /// wallet must be in the country's [`Directory`], where there is one. Everything is read as
    /// [`text`](crate::text) reads it: accounts and ids without the separators between digits, and
    /// nothing that is damaged.
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
        /// The bank or wallet: its neutral id (`BOPIPHMM`, `gcash`), or exactly one of its names.
        institution: Option<Text>,
        /// The account; a mobile number where wallets have those; the text of a QR code.
        account: Option<Text>,
        /// The payment rail, where it matters: `instapay`, `pesonet`, `bi_fast`.
        rail: Option<Text>,
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
    let rail = reader.optional("rail", &json.rail, text::rail);
    let remark = reader.line("remark", &json.remark);
    let extras = reader.extras(&json.extras.0);
    let mut request = PayoutRequest::new(reference?, country?, amount?, destination?)
        .with_beneficiary(beneficiary);
    request.rail = rail;
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
    let known = institution.as_ref().zip(country);
    let known = known.and_then(|(id, country)| Directory::of(country)?.get(id));
    let account = reader.required("account", &json.account, |text| {
        let read = match (channel, country) {
            (Some(Channel::Bank), _) => Account::Bank(text::bank_account(text, known)?),
            (Some(Channel::Wallet), Some(country)) => {
                Account::Wallet(text::wallet_account(text, country, known)?)
            }
            (Some(Channel::ProviderAccount), Some(country)) => {
                let account = text::provider_account(text, country)?;
                Account::Whole(Destination::ProviderAccount(account))
            }
            (Some(Channel::Proxy), Some(country)) => {
                Account::Whole(Destination::Proxy(text::proxy(text, country)?))
            }
            (Some(Channel::Qr), _) => Account::Whole(Destination::Qr(QrText::new(text)?)),
            _ => {
                unreadable(text)?;
                Account::Unread
            }
        };
        Ok(read)
    });
    match account? {
        Account::Bank(account) => Some(Destination::Bank { institution: institution?, account }),
        Account::Wallet(account) => {
            Some(Destination::Wallet { institution: institution?, account })
        }
        Account::Whole(destination) => Some(destination),
        Account::Unread => None,
    }
}

/// What is damaged is no account of any kind.
fn unreadable(text: &str) -> Result<(), Invalid> {
    match text::bank_account(text, None) {
        Err(invalid) if matches!(invalid.problem(), Problem::Unreadable(_)) => Err(invalid),
        _ => Ok(()),
    }
}

/// An account, as far as it is known what it is one of.
enum Account {
    Bank(AccountNumber),
    Wallet(WalletAccount),
    /// One that needs no institution.
    Whole(Destination),
    /// Without its channel or country it cannot be judged.
    Unread,
}

/// The channel and the institution, unless they contradict each other.
fn channel_and_institution(
    json: &PayoutRequestJson,
    reader: &mut Reader,
    country: Option<Country>,
) -> (Option<Channel>, Option<InstitutionId>) {
    let text = given(&json.institution);
    let read = text.zip(country).map(|(text, country)| text::institution(text, country));
    let known = read.as_ref().and_then(|read| read.as_ref().ok()).zip(country);
    let known = known.and_then(|(id, country)| Directory::of(country)?.get(id));
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
    let institution = read.and_then(|read| reader.keep("institution", read));
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
        match given(&json.institution) {
            None if follows => {
                reader.refuse("institution", "expected a bank or wallet, or a channel")
            }
            _ if known.is_none() && !follows => reader.missing("channel"),
            _ => {}
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
            rail: request.rail.map(|rail| rail.as_str().into()),
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
