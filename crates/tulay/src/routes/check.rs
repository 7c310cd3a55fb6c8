//! Rules held against what the providers can do, each finding with its place in the file.

use super::Routes;
use crate::{config::Document, error::ConfigError};
use std::sync::Arc;
use tulay_core::Provider;
use tulay_router::{Router, Spot};

/// The router, once its rules can be served and each can decide; and what is worth knowing of them
/// besides.
pub(crate) fn check(
    document: &Document<'_>,
    routes: Routes,
    providers: impl IntoIterator<Item = Arc<dyn Provider>>,
) -> Result<(Router, Vec<Note>), Vec<ConfigError>> {
    let Routes { rules, spans } = routes;
    let router = Router::new(rules, providers);
    let (mut notes, mut errors) = (Vec::new(), Vec::new());
    for finding in router.check() {
        let (key, span) = match finding.spot {
            Spot::Rule(rule) => {
                (format!("routes.{rule}"), spans.get(rule).map(|spans| spans.rule.clone()))
            }
            Spot::Use { rule, place } => {
                let span = spans.get(rule).and_then(|spans| spans.uses.get(place));
                (format!("routes.{rule}.use"), span.cloned())
            }
            Spot::Provider(provider) => {
                let id = router.providers().get(provider).map(|provider| provider.id().as_str());
                let id = id.unwrap_or_default();
                (format!("providers.{id}"), document.header(id))
            }
            _ => ("routes".to_owned(), None),
        };
        if finding.is_mistake {
            let message = format!("{}; {}", finding.message, finding.mend);
            errors.push(document.error(key, span.as_ref(), message));
        } else {
            let place = span.map(|span| document.place(&span));
            notes.push(Note { place, key, message: finding.message, mend: finding.mend });
        }
    }
    if errors.is_empty() { Ok((router, notes)) } else { Err(errors) }
}

/// Something in a configuration that is no mistake, but worth knowing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Note {
    /// File and line, such as `tulay.toml:14`; `None` where it is about nothing that stands there.
    pub place: Option<String>,
    /// The key, dotted: `routes.2`.
    pub key: String,
    /// What it is.
    pub message: String,
    /// What mends it, if it is not meant.
    pub mend: String,
}
