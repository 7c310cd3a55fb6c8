//! The providers of a file: each table read by its adapter.

use crate::{
    document::{Document, find, source_of},
    env_text,
    error::ConfigError,
    published_keys::Watched,
    registry::{AnyAdapter, Registry, Rejection},
};
use std::{fmt, ops::Range, sync::Arc};
use toml::{
    Spanned,
    de::{DeString, DeValue},
};
use tulay_core::{
    AdapterContext, Assumption, BaseUrl, Environment, Invalid, Provider, ProviderId, Secrets,
};

/// A provider as the file names it.
pub(crate) struct Named {
    pub(crate) provider: Arc<dyn Provider>,
    pub(crate) adapter: &'static str,
    pub(crate) assumptions: &'static [Assumption],
    /// The host that requests go to.
    pub(crate) host: String,
}

/// The providers, in the order of the file; each mistake is one error. `variables` reads what
/// stands as `{ env = … }` in place of a text.
pub(crate) fn read(
    document: &Document<'_>,
    registry: &Registry,
    variables: &dyn Secrets,
    context: impl Fn(&ProviderId) -> AdapterContext,
) -> Result<Vec<Named>, Vec<ConfigError>> {
    let (mut read, mut errors): (Vec<Table>, Vec<ConfigError>) = (Vec::new(), Vec::new());
    for (name, table) in document.tables() {
        match Table::read(document, registry, variables, name, table, &context) {
            Ok(table) => match read.iter().find(|earlier| earlier.keeps_books_with(&table)) {
                Some(earlier) => errors.push(table.refused_beside(document, earlier)),
                None => read.push(table),
            },
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() {
        Ok(read.into_iter().map(|table| table.named).collect())
    } else {
        Err(errors)
    }
}

/// A provider's table that was read.
struct Table {
    named: Named,
    /// Where its name stands.
    name: Range<usize>,
    /// The hosts that keep its account's books.
    books: Vec<String>,
}

impl Table {
    fn read(
        document: &Document<'_>,
        registry: &Registry,
        variables: &dyn Secrets,
        name: &Spanned<DeString<'_>>,
        value: &Spanned<DeValue<'_>>,
        context: &impl Fn(&ProviderId) -> AdapterContext,
    ) -> Result<Self, ConfigError> {
        let key = format!("providers.{}", name.get_ref());
        let fail = |key: String, span: &Range<usize>, message: &dyn fmt::Display| {
            document.error(key, Some(span), message)
        };
        let id = ProviderId::new(name.get_ref().as_ref())
            .map_err(|invalid| fail(key.clone(), &name.span(), &invalid))?;
        let mut value = value.clone();
        let span = value.span();
        let mut take = |key| match value.get_mut() {
            DeValue::Table(table) => table.remove(key),
            _ => None,
        };
        let (adapter, same_books) = (take("adapter"), take("same_books"));
        let known = || registry.keys().copied().collect::<Vec<_>>().join(", ");
        let Some(adapter) = adapter else {
            let message = format!("expected adapter = \"…\", one of: {}", known());
            return Err(fail(format!("{key}.adapter"), &span, &message));
        };
        let Some(builder) = adapter.get_ref().as_str().and_then(|name| registry.get(name)) else {
            let message = format!("expected the name of an adapter: {}", known());
            return Err(fail(format!("{key}.adapter"), &adapter.span(), &message));
        };
        let same_books = same_books.map_or(Ok(Vec::new()), |list| hosts(&list));
        let same_books = same_books
            .map_err(|(span, message)| fail(format!("{key}.same_books"), &span, &message))?;
        let lookup = value.clone();
        let context = context(&id);
        let built = build(&**builder, &id, value, &context, &same_books, variables);
        let (provider, host) = built.map_err(|rejection| match rejection {
            Rejection::Unreadable { message, span: at } => {
                document.unreadable(at.or(Some(span)).as_ref(), &message)
            }
            Rejection::Invalid(invalid) => {
                let field = invalid.field();
                fail(format!("{key}.{field}"), &find(&lookup, field), invalid.problem())
            }
            Rejection::Published(published) => match source_of(&lookup, &published.source) {
                Some((field, at)) => fail(format!("{key}.{field}"), &at, &published),
                None => fail(key.clone(), &span, &published),
            },
        })?;
        let mut books = same_books;
        books.push(host.clone());
        let (adapter, assumptions) = (builder.name(), builder.assumptions());
        let named = Named { provider, adapter, assumptions, host };
        Ok(Self { named, name: name.span(), books })
    }

    /// Whether both are names of one merchant account.
    fn keeps_books_with(&self, other: &Self) -> bool {
        let (one, two) = (self.account(), other.account());
        (&one.adapter, one.environment, &one.account)
            == (&two.adapter, two.environment, &two.account)
            && self.books.iter().any(|host| other.books.contains(host))
    }

    fn account(&self) -> &tulay_core::MerchantAccount {
        self.named.provider.merchant_account()
    }

    fn refused_beside(&self, document: &Document<'_>, earlier: &Self) -> ConfigError {
        let (id, other) = (self.named.provider.id(), earlier.named.provider.id());
        let place = document.exact_place(&earlier.name);
        let message = format!(
            "this is the merchant account of providers.{other} ({place}); an account has one \
             name, so remove one of the two tables"
        );
        document.error(format!("providers.{id}"), Some(&self.name), message)
    }
}

/// Makes the provider of a table, and names the host that its requests go to.
fn build(
    adapter: &dyn AnyAdapter,
    id: &ProviderId,
    table: Spanned<DeValue<'_>>,
    context: &AdapterContext,
    same_books: &[String],
    variables: &dyn Secrets,
) -> Result<(Arc<dyn Provider>, String), Rejection> {
    let watched = Arc::new(Watched::new(Arc::clone(&context.secrets)));
    let mut context = context.clone();
    context.secrets = Arc::clone(&watched) as _;
    // Where no other host is said to keep its books, an account names the host of its address.
    let mut provider = env_text::build(adapter, id, table.clone(), &context, variables)?;
    let host = provider.merchant_account().host.clone();
    if !same_books.is_empty() {
        context.same_books = same_books.to_vec();
        provider = env_text::build(adapter, id, table, &context, variables)?;
    }
    let is_simulated = provider.merchant_account().environment == Environment::Sandbox;
    if let Some(published) = watched.published().filter(|_| !is_simulated) {
        return Err(Rejection::Published(published));
    }
    contradiction(&*provider).map_err(Rejection::Invalid)?;
    Ok((provider, host))
}

/// Reads `same_books`; a mistake has its place.
fn hosts(list: &Spanned<DeValue<'_>>) -> Result<Vec<String>, (Range<usize>, String)> {
    let Some(values) = list.get_ref().as_array() else {
        let message = "expected a list of hosts, such as [\"api.example.com\"]";
        return Err((list.span(), message.into()));
    };
    let host = |value: &Spanned<DeValue<'_>>| {
        let text = value.get_ref().as_str().unwrap_or_default();
        BaseUrl::host_alone(text).map_err(|invalid| (value.span(), invalid.problem().to_string()))
    };
    values.iter().map(host).collect()
}

/// Whatever the adapter, guarantees of what is sent must not contradict each other.
fn contradiction(provider: &dyn Provider) -> Result<(), Invalid> {
    let roles = provider.roles();
    let payouts = roles.payouts.map(|role| role.capability().guarantees.checked());
    let refunds = roles.refunds.map(|role| role.capability().guarantees.checked());
    payouts.unwrap_or(Ok(())).and(refunds.unwrap_or(Ok(())))
}
