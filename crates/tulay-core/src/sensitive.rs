//! Personal data and secrets: readable where someone asks by [`expose`](Secret::expose), and
//! nowhere else. None of these types has `Display` or `Serialize`; `Debug` prints `***`; the
//! memory is wiped on drop.
//!
//! ```
//! let account = tulay_core::AccountNumber::new("0123456789")?;
//! assert_eq!(format!("{account:?}"), "***");
//! # Ok::<_, tulay_core::Invalid>(())
//! ```
//! ```compile_fail
//! let account = tulay_core::AccountNumber::new("0123456789")?;
//! println!("{account}"); // no Display
//! # Ok::<_, tulay_core::Invalid>(())
//! ```

use crate::{characters::are_visible, invalid::Invalid};
use subtle::ConstantTimeEq;

/// Declares types of text that is never printed.
macro_rules! sensitive {
    ($($(#[$meta:meta])* $name:ident($field:literal, $rule:expr, $expected:literal);)*) => { $(
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, Hash)]
        pub struct $name(String);

        impl $name {
            /// Reads the text.
            ///
            /// # Errors
            #[doc = concat!("When it is not ", $expected, ". The error does not repeat it.")]
            pub fn new(text: impl Into<String>) -> Result<Self, Invalid> {
                let text = Self(text.into());
                let rule: fn(&str) -> bool = $rule;
                if rule(&text.0) { Ok(text) } else { Err(Invalid::new($field, $expected)) }
            }

            /// The text itself: for requests, for the journal, and for display on demand.
            #[must_use]
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("***")
            }
        }

        impl Drop for $name {
            fn drop(&mut self) {
                zeroize::Zeroize::zeroize(&mut self.0);
            }
        }
    )* };
}

sensitive! {
    /// An account at a bank or wallet.
    AccountNumber("account", |text| within(text, 50)
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'),
        "1 to 50 letters, digits and hyphens");

    /// An address for mail.
    Email("email", |text| within(text, 128) && is_email(text),
        "one address such as name@example.com, at most 128 characters");

    /// A person's or organization's name, or one part of it. No character of it is invisible.
    /// What a person typed is read by [`text::name`](crate::text::name).
    NamePart("name", |text| within(text, 128) && are_visible(text) && text.trim() == text,
        "1 to 128 visible characters on one line, without blanks around them");

    /// A telephone number in E.164 form: `+639171234567`. [`mobile`](Phone::mobile) reads one as
    /// people write it.
    Phone("mobile", is_e164,
        "an international number such as +639171234567 (a plus sign and 8 to 15 digits)");

    /// Any other value that only the provider may see.
    Sensitive("value", |text| text.len() <= 4096, "at most 4096 bytes");

    /// The text a QR symbol carries.
    QrText("qr", |text| within(text, 4296) && is_line(text),
        "1 to 4296 characters on one line");

    /// A key, token or other secret, as read.
    Secret("secret", |text| !text.trim().is_empty(), "text that is not empty");

    /// A tax, national identity or company registration number.
    TaxId("tax_id", |text| within(text, 50) && text.bytes().all(|byte| byte.is_ascii_graphic()),
        "1 to 50 visible ASCII characters without spaces");

    /// The payer's WeChat `openid`, obtained by WeChat's web page authorization.
    WeChatOpenId("open_id", |text| within(text, 128)
            && text.bytes().all(|byte| byte.is_ascii_graphic()),
        "1 to 128 visible ASCII characters");
}

impl NamePart {
    /// A name put together from parts that were read already; it may be longer than one part.
    pub(crate) fn joined(parts: &[&Self]) -> Self {
        Self(parts.iter().map(|part| part.expose()).collect::<Vec<_>>().join(" "))
    }
}

impl Secret {
    /// Whether what was presented is this secret, byte for byte. The time it takes depends on the
    /// lengths alone, so it does not tell how much of a guess is right.
    ///
    /// ```
    /// let token = tulay_core::Secret::new("s3cret-token")?;
    /// assert!(token.is(b"s3cret-token") && !token.is(b"S3cret-token") && !token.is(b"s3cret"));
    /// # Ok::<_, tulay_core::Invalid>(())
    /// ```
    #[must_use]
    pub fn is(&self, presented: &[u8]) -> bool {
        self.0.as_bytes().ct_eq(presented).into()
    }
}

fn within(text: &str, longest: usize) -> bool {
    !text.is_empty() && text.chars().count() <= longest
}

fn is_line(text: &str) -> bool {
    !text.chars().any(char::is_control)
}

fn is_e164(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (8..=15).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0')
    })
}

fn is_email(text: &str) -> bool {
    let visible = are_visible(text) && !text.contains(char::is_whitespace);
    visible
        && text.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty()
                && !host.contains('@')
                && host.split('.').all(|label| !label.is_empty())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_take_what_the_region_writes() {
        assert!(Phone::new("+639171234567").is_ok());
        assert!(Phone::new("09171234567").is_err());
        assert!(Phone::new("+0917123456").is_err());
        assert!(NamePart::new("Maria Peña-Dela Cruz").is_ok());
        assert!(NamePart::new(" Maria").is_err());
        for invisible in
            ["Ma\u{7}ria", "Ma\u{202e}ria", "Ma\u{200b}ria", "Ma\u{fffd}ria", "Ma\nria"]
        {
            assert!(NamePart::new(invisible).is_err(), "{invisible:?}");
        }
        assert!(Email::new("a@b.ph").is_ok());
        assert!(Email::new("a@@b.ph").is_err());
        assert!(AccountNumber::new("0012-3456-78").is_ok());
        assert!(AccountNumber::new("0012 3456").is_err());
        assert!(Secret::new(" \n").is_err());
    }

    #[test]
    fn a_rejection_does_not_repeat_what_it_refused() {
        let refused = AccountNumber::new("secret account 1234").unwrap_err();
        assert!(!format!("{refused} {refused:?}").contains("1234"));
    }
}
