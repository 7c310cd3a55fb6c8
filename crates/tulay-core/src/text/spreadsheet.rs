//! What spreadsheets and programs leave in place of a value.

use super::date::is_date;

/// Something that stands in place of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leftover<'t> {
    /// `#N/A`, `#REF!`, `########`.
    ErrorValue,
    /// `TRUE`.
    Boolean,
    /// `nan`, `null`, `-`.
    Empty,
    /// `{{reference}}`.
    Placeholder,
    /// `1.23E+11`.
    Scientific,
    /// `1-Nov`.
    Date,
    /// `="INV-11"`: the text, and what guards it.
    Guarded(&'t str),
    /// `//INV-11`: the text behind the mark of a comment.
    CommentedOut(&'t str),
}

impl Leftover<'_> {
    /// What is wrong, as a clause; `what` is what was expected: `a reference`.
    pub(super) fn clause(self, what: &str) -> String {
        match self {
            Self::ErrorValue => {
                format!("this is an error value of a spreadsheet, not {what}: correct its formula")
            }
            Self::Boolean => format!("this is TRUE or FALSE, not {what}: enter {what}"),
            Self::Empty => format!("this marks an empty cell and is not {what}: enter {what}"),
            Self::Placeholder => {
                format!("this is a placeholder that was not filled in, not {what}")
            }
            Self::Scientific => format!(
                "a spreadsheet shortened this number, so digits are lost: format the column as \
                 text and enter {what} again"
            ),
            Self::Date => format!(
                "this is a date, not {what}; a spreadsheet may have converted the text: format \
                 the column as text and enter {what} again"
            ),
            Self::Guarded(_) => "it begins with the mark of a formula or text cell".into(),
            Self::CommentedOut(_) => "it looks commented out: remove the line".into(),
        }
    }
}

/// What a text is that stands in place of a value; `None` where it may be one.
pub(super) fn leftover(text: &str) -> Option<Leftover<'_>> {
    if is_error_value(text) {
        return Some(Leftover::ErrorValue);
    }
    if is_boolean(text) {
        return Some(Leftover::Boolean);
    }
    if is_empty_mark(text) {
        return Some(Leftover::Empty);
    }
    if is_placeholder(text) {
        return Some(Leftover::Placeholder);
    }
    if is_scientific(text) {
        return Some(Leftover::Scientific);
    }
    if is_date(text) {
        return Some(Leftover::Date);
    }
    unguarded(text)
        .map(Leftover::Guarded)
        .or_else(|| without_comment_mark(text).map(Leftover::CommentedOut))
}

/// `#REF!` in any language, `Err:502`, and the fill of a column that is too narrow.
fn is_error_value(text: &str) -> bool {
    const WITHOUT_MARK: [&str; 6] = ["n/a", "н/д", "nv", "nd", "getting_data", "error"];
    if let Some(code) = text.strip_prefix("Err:") {
        return code.bytes().all(|byte| byte.is_ascii_digit()) && !code.is_empty();
    }
    let Some(name) = text.strip_prefix('#') else { return false };
    let named = |name: &str| {
        !name.is_empty()
            && name.chars().all(|c| c.is_alphanumeric() || c == '/' || c == '_' || c == '-')
    };
    is_one_of(name.trim_end_matches('!'), &WITHOUT_MARK)
        || (!name.is_empty() && name.bytes().all(|byte| byte == b'#'))
        || name.strip_suffix(['!', '?']).is_some_and(named)
}

fn is_boolean(text: &str) -> bool {
    const WORDS: [&str; 12] = [
        "true",
        "false",
        "wahr",
        "falsch",
        "истина",
        "ложь",
        "benar",
        "salah",
        "vrai",
        "faux",
        "verdadero",
        "falso",
    ];
    is_one_of(text, &WORDS)
}

/// Whether it is one of these words, in small letters or capitals.
fn is_one_of(text: &str, words: &[&str]) -> bool {
    /// In bytes.
    const LONGEST: usize = 12;
    match text.is_ascii() {
        _ if text.len() > LONGEST => false,
        true => words.iter().any(|word| word.eq_ignore_ascii_case(text)),
        false => words.contains(&text.to_lowercase().as_str()),
    }
}

/// A word that programs and people write where there is nothing, or marks alone.
fn is_empty_mark(text: &str) -> bool {
    const WORDS: [&str; 23] = [
        "nan",
        "null",
        "none",
        "nil",
        "nat",
        "undefined",
        "n/a",
        "na",
        "n-a",
        "inf",
        "infinity",
        "tba",
        "tbd",
        "tbc",
        "unknown",
        "empty",
        "blank",
        "missing",
        "void",
        "kosong",
        "tiada",
        "wala",
        "\\n",
    ];
    if !text.chars().any(char::is_alphanumeric) {
        return !text.is_empty();
    }
    // C writes not-a-number as `1.#QNAN`.
    if text.trim_start_matches('-').starts_with("1.#") {
        return true;
    }
    let inner = text.trim_matches(|c: char| "<>()[]{}\"'+-".contains(c));
    // n.a., t.b.d.
    let pointed = inner.contains('.').then(|| inner.replace('.', ""));
    let inner = pointed.as_deref().unwrap_or(inner);
    is_one_of(inner, &WORDS)
}

fn is_placeholder(text: &str) -> bool {
    ["{{", "${", "#{", "<%", "%(", "[object"].iter().any(|start| text.starts_with(start))
}

