//! One row to one payout, or everything that is wrong with it.

use super::{AmountFormat, BadLine, cells::Cells, institution};
use tulay::{
    AccountNumber, Channel, Country, Currency, Destination, Directory, Email, Invalid, Money, Name,
    NamePart, Party, PartyKind, PayoutRequest, Phone, ProviderId, Proxy, QrText, Reference, TaxId,
    WalletAccount,
};

/// A payout of a file.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) line: u64,
    pub(crate) request: PayoutRequest,
    /// The provider the row insists on.
    pub(crate) provider: Option<ProviderId>,
}

impl Row {
    /// The row as a line that cannot be paid.
    pub(crate) fn bad(&self, mistake: Mistake) -> BadLine {
        BadLine { line: self.line, amount: Some(self.request.amount), mistakes: vec![mistake] }
    }
}

/// Something wrong in a row, and in which column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    pub(crate) column: Option<String>,
    pub(crate) message: String,
}

impl Mistake {
    pub(crate) fn new(column: impl Into<String>, message: impl Into<String>) -> Self {
        Self { column: Some(column.into()), message: message.into() }
    }
}

/// Reads one row; `line` is what mistakes and the row are told apart by.
pub(crate) fn read_row(line: u64, cells: &Cells, amounts: AmountFormat) -> Result<Row, BadLine> {
    let mut reader = Reader { cells, amounts, amount: None, mistakes: Vec::new() };
    let read = reader.row(line);
    match read {
        Some(row) if reader.mistakes.is_empty() => Ok(row),
        _ => Err(BadLine { line, amount: reader.amount, mistakes: reader.mistakes }),
    }
}

struct Reader<'c> {
    cells: &'c Cells,
    amounts: AmountFormat,
    /// As far as it could be read, whatever else is wrong.
    amount: Option<Money>,
    mistakes: Vec<Mistake>,
}

