//! What this adapter assumes without the provider's word; the README's table lists the same.

use tulay_core::{Assumption, Operation};

pub(crate) const ASSUMPTIONS: &[Assumption] = &[
    Assumption::new("look-up: path", "/payouts/{reference}").operation(Operation::PayoutFind),
    Assumption::new("one reference never makes two orders", "for at least 24 hours")
        .setting("guarantees.resend_for"),
    Assumption::new("a failed payout stays failed", "seen twice, 10 minutes apart")
        .setting("guarantees.failure_final_after"),
];
