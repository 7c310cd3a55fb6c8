//! Bytes to a JSON object, and texts to values.

use super::{FieldError, RequestErrors, Text};
use serde::de::DeserializeOwned;
use std::{collections::BTreeMap, net::IpAddr};
use tulay_core::{
    Currency, Extras, Invalid, Money, Reference, Sensitive,
    text::{self, AmountFormat},
};

/// Reads one JSON object, such as a [`PayoutRequestJson`](super::PayoutRequestJson).
///
/// serde's own messages repeat values, which may be personal data. These name the place and the
/// member alone, so they may be logged and returned.
///
/// # Errors
/// When the bytes are not one JSON object of this type: with line and column, and the member where
/// it is known. Nothing was sent.
pub fn from_slice<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, RequestErrors> {
    // Windows programs put a byte order mark in front.
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let refused = |member: &str, error: &serde_json::Error| {
        let (line, column) = (error.line(), error.column());
        let (named, problem) = problem(error);
        let member = named.as_deref().unwrap_or(member);
        // Where the text is not JSON, the member that was read last is not at fault.
        let member = Some(member).filter(|member| is_name(member) && error.is_data());
        let message = format!("line {line}, column {column}: {problem}");
        RequestErrors::one(FieldError::new(member.unwrap_or_default(), message))
    };
    let value = serde_path_to_error::deserialize(&mut deserializer)
        .map_err(|error| refused(&error.path().to_string(), error.inner()))?;
    deserializer.end().map_err(|error| refused("", &error))?;
    Ok(value)
}

/// The member that serde names, and what is wrong, without the value.
fn problem(error: &serde_json::Error) -> (Option<String>, String) {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    for kind in ["unknown field", "missing field", "duplicate field"] {
        let Some(rest) = text.strip_prefix(kind) else { continue };
        let name = rest.trim_start_matches(" `").split('`').next().unwrap_or_default();
        return match is_name(name) {
            true => (Some(name.to_owned()), format!("{kind} `{name}`")),
            false => (Some(String::new()), kind.into()),
        };
    }
    let expected = match text.rsplit_once(", expected ") {
        Some((_, "a string")) => ": expected text in quotes",
        Some((_, "an object" | "a map")) => ": expected an object",
        _ => "",
    };
    (None, format!("it does not fit{expected}"))
}

/// Whether it looks like a member's name rather than a value that went astray.
fn is_name(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte == b'_' || byte == b'.';
    text.len() <= 40
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(allowed)
}

/// Reads members one by one and keeps every mistake.
pub(super) struct Reader {
    /// What stands before a member's name: `payer.`
    prefix: &'static str,
    errors: Vec<FieldError>,
}

impl Reader {
    /// What `read` makes of the members, unless anything was refused.
    pub(super) fn read<T>(read: impl FnOnce(&mut Self) -> Option<T>) -> Result<T, RequestErrors> {
        let mut reader = Self { prefix: "", errors: Vec::new() };
        match read(&mut reader) {
            Some(value) if reader.errors.is_empty() => Ok(value),
            _ => Err(RequestErrors::new(reader.errors)),
        }
    }

    /// Reads members of an inner object.
    pub(super) fn within<T>(
        &mut self,
        prefix: &'static str,
        read: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let outer = std::mem::replace(&mut self.prefix, prefix);
        let value = read(self);
        self.prefix = outer;
        value
    }

    pub(super) fn required<T>(
        &mut self,
        member: &str,
        text: &Option<Text>,
        read: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Option<T> {
        if given(text).is_none() {
            self.missing(member);
        }
        self.optional(member, text, read)
    }

    pub(super) fn optional<T>(
        &mut self,
        member: &str,
        text: &Option<Text>,
        read: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Option<T> {
        let read = read(given(text)?);
        self.keep(member, read)
    }

    pub(super) fn keep<T>(&mut self, member: &str, read: Result<T, Invalid>) -> Option<T> {
        read.map_err(|invalid| self.refuse(member, invalid.problem().to_string())).ok()
    }

    pub(super) fn missing(&mut self, member: &str) {
        self.refuse(member, "expected a value");
    }

    pub(super) fn refuse(&mut self, member: &str, message: impl Into<String>) {
        self.errors.push(FieldError::new([self.prefix, member].concat(), message));
    }

    /// An amount; where the currency is not known, only its shape is judged.
    pub(super) fn amount(
        &mut self,
        member: &str,
        text: &Option<Text>,
        currency: Option<Currency>,
    ) -> Option<Money> {
        let format = AmountFormat::Plain;
        match currency {
            Some(currency) => {
                self.required(member, text, |text| text::amount(text, currency, format))
            }
            None => {
                self.required(member, text, |text| {
                    let plain = text::plain_amount(text, None, format)?;
                    let is_zero = plain.bytes().all(|byte| b"0.".contains(&byte));
                    if is_zero { Err(Invalid::new("amount", "more than zero")) } else { Ok(()) }
                })?;
                None
            }
        }
    }

    pub(super) fn reference(&mut self, text: &Option<Text>) -> Option<Reference> {
        self.required("reference", text, text::reference)
    }

    /// A remark, name of a shop or the like.
    pub(super) fn line(&mut self, member: &'static str, text: &Option<Text>) -> Option<String> {
        self.optional(member, text, |text| text::line(member, text))
    }

    pub(super) fn ip(&mut self, text: &Option<Text>) -> Option<IpAddr> {
        let expected = |_| Invalid::new("ip", "an IP address such as 203.0.113.7");
        self.optional("ip", text, |text| text.parse().map_err(expected))
    }

    pub(super) fn extras(&mut self, members: &BTreeMap<String, Text>) -> Extras {
        let mut extras = Extras::new();
        for (key, text) in members {
            match Sensitive::new(text.expose()) {
                Ok(value) => drop(extras.insert(key.clone(), value)),
                Err(invalid) => self.refuse("extras", invalid.problem().to_string()),
            }
        }
        extras
    }
}

/// The text of a member that is there and not blank.
pub(super) fn given(text: &Option<Text>) -> Option<&str> {
    text.as_ref().map(|text| text.expose().trim()).filter(|text| !text.is_empty())
}

/// Values that only one adapter knows, in clear.
pub(super) fn extras_of(extras: &Extras) -> BTreeMap<String, Text> {
    extras.iter().map(|(key, value)| (key.clone(), value.expose().into())).collect()
}
