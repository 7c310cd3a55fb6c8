//! From the text of `tulay.toml` to its parts, each with its place.

use crate::{
    error::{ConfigError, ConfigErrors, place},
    plain::plain,
    registry::{Refusal, Registry},
    routes::Route,
};
use serde::{
    Deserialize,
    de::{Error as _, IgnoredAny},
};
use std::{fmt, ops::Range, sync::Arc};
use toml::{
    Spanned,
    de::{DeTable, DeValue, Deserializer},
};
use tulay_core::{
    AdapterContext, Assumption, InstitutionId, Invalid, Namespace, Provider, ProviderId,
};

/// What stands at the top of the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Top {
    pub(crate) namespace: Namespace,
    #[serde(default = "yes")]
    pub(crate) confirm_production: bool,
    pub(crate) webhook: Option<Webhook>,
    #[serde(default)]
    pub(crate) routes: Vec<Spanned<Route>>,
    /// Read apart, each by its adapter.
    #[expect(dead_code, reason = "so that serde lists the key among those it knows")]
    providers: IgnoredAny,
}

/// Where notifications arrive.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Webhook {
    #[serde(deserialize_with = "public_url")]
    public_url: String,
}

impl Top {
    /// The address below which each provider has its own, without a trailing slash.
    pub(crate) fn public_url(&self) -> Option<String> {
        self.webhook.as_ref().map(|webhook| webhook.public_url.clone())
    }
}

const fn yes() -> bool {
    true
}

fn public_url<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    let url: Option<http::Uri> = text.parse().ok();
    match url.filter(|url| url.scheme().is_some() && url.query().is_none()) {
        Some(_) => Ok(text.trim_end_matches('/').to_owned()),
        None => Err(D::Error::custom("expected an address such as https://pay.example.com/notify")),
    }
}

/// One value of the file: what is in force, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Setting {
    /// The key, dotted.
    pub key: String,
    /// The value as TOML; `***` where the key names a secret.
    pub value: String,
    /// The line, counted from 1.
    pub line: usize,
}

/// A provider as the file names it.
pub(crate) struct Named {
    pub(crate) provider: Arc<dyn Provider>,
    pub(crate) adapter: &'static str,
    pub(crate) assumptions: &'static [Assumption],
}

/// A file that is TOML.
pub(crate) struct Document<'t> {
    file: &'t str,
    text: &'t str,
    table: Spanned<DeTable<'t>>,
}

impl<'t> Document<'t> {
    pub(crate) fn parse(file: &'t str, text: &'t str) -> Result<Self, ConfigErrors> {
        let (table, errors) = DeTable::parse_recoverable(text);
        let document = Self { file, text, table };
        // What follows the first mistake mostly comes of it.
        match errors.iter().min_by_key(|error| error.span().map(|span| span.start)) {
            Some(error) => Err(ConfigErrors::new(vec![
                document.unreadable(error.span().as_ref(), error.message()),
            ])),
            None => Ok(document),
        }
    }

    pub(crate) fn top(&self) -> Result<Top, ConfigError> {
        let top: Result<Top, _> = Deserialize::deserialize(Deserializer::from(self.table.clone()));
        top.map_err(|error| self.unreadable(error.span().as_ref(), error.message()))
    }

