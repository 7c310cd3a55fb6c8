//! Operations that production refuses until they are named.

use tulay_adapter::policy::{Policy, unmentioned};
use tulay_core::{Assumption, Corridor, Country, Environment, Operation};
use tulay_core::{Channel, Currency, Effect, ErrorKind};

const ASSUMPTIONS: &[Assumption] = &[
    Assumption::new("report: path", "/report").operation(Operation::Report),
    Assumption::new("payout to a code", "as to a bank")
        .operation(Operation::Payout)
        .channel(Channel::Qr),
    Assumption::new("refund in Thailand", "as in the Philippines")
        .operation(Operation::Refund)
        .country(Country::TH),
    Assumption::new("times", "in Manila"),
];

fn production(accepted: &[Operation]) -> Policy<'_> {
    Policy::new(Environment::Production, accepted, ASSUMPTIONS)
}

#[test]
fn production_refuses_assumed_operations_until_they_are_named() {
    let refused = |accepted: &[Operation], operation| {
        let error = production(accepted).allow(&[Operation::Payout, operation], None).err()?;
        assert_eq!(
            (error.operation(), error.kind(), error.effect(), error.field()),
            (Operation::Payout, ErrorKind::Unsupported, Effect::NotSent, Some("accept_unverified"))
        );
        Some(error.to_string())
    };
    let message = refused(&[], Operation::Report).unwrap();
    assert!(message.starts_with("report is documented only by assumption; "), "{message}");
    assert_eq!(refused(&[Operation::Report], Operation::Report), None);
    assert_eq!(refused(&[], Operation::Balance), None);
    for environment in [Environment::Sandbox, Environment::Uat] {
        let policy = Policy::new(environment, &[], ASSUMPTIONS);
        assert!(policy.allow(&[Operation::Report], None).is_ok());
        assert!(policy.allow_assumed(Operation::Payout).is_ok());
    }
}

#[test]
fn assumptions_of_one_channel_leave_the_operation_allowed() {
    assert!(production(&[]).allow(&[Operation::Payout], None).is_ok());
    assert!(production(&[]).allow_assumed(Operation::Payout).is_err());
    assert!(production(&[Operation::Payout]).allow_assumed(Operation::Payout).is_ok());
}

#[test]
fn assumptions_of_one_country_are_of_that_country() {
    let unaccepted = |country| production(&[]).unaccepted(&[Operation::Refund], country);
    assert_eq!(unaccepted(Some(Country::TH)), [Operation::Refund]);
    assert_eq!(unaccepted(Some(Country::PH)), []);
    assert_eq!(unaccepted(None), [Operation::Refund], "it could be any country");
    assert_eq!(production(&[]).unaccepted(&[], Country::TH), []);
    assert!(production(&[]).allow(&[], Country::TH).is_ok());
}

#[test]
fn a_corridor_offers_all_operations_or_none() {
    let offered = |country, accepted: &[Operation]| {
        let mut corridor = Corridor::new(country, Currency::THB, Channel::Bank, 1);
        production(accepted).offer(&mut corridor, &[Operation::Payout, Operation::Refund]);
        (corridor.operations, corridor.unaccepted)
    };
    let both = vec![Operation::Payout, Operation::Refund];
    assert_eq!(offered(Country::TH, &[]), (vec![], vec![Operation::Refund]));
    assert_eq!(offered(Country::PH, &[]), (both.clone(), vec![]));
    assert_eq!(offered(Country::TH, &[Operation::Refund]), (both.clone(), vec![]));
    let policy = production(&[]);
    assert_eq!(policy.accepted(&both, Country::TH), [Operation::Payout]);
}

#[test]
fn subjects_that_a_text_lacks_are_found() {
    let text = "report: path, payout to a code, times";
    assert_eq!(unmentioned(ASSUMPTIONS, text), ["refund in Thailand"]);
}
