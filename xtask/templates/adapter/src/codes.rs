//! The result codes of a call, and the reasons of failed payouts.

use crate::profile::NAME;
use ErrorKind as Kind;
use Verdict::{Nothing, Rejected, RejectedPermanently};
use tulay_adapter::{
    codes::{Row, Table, Verdict},
    not_found::{CodeForm, LookUp, NotFound},
};
use tulay_core::{ErrorKind, Operation};

/// The code of a look-up that found nothing.
const NO_SUCH_PAYOUT: &str = "not_found";

/// The codes that say "no such order", unless the configuration has others.
pub(crate) const NOT_FOUND: NotFound = NotFound {
    form: CodeForm::SmallLetters,
    look_ups: &[look_up(Operation::PayoutFind)],
};

const fn look_up(operation: Operation) -> LookUp {
    LookUp { operation, table: &CODES, codes: &[NO_SUCH_PAYOUT] }
}

/// Every documented code of a call.
pub(crate) const CODES: Table = Table {
    provider: NAME,
    success: None,
    rows: &[
        Row::new("bad_key", Kind::Authentication, Rejected, "the key is not valid"),
        Row::new("busy", Kind::Unavailable, Nothing, "the system is busy"),
        Row::new("duplicate_reference", Kind::Duplicate, Nothing, "the reference was seen before"),
        Row::new("insufficient_funds", Kind::Funds, Rejected, "the balance does not suffice"),
        Row::new("invalid_account", Kind::Beneficiary, RejectedPermanently, "no such account"),
        Row::new("invalid_field", Kind::InvalidRequest, RejectedPermanently, "a bad field"),
        Row::new(NO_SUCH_PAYOUT, Kind::State, Nothing, "no such payout"),
    ],
};

/// Every documented reason of a payout that was accepted and then failed.
pub(crate) const FAILURES: &[(&str, Kind, &str)] = &[
    ("account_closed", Kind::Beneficiary, "the account is closed"),
    ("bank_offline", Kind::Unavailable, "the bank did not respond"),
];
