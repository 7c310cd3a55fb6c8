//! Accounts at banks and wallets, and names that a payment rail resolves.
//!
//! An account is money: nothing is repaired but the separators between groups of digits, and no
//! message repeats it.

use super::{
    digits::{bare, count, damage, foreign, grouped, has_digits_alone, shown_count},
    mobile::{mobile, near_mobile},
    tax_id::{tax_id, thai_id},
};
use crate::{
    institution::Institution,
    invalid::Invalid,
    money::Country,
    request::{Proxy, WalletAccount},
    sensitive::AccountNumber,
};

const FIELD: &str = "account";

/// Reads an account at a bank: digits, which may stand in groups (`123-4-56789-0`), or letters and
/// digits as a bank gives them. Where the bank publishes how long its accounts are, no other
/// length is taken.
///
/// ```
/// use tulay_core::text;
/// assert_eq!(text::bank_account("0012 3456 78", None)?.expose(), "0012345678");
/// let lost = text::bank_account("1.05556E+11", None).unwrap_err();
/// assert!(lost.to_string().starts_with("account: a spreadsheet shortened this number"));
/// # Ok::<_, tulay_core::Invalid>(())
/// ```
///
/// # Errors
/// What is wrong and where, without the account.
pub fn bank_account(text: &str, bank: Option<&Institution>) -> Result<AccountNumber, Invalid> {
    let account = number(text)?;
    let digits = account.expose();
    let bank = bank.filter(|bank| !bank.account_digits.is_empty());
    if let Some(bank) = bank.filter(|_| !has_digits_alone(digits)) {
        let expected = format!("digits alone, as accounts at {} have", bank.name);
        return Err(Invalid::new(FIELD, expected));
    }
    match bank {
        Some(bank) if !bank.account_digits.contains(&digits.len()) => {
            let (name, lengths) = (bank.name, either(bank.account_digits));
            let found = shown_count(digits.len());
            let expected = format!(
                "{lengths} digits, as accounts at {name} have; this has {found} (were leading \
                 zeros lost?)"
            );
            Err(Invalid::new(FIELD, expected))
        }
        _ => Ok(account),
    }
}

/// Reads an account at a wallet: a mobile number of the country, or a longer number where the
/// wallet has numbers of its own.
///
/// # Errors
/// What is wrong; for a mobile number with the one that was probably meant.
pub fn wallet_account(
    text: &str,
    country: Country,
    wallet: Option<&Institution>,
) -> Result<WalletAccount, Invalid> {
    let by_mobile = wallet.is_some_and(|wallet| wallet.by_mobile);
    match mobile(text, country) {
        Ok(phone) => Ok(WalletAccount::Phone(phone)),
        // A mistyped mobile number is not an account number: it may be another person's.
        Err(invalid) if by_mobile || is_like_mobile(text) => Err(invalid.with_field(FIELD)),
        Err(_) => own_number(text, country),
    }
}

/// Reads an account at the provider itself: a mobile number of the country, or a number of the
/// provider's own, which may be as short.
///
/// # Errors
/// As [`wallet_account`].
pub fn provider_account(text: &str, country: Country) -> Result<WalletAccount, Invalid> {
    mobile(text, country).map(WalletAccount::Phone).or_else(|_| own_number(text, country))
}

/// Reads a name that a payment rail resolves: a mobile number, or a national or tax id. In Thailand
/// that is PromptPay, whose codes write a mobile number as `0066` and nine digits.
///
/// ```
/// use tulay_core::{Country, Proxy, text};
/// let read = text::proxy("0066812345678", Country::TH)?;
/// assert!(matches!(read, Proxy::Phone(phone) if phone.expose() == "+66812345678"));
/// let read = text::proxy("1-1017-00207-03-0", Country::TH)?;
/// assert!(matches!(read, Proxy::NationalId(id) if id.expose() == "1101700207030"));
/// # Ok::<_, tulay_core::Invalid>(())
/// ```
///
/// # Errors
/// What is wrong, without the id; for a mobile number with the one that was probably meant.
pub fn proxy(text: &str, country: Country) -> Result<Proxy, Invalid> {
    if country == Country::TH {
        return promptpay(text).map_err(|invalid| invalid.with_field(FIELD));
    }
    let read =
        mobile(text, country).map(Proxy::Phone).or_else(|_| match near_mobile(text, country) {
            Some(invalid) => Err(invalid),
            None => tax_id(text, Some(country)).map(Proxy::NationalId),
        });
    read.map_err(|invalid| invalid.with_field(FIELD))
}

