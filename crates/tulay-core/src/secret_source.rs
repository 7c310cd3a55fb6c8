//! Sources of secrets. The texts here are names. A secret may be pasted where a name belongs, so
//! text that is not a valid name is never repeated.

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error as _, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};
use std::{collections::BTreeMap, fmt};

/// The source of a secret: `{ file = "…" }` or `{ env = "…" }`.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum SecretSource {
    /// A file, beside the configuration or absolute.
    File(String),
    /// An environment variable.
    Env(String),
}

/// Where a private key is: a secret to be read, or a signer that the application registered
/// under a name and that keeps the key to itself: `{ signer = "kms" }`.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum KeySource {
    /// A file, beside the configuration or absolute.
    File(String),
    /// An environment variable.
    Env(String),
    /// A signer registered in code.
    Signer(String),
}

/// The sources of secrets that are valid at the same time, as during a rotation: one source, or a
/// list of at most eight. `webhook_secret = [{ file = "new" }, { file = "old" }]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct SecretSources(Vec<SecretSource>);

impl SecretSources {
    /// The alternatives that `oneOf` lists in its JSON schema: one source, or a list of sources.
    pub const SCHEMA: &str = include_str!("secret_sources.schema.json");

    /// The sources, as they are listed; at least one.
    pub fn iter(&self) -> std::slice::Iter<'_, SecretSource> {
        self.0.iter()
    }
}

impl From<SecretSource> for SecretSources {
    fn from(source: SecretSource) -> Self {
        Self(vec![source])
    }
}

impl<'a> IntoIterator for &'a SecretSources {
    type Item = &'a SecretSource;
    type IntoIter = std::slice::Iter<'a, SecretSource>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The name of a variable as messages show it. A secret may be pasted in its place, so only what
/// looks like a name is shown: capitals, digits and `_`, at most 16 characters between two `_`.
///
/// ```
/// use tulay_core::adapter::shown_variable;
/// assert_eq!(shown_variable("STARPAY_PRIVATE_KEY"), "STARPAY_PRIVATE_KEY");
/// assert_eq!(shown_variable("sk_live_51H8x"), "***");
/// ```
#[must_use]
pub fn shown_variable(name: &str) -> &str {
    let is_part = |part: &str| {
        part.len() <= 16 && part.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    };
    let begins = name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_');
    if begins && name.len() <= 64 && name.split('_').all(is_part) { name } else { "***" }
}

/// The name of a file as messages show it. An API key may be pasted in its place, so that a long name
/// is shown only where it has a folder or an ending.
///
/// ```
/// use tulay_core::adapter::shown_file;
/// assert_eq!(shown_file("keys/merchant"), "keys/merchant");
/// assert_eq!(shown_file("sk_live_51H8x51H8x51H8x51H8x"), "***");
/// ```
#[must_use]
pub fn shown_file(name: &str) -> &str {
    if name.len() <= 16 || name.contains(['/', '\\', '.']) { name } else { "***" }
}

impl KeySource {
    /// The secret to be read, unless a signer keeps it.
    ///
    /// # Errors
    /// The signer's name.
    pub fn secret(&self) -> Result<SecretSource, &str> {
        match self {
            Self::File(path) => Ok(SecretSource::File(path.clone())),
            Self::Env(name) => Ok(SecretSource::Env(name.clone())),
            Self::Signer(name) => Err(name),
        }
    }
}

impl<'de> Deserialize<'de> for SecretSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let expected =
            r#"expected { file = "…" } or { env = "…" }; a secret itself is not accepted here"#;
        match named(deserializer) {
            Some((kind, name)) if kind == "file" => Ok(Self::File(name)),
            Some((kind, name)) if kind == "env" => Ok(Self::Env(name)),
            _ => Err(D::Error::custom(expected)),
        }
    }
}

impl<'de> Deserialize<'de> for SecretSources {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let expected = r#"expected { file = "…" } or { env = "…" }, or a list of 1 to 8 of these; a secret itself is not accepted here"#;
        // An error of what stands there would repeat it, and it may be the secret.
        match deserializer.deserialize_any(OneOrMore) {
            Ok(sources) if (1..=8).contains(&sources.len()) => Ok(Self(sources)),
            _ => Err(D::Error::custom(expected)),
        }
    }
}

struct OneOrMore;

impl<'de> Visitor<'de> for OneOrMore {
    type Value = Vec<SecretSource>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a source of a secret, or a list of them")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Ok(vec![SecretSource::deserialize(MapAccessDeserializer::new(map))?])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut sources = Vec::new();
        while let Some(source) = list.next_element()? {
            sources.push(source);
        }
        Ok(sources)
    }
}

impl<'de> Deserialize<'de> for KeySource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let expected = r#"expected { file = "…" }, { env = "…" } or { signer = "…" }; a key itself is not accepted here"#;
        match named(deserializer) {
            Some((kind, name)) if kind == "file" => Ok(Self::File(name)),
            Some((kind, name)) if kind == "env" => Ok(Self::Env(name)),
            Some((kind, name)) if kind == "signer" => Ok(Self::Signer(name)),
            _ => Err(D::Error::custom(expected)),
        }
    }
}

impl fmt::Debug for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(name) => write!(f, "file {:?}", shown_file(name)),
            Self::Env(name) => write!(f, "env {:?}", shown_variable(name)),
        }
    }
}

