//! The header: which column is which. One error holds all its mistakes.

use super::{
    options::{ReadOptions, SETTABLE},
    rejects,
};
use crate::payout_file::cells::{COLUMNS, HEADER, column_named, folded};
use std::collections::BTreeSet;

/// Without these, nothing can be paid.
const REQUIRED: [&str; 5] = ["reference", "country", "amount", "currency", "account"];

/// For each column what it holds, or `None` where it is left aside; else everything that is wrong.
pub(super) fn columns(
    header: &csv::StringRecord,
    options: &ReadOptions,
) -> Result<Vec<Option<&'static str>>, Vec<String>> {
    let headings = header.iter().enumerate();
    let read: Vec<Heading> =
        headings.map(|(index, name)| Heading::read(index, name, options)).collect();
    let named: Vec<&'static str> = read.iter().filter_map(Heading::column).collect();
    if !REQUIRED.iter().any(|column| named.contains(column)) {
        // Perhaps the first payout: nothing of it is repeated.
        return Err(vec![format!(
            "expected a header, such as {HEADER}; if the headings are other ones, name them \
             (--map reference=HEADING)"
        )]);
    }
    let unknown = unknown(header, &read);
    if let Some(column) = runs_on(&unknown) {
        return Err(vec![format!(
            "the first payout seems to begin on the line of the header, in column {}: write it on \
             the next line",
            place(column)
        )]);
    }
    let mut wrong = unknown_columns(&unknown);
    wrong.extend(twice(&named).into_iter().map(|column| {
        format!(
            "two columns are read as {column}: rename one of them, or ignore it (--ignore \
             HEADING)"
        )
    }));
    wrong.extend(mappings_amiss(header, options));
    wrong.extend(ignored_amiss(header, options));
    wrong.extend(settings_amiss(&named, options));
    let set = |column: &&str| options.settings.iter().any(|(set, _)| set == column);
    let missing = REQUIRED.into_iter().filter(|column| !named.contains(column) && !set(column));
    wrong.extend(missing.map(missing_column));
    if wrong.is_empty() { Ok(read.iter().map(Heading::column).collect()) } else { Err(wrong) }
}

/// Where a column stands.
pub(super) fn place_of(
    column: &str,
    header: &csv::StringRecord,
    options: &ReadOptions,
) -> Option<usize> {
    let mut headings = header.iter().enumerate();
    let found = headings
        .find(|(index, name)| Heading::read(*index, name, options).column() == Some(column));
    found.map(|(index, _)| index)
}

enum Heading {
    Column(&'static str),
    Ignored,
    Unknown,
}

impl Heading {
    fn read(index: usize, name: &str, options: &ReadOptions) -> Self {
        if rejects::is_reason(index, name) {
            return Self::Ignored;
        }
        let mapped = options.mappings.iter().find(|(_, other)| is_same(name, other));
        let column = match mapped {
            Some((column, _)) => COLUMNS.iter().copied().find(|known| known == column),
            None if options.ignored.iter().any(|ignored| is_same(name, ignored)) => {
                return Self::Ignored;
            }
            None => column_named(name),
        };
        column.map_or(Self::Unknown, Self::Column)
    }

    const fn column(&self) -> Option<&'static str> {
        match self {
            Self::Column(column) => Some(column),
            Self::Ignored | Self::Unknown => None,
        }
    }
}

/// Capitals, blanks and punctuation do not matter, unless there is nothing else.
fn is_same(name: &str, other: &str) -> bool {
    let folded_name = folded(name);
    if folded_name.is_empty() { name.trim() == other.trim() } else { folded_name == folded(other) }
}

fn twice<'n>(names: &[&'n str]) -> BTreeSet<&'n str> {
    let mut seen = BTreeSet::new();
    names.iter().copied().filter(|name| !seen.insert(*name)).collect()
}

