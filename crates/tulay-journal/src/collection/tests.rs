use super::*;
use jiff::{SignedDuration, Timestamp};
use tulay_core::{Currency, Money, OrderId, ProviderReference};

const EXPIRY: i64 = 1800;
const DAY: i64 = 24 * 3600;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn pesos(minor: i64) -> Money {
    Money::from_minor(minor, Currency::PHP)
}

fn reference(text: &str) -> ProviderReference {
    ProviderReference::new(text).unwrap()
}

/// 100.00 within half an hour.
fn terms() -> Terms {
    let mut terms = Terms::new(pesos(10_000), at(0));
    terms.expires = Some(at(EXPIRY));
    terms
}

fn named(payment: &str, minor: i64, seen: i64) -> Report {
    Report {
        payment: Some(reference(payment)),
        provider_reference: Some(reference("ORDER")),
        amount: pesos(minor),
        paid_at: None,
        seen_at: at(seen),
    }
}

fn joined(all: impl IntoIterator<Item = Evidence>) -> Collected {
    let mut facts = Collected::default();
    all.into_iter().for_each(|it| facts.join(it));
    facts
}

fn intended(order: u8, second: i64) -> Evidence {
    Evidence::Intended { order, sending: 0, at: at(second) }
}

fn created(order: u8, second: i64) -> Evidence {
    Evidence::Created { order, has_way: true, at: at(second) }
}

fn found(order: u8, second: i64, finding: Finding) -> Evidence {
    Evidence::LookedUp { order, asked: at(second), finding, has_way: false }
}

fn paid(payment: &str, minor: i64, seen: i64) -> Evidence {
    Evidence::Notified { order: 1, report: named(payment, minor, seen) }
}

fn given_back(payment: &str) -> Evidence {
    Evidence::GivenBack { payment: id(payment) }
}

fn assigned(payment: &str, minor: i64, second: i64) -> Evidence {
    let (payment, amount) = (reference(payment), pesos(minor));
    Evidence::Assigned { payment, amount, paid_at: None, at: at(second) }
}

fn id(payment: &str) -> PaymentId {
    PaymentId::Provider(reference(payment))
}

/// A collection whose code was shown at once.
fn shown(more: impl IntoIterator<Item = Evidence>) -> Collected {
    joined([intended(1, 0), created(1, 0)].into_iter().chain(more))
}

fn cancelled(second: i64) -> Evidence {
    Evidence::Cancelled { at: at(second) }
}

fn of(facts: &Collected) -> Status {
    status(facts, &terms())
}

fn surprised(facts: &Collected) -> Surprises {
    surprises(facts, &terms())
}

fn reviewed(facts: &Collected) -> Vec<Review> {
    reviews(facts, &terms()).into_iter().collect()
}

fn order(can_ask: bool, can_withdraw: bool) -> Order {
    Order { id: OrderId::parse("CCCT4DQCA7IYPBOIHLLI5GBEMB").unwrap(), can_ask, can_withdraw }
}

fn now(second: i64, orders: &[Order]) -> Circumstances<'_> {
    Circumstances { now: at(second), orders, waits_until: None, is_watched: false }
}

/// What is done at a second, where every order can be looked up and withdrawn.
fn does(facts: &Collected, second: i64) -> Todo {
    let orders = vec![order(true, true); 8];
    todo(facts, &terms(), &now(second, &orders))
}

const NEXT: fn(u8) -> Todo = |number| Todo::Plan { again: None, next: Some(number) };

#[test]
fn payments_reach_the_amount() {
    assert_eq!(of(&Collected::default()), Status::Waiting);
    assert_eq!(of(&shown([paid("A", 9_999, 5)])), Status::Waiting);
    assert_eq!(of(&shown([paid("A", 10_000, 5)])), Status::Paid);
    assert_eq!(of(&shown([paid("A", 4_000, 5), paid("B", 6_000, 9)])), Status::Paid);
    let mut report = named("A", 10_000, 5);
    report.amount = Money::from_minor(10_000, Currency::IDR);
    let facts = shown([Evidence::Notified { order: 1, report }]);
    assert_eq!((of(&facts), reviewed(&facts)), (Status::Waiting, vec![Review::Mismatch]));
}

