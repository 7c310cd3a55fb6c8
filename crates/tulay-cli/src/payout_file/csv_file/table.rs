//! Text to records: where each begins and ends, and what it holds by column.

use super::{
    header, lines::Lines, no_table, options::ReadOptions, quotes, rejects, separator, total,
    unreadable::Unreadable,
};
use crate::payout_file::{
    cells::{Cells, Filler, HEADER, filler},
    mistake::Mistake,
};
use std::ops::Range;

pub(super) struct Table {
    /// Where the text in front of the header ends: a byte order mark, a `sep=` line.
    pub(super) start: usize,
    pub(super) header: Range<usize>,
    pub(super) separator: u8,
    /// Whether the first column holds the reasons of an earlier reading.
    pub(super) has_reason: bool,
    pub(super) records: Vec<Record>,
}

pub(super) struct Record {
    pub(super) line: u64,
    /// Its bytes in the text, with the end of its line.
    pub(super) place: Range<usize>,
    /// The reference, if it can be read; also if the cells cannot.
    pub(super) reference: Option<String>,
    pub(super) cells: Result<Cells, Mistake>,
}

pub(super) fn read(text: &str, options: &ReadOptions) -> Result<Table, Unreadable> {
    let separator::Start { place: start, separator } = separator::start(text)?;
    let body = text.get(start..).unwrap_or_default();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(body.as_bytes());
    let mut lines = Lines::new(text.as_bytes());
    let mut header: Option<(Range<usize>, Columns<'_>)> = None;
    let (mut cells, mut records, mut end) = (csv::StringRecord::new(), Vec::new(), start);
    // The text is valid, and records may have any length: nothing is left to go wrong.
    while reader.read_record(&mut cells).map_err(|error| Unreadable(error.to_string()))? {
        let begin = end;
        end = usize::try_from(reader.position().byte()).map_or(end, |read| start + read);
        if cells.iter().all(is_blank) {
            continue;
        }
        let place = record_place(text, begin..end);
        let line = lines.at(place.start);
        let raw = text.get(place.clone()).unwrap_or_default();
        match &header {
            None => {
                let columns = Columns::read(raw, &cells, separator, options);
                let columns = columns.map_err(|wrong| {
                    let no_table = no_table::problem(text, start, &place, &cells, separator);
                    no_table.unwrap_or_else(|| unclear(line, &wrong))
                });
                header = Some((place, columns?));
            }
            Some((_, columns)) => records.push(Record {
                line,
                place,
                reference: columns.reference(&cells),
                cells: columns.cells(raw, &cells),
            }),
        }
    }
    let Some((header, columns)) = header else {
        return Err(Unreadable(format!(
            "the file is empty; it needs a header and at least one line: {HEADER}"
        )));
    };
    if records.is_empty() {
        return Err(Unreadable("the file has a header, but no line below it".into()));
    }
    Ok(Table { start, header, separator, has_reason: columns.has_reason, records })
}

/// Whether a cell is empty, or consists of the separators of another file.
fn is_blank(cell: &str) -> bool {
    cell.chars().all(|c| c.is_whitespace() || matches!(c, ',' | ';' | '|'))
}

/// The reader passes over blank lines in front of a record with it, and ends it between the two
/// characters of a CRLF.
fn record_place(text: &str, read: Range<usize>) -> Range<usize> {
    let raw = text.get(read.clone()).unwrap_or_default();
    let blank = raw.len() - raw.trim_start_matches(['\r', '\n']).len();
    let rest = text.get(read.end..).unwrap_or_default();
    let line_feed = usize::from(raw.ends_with('\r') && rest.starts_with('\n'));
    read.start + blank..read.end + line_feed
}

fn unclear(line: u64, wrong: &[String]) -> Unreadable {
    let messages = wrong.iter().map(|message| format!("line {line}: {message}"));
    Unreadable(messages.collect::<Vec<_>>().join("\n"))
}

struct Columns<'o> {
    /// How each is filled; `None` for one that is left aside.
    fillers: Vec<Option<Filler>>,
    reference: Option<usize>,
    headings: csv::StringRecord,
    has_reason: bool,
    /// Those that the header gives no name: they may hold nothing.
    nameless: Vec<usize>,
    separator: u8,
    options: &'o ReadOptions,
}