/// A PromptPay name. Its length says what it is, and nothing is guessed.
fn promptpay(text: &str) -> Result<Proxy, Invalid> {
    const E_WALLET: usize = 15;
    let text = text.trim();
    let abroad = bare(text);
    let national = ["0066", "66"].iter().find_map(|code| {
        let number = abroad.strip_prefix(code).filter(|number| number.len() == 9)?;
        Some(format!("0{number}"))
    });
    if let Some(national) = national.filter(|_| has_digits_alone(&abroad)) {
        return mobile(&national, Country::TH).map(Proxy::Phone).map_err(|_| {
            let expected = "a mobile number behind the country's code 66, such as 0066812345678";
            Invalid::new(FIELD, expected)
        });
    }
    if let Ok(phone) = mobile(text, Country::TH) {
        return Ok(Proxy::Phone(phone));
    }
    if let Some(invalid) = near_mobile(text, Country::TH) {
        return Err(invalid);
    }
    if let Some(clause) = damage(text, "a PromptPay id") {
        return Err(Invalid::unreadable(FIELD, clause));
    }
    match grouped(text).map(|digits| digits.len()) {
        Some(13) => thai_id(text).map(Proxy::NationalId),
        Some(E_WALLET) => {
            let why = "15 digits are the id of an e-wallet: give a mobile number or a national id";
            Err(Invalid::unsupported(FIELD, why))
        }
        found => {
            let expected =
                "a mobile number such as 0812345678, or a national or tax id of 13 digits";
            let found = found.map(|digits| format!("; this has {}", shown_count(digits)));
            Err(Invalid::new(FIELD, format!("{expected}{}", found.unwrap_or_default())))
        }
    }
}

/// A number of a wallet's or provider's own, unless it is nearly a mobile number.
fn own_number(text: &str, country: Country) -> Result<WalletAccount, Invalid> {
    match near_mobile(text, country) {
        Some(invalid) => Err(invalid.with_field(FIELD)),
        None => number(text).map(WalletAccount::Number),
    }
}

