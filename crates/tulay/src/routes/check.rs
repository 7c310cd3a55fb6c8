//! Rules held against what the providers can do, each finding with its place in the file.

use super::{Routes, Spans};
use crate::{document::Document, error::ConfigError, warning::Warning};
use std::{collections::BTreeSet, sync::Arc};
use tulay_core::Provider;
use tulay_router::{Router, Spot};

/// The router, once its rules can be served and each can decide; and what is worth knowing of them
/// besides.
pub(crate) fn check(
    document: &Document<'_>,
    routes: Routes,
    providers: impl IntoIterator<Item = Arc<dyn Provider>>,
) -> Result<(Router, Vec<Warning>), Vec<ConfigError>> {
    let Routes { mut rules, spans } = routes;
    let providers: Vec<_> = providers.into_iter().collect();
    rules.iter_mut().for_each(|rule| rule.name_currency(&providers));
    let router = Router::new(rules, providers);
    let (mut warnings, mut errors) = (Vec::new(), Vec::new());
    let mut told = BTreeSet::new();
    for finding in router.check() {
        let (key, span) = match finding.spot {
            Spot::Rule(rule) => {
                let spans = spans.get(rule);
                (key(spans, ""), spans.map(|spans| spans.rule.clone()))
            }
            Spot::Condition { rule, key: name } => {
                let spans = spans.get(rule);
                let at = spans.and_then(|spans| document.condition(spans.route, name));
                let span = at.or_else(|| spans.map(|spans| spans.rule.clone()));
                (key(spans, &format!(".{name}")), span)
            }
            Spot::Use { rule, place } => {
                let spans = spans.get(rule);
                (key(spans, ".use"), spans.and_then(|spans| spans.uses.get(place).cloned()))
            }
            Spot::Provider(provider) => {
                let id = router.providers().get(provider).map(|provider| provider.id().as_str());
                let id = id.unwrap_or_default();
                (format!("providers.{id}"), document.header(id))
            }
            _ => ("routes".to_owned(), None),
        };
        // What one rule says of several operations is said once.
        let rule = finding.spot.rule().and_then(|rule| router.rules().get(rule));
        let operation = rule.map(|rule| rule.operation.to_string()).unwrap_or_default();
        if rule.is_some() && !told.insert((key.clone(), finding.message.replace(&operation, ""))) {
            continue;
        }
        if finding.is_mistake {
            let message = format!("{}; {}", finding.message, finding.mend);
            errors.push(document.error(key, span.as_ref(), message));
        } else {
            let place = span.map(|span| document.place(&span)).unwrap_or_default();
            warnings.push(Warning { place, message: finding.message, mend: finding.mend });
        }
    }
    if errors.is_empty() { Ok((router, warnings)) } else { Err(errors) }
}

/// The key of a rule in the file, which may be for several operations.
fn key(spans: Option<&Spans>, rest: &str) -> String {
    let route = spans.map(|spans| spans.route).unwrap_or_default();
    format!("routes.{route}{rest}")
}
