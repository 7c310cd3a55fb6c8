//! A request as PayMongo reads it: the key in front, then JSON, field by field.

use super::rejection::{Problem, Rejection};
use crate::kit::{answers::says_json, json::compact, keys::decoded};
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode, Uri, header};
use serde_json::{Map, Value, value::RawValue};
use std::{collections::BTreeMap, ops::RangeInclusive};

/// The secret key that a request proves itself by: HTTP Basic, the key as user, no password.
pub(super) fn secret_key(headers: &HeaderMap) -> Result<String, Rejection> {
    let read = || {
        let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
        let user = String::from_utf8(decoded(text.strip_prefix("Basic ")?)?).ok()?;
        Some(user.strip_suffix(':')?.to_owned())
    };
    read().ok_or_else(unauthorized)
}

/// Assumption: the name of the code. No document has it.
pub(super) fn unauthorized() -> Rejection {
    let detail = "The API key is missing or does not exist.";
    Rejection::new(StatusCode::UNAUTHORIZED, "api_key_invalid", detail)
}

/// The body, an object of JSON in which no member is repeated.
pub(super) fn body(request: &Request<Bytes>) -> Result<Map<String, Value>, Rejection> {
    let read = || {
        let raw: &RawValue = serde_json::from_slice(request.body()).ok()?;
        match serde_json::from_str(&compact(raw)?).ok()? {
            Value::Object(body) if says_json(request.headers()) => Some(body),
            _ => None,
        }
    };
    read().ok_or_else(|| {
        Rejection::bad("parameter_format_invalid", "The request body is not an object of JSON.")
    })
}

/// `data.attributes` of the body, the form of everything but transfers.
pub(super) fn attributes(request: &Request<Bytes>) -> Result<Map<String, Value>, Rejection> {
    let mut body = body(request)?;
    let data = body.get_mut("data").and_then(Value::as_object_mut);
    match data.and_then(|data| data.remove("attributes")) {
        Some(Value::Object(attributes)) => Ok(attributes),
        _ => Err(Rejection::bad("parameter_required", "data.attributes is required.")),
    }
}

/// Fields that are read one after another. What is wrong is collected, since an answer lists
/// everything at once.
pub(super) struct Fields<'a> {
    object: &'a Map<String, Value>,
    /// Where the object stands: empty, or a path that ends with a full stop.
    path: String,
    problems: Vec<Problem>,
}

impl<'a> Fields<'a> {
    pub(super) const fn of(object: &'a Map<String, Value>) -> Self {
        Self::at(object, String::new())
    }

    /// The fields of an object that stands at a path, which ends with a full stop.
    pub(super) const fn at(object: &'a Map<String, Value>, path: String) -> Self {
        Self { object, path, problems: Vec::new() }
    }

    /// The rejection, if anything was wrong.
    pub(super) fn finish(self) -> Result<(), Rejection> {
        if self.problems.is_empty() { Ok(()) } else { Err(Rejection::of_fields(self.problems)) }
    }

    pub(super) fn problem(&mut self, code: &'static str, name: &str, what: &str) {
        let field = format!("{}{name}", self.path);
        self.problems.push(Problem {
            code,
            detail: format!("{field} {what}."),
            field: Some(field),
        });
    }

    /// A text that may be missing, of at most this many characters.
    pub(super) fn text(&mut self, name: &str, longest: usize) -> Option<String> {
        let text = match self.value(name)? {
            Value::String(text) => text,
            _ => {
                self.problem("parameter_data_type_invalid", name, "should be a string");
                return None;
            }
        };
        if text.chars().count() > longest {
            let what = format!("cannot be more than {longest} characters");
            self.problem("parameter_above_maximum", name, &what);
        }
        Some(text.clone())
    }

    pub(super) fn required_text(&mut self, name: &str, longest: usize) -> String {
        let text = self.text(name, longest);
        let is_missing = self.value(name).is_none() || text.as_ref().is_some_and(String::is_empty);
        if is_missing {
            self.problem("parameter_required", name, "is required");
        }
        text.unwrap_or_default()
    }