#[test]
fn the_last_look_up_says_whether_it_is_reversed() {
    let reversed = found(1, 60, Finding::Reversed(named("A", 10_000, 61)));
    let facts = shown([paid("A", 10_000, 5), reversed.clone()]);
    assert_eq!((of(&facts), facts.received(Currency::PHP)), (Status::Reversed, 0));
    assert_eq!(reviewed(&facts), [Review::Reversed]);
    let again = found(1, 70, Finding::Paid(named("A", 10_000, 71)));
    assert_eq!(of(&shown([again, reversed.clone()])), Status::Paid);
    // A notification that arrives late takes nothing back.
    assert_eq!(of(&shown([reversed.clone(), paid("A", 10_000, 99)])), Status::Reversed);
    let facts = shown([reversed, paid("B", 10_000, 70)]);
    assert_eq!((of(&facts), facts.received(Currency::PHP)), (Status::Paid, 10_000));
}

#[test]
fn a_collection_closes() {
    let waiting = |second| found(1, second, Finding::Waiting);
    assert_eq!(of(&shown([waiting(EXPIRY + 60)])), Status::Waiting);
    assert_eq!(of(&shown([waiting(EXPIRY + 120)])), Status::Closed);
    assert_eq!(of(&shown([found(1, 9, Finding::Closed)])), Status::Closed);
    assert_eq!(of(&shown([found(1, 9, Finding::Failed)])), Status::Failed);
    assert_eq!(of(&shown([found(1, 9, Finding::Failed), waiting(8)])), Status::Failed);
    assert_eq!(of(&shown([cancelled(9)])), Status::Closed);
    let ended = |ending| Evidence::Ended { ending, at: at(9) };
    assert_eq!(of(&shown([ended(Ending::Closed)])), Status::Closed);
    assert_eq!(of(&joined([ended(Ending::Failed)])), Status::Failed);
    // An order that is not shown ends nothing.
    let closed = found(1, 9, Finding::Closed);
    assert_eq!(of(&joined([intended(1, 0), closed])), Status::Waiting);
}

#[test]
fn the_word_expired_is_an_expiry() {
    let said = |second| found(1, second, Finding::Expired);
    assert_eq!(of(&shown([said(60)])), Status::Waiting);
    let facts = shown([said(60), said(150)]);
    assert_eq!(of(&facts), Status::Closed);
    assert!(surprised(&shown([said(60), said(150), paid("A", 1, 151)])).late.contains(&id("A")));
}

#[test]
fn money_wins_over_every_end() {
    for end in [
        cancelled(9),
        found(1, 9, Finding::Closed),
        found(1, 9, Finding::Failed),
        found(1, EXPIRY + 120, Finding::Waiting),
        Evidence::Ended { ending: Ending::Closed, at: at(9) },
        Evidence::Ended { ending: Ending::Failed, at: at(9) },
    ] {
        let facts = shown([end.clone(), paid("A", 10_000, EXPIRY + 130)]);
        let Surprises { late, after_cancellation, .. } = surprised(&facts);
        assert_eq!(of(&facts), Status::Paid, "{end:?}");
        assert!(late.contains(&id("A")), "{end:?}");
        let is_cancelled = matches!(end, Evidence::Cancelled { .. });
        assert_eq!(after_cancellation.contains(&id("A")), is_cancelled);
    }
}

#[test]
fn messages_that_name_less_are_about_the_same_payment() {
    let named = named("A", 10_000, 5);
    let of_order = Report { payment: None, ..named.clone() };
    let unnamed = Report { provider_reference: None, ..of_order.clone() };
    let bare = Report { provider_reference: None, ..named.clone() };
    let all = [unnamed, of_order, bare, named];
    for one in &all {
        for other in &all {
            let first = shown([Evidence::Notified { order: 1, report: one.clone() }]);
            let mut both = first.clone();
            both.join(Evidence::Notified { order: 1, report: other.clone() });
            assert_eq!(both.payments().len(), 1, "{one:?} {other:?}");
            assert_eq!(new_payments(&first, &both), []);
            let payments = new_payments(&Collected::default(), &both);
            assert!(payments.len() == 1 && payments[0].is_named(&first.payments()[0].id));
        }
    }
}

