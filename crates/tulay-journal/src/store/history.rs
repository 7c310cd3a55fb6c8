//! What is done to a whole journal, by people and by itself.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tulay_core::{MerchantAccount, Operation};

/// What is paused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "a sending must heed each")]
pub enum Scope {
    /// Every sending.
    All,
    /// Every sending of an operation.
    Operation(Operation),
    /// Every sending through an account.
    Account(MerchantAccount),
}

/// A pause.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pause {
    /// What is paused.
    pub scope: Scope,
    /// By which person; `None`: by the journal.
    pub by: Option<String>,
    /// Why.
    pub why: String,
}

impl Pause {
    /// A pause.
    #[must_use]
    pub fn new(scope: Scope, by: Option<String>, why: impl Into<String>) -> Self {
        Self { scope, by, why: why.into() }
    }
}

/// The end of a pause.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Resumption {
    /// What goes on.
    pub scope: Scope,
    /// By which person.
    pub by: String,
    /// Why.
    pub why: String,
}

impl Resumption {
    /// The end of a pause.
    #[must_use]
    pub fn new(scope: Scope, by: impl Into<String>, why: impl Into<String>) -> Self {
        Self { scope, by: by.into(), why: why.into() }
    }
}

/// One thing that was done to a whole journal. It is kept for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JournalEvent {
    /// When.
    pub at: Timestamp,
    /// By which person; `None`: by the journal.
    pub actor: Option<String>,
    /// What.
    pub change: JournalChange,
    /// Why.
    pub why: String,
}

impl JournalEvent {
    /// It may not know every payment of its namespace from now on.
    pub(super) fn doubted(at: Timestamp, actor: Option<String>, why: &str) -> Self {
        Self { at, actor, change: JournalChange::Doubted, why: why.to_owned() }
    }
}

/// What was done to a whole journal.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JournalChange {
    /// Sending was stopped.
    Paused(Scope),
    /// Sending goes on.
    Resumed(Scope),
    /// It is behind what a machine remembers, or it is another journal, or a person states that it was
    /// restored: it may not know every payment of its namespace.
    Doubted,
    /// A person stated that nothing was sent under the namespace that it does not know.
    ConfirmedWhole,
}

impl JournalChange {
    /// The name in the database and in JSON: `confirmed_whole`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Paused(_) => "paused",
            Self::Resumed(_) => "resumed",
            Self::Doubted => "doubted",
            Self::ConfirmedWhole => "confirmed_whole",
        }
    }

    /// What was paused or goes on.
    #[must_use]
    pub const fn scope(&self) -> Option<&Scope> {
        match self {
            Self::Paused(scope) | Self::Resumed(scope) => Some(scope),
            Self::Doubted | Self::ConfirmedWhole => None,
        }
    }

    /// The change of a row.
    pub(super) fn read(kind: &str, scope: Option<Scope>) -> Option<Self> {
        match (kind, scope) {
            ("paused", Some(scope)) => Some(Self::Paused(scope)),
            ("resumed", Some(scope)) => Some(Self::Resumed(scope)),
            ("doubted", None) => Some(Self::Doubted),
            ("confirmed_whole", None) => Some(Self::ConfirmedWhole),
            _ => None,
        }
    }
}
