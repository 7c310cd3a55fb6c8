//! The provider's vocabulary, named as in its documents.

use serde::{Deserialize, Serialize};
use tulay_adapter::json::{IfText, Text};

/// Create Payout (2.1.1, 3.1.1, 4.1.1, 5.1.1), members in the order of its tables, without the
/// time stamp.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Transfer<'a> {
    pub(crate) mch_order_id: &'a str,
    pub(crate) idempotency_id: &'a str,
    /// In the unit of the country's profile.
    pub(crate) amount: i64,
    pub(crate) account_no: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) account_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mobile: Option<&'a str>,
    pub(crate) pay_method_code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) transfer_code: Option<&'a str>,
    /// `NATID` or `MSISDN`, where it goes by PromptPay (5.1.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) promptpay_account_type: Option<&'static str>,
    /// `INDIVIDUAL` or `ORGANIZATION` (5.1.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) account_type: Option<&'static str>,
    /// Identity card or registration (5.1.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) account_tax_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) relationship: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) remark: Option<&'a str>,
}

/// Check Payout Status (2.1.2, 3.1.2), without the time stamp.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Check<'a> {
    pub(crate) mch_order_id: &'a str,
}

/// Create Payment, dynamic and static (2.2.1, 2.3.1 and so on), members in the order of its
/// tables, without the time stamp.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreatePayment<'a> {
    pub(crate) mch_order_id: &'a str,
    /// In the unit of the country's profile; a static code has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) amount: Option<i64>,
    pub(crate) customer_name: &'a str,
    pub(crate) channel_code: &'a str,
    pub(crate) notify_url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) redirect_url: Option<&'a str>,
    pub(crate) email: &'a str,
    pub(crate) mobile: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) remark: Option<&'a str>,
    /// 30 to 3600 (5.2.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expire_seconds: Option<i64>,
    /// The payer's address, for WeChat's page (5.2.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) payer_client_ip: Option<String>,
    /// The payer inside WeChat (5.2.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) wp_openid: Option<&'a str>,
    /// The merchant's application inside WeChat (5.2.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) wp_appid: Option<&'a str>,
}

/// Payment Code Detail and PaymentCode Cancel (2.3.2, 2.3.5), without the time stamp.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CodeCheck<'a> {
    pub(crate) mch_order_id: &'a str,
    pub(crate) channel_code: &'a str,
}

/// Query Static Payment List (2.3.3), without the time stamp; days as `2026-11-20`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CodePayments<'a> {
    pub(crate) mch_order_id: &'a str,
    pub(crate) start_date: &'a str,
    pub(crate) end_date: &'a str,
}

/// Refund (7.1), without the time stamp.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreateRefund<'a> {
    pub(crate) mch_refund_order_id: &'a str,
    pub(crate) original_transaction_id: &'a str,
    /// In the unit of the country's profile.
    pub(crate) refund_amount: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refund_reason: Option<&'a str>,
    pub(crate) refund_callback_url: &'a str,
}

/// Get Refund Payments (7.2), without the time stamp. It does not ask by our id.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RefundsOf<'a> {
    pub(crate) original_transaction_id: &'a str,
}

/// Report Download (1.2), without the time stamp.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReportInquiry<'a> {
    pub(crate) country_code: &'a str,
    /// `2026-11-20`.
    pub(crate) trans_date: &'a str,
    /// 1: payouts, 2: collections.
    pub(crate) trans_type: u8,
}

/// Balance Inquiry (1.1), without the time stamp.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BalanceInquiry<'a> {
    pub(crate) country_code: &'a str,
}

