//! Adapters under their names, whatever their configuration's type.

use crate::published_keys::PublishedKey;
use std::{collections::BTreeMap, ops::Range, sync::Arc};
use toml::{
    Spanned,
    de::{DeValue, ValueDeserializer},
};
use tulay_core::{Adapter, AdapterContext, Assumption, Invalid, Provider, ProviderId};

/// An adapter without its type.
pub(crate) trait AnyAdapter: Send + Sync {
    fn name(&self) -> &'static str;
    fn config_schema(&self) -> String;
    fn assumptions(&self) -> &'static [Assumption];
    fn build(
        &self,
        id: ProviderId,
        table: Spanned<DeValue<'_>>,
        context: AdapterContext,
    ) -> Result<Arc<dyn Provider>, Rejection>;
}

/// Why a provider's table was refused.
pub(crate) enum Rejection {
    /// It could not be read.
    Unreadable { message: String, span: Option<Range<usize>> },
    /// It was read, and a value does not fit.
    Invalid(Invalid),
    /// It was read, and anyone has its key.
    Published(PublishedKey),
}

impl<A: Adapter> AnyAdapter for A {
    fn name(&self) -> &'static str {
        Adapter::name(self)
    }

    fn config_schema(&self) -> String {
        Adapter::config_schema(self)
    }

    fn assumptions(&self) -> &'static [Assumption] {
        Adapter::assumptions(self)
    }

    fn build(
        &self,
        id: ProviderId,
        table: Spanned<DeValue<'_>>,
        context: AdapterContext,
    ) -> Result<Arc<dyn Provider>, Rejection> {
        let config: A::Config =
            serde::Deserialize::deserialize(ValueDeserializer::from(table)).map_err(unreadable)?;
        Adapter::build(self, id, config, context).map_err(Rejection::Invalid)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is a function for map_err")]
fn unreadable(error: toml::de::Error) -> Rejection {
    Rejection::Unreadable { message: error.message().to_owned(), span: error.span() }
}

pub(crate) type Registry = BTreeMap<&'static str, Arc<dyn AnyAdapter>>;
