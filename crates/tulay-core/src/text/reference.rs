//! References as people and programs type them.

use super::{
    digits::{has_digits_alone, lost_digits, zeros},
    spreadsheet::{Leftover, leftover},
};
use crate::{characters::invisible, ids::Reference, invalid::Invalid};

const FIELD: &str = "reference";
const LONGEST: usize = 64;

/// Reads a reference that a person or program typed. Beside the rule of [`Reference`], it must not
/// be what spreadsheets and programs leave in place of one: a date, a shortened number, an error
/// value, `TRUE`, `nan`, `="INV-11"`, or a row that was commented out. The next payment that is
/// spoilt alike would have the same reference, and count as paid.
///
/// [`Reference::new`] takes all of these, so that a reference of an earlier payment can be looked
/// up.
///
/// # Errors
/// The cause, and the reference without its guard where there is one. Nothing was sent.
///
/// ```
/// use tulay_core::text;
/// assert_eq!(text::reference(" INV-2026-11 ")?.as_str(), "INV-2026-11");
/// let invalid = text::reference("#REF-9").unwrap_err();
/// assert_eq!(
///     invalid.to_string(),
///     "reference: it looks commented out: remove the line, or write REF-9"
/// );
/// # Ok::<_, tulay_core::Invalid>(())
/// ```
pub fn reference(text: &str) -> Result<Reference, Invalid> {
    let text = text.trim();
    if let Some(clause) = spoilt(text) {
        return Err(Invalid::unreadable(FIELD, clause));
    }
    Reference::new(text).map_err(|invalid| match misplaced(text) {
        Some(clause) => Invalid::unreadable(FIELD, clause),
        None => invalid,
    })
}

/// What stands in place of a reference.
fn spoilt(text: &str) -> Option<String> {
    if let Some((whole, zeros)) = text.split_once('.')
        && has_digits_alone(whole)
        && has_digits_alone(zeros)
        && zeros.trim_matches('0').is_empty()
    {
        let decimal = || format!("a program made a decimal number of it: write {whole}");
        return Some(spoilt_number(whole).unwrap_or_else(decimal));
    }
    if has_digits_alone(text) {
        return spoilt_number(text);
    }
    let leftover = leftover(text).filter(|_| !is_code_with_e(text))?;
    let clause = leftover.clause("a reference");
    // A formula, or a text that is guarded twice, has no plain form to propose.
    let is_formula = |bare: &str| bare.contains(['+', '*', '(', '&', '!']);
    let plain =
        |bare: &str| !is_formula(bare) && Reference::new(bare).is_ok() && spoilt(bare).is_none();
    Some(match leftover {
        Leftover::Guarded(bare) if plain(bare) => format!("{clause}: write {bare}"),
        Leftover::CommentedOut(bare) if plain(bare) => format!("{clause}, or write {bare}"),
        Leftover::Guarded(_) => format!("{clause}: enter a reference"),
        _ => clause,
    })
}

/// `12E34`: spreadsheets write one digit before the E, or a point.
fn is_code_with_e(text: &str) -> bool {
    let parts = text.split_once(['E', 'e']);
    parts.is_some_and(|(before, behind)| {
        before.len() > 1 && has_digits_alone(before) && has_digits_alone(behind)
    })
}

/// The cause of a number that is no reference of its own: another that is spoilt alike is the same.
fn spoilt_number(digits: &str) -> Option<String> {
    /// One zero at the end is no sign of lost digits.
    const FEWEST_ZEROS: usize = 2;
    if digits.bytes().all(|byte| byte == b'0') {
        return Some(zeros("a reference"));
    }
    let kept = lost_digits(digits).filter(|kept| digits.len() >= kept + FEWEST_ZEROS)?;
    Some(format!(
        "all digits after the first {kept} are zeros, so a spreadsheet or program lost the last \
         ones: format the column as text and enter the reference again (where they are zeros, begin \
         it with a letter)"
    ))
}

