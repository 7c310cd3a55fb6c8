//! The codes that are shown to payers: QR Ph as Starpay lays it out.

use tulay_core::{Currency, Money};
use tulay_qr::{Draft, Id, Initiation, qrph::P2m};

/// Starpay as an acquirer.
const ACQUIRER: &str = "SRCPPHM2XXX";

/// What a code says.
pub(super) struct Shown<'a> {
    pub(super) merchant_id: &'a str,
    pub(super) display_name: Option<&'a str>,
    pub(super) device_info: &'a str,
    pub(super) ref_no: &'a str,
    /// In centavos; `None` for a static code.
    pub(super) amount: Option<i64>,
}

impl Shown<'_> {
    /// The code's text; `None` if what it is to say does not fit into a code.
    pub(super) fn text(&self) -> Option<String> {
        let last_five: String =
            self.merchant_id.to_ascii_uppercase().chars().rev().take(5).collect();
        let qr_merchant = format!("MRCHNT-{:A>5}", last_five.chars().rev().collect::<String>());
        let name: String =
            self.display_name.unwrap_or("SANDBOX MERCHANT").chars().take(25).collect();
        let store: String = name.chars().take(15).collect();
        let terminal: String = format!("{:8}", self.device_info).chars().take(8).collect();
        let amount = self.amount.map(|minor| Money::from_minor(minor, Currency::PHP).amount_text());
        let amount = amount.map(|text| text.replace(',', ""));
        let own = format!("0012ph.ppmi.qrph01{:02}{}", self.ref_no.len(), self.ref_no);
        let additional = [
            (Id::new(0)?, "ph.starpay"),
            (Id::new(3)?, store.as_str()),
            (Id::new(5)?, self.ref_no),
            (Id::new(7)?, terminal.as_str()),
            (Id::new(8)?, "***"),
        ];
        let others = [(Id::new(88)?, own.as_str())];
        let account = P2m {
            acquirer: ACQUIRER,
            merchant_id: Some(&qr_merchant),
            flags: Some("000"),
            ..P2m::default()
        };
        let initiation = if amount.is_some() { Initiation::Dynamic } else { Initiation::Static };
        account
            .build(&Draft {
                initiation: Some(initiation),
                amount: amount.as_deref(),
                category_code: Some("5999"),
                merchant_name: Some(&name),
                merchant_city: Some("Manila"),
                additional: &additional,
                others: &others,
                ..Draft::default()
            })
            .ok()
    }
}

/// `OR#` and five characters that no other order has.
pub(super) fn ref_no(sequence: u64) -> String {
    const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let letter = |place: u32| {
        let five = usize::try_from(sequence >> (5 * place) & 31).unwrap_or_default();
        LETTERS.get(five).map_or('2', |letter| char::from(*letter))
    };
    let letters: String = (0..5).rev().map(letter).collect();
    format!("OR#{letters}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_laid_out_as_those_in_use() {
        let mut shown = Shown {
            merchant_id: "AB12C",
            display_name: None,
            device_info: "8CYGISAS",
            ref_no: "OR#T35T1",
            amount: Some(10_000),
        };
        assert_eq!(
            shown.text().unwrap(),
            "00020101021228530011ph.ppmi.p2m0111SRCPPHM2XXX0312MRCHNT-AB12C05030005204599953036085406100.005802PH5916SANDBOX MERCHANT6006Manila62640010ph.starpay0315SANDBOX MERCHAN0508OR#T35T107088CYGISAS0803***88280012ph.ppmi.qrph0108OR#T35T1630474C3"
        );
        shown.amount = None;
        shown.ref_no = "OR#T35T2";
        assert_eq!(
            shown.text().unwrap(),
            "00020101021128530011ph.ppmi.p2m0111SRCPPHM2XXX0312MRCHNT-AB12C05030005204599953036085802PH5916SANDBOX MERCHANT6006Manila62640010ph.starpay0315SANDBOX MERCHAN0508OR#T35T207088CYGISAS0803***88280012ph.ppmi.qrph0108OR#T35T263043BE3"
        );
        shown.device_info = "T1";
        shown.amount = Some(123_456_789);
        let text = shown.text().unwrap();
        assert!(tulay_qr::validate(&text).is_valid(), "{:?}", tulay_qr::validate(&text));
        shown.display_name = Some("Peña");
        assert_eq!(shown.text(), None);
    }

    #[test]
    fn references_differ() {
        assert_eq!(ref_no(0), "OR#22222");
        assert_eq!(ref_no(33), "OR#22233");
    }
}
