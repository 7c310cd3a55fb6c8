//! Lines that are no payouts: the total under the rows, the header once more.

use crate::payout_file::cells::Cells;
use std::collections::BTreeMap;
use tulay::{Currency, Money};

/// Says of a row that it is a total.
pub(super) const MESSAGE: &str = "looks like the total of the rows above: remove the line";

/// How totals are called where payouts are made, in small letters.
const WORDS: [&str; 22] = [
    "total",
    "totals",
    "subtotal",
    "sub-total",
    "sub total",
    "sum",
    "grand total",
    "kabuuan",
    "kabuuang halaga",
    "jumlah",
    "jumlah besar",
    "subjumlah",
    "keseluruhan",
    "รวม",
    "รวมทั้งสิ้น",
    "รวมทั้งหมด",
    "รวมเงิน",
    "ยอดรวม",
    "итого",
    "всего",
    "итог",
    "сумма",
];

/// Whether a record is a total: its reference says so; or it has no account and a cell says so, or
/// an amount and neither reference nor name.
pub(super) fn is_total(record: &csv::StringRecord, cells: &Cells) -> bool {
    let Cells { reference, amount, account, name, given_name, family_name, .. } = cells;
    let is_nameless = || [reference, name, given_name, family_name].iter().all(|c| c.is_none());
    let is_word = |cell: &str| WORDS.contains(&cell.trim().to_lowercase().as_str());
    if reference.as_deref().is_some_and(is_word) {
        return true;
    }
    account.as_deref().is_none_or(names_total)
        && ((amount.is_some() && is_nameless()) || record.iter().any(names_total))
}

fn names_total(cell: &str) -> bool {
    let cell = cell.trim().to_lowercase();
    let is_word = |word: &&str| {
        let rest = cell.strip_prefix(*word);
        rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
    };
    WORDS.iter().any(is_word)
}

/// The sums of the rows so far, by currency.
#[derive(Default)]
pub(super) struct Sums(BTreeMap<Currency, Sum>);

#[derive(Clone, Copy)]
struct Sum {
    rows: usize,
    total: Option<Money>,
}

impl Sums {
    pub(super) fn add(&mut self, amount: Money) {
        let zero = Sum { rows: 0, total: Some(Money::from_minor(0, amount.currency())) };
        let sum = self.0.entry(amount.currency()).or_insert(zero);
        sum.rows += 1;
        sum.total = sum.total.and_then(|total| total.checked_add(amount));
    }

    /// Whether a text is the sum of several rows, however its thousands are separated.
    pub(super) fn has(&self, text: &str) -> bool {
        let plain: String = text.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
        self.0.iter().filter(|(_, sum)| sum.rows > 1).any(|(currency, sum)| {
            sum.total.is_some() && Money::parse(&plain, *currency).ok() == sum.total
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_recognised_by_their_words() {
        for total in
            ["Total", "TOTAL:", "Grand Total (PHP)", "Jumlah", "รวม", "ยอดรวม", "Итого:", "sum"]
        {
            assert!(names_total(total), "{total}");
        }
        for other in ["", "TotalEnergies", "INV-TOTAL", "Summer Lim", "Jumlahwati", "R1"] {
            assert!(!names_total(other), "{other}");
        }
    }

    #[test]
    fn sums_are_recognised_in_any_spelling() {
        let mut sums = Sums::default();
        let amount = |text| Money::parse(text, Currency::PHP).unwrap();
        sums.add(amount("1250.00"));
        assert!(!sums.has("1250.00"), "one row has no total");
        sums.add(amount("95760.00"));
        for text in ["97010.00", "97,010.00", "PHP 97 010", "₱97010"] {
            assert!(sums.has(text), "{text}");
        }
        for text in ["", "97010.01", "970100", "total"] {
            assert!(!sums.has(text), "{text}");
        }
    }
}
