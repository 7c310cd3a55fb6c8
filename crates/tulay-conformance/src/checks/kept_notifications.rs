//! A genuine notification is kept, whatever it says: unreadable ones too, and a later version reads
//! the stored body again, without keys.

use crate::{
    amount_form::AmountForm,
    case::{Case, Repeats},
    fixture::Fixture,
    harness::Harness,
    outcome::{Outcome, Unmet, ensure, shown},
    post::{Post, of_each},
};
use std::sync::Arc;
use tulay_core::{ErrorKind, WebhookRequest};

pub(crate) fn unreadable_notifications_are_kept(harness: &Arc<dyn Harness>) -> Outcome {
    of_each(harness, |post| {
        for (what, raw) in genuine(post) {
            if let Err(error) = post.open(&raw)? {
                ensure!(
                    error.kind() != ErrorKind::Unexpected,
                    "{what}: a genuine notification is refused: {}; expected \
                     `Notification::Unreadable`, as `webhooks::events` reads it",
                    shown(&error)
                );
            }
        }
        Ok(())
    })
}

pub(crate) fn stored_notifications_are_read_without_keys(harness: &Arc<dyn Harness>) -> Outcome {
    let keyless = Fixture::with(harness, |mut context| {
        context.capabilities_only = true;
        Some(harness.provider(context))
    });
    let keyless = keyless.ok_or_else(|| Unmet::fails("the harness makes no provider"))?;
    of_each(harness, |post| {
        let role = keyless.provider.roles().webhooks;
        let role = role.ok_or_else(|| Unmet::fails("without keys, the role is not there"))?;
        for (what, raw) in genuine(post) {
            let opened = post.open(&raw)?.map(|opened| opened.into_inner());
            let opened = opened.map_err(|error| error.kind());
            let read = role.read(&raw.target, &raw.body).map_err(|error| error.kind());
            ensure!(opened == read, "{what}: it is opened as {opened:?}, and read as {read:?}");
        }
        Ok(())
    })
}

/// Genuine notifications of everything that the harness can say.
fn genuine(post: &Post<'_>) -> Vec<(String, WebhookRequest)> {
    const REPEATS: [Repeats; 8] = [
        Repeats::All,
        Repeats::OtherAmount,
        Repeats::OtherOrder,
        Repeats::OtherAccount,
        Repeats::NoAccount,
        Repeats::NoOrder,
        Repeats::NoAmount,
        Repeats::NoReference,
    ];
    let words = post.words().into_iter().map(|(word, _)| word);
    let words = words.chain(["SOMETHING_NEW", ""].map(str::to_owned));
    let repeated = words.flat_map(|word| {
        REPEATS.map(|repeats| Case::order(&word).repeating(repeats).in_words("\u{1F980}\"\\\n"))
    });
    let forms = AmountForm::OTHERS.map(|form| post.telling().with_amount_as(form));
    let cases = repeated.chain(forms);
    cases.filter_map(|case| Some((format!("{:?}", case.says), post.raw(&case)?))).collect()
}
