//! `/livez` and `/readyz`: whether the process runs, and whether it works on payouts.

use crate::{error::CliError, session::Session};
use axum::{Router, extract::State, http::StatusCode, routing::get};
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};
use tokio::{net::TcpListener, task::JoinHandle};

/// A journal that is not read within this time cannot be worked on.
const LONGEST: Duration = Duration::from_secs(2);

/// What the process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Phase {
    Opening,
    Working,
    TakingNotifications,
    Stopping,
}

/// Answers until it is dropped.
pub(super) struct Health {
    pub(super) address: SocketAddr,
    phase: Arc<AtomicU8>,
    task: JoinHandle<()>,
}

struct Served {
    session: Arc<Session>,
    phase: Arc<AtomicU8>,
}

impl Health {
    /// Listens at an address; port 0 takes a free one.
    pub(super) async fn listen(
        address: SocketAddr,
        session: &Arc<Session>,
    ) -> Result<Self, CliError> {
        let failed = |error: std::io::Error| {
            let message = format!("cannot listen at {address}: {error}; name another --listen");
            CliError::could_not_run("listen", message)
        };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let phase = Arc::new(AtomicU8::new(Phase::Opening as u8));
        let served = Served { session: Arc::clone(session), phase: Arc::clone(&phase) };
        let router = Router::new()
            .route("/livez", get(async || "the process runs\n"))
            .route("/readyz", get(ready))
            .with_state(Arc::new(served));
        let task = tokio::spawn(async move {
            // It ends with the process.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { address, phase, task })
    }

    pub(super) fn enter(&self, phase: Phase) {
        self.phase.store(phase as u8, Ordering::Relaxed);
    }
}

impl Drop for Health {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn ready(State(served): State<Arc<Served>>) -> (StatusCode, String) {
    let phase = served.phase.load(Ordering::Relaxed);
    let not_ready = if phase == Phase::Opening as u8 {
        "the journal is being opened".to_owned()
    } else if phase == Phase::Stopping as u8 {
        "the process stops, and begins nothing new".to_owned()
    } else {
        match tokio::time::timeout(LONGEST, served.session.tulay.journal()).await {
            Ok(Ok(_)) if phase == Phase::Working as u8 => {
                return (StatusCode::OK, "it works on payouts\n".into());
            }
            Ok(Ok(_)) => return (StatusCode::OK, "it takes notifications\n".into()),
            Ok(Err(error)) => CliError::from(error).message().to_owned(),
            Err(_) => "the journal was not read within 2 seconds".to_owned(),
        }
    };
    (StatusCode::SERVICE_UNAVAILABLE, format!("{not_ready}\n"))
}
