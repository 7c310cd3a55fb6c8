//! Bank of Thailand's barcode for bills, which is a bill code in other words.

use super::Bill;
use alloc::string::String;
use core::fmt::Write;

/// A bill as on Bank of Thailand's barcode: `|`, then biller ID, first reference, second reference
/// and amount in satang, each on a line of its own that ends with a carriage return. An amount of 0
/// is left to the payer.
///
/// ```
/// use tulay_qr::{Draft, promptpay::{BotBarcode, Bill}};
/// let barcode = BotBarcode::parse("|099400016550100\r123456789012\r670429\r364922").ok_or("no barcode")?;
/// let mut amount = String::new();
/// let text = barcode.bill.build(&Draft { amount: barcode.amount(&mut amount), ..Draft::default() })?;
/// assert!(text.contains("54073649.22"));
/// assert_eq!(barcode.to_text(), "|099400016550100\r123456789012\r670429\r364922");
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "the barcode has these four parts")]
pub struct BotBarcode<'a> {
    /// Whose bill, and which.
    pub bill: Bill<'a>,
    /// Amount in satang, 0 if the payer is to say it.
    pub satang: u64,
}

impl<'a> BotBarcode<'a> {
    /// Reads a barcode's text; `None` if it is not one.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut lines = text.strip_prefix('|')?.split('\r');
        let (biller_id, reference_1) = (lines.next()?, lines.next()?);
        let reference_2 = Some(lines.next()?).filter(|reference| !reference.is_empty());
        let satang = lines.next()?;
        let digits = satang.bytes().all(|byte| byte.is_ascii_digit());
        let satang = satang.parse().ok().filter(|_| digits && lines.next().is_none())?;
        Some(Self { bill: Bill { biller_id, reference_1, reference_2 }, satang })
    }

    /// The barcode's text.
    #[must_use]
    pub fn to_text(&self) -> String {
        let Bill { biller_id, reference_1, reference_2 } = self.bill;
        let reference_2 = reference_2.unwrap_or_default();
        alloc::format!("|{biller_id}\r{reference_1}\r{reference_2}\r{}", self.satang)
    }

    /// The amount in baht as a code states it, written into `buffer`; `None` if it is left to the
    /// payer.
    pub fn amount<'b>(&self, buffer: &'b mut String) -> Option<&'b str> {
        buffer.clear();
        // Writing to a string does not fail.
        let _ = write!(buffer, "{}.{:02}", self.satang / 100, self.satang % 100);
        (self.satang > 0).then_some(buffer.as_str())
    }
}
