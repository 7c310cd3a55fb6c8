//! Requested money: payment requests, and what was paid on them.

use super::{
    channels::{PaymentChannel, PaymentKind},
    triggers::Trigger,
};
use jiff::Timestamp;
use tulay_core::{Country, Money};
use tulay_qr::{Draft, qris, qrph};

/// A payment request.
#[derive(Clone, Debug)]
pub(super) struct PaymentRequest {
    pub(super) business_id: String,
    pub(super) id: String,
    pub(super) reference_id: String,
    /// Whether it is paid again and again.
    pub(super) is_reusable: bool,
    pub(super) channel: &'static PaymentChannel,
    /// `None`: the payer decides.
    pub(super) money: Option<Money>,
    pub(super) description: Option<String>,
    pub(super) display_name: Option<String>,
    /// What the payer is shown: the text of a code, or the number of a virtual account.
    pub(super) shown: String,
    pub(super) status: RequestStatus,
    pub(super) failure: Option<&'static str>,
    /// Oldest first.
    pub(super) payments: Vec<Payment>,
    pub(super) created: Timestamp,
    pub(super) updated: Timestamp,
    pub(super) expires: Timestamp,
    pub(super) trigger: Trigger,
}

/// One payment of a payment request.
#[derive(Clone, Debug)]
pub(super) struct Payment {
    pub(super) id: String,
    pub(super) capture_id: String,
    pub(super) money: Money,
    pub(super) at: Timestamp,
    /// Why it failed, if it did.
    pub(super) failure: Option<&'static str>,
}

/// `status` of a payment request: reference, "Create a payment request".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RequestStatus {
    RequiresAction,
    AcceptingPayments,
    Succeeded,
    Failed,
    Expired,
}

impl RequestStatus {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::RequiresAction => "REQUIRES_ACTION",
            Self::AcceptingPayments => "ACCEPTING_PAYMENTS",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::Expired => "EXPIRED",
        }
    }
}

impl PaymentRequest {
    /// Whether it can be paid.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.status, RequestStatus::RequiresAction | RequestStatus::AcceptingPayments)
    }

    /// Whether a payer that has this before him means it.
    pub(super) fn is_shown_as(&self, code: &str) -> bool {
        [&self.shown, &self.id, &self.reference_id].into_iter().any(|text| text == code)
    }

    pub(super) const fn type_name(&self) -> &'static str {
        if self.is_reusable { "REUSABLE_PAYMENT_CODE" } else { "PAY" }
    }

    pub(super) const fn descriptor(&self) -> &'static str {
        match self.channel.kind {
            PaymentKind::Qr => "QR_STRING",
            PaymentKind::VirtualAccount => "VIRTUAL_ACCOUNT_NUMBER",
        }
    }
}

/// What a payer is shown. `None` only if a code could not be written, which a test excludes.
pub(super) fn shown(
    channel: &PaymentChannel,
    money: Option<Money>,
    sequence: u64,
) -> Option<String> {
    if channel.kind == PaymentKind::VirtualAccount {
        return Some(format!("8808{sequence:012}"));
    }
    let amount = money.map(Money::amount_text);
    // Rupiah have no decimals in a code.
    let amount = amount.as_deref().map(|text| match channel.country {
        Country::ID => text.strip_suffix(".00").unwrap_or(text),
        _ => text,
    });
    let reference = format!("XND{sequence:012}");
    let draft = Draft {
        amount,
        category_code: Some("5999"),
        merchant_name: Some("SANDBOX SHOP"),
        merchant_city: Some("SANDBOX"),
        postal_code: Some("10000"),
        ..Draft::default()
    };
    if channel.country == Country::PH {
        let account = qrph::P2m {
            acquirer: "GXCHPHM2XXX",
            merchant_id: Some(&reference),
            flags: Some("000"),
            ..Default::default()
        };
        return account.build(&draft).ok();
    }
    let merchant = qris::Merchant {
        acquirer: "ID.CO.SANDBOX.WWW",
        pan: "936000140000000001",
        merchant_id: Some(&reference),
        criteria: Some("UMI"),
        national_id: Some("ID1020000000001"),
    };
    merchant.build(&draft).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_valid_and_state_the_amount() {
        for (code, amount) in [("QRPH", "1250.00"), ("QRIS", "1250")] {
            let channel = PaymentChannel::of(code).unwrap();
            let money = Money::from_minor(125_000, channel.currency);
            for money in [Some(money), None] {
                let text = shown(channel, money, 7).unwrap();
                assert!(tulay_qr::validate(&text).is_valid(), "{code} {text}");
                let payload = tulay_qr::Payload::parse(&text).unwrap();
                let stated = payload.amount().map(|amount| amount.text());
                assert_eq!(stated, money.map(|_| amount), "{code}");
            }
        }
    }
}
