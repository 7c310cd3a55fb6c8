//! Rules that are broken on purpose, each in a world in which the true rules hold.

use super::{
    decisions::{Decisions, TRUE},
    world::{BASE, HIDDEN, Names, Notifies, World},
};
use tulay_journal::collection::{
    Collected, Evidence, Finding, Report, Status, Todo, Withdrawal, due, status, surprises,
};

/// A broken rule.
pub(super) struct Broken {
    pub(super) name: &'static str,
    pub(super) decisions: Decisions,
    pub(super) world: World,
}

const SHOWS: World = World { name: "a look-up brings the way back", ..BASE };
const DEAF: World = World {
    name: "no notification arrives",
    notifies: Notifies::Never,
    losses: 0,
    kills: 0,
    ..BASE
};
const UNTIMED: World = World { name: "payments have no time", has_times: false, ..DEAF };
const FORGED: World = World {
    name: "hints are forged",
    notifies: Notifies::WithHints,
    forged: 1,
    amounts: [2, 0],
    ..BASE
};
const REVERSED: World = World { name: "a payment is reversed", reversals: 1, ..DEAF };
const CANCELLED: World = World { name: "it is cancelled", cancels: true, kills: 0, ..HIDDEN };
const COARSE: World = World { name: "names differ", names: Names::Nothing, losses: 0, ..BASE };
const ANSWERS_LATE: World = World { name: "answers are late", losses: 0, kills: 0, ..HIDDEN };

/// Every broken rule.
pub(super) fn table() -> Vec<Broken> {
    let mut table = shown();
    table.extend(paid());
    table.extend(asked());
    table
}

fn broken(name: &'static str, world: World, decisions: Decisions) -> Broken {
    Broken { name, decisions, world }
}

fn shown() -> Vec<Broken> {
    vec![
        broken(
            "the late answer of an order that was given up is shown",
            ANSWERS_LATE,
            Decisions { shown: with_way, ..TRUE },
        ),
        broken(
            "a code that is shown is replaced",
            SHOWS,
            Decisions {
                due: |facts, terms, now| {
                    let mut facts = facts.clone();
                    facts.orders.values_mut().for_each(|order| order.way_at = None);
                    due(&facts, terms, now)
                },
                ..TRUE
            },
        ),
        broken(
            "a claim is taken from a process that is sending",
            World { name: "nothing is looked up", can_ask: false, ..ANSWERS_LATE },
            Decisions { has_leases: false, shown: with_way, ..TRUE },
        ),
        broken(
            "a failed collection shows its code",
            World { name: "nothing is looked up", can_ask: false, ..ANSWERS_LATE },
            Decisions {
                shown: |facts| {
                    let mut facts = facts.clone();
                    facts.failed_at = None;
                    (TRUE.shown)(&facts)
                },
                failure_gives_up: false,
                ..TRUE
            },
        ),
        broken(
            "a lost answer is waited for",
            SHOWS,
            Decisions {
                due: |facts, terms, now| {
                    let is_lost = facts.current().is_some() && facts.shown().is_none();
                    due(facts, terms, now).filter(|_| !is_lost)
                },
                ..TRUE
            },
        ),
        broken(
            "a withdrawal without an answer is not repeated",
            CANCELLED,
            Decisions {
                due: |facts, terms, now| {
                    let mut facts = facts.clone();
                    for (_, outcome) in
                        facts.orders.values_mut().filter_map(|order| order.withdrawal.as_mut())
                    {
                        *outcome = Withdrawal::Withdrawn;
                    }
                    due(&facts, terms, now)
                },
                ..TRUE
            },
        ),
    ]
}

