//! Rows that may be one payout under two references. They are paid, with a warning: two equal
//! payments to one payee can be meant.

use crate::payout_file::row::Row;
use std::hash::{BuildHasher, Hash, RandomState};

/// At most so many warnings of a kind are printed.
const SHOWN: usize = 20;

/// One warning for each group of such rows; the lines are named, and neither payee nor account.
pub(super) fn warnings(rows: &[Row], lines: &[u64]) -> Vec<String> {
    let payees = groups(rows, |row| (&row.request.destination, row.request.amount));
    let references = groups(rows, |row| row.request.reference.as_str().to_ascii_lowercase());
    let warnings = |groups: Vec<Vec<usize>>, what: &str| {
        let place = |group: &Vec<usize>| {
            let lines = group.iter().filter_map(|index| lines.get(*index));
            format!("{} {what}", places(&lines.copied().collect::<Vec<_>>()))
        };
        let mut warnings: Vec<String> = groups.iter().take(SHOWN).map(place).collect();
        if groups.len() > SHOWN {
            warnings.push(format!("and {} more groups of lines that {what}", groups.len() - SHOWN));
        }
        warnings
    };
    let payees =
        warnings(payees, "pay the same amount to the same account under different references");
    let references = warnings(references, "have references that differ only in capitals");
    [payees, references].concat()
}

/// The rows that have their key in common with others, in their order.
fn groups<'r, K: Hash>(rows: &'r [Row], key: impl Fn(&'r Row) -> K) -> Vec<Vec<usize>> {
    let hasher = RandomState::new();
    let hash = |(index, row)| (hasher.hash_one(key(row)), index);
    let mut hashes: Vec<(u64, usize)> = rows.iter().enumerate().map(hash).collect();
    hashes.sort_unstable();
    let alike = hashes.chunk_by(|(one, _), (other, _)| one == other);
    let mut groups: Vec<Vec<usize>> = alike
        .filter(|group| group.len() > 1)
        .map(|g| g.iter().map(|(_, at)| *at).collect())
        .collect();
    groups.sort_unstable();
    groups
}

fn places(lines: &[u64]) -> String {
    match lines {
        [first, second] => format!("lines {first} and {second}"),
        [first, second, third] => format!("lines {first}, {second} and {third}"),
        [first, second, rest @ ..] => format!("lines {first}, {second} and {} others", rest.len()),
        _ => String::new(),
    }
}
