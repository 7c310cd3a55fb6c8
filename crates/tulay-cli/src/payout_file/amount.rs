//! Amounts as people and spreadsheets write them. Only one spelling is read; of the others the
//! mistake shows how they are written plainly, as what separates here is the point elsewhere.

use clap::ValueEnum;
use tulay::{Currency, Money};

/// How amounts are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum AmountFormat {
    /// 1250.00
    #[default]
    Plain,
    /// 1,250.00
    En,
}

const BLANKS: [char; 5] = [' ', '\u{a0}', '\u{202f}', '\'', '’'];
const POINTS_AND_BLANKS: [char; 6] = ['.', ' ', '\u{a0}', '\u{202f}', '\'', '’'];

/// The amount, or what is wrong with it. Without its currency it is only checked.
pub(super) fn read(
    text: &str,
    currency: Option<Currency>,
    format: AmountFormat,
) -> Result<Option<Money>, String> {
    // Where the currency is not known, one of four decimals passes whatever may be right.
    let Some(unit) = currency.or_else(|| Currency::new("CLF").ok()) else { return Ok(None) };
    let plain = match format {
        AmountFormat::Plain => text.to_owned(),
        AmountFormat::En => without_separators(text).unwrap_or_else(|| text.to_owned()),
    };
    match Money::parse(&plain, unit) {
        Ok(amount) if amount.minor() <= 0 => Err("expected more than zero".into()),
        Ok(_) if format == AmountFormat::Plain && may_be_thousands(text, unit) => {
            let (thousands, decimals) = (text.replace('.', ""), text.trim_end_matches('0'));
            Err(format!("expected {thousands} or {decimals}: the point can be read either way"))
        }
        Ok(amount) => Ok(currency.map(|_| amount)),
        Err(_) if is_scientific(text) => Err(destroyed()),
        Err(invalid) => Err(plainly(text, unit).unwrap_or_else(|| invalid.problem().to_string())),
    }
}

/// `9.17123E+09`: what a spreadsheet makes of a long number.
pub(super) fn is_scientific(text: &str) -> bool {
    let parts = text.split_once("E+").or_else(|| text.split_once("e+"));
    let numeric = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b',')
    };
    parts.is_some_and(|(mantissa, exponent)| numeric(mantissa) && numeric(exponent))
}

pub(super) fn destroyed() -> String {
    "a spreadsheet destroyed this number; format the column as text and enter it again".into()
}

/// How another spelling is written plainly.
fn plainly(text: &str, currency: Currency) -> Option<String> {
    if let Some(plain) = without_separators(text).filter(|_| text.contains(',')) {
        return Some(format!("expected {plain}, without separators"));
    }
    let few_decimals = |_: &String| {
        text.split_once(',').is_none_or(|(_, decimals)| (1..=2).contains(&decimals.len()))
    };
    ungrouped(text, ',', &POINTS_AND_BLANKS)
        .filter(few_decimals)
        .or_else(|| ungrouped(text, '.', &BLANKS))
        .filter(|plain| Money::parse(plain, currency).is_ok())
        .map(|plain| format!("expected {plain}: a point in front of the decimals, no separators"))
}

/// `1.250` in a currency of two decimals: PHP 1.25 where it is read plainly, PHP 1,250 where the
/// point separates thousands.
fn may_be_thousands(text: &str, currency: Currency) -> bool {
    text.split_once('.').is_some_and(|(whole, decimals)| {
        currency.exponent() < 3
            && decimals.len() == 3
            && whole.len() <= 3
            && !whole.starts_with('0')
    })
}

/// 1,250.00 as 1250.00, if its separators stand where they belong.
fn without_separators(text: &str) -> Option<String> {
    ungrouped(text, '.', &[','])
}

fn ungrouped(text: &str, point: char, separators: &[char]) -> Option<String> {
    let (whole, fraction) = text.split_once(point).map_or((text, None), |(w, f)| (w, Some(f)));
    let groups: Vec<&str> = whole.split(separators).collect();
    let digits = |group: &str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit());
    let (first, rest) = groups.split_first()?;
    let well_formed = digits(first)
        && (rest.is_empty() || first.len() <= 3)
        && rest.iter().all(|group| digits(group) && group.len() == 3)
        && fraction.is_none_or(digits);
    let fraction = fraction.map(|digits| format!(".{digits}")).unwrap_or_default();
    well_formed.then(|| groups.concat() + &fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_spellings_are_refused_with_the_plain_one() {
        let cases = [
            ("1,250.00", "1250.00"),
            ("1,250", "1250"),
            ("1.250,00", "1250.00"),
            ("1250,00", "1250.00"),
            ("12,50", "12.50"),
            ("1250,5", "1250.5"),
            ("1.250.000", "1250000"),
            ("1 250.00", "1250.00"),
            ("1\u{a0}250,00", "1250.00"),
            ("1'250.00", "1250.00"),
            ("1.250", "1250 or 1.25:"),
        ];
        for (text, plain) in cases {
            let mistake = read(text, Some(Currency::PHP), AmountFormat::Plain).unwrap_err();
            assert!(mistake.starts_with(&format!("expected {plain}")), "{text}: {mistake}");
        }
        for text in ["1250,000", "1.25,00", "1,2500", "1.2.3", ",5", "12 34", "1,250,00", "٣"] {
            let mistake = read(text, Some(Currency::PHP), AmountFormat::Plain).unwrap_err();
            assert!(mistake.starts_with("expected plain decimal text"), "{text}: {mistake}");
        }
        for (text, minor) in [("1250.000", 125_000), ("0.500", 50), ("1250.0000", 125_000)] {
            let read = read(text, Some(Currency::PHP), AmountFormat::Plain).unwrap();
            assert_eq!(read, Some(Money::from_minor(minor, Currency::PHP)), "{text}");
        }
        assert_eq!(
            read("1.250", Currency::new("KWD").ok(), AmountFormat::Plain).unwrap().unwrap().minor(),
            1250
        );
    }

    #[test]
    fn without_a_currency_only_the_shape_is_judged() {
        assert_eq!(read("1.250", None, AmountFormat::Plain), Ok(None));
        assert!(read("1,250.00", None, AmountFormat::Plain).is_err());
        assert!(read("0", None, AmountFormat::Plain).is_err());
    }
}
