//! Signing what is handed on, by Standard Webhooks (standardwebhooks.com): HMAC-SHA-256.

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, Mac};
use http::{HeaderMap, HeaderName, HeaderValue};
use sha2::Sha256;
use tulay_core::{Invalid, Secret};

/// What a secret begins with, before its base64.
const PREFIX: &str = "whsec_";

/// The shortest and the longest key that Standard Webhooks allows, in bytes.
const LENGTHS: std::ops::RangeInclusive<usize> = 24..=64;

/// The secret that a sender and a receiver of Standard Webhooks share. `Debug` does not show it.
///
/// ```
/// use tulay_webhook::SigningSecret;
/// let secret = SigningSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?;
/// let body = br#"{"test": 2432232314}"#;
/// let headers = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body)?;
/// assert_eq!(headers["webhook-id"], "msg_p5jXN8AQM9LWM0D4loKWxJek");
/// assert_eq!(headers["webhook-timestamp"], "1614265330");
/// assert_eq!(headers["webhook-signature"], "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
/// # Ok::<_, tulay_core::Invalid>(())
/// ```
#[derive(Clone, Debug)]
pub struct SigningSecret(Secret);

impl SigningSecret {
    /// Reads a secret: `whsec_` and the base64 of 24 to 64 bytes.
    ///
    /// # Errors
    /// When it has another form. The error does not repeat it.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let secret = Secret::new(text.trim()).map(Self).map_err(|_| Self::invalid())?;
        secret.key().map(|_| secret)
    }

    /// The secret of a key, whose bytes must be random.
    ///
    /// # Errors
    /// None is known: every key has a secret.
    pub fn from_key(key: &[u8; 32]) -> Result<Self, Invalid> {
        Self::parse(&format!("{PREFIX}{}", BASE64_STANDARD.encode(key)))
    }

    /// The secret as text, to be stored and given to the receiver.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// The three headers of a message: `webhook-id`, `webhook-timestamp`, `webhook-signature`. The id
    /// names the event and is the same for each repetition. `timestamp` is the time of this sending,
    /// in seconds since 1970. `body` is what is sent, byte for byte.
    ///
    /// # Errors
    /// When the id is empty, or has a character that is not visible ASCII, or a full stop, which
    /// separates it from the time.
    pub fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> Result<HeaderMap, Invalid> {
        let is_plain = |byte: u8| byte.is_ascii_graphic() && byte != b'.';
        let id_is_invalid = || Invalid::new("id", "visible ASCII characters without a full stop");
        if id.is_empty() || !id.bytes().all(is_plain) {
            return Err(id_is_invalid());
        }
        // HMAC takes keys of every length.
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key()?).map_err(|_| Self::invalid())?;
        for part in [id.as_bytes(), b".", timestamp.to_string().as_bytes(), b".", body] {
            mac.update(part);
        }
        let signature = BASE64_STANDARD.encode(mac.finalize().into_bytes());
        let header = |name, text: &str| {
            let value = HeaderValue::from_str(text).map_err(|_| id_is_invalid())?;
            Ok((HeaderName::from_static(name), value))
        };
        [
            header("webhook-id", id),
            header("webhook-timestamp", &timestamp.to_string()),
            header("webhook-signature", &format!("v1,{signature}")),
        ]
        .into_iter()
        .collect()
    }

    fn key(&self) -> Result<Vec<u8>, Invalid> {
        let key = self.0.expose().strip_prefix(PREFIX);
        let key = key.and_then(|encoded| BASE64_STANDARD.decode(encoded).ok());
        key.filter(|key| LENGTHS.contains(&key.len())).ok_or_else(Self::invalid)
    }

    fn invalid() -> Invalid {
        Invalid::new("secret", "whsec_ and the base64 of 24 to 64 bytes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_has_one_form() {
        for text in [
            "",
            "whsec_",
            "whsec_c2hvcnQ=",
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS\u{e9}",
            &format!("whsec_{}", BASE64_STANDARD.encode([7; 65])),
        ] {
            let error = SigningSecret::parse(text).unwrap_err().to_string();
            assert!(!error.contains("MfKQ"), "{error}");
        }
        let secret = SigningSecret::from_key(&[7; 32]).unwrap();
        assert_eq!(SigningSecret::parse(secret.expose()).unwrap().expose(), secret.expose());
        assert!(!format!("{secret:?}").contains("Bwc"), "{secret:?}");
    }

    #[test]
    fn id_time_and_body_are_signed() {
        let secret = SigningSecret::from_key(&[7; 32]).unwrap();
        let sign =
            |id, time, body| secret.sign(id, time, body).unwrap()["webhook-signature"].clone();
        let signature = sign("msg_1", 1, b"{}");
        assert_eq!(sign("msg_1", 1, b"{}"), signature);
        assert_ne!(sign("msg_2", 1, b"{}"), signature);
        assert_ne!(sign("msg_1", 2, b"{}"), signature);
        assert_ne!(sign("msg_1", 1, b"{ }"), signature);
        for id in ["", "a.b", "a b", "a\n", "\u{e9}"] {
            assert!(secret.sign(id, 1, b"{}").is_err(), "{id:?}");
        }
    }
}
