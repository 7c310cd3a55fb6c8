//! `payData`: what the payer is shown, checked as far as it can be.

mod shown_code;

use crate::{profile::Profile, wire::Paying};
use serde_json::Value;
use shown_code::Unusable;
use std::collections::BTreeMap;
use tulay_adapter::reply::Reply;
use tulay_core::{
    AccountNumber, Channel, Environment, ErrorKind, Lookup, Money, PaymentInstructions, QrText,
    Result, link,
};

/// How to pay an order, as an answer has it; `None` where it does not say. `amount` is what a code
/// must ask for; `None`: the payer chooses. What cannot be read, or asks for something else, is
/// shown to no payer.
pub(crate) fn payment_instructions(
    environment: Environment,
    profile: &Profile,
    lookup: &Lookup,
    amount: Option<Money>,
    reply: &Reply,
    paying: &Paying<'_>,
) -> Result<Option<PaymentInstructions>> {
    read(environment, profile, lookup, amount, paying).map_err(|why| {
        let (kind, message) = match why {
            Unusable::Unreadable => (ErrorKind::Unexpected, "regional's payData cannot be read"),
            Unusable::OtherAmount => {
                let message = "the amount in regional's payData differs from the order's";
                (ErrorKind::Mismatch, message)
            }
        };
        reply.error(kind, message).with_field("payData")
    })
}

fn read(
    environment: Environment,
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
    let Some(text) = text.into_iter().find_map(|text| text.as_str()) else {
        return Ok(None);
    };
    let kind = match paying.channel_type.as_str() {
        Some("QR") => Channel::Qr,
        Some("VA") => Channel::VirtualAccount,
        Some("URL") => Channel::Redirect,
        _ => channel,
    };
    let payment_instructions = match kind {
        Channel::Qr => {
            shown_code::check(profile, channel, amount, text)?;
            PaymentInstructions::Qr(QrText::new(text).map_err(|_| Unusable::Unreadable)?)
        }
        _ if shown_code::is_payment_code(text) => return Err(Unusable::Unreadable),
        Channel::VirtualAccount => PaymentInstructions::VirtualAccount {
            institution: lookup.institution.clone(),
            number: AccountNumber::new(text).map_err(|_| Unusable::Unreadable)?,
            name: None,
        },
        _ if link::allows(environment, text) => PaymentInstructions::Redirect(text.to_owned()),
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
