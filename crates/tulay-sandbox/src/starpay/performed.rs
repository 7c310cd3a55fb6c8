//! What an accepted request leads to.

use super::message::Answer;
use crate::kit::Trouble;

/// What a request that was not refused came to.
pub(super) enum Performed {
    Answered(Answer),
    Ordered(Answer, Option<Trouble>),
    NeverArrived,
}