    /// The providers, in the order of the file; each mistake is one error.
    pub(crate) fn providers(
        &self,
        registry: &Registry,
        context: impl Fn(&ProviderId) -> AdapterContext,
    ) -> Result<Vec<Named>, Vec<ConfigError>> {
        let (mut named, mut errors) = (Vec::new(), Vec::new());
        for (name, table) in self.tables() {
            match self.provider(registry, name, table, &context) {
                Ok(provider) => named.push(provider),
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() { Ok(named) } else { Err(errors) }
    }

    /// Every value of the file, in its order.
    pub(crate) fn settings(&self) -> Vec<Setting> {
        let mut settings = Vec::new();
        self.collect("", self.table.get_ref(), &mut settings);
        settings.sort_by_key(|setting| setting.line);
        settings
    }

    /// The names of all providers, whether their tables are right or not.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.tables().into_iter().map(|(name, _)| name.get_ref().as_ref()).collect()
    }

    /// The file and line of a place in it.
    pub(crate) fn place(&self, span: &Range<usize>) -> String {
        format!("{}:{}", self.file, place(self.text, span).0)
    }

    /// Where a provider's table is named.
    pub(crate) fn header(&self, id: &str) -> Option<Range<usize>> {
        let named = self.tables().into_iter().find(|(name, _)| name.get_ref().as_ref() == id);
        named.map(|(name, _)| name.span())
    }

    /// Where the value of a rule's key stands.
    pub(crate) fn condition(&self, route: usize, key: &str) -> Option<Range<usize>> {
        let routes = self.table.get_ref().get("routes")?.get_ref().as_array()?;
        let table = routes.get(route)?.get_ref().as_table()?;
        Some(table.get(key)?.span())
    }

    /// Whether a provider's table gives an institution a name of its own.
    pub(crate) fn configures(&self, institution: &InstitutionId) -> bool {
        fn names(table: &DeTable<'_>, id: &str) -> bool {
            table.iter().any(|(name, value)| {
                let inner = value.get_ref().as_table();
                name.get_ref() == id || inner.is_some_and(|table| names(table, id))
            })
        }
        let tables = self.tables().into_iter().filter_map(|(_, table)| table.get_ref().as_table());
        let own = tables.filter_map(|table| table.get("institutions")?.get_ref().as_table());
        own.into_iter().any(|table| names(table, institution.as_str()))
    }

    fn tables(&self) -> Vec<(&Spanned<toml::de::DeString<'t>>, &Spanned<DeValue<'t>>)> {
        let providers = self.table.get_ref().get("providers").and_then(|v| v.get_ref().as_table());
        let mut tables: Vec<_> = providers.into_iter().flat_map(|table| table.iter()).collect();
        tables.sort_by_key(|(name, _)| name.span().start);
        tables
    }

    fn provider(
        &self,
        registry: &Registry,
        name: &Spanned<toml::de::DeString<'_>>,
        value: &Spanned<DeValue<'_>>,
        context: &impl Fn(&ProviderId) -> AdapterContext,
    ) -> Result<Named, ConfigError> {
        let key = format!("providers.{}", name.get_ref());
        let fail = |key: String, span: &Range<usize>, message: &dyn fmt::Display| {
            self.error(key, Some(span), message)
        };
        let id = ProviderId::new(name.get_ref().as_ref())
            .map_err(|invalid| fail(key.clone(), &name.span(), &invalid))?;
        let mut value = value.clone();
        let span = value.span();
        let adapter = match value.get_mut() {
            DeValue::Table(table) => table.remove("adapter"),
            _ => None,
        };
        let known = || registry.keys().copied().collect::<Vec<_>>().join(", ");
        let Some(adapter) = adapter else {
            let message = format!("expected adapter = \"…\", one of: {}", known());
            return Err(fail(format!("{key}.adapter"), &span, &message));
        };
        let Some(builder) = adapter.get_ref().as_str().and_then(|name| registry.get(name)) else {
            let message = format!("expected the name of an adapter: {}", known());
            return Err(fail(format!("{key}.adapter"), &adapter.span(), &message));
        };
        let lookup = value.clone();
        let built = builder.build(id.clone(), value, context(&id));
        let built = built.and_then(|provider| match contradiction(&*provider) {
            Ok(()) => Ok(provider),
            Err(invalid) => Err(Refusal::Invalid(invalid)),
        });
        let provider = built.map_err(|refusal| match refusal {
            Refusal::Unreadable { message, span: at } => {
                self.unreadable(at.or(Some(span)).as_ref(), &message)
            }
            Refusal::Invalid(invalid) => {
                let field = invalid.field();
                fail(format!("{key}.{field}"), &find(&lookup, field), invalid.problem())
            }
        })?;
        Ok(Named { provider, adapter: builder.name(), assumptions: builder.assumptions() })
    }

    fn collect(&self, prefix: &str, table: &DeTable<'_>, settings: &mut Vec<Setting>) {
        for (name, value) in table {
            let key = format!("{prefix}{}", name.get_ref());
            match value.get_ref() {
                DeValue::Table(table) => self.collect(&format!("{key}."), table, settings),
                DeValue::Array(values) if values.iter().any(|value| value.get_ref().is_table()) => {
                    for (index, value) in values.iter().enumerate() {
                        if let Some(table) = value.get_ref().as_table() {
                            self.collect(&format!("{key}.{index}."), table, settings);
                        }
                    }
                }
                _ => settings.push(Setting {
                    value: self.shown(&key, &value.span()),
                    line: place(self.text, &name.span()).0,
                    key,
                }),
            }
        }
    }

    /// The value as it was written. Secrets do not belong in the file; should an adapter take one
    /// all the same, its key tells.
    fn shown(&self, key: &str, span: &Range<usize>) -> String {
        const SECRET: [&str; 4] = ["secret", "password", "passphrase", "token"];
        let name = key.rsplit('.').next().unwrap_or(key).to_ascii_lowercase();
        if SECRET.iter().any(|word| name.contains(word)) {
            return "***".into();
        }
        without_userinfo(self.text.get(span.clone()).unwrap_or_default())
    }

    /// What a reader of TOML finds wrong, with the key that it is about.
    fn unreadable(&self, span: Option<&Range<usize>>, message: &str) -> ConfigError {
        let key = span.map(|span| key_at(self.table.get_ref(), span)).unwrap_or_default();
        let written = span.and_then(|span| self.text.get(span.clone()));
        let message = plain(message, &key, written.unwrap_or_default());
        self.error(key, span, message)
    }

    pub(crate) fn error(
        &self,
        key: String,
        span: Option<&Range<usize>>,
        message: impl fmt::Display,
    ) -> ConfigError {
        ConfigError {
            file: self.file.to_owned(),
            place: span.map(|span| place(self.text, span)),
            key,
            // A message of serde may run over several lines.
            message: message.to_string().replace('\n', " "),
        }
    }
}

/// Whatever the adapter, a contract of what is sent must not contradict itself.
fn contradiction(provider: &dyn Provider) -> Result<(), Invalid> {
    let roles = provider.roles();
    let payouts = roles.payouts.map(|role| role.capability().contract.checked());
    let refunds = roles.refunds.map(|role| role.capability().contract.checked());
    payouts.unwrap_or(Ok(())).and(refunds.unwrap_or(Ok(())))
}

/// An address without the name and password that may stand before its host.
fn without_userinfo(value: &str) -> String {
    let Some((scheme, rest)) = value.split_once("://") else { return value.to_owned() };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    match authority.rfind('@').and_then(|at| rest.get(at..)) {
        Some(from_host) => format!("{scheme}://***{from_host}"),
        None => value.to_owned(),
    }
}

/// The place of a dotted field in a table, or of the nearest table around it.
fn find(value: &Spanned<DeValue<'_>>, field: &str) -> Range<usize> {
    let (first, rest) = field.split_once('.').unwrap_or((field, ""));
    let inner = value.get_ref().as_table().and_then(|table| table.get(first));
    match inner {
        Some(inner) if rest.is_empty() => inner.span(),
        Some(inner) => find(inner, rest),
        None => value.span(),
    }
}

/// The dotted key of what stands at a place: the innermost key or value around it. A table that
/// goes on over several headers lies around nothing.
fn key_at(table: &DeTable<'_>, place: &Range<usize>) -> String {
    let is_around = |span: &Range<usize>| span.start <= place.start && place.end <= span.end;
    let mut keys = vec![String::new()];
    let mut tables = vec![(String::new(), table)];
    while let Some((prefix, table)) = tables.pop() {
        for (name, value) in table {
            let key = format!("{prefix}{}", name.get_ref());
            if is_around(&name.span()) || is_around(&value.span()) {
                keys.push(key.clone());
            }
            let values = match value.get_ref() {
                DeValue::Table(table) => vec![(key, table)],
                DeValue::Array(values) => {
                    let inner = values.iter().enumerate().filter_map(|(index, value)| {
                        let key = format!("{key}.{index}");
                        if is_around(&value.span()) && value.get_ref().is_table() {
                            keys.push(key.clone());
                        }
                        Some((key, value.get_ref().as_table()?))
                    });
                    inner.collect()
                }
                _ => Vec::new(),
            };
            tables.extend(values.into_iter().map(|(key, table)| (format!("{key}."), table)));
        }
    }
    keys.into_iter()
        .max_by_key(|key| key.matches('.').count() + usize::from(!key.is_empty()))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::without_userinfo;

    #[test]
    fn passwords_in_addresses_are_not_shown() {
        for (written, shown) in [
            ("\"http://user:p@ss@proxy:3128/x\"", "\"http://***@proxy:3128/x\""),
            ("\"https://host/a@b\"", "\"https://host/a@b\""),
            ("\"a@b\"", "\"a@b\""),
        ] {
            assert_eq!(without_userinfo(written), shown);
        }
    }
}
