//! What proves that a response is genuine.

use crate::{
    case::Case,
    fixture::{Call, Fixture, each, each_way},
    harness::{Harness, Proves},
    noise::flipped,
    order::{Kind, Order, Seen},
    outcome::{Outcome, Unmet, ensure, shown},
    platform::{Answered, Move, Script, Sent},
    rewrite::rewrites,
    seal::Seal,
};
use bytes::Bytes;
use std::sync::Arc;
use tulay_core::{Effect, ErrorKind, Found, Guarantees, Lookup, Observation, PayoutStatus, Trust};

pub(crate) fn trust_matches_verification(harness: &Arc<dyn Harness>) -> Outcome {
    each_way(harness, |fixture, kind| {
        let pair = Pair::of(fixture, kind)?;
        let signed = fixture.guarantees(kind)?.answers_signed;
        let expected = if signed { Trust::Signed } else { Trust::Channel };
        for (at, said) in pair.ask(&fixture.success(kind)?)? {
            let seen = said.map_err(|error| Unmet::fails(format!("{at}: {}", shown(&error))))?;
            let trust = seen.response.map(|response| response.trust);
            // Of a static code core keeps no answer.
            ensure!(
                trust == Some(expected) || kind == Kind::StaticCode,
                "{at}: the answer is kept as {trust:?}"
            );
        }
        for code in fixture.harness.codes(kind.creates()) {
            if code.proves != Proves::Success {
                let call = pair.create(Move::Say(Case::code(code.code)))?;
                let response =
                    call.result.err().and_then(|error| error.response().map(|a| a.trust));
                ensure!(
                    response == Some(expected) || call.unsaid,
                    "a rejection is kept as {response:?}"
                );
            }
        }
        Ok(())
    })
}

pub(crate) fn changed_responses_prove_nothing(harness: &Arc<dyn Harness>) -> Outcome {
    each_way(harness, |fixture, kind| {
        let pair = Pair::signed(fixture, kind)?;
        let case = fixture.success(kind)?;
        let genuine: Vec<String> = pair
            .ask(&case)?
            .into_iter()
            .map(|(_, said)| said.map_or_else(|_| String::new(), |seen| seen.content))
            .collect();
        let length = pair.body(&case)?.len();
        // Every byte of a payout's answer; all answers are sealed alike, so of others a third.
        let stride = if kind == Kind::Payout { 1 } else { 3 };
        for at in (0..length).step_by(stride) {
            let flip = Move::change(case.clone(), move |response| {
                changed(response, |body| Some(Bytes::from(flipped(body, at))))
            });
            for ((operation, said), genuine) in pair.moved(&flip)?.into_iter().zip(&genuine) {
                match said {
                    Ok(seen) => ensure!(
                        seen.content == *genuine,
                        "{operation}: byte {at} is changed, and something else is read"
                    ),
                    Err(error) => ensure!(
                        error.effect() == Effect::Unknown,
                        "{operation}: byte {at} is changed: {}",
                        shown(&error)
                    ),
                }
            }
        }
        Ok(())
    })
}

pub(crate) fn rewritten_responses_prove_nothing(harness: &Arc<dyn Harness>) -> Outcome {
    each_way(harness, |fixture, kind| {
        let pair = Pair::signed(fixture, kind)?;
        let case = fixture.success(kind)?;
        let text = harness
            .signed_text(&pair.body(&case)?)
            .ok_or_else(|| Unmet::fails("the harness finds no signed text in its answer"))?;
        for (index, (how, _)) in rewrites(&text).into_iter().enumerate() {
            let platform = Arc::clone(harness);
            let rewrite = Move::change(case.clone(), move |response| {
                changed(response, |body| {
                    let text = platform.signed_text(body)?;
                    let (_, other) = rewrites(&text).into_iter().nth(index)?;
                    Some(platform.with_signed_text(body, &other))
                })
            });
            for (at, said) in pair.moved(&rewrite)? {
                not_believed(&format!("{at}, {how}"), said)?;
            }
        }
        Ok(())
    })
}

pub(crate) fn unsigned_responses_prove_nothing(harness: &Arc<dyn Harness>) -> Outcome {
    each_way(harness, |fixture, kind| {
        let pair = Pair::signed(fixture, kind)?;
        for seal in [Seal::None, Seal::Empty] {
            pair.none_believed(seal)?;
        }
        Ok(())
    })
}

