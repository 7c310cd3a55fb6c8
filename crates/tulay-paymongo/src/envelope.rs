//! What proves a request: the secret key, by HTTP Basic (money-movement-moving-money-with-api, step
//! 1). What proves a notification: an HMAC over its time and its bytes (securing-webhook). Answers
//! are not signed.

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Request,
    header::{self, InvalidHeaderValue},
};
use jiff::{SignedDuration, Timestamp};
use tulay_adapter::{
    request::{self, not_sent},
    webhooks::verify_timed,
};
use tulay_core::{Error, ErrorKind, Operation, OrderId, Result};

pub use tulay_adapter::keys::ApiKeys as Keys;

/// How secret keys begin (developer-tools-webhook-setup-management).
pub(crate) const TEST_KEYS: &[&str] = &["sk_test_"];
pub(crate) const LIVE_KEYS: &[&str] = &["sk_live_"];

/// Where a transfer bears its key against duplicates (money-movement-best-practices).
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// `t=…,te=…,li=…` (securing-webhook).
const SIGNATURE: &str = "paymongo-signature";

/// Verifies that a notification is signed with one of the secrets, in the place of this mode: `li`
/// if it is live, else `te`. `within` limits how far its time may be from `now`.
pub(crate) fn verify(
    keys: &Keys,
    is_live: bool,
    within: Option<(SignedDuration, Timestamp)>,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<()> {
    let part = if is_live { "li" } else { "te" };
    let second = verify_timed(keys.webhook_secrets(), headers, SIGNATURE, part, body)?;
    let Some((within, now)) = within else { return Ok(()) };
    match Timestamp::from_second(second) {
        Ok(at) if now.duration_since(at).abs() <= within => Ok(()),
        _ => {
            let message = "the notification is too old, or of the future";
            Err(Error::new(Operation::Notification, ErrorKind::Signature, message))
        }
    }
}

/// The request with the key of the account. A transfer also bears its order id, whole, as the key
/// against duplicates.
pub(crate) fn seal(
    operation: Operation,
    keys: &Keys,
    order_id: Option<&OrderId>,
    mut request: Request<Bytes>,
) -> Result<Request<Bytes>> {
    let no_header = |cause: InvalidHeaderValue| -> Error {
        not_sent(operation, "key and order id make no request").with_source(cause)
    };
    let Some(key) = keys.secret_key() else {
        return Err(not_sent(operation, "the keys are not loaded"));
    };
    let basic = request::basic(key.expose(), "").map_err(no_header)?;
    request.headers_mut().insert(header::AUTHORIZATION, basic);
    if let Some(order_id) = order_id {
        let value = HeaderValue::try_from(order_id.as_str()).map_err(no_header)?;
        request.headers_mut().insert(IDEMPOTENCY_KEY, value);
    }
    Ok(request)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tulay_core::Secret;

    /// Made with `openssl dgst -sha256 -hmac whsk_a` over `1796000000.{"a":1}`.
    const SIGNED: &str =
        "t=1796000000,te=35d741ac68b856e6ec3f4d0307ca16a866875b873088496061fc465396afc8c1,li=";
    const BODY: &[u8] = br#"{"a":1}"#;

    fn keys() -> Keys {
        let secret = |text| Secret::new(text).unwrap();
        Keys::new(secret("sk_test_1"), vec![secret("whsk_b"), secret("whsk_a")])
    }

    fn verified(value: &str, is_live: bool, body: &[u8]) -> Result<()> {
        let headers = HeaderMap::from_iter([(
            http::HeaderName::from_static(SIGNATURE),
            HeaderValue::from_str(value).unwrap(),
        )]);
        verify(&keys(), is_live, None, &headers, body)
    }

    #[test]
    fn the_signature_of_openssl_verifies() {
        verified(SIGNED, false, BODY).unwrap();
        verified(&SIGNED.replace("te=", "v=1,te="), false, BODY).unwrap();
        let live = SIGNED.replace("te=", "li=");
        let live = live.trim_end_matches(",li=");
        verified(live, true, BODY).unwrap();
        assert!(verified(live, false, BODY).is_err(), "it is of the live mode");
    }

    #[test]
    fn other_forms_do_not_verify() {
        let upper = SIGNED.to_ascii_uppercase().replace("T=", "t=").replace("TE=", "te=");
        for value in [
            "",
            "t=1796000000",
            &SIGNED.replace("t=1796000000", "t=1796000001"),
            &SIGNED.replace("t=1796000000", "t=01796000000"),
            &SIGNED.replace("t=1796000000", "t=1796000000,t=1796000000"),
            &SIGNED.replace(",li=", "0,li="),
            &SIGNED.replace(",te=", ",te=, te="),
            &upper,
        ] {
            assert!(verified(value, false, BODY).is_err(), "{value}");
        }
        assert!(verified(SIGNED, true, BODY).is_err(), "it is of the test mode");
        assert!(verified(SIGNED, false, br#"{"a": 1}"#).is_err());
    }

    #[test]
    fn time_is_limited_only_where_it_is_set() {
        let value = HeaderValue::from_static(SIGNED);
        let headers = HeaderMap::from_iter([(http::HeaderName::from_static(SIGNATURE), value)]);
        let at = |second| {
            let now = Timestamp::from_second(second).unwrap();
            verify(&keys(), false, Some((SignedDuration::from_mins(5), now)), &headers, BODY)
        };
        assert!(at(1_796_000_300).is_ok() && at(1_795_999_700).is_ok());
        assert!(at(1_796_000_301).is_err() && at(1_795_999_699).is_err());
    }
}
