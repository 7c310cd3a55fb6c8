//! Opening, reading again and acknowledging notifications.

mod events;

pub use events::{MOST_EVENTS, events};

use crate::json::whole_number;
use bytes::Bytes;
use hmac::{Hmac, Mac};
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use sha2::Sha256;
use std::{borrow::Cow, fmt};
use tulay_core::{
    Error, ErrorKind, Handling, Notification, Observation, Operation, OrderId, Result, Secret,
    Verified, WebhookRequest,
};
use tulay_crypto::{Signature, Verifier};

const OPERATION: Operation = Operation::Notification;

/// The largest notification that is read: 64 KiB. None of a provider comes near this.
pub const LARGEST: usize = 64 * 1024;

/// A message that arrived in its envelope, not verified yet. `Debug` shows none of its text.
pub struct SignedText<'a> {
    /// The text that is signed, byte for byte as it arrived.
    pub text: Cow<'a, str>,
    /// The signature; `None` where there is none that could be read.
    pub signature: Option<Signature>,
}

impl fmt::Debug for SignedText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signed = if self.signature.is_some() { "signed" } else { "unsigned" };
        write!(f, "SignedText({} bytes, {signed})", self.text.len())
    }
}

/// Opens a signed notification: `cut` takes the signed text out of the body, the signature is
/// verified over exactly that text, and only then `parse` reads each of its [`events`].
///
/// # Errors
/// `Unexpected` for a body that is empty, larger than [`LARGEST`] or not an envelope of the provider,
/// `Signature` where the signature is missing or does not verify; as [`events`].
///
/// ```
/// # use std::{borrow::Cow, fmt};
/// # use tulay_adapter::{json, webhooks::{SignedText, open_signed}};
/// # use tulay_core::{Notification, Observation, WebhookRequest, Result, Verified};
/// # use tulay_crypto::{Signature, Verifier};
/// /// `{"param":"{…}","sign":"…"}`
/// fn cut(body: &[u8]) -> Option<SignedText<'_>> {
///     #[derive(serde::Deserialize)]
///     struct Envelope {
///         param: String,
///         sign: String,
///     }
///     let Envelope { param, sign } = json::object(body)?;
///     let signature = Signature::from_base64(&sign).ok();
///     Some(SignedText { text: Cow::Owned(param), signature })
/// }
///
/// fn event(text: &str) -> Result<Notification> {
///     Ok(Notification::Unmatched { observation: Observation::new(text.to_owned()), terminal: None })
/// }
///
/// fn open(verifier: &dyn Verifier, raw: &WebhookRequest) -> Result<Verified<Vec<Notification>>> {
///     open_signed("acme", verifier, raw, cut, event)
/// }
/// ```
pub fn open_signed<'a>(
    provider: &str,
    verifier: &dyn Verifier,
    raw: &'a WebhookRequest,
    cut: impl FnOnce(&'a [u8]) -> Option<SignedText<'a>>,
    parse: impl FnMut(&str) -> Result<Notification>,
) -> Result<Verified<Vec<Notification>>> {
    let not_signed =
        || Error::new(OPERATION, ErrorKind::Signature, "the notification is not signed");
    check_size(raw)?;
    let SignedText { text, signature } = cut(&raw.body).ok_or_else(|| foreign(provider))?;
    let signature = signature.ok_or_else(not_signed)?;
    Verified::signed(
        text.as_bytes(),
        |bytes| {
            verifier.verify(bytes, &signature).map_err(|cause| {
                let message = "the notification does not verify";
                Error::new(OPERATION, ErrorKind::Signature, message).with_source(cause)
            })
        },
        |_| events(&text, parse),
    )
}

/// Reads the stored body of a notification that [`open_signed`] opened, by the same `cut` and `parse`
/// and without a key.
///
/// # Errors
/// `Unexpected` where it is not an envelope of the provider; as [`events`].
pub fn read_signed<'a>(
    provider: &str,
    body: &'a [u8],
    cut: impl FnOnce(&'a [u8]) -> Option<SignedText<'a>>,
    parse: impl FnMut(&str) -> Result<Notification>,
) -> Result<Vec<Notification>> {
    let SignedText { text, .. } = cut(body).ok_or_else(|| foreign(provider))?;
    events(&text, parse)
}

fn foreign(provider: &str) -> Error {
    let message = format!("the notification is not one of {provider}'s");
    Error::new(OPERATION, ErrorKind::Unexpected, message)
}

