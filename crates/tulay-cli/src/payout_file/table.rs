//! Text to records: which character separates, which column is which.

use super::{
    ReadOptions, Unreadable,
    cells::{COLUMNS, Cells, column_named, folded},
    row::Mistake,
};
use std::collections::BTreeSet;

pub(super) struct Table {
    pub(super) header_line: u64,
    pub(super) records: Vec<Record>,
}

pub(super) struct Record {
    pub(super) line: u64,
    pub(super) cells: Result<Cells, Mistake>,
}

pub(super) fn read(text: &str, options: &ReadOptions) -> Result<Table, Unreadable> {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(header))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let (mut columns, mut header_line, mut records) = (None, 1, Vec::new());
    for record in reader.records() {
        // The text is valid, and records may have any length: nothing is left to go wrong.
        let record = record.map_err(|error| Unreadable(error.to_string()))?;
        let line = record.position().map_or(0, csv::Position::line);
        if record.iter().all(|text| text.trim().is_empty()) {
            continue;
        }
        match &columns {
            None => {
                columns = Some(header_columns(line, &record, options)?);
                header_line = line;
            }
            Some(columns) => records.push(Record { line, cells: cells(columns, &record) }),
        }
    }
    if columns.is_none() {
        return Err(Unreadable(format!(
            "the file is empty; it needs a header and at least one line: {}",
            "reference,country,amount,currency,channel,institution,account,name"
        )));
    }
    if records.is_empty() {
        return Err(Unreadable("the file has a header, but no line below it".into()));
    }
    Ok(Table { header_line, records })
}

/// The header and the given lines, as they were. A record that spans several lines is kept whole.
pub(super) fn raw_lines(text: &str, header: u64, lines: impl Iterator<Item = u64>) -> String {
    let wanted: BTreeSet<u64> = lines.chain([header]).collect();
    let mut kept = String::new();
    let (mut taking, mut quoted) = (false, false);
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        if !quoted {
            taking = wanted.contains(&number);
        }
        if line.matches('"').count() % 2 == 1 {
            quoted = !quoted;
        }
        if taking {
            kept.push_str(line);
            if !line.ends_with('\n') {
                kept.push('\n');
            }
        }
    }
    kept
}

/// The separator that the header holds most of.
fn delimiter(header: &str) -> u8 {
    let count = |separator: u8| header.bytes().filter(|byte| *byte == separator).count();
    [b'\t', b';', b','].into_iter().max_by_key(|separator| count(*separator)).unwrap_or(b',')
}

fn header_columns(
    line: u64,
    header: &csv::StringRecord,
    options: &ReadOptions,
) -> Result<Vec<Option<&'static str>>, Unreadable> {
    let mut columns = Vec::new();
    let mut unknown = Vec::new();
    for name in header {
        let is = |other: &str| folded(other) == folded(name);
        let mapped = options.mappings.iter().find(|(_, alias)| is(alias));
        let column = match mapped {
            Some((column, _)) => COLUMNS.iter().copied().find(|known| known == column),
            None if options.ignored.iter().any(|ignored| is(ignored)) => {
                columns.push(None);
                continue;
            }
            None => column_named(name),
        };
        if column.is_none() {
            unknown.push(format!("{:?}", name.trim()));
        }
        if let Some(column) = column.filter(|column| columns.contains(&Some(*column))) {
            let message = format!("two columns are read as {column}; rename or --ignore one");
            return Err(Unreadable(format!("line {line}: {message}")));
        }
        columns.push(column);
    }
    if !unknown.is_empty() {
        return Err(Unreadable(format!(
            "line {line}: no column is called {}; say what it is (--map account={}) or leave it aside \
             (--ignore {0}); there are {}",
            unknown.join(", "),
            unknown.first().map_or("", String::as_str),
            COLUMNS.join(", ")
        )));
    }
    Ok(columns)
}

fn cells(columns: &[Option<&'static str>], record: &csv::StringRecord) -> Result<Cells, Mistake> {
    if record.len() != columns.len() {
        let message = format!(
            "{} fields, where the header has {}: a separator too many or too few, or a quote that \
             is not closed",
            record.len(),
            columns.len()
        );
        return Err(Mistake { column: None, message });
    }
    let mut cells = Cells::default();
    for (column, text) in columns.iter().zip(record) {
        if let Some(column) = column {
            cells.put(column, text);
        }
    }
    Ok(cells)
}
