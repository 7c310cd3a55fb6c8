//! What is unusual about a code, though it may be paid.

use crate::{
    error::{characters, kinds},
    id::Path,
};
use core::fmt;

/// What is unusual about a code, and where. Each of these occurs in codes that are in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// What is unusual.
    pub kind: WarningKind,
    /// Where, in characters from the text's beginning. What is missing is reported at the end.
    pub offset: usize,
    /// Where, in bytes of UTF-8 from the text's beginning.
    pub byte_offset: usize,
    /// Which data object, if it is one.
    pub path: Option<Path>,
}

impl Warning {
    #[cold]
    pub(crate) fn at(
        text: &str,
        byte_offset: usize,
        kind: WarningKind,
        path: impl Into<Option<Path>>,
    ) -> Self {
        Self { kind, offset: characters(text, byte_offset), byte_offset, path: path.into() }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path {
            Some(path) => write!(f, "{path}: {} (at character {})", self.kind, self.offset),
            None => write!(f, "{} (at character {})", self.kind, self.offset),
        }
    }
}

kinds! {
    /// What is unusual. `Display` says it in a sentence.
    WarningKind;
    /// The payload is longer than 512 characters (EMVCo MPM 1.0, section 3.1: "should").
    PayloadTooLong = "payload_too_long", "the text is longer than 512 characters";
    /// The merchant's name is longer than 25 characters.
    NameTooLong = "name_too_long", "the merchant's name is longer than 25 characters";
    /// The merchant's city is longer than 15 characters.
    CityTooLong = "city_too_long", "the merchant's city is longer than 15 characters";
    /// The merchant category code is not four digits.
    BadMcc = "bad_mcc", "the merchant category code is not four digits";
    /// Name or city hold more than printable ASCII.
    NotAns = "not_ans", "more than printable ASCII; another script belongs in object 64";
    /// An object from 80 to 99 is no template; it is kept as it is.
    NotATemplate = "not_a_template", "not a template (kept as it is)";
    /// An account template has no globally unique identifier.
    GuidMissing = "guid_missing", "the account does not say whose it is (00 within it)";
    /// A static code states an amount.
    AmountWithStatic = "amount_with_static", "the amount is stated, though the code is static (11)";
    /// A dynamic code states no amount.
    DynamicWithoutAmount = "dynamic_without_amount", "the code is dynamic (12), yet states no amount";
    /// The amount has more decimals than its currency.
    AmountDecimals = "amount_decimals", "more decimals than the currency has";
    /// DuitNow with format indicator 01.
    DuitNowFormatIndicator = "duitnow_format_indicator", "DuitNow's standard says 02";
    /// A static QRIS code without the national account, object 51.
    QrisNationalAccountMissing = "qris_national_account_missing", "a static QRIS code should have object 51";
    /// PromptPay without an object that EMVCo makes mandatory, as is customary.
    PromptPayAbsent = "promptpay_absent", "absent, as is customary for PromptPay";
    /// A biller ID that is not 15 digits.
    PromptPayBillerId = "promptpay_biller_id", "the biller ID is not 15 digits";
    /// The link's own checksum is not that of its text; reported so when read leniently.
    SbpCrcMismatch = "sbp_crc_mismatch", "the link's crc does not match its text";
}