/// Too short to be anything else than a mobile number.
fn is_like_mobile(text: &str) -> bool {
    let bare = bare(text);
    let digits = bare.strip_prefix('+').unwrap_or(&bare);
    digits.len() <= 13 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// An account number of any kind.
fn number(text: &str) -> Result<AccountNumber, Invalid> {
    let text = text.trim();
    if let Some(clause) = damage(text, "an account number") {
        return Err(Invalid::unreadable(FIELD, clause));
    }
    if let Some(digits) = grouped(text) {
        return AccountNumber::new(digits);
    }
    let expected = |more: String| {
        Err(Invalid::new(FIELD, format!("1 to 50 letters, digits and hyphens{more}")))
    };
    if let Some(found) = foreign(text, |c| c.is_ascii_alphanumeric() || c == '-') {
        return expected(format!("; {found}"));
    }
    if text.starts_with('-') || text.ends_with('-') {
        return expected(", without a hyphen at its ends".into());
    }
    if count(text) == 0 {
        return expected("; this has no digit".into());
    }
    if has_digits_alone(&bare(text)) {
        return expected("; this looks like two numbers".into());
    }
    if let Some(clause) = disguised(text) {
        return Err(Invalid::unreadable(FIELD, clause));
    }
    AccountNumber::new(text)
}

/// Letters that stand for hidden digits, or that name a currency beside the digits.
fn disguised(text: &str) -> Option<String> {
    const CURRENCIES: [&str; 7] = ["PHP", "IDR", "MYR", "THB", "RUB", "USD", "RP"];
    let letters = text.trim_matches(|c: char| c.is_ascii_digit() || c == '-');
    let is_masked = text.len() > 2 && text.to_ascii_lowercase().contains("xx");
    if is_masked || letters.bytes().all(|byte| b"xX-".contains(&byte)) {
        return Some("digits are hidden behind x: enter the whole account number".into());
    }
    let is_currency = CURRENCIES.iter().any(|code| letters.eq_ignore_ascii_case(code));
    is_currency.then(|| "a currency stands beside the number: leave it out".into())
}

/// `12, 15 or 16`.
fn either(lengths: &[usize]) -> String {
    let lengths: Vec<String> = lengths.iter().map(ToString::to_string).collect();
    match lengths.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => lengths.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::institution::Directory;
    use proptest::prelude::*;

    fn institution(country: Country, name: &str) -> &'static Institution {
        Directory::of(country).unwrap().named(name).unwrap()
    }

    fn refused<T: std::fmt::Debug>(read: Result<T, Invalid>) -> String {
        read.unwrap_err().to_string()
    }

    #[test]
    fn bank_accounts_are_digits_in_groups_or_as_given() {
        for (text, account) in [
            ("0012345678", "0012345678"),
            ("123-4-56789-0", "1234567890"),
            ("0012 3456 78", "0012345678"),
            (" 0012\u{a0}3456 ", "00123456"),
            ("1234-5678-9012-3450", "1234567890123450"),
            ("AB-1234", "AB-1234"),
            ("1", "1"),
        ] {
            let read = bank_account(text, None).unwrap();
            assert_eq!(read.expose(), account, "{text}");
        }
    }

    #[test]
    fn damaged_bank_accounts_are_refused_with_the_cause() {
        for (text, cause) in [
            ("xxx-x-x6789-x", "digits are hidden"),
            ("XXXX-XXXX-1234", "digits are hidden"),
            ("123x456", "digits are hidden"),
            ("xxxxxx7890", "digits are hidden"),
            ("PHP001234567890", "a currency stands beside"),
            ("1234567890idr", "a currency stands beside"),
            ("1-Nov", "this is a date"),
            ("2026-11-01", "this is a date"),
            ("nan", "this marks an empty cell"),
            ("null", "this marks an empty cell"),
            ("TBA", "this marks an empty cell"),
            ("-", "this marks an empty cell"),
            ("TRUE", "this is TRUE or FALSE"),
            ("#REF!", "this is an error value"),
            ("1E5", "a spreadsheet shortened this number"),
            ("1.05556E+11", "a spreadsheet shortened this number"),
            ("'0012345678", "it begins with the mark of a formula"),
            ("=\"0012345678\"", "it begins with the mark of a formula"),
            ("0", "zeros alone"),
            ("000-000", "zeros alone"),
            ("00123O450121", "character 6 is the letter O"),
            ("12345678901234567000", "all digits after the first 17 are zeros"),
            ("987654321098765000", "all digits after the first 15 are zeros"),
            ("0012345678.0", "a program made a number with decimals"),
            ("ABC", "expected 1 to 50 letters, digits and hyphens; this has no digit"),
            (
                "BDO 0012345678",
                "expected 1 to 50 letters, digits and hyphens; character 4 is a blank",
            ),
            (
                "00123\u{200b}45",
                "expected 1 to 50 letters, digits and hyphens; character 6 is an inv",
            ),
            ("0012_345", "expected 1 to 50 letters, digits and hyphens; character 5 is a mark"),
            ("-12345", "expected 1 to 50 letters, digits and hyphens, without a hyphen"),
            (
                "1234567890-0987654321",
                "expected 1 to 50 letters, digits and hyphens; this looks like two",
            ),
            ("1234567890 0987654321", "expected 1 to 50 letters, digits and hyphens; character 11"),
        ] {
            let refused = refused(bank_account(text, None));
            assert!(refused.starts_with(&format!("account: {cause}")), "{text}: {refused}");
        }
    }

    #[test]
    fn accounts_have_the_lengths_that_their_bank_publishes() {
        let maybank = institution(Country::MY, "Maybank");
        assert!(bank_account("1234 5678 9012", Some(maybank)).is_ok());
        let short = refused(bank_account("12345678901", Some(maybank)));
        assert!(short.contains("as accounts at Maybank have; this has 11 digits"), "{short}");
        let unknown = institution(Country::PH, "GoTyme");
        assert!(bank_account("12345678901", Some(unknown)).is_ok());
    }

    #[test]
    fn wallets_by_mobile_take_nothing_else() {
        let gcash = institution(Country::PH, "gcash");
        for (text, cause) in [
            ("00639171234567", "expected 09171234567: 0063 stands for +63"),
            ("0917123456O", "expected 09171234560: character 11 is the letter O"),
            ("9171234567", "expected 09171234567: its leading 0 was lost"),
            ("12345678901234", "expected a mobile number of PH"),
            ("AB-1234", "expected a mobile number of PH"),
            ("nan", "this marks an empty cell"),
        ] {
            let refused = refused(wallet_account(text, Country::PH, Some(gcash)));
            assert!(refused.starts_with(&format!("account: {cause}")), "{text}: {refused}");
        }
        let read = wallet_account("(0917) 123 4567", Country::PH, Some(gcash));
        assert!(
            matches!(read, Ok(WalletAccount::Phone(phone)) if phone.expose() == "+639171234567")
        );
    }

    #[test]
    fn a_mistyped_mobile_is_no_account_number() {
        let tayocash = institution(Country::PH, "TayoCash");
        for text in [
            "0917123456",
            "091712345678",
            "0917-123-456",
            "+63917123456",
            "1",
            "9171234567890",
            "00639171234567",
        ] {
            assert!(wallet_account(text, Country::PH, Some(tayocash)).is_err(), "{text}");
        }
        for text in ["12345678901234", "AB-1234"] {
            let account = wallet_account(text, Country::PH, Some(tayocash));
            assert!(matches!(account, Ok(WalletAccount::Number(_))), "{text}");
        }
        assert!(provider_account("101510000001", Country::PH).is_ok());
        for text in ["9171234567", "917 123 4567", "0917123456O", "00639171234567"] {
            assert!(provider_account(text, Country::PH).is_err(), "{text}");
        }
    }

    #[test]
    fn promptpay_mobiles_are_read_in_every_form() {
        for text in [
            "0812345678",
            "081-234-5678",
            "0066812345678",
            "66812345678",
            "+66812345678",
            "+66 81 234 5678",
            "0066-8-1234-5678",
        ] {
            let read = proxy(text, Country::TH);
            let is_mobile =
                matches!(&read, Ok(Proxy::Phone(phone)) if phone.expose() == "+66812345678");
            assert!(is_mobile, "{text}: {read:?}");
        }
        for text in ["0066212345678", "0066012345678"] {
            let refused = refused(proxy(text, Country::TH));
            assert!(
                refused.starts_with("account: expected a mobile number behind"),
                "{text}: {refused}"
            );
        }
    }

    #[test]
    fn promptpay_ids_need_their_check_digit() {
        for text in ["1101700207030", "1-1017-00207-03-0", "1 1017 00207 03 0", "0107544000108"] {
            let read = proxy(text, Country::TH);
            assert!(matches!(read, Ok(Proxy::NationalId(_))), "{text}: {read:?}");
        }
        for (text, cause) in [
            ("1101700207031", "its check digit is wrong"),
            ("1-1017-00270-03-0", "its check digit is wrong"),
            ("110170020703", "expected a mobile number such as 0812345678, or a national"),
            ("004999000123456", "not supported here: 15 digits are the id of an e-wallet"),
            ("1.10170E+12", "a spreadsheet shortened this number"),
            ("812345678", "expected 0812345678: its leading 0 was lost"),
            ("nan", "this marks an empty cell"),
            ("somchai", "expected a mobile number such as 0812345678, or a national"),
        ] {
            let refused = refused(proxy(text, Country::TH));
            assert!(refused.starts_with(&format!("account: {cause}")), "{text}: {refused}");
        }
    }

    proptest! {
        #[test]
        fn messages_are_short_and_repeat_no_account(text in "\\PC{0,60}", digits in "[0-9]{6,20}") {
            for country in [Country::PH, Country::TH, Country::ID, Country::MY, Country::RU] {
                for text in [&text, &digits, &format!("{digits} {text}"), &format!("{digits}X1")] {
                    let reads = [
                        bank_account(text, None).err(),
                        wallet_account(text, country, None).err(),
                        provider_account(text, country).err(),
                        proxy(text, country).err(),
                    ];
                    for message in reads.into_iter().flatten().map(|invalid| invalid.to_string()) {
                        prop_assert!(message.chars().count() <= 300, "{}", message);
                    }
                    if let Err(invalid) = bank_account(text, None) {
                        prop_assert!(!invalid.to_string().contains(&digits), "{}", invalid);
                    }
                }
            }
        }
    }
}
