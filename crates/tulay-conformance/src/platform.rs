//! The platform as a transport: it answers by a script and keeps what it was sent.

use crate::{
    case::{Ask, Case},
    harness::Harness,
};
use async_trait::async_trait;
use bytes::Bytes;
use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tulay_core::{Lookup, Operation, Transport, TransportError, TransportErrorKind};

pub(crate) type Sent = http::Request<Bytes>;
pub(crate) type Answered = http::Response<Bytes>;

/// What happens to one request.
#[derive(Clone)]
pub(crate) enum Move {
    /// It is answered so.
    Say(Case),
    /// It is answered so, and the answer is changed on the way.
    Change(Case, Arc<dyn Fn(Answered) -> Answered + Send + Sync>),
    /// The response is not the platform's.
    Raw(u16, Bytes),
    /// There is no answer.
    Fail(TransportErrorKind),
}

impl Move {
    pub(crate) fn change(
        case: Case,
        change: impl Fn(Answered) -> Answered + Send + Sync + 'static,
    ) -> Self {
        Self::Change(case, Arc::new(change))
    }
}

/// What happens to the requests of one call.
#[derive(Clone)]
pub(crate) struct Script {
    /// To all that nothing else happens to.
    usual: Case,
    /// To one of them, counted from 1.
    special: Option<(usize, Move)>,
}

impl Script {
    pub(crate) const fn all(usual: Case) -> Self {
        Self { usual, special: None }
    }

    pub(crate) fn at(mut self, step: usize, special: Move) -> Self {
        self.special = Some((step, special));
        self
    }
}

/// A transport that is the platform.
pub(crate) struct Platform {
    harness: Arc<dyn Harness>,
    scene: Mutex<Scene>,
}

struct Scene {
    operation: Operation,
    about: Option<Lookup>,
    script: Script,
    sent: Vec<Sent>,
    unsaid: bool,
    last: Option<Answered>,
}

/// What one call did at the platform.
pub(crate) struct Traffic {
    /// Every request, in order.
    pub(crate) sent: Vec<Sent>,
    /// Whether the harness had no response of the wanted kind.
    pub(crate) unsaid: bool,
    /// The last answer.
    pub(crate) response: Option<Answered>,
}

impl Platform {
    pub(crate) fn new(harness: Arc<dyn Harness>) -> Self {
        let scene = Scene {
            operation: Operation::Health,
            about: None,
            script: Script::all(Case::done()),
            sent: Vec::new(),
            unsaid: false,
            last: None,
        };
        Self { harness, scene: Mutex::new(scene) }
    }

    pub(crate) fn expect(&self, operation: Operation, about: Option<&Lookup>, script: Script) {
        let mut scene = self.scene();
        *scene = Scene {
            operation,
            about: about.cloned(),
            script,
            sent: Vec::new(),
            unsaid: false,
            last: None,
        };
    }

    pub(crate) fn traffic(&self) -> Traffic {
        let mut scene = self.scene();
        Traffic {
            sent: std::mem::take(&mut scene.sent),
            unsaid: scene.unsaid,
            response: scene.last.take(),
        }
    }

    fn scene(&self) -> MutexGuard<'_, Scene> {
        self.scene.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, sent: Sent) -> Result<Answered, TransportError> {
        let mut scene = self.scene();
        let step = scene.sent.len().saturating_add(1);
        let special = scene.script.special.clone().filter(|(at, _)| *at == step);
        let next = special.map_or_else(|| Move::Say(scene.script.usual.clone()), |(_, next)| next);
        let ask =
            Ask { operation: scene.operation, step, sent: &sent, about: scene.about.as_ref() };
        let response = match &next {
            Move::Say(case) => self.harness.answer(&ask, case),
            Move::Change(case, change) => self.harness.answer(&ask, case).map(|a| change(a)),
            Move::Raw(status, body) => {
                let mut response = http::Response::new(body.clone());
                *response.status_mut() =
                    http::StatusCode::from_u16(*status).unwrap_or(http::StatusCode::BAD_GATEWAY);
                Some(response)
            }
            Move::Fail(kind) => {
                scene.sent.push(sent);
                return Err(TransportError::new(*kind, "scripted"));
            }
        };
        scene.sent.push(sent);
        scene.last.clone_from(&response);
        response.ok_or_else(|| {
            scene.unsaid = true;
            TransportError::new(TransportErrorKind::Interrupted, "the harness cannot say this")
        })
    }
}

#[async_trait]
impl Transport for Platform {
    async fn send(&self, request: Sent) -> Result<Answered, TransportError> {
        self.answer(request)
    }
}

impl fmt::Debug for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Platform")
    }
}
