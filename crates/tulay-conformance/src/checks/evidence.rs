//! A notification ends something only where it proves whose it is. Everything else is a hint: it
//! makes us ask, and ends nothing.

use crate::{
    case::{Case, Repeats},
    harness::{Harness, Sealed},
    order::Kind,
    outcome::{Outcome, Unmet, ensure, shown},
    post::{Post, ends_something, of_each, of_each_with},
};
use std::sync::Arc;
use tulay_core::{Authenticity, Echo, Guarantees, Money};

pub(crate) fn token_notifications_are_not_evidence(harness: &Arc<dyn Harness>) -> Outcome {
    of_each(harness, |post| {
        if post.sealed != Sealed::Token {
            return Err(Unmet::not_offered("notifications are signed, and so evidence"));
        }
        for (word, _) in post.words() {
            let Some(raw) = post.raw(&Case::order(&word)) else { continue };
            let opened = post.open(&raw)?.map_err(|error| Unmet::fails(shown(&error)))?;
            ensure!(
                opened.authenticity() == Authenticity::SharedToken,
                "{word}, under a token that is always the same, is evidence"
            );
        }
        Ok(())
    })
}

/// Why there may be none that another merchant can cause.
const OWN_KEY: &str = "the key of notifications is this account's alone";

/// Another merchant of the same platform can compute our order ids, and pay himself under them.
pub(crate) fn notifications_of_other_merchants_end_nothing(harness: &Arc<dyn Harness>) -> Outcome {
    with_and_without_accounts(harness, |post| {
        if post.kind == Kind::StaticCode {
            return Err(Unmet::not_offered("payments of static codes have a check of their own"));
        }
        let mut tried = false;
        for (word, _) in post.words() {
            tried |= post.ends_nothing(&word)?;
        }
        if tried { Ok(()) } else { Err(Unmet::not_offered(OWN_KEY)) }
    })
}

/// The payer chooses what he pays to a static code, so that another merchant's payment may be of
/// any amount.
pub(crate) fn payments_of_other_merchants_end_nothing(harness: &Arc<dyn Harness>) -> Outcome {
    with_and_without_accounts(harness, |post| {
        if post.kind != Kind::StaticCode {
            return Err(Unmet::not_offered("no static code is notified"));
        }
        let mut tried = false;
        for (word, _) in post.words() {
            for minor in [100, 123_400, 4_800_000] {
                let mut about = post.about.clone();
                about.amount = Some(Money::from_minor(minor, about.currency));
                let post = Post { about, ..*post };
                tried |= post.ends_nothing(&word)?;
            }
        }
        if tried { Ok(()) } else { Err(Unmet::not_offered(OWN_KEY)) }
    })
}

/// An end by such a notification alone is impossible: evidence may end an order, a hint never does.
pub(crate) fn unbound_notifications_are_hints(harness: &Arc<dyn Harness>) -> Outcome {
    let hints = |post: &Post<'_>| {
        if post.bound()?.contains(&Echo::Account) {
            return Ok(());
        }
        for (word, _) in post.words() {
            for repeats in [Repeats::All, Repeats::NoAccount] {
                let case = Case::order(&word).repeating(repeats);
                let Some(opened) = post.raw(&case).map(|raw| post.open(&raw)).transpose()? else {
                    continue;
                };
                ensure!(
                    opened.ok().is_none_or(|opened| !opened.authenticity().is_evidence()),
                    "{word}: the guarantees do not list the account among the echoes, and a \
                     notification is evidence: expected a hint (`Verified::bound_by`)"
                );
            }
        }
        Ok(())
    };
    of_each(harness, hints)?;
    let unbound = |guarantees: &mut Guarantees| {
        guarantees.echoes.retain(|echo| *echo != Echo::Account);
    };
    of_each_with(harness, unbound, hints)
}

/// A check under the adapter's own guarantees and, where they are a setting, where notifications
/// need not name the account.
fn with_and_without_accounts(
    harness: &Arc<dyn Harness>,
    check: impl Fn(&Post<'_>) -> Outcome,
) -> Outcome {
    of_each(harness, &check)?;
    let anonymous = |guarantees: &mut Guarantees| guarantees.anonymous_notifications = true;
    of_each_with(harness, anonymous, &check)
}

impl Post<'_> {
    /// What names another account, or none, ends nothing. Whether there is such a notification.
    fn ends_nothing(&self, word: &str) -> Result<bool, Unmet> {
        let mut tried = false;
        // A key that only this account has stands for its name.
        let unnamed = ("of no account", Repeats::NoAccount);
        let unnamed = Some(unnamed).filter(|_| self.sealed != Sealed::OwnKey);
        let others = [("of another account", Repeats::OtherAccount)].into_iter().chain(unnamed);
        for (whose, repeats) in others {
            let Some(raw) = self.raw(&Case::order(word).repeating(repeats)) else { continue };
            tried = true;
            let Ok(opened) = self.open(&raw)? else { continue };
            let evidence = opened.authenticity().is_evidence();
            ensure!(
                !(evidence && ends_something(&opened)),
                "{word}: a notification {whose} is evidence, though any merchant of the platform \
                 can cause one: expected a hint (`Verified::as_hint`)"
            );
        }
        Ok(tried)
    }
}
