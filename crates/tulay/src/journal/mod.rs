//! Durable payouts and refunds: one that was accepted is paid at most once and never forgotten, whatever
//! is killed, lost, late or repeated. Durable collections: a payer is shown one order for each reference,
//! and each payment of it is noticed.
//!
//! *Accepting is not sending*: [`Payouts::submit`] returns when the payout is on disk, and a
//! [`Worker`], in this process or another, does the rest. *A reference is a payout, for ever*:
//! submitting it again returns it. *Paying again needs a [`ProvenUnpaid`]*, which only evidence
//! makes.

mod accounts;
mod actor;
mod candidates;
mod collection_record;
mod collections;
mod database;
mod error;
mod events;
mod inbox;
mod journal_record;
mod migrate;
mod open;
mod open_notification;
mod payment_record;
mod payments;
mod planner;
mod readings;
mod records;
mod refundable;
mod review_case;
mod reviews;
mod settings;
mod state;
mod statement;
mod submit;
mod submit_refund;
mod times;
mod whole;
mod worker;

pub use actor::Actor;
pub use collection_record::CollectionRecord;
pub use collections::CreateCollection;
pub use error::{BackupError, JournalError, OpenError, SubmitError};
pub use events::{EventKind, Events, Handler, PaymentEvent};
pub use journal_record::JournalRecord;
pub use open_notification::{OpenNotification, OpenReason};
pub use payment_record::{Attempt, PaymentRecord, ProvenUnpaid, Waiting};
pub use payments::{Collections, PaymentRequest, Payments, Payouts, Refunds};
pub use readings::Availability;
pub use records::Records;
pub use refundable::Refundable;
pub use review_case::{Answer, Order, Question, ReviewCase};
pub use reviews::{ReviewGroup, Reviews};
pub use settings::InForce;
pub use statement::{Resolution, Statement};
pub use submit::{Accepted, Submit};
pub use submit_refund::SubmitRefund;
pub use tulay_journal::{
    HandlerError, Time,
    audit::{Rule, Violation},
    collection::{Payment as CollectionPayment, PaymentId, Status as CollectionState},
    machine::ReviewReason,
    record::{Change, Event, Original, Reason, ReasonKind, Refused, Status, Surprise},
    store::{
        ActiveProcess, BackupError as CopyError, Counts, EventId, Filter, Form, Journal,
        JournalChange, JournalEvent, OpenError as DatabaseError, Pause, Scope, StoreError,
    },
};
pub use worker::{Worker, WorkerBuilder};

pub(crate) use inbox::JournalInbox;
pub(crate) use open::Opening;
pub(crate) use settings::{JournalTable, LimitsTable, Tables, TimeTable, WorkerTable};
pub(crate) use times::SystemTime;
