//! The checks, one family to a file. Each is a property of every adapter.

mod accounts;
pub(crate) mod agreement;
pub(crate) mod changes;
pub(crate) mod evidence;
pub(crate) mod faults;
pub(crate) mod fields;
pub(crate) mod ids;
pub(crate) mod incoming_payments;
pub(crate) mod inspection;
mod kept_notifications;
pub(crate) mod money;
pub(crate) mod notifications;
mod paths;
pub(crate) mod payment_instructions;
pub(crate) mod refunds;
pub(crate) mod reports;
pub(crate) mod requests;
pub(crate) mod responses;
pub(crate) mod roles;
pub(crate) mod secrecy;
pub(crate) mod tables;
