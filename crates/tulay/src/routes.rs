//! `[[routes]]` of the file → rules, each with its place.

use crate::{config::Document, error::ConfigError, operations::Operations};
use serde::Deserialize;
use std::ops::Range;
use toml::Spanned;
use tulay_core::{Channel, Country, Currency, InstitutionId, ProviderId};
use tulay_router::{MajorAmount, Router, Rule};

/// One rule as the file writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Route {
    operation: Operations,
    country: Option<Country>,
    currency: Option<Currency>,
    channel: Option<Channel>,
    institution: Option<InstitutionId>,
    #[serde(default)]
    amount: Amount,
    #[serde(rename = "use")]
    providers: Spanned<Vec<Spanned<ProviderId>>>,
}

/// Its limits, in major units of the payment's currency.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Amount {
    min: Option<MajorAmount>,
    max: Option<MajorAmount>,
}

/// The rules, once every provider they name is one of the file's.
pub(crate) fn router(
    document: &Document<'_>,
    routes: Vec<Spanned<Route>>,
    names: &[&str],
) -> Result<Router, Vec<ConfigError>> {
    let (mut rules, mut errors) = (Vec::new(), Vec::new());
    for (index, route) in routes.into_iter().enumerate() {
        let (place, route) = (document.place(&route.span()), route.into_inner());
        let mut refuse = |key: &str, span: &Range<usize>, message: String| {
            errors.push(document.error(format!("routes.{index}.{key}"), Some(span), message));
        };
        if route.providers.get_ref().is_empty() {
            let message = "expected at least one provider".into();
            refuse("use", &route.providers.span(), message);
        }
        let mut named: Vec<ProviderId> = Vec::new();
        for provider in route.providers.into_inner() {
            let (span, id) = (provider.span(), provider.into_inner());
            if named.contains(&id) {
                refuse("use", &span, format!("{id} is named twice"));
            } else if !names.contains(&id.as_str()) {
                let known = names.join(", ");
                refuse("use", &span, format!("no table [providers.{id}]; there are: {known}"));
            }
            named.push(id);
        }
        for operation in route.operation.all() {
            let mut rule = Rule::new(*operation, named.clone());
            rule.place.clone_from(&place);
            rule.country = route.country;
            rule.currency = route.currency;
            rule.channel = route.channel;
            rule.institution.clone_from(&route.institution);
            (rule.min, rule.max) = (route.amount.min, route.amount.max);
            rules.push(rule);
        }
    }
    if errors.is_empty() { Ok(Router::new(rules)) } else { Err(errors) }
}
