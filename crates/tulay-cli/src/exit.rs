//! How a command ends.

use std::process::ExitCode;
use tulay::{
    Effect, ErrorKind,
    journal::{PaymentRecord, Status},
};

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
        ("0", "done; a payout or refund succeeded"),
        ("1", "could not run; this says nothing about an earlier payment"),
        ("2", "the usage, the configuration or the input is not valid; nothing was sent"),
        ("3", "in doubt: send nothing by hand, and run the command that the text names"),
        ("4", "a signature or a code is not valid"),
        (
            "5",
            "a payout or refund failed, was reversed or cancelled, with proof: the only status after \
             which the same money may be paid another way",
        ),
        (
            "6",
            "accepted and not final yet: it waits, is sent or is pending; or a collection that was \
             underpaid",
        ),
        (
            "129, 130, 143",
            "interrupted; what was accepted is in the journal, and the text says how to ask",
        ),
    ];

    /// How a command ends that shows a payout. It speaks of the payout, not of one attempt.
    pub(crate) fn of_payout(record: &PaymentRecord) -> Self {
        match record.is_doubted() {
            true => Self::InDoubt,
            false => Self::of_status(record.status),
        }
    }

    /// The same of a payout whose status is all that is known.
    pub(crate) const fn of_status(status: Status) -> Self {
        match status {
            Status::Succeeded => Self::Done,
            Status::InDoubt => Self::InDoubt,
            Status::Failed | Status::Reversed | Status::Cancelled => Self::Rejected,
            Status::Created | Status::Sending | Status::Pending => Self::Accepted,
        }
    }

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
