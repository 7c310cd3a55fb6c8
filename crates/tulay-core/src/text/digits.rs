//! Numbers that are names: accounts, mobiles and ids, of which no digit may be lost.

use super::{
    date::is_date,
    spreadsheet::{Leftover, leftover},
};

/// What spreadsheets keep of a number, and what the languages keep that programs are written in.
const KEPT: [usize; 2] = [15, 17];

/// How many digits a group may have that is set off from others; two longer ones are two numbers.
const LONGEST_GROUP: usize = 9;

/// What a spreadsheet or program left in place of a number, as a clause; `what` is what was
/// expected: `an account number`.
pub(super) fn damage(text: &str, what: &str) -> Option<String> {
    if !has_digits_alone(text) {
        return leftover_of(text, what);
    }
    if text.bytes().all(|byte| byte == b'0') {
        return Some(zeros(what));
    }
    lost_digits(text).map(|kept| {
        format!(
            "all digits after the first {kept} are zeros, so a spreadsheet or program lost the \
             last ones: format the column as text and enter it again (where they are zeros, write \
             it in groups: 1234-5678)"
        )
    })
}

/// The same for a text that has other characters than digits.
fn leftover_of(text: &str, what: &str) -> Option<String> {
    if let Some(leftover) = leftover(text) {
        return Some(leftover.clause(what));
    }
    if is_part_of_date(text) {
        return Some(Leftover::Date.clause(what));
    }
    if without_decimals(text).is_some() {
        return Some(format!(
            "a program made a number with decimals of this, so leading zeros may be lost: format \
             the column as text and enter {what} again"
        ));
    }
    if has_separated_thousands(text) {
        return Some(format!(
            "this is a number with separated thousands, so leading zeros may be lost: format the \
             column as text and enter {what} again"
        ));
    }
    if let Some((position, letter)) = look_alike(text) {
        return Some(format!("character {position} is the letter {letter}, not a digit"));
    }
    let bare = bare(text);
    let is_zero = !bare.is_empty() && bare.bytes().all(|byte| byte == b'0');
    is_zero.then(|| zeros(what))
}

pub(super) fn zeros(what: &str) -> String {
    format!("zeros alone are not {what}: enter {what}")
}

/// The digits of a number that is written in groups; `None` where it has other characters, or
/// groups that are numbers of their own.
pub(super) fn grouped(text: &str) -> Option<String> {
    if has_digits_alone(text) {
        return Some(text.to_owned());
    }
    let digits = bare(text);
    let groups: Vec<&str> = text.split(is_separator).filter(|group| !group.is_empty()).collect();
    let in_groups = groups.len() == 1 || groups.iter().all(|group| group.len() <= LONGEST_GROUP);
    let sets_off = |c: Option<char>| c.is_some_and(is_separator);
    let is_whole = !sets_off(text.chars().next()) && !sets_off(text.chars().next_back());
    (has_digits_alone(&digits) && in_groups && is_whole).then_some(digits)
}

/// The text without the blanks and hyphens that make a number readable.
pub(super) fn bare(text: &str) -> String {
    text.chars().filter(|c| !is_separator(*c)).collect()
}

pub(super) fn is_separator(character: char) -> bool {
    character.is_whitespace() || matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// A character that no person sees: marks of direction and width, as they come along when a number
/// is copied from a message.
pub(super) const fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
    )
}