#[test]
fn payments_with_other_ids_are_others() {
    let facts = shown([paid("A", 10_000, 5)]);
    let mut two = facts.clone();
    two.join(paid("B", 10_000, 9));
    assert_eq!(new_payments(&facts, &two).iter().map(|it| &it.id).collect::<Vec<_>>(), [&id("B")]);
    let of_order = |text| Report {
        payment: None,
        provider_reference: Some(reference(text)),
        ..named("A", 10_000, 5)
    };
    let on = |order, text| Evidence::Notified { order, report: of_order(text) };
    assert_eq!(shown([on(1, "X"), on(1, "Y")]).payments().len(), 2);
    // A name beside which another id of the order stands is of another payment.
    assert_eq!(shown([on(1, "X"), paid("A", 10_000, 5)]).payments().len(), 2);
    let same = shown([on(1, "X"), on(2, "X")]);
    assert_eq!(same.payments().len(), 2);
    assert!(reviewed(&same).contains(&Review::Mismatch));
}

#[test]
fn the_amount_that_was_seen_first_is_kept() {
    for all in [[5, 9], [9, 5]] {
        let facts = shown(all.map(|seen| paid("A", 10_000 + seen, seen)));
        let payments = facts.payments();
        assert_eq!((payments.len(), payments[0].amount), (1, pesos(10_005)));
        assert!(payments[0].is_mismatched && reviewed(&facts).contains(&Review::Mismatch));
    }
    let facts = shown([found(1, 9, Finding::Mismatch)]);
    assert_eq!((of(&facts), reviewed(&facts)), (Status::Waiting, vec![Review::Mismatch]));
}

#[test]
fn late_is_after_the_expiry_or_the_end() {
    let late = |paid_at: Option<i64>, seen| {
        let report = Report { paid_at: paid_at.map(at), ..named("A", 10_000, seen) };
        surprised(&shown([Evidence::Notified { order: 1, report }])).late.len() == 1
    };
    assert!(!late(Some(EXPIRY), EXPIRY + 89) && !late(None, EXPIRY + 89));
    assert!(late(Some(EXPIRY + 1), EXPIRY + 2));
    // It may have been called closed.
    assert!(late(Some(EXPIRY), EXPIRY + 90) && late(None, EXPIRY + 90));
    // A clock that is ahead makes nothing late.
    assert!(!late(Some(EXPIRY + 8 * 3600), 5));
}

#[test]
fn a_second_payment_is_twice() {
    let facts = shown([paid("A", 10_000, 5), paid("B", 10_000, 9)]);
    let surprises = surprised(&facts);
    assert_eq!(surprises.twice, [id("B")].into());
    assert!(surprises.over && !surprises.short);
    assert_eq!(reviewed(&facts), [Review::Over, Review::Twice]);
    // Either one may be given back, or stay.
    for payment in ["A", "B"] {
        let mut facts = facts.clone();
        facts.join(given_back(payment));
        assert_eq!((of(&facts), reviewed(&facts)), (Status::Paid, vec![]));
        assert!(surprised(&facts).twice.is_empty() && !surprised(&facts).over);
    }
    let mut kept = facts;
    kept.join(assigned("B", 10_000, 20));
    assert_eq!((kept.payments().len(), reviewed(&kept)), (2, vec![]));
}

