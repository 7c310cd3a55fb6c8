//! Tax, national identity and company registration numbers.
//!
//! Lengths and check digits as the issuing offices document them: Thailand's 13 digits and
//! Russia's 10 or 12 have check digits; the Philippines, Indonesia and Malaysia have lengths. Of
//! other countries only the shape is judged. No message repeats the id, nor a repaired one.

use super::digits::{bare, count, damage, foreign, grouped, has_digits_alone, shown_count};
use crate::{invalid::Invalid, money::Country, sensitive::TaxId};

const FIELD: &str = "tax_id";

/// Reads a tax, national identity or company registration number of a country; `None`: of any.
/// Blanks, hyphens and points between its groups are left out.
///
/// ```
/// use tulay_core::{Country, text};
/// let id = text::tax_id("1-1017-00207-03-0", Some(Country::TH))?;
/// assert_eq!(id.expose(), "1101700207030");
/// let lost = text::tax_id("1.05556E+11", Some(Country::TH)).unwrap_err();
/// assert!(lost.to_string().starts_with("tax_id: a spreadsheet shortened this number"));
/// # Ok::<_, tulay_core::Invalid>(())
/// ```
///
/// # Errors
/// What is wrong and where, without the id.
pub fn tax_id(text: &str, country: Option<Country>) -> Result<TaxId, Invalid> {
    let text = text.trim();
    if let Some(clause) = damage(text, "a tax id") {
        return Err(Invalid::unreadable(FIELD, clause));
    }
    match country {
        Some(Country::TH) => thai_id(text),
        Some(Country::PH) => with_letters_or(text, &PHILIPPINE, |_| true),
        Some(Country::ID) => with_letters_or(text, &INDONESIAN, |_| true),
        Some(Country::MY) => with_letters_or(text, &MALAYSIAN, is_malaysian),
        Some(Country::RU) => russian(text),
        _ => shaped(text),
    }
}

/// What ids of digits alone a country has.
struct Lengths {
    lengths: &'static [usize],
    expected: &'static str,
}

/// A TIN without and with its branch, which has three or five digits; the numbers of the national
/// id and of its card.
const PHILIPPINE: Lengths = Lengths {
    lengths: &[9, 12, 14, 16],
    expected: "9 digits, or 12 or 14 with the branch (TIN), or 12 or 16 (national id)",
};

/// An NPWP of the older and of the newer form; a NIK, which is of the newer; a NIB.
const INDONESIAN: Lengths =
    Lengths { lengths: &[13, 15, 16], expected: "16 digits (NIK, NPWP), 15 (NPWP) or 13 (NIB)" };

/// An NRIC or a company's number of the newer form.
const MALAYSIAN: Lengths =
    Lengths { lengths: &[12], expected: "12 digits (NRIC, SSM), or letters and digits (TIN)" };

/// A Thai id: 13 digits, of which the last checks the others.
pub(super) fn thai_id(text: &str) -> Result<TaxId, Invalid> {
    const LENGTH: usize = 13;
    let digits =
        without_marks(text).ok_or_else(|| unlike(text, "13 digits", |c| c.is_ascii_digit()))?;
    if digits.len() != LENGTH {
        return Err(of_other_length("13 digits", digits.len(), LENGTH));
    }
    let (body, check) = digits.split_at(LENGTH.saturating_sub(1));
    let sum = weighted(body, (2..=13).rev());
    let expected = (11_u32.saturating_sub(sum % 11)) % 10;
    if check.parse() != Ok(expected) {
        return Err(mistyped());
    }
    TaxId::new(digits)
}

