//! Mobile numbers as spreadsheets spoil them.

use tulay::{Country, Phone};

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

/// That a mobile number lost its leading 0, with the number that was probably meant.
pub(super) fn with_its_zero(text: &str, country: Country) -> Option<String> {
    const SET_OFF: [char; 7] = [' ', '\u{a0}', '\u{202f}', '-', '\u{2010}', '\u{2011}', '–'];
    let repaired = format!("0{}", text.replace(SET_OFF, ""));
    let is_mobile = Phone::mobile(&repaired, country).is_ok();
    is_mobile
        .then(|| format!("expected {repaired}: its leading 0 was lost (format the column as text)"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_mobile_that_lost_its_zero_is_repaired() {
        for text in ["9171234567", "917 123 4567", "917–123\u{a0}4567"] {
            let message = with_its_zero(text, Country::PH).unwrap();
            assert!(
                message.starts_with("expected 09171234567: its leading 0 was lost"),
                "{message}"
            );
        }
        for text in ["09171234567", "917123456", "12345678901234", ""] {
            assert_eq!(with_its_zero(text, Country::PH), None, "{text}");
        }
    }
}