#[test]
fn short_and_over_are_sums() {
    let short = shown([paid("A", 9_999, 5)]);
    assert!(!surprised(&short).short, "it may be paid yet");
    let mut closed = short.clone();
    closed.join(found(1, EXPIRY + 120, Finding::Paid(named("A", 9_999, EXPIRY + 121))));
    assert_eq!((of(&closed), reviewed(&closed)), (Status::Closed, vec![Review::Short]));
    closed.join(given_back("A"));
    assert_eq!((of(&closed), reviewed(&closed)), (Status::Closed, vec![]));
    let over = shown([paid("A", 10_001, 5)]);
    assert!(surprised(&over).over && surprised(&over).twice.is_empty());
    assert_eq!((of(&over), reviewed(&over)), (Status::Paid, vec![Review::Over]));
}

#[test]
fn a_payment_after_the_cancellation_needs_a_person() {
    let facts = shown([cancelled(60), paid("A", 10_000, 61)]);
    assert_eq!((of(&facts), reviewed(&facts)), (Status::Paid, vec![Review::AfterCancellation]));
    let mut back = facts.clone();
    back.join(given_back("A"));
    assert_eq!((of(&back), reviewed(&back)), (Status::Closed, vec![]));
    let mut kept = facts;
    kept.join(assigned("A", 10_000, 99));
    assert_eq!((of(&kept), reviewed(&kept)), (Status::Paid, vec![]));
    // That a late one makes it paid needs none.
    let late = shown([found(1, EXPIRY + 120, Finding::Waiting), paid("A", 10_000, EXPIRY + 121)]);
    assert_eq!((of(&late), reviewed(&late)), (Status::Paid, vec![]));
}

#[test]
fn a_person_assigns_a_payment() {
    let facts = shown([assigned("A", 10_000, 9)]);
    assert_eq!((of(&facts), reviewed(&facts)), (Status::Paid, vec![]));
    assert_eq!(facts.payments()[0].order, None);
    let mut both = facts.clone();
    both.join(paid("A", 10_000, 20));
    assert_eq!((both.payments().len(), both.payments()[0].order), (1, Some(1)));
    assert_eq!(new_payments(&facts, &both), []);
}

#[test]
fn an_unknown_order_that_is_shown_is_unresolved() {
    assert_eq!(reviewed(&shown([found(1, 9, Finding::Absent)])), [Review::Unresolved]);
    let ended = Evidence::Ended { ending: Ending::Closed, at: at(EXPIRY + 3600) };
    assert_eq!(reviewed(&shown([ended.clone()])), [], "it cannot be looked up");
    let mut facts = shown([ended, found(1, EXPIRY + 60, Finding::Nothing)]);
    assert_eq!((of(&facts), reviewed(&facts)), (Status::Closed, vec![Review::Unresolved]));
    facts.join(found(1, EXPIRY + 7200, Finding::Waiting));
    assert_eq!((of(&facts), reviewed(&facts)), (Status::Closed, vec![]));
}

#[test]
fn a_lost_answer_is_looked_up() {
    assert_eq!(does(&Collected::default(), 0), NEXT(1));
    let lost = joined([intended(1, 0)]);
    assert_eq!(does(&lost, 0), Todo::Ask(1));
    let with_way =
        Evidence::LookedUp { order: 1, asked: at(1), finding: Finding::Waiting, has_way: true };
    let with_code = joined([intended(1, 0), with_way]);
    assert_eq!(with_code.shown().map(|(number, _)| number), Some(1));
    assert_eq!(does(&with_code, 2), Todo::Nothing);
    let unanswered = joined([intended(1, 0), found(1, 1, Finding::Nothing)]);
    assert_eq!((does(&unanswered, 2), does(&unanswered, 3)), (Todo::Nothing, Todo::Ask(1)));
    let long = joined([intended(1, 0), found(1, 29, Finding::Nothing)]);
    assert_eq!((does(&long, 29), does(&long, 30)), (Todo::Nothing, Todo::Withdraw(1)));
}

