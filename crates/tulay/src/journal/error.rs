//! Why a call of the journal did nothing.

use super::{PaymentRecord, Resolution, Status};
use crate::error::ConfigErrors;
use jiff::Timestamp;
use tulay_core::{Error as CallError, Invalid, Money, Operation};
use tulay_journal::{record::Refused, store::StoreError};
use tulay_router::NoRoute;

/// Why a configuration and its journal were not opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The configuration has mistakes.
    #[error(transparent)]
    Config(#[from] ConfigErrors),
    /// The journal cannot be used.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// Why a call of the journal did nothing, unless it says otherwise.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// The database was not opened. The text says what to do.
    #[error(transparent)]
    NotOpened(#[from] tulay_journal::store::OpenError),
    /// There is no folder for what this machine remembers of the journal.
    #[error(
        "[journal] state: this user has no home folder; name a folder away from the database, such \
         as state = \"/var/lib/tulay\""
    )]
    NoState,
    /// The database could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no payment of this operation and reference.
    #[error("the journal has no {operation} {reference}")]
    NotFound {
        /// Payout or refund.
        operation: Operation,
        /// The reference.
        reference: String,
    },
    /// A payout and a refund have this reference.
    #[error("{0} is a payout and a refund; name the operation that is meant")]
    WhichOperation(String),
    /// What is known of the payout does not allow it now.
    #[error("{reference} is {status}: {why}")]
    NotNow {
        /// The payout.
        reference: String,
        /// Its status.
        status: Status,
        /// Why not.
        why: Refused,
    },
    /// Nothing can be stated about a payout of which nothing was sent.
    #[error(
        "nothing of {reference} was sent, so nothing can have become of it; to withdraw it, cancel it"
    )]
    NothingSent {
        /// The payout.
        reference: String,
    },
    /// A statement does not say which attempt it is about.
    #[error("{reference} has several attempts; name the one that is meant: {}", numbers(attempts))]
    WhichAttempt {
        /// The payout.
        reference: String,
        /// The attempts that may be meant.
        attempts: Vec<u8>,
    },
    /// The payout was sent after the evidence that it was not executed, or could still leave then.
    #[error(
        "{reference} was last sent at {sent}, and could arrive for some time after that; the evidence \
         is too early: ask the provider again"
    )]
    SentSince {
        /// The payout.
        reference: String,
        /// When it was last sent.
        sent: Timestamp,
    },
    /// The payout was sent more than once, and the evidence may be older than the last time.
    #[error(
        "{reference} was sent more than once, last at {sent}; state with --as-of when the provider \
         looked"
    )]
    AsOf {
        /// The payout.
        reference: String,
        /// When it was last sent.
        sent: Timestamp,
    },
    /// The payout is final, and the statement would change nothing of it.
    #[error("{reference} is {status}, and `{resolution}` changes nothing of it; {}", left(open))]
    Settled {
        /// The payout.
        reference: String,
        /// Its status.
        status: Status,
        /// What was stated.
        resolution: Resolution,
        /// What may still be stated.
        open: Vec<Resolution>,
    },
    /// A value of the call is not what it has to be.
    #[error(transparent)]
    Invalid(Invalid),
    /// A stored row cannot be read.
    #[error("the journal has a payment that this version cannot read: {0}")]
    Unreadable(Invalid),
}

fn rest(paid: Money, left: Money) -> String {
    match left.minor() {
        0 => {
            format!("nothing is left to refund of {paid}; a refund that is not finished counts too")
        }
        _ => format!(
            "expected at most {left}, which is left to refund of {paid}; a refund that is not finished \
             counts too"
        ),
    }
}

fn numbers(attempts: &[u8]) -> String {
    attempts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn left(open: &[Resolution]) -> String {
    match open {
        [] => "nothing else can be stated".into(),
        open => {
            let names: Vec<String> = open.iter().map(|it| format!("`{it}`")).collect();
            format!("what can be stated: {}", names.join(", "))
        }
    }
}

impl JournalError {
    /// Whether the configuration or the place of the database is what a person has to change.
    #[must_use]
    pub const fn is_of_configuration(&self) -> bool {
        use tulay_journal::store::OpenError as Database;
        match self {
            #[cfg(feature = "postgres")]
            Self::NotOpened(Database::Server(error)) => error.is_of_configuration(),
            Self::NoState => true,
            Self::NotOpened(error) => {
                !matches!(error, Database::Failed { .. } | Database::Clock { .. })
            }
            _ => false,
        }
    }

    /// When to try again, where a process may be sending the payout at this moment.
    #[must_use]
    pub const fn retry_at(&self) -> Option<Timestamp> {
        match self {
            Self::NotNow { why: Refused::Busy { until }, .. } => Some(*until),
            _ => None,
        }
    }
}

/// Why a journal was not copied.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// The journal cannot be opened.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The copy was not made. The text says what to do.
    #[error(transparent)]
    Copy(#[from] tulay_journal::store::BackupError),
}

/// Why a payout was not accepted. Nothing was sent, and nothing will be.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SubmitError {
    /// The reference is another payout's.
    #[error(
        "{} is another {}: its {field} differs; submit the first request unchanged, \
         or another {1} under a reference of its own", by.reference, by.operation
    )]
    Taken {
        /// The payment that has it.
        by: Box<PaymentRecord>,
        /// The first field that differs.
        field: &'static str,
    },
    /// No rule is for the payout, or no provider of its rule can ever carry it.
    #[error(transparent)]
    NoRoute(NoRoute),
    /// The only provider that could be asked refuses the request. The error names the field.
    #[error(transparent)]
    Refused(CallError),
    /// There is no provider of this name.
    #[error("there is no provider {name}; configured: {configured}")]
    NoProvider {
        /// The name.
        name: String,
        /// The names that there are.
        configured: String,
    },
    /// The refunds of the payment would add up to more than was paid.
    #[error("amount: {}", rest(*paid, *left))]
    MoreThanPaid {
        /// What was paid.
        paid: Money,
        /// What no other refund gives back.
        left: Money,
    },
    /// An earlier refund of the payment states that another amount was paid.
    #[error("paid: expected {paid}, which an earlier refund of this payment states")]
    OtherPaid {
        /// What the earlier refund states.
        paid: Money,
    },
    /// The proof was used, or the payout that it is about is not proven unpaid any more.
    #[error("the payout to be replaced was replaced before, or may have been paid after all")]
    NoProof,
    /// The journal could not be read or written. Submit the same again: it is accepted once.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl From<StoreError> for SubmitError {
    fn from(error: StoreError) -> Self {
        Self::Journal(error.into())
    }
}
