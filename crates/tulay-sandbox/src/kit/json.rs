//! JSON as it was written: member order and number text survive, repeated members do not.

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use serde_json::{Value, value::RawValue};
use std::fmt;

/// Nothing that a merchant sends is nested even nearly as deep.
const DEEPEST: u8 = 16;

/// Nor has it nearly as many members in one object.
const MOST_MEMBERS: usize = 64;

/// An object's members in their order, values as written. No name occurs twice. `Debug`
/// shows none, as some of them are personal.
pub struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Members<'a> {
    /// The value of a member, as written.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
    }
}

impl fmt::Debug for Members<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Members({})", self.0.len())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members: Self::Value = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
                    if members.iter().any(|(known, _)| *known == name) {
                        return Err(A::Error::custom("a repeated member"));
                    }
                    if members.len() == MOST_MEMBERS {
                        return Err(A::Error::custom("too many members"));
                    }
                    members.push((name, value));
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Object).map(Members)
    }
}

/// The same JSON as a server writes it that has parsed it and kept the order of members: no blanks,
/// no needless escapes. `None` if a member is repeated anywhere, a string is no Unicode text, or
/// it is nested too deep or has too many members.
#[must_use]
pub fn compact(json: &RawValue) -> Option<String> {
    let mut text = String::with_capacity(json.get().len());
    write(&mut text, json.get(), DEEPEST)?;
    Some(text)
}

fn write(out: &mut String, json: &str, depth: u8) -> Option<()> {
    let deeper = depth.checked_sub(1);
    match json.as_bytes().first()? {
        b'{' => {
            let Members(members) = serde_json::from_str(json).ok()?;
            out.push('{');
            for (index, (name, value)) in members.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&quoted(&name));
                out.push(':');
                write(out, value.get(), deeper?)?;
            }
            out.push('}');
        }
        b'[' => {
            let values: Vec<&RawValue> = serde_json::from_str(json).ok()?;
            out.push('[');
            for (index, value) in values.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(out, value.get(), deeper?)?;
            }
            out.push(']');
        }
        b'"' => out.push_str(&quoted(&serde_json::from_str::<String>(json).ok()?)),
        _ => out.push_str(json),
    }
    Some(())
}

/// Text as a JSON string.
#[must_use]
pub fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compacted(text: &str) -> Option<String> {
        compact(serde_json::from_str(text).unwrap())
    }

    #[test]
    fn order_and_numbers_stay_and_blanks_and_escapes_go() {
        let written =
            r#"{ "b" : 1.10, "a":["\u00f1\/" ,1E2, {"z": null}], "c":18446744073709551616 }"#;
        let expected = r#"{"b":1.10,"a":["ñ/",1E2,{"z":null}],"c":18446744073709551616}"#;
        assert_eq!(compacted(written).unwrap(), expected);
    }

    #[test]
    fn what_two_readers_could_read_differently_is_refused() {
        assert_eq!(compacted(r#"{"a":1,"a":2}"#), None);
        assert_eq!(compacted(r#"{"a":1,"\u0061":2}"#), None);
        assert_eq!(compacted(r#"{"a":{"b":1,"b":2}}"#), None);
        assert_eq!(compacted(r#"{"a":"\ud800"}"#), None);
        assert_eq!(compacted(&format!("{}{}", "[".repeat(100_000), "]".repeat(100_000))), None);
        assert!(compacted(&format!("{}{}", "[".repeat(16), "]".repeat(16))).is_some());
        let members = |count| {
            let members: Vec<_> = (0..count).map(|n| format!("\"m{n}\":{n}")).collect();
            format!("{{{}}}", members.join(","))
        };
        assert!(compacted(&members(64)).is_some());
        assert_eq!(compacted(&members(65)), None);
    }
}
