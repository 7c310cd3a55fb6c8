//! The code that a payer is shown: QR Ph, as text and as a picture.

use crate::kit::keys::encoded;
use tulay_core::{Currency, Money};
use tulay_qr::{Draft, Id, Initiation, Symbol, qrph::P2m};

/// PayMongo as an acquirer (Transfer resource: its code).
pub(super) const ACQUIRER: &str = "PAEYPHM2XXX";

/// The text of a code of this amount, in centavos. `None` if it does not fit, which a test excludes.
pub(super) fn text(amount: i64, reference: &str) -> Option<String> {
    let amount = Money::from_minor(amount, Currency::PHP).amount_text();
    let account = P2m {
        acquirer: ACQUIRER,
        merchant_id: Some(reference),
        flags: Some("000"),
        ..P2m::default()
    };
    let additional = [(Id::new(5)?, reference)];
    account
        .build(&Draft {
            initiation: Some(Initiation::Dynamic),
            amount: Some(&amount),
            category_code: Some("5999"),
            merchant_name: Some("SANDBOX MERCHANT"),
            merchant_city: Some("Manila"),
            additional: &additional,
            ..Draft::default()
        })
        .ok()
}

/// A code as a picture: PNG in base64, as the address of an image.
pub(super) fn picture(text: &str) -> Option<String> {
    let picture = Symbol::new(text).ok()?.to_png().ok()?;
    Some(format!("data:image/png;base64,{}", encoded(&picture)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_amount_fits() {
        for amount in [2_000, 5_000_000, 999_999_999_999] {
            let text = text(amount, "Sandbox00000000000000001").unwrap();
            assert!(tulay_qr::validate(&text).is_valid(), "{:?}", tulay_qr::validate(&text));
            assert!(picture(&text).is_some());
        }
    }
}
