//! Mobile numbers as the people of a country write them.

use super::{
    digits::{has_digits_alone, is_invisible, is_separator, shown_count, without_decimals},
    spreadsheet::{Leftover, leftover},
};
use crate::{invalid::Invalid, money::Country, sensitive::Phone};
use std::ops::RangeInclusive;

const FIELD: &str = "mobile";

/// How a country writes mobile numbers.
struct Plan {
    country: Country,
    calling: &'static str,
    /// What stands in front of a number within the country, instead of the calling code.
    trunk: &'static str,
    /// How a number begins behind that, and how many digits it has.
    starts: &'static [&'static str],
    digits: RangeInclusive<usize>,
}

const PLANS: [Plan; 5] = [
    Plan { country: Country::ID, calling: "62", trunk: "0", starts: &["8"], digits: 9..=12 },
    Plan { country: Country::MY, calling: "60", trunk: "0", starts: &["1"], digits: 9..=10 },
    Plan { country: Country::PH, calling: "63", trunk: "0", starts: &["9"], digits: 10..=10 },
    Plan { country: Country::RU, calling: "7", trunk: "8", starts: &["9"], digits: 10..=10 },
    Plan {
        country: Country::TH,
        calling: "66",
        trunk: "0",
        starts: &["6", "8", "9"],
        digits: 9..=9,
    },
];

impl Plan {
    fn of(country: Country) -> Option<&'static Self> {
        PLANS.iter().find(|plan| plan.country == country)
    }

    /// Whether this is a number without trunk and calling code.
    fn is_number(&self, digits: &str) -> bool {
        has_digits_alone(digits)
            && self.digits.contains(&digits.len())
            && self.starts.iter().any(|start| digits.starts_with(start))
    }

    /// The number behind a prefix.
    fn behind<'t>(&self, prefix: &str, text: &'t str) -> Option<&'t str> {
        text.strip_prefix(prefix).filter(|digits| self.is_number(digits))
    }

    /// The number of a text that is right as it stands: in the country's form, or with `+`.
    fn number<'t>(&self, text: &'t str) -> Option<&'t str> {
        let abroad = || {
            let behind = text.strip_prefix('+')?.strip_prefix(self.calling)?;
            // `+63 (0)917…` has both.
            self.behind("", behind).or_else(|| self.behind(self.trunk, behind))
        };
        self.behind(self.trunk, text).or_else(abroad)
    }

    fn phone(&self, number: &str) -> Result<Phone, Invalid> {
        Phone::new(format!("+{}{number}", self.calling))
    }

    /// The form that people of the country write.
    fn at_home(&self, number: &str) -> String {
        [self.trunk, number].concat()
    }

    fn expected(&self) -> String {
        let Self { country, calling, trunk, starts, .. } = self;
        let start = starts.first().copied().unwrap_or_default();
        format!("a mobile number of {country}, such as {trunk}{start}… or +{calling}…")
    }
}

/// Reads a mobile number of a country: `0917 123 4567`, `(0917) 123-4567`, `+63 917 123 4567`.
///
/// ```
/// use tulay_core::{Country, text};
/// let phone = text::mobile("0917 661 0001", Country::PH)?;
/// assert_eq!(phone.expose(), "+639176610001");
/// let lost = text::mobile("9176610001", Country::PH).unwrap_err();
/// assert!(lost.to_string().starts_with("mobile: expected 09176610001: its leading 0 was lost"));
/// # Ok::<_, tulay_core::Invalid>(())
/// ```
///
/// # Errors
/// What is wrong, and the number that was probably meant where one was.
pub fn mobile(text: &str, country: Country) -> Result<Phone, Invalid> {
    let text = text.trim();
    let plan = Plan::of(country);
    // Nearly all numbers are digits alone.
    if let Some(plan) = plan.filter(|_| has_digits_alone(text))
        && let Some(number) = plan.number(text)
    {
        return plan.phone(number);
    }
    let bare = bare(text);
    let Some(plan) = plan else { return elsewhere(text, &bare) };
    // `9171234567.0` is no number with a point between its digits.
    if let (Some(number), None) = (plan.number(&bare), without_decimals(text)) {
        return plan.phone(number);
    }
    if let Some((number, cause)) = repaired(plan, text) {
        return Err(Invalid::new(FIELD, format!("{}: {cause}", plan.at_home(&number))));
    }
    Err(refused(plan, text, &bare))
}

