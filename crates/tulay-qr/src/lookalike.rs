//! Texts of QR codes that are often taken for payment codes read here.

use crate::{error::kinds, object::Objects, scheme::promptpay::BotBarcode};
use core::fmt;

kinds! {
    /// What a text is that is no code of this crate. `Display` says it in a sentence.
    Lookalike;
    /// The code on a Thai transfer slip.
    ThaiSlip = "thai_slip", "the code of a Thai transfer slip: a receipt, which can not be paid";
    /// Bank of Thailand's barcode for bills.
    BotBarcode = "bot_barcode", "a Thai bill's barcode, which `BotBarcode` reads";
    /// A text with payment details by the Russian standard GOST R 56042.
    Gost = "gost_st00012", "payment details by GOST R 56042 (ST00012), paid by bank transfer";
    /// Pakistan's Raast transfers, which begin like DuitNow.
    Raast = "raast_p2p", "a Raast transfer of Pakistan, which is no EMVCo code";
    /// An address on the web.
    Url = "url", "an address on the web";
}

/// What a text is, if it is known to be something else than a code read here.
///
/// ```
/// use tulay_qr::{Lookalike, lookalike};
/// assert_eq!(lookalike("ST00012|Name=…|PersonalAcc=…"), Some(Lookalike::Gost));
/// ```
#[must_use]
pub fn lookalike(text: &str) -> Option<Lookalike> {
    let text = text.trim();
    if text.starts_with("ST0001") {
        // ST00011 to ST00013 differ in their character set alone.
        return Some(Lookalike::Gost);
    }
    if text.contains("://") {
        return Some(Lookalike::Url);
    }
    if BotBarcode::parse(text).is_some() {
        return Some(Lookalike::BotBarcode);
    }
    let mut objects = Objects::of(text);
    let first = objects.next()?;
    let number = first.id().number();
    // 00 holds the slip's reference as objects; the checksum is in 91.
    if number == 0 && first.value().starts_with("0006000001") {
        return Some(Lookalike::ThaiSlip);
    }
    // Raast transfers: 00 is 02, and an account number of 24 characters that begins with PK.
    let is_account = |value: &str| value.len() == 24 && value.starts_with("PK");
    let raast = number == 0 && first.value() == "02" && objects.any(|o| is_account(o.value()));
    raast.then_some(Lookalike::Raast)
}