/// The headings that name no column, and where they stand. Spreadsheets append columns that are
/// called nothing; whether those hold anything, each record is asked.
fn unknown<'h>(header: &'h csv::StringRecord, read: &[Heading]) -> Vec<(usize, &'h str)> {
    let headings = header.iter().zip(read).enumerate();
    let unknown = headings
        .filter(|(_, (name, read))| matches!(read, Heading::Unknown) && !name.trim().is_empty());
    unknown.map(|(index, (name, _))| (index, name)).collect()
}

/// Where the end of the header was lost: one of the headings is a number.
fn runs_on(unknown: &[(usize, &str)]) -> Option<usize> {
    let is_number = |name: &str| {
        let digits = name.bytes().filter(u8::is_ascii_digit).count();
        digits > 2 && name.bytes().all(|b| b.is_ascii_digit() || b" .,+-".contains(&b))
    };
    unknown.iter().find(|(_, name)| is_number(name)).and(unknown.first()).map(|(at, _)| *at)
}

/// That columns are unknown. Headings are not repeated: they may be names and accounts.
fn unknown_columns(unknown: &[(usize, &str)]) -> Vec<String> {
    const SHOWN: usize = 5;
    let mut list = unknown.iter().take(SHOWN).map(|(at, _)| place(*at)).collect::<Vec<_>>();
    if unknown.len() > SHOWN {
        list.push(format!("{} more", unknown.len() - SHOWN));
    }
    let list = match list.split_last() {
        Some((last, [])) => format!("the heading of column {last} is"),
        Some((last, others)) => {
            format!("the headings of columns {} and {last} are", others.join(", "))
        }
        None => return Vec::new(),
    };
    vec![
        format!(
            "{list} not known; say which column it is (--map COLUMN=HEADING), or ignore it \
             (--ignore HEADING)"
        ),
        format!("the columns are {}", COLUMNS.join(", ")),
    ]
}

/// `9 (I)`: the number of a column, and the letter that spreadsheets give it.
fn place(index: usize) -> String {
    let letter = u8::try_from(index).ok().filter(|index| *index < 26);
    match letter.map(|index| char::from(b'A' + index)) {
        Some(letter) => format!("{} ({letter})", index + 1),
        None => (index + 1).to_string(),
    }
}

fn missing_column(column: &str) -> String {
    let set = if SETTABLE.contains(&column) {
        format!(", or --set {column}=VALUE if it is the same for all rows")
    } else {
        String::new()
    };
    format!("there is no column {column}: use --map {column}=HEADING for its heading{set}")
}

/// Mappings without effect: another column may be read than the intended one.
fn mappings_amiss(header: &csv::StringRecord, options: &ReadOptions) -> Vec<String> {
    let mappings = options.mappings.iter().enumerate();
    let amiss = mappings.filter_map(|(index, (column, name))| {
        if !header.iter().any(|heading| is_same(heading, name)) {
            return Some(format!("there is no column with the heading of --map {column}=…"));
        }
        let mut earlier = options.mappings.iter().take(index);
        earlier.find(|(other, earlier)| other != column && is_same(earlier, name)).map(
            |(other, _)| format!("--map names one heading for two columns, {other} and {column}"),
        )
    });
    amiss.collect()
}

/// Columns to leave aside that the file does not have: another one may have been meant.
fn ignored_amiss(header: &csv::StringRecord, options: &ReadOptions) -> Vec<String> {
    let is_there = |ignored: &&String| header.iter().any(|heading| is_same(heading, ignored));
    let amiss = options.ignored.iter().filter(|ignored| !is_there(ignored));
    let shown = |ignored: &String| ignored.chars().take(40).collect::<String>();
    amiss
        .map(|ignored| {
            format!("there is no column with the heading of --ignore {:?}", shown(ignored))
        })
        .collect()
}

fn settings_amiss(named: &[&'static str], options: &ReadOptions) -> Vec<String> {
    let set: Vec<&str> = options.settings.iter().map(|(column, _)| column.as_str()).collect();
    let had = set.iter().filter(|column| named.contains(column)).map(|column| {
        format!(
            "there is a column {column} already; leave out --set {column}, or --ignore the column"
        )
    });
    had.chain(twice(&set).into_iter().map(|column| format!("--set {column} is given twice")))
        .collect()
}
