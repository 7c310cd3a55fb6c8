//! The one way that every request takes, whether it came by a socket or not.

use super::{control, guard, simulation::Simulation};
use crate::kit::Reply;
use axum::Router;
use bytes::Bytes;
use http::{Request, Uri};
use std::sync::Arc;

#[derive(Debug)]
pub(crate) struct Front {
    origin: String,
    simulation: Arc<Simulation>,
    control: Router,
}

impl Front {
    pub(crate) fn new(origin: String, simulation: Arc<Simulation>) -> Self {
        let control = control::router(origin.clone(), Arc::clone(&simulation));
        Self { origin, simulation, control }
    }

    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    pub(crate) fn simulation(&self) -> &Arc<Simulation> {
        &self.simulation
    }

    pub(crate) async fn reply(&self, mut request: Request<Bytes>) -> Reply {
        let mount = request.uri().path().split('/').nth(1).unwrap_or_default().to_owned();
        if mount == control::MOUNT {
            if let Some(refusal) = guard::refusal(&request, &self.origin) {
                return Reply::Answer(refusal);
            }
            return Reply::Answer(control::answer(self.control.clone(), request).await);
        }
        let Ok(provider) = self.simulation.provider(&mount) else {
            return Reply::Answer(control::nothing_here(&self.simulation));
        };
        *request.uri_mut() = below(&mount, request.uri());
        self.simulation.handle(provider.as_ref(), &request)
    }
}

/// Path and query without the mount point.
fn below(mount: &str, uri: &Uri) -> Uri {
    let whole = uri.path_and_query().map_or("/", |path| path.as_str());
    let rest = whole.trim_start_matches('/').strip_prefix(mount).unwrap_or_default();
    let rest = if rest.starts_with('/') { rest.to_owned() } else { format!("/{rest}") };
    rest.parse().unwrap_or_default()
}