impl Phone {
    /// Reads a mobile number as the people of a country write it, `0917 661 0001`, or with its
    /// calling code. It is [`text::mobile`](crate::text::mobile).
    ///
    /// # Errors
    /// When it is neither, with the number that was probably meant where one was.
    pub fn mobile(text: &str, country: Country) -> Result<Self, Invalid> {
        mobile(text, country)
    }

    /// The number as it is written in a country, `09171234567`; `None` when it belongs to another,
    /// and in countries whose numbers do not begin with 0.
    #[must_use]
    pub fn national(&self, country: Country) -> Option<String> {
        let plan = Plan::of(country).filter(|plan| plan.trunk == "0")?;
        let number = self.expose().strip_prefix('+')?.strip_prefix(plan.calling)?;
        Some(plan.at_home(number))
    }
}

/// The mobile number that was probably meant by a text that is none, as a message; `None` where no
/// number is near.
pub(super) fn near_mobile(text: &str, country: Country) -> Option<Invalid> {
    let plan = Plan::of(country)?;
    let (number, cause) = repaired(plan, text.trim())?;
    Some(Invalid::new(FIELD, format!("{}: {cause}", plan.at_home(&number))))
}

/// A mobile number of a country whose numbers are not known here.
fn elsewhere(text: &str, bare: &str) -> Result<Phone, Invalid> {
    match leftover(text) {
        Some(leftover) => Err(Invalid::unreadable(FIELD, leftover.clause("a mobile number"))),
        None => Phone::new(bare),
    }
}

/// The number that was probably meant, and why it cannot be read as it stands.
fn repaired(plan: &Plan, text: &str) -> Option<(String, String)> {
    if let Some(Leftover::Guarded(inner)) = leftover(text) {
        let cause = "it begins with the mark of a formula or text cell".to_owned();
        let bare = bare(inner);
        let number =
            plan.number(&bare).or_else(|| misses(plan, &bare).map(|(number, _)| number))?;
        return Some((number.to_owned(), cause));
    }
    if let Some(head) = without_decimals(text) {
        let number = plan.number(head).or_else(|| misses(plan, head).map(|(number, _)| number))?;
        return Some((number.to_owned(), "a program made a number with decimals of it".into()));
    }
    let bare = bare(text);
    if let Some((number, cause)) = misses(plan, &bare) {
        return Some((number.to_owned(), cause));
    }
    let (position, found) = misspelled(text)?;
    let digits: String = bare.chars().map(|c| digit_of(c).unwrap_or(c)).collect();
    let number =
        plan.number(&digits).or_else(|| misses(plan, &digits).map(|(number, _)| number))?;
    Some((number.to_owned(), format!("character {position} is {found}, not a digit from 0 to 9")))
}

/// The number of a text that lacks its beginning, or has another one.
fn misses<'t>(plan: &Plan, text: &'t str) -> Option<(&'t str, String)> {
    let calling = plan.calling;
    if let Some(number) = plan.behind("", text) {
        let trunk = plan.trunk;
        let cause = format!("its leading {trunk} was lost (format the column as text)");
        return Some((number, cause));
    }
    let behind_code = |text: &'t str| {
        let behind = text.strip_prefix(calling)?;
        plan.behind("", behind).or_else(|| plan.behind(plan.trunk, behind))
    };
    if let Some(number) = text.strip_prefix("00").and_then(behind_code) {
        return Some((number, format!("00{calling} stands for +{calling}")));
    }
    if let Some(number) = text.strip_prefix('0').and_then(behind_code) {
        return Some((number, format!("0 stands in front of the country's code {calling}")));
    }
    let number = behind_code(text)?;
    Some((number, format!("the plus sign in front of {calling} is missing")))
}

