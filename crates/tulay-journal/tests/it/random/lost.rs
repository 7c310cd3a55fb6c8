//! A journal that is restored or made anew, and the search that follows.

use super::{
    given::{ACCOUNTS, PREPARED},
    life::{Doing, Life},
    world::Finds,
};
use crate::store::{self, acceptance};
use tulay_core::{Country, Currency};
use tulay_journal::record::{Context, Doubt, Finding, Hit, Place, RecordId, Sighting, accept};

impl Life<'_> {
    /// The journal is replaced by its copy, or by a new one.
    pub(super) fn restore(&mut self, choice: usize) {
        let (record, log) = match &self.copy {
            Some(copy) if !choice.is_multiple_of(3) => copy.clone(),
            _ => {
                let mut acceptance = acceptance("R1");
                let now = self.now();
                acceptance.send_by = self.world.send_by.map(|wait| now + wait);
                let context = Context { now, ..store::context(&self.policies[0]) };
                let (record, event) = accept(RecordId(1), acceptance, &context);
                (record, vec![(event, 0, 0)])
            }
        };
        (self.record, self.log) = (record, log);
        self.record.lease = None;
        for process in &mut self.processes {
            // Its answers reach no journal any more.
            if let Doing::Intends(call) = std::mem::replace(&mut process.doing, Doing::Idle) {
                self.strays.push(call);
            }
        }
        let since = self.now();
        self.doubts.push(Some(Doubt { since, accounts: ACCOUNTS.to_vec() }));
        self.is_disturbed = true;
    }

    /// Looks every order id up at every account that is configured.
    pub(super) fn search(&mut self, who: usize) {
        let Doing::Holds { lease, at, .. } = self.processes[who].doing else { return };
        let (mut places, mut hits) = (Vec::new(), Vec::new());
        for configured in &self.policies[self.processes[who].policy].configured {
            let account = configured.merchant_account.clone();
            let desk = ACCOUNTS.iter().position(|it| *it == account);
            let (country, currency) = (Country::PH, Currency::PHP);
            let place = Place { merchant_account: account, country, currency };
            if desk.is_some_and(|desk| self.world.desks[desk].finds != Finds::Ours) {
                continue;
            }
            places.push(place.clone());
            // At another host, none of it is known.
            let Some(desk) = desk else { continue };
            for (number, prepared) in (1..).zip(&PREPARED[desk]) {
                let finding =
                    self.books[desk].find(usize::from(number) - 1, self.real, false, false);
                if !matches!(finding, Finding::Found(_)) {
                    continue;
                }
                let (attempt, place, amount) = (number, place.clone(), prepared.lookup.amount);
                let provider_reference = None;
                let sighting = Sighting { attempt, place, finding, amount, provider_reference };
                hits.push(Hit { sighting, lookup: prepared.lookup.clone() });
            }
        }
        self.processes[who].doing = Doing::Searched { lease, at, places, hits };
    }
}
