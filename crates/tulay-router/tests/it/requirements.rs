//! What a form asks for.

use crate::outline::{Outline, name, pesos, rule};
use tulay_core::{
    AccountNumber, Channel, Country, Currency, Destination, Field, InstitutionId, Money, Operation,
    PayoutRequest, Reference,
};
use tulay_router::{Payment, Router};

fn router() -> Router {
    let asking = |id: &str, fields: &[Field]| {
        let required = fields.to_vec();
        let outline = Outline::new(id).collects();
        let change = |corridor: &mut tulay_core::Corridor| corridor.required = required;
        outline.pays_with(Country::PH, Currency::PHP, Channel::Bank, change).done()
    };
    let one = asking("one", &[Field::Name, Field::Institution]);
    let two = asking("two", &[Field::Name, Field::TaxId]);
    let three = asking("three", &[Field::Ip]);
    Router::new(vec![rule(Country::PH, &["one", "two"])], [one, two, three])
}

#[test]
fn only_choosable_providers_require_fields() {
    let router = router();
    let required = router.requirements(Operation::Payout, Country::PH, Channel::Bank);
    let shown: Vec<String> = required
        .fields()
        .iter()
        .map(|r| {
            format!(
                "{}: {}",
                r.field,
                r.providers.iter().map(|p| p.as_str()).collect::<Vec<_>>().join(" ")
            )
        })
        .collect();
    assert_eq!(shown, ["name: one two", "tax_id: two", "institution: one"]);
    let none = router.requirements(Operation::Payout, Country::PH, Channel::Qr);
    assert!(none.fields().is_empty());
    let collections = router.requirements(Operation::Collection, Country::PH, Channel::Qr);
    assert_eq!(collections.fields().len(), 1, "without rules, everyone may be chosen");
}

#[test]
fn missing_field_names_its_provider() {
    let required = router().requirements(Operation::Payout, Country::PH, Channel::Bank);
    let request = PayoutRequest::new(
        Reference::new("R1").unwrap(),
        Country::PH,
        Money::from_minor(100, Currency::PHP),
        Destination::Bank {
            institution: InstitutionId::new("BOPIPHMM").unwrap(),
            account: AccountNumber::new("1").unwrap(),
        },
    );
    let missing = required.check(&Payment::payout(&request)).unwrap_err();
    assert_eq!((missing.field, missing.provider.clone()), (Field::Name, name("one")));
    assert_eq!(
        missing.to_string(),
        "name: required by one, which the rules may choose for this payment"
    );
    assert_eq!(required.check(&pesos(1)), Ok(()), "an outline misses nothing");
}
