//! QR Ph codes: the picture is read, and what the code says is compared, before a payer sees it.

use crate::{profile::NAME, settings::Settings, wire::ShownCode};
use base64::{Engine, prelude::BASE64_STANDARD};
use tulay_adapter::reply::Reply;
use tulay_core::{Currency, ErrorKind, Lookup, Money, PaymentInstructions, QrText, Result};
use tulay_qr::{Id, Kind, Payload, Scheme, qrph, text_of_png};

/// The code in an answer, if it asks for the amount of the order and pays the merchant. Another one
/// is shown to no payer, though the order stands.
pub(crate) fn payment_instructions(
    settings: &Settings,
    lookup: &Lookup,
    reply: &Reply,
    code: &ShownCode<'_>,
) -> Result<PaymentInstructions> {
    let fail = |(kind, what, field): (ErrorKind, String, &'static str)| {
        reply.error(kind, format!("{NAME}'s code cannot be used: {what}")).with_field(field)
    };
    let text =
        text(&code.image_url.0).map_err(|what| fail((ErrorKind::Unexpected, what, "image_url")))?;
    compared(&text, lookup.amount, settings.qr_merchant.as_deref()).map_err(|(what, field)| {
        let kind = if field == "image_url" { ErrorKind::Unexpected } else { ErrorKind::Mismatch };
        fail((kind, what.to_owned(), field))
    })?;
    let text = QrText::new(text).map_err(|_| {
        let what = "its text is not one line".to_owned();
        fail((ErrorKind::Unexpected, what, "image_url"))
    })?;
    Ok(PaymentInstructions::Qr(text))
}

/// The text of the code in a picture: PNG in base64, with or without the head of a data URL.
fn text(picture: &str) -> Result<String, String> {
    let base64 = picture.strip_prefix("data:image/png;base64,").unwrap_or(picture);
    let file = BASE64_STANDARD.decode(base64).map_err(|_| "it is no picture in base64")?;
    text_of_png(&file).map_err(|error| error.to_string())
}

/// Compares a code with the order. Nothing of the code is repeated in an error; what and where.
fn compared(
    text: &str,
    amount: Option<Money>,
    merchant: Option<&str>,
) -> Result<(), (&'static str, &'static str)> {
    let code = Payload::parse(text)
        .map_err(|_| ("it is no payment code, or a damaged one", "image_url"))?;
    if (code.scheme(), code.kind()) != (Scheme::QrPh, Kind::Merchant) {
        return Err(("it is no code of QR Ph that pays a merchant", "qr_merchant"));
    }
    if code.currency() != Some(tulay_qr::Currency::PHP) {
        return Err(("it is not in pesos", "currency"));
    }
    let stated = code.minor_units().and_then(|minor| i64::try_from(minor).ok());
    let stated = stated.map(|minor| Money::from_minor(minor, Currency::PHP));
    if stated.is_none() || stated != amount {
        return Err(("its amount differs from the order's", "amount"));
    }
    let asks_for_more = [Id::TIP_INDICATOR, Id::FEE_FIXED, Id::FEE_PERCENT];
    if asks_for_more.into_iter().any(|id| code.get(id).is_some()) {
        return Err(("it requests a tip or fee as well", "amount"));
    }
    if qrph::P2m::of(&code).is_none() {
        return Err(("it names no merchant's account", "qr_merchant"));
    }
    if merchant.is_some() && code.merchant_name() != merchant {
        return Err(("it pays another merchant", "qr_merchant"));
    }
    Ok(())
}