/// Whether a signature is HMAC-SHA-256 of the parts of a message, one behind the other, under one of
/// the secrets: several are valid during a rotation. It is written in hexadecimal digits with small
/// letters. The comparison takes the same time wherever the two differ.
///
/// ```
/// use tulay_adapter::webhooks::is_hmac_sha256;
/// use tulay_core::Secret;
/// // RFC 4231, section 4.3.
/// let secret = Secret::new("Jefe")?;
/// let signature = b"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
/// assert!(is_hmac_sha256([&secret], &[b"what do ya want ", b"for nothing?"], signature));
/// assert!(!is_hmac_sha256([&secret], &[b"what do ya want for nothing!"], signature));
/// # Ok::<_, tulay_core::Invalid>(())
/// ```
#[must_use]
pub fn is_hmac_sha256<'a>(
    secrets: impl IntoIterator<Item = &'a Secret>,
    message: &[&[u8]],
    signature: &[u8],
) -> bool {
    let Some(tag) = from_hex(signature) else { return false };
    secrets.into_iter().any(|secret| {
        // HMAC takes keys of every length.
        let secret = secret.expose().trim().as_bytes();
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return false };
        message.iter().for_each(|part| mac.update(part));
        mac.verify_slice(&tag).is_ok()
    })
}

/// Opens a notification whose whole body is signed: `verify` checks the proof over exactly the bytes
/// that arrived, and only then `parse` reads each of their [`events`].
///
/// # Errors
/// `Unexpected` for a body that is empty or larger than [`LARGEST`]; whatever `verify` returns; as
/// [`events`].
pub fn open_body(
    raw: &WebhookRequest,
    verify: impl FnOnce(&[u8]) -> Result<()>,
    parse: impl FnMut(&str) -> Result<Notification>,
) -> Result<Verified<Vec<Notification>>> {
    check_size(raw)?;
    Verified::signed(&raw.body, verify, |body| read_body(body, parse))
}

/// Opens a notification that carries a token in place of a signature: a hint. `check` compares the
/// token.
///
/// # Errors
/// As [`open_body`].
pub fn open_token(
    raw: &WebhookRequest,
    check: impl FnOnce() -> Result<()>,
    parse: impl FnMut(&str) -> Result<Notification>,
) -> Result<Verified<Vec<Notification>>> {
    check_size(raw)?;
    Verified::token(&raw.body, check, |body| read_body(body, parse))
}

/// Reads the stored body of a notification that [`open_body`] or [`open_token`] opened, by the same
/// `parse` and without a key. Bytes that are no text are [`Notification::Unreadable`].
///
/// # Errors
/// As [`events`].
pub fn read_body(
    body: &[u8],
    parse: impl FnMut(&str) -> Result<Notification>,
) -> Result<Vec<Notification>> {
    match std::str::from_utf8(body) {
        Ok(text) => events(text, parse),
        Err(_) => Ok(vec![Notification::Unreadable]),
    }
}

/// Verifies a signature that is written with its time in one header, `t=1796000000,v1=5257…`: an
/// HMAC as [`is_hmac_sha256`] over time, full stop and body. `part` names the signature's part, such
/// as `v1`. The result is the time, in seconds since 1970: a late repetition is genuine, so it is not
/// compared with a clock here.
///
/// # Errors
/// `Signature`: the header is missing or stands twice, the time or the signature is missing or stands
/// twice, the time is not all digits, or the signature does not verify.
///
/// ```
/// use tulay_adapter::webhooks::verify_timed;
/// use tulay_core::Secret;
/// // openssl dgst -sha256 -hmac whsk_a, over `1796000000.{"a":1}`
/// let value =
///     "t=1796000000,v1=35d741ac68b856e6ec3f4d0307ca16a866875b873088496061fc465396afc8c1";
/// let headers = http::HeaderMap::from_iter([(
///     http::HeaderName::from_static("acme-signature"),
///     http::HeaderValue::from_static(value),
/// )]);
/// let secrets = [Secret::new("whsk_a").unwrap()];
/// let verified = |body| verify_timed(&secrets, &headers, "acme-signature", "v1", body);
/// assert_eq!(verified(br#"{"a":1}"#)?, 1_796_000_000);
/// assert!(verified(br#"{"a":2}"#).is_err());
/// # Ok::<_, tulay_core::Error>(())
/// ```
pub fn verify_timed<'a>(
    secrets: impl IntoIterator<Item = &'a Secret>,
    headers: &HeaderMap,
    header: &str,
    part: &str,
    body: &[u8],
) -> Result<i64> {
    let error = |message| Error::new(OPERATION, ErrorKind::Signature, message);
    let value = only(headers.get_all(header).iter());
    let value = value.ok_or_else(|| error("the notification is not signed"))?;
    let value = value.to_str().map_err(|_| error("the signature cannot be read"))?;
    let named = |name| {
        let parts = value.split(',').filter_map(|part| part.split_once('='));
        only(parts.filter(|(found, _)| *found == name).map(|(_, value)| value))
    };
    let time = named("t").ok_or_else(|| error("the signature has no time"))?;
    // Digits alone, so that no full stop of the body can end the time.
    let second = whole_number(time).ok_or_else(|| error("the signature's time is no number"))?;
    let signature = named(part).filter(|signature| !signature.is_empty());
    let signature = signature.ok_or_else(|| error("there is no signature of this kind"))?;
    let signed = [time.as_bytes(), b".", body];
    match is_hmac_sha256(secrets, &signed, signature.as_bytes()) {
        true => Ok(second),
        false => Err(error("the notification does not verify")),
    }
}

