//! Quotes that do not fit together. CSV readers make something of any text; where a quote is
//! missing, what they make of it is a payout less.

/// What is wrong with the quotes of a record, as it was written.
pub(super) fn mistake(raw: &str, separator: u8) -> Option<&'static str> {
    if !raw.contains('"') {
        return None;
    }
    let mut place = Place::Start;
    for byte in raw.bytes() {
        let Some(next) = place.after(byte, separator) else {
            return Some(
                "a quote is not closed, or text follows a closing quote; a quote inside a \
                 quoted cell is written twice (\"\")",
            );
        };
        place = next;
    }
    let open = "a cell begins with a quote that is not closed; close it, or leave it out";
    (place == Place::Quoted).then_some(open)
}

/// The cells of a record as they were written, each with the separator or line end behind it.
pub(super) fn raw_cells(raw: &str, separator: u8) -> impl Iterator<Item = &str> {
    let mut place = Place::Start;
    let ends_cell = move |c: char| {
        // Separators and quotes are ASCII; of other characters, the first byte is enough.
        let byte = u8::try_from(c).unwrap_or(b'a');
        place = place.after(byte, separator).unwrap_or(Place::Plain);
        place == Place::Start
    };
    raw.split_inclusive(ends_cell)
}

/// Whether a cell holds a whole record: the quote of one cell, closed by that of another record.
pub(super) fn swallowed(cell: &str, separator: u8, columns: usize) -> bool {
    let separators = || cell.bytes().filter(|byte| *byte == separator).count();
    cell.contains(['\r', '\n']) && columns > 1 && separators() + 1 >= columns
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    Plain,
    Quoted,
    Closed,
    /// Blanks behind a closing quote.
    Behind,
}

impl Place {
    /// The place behind a byte; `None` where a quote does not fit.
    fn after(self, byte: u8, separator: u8) -> Option<Self> {
        let ends_cell = byte == separator || byte == b'\r' || byte == b'\n';
        Some(match self {
            Self::Quoted if byte == b'"' => Self::Closed,
            Self::Quoted => Self::Quoted,
            Self::Closed if byte == b'"' => Self::Quoted,
            Self::Start | Self::Plain | Self::Closed | Self::Behind if ends_cell => Self::Start,
            Self::Start if byte == b'"' => Self::Quoted,
            // Outside of quotes they are inch marks, and nothing is wrong with those.
            Self::Start | Self::Plain => Self::Plain,
            Self::Closed | Self::Behind if byte == b' ' => Self::Behind,
            Self::Closed | Self::Behind => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_quotes_that_do_not_fit_together_are_mistakes() {
        for fine in [
            "",
            "a,b\n",
            "\"a, b\",\"c\"\"d\" ,\r\n",
            "19\" screen,b\"\"c",
            "\"\",\"\"\"\"",
            "\"two\nlines\"\n",
        ] {
            assert_eq!(mistake(fine, b','), None, "{fine}");
        }
        assert_eq!(
            raw_cells("a,\"b, c\"\"\",,d\r\n", b',').collect::<Vec<_>>(),
            ["a,", "\"b, c\"\"\",", ",", "d\r", "\n"]
        );
        for wrong in ["\"a", "a,\"", "\"a\"b,c", "\"19\" screen\",b", "\"a\" b", "\"a\"\""] {
            assert!(mistake(wrong, b',').is_some(), "{wrong}");
        }
    }
}
