//! A whole file: CSV as accountants make it.

mod alike;
mod decode;
mod encoding;
mod evidence;
mod header;
mod lines;
mod no_table;
mod options;
mod quotes;
mod rejects;
mod repeated;
mod separator;
mod table;
mod total;
mod unreadable;

pub(crate) use options::ReadOptions;
pub(crate) use unreadable::Unreadable;

use super::{
    cells::Cells,
    file_kind,
    mistake::{BadLine, Mistake},
    row::{Row, Rows},
};
use lines::Lines;
use repeated::References;
use std::{collections::BTreeMap, fmt, ops::Range};
use total::Sums;

/// What a file holds: rows that can be paid, and lines that cannot.
pub(crate) struct PayoutFile {
    pub(crate) rows: Vec<Row>,
    /// The line of each row.
    lines: Vec<u64>,
    pub(crate) bad: Vec<BadLine>,
    /// What was read otherwise than it is written.
    notes: Vec<String>,
    text: String,
    /// Where what stands in front of the header ends.
    start: usize,
    header: Range<usize>,
    separator: u8,
    has_reason: bool,
    /// Where each record stands in the text, by its line.
    places: BTreeMap<u64, Range<usize>>,
}

impl PayoutFile {
    /// Takes out the rows that are refused for another reason: one mistake, or none, for each row.
    pub(crate) fn refuse(&mut self, refused: Vec<Option<Mistake>>) {
        let rows = std::mem::take(&mut self.rows).into_iter();
        for ((row, line), refused) in rows.zip(std::mem::take(&mut self.lines)).zip(refused) {
            match refused {
                None => {
                    self.rows.push(row);
                    self.lines.push(line);
                }
                Some(mistake) => self.bad.push(bad_row(line, &row, mistake)),
            }
        }
        self.bad.sort_by_key(|line| line.line);
    }

    /// What a person should look at, though it can be paid. Each is one line, which names lines of
    /// the file and nothing personal.
    pub(crate) fn warnings(&self) -> Vec<String> {
        [self.notes.clone(), alike::warnings(&self.rows, &self.lines)].concat()
    }

    /// The header and the bad lines, each with its reason, to be written apart.
    pub(crate) fn rejects(&self) -> String {
        let raw = |place: Range<usize>| self.text.get(place).unwrap_or_default();
        let header = raw(self.header.clone());
        let mut kept = raw(0..self.start).to_owned();
        kept.push_str(&rejects::header(header, self.separator, self.has_reason));
        for bad in &self.bad {
            let Some(place) = bad.line.and_then(|line| self.places.get(&line)) else { continue };
            let raw = raw(place.clone());
            kept.push_str(&rejects::line(bad, raw, self.separator, self.has_reason));
            if !kept.ends_with(['\r', '\n']) {
                kept.push_str(line_end(header));
            }
        }
        kept
    }
}

impl BadLine {
    /// Whether it is no payout, but the total of others.
    pub(crate) fn is_total(&self) -> bool {
        self.mistakes.iter().any(|mistake| mistake.message == total::MESSAGE)
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
    let (text, notes) = plain_text(decode::decode(bytes, options)?)?;
    let table = table::read(&text, options)?;
    let references = References::of(&table.records);
    let (reader, mut sums) = (Rows::new(options.amount_format), Sums::default());
    let (mut rows, mut lines, mut bad) = (Vec::new(), Vec::new(), Vec::new());
    let mut places = BTreeMap::new();
    for record in table.records {
        let line = record.line;
        let repeated = references.mistake(&record);
        let read = match &record.cells {
            Ok(cells) if is_sum(cells, &sums) => {
                Err(BadLine { line: Some(line), amount: None, mistakes: vec![total()] })
            }
            Ok(cells) => reader.read(Some(line), cells),
            Err(mistake) => {
                Err(BadLine { line: Some(line), amount: None, mistakes: vec![mistake.clone()] })
            }
        };
        let amount = match &read {
            Ok(row) => Some(row.request.amount),
            Err(bad) => bad.amount,
        };
        amount.into_iter().for_each(|amount| sums.add(amount));
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
    let table::Table { start, header, separator, has_reason, .. } = table;
    Ok(PayoutFile { rows, lines, bad, notes, text, start, header, separator, has_reason, places })
}

/// Whether a row without a reference has the sum of the rows above as its amount.
fn is_sum(cells: &Cells, sums: &Sums) -> bool {
    cells.reference.is_none() && cells.amount.as_deref().is_some_and(|text| sums.has(text))
}

fn total() -> Mistake {
    Mistake::of_row(total::MESSAGE)
}

/// A text that may be CSV, without the character with which DOS programs end a file; and a note, if
/// there was one.
fn plain_text(mut text: String) -> Result<(String, Vec<String>), Unreadable> {
    const END: char = '\u{1a}';
    if let Some(kind) = file_kind::not_csv(&text) {
        return Err(Unreadable(format!("this is {}, not CSV; {}", kind.name, kind.advice)));
    }
    if text.trim_start_matches('\u{feff}').starts_with("ï»¿") {
        return Err(Unreadable(
            "the file is damaged: UTF-8 was read as Windows-1252 and saved again; export the \
             file again"
                .into(),
        ));
    }
    let mut notes = Vec::new();
    if let Some(end) = text.find(END)
        && text.get(end..).is_some_and(|rest| rest.trim_matches([END, '\0', '\r', '\n']).is_empty())
    {
        text.truncate(end);
        notes.push(
            "the Ctrl-Z at the end of the file was ignored: DOS programs end files with it".into(),
        );
    }
    for (unwanted, problem) in [
        (
            END,
            "found Ctrl-Z, the end-of-file mark of DOS, before the end; two files may be joined \
               here: remove the mark, and a second header below it",
        ),
        ('\0', "the file contains NUL bytes: it is damaged or not text; export it once more"),
    ] {
        if let Some(place) = text.find(unwanted) {
            let line = Lines::new(text.as_bytes()).at(place);
            return Err(Unreadable(format!("line {line}: {problem}")));
        }
    }
    Ok((text, notes))
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
mod file_tests;
#[cfg(test)]
mod mutations;
#[cfg(test)]
mod tests;