pub(super) fn has_digits_alone(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

pub(super) fn count(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// `1 digit`, `12 digits`.
pub(super) fn shown_count(digits: usize) -> String {
    if digits == 1 { "1 digit".into() } else { format!("{digits} digits") }
}

/// The first character that does not belong, and what it is; without it where it could be a part
/// of a name.
pub(super) fn foreign(text: &str, allowed: impl Fn(char) -> bool) -> Option<String> {
    let (position, character) =
        text.chars().zip(1_usize..).map(|(c, at)| (at, c)).find(|(_, c)| !allowed(*c))?;
    let what = match character {
        c if c.is_whitespace() => "a blank",
        c if is_invisible(c) => "an invisible mark",
        c if is_separator(c) => "a dash",
        c if c.to_digit(10).is_none() && c.is_numeric() => "a digit of another script",
        c if c.is_alphabetic() && !c.is_ascii() => "a letter of another script",
        c if c.is_alphabetic() => "a letter",
        c if c.is_control() => "a control character",
        _ => "a mark",
    };
    Some(format!("character {position} is {what}"))
}

/// The head of `9171234567.0`.
pub(super) fn without_decimals(text: &str) -> Option<&str> {
    let (head, tail) = text.rsplit_once(['.', ','])?;
    let is_zero = matches!(tail, "" | "0" | "00" | "000000");
    (is_zero && has_digits_alone(head)).then_some(head)
}

/// `Nov-2026`, and the day zero of spreadsheets, `00-Jan-00`: a text that is a date once a day is
/// put to it. A reference may be such a text, a number may not.
fn is_part_of_date(text: &str) -> bool {
    let has_letters = text.chars().any(char::is_alphabetic);
    let rest = text.trim_start_matches('0').trim_start_matches(['-', '/']);
    has_letters && (is_date(&format!("1-{rest}")) || is_date(&format!("{text}-1")))
}

fn has_separated_thousands(text: &str) -> bool {
    [',', '.', '\''].into_iter().any(|mark| {
        let mut groups = text.split(mark);
        let first = groups.next().unwrap_or_default();
        let rest: Vec<&str> = groups.collect();
        has_digits_alone(first)
            && first.len() <= 3
            && !rest.is_empty()
            && rest.iter().all(|group| group.len() == 3 && has_digits_alone(group))
    })
}

/// A letter that stands for a digit in a number of digits alone. O, I and l may also begin or end
/// it; other letters may be a prefix there.
fn look_alike(text: &str) -> Option<(usize, char)> {
    const AT_ENDS: [char; 5] = ['O', 'o', 'I', 'l', '|'];
    const WITHIN: [char; 14] =
        ['O', 'o', 'I', 'l', '|', 'Q', 'D', 'S', 's', 'B', 'Z', 'z', 'G', 'q'];
    const FEWEST_DIGITS: usize = 3;
    let inner = text.trim_matches(AT_ENDS);
    let is_number = inner.starts_with(|c: char| c.is_ascii_digit())
        && inner.ends_with(|c: char| c.is_ascii_digit())
        && inner.chars().all(|c| c.is_ascii_digit() || is_separator(c) || WITHIN.contains(&c));
    if !is_number || count(text) < FEWEST_DIGITS {
        return None;
    }
    let mut characters = text.chars().zip(1_usize..);
    characters.find(|(c, _)| WITHIN.contains(c)).map(|(letter, position)| (position, letter))
}

/// How many digits were kept of a longer number. One that begins with 0 was no number.
pub(super) fn lost_digits(text: &str) -> Option<usize> {
    if text.starts_with('0') {
        return None;
    }
    KEPT.into_iter().find(|kept| {
        text.get(*kept..).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b == b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_numbers_are_recognised() {
        for (text, clause) in [
            ("1-Nov", "this is a date"),
            ("Nov-2026", "this is a date"),
            ("2026-Nov", "this is a date"),
            ("00-Jan-00", "this is a date"),
            ("0-Jan-1900", "this is a date"),
            ("nan", "this marks an empty cell"),
            ("TRUE", "this is TRUE or FALSE"),
            ("#N/A", "this is an error value"),
            ("1E5", "a spreadsheet shortened this number"),
            ("12E45", "a spreadsheet shortened this number"),
            ("1.05556E+11", "a spreadsheet shortened this number"),
            ("1234567890.0", "a program made a number with decimals"),
            ("1234567890.", "a program made a number with decimals"),
            ("1,234,567", "this is a number with separated thousands"),
            ("1.234.567.890", "this is a number with separated thousands"),
            ("00123O450121", "character 6 is the letter O"),
            ("O0123450121", "character 1 is the letter O"),
            ("001234l", "character 7 is the letter l"),
            ("1234-I678", "character 6 is the letter I"),
            ("00123S4501", "character 6 is the letter S"),
            ("0", "zeros alone"),
            ("0000000000", "zeros alone"),
            ("1234567890123450", "all digits after the first 15 are zeros"),
            ("12345678901234567000", "all digits after the first 17 are zeros"),
        ] {
            let found = damage(text, "an account number").unwrap_or_default();
            assert!(found.starts_with(clause), "{text}: {found}");
        }
        for text in [
            "0012345678",
            "AB-1234",
            "12B",
            "S123456",
            "1234567890123456",
            "0234567890123450",
            "1234-5678-9012-3450",
            "10",
            "1",
            "123-4-56789-0",
            "E123456",
        ] {
            assert_eq!(damage(text, "an account number"), None, "{text}");
        }
    }

    #[test]
    fn groups_of_one_number_are_joined() {
        for (text, digits) in [
            ("123-4-56789-0", "1234567890"),
            ("0012 3456 78", "0012345678"),
            ("0012\u{a0}3456\u{2011}78", "0012345678"),
            ("001234567890123", "001234567890123"),
        ] {
            assert_eq!(grouped(text).as_deref(), Some(digits), "{text}");
        }
        for text in ["1234567890 0987654321", "12A 45", "-123", "123-", "", " ", "12.34", "1/2"] {
            assert_eq!(grouped(text), None, "{text}");
        }
    }
}
