//! What an answer must bear to be believed.

use crate::{
    case::{Case, Seal},
    harness::{Harness, Proves},
    noise::flipped,
    outcome::{Outcome, Unmet, ensure, shown},
    platform::{Answered, Move, Script},
    rewrite::rewrites,
    stage::{Call, Stage},
};
use bytes::Bytes;
use std::sync::Arc;
use tulay_core::{Contract, Effect, ErrorKind, Found, Lookup, Operation, Payout, Prepared, Trust};

pub(crate) fn trust_is_what_was_proven(harness: &Arc<dyn Harness>) -> Outcome {
    let pair = Pair::new(harness)?;
    let signed = pair.stage.payouts()?.capability().contract.answers_signed;
    let expected = if signed { Trust::Signed } else { Trust::Channel };
    for (at, said) in pair.ask(&pair.stage.paid()?)? {
        let payout = said.map_err(|error| Unmet::fails(format!("{at}: {}", shown(&error))))?;
        let trust = payout.answer.map(|answer| answer.trust);
        ensure!(trust == Some(expected), "{at}: the answer is kept as {trust:?}");
    }
    for code in harness.codes(Operation::Payout) {
        if code.proves != Proves::Success {
            let call = pair.create(Move::Say(Case::code(code.code)))?;
            let answer = call.result.err().and_then(|error| error.answer().map(|a| a.trust));
            ensure!(answer == Some(expected) || call.unsaid, "a refusal is kept as {answer:?}");
        }
    }
    Ok(())
}