fn paid() -> Vec<Broken> {
    vec![
        broken(
            "a hint pays",
            FORGED,
            Decisions {
                join: |facts, evidence| match evidence {
                    Evidence::Hinted { order, received } => {
                        facts.join(Evidence::Notified { order, report: forged(received) });
                    }
                    evidence => facts.join(evidence),
                },
                ..TRUE
            },
        ),
        broken(
            "a repeated notification is another payment",
            World { name: "notifications are repeated", amounts: [2, 0], losses: 0, ..BASE },
            Decisions {
                join: |facts, evidence| match evidence {
                    Evidence::Notified { order, report } => {
                        let (payment, second) =
                            (report.payment.clone(), report.seen_at.as_second());
                        let text = format!("{}{}", payment.unwrap(), second.signum());
                        let payment = Some(tulay_core::ProviderReference::new(text).unwrap());
                        let report = Report { payment, ..report };
                        facts.join(Evidence::Notified { order, report });
                    }
                    evidence => facts.join(evidence),
                },
                ..TRUE
            },
        ),
        broken(
            "a message without an id is a payment by itself",
            COARSE,
            Decisions {
                new_payments: |before, after| {
                    let mut new = after.clone();
                    new.sightings.retain(|it| !before.sightings.contains(it));
                    new.payments()
                },
                ..TRUE
            },
        ),
        broken(
            "a reversed payment counts",
            REVERSED,
            Decisions {
                status: |facts, terms| {
                    let mut facts = facts.clone();
                    facts.sightings.iter_mut().for_each(|it| it.reversed_last = None);
                    status(&facts, terms)
                },
                ..TRUE
            },
        ),
        broken(
            "what is closed stays closed",
            DEAF,
            Decisions {
                status: |facts, terms| {
                    let mut unpaid = facts.clone();
                    unpaid.sightings.clear();
                    match status(&unpaid, terms) {
                        Status::Waiting => status(facts, terms),
                        ended => ended,
                    }
                },
                ..TRUE
            },
        ),
        broken(
            "late is what the provider's time says alone",
            UNTIMED,
            Decisions {
                surprises: |facts, terms| {
                    let mut surprises = surprises(facts, terms);
                    let payments = facts.payments();
                    let late = |id: &_| {
                        let mut all = payments.iter().filter(|payment| payment.id == *id);
                        all.any(|payment| payment.paid_at > terms.expires)
                    };
                    surprises.late.retain(late);
                    surprises
                },
                ..TRUE
            },
        ),
        broken(
            "a payment after the cancellation is not marked",
            CANCELLED,
            Decisions {
                surprises: |facts, terms| {
                    let mut surprises = surprises(facts, terms);
                    surprises.after_cancellation.clear();
                    surprises
                },
                ..TRUE
            },
        ),
    ]
}

fn asked() -> Vec<Broken> {
    vec![
        broken(
            "what is closed is not looked up",
            DEAF,
            Decisions {
                due: |facts, terms, now| {
                    due(facts, terms, now).filter(|_| status(facts, terms) != Status::Closed)
                },
                ..TRUE
            },
        ),
        broken(
            "what is paid is not looked up",
            REVERSED,
            Decisions {
                due: |facts, terms, now| {
                    due(facts, terms, now).filter(|_| status(facts, terms) != Status::Paid)
                },
                ..TRUE
            },
        ),
        broken(
            "what was given up is not looked up",
            World { name: "no notification, hidden", notifies: Notifies::Never, ..HIDDEN },
            Decisions {
                due: |facts, terms, now| {
                    let mut orders = now.orders.to_vec();
                    for (number, order) in &facts.orders {
                        orders[usize::from(*number) - 1].can_ask &= !order.is_given_up;
                    }
                    let now = tulay_journal::collection::Circumstances { orders: &orders, ..*now };
                    due(facts, terms, &now)
                },
                ..TRUE
            },
        ),
        broken(
            "a look-up without an answer closes",
            World { losses: 2, ..SHOWS },
            Decisions {
                join: |facts, evidence| match evidence {
                    Evidence::LookedUp { order, asked, finding: Finding::Nothing, has_way } => {
                        let finding = Finding::Closed;
                        facts.join(Evidence::LookedUp { order, asked, finding, has_way });
                    }
                    evidence => facts.join(evidence),
                },
                due: |facts, terms, now| {
                    due(facts, terms, now).filter(|_| status(facts, terms) != Status::Closed)
                },
                ..TRUE
            },
        ),
        broken(
            "a notification of what was given up is left out",
            World { name: "hidden, nothing is looked up", can_ask: false, losses: 0, ..HIDDEN },
            Decisions {
                join: |facts, evidence| {
                    let is_given_up =
                        |order: &u8| facts.orders.get(order).is_some_and(|facts| facts.is_given_up);
                    match &evidence {
                        Evidence::Notified { order, .. } if is_given_up(order) => {}
                        _ => facts.join(evidence),
                    }
                },
                ..TRUE
            },
        ),
        broken(
            "a short collection is over only with its last payment",
            World { name: "halves, no notification", amounts: [1, 0], ..DEAF },
            Decisions {
                due: |facts, terms, now| {
                    let has_money = !facts.sightings.is_empty();
                    due(facts, terms, now).filter(|(_, todo)| {
                        !has_money || !matches!(todo, Todo::Ask(_) | Todo::End(_))
                    })
                },
                ..TRUE
            },
        ),
    ]
}

/// The first order whose way to pay is known, whether or not it was given up.
fn with_way(facts: &Collected) -> Option<u8> {
    let mut known = facts.orders.iter().filter(|(_, order)| order.way_at.is_some());
    known.next().filter(|_| facts.failed_at.is_none()).map(|(number, _)| *number)
}

fn forged(seen_at: jiff::Timestamp) -> Report {
    let amount = super::world::pesos(super::world::ASKED);
    Report { payment: None, provider_reference: None, amount, paid_at: None, seen_at }
}
