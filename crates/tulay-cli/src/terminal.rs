//! Text for people and programs. Text from outside controls neither a terminal nor a spreadsheet,
//! and a closed terminal does not end the command.

use serde_json::{Value, json};
use std::{
    borrow::Cow,
    io::Write,
    sync::atomic::{AtomicBool, Ordering},
};
use tulay::adapter::{Clock, SystemClock};

/// Whether every line of standard error is JSON.
static JSON: AtomicBool = AtomicBool::new(false);

/// From now on, every line of standard error is JSON.
pub(crate) fn write_json() {
    JSON.store(true, Ordering::Relaxed);
}

/// Whether every line of standard error is JSON.
pub(crate) fn writes_json() -> bool {
    JSON.load(Ordering::Relaxed)
}

/// Writes a line to standard error; as JSON, in the shape of the log's lines.
pub(crate) fn tell(line: &str) {
    if writes_json() {
        let now = SystemClock::new().now().to_string();
        let fields = json!({ "message": line });
        let target = env!("CARGO_CRATE_NAME");
        tell_json(
            &json!({ "timestamp": now, "level": "INFO", "fields": fields, "target": target }),
        );
    } else {
        write(&shown(line));
    }
}

/// Writes a line of JSON to standard error.
pub(crate) fn tell_json(value: &Value) {
    write(&shown_json(&value.to_string()));
}

/// A closed standard error is not an error.
fn write(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// The text with every character escaped that would move the cursor, colour, or turn around what
/// is read; line ends stay.
pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    escaped(text, |c| c.escape_unicode().to_string())
}

/// The same for JSON, whose texts escape such characters in their own way.
pub(crate) fn shown_json(document: &str) -> Cow<'_, str> {
    // All of them have four digits at most.
    escaped(document, |c| format!("\\u{:04x}", u32::from(c)))
}

/// A cell of CSV: what a spreadsheet would take for a formula begins with an apostrophe.
pub(crate) fn csv_cell(text: &str) -> Cow<'_, str> {
    if is_formula(text) { Cow::Owned(format!("'{}", shown(text))) } else { shown(text) }
}

/// Whether a spreadsheet would take the text for a formula, or drop how it begins.
pub(crate) fn is_formula(text: &str) -> bool {
    const SIGNS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    let number = text.strip_prefix('-').unwrap_or_default();
    let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    text.starts_with(SIGNS) && !is_number
}

/// A word as a shell takes it.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+=".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// How wide standard output is, if it is a terminal.
pub(crate) fn width() -> Option<u16> {
    terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| width.0)
}

fn escaped(text: &str, escape: impl Fn(char) -> String) -> Cow<'_, str> {
    if !text.contains(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if is_harmful(c) { escaped.push_str(&escape(c)) } else { escaped.push(c) }
    }
    Cow::Owned(escaped)
}

fn is_harmful(c: char) -> bool {
    (c != '\n' && c.is_control()) || turns(c) || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Whether a character changes the direction of the text after it.
const fn turns(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_stays_one_word_for_a_shell() {
        assert_eq!(quoted("INV-1"), "INV-1");
        assert_eq!(quoted("it's $HOME"), "'it'\\''s $HOME'");
        assert_eq!(quoted(""), "''");
    }

    #[test]
    fn control_characters_are_shown() {
        assert_eq!(shown("Peña\nOK"), "Peña\nOK");
        assert_eq!(shown("\u{1b}[2Jx\u{202e}y\r"), "\\u{1b}[2Jx\\u{202e}y\\u{d}");
        assert_eq!(shown("a\u{9b}2J\u{2028}b\u{2069}"), "a\\u{9b}2J\\u{2028}b\\u{2069}");
    }

    #[test]
    fn escapes_of_json_read_back() {
        let text = "a\u{9b}2J\u{202e}b\u{2028}c\u{7f}d\u{61c}é";
        let document = serde_json::to_string(text).unwrap();
        let safe = shown_json(&document);
        assert!(!safe.contains(is_harmful), "{safe}");
        assert_eq!(serde_json::from_str::<String>(&safe).unwrap(), text);
    }

    #[test]
    fn a_formula_is_defused_and_a_number_is_not() {
        for (cell, defused) in [
            ("-5.00", "-5.00"),
            ("1250.00", "1250.00"),
            ("-1+cmd", "'-1+cmd"),
            ("=SUM(A1)", "'=SUM(A1)"),
            ("+63917", "'+63917"),
            ("@x", "'@x"),
            ("-", "'-"),
            ("\t=1", "'\\u{9}=1"),
            ("\r=1", "'\\u{d}=1"),
            ("＝1+1", "'＝1+1"),
            ("a=1", "a=1"),
        ] {
            assert_eq!(csv_cell(cell), defused);
        }
    }
}