pub(crate) fn changed_answers_prove_nothing(harness: &Arc<dyn Harness>) -> Outcome {
    let pair = Pair::signed(harness)?;
    let case = pair.stage.paid()?;
    let genuine: Vec<String> = pair
        .ask(&case)?
        .into_iter()
        .map(|(_, said)| said.map_or_else(|_| String::new(), told))
        .collect();
    let length = pair.body(&case)?.len();
    for at in 0..length {
        let flip = Move::change(case.clone(), move |answer| {
            changed(answer, |body| Some(Bytes::from(flipped(body, at))))
        });
        for ((operation, said), genuine) in pair.moved(&flip)?.into_iter().zip(&genuine) {
            match said {
                Ok(payout) => ensure!(
                    told(payout) == *genuine,
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
}

pub(crate) fn rewritten_answers_prove_nothing(harness: &Arc<dyn Harness>) -> Outcome {
    let pair = Pair::signed(harness)?;
    let case = pair.stage.paid()?;
    let text = harness
        .signed_text(&pair.body(&case)?)
        .ok_or_else(|| Unmet::fails("the harness finds no signed text in its answer"))?;
    for (index, (how, _)) in rewrites(&text).into_iter().enumerate() {
        let platform = Arc::clone(harness);
        let rewrite = Move::change(case.clone(), move |answer| {
            changed(answer, |body| {
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
}

pub(crate) fn unsigned_answers_prove_nothing(harness: &Arc<dyn Harness>) -> Outcome {
    let pair = Pair::signed(harness)?;
    for seal in [Seal::None, Seal::Empty] {
        pair.none_believed(seal)?;
    }
    Ok(())
}

pub(crate) fn answers_under_another_key_prove_nothing(harness: &Arc<dyn Harness>) -> Outcome {
    let pair = Pair::signed(harness)?;
    pair.none_believed(Seal::OtherKey)?;
    let refusals = pair.codes(&[Proves::Refusal, Proves::StableRefusal]);
    for code in refusals {
        let call = pair.create(Move::Say(Case::code(code).sealed(Seal::OtherKey)))?;
        not_believed("a refusal", call.result)?;
    }
    Ok(())
}

pub(crate) fn unsigned_refusals_count_only_by_contract(harness: &Arc<dyn Harness>) -> Outcome {
    for (allowed, pair) in by_contract(
        harness,
        |contract| contract.unsigned_refusals,
        |contract, flag| contract.unsigned_refusals = flag,
    )? {
        for code in pair.refusals()? {
            let call = pair.create(Move::Say(Case::code(&code).sealed(Seal::None)))?;
            counts_only_if(allowed, &format!("an unsigned {code}"), call)?;
        }
        if pair.stage.payouts()?.capability().contract.answers_signed {
            // Nothing else is believed unsigned, whatever the contract says of refusals.
            for said in [pair.stage.paid()?, Case::absent()] {
                for (at, said) in pair.ask(&said.sealed(Seal::None))? {
                    not_believed(&at, said)?;
                }
            }
            for code in pair.codes(&[Proves::Duplicate, Proves::Nothing]) {
                let call = pair.create(Move::Say(Case::code(code).sealed(Seal::None)))?;
                not_believed("an unsigned code that is no refusal", call.result)?;
            }
        }
    }
    Ok(())
}

pub(crate) fn anonymous_refusals_count_only_by_contract(harness: &Arc<dyn Harness>) -> Outcome {
    for (allowed, pair) in by_contract(
        harness,
        |contract| contract.anonymous_refusals,
        |contract, flag| contract.anonymous_refusals = flag,
    )? {
        for code in pair.refusals()? {
            let call = pair.create(Move::Say(Case::code(&code).anonymous()))?;
            counts_only_if(allowed, &format!("a {code} that names nothing"), call)?;
        }
    }
    Ok(())
}

/// The adapter under its own contract, and, where the contract is a setting, with one of its
/// flags off and on.
fn by_contract(
    harness: &Arc<dyn Harness>,
    read: fn(&Contract) -> bool,
    set: fn(&mut Contract, bool),
) -> Result<Vec<(bool, Pair)>, Unmet> {
    let own = Pair::new(harness)?;
    let contract = own.stage.payouts()?.capability().contract.clone();
    let mut pairs = vec![(read(&contract), own)];
    for flag in [false, true] {
        let mut contract = contract.clone();
        set(&mut contract, flag);
        let stage = Stage::with(harness, |context| harness.with_contract(context, contract));
        if let Some(stage) = stage {
            pairs.push((flag, Pair::of(stage)?));
        }
    }
    Ok(pairs)
}

fn counts_only_if(allowed: bool, what: &str, call: Call<Payout>) -> Outcome {
    if call.unsaid {
        return Ok(());
    }
    let Err(error) = call.result else {
        return Err(Unmet::fails(format!("{what} is taken for success")));
    };
    let expected = if allowed { Effect::Refused } else { Effect::Unknown };
    ensure!(error.effect() == expected, "{what}: expected {expected}, found {}", shown(&error));
    Ok(())
}

fn not_believed(at: &str, said: Result<Payout, tulay_core::Error>) -> Outcome {
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

fn changed(mut answer: Answered, change: impl FnOnce(&Bytes) -> Option<Bytes>) -> Answered {
    if let Some(body) = change(answer.body()) {
        *answer.body_mut() = body;
    }
    answer
}

/// All that was read, without the answer that it was read from.
fn told(mut payout: Payout) -> String {
    payout.answer = None;
    format!("{payout:?}")
}

/// An order that can be created and looked up.
struct Pair {
    stage: Stage,
    order: Prepared,
    lookup: Option<Lookup>,
    steps: usize,
}

type Asked = Vec<(String, Result<Payout, tulay_core::Error>)>;

impl Pair {
    fn new(harness: &Arc<dyn Harness>) -> Result<Self, Unmet> {
        Self::of(Stage::new(harness))
    }

    fn of(stage: Stage) -> Result<Self, Unmet> {
        let order = stage.order()?;
        let steps = stage.steps(&order)?;
        let lookup = stage.lookup_if_offered(&order)?;
        Ok(Self { stage, order, lookup, steps })
    }

    fn signed(harness: &Arc<dyn Harness>) -> Result<Self, Unmet> {
        let pair = Self::new(harness)?;
        if pair.stage.payouts()?.capability().contract.answers_signed {
            Ok(pair)
        } else {
            Err(Unmet::not_offered("answers are not signed"))
        }
    }

    /// The last step of a creation, by this move.
    fn create(&self, special: Move) -> Result<Call<Payout>, Unmet> {
        let script = Script::all(self.stage.pending()).at(self.steps, special);
        self.stage.create(&self.order, script)
    }

    fn ask(&self, case: &Case) -> Result<Asked, Unmet> {
        self.moved(&Move::Say(case.clone()))
    }

    /// Creation and look-up, both answered so; what the harness cannot say is left out.
    fn moved(&self, special: &Move) -> Result<Asked, Unmet> {
        let mut asked = Vec::new();
        let call = self.create(special.clone())?;
        if !call.unsaid {
            asked.push(("payout".to_owned(), call.result));
        }
        if let Some(lookup) = &self.lookup {
            let script = Script::all(self.stage.pending()).at(1, special.clone());
            let call = self.stage.find(lookup, script)?;
            let found = |found| match found {
                Found::Found(payout) => payout,
                Found::Absent(_) => Payout::new(tulay_core::PayoutStatus::Unknown("absent".into())),
            };
            if !call.unsaid {
                asked.push(("look-up".to_owned(), call.result.map(found)));
            }
        }
        Ok(asked)
    }

    /// The longest body of such an answer.
    fn body(&self, case: &Case) -> Result<Bytes, Unmet> {
        let create = self.create(Move::Say(case.clone()))?.answer;
        let find = match &self.lookup {
            Some(lookup) => self.stage.find(lookup, Script::all(case.clone()))?.answer,
            None => None,
        };
        let bodies = [create, find].into_iter().flatten().map(Answered::into_body);
        bodies.max_by_key(Bytes::len).ok_or_else(|| Unmet::fails("the harness does not answer"))
    }

    fn codes(&self, proving: &[Proves]) -> Vec<String> {
        let codes = self.stage.harness.codes(Operation::Payout);
        codes.into_iter().filter(|c| proving.contains(&c.proves)).map(|c| c.code).collect()
    }

    fn refusals(&self) -> Result<Vec<String>, Unmet> {
        let refusals = self.codes(&[Proves::Refusal, Proves::StableRefusal]);
        if refusals.is_empty() {
            return Err(Unmet::not_offered("no code is documented that proves a refusal"));
        }
        Ok(refusals)
    }

    fn none_believed(&self, seal: Seal) -> Outcome {
        let mut cases = vec![self.stage.pending(), Case::absent()];
        cases.extend(self.stage.last_words().into_iter().map(|(word, _)| Case::order(word)));
        for case in cases {
            for (at, said) in self.ask(&case.clone().sealed(seal))? {
                not_believed(&format!("{at}, {seal:?}"), said)?;
            }
        }
        Ok(())
    }
}
