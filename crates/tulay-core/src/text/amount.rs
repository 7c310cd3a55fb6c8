//! Amounts as people and programs type them. One spelling is read; of any other the error shows
//! every plain spelling that it may mean, as the mark before decimals in one country separates
//! thousands in the next.

use super::{
    decorated::Decorated,
    number::{self, MOST_DECIMALS, digits, may_be_thousands},
    spreadsheet::{Leftover, leftover},
};
use crate::{
    characters::invisible,
    invalid::Invalid,
    money::{Currency, Money},
};

const FIELD: &str = "amount";
const PLAIN: &str = "plain decimal text such as 1250.00";

/// How amounts are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AmountFormat {
    /// Digits, and a point before decimals: `1250.00`.
    #[default]
    Plain,
    /// Also with commas between thousands: `1,250.00`.
    En,
}

/// Reads an amount in major units that a person or program typed: more than zero, with no more
/// decimals than its currency has, and without sign, leading zeros, separators of thousands
/// (unless the format has them) and currency.
///
/// # Errors
/// The cause; and how the amount is written plainly, where that is certain, or both ways, where it
/// may mean two amounts. Nothing was sent.
///
/// ```
/// use tulay_core::{Currency, text::{self, AmountFormat}};
/// let read = |text| text::amount(text, Currency::PHP, AmountFormat::Plain);
/// assert_eq!(read("1250.5")?.minor(), 125_050);
/// assert_eq!(
///     read("10.000").unwrap_err().to_string(),
///     "amount: PHP has 2 decimals, found 3; the point may separate thousands: write \
///      10000 or 10.00"
/// );
/// assert_eq!(text::amount("1,250.00", Currency::PHP, AmountFormat::En)?.minor(), 125_000);
/// # Ok::<_, tulay_core::Invalid>(())
/// ```
pub fn amount(text: &str, currency: Currency, format: AmountFormat) -> Result<Money, Invalid> {
    let money = Money::parse(&plain_amount(text, Some(currency), format)?, currency)?;
    if money.minor() > 0 { Ok(money) } else { Err(zero()) }
}

/// The plain spelling of an amount that may be zero, and whose currency may not be known, such as a
/// limit for payments of any currency. With a currency it is what [`amount`] reads. Without one
/// there may be four decimals, but not three, as in `50.000` the point may separate thousands.
///
/// # Errors
/// As [`amount`].
///
/// ```
/// use tulay_core::text::{self, AmountFormat};
/// assert_eq!(text::plain_amount("50000.00", None, AmountFormat::Plain)?, "50000.00");
/// assert!(text::plain_amount("50.000", None, AmountFormat::Plain).is_err());
/// # Ok::<_, tulay_core::Invalid>(())
/// ```
pub fn plain_amount(
    text: &str,
    currency: Option<Currency>,
    format: AmountFormat,
) -> Result<String, Invalid> {
    let text = text.trim();
    let plain = match format {
        AmountFormat::Plain => text.to_owned(),
        AmountFormat::En => without_commas(text).unwrap_or_else(|| text.to_owned()),
    };
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    if digits(whole) && (digits(fraction) || whole == plain) {
        check(whole, fraction, &plain, currency)?;
        return Ok(plain);
    }
    Err(unread(text, currency))
}

/// Digits and at most one point within them.
fn check(
    whole: &str,
    fraction: &str,
    plain: &str,
    currency: Option<Currency>,
) -> Result<(), Invalid> {
    /// So many characters are an amount of every currency.
    const FIT_64_BITS: usize = 14;
    let most = currency.map_or(MOST_DECIMALS, decimals);
    if is_zero(plain) && (whole.len() > 1 || fraction.len() > most) {
        return Err(zero());
    }
    if whole.len() > 1 && whole.starts_with('0') {
        return Err(unreadable(leading_zeros(whole, fraction, currency)));
    }
    let is_unclear = currency.is_none() && may_be_thousands(plain, '.');
    if fraction.len() > most || is_unclear {
        return Err(unreadable(too_many_decimals(plain, fraction.len(), currency)));
    }
    match currency {
        Some(currency) if plain.len() > FIT_64_BITS => Money::parse(plain, currency).map(drop),
        _ => Ok(()),
    }
}

