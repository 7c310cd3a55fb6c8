//! A file of statements: CSV with the columns reference, resolution, evidence, as_of and attempt.

use crate::{
    error::CliError,
    payout_file::{BadLine, Mistake},
};
use csv::{ReaderBuilder, StringRecord};
use std::collections::BTreeMap;
use tulay::{Reference, journal::Statement};

const COLUMNS: [&str; 5] = ["reference", "resolution", "evidence", "as_of", "attempt"];
/// A file may leave these out.
const OPTIONAL: [&str; 2] = ["as_of", "attempt"];

/// What a file holds: statements, each with its line, and lines that are none.
#[derive(Debug)]
pub(super) struct StatementFile {
    pub(super) statements: Vec<(u64, Statement)>,
    pub(super) bad: Vec<BadLine>,
}

/// Reads a whole file.
pub(super) fn read(bytes: &[u8]) -> Result<StatementFile, CliError> {
    let text = std::str::from_utf8(bytes);
    let text = text.map_err(|_| unreadable("expected CSV in UTF-8; save the file as CSV UTF-8"))?;
    let text = text.trim_start_matches('\u{feff}');
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut records = reader.records();
    let header = match records.next() {
        Some(Ok(header)) => header,
        _ => return Err(unreadable("the file is empty")),
    };
    let places = places(&header)?;
    let mut place = Place { text, byte: 0, line: 1 };
    let (mut statements, mut bad, mut lines) = (Vec::new(), Vec::new(), BTreeMap::new());
    for record in records {
        let record = record.map_err(|_| unreadable("a line of the file is not CSV"))?;
        let line = place.line(record.position().map_or(0, csv::Position::byte));
        let row = Row { record: &record, places: &places };
        if record.len() != header.len() {
            let message = format!("expected {} cells, found {}", header.len(), record.len());
            let mistakes = vec![Mistake::of_row(message)];
            bad.push(BadLine { line: Some(line), amount: None, mistakes });
            continue;
        }
        let mut mistakes = Vec::new();
        let first = lines.entry(row.cell("reference").to_owned()).or_insert(line);
        if *first != line {
            let message = format!("line {first} has the same reference; state one thing of it");
            mistakes.push(Mistake::new("reference", message));
        }
        match row.statement(&mut mistakes) {
            Some(statement) if mistakes.is_empty() => statements.push((line, statement)),
            _ => bad.push(BadLine { line: Some(line), amount: None, mistakes }),
        }
    }
    if bad.is_empty() && statements.is_empty() {
        return Err(unreadable("the file has a header and no rows"));
    }
    Ok(StatementFile { statements, bad })
}

/// The mistakes of a file of which nothing was written.
pub(super) fn refused(mut bad: Vec<BadLine>) -> CliError {
    bad.sort_by_key(|bad| bad.line);
    CliError::bad_lines(&bad).about("nothing was written:")
}

fn unreadable(problem: &str) -> CliError {
    CliError::usage("file", format!("{problem}; nothing was written"))
}

/// Where each column stands.
fn places(header: &StringRecord) -> Result<BTreeMap<&'static str, usize>, CliError> {
    let mut places = BTreeMap::new();
    for (place, name) in header.iter().enumerate() {
        let column = COLUMNS.into_iter().find(|column| *column == name.trim());
        if column.is_none_or(|column| places.insert(column, place).is_some()) {
            let place = place.saturating_add(1);
            let expected = format!(
                "line 1, column {place}: expected each of the columns {} once",
                COLUMNS.join(", ")
            );
            return Err(unreadable(&expected));
        }
    }
    let is_missing = |column: &&str| !OPTIONAL.contains(column) && !places.contains_key(column);
    match COLUMNS.into_iter().find(|column| is_missing(column)) {
        Some(column) => Err(unreadable(&format!("line 1: the column {column} is missing"))),
        None => Ok(places),
    }
}

/// How far the lines of a text are counted.
struct Place<'t> {
    text: &'t str,
    byte: usize,
    line: u64,
}

impl Place<'_> {
    /// The line of a record that begins at or after this byte. Empty lines stand before it.
    fn line(&mut self, byte: u64) -> u64 {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX);
        let rest = self.text.as_bytes().get(self.byte..).unwrap_or_default().iter();
        for (place, next) in (self.byte..).zip(rest) {
            if place >= byte && !matches!(next, b'\r' | b'\n') {
                break;
            }
            self.line = self.line.saturating_add(u64::from(*next == b'\n'));
            self.byte = place.saturating_add(1);
        }
        self.line
    }
}

