//! Notifications are believed only as far as their signature or token proves their origin.

pub(crate) use super::kept_notifications::{
    stored_notifications_are_read_without_keys, unreadable_notifications_are_kept,
};
use crate::{
    any_status::AnyStatus,
    case::{Case, Repeats},
    checks::{agreement::OTHER_ACCOUNTS, tables::not_final_because},
    fixture::Fixture,
    harness::{Harness, Sealed},
    noise::{Noise, damaged, flips},
    outcome::{Outcome, Unmet, ensure, shown},
    platform::Script,
    post::{
        each_of, ends_something, keys_of, of_each, of_each_with, refused_as, sealed, with_body,
    },
    rewrite::rewrites,
    seal::Seal,
};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use std::sync::Arc;
use tulay_core::{Authenticity, Echo, ErrorKind, Guarantees, Handling, Notification};

pub(crate) fn genuine_notifications_are_accepted(harness: &Arc<dyn Harness>) -> Outcome {
    of_each(harness, |post| {
        let expected = match post.sealed {
            Sealed::Token => Authenticity::SharedToken,
            _ if post.bound()?.contains(&Echo::Account) => Authenticity::Signed,
            _ => Authenticity::SharedKey,
        };
        let mut keys: Vec<(AnyStatus, Vec<String>)> = Vec::new();
        for (word, means) in post.words() {
            let raw = post.genuine(&Case::order(&word))?;
            let opened = post.open(&raw)?.map_err(|error| {
                Unmet::fails(format!("a genuine notification is refused: {}", shown(&error)))
            })?;
            ensure!(
                opened.authenticity() == expected,
                "a genuine notification is {:?}, expected {expected:?}",
                opened.authenticity()
            );
            let notice = post.only(&opened)?;
            ensure!(
                post.is_ours(&notice),
                "it is about the order {:?} at {:?}, the platform's {:?}, and not about {}",
                notice.order_id,
                notice.terminal,
                notice.provider_reference,
                post.about.order_id
            );
            let echoes = post.bound()?;
            let amount = notice.amount.as_ref();
            let agrees = post.about.amount.is_none_or(|asked| {
                amount.map_or(!echoes.contains(&Echo::Amount), |stated| {
                    stated.in_currency(asked.currency()) == Some(asked)
                })
            });
            ensure!(agrees, "it reports {amount:?} instead of {:?}", post.about.amount);
            let again = post.open(&raw)?.map(|opened| keys_of(&opened)).ok();
            ensure!(again == Some(keys_of(&opened)), "a second copy says something else");
            let key = keys_of(&opened);
            ensure!(
                keys.iter().all(|(other, known)| *other == means || *known != key),
                "{word} has the key of another state, and would be taken for a copy; what names no \
                 order of ours is a `Notification::Unmatched`, with the state in the platform's word"
            );
            keys.push((means, key));
        }
        if let Some(raw) = post.under(Seal::Rotated) {
            let opened = post.open(&raw)?.map_err(|error| {
                Unmet::fails(format!(
                    "two keys are configured, and a notification by the second is refused: {}",
                    shown(&error)
                ))
            })?;
            let as_by_the_first = post.open(&post.genuine(&post.telling())?)?.ok();
            let same = as_by_the_first.is_some_and(|first| {
                (first.authenticity(), keys_of(&first)) == (expected, keys_of(&opened))
                    && opened.authenticity() == expected
            });
            ensure!(same, "a notification by the second key says something else");
        }
        Ok(())
    })
}

pub(crate) fn notifications_match_only_their_order(harness: &Arc<dyn Harness>) -> Outcome {
    of_each(harness, |post| {
        let mut named = false;
        let other = if post.by_theirs()? { Repeats::OtherReference } else { Repeats::OtherOrder };
        for (word, _) in post.words() {
            let Some(raw) = post.raw(&Case::order(&word).repeating(other)) else {
                continue;
            };
            named = true;
            let Ok(opened) = post.open(&raw)? else { continue };
            for event in opened.get() {
                let ours = post.notice(event)?.is_some_and(|notice| post.is_ours(&notice));
                ensure!(!ours, "{word}: a notification about another order is taken for ours");
            }
        }
        if named { Ok(()) } else { Err(Unmet::not_offered("no notification names its order")) }
    })
}