/// 1,250.00 as 1250.00, where each comma stands before three digits.
fn without_commas(text: &str) -> Option<String> {
    let point = text.contains('.').then_some('.');
    let number = number::split(text, point)?;
    let other = |c: char| !c.is_ascii_digit() && c != ',' && c != '.';
    let indian = text
        .split(',')
        .skip(1)
        .any(|group| group.split('.').next().is_some_and(|group| group.len() != 3));
    (!indian && !text.starts_with('.') && !text.contains(other)).then(|| match number.fraction {
        Some(fraction) => format!("{}.{fraction}", number.whole),
        None => number.whole,
    })
}

fn leading_zeros(whole: &str, fraction: &str, currency: Option<Currency>) -> String {
    /// A longer number may be that of an account, which is not repeated.
    const LONGEST: usize = 8;
    let cause = "it begins with zeros, as padded minor units and numbers of other columns do";
    let significant = whole.trim_start_matches('0');
    if significant.len() > LONGEST {
        return cause.into();
    }
    let major = if significant.is_empty() { "0" } else { significant };
    let fixes = match fraction {
        "" => {
            let places = currency.map_or(2, decimals);
            let padded = format!("{significant:0>width$}", width = places + 1);
            let (whole, fraction) = padded.split_at(padded.len() - places);
            let minor = if places == 0 { String::new() } else { format!("{whole}.{fraction}") };
            vec![major.to_owned(), minor]
        }
        fraction => number::readings(&format!("{major}.{fraction}"), currency.map(decimals)),
    };
    with_fixes(cause, &fixes, currency)
}

fn too_many_decimals(plain: &str, written: usize, currency: Option<Currency>) -> String {
    let fixes = number::readings(plain, currency.map(decimals));
    let cause = match currency.map(|currency| (currency, decimals(currency))) {
        Some((currency, 0)) => format!("{currency} has no decimals"),
        Some((currency, most)) => format!("{currency} has {most} decimals, found {written}"),
        None if written > MOST_DECIMALS => {
            format!("no currency has more than {MOST_DECIMALS} decimals, found {written}")
        }
        None => "it has 3 decimals".into(),
    };
    match (may_be_thousands(plain, '.'), fixes.is_empty()) {
        (true, true) => format!("{cause}; if the point separates thousands, leave it out"),
        (true, false) => {
            with_fixes(&format!("{cause}; the point may separate thousands"), &fixes, currency)
        }
        (false, true) => format!("{cause}: expected no more"),
        (false, false) => with_fixes(&cause, &fixes, currency),
    }
}

/// Why a text that is not plain cannot be read.
fn unread(text: &str, currency: Option<Currency>) -> Invalid {
    const LONGEST: usize = 40;
    if text.chars().count() > LONGEST {
        return Invalid::new(FIELD, PLAIN);
    }
    if let Some(clause) = invisible(text) {
        return unreadable(clause);
    }
    if let Some(
        left @ (Leftover::ErrorValue
        | Leftover::Boolean
        | Leftover::Empty
        | Leftover::Placeholder
        | Leftover::Scientific
        | Leftover::Date),
    ) = leftover(text)
    {
        return unreadable(left.clause("an amount"));
    }
    match Decorated::read(text) {
        Ok(decorated) => refused(&decorated, currency),
        Err(place) => unexpected(text, place),
    }
}

/// The character at this place belongs to no number.
fn unexpected(text: &str, place: usize) -> Invalid {
    match text.chars().nth(place.saturating_sub(1)) {
        Some(c) => unreadable(format!("character {place} is {c}, not a digit: expected {PLAIN}")),
        None => Invalid::new(FIELD, PLAIN),
    }
}

/// Why a number with something around it, or with separators, cannot be read.
fn refused(decorated: &Decorated, currency: Option<Currency>) -> Invalid {
    if decorated.negative {
        return unreadable("the amount is negative: expected more than zero".into());
    }
    if let (Some(sign), Some(currency)) = (decorated.currency, currency)
        && sign != currency
    {
        return unreadable(format!("its sign is that of {sign}, but the currency is {currency}"));
    }
    let unit = currency.or(decorated.currency);
    let fixes = match decorated.dash || decorated.bare_point {
        true => number::split(&decorated.number, None).into_iter().map(|n| n.whole).collect(),
        false => number::readings(&decorated.number, unit.map(decimals)),
    };
    if !fixes.is_empty() && fixes.iter().all(|fix| is_zero(fix)) {
        return zero();
    }
    unreadable(with_fixes(&cause(decorated, fixes.len()), &fixes, unit))
}

