//! The same JSON in other bytes: equal to a parser, but not to a signature.

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;
use std::fmt;

/// Other texts with the meaning of this one, each with what was done to it; none where it is no
/// JSON object.
pub(crate) fn rewrites(text: &str) -> Vec<(&'static str, String)> {
    let Ok(Members(members)) = serde_json::from_str::<Members<'_>>(text) else {
        return Vec::new();
    };
    let written = |members: &[(String, String)], gap: &str| {
        let member = |(name, value): &(String, String)| format!("\"{name}\":{gap}{value}");
        format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(&format!(",{gap}")))
    };
    let members: Vec<(String, String)> =
        members.into_iter().map(|(name, value)| (name, value.get().to_owned())).collect();
    let mut reordered = members.clone();
    reordered.rotate_left(1);
    let escaped: Vec<_> = members.iter().map(|(name, v)| (name.clone(), escape(v))).collect();
    let all = [
        ("re-spaced", written(&members, " ")),
        ("re-serialised", written(&members, "")),
        ("reordered", written(&reordered, "")),
        ("escaped", written(&escaped, "")),
        ("with another form of its numbers", with_other_numbers(text)),
        ("with one blank more", format!("{} }}", text.strip_suffix('}').unwrap_or(text))),
    ];
    all.into_iter().filter(|(_, other)| other != text).collect()
}

/// Every number with a zero more behind its point.
fn with_other_numbers(text: &str) -> String {
    let mut written = String::new();
    let (mut quoted, mut escaped, mut number) = (false, false, None);
    // An object ends with a brace, so that each of its numbers is followed by something.
    for c in text.chars() {
        let digit = !quoted && (c.is_ascii_digit() || (c == '.' && number.is_some()));
        match (digit, number) {
            (true, point) => number = Some(point.unwrap_or(false) || c == '.'),
            (false, Some(point)) => {
                if !matches!(c, 'e' | 'E') {
                    written.push_str(if point { "0" } else { ".0" });
                }
                number = None;
            }
            (false, None) => {}
        }
        quoted ^= c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        written.push(c);
    }
    written
}

/// The first letter of a text written as an escape.
fn escape(value: &str) -> String {
    let Some(rest) = value.strip_prefix('"') else { return value.to_owned() };
    match rest.chars().next() {
        Some(first) if first.is_ascii_alphanumeric() => {
            format!("\"\\u{:04x}{}", u32::from(first), rest.get(1..).unwrap_or_default())
        }
        _ => value.to_owned(),
    }
}

/// An object's members in their order.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InOrder)
    }
}

struct InOrder;

impl<'de> Visitor<'de> for InOrder {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_meaning_stays_and_the_bytes_do_not() {
        let text = r#"{"a":"x1","b":[1, 2],"c":7}"#;
        let meaning: serde_json::Value = serde_json::from_str(text).unwrap();
        let rewrites = rewrites(text);
        let done: Vec<_> = rewrites.iter().map(|(done, _)| *done).collect();
        let numbers = "with another form of its numbers";
        assert_eq!(done, ["re-spaced", "reordered", "escaped", numbers, "with one blank more"]);
        for (done, other) in rewrites.into_iter().filter(|(done, _)| *done != numbers) {
            let same: serde_json::Value = serde_json::from_str(&other).unwrap();
            assert_eq!(same, meaning, "{done}");
            assert_ne!(other, text);
        }
    }

    #[test]
    fn numbers_get_a_zero_and_texts_stay() {
        let text = r#"{"a":"7\"8","b":[1,2.5],"c":-7, "d":1e5}"#;
        let other = r#"{"a":"7\"8","b":[1.0,2.50],"c":-7.0, "d":1e5.0}"#;
        assert_eq!(with_other_numbers(&text.replace("1e5", "0")), other.replace("1e5.0", "0.0"));
    }

    #[test]
    fn what_is_no_object_has_no_other_bytes() {
        assert!(rewrites("PAID 100").is_empty());
        assert!(rewrites("[1]").is_empty());
    }
}
