//! `tulay config check | show | schema`

mod tables;

use crate::{
    args::{ConfigCommand, Global},
    error::CliError,
    exit::Exit,
    permissions,
    report::Report,
    session::{config_file, read, read_for_rules},
};
use serde_json::{Value, json};
use tulay::{Builder, Environment, Rail, Tulay, adapter::Guarantees};

pub(crate) fn run(
    global: &Global,
    command: &ConfigCommand,
    builder: Builder,
) -> Result<Exit, CliError> {
    match command {
        ConfigCommand::Check => check(global, builder),
        ConfigCommand::Show => show(global, builder),
        ConfigCommand::Schema => schema(global, &builder),
    }
}

fn check(global: &Global, builder: Builder) -> Result<Exit, CliError> {
    refuse_simulator(global)?;
    let tulay = read(global, builder)?;
    let names: Vec<String> = tulay.providers().map(|p| p.id().to_string()).collect();
    let line = format!("good: {}", names.join(", "));
    let too_open = permissions::too_open(&config_file(global)?, &tulay);
    let too_open = too_open.into_iter().map(|open| format!("{}; {}", open.problem, open.fix));
    let warnings = tulay.warnings().iter().map(ToString::to_string);
    let warnings: Vec<String> = warnings.chain(too_open).collect();
    let report = Report::new("tulay.config-check/1", None)
        .member("valid", true)
        .member("providers", names)
        .member("warnings", warnings.clone())
        .line(line);
    let note = |report: Report, warning: &String| report.line(format!("note: {warning}"));
    warnings.iter().fold(report, note).print(global.format(), Exit::Done)
}

fn show(global: &Global, builder: Builder) -> Result<Exit, CliError> {
    refuse_simulator(global)?;
    let (tulay, _) = read_for_rules(global, builder)?;
    let file = config_file(global)?.display().to_string();
    let settings = in_force(&tulay, &file);
    let values = settings
        .iter()
        .map(|(key, value, from)| json!({ "key": key, "value": typed(value), "from": from }));
    let rows =
        settings.iter().map(|(key, value, from)| vec![key.clone(), value.clone(), from.clone()]);
    Report::new("tulay.config/1", None)
        .list("settings", values.collect())
        .table(&["key", "value", "from"], rows.collect())
        .print(global.format(), Exit::Done)
}

/// What the file sets, and what holds for the journal where it sets nothing: each key with its
/// value and where that is from.
fn in_force(tulay: &Tulay, file: &str) -> Vec<(String, String, String)> {
    let set = tulay.settings().iter().map(|setting| {
        let from = format!("{file}:{}", setting.line);
        (setting.key.clone(), setting.value.clone(), from)
    });
    let mut all: Vec<_> = set.collect();
    let mut providers = tulay.providers();
    let is_simulated =
        providers.all(|it| it.merchant_account().environment == Environment::Sandbox);
    for value in tulay.in_force() {
        // Where a variable holds the value, the file sets its name.
        let variable = format!("{}.env", value.key);
        if all.iter().all(|(key, ..)| *key != value.key && *key != variable) {
            let is_of_profile = value.key.starts_with("time.") || value.key == "journal.state";
            let from = if is_of_profile && is_simulated { "sandbox profile" } else { "default" };
            all.push((value.key, value.value, from.to_owned()));
        }
    }
    all
}

/// A value of TOML as one of JSON; as it is written, where it is masked.
fn typed(written: &str) -> Value {
    #[derive(serde::Deserialize)]
    struct One {
        value: Value,
    }
    let read = toml::from_str::<One>(&format!("value = {written}"));
    read.map_or_else(|_| written.into(), |one| one.value)
}