/// What is wrong with it, the most telling first.
fn cause(decorated: &Decorated, fixes: usize) -> String {
    let one_mark = |mark| may_be_thousands(&decorated.number, mark);
    if let Some((place, c)) = decorated.foreign {
        return format!("digits 0-9 expected, character {place} is {c}");
    }
    if fixes > 1 && (one_mark('.') || one_mark(',')) {
        let mark = if one_mark('.') { "point" } else { "comma" };
        return format!("the {mark} may separate thousands");
    }
    match decorated {
        Decorated { guarded: true, .. } => {
            "the mark of a formula or text cell stands around it".into()
        }
        Decorated { currency: Some(_), .. } => "leave out the currency".into(),
        Decorated { plus: true, .. } => "leave out the plus sign".into(),
        Decorated { dash: true, .. } => "a dash stands in place of decimals".into(),
        Decorated { bare_point: true, .. } if fixes > 0 => {
            "no decimals stand behind the point".into()
        }
        _ if decorated.number.starts_with('.') => "no digit stands before the point".into(),
        _ if fixes == 0 => {
            "expected a point before the decimals and no other separators, such as 1250.00".into()
        }
        _ => "expected a point before the decimals and no other separators".into(),
    }
}

/// The cause, and the spellings that are read without complaint.
fn with_fixes(cause: &str, fixes: &[String], currency: Option<Currency>) -> String {
    let is_read = |fix: &&String| plain_amount(fix, currency, AmountFormat::Plain).is_ok();
    let fixes: Vec<&str> =
        fixes.iter().filter(|fix| !fix.is_empty()).filter(is_read).map(String::as_str).collect();
    match fixes.as_slice() {
        [] => cause.to_owned(),
        fixes => format!("{cause}: write {}", fixes.join(" or ")),
    }
}

fn decimals(currency: Currency) -> usize {
    currency.exponent() as usize
}

fn is_zero(plain: &str) -> bool {
    plain.bytes().all(|byte| b"0.".contains(&byte))
}

fn zero() -> Invalid {
    Invalid::new(FIELD, "more than zero")
}

fn unreadable(clause: String) -> Invalid {
    Invalid::unreadable(FIELD, clause)
}

#[cfg(test)]
mod tests {
    use super::{super::decorated::digit, *};
    use proptest::prelude::*;

    fn message(text: &str, currency: Currency) -> String {
        amount(text, currency, AmountFormat::Plain).unwrap_err().problem().to_string()
    }

    fn currency(code: &str) -> Currency {
        Currency::new(code).unwrap()
    }

    /// The spellings that a message proposes.
    fn fixes(message: &str) -> Vec<&str> {
        message
            .rsplit_once(": write ")
            .map_or_else(Vec::new, |(_, fixes)| fixes.split(" or ").collect())
    }

    #[test]
    fn plain_amounts_are_read() {
        for (text, code, minor) in [
            ("2375", "PHP", 237_500),
            ("2375.5", "PHP", 237_550),
            (" 2375.50 ", "PHP", 237_550),
            ("0.5", "PHP", 50),
            ("0.01", "THB", 1),
            ("12000", "IDR", 1_200_000),
            ("1.250", "KWD", 1250),
            ("1250", "JPY", 1250),
        ] {
            let read = amount(text, currency(code), AmountFormat::Plain).unwrap();
            assert_eq!(read, Money::from_minor(minor, currency(code)), "{text}");
        }
    }

