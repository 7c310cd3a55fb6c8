//! The endpoint that providers notify.

use crate::{error::CliError, session::Session};
use std::{io::ErrorKind, net::SocketAddr};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

/// Takes notifications until it is stopped.
pub(super) struct Endpoint {
    pub(super) address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Endpoint {
    /// Listens at `[webhook] listen`; port 0 takes a free one.
    pub(super) async fn listen(address: SocketAddr, session: &Session) -> Result<Self, CliError> {
        let failed = |error: std::io::Error| {
            let fix = match error.kind() {
                ErrorKind::AddrNotAvailable => {
                    "name an address of this machine, or 0.0.0.0 for all"
                }
                _ => "name another one",
            };
            let message = format!("cannot listen at {address}: {error}; {fix}");
            CliError::could_not_run("webhook.listen", message)
        };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let (stop, stopped) = oneshot::channel();
        let stopped = async { drop(stopped.await) };
        let served = tulay::webhook::serve(listener, session.tulay.webhook(), stopped);
        Ok(Self { address, stop, task: tokio::spawn(served) })
    }

    /// Accepts no connection any more, and answers the requests that were begun.
    pub(super) async fn stop(self) {
        drop(self.stop);
        // It panics where the runtime ends, which ends everything.
        let _ = self.task.await;
    }
}
