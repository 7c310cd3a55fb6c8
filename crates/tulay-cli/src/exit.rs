//! How a command ends.

use std::process::ExitCode;
use tulay::{Effect, ErrorKind};

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

impl Exit {
    /// Every status, with what it means: the table of `--help` and of the guide.
    pub(crate) const TABLE: [(&'static str, &'static str); 8] = [
        ("0", "done"),
        ("1", "could not run; this says nothing about an earlier payment"),
        ("2", "the usage, the configuration or the input is not valid; nothing was sent"),
        ("3", "in doubt: send nothing again by hand, and run the command that the text names"),
        ("4", "a signature or a code is not valid"),
        ("5", "rejected or failed, confirmed; a rejection is about this attempt only"),
        ("6", "accepted and not final yet, or a collection that was underpaid"),
        ("129, 130, 143", "interrupted; the text says whether something may have been sent"),
    ];

    /// How a command ends when a call that writes failed.
    pub(crate) const fn of(kind: ErrorKind, effect: Effect) -> Self {
        match (effect, kind) {
            (Effect::Unknown, _) => Self::InDoubt,
            (Effect::Rejected, _) => Self::Rejected,
            (
                Effect::NotSent,
                ErrorKind::Configuration
                | ErrorKind::Unsupported
                | ErrorKind::InvalidRequest
                | ErrorKind::Destination
                | ErrorKind::Beneficiary
                | ErrorKind::Limit,
            ) => Self::Usage,
            (Effect::NotSent, _) => Self::CouldNotRun,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Waits for an interrupt or a request to terminate from now on, and returns which it was.
pub(crate) fn signal() -> impl Future<Output = Exit> + Send {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        let streams = kinds.map(signal);
        async move {
            match streams {
                [Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup)] => tokio::select! {
                    _ = interrupt.recv() => Exit::Interrupted,
                    _ = terminate.recv() => Exit::Terminated,
                    _ = hangup.recv() => Exit::HungUp,
                },
                // Signals cannot be handled here: the system ends the process.
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
