//! `payData`: what the payer is shown, checked as far as it can be.

use crate::{profile::Profile, wire::Paying};
use serde_json::Value;
use std::collections::BTreeMap;
use tulay_adapter::reply::Reply;
use tulay_core::{
    AccountNumber, BaseUrl, Channel, Currency, ErrorKind, Lookup, Money, PaymentInstructions,
    QrText, Result,
};
use tulay_qr::{Id, Payload, SbpLink};

/// Why something cannot be shown to a payer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unusable {
    /// It is not what `channelType` says it is.
    Unreadable,
    /// It asks for another amount, or in another currency.
    OtherAmount,
}

/// How to pay an order, as an answer has it; `None` where it does not say. `amount` is what a code
/// must ask for; `None`: the payer chooses. What cannot be read, or
/// asks for something else, is shown to no payer.
pub(crate) fn payment_instructions(
    profile: &Profile,
    lookup: &Lookup,
    amount: Option<Money>,
    reply: &Reply,
    paying: &Paying<'_>,
) -> Result<Option<PaymentInstructions>> {
    read(profile, lookup, amount, paying).map_err(|why| {
        let (kind, message) = match why {
            Unusable::Unreadable => (ErrorKind::Unexpected, "regional's payData cannot be read"),
            Unusable::OtherAmount => {
                let message = "regional's payData asks for another amount than was asked for";
                (ErrorKind::Mismatch, message)
            }
        };
        reply.error(kind, message).with_field("payData")
    })
}

fn read(
    profile: &Profile,
    lookup: &Lookup,
    amount: Option<Money>,
    paying: &Paying<'_>,
) -> Result<Option<PaymentInstructions>, Unusable> {
    let channel = lookup.channel;
    if channel == Channel::InApp
        && let Some(call) = wallet_call(paying)
    {
        return Ok(Some(PaymentInstructions::WalletCall(call)));
    }
    let text = [&paying.pay_data, &paying.qr_code_content, &paying.pay_url];
    let Some(text) = text.into_iter().flatten().map(|text| &*text.0).find(|t| !t.is_empty()) else {
        return Ok(None);
    };
    let kind = match paying.channel_type.as_ref().map(|kind| &*kind.0) {
        Some("QR") => Channel::Qr,
        Some("VA") => Channel::VirtualAccount,
        Some("URL") => Channel::Redirect,
        _ => channel,
    };
    let payment_instructions = match kind {
        Channel::Qr => {
            checked(profile, amount, text)?;
            PaymentInstructions::Qr(QrText::new(text).map_err(|_| Unusable::Unreadable)?)
        }
        Channel::VirtualAccount => PaymentInstructions::VirtualAccount {
            institution: lookup.institution.clone(),
            number: AccountNumber::new(text).map_err(|_| Unusable::Unreadable)?,
            name: None,
        },
        _ if is_page(text) => PaymentInstructions::Redirect(text.to_owned()),
        _ => return Err(Unusable::Unreadable),
    };
    Ok(Some(payment_instructions))
}

/// The parameters of WeChat's call (5.2, "Wechat Calls Payment Reference"), which are texts.
fn wallet_call(paying: &Paying<'_>) -> Option<BTreeMap<String, String>> {
    let call = paying.metadata.as_ref()?.get("wechatpay")?.as_object()?;
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let call: BTreeMap<_, _> =
        call.iter().filter_map(|(name, value)| Some((name.clone(), text(value)?))).collect();
    Some(call).filter(|call| !call.is_empty())
}

/// A page on the web, or one on this machine.
fn is_page(text: &str) -> bool {
    text.parse().is_ok_and(|uri| BaseUrl::allows(&uri))
}

/// A code states the requested amount in its currency, and neither tip nor fee, so that a payer
/// cannot pay another amount by it. A text that is no payment code, such as a wallet's own, is
/// returned unread.
fn checked(profile: &Profile, amount: Option<Money>, text: &str) -> Result<(), Unusable> {
    if let Ok(link) = SbpLink::parse(text) {
        // A link that names no currency is in roubles.
        let in_roubles = link.currency().is_none_or(|currency| currency == "RUB");
        if profile.currency != Currency::RUB || !in_roubles {
            return Err(Unusable::OtherAmount);
        }
        let stated = link.sum().and_then(|sum| i64::try_from(sum).ok());
        let agrees = match (stated, amount) {
            (Some(sum), Some(amount)) => sum == amount.minor(),
            // A sum that cannot be read is no missing one.
            (None, _) => link.parameter("sum").is_none(),
            (Some(_), None) => true,
        };
        return if agrees { Ok(()) } else { Err(Unusable::OtherAmount) };
    }
    // A link with a sum, a currency or a host that SBP does not have.
    if SbpLink::looks_like(text) {
        return Err(Unusable::OtherAmount);
    }
    if !text.starts_with("0002") {
        return Ok(());
    }
    let read = Payload::parse_leniently(text).map_err(|_| Unusable::Unreadable)?;
    let payload = read.payload;
    if payload.country().is_some_and(|country| country != profile.country.as_str()) {
        return Err(Unusable::OtherAmount);
    }
    let letters = payload.currency().map(tulay_qr::Currency::letters);
    if letters.is_some_and(|letters| letters != Some(profile.currency.as_str())) {
        return Err(Unusable::OtherAmount);
    }
    // One that cannot be read may cost something too.
    let adds = [Id::TIP_INDICATOR, Id::FEE_FIXED, Id::FEE_PERCENT];
    if adds.into_iter().any(|id| payload.get(id).is_some()) {
        return Err(Unusable::OtherAmount);
    }
    if payload.amount().is_none() && payload.get(Id::AMOUNT).is_some() {
        return Err(Unusable::Unreadable);
    }
    let stated = payload.amount().map(|stated| Money::parse(stated.text(), profile.currency));
    match (stated, amount) {
        (Some(Ok(stated)), Some(amount)) if stated == amount => Ok(()),
        // Without an amount in it the payer would choose one.
        (None, None) => Ok(()),
        _ => Err(Unusable::OtherAmount),
    }
}