impl fmt::Debug for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(name) => write!(f, "file {:?}", shown_file(name)),
            Self::Env(name) => write!(f, "env {:?}", shown_variable(name)),
            Self::Signer(name) => write!(f, "signer {name:?}"),
        }
    }
}

/// The one entry of a map, if its value can be a name. Whatever else stands there may be the
/// secret, and the error of the one who read it would repeat it.
fn named<'de, D: Deserializer<'de>>(deserializer: D) -> Option<(String, String)> {
    let map = BTreeMap::<String, String>::deserialize(deserializer).ok()?;
    let mut entries = map.into_iter();
    match (entries.next(), entries.next()) {
        (Some((kind, name)), None) if is_name(&name) => Some((kind, name)),
        _ => None,
    }
}

/// Paths and variables are short, on one line, and no PEM or base64 of a key.
fn is_name(text: &str) -> bool {
    (1..=256).contains(&text.len())
        && !text.chars().any(char::is_control)
        && !text.contains("-----")
        && !text.starts_with("MII")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schema_and_reading_have_one_limit() {
        let schema: serde_json::Value = serde_json::from_str(SecretSources::SCHEMA).unwrap();
        let (least, most) = (schema[2]["minItems"].as_u64(), schema[2]["maxItems"].as_u64());
        for count in 0..12 {
            let list = serde_json::json!(vec![serde_json::json!({ "env": "A" }); count]);
            let allowed = (least.unwrap()..=most.unwrap()).contains(&(count as u64));
            assert_eq!(serde_json::from_value::<SecretSources>(list).is_ok(), allowed, "{count}");
        }
    }

    #[test]
    fn names_are_read() {
        let key = |json| serde_json::from_str::<KeySource>(json).unwrap();
        assert_eq!(key(r#"{"file":"keys/a.pem"}"#), KeySource::File("keys/a.pem".into()));
        assert_eq!(key(r#"{"signer":"kms"}"#), KeySource::Signer("kms".into()));
        let secret: SecretSource = serde_json::from_str(r#"{"env":"KEY"}"#).unwrap();
        assert_eq!(secret, SecretSource::Env("KEY".into()));
        assert!(serde_json::from_str::<SecretSource>(r#"{"signer":"kms"}"#).is_err());
    }

    #[test]
    fn several_secrets_can_be_valid_at_once() {
        let sources = |json: &str| serde_json::from_str::<SecretSources>(json);
        let env = |name: &str| SecretSource::Env(name.into());
        assert_eq!(sources(r#"{"env":"A"}"#).unwrap(), env("A").into());
        let two = sources(r#"[{"env":"A"},{"env":"B"}]"#).unwrap();
        assert_eq!(two.iter().cloned().collect::<Vec<_>>(), [env("A"), env("B")]);
        let nine = format!("[{}]", [r#"{"env":"A"}"#; 9].join(","));
        for wrong in ["[]", r#""planted""#, r#"["planted"]"#, r#"{"signer":"planted"}"#, &nine] {
            let error = sources(wrong).unwrap_err().to_string();
            assert!(error.starts_with("expected { file") && !error.contains("planted"), "{error}");
        }
    }

    #[test]
    fn only_names_of_variables_are_shown() {
        for name in
            ["KEY", "_KEY2", "STARPAY_MERCHANT_PRIVATE_KEY", "GOOGLE_APPLICATION_CREDENTIALS"]
        {
            assert_eq!(shown_variable(name), name);
        }
        for pasted in [
            "",
            "starpay_key",
            "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
            "AKIAIOSFODNN7EXAMPLE",
            "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
            "1234567890",
            "S3CRET WITH BLANKS",
            "p@ssw0rd",
            &"A_".repeat(40),
        ] {
            assert_eq!(shown_variable(pasted), "***", "{pasted}");
        }
        for pasted in ["sk_live_4eC39HqLyjWDarjtT1zdp7dc", "whsk_4eC39HqLyjWDarjt"] {
            assert_eq!(format!("{:?}", SecretSource::File(pasted.into())), "file \"***\"");
            assert_eq!(format!("{:?}", KeySource::File(pasted.into())), "file \"***\"");
        }
        for name in ["keys/a.pem", "starpay_production_key.txt", "/run/secrets/paymongo_secret_key"]
        {
            assert_eq!(shown_file(name), name);
        }
        assert_eq!(format!("{:?}", SecretSource::Env("hunter2".into())), "env \"***\"");
        assert_eq!(format!("{:?}", KeySource::Env("hunter2".into())), "env \"***\"");
    }

    #[test]
    fn a_secret_in_place_of_a_name_is_not_repeated() {
        let pem = "-----BEGIN PRIVATE KEY-----\\nMIIplanted\\n-----END PRIVATE KEY-----";
        for json in [
            format!("\"{pem}\""),
            r#""MIIplanted""#.to_owned(),
            format!(r#"{{"file":"{pem}"}}"#),
            r#"{"env":"MIIplanted"}"#.to_owned(),
            r#"{"planted":"x"}"#.to_owned(),
            r#"{"file":"a","env":"planted"}"#.to_owned(),
            r#"["planted"]"#.to_owned(),
        ] {
            let key = serde_json::from_str::<KeySource>(&json).unwrap_err().to_string();
            let secret = serde_json::from_str::<SecretSource>(&json).unwrap_err().to_string();
            assert!(!key.contains("planted") && !secret.contains("planted"), "{key} {secret}");
            assert!(key.contains("expected { file"), "{key}");
        }
    }
}
