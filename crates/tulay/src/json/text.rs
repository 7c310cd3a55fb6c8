//! The text of one member.

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, MapAccess, Visitor},
};
use std::{collections::BTreeMap, fmt};
use zeroize::Zeroize;

/// The text of one JSON member, which may be personal data. It serialises in clear; `Debug` prints
/// `***`, there is no `Display`, and the memory is wiped on drop.
///
/// ```
/// use tulay::json::Text;
/// let account = Text::from("09171234567");
/// assert_eq!(format!("{account:?}"), "***");
/// assert_eq!(account.expose(), "09171234567");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(String);

impl Text {
    /// The text itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Drop for Text {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Values that only one adapter knows, by name. A name that stands twice is refused: two readers
/// could take different values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ExtrasJson(
    /// Each value, in clear.
    pub BTreeMap<String, Text>,
);

impl<'de> Deserialize<'de> for ExtrasJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ExtrasVisitor;

        impl<'de> Visitor<'de> for ExtrasVisitor {
            type Value = ExtrasJson;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ExtrasJson, A::Error> {
                let mut extras = BTreeMap::new();
                while let Some((name, value)) = map.next_entry::<String, Text>()? {
                    if extras.insert(name, value).is_some() {
                        return Err(de::Error::custom("a member of extras is given twice"));
                    }
                }
                Ok(ExtrasJson(extras))
            }
        }

        deserializer.deserialize_map(ExtrasVisitor)
    }
}
