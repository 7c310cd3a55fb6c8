//! `[[routes]]` of the file → rules, each with its place.

mod check;
mod institution;
mod route_targets;

pub(crate) use check::check;

use crate::{
    document::Document, error::ConfigError, nearest::did_you_mean, operations::Operations,
};
use route_targets::TargetEntry;
use serde::Deserialize;
use std::ops::Range;
use toml::Spanned;
use tulay_core::{Channel, Country, Currency, InstitutionId, ProviderId, Rail};
use tulay_router::{MajorAmount, RouteTarget, Rule};

/// One rule as the file writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Route {
    operation: Operations,
    country: Option<Country>,
    currency: Option<Currency>,
    channel: Option<Channel>,
    rail: Option<Rail>,
    institution: Option<Spanned<String>>,
    #[serde(default)]
    amount: Amount,
    #[serde(rename = "use")]
    providers: Spanned<Vec<Spanned<TargetEntry>>>,
}

/// Its limits, in major units of the payment's currency.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Amount {
    min: Option<MajorAmount>,
    max: Option<MajorAmount>,
}

/// The rules of a file, and where each stands.
pub(crate) struct Routes {
    pub(crate) rules: Vec<Rule>,
    spans: Vec<Spans>,
}

/// Where a rule stands.
#[derive(Clone)]
struct Spans {
    /// The place of its table among those of the file.
    route: usize,
    rule: Range<usize>,
    targets: Vec<Range<usize>>,
}

/// The rules, once every provider they name is one of the file's.
pub(crate) fn read(
    document: &Document<'_>,
    routes: Vec<Spanned<Route>>,
    names: &[&str],
) -> Result<Routes, Vec<ConfigError>> {
    let (mut read, mut errors) = (Routes { rules: Vec::new(), spans: Vec::new() }, Vec::new());
    let mut unknown: Vec<ProviderId> = Vec::new();
    for (index, route) in routes.into_iter().enumerate() {
        let (span, route) = (route.span(), route.into_inner());
        let mut refuse = |span: &Range<usize>, message: String| {
            errors.push(document.error(format!("routes.{index}.use"), Some(span), message));
        };
        let entries = route.providers.get_ref();
        if entries.is_empty() {
            refuse(&route.providers.span(), "expected at least one provider".into());
        }
        let weighs = entries.iter().any(|entry| entry.get_ref().weight.is_some());
        let mut named: Vec<&ProviderId> = Vec::new();
        for entry in entries {
            let (span, TargetEntry { provider, weight }) = (entry.span(), entry.get_ref());
            if named.contains(&provider) {
                refuse(&span, format!("{provider} is named twice; name it once"));
            } else if !names.contains(&provider.as_str()) {
                // One table that is missing is one mistake, however many rules name it.
                if unknown.contains(provider) {
                    continue;
                }
                unknown.push(provider.clone());
                let known = names.join(", ");
                let meant = did_you_mean(provider.as_str(), names.iter().copied());
                let message = format!("no table [providers.{provider}]; there are: {known}{meant}");
                refuse(&span, message);
            } else if *weight == Some(0) {
                refuse(&span, format!("a weight of 0 selects nothing; remove {provider}"));
            } else if weighs && weight.is_none() {
                let spelled = format!("{{ provider = \"{provider}\", weight = 10 }}");
                refuse(&span, format!("the other providers have weights; add one: {spelled}"));
            }
            named.push(provider);
        }
        let targets: Vec<RouteTarget> =
            entries.iter().map(|entry| entry.get_ref().to_target()).collect();
        let mut institution: Option<InstitutionId> = None;
        if let Some(text) = &route.institution {
            let place = (route.country, route.channel);
            match institution::read(document, text.get_ref(), place) {
                Ok(id) => institution = Some(id),
                Err(message) => {
                    let key = format!("routes.{index}.institution");
                    errors.push(document.error(key, Some(&text.span()), message));
                }
            }
        }
        let spans = route.providers.get_ref().iter().map(Spanned::span).collect();
        let spans = Spans { route: index, rule: span, targets: spans };
        for operation in route.operation.all() {
            let mut rule = Rule::new(*operation, []);
            rule.targets.clone_from(&targets);
            rule.place = document.place(&spans.rule);
            rule.country = route.country;
            rule.currency = route.currency;
            rule.channel = route.channel;
            rule.rail = route.rail;
            rule.institution.clone_from(&institution);
            (rule.min, rule.max) = (route.amount.min, route.amount.max);
            read.rules.push(rule);
            read.spans.push(spans.clone());
        }
    }
    if errors.is_empty() { Ok(read) } else { Err(errors) }
}