    #[test]
    fn commas_are_read_where_they_separate_thousands() {
        let read = |text| amount(text, Currency::PHP, AmountFormat::En).map(Money::minor);
        for (text, minor) in [
            ("2,375.00", 237_500),
            ("2,375", 237_500),
            ("2375.5", 237_550),
            ("12,345,678.90", 1_234_567_890),
        ] {
            assert_eq!(read(text), Ok(minor), "{text}");
        }
        for text in [
            "0,500",
            "0,500.00",
            "00,500",
            "23,75",
            "2,3750.00",
            ",375",
            "2.375,00",
            "2,375,00",
            "2,37,500.00",
            "2.370",
            "2,375.001",
            "2,375.",
            "2 375",
            "0",
            "0,000",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn other_spellings_are_refused_with_the_plain_ones() {
        for (text, plain) in [
            ("2,375.00", &["2375.00"][..]),
            ("2.375,00", &["2375.00"]),
            ("23,75", &["23.75"]),
            ("2 375.00", &["2375.00"]),
            ("2\u{a0}375,00", &["2375.00"]),
            ("2'375.00", &["2375.00"]),
            ("2_375", &["2375"]),
            ("3,42,000.00", &["342000.00"]),
            ("20.000", &["20000", "20.00"]),
            ("2.370", &["2370", "2.37"]),
            ("2,370", &["2370", "2.37"]),
            ("0,500", &["0.50"]),
            ("0.500", &["0.50"]),
            ("2375.000", &["2375.00"]),
            ("2375.5000", &["2375.50"]),
            (".5", &["0.50"]),
            ("2375.", &["2375"]),
            ("2375.-", &["2375"]),
            ("2.375,-", &["2375"]),
            ("2,375.–", &["2375"]),
            ("+2375", &["2375"]),
            ("=2375", &["2375"]),
            ("'2375", &["2375"]),
            ("=\"2,375.00\"", &["2375.00"]),
            ("\"2375\"", &["2375"]),
            ("₱2,375.00", &["2375.00"]),
            ("₱ 2375", &["2375"]),
            ("PHP 2375", &["2375"]),
            ("php2,375.50", &["2375.50"]),
            ("PHP. 2375", &["2375"]),
            ("P2,375.50", &["2375.50"]),
            ("2375 PHP", &["2375"]),
            ("2375 pesos", &["2375"]),
            ("๒๓๗๕", &["2375"]),
            ("２３７５．５０", &["2375.50"]),
            ("٢٣٧٥", &["2375"]),
            ("00.50", &["0.50"]),
            ("0237.00", &["237.00"]),
            ("0000237500", &["237500", "2375.00"]),
            ("007", &["7", "0.07"]),
            ("2.375", &[]),
            ("2375.001", &[]),
            ("09171234567", &[]),
            ("0012345678901", &[]),
            ("2.3.7", &[]),
            ("23 75", &[]),
            ("2375 750", &[]),
        ] {
            let message = message(text, Currency::PHP);
            assert_eq!(fixes(&message), plain, "{text}: {message}");
        }
    }

    #[test]
    fn amounts_of_other_currencies_have_their_decimals() {
        for (text, code, plain) in [
            ("Rp 20.000", "IDR", &["20000", "20.00"][..]),
            ("Rp20.000,-", "IDR", &["20000"]),
            ("Rp. 20.000,00", "IDR", &["20000.00"]),
            ("RM 2,375.50", "MYR", &["2375.50"]),
            ("฿2,375", "THB", &["2375"]),
            ("2 375,50 ₽", "RUB", &["2375.50"]),
            ("2375 руб.", "RUB", &["2375"]),
            ("¥2,375", "JPY", &["2375"]),
            ("2375.00", "JPY", &["2375"]),
            ("2.000", "JPY", &["2000", "2"]),
            ("2.375", "JPY", &[]),
            ("2,375", "KWD", &["2375", "2.375"]),
            ("2375.0000", "KWD", &["2375.000"]),
        ] {
            let message = message(text, currency(code));
            assert_eq!(fixes(&message), plain, "{text}: {message}");
        }
    }

    #[test]
    fn each_cause_is_named() {
        for (text, start) in [
            ("20.000", "PHP has 2 decimals, found 3; the point may separate thousands"),
            ("2,370", "the comma may separate thousands"),
            ("2375.5000", "PHP has 2 decimals, found 4"),
            ("0000237500", "it begins with zeros"),
            ("-5.00", "the amount is negative: expected more than zero"),
            ("(2,375.00)", "the amount is negative"),
            ("2375-", "the amount is negative"),
            ("−5", "the amount is negative"),
            ("-.5", "the amount is negative"),
            ("₱-5", "the amount is negative"),
            ("0", "expected more than zero"),
            ("0.00", "expected more than zero"),
            ("0,00", "expected more than zero"),
            ("₱0", "expected more than zero"),
            ("0.000", "expected more than zero"),
            ("0000", "expected more than zero"),
            ("2.37E+03", "a spreadsheet shortened this number"),
            ("2e3", "a spreadsheet shortened this number"),
            ("nan", "this marks an empty cell"),
            ("-", "this marks an empty cell"),
            ("#VALUE!", "this is an error value of a spreadsheet"),
            ("FALSE", "this is TRUE or FALSE"),
            ("1-Nov", "this is a date"),
            ("๒๓๗๕", "digits 0-9 expected, character 1 is ๒"),
            ("12๓4", "digits 0-9 expected, character 3 is ๓"),
            ("1O0.00", "character 2 is O, not a digit"),
            ("100k", "character 4 is k, not a digit"),
            ("100 only", "character 5 is o, not a digit"),
            ("12.5.", "expected a point before the decimals and no other separators"),
            ("\u{feff}100", "character 1 is an invisible character (U+FEFF)"),
            ("10\u{202e}0", "character 3 is an invisible character that reverses the text"),
            ("12E3", "a spreadsheet shortened this number"),
            ("abc", "character 1 is a, not a digit"),
            ("Rp 5000", "its sign is that of IDR, but the currency is PHP"),
            ("$5", "its sign is that of USD, but the currency is PHP"),
            ("₱5", "leave out the currency"),
            ("", "expected plain decimal text"),
            ("99999999999999999999", "expected an amount that fits 64 bits"),
        ] {
            let message = message(text, Currency::PHP);
            assert!(message.starts_with(start), "{text}: {message}");
        }
    }

    #[test]
    fn without_a_currency_three_decimals_are_unclear() {
        let read = |text| plain_amount(text, None, AmountFormat::Plain);
        for text in ["0", "0.00", "50000", "50000.00", "0.5", "12.3456", "0.125", "50.1250"] {
            assert_eq!(read(text).as_deref(), Ok(text));
        }
        for (text, plain) in [
            ("50.000", &["50000", "50.00"][..]),
            ("50.125", &["50125", "50.1250"]),
            ("50,000.00", &["50000.00"]),
            ("₱50,000.00", &["50000.00"]),
            ("050000", &["50000", "500.00"]),
        ] {
            let message = read(text).unwrap_err().to_string();
            assert_eq!(fixes(&message), plain, "{text}: {message}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics_and_messages_are_short(text in ".{0,60}", code in "PHP|JPY|KWD|CLF") {
            for format in [AmountFormat::Plain, AmountFormat::En] {
                if let Err(invalid) = amount(&text, currency(&code), format) {
                    prop_assert!(invalid.to_string().chars().count() <= 300);
                }
            }
        }

        #[test]
        fn proposed_amount_is_read_and_is_no_other(
            text in "[₱=(+-]?[ '\"]?[0-9๐-๙]{1,4}([., '_][0-9]{1,3}){0,3}([.,]?-|[ ]?PHP|\\.)?",
            code in "PHP|JPY|KWD",
        ) {
            let currency = currency(&code);
            let Err(invalid) = amount(&text, currency, AmountFormat::Plain) else { return Ok(()) };
            let message = invalid.to_string();
            let fixes = fixes(&message);
            prop_assert!(fixes.len() <= 2, "{}", message);
            for fix in &fixes {
                prop_assert!(amount(fix, currency, AmountFormat::Plain).is_ok(), "{}", message);
            }
            // Digits in their order, but for zeros before and behind.
            let digits = |text: &str| -> String { text.chars().filter_map(digit).collect() };
            let all = digits(&text);
            for fix in fixes {
                let bare = digits(fix);
                prop_assert!(all.contains(bare.trim_matches('0')), "{}", message);
            }
        }

        #[test]
        fn written_amount_reads_as_itself(minor in 1..=i64::MAX, code in "PHP|IDR|JPY|KWD|CLF") {
            let money = Money::from_minor(minor, currency(&code));
            let read = amount(&money.amount_text(), money.currency(), AmountFormat::Plain);
            prop_assert_eq!(read, Ok(money));
            let shown = money.to_string();
            let (_, shown) = shown.split_once(' ').unwrap();
            prop_assert_eq!(amount(shown, money.currency(), AmountFormat::En), Ok(money));
        }
    }
}
