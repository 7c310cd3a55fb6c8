//! Every schedule of one payout with up to three sendings that a script decides, on the real record:
//! what becomes of each sending × where its process stops × what look-ups say × when a notification
//! arrives, and whether it is evidence × what becomes of the order × what the providers guarantee.

mod climb;
mod invariants;
mod payout;
mod script;
mod truth;

use payout::{Due, Payout, Setting};
use script::{Class, Notified, SECOND_SENDINGS, Says, THIRD_SENDINGS, first_sendings};
use truth::Fate;

const LEAST_SCHEDULES: usize = 150_000;
/// So many look-ups say what a script decides.
const LOOKUPS: usize = 2;
const SENDINGS: usize = 3;
/// What is not final after so many steps waits for a person.
const MOST_STEPS: usize = 20;

/// The settings: each class alone, and before and after an account that finds orders.
fn settings() -> Vec<Setting> {
    let mut settings = Vec::new();
    for fate in Fate::ALL {
        for class in Class::ALL {
            settings.push(Setting::new([class, Class::Found], fate, 1));
            settings.push(Setting::new([class, Class::Found], fate, 2));
        }
        settings.push(Setting::new([Class::Found, Class::ReplaysAndFound], fate, 2));
        settings.push(Setting::new([Class::Replays, Class::FoundByNone], fate, 2));
    }
    settings
}

/// How many schedules there are below this one; each is played to its end.
fn played(payout: Payout<'_>, notified: Notified) -> usize {
    let mut payout = payout;
    payout.wait();
    payout.catches_up();
    payout.is_attacked();
    match payout.due() {
        Due::Over => ended(payout),
        Due::LookUp => looked_up(&payout, notified),
        Due::Send => match payout.intend() {
            Due::LookUp => looked_up(&payout, notified),
            Due::Over => ended(payout),
            Due::Waits => {
                payout.defers();
                settled(payout)
            }
            Due::Send => sent(&payout, notified),
        },
        Due::Waits => settled(payout),
    }
}

fn sent(payout: &Payout<'_>, notified: Notified) -> usize {
    let script = match payout.sent {
        0 => first_sendings(),
        1 => SECOND_SENDINGS.to_vec(),
        _ => THIRD_SENDINGS.to_vec(),
    };
    let mut schedules = 0;
    for sent in script {
        let mut payout = payout.clone();
        if payout.sent == 0 && notified == Notified::HintWhileSending {
            payout.gets_hint();
        }
        payout.sends(sent);
        match notified {
            Notified::HintAfterSending if payout.sent == 1 => payout.gets_hint(),
            Notified::EvidenceAfterSending if payout.sent == 1 => payout.gets_evidence(),
            _ => {}
        }
        schedules += match payout.sent < SENDINGS {
            true => played(payout, notified),
            false => settled(payout),
        };
    }
    schedules
}

fn looked_up(payout: &Payout<'_>, notified: Notified) -> usize {
    // A hint takes the place of one.
    if payout.looked_up >= LOOKUPS {
        let mut payout = payout.clone();
        payout.looks_up(Says::Truth, false);
        return match payout.looked_up < MOST_STEPS {
            true => played(payout, notified),
            false => settled(payout),
        };
    }
    let mut schedules = 0;
    for says in payout.sayings() {
        let mut payout = payout.clone();
        payout.looks_up(says, false);
        schedules += played(payout, notified);
    }
    schedules
}

/// Its order failed for good, it is rejected, or it is final already.
fn ended(mut payout: Payout<'_>) -> usize {
    if !payout.record.status.is_final() && !payout.fails() {
        payout.defers();
    }
    settled(payout)
}

/// From here on nothing goes wrong.
fn settled(mut payout: Payout<'_>) -> usize {
    for _ in 0..MOST_STEPS {
        if payout.record.status.is_final() {
            break;
        }
        payout.wait();
        payout.catches_up();
        let due = match payout.due() {
            Due::Send => payout.intend(),
            due => due,
        };
        match due {
            Due::Send => payout.sends(THIRD_SENDINGS[0]),
            Due::LookUp => payout.looks_up(Says::Truth, false),
            Due::Over if payout.record.status.is_final() || payout.fails() => {}
            Due::Over | Due::Waits => payout.defers(),
        }
    }
    let is_certain = |place: usize| payout.setting.classes[place].is_certain();
    let accounts = payout.setting.accounts;
    let must_end = (0..accounts).all(is_certain) && !payout.is_odd && !payout.is_proven_unnamed;
    invariants::judge_end(&payout, must_end);
    1
}

#[test]
fn every_schedule_of_a_payout_is_safe() {
    let settings = settings();
    let of = |setting: &Setting| -> usize {
        Notified::ALL.into_iter().map(|it| played(Payout::new(setting), it)).sum()
    };
    let schedules = super::at_once(&settings, of);
    for (setting, schedules) in settings.iter().zip(&schedules) {
        let Setting { classes, fate, accounts, .. } = setting;
        println!("{schedules:>7} schedules: {classes:?}, {fate:?}, {accounts} accounts");
    }
    let schedules: usize = schedules.iter().sum();
    println!("{schedules} schedules of one payout");
    assert!(schedules >= LEAST_SCHEDULES, "{schedules}");
}
