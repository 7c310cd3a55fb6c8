//! Where an attempt stands: the table of its rows.

use super::{
    facts::Run,
    rules::Rules,
    sending::{Attempt, Outcome},
    standing::Standing,
};

/// Where an attempt stands. The first row that matches decides. A closed attempt stays what it was
/// closed as, whatever arrives later.
///
/// | row | facts | standing |
/// |---|---|---|
/// | 1 | a run of look-ups says reversed, or a person says that it came back | reversed |
/// | 2 | an answer, evidence or a person says paid | succeeded |
/// | 3 | a run of look-ups says failed, or one where the first is final | dead: failed |
/// | 4 | an order exists, unless row 8 holds and a late look-up found none | pending |
/// | 5 | a permanent rejection, no duplicate, no evidence, one digest, and a late look-up found none | dead: rejected |
/// | 6 | every copy is rejected or unsent, at least one rejected, and a look-up since found none | dead: rejected |
/// | 7 | every copy is unsent | unsent |
/// | 8 | a person's evidence says that every sending was not executed | dead: declared |
/// | 9 | otherwise | in doubt |
#[must_use]
pub fn standing(attempt: &Attempt, rules: &Rules) -> Standing {
    if let Some(standing) = attempt.closed_as {
        return standing;
    }
    let facts = &attempt.facts;
    let lasts = |run: &Run| rules.failure_window.is_some_and(|it| run.lasts(it));
    // 1
    if lasts(&facts.reversed) || facts.declared_returned.is_some() {
        return Standing::Reversed;
    }
    // 2
    if facts.succeeded || facts.declared_paid {
        return Standing::Succeeded;
    }
    // 3
    let is_final_at_once = rules.failure_window.is_some_and(|it| it.is_zero());
    if lasts(&facts.failed) || is_final_at_once && facts.failed.is_seen() {
        return Standing::Failed;
    }
    let is_absent_late = facts.is_absent_beyond(attempt.last_sent(), rules.absence_window);
    let is_not_executed = facts.not_executed >= attempt.sendings_to_cover();
    // 4
    if facts.order_exists || attempt.is_accepted() {
        let is_gone = is_absent_late && facts.is_absent_after(None);
        return if is_not_executed && is_gone { Standing::Declared } else { Standing::Pending };
    }
    // 5
    if attempt.has_permanent_rejection()
        && !attempt.has_duplicate()
        && !facts.is_notified
        && has_one_digest(attempt)
        && is_absent_late
    {
        return Standing::Rejected;
    }
    // 6
    if is_rejected_throughout(attempt, rules) && is_absent_after_rejection(attempt, rules) {
        return Standing::Rejected;
    }
    // 7
    if attempt.is_unsent() {
        return Standing::Unsent;
    }
    // 8
    if is_not_executed {
        return Standing::Declared;
    }
    // 9
    Standing::InDoubt
}

fn has_one_digest(attempt: &Attempt) -> bool {
    attempt.sendings.windows(2).all(|pair| match pair {
        [one, other] => one.digest == other.digest,
        _ => true,
    })
}

/// Row 6, its first half. Where a replay is answered as the first copy was, one rejection speaks
/// for the copies without outcome too.
fn is_rejected_throughout(attempt: &Attempt, rules: &Rules) -> bool {
    let is_answered_in_time = |outcome: &Outcome| match outcome {
        Outcome::Rejected { is_permanent, at, .. } => {
            (*is_permanent || rules.replays_rejections) && Some(*at) < attempt.resend_until
        }
        _ => false,
    };
    let speaks_for_all = rules.replays && attempt.outcomes().any(is_answered_in_time);
    let is_accounted_for = |outcome: &Option<Outcome>| match outcome {
        Some(Outcome::NotSent { .. } | Outcome::Rejected { .. }) => true,
        Some(Outcome::Accepted | Outcome::Duplicate) => false,
        None => speaks_for_all,
    };
    attempt.last_rejected().is_some()
        && attempt.sendings.iter().all(|sending| is_accounted_for(&sending.outcome))
}

/// Row 6, its second half: a look-up since the last rejection found none.
fn is_absent_after_rejection(attempt: &Attempt, rules: &Rules) -> bool {
    if !rules.is_found_by_order_id {
        return true;
    }
    let last = attempt.last_rejected().max(attempt.last_sent());
    let facts = &attempt.facts;
    if rules.rejections_wait {
        return facts.is_absent_beyond(last, rules.absence_window);
    }
    facts.absent_last > last
}
