//! Runs checks, and verifies the declared skips.

use crate::{
    fixture::Fixture,
    harness::Harness,
    outcome::{Outcome, Unmet},
    registry::{Check, checks},
    transcript,
};
use std::{
    any::Any,
    fmt,
    panic::{self, AssertUnwindSafe},
    sync::Arc,
};

/// All checks, for one adapter.
#[derive(Clone)]
pub struct Suite {
    harness: Arc<dyn Harness>,
    skips: Vec<&'static str>,
}

/// The result of a check, with the declared skips taken into account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is no fourth")]
pub enum Verdict {
    /// It holds.
    Passed,
    /// It is declared a skip, and the adapter does not offer what it is about.
    Skipped(String),
    /// It does not hold; or a skip was declared that would pass or fail; or one is missing.
    Failed(String),
}

impl Suite {
    /// The suite for one adapter. `skips` names the checks about what it does not offer, one by one
    /// or by their family.
    #[must_use]
    pub fn new(harness: impl Harness, skips: &[&'static str]) -> Self {
        Self { harness: Arc::new(harness), skips: skips.to_vec() }
    }

    /// Runs one check, by its name.
    #[must_use]
    pub fn verdict(&self, name: &str) -> Verdict {
        let Some(check) = checks().iter().find(|check| check.name == name) else {
            return Verdict::Failed(format!("there is no check {name}"));
        };
        let skipped = self.skips.contains(&name) || self.skips.contains(&check.family);
        let outcome = match cannot_be_made(&self.harness) {
            Some(why) if check.name == MADE => Err(Unmet::fails(why)),
            Some(_) => Err(Unmet::fails(format!("there is no adapter to check: see {MADE}"))),
            None => run(check, &self.harness),
        };
        match (outcome, skipped) {
            (Ok(()), false) => Verdict::Passed,
            (Ok(()), true) => {
                Verdict::Failed("it is declared a skip, but passes: take it off the list".into())
            }
            (Err(Unmet::NotOffered(reason)), true) => Verdict::Skipped(reason),
            (Err(Unmet::NotOffered(reason)), false) => {
                Verdict::Failed(format!("it does not apply, and is not declared a skip: {reason}"))
            }
            (Err(Unmet::Fails(why)), false) => Verdict::Failed(why),
            (Err(Unmet::Fails(why)), true) => {
                Verdict::Failed(format!("it is declared a skip, but is offered, and fails: {why}"))
            }
        }
    }

    /// Skips that name no check, and no family of checks.
    #[must_use]
    pub fn unknown_skips(&self) -> Vec<&'static str> {
        let known =
            |name: &&str| checks().iter().any(|check| check.name == *name || check.family == *name);
        self.skips.iter().copied().filter(|name| !known(name)).collect()
    }

    /// Asks, as a test, that each skip names a check or a family of checks.
    ///
    /// # Panics
    /// When one does not; the text names those that are close to it.
    #[expect(clippy::panic, reason = "this is what a test does")]
    pub fn test_skips(&self) {
        if let Some(unknown) = self.unknown_skips().first() {
            let near =
                nearest(unknown, checks().iter().flat_map(|check| [check.name, check.family]));
            let near = near.map(|near| format!("; did you mean {near:?}?")).unwrap_or_default();
            panic!("no check or family is called {unknown:?}{near}");
        }
    }

    /// Every request and every reading of one account, with clock and ids that are the same every
    /// time, and the declared skips with their reasons: a snapshot of it is part of the suite.
    #[must_use]
    pub fn transcript(&self) -> String {
        let mut text = transcript::of(&self.harness);
        for skip in &self.skips {
            for check in checks().iter().filter(|c| c.name == *skip || c.family == *skip) {
                if let Verdict::Skipped(reason) = self.verdict(check.name) {
                    text.push_str(&format!("\nskipped {}: {reason}", check.name));
                }
            }
        }
        text
    }

    /// Runs one check as a test.
    ///
    /// # Panics
    /// When it fails. The text says why, and what the check demands.
    #[expect(clippy::panic, clippy::print_stderr, reason = "this is what a test does")]
    pub fn test(&self, name: &str) {
        match self.verdict(name) {
            Verdict::Passed => {}
            Verdict::Skipped(reason) => eprintln!("skipped {name}: {reason}"),
            Verdict::Failed(why) => {
                let check = checks().iter().find(|check| check.name == name);
                let demands = check.map_or("", |check| check.demands);
                panic!("{name}: {why}\n\nThe check demands: {demands}")
            }
        }
    }
}

impl fmt::Debug for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Suite(skips {:?})", self.skips)
    }
}

/// The check that reports why there is no adapter.
const MADE: &str = "guarantees_are_consistent";

/// Why the harness cannot make its adapter: most often guarantees that contradict each other.
fn cannot_be_made(harness: &Arc<dyn Harness>) -> Option<String> {
    let make = || drop(Fixture::new(harness));
    let payload = panic::catch_unwind(AssertUnwindSafe(make)).err()?;
    Some(format!("the harness cannot make the adapter: {}", panicked(&*payload)))
}

/// The name that differs by a typing error, if there is one.
fn nearest<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let near = names.map(|name| (strsim::osa_distance(word, name), name));
    let (distance, name) = near.min_by_key(|(distance, _)| *distance)?;
    (distance.saturating_mul(3) <= word.chars().count()).then_some(name)
}

/// An adapter that panics fails the check that made it.
fn run(check: &Check, harness: &Arc<dyn Harness>) -> Outcome {
    panic::catch_unwind(AssertUnwindSafe(|| (check.run)(harness)))
        .unwrap_or_else(|payload| Err(Unmet::fails(format!("a panic: {}", panicked(&*payload)))))
}

fn panicked(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered_and_no_far_one() {
        let names = || ["reports", "refunds", "health_check_sends_a_request"].into_iter();
        for (word, near) in [
            ("reportz", Some("reports")),
            ("eports", Some("reports")),
            ("helth_chek_sends_a_request", Some("health_check_sends_a_request")),
            ("something", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, names()), near, "{word}");
        }
    }
}