#[test]
fn an_order_that_cannot_be_shown_is_withdrawn_and_replaced() {
    let withdrawn = |outcome| Evidence::Withdrawal { order: 1, asked: at(2), outcome };
    for finding in [Finding::Absent, Finding::Waiting, Finding::Expired] {
        let mut facts = joined([intended(1, 0), found(1, 1, finding)]);
        assert_eq!(does(&facts, 1), Todo::Withdraw(1));
        let askable = [order(true, false)];
        assert_eq!(todo(&facts, &terms(), &now(1, &askable)), NEXT(2));
        facts.join(withdrawn(Withdrawal::Open));
        assert_eq!(does(&facts, 2), NEXT(2));
    }
    let lost = joined([intended(1, 0)]);
    assert_eq!(todo(&lost, &terms(), &now(0, &[order(false, true)])), Todo::Withdraw(1));
    assert_eq!(todo(&lost, &terms(), &now(0, &[order(false, false)])), NEXT(2));
    // It is refused where the order is paid.
    let mut refused = joined([intended(1, 0), found(1, 1, Finding::Waiting)]);
    refused.join(withdrawn(Withdrawal::Refused));
    assert_eq!(does(&refused, 2), Todo::Ask(1));
    let mut unpaid = refused.clone();
    unpaid.join(found(1, 3, Finding::Waiting));
    assert_eq!(does(&unpaid, 3), NEXT(2));
    refused.join(found(1, 3, Finding::Paid(named("A", 10_000, 3))));
    assert_eq!((of(&refused), does(&refused, 3)), (Status::Paid, Todo::Nothing));
}

#[test]
fn a_late_answer_is_not_shown() {
    let up = Evidence::GivenUp { order: 1 };
    let facts = joined([intended(1, 0), up.clone(), intended(2, 5), created(1, 6)]);
    assert_eq!(facts.shown(), None);
    let mut second = facts;
    second.join(created(2, 7));
    assert_eq!(second.shown().map(|(number, _)| number), Some(2));
    assert_eq!(does(&second, 8), Todo::Nothing);
    let failed = Evidence::Ended { ending: Ending::Failed, at: at(EXPIRY) };
    assert_eq!(joined([intended(1, 0), created(1, 6), failed]).shown(), None);
}

#[test]
fn only_unsent_orders_are_sent_again() {
    let not_sent = |sending| Evidence::NotSent { order: 1, sending };
    let mut facts = joined([intended(1, 0), not_sent(0)]);
    assert_eq!(does(&facts, 0), Todo::Plan { again: Some(1), next: Some(2) });
    facts.join(Evidence::Intended { order: 1, sending: 1, at: at(5) });
    assert_eq!(does(&facts, 5), Todo::Ask(1));
    let rejected = joined([intended(1, 0), Evidence::Rejected { order: 1 }]);
    assert_eq!(does(&rejected, 0), NEXT(2));
    let orders = vec![order(true, true); 8];
    let waits = Circumstances { waits_until: Some(at(60)), ..now(0, &orders) };
    assert_eq!(due(&rejected, &terms(), &waits), Some((at(60), NEXT(2))));
}

#[test]
fn no_ninth_order_is_made() {
    let mut facts = Collected::default();
    for number in 1..=8 {
        assert_eq!(does(&facts, 0), NEXT(number));
        facts.join(intended(number, 0));
        facts.join(Evidence::Rejected { order: number });
    }
    assert_eq!(does(&facts, 0), Todo::End(Ending::Failed));
    facts.join(Evidence::Ended { ending: Ending::Failed, at: at(0) });
    assert_eq!((of(&facts), does(&facts, 1)), (Status::Failed, Todo::Nothing));
    // Nor one that has expired when it is made.
    assert_eq!(does(&Collected::default(), EXPIRY), Todo::End(Ending::Failed));
    let lost = joined([intended(1, 0)]);
    assert_eq!(does(&lost, EXPIRY), Todo::Ask(1));
}