pub(crate) fn notification_statuses_match_the_documents(harness: &Arc<dyn Harness>) -> Outcome {
    of_each(harness, |post| {
        for (word, means) in post.words() {
            let Some(raw) = post.raw(&Case::order(&word)) else { continue };
            let opened = post.open(&raw)?.map_err(|error| Unmet::fails(shown(&error)))?;
            let notice = post.only(&opened)?;
            if post.by_theirs()? {
                // No look-up carried the provider reference, so nothing identifies the order.
                ensure!(
                    !ends_something(&opened),
                    "{word} ends it, but nothing identifies the order"
                );
            } else {
                let named = [
                    notice.order_id.is_some(),
                    notice.amount.is_some(),
                    notice.provider_reference.is_some(),
                ];
                let status = notice.status.as_ref().unwrap_or(&means);
                // A message that never carries the amount cannot be final.
                let nameless = notice.amount.is_none() && !post.bound()?.contains(&Echo::Amount);
                let cautious = nameless && means.is_final() && status.is_pending();
                ensure!(
                    cautious || notice.status.as_ref() == Some(&means),
                    "{word} means {means}, but is read as {status}{}",
                    not_final_because(&means, status, named, post.bound()?)
                );
            }
            post.unidentified_is_unsorted(&word)?;
            for repeats in [Repeats::NoAmount, Repeats::NoOrder] {
                let Some(raw) = post.raw(&Case::order(&word).repeating(repeats)) else { continue };
                if let Ok(opened) = post.open(&raw)? {
                    ensure!(!ends_something(&opened), "{word} with {repeats:?} ends it");
                }
            }
        }
        for word in ["SOMETHING_NEW", ""] {
            let Some(raw) = post.raw(&Case::order(word)) else { continue };
            if let Ok(opened) = post.open(&raw)? {
                ensure!(!ends_something(&opened), "the unknown {word:?} ends it");
            }
        }
        Ok(())
    })
}

pub(crate) fn no_notification_panics(harness: &Arc<dyn Harness>) -> Outcome {
    of_each(harness, |post| {
        let genuine = post.genuine(&post.telling())?;
        let mut noise = Noise::new(1);
        let mut bodies = damaged(&genuine.body, 600);
        for length in 0..200 {
            bodies.push(noise.bytes(length));
        }
        let body = &genuine.body[..];
        bodies.push([b"[", body, b"]"].concat());
        bodies.push([b"[", body, b",", body, b"]"].concat());
        bodies.push(vec![b'['; 100_000]);
        bodies.push(b"{\"a\":".repeat(20_000));
        for body in bodies {
            // What it is read as is for other checks to say; a panic fails this one.
            let raw = with_body(&genuine, body);
            drop((post.open(&raw)?, post.read(&raw)?));
        }
        Ok(())
    })
}

pub(crate) fn changed_notifications_are_refused(harness: &Arc<dyn Harness>) -> Outcome {
    of_each(harness, |post| {
        post.is_signed()?;
        let genuine = post.genuine(&post.telling())?;
        let keys = post.open(&genuine)?.map(|opened| keys_of(&opened)).ok();
        for (at, body) in flips(&genuine.body) {
            if let Ok(opened) = post.open(&with_body(&genuine, body))? {
                ensure!(
                    Some(keys_of(&opened)) == keys,
                    "byte {at} is changed, and something else is read"
                );
            }
        }
        Ok(())
    })
}

pub(crate) fn rewritten_notifications_are_refused(harness: &Arc<dyn Harness>) -> Outcome {
    of_each(harness, |post| {
        post.is_signed()?;
        let genuine = post.genuine(&post.telling())?;
        let text = harness
            .signed_text(&genuine.body)
            .ok_or_else(|| Unmet::fails("the harness finds no signed text in its notification"))?;
        for (how, other) in rewrites(&text) {
            let body = harness.with_signed_text(&genuine.body, &other);
            let opened = post.open(&with_body(&genuine, body))?;
            refused_as(ErrorKind::Signature, how, opened)?;
        }
        Ok(())
    })
}

pub(crate) fn unauthenticated_notifications_are_refused(harness: &Arc<dyn Harness>) -> Outcome {
    of_each(harness, |post| {
        for (how, raw) in post.false_seals()? {
            refused_as(ErrorKind::Signature, &how, post.open(&raw)?)?;
        }
        Ok(())
    })
}

