//! The payout file: CSV as accountants make it, and every mistake in it at once.
//!
//! ```text
//! bytes ─► encoding ─► text ─► table ─► cells by column ─► row ─► PayoutRequest
//!          (named, never guessed)       (header, aliases)   (each mistake with its column)
//! ```

mod cells;
mod encoding;
mod institution;
mod row;
mod table;

pub(crate) use cells::Cells;
pub(crate) use encoding::Encoding;
pub(crate) use institution::meant as institution_meant;
pub(crate) use row::{Mistake, Row, read_row};

use clap::{Args, ValueEnum};
use std::{collections::BTreeMap, fmt};
use tulay::Money;

/// How a payout file is to be read.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct ReadOptions {
    /// The file's encoding, where it is not UTF-8.
    #[arg(long, value_name = "ENCODING")]
    pub(crate) encoding: Option<Encoding>,
    /// How amounts are written.
    #[arg(long, value_name = "FORMAT", default_value = "plain")]
    pub(crate) amount_format: AmountFormat,
    /// Another name for a column: account="Account No."; may be repeated.
    #[arg(long = "map", value_name = "COLUMN=NAME", value_parser = mapping)]
    pub(crate) mappings: Vec<(String, String)>,
    /// A column to leave aside; may be repeated.
    #[arg(long = "ignore", value_name = "NAME")]
    pub(crate) ignored: Vec<String>,
}

/// How amounts are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum AmountFormat {
    /// 1250.00
    #[default]
    Plain,
    /// 1,250.00
    En,
}

/// What a file holds: rows that can be paid, and lines that cannot.
pub(crate) struct PayoutFile {
    pub(crate) rows: Vec<Row>,
    pub(crate) bad: Vec<BadLine>,
    text: String,
    header_line: u64,
}

impl PayoutFile {
    /// Takes out the rows that someone else refuses, and why.
    pub(crate) fn refuse(&mut self, refused: impl Fn(&Row) -> Option<Mistake>) {
        let (rows, bad) = (std::mem::take(&mut self.rows), &mut self.bad);
        for row in rows {
            match refused(&row) {
                None => self.rows.push(row),
                Some(mistake) => bad.push(row.bad(mistake)),
            }
        }
        self.bad.sort_by_key(|line| line.line);
    }

    /// The header and the bad lines as they were, to be written apart.
    pub(crate) fn rejects(&self) -> String {
        table::raw_lines(&self.text, self.header_line, self.bad.iter().map(|line| line.line))
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

/// A line that cannot be paid, and everything that is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadLine {
    pub(crate) line: u64,
    /// Its amount, where that could be read.
    pub(crate) amount: Option<Money>,
    pub(crate) mistakes: Vec<Mistake>,
}

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, Mistake { column, message }) in self.mistakes.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            match column {
                Some(column) => write!(f, "line {}, column {column}: {message}", self.line)?,
                None => write!(f, "line {}: {message}", self.line)?,
            }
        }
        Ok(())
    }
}

/// A file that could not be read at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Unreadable(String);

/// Reads a whole file.
pub(crate) fn read(bytes: &[u8], options: &ReadOptions) -> Result<PayoutFile, Unreadable> {
    let text = encoding::decode(bytes, options.encoding)?;
    let table = table::read(&text, options)?;
    let (mut rows, mut bad) = (Vec::new(), Vec::new());
    for record in table.records {
        let line = record.line;
        let read = match record.cells {
            Ok(cells) => read_row(line, &cells, options.amount_format),
            Err(mistake) => Err(BadLine { line, amount: None, mistakes: vec![mistake] }),
        };
        match read {
            Ok(row) => rows.push(row),
            Err(line) => bad.push(line),
        }
    }
    let (rows, repeated) = without_repeated_references(rows);
    bad.extend(repeated);
    bad.sort_by_key(|line| line.line);
    Ok(PayoutFile { rows, bad, text, header_line: table.header_line })
}

/// A reference that stands on several lines makes all of them bad: which one was meant, nobody
/// can tell.
fn without_repeated_references(rows: Vec<Row>) -> (Vec<Row>, Vec<BadLine>) {
    let mut lines: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for row in &rows {
        lines.entry(row.request.reference.to_string()).or_default().push(row.line);
    }
    let others = |row: &Row| -> Vec<String> {
        let all = lines.get(row.request.reference.as_str()).into_iter().flatten();
        all.filter(|line| **line != row.line).map(ToString::to_string).collect()
    };
    let (kept, repeated): (Vec<Row>, Vec<Row>) =
        rows.into_iter().partition(|row| others(row).is_empty());
    let bad = repeated.iter().map(|row| {
        let message = format!("the same reference stands on line {}", others(row).join(", "));
        row.bad(Mistake::new("reference", message))
    });
    let bad = bad.collect();
    (kept, bad)
}

fn mapping(text: &str) -> Result<(String, String), String> {
    let (column, name) = text.split_once('=').ok_or("expected COLUMN=NAME")?;
    let known = cells::COLUMNS.contains(&column);
    known
        .then(|| (column.to_owned(), name.trim_matches('"').to_owned()))
        .ok_or_else(|| format!("no column {column}; there are {}", cells::COLUMNS.join(", ")))
}

#[cfg(test)]
mod tests;
