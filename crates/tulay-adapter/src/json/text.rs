//! The texts of a message.

use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, Visitor},
};
use serde_json::value::RawValue;
use std::{borrow::Cow, collections::BTreeMap, fmt};
use tulay_core::{OrderId, ProviderReference};

/// Text, or a whole number or truth value as text: providers write one member now one way and now
/// another. A fraction is refused, because an amount must not be one. `Debug` prints `***`.
///
/// ```
/// use tulay_adapter::json::Text;
/// let texts: Vec<Text<'_>> = serde_json::from_str(r#"["1250", 1250, -3, true]"#)?;
/// let texts: Vec<&str> = texts.iter().map(|text| &*text.0).collect();
/// assert_eq!(texts, ["1250", "1250", "-3", "true"]);
/// assert!(serde_json::from_str::<Text<'_>>("12.50").is_err());
/// # Ok::<_, serde_json::Error>(())
/// ```
pub struct Text<'a>(
    /// Borrowed from the message where nothing in it is escaped.
    pub Cow<'a, str>,
);

impl Text<'_> {
    /// The text by value.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0.into_owned()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// An optional text that decides nothing about money. An empty text, `null` and a value of another
/// type count as absent, so that such a member never hides a state that the message proves. Use it
/// with `#[serde(default)]`.
///
/// ```
/// use tulay_adapter::json::IfText;
/// let texts = r#"["E7", 7, "", " ", null, {"code":"E7"}, [], 1.5]"#;
/// let texts: Vec<IfText<'_>> = serde_json::from_str(texts)?;
/// let texts: Vec<Option<&str>> = texts.iter().map(|text| text.as_str()).collect();
/// assert_eq!(texts, [Some("E7"), Some("7"), None, None, None, None, None, None]);
/// # Ok::<_, serde_json::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct IfText<'a>(
    /// The text, where there is one.
    pub Option<Text<'a>>,
);

impl IfText<'_> {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        self.0.as_ref().map(|text| &*text.0)
    }

    /// The text by value.
    #[must_use]
    pub fn into_string(self) -> Option<String> {
        self.0.map(Text::into_string)
    }

    /// This text, or another where there is none.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0.or(other.0))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for IfText<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Kept as it is first: half a surrogate pair, and a number out of range, are no text either.
        let value = <&RawValue>::deserialize(deserializer)?;
        let text = unquoted(value).map(Text).or_else(|| serde_json::from_str(value.get()).ok());
        Ok(Self(text.filter(|text| !text.0.trim().is_empty())))
    }
}

/// A member that is there: `Some` of a text that may be absent, where [`IfText`] alone does not
/// distinguish a missing member from one that says nothing. Use it as `deserialize_with`, beside
/// `#[serde(default)]`.
///
/// # Errors
/// Never, of JSON.
pub fn present<'de: 'a, 'a, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<IfText<'a>>, D::Error> {
    IfText::deserialize(deserializer).map(Some)
}

/// An object's members by name. An object in which a name stands twice is refused: two readers
/// could take different ones. `Debug` shows the names alone.
pub struct Members<'a>(
    /// Each value as it arrived.
    pub BTreeMap<String, &'a RawValue>,
);

impl<'a> Members<'a> {
    /// The text of the only list among the members, whatever its name.
    #[must_use]
    pub fn only_list(&self) -> Option<&'a str> {
        let mut lists = self.0.values().map(|value| value.get()).filter(|v| v.starts_with('['));
        lists.next().filter(|_| lists.next().is_none())
    }
}

impl fmt::Debug for Members<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

/// Our order id, as a member repeats it. A text that can be no order id names none of ours.
#[must_use]
pub fn order_id(text: &IfText<'_>) -> Option<OrderId> {
    OrderId::parse(text.as_str()?).ok()
}

/// The provider's own id, as a member holds it; `None` where it can be none.
#[must_use]
pub fn provider_reference(text: &IfText<'_>) -> Option<ProviderReference> {
    ProviderReference::new(text.as_str()?).ok()
}

/// The text of a JSON string; `None` where the value is something else. It is a copy only where
/// something in it is escaped.
#[must_use]
pub fn unquoted(value: &RawValue) -> Option<Cow<'_, str>> {
    // The value is known to be JSON, so that without escapes all between the quotes is the text.
    let between = value.get().strip_prefix('"')?.strip_suffix('"')?;
    if between.as_bytes().contains(&b'\\') {
        return serde_json::from_str(value.get()).ok().map(Cow::Owned);
    }
    Some(Cow::Borrowed(between))
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object, each member once")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut members = BTreeMap::new();
        while let Some((name, value)) = map.next_entry()? {
            if members.insert(name, value).is_some() {
                return Err(de::Error::custom("a member stands twice"));
            }
        }
        Ok(Members(members))
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text, or a whole number")
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(text.to_owned())))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(number.to_string())))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(number.to_string())))
    }

    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Borrowed(if truth { "true" } else { "false" })))
    }
}