pub(crate) fn responses_with_another_key_prove_nothing(harness: &Arc<dyn Harness>) -> Outcome {
    each_way(harness, |fixture, kind| {
        let pair = Pair::signed(fixture, kind)?;
        pair.none_believed(Seal::OtherKey)?;
        let rejections = pair.codes(&[Proves::Rejection, Proves::PermanentRejection]);
        for code in rejections {
            let call = pair.create(Move::Say(Case::code(code).sealed(Seal::OtherKey)))?;
            not_believed("a rejection", call.result)?;
        }
        Ok(())
    })
}

pub(crate) fn unsigned_rejections_need_a_guarantee(harness: &Arc<dyn Harness>) -> Outcome {
    by_guarantees(
        harness,
        |guarantees| guarantees.unsigned_rejections,
        |guarantees, flag| guarantees.unsigned_rejections = flag,
        |allowed, pair| {
            for (step, code) in pair.rejections()? {
                let said = Move::Say(Case::code(&code).sealed(Seal::None));
                let call = pair.create_at(step, said)?;
                counts_only_if(allowed, &format!("an unsigned {code}"), call)?;
            }
            if pair.fixture.guarantees(pair.kind)?.answers_signed {
                // Nothing else is believed unsigned, whatever the guarantees say of rejections.
                for said in [pair.fixture.success(pair.kind)?, Case::absent()] {
                    for (at, said) in pair.ask(&said.sealed(Seal::None))? {
                        not_believed(&at, said)?;
                    }
                }
                for code in pair.codes(&[Proves::Duplicate, Proves::Nothing]) {
                    let call = pair.create(Move::Say(Case::code(code).sealed(Seal::None)))?;
                    not_believed("an unsigned code that is no rejection", call.result)?;
                }
            }
            Ok(())
        },
    )
}

pub(crate) fn anonymous_rejections_need_a_guarantee(harness: &Arc<dyn Harness>) -> Outcome {
    by_guarantees(
        harness,
        |guarantees| guarantees.anonymous_rejections,
        |guarantees, flag| guarantees.anonymous_rejections = flag,
        |allowed, pair| {
            for (step, code) in pair.rejections()? {
                let call = pair.create_at(step, Move::Say(Case::code(&code).anonymous()))?;
                counts_only_if(allowed, &format!("a {code} that names nothing"), call)?;
            }
            Ok(())
        },
    )
}

/// Runs a check under the adapter's own guarantees and, if the guarantees are a setting, with one flag
/// off and on.
fn by_guarantees(
    harness: &Arc<dyn Harness>,
    read: fn(&Guarantees) -> bool,
    set: fn(&mut Guarantees, bool),
    check: impl Fn(bool, &Pair<'_>) -> Outcome,
) -> Outcome {
    let own = Fixture::new(harness);
    let of_stage = |fixture: &Fixture| {
        each(fixture, |fixture, kind| {
            check(read(fixture.guarantees(kind)?), &Pair::of(fixture, kind)?)
        })
    };
    of_stage(&own)?;
    for flag in [false, true] {
        let mut guarantees = own.any_guarantees()?.clone();
        set(&mut guarantees, flag);
        if let Some(fixture) = Fixture::with(harness, |c| harness.with_guarantees(c, guarantees)) {
            // The flag that was set must decide, whatever the role reports.
            each(&fixture, |fixture, kind| check(flag, &Pair::of(fixture, kind)?))?;
        }
    }
    Ok(())
}

fn counts_only_if(allowed: bool, what: &str, call: Call<Seen>) -> Outcome {
    if call.unsaid {
        return Ok(());
    }
    let Err(error) = call.result else {
        return Err(Unmet::fails(format!("{what} is taken for success")));
    };
    let expected = if allowed { Effect::Rejected } else { Effect::Unknown };
    ensure!(error.effect() == expected, "{what}: expected {expected}, found {}", shown(&error));
    Ok(())
}

fn not_believed(at: &str, said: Result<Seen, tulay_core::Error>) -> Outcome {
    let Err(error) = said else {
        return Err(Unmet::fails(format!("{at}: it is believed")));
    };
    ensure!(
        (error.kind(), error.effect()) == (ErrorKind::Signature, Effect::Unknown),
        "{at}: expected signature unknown, found {}",
        shown(&error)
    );
    Ok(())
}

fn changed(mut response: Answered, change: impl FnOnce(&Bytes) -> Option<Bytes>) -> Answered {
    if let Some(body) = change(response.body()) {
        *response.body_mut() = body;
    }
    response
}

/// An order that can be created and looked up.
struct Pair<'s> {
    fixture: &'s Fixture,
    kind: Kind,
    order: Order,
    lookup: Option<Lookup>,
    creation: Vec<Sent>,
}

