//! What is wrong with a code, and where.

use crate::id::Path;
use core::{error, fmt};

/// What is wrong with a code, and where. It never repeats the value, which may be personal.
/// `Display` counts characters from 1, as people do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Error {
    /// What is wrong.
    pub kind: ErrorKind,
    /// Where, in characters (Unicode scalar values) from the text's beginning. What is missing is
    /// reported at the text's end.
    pub offset: usize,
    /// Where, in bytes of UTF-8 from the text's beginning.
    pub byte_offset: usize,
    /// Which data object, if it is one.
    pub path: Option<Path>,
}

impl Error {
    #[cold]
    pub(crate) fn at(
        text: &str,
        byte_offset: usize,
        kind: ErrorKind,
        path: impl Into<Option<Path>>,
    ) -> Self {
        Self { kind, offset: characters(text, byte_offset), byte_offset, path: path.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let position = self.offset.saturating_add(1);
        match self.path {
            Some(path) => write!(f, "{path}: {} (character {position})", self.kind),
            None => write!(f, "{} (character {position})", self.kind),
        }
    }
}

impl error::Error for Error {}

/// How many characters stand before a byte.
pub(crate) fn characters(text: &str, byte_offset: usize) -> usize {
    // Every byte that begins a character; a plain loop over bytes is many times as fast as decoding.
    let before = text.as_bytes().get(..byte_offset).unwrap_or(text.as_bytes());
    before.iter().filter(|byte| !matches!(byte, 0x80..=0xBF)).count()
}

macro_rules! kinds {
    (
        $(#[$documentation:meta])* $name:ident;
        $($(#[$about:meta])* $variant:ident = $text:literal, $sentence:literal;)*
    ) => {
        $(#[$documentation])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name { $($(#[$about])* $variant,)* }

        impl $name {
            /// The name that programs may rely on.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$variant => $sentence,)* })
            }
        }
    };
}
pub(crate) use kinds;

kinds! {
    /// What is wrong. `Display` says it in a sentence.
    ErrorKind;
    /// There is no text.
    Empty = "empty", "there is nothing to read";
    /// The text is longer than any QR code.
    TooLong = "too_long", "the text is longer than 4,296 characters, the capacity of a QR code";
    /// The text begins with a byte order mark.
    ByteOrderMark = "byte_order_mark", "the text begins with a byte order mark (U+FEFF): leave it out";
    /// There is white space before or after the code.
    WhiteSpace = "white_space", "white space stands before or after the code: leave it out";
    /// There are quotation marks around the code.
    Quotes = "quotes", "a quotation mark stands before or after the code: leave it out";
    /// The code is broken over several lines.
    LineBreak = "line_break", "the code is broken over several lines: write it on one";
    /// There is a character that cannot be seen.
    InvisibleCharacter = "invisible_character", "a character that cannot be seen, or a blank that is no ASCII blank, came into the code";
    /// The text is percent-encoded.
    PercentEncoded = "percent_encoded", "the text is percent-encoded, as in the address of a page: decode it first";
    /// A length counts bytes of UTF-8.
    LengthInBytes = "length_in_bytes", "the length counts bytes; EMVCo counts characters";
    /// The CRC lost its leading zeros.
    CrcShort = "crc_short", "the CRC has fewer than four digits: a leading 0 was lost";
    /// The text ends within an ID or a length.
    TruncatedHeader = "truncated_header", "the text ends within an ID or a length: it was cut short";
    /// A length reaches beyond the text or the template.
    TruncatedValue = "truncated_value", "the length reaches beyond the end: the text was cut short, or the length is wrong";
    /// An ID is not two ASCII digits.
    NonDigitId = "non_digit_id", "an ID of two digits is expected here";
    /// A length is not two ASCII digits.
    NonDigitLength = "non_digit_length", "a length of two digits is expected here";
    /// A length is `00`.
    ZeroLength = "zero_length", "the length is zero, which no object may have";
    /// An ID occurs twice in the same place.
    DuplicateId = "duplicate_id", "this ID occurs a second time";
    /// Something follows the CRC.
    TrailingData = "trailing_data", "something follows the CRC, which has to be last";
    /// A value holds a control character.
    ControlChar = "control_char", "a control character";
    /// The code does not begin with object 00.
    FormatIndicatorNotFirst = "format_indicator_not_first", "object 00 has to come first";
    /// The payload format indicator is not one known.
    BadFormatIndicator = "bad_format_indicator", "the payload format indicator is not 01 (02 for DuitNow)";
    /// There is no CRC.
    CrcMissing = "crc_missing", "there is no CRC (object 63) at the end: the text may have been cut short";
    /// The CRC is not four characters long.
    CrcBadLength = "crc_bad_length", "the CRC has to be four characters long";
    /// The CRC holds something else than hexadecimal digits.
    CrcNotHex = "crc_not_hex", "the CRC has to be hexadecimal digits";
    /// The CRC is not that of the text.
    CrcMismatch = "crc_mismatch", "the CRC does not match: the text was changed or misread";
    /// The CRC is right, but in lower case.
    CrcLowercase = "crc_lowercase", "the CRC is right, but has to be in upper case";
    /// The point of initiation is neither 11 nor 12.
    BadPointOfInitiation = "bad_point_of_initiation", "the point of initiation is neither 11 nor 12";
    /// There is no account in 02 to 51.
    MissingAccount = "missing_account", "there is no account (objects 02 to 51)";
    /// An object that has to be there is not.
    MissingMandatory = "missing_mandatory", "this object has to be there";
    /// The currency is not three digits.
    BadCurrency = "bad_currency", "the currency has to be three digits of ISO 4217";
    /// The country is not two letters.
    BadCountry = "bad_country", "the country has to be two capital letters of ISO 3166";
    /// The amount is malformed, too long or zero.
    BadAmount = "bad_amount", "the amount has to be digits with at most one point, 13 characters at most, and not zero";
    /// The tip or fee indicator is unknown.
    BadTipIndicator = "bad_tip_indicator", "the tip or fee indicator is none of 01, 02, 03";
    /// A fee is announced but not there.
    TipValueMissing = "tip_value_missing", "the indicator announces this fee, and it is missing";
    /// A fee is there but not announced.
    TipValueUnexpected = "tip_value_unexpected", "this fee is there without the indicator that announces it";
    /// A fee is malformed or out of range.
    BadFee = "bad_fee", "a fixed fee has to be an amount above zero, a percentage 00.01 to 99.99";
    /// The currency is not the scheme's.
    SchemeCurrencyMismatch = "scheme_currency_mismatch", "this is not the scheme's currency";
    /// The country is not the scheme's.
    SchemeCountryMismatch = "scheme_country_mismatch", "this is not the scheme's country";
    /// A PromptPay mobile, ID, wallet or account is malformed.
    PromptPayBadProxy = "promptpay_bad_proxy", "the receiver has the wrong length or form for what it is";
    /// PromptPay asks for exactly one receiver.
    PromptPayProxyCount = "promptpay_proxy_count", "exactly one receiver has to be named (01 to 04)";
    /// The link is not https, nor a bank's own scheme.
    SbpBadScheme = "sbp_bad_scheme", "the link has to begin with https:// or bank<12 digits>://";
    /// The link leads to another host.
    SbpBadHost = "sbp_bad_host", "the link leads to another host than qr.nspk.ru and sub.nspk.ru, or names a port or a user";
    /// The link names no code.
    SbpMissingId = "sbp_missing_id", "the link names no code";
    /// The code named is not 32 capital letters and digits.
    SbpBadId = "sbp_bad_id", "the code named has to be 32 characters A-Z and 0-9";
    /// The link holds a character that no link has.
    SbpBadCharacter = "sbp_bad_character", "a blank, a line break, a fragment (#) or another character that no link of SBP has";
    /// A part of the query is not `name=value` with a name in lower case.
    SbpBadParameter = "sbp_bad_parameter", "a parameter is written name=value, and its name in lower case";
    /// A parameter occurs twice.
    SbpRepeatedParameter = "sbp_repeated_parameter", "this parameter is given a second time";
    /// The type is neither 01 nor 02.
    SbpBadType = "sbp_bad_type", "the type is neither 01 (static) nor 02 (dynamic)";
    /// The bank's number is not 12 digits.
    SbpBadBank = "sbp_bad_bank", "the bank is not a number of 12 digits";
    /// The sum is not a whole number of kopecks above zero.
    SbpBadSum = "sbp_bad_sum", "the sum has to be kopecks: 1 to 12 digits, without sign, point or leading zero";
    /// The currency is not RUB.
    SbpBadCurrency = "sbp_bad_currency", "the currency of SBP is RUB";
    /// The link's own checksum is not that of its text.
    SbpCrcMismatch = "sbp_crc_mismatch", "the link's crc does not match its text";
}