impl<'o> Columns<'o> {
    fn read(
        raw: &str,
        header: &csv::StringRecord,
        separator: u8,
        options: &'o ReadOptions,
    ) -> Result<Self, Vec<String>> {
        if let Some(mistake) = quotes::mistake(raw, separator) {
            return Err(vec![mistake.to_owned()]);
        }
        let names = header::columns(header, options)?;
        let nameless = header.iter().enumerate().filter(|(_, name)| name.trim().is_empty());
        let nameless = nameless.map(|(index, _)| index).collect::<Vec<_>>();
        let nameless = nameless.into_iter().filter(|&at| names.get(at) == Some(&None)).collect();
        let has_reason = header.get(0).is_some_and(|name| rejects::is_reason(0, name));
        Ok(Self {
            fillers: names.iter().map(|name| name.and_then(filler)).collect(),
            reference: names.iter().position(|name| *name == Some("reference")),
            headings: header.clone(),
            has_reason,
            nameless,
            separator,
            options,
        })
    }

    fn reference(&self, record: &csv::StringRecord) -> Option<String> {
        let text = self.plain(record.get(self.reference?)?).trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn plain<'t>(&self, text: &'t str) -> &'t str {
        if self.has_reason { rejects::restored(text) } else { text }
    }

    /// Files that were put together have a header each, and perhaps a byte order mark.
    fn repeats_header(&self, record: &csv::StringRecord) -> bool {
        fn plain(cell: &str) -> &str {
            cell.trim_start_matches('\u{feff}').trim()
        }
        let mut pairs = record.iter().zip(&self.headings);
        record.len() == self.headings.len()
            && pairs.all(|(cell, heading)| plain(cell).eq_ignore_ascii_case(plain(heading)))
    }

    fn cells(&self, raw: &str, record: &csv::StringRecord) -> Result<Cells, Mistake> {
        if let Some(mistake) = quotes::mistake(raw, self.separator) {
            return Err(Mistake::of_row(mistake));
        }
        if self.repeats_header(record) {
            return Err(Mistake::of_row("repeats the header: remove the line"));
        }
        let mut cells = Cells::default();
        for (fill, text) in self.fillers.iter().zip(record) {
            if let Some(fill) = fill {
                fill(&mut cells, self.plain(text));
            }
        }
        if total::is_total(record, &cells) {
            return Err(Mistake::of_row(total::MESSAGE));
        }
        let reasons = usize::from(self.has_reason);
        let columns = self.fillers.len().saturating_sub(reasons);
        let fields = record.len().saturating_sub(reasons);
        if fields != columns {
            return Err(Mistake::of_row(format!(
                "{fields} fields, where the header has {columns}: add or remove a separator; put \
                 a value that contains the separator in quotes",
            )));
        }
        if cells.amount.is_none() && cells.account.is_none() {
            return Err(Mistake::of_row(
                "neither amount nor account: remove the line, or fill them in",
            ));
        }
        let swallows = |cell: &str| quotes::swallowed(cell, self.separator, columns);
        if raw.contains('"') && record.iter().any(swallows) {
            return Err(Mistake::of_row(
                "a cell contains a whole line of the file: a closing quote is missing",
            ));
        }
        let holds = |&&at: &&usize| record.get(at).is_some_and(|cell| !cell.trim().is_empty());
        if let Some(at) = self.nameless.iter().find(holds) {
            let message = format!(
                "column {} has no heading, but is not empty: write a heading, or remove the text",
                at + 1
            );
            return Err(Mistake::of_row(message));
        }
        for (column, value) in &self.options.settings {
            cells.put(column, value);
        }
        Ok(cells)
    }
}