type Asked = Vec<(String, Result<Seen, tulay_core::Error>)>;

impl<'s> Pair<'s> {
    fn of(fixture: &'s Fixture, kind: Kind) -> Result<Self, Unmet> {
        let order = fixture.order(kind)?;
        let creation = fixture.creation(&order)?;
        let lookup = fixture.lookup_if_offered(&order)?;
        Ok(Self { fixture, kind, order, lookup, creation })
    }

    fn signed(fixture: &'s Fixture, kind: Kind) -> Result<Self, Unmet> {
        if !fixture.guarantees(kind)?.answers_signed {
            return Err(Unmet::not_offered("answers are not signed"));
        }
        Self::of(fixture, kind)
    }

    /// Creates the order; the last step gets this move.
    fn create(&self, special: Move) -> Result<Call<Seen>, Unmet> {
        self.create_at(self.creation.len(), special)
    }

    fn create_at(&self, step: usize, special: Move) -> Result<Call<Seen>, Unmet> {
        let script = Script::all(self.fixture.first(self.kind)?).at(step, special);
        self.fixture.create(&self.order, script)
    }

    fn ask(&self, case: &Case) -> Result<Asked, Unmet> {
        self.moved(&Move::Say(case.clone()))
    }

    /// Creates the order and looks it up, both with this move. A response that the harness does not
    /// have is left out.
    fn moved(&self, special: &Move) -> Result<Asked, Unmet> {
        let mut asked = Vec::new();
        let call = self.create(special.clone())?;
        if !call.unsaid {
            asked.push((self.kind.to_string(), call.result));
        }
        if let Some(lookup) = &self.lookup {
            let script = Script::all(self.fixture.first(self.kind)?).at(1, special.clone());
            let call = self.fixture.find(self.kind, lookup, script)?;
            let found = |found| match found {
                Found::Found(seen) => seen,
                Found::Absent(_) => absent(),
            };
            if !call.unsaid {
                asked.push((format!("look-up of a {}", self.kind), call.result.map(found)));
            }
        }
        Ok(asked)
    }

    /// The longest body of such a response.
    fn body(&self, case: &Case) -> Result<Bytes, Unmet> {
        let create = self.create(Move::Say(case.clone()))?.response;
        let find = match &self.lookup {
            Some(lookup) => {
                self.fixture.find(self.kind, lookup, Script::all(case.clone()))?.response
            }
            None => None,
        };
        let bodies = [create, find].into_iter().flatten().map(Answered::into_body);
        bodies.max_by_key(Bytes::len).ok_or_else(|| Unmet::fails("the harness does not answer"))
    }

    fn codes(&self, proving: &[Proves]) -> Vec<String> {
        let codes = self.fixture.harness.codes(self.kind.creates());
        codes.into_iter().filter(|c| proving.contains(&c.proves)).map(|c| c.code).collect()
    }

    /// Every step with each code that rejects the order there.
    fn rejections(&self) -> Result<Vec<(usize, String)>, Unmet> {
        let mut rejections = Vec::new();
        for step in 1..=self.creation.len() {
            let codes = self.fixture.codes(self.kind, &self.creation, step).into_iter();
            let rejecting = codes.filter(|code| code.proves.is_rejection());
            rejections.extend(rejecting.map(|code| (step, code.code)));
        }
        if rejections.is_empty() {
            return Err(Unmet::not_offered("no code is documented that proves a rejection"));
        }
        Ok(rejections)
    }

    fn none_believed(&self, seal: Seal) -> Outcome {
        let mut cases = vec![self.fixture.first(self.kind)?, Case::absent()];
        let last = self.fixture.last_words(self.kind)?;
        cases.extend(last.into_iter().map(|(word, _)| Case::order(word)));
        for case in cases {
            for (at, said) in self.ask(&case.clone().sealed(seal))? {
                not_believed(&format!("{at}, {seal:?}"), said)?;
            }
        }
        Ok(())
    }
}

/// `Found::Absent` as an observation with an unknown status.
fn absent() -> Seen {
    Observation::new(PayoutStatus::Unknown("absent".into())).into()
}
