//! One row to one payout, or everything that is wrong with it.

use super::{
    account::{self, expected},
    amount::{self, AmountFormat, destroyed, is_scientific},
    cells::Cells,
    institution::Found,
    mistake::{BadLine, Mistake},
    spreadsheet::{destroyed_reference, is_date},
};
use tulay::{
    Channel, Country, Currency, Destination, Directory, Email, Institution, InstitutionId, Invalid,
    Money, Name, NamePart, Party, PartyKind, PayoutRequest, ProviderId, QrText, Reference, TaxId,
};

/// A payout of a file.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) request: PayoutRequest,
    /// The provider the row insists on.
    pub(crate) provider: Option<ProviderId>,
}

/// Reads a row by itself; `line` stands in its mistakes.
pub(crate) fn read_row(
    line: Option<u64>,
    cells: &Cells,
    amounts: AmountFormat,
) -> Result<Row, BadLine> {
    Rows::new(amounts).read(line, cells)
}

/// Reads who pays or is paid from a JSON object with the columns that name a person.
pub(crate) fn read_party(bytes: &[u8], country: Country) -> Result<Party, BadLine> {
    let bad = |mistakes| BadLine { line: None, amount: None, mistakes };
    let cells = Cells::from_json(bytes).map_err(bad)?;
    let mut found = Found::default();
    let (amounts, mistakes) = (AmountFormat::Plain, Vec::new());
    let mut reader = Reader { cells: &cells, amounts, found: &mut found, amount: None, mistakes };
    let party = reader.beneficiary(Some(country));
    if reader.mistakes.is_empty() { Ok(party) } else { Err(bad(reader.mistakes)) }
}

/// Reads the rows of one file.
pub(super) struct Rows {
    amounts: AmountFormat,
    found: Found,
}

impl Rows {
    pub(super) fn new(amounts: AmountFormat) -> Self {
        Self { amounts, found: Found::default() }
    }

    pub(super) fn read(&mut self, line: Option<u64>, cells: &Cells) -> Result<Row, BadLine> {
        let Self { amounts, found } = self;
        let mut reader =
            Reader { cells, amounts: *amounts, found, amount: None, mistakes: Vec::new() };
        let read = reader.row();
        match read {
            Some(row) if reader.mistakes.is_empty() => Ok(row),
            _ => Err(BadLine { line, amount: reader.amount, mistakes: reader.mistakes }),
        }
    }
}

struct Reader<'c> {
    cells: &'c Cells,
    amounts: AmountFormat,
    found: &'c mut Found,
    /// As far as it could be read, whatever else is wrong.
    amount: Option<Money>,
    mistakes: Vec<Mistake>,
}

impl<'c> Reader<'c> {
    fn row(&mut self) -> Option<Row> {
        let cells = self.cells;
        let reference = self.reference();
        let country = self.required("country", &cells.country, Country::new);
        let currency = self.required("currency", &cells.currency, Currency::new);
        let amount = self.amount(currency);
        self.amount = amount;
        let destination = self.destination(country);
        let beneficiary = self.beneficiary(country);
        let provider = self.optional("provider", &cells.provider, |t| ProviderId::new(t));
        if cells.replaces.is_some() {
            let message = "expected nothing: no journal is kept here of what it would replace";
            self.mistakes.push(Mistake::new("replaces", message));
        }
        let mut request = PayoutRequest::new(reference?, country?, amount?, destination?);
        request.beneficiary = beneficiary;
        request.remark.clone_from(&cells.remark);
        Some(Row { request, provider })
    }

    fn amount(&mut self, currency: Option<Currency>) -> Option<Money> {
        let Some(text) = &self.cells.amount else {
            self.missing("amount");
            return None;
        };
        let read = amount::read(text, currency, self.amounts);
        self.keep("amount", read).flatten()
    }

    /// Each part is looked at, whatever is wrong with the others.
    fn destination(&mut self, country: Option<Country>) -> Option<Destination> {
        let (channel, institution) = self.through(country);
        let text = self.account()?;
        let read = match (channel?, country) {
            (Channel::Bank, _) => {
                let account = self.keep("account", account::number(text));
                return Some(Destination::Bank { institution: institution?, account: account? });
            }
            (Channel::Wallet, Some(country)) => {
                let account = self.keep("account", account::of_wallet(text, country));
                return Some(Destination::Wallet { institution: institution?, account: account? });
            }
            (Channel::ProviderAccount, Some(country)) => {
                account::of_provider(text, country).map(Destination::ProviderAccount)
            }
            (Channel::Proxy, Some(country)) => {
                account::proxy(text, country).map(Destination::Proxy)
            }
            (Channel::Qr, _) => {
                QrText::new(text).map(Destination::Qr).map_err(|invalid| expected(&invalid))
            }
            (_, None) => return None,
            _ => Err("expected an account that money can be paid to".into()),
        };
        self.keep("account", read)
    }

