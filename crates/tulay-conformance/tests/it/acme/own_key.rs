//! Acme's notifications where each account's webhook has a secret of its own. They name no account,
//! and their header has one place for each mode:
//!
//! ```text
//! acme-signature: te=…,li=…    of the whole body, `te` in test mode and `li` in live mode
//! ```

use super::{Acme, Wrong, sign};
use tulay_core::{Error, ErrorKind, Notification, Operation, Result, Verified, WebhookRequest};

impl Acme {
    pub(super) fn open_by_own_key(
        &self,
        raw: &WebhookRequest,
        parse: impl FnOnce(&[u8]) -> Result<Vec<Notification>>,
    ) -> Result<Verified<Vec<Notification>>> {
        let header = raw.headers.get("acme-signature").and_then(|value| value.to_str().ok());
        let place = |name: &str| {
            let mut places =
                header.unwrap_or_default().split(',').filter_map(|p| p.split_once('='));
            places.find(|place| place.0 == name).map(|place| place.1).unwrap_or_default()
        };
        let signature = match place("te") {
            "" if self.is(Wrong::TakesTheOtherModesSignature) => place("li"),
            signature => signature,
        };
        let secrets = match &self.settings.webhook_secrets[..] {
            [first, ..] if self.is(Wrong::KnowsOneSecret) => std::slice::from_ref(first),
            all => all,
        };
        let verify = |body: &[u8]| {
            let text = std::str::from_utf8(body).unwrap_or_default();
            let right = secrets.iter().map(|secret| sign(secret, text)).any(|right| {
                let begins = self.is(Wrong::ComparesTheSignaturesBeginning)
                    && !signature.is_empty()
                    && right.starts_with(signature);
                right == signature || begins
            });
            let failed =
                || Error::new(Operation::Notification, ErrorKind::Signature, "it does not verify");
            if right { Ok(()) } else { Err(failed()) }
        };
        Verified::signed(&raw.body, verify, parse)
    }
}