/// What stands there once.
fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    items.next().filter(|_| items.next().is_none())
}

/// Refuses a body that is empty or larger than [`LARGEST`], before anything reads it.
///
/// # Errors
/// `Unexpected`.
pub fn check_size(raw: &WebhookRequest) -> Result<()> {
    let message = match raw.body.len() {
        0 => "the notification is empty",
        1..=LARGEST => return Ok(()),
        _ => "the notification is larger than 64 KiB",
    };
    Err(Error::new(OPERATION, ErrorKind::Unexpected, message))
}

/// Which of these operations a notification is about: the letter of our order id says, and for an
/// id that is not ours, or none, the last part of the path that the notification arrived at. The
/// path is a hint, as nothing signs it.
#[must_use]
pub fn operation_of(
    order_id: Option<&OrderId>,
    path: &str,
    operations: &[Operation],
) -> Option<Operation> {
    order_id.and_then(OrderId::operation).or_else(|| operation_by_path(path, operations))
}

/// The operation that the last part of a path names: an adapter appends it to the address that a
/// request is to be notified at.
#[must_use]
pub fn operation_by_path(path: &str, operations: &[Operation]) -> Option<Operation> {
    let last = path.trim_end_matches('/').rsplit('/').next()?;
    operations.iter().copied().find(|operation| operation.as_str() == last)
}

/// A notification whose order only the journal can tell, with the status in the provider's own word.
#[must_use]
pub fn unmatched(observation: Observation<Cow<'_, str>>) -> Notification {
    Notification::Unmatched { observation: observation.map(Cow::into_owned), terminal: None }
}

/// The bodies that acknowledge a notification, exactly as the provider's documents print them.
///
/// ```
/// use tulay_adapter::webhooks::Acknowledgement;
/// use tulay_core::Handling;
/// const ACKNOWLEDGEMENT: Acknowledgement =
///     Acknowledgement { stored: "OK", rejected: "NO", busy: "LATER" };
/// let response = ACKNOWLEDGEMENT.text(Handling::Busy);
/// assert_eq!((response.status().as_u16(), &response.body()[..]), (503, &b"LATER"[..]));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Acknowledgement {
    /// The notification is stored, with HTTP 200: the provider may forget it.
    pub stored: &'static str,
    /// It did not verify, with HTTP 401.
    pub rejected: &'static str,
    /// It could not be stored now, with HTTP 503: the provider sends it again.
    pub busy: &'static str,
}

impl Acknowledgement {
    /// The response in JSON.
    #[must_use]
    pub fn json(&self, handling: Handling) -> Response<Bytes> {
        let mut response = self.text(handling);
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        response
    }

    /// The response without a content type.
    #[must_use]
    pub fn text(&self, handling: Handling) -> Response<Bytes> {
        let (status, text) = match handling {
            Handling::Stored => (StatusCode::OK, self.stored),
            Handling::Rejected => (StatusCode::UNAUTHORIZED, self.rejected),
            Handling::Busy => (StatusCode::SERVICE_UNAVAILABLE, self.busy),
        };
        let mut response = Response::new(Bytes::from_static(text.as_bytes()));
        *response.status_mut() = status;
        response
    }
}

/// Bytes of hexadecimal digits with small letters.
fn from_hex(text: &[u8]) -> Option<Vec<u8>> {
    let digit = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = text.as_chunks::<2>();
    let bytes = pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?));
    rest.is_empty().then(|| bytes.collect()).flatten()
}
