//! Names as people and programs type them.

use super::{
    garbled::{is_garbled, is_thai},
    spreadsheet::{Leftover, leftover},
};
use crate::{characters::invisible, invalid::Invalid, sensitive::NamePart};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

const FIELD: &str = "name";

/// Reads a name, or one part of it, that a person or program typed. A letter and its accent that
/// came as two characters become one, as banks compare them; nothing else is changed.
///
/// # Errors
/// The cause and its place, never the name: an invisible character, an apostrophe or blank other
/// than that of ASCII, text of another encoding (`PeÃ±a`), an HTML code (`&ntilde;`), letters of
/// two alphabets in a word, no letter at all, and what spreadsheets and programs leave in place of
/// a name (`nan`, `#N/A`). Nothing was sent.
///
/// ```
/// use tulay_core::text;
/// assert_eq!(text::name("Jose\u{301} Peña")?.expose(), "José Peña");
/// let invalid = text::name("Miguel O’Hara").unwrap_err();
/// assert_eq!(invalid.to_string(), "name: character 9 is a curly apostrophe (U+2019): write '");
/// # Ok::<_, tulay_core::Invalid>(())
/// ```
pub fn name(text: &str) -> Result<NamePart, Invalid> {
    let text = text.trim();
    // Nearly all names are plain.
    let is_plain = |byte: u8| byte.is_ascii_alphabetic() || byte == b' ';
    let wrong = match text.bytes().all(is_plain) {
        true if text.contains(' ') => empty_part(text),
        true => in_place_of_name(text).or_else(|| empty_part(text)),
        false => wrong(text),
    };
    if let Some(clause) = wrong {
        return Err(Invalid::unreadable(FIELD, clause));
    }
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return NamePart::new(text);
    }
    NamePart::new(text.nfc().collect::<String>())
}

fn wrong(text: &str) -> Option<String> {
    // Some bytes of UTF-8 are invisible characters elsewhere.
    is_garbled(text)
        .then(other_encoding)
        .or_else(|| invisible(text))
        .or_else(|| in_place_of_name(text))
        .or_else(|| empty_part(text))
        .or_else(|| encoded_character(text))
        .or_else(|| misplaced(text))
        .or_else(|| two_alphabets(text))
}

/// What stands in place of a name. Words that are names too count only as programs write them.
fn in_place_of_name(text: &str) -> Option<String> {
    const NAMES: [&str; 11] =
        ["Nan", "Na", "Nat", "Nil", "Null", "Inf", "Void", "Blank", "Wala", "Salah", "Benar"];
    match leftover(text) {
        Some(Leftover::CommentedOut(_)) | None => {}
        // As in 't Hooft.
        Some(Leftover::Guarded(bare)) if text.starts_with('\'') && begins_small(bare) => {}
        Some(Leftover::Empty | Leftover::Boolean) if NAMES.contains(&text) => {}
        Some(left @ Leftover::Guarded(_)) => {
            return Some(format!("{}: remove it", left.clause("a name")));
        }
        Some(left) => return Some(left.clause("a name")),
    }
    if text.starts_with(['+', '-', '@']) {
        return Some(format!("{}: remove it", Leftover::Guarded("").clause("a name")));
    }
    let is_email =
        |(name, host): (&str, &str)| !name.is_empty() && !text.contains(' ') && host.contains('.');
    if text.split_once('@').is_some_and(is_email) {
        return Some("this is an e-mail address, not a name: enter a name".into());
    }
    let has_letter = text.chars().any(char::is_alphabetic);
    (!text.is_empty() && !has_letter)
        .then(|| "it has no letter, so it is not a name: enter a name".into())
}

/// `Ana undefined`: a program put a name together of which it had a part.
fn empty_part(text: &str) -> Option<String> {
    const WORDS: [&str; 5] = ["undefined", "null", "nan", "NaN", "None"];
    let part = text.split(' ').zip(1..).find(|(part, _)| WORDS.contains(part));
    part.map(|(_, number)| format!("word {number} marks an empty part of a name: enter the name"))
}

fn begins_small(text: &str) -> bool {
    text.starts_with(char::is_lowercase)
}

fn other_encoding() -> String {
    "it was read in another encoding than it was written in: read it in that encoding".into()
}