/// The first character that no reference has, or that there are too many.
fn misplaced(text: &str) -> Option<String> {
    if let Some(clause) = invisible(text) {
        return Some(clause);
    }
    let expected = "expected 1 to 64 visible ASCII characters without spaces";
    match (1..).zip(text.chars()).find(|(_, c)| !c.is_ascii_graphic()) {
        Some((place, c)) if c.is_whitespace() => {
            Some(format!("character {place} is a blank: {expected}"))
        }
        Some((place, c)) => {
            Some(format!("character {place} (U+{:04X}) is not ASCII: {expected}", u32::from(c)))
        }
        None if text.len() > LONGEST => {
            Some(format!("it has {} characters: expected at most {LONGEST}", text.len()))
        }
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn message(text: &str) -> String {
        reference(text).unwrap_err().problem().to_string()
    }

    #[test]
    fn ordinary_references_are_read() {
        for text in [
            "INV-2026-11",
            "NOV-001",
            "MAY-2026-003",
            "2026-11-001",
            "1-A",
            "E10",
            "TRUE-BLUE-1",
            "NAN-1",
            "12E34",
            "1001",
            "R1",
            "a/b#c",
            "PO:77",
            "20261101",
            "A.0",
            "v1.0",
            "10",
            "1234567890123450",
            "123456789012345600",
            "123456789012345001",
            "01234567890123456000",
            "1234567890123450-00",
            "A12345678901234567000",
        ] {
            assert_eq!(reference(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn spoilt_reference_names_its_cause() {
        for (text, cause) in [
            ("02-Des", "this is a date"),
            ("3/12/2026", "this is a date"),
            ("2026-12-03", "this is a date"),
            ("4-ธ.ค.", "this is a date"),
            ("5-дек", "this is a date"),
            ("4.56E+12", "a spreadsheet shortened this number"),
            ("4,56E+12", "a spreadsheet shortened this number"),
            ("#VALUE!", "this is an error value of a spreadsheet"),
            ("False", "this is TRUE or FALSE"),
            ("None", "this marks an empty cell"),
            ("-", "this marks an empty cell"),
            ("TBD", "this marks an empty cell"),
            ("{{ref}}", "this is a placeholder"),
        ] {
            let message = message(text);
            assert!(message.starts_with(cause), "{text}: {message}");
            assert!(message.contains("a reference"), "{text}: {message}");
        }
        for (text, cause) in [
            ("0", "zeros alone are not a reference: enter a reference"),
            ("0000", "zeros alone"),
            ("0.0", "zeros alone"),
            ("12345678901234500", "all digits after the first 15 are zeros"),
            ("12345678901234500.0", "all digits after the first 15 are zeros"),
            ("1234567890123456700", "all digits after the first 17 are zeros"),
            ("12345678901234567000", "all digits after the first 17 are zeros"),
        ] {
            assert!(message(text).starts_with(cause), "{text}: {}", message(text));
        }
    }

    #[test]
    fn guarded_reference_is_repaired() {
        for text in
            ["=\"PO-7\"", "=PO-7", "'PO-7", "\"PO-7\"", "#PO-7", "//PO-7", ";PO-7", "1007.0"]
        {
            let message = message(text);
            let (_, fix) = message.rsplit_once("write ").unwrap();
            assert_eq!(fix, if text.starts_with('1') { "1007" } else { "PO-7" }, "{message}");
            assert_eq!(reference(fix).unwrap().as_str(), fix);
        }
        for text in ["=\"#N/A\"", "=A1+B1 C1", "'nan", "#", "==", "=\"\""] {
            let message = message(text);
            assert!(!message.contains("write"), "{text}: {message}");
        }
    }

    #[test]
    fn misplaced_character_is_named_by_its_place() {
        for (text, start) in [
            ("PO 7", "character 3 is a blank"),
            ("PO\u{a0}7", "character 3 is a blank"),
            ("PO\u{200b}7", "character 3 is an invisible character"),
            ("PÖ-7", "character 2 (U+00D6) is not ASCII"),
            ("PO–7", "character 3 (U+2013) is not ASCII"),
        ] {
            assert!(message(text).starts_with(start), "{}", message(text));
        }
        assert_eq!(message(&"x".repeat(70)), "it has 70 characters: expected at most 64");
    }

    proptest! {
        #[test]
        fn no_text_panics_and_messages_are_short(text in ".{0,400}") {
            if let Err(invalid) = reference(&text) {
                prop_assert!(invalid.to_string().chars().count() <= 300);
            }
        }

        #[test]
        fn proposed_reference_is_read(guard in "=\"|=|'|#|//|--|;|/\\*|REM ", bare in "[!-~]{0,20}") {
            if let Err(invalid) = reference(&format!("{guard}{bare}"))
                && let Some((_, fix)) = invalid.to_string().rsplit_once("write ")
            {
                prop_assert_eq!(reference(fix), Reference::new(fix));
            }
        }
    }
}
