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
    json::whole_number,
    request::{self, not_sent},
    webhooks::is_hmac_sha256,
};
use tulay_core::{Error, Operation, OrderId, Result};

pub use tulay_adapter::keys::ApiKeys as Keys;

/// How secret keys begin (developer-tools-webhook-setup-management).
pub(crate) const TEST_KEYS: &[&str] = &["sk_test_"];
pub(crate) const LIVE_KEYS: &[&str] = &["sk_live_"];

/// Where a transfer bears its key against duplicates (money-movement-best-practices).
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// `t=…,te=…,li=…` (securing-webhook).
const SIGNATURE: &str = "paymongo-signature";

/// Whether a notification is signed with one of the secrets, in the place of this mode: `li` if
/// it is live, else `te`. `within` limits how far its time may be from `now`.
pub(crate) fn verify(
    keys: &Keys,
    is_live: bool,
    within: Option<(SignedDuration, Timestamp)>,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<(), &'static str> {
    let mut values = headers.get_all(SIGNATURE).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err("the notification is not signed");
    };
    let value = value.to_str().map_err(|_| "the signature cannot be read")?;
    let time = part(value, "t").ok_or("the signature has no time")?;
    let signature = part(value, if is_live { "li" } else { "te" });
    let signature = signature.filter(|signature| !signature.is_empty());
    let signature = signature.ok_or("there is no signature of this mode")?;
    let signed = [time.as_bytes(), b".", body];
    if !is_hmac_sha256(keys.webhook_secrets(), &signed, signature.as_bytes()) {
        return Err("the notification does not verify");
    }
    let Some((within, now)) = within else { return Ok(()) };
    let at = whole_number(time).and_then(|second| Timestamp::from_second(second).ok());
    match at {
        Some(at) if now.duration_since(at).abs() <= within => Ok(()),
        _ => Err("the notification is too old, or of the future"),
    }
}

/// The value of a part, which stands there once.
fn part<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    let parts = header.split(',').filter_map(|part| part.split_once('='));
    let mut values = parts.filter(|(found, _)| *found == name).map(|(_, value)| value);
    values.next().filter(|_| values.next().is_none())
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

    fn verified(value: &str, is_live: bool, body: &[u8]) -> Result<(), &'static str> {
        let headers = HeaderMap::from_iter([(
            http::HeaderName::from_static(SIGNATURE),
            HeaderValue::from_str(value).unwrap(),
        )]);
        verify(&keys(), is_live, None, &headers, body)
    }

    #[test]
    fn the_signature_of_openssl_verifies() {
        assert_eq!(verified(SIGNED, false, BODY), Ok(()));
        assert_eq!(verified(&SIGNED.replace("te=", "v=1,te="), false, BODY), Ok(()));
        let live = SIGNED.replace("te=", "li=");
        let live = live.trim_end_matches(",li=");
        assert_eq!(verified(live, true, BODY), Ok(()));
        assert_eq!(verified(live, false, BODY), Err("there is no signature of this mode"));
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
        assert_eq!((at(1_796_000_300), at(1_795_999_700)), (Ok(()), Ok(())));
        assert!(at(1_796_000_301).is_err() && at(1_795_999_699).is_err());
    }
}
