//! Texts whose first row is no header: what they are instead. Nothing of them is repeated.

use super::{lines::Lines, unreadable::Unreadable};
use crate::payout_file::cells::{HEADER, column_named};
use std::ops::Range;

/// What separates columns somewhere.
const SEPARATORS: [char; 7] = [',', ';', '\t', '|', '^', '~', ':'];

/// A header further down is looked for on so many lines.
const TITLE_LINES: usize = 60;

/// Why the record at a place is no header; `None` if it is one, but with mistakes.
pub(super) fn problem(
    text: &str,
    start: usize,
    place: &Range<usize>,
    first: &csv::StringRecord,
    separator: u8,
) -> Option<Unreadable> {
    let raw = text.get(place.clone()).unwrap_or_default();
    let line = Lines::new(text.as_bytes()).at(place.start);
    let known = first.iter().filter(|name| column_named(name).is_some()).count();
    if let Some(below) = header_below(text, place.end, known) {
        let below = Lines::new(text.as_bytes()).at(below);
        return Some(Unreadable(format!(
            "line {below} looks like the header: remove the lines above it"
        )));
    }
    if columns_below(text, place.start, separator) > 3 {
        return Some(Unreadable(format!(
            "line {line}: each column is on a line of its own; write one payout per line"
        )));
    }
    if known > 1 {
        return None;
    }
    let separator = char::from(separator);
    if let Some(other) = SEPARATORS.into_iter().find(|other| columns(raw, *other) > 1) {
        return Some(Unreadable(if text.get(..start).is_some_and(|before| before.contains('=')) {
            format!(
                "line 1 names the separator {}, but the header is separated by {}: correct \
                 line 1",
                shown(separator),
                shown(other)
            )
        } else {
            format!(
                "line {line}: the columns are separated by {}: write sep={other} on a line above \
                 the header, or save the file with commas",
                shown(other)
            )
        }));
    }
    if raw.split_whitespace().filter(|name| column_named(name).is_some()).count() > 2 {
        return Some(Unreadable(format!(
            "line {line}: the columns are separated by blanks (fixed width): save the file as CSV"
        )));
    }
    let is_data = |cell: &str| cell.bytes().filter(u8::is_ascii_digit).count() > 2;
    if first.len() > 1 && first.iter().any(is_data) {
        return Some(Unreadable(format!(
            "line {line} looks like a payout, not like a header: write a header above it, such as \
             {HEADER}"
        )));
    }
    None
}

/// Where a line begins that names more columns than the first one does.
fn header_below(text: &str, from: usize, known: usize) -> Option<usize> {
    let mut place = from;
    for line in text.get(from..)?.split_inclusive(['\r', '\n']).take(TITLE_LINES) {
        let most = SEPARATORS.into_iter().map(|separator| columns(line, separator)).max();
        if most.is_some_and(|most| most > known.max(2)) {
            return Some(place);
        }
        place += line.len();
    }
    None
}

/// How many lines begin with the name of a column.
fn columns_below(text: &str, from: usize, separator: u8) -> usize {
    let lines = text.get(from..).unwrap_or_default().split(['\r', '\n']).take(TITLE_LINES);
    let first = lines.filter_map(|line| line.split(char::from(separator)).next());
    first.filter(|name| column_named(name.trim().trim_matches('"')).is_some()).count()
}

/// How many columns a line names, if it is separated so.
fn columns(line: &str, separator: char) -> usize {
    let names = line.split(separator).map(|name| name.trim().trim_matches('"'));
    names.filter(|name| column_named(name).is_some()).count()
}

fn shown(separator: char) -> String {
    if separator == '\t' { "tabs".into() } else { format!("\"{separator}\"") }
}
