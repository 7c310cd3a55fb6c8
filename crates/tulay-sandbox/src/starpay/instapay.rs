//! Section 9: why a transfer failed.

/// A code of section 9 and its title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct InstaPay {
    pub(super) code: &'static str,
    pub(super) title: &'static str,
}

/// The most that one transfer may carry, in centavos.
pub(super) const CEILING: i64 = 5_000_000;

impl InstaPay {
    pub(super) const NOT_ALLOWED_AMOUNT: Self = row("AM02", "Not Allowed Amount");
    pub(super) const INSUFFICIENT_FUNDS: Self = row("AM04", "Insufficient Funds");

    /// The row with this code, if section 9 lists it as far as it is known.
    pub(super) fn listed(code: &str) -> Option<Self> {
        LISTED.iter().copied().find(|row| row.code == code)
    }
}

const LISTED: [InstaPay; 21] = [
    row("AB01", "Aborted Clearing Timeout"),
    row("AB05", "Timeout Creditor Agent"),
    row("AB06", "Timeout Instructed Agent"),
    row("AB08", "Offline Creditor Agent"),
    row("AB09", "Error Creditor Agent"),
    row("AC01", "Incorrect Account Number"),
    row("AC03", "Invalid Creditor Account Number"),
    row("AC04", "Closed Account Number"),
    row("AC06", "Blocked Account"),
    row("AC07", "Closed Creditor Account Number"),
    row("AC12", "Invalid Account Type"),
    row("AC14", "Invalid Creditor Account Type"),
    row("AG01", "Transaction Forbidden"),
    row("AG03", "Transaction Not Supported"),
    InstaPay::NOT_ALLOWED_AMOUNT,
    InstaPay::INSUFFICIENT_FUNDS,
    row("AM06", "Too Low Amount"),
    row("AM07", "Blocked Amount"),
    row("AM09", "Wrong Amount"),
    row("AM11", "Invalid Transaction Currency"),
    row("AM12", "Invalid Amount"),
];

const fn row(code: &'static str, title: &'static str) -> InstaPay {
    InstaPay { code, title }
}
