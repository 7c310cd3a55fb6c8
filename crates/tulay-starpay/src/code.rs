//! QR Ph codes, read here before anybody is believed about them.

use tulay_core::{Currency, Error, ErrorKind, Invalid, Money, Operation, QrText, Result};
use tulay_qr::{Id, Kind, Payload, Scheme, qrph};

/// Starpay as an acquirer: its BIC stands in every code it issues (28.01).
const STARPAY: &str = "SRCPPHM2XXX";

/// Whom a code pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Payee {
    Merchant,
    Person,
}

impl Payee {
    /// The word for it in QR Ph.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Merchant => "P2M",
            Self::Person => "P2P",
        }
    }
}

/// A QR Ph code in pesos.
pub(crate) struct Code<'a> {
    pub(crate) payee: Payee,
    /// The amount it fixes.
    pub(crate) amount: Option<Money>,
    payload: Payload<'a>,
}

impl<'a> Code<'a> {
    /// Reads a code; what is wrong with it is said without repeating any of it.
    pub(crate) fn read(text: &'a str) -> Result<Self, &'static str> {
        let payload =
            Payload::parse(text).map_err(|_| "it is no payment code, or a damaged one")?;
        let payee = match (payload.scheme(), payload.kind()) {
            (Scheme::QrPh, Kind::Merchant) => Payee::Merchant,
            (Scheme::QrPh, Kind::Person) => Payee::Person,
            _ => return Err("it is no code of QR Ph"),
        };
        if payload.currency() != Some(tulay_qr::Currency::PHP) {
            return Err("it is not in pesos");
        }
        let stated = payload.minor_units().and_then(|minor| i64::try_from(minor).ok());
        if payload.get(Id::AMOUNT).is_some() && stated.is_none() {
            return Err("its amount cannot be read");
        }
        let amount = stated.map(|minor| Money::from_minor(minor, Currency::PHP));
        Ok(Self { payee, amount, payload })
    }

    /// Whether it is a code that starpay issued, and to the given merchant.
    fn is_starpay_s(&self, merchant: Option<&str>) -> bool {
        qrph::P2m::of(&self.payload).is_some_and(|account| {
            account.acquirer == STARPAY
                && merchant.is_none_or(|merchant| account.merchant_id == Some(merchant))
        })
    }
}

/// Whom a scanned code pays, once it is found to allow this amount.
pub(crate) fn payee(text: &QrText, amount: Money) -> Result<Payee> {
    let refuse = |kind, field: &'static str, expected: &'static str| {
        let invalid = Error::invalid(Operation::Payout, &Invalid::new(field, expected));
        Error::new(Operation::Payout, kind, invalid.to_string())
            .at(field)
            .effect_is(tulay_core::Effect::NotSent)
    };
    let code = Code::read(text.expose()).map_err(|_| {
        refuse(ErrorKind::Destination, "destination", "a code of QR Ph in pesos, undamaged")
    })?;
    if code.payload.tip().is_some() {
        let expected = "a code without tip or fee: what it would cost is not certain";
        return Err(refuse(ErrorKind::Destination, "destination", expected));
    }
    if code.amount.is_some_and(|fixed| fixed != amount) {
        return Err(refuse(ErrorKind::InvalidRequest, "amount", "the amount that the code fixes"));
    }
    Ok(code.payee)
}

/// Whether a code shown for a collection asks for that amount (`None`: the payer chooses) for this
/// merchant; else what is wrong, and where.
pub(crate) fn shown(
    text: &str,
    amount: Option<Money>,
    merchant: Option<&str>,
) -> Result<(), (&'static str, &'static str)> {
    let code = Code::read(text).map_err(|what| (what, "codeUrl"))?;
    if code.amount != amount {
        return Err(("its amount is not the one asked for", "amount"));
    }
    if code.payload.tip().is_some() {
        return Err(("it asks for a tip or fee besides", "amount"));
    }
    if !code.is_starpay_s(merchant) {
        return Err(("it pays another merchant", "qr_merchant"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DYNAMIC: &str = "00020101021228530011ph.ppmi.p2m0111SRCPPHM2XXX0312MRCHNT-AB12C05030005204599953036085406100.005802PH5916SANDBOX MERCHANT6006Manila62640010ph.starpay0315SANDBOX MERCHAN0508OR#T35T107088CYGISAS0803***88280012ph.ppmi.qrph0108OR#T35T1630474C3";
    const STATIC: &str = "00020101021128530011ph.ppmi.p2m0111SRCPPHM2XXX0312MRCHNT-AB12C05030005204599953036085802PH5916SANDBOX MERCHANT6006Manila62640010ph.starpay0315SANDBOX MERCHAN0508OR#T35T207088CYGISAS0803***88280012ph.ppmi.qrph0108OR#T35T263043BE3";

    fn pesos(minor: i64) -> Money {
        Money::from_minor(minor, Currency::PHP)
    }

    #[test]
    fn a_shown_code_must_ask_for_the_amount_and_pay_the_merchant() {
        let hundred = Some(pesos(10_000));
        assert_eq!(shown(DYNAMIC, hundred, Some("MRCHNT-AB12C")), Ok(()));
        assert_eq!(shown(STATIC, None, None), Ok(()));
        for (text, amount, merchant, field) in [
            (DYNAMIC, Some(pesos(10_001)), None, "amount"),
            (DYNAMIC, None, None, "amount"),
            (STATIC, hundred, None, "amount"),
            (DYNAMIC, hundred, Some("MRCHNT-ZZZZZ"), "qr_merchant"),
            ("https://example.com/pay", hundred, None, "codeUrl"),
            (&DYNAMIC.replace("100.00", "100.01"), hundred, None, "codeUrl"),
        ] {
            assert_eq!(shown(text, amount, merchant).unwrap_err().1, field, "{text}");
        }
        let other = qrph::P2m { acquirer: "GXCHPHM2XXX", ..Default::default() };
        let draft = tulay_qr::Draft {
            amount: Some("100.00"),
            category_code: Some("5814"),
            merchant_name: Some("X"),
            merchant_city: Some("Y"),
            ..Default::default()
        };
        let other = other.build(&draft).unwrap();
        assert_eq!(shown(&other, hundred, None).unwrap_err().1, "qr_merchant");
    }

    #[test]
    fn a_scanned_code_fixes_its_amount() {
        let dynamic = QrText::new(DYNAMIC).unwrap();
        assert_eq!(payee(&dynamic, pesos(10_000)).unwrap(), Payee::Merchant);
        assert_eq!(payee(&dynamic, pesos(1)).unwrap_err().field(), Some("amount"));
        let open = QrText::new(STATIC).unwrap();
        assert_eq!(payee(&open, pesos(1)).unwrap(), Payee::Merchant);
        let damaged = QrText::new(DYNAMIC.replace("AB12C", "AB12D")).unwrap();
        assert_eq!(payee(&damaged, pesos(10_000)).unwrap_err().kind(), ErrorKind::Destination);
    }
}