/// `1.23E+11`, also with a comma.
fn is_scientific(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let mantissa = mantissa.strip_prefix('-').unwrap_or(mantissa);
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    digits(whole)
        && (fraction.is_empty() || digits(fraction))
        && digits(exponent)
        && exponent.len() <= 3
}

/// The text within `="…"`, behind `=` or `'`, or within quotes.
fn unguarded(text: &str) -> Option<&str> {
    let within = |text| quoted(text).unwrap_or(text);
    let bare = match text.strip_prefix(['=', '\'', '‘', '’']) {
        Some(rest) => within(rest.trim_start_matches(['=', '+'])),
        None => quoted(text)?,
    };
    Some(bare.trim())
}

fn quoted(text: &str) -> Option<&str> {
    const PAIRS: [(char, char); 2] = [('"', '"'), ('“', '”')];
    let inner = |(open, close): &(char, char)| text.strip_prefix(*open)?.strip_suffix(*close);
    PAIRS.iter().find_map(inner)
}

/// The text behind `#`, `//`, `--`, `;`, `/*`, `REM` and the like.
fn without_comment_mark(text: &str) -> Option<&str> {
    const MARKS: [&str; 9] = ["//", "--", "/*", "<!--", "#", ";", "–", "—", "%%"];
    let rem = || {
        let (word, rest) = text.split_at_checked(3)?;
        (word.eq_ignore_ascii_case("rem") && rest.starts_with([' ', ':'])).then_some(rest)
    };
    let behind = MARKS.iter().find_map(|mark| text.strip_prefix(mark)).or_else(rem)?;
    let marks = |c: char| "#/-*;!–—%: ".contains(c);
    let bare = behind.trim_start_matches(marks);
    Some(bare.trim_end_matches("*/").trim_end_matches("-->").trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_values_are_recognised_in_every_language() {
        for text in [
            "#N/A",
            "#REF!",
            "#VALUE!",
            "#NAME?",
            "#NUM!",
            "#DIV/0!",
            "#NULL!",
            "#SPILL!",
            "#CALC!",
            "#n/a",
            "#NV",
            "#BEZUG!",
            "#WERT!",
            "#Н/Д",
            "#ССЫЛКА!",
            "#ЗНАЧ!",
            "#ДЕЛ/0!",
            "Err:502",
            "#ERROR!",
            "########",
            "#GETTING_DATA",
        ] {
            assert_eq!(leftover(text), Some(Leftover::ErrorValue), "{text}");
        }
    }

    #[test]
    fn words_for_nothing_are_recognised() {
        for text in [
            "nan",
            "NaN",
            "-nan",
            "null",
            "NULL",
            "<NA>",
            "(null)",
            "None",
            "nil",
            "undefined",
            "N/A",
            "n/a",
            "-",
            "--",
            "—",
            "TBA",
            "tbd",
            "?",
            "???",
            "...",
            "*",
            "\\N",
            "NaT",
            "inf",
            "-inf",
            "1.#QNAN",
            "-1.#IND",
            "kosong",
            "wala",
        ] {
            assert_eq!(leftover(text), Some(Leftover::Empty), "{text}");
        }
        for text in ["TRUE", "false", "Wahr", "ЛОЖЬ", "BENAR"] {
            assert_eq!(leftover(text), Some(Leftover::Boolean), "{text}");
        }
        for text in ["{{invoice}}", "${ref}", "[object", "<%= id %>"] {
            assert_eq!(leftover(text), Some(Leftover::Placeholder), "{text}");
        }
    }

    #[test]
    fn shortened_numbers_are_recognised() {
        for text in
            ["1.23E11", "1.23E+11", "1,23E+11", "9e+09", "1E5", "1.E+05", "12.3e-4", "1e+21"]
        {
            assert_eq!(leftover(text), Some(Leftover::Scientific), "{text}");
        }
        for text in ["E10", "1E", "E+5", "1.2", "1E5A", "A1E5", "1E1000", "1.2.3E4"] {
            assert_eq!(leftover(text), None, "{text}");
        }
    }

    #[test]
    fn guards_and_comment_marks_are_taken_off() {
        for (text, bare) in [
            ("=\"INV-11\"", "INV-11"),
            ("=INV-11", "INV-11"),
            ("'INV-10", "INV-10"),
            ("=+INV-10", "INV-10"),
            ("\"INV-10\"", "INV-10"),
            ("“INV-10”", "INV-10"),
        ] {
            assert_eq!(leftover(text), Some(Leftover::Guarded(bare)), "{text}");
        }
        for (text, bare) in [
            ("#REF-9", "REF-9"),
            ("# REF-9", "REF-9"),
            ("//REF-9", "REF-9"),
            ("--REF-9", "REF-9"),
            (";REF-9", "REF-9"),
            ("/*REF-9*/", "REF-9"),
            ("<!--REF-9-->", "REF-9"),
            ("REM REF-9", "REF-9"),
            ("##REF-9", "REF-9"),
        ] {
            assert_eq!(leftover(text), Some(Leftover::CommentedOut(bare)), "{text}");
        }
    }

    #[test]
    fn ordinary_references_are_no_leftovers() {
        for text in [
            "INV-2026-11",
            "NOV-001",
            "MAY-2026-003",
            "2026-11-001",
            "1-A",
            "E10",
            "TRUE-BLUE-1",
            "NAN-1",
            "NULL-7",
            "1",
            "0",
            "INV/2026-7#b",
            "REM-9",
            "REMIT",
            "-1",
            "A",
            "TBA-1",
            "",
        ] {
            assert_eq!(leftover(text), None, "{text}");
        }
    }
}
