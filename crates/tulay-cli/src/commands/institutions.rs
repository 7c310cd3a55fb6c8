//! `tulay institutions`

use crate::{
    args::{Global, InstitutionsArgs, InstitutionsCommand},
    error::CliError,
    exit::Exit,
    keys,
    report::Report,
    session::Session,
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, path::Path};
use tulay::{Builder, Country, Directory, ErrorKind, Institution, NameMatch};

pub(crate) async fn run(
    global: &Global,
    args: &InstitutionsArgs,
    builder: Builder,
) -> Result<Exit, CliError> {
    if let Some(InstitutionsCommand::Match { file, country }) = &args.command {
        return propose(global, file, *country);
    }
    let names = provider_names(global, args.country, builder).await?;
    let wanted = args.text.as_deref().unwrap_or_default().to_lowercase();
    let fits = |row: &&Institution| {
        let mut names = row.names().chain(row.merged.iter().copied());
        names.any(|name| name.to_lowercase().contains(&wanted))
    };
    let (mut values, mut rows) = (Vec::new(), Vec::new());
    let directories = Directory::all().iter();
    for directory in directories.filter(|d| args.country.is_none_or(|c| c == d.country())) {
        for institution in directory.institutions().iter().filter(fits) {
            let at_providers = names.get(&(directory.country(), institution.id.to_owned()));
            values.push(to_json(directory.country(), institution, at_providers));
            rows.push(row(directory.country(), institution, at_providers));
        }
    }
    let mut report = Report::new("tulay.institutions/1", None)
        .list("institutions", values)
        .table(&["id", "country", "channel", "name", "also", "at the provider"], rows.clone());
    let countries: Vec<_> =
        Directory::all().iter().map(|directory| directory.country().to_string()).collect();
    if rows.is_empty() {
        report = report.line(format!("none; countries with a directory: {}", countries.join(", ")));
    }
    report.print(global.format(), Exit::Done)
}

/// By country and neutral id: each provider, and its code.
type ProviderNames = BTreeMap<(Country, String), BTreeMap<String, String>>;

/// Each provider's codes of institutions, by country and neutral id: those that it lists, else those
/// that its adapter knows. Empty without a configuration.
async fn provider_names(
    global: &Global,
    country: Option<Country>,
    builder: Builder,
) -> Result<ProviderNames, CliError> {
    let mut names = ProviderNames::new();
    if global.config.is_none() && !global.sandbox() && !Path::new("tulay.toml").is_file() {
        return Ok(names);
    }
    let session = Session::open(global, builder).await?;
    session.announce(global, false)?;
    let mut messages: Vec<String> = Vec::new();
    for provider in session.tulay.providers() {
        let payouts = provider.roles().payouts;
        let codes = payouts.map_or(&[][..], |payouts| &payouts.capability().institutions);
        for known in codes.iter().filter(|code| country.is_none_or(|c| c == code.country)) {
            let directory = Directory::of(known.country);
            let row = directory.and_then(|directory| directory.get(&known.institution));
            let id = row.map_or(known.institution.as_str(), |row| row.id);
            let at = names.entry((known.country, id.to_owned())).or_default();
            at.insert(provider.id().to_string(), known.code.clone());
        }
        let Some(institutions) = provider.roles().institutions else { continue };
        for directory in
            Directory::all().iter().filter(|d| country.is_none_or(|c| c == d.country()))
        {
            let entries = institutions.list(directory.country()).await;
            let entries = match entries {
                Ok(entries) => entries,
                // The provider does not serve this country.
                Err(error)
                    if error.kind() == ErrorKind::Unsupported && error.response().is_none() =>
                {
                    continue;
                }
                Err(error) => {
                    // An error that is the same for every country is printed once.
                    let message = format!("{}: {error}", provider.id());
                    if !messages.contains(&message) {
                        global.say(&message);
                        messages.push(message);
                    }
                    continue;
                }
            };
            for entry in entries {
                if let Some(id) = entry.id {
                    let at = names.entry((directory.country(), id.to_string())).or_default();
                    at.insert(provider.id().to_string(), entry.code);
                }
            }
        }
    }
    Ok(names)
}

fn to_json(
    country: Country,
    institution: &Institution,
    at_providers: Option<&BTreeMap<String, String>>,
) -> Value {
    json!({
        "id": institution.id,
        "bic": institution.bic,
        "country": country,
        "channel": institution.channel,
        "name": institution.name,
        "aliases": institution.aliases,
        "providers": at_providers,
    })
}

fn row(
    country: Country,
    institution: &Institution,
    at_providers: Option<&BTreeMap<String, String>>,
) -> Vec<String> {
    let at: Vec<String> = at_providers
        .into_iter()
        .flatten()
        .map(|(provider, code)| format!("{provider}: {code}"))
        .collect();
    vec![
        institution.id.to_owned(),
        country.to_string(),
        institution.channel.to_string(),
        institution.name.to_owned(),
        institution.aliases.join(", "),
        at.join(", "),
    ]
}

fn propose(global: &Global, file: &Path, country: Country) -> Result<Exit, CliError> {
    let Some(directory) = Directory::of(country) else {
        return Err(CliError::usage("country", format!("there is no directory of {country} yet")));
    };
    let bytes = keys::read(file)?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| CliError::usage("file", "the names are not UTF-8; save them as UTF-8"))?;
    let (mut values, mut rows) = (Vec::new(), Vec::new());
    for name in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let found = directory.find(name);
        // The account has another number at the bank that a bank was merged into: no id to copy.
        let (kind, id, merged_into) = match found {
            Some(NameMatch::Exact(row)) => (Some("exact"), Some(row.id), None),
            Some(NameMatch::Guess(row)) => (Some("guess"), Some(row.id), None),
            Some(NameMatch::Merged(row)) => (Some("merged"), None, Some(row.name)),
            None => (None, None, None),
        };
        let note = match (merged_into, found) {
            (Some(into), _) => format!("merged into {into}: get the account number at that bank"),
            (None, found) => found.map_or("", |found| found.institution().name).to_owned(),
        };
        values.push(json!({ "name": name, "id": id, "match": kind, "merged_into": merged_into }));
        let (id, kind) = (id.unwrap_or("?"), kind.unwrap_or("none"));
        rows.push([name, id, kind, &note].map(str::to_owned).to_vec());
    }
    Report::new("tulay.institutions-match/1", None)
        .list("names", values)
        .table(&["name", "id", "match", "known as"], rows)
        .print(global.format(), Exit::Done)
}
