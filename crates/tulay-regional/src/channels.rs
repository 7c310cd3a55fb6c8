//! `channelCode`: which one a way to pay goes by, from the profile or the configuration.

use crate::{profile::Profile, settings::Settings};
use tulay_core::{Channel, Error, ErrorKind, InstitutionId, Invalid, Operation, Result};

/// The `channelCode` of a collection or a static code. A new one needs a code that may be used; one
/// that exists is looked up by its code, whether or not that may be used for another.
///
/// # Errors
/// `Unsupported`, `NotSent`: at `institution` where no code is known, at `channels` for one that is
/// only assumed and that production must not use yet.
pub(crate) fn code<'a>(
    settings: &'a Settings,
    operation: Operation,
    profile: &Profile,
    channel: Channel,
    institution: Option<&InstitutionId>,
) -> Result<&'a str> {
    let collects = matches!(operation, Operation::Collection | Operation::CollectionFind);
    let configured = settings.channels.get(&profile.country).and_then(|channels| {
        if collects {
            channels.of_collection(channel, institution)
        } else {
            channels.of_code(channel, institution)
        }
    });
    // A configured code comes from the provider, so it goes first.
    if let Some(code) = configured {
        return Ok(code);
    }
    let lines = if collects {
        profile.collection.lines
    } else {
        profile.code.as_ref().map_or(&[][..], |rules| rules.lines)
    };
    let wanted = institution.map(InstitutionId::as_str);
    let line = lines.iter().find(|line| line.channel == channel && line.institution == wanted);
    let line = line.ok_or_else(|| {
        let country = profile.country;
        let expected =
            format!("a payment method with a known code; other codes go to channels.{country}");
        let invalid = Invalid::new("institution", expected);
        Error::invalid_as(ErrorKind::Unsupported, operation, &invalid)
    })?;
    let creates = matches!(operation, Operation::Collection | Operation::StaticCode);
    if creates && line.assumed && !settings.policy().accepts(operation) {
        let message = format!(
            "{} is only assumed to be a channelCode; name the right one in channels, or \
             {operation} in accept_unverified, to use it in production",
            line.code
        );
        return Err(Error::unsupported(operation, message).with_field("channels"));
    }
    Ok(line.code)
}