pub(crate) fn notifications_for_other_accounts_are_refused(harness: &Arc<dyn Harness>) -> Outcome {
    of_each(harness, |post| {
        let other_mode = post.telling().repeating(Repeats::OtherMode);
        let other_mode = post.unlike_the_telling(&other_mode);
        if let Some(raw) = &other_mode {
            let refused = post.open(raw)?.err().map(|error| error.kind());
            let right = [ErrorKind::Mismatch, ErrorKind::Unrelated, ErrorKind::Signature];
            ensure!(
                refused.is_some_and(|kind| right.contains(&kind)),
                "a notification of the other mode: expected mismatch, found {refused:?}"
            );
        }
        if post.raw(&post.telling().repeating(Repeats::OtherAccount)).is_none() {
            let anonymous = post.fixture.guarantees(post.kind)?.anonymous_notifications;
            ensure!(
                post.sealed != Sealed::Signed || !post.bound()?.contains(&Echo::Account),
                "the guarantees list the account among the echoes, and no notification names \
                 another account (`Repeats::OtherAccount`)"
            );
            ensure!(
                anonymous || post.sealed == Sealed::OwnKey,
                "the guarantees say that notifications name the account, the harness says they do \
                 not"
            );
            return match other_mode {
                Some(_) => Ok(()),
                None => Err(Unmet::not_offered("notifications name no account")),
            };
        }
        for repeats in OTHER_ACCOUNTS {
            let Some(raw) = post.raw(&post.telling().repeating(repeats)) else { continue };
            refused_as(ErrorKind::Mismatch, &format!("{repeats:?}"), post.open(&raw)?)?;
        }
        Ok(())
    })
}

pub(crate) fn anonymous_notifications_need_a_guarantee(harness: &Arc<dyn Harness>) -> Outcome {
    let own = Fixture::new(harness);
    each_of(&own, |post| {
        post.counts_only_by(post.fixture.guarantees(post.kind)?.anonymous_notifications)
    })?;
    for flag in [false, true] {
        let set = |guarantees: &mut Guarantees| guarantees.anonymous_notifications = flag;
        of_each_with(harness, set, |post| post.counts_only_by(flag))?;
    }
    Ok(())
}

/// No notification of a provider comes near this length.
const TOO_LONG: usize = 256 * 1024;

pub(crate) fn non_notifications_are_refused(harness: &Arc<dyn Harness>) -> Outcome {
    of_each(harness, |post| {
        let (fixture, kind) = (post.fixture, post.kind);
        let genuine = post.genuine(&post.telling())?;
        let order = fixture.order(kind)?;
        let call = fixture.create(&order, Script::all(fixture.success(kind)?))?;
        let request = call.sent.last().map(|sent| sent.body().clone()).unwrap_or_default();
        let response = call.response.map(http::Response::into_body).unwrap_or_default();
        let oversized = [&genuine.body[..], &b" ".repeat(TOO_LONG)].concat();
        for (what, body) in [
            ("nothing", Bytes::new()),
            ("a page", Bytes::from_static(b"<html></html>")),
            ("null", Bytes::from_static(b"null")),
            ("our own request", request),
            ("an answer", response),
            ("256 KiB", Bytes::from(oversized)),
        ] {
            let under_a_token = post.sealed == Sealed::Token && matches!(body.len(), 1..=TOO_LONG);
            let opened = post.open(&with_body(&genuine, body))?;
            let refused = match &opened {
                // Both can be the same bytes; it is a hint either way, and only makes us ask.
                Ok(_) if what == "an answer" => under_a_token,
                Ok(opened) => {
                    under_a_token && matches!(opened.get()[..], [Notification::Unreadable])
                }
                Err(_) => true,
            };
            ensure!(refused, "{what} is taken for a notification");
        }
        // Padding would break a signature over the whole body: this one is sealed with it.
        let words = "w".repeat(TOO_LONG);
        let long = post.raw(&post.telling().in_words(words)).filter(|raw| {
            // Not every notification has words.
            raw.body.len() > TOO_LONG
        });
        if let Some(long) = long {
            let opened = post.open(&long)?;
            ensure!(opened.is_err(), "a genuine notification of 256 KiB is read");
        }
        Ok(())
    })
}

pub(crate) fn acknowledgements_match_the_documents(harness: &Arc<dyn Harness>) -> Outcome {
    let fixture = Fixture::new(harness);
    sealed(&fixture)?;
    let role = fixture.provider.roles().webhooks;
    let role = role.ok_or_else(|| Unmet::not_offered("it understands no notifications"))?;
    let said = |handling| Ok::<_, Unmet>(role.acknowledge(handling));
    for handling in [Handling::Stored, Handling::Rejected, Handling::Busy] {
        let (response, documented) = (said(handling)?, harness.acknowledgement(handling));
        let parts = |response: &http::Response<Bytes>| {
            let media = response.headers().get(CONTENT_TYPE).cloned();
            (response.status(), media, response.body().clone())
        };
        ensure!(
            parts(&response) == parts(&documented),
            "{handling:?} is answered {:?}, documented is {:?}",
            parts(&response),
            parts(&documented)
        );
    }
    let stored = said(Handling::Stored)?;
    for other in [Handling::Rejected, Handling::Busy] {
        let other = said(other)?;
        ensure!(
            (stored.status(), stored.body()) != (other.status(), other.body()),
            "what was not stored is acknowledged as if it were"
        );
    }
    Ok(())
}
