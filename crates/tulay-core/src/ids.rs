//! Identifiers that may be printed. Each is validated when it is created.

use crate::invalid::Invalid;

/// Declares identifiers: text that obeys a rule. The error states the rule.
macro_rules! identifiers {
    ($($(#[$meta:meta])* $name:ident($field:literal, $rule:expr, $expected:literal);)*) => { $(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Reads the text.
            ///
            /// # Errors
            #[doc = concat!("When it is not ", $expected, ".")]
            pub fn new(text: impl Into<String>) -> Result<Self, Invalid> {
                let text = text.into();
                let rule: fn(&str) -> bool = $rule;
                if rule(&text) { Ok(Self(text)) } else { Err(Invalid::new($field, $expected)) }
            }

            /// The text, as it was given.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = Invalid;
            fn from_str(text: &str) -> Result<Self, Invalid> {
                Self::new(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = Invalid;
            fn try_from(text: String) -> Result<Self, Invalid> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(word: $name) -> Self {
                word.0
            }
        }
    )* };
}

identifiers! {
    /// A bank or wallet, named alike for every provider: its BIC8 (`BOPIPHMM`) or a slug of the
    /// [directory](crate::Directory) (`gcash`).
    InstitutionId("institution", |text| is_bic8(text) || is_slug(text, 32),
        "a BIC8 such as BOPIPHMM, or a slug such as gcash");

    /// The owner of the references. It is part of every derived order id, so it never changes once
    /// a payment was made under it.
    Namespace("namespace", |text| is_slug(text, 32),
        "1 to 32 characters of a-z, 0-9 and -, beginning with a letter or digit");

    /// The name an application gives a provider in its configuration. It appears in addresses
    /// that notifications are sent to.
    ProviderId("provider", |text| is_slug(text, 32),
        "1 to 32 characters of a-z, 0-9 and -, beginning with a letter or digit");

    /// The provider's own name for an order: `orderNo`, `transactionId`.
    ProviderReference("provider_reference", |text| is_visible(text, 128),
        "1 to 128 visible ASCII characters");

    /// The application's name for a payment, case-sensitive: unique for ever per namespace and
    /// operation. What a person typed is read by [`text::reference`](crate::text::reference).
    Reference("reference", |text| is_visible(text, 64),
        "1 to 64 visible ASCII characters without spaces");

    /// A terminal: a checkout counter or shop window. A provider may accept fewer characters.
    Terminal("terminal", |text| is_visible(text, 25),
        "1 to 25 visible ASCII characters without spaces");
}

impl ProviderReference {
    /// The text, if it can stand in a path as it is: letters, digits, `-`, `_`, `.` and `~`, and
    /// not `.` or `..`. Any other text could change the path.
    ///
    /// ```
    /// use tulay_core::ProviderReference;
    /// assert_eq!(ProviderReference::new("D-7001")?.path_segment(), Some("D-7001"));
    /// assert_eq!(ProviderReference::new("7001/../8001?full=1#")?.path_segment(), None);
    /// # Ok::<_, tulay_core::Invalid>(())
    /// ```
    #[must_use]
    pub fn path_segment(&self) -> Option<&str> {
        let text = self.as_str();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
        (text.bytes().all(plain) && ![".", ".."].contains(&text)).then_some(text)
    }
}

fn is_visible(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn is_slug(text: &str, longest: usize) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=longest).contains(&text.len())
        && text.bytes().all(allowed)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

fn is_bic8(text: &str) -> bool {
    text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifier_rules_hold_at_their_edges() {
        assert!(Reference::new("a".repeat(64)).is_ok());
        assert!(Reference::new("a".repeat(65)).is_err());
        assert!(Reference::new("").is_err());
        assert!(Reference::new("INV 7").is_err());
        assert!(Reference::new("INV/2026-7#b").is_ok());
        assert!(InstitutionId::new("BOPIPHMM").is_ok());
        assert!(InstitutionId::new("gcash").is_ok());
        assert!(InstitutionId::new("BOPIPHMMXXX").is_err());
        assert!(InstitutionId::new("GCash").is_err());
        assert!(ProviderId::new("starpay-2").is_ok());
        assert!(ProviderId::new("-starpay").is_err());
        assert!(ProviderId::new("../etc").is_err());
        assert!(Terminal::new("8CYGISAS").is_ok());
        assert!(ProviderReference::new("202401081744178350932496384").is_ok());
        assert!(Namespace::new("acme-ph").is_ok());
    }

    #[test]
    fn what_leads_out_of_a_path_stands_in_none() {
        for text in ["..", ".", "a/b", "a?b", "a#b", "a%2Fb", "a\\b", "a;b", "a@b", "a:b"] {
            assert_eq!(ProviderReference::new(text).unwrap().path_segment(), None, "{text}");
        }
        for text in ["A-7_1.~", "...", "202401081744178350932496384"] {
            assert_eq!(ProviderReference::new(text).unwrap().path_segment(), Some(text));
        }
    }

    #[test]
    fn a_word_read_from_json_obeys_the_same_rule() {
        let read: Reference = serde_json::from_str(r#""R1""#).unwrap();
        assert_eq!(read.as_str(), "R1");
        let refused = serde_json::from_str::<Reference>(r#""R 1""#).unwrap_err().to_string();
        assert!(refused.contains("reference: expected 1 to 64"), "{refused}");
    }
}
