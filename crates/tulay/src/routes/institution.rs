//! The institution of a rule: one that payments can name, in the rule's country and by its channel.

use crate::document::Document;
use tulay_core::{Channel, Country, Directory, Institution, InstitutionId, NameMatch, text};

/// The institution of a rule by its id or name, or why no payment that the rule is for can name it.
pub(super) fn read(
    document: &Document<'_>,
    text: &str,
    place: (Option<Country>, Option<Channel>),
) -> Result<InstitutionId, String> {
    match text::institution_or_id(text, place.0) {
        Ok(id) => check(document, &id, text, place).map(|()| id),
        Err(invalid) => Err(invalid.problem().to_string()),
    }
}

/// Why no payment that a rule is for can name this institution.
fn check(
    document: &Document<'_>,
    id: &InstitutionId,
    text: &str,
    (country, channel): (Option<Country>, Option<Channel>),
) -> Result<(), String> {
    let is_here = |directory: &&Directory| country.is_none_or(|c| c == directory.country());
    let here = || Directory::all().iter().filter(is_here);
    let rows: Vec<&Institution> = here().filter_map(|directory| directory.get(id)).collect();
    if let Some(row) = rows.first() {
        let by_account = matches!(channel, Some(Channel::Bank | Channel::Wallet));
        return match channel {
            Some(channel) if by_account && rows.iter().all(|row| row.channel != channel) => {
                let right = row.channel;
                Err(format!("{id} is a {right}, not a {channel}; write channel = \"{right}\""))
            }
            _ => Ok(()),
        };
    }
    if document.configures(id) {
        return Ok(());
    }
    let elsewhere = Directory::all().iter().filter(|directory| directory.get(id).is_some());
    let elsewhere: Vec<String> = elsewhere.map(|d| d.country().to_string()).collect();
    if let (Some(country), [first, ..]) = (country, elsewhere.as_slice()) {
        let all = elsewhere.join(", ");
        return Err(format!(
            "{id} is an institution of {all}, not of {country}; write country = \"{first}\""
        ));
    }
    if here().next().is_none() {
        return Ok(()); // There is no list of the country's institutions.
    }
    let meant = here().find_map(|directory| directory.find(text)).map(NameMatch::institution);
    let place = country.map(|country| format!(" in {country}")).unwrap_or_default();
    let option = country.map(|country| format!(" --country {country}")).unwrap_or_default();
    Err(match meant {
        Some(meant) => format!("{id} is not known{place}; did you mean {}?", meant.id),
        None => format!("{id} is not known{place}; `tulay institutions{option}` lists the names"),
    })
}