    /// An address that may be missing or empty: absolute, over HTTP.
    pub(super) fn address(&mut self, name: &str) -> Option<Uri> {
        let text = self.text(name, 2_048).filter(|text| !text.is_empty())?;
        let is_http = |url: &Uri| matches!(url.scheme_str(), Some("http" | "https"));
        let url = text.parse().ok().filter(is_http);
        if url.is_none() {
            self.problem("parameter_format_invalid", name, "format is invalid");
        }
        url
    }

    /// A whole number that may be missing.
    pub(super) fn integer(&mut self, name: &str, range: &RangeInclusive<i64>) -> Option<i64> {
        let Some(number) = self.value(name)?.as_i64() else {
            self.problem("parameter_data_type_invalid", name, "should be an integer");
            return None;
        };
        if number < *range.start() {
            let what = format!("cannot be less than {}", range.start());
            self.problem("parameter_below_minimum", name, &what);
        } else if number > *range.end() {
            let what = format!("cannot be more than {}", range.end());
            self.problem("parameter_above_maximum", name, &what);
        }
        Some(number)
    }

    pub(super) fn required_integer(&mut self, name: &str, range: &RangeInclusive<i64>) -> i64 {
        if self.value(name).is_none() {
            self.problem("parameter_required", name, "is required");
        }
        self.integer(name, range).unwrap_or_default()
    }

    /// A text that is one of these.
    pub(super) fn required_word(&mut self, name: &str, words: &[&str]) -> String {
        let word = self.required_text(name, usize::MAX);
        if !word.is_empty() && !words.contains(&word.as_str()) {
            let what = format!("should be one of {}", words.join(", "));
            self.problem("parameter_invalid", name, &what);
        }
        word
    }

    /// A list of texts, each of them one of these; at least one.
    pub(super) fn required_words(&mut self, name: &str, words: &[&str]) -> Vec<String> {
        let Some(value) = self.value(name) else {
            self.problem("parameter_required", name, "is required");
            return Vec::new();
        };
        let texts = value.as_array().and_then(|items| {
            items.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
        });
        match texts {
            None => {
                self.problem("parameter_data_type_invalid", name, "should be a list of strings")
            }
            Some(texts) if texts.is_empty() => {
                self.problem("parameter_required", name, "is required");
            }
            Some(texts) if !texts.iter().all(|text| words.contains(&text.as_str())) => {
                let what = format!("should only have {}", words.join(", "));
                self.problem("parameter_invalid", name, &what);
            }
            Some(texts) => return texts,
        }
        Vec::new()
    }

    /// The fields of an object that may be missing.
    pub(super) fn object(&mut self, name: &str) -> Option<Self> {
        match self.value(name)? {
            Value::Object(object) => Some(Self::at(object, format!("{}{name}.", self.path))),
            _ => {
                self.problem("parameter_data_type_invalid", name, "should be an object");
                None
            }
        }
    }

    /// Takes over what was wrong with the fields of an object.
    pub(super) fn add(&mut self, inner: Self) {
        self.problems.extend(inner.problems);
    }

    /// `metadata`: texts by name (The Refund resource: "Only string values are accepted").
    pub(super) fn metadata(&mut self) -> BTreeMap<String, String> {
        let Some(inner) = self.object("metadata") else { return BTreeMap::new() };
        let mut metadata = BTreeMap::new();
        for (name, value) in inner.object {
            if let Some(text) = value.as_str() {
                metadata.insert(name.clone(), text.to_owned());
            } else {
                let name = format!("metadata.{name}");
                self.problem("parameter_data_type_invalid", &name, "should be a string");
            }
        }
        metadata
    }

    /// The value, as it was sent; `null` is as if it were missing.
    pub(super) fn value(&self, name: &str) -> Option<&'a Value> {
        self.object.get(name).filter(|value| !value.is_null())
    }
}
