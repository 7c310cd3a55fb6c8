//! One row to one payout, or everything that is wrong with it.

use super::{
    account::{self, destroyed, is_scientific},
    amount::AmountFormat,
    cells::Cells,
    institution::Found,
    mistake::{BadLine, Mistake},
};
use tulay::{
    Channel, Country, Invalid, Money, Party, PayoutRequest, ProviderId,
    json::{FieldError, PartyJson, PayoutRequestJson, Text},
    text,
};

/// A payout of a file.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) request: PayoutRequest,
    /// The provider the row insists on.
    pub(crate) provider: Option<ProviderId>,
}

/// Reads one row. `line` identifies the row and its mistakes.
pub(crate) fn read_row(
    line: Option<u64>,
    cells: &Cells,
    amounts: AmountFormat,
) -> Result<Row, BadLine> {
    Rows::new(amounts).read(line, cells)
}

/// Reads the payer or beneficiary from a JSON object with the columns that name a person.
pub(crate) fn read_party(bytes: &[u8], country: Country) -> Result<Party, BadLine> {
    let bad = |mistakes| BadLine { line: None, amount: None, mistakes };
    let cells = Cells::from_json(bytes).map_err(bad)?;
    let mut found = Found::default();
    let mut people = ForPeople { cells: &cells, found: &mut found, country: Some(country) };
    let own: Vec<Mistake> = people.destroyed_mobile().into_iter().collect();
    match party(&cells).to_party(country) {
        Ok(party) if own.is_empty() => Ok(party),
        read => Err(bad(people.all(own, read.err().as_ref().map_or(&[], |e| e.errors())))),
    }
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
        let country = cells.country.as_deref().and_then(|text| text::country(text).ok());
        let currency = cells.currency.as_deref().and_then(|text| text::currency(text).ok());
        let mut people = ForPeople { cells, found: &mut self.found, country };
        let plain = cells.amount.as_deref().map(|text| {
            let read = |format| text::plain_amount(text, currency, format);
            read(self.amounts.into()).map_err(|invalid| {
                let read_with_commas = line.is_some() && read(text::AmountFormat::En).is_ok();
                let or = if read_with_commas { ", or give --amount-format en" } else { "" };
                Mistake::new("amount", format!("{}{or}", invalid.problem()))
            })
        });
        let mut own = people.destroyed();
        let plain = plain.transpose().map_err(|mistake| own.push(mistake)).unwrap_or_default();
        let amount = plain.as_deref().zip(currency);
        let amount = amount.and_then(|(plain, currency)| Money::parse(plain, currency).ok());
        let amount = amount.filter(|amount| amount.minor() > 0);
        let provider = cells.provider.as_deref().map(ProviderId::new).transpose();
        let provider = provider.map_err(|invalid| own.push(mistake("provider", &invalid)));
        if cells.replaces.is_some() {
            let message = "not supported here: the payout that it would replace is not recorded";
            own.push(Mistake::new("replaces", message));
        }
        match (PayoutRequest::try_from(request(cells, plain)), provider) {
            (Ok(request), Ok(provider)) if own.is_empty() => Ok(Row { request, provider }),
            (read, _) => {
                let errors = read.as_ref().err().map_or(&[][..], |errors| errors.errors());
                Err(BadLine { line, amount, mistakes: people.all(own, errors) })
            }
        }
    }
}

/// What a person can make of a mistake: the spelling that was probably meant, and what a
/// spreadsheet destroyed.
struct ForPeople<'c> {
    cells: &'c Cells,
    found: &'c mut Found,
    country: Option<Country>,
}

