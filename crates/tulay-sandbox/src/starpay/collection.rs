//! Requested money: dynamic codes (6.1), static ones (6.4), and what was paid on them.

use super::{order::State, triggers::Trigger};
use http::Uri;
use jiff::Timestamp;

/// A repayment of 6.1: one code, one amount, paid once or never.
#[derive(Clone, Debug)]
pub(super) struct Collection {
    pub(super) merchant_id: String,
    /// What the merchant calls it; of a payment of a static code the platform's own number.
    pub(super) message_id: String,
    pub(super) number: String,
    /// In centavos.
    pub(super) amount: i64,
    pub(super) state: State,
    /// Since when it is in this state.
    pub(super) since: Timestamp,
    pub(super) device_info: String,
    pub(super) display_name: Option<String>,
    pub(super) notify_url: Option<Uri>,
    /// What the payer sees, and 6.8 asks for.
    pub(super) ref_no: String,
    /// The text of its code.
    pub(super) code: String,
    /// Whether it is a payment of a static code (6.5).
    pub(super) walked_in: bool,
}

impl Collection {
    /// What the terminal asks for.
    pub(super) fn trigger(&self) -> Trigger {
        Trigger::of(&self.device_info)
    }
}

/// A static code of 6.4.
#[derive(Clone, Debug)]
pub(super) struct StaticCode {
    pub(super) message_id: String,
    pub(super) number: String,
    pub(super) active: bool,
    pub(super) device_info: String,
    pub(super) display_name: Option<String>,
    pub(super) notify_url: Option<Uri>,
    pub(super) ref_no: String,
    pub(super) code: String,
}

/// What 6.1 or 6.4 asks for.
pub(super) struct Asked {
    pub(super) message_id: String,
    /// In centavos; `None` for a static code.
    pub(super) amount: Option<i64>,
    pub(super) device_info: String,
    pub(super) display_name: Option<String>,
    pub(super) notify_url: Option<Uri>,
}