/// `&amp;`, `&#241;`, `\u00f1`, `%C3%B1`, `=C3=B1`
fn encoded_character(text: &str) -> Option<String> {
    let clause = |at: usize, of: &str| {
        let place = text.get(..at).map_or(0, |before| before.chars().count()) + 1;
        Some(format!("character {place} begins {of}: write the character itself"))
    };
    let html = text.match_indices('&').find(|(at, _)| {
        let inner =
            text.get(at + 1..).and_then(|rest| rest.split_once(';')).map(|(inner, _)| inner);
        inner.is_some_and(|inner| {
            let bare = inner.strip_prefix('#').unwrap_or(inner);
            (2..=8).contains(&bare.len()) && bare.bytes().all(|b| b.is_ascii_alphanumeric())
        })
    });
    if let Some((at, _)) = html {
        return clause(at, "an HTML code");
    }
    if let Some((at, _)) = text.match_indices('\\').next() {
        return clause(at, "an escape");
    }
    let hex = |text: Option<&str>| {
        text.is_some_and(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    let mut marks = text.match_indices(['%', '=']);
    let (at, _) = marks.find(|(at, mark)| {
        // The second byte of a letter in UTF-8.
        let second = text.get(at + 3..at + 4) == Some(*mark) && hex(text.get(at + 4..at + 6));
        hex(text.get(at + 1..at + 3)) && (second || *mark == "%")
    })?;
    clause(at, "an escape")
}

/// The first character that no name has.
fn misplaced(text: &str) -> Option<String> {
    (1..).zip(text.chars()).find_map(|(place, c)| {
        let code = u32::from(c);
        Some(match c {
            '‘' | '’' | '‛' | 'ʼ' | 'ʻ' | '＇' => {
                format!("character {place} is a curly apostrophe (U+{code:04X}): write '")
            }
            '`' | '´' | '′' => {
                format!("character {place} is an accent or prime (U+{code:04X}): write '")
            }
            '?' => format!(
                "character {place} is a question mark: a letter was lost when the text was written \
                 in another encoding; write it again"
            ),
            c if c != ' ' && c.is_whitespace() => {
                format!(
                    "character {place} is a blank other than the space (U+{code:04X}): write a \
                     space"
                )
            }
            c if is_symbol(c) => format!(
                "character {place} is a symbol (U+{code:04X}) that no name has: the text may \
                 be masked, or in another encoding"
            ),
            _ => return None,
        })
    })
}

const fn is_symbol(c: char) -> bool {
    matches!(c,
        '\u{a1}'..='\u{a9}' | '\u{ac}'..='\u{b6}' | '\u{b8}' | '\u{b9}' | '\u{bc}'..='\u{bf}'
        | '×' | '÷' | 'ˆ' | '˜' | '†'..='•' | '…' | '‰' | '\u{20a0}'..='\u{20cf}'
        | '\u{2100}'..='\u{2115}' | '\u{2117}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}'
        | '*' | '_' | '<' | '>' | '{' | '}' | '|' | '^' | '~' | '=' | '$')
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Alphabet {
    Latin,
    Cyrillic,
    Greek,
    Thai,
    Other,
}

impl Alphabet {
    fn of(c: char) -> Self {
        match c {
            '\u{370}'..='\u{3ff}' => Self::Greek,
            '\u{400}'..='\u{52f}' => Self::Cyrillic,
            c if is_thai(c) => Self::Thai,
            'ª' | 'º' => Self::Other,
            c if c <= '\u{24f}' && c.is_alphabetic() => Self::Latin,
            _ => Self::Other,
        }
    }
}

/// The first letter of another alphabet within a word: it may look the same, and banks compare
/// letters. Thai separates no words, so there only a stray letter counts.
fn two_alphabets(text: &str) -> Option<String> {
    let letters: Vec<Alphabet> = text.chars().map(Alphabet::of).collect();
    let strays = |at: usize, alphabet: Alphabet| {
        let is_same = |other: &&Alphabet| **other == alphabet;
        let ahead = letters.iter().skip(at).take_while(is_same).count();
        let behind = letters.iter().take(at).rev().take_while(is_same).count();
        ahead + behind <= 2
    };
    let pairs = letters.iter().zip(letters.iter().skip(1)).enumerate();
    let mut mixed =
        pairs.filter(|(_, (a, b))| a != b && **a != Alphabet::Other && **b != Alphabet::Other);
    let (at, _) = mixed.find(|(at, (a, b))| match (a, b) {
        (Alphabet::Thai, _) => strays(*at, Alphabet::Thai),
        (_, Alphabet::Thai) => strays(at + 1, Alphabet::Thai),
        _ => true,
    })?;
    let place = at + 2;
    Some(format!(
        "character {place} is of another alphabet than the letter before it: write it again"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn message(text: &str) -> String {
        name(text).unwrap_err().problem().to_string()
    }

    #[test]
    fn names_of_the_region_are_read() {
        for text in [
            "Ana Reyes",
            "Maria Peña-Dela Cruz",
            "D'Angelo O'Hara",
            "Juan P. Dela Cruz Jr.",
            "III",
            "สมชาย ใจดี",
            "บริษัท ABC จำกัด",
            "บริษัทABCจำกัด",
            "Пётр Ильич",
            "Nguyễn Văn A",
            "Ravi a/l Kumar",
            "Wong Mei Ling @ Siti",
            "A&W Restoran",
            "7-Eleven",
            "PT 4 Saudara",
            "'t Hooft",
            "Nan",
            "Na",
            "Null",
            "Salah",
            "Blank",
            "Blk.#5 Store",
            "#1 Store",
            "May",
            "June",
            "«Ромашка»",
            "Al-Rashīd",
            "Reyes, Ana \"Aning\"",
            "R&D; Co",
            "Truelove",
            "Nanette",
        ] {
            assert_eq!(name(text).unwrap().expose(), text);
        }
    }

    #[test]
    fn decomposed_letters_are_composed() {
        for (text, composed) in [
            ("Jose\u{301}", "José"),
            ("Pen\u{303}a", "Peña"),
            ("Nguye\u{302}\u{303}n", "Nguyễn"),
            (" Zoe\u{308} ", "Zoë"),
            ("Мои\u{306}", "Мой"),
        ] {
            assert_eq!(name(text).unwrap().expose(), composed);
        }
    }

    #[test]
    fn misplaced_character_is_named_by_its_place() {
        for (text, start) in [
            ("Ma\u{202e}ria", "character 3 is an invisible character that reverses the text"),
            ("Maria\u{200b}na", "character 6 is an invisible character (U+200B)"),
            ("Ñu\u{fffd}ez", "character 3 is U+FFFD"),
            ("Ma\nria", "character 3 is a line break"),
            ("D’Angelo", "character 2 is a curly apostrophe (U+2019): write '"),
            ("Dʼ Angelo", "character 2 is a curly apostrophe (U+02BC)"),
            ("D`Angelo", "character 2 is an accent or prime (U+0060): write '"),
            ("Pe?a", "character 3 is a question mark: a letter was lost"),
            ("Ana\u{a0}Reyes", "character 4 is a blank other than the space (U+00A0)"),
            ("Pe¤a", "character 3 is a symbol (U+00A4)"),
            ("A** R****", "character 2 is a symbol (U+002A)"),
            ("Ana_Reyes", "character 4 is a symbol (U+005F)"),
            ("Jos├®", "character 4 is a symbol (U+251C)"),
            ("Pe&ntilde;a", "character 3 begins an HTML code"),
            ("Tom &amp; Sons", "character 5 begins an HTML code"),
            ("Pe&#241;a", "character 3 begins an HTML code"),
            ("Pe\\u00f1a", "character 3 begins an escape"),
            ("Pe%C3%B1a", "character 3 begins an escape"),
            ("Pe=C3=B1a", "character 3 begins an escape"),
            ("Ivаn", "character 3 is of another alphabet"),
            ("Pe๑a", "character 3 is of another alphabet"),
            ("PeÃ±a", "it was read in another encoding"),
            ("MarÃ\u{ad}a", "it was read in another encoding"),
        ] {
            let message = message(text);
            assert!(message.starts_with(start), "{text}: {message}");
        }
    }

    #[test]
    fn text_in_place_of_a_name_is_refused() {
        for (text, start) in [
            ("nan", "this marks an empty cell and is not a name"),
            ("NaN", "this marks an empty cell"),
            ("NULL", "this marks an empty cell"),
            ("N/A", "this marks an empty cell"),
            ("-", "this marks an empty cell"),
            ("#N/A", "this is an error value of a spreadsheet"),
            ("TRUE", "this is TRUE or FALSE"),
            ("1-Nov", "this is a date"),
            ("9.17E+09", "a spreadsheet shortened this number"),
            ("09171234567", "it has no letter"),
            ("12 34", "it has no letter"),
            ("ana.reyes@example.com", "this is an e-mail address"),
            ("=\"Ana\"", "it begins with the mark of a formula"),
            ("'Ana", "it begins with the mark of a formula"),
            ("Ana undefined", "word 2 marks an empty part"),
            ("null Reyes-Cruz", "word 1 marks an empty part"),
            ("José NaN", "word 2 marks an empty part"),
            ("+Ana", "it begins with the mark of a formula"),
            ("@Ana", "it begins with the mark of a formula"),
            ("{{name}}", "this is a placeholder"),
        ] {
            let message = message(text);
            assert!(message.starts_with(start), "{text}: {message}");
        }
    }

    proptest! {
        #[test]
        fn message_is_short_and_repeats_no_name(text in "[ -~ñÑéÃ±’\u{200b}\u{202e}а-яก-๛]{4,160}") {
            if let Err(invalid) = name(&text) {
                let message = invalid.to_string();
                prop_assert!(message.chars().count() <= 300);
                prop_assert!(text.trim().chars().count() < 4 || !message.contains(text.trim()));
            }
        }

        #[test]
        fn no_text_panics(text in ".{0,200}") {
            let read = name(&text);
            prop_assert!(read.is_err() || read.is_ok_and(|read| name(read.expose()) == Ok(read)));
        }
    }
}
