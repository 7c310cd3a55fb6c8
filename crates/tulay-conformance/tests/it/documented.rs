//! The codes and statuses of Acme's platform, as its documents would list them.

use crate::{acme::Wrong, platform::Platform};
use tulay_conformance::{AnyStatus, Code, Proves};
use tulay_core::{CollectionStatus, Operation, PayoutStatus, RefundStatus, StaticCodeStatus};

pub(crate) fn codes(platform: &Platform, operation: Operation) -> Vec<Code> {
    let look_up = !operation.writes();
    let drafted = platform.two_steps && operation == Operation::Payout;
    // What the documents say of a confirmation.
    let of_confirmation = drafted.then(|| {
        let rejection = |code| Code::new(code, Proves::Rejection).ends_draft();
        [rejection("C1").in_step(2), rejection("R1").in_step(2)]
    });
    let or_nothing = |proves| if look_up { Proves::Nothing } else { proves };
    [
        ("0", Proves::Success),
        ("400", Proves::Nothing),
        ("B1", or_nothing(Proves::PermanentRejection)),
        ("D1", or_nothing(Proves::Duplicate)),
        ("N1", if look_up { Proves::Absent } else { Proves::Nothing }),
        ("R1", or_nothing(Proves::Rejection)),
        ("R2", or_nothing(Proves::PermanentRejection)),
        ("W1", or_nothing(Proves::Spacing)),
        ("X1", Proves::Nothing),
    ]
    .map(|(code, proves)| Code::new(code, proves))
    .into_iter()
    .chain(of_confirmation.into_iter().flatten())
    .collect()
}

pub(crate) fn statuses(operation: Operation) -> Vec<(String, AnyStatus)> {
    match operation {
        Operation::Payout => AnyStatus::table([
            ("accepted", PayoutStatus::Pending),
            ("paid", PayoutStatus::Succeeded),
            ("failed", PayoutStatus::Failed),
            ("returned", PayoutStatus::Reversed),
        ]),
        Operation::Collection | Operation::StaticCodePayments => AnyStatus::table([
            ("accepted", CollectionStatus::Pending),
            ("paid", CollectionStatus::Paid),
            ("failed", CollectionStatus::Failed),
            ("closed", CollectionStatus::Closed),
            ("returned", CollectionStatus::Reversed),
        ]),
        Operation::StaticCode => AnyStatus::table([
            ("active", StaticCodeStatus::Active),
            ("inactive", StaticCodeStatus::Inactive),
            ("cancelled", StaticCodeStatus::Cancelled),
        ]),
        Operation::Refund => AnyStatus::table([
            ("accepted", RefundStatus::Pending),
            ("paid", RefundStatus::Succeeded),
            ("failed", RefundStatus::Failed),
            ("cancelled", RefundStatus::Cancelled),
        ]),
        _ => Vec::new(),
    }
}

pub(crate) fn notified_statuses(
    platform: &Platform,
    operation: Operation,
) -> Vec<(String, AnyStatus)> {
    if platform.by_number && operation != Operation::Payout {
        return Vec::new();
    }
    let mut words = statuses(operation);
    if operation == Operation::Collection {
        // What failed is an attempt to pay, after which the collection stays open.
        words.retain(|(word, _)| word != "failed");
        words.extend(AnyStatus::table([("failed", CollectionStatus::Pending)]));
    }
    if platform.own_key {
        words.retain(|(word, _)| !["accepted", "failed"].contains(&word.as_str()));
    }
    if platform.wrong == Some(Wrong::HarnessNotifiesTooLittle) {
        words.extend(AnyStatus::table([("never", CollectionStatus::Closed)]));
    }
    words
}
