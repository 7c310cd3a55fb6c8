//! The text of `tulay.toml` as TOML, each part of it with its place.

use crate::{
    error::{ConfigError, ConfigErrors, place},
    toml_errors::plain,
};
use serde::Deserialize;
use std::{fmt, ops::Range};
use toml::{
    Spanned,
    de::{DeString, DeTable, DeValue, Deserializer},
};
use tulay_core::{InstitutionId, SecretSource};

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

    /// The whole file as a type of its own.
    pub(crate) fn read<'d, T: Deserialize<'d>>(&self) -> Result<T, ConfigError>
    where
        't: 'd,
    {
        let read = T::deserialize(Deserializer::from(self.table.clone()));
        read.map_err(|error| self.unreadable(error.span().as_ref(), error.message()))
    }

    /// The table at the top of the file.
    pub(crate) fn table(&self) -> &DeTable<'t> {
        self.table.get_ref()
    }

    /// The names of all providers, whether their tables are right or not.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.tables().into_iter().map(|(name, _)| name.get_ref().as_ref()).collect()
    }

    /// The text at a place in it.
    pub(crate) fn text(&self, span: &Range<usize>) -> &'t str {
        self.text.get(span.clone()).unwrap_or_default()
    }

    /// The line of a place in it, counted from 1.
    pub(crate) fn line(&self, span: &Range<usize>) -> usize {
        place(self.text, span).0
    }

    /// The file and line of a place in it.
    pub(crate) fn place(&self, span: &Range<usize>) -> String {
        format!("{}:{}", self.file, self.line(span))
    }

    /// The file, line and column of a place in it.
    pub(crate) fn exact_place(&self, span: &Range<usize>) -> String {
        let (line, column) = place(self.text, span);
        format!("{}:{line}:{column}", self.file)
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

    /// The tables of the providers with their names, in the order of the file.
    pub(crate) fn tables(&self) -> Vec<(&Spanned<DeString<'t>>, &Spanned<DeValue<'t>>)> {
        let providers = self.table.get_ref().get("providers").and_then(|v| v.get_ref().as_table());
        let mut tables: Vec<_> = providers.into_iter().flat_map(|table| table.iter()).collect();
        tables.sort_by_key(|(name, _)| name.span().start);
        tables
    }

    /// What a reader of TOML finds wrong, with the key that it is about.
    pub(crate) fn unreadable(&self, span: Option<&Range<usize>>, message: &str) -> ConfigError {
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

/// The place of a dotted field in a table, or of the nearest table around it.
pub(crate) fn find(value: &Spanned<DeValue<'_>>, field: &str) -> Range<usize> {
    let (first, rest) = field.split_once('.').unwrap_or((field, ""));
    let inner = value.get_ref().as_table().and_then(|table| table.get(first));
    match inner {
        Some(inner) if rest.is_empty() => inner.span(),
        Some(inner) => find(inner, rest),
        None => value.span(),
    }
}

/// The dotted key and the place of `{ file = … }` or `{ env = … }` that names this source.
pub(crate) fn source_of(
    value: &Spanned<DeValue<'_>>,
    source: &SecretSource,
) -> Option<(String, Range<usize>)> {
    let (kind, name) = match source {
        SecretSource::File(name) => ("file", name),
        SecretSource::Env(name) => ("env", name),
        _ => return None,
    };
    let tables = value.get_ref().as_table()?.iter();
    tables.into_iter().find_map(|(key, value)| {
        let key = key.get_ref();
        let named = value.get_ref().as_table().and_then(|table| table.get(kind));
        if named.and_then(|named| named.get_ref().as_str()) == Some(name) {
            return Some((key.to_string(), value.span()));
        }
        let (below, place) = source_of(value, source)?;
        Some((format!("{key}.{below}"), place))
    })
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