struct Row<'r> {
    record: &'r StringRecord,
    places: &'r BTreeMap<&'static str, usize>,
}

impl Row<'_> {
    fn cell(&self, column: &str) -> &str {
        let place = self.places.get(column);
        place.and_then(|place| self.record.get(*place)).unwrap_or_default().trim()
    }

    /// The statement of the row; its mistakes are added to those that are known.
    fn statement(&self, mistakes: &mut Vec<Mistake>) -> Option<Statement> {
        let mut mistake = |invalid: &tulay::Invalid| {
            mistakes.push(Mistake::new(invalid.field(), invalid.problem().to_string()));
        };
        let reference = Reference::new(self.cell("reference")).inspect_err(&mut mistake).ok();
        let resolution = self.cell("resolution").parse().inspect_err(&mut mistake).ok();
        let attempt = match self.cell("attempt") {
            "" => None,
            text => match text.parse() {
                Ok(number @ 1..=8) => Some(number),
                _ => {
                    mistake(&tulay::Invalid::new("attempt", "a number from 1 to 8, or nothing"));
                    None
                }
            },
        };
        let as_of = match self.cell("as_of") {
            "" => None,
            text => match text.parse() {
                Ok(moment) => Some(moment),
                Err(_) => {
                    let expected = "a time with its offset, such as 2026-11-28T10:05:00+08:00, or \
                                    nothing";
                    mistake(&tulay::Invalid::new("as_of", expected));
                    None
                }
            },
        };
        // The evidence is checked whatever else is wrong.
        let checked = reference.clone().or_else(|| Reference::new("R").ok())?;
        let checked_resolution = resolution.unwrap_or(tulay::journal::Resolution::Paid);
        let statement = Statement::new(checked, checked_resolution, self.cell("evidence"));
        let statement = statement.inspect_err(&mut mistake).ok()?;
        reference.and(resolution)?;
        let statement = as_of.into_iter().fold(statement, Statement::as_of);
        Some(attempt.into_iter().fold(statement, Statement::of_attempt))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistakes(text: &str) -> String {
        refused(read(text.as_bytes()).unwrap().bad).message().to_owned()
    }

    #[test]
    fn rows_are_statements() {
        let text = "\u{feff}evidence,reference,resolution,attempt\r\n\
                    \"letter 7, page 2\",R1,paid,\r\nticket 8, R2 ,not_executed,2\r\n\r\nticket 9,R3,paid,\r\n";
        let rows = read(text.as_bytes()).unwrap().statements;
        let references: Vec<_> =
            rows.iter().map(|(line, it)| (*line, it.reference().as_str())).collect();
        assert_eq!(references, [(2, "R1"), (3, "R2"), (5, "R3")], "an empty line counts");
        let without_attempt = "reference,resolution,evidence\nR1,came_back,letter 7\n";
        assert_eq!(read(without_attempt.as_bytes()).unwrap().statements.len(), 1);
    }

    #[test]
    fn all_mistakes_are_named_at_once() {
        let text =
            "reference,resolution,evidence\nR1,paid,letter 7\n,payed,\nR1,paid,letter 9\nR2\n";
        let message = mistakes(text);
        for expected in [
            "nothing was written:",
            "line 3, column reference: ",
            "line 3, column resolution: expected paid, not_executed or came_back",
            "column evidence: expected a text of 1 to 1000 characters",
            "line 4, column reference: line 2 has the same reference",
            "line 5: expected 3 cells, found 1",
        ] {
            assert!(message.contains(expected), "{expected}: {message}");
        }
    }

    #[test]
    fn files_that_are_no_table_are_refused() {
        for (text, expected) in [
            (&b""[..], "the file is empty"),
            (b"\xff\xfe", "expected CSV in UTF-8"),
            (b"reference,resolution,evidence\n", "a header and no rows"),
            (b"reference,resolution\nR1,paid\n", "the column evidence is missing"),
            (b"reference,reference,resolution,evidence\n", "line 1, column 2: expected each"),
            (b"reference,resolution,evidence,by\n", "line 1, column 4: expected each"),
        ] {
            let message = read(text).unwrap_err().message().to_owned();
            assert!(message.contains(expected), "{message}");
            assert!(message.ends_with("nothing was written"), "{message}");
        }
    }
}
