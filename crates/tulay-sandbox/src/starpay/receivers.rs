//! Section 5.1: the banks and wallets that money can be sent to.

use super::{order::in_manila, settings::Maintenance};
use jiff::Timestamp;
use serde::Serialize;
use std::sync::LazyLock;
use tulay_core::{Country, Directory};

/// A row of 5.1.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Receiver {
    swift_code: String,
    bank_name: &'static str,
    bank_code: String,
    maintenance_start_time: String,
    maintenance_end_time: String,
    under_maintenance: &'static str,
}

/// Rows that were seen at the real Starpay: BIC8, name, code where it was seen.
const SEEN: [(&str, &str, Option<&str>); 3] = [
    ("APHIPHM2", "Alipay / Lazada Wallet", Some("7021")),
    ("OPDVPHM1", "AllBank (A Thrift Bank), Inc.", Some("0210")),
    ("SUSVPHM1", "Sun Savings Bank, Inc.", None),
];

static RECEIVERS: LazyLock<Vec<Receiver>> = LazyLock::new(|| {
    let institutions = Directory::of(Country::PH).map(Directory::institutions).unwrap_or_default();
    institutions.iter().filter_map(|row| Some(receiver(row.bic?, row.name))).collect()
});

#[cfg(test)]
fn all() -> &'static [Receiver] {
    &RECEIVERS
}

/// The rows as they are at a time, with their maintenance.
pub(super) fn at(now: Timestamp, windows: &[Maintenance]) -> Vec<Receiver> {
    let mut rows = RECEIVERS.clone();
    for row in &mut rows {
        if let Some(window) = windows.iter().find(|window| window.bank == row.bank_name) {
            row.maintenance_start_time = in_manila(window.from, SHOWN);
            row.maintenance_end_time = in_manila(window.until, SHOWN);
            row.under_maintenance = if window.holds(now) { "true" } else { "false" };
        }
    }
    rows
}

/// `Aug 24, 1:00 AM`.
const SHOWN: &str = "%b %-d, %-I:%M %p";

impl Maintenance {
    pub(super) fn holds(&self, now: Timestamp) -> bool {
        self.from <= now && now < self.until
    }
}

/// Whether money can be sent to a bank of exactly this name.
pub(super) fn has(bank_name: &str) -> bool {
    RECEIVERS.iter().any(|receiver| receiver.bank_name == bank_name)
}

fn receiver(bic: &str, name: &'static str) -> Receiver {
    let seen = SEEN.iter().find(|(seen, ..)| *seen == bic);
    Receiver {
        swift_code: format!("{bic}XXX"),
        bank_name: seen.map_or(name, |(_, name, _)| name),
        bank_code: seen.and_then(|row| row.2).map_or_else(|| made_up(bic), str::to_owned),
        maintenance_start_time: "Aug 24, 1:00 AM".into(),
        maintenance_end_time: "Aug 24, 11:20 AM".into(),
        under_maintenance: "false",
    }
}

/// Four digits that belong to a BIC and stay with it.
fn made_up(bic: &str) -> String {
    let mixed = bic.bytes().fold(7_u32, |mixed, byte| (mixed * 37 + u32::from(byte)) % 9_973);
    format!("{mixed:04}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_and_codes_are_unambiguous_and_the_seen_rows_are_there() {
        let rows = all();
        assert!(rows.len() > 80);
        assert_eq!(rows.iter().map(|row| row.bank_name).collect::<BTreeSet<_>>().len(), rows.len());
        let codes: BTreeSet<_> = rows.iter().map(|row| row.bank_code.as_str()).collect();
        assert_eq!(codes.len(), rows.len());
        for (bic, name, code) in SEEN {
            let row = rows.iter().find(|row| row.bank_name == name).unwrap();
            assert_eq!(row.swift_code, format!("{bic}XXX"));
            assert!(code.is_none_or(|code| row.bank_code == code));
        }
        assert!(has("GCash") && !has("gcash") && !has("Sun Savings Bank"));
    }
}