fn refused(plan: &Plan, text: &str, bare: &str) -> Invalid {
    if let Some(leftover) = leftover(text) {
        return Invalid::unreadable(FIELD, leftover.clause("a mobile number"));
    }
    let digits = bare.strip_prefix('+').unwrap_or(bare);
    if !has_digits_alone(digits) {
        let place = text.chars().zip(1_usize..).find(|(c, _)| !belongs(*c));
        let place = place.map(|(_, at)| format!("; character {at} does not belong to one"));
        return Invalid::new(FIELD, plan.expected() + &place.unwrap_or_default());
    }
    let abroad = bare.strip_prefix('+');
    if abroad.is_some_and(|digits| !digits.starts_with(plan.calling)) {
        return Invalid::new(FIELD, plan.expected() + "; this has the code of another country");
    }
    let trunk = plan.trunk.len();
    let [least, most] =
        [plan.digits.start(), plan.digits.end()].map(|length| length.saturating_add(trunk));
    if abroad.is_some() || (least..=most).contains(&digits.len()) {
        return Invalid::new(FIELD, plan.expected());
    }
    let length = if least == most { format!("{least}") } else { format!("{least} to {most}") };
    let found = shown_count(digits.len());
    Invalid::new(FIELD, format!("{}: {length} digits; this has {found}", plan.expected()))
}

/// The text without what makes a number readable.
fn bare(text: &str) -> String {
    let sets_off = |c: char| is_separator(c) || is_invisible(c) || matches!(c, '.' | '(' | ')');
    text.chars().filter(|c| !sets_off(*c)).collect()
}

fn belongs(character: char) -> bool {
    character.is_ascii_digit()
        || is_separator(character)
        || matches!(character, '.' | '(' | ')' | '+')
}

/// The first character that is read as a digit but is none.
fn misspelled(text: &str) -> Option<(usize, String)> {
    let mut characters = text.chars().zip(1_usize..);
    let (character, position) = characters.find(|(c, _)| !belongs(*c) && !is_invisible(*c))?;
    digit_of(character)?;
    let found = match character.is_ascii() {
        true => format!("the letter {character}"),
        false => "a digit or letter of another script".into(),
    };
    Some((position, found))
}

