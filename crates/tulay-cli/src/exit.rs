//! How a command ends.

use std::process::ExitCode;

/// The exit statuses that other programs may rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    Done = 0,
    /// Says nothing about money.
    CouldNotRun = 1,
    Usage = 2,
    /// Nothing may be sent again by hand.
    InDoubt = 3,
    NotVerified = 4,
    /// Refused or failed, with proof.
    Refused = 5,
    /// Not final yet.
    Accepted = 6,
    Interrupted = 130,
    Terminated = 143,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Waits for an interrupt or a request to terminate, and says which.
pub(crate) async fn signal() -> Exit {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => return Exit::Terminated,
                heard = tokio::signal::ctrl_c() => if heard.is_ok() { return Exit::Interrupted },
            }
        }
    }
    match tokio::signal::ctrl_c().await {
        Ok(()) => Exit::Interrupted,
        // Signals cannot be heard here: the system ends the process as it sees fit.
        Err(_) => std::future::pending().await,
    }
}
