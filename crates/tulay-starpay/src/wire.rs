//! The provider's vocabulary, named as in its documents.

use serde::{Deserialize, Serialize};
use tulay_adapter::json::{IfText, Text, present};
use tulay_core::OrderId;

/// 5.2, members in the order of the sample in 2.4; 5.3 without the bank, 5.8 and 5.9 with a code
/// instead of account and names.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Disburse<'a> {
    pub(crate) msg_id: &'a str,
    pub(crate) mch_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) acct_no: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) acct_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) acct_middle_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) acct_last_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) receiving_bank: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) qr_code: Option<&'a str>,
    /// Centavos, as text like the sample's.
    pub(crate) trx_amount: String,
    pub(crate) currency: &'a str,
    pub(crate) service: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) attach: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) notify_url: Option<&'a str>,
}

/// 6.1 and 6.4, members in the order of the sample of 6.4, which is the alphabet's.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Repay<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) attach: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) currency: Option<&'a str>,
    pub(crate) device_info: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) display_name: Option<&'a str>,
    pub(crate) mch_id: &'a str,
    pub(crate) msg_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) notify_url: Option<&'a str>,
    pub(crate) service: &'a str,
    /// `yyyyMMddHHmmss` in Manila.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) time_expire: Option<&'a str>,
    /// Centavos, as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) trx_amount: Option<String>,
}

/// The members of a prepared 6.1 or 6.4 that its creation needs again.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Asks<'a> {
    msg_id: &'a str,
    pub(crate) time_expire: Option<&'a str>,
}

impl<'a> Asks<'a> {
    /// Reads them, where the text is one that was prepared for this order.
    pub(crate) fn of(body: &'a str, order_id: &OrderId) -> Option<Self> {
        let asks: Self = serde_json::from_str(body).ok()?;
        (asks.msg_id == order_id.as_str()).then_some(asks)
    }
}

/// What asks or changes without making an order: 5.1, 5.4, 5.6, 5.7, 6.2 and 6.6 to 6.9. Members
/// in the order of 6.2, which is the alphabet's.
#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Query<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) device_info: Option<&'a str>,
    pub(crate) mch_id: &'a str,
    pub(crate) msg_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) original_msg_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) qr_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ref_no: Option<&'a str>,
    pub(crate) service: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<&'a str>,
}

/// What became of a call, and whose it was: of all that an answer says, what decides whether it is
/// believed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Head<'a> {
    #[serde(borrow)]
    pub(crate) code: Text<'a>,
    #[serde(default)]
    pub(crate) message: IfText<'a>,
    /// `None` where the member is missing.
    #[serde(default, deserialize_with = "present")]
    pub(crate) msg_id: Option<IfText<'a>>,
    #[serde(default)]
    pub(crate) mch_id: IfText<'a>,
    #[serde(default)]
    pub(crate) original_msg_id: IfText<'a>,
}

/// What an answer or a notification says, by the names of 6.2 and 6.3, in texts borrowed from it.
/// Only `code` is certain to be there. Amount and state are read strictly; a member that decides
/// nothing is absent where it holds no text.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Message<'a> {
    #[serde(borrow)]
    pub(crate) code: Text<'a>,
    /// Centavos, as a number or as text.
    pub(crate) trx_amount: Option<Text<'a>>,
    pub(crate) trx_state: Option<Text<'a>>,
    #[serde(default)]
    pub(crate) msg_id: IfText<'a>,
    #[serde(default)]
    pub(crate) mch_id: IfText<'a>,
    #[serde(default)]
    pub(crate) original_msg_id: IfText<'a>,
    #[serde(default)]
    pub(crate) order_no: IfText<'a>,
    #[serde(default)]
    pub(crate) trx_date: IfText<'a>,
    #[serde(default)]
    pub(crate) error_code: IfText<'a>,
    #[serde(default)]
    pub(crate) error_message: IfText<'a>,
    /// 6.1 and 6.4: the text of the code, not an address.
    #[serde(default)]
    pub(crate) code_url: IfText<'a>,
    #[serde(default)]
    pub(crate) device_info: IfText<'a>,
    #[serde(default)]
    pub(crate) ref_no: IfText<'a>,
    /// 6.3: the payer, a wallet's account as `639171234567`.
    #[serde(default)]
    pub(crate) pay_acct_name: IfText<'a>,
    #[serde(default)]
    pub(crate) pay_acct_no: IfText<'a>,
    /// 5.7: `P2M` or `P2P`, and the payee.
    #[serde(default)]
    pub(crate) qr_type: IfText<'a>,
    #[serde(default)]
    pub(crate) acct_name: IfText<'a>,
    /// 6.7: what the code's status is now.
    #[serde(default)]
    pub(crate) status: IfText<'a>,
}

/// A row of 5.1.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Receiver<'a> {
    #[serde(borrow)]
    pub(crate) bank_name: Text<'a>,
    #[serde(default)]
    pub(crate) swift_code: IfText<'a>,
    #[serde(default)]
    pub(crate) maintenance_start_time: IfText<'a>,
    #[serde(default)]
    pub(crate) maintenance_end_time: IfText<'a>,
    #[serde(default)]
    pub(crate) under_maintenance: IfText<'a>,
}
