//! The journal's form of a request for a static code.

use super::{
    StoredExtras, method::StoredMethod, party::StoredParty, read, restored_extras, stored_extras,
    write,
};
use crate::{
    ids::{Reference, Terminal},
    invalid::Invalid,
    money::{Country, Currency},
    request::StaticCodeRequest,
};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const VERSION: u32 = 1;

impl StaticCodeRequest {
    /// The journal's form: JSON, names and numbers in clear. Nothing else serialises them.
    #[must_use]
    pub fn store(&self) -> Bytes {
        write(&StoredStaticCode::from(self))
    }

    /// Reads what [`store`](Self::store) wrote.
    ///
    /// # Errors
    /// When it is damaged, or of a version that this build does not know. The error does not repeat
    /// what it read.
    pub fn restore(stored: &[u8]) -> Result<Self, Invalid> {
        let expected = "a request for a static code as this version stores it";
        let stored: StoredStaticCode = read(stored, VERSION..=VERSION, expected)?;
        stored.try_into()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredStaticCode {
    version: u32,
    reference: Reference,
    country: Country,
    currency: Currency,
    method: StoredMethod,
    holder: StoredParty,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    terminal: Option<Terminal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    display_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    remark: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    extras: StoredExtras,
}

impl From<&StaticCodeRequest> for StoredStaticCode {
    fn from(request: &StaticCodeRequest) -> Self {
        Self {
            version: VERSION,
            reference: request.reference.clone(),
            country: request.country,
            currency: request.currency,
            method: (&request.method).into(),
            holder: (&request.holder).into(),
            terminal: request.terminal.clone(),
            display_name: request.display_name.clone(),
            remark: request.remark.clone(),
            extras: stored_extras(&request.extras),
        }
    }
}

impl TryFrom<StoredStaticCode> for StaticCodeRequest {
    type Error = Invalid;
    fn try_from(stored: StoredStaticCode) -> Result<Self, Invalid> {
        Ok(Self {
            reference: stored.reference,
            country: stored.country,
            currency: stored.currency,
            method: stored.method.try_into()?,
            holder: stored.holder.try_into()?,
            terminal: stored.terminal,
            display_name: stored.display_name,
            remark: stored.remark,
            extras: restored_extras(stored.extras)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CollectionMethod, any_request};
    use proptest::prelude::*;

    fn text(request: &StaticCodeRequest) -> String {
        String::from_utf8(request.store().to_vec()).unwrap()
    }

    #[test]
    fn the_stored_form_is_pinned() {
        insta::assert_snapshot!(text(&any_request::full_static_code()), @r#"{"version":1,"reference":"S1","country":"ID","currency":"IDR","method":{"virtual_account":"CENAIDJA"},"holder":{"name":{"full":"Acme Café"}},"terminal":"T1","display_name":"Acme","remark":"Counter 1","extras":{"acme.branch":"","acme.purpose":"x"}}"#);
        let reference = Reference::new("S1").unwrap();
        let method = CollectionMethod::Qr;
        let small = StaticCodeRequest::new(reference, Country::PH, Currency::PHP, method);
        insta::assert_snapshot!(text(&small), @r#"{"version":1,"reference":"S1","country":"PH","currency":"PHP","method":"qr","holder":{}}"#);
    }

    #[test]
    fn other_forms_are_refused() {
        let text = text(&any_request::full_static_code());
        let newer = text.replace("\"version\":1", "\"version\":2,\"more\":1");
        let refused = StaticCodeRequest::restore(newer.as_bytes()).unwrap_err();
        assert_eq!(refused.to_string(), "stored.version: expected 1");
        let expected = "stored: expected a request for a static code as this version stores it";
        for (member, with) in [
            ("{\"version\"", "{\"more\":1,\"version\""),
            ("\"holder\":{", "\"holder\":{\"more\":1,"),
            ("\"method\":{", "\"method\":{\"more\":1,"),
            ("\"currency\":\"IDR\",", ""),
            ("virtual_account", "wire"),
            ("\"full\"", "\"whole\""),
        ] {
            let other = text.replacen(member, with, 1);
            assert_ne!(other, text, "{member}");
            let refused = StaticCodeRequest::restore(other.as_bytes()).unwrap_err().to_string();
            assert_eq!(refused, expected);
        }
    }

    #[test]
    fn an_error_does_not_repeat_what_was_read() {
        let text = text(&any_request::full_static_code());
        for value in ["S1", "IDR", "CENAIDJA", "Acme Café", "T1"] {
            let other = text.replacen(value, " planted ", 1);
            assert_ne!(other, text, "{value}");
            let refused = StaticCodeRequest::restore(other.as_bytes()).unwrap_err();
            assert!(!format!("{refused} {refused:?}").contains("planted"), "{refused}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost_in_storage(request in any_request::static_code()) {
            prop_assert_eq!(StaticCodeRequest::restore(&request.store()).unwrap(), request);
        }

        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            let _ = StaticCodeRequest::restore(&bytes);
        }

        #[test]
        fn no_damage_panics(
            request in any_request::static_code(),
            at: prop::sample::Index,
            byte: u8,
        ) {
            let mut stored = request.store().to_vec();
            let at = at.index(stored.len());
            stored[at] = byte;
            let _ = StaticCodeRequest::restore(&stored);
        }
    }
}
