//! Account and mobile numbers as people write them.

use tulay::{AccountNumber, Country, Invalid, Phone, Proxy, TaxId, WalletAccount};

pub(super) fn number(text: &str) -> Result<AccountNumber, String> {
    AccountNumber::new(text).map_err(|invalid| expected(&invalid))
}

/// A wallet knows its customers by mobile number, or by a longer number of its own.
pub(super) fn of_wallet(text: &str, country: Country) -> Result<WalletAccount, String> {
    let phone = mobile(text, country);
    match phone {
        Ok(phone) => Ok(WalletAccount::Phone(phone)),
        // A mistyped mobile number is no account number: somebody else might have it.
        Err(mistake) if is_like_mobile(text) => Err(mistake),
        Err(_) => number(text).map(WalletAccount::Number),
    }
}

/// An account at the provider itself, which may well be a short number.
pub(super) fn of_provider(text: &str, country: Country) -> Result<WalletAccount, String> {
    match mobile(text, country) {
        Ok(phone) => Ok(WalletAccount::Phone(phone)),
        Err(mistake) if lost_its_zero(text, country).is_some() => Err(mistake),
        Err(_) => number(text).map(WalletAccount::Number),
    }
}

pub(super) fn proxy(text: &str, country: Country) -> Result<Proxy, String> {
    match mobile(text, country) {
        Ok(phone) => Ok(Proxy::Phone(phone)),
        Err(mistake) if lost_its_zero(text, country).is_some() => Err(mistake),
        Err(_) => TaxId::new(text).map(Proxy::NationalId).map_err(|invalid| expected(&invalid)),
    }
}

/// A mobile number, or the number that was probably meant.
pub(super) fn mobile(text: &str, country: Country) -> Result<Phone, String> {
    Phone::mobile(&bare(text), country).map_err(|invalid| match lost_its_zero(text, country) {
        Some(repaired) => {
            format!("expected {repaired}: its leading 0 was lost (format the column as text)")
        }
        None => expected(&invalid),
    })
}

pub(super) fn expected(invalid: &Invalid) -> String {
    invalid.problem().to_string()
}

fn lost_its_zero(text: &str, country: Country) -> Option<String> {
    let repaired = format!("0{}", bare(text));
    Phone::mobile(&repaired, country).is_ok().then_some(repaired)
}

/// Too short to be anything else than a mobile number.
fn is_like_mobile(text: &str) -> bool {
    let bare = bare(text);
    let digits = bare.strip_prefix('+').unwrap_or(&bare);
    digits.len() <= 13 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Without the blanks and dashes that make a number readable.
fn bare(text: &str) -> String {
    const SET_OFF: [char; 7] = [' ', '\u{a0}', '\u{202f}', '-', '\u{2010}', '\u{2011}', '–'];
    text.replace(SET_OFF, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mobiles_are_read_however_they_are_set_off() {
        let plain = Phone::new("+639171234567").unwrap();
        for text in ["09171234567", "0917 123-4567", "0917–123\u{a0}4567", "+63 917 123 4567"] {
            assert_eq!(mobile(text, Country::PH), Ok(plain.clone()), "{text}");
        }
        assert_eq!(proxy("0917 123 4567", Country::PH), Ok(Proxy::Phone(plain)));
    }

    #[test]
    fn a_mistyped_mobile_is_no_account_number() {
        for text in
            ["0917123456", "091712345678", "0917-123-456", "+63917123456", "1", "9171234567890"]
        {
            assert!(of_wallet(text, Country::PH).is_err(), "{text}");
        }
        for text in ["12345678901234", "AB-1234"] {
            let account = of_wallet(text, Country::PH);
            assert!(matches!(account, Ok(WalletAccount::Number(_))), "{text}");
        }
        assert!(of_provider("101510000001", Country::PH).is_ok());
        for text in ["9171234567", "917 123 4567"] {
            let mistake = of_wallet(text, Country::PH).unwrap_err();
            assert!(mistake.contains("its leading 0 was lost"), "{mistake}");
            assert_eq!(of_provider(text, Country::PH), Err(mistake.clone()));
            assert_eq!(proxy(text, Country::PH), Err(mistake));
        }
    }
}
