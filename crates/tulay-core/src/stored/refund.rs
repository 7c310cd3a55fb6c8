//! The journal's form of a refund request.

use super::{StoredExtras, read, restored_extras, stored_extras, write};
use crate::{
    ids::Reference, invalid::Invalid, money::Money, prepared::Lookup, request::RefundRequest,
};
use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const VERSION: u32 = 1;

impl RefundRequest {
    /// The journal's form: JSON, names and numbers in clear. Nothing else serialises them.
    #[must_use]
    pub fn store(&self) -> Bytes {
        write(&StoredRefund::from(self))
    }

    /// Reads what [`store`](Self::store) wrote.
    ///
    /// # Errors
    /// When it is damaged, or of a version that this build does not know. The error does not repeat
    /// what it read.
    pub fn restore(stored: &[u8]) -> Result<Self, Invalid> {
        let expected = "a refund request as this version stores it";
        let stored: StoredRefund = read(stored, VERSION..=VERSION, expected)?;
        stored.try_into()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredRefund {
    version: u32,
    reference: Reference,
    original: Lookup,
    paid: Money,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    paid_at: Option<Timestamp>,
    amount: Money,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    extras: StoredExtras,
}

impl From<&RefundRequest> for StoredRefund {
    fn from(request: &RefundRequest) -> Self {
        Self {
            version: VERSION,
            reference: request.reference.clone(),
            original: request.original.clone(),
            paid: request.paid,
            paid_at: request.paid_at,
            amount: request.amount,
            reason: request.reason.clone(),
            extras: stored_extras(&request.extras),
        }
    }
}

impl TryFrom<StoredRefund> for RefundRequest {
    type Error = Invalid;
    fn try_from(stored: StoredRefund) -> Result<Self, Invalid> {
        Ok(Self {
            reference: stored.reference,
            original: stored.original,
            paid: stored.paid,
            paid_at: stored.paid_at,
            amount: stored.amount,
            reason: stored.reason,
            extras: restored_extras(stored.extras)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Channel, Country, Currency, OrderId, any_request};
    use proptest::prelude::*;

    fn text(request: &RefundRequest) -> String {
        String::from_utf8(request.store().to_vec()).unwrap()
    }

    #[test]
    fn the_stored_form_is_pinned() {
        insta::assert_snapshot!(text(&any_request::full_refund()), @r#"{"version":1,"reference":"F1","original":{"order_id":"CCCT4DQCA7IYPBOIHLLI5GBEMB","country":"PH","amount":{"amount":"100.00","currency":"PHP"},"currency":"PHP","channel":"qr","institution":"gcash","terminal":"T1","provider_reference":"7001","payment":"pay_1","rail_reference":"IP-7001","original":"7000"},"paid":{"amount":"100.00","currency":"PHP"},"paid_at":"2026-11-30T13:00:00Z","amount":{"amount":"40.00","currency":"PHP"},"reason":"damaged","extras":{"acme.notes":"x"}}"#);
        let order_id = OrderId::parse("CCCT4DQCA7IYPBOIHLLI5GBEMB").unwrap();
        let original = Lookup::new(order_id, Country::PH, Currency::PHP, Channel::Qr);
        let paid = Money::from_minor(10_000, Currency::PHP);
        let small = RefundRequest::new(Reference::new("F1").unwrap(), original, paid, paid);
        insta::assert_snapshot!(text(&small), @r#"{"version":1,"reference":"F1","original":{"order_id":"CCCT4DQCA7IYPBOIHLLI5GBEMB","country":"PH","amount":null,"currency":"PHP","channel":"qr","institution":null,"terminal":null,"provider_reference":null,"payment":null,"rail_reference":null,"original":null},"paid":{"amount":"100.00","currency":"PHP"},"amount":{"amount":"100.00","currency":"PHP"}}"#);
    }

    #[test]
    fn other_forms_are_refused() {
        let text = text(&any_request::full_refund());
        let newer = text.replace("\"version\":1", "\"version\":2,\"more\":1");
        let refused = RefundRequest::restore(newer.as_bytes()).unwrap_err();
        assert_eq!(refused.to_string(), "stored.version: expected 1");
        for (member, with) in [
            ("{\"version\"", "{\"more\":1,\"version\""),
            ("\"original\":{", "\"original\":{\"more\":1,"),
            ("\"paid\":{", "\"paid\":{\"more\":1,"),
            ("\"reference\":\"F1\",", ""),
            ("\"qr\"", "\"letter\""),
        ] {
            let other = text.replacen(member, with, 1);
            assert_ne!(other, text, "{member}");
            let refused = RefundRequest::restore(other.as_bytes()).unwrap_err().to_string();
            assert_eq!(refused, "stored: expected a refund request as this version stores it");
        }
    }

    #[test]
    fn an_error_does_not_repeat_what_was_read() {
        let text = text(&any_request::full_refund());
        for value in
            ["F1", "CCCT4DQCA7IYPBOIHLLI5GBEMB", "gcash", "7001", "pay_1", "100.00", "2026"]
        {
            let other = text.replacen(value, " planted ", 1);
            assert_ne!(other, text, "{value}");
            let refused = RefundRequest::restore(other.as_bytes()).unwrap_err();
            assert!(!format!("{refused} {refused:?}").contains("planted"), "{refused}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost_in_storage(request in any_request::refund()) {
            prop_assert_eq!(RefundRequest::restore(&request.store()).unwrap(), request);
        }

        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            let _ = RefundRequest::restore(&bytes);
        }

        #[test]
        fn no_damage_panics(
            request in any_request::refund(),
            at: prop::sample::Index,
            byte: u8,
        ) {
            let mut stored = request.store().to_vec();
            let at = at.index(stored.len());
            stored[at] = byte;
            let _ = RefundRequest::restore(&stored);
        }
    }
}
