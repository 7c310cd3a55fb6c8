//! What IDs are called.

use crate::{id::Path, scheme::Scheme};

impl Path {
    /// What the object is called in its scheme, in words for people; `None` where it is not known.
    ///
    /// ```
    /// use tulay_qr::{Id, Path, Scheme};
    /// assert_eq!(Path::from(Id::AMOUNT).meaning(Scheme::Emv), Some("amount"));
    /// ```
    #[must_use]
    pub const fn meaning(self, scheme: Scheme) -> Option<&'static str> {
        match self.sub {
            None => of_root(scheme, self.root.number()),
            Some(sub) => of_sub(scheme, self.root.number(), sub.number()),
        }
    }
}

const fn of_root(scheme: Scheme, root: u8) -> Option<&'static str> {
    Some(match (scheme, root) {
        (_, 0) => "payload format indicator",
        (_, 1) => "point of initiation",
        (_, 2 | 3) => "account, Visa",
        (_, 4 | 5) => "account, Mastercard",
        (_, 9 | 10) => "account, Discover",
        (_, 11 | 12) => "account, American Express",
        (_, 13 | 14) => "account, JCB",
        (_, 15 | 16) => "account, UnionPay",
        (Scheme::Qris, 51) => "national account",
        (_, 2..=51) => "account",
        (_, 52) => "merchant category code",
        (_, 53) => "currency",
        (_, 54) => "amount",
        (_, 55) => "tip or fee indicator",
        (_, 56) => "fixed fee",
        (_, 57) => "fee in percent",
        (_, 58) => "country",
        (_, 59) => "merchant name",
        (_, 60) => "merchant city",
        (_, 61) => "postal code",
        (_, 62) => "additional data",
        (_, 63) => "CRC",
        (_, 64) => "in another language",
        (Scheme::DuitNow, 82) => "integrity value",
        (Scheme::PromptPay, 81) => "message",
        _ => return None,
    })
}

const fn of_sub(scheme: Scheme, root: u8, sub: u8) -> Option<&'static str> {
    Some(match (scheme, root, sub) {
        (_, 62, _) => return of_additional(scheme, sub),
        (_, 64, 0) => "language",
        (_, 64, 1) => "merchant name",
        (_, 64, 2) => "merchant city",
        (_, 26..=51 | 80..=99, 0) => "identifier",
        (Scheme::QrPh, 27 | 28, 1) => "acquirer",
        (Scheme::QrPh, 27, 2) => "payment type",
        (Scheme::QrPh, 27 | 28, 3) => "merchant ID",
        (Scheme::QrPh, 27 | 28, 4) => "credit account",
        (Scheme::QrPh, 27, 5) => "mobile number",
        (Scheme::QrPh, 88, 1) => "acquirer's data",
        (Scheme::Qris, 40, 1) => "customer PAN",
        (Scheme::Qris, 40, 2) => "beneficiary ID",
        (Scheme::Qris, 40, 4) => "BIC",
        (Scheme::Qris, 26..=45, 1) => "merchant PAN",
        (Scheme::Qris, 26..=45, 2) => "merchant ID",
        (Scheme::Qris, 51, 2) => "national merchant ID",
        (Scheme::Qris, 26..=45 | 51, 3) => "merchant criteria",
        (Scheme::DuitNow, 26, 1) => "acquirer",
        (Scheme::DuitNow, 26, 2) => "merchant ID",
        (Scheme::DuitNow, 26, 3) => "descriptor",
        (Scheme::DuitNow, 26, 4) => "mobile number",
        (Scheme::PromptPay, 29, 1) => "mobile number",
        (Scheme::PromptPay, 29, 2) => "national or tax ID",
        (Scheme::PromptPay, 29, 3) => "e-wallet",
        (Scheme::PromptPay, 29, 4) => "bank account",
        (Scheme::PromptPay, 30, 1) => "biller ID",
        (Scheme::PromptPay, 30, 2) => "reference 1",
        (Scheme::PromptPay, 30, 3) => "reference 2",
        _ => return None,
    })
}

const fn of_additional(scheme: Scheme, sub: u8) -> Option<&'static str> {
    Some(match (scheme, sub) {
        (_, 0) => "identifier",
        (_, 1) => "bill number",
        (_, 2) => "mobile number",
        (_, 3) => "store label",
        (_, 4) => "loyalty number",
        (_, 5) => "reference label",
        (_, 6) => "customer label",
        (_, 7) => "terminal label",
        (_, 8) => "purpose",
        (_, 9) => "consumer data request",
        (_, 10) => "tax ID",
        (_, 11) => "merchant channel",
        (Scheme::DuitNow, 90) => "reference 1",
        (Scheme::DuitNow, 91) => "reference 2",
        (Scheme::DuitNow, 92) => "place",
        _ => return None,
    })
}
