//! The fields that a provider requires for incoming payments. One message names all missing fields,
//! with the option for each.

use crate::{error::CliError, exit::Exit};
use tulay::{
    Operation, ProviderId, RequestRef,
    adapter::{Capability, Corridor, Field},
};

/// Whether a provider would take a request as it is.
pub(crate) fn check<'r>(
    provider: &ProviderId,
    capability: &Capability,
    request: impl Into<RequestRef<'r>>,
) -> Result<(), CliError> {
    let request = request.into();
    let place = (request.country(), request.currency(), request.channel());
    let fits = |c: &&Corridor| (c.country, c.currency, c.channel) == place;
    let corridor = capability.corridors.iter().find(fits);
    nothing_missing(provider, request.operation(), corridor, |field| request.has(field))?;
    let admitted = capability.admit_request(request);
    admitted.map(drop).map_err(|error| CliError::call(provider, Exit::Usage, &error))
}

fn nothing_missing(
    provider: &ProviderId,
    operation: Operation,
    corridor: Option<&Corridor>,
    has: impl Fn(Field) -> bool,
) -> Result<(), CliError> {
    let Some(corridor) = corridor.filter(|c| c.operations.contains(&operation)) else {
        return Ok(());
    };
    let mut options: Vec<(&str, Vec<&str>)> = Vec::new();
    for field in corridor.required.iter().filter(|field| !has(**field)) {
        let option = option(operation, *field);
        match options.iter_mut().find(|(given, _)| *given == option) {
            Some((_, fields)) => fields.push(field.as_str()),
            None => options.push((option, vec![field.as_str()])),
        }
    }
    if options.is_empty() {
        return Ok(());
    }
    let missing: Vec<String> = options
        .iter()
        .map(|(option, fields)| format!("{} (by {option})", fields.join(", ")))
        .collect();
    let (country, channel) = (corridor.country, corridor.channel);
    let message = format!(
        "{provider} requires more in {country} by {channel}: {}; nothing was sent",
        missing.join("; ")
    );
    Err(CliError::usage("required", message))
}

/// The option of the command that gives a field.
const fn option(operation: Operation, field: Field) -> &'static str {
    match field {
        Field::ReturnUrl => "--return-url URL",
        Field::Institution => "--institution ID",
        Field::Terminal => "--terminal ID",
        Field::Ip | Field::OpenId => "--wechat FILE",
        Field::Remark => "--remark TEXT",
        _ if matches!(operation, Operation::StaticCode) => "--holder FILE",
        _ => "--payer FILE",
    }
}