/// What an answer or a notification says of an order, in texts borrowed from it. Which members are
/// there differs between operations; `countryCode` and `currency` are those of version 2. Amounts,
/// states and the currency are read strictly; a member that decides nothing is absent where it
/// holds no text.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Order<'a> {
    /// In the unit of the country's profile, as a number or as text.
    #[serde(borrow)]
    pub(crate) amount: Option<Text<'a>>,
    pub(crate) currency: Option<Text<'a>>,
    pub(crate) transaction_status: Option<Text<'a>>,
    #[serde(default)]
    pub(crate) event_name: IfText<'a>,
    #[serde(default)]
    pub(crate) mch_order_id: IfText<'a>,
    #[serde(default)]
    pub(crate) transaction_id: IfText<'a>,
    /// When it was created, in the answer to a creation.
    #[serde(default)]
    pub(crate) transaction_time: IfText<'a>,
    #[serde(default)]
    pub(crate) create_time: IfText<'a>,
    #[serde(default)]
    pub(crate) return_time: IfText<'a>,
    #[serde(default)]
    pub(crate) failed_code: IfText<'a>,
    #[serde(default)]
    pub(crate) failed_message: IfText<'a>,
    /// The rail's number, as a shop's counter prints it.
    #[serde(default)]
    pub(crate) reference_number: IfText<'a>,
    // What a list of a static code's payments has instead (2.3.3).
    transaction_amount: Option<Text<'a>>,
    #[serde(default)]
    transaction_create_time: IfText<'a>,
    #[serde(default)]
    transaction_return_time: IfText<'a>,
    // What a refund has instead (7.1 to 7.3).
    #[serde(default)]
    mch_refund_order_id: IfText<'a>,
    /// The payment that is given back.
    #[serde(default)]
    pub(crate) original_transaction_id: IfText<'a>,
    #[serde(default)]
    refund_transaction_id: IfText<'a>,
    refund_amount: Option<Text<'a>>,
    /// In the unit of the country's profile.
    #[serde(default)]
    pub(crate) fee_refunded: IfText<'a>,
    refund_status: Option<Text<'a>>,
    #[serde(default)]
    refund_create_time: IfText<'a>,
    #[serde(default)]
    refund_return_time: IfText<'a>,
}

impl Order<'_> {
    /// Whether it is about a refund: nothing else has the refund's id.
    pub(crate) const fn is_refund(&self) -> bool {
        self.mch_refund_order_id.0.is_some()
    }

    /// The refund's id, as it stands there.
    pub(crate) fn refund_id(&self) -> Option<&str> {
        self.mch_refund_order_id.as_str()
    }

    /// The same order, a refund's members read as any order's. The payment's own id goes.
    pub(crate) fn of_refund(self) -> Self {
        Self {
            mch_order_id: self.mch_refund_order_id,
            transaction_id: self.refund_transaction_id,
            amount: self.refund_amount,
            transaction_status: self.refund_status,
            create_time: self.refund_create_time,
            return_time: self.refund_return_time,
            mch_refund_order_id: IfText::default(),
            refund_transaction_id: IfText::default(),
            refund_amount: None,
            refund_status: None,
            refund_create_time: IfText::default(),
            refund_return_time: IfText::default(),
            ..self
        }
    }

    /// The same order, a static payment's members read as any order's.
    pub(crate) fn of_code(self) -> Self {
        Self {
            amount: self.transaction_amount.or(self.amount),
            create_time: self.transaction_create_time.or(self.create_time),
            return_time: self.transaction_return_time.or(self.return_time),
            transaction_amount: None,
            transaction_create_time: IfText::default(),
            transaction_return_time: IfText::default(),
            ..self
        }
    }
}

/// How something is paid, in the answer to a creation or a look-up. The names of version 1 come
/// first; `payUrl` and `qrCodeContent` are those of the Thai edition.
/// It has no `Debug`, as accounts are in it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Paying<'a> {
    #[serde(borrow, default)]
    pub(crate) mch_order_id: IfText<'a>,
    #[serde(default)]
    pub(crate) pay_data: IfText<'a>,
    #[serde(default)]
    pub(crate) pay_url: IfText<'a>,
    #[serde(default)]
    pub(crate) qr_code_content: IfText<'a>,
    /// `URL`, `VA` or `QR`.
    #[serde(default)]
    pub(crate) channel_type: IfText<'a>,
    /// Of a static code.
    pub(crate) status: Option<Text<'a>>,
    #[serde(default)]
    pub(crate) expires_time: IfText<'a>,
    /// Data for a wallet's own browser; its members are not documented.
    pub(crate) metadata: Option<serde_json::Value>,
}

/// What Report Download answers.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReportPlace<'a> {
    #[serde(borrow)]
    pub(crate) download_url: Text<'a>,
}

/// What Balance Inquiry answers.
#[derive(Deserialize)]
pub(crate) struct Funds<'a> {
    /// Decimal text, in major units.
    #[serde(borrow)]
    pub(crate) balance: Text<'a>,
}
