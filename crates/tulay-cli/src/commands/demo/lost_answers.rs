//! Answers that never came, and what was done instead of sending blindly again.

use super::totals::counted;
use crate::error::CliError;
use tulay::{
    Tulay,
    journal::{Change, Event, PaymentRecord},
};

/// How many payouts lost an answer, in a sentence.
pub(super) async fn lost_answers(
    tulay: &Tulay,
    records: &[PaymentRecord],
) -> Result<Option<String>, CliError> {
    let (mut looked_up, mut sent_again) = (0, 0);
    for record in records {
        let timeline = tulay.payouts().timeline(&record.reference).await?;
        if !is_lost(&timeline) {
            continue;
        }
        match record.attempts.iter().any(|attempt| attempt.sendings > 1) {
            true => sent_again += 1,
            false => looked_up += 1,
        }
    }
    let lost = looked_up + sent_again;
    Ok((lost > 0).then(|| {
        format!(
            "{} lost an answer: {looked_up} looked up, {sent_again} sent again under the same \
             order id",
            counted(lost, "payout")
        )
    }))
}

/// Whether a sending has no outcome.
fn is_lost(timeline: &[Event]) -> bool {
    let count = |is: fn(&Change) -> bool| timeline.iter().filter(|it| is(&it.change)).count();
    let sent = count(|change| matches!(change, Change::Intended { .. }));
    sent > count(|change| matches!(change, Change::Answered { outcome: Some(_), .. }))
}