/// An INN: 10 digits of a company with one check digit, 12 of a person with two.
fn russian(text: &str) -> Result<TaxId, Invalid> {
    const COMPANY: [u32; 9] = [2, 4, 10, 3, 5, 9, 4, 6, 8];
    const PERSON: [u32; 10] = [7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
    const PERSON_LAST: [u32; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
    const EXPECTED: &str = "10 or 12 digits (INN)";
    let digits =
        without_marks(text).ok_or_else(|| unlike(text, EXPECTED, |c| c.is_ascii_digit()))?;
    let checks = |weights: &[u32]| {
        let sum = weighted(&digits, weights.iter().copied());
        let check = digits.chars().nth(weights.len()).and_then(|digit| digit.to_digit(10));
        check == Some(sum % 11 % 10)
    };
    let is_right = match digits.len() {
        10 => checks(&COMPANY),
        12 => checks(&PERSON) && checks(&PERSON_LAST),
        other => return Err(of_other_length(EXPECTED, other, 10)),
    };
    if is_right { TaxId::new(digits) } else { Err(mistyped()) }
}

/// Digits of a length that the country has, or a number with letters, of which only the shape is
/// known: passports and registrations of companies.
fn with_letters_or(
    text: &str,
    known: &Lengths,
    fits: impl Fn(&str) -> bool,
) -> Result<TaxId, Invalid> {
    let Some(digits) = without_marks(text) else { return with_letters(text, known.expected) };
    if !known.lengths.contains(&digits.len()) {
        let nearest = known.lengths.iter().copied().find(|length| *length > digits.len());
        return Err(of_other_length(known.expected, digits.len(), nearest.unwrap_or_default()));
    }
    if !fits(&digits) {
        return Err(mistyped());
    }
    TaxId::new(digits)
}

/// An NRIC begins with the date of birth, a company's number with the year and the kind of company.
fn is_malaysian(digits: &str) -> bool {
    let number = |from: usize, to: usize| digits.get(from..to).and_then(|text| text.parse().ok());
    let (month, day): (Option<u32>, Option<u32>) = (number(2, 4), number(4, 6));
    let is_date = matches!((month, day), (Some(1..=12), Some(1..=31)));
    let (year, kind): (Option<u32>, Option<u32>) = (number(0, 4), number(4, 6));
    let is_company = matches!((year, kind), (Some(1900..=2099), Some(1..=6)));
    is_date || is_company
}

/// Letters and digits, with hyphens between them.
fn with_letters(text: &str, expected: &str) -> Result<TaxId, Invalid> {
    const FEWEST_DIGITS: usize = 4;
    let joined: String = text.split_whitespace().collect();
    let belongs = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '.');
    if joined.is_empty() || !joined.chars().all(belongs) {
        return Err(unlike(text, expected, |c| belongs(c) || c == ' '));
    }
    if count(&joined) < FEWEST_DIGITS {
        let expected = format!("{expected}; this has {}", shown_count(count(&joined)));
        return Err(Invalid::new(FIELD, expected));
    }
    TaxId::new(joined)
}

/// An id of a country whose ids are not known here.
fn shaped(text: &str) -> Result<TaxId, Invalid> {
    const EXPECTED: &str = "1 to 50 letters, digits and marks without spaces";
    if let Some(found) = foreign(text, |c| c.is_ascii_graphic()) {
        return Err(Invalid::new(FIELD, format!("{EXPECTED}; {found}")));
    }
    if count(text) == 0 {
        return Err(Invalid::new(FIELD, format!("{EXPECTED}; this has no digit")));
    }
    TaxId::new(text)
}

/// The digits of an id whose groups are set off by blanks, hyphens and points.
fn without_marks(text: &str) -> Option<String> {
    if let Some(digits) = grouped(text) {
        return Some(digits);
    }
    let digits = bare(&text.replace('.', "-"));
    let is_set_off = text.starts_with(|c: char| c.is_ascii_digit())
        && text.ends_with(|c: char| c.is_ascii_digit());
    (is_set_off && has_digits_alone(&digits)).then_some(digits)
}

/// The sum of digits times weights, as many as there are of both.
fn weighted(digits: &str, weights: impl Iterator<Item = u32>) -> u32 {
    let digits = digits.chars().filter_map(|digit| digit.to_digit(10));
    digits.zip(weights).map(|(digit, weight)| digit.saturating_mul(weight)).sum()
}

fn unlike(text: &str, expected: &str, allowed: impl Fn(char) -> bool) -> Invalid {
    let found = foreign(text, |c| allowed(c) || c == '-' || c == '.' || c == ' ');
    let found = found.map(|found| format!("; {found}")).unwrap_or_default();
    Invalid::new(FIELD, format!("{expected}{found}"))
}

fn of_other_length(expected: &str, found: usize, nearest: usize) -> Invalid {
    let found_text = shown_count(found);
    let lost = match nearest.checked_sub(found) {
        Some(1) => " (was a leading 0 lost? format the column as text)",
        _ => "",
    };
    Invalid::new(FIELD, format!("{expected}; this has {found_text}{lost}"))
}

fn mistyped() -> Invalid {
    Invalid::unreadable(FIELD, "its check digit is wrong: at least one digit is mistyped")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str, country: Country) -> Result<String, String> {
        tax_id(text, Some(country))
            .map(|id| id.expose().to_owned())
            .map_err(|invalid| invalid.to_string())
    }

    #[test]
    fn ids_are_read_without_the_marks_between_their_groups() {
        for (text, country, id) in [
            ("1101700207030", Country::TH, "1101700207030"),
            ("1-1017-00207-03-0", Country::TH, "1101700207030"),
            ("0 1075 44000 10 8", Country::TH, "0107544000108"),
            ("123-456-789-000", Country::PH, "123456789000"),
            ("123-456-789", Country::PH, "123456789"),
            ("123-456-789-00000", Country::PH, "12345678900000"),
            ("1234-5678-9012-3456", Country::PH, "1234567890123456"),
            ("P1234567A", Country::PH, "P1234567A"),
            ("CS201234567", Country::PH, "CS201234567"),
            ("09.254.294.3-407.000", Country::ID, "092542943407000"),
            ("3171012345670001", Country::ID, "3171012345670001"),
            ("0092542943407000", Country::ID, "0092542943407000"),
            ("850412-14-5678", Country::MY, "850412145678"),
            ("201901000005", Country::MY, "201901000005"),
            ("IG12345678901", Country::MY, "IG12345678901"),
            ("1234567-X", Country::MY, "1234567-X"),
            ("7707083893", Country::RU, "7707083893"),
            ("500100732259", Country::RU, "500100732259"),
            ("S1234567D", Country::new("SG").unwrap(), "S1234567D"),
        ] {
            assert_eq!(read(text, country).as_deref(), Ok(id), "{text}");
        }
    }

    #[test]
    fn a_wrong_id_is_refused_with_the_cause() {
        for (text, country, cause) in [
            ("1.05556E+11", Country::TH, "a spreadsheet shortened this number"),
            ("nan", Country::TH, "this marks an empty cell"),
            ("nan", Country::PH, "this marks an empty cell"),
            (
                "110170020703",
                Country::TH,
                "expected 13 digits; this has 12 digits (was a leading 0",
            ),
            ("11017002070300", Country::TH, "expected 13 digits; this has 14 digits"),
            ("1101700207031", Country::TH, "its check digit is wrong"),
            ("1101700270030", Country::TH, "its check digit is wrong"),
            ("0000000000000", Country::TH, "zeros alone are not a tax id"),
            ("11017O0207030", Country::TH, "character 6 is the letter O"),
            ("1101700207030.0", Country::TH, "a program made a number with decimals"),
            ("AA1234567", Country::TH, "expected 13 digits; character 1 is a letter"),
            ("12345678", Country::PH, "expected 9 digits, or 12 or 14 with the branch"),
            ("1234567890", Country::PH, "expected 9 digits, or 12 or 14 with the branch"),
            ("ABC", Country::PH, "expected 9 digits, or 12 or 14 with the branch"),
            ("31710123456700", Country::ID, "expected 16 digits (NIK, NPWP), 15 (NPWP) or 13"),
            ("3171012345678900", Country::ID, "all digits after the first 15 are zeros"),
            ("851312145678", Country::MY, "its check digit is wrong"),
            ("85041214567", Country::MY, "expected 12 digits (NRIC, SSM)"),
            ("7707083894", Country::RU, "its check digit is wrong"),
            ("500100732258", Country::RU, "its check digit is wrong"),
            ("770708389", Country::RU, "expected 10 or 12 digits (INN); this has 9 digits"),
            ("ñ", Country::new("SG").unwrap(), "expected 1 to 50 letters, digits and marks"),
        ] {
            let refused = read(text, country).unwrap_err();
            assert!(refused.starts_with(&format!("tax_id: {cause}")), "{text}: {refused}");
        }
    }

    proptest! {
        #[test]
        fn messages_are_short_and_repeat_no_id(text in "\\PC{0,60}", digits in "[0-9]{5,20}") {
            for country in [Country::PH, Country::TH, Country::ID, Country::MY, Country::RU] {
                for text in [&text, &digits] {
                    let Err(message) = read(text, country) else { continue };
                    prop_assert!(message.chars().count() <= 300, "{}", message);
                    prop_assert!(!message.contains(&digits), "{}", message);
                }
            }
        }

        #[test]
        fn one_wrong_digit_of_a_thai_id_is_found(body in "[1-8][0-9]{11}", at in 0..13_usize, by in 1..10_u32) {
            let sum = weighted(&body, (2..=13).rev());
            let id = format!("{body}{}", (11 - sum % 11) % 10);
            prop_assert!(read(&id, Country::TH).is_ok(), "{}", id);
            let wrong: String = id.chars().enumerate().map(|(index, digit)| {
                let digit = digit.to_digit(10).unwrap();
                char::from_digit(if index == at { (digit + by) % 10 } else { digit }, 10).unwrap()
            }).collect();
            // Eleven remainders have ten check digits: 0 and 10 look alike.
            let check = |id: &str| (11 - weighted(&id[..12], (2..=13).rev()) % 11) % 10;
            if at == 12 || check(&id) != check(&wrong) {
                prop_assert!(read(&wrong, Country::TH).is_err(), "{}", wrong);
            }
        }
    }
}
