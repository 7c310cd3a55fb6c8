//! Quotes that do not fit together. CSV readers make something of any text; where a quote is
//! missing, what they make of it is a payout less.

/// What is wrong with the quotes of a record, as it was written.
pub(super) fn mistake(raw: &str, separator: u8) -> Option<&'static str> {
    // Outside of quotes they are inch marks, and nothing is wrong with those.
    let mut place = Place::Start;
    for byte in raw.bytes() {
        let ends_cell = byte == separator || byte == b'\r' || byte == b'\n';
        place = match place {
            Place::Quoted if byte == b'"' => Place::Closed,
            Place::Quoted => Place::Quoted,
            Place::Closed if byte == b'"' => Place::Quoted,
            Place::Start | Place::Plain | Place::Closed | Place::Behind if ends_cell => {
                Place::Start
            }
            Place::Start if byte == b'"' => Place::Quoted,
            Place::Start | Place::Plain => Place::Plain,
            Place::Closed | Place::Behind if byte == b' ' => Place::Behind,
            Place::Closed | Place::Behind => {
                return Some(
                    "a quote is not closed, or there is text behind a closing quote; a quote \
                     inside a quoted cell is written twice (\"\")",
                );
            }
        };
    }
    let open = "a cell begins with a quote that is not closed; close it, or leave it out";
    (place == Place::Quoted).then_some(open)
}

/// Whether a cell holds a whole record: the quote of one cell, closed by that of another record.
pub(super) fn swallowed(cell: &str, separator: u8, columns: usize) -> bool {
    let separators = cell.bytes().filter(|byte| *byte == separator).count();
    cell.contains(['\r', '\n']) && columns > 1 && separators + 1 >= columns
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
        for wrong in ["\"a", "a,\"", "\"a\"b,c", "\"19\" screen\",b", "\"a\" b", "\"a\"\""] {
            assert!(mistake(wrong, b',').is_some(), "{wrong}");
        }
    }
}
