//! The codes of a call, and why transactions fail.

/// A code of the Common Code List and its message, in the provider's spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Code {
    pub(super) number: i32,
    pub(super) message: &'static str,
}

macro_rules! codes {
    ($($name:ident = $number:literal, $message:literal;)*) => {
        impl Code {
            $(pub(super) const $name: Self = Self { number: $number, message: $message };)*
            const ALL: &[Self] = &[$(Self::$name),*];
        }
    };
}

codes! {
    SERVER_ERROR = 21000, "Server error, Please try again later.";
    SIGN = 21001, "Request sign error";
    PARAM = 21002, "Request param error";
    APP_ID = 21003, "Request appId error";
    MERCHANT = 21004, "Merchant is unavailable";
    CHANNEL = 21005, "Merchant channel is unavailable";
    NOT_FOUND = 21006, "Merchant transaction not found";
    DUPLICATE_ORDER = 21007, "Duplicate merchant order id";
    TIMESTAMP = 21008, "Request timestamp error";
    TIMESTAMP_EXPIRED = 21009, "Request timestamp error";
    AMOUNT_EXCEEDS = 21010, "The amount exceeds the limit";
    NETWORK = 21011, "Network error";
    BANK_CODE = 21012, "Request bank code error";
    WALLET_CODE = 21013, "Request wallet code error";
    BALANCE = 21014, "Merchant balance insufficient";
    DUPLICATE_IDEMPOTENCY = 21015, "Duplicate idempotencyId";
    IP = 21016, "Merchant ip forbidden";
    COUNTRY = 21017, "Merchant has not opened this national service";
    TRANSFER_CODE = 21018, "Request transfer code error";
    PAY_METHOD = 21019, "Request pay method code error";
    RATE = 21020, "Too many requests, please retry later.";
    AMOUNT_INVALID = 21021, "Transaction Amount Invalid";
    VOLUME = 21022, "Transaction Volume Limit";
    CREATE_FAILED = 21023, "Transaction create failed";
    ACCESS_TOKEN = 21024, "Invalid access token";
    CANCEL = 21025, "Not allowed to cancel";
    CUSTOMER_BALANCE = 21026, "Customer Balance not enough";
    CREATION_LIMIT = 21027, "Transaction creation exceeds limit";
    PAID_OR_CLOSED = 21028, "Transaction already paid or closed";
}

impl Code {
    /// Not in the list: how the example of the look-up says that there is no such transaction.
    pub(super) const NOT_FOUND_BY_EXAMPLE: Self =
        Self { number: 21010, message: "transaction not found" };

    pub(super) const REFUND_NOT_ALLOWED: Self =
        Self { number: 21402, message: "Not allowed to refund" };
    pub(super) const REFUND_TOO_LATE: Self =
        Self { number: 21403, message: "Transactions 60 days ago cannot initiate refunds" };
    pub(super) const REFUND_NOT_WHOLE: Self =
        Self { number: 21404, message: "The original transaction channel not support full refund" };
    pub(super) const REFUND_NOT_IN_PARTS: Self = Self {
        number: 21405,
        message: "The original transaction channel not support partial refund",
    };
    pub(super) const REFUND_AMOUNT: Self = Self { number: 21406, message: "Refund amount invalid" };
    pub(super) const REFUND_REPEATED: Self =
        Self { number: 21407, message: "MchRefundOrderId is repeat" };
    pub(super) const REFUND_OF_UNPAID: Self =
        Self { number: 21408, message: "The original transaction is not completed" };
    pub(super) const REFUND_PENDING: Self =
        Self { number: 21409, message: "The original transaction already exist pending refund" };

    /// The code with these last two digits.
    pub(super) fn ending_in(digits: &str) -> Option<Self> {
        let number: i32 = format!("210{digits}").parse().ok().filter(|_| digits.len() == 2)?;
        Self::ALL.iter().copied().find(|code| code.number == number)
    }
}

/// `failedCode` and `failedMessage` of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) code: i32,
    pub(super) message: &'static str,
}

impl Failure {
    pub(super) const REJECTED: Self = row(-10004, "Transaction Channel Rejected");
    pub(super) const DESTINATION: Self = row(-10005, "Transaction Destination Account Error");

    /// The failure with these last two digits.
    pub(super) fn ending_in(digits: &str) -> Option<Self> {
        let number: i32 = format!("-100{digits}").parse().ok().filter(|_| digits.len() == 2)?;
        FAILURES.iter().copied().find(|failure| failure.code == number)
    }
}

/// The last text is cut in every copy of the list that can be read.
const FAILURES: [Failure; 8] = [
    row(-10000, "Transaction Service Error"),
    row(-10001, "Transaction Exceed Limit"),
    row(-10002, "Transaction Params Error"),
    row(-10003, "Transaction Insufficient Balance"),
    Failure::REJECTED,
    Failure::DESTINATION,
    row(-10006, "Transaction Network Reject"),
    row(-10007, "Transaction Channel T"),
];

const fn row(code: i32, message: &'static str) -> Failure {
    Failure { code, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_the_list_without_gaps() {
        let numbers: Vec<i32> = Code::ALL.iter().map(|code| code.number).collect();
        assert_eq!(numbers, (21_000..=21_028).collect::<Vec<_>>());
        assert_eq!(Code::ending_in("14"), Some(Code::BALANCE));
        for digits in ["29", "99", "", "1", "014", "-1", "+1"] {
            assert_eq!(Code::ending_in(digits), None, "{digits}");
        }
        assert_eq!(Failure::ending_in("05"), Some(Failure::DESTINATION));
        assert_eq!(Failure::ending_in("08"), None);
    }
}
