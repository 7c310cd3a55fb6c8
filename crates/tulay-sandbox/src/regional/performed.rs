//! What an accepted request leads to.

use super::message::Data;
use crate::kit::Trouble;
use serde_json::Value;

/// What a request that was not refused came to.
pub(super) enum Performed {
    Created(Data, Option<Trouble>),
    Answered(Value, Option<Trouble>),
    Found(Data),
    Balance(String),
    NeverArrived,
}
