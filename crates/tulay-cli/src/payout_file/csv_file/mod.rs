//! A whole file: CSV as accountants make it.

mod encoding;
mod header;
mod lines;
mod options;
mod quotes;
mod repeated;
mod separator;
mod table;
mod unreadable;

pub(crate) use options::ReadOptions;
pub(crate) use unreadable::Unreadable;

use super::{
    mistake::{BadLine, Mistake},
    row::{Row, Rows},
};
use repeated::References;
use std::{collections::BTreeMap, fmt, ops::Range};

/// What a file holds: rows that can be paid, and lines that cannot.
pub(crate) struct PayoutFile {
    pub(crate) rows: Vec<Row>,
    /// The line of each row.
    lines: Vec<u64>,
    pub(crate) bad: Vec<BadLine>,
    text: String,
    /// Where what stands in front of the header ends.
    start: usize,
    header: Range<usize>,
    /// Where each record stands in the text, by its line.
    places: BTreeMap<u64, Range<usize>>,
}

impl PayoutFile {
    /// Takes out the rows that someone else refuses, and why.
    pub(crate) fn refuse(&mut self, refused: impl Fn(&Row) -> Option<Mistake>) {
        let rows = std::mem::take(&mut self.rows).into_iter();
        for (row, line) in rows.zip(std::mem::take(&mut self.lines)) {
            match refused(&row) {
                None => {
                    self.rows.push(row);
                    self.lines.push(line);
                }
                Some(mistake) => self.bad.push(bad_row(line, &row, mistake)),
            }
        }
        self.bad.sort_by_key(|line| line.line);
    }

    /// The header and the bad lines as they were, to be written apart.
    pub(crate) fn rejects(&self) -> String {
        let raw = |place: Range<usize>| self.text.get(place).unwrap_or_default();
        let header = raw(self.header.clone());
        let mut kept = raw(0..self.start).to_owned() + header;
        let bad = self.bad.iter().filter_map(|bad| self.places.get(&bad.line?));
        for place in bad {
            kept.push_str(raw(place.clone()));
            if !kept.ends_with(['\r', '\n']) {
                kept.push_str(line_end(header));
            }
        }
        kept
    }
}

impl fmt::Debug for PayoutFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PayoutFile")
            .field("rows", &self.rows)
            .field("bad", &self.bad)
            .finish_non_exhaustive()
    }
}

/// Reads a whole file.
pub(crate) fn read(bytes: &[u8], options: &ReadOptions) -> Result<PayoutFile, Unreadable> {
    let text = encoding::decode(bytes, options.encoding)?;
    let table = table::read(&text, options)?;
    let references = References::of(&table.records);
    let reader = Rows::new(options.amount_format);
    let (mut rows, mut lines, mut bad) = (Vec::new(), Vec::new(), Vec::new());
    let mut places = BTreeMap::new();
    for record in table.records {
        let line = record.line;
        let repeated = references.mistake(&record);
        let read = match record.cells {
            Ok(cells) => reader.read(Some(line), &cells),
            Err(mistake) => {
                Err(BadLine { line: Some(line), amount: None, mistakes: vec![mistake] })
            }
        };
        match (read, repeated) {
            (Ok(row), None) => {
                rows.push(row);
                lines.push(line);
            }
            (Ok(row), Some(repeated)) => bad.push(bad_row(line, &row, repeated)),
            (Err(mut line), repeated) => {
                line.mistakes.extend(repeated);
                bad.push(line);
            }
        }
        places.insert(line, record.place);
    }
    Ok(PayoutFile { rows, lines, bad, text, start: table.start, header: table.header, places })
}

/// A row as a line that cannot be paid.
fn bad_row(line: u64, row: &Row, mistake: Mistake) -> BadLine {
    BadLine { line: Some(line), amount: Some(row.request.amount), mistakes: vec![mistake] }
}

fn line_end(line: &str) -> &'static str {
    match line.as_bytes() {
        [.., b'\r', b'\n'] => "\r\n",
        [.., b'\r'] => "\r",
        _ => "\n",
    }
}

#[cfg(test)]
mod tests;
