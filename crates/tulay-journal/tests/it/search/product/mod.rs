//! Every schedule of one payout with up to three sendings that a script decides, on the real record:
//! what becomes of each sending × where its process stops × what look-ups say × when a hint wakes
//! another process × what becomes of the order × what the providers guarantee.
//!
//! A hint is what the machine takes of a notification today: it causes a look-up.

mod climb;
mod invariants;
mod payout;
mod script;
mod truth;

use payout::{Due, Payout, Setting};
use script::{Class, Hint, SECOND_SENDINGS, Says, THIRD_SENDINGS, first_sendings};
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
fn played(payout: Payout<'_>, hint: Hint) -> usize {
    let mut payout = payout;
    payout.wait();
    payout.catches_up();
    payout.is_attacked();
    match payout.due() {
        Due::Over => ended(payout),
        Due::LookUp => looked_up(&payout, hint),
        Due::Send => match payout.intend() {
            Due::LookUp => looked_up(&payout, hint),
            Due::Over => ended(payout),
            Due::Waits => {
                payout.defers();
                settled(payout)
            }
            Due::Send => sent(&payout, hint),
        },
        Due::Waits => settled(payout),
    }
}

fn sent(payout: &Payout<'_>, hint: Hint) -> usize {
    let script = match payout.sent {
        0 => first_sendings(),
        1 => SECOND_SENDINGS.to_vec(),
        _ => THIRD_SENDINGS.to_vec(),
    };
    let mut schedules = 0;
    for sent in script {
        let mut payout = payout.clone();
        if payout.sent == 0 && hint == Hint::WhileSending {
            payout.looks_up(Says::Truth, true);
        }
        payout.sends(sent);
        if payout.sent == 1 && hint == Hint::AfterSending {
            payout.looks_up(Says::Truth, true);
        }
        schedules += match payout.sent < SENDINGS {
            true => played(payout, hint),
            false => settled(payout),
        };
    }
    schedules
}

fn looked_up(payout: &Payout<'_>, hint: Hint) -> usize {
    // A hint takes the place of one.
    if payout.looked_up >= LOOKUPS {
        let mut payout = payout.clone();
        payout.looks_up(Says::Truth, false);
        return match payout.looked_up < MOST_STEPS {
            true => played(payout, hint),
            false => settled(payout),
        };
    }
    let mut schedules = 0;
    for says in payout.sayings() {
        let mut payout = payout.clone();
        payout.looks_up(says, false);
        schedules += played(payout, hint);
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
    let must_end = (0..accounts).all(is_certain) && !payout.is_odd;
    invariants::judge_end(&payout, must_end);
    1
}

#[test]
fn every_schedule_of_a_payout_is_safe() {
    let settings = settings();
    let of = |setting: &Setting| -> usize {
        Hint::ALL.into_iter().map(|hint| played(Payout::new(setting), hint)).sum()
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