impl ForPeople<'_> {
    fn destroyed(&self) -> Vec<Mistake> {
        let account = self.cells.account.as_ref().filter(|text| is_scientific(text));
        let mistakes =
            [account.map(|_| Mistake::new("account", destroyed())), self.destroyed_mobile()];
        mistakes.into_iter().flatten().collect()
    }

    fn destroyed_mobile(&self) -> Option<Mistake> {
        let mobile = self.cells.mobile.as_ref().filter(|text| is_scientific(text));
        mobile.map(|_| Mistake::new("mobile", destroyed()))
    }

    /// All mistakes in the order of the columns, one a column but for a channel, which may also
    /// contradict its institution.
    fn all(&mut self, own: Vec<Mistake>, errors: &[FieldError]) -> Vec<Mistake> {
        let is_own = |error: &FieldError| {
            own.iter().any(|mistake| mistake.column.as_ref() == Some(&error.field))
        };
        let others: Vec<&FieldError> = errors.iter().filter(|error| !is_own(error)).collect();
        let others: Vec<Mistake> = others.into_iter().map(|error| self.explained(error)).collect();
        let mut mistakes = [own, others].concat();
        mistakes.sort_by_key(|mistake| mistake.column.as_deref().map(place));
        mistakes
    }

    fn explained(&mut self, error: &FieldError) -> Mistake {
        let Cells { institution, account, mobile, .. } = self.cells;
        let message = match error.field.as_str() {
            "institution" => institution
                .as_deref()
                .zip(self.country)
                .and_then(|(text, country)| self.found.read(text, country).id.err()),
            "account" if !self.is_bank() => self.with_its_zero(account.as_deref()),
            "mobile" => self.with_its_zero(mobile.as_deref()),
            _ => None,
        };
        Mistake::new(error.field.clone(), message.unwrap_or_else(|| error.message.clone()))
    }

    fn with_its_zero(&self, text: Option<&str>) -> Option<String> {
        text.zip(self.country).and_then(|(text, country)| account::with_its_zero(text, country))
    }

    /// Whether the account is one at a bank, which is no mobile number.
    fn is_bank(&mut self) -> bool {
        let Cells { channel, institution, .. } = self.cells;
        match (channel, institution.as_deref().zip(self.country)) {
            (Some(channel), _) => channel.to_lowercase() == Channel::Bank.as_str(),
            (None, Some((text, country))) => {
                let known = self.found.read(text, country).known;
                known.is_some_and(|row| row.channel == Channel::Bank)
            }
            (None, None) => false,
        }
    }
}

/// Where the mistakes of a column stand among those of its row.
fn place(column: &str) -> usize {
    const ORDER: [&str; 18] = [
        "reference",
        "country",
        "currency",
        "amount",
        "channel",
        "account",
        "kind",
        "name",
        "given_name",
        "family_name",
        "middle_name",
        "suffix",
        "mobile",
        "email",
        "tax_id",
        "remark",
        "provider",
        "replaces",
    ];
    // A channel and its institution are judged together.
    let column = if column == "institution" { "channel" } else { column };
    ORDER.iter().position(|known| *known == column).unwrap_or(ORDER.len())
}

fn mistake(column: &str, invalid: &Invalid) -> Mistake {
    Mistake::new(column, invalid.problem().to_string())
}

/// The row as JSON has it; its amount written plainly where it was read.
fn request(cells: &Cells, plain: Option<String>) -> PayoutRequestJson {
    PayoutRequestJson {
        reference: text(&cells.reference),
        country: text(&cells.country),
        amount: plain.map(Text::from).or_else(|| text(&cells.amount)),
        currency: text(&cells.currency),
        channel: text(&cells.channel),
        institution: text(&cells.institution),
        account: text(&cells.account),
        remark: text(&cells.remark),
        beneficiary: party(cells),
        ..PayoutRequestJson::default()
    }
}

fn party(cells: &Cells) -> PartyJson {
    PartyJson {
        name: text(&cells.name),
        given_name: text(&cells.given_name),
        middle_name: text(&cells.middle_name),
        family_name: text(&cells.family_name),
        suffix: text(&cells.suffix),
        kind: text(&cells.kind),
        mobile: text(&cells.mobile),
        email: text(&cells.email),
        tax_id: text(&cells.tax_id),
        ..PartyJson::default()
    }
}

fn text(cell: &Option<String>) -> Option<Text> {
    cell.as_deref().map(Text::from)
}

#[cfg(test)]
mod tests {
    use super::super::cells::COLUMNS;
    use super::*;

    #[test]
    fn every_column_is_a_member_of_the_json_form() {
        for column in COLUMNS.iter().filter(|column| **column != "replaces") {
            let object = format!(r#"{{"{column}":"x"}}"#);
            let read = tulay::json::from_slice::<PayoutRequestJson>(object.as_bytes());
            assert!(read.is_ok(), "{column}: {read:?}");
        }
    }
}
