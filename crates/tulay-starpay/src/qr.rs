//! QR Ph codes, read here before anybody is believed about them.

use crate::{profile::LONGEST_TERMINAL, settings::Settings, wire::Message};
use tulay_adapter::reply::Reply;
use tulay_core::{
    Currency, Error, ErrorKind, Invalid, Lookup, Money, Operation, PaymentInstructions, QrText,
    Result, Terminal,
};
use tulay_qr::{Id, Kind, Payload, Scheme, qrph};

/// Starpay as an acquirer: its BIC stands in every code it issues (28.01).
const STARPAY: &str = "SRCPPHM2XXX";

/// Longest `displayName`: what fits into the code (59).
const LONGEST_DISPLAY_NAME: usize = 25;

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

    /// Whether it costs more than its amount, or may: also by a tip or fee that cannot be read.
    fn has_tip(&self) -> bool {
        [Id::TIP_INDICATOR, Id::FEE_FIXED, Id::FEE_PERCENT]
            .into_iter()
            .any(|id| self.payload.get(id).is_some())
    }

    /// The terminal it names (62.07), without the blanks that fill it up.
    fn terminal(&self) -> Option<&'a str> {
        Some(self.payload.additional().terminal_label()?.text().trim_end())
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
        Error::invalid_as(kind, Operation::Payout, &Invalid::new(field, expected))
    };
    let code = Code::read(text.expose()).map_err(|_| {
        refuse(ErrorKind::Destination, "destination", "an undamaged QR Ph code in PHP")
    })?;
    if code.has_tip() {
        let expected = "a code without tip or fee: what it would cost is not certain";
        return Err(refuse(ErrorKind::Destination, "destination", expected));
    }
    if code.amount.is_some_and(|fixed| fixed != amount) {
        return Err(refuse(ErrorKind::InvalidRequest, "amount", "the amount that the code fixes"));
    }
    Ok(code.payee)
}

/// As much of `deviceInfo` as a code carries.
fn cut(terminal: &str) -> &str {
    terminal.get(..LONGEST_TERMINAL).unwrap_or(terminal).trim_end()
}

/// What a code must say that is shown to a payer.
#[derive(Clone, Copy, Debug)]
struct Expected<'a> {
    /// `None`: the payer chooses, again and again.
    amount: Option<Money>,
    /// `deviceInfo`.
    terminal: &'a str,
}

/// How to pay an order: `codeUrl` of the answer to its creation, where the code asks for the amount
/// of the order, at its terminal. Another code is shown to no payer, though the order stands.
pub(crate) fn payment_instructions(
    settings: &Settings,
    lookup: &Lookup,
    reply: &Reply,
) -> Result<PaymentInstructions> {
    let fail = |kind, what: &str, field: &'static str| {
        reply.error(kind, format!("starpay's code cannot be used: {what}")).with_field(field)
    };
    let text = reply.read::<Message<'_>>()?.code_url.into_string().unwrap_or_default();
    if text.is_empty() {
        return Err(fail(ErrorKind::Unexpected, "the answer has none", "codeUrl"));
    }
    let terminal = lookup.terminal.as_ref().map(Terminal::as_str).unwrap_or_default();
    let expected = Expected { amount: lookup.amount, terminal };
    shown(&text, expected, settings.qr_merchant.as_deref())
        .map_err(|(what, field)| fail(ErrorKind::Mismatch, what, field))?;
    let text =
        QrText::new(text).map_err(|_| fail(ErrorKind::Unexpected, "it is too long", "codeUrl"))?;
    Ok(PaymentInstructions::Qr(text))
}

