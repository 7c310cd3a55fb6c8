//! A provider in the `use` of a route: its name, or its name and weight.

use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, Visitor},
};
use std::fmt;
use tulay_core::ProviderId;
use tulay_router::RouteTarget;

/// A provider of a rule: its name, or a table of its name and its weight.
pub(super) struct TargetEntry {
    pub(super) provider: ProviderId,
    pub(super) weight: Option<u32>,
}

impl TargetEntry {
    pub(super) fn to_target(&self) -> RouteTarget {
        let provider = self.provider.clone();
        match self.weight {
            Some(weight) => RouteTarget::weighted(provider, weight),
            None => RouteTarget::new(provider),
        }
    }
}

impl<'de> Deserialize<'de> for TargetEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TargetEntryVisitor)
    }
}

struct TargetEntryVisitor;

impl<'de> Visitor<'de> for TargetEntryVisitor {
    type Value = TargetEntry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"starpay\", or { provider = \"starpay\", weight = 90 }")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<TargetEntry, E> {
        let provider = ProviderId::new(name).map_err(E::custom)?;
        Ok(TargetEntry { provider, weight: None })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<TargetEntry, A::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Table {
            provider: ProviderId,
            weight: u32,
        }
        let table = Table::deserialize(de::value::MapAccessDeserializer::new(map))?;
        Ok(TargetEntry { provider: table.provider, weight: Some(table.weight) })
    }
}
