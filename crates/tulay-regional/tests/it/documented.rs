//! The codes and states of the platform, as its documents list them.

use tulay_conformance::{AnyStatus, Code, Proves};
use tulay_core::{CollectionStatus, Operation, PayoutStatus, RefundStatus, StaticCodeStatus};

/// Codes whose text says that this request was turned away, and why. Those with another meaning
/// in a single-country edition (21017, 21020 to 21024) are not among them.
const REJECTIONS: [&str; 8] =
    ["21001", "21003", "21004", "21005", "21008", "21009", "21014", "21016"];
const REJECTIONS_OF_CONTENT: [&str; 6] = ["21002", "21010", "21012", "21013", "21018", "21019"];

/// Codes of rejected refunds. A copy of an executed refund may get any of them, so none depends on
/// the content alone; 21401 and 21409 mean that another refund is in process.
const REJECTIONS_OF_REFUNDS: [&str; 6] = ["21402", "21403", "21404", "21405", "21406", "21408"];

/// Every code that answers an operation, with what it proves.
pub(crate) fn codes(operation: Operation) -> Vec<Code> {
    let refunds = matches!(operation, Operation::Refund | Operation::RefundFind);
    let listed = include_str!("data/codes.txt").lines().filter_map(|line| {
        let of_refunds = line.strip_prefix("refund ").filter(|_| refunds);
        let row = line.strip_prefix("common ").or(of_refunds)?;
        Some(row.split_once('\t')?.0)
    });
    let look_up = !operation.writes();
    let proves = |code: &str| match code {
        "10000" => Proves::Success,
        "21006" if look_up => Proves::Absent,
        _ if look_up => Proves::Nothing,
        "21007" | "21015" | "21407" => Proves::Duplicate,
        _ if REJECTIONS_OF_REFUNDS.contains(&code) => Proves::Rejection,
        _ if REJECTIONS.contains(&code) => Proves::Rejection,
        // What may still be refunded changes with every copy that is carried out.
        _ if REJECTIONS_OF_CONTENT.contains(&code) && refunds => Proves::Rejection,
        _ if REJECTIONS_OF_CONTENT.contains(&code) => Proves::PermanentRejection,
        _ => Proves::Nothing,
    };
    listed.map(|code| Code::new(code, proves(code))).collect()
}

/// Every word for a state of what an operation makes.
pub(crate) fn statuses(operation: Operation) -> Vec<(String, AnyStatus)> {
    match operation {
        Operation::Payout => AnyStatus::table([
            ("PENDING", PayoutStatus::Pending),
            ("COMPLETED", PayoutStatus::Succeeded),
            ("COMPLETE", PayoutStatus::Succeeded),
            ("FAILED", PayoutStatus::Failed),
        ]),
        Operation::Collection | Operation::StaticCodePayments => AnyStatus::table([
            ("PENDING", CollectionStatus::Pending),
            ("COMPLETED", CollectionStatus::Paid),
            ("COMPLETE", CollectionStatus::Paid),
            ("FAILED", CollectionStatus::Failed),
        ]),
        Operation::StaticCode => AnyStatus::table([
            ("ACTIVE", StaticCodeStatus::Active),
            ("INACTIVE", StaticCodeStatus::Inactive),
            ("CANCEL", StaticCodeStatus::Cancelled),
        ]),
        Operation::Refund => AnyStatus::table([
            ("PENDING", RefundStatus::Pending),
            ("COMPLETE", RefundStatus::Succeeded),
            ("COMPLETED", RefundStatus::Succeeded),
            ("FAILED", RefundStatus::Failed),
            ("CANCEL", RefundStatus::Cancelled),
        ]),
        _ => Vec::new(),
    }
}
