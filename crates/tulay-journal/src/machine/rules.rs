//! How far one provider's word goes, as the machine needs it.

use jiff::SignedDuration;
use tulay_core::{Guarantees, Operation};

/// The shortest absence window: a look-up that is asked earlier after a sending may not see the
/// order yet.
pub const LEAST_ABSENCE_WINDOW: SignedDuration = SignedDuration::from_mins(10);

/// How far one provider's word goes for one attempt. It follows from the
/// [`Guarantees`] that were stored with the attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rules {
    /// The order can be looked up by our order id, also after a lost answer.
    pub is_found_by_order_id: bool,
    /// The same order id and text within [`Attempt::resend_until`](super::Attempt::resend_until)
    /// is answered as the first was, and makes nothing new.
    pub replays: bool,
    /// Rejections are repeated by a replay as well.
    pub replays_rejections: bool,
    /// Two look-ups that say failed make it final when they are asked this far apart, and a single
    /// one where this is zero; `None`: nothing does.
    pub failure_window: Option<SignedDuration>,
    /// A look-up that finds nothing counts as absence only when it is asked this long after the
    /// sending.
    pub absence_window: SignedDuration,
    /// A rejection counts only with an absence asked [`Self::absence_window`] after it. True of
    /// refunds, whose list may lag, and of a journal that is not known to be whole.
    pub rejections_wait: bool,
}

impl Rules {
    /// The rules of one attempt. `absence_window` is the shortest one that is taken:
    /// [`LEAST_ABSENCE_WINDOW`], except in the sandbox profile.
    #[must_use]
    pub fn new(
        guarantees: &Guarantees,
        operation: Operation,
        is_whole: bool,
        absence_window: SignedDuration,
    ) -> Self {
        let failure_window = guarantees.failure_final_after;
        Self {
            is_found_by_order_id: guarantees.find_by.by_order_id(),
            replays: guarantees.replays_for.is_some(),
            replays_rejections: guarantees.replays_rejections,
            failure_window,
            absence_window: failure_window.map_or(absence_window, |it| it.max(absence_window)),
            rejections_wait: !is_whole || operation == Operation::Refund,
        }
    }
}
