//! Section 7: what became of a call, which is not what became of the money.

/// A code of section 7 and its message, in the provider's spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Code {
    pub(super) number: &'static str,
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
    SUCCESS = "200", "success";
    BAD_REQUEST = "400", "Bad request";
    INVALID_SIGNATURE = "401", "Invalid signature";
    SIGNATURE_DOES_NOT_VERIFY = "402", "Verify signature failed";
    REPEATED_MESSAGE = "403", "Repeated msgId";
    NOT_FOUND = "404", "Not found";
    TOO_FREQUENT = "406", "Requests are too frequent";
    CONFIGURATION_ERROR = "410", "Configuration error";
    NO_CONFIGURATION = "411", "Lack of configuration";
    ILLEGAL_PARAMETER = "412", "Illegal parameter";
    DUPLICATE_NOTIFICATION = "413", "Duplicate notification";
    MERCHANT_STATUS = "414", "Invalid merchant status,Please contact your Business Manager for assistance";
    NO_DISBURSEMENT = "415", "merchant not opened disburse";
    NO_REPAYMENT = "416", "merchant not opened repay";
    NO_PAY_TYPE = "417", "merchant not open this payType";
    INVALID_BANK = "418", "Invalid Bank";
    BANK_LIST_FAILED = "419", "Quer Bank List Fail";
    UNSUPPORTED_CURRENCY = "420", "Unsupported Currency";
    PROTOCOL = "426", "Protocol does not support";
    THIRD_PARTY_PARAMETERS = "427", "Parse Third Params Error";
    BUSY = "503", "System is busy";
    IN_PROCESS = "511", "Transaction is in the process.";
    PAYEE_TOO_SOON = "512", "Transaction blocked. Avoid repeated disbursement to this user within 10 minutes. Please verify or retry after 10 minutes.";
    NO_MERCHANT = "513", "Could not found this merchant, please check the mchId input";
    NO_SERVICE = "514", "Service not support, please check your request parameters";
    ORDER_MISMATCH = "558", "The order mismatch";
    NO_DISBURSEMENT_ORDER = "565", "The disburse order is null";
    NO_REPAYMENT_ORDER = "566", "The repayment order is null";
    MAINTENANCE = "577", "System maintenance in progress";
}

impl Code {
    /// The rejection with this number, if section 7 lists it.
    pub(super) fn rejection(number: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.number == number && *code != Self::SUCCESS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_section_7() {
        assert_eq!(Code::ALL.len(), 29);
        assert!(Code::ALL.is_sorted_by_key(|code| code.number));
        assert_eq!(Code::rejection("418"), Some(Code::INVALID_BANK));
        assert_eq!(Code::rejection("200"), None);
        assert_eq!(Code::rejection("557"), None);
    }
}