/// The digit that a character is or looks like.
fn digit_of(character: char) -> Option<char> {
    /// The zeros of the scripts whose digits people type: Arabic, Persian, Thai, full width.
    const ZEROS: [char; 4] = ['٠', '۰', '๐', '０'];
    match character {
        'O' | 'o' | 'О' | 'о' | 'Ο' => return Some('0'),
        'I' | 'l' | '|' | 'І' => return Some('1'),
        _ => {}
    }
    let code = u32::from(character);
    let value =
        ZEROS.iter().find_map(|zero| code.checked_sub(u32::from(*zero)).filter(|v| *v < 10));
    value.and_then(|value| char::from_digit(value, 10))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str, country: Country) -> Result<String, String> {
        mobile(text, country)
            .map(|phone| phone.expose().to_owned())
            .map_err(|invalid| invalid.problem().to_string())
    }

    #[test]
    fn mobiles_are_read_as_people_write_them() {
        for (text, country, e164) in [
            ("09171234567", Country::PH, "+639171234567"),
            ("0917 661 0001", Country::PH, "+639176610001"),
            ("(0917) 123 4567", Country::PH, "+639171234567"),
            ("0917.123.4567", Country::PH, "+639171234567"),
            ("+63 917 123-4567", Country::PH, "+639171234567"),
            ("+63 (0)917 123 4567", Country::PH, "+639171234567"),
            ("\u{202a}+63 917 123 4567\u{202c}", Country::PH, "+639171234567"),
            ("0812-3456-789", Country::ID, "+628123456789"),
            ("+62 812 3456 7890", Country::ID, "+6281234567890"),
            ("011-1234 5678", Country::MY, "+601112345678"),
            ("012-345 6789", Country::MY, "+60123456789"),
            ("081-234-5678", Country::TH, "+66812345678"),
            ("+66 (0) 81 234 5678", Country::TH, "+66812345678"),
            ("8 (916) 123-45-67", Country::RU, "+79161234567"),
            ("+7 916 123 45 67", Country::RU, "+79161234567"),
            ("+81 90 1234 5678", Country::new("JP").unwrap(), "+819012345678"),
        ] {
            assert_eq!(read(text, country).as_deref(), Ok(e164), "{text}");
        }
    }

    #[test]
    fn a_mobile_near_to_one_is_repaired_in_the_message() {
        for (text, country, message) in [
            ("9171234567", Country::PH, "expected 09171234567: its leading 0 was lost"),
            ("917 123 4567", Country::PH, "expected 09171234567: its leading 0 was lost"),
            ("9171234567.0", Country::PH, "expected 09171234567: a program made a number"),
            ("639171234567.0", Country::PH, "expected 09171234567: a program made a number"),
            ("639171234567", Country::PH, "expected 09171234567: the plus sign in front of 63"),
            ("0063 917 123 4567", Country::PH, "expected 09171234567: 0063 stands for +63"),
            ("0639171234567", Country::PH, "expected 09171234567: 0 stands in front of"),
            ("'09171234567", Country::PH, "expected 09171234567: it begins with the mark"),
            ("=\"9171234567\"", Country::PH, "expected 09171234567: it begins with the mark"),
            ("0917123456O", Country::PH, "expected 09171234560: character 11 is the letter O"),
            ("09I71234567", Country::PH, "expected 09171234567: character 3 is the letter I"),
            ("๐๘๑๒๓๔๕๖๗๘", Country::TH, "expected 0812345678: character 1 is a digit or letter"),
            ("812345678", Country::TH, "expected 0812345678: its leading 0 was lost"),
            ("66812345678", Country::TH, "expected 0812345678: the plus sign in front of 66"),
            ("09171234567.", Country::PH, "expected 09171234567: a program made a number"),
            ("81234567.0", Country::TH, "expected a mobile number of TH"),
            ("8123456789", Country::ID, "expected 08123456789: its leading 0 was lost"),
            ("9161234567", Country::RU, "expected 89161234567: its leading 8 was lost"),
        ] {
            let refused = read(text, country).unwrap_err();
            assert!(refused.starts_with(message), "{text}: {refused}");
        }
    }

    #[test]
    fn a_number_is_written_as_its_country_does() {
        let phone = Phone::mobile("0917 123 4567", Country::PH).unwrap();
        assert_eq!(phone.expose(), "+639171234567");
        assert_eq!(phone.national(Country::PH).as_deref(), Some("09171234567"));
        assert_eq!(phone.national(Country::ID), None);
        let phone = Phone::mobile("8 916 123-45-67", Country::RU).unwrap();
        assert_eq!(phone.national(Country::RU), None);
    }

    #[test]
    fn other_texts_are_no_mobiles() {
        for (text, message) in [
            (
                "0917123456",
                "expected a mobile number of PH, such as 09… or +63…: 11 digits; this has 10 digits",
            ),
            (
                "+62812345678",
                "expected a mobile number of PH, such as 09… or +63…; this has the code of another",
            ),
            ("028123456", "expected a mobile number of PH"),
            ("0917123456A", "expected a mobile number of PH, such as 09… or +63…; character 11"),
            ("09171234567 / 09181234567", "expected a mobile number of PH"),
            ("9.17123E+09", "a spreadsheet shortened this number"),
            ("nan", "this marks an empty cell"),
            ("#N/A", "this is an error value of a spreadsheet"),
            ("", "expected a mobile number of PH"),
            ("ñ", "expected a mobile number of PH"),
        ] {
            let refused = read(text, Country::PH).unwrap_err();
            assert!(refused.starts_with(message), "{text}: {refused}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,40}") {
            for country in [Country::PH, Country::ID, Country::MY, Country::TH, Country::RU, Country::new("JP").unwrap()] {
                if let Err(refused) = mobile(&text, country) {
                    prop_assert!(refused.to_string().chars().count() <= 300);
                }
            }
        }

        #[test]
        fn a_number_is_read_with_any_separators(tail in "[0-9]{9}", marks in "[ .()-]{0,3}") {
            let (head, rest) = tail.split_at(4);
            let text = format!("09{head}{marks}{rest}");
            prop_assert_eq!(read(&text, Country::PH), Ok(format!("+639{tail}")));
        }
    }
}
