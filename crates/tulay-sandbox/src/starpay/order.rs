//! A disbursement and how it goes.

use super::{instapay::InstaPay, triggers::Trigger};
use http::Uri;
use jiff::{
    Timestamp,
    tz::{TimeZone, offset},
};
use std::fmt;

/// A disbursement that was accepted. The beneficiary's name is not kept, as nothing asks for it.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) message_id: String,
    pub(super) merchant_id: String,
    pub(super) number: String,
    /// In centavos.
    pub(super) amount: i64,
    pub(super) state: State,
    /// Since when it is in this state.
    pub(super) since: Timestamp,
    pub(super) failure: Option<InstaPay>,
    pub(super) trigger: Trigger,
    pub(super) notify_url: Option<Uri>,
}

/// `trxState`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Processing,
    Success,
    Fail,
    Reversed,
    /// Expired or withdrawn, unpaid.
    Close,
}

/// Whom a disbursement goes to, as the rule of 512 tells users apart.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Payee {
    pub(super) account: String,
    pub(super) bank: String,
}

impl Order {
    /// Whether the money comes back after it was paid.
    pub(super) fn is_to_be_reversed(&self) -> bool {
        self.trigger == Trigger::Reverse
    }
}

impl State {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Processing => "PROCESSING",
            Self::Success => "SUCCESS",
            Self::Fail => "FAIL",
            Self::Reversed => "REVERSED",
            Self::Close => "CLOSE",
        }
    }
}

impl fmt::Debug for Payee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Payee(***)")
    }
}

/// The platform's number for an order: the day in Manila and ten digits.
pub(super) fn number(at: Timestamp, sequence: u64) -> String {
    format!("{}{sequence:010}", in_manila(at, "%Y%m%d"))
}

/// `trxDate`: the time in Manila, `2024-11-27T11:18:41+08:00`.
pub(super) fn transaction_date(at: Timestamp) -> String {
    in_manila(at, "%Y-%m-%dT%H:%M:%S%:z")
}

pub(super) fn in_manila(at: Timestamp, format: &str) -> String {
    at.to_zoned(TimeZone::fixed(offset(8))).strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_begin_in_manila() {
        let at = "2026-11-20T16:00:00.999Z".parse().unwrap();
        assert_eq!(number(at, 7), "202611210000000007");
        assert_eq!(transaction_date(at), "2026-11-21T00:00:00+08:00");
    }

    #[test]
    fn payees_are_not_printed() {
        let payee = Payee { account: "09171234567".into(), bank: "GCash".into() };
        assert!(!format!("{payee:?}").contains("0917"));
    }
}