/// Whether a code asks for that amount at that terminal, for this merchant; else what is wrong, and
/// where.
fn shown(
    text: &str,
    expected: Expected<'_>,
    merchant: Option<&str>,
) -> Result<(), (&'static str, &'static str)> {
    let code = Code::read(text).map_err(|what| (what, "codeUrl"))?;
    if code.amount != expected.amount {
        return Err(("its amount differs from the order's", "amount"));
    }
    if code.has_tip() {
        return Err(("it requests a tip or fee as well", "amount"));
    }
    if !code.is_starpay_s(merchant) {
        return Err(("it pays another merchant", "qr_merchant"));
    }
    // The payments of a static code are assigned by its terminal alone; a collection has an id.
    let without_terminal = expected.amount.is_some();
    if !code.terminal().map_or(without_terminal, |terminal| terminal == cut(expected.terminal)) {
        return Err(("it is another terminal's", "terminal"));
    }
    Ok(())
}

/// `displayName`, as far as it fits into the code.
///
/// # Errors
/// At `display_name`.
pub(crate) fn display_name(name: Option<&str>) -> Result<Option<&str>, Invalid> {
    let fits = |name: &str| {
        (1..=LONGEST_DISPLAY_NAME).contains(&name.len())
            && name.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic())
    };
    match name {
        Some(name) if !fits(name) => {
            Err(Invalid::new("display_name", "1 to 25 printable ASCII characters"))
        }
        name => Ok(name),
    }
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
        let at_terminal = |text: &str, amount, merchant| {
            shown(text, Expected { amount, terminal: "8CYGISAS" }, merchant)
        };
        assert_eq!(at_terminal(DYNAMIC, hundred, Some("MRCHNT-AB12C")), Ok(()));
        assert_eq!(at_terminal(STATIC, None, None), Ok(()));
        for (text, amount, merchant, field) in [
            (DYNAMIC, Some(pesos(10_001)), None, "amount"),
            (DYNAMIC, None, None, "amount"),
            (STATIC, hundred, None, "amount"),
            (DYNAMIC, hundred, Some("MRCHNT-ZZZZZ"), "qr_merchant"),
            ("https://example.com/pay", hundred, None, "codeUrl"),
            (&DYNAMIC.replace("100.00", "100.01"), hundred, None, "codeUrl"),
            (&format!(" {DYNAMIC}"), hundred, None, "codeUrl"),
            (&format!("\u{feff}{DYNAMIC}"), hundred, None, "codeUrl"),
            (&format!("{DYNAMIC}\u{200b}"), hundred, None, "codeUrl"),
            (&[&DYNAMIC[6..], &DYNAMIC[..6]].concat(), hundred, None, "codeUrl"),
        ] {
            assert_eq!(at_terminal(text, amount, merchant).unwrap_err().1, field, "{text}");
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
        assert_eq!(at_terminal(&other, hundred, None).unwrap_err().1, "qr_merchant");
    }

    #[test]
    fn a_shown_code_must_be_of_the_terminal_that_was_asked_for() {
        let of = |text: &str, amount, terminal| {
            shown(text, Expected { amount, terminal }, None).map_err(|(_, field)| field)
        };
        for (text, amount) in [(DYNAMIC, Some(pesos(10_000))), (STATIC, None)] {
            assert_eq!(of(text, amount, "8CYGISAS"), Ok(()));
            assert_eq!(of(text, amount, "8CYGISASX"), Ok(()), "cut to eight");
            for terminal in ["8CYGISAT", "8CYG", "", "8cygisas"] {
                assert_eq!(of(text, amount, terminal), Err("terminal"), "{terminal}");
            }
        }
        let account = qrph::P2m { acquirer: STARPAY, ..Default::default() };
        for (additional, amount, found) in [
            (&[(Id::new(7).unwrap(), "T1      ")][..], None, Ok(())),
            (&[(Id::new(7).unwrap(), "T1      ")][..], Some("1.00"), Ok(())),
            // Nobody could tell what was paid by it.
            (&[][..], None, Err("terminal")),
            (&[][..], Some("1.00"), Ok(())),
        ] {
            let draft = tulay_qr::Draft {
                amount,
                category_code: Some("5814"),
                merchant_name: Some("X"),
                merchant_city: Some("Y"),
                additional,
                ..Default::default()
            };
            let text = account.build(&draft).unwrap();
            assert_eq!(of(&text, amount.map(|_| pesos(100)), "T1"), found);
        }
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
