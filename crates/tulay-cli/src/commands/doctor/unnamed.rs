//! Banks and wallets of our directory that a provider has no name for, found by asking its adapter
//! to prepare a payout to each; nothing is sent.

use tulay::{
    AccountNumber, Channel, Country, Destination, Directory, ErrorKind, Institution, Money, Name,
    Namespace, Operation, OrderId, Party, PayoutRequest, Payouts, Phone, Reference, WalletAccount,
};

/// The ids of a country's institutions that no payout can be sent to, although the channel is
/// served.
pub(super) fn unnamed(payouts: &dyn Payouts, directory: &Directory) -> Vec<&'static str> {
    let capability = payouts.capability();
    let country = directory.country();
    let corridor = |channel: Channel| {
        let mut all = capability.corridors.iter();
        all.find(|c| {
            (c.country, c.channel) == (country, channel)
                && c.operations.contains(&Operation::Payout)
        })
    };
    let lacks = |institution: &&Institution| {
        let Some(corridor) = corridor(institution.channel) else { return false };
        let amount = corridor.min.unwrap_or(Money::from_minor(corridor.step, corridor.currency));
        let Some(request) = request(country, amount, institution) else { return false };
        let Ok(namespace) = Namespace::new("doctor") else { return false };
        let rules = capability.ids;
        let order_id = OrderId::derive(rules, &namespace, Operation::Payout, &request.reference, 1);
        let refused = payouts.prepare(&request, &order_id).err();
        refused.is_some_and(|error| {
            error.field() == Some("institution") && error.kind() == ErrorKind::Unsupported
        })
    };
    directory.institutions().iter().filter(lacks).map(|institution| institution.id).collect()
}

/// A payout to an account of the institution that does not exist.
fn request(country: Country, amount: Money, institution: &Institution) -> Option<PayoutRequest> {
    let mobile = match country {
        Country::PH => "09170000000",
        Country::ID => "081200000000",
        Country::MY => "0120000000",
        Country::TH => "0810000000",
        _ => return None,
    };
    let mobile = Phone::mobile(mobile, country).ok()?;
    let id = institution.institution_id()?;
    let destination = match institution.channel {
        Channel::Wallet => {
            Destination::Wallet { institution: id, account: WalletAccount::Phone(mobile.clone()) }
        }
        _ => Destination::Bank { institution: id, account: AccountNumber::new("1000000000").ok()? },
    };
    let beneficiary =
        Party::default().with_name(Name::parts("No", "Person").ok()?).with_mobile(mobile);
    let request = PayoutRequest::new(Reference::new("DOCTOR").ok()?, country, amount, destination);
    Some(request.with_beneficiary(beneficiary))
}
