//! The address that an order's notifications arrive at, with a part that only the provider can know.
//!
//! The part is HMAC-SHA-256 of the operation and the order id under the application's key, cut to
//! 128 bits: without the key it cannot be guessed, and with it nothing has to be stored.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use tulay_core::{AdapterContext, Error, ErrorKind, Operation, OrderId, Result};

/// The length of the part, in bytes.
const LENGTH: usize = 16;

/// Where notifications of an order arrive: `https://…/PART/collection`, or without the part where
/// the application has no key. `None` where the application has no endpoint.
#[must_use]
pub fn notify_url(
    context: &AdapterContext,
    operation: Operation,
    order_id: &OrderId,
) -> Option<String> {
    let base = context.notify_url.as_ref()?.to_string();
    let base = base.trim_end_matches('/');
    let Some(mac) = mac(context, operation, order_id) else {
        return Some(format!("{base}/{operation}"));
    };
    let tag = mac.finalize().into_bytes();
    let part = BASE64_URL_SAFE_NO_PAD.encode(tag.get(..LENGTH).unwrap_or_default());
    Some(format!("{base}/{part}/{operation}"))
}

/// Refuses a notification that names an order of ours and did not arrive at the address that
/// [`notify_url`] made for it. `target` is the address that it arrived at. Where the application has no key, every address is right. The
/// comparison takes the same time wherever the two differ.
///
/// Call it for operations whose requests carry the address. Another merchant can cause a genuine
/// notification about one of our order ids, but does not know the address.
///
/// # Errors
/// `Unrelated`.
pub fn check_address(
    context: &AdapterContext,
    target: &http::Uri,
    operation: Operation,
    order_id: &OrderId,
) -> Result<()> {
    let Some(mac) = mac(context, operation, order_id) else {
        return Ok(());
    };
    let mut parts = target.path().trim_end_matches('/').rsplit('/');
    let names_operation = parts.next() == Some(operation.as_str());
    let part = parts.next().and_then(|part| BASE64_URL_SAFE_NO_PAD.decode(part).ok());
    let part = part.filter(|part| names_operation && part.len() == LENGTH);
    if part.is_some_and(|part| mac.verify_truncated_left(&part).is_ok()) {
        return Ok(());
    }
    let message = "the notification did not arrive at the address of the order that it names";
    Err(Error::new(Operation::Notification, ErrorKind::Unrelated, message).with_field("target"))
}

/// `None` where the application has no key; HMAC takes keys of every length.
fn mac(context: &AdapterContext, operation: Operation, order_id: &OrderId) -> Option<Hmac<Sha256>> {
    let key = context.notify_key.as_ref()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose().as_bytes()).ok()?;
    mac.update(operation.as_str().as_bytes());
    mac.update(b"\n");
    mac.update(order_id.as_str().as_bytes());
    Some(mac)
}
