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
    /// Rejected or failed, with proof.
    Rejected = 5,
    /// Not final yet.
    Accepted = 6,
    /// The terminal is gone.
    HungUp = 129,
    Interrupted = 130,
    Terminated = 143,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Hears an interrupt or a request to terminate from now on, and says which when it is awaited.
pub(crate) fn signal() -> impl Future<Output = Exit> + Send {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        let heard = kinds.map(signal);
        async move {
            match heard {
                [Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup)] => tokio::select! {
                    _ = interrupt.recv() => Exit::Interrupted,
                    _ = terminate.recv() => Exit::Terminated,
                    _ = hangup.recv() => Exit::HungUp,
                },
                // Signals cannot be heard here: the system ends the process as it sees fit.
                _ => std::future::pending().await,
            }
        }
    }
    #[cfg(not(unix))]
    async {
        match tokio::signal::ctrl_c().await {
            Ok(()) => Exit::Interrupted,
            Err(_) => std::future::pending().await,
        }
    }
}
