//! A provider in `use`: by its name, or with its weight.

use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, Visitor},
};
use std::fmt;
use tulay_core::ProviderId;
use tulay_router::Use;

/// A provider of a rule: its name, or a table of its name and its weight.
pub(super) struct Used {
    pub(super) provider: ProviderId,
    pub(super) weight: Option<u32>,
}

impl Used {
    pub(super) fn to_use(&self) -> Use {
        let provider = self.provider.clone();
        match self.weight {
            Some(weight) => Use::weighing(provider, weight),
            None => Use::new(provider),
        }
    }
}

impl<'de> Deserialize<'de> for Used {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UsedVisitor)
    }
}

struct UsedVisitor;

impl<'de> Visitor<'de> for UsedVisitor {
    type Value = Used;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"starpay\", or { provider = \"starpay\", weight = 90 }")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Used, E> {
        let provider = ProviderId::new(name).map_err(E::custom)?;
        Ok(Used { provider, weight: None })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Used, A::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Table {
            provider: ProviderId,
            weight: u32,
        }
        let table = Table::deserialize(de::value::MapAccessDeserializer::new(map))?;
        Ok(Used { provider: table.provider, weight: Some(table.weight) })
    }
}