impl Reader<'_> {
    fn row(&mut self, line: u64) -> Option<Row> {
        let cells = self.cells;
        let reference = self.required("reference", &cells.reference, |t| Reference::new(t));
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
        Some(Row { line, request, provider })
    }

    fn amount(&mut self, currency: Option<Currency>) -> Option<Money> {
        let (format, text) = (self.amounts, self.cells.amount.as_ref());
        let Some(text) = text else {
            self.missing("amount");
            return None;
        };
        let plain = match format {
            AmountFormat::Plain => text.clone(),
            AmountFormat::En => without_separators(text).unwrap_or_else(|| text.clone()),
        };
        let mistake = match Money::parse(&plain, currency?) {
            Ok(amount) if amount.minor() > 0 => return Some(amount),
            Ok(_) => "expected more than zero".into(),
            Err(_) if is_scientific(text) => destroyed(),
            Err(invalid) => match without_separators(text).filter(|_| text.contains(',')) {
                Some(plain) => {
                    format!("expected {plain}, without separators (or --amount-format en)")
                }
                None => format!("expected {}", invalid.expected),
            },
        };
        self.mistakes.push(Mistake::new("amount", mistake));
        None
    }

    fn destination(&mut self, country: Option<Country>) -> Option<Destination> {
        let cells = self.cells;
        let account = match &cells.account {
            Some(text) if is_scientific(text) => {
                self.mistakes.push(Mistake::new("account", destroyed()));
                None
            }
            Some(text) => Some(text.as_str()),
            None => {
                self.missing("account");
                None
            }
        };
        let country = country?;
        let channel = self.channel(country);
        let institution = match channel {
            Some(Channel::Bank | Channel::Wallet) => Some(self.institution(country, channel)?),
            _ => None,
        };
        let (channel, account) = (channel?, account?);
        let read = match (channel, institution) {
            (Channel::Bank, Some(institution)) => {
                account_number(account).map(|account| Destination::Bank { institution, account })
            }
            (Channel::Wallet, Some(institution)) => wallet_account(account, country)
                .map(|account| Destination::Wallet { institution, account }),
            (Channel::ProviderAccount, _) => {
                wallet_account(account, country).map(Destination::ProviderAccount)
            }
            (Channel::Proxy, _) => match mobile(account, country) {
                Ok(phone) => Ok(Destination::Proxy(Proxy::Phone(phone))),
                Err(_) => tax_id(account).map(|id| Destination::Proxy(Proxy::NationalId(id))),
            },
            (Channel::Qr, _) => {
                QrText::new(account).map(Destination::Qr).map_err(|invalid| expected(&invalid))
            }
            _ => Err("expected an account that money can be paid to".into()),
        };
        self.keep("account", read)
    }

    /// The channel of the row; a bank or wallet that is known tells it by itself.
    fn channel(&mut self, country: Country) -> Option<Channel> {
        const PAYABLE: [Channel; 5] =
            [Channel::Bank, Channel::Wallet, Channel::Proxy, Channel::Qr, Channel::ProviderAccount];
        let cells = self.cells;
        let Some(text) = &cells.channel else {
            let known = Directory::of(country).zip(cells.institution.as_deref());
            let row = known.and_then(|(directory, name)| directory.named(name));
            if row.is_none() {
                self.missing("channel");
            }
            return row.map(|row| row.channel);
        };
        let channel = PAYABLE.into_iter().find(|channel| channel.as_str() == text.to_lowercase());
        if channel.is_none() {
            let names = PAYABLE.map(Channel::as_str).join(", ");
            self.mistakes.push(Mistake::new("channel", format!("expected one of {names}")));
        }
        channel
    }

    fn institution(
        &mut self,
        country: Country,
        channel: Option<Channel>,
    ) -> Option<tulay::InstitutionId> {
        let Some(text) = &self.cells.institution else {
            self.missing("institution");
            return None;
        };
        let read = institution::read(text, country);
        let id = self.keep("institution", read)?;
        let listed = Directory::of(country).and_then(|directory| directory.get(&id));
        if let Some((row, channel)) = listed.zip(channel).filter(|(row, c)| row.channel != *c) {
            let message = format!("{id} is a {}, not a {channel}", row.channel);
            self.mistakes.push(Mistake::new("channel", message));
            return None;
        }
        Some(id)
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
                let read =
                    if is_scientific(text) { Err(destroyed()) } else { mobile(text, country) };
                self.keep("mobile", read)
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

fn expected(invalid: &Invalid) -> String {
    format!("expected {}", invalid.expected)
}

fn account_number(text: &str) -> Result<AccountNumber, String> {
    AccountNumber::new(text).map_err(|invalid| expected(&invalid))
}

fn tax_id(text: &str) -> Result<TaxId, String> {
    TaxId::new(text).map_err(|invalid| expected(&invalid))
}

/// A wallet knows its customers by mobile number, or by a number of its own.
fn wallet_account(text: &str, country: Country) -> Result<WalletAccount, String> {
    match mobile(text, country) {
        Ok(phone) => Ok(WalletAccount::Phone(phone)),
        Err(repaired) if repaired.contains("expected 0") => Err(repaired),
        Err(_) => account_number(text).map(WalletAccount::Number),
    }
}

/// A mobile number, or the number that was probably meant.
fn mobile(text: &str, country: Country) -> Result<Phone, String> {
    Phone::mobile(text, country).map_err(|invalid| {
        let repaired = format!("0{text}");
        match Phone::mobile(&repaired, country) {
            Ok(_) => {
                format!("expected {repaired}: its leading 0 was lost (format the column as text)")
            }
            Err(_) => expected(&invalid),
        }
    })
}

/// 1,250.00 as 1250.00, if its separators stand where they belong.
fn without_separators(text: &str) -> Option<String> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(w, f)| (w, Some(f)));
    let groups: Vec<&str> = whole.split(',').collect();
    let digits = |group: &str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit());
    let (first, rest) = groups.split_first()?;
    let well_formed = digits(first)
        && (rest.is_empty() || first.len() <= 3)
        && rest.iter().all(|group| digits(group) && group.len() == 3);
    let fraction = fraction.map(|digits| format!(".{digits}")).unwrap_or_default();
    well_formed.then(|| groups.concat() + &fraction)
}

/// `9.17123E+09`: what a spreadsheet makes of a long number.
fn is_scientific(text: &str) -> bool {
    let parts = text.split_once("E+").or_else(|| text.split_once("e+"));
    let numeric =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    parts.is_some_and(|(mantissa, exponent)| numeric(mantissa) && numeric(exponent))
}

fn destroyed() -> String {
    "a spreadsheet destroyed this number; format the column as text and enter it again".into()
}
