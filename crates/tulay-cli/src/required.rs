//! What a provider requires of money that comes in, held against what was given: everything that
//! is missing is told at once, with the option that gives it.

use crate::{exit::Exit, failure::Failure};
use tulay::{
    CodeRequest, CollectionRequest, Operation, ProviderId,
    adapter::{Capability, Corridor, Field},
};

/// That a provider would take a collection as it is.
pub(crate) fn of_collection(
    provider: &ProviderId,
    capability: &Capability,
    request: &CollectionRequest,
) -> Result<(), Failure> {
    let place = (request.country, request.amount.currency(), request.method.channel());
    let fits = |c: &&Corridor| (c.country, c.currency, c.channel) == place;
    let corridor = capability.corridors.iter().find(fits);
    nothing_missing(provider, Operation::Collection, corridor, |field| request.has(field))?;
    let admitted = capability.admit_collection(request);
    admitted.map(drop).map_err(|error| Failure::call(provider, Exit::Usage, &error))
}

/// That a provider would make a static code as it is asked for.
pub(crate) fn of_code(
    provider: &ProviderId,
    capability: &Capability,
    request: &CodeRequest,
) -> Result<(), Failure> {
    let place = (request.country, request.currency, request.method.channel());
    let fits = |c: &&Corridor| (c.country, c.currency, c.channel) == place;
    let corridor = capability.corridors.iter().find(fits);
    nothing_missing(provider, Operation::Code, corridor, |field| request.has(field))?;
    let admitted = capability.admit_code(request);
    admitted.map(drop).map_err(|error| Failure::call(provider, Exit::Usage, &error))
}

fn nothing_missing(
    provider: &ProviderId,
    operation: Operation,
    corridor: Option<&Corridor>,
    has: impl Fn(Field) -> bool,
) -> Result<(), Failure> {
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
    let told: Vec<String> = options
        .iter()
        .map(|(option, fields)| format!("{} (by {option})", fields.join(", ")))
        .collect();
    let (country, channel) = (corridor.country, corridor.channel);
    let message = format!(
        "{provider} requires more in {country} by {channel}: {}; nothing was sent",
        told.join("; ")
    );
    Err(Failure::usage("required", message))
}

/// The option of the command that gives a field.
const fn option(operation: Operation, field: Field) -> &'static str {
    match field {
        Field::ReturnUrl => "--return-url URL",
        Field::Institution => "--institution ID",
        Field::Terminal => "--terminal ID",
        Field::Ip | Field::OpenId => "--wechat FILE",
        Field::Remark => "--remark TEXT",
        _ if matches!(operation, Operation::Code) => "--holder FILE",
        _ => "--payer FILE",
    }
}
