//! The header: which column is which. One error holds all its mistakes.

use super::options::{ReadOptions, SETTABLE};
use crate::payout_file::cells::{COLUMNS, HEADER, column_named, folded};
use std::collections::BTreeSet;

/// Without these, nothing can be paid.
const REQUIRED: [&str; 5] = ["reference", "country", "amount", "currency", "account"];

/// For each column what it holds, or `None` where it is left aside; else everything that is wrong.
pub(super) fn columns(
    header: &csv::StringRecord,
    options: &ReadOptions,
) -> Result<Vec<Option<&'static str>>, Vec<String>> {
    let read: Vec<Heading> = header.iter().map(|name| Heading::read(name, options)).collect();
    let named: Vec<&'static str> = read.iter().filter_map(Heading::column).collect();
    if !REQUIRED.iter().any(|column| named.contains(column)) {
        // Perhaps the first payout: nothing of it is repeated.
        return Err(vec![format!(
            "expected a header, such as {}; if its columns are called something else, say so \
             (--map reference=NAME)",
            HEADER
        )]);
    }
    // Spreadsheets append columns that are called nothing. Whether they hold nothing, each record
    // is asked.
    let unknown = header
        .iter()
        .zip(&read)
        .filter(|(name, read)| matches!(read, Heading::Unknown) && !name.trim().is_empty());
    let unknown: Vec<&str> = unknown.map(|(name, _)| name).collect();
    let mut wrong = Vec::new();
    wrong.extend(unknown_columns(&unknown));
    wrong.extend(twice(&named).into_iter().map(|column| {
        format!("two columns are read as {column}; rename one of them, or --ignore it")
    }));
    wrong.extend(mappings_amiss(header, options));
    wrong.extend(settings_amiss(&named, options));
    let set = |column: &&str| options.settings.iter().any(|(set, _)| set == column);
    let missing = REQUIRED.into_iter().filter(|column| !named.contains(column) && !set(column));
    wrong.extend(missing.map(missing_column));
    if wrong.is_empty() { Ok(read.iter().map(Heading::column).collect()) } else { Err(wrong) }
}

enum Heading {
    Column(&'static str),
    Ignored,
    Unknown,
}

impl Heading {
    fn read(name: &str, options: &ReadOptions) -> Self {
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

fn unknown_columns(names: &[&str]) -> Option<String> {
    const SHOWN: usize = 5;
    let shown = |name: &str| format!("{:?}", name.trim().chars().take(40).collect::<String>());
    let first = shown(names.first()?);
    let mut list = names.iter().take(SHOWN).map(|name| shown(name)).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        list.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    Some(format!(
        "no column is called {list}; say what it is (--map COLUMN={first}) or leave it aside \
         (--ignore {first}); there are {}",
        COLUMNS.join(", ")
    ))
}

fn missing_column(column: &str) -> String {
    let set = if SETTABLE.contains(&column) {
        format!(", or --set {column}=VALUE if it is the same for all rows")
    } else {
        String::new()
    };
    format!("there is no column {column}; --map {column}=NAME if it is called something else{set}")
}

/// Mappings without effect: another column may be read than the intended one.
fn mappings_amiss(header: &csv::StringRecord, options: &ReadOptions) -> Vec<String> {
    let mappings = options.mappings.iter().enumerate();
    let amiss = mappings.filter_map(|(index, (column, name))| {
        if !header.iter().any(|heading| is_same(heading, name)) {
            return Some(format!("no column is called as --map {column}=… says"));
        }
        let mut earlier = options.mappings.iter().take(index);
        earlier.find(|(other, earlier)| other != column && is_same(earlier, name)).map(
            |(other, _)| {
                format!("--map says of one column that it is {other}, and that it is {column}")
            },
        )
    });
    amiss.collect()
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
