//! What is unusual about a code, though it may be paid.

use crate::{
    error::{characters, kinds},
    id::Path,
};
use core::fmt;

/// What is unusual about a code, and where. Each of these may occur in codes that are in use.
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
    /// How many characters the value may have, where it has another number of them.
    pub limit: Option<u8>,
}

impl Warning {
    #[cold]
    pub(crate) fn at(
        text: &str,
        byte_offset: usize,
        kind: WarningKind,
        path: impl Into<Option<Path>>,
    ) -> Self {
        let offset = characters(text, byte_offset);
        Self { kind, offset, byte_offset, path: path.into(), limit: None }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = self.path {
            write!(f, "{path}: ")?;
        }
        write!(f, "{}", self.kind)?;
        if let Some(limit) = self.limit.filter(|_| self.kind == WarningKind::ValueLength) {
            write!(f, ", {limit}")?;
        }
        write!(f, " (character {})", self.offset.saturating_add(1))
    }
}

impl WarningKind {
    /// Whether a format forbids it, so that no code is written like this: [`Draft`](crate::Draft) and
    /// [`Editor`](crate::Editor) refuse such values. Everything else is merely unusual.
    #[must_use]
    pub const fn is_forbidden(self) -> bool {
        matches!(
            self,
            Self::AmountDecimals
                | Self::AmountForm
                | Self::BadMcc
                | Self::CityTooLong
                | Self::NameTooLong
                | Self::NotAns
                | Self::UnknownCountry
                | Self::UnknownCurrency
                | Self::ValueCharacter
                | Self::ValueLength
        )
    }
}

kinds! {
    /// What is unusual. `Display` says it in a sentence.
    WarningKind;
    /// The payload is longer than 512 characters (EMVCo MPM 1.0, section 3.1: "should").
    PayloadTooLong = "payload_too_long", "the text is longer than 512 characters";
    /// A value has more characters than its object may have, or another number than the one allowed.
    ValueLength = "value_length", "the value does not have the number of characters that is allowed here";
    /// A value has a character that its object may not have.
    ValueCharacter = "value_character", "a character that this object may not have";
    /// The currency's number is not in ISO 4217.
    UnknownCurrency = "unknown_currency", "this number is no currency of ISO 4217";
    /// The country's letters are not in ISO 3166-1.
    UnknownCountry = "unknown_country", "these letters are no country of ISO 3166-1";
    /// An amount or fee has no digit before the point, or zeros before its first digit.
    AmountForm = "amount_form", "there is no digit before the point, or a zero before the first digit";
    /// The sum of an SBP link has no currency beside it.
    SbpCurrencyMissing = "sbp_currency_missing", "the link names no currency (cur=RUB); a sum of SBP is in kopecks";
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