#[test]
fn a_hint_makes_no_order() {
    let facts = joined([Evidence::Hinted { order: 3, received: at(5) }]);
    assert_eq!((does(&facts, 9), of(&facts)), (NEXT(1), Status::Waiting));
    assert!(facts.payments().is_empty());
    // An order of which nothing left is looked up where a notification names it.
    let mut unsent = joined([intended(1, 0), Evidence::NotSent { order: 1, sending: 0 }]);
    unsent.join(Evidence::Hinted { order: 1, received: at(5) });
    let orders = [order(true, true)];
    let waits = Circumstances { waits_until: Some(at(60)), ..now(9, &orders) };
    assert_eq!(todo(&unsent, &terms(), &waits), Todo::Ask(1));
}

#[test]
fn what_is_cancelled_is_withdrawn_until_answered() {
    let mut facts = shown([cancelled(60)]);
    assert_eq!(does(&facts, 60), Todo::Ask(1), "a look-up is due");
    facts.join(found(1, 60, Finding::Waiting));
    assert_eq!(does(&facts, 60), Todo::Withdraw(1));
    let mut withdrawn = |second, outcome| {
        facts.join(Evidence::Withdrawal { order: 1, asked: at(second), outcome });
        facts.join(found(1, second, Finding::Waiting));
        facts.clone()
    };
    let open = withdrawn(61, Withdrawal::Open);
    assert_eq!((does(&open, 62), does(&open, 121)), (Todo::Nothing, Todo::Ask(1)));
    let open = withdrawn(121, Withdrawal::Open);
    assert_eq!(does(&open, 122), Todo::Nothing);
    withdrawn(182, Withdrawal::Refused);
    facts.join(found(1, 183, Finding::Waiting));
    assert_eq!(does(&facts, 250), Todo::Ask(1));
    facts.join(found(1, 303, Finding::Waiting));
    assert_eq!(does(&facts, 303), Todo::Nothing, "the wait doubles");
    assert_eq!(does(&facts, 304), Todo::Withdraw(1), "a request may have been under way");
    facts.join(found(1, 305, Finding::Closed));
    assert_eq!((of(&facts), does(&facts, 306)), (Status::Closed, Todo::Nothing));
    // Nothing is made for it, and what may exist is withdrawn.
    assert_eq!(does(&joined([cancelled(0)]), 0), Todo::Nothing);
    let lost = joined([intended(1, 0), cancelled(1)]);
    assert_eq!(does(&lost, 1), Todo::Withdraw(1));
}

/// The look-ups of order 1 that are not answered with money, by second.
fn look_ups(mut facts: Collected, orders: &[Order], terms: &Terms, until: i64) -> Vec<i64> {
    let mut seconds = Vec::new();
    let mut second = 0;
    while let Some((next, step)) = due(&facts, terms, &now(second, orders)) {
        second = next.as_second().max(second);
        if second > until || seconds.len() > 3000 {
            break;
        }
        match step {
            Todo::Ask(1) => seconds.push(second),
            Todo::Ask(_) => {}
            other => panic!("{other:?}"),
        }
        let Todo::Ask(number) = step else { continue };
        facts.join(Evidence::LookedUp {
            order: number,
            asked: next.max(at(second)),
            finding: Finding::Waiting,
            has_way: false,
        });
    }
    seconds
}

#[test]
fn a_shown_code_is_looked_up_by_its_schedule() {
    let orders = [order(true, true)];
    let seconds = look_ups(shown([]), &orders, &terms(), i64::MAX);
    let among = |from: i64, to: i64| seconds.iter().filter(|it| (from..to).contains(*it)).count();
    assert!((70..=115).contains(&among(0, 900)), "{seconds:?}");
    assert!((12..=19).contains(&among(912, EXPIRY)), "{seconds:?}");
    assert_eq!(among(EXPIRY, EXPIRY + 600), 2, "{seconds:?}");
    assert!((24..=38).contains(&among(EXPIRY + 600, 31 * DAY)), "{seconds:?}");
    assert_eq!(seconds.last(), Some(&(EXPIRY + 30 * DAY)), "the end of the window");
    let slow = seconds.windows(2).all(|pair| pair[1] - pair[0] <= DAY * 6 / 5);
    assert!(slow, "{seconds:?}");
    // Scaled to a hundredth.
    let mut scaled = terms();
    (scaled.per_mille, scaled.expires) = (10, Some(at(18)));
    let all = look_ups(shown([]), &orders, &scaled, i64::MAX).len();
    assert!(all.abs_diff(seconds.len()) <= 30, "{all} {}", seconds.len());
    assert!(look_ups(shown([]), &[order(false, true)], &terms(), EXPIRY + 60).is_empty());
    // As long as the application waits.
    let watched = Circumstances { is_watched: true, ..now(1000, &orders) };
    let facts = shown([found(1, 1000, Finding::Waiting)]);
    let (next, _) = due(&facts, &terms(), &watched).unwrap();
    assert!(next.duration_since(at(1000)) <= SignedDuration::from_secs(12));
}

