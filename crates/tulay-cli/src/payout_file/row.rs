//! One row to one payout, or everything that is wrong with it.

use super::{
    amount::AmountFormat,
    cells::Cells,
    mistake::{BadLine, Mistake},
};
use tulay::{
    Country, Directory, Institution, Invalid, Party, PayoutRequest, ProviderId,
    json::{FieldError, PartyJson, PayoutRequestJson, Text},
    text,
};

/// A payout of a file.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) request: PayoutRequest,
    /// The provider the row insists on.
    pub(crate) provider: Option<ProviderId>,
    /// The bank or wallet, where the row names it by another name than its id.
    pub(crate) resolved: Option<&'static Institution>,
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
    let people = ForPeople { country: Some(country) };
    let read = party(&cells).to_party(country);
    read.map_err(|errors| bad(people.all(Vec::new(), errors.errors())))
}

/// Reads the rows of one file.
pub(super) struct Rows {
    amounts: AmountFormat,
}

impl Rows {
    pub(super) const fn new(amounts: AmountFormat) -> Self {
        Self { amounts }
    }

    pub(super) fn read(&self, line: Option<u64>, cells: &Cells) -> Result<Row, BadLine> {
        let country = cells.country.as_deref().and_then(|text| text::country(text).ok());
        let currency = cells.currency.as_deref().and_then(|text| text::currency(text).ok());
        let people = ForPeople { country };
        let plain = cells.amount.as_deref().map(|text| {
            let read = |format| text::plain_amount(text, currency, format);
            read(self.amounts.into()).map_err(|invalid| {
                let read_with_commas = line.is_some() && read(text::AmountFormat::En).is_ok();
                let or = if read_with_commas { ", or give --amount-format en" } else { "" };
                Mistake::new("amount", format!("{}{or}", invalid.problem()))
            })
        });
        let mut own = Vec::new();
        let plain = plain.transpose().map_err(|mistake| own.push(mistake)).unwrap_or_default();
        let amount = || {
            let text = cells.amount.as_deref()?;
            text::amount(text, currency?, self.amounts.into()).ok()
        };
        let provider = cells.provider.as_deref().map(ProviderId::new).transpose();
        let provider = provider.map_err(|invalid| own.push(mistake("provider", &invalid)));
        if cells.replaces.is_some() {
            let message = "not supported here: the payout that it would replace is not recorded";
            own.push(Mistake::new("replaces", message));
        }
        match (PayoutRequest::try_from(request(cells, plain)), provider) {
            (Ok(request), Ok(provider)) if own.is_empty() => {
                let resolved = resolved(cells, &request);
                Ok(Row { request, provider, resolved })
            }
            (read, _) => {
                let errors = read.as_ref().err().map_or(&[][..], |errors| errors.errors());
                Err(BadLine { line, amount: amount(), mistakes: people.all(own, errors) })
            }
        }
    }
}

/// What a person can make of a mistake: where the names of institutions are listed.
struct ForPeople {
    country: Option<Country>,
}

impl ForPeople {
    /// All mistakes in the order of the columns, one a column but for a channel, which may also
    /// contradict its institution.
    fn all(&self, own: Vec<Mistake>, errors: &[FieldError]) -> Vec<Mistake> {
        let is_own = |error: &FieldError| {
            own.iter().any(|mistake| mistake.column.as_ref() == Some(&error.field))
        };
        let others: Vec<&FieldError> = errors.iter().filter(|error| !is_own(error)).collect();
        let others: Vec<Mistake> = others.into_iter().map(|error| self.explained(error)).collect();
        let mut mistakes = [own, others].concat();
        mistakes.sort_by_key(|mistake| mistake.column.as_deref().map(place));
        mistakes
    }

    fn explained(&self, error: &FieldError) -> Mistake {
        let country = self.country.filter(|country| {
            error.field == "institution" && error.message.ends_with(&format!("known in {country}"))
        });
        let message = match country {
            Some(country) => format!(
                "{}: `tulay institutions --country {country}` lists them, and `tulay institutions \
                 match --country {country} FILE` proposes ids for a file of names",
                error.message
            ),
            None => error.message.clone(),
        };
        Mistake::new(error.field.clone(), message)
    }
}

/// Where the mistakes of a column stand among those of its row.
fn place(column: &str) -> usize {
    const ORDER: [&str; 19] = [
        "reference",
        "country",
        "currency",
        "amount",
        "channel",
        "rail",
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

/// The institution, unless the row has its id.
fn resolved(cells: &Cells, request: &PayoutRequest) -> Option<&'static Institution> {
    let id = request.destination.institution()?;
    let is_id = cells.institution.as_deref() == Some(id.as_str());
    Directory::of(request.country)?.get(id).filter(|_| !is_id)
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
        rail: text(&cells.rail),
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
