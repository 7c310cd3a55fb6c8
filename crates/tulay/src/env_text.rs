//! `{ env = "NAME" }` in place of a text: where an adapter expects a text and its table has this
//! instead, it gets what the variable contains. Secrets and keys, which adapters read themselves,
//! are not touched: their `{ env = … }` is what the adapter expects.

use crate::registry::{AnyAdapter, Rejection};
use std::{ops::Range, sync::Arc};
use toml::{
    Spanned,
    de::{DeString, DeValue},
};
use tulay_core::{AdapterContext, Invalid, Provider, ProviderId, SecretSource, Secrets};

/// Makes the provider of a table.
pub(crate) fn build(
    adapter: &dyn AnyAdapter,
    id: &ProviderId,
    mut table: Spanned<DeValue<'_>>,
    context: &AdapterContext,
    variables: &dyn Secrets,
) -> Result<Arc<dyn Provider>, Rejection> {
    loop {
        let built = adapter.build(id.clone(), table.clone(), context.clone());
        let Err(Rejection::Unreadable { span: Some(span), .. }) = &built else { return built };
        let Some((field, name)) = variable_at(&table, span, "") else { return built };
        let text = variables
            .read(&SecretSource::Env(name))
            .map_err(|invalid| Rejection::Invalid(invalid.with_field(field.clone())))?;
        // Each turn takes one variable out of the table, so there are no more turns than variables.
        if !replace(&mut table, span, text.expose()) {
            let refused = Invalid::unsupported(field, "no text stands here");
            return Err(Rejection::Invalid(refused));
        }
    }
}

/// The variable that stands around a place in a table, and its field, dotted.
fn variable_at(
    value: &Spanned<DeValue<'_>>,
    place: &Range<usize>,
    field: &str,
) -> Option<(String, String)> {
    // A provider's whole table is no variable, whatever it contains.
    let is_there = !field.is_empty() && is_around(&value.span(), place);
    if let Some(name) = variable(value).filter(|_| is_there) {
        return Some((field.to_owned(), name));
    }
    let below = |name: &str| match field {
        "" => name.to_owned(),
        field => format!("{field}.{name}"),
    };
    match value.get_ref() {
        DeValue::Table(table) => {
            table.iter().find_map(|(name, value)| variable_at(value, place, &below(name.get_ref())))
        }
        DeValue::Array(values) => values.iter().find_map(|value| variable_at(value, place, field)),
        _ => None,
    }
}

/// Puts a text in place of the variable there.
fn replace(value: &mut Spanned<DeValue<'_>>, place: &Range<usize>, text: &str) -> bool {
    if variable(value).is_some() && is_around(&value.span(), place) {
        *value.get_mut() = DeValue::String(DeString::Owned(text.to_owned()));
        return true;
    }
    match value.get_mut() {
        DeValue::Table(table) => table.iter_mut().any(|(_, value)| replace(value, place, text)),
        DeValue::Array(values) => values.iter_mut().any(|value| replace(value, place, text)),
        _ => false,
    }
}

/// The name in `{ env = "NAME" }`.
fn variable(value: &Spanned<DeValue<'_>>) -> Option<String> {
    let table = value.get_ref().as_table().filter(|table| table.len() == 1)?;
    let name = table.get("env")?.get_ref().as_str()?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let named = !name.starts_with(|c: char| c.is_ascii_digit()) && !name.is_empty();
    (named && name.chars().all(is_name)).then(|| name.to_owned())
}

fn is_around(span: &Range<usize>, place: &Range<usize>) -> bool {
    span.start <= place.start && place.end <= span.end
}