#[test]
fn every_order_is_looked_up_to_the_end_of_the_window() {
    let up = Evidence::GivenUp { order: 1 };
    let facts = joined([intended(1, 0), up, intended(2, 5), created(2, 6)]);
    let orders = vec![order(true, true); 2];
    let seconds = look_ups(facts, &orders, &terms(), i64::MAX);
    assert!((25..=39).contains(&seconds.len()), "{seconds:?}");
    assert_eq!(seconds.last(), Some(&(EXPIRY + 30 * DAY)));
}

#[test]
fn a_paid_collection_is_looked_up_three_times() {
    let orders = [order(true, true)];
    let seconds = look_ups(shown([paid("A", 10_000, 0)]), &orders, &terms(), i64::MAX);
    let days: Vec<_> = seconds.iter().map(|second| (second + DAY / 2) / DAY).collect();
    assert!(matches!(days[..], [1, 6..=8, 24..=36]), "{days:?}");
    // A reversal is looked up once more.
    let reversed = found(1, 60, Finding::Reversed(named("A", 10_000, 60)));
    assert_eq!(does(&shown([reversed.clone()]), 659), Todo::Nothing);
    assert_eq!(does(&shown([reversed]), 660), Todo::Ask(1));
}

#[test]
fn a_hint_causes_one_look_up() {
    let year = 365 * DAY;
    let hint = Evidence::Hinted { order: 1, received: at(year) };
    let last = found(1, 31 * DAY, Finding::Waiting);
    let mut facts = shown([last, hint]);
    let orders = [order(true, true)];
    assert_eq!(does(&facts, year), Todo::Ask(1));
    facts.join(found(1, year + 1, Finding::Nothing));
    assert_eq!((does(&facts, year + 60), does(&facts, year + 61)), (Todo::Nothing, Todo::Ask(1)));
    facts.join(found(1, year + 61, Finding::Waiting));
    assert_eq!(due(&facts, &terms(), &now(year + 61, &orders)), None);
    assert_eq!(of(&facts), Status::Closed);
}

#[test]
fn an_expiry_without_answers_closes() {
    let asks = [order(true, true)];
    let never = [order(false, false)];
    let mut facts = shown([]);
    let closes = (at(EXPIRY + 90), Todo::End(Ending::Closed));
    assert_eq!(due(&facts, &terms(), &now(0, &never)), Some(closes));
    facts.join(found(1, EXPIRY + 3600, Finding::Nothing));
    assert_eq!(todo(&facts, &terms(), &now(EXPIRY + 3600, &asks)), Todo::End(Ending::Closed));
}

#[test]
fn facts_survive_storage() {
    let more = [paid("A", 4_000, 5), given_back("A"), cancelled(7), assigned("B", 1, 9)];
    let facts = shown(more.into_iter().chain([
        Evidence::Hinted { order: 1, received: at(3) },
        found(1, 4, Finding::Expired),
        Evidence::GivenBack { payment: PaymentId::Order(1) },
    ]));
    let text = serde_json::to_string(&facts).unwrap();
    assert_eq!(serde_json::from_str::<Collected>(&text).unwrap(), facts);
    assert!(serde_json::from_str::<Collected>(r#"{"payments":[]}"#).is_err());
    assert_eq!(serde_json::from_str::<Collected>("{}").unwrap(), Collected::default());
}