fn schema(global: &Global, builder: &Builder) -> Result<Exit, CliError> {
    let mut adapters = Vec::new();
    for (name, text) in builder.schemas() {
        let mut schema: Value = serde_json::from_str(&text).map_err(|error| {
            CliError::could_not_run("schema", format!("the adapter {name} has none: {error}"))
        })?;
        if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
            properties.values_mut().for_each(allow_variable);
            // A key of every provider's table, which no adapter reads.
            properties.insert("same_books".into(), same_books());
            if let Some(guarantees) = properties.get_mut("guarantees") {
                *guarantees = serde_json::from_str(Guarantees::SCHEMA).unwrap_or_default();
            }
        }
        adapters.push(schema);
    }
    let rails: Vec<&str> = Rail::ALL.iter().map(|rail| rail.as_str()).collect();
    let routed = json!({ "enum": ["payout", "collection", "static_code"] });
    let decimal = json!({ "type": "string", "pattern": "^[0-9]{1,18}(\\.[0-9]{1,4})?$" });
    let weighed = json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["provider", "weight"],
        "properties": {
            "provider": { "type": "string" },
            "weight": { "type": "integer", "minimum": 1, "maximum": u32::MAX }
        }
    });
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "tulay.toml",
        "type": "object",
        "additionalProperties": false,
        "required": ["namespace", "providers"],
        "properties": {
            "namespace": {
                "type": "string",
                "pattern": "^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$",
                "description": "Part of every derived order id; never change it."
            },
            "confirm_production": { "type": "boolean", "default": true },
            "webhook": {
                "type": "object",
                "additionalProperties": false,
                "required": ["public_url"],
                "properties": {
                    "public_url": { "type": "string", "format": "uri" },
                    "listen": {
                        "type": "string",
                        "description": "Where `tulay serve` takes notifications."
                    },
                    "key": {
                        "oneOf": [
                            {
                                "type": "object",
                                "additionalProperties": false,
                                "required": ["file"],
                                "properties": { "file": { "type": "string" } }
                            },
                            {
                                "type": "object",
                                "additionalProperties": false,
                                "required": ["env"],
                                "properties": { "env": { "type": "string" } }
                            }
                        ],
                        "description": "The source of the key that makes an unguessable part of \
                                        each order's notification address: at least 32 \
                                        characters."
                    }
                }
            },
            "http": http(),
            "journal": tables::journal(),
            "worker": tables::worker(),
            "limits": tables::limits(),
            "time": tables::time(),
            "routes": {
                "type": "array",
                "description": "The first rule that matches a payment selects its provider.",
                "items": {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["operation", "use"],
                    "properties": {
                        "operation": { "oneOf": [
                            routed,
                            { "type": "array", "items": routed, "minItems": 1, "uniqueItems": true }
                        ] },
                        "country": { "type": "string", "pattern": "^[A-Z]{2}$" },
                        "currency": { "type": "string", "pattern": "^[A-Z]{3}$" },
                        "channel": { "enum": [
                            "bank", "wallet", "proxy", "qr", "provider_account",
                            "virtual_account", "redirect", "in_app"
                        ] },
                        "rail": { "enum": rails },
                        "institution": { "type": "string" },
                        "amount": {
                            "type": "object",
                            "additionalProperties": false,
                            "description": "Limits in major units, themselves included.",
                            "properties": { "min": decimal, "max": decimal }
                        },
                        "use": {
                            "type": "array",
                            "minItems": 1,
                            "uniqueItems": true,
                            "items": { "oneOf": [{ "type": "string" }, weighed] },
                            "description": "Names of providers, the preferred one first; or each with its weight, and the reference selects one."
                        }
                    }
                }
            },
            "providers": { "type": "object", "additionalProperties": { "oneOf": adapters } }
        }
    });
    let text = format!("{schema:#}");
    let Value::Object(members) = schema else { return Ok(Exit::Done) };
    let report = Report::new("tulay.config-schema/1", None).line(text);
    let document = Value::Object(members);
    report.member("document", document).print(global.format(), Exit::Done)
}

/// Any text of a provider's table may be a variable instead.
fn allow_variable(schema: &mut Value) {
    let is_text = schema["type"] == "string"
        || schema["enum"].as_array().is_some_and(|values| values.iter().all(Value::is_string));
    if is_text {
        *schema = json!({ "anyOf": [schema.take(), variable()] });
    } else if schema["type"] == "array" && schema["items"].is_object() {
        allow_variable(&mut schema["items"]);
    }
}

fn variable() -> Value {
    json!({
        "type": "object",
        "required": ["env"],
        "additionalProperties": false,
        "properties": { "env": { "type": "string" } }
    })
}

fn http() -> Value {
    let duration = |default: &str| {
        json!({
            "type": "string",
            "default": default,
            "description": "A duration from 100ms to 10m."
        })
    };
    json!({
        "type": "object",
        "additionalProperties": false,
        "description": "How requests are sent. HTTPS_PROXY and its like are ignored.",
        "properties": {
            "proxy": {
                "description": "An address such as http://proxy.example:3128; one with a password \
                                stands in a variable.",
                "anyOf": [{ "type": "string", "format": "uri" }, variable()]
            },
            "ca_file": {
                "type": "string",
                "description": "Certificates in PEM to trust instead of the system's."
            },
            "connect_timeout": duration("5s"),
            "timeout": duration("30s")
        }
    })
}

fn same_books() -> Value {
    json!({
        "type": "array",
        "items": { "type": "string" },
        "description": "Hosts that keep the same accounts as that of base_url, the oldest first; the \
                        first is part of the account's identity."
    })
}

/// The embedded simulator has no configuration.
fn refuse_simulator(global: &Global) -> Result<(), CliError> {
    if global.sandbox() {
        let message = "the embedded simulator has no configuration to check; leave --sandbox out";
        return Err(CliError::usage("arguments", message));
    }
    Ok(())
}