    /// The channel and the institution, unless they contradict each other.
    fn through(&mut self, country: Option<Country>) -> (Option<Channel>, Option<InstitutionId>) {
        let text = self.cells.institution.as_deref();
        let reading = text.zip(country).map(|(text, country)| self.found.read(text, country));
        let known = reading.as_ref().and_then(|reading| reading.known);
        let channel = self.channel(country, known);
        if channel.is_some_and(|channel| !matches!(channel, Channel::Bank | Channel::Wallet)) {
            return (channel, None);
        }
        if text.is_none() && channel.is_some() {
            self.missing("institution");
        }
        let institution = reading.and_then(|reading| self.keep("institution", reading.id));
        match known.zip(channel).filter(|(row, channel)| row.channel != *channel) {
            Some((row, channel)) => {
                let message = format!("{} is a {}, not a {channel}", row.id, row.channel);
                self.mistakes.push(Mistake::new("channel", message));
                (None, None)
            }
            None => (channel, institution),
        }
    }

    /// The channel of the row; a bank or wallet that is known tells it by itself.
    fn channel(
        &mut self,
        country: Option<Country>,
        known: Option<&Institution>,
    ) -> Option<Channel> {
        const PAYABLE: [Channel; 5] =
            [Channel::Bank, Channel::Wallet, Channel::Proxy, Channel::Qr, Channel::ProviderAccount];
        let Some(text) = &self.cells.channel else {
            // A bank or wallet that is mended will tell the channel too.
            let mendable = country.is_none_or(|country| Directory::of(country).is_some());
            if known.is_none() && !(mendable && self.cells.institution.is_some()) {
                self.missing("channel");
            }
            return known.map(|row| row.channel);
        };
        let channel = PAYABLE.into_iter().find(|channel| channel.as_str() == text.to_lowercase());
        if channel.is_none() {
            let names = PAYABLE.map(Channel::as_str).join(", ");
            self.mistakes.push(Mistake::new("channel", format!("expected one of {names}")));
        }
        channel
    }

    /// A reference that a spreadsheet made a number or a date of would be another payment once it
    /// is mended.
    fn reference(&mut self) -> Option<Reference> {
        let text = &self.cells.reference;
        if text.as_ref().is_some_and(|text| is_scientific(text) || is_date(text)) {
            self.mistakes.push(Mistake::new("reference", destroyed_reference()));
            return None;
        }
        self.required("reference", text, |text| Reference::new(text))
    }

    fn account(&mut self) -> Option<&'c str> {
        match &self.cells.account {
            Some(text) if is_scientific(text) => {
                self.mistakes.push(Mistake::new("account", destroyed()));
                None
            }
            Some(text) => Some(text),
            None => {
                self.missing("account");
                None
            }
        }
    }

    fn beneficiary(&mut self, country: Option<Country>) -> Party {
        let cells = self.cells;
        let mut party = Party::default();
        party.kind = self.optional("kind", &cells.kind, |text| match text {
            "person" => Ok(PartyKind::Person),
            "organization" => Ok(PartyKind::Organization),
            _ => Err(Invalid::new("kind", "person or organization")),
        });
        party.name = self.name();
        party.mobile = match (&cells.mobile, country) {
            (Some(text), Some(country)) => {
                let destroyed = is_scientific(text).then(destroyed);
                self.keep("mobile", destroyed.map_or_else(|| account::mobile(text, country), Err))
            }
            _ => None,
        };
        party.email = self.optional("email", &cells.email, |t| Email::new(t));
        party.tax_id = self.optional("tax_id", &cells.tax_id, |t| TaxId::new(t));
        party
    }

    /// Whole or in parts; never both, as nobody could tell which counts.
    fn name(&mut self) -> Option<Name> {
        let cells = self.cells;
        let parts = [&cells.given_name, &cells.middle_name, &cells.family_name, &cells.suffix];
        if cells.name.is_some() && parts.iter().any(|part| part.is_some()) {
            let message = "expected either name, or given_name and family_name";
            self.mistakes.push(Mistake::new("name", message));
            return None;
        }
        if parts.iter().all(|part| part.is_none()) {
            return self.optional("name", &cells.name, |t| NamePart::new(t)).map(Name::Full);
        }
        let given = self.required("given_name", &cells.given_name, |t| NamePart::new(t));
        let family = self.required("family_name", &cells.family_name, |t| NamePart::new(t));
        let middle = self.optional("middle_name", &cells.middle_name, |t| NamePart::new(t));
        let suffix = self.optional("suffix", &cells.suffix, |t| NamePart::new(t));
        Some(Name::Parts { given: given?, middle, family: family?, suffix })
    }

    fn required<T>(
        &mut self,
        column: &'static str,
        text: &Option<String>,
        read: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Option<T> {
        if text.is_none() {
            self.missing(column);
        }
        self.optional(column, text, read)
    }

    fn optional<T>(
        &mut self,
        column: &'static str,
        text: &Option<String>,
        read: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Option<T> {
        let read = read(text.as_deref()?).map_err(|invalid| expected(&invalid));
        self.keep(column, read)
    }

    fn keep<T>(&mut self, column: &'static str, read: Result<T, String>) -> Option<T> {
        read.map_err(|message| self.mistakes.push(Mistake::new(column, message))).ok()
    }

    fn missing(&mut self, column: &'static str) {
        self.mistakes.push(Mistake::new(column, "expected a value"));
    }
}
