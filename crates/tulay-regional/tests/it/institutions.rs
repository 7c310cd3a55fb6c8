//! Banks and wallets with a code at this provider; the others are unsupported.

use crate::support::*;
use insta::assert_snapshot;
use tulay_core::*;

/// What `prepare` makes of a payout to an institution.
fn to(institution: &Institution, country: Country) -> Result<Prepared> {
    let (mut request, mobile) = match country {
        Country::ID => (indonesian(), "0812345678"),
        Country::MY => (malaysian(), "0123456789"),
        Country::TH => (thai(), "0812345678"),
        _ => (payout(), "09171234567"),
    };
    let (institution, account) =
        (institution.institution_id().unwrap(), AccountNumber::new(mobile).unwrap());
    request.destination = match Directory::of(country).unwrap().get(&institution).unwrap().channel {
        Channel::Wallet => {
            Destination::Wallet { institution, account: WalletAccount::Number(account) }
        }
        _ => Destination::Bank { institution, account },
    };
    Payouts::prepare(&regional(&Platform::says(500, "")), &request, &order_id())
}

#[test]
fn institutions_without_a_code_are_unsupported() {
    let mut without = Vec::new();
    for directory in Directory::all() {
        for institution in directory.institutions() {
            match to(institution, directory.country()) {
                Ok(prepared) => assert!(prepared.body.contains(r#""transferCode":""#)),
                Err(error) => {
                    assert_eq!(
                        (error.kind(), error.field(), error.effect()),
                        (ErrorKind::Unsupported, Some("institution"), Effect::NotSent)
                    );
                    without.push(format!("{} {}", directory.country(), institution.id));
                }
            }
        }
    }
    assert_snapshot!(without.join("\n"));
}
