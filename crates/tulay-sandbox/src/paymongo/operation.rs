//! The paths of the API.

use http::Method;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    CreateIntent,
    Attach(String),
    Intent(String),
    CreateMethod,
    Payment(String),
    CreateRefund,
    Refund(String),
    CreateBatch,
    Transfer(String),
    Institutions,
    Wallets,
    Wallet(String),
}

impl Operation {
    pub(super) fn of(method: &Method, path: &str) -> Option<Self> {
        let is_post = match *method {
            Method::POST => true,
            Method::GET => false,
            _ => return None,
        };
        let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        Some(match (is_post, segments.as_slice()) {
            (true, ["v1", "payment_intents"]) => Self::CreateIntent,
            (true, ["v1", "payment_intents", id, "attach"]) => Self::Attach((*id).to_owned()),
            (false, ["v1", "payment_intents", id]) => Self::Intent((*id).to_owned()),
            (true, ["v1", "payment_methods"]) => Self::CreateMethod,
            (false, ["v1", "payments", id]) => Self::Payment((*id).to_owned()),
            (true, ["v1", "refunds"]) => Self::CreateRefund,
            (false, ["v1", "refunds", id]) => Self::Refund((*id).to_owned()),
            (true, ["v2", "batch_transfers"]) => Self::CreateBatch,
            (false, ["v2", "transfers", "receiving_institutions"]) => Self::Institutions,
            (false, ["v2", "transfers", id]) => Self::Transfer((*id).to_owned()),
            (false, ["v2", "wallets"]) => Self::Wallets,
            (false, ["v2", "wallets", id]) => Self::Wallet((*id).to_owned()),
            _ => return None,
        })
    }
}
