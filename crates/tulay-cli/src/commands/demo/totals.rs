//! Sums of money and counts of rows, in words.

use std::collections::BTreeMap;
use tulay::{Currency, Money};

/// What amounts come to, by currency.
pub(super) fn totals(amounts: impl Iterator<Item = Money>) -> String {
    let mut totals: BTreeMap<Currency, Option<Money>> = BTreeMap::new();
    for amount in amounts {
        let total = totals.entry(amount.currency()).or_insert_with(|| Some(nothing(amount)));
        *total = total.and_then(|total| total.checked_add(amount));
    }
    totals.into_values().map(shown).collect::<Vec<_>>().join(", ")
}

/// Zero in the currency of an amount.
pub(super) fn nothing(amount: Money) -> Money {
    Money::from_minor(0, amount.currency())
}

/// A sum that may not have fit.
pub(super) fn shown(sum: Option<Money>) -> String {
    sum.map_or("a sum that is too large".into(), |sum| sum.to_string())
}

/// `1 row`, `2 rows`.
pub(super) fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
