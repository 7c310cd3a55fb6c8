//! The journal's form of a collection request.

use super::{
    StoredExtras, method::StoredMethod, party::StoredParty, read, restored_extras, stored_extras,
    write,
};
use crate::{
    ids::{Reference, Terminal},
    invalid::Invalid,
    money::{Country, Money},
    request::CollectionRequest,
};
use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const VERSION: u32 = 1;

impl CollectionRequest {
    /// The journal's form: JSON, names and numbers in clear. Nothing else serialises them.
    #[must_use]
    pub fn store(&self) -> Bytes {
        write(&StoredCollection::from(self))
    }

    /// Reads what [`store`](Self::store) wrote.
    ///
    /// # Errors
    /// When it is damaged, or of a version that this build does not know. The error does not repeat
    /// what it read.
    pub fn restore(stored: &[u8]) -> Result<Self, Invalid> {
        let expected = "a collection request as this version stores it";
        let stored: StoredCollection = read(stored, VERSION..=VERSION, expected)?;
        stored.try_into()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredCollection {
    version: u32,
    reference: Reference,
    country: Country,
    amount: Money,
    method: StoredMethod,
    payer: StoredParty,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    terminal: Option<Terminal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    display_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    return_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    remark: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    extras: StoredExtras,
}

impl From<&CollectionRequest> for StoredCollection {
    fn from(request: &CollectionRequest) -> Self {
        Self {
            version: VERSION,
            reference: request.reference.clone(),
            country: request.country,
            amount: request.amount,
            method: (&request.method).into(),
            payer: (&request.payer).into(),
            terminal: request.terminal.clone(),
            display_name: request.display_name.clone(),
            expires: request.expires,
            return_url: request.return_url.clone(),
            remark: request.remark.clone(),
            extras: stored_extras(&request.extras),
        }
    }
}

impl TryFrom<StoredCollection> for CollectionRequest {
    type Error = Invalid;
    fn try_from(stored: StoredCollection) -> Result<Self, Invalid> {
        Ok(Self {
            reference: stored.reference,
            country: stored.country,
            amount: stored.amount,
            method: stored.method.try_into()?,
            payer: stored.payer.try_into()?,
            terminal: stored.terminal,
            display_name: stored.display_name,
            expires: stored.expires,
            return_url: stored.return_url,
            remark: stored.remark,
            extras: restored_extras(stored.extras)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CollectionMethod, Currency, InstitutionId, any_request};
    use proptest::prelude::*;

    fn text(request: &CollectionRequest) -> String {
        String::from_utf8(request.store().to_vec()).unwrap()
    }

    #[test]
    fn the_stored_form_is_pinned() {
        insta::assert_snapshot!(text(&any_request::full_collection()), @r#"{"version":1,"reference":"C1","country":"PH","amount":{"amount":"1250.00","currency":"PHP"},"method":{"wechat":{"open_id":"oUpF8uMuAJO","app_id":"wx8888"}},"payer":{"kind":"person","name":{"parts":{"given":"Ana","middle":"Cruz","family":"Peña","suffix":"III"}},"mobile":"+639171234567","email":"ana@example.com","tax_id":"123-456","relationship":"customer","ip":"2001:db8::1"},"terminal":"T1","display_name":"Acme Café","expires":"2026-11-30T13:00:00.5Z","return_url":"https://shop.example.com/thanks","remark":"Table 7","extras":{"acme.purpose":"x"}}"#);
        let amount = Money::from_minor(100, Currency::PHP);
        let mut small = CollectionRequest::new(
            Reference::new("C1").unwrap(),
            Country::PH,
            amount,
            CollectionMethod::Qr,
        );
        insta::assert_snapshot!(text(&small), @r#"{"version":1,"reference":"C1","country":"PH","amount":{"amount":"1.00","currency":"PHP"},"method":"qr","payer":{}}"#);
        small.method = CollectionMethod::Redirect(InstitutionId::new("gcash").unwrap());
        insta::assert_snapshot!(text(&small), @r#"{"version":1,"reference":"C1","country":"PH","amount":{"amount":"1.00","currency":"PHP"},"method":{"redirect":"gcash"},"payer":{}}"#);
    }

    #[test]
    fn other_forms_are_refused() {
        let text = text(&any_request::full_collection());
        let newer = text.replace("\"version\":1", "\"version\":2,\"more\":1");
        let refused = CollectionRequest::restore(newer.as_bytes()).unwrap_err();
        assert_eq!(refused.to_string(), "stored.version: expected 1");
        for (member, with) in [
            ("{\"version\"", "{\"more\":1,\"version\""),
            ("\"amount\":{", "\"amount\":{\"more\":1,"),
            ("\"wechat\":{", "\"wechat\":{\"more\":1,"),
            ("\"payer\":{", "\"payer\":{\"more\":1,"),
            ("\"parts\":{", "\"parts\":{\"more\":1,"),
            ("\"country\":\"PH\",", ""),
            ("wechat", "telegram"),
        ] {
            let other = text.replacen(member, with, 1);
            assert_ne!(other, text, "{member}");
            let refused = CollectionRequest::restore(other.as_bytes()).unwrap_err().to_string();
            assert_eq!(refused, "stored: expected a collection request as this version stores it");
        }
    }

    #[test]
    fn an_error_does_not_repeat_what_was_read() {
        let text = text(&any_request::full_collection());
        for value in ["C1", "PH", "Ana", "+639171234567", "ana@example.com", "oUpF8uMuAJO", "2026"]
        {
            let other = text.replacen(value, " planted ", 1);
            assert_ne!(other, text, "{value}");
            let refused = CollectionRequest::restore(other.as_bytes()).unwrap_err();
            assert!(!format!("{refused} {refused:?}").contains("planted"), "{refused}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost_in_storage(request in any_request::collection()) {
            prop_assert_eq!(CollectionRequest::restore(&request.store()).unwrap(), request);
        }

        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            let _ = CollectionRequest::restore(&bytes);
        }

        #[test]
        fn no_damage_panics(
            request in any_request::collection(),
            at: prop::sample::Index,
            byte: u8,
        ) {
            let mut stored = request.store().to_vec();
            let at = at.index(stored.len());
            stored[at] = byte;
            let _ = CollectionRequest::restore(&stored);
        }
    }
}
