//! Text for people. Text from outside cannot control the terminal, and a closed terminal does not
//! end the command.

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
    write(&shown(&value.to_string()));
}

/// A closed standard error is not an error.
fn write(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// The text with every character escaped that would move the cursor, colour, or turn around what
/// is read; line ends stay.
pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    let harmful = |c: char| c != '\n' && (c.is_control() || turns(c));
    if !text.contains(harmful) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if harmful(c) { shown.extend(c.escape_unicode()) } else { shown.push(c) }
    }
    Cow::Owned(shown)
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
    fn what_steers_a_terminal_is_shown() {
        assert_eq!(shown("Peña\nOK"), "Peña\nOK");
        assert_eq!(shown("\u{1b}[2Jx\u{202e}y\r"), "\\u{1b}[2Jx\\u{202e}y\\u{d}");
    }
}
