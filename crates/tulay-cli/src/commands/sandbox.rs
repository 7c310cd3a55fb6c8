//! `tulay sandbox`: simulated providers until stopped, and control of running ones.

pub(crate) mod address;
pub(crate) mod configured;

use crate::{
    args::{Global, SandboxAddress, SandboxArgs, SandboxCommand},
    commands::qr,
    error::CliError,
    exit::{self, Exit},
    keys,
    report::{Report, flat},
    session::found_config,
};
use bytes::Bytes;
use configured::Configured;
use serde::Deserialize;
use serde_json::{Value, json};
use std::{collections::BTreeMap, path::Path};
use tulay::{
    Environment, Namespace, Operation, OrderId, Reference,
    adapter::{HttpSettings, HttpTransport, IdRules, KeySource, Transport},
    text,
};
use tulay_crypto::PrivateKey;
use tulay_sandbox::{Sandbox, kit::Faults};

pub(crate) async fn run(global: &Global, args: &SandboxArgs) -> Result<Exit, CliError> {
    use http::Method;
    let origin = |at: &SandboxAddress| address::origin(global, at);
    match &args.command {
        None => serve(global, args).await,
        Some(SandboxCommand::Advance { by, at }) => {
            let body = json!({ "by": format!("{}s", by.as_secs()) });
            control(global, &origin(at)?, Method::POST, "advance", &body.to_string()).await
        }
        Some(SandboxCommand::Pay { code, amount, issuer, at }) => {
            pay(global, &origin(at)?, code, amount.as_deref(), issuer.as_deref()).await
        }
        Some(SandboxCommand::Ledger { at }) => {
            control(global, &origin(at)?, Method::GET, "ledger", "").await
        }
        Some(SandboxCommand::Reset { at }) => {
            control(global, &origin(at)?, Method::POST, "reset", "").await
        }
    }
}

async fn serve(global: &Global, args: &SandboxArgs) -> Result<Exit, CliError> {
    let stopped = exit::signal();
    let number = args.number_above.unwrap_or_else(start);
    let mut builder = Sandbox::builder().listen(args.listen).number_above(number);
    if let Some(file) = &args.faults {
        for (provider, faults) in faults(file)? {
            builder = builder.faults(provider, faults);
        }
    }
    let sandbox = builder.start().await;
    let sandbox =
        sandbox.map_err(|e| CliError::could_not_run("sandbox", CliError::sentence(&e)))?;
    let merchants = merchants(global)?;
    for merchant in &merchants {
        sandbox
            .register_merchant(&merchant.adapter, &merchant.id, &merchant.key)
            .map_err(|error| CliError::invalid("sandbox", &error))?;
    }
    let mut report = Report::new("tulay.sandbox/1", Some(Environment::Sandbox))
        .member("origin", sandbox.origin())
        .line(format!("simulated providers at {}; no money moves", sandbox.origin()));
    for provider in sandbox.faults().keys() {
        let base_url = sandbox.base_url(provider);
        let base_url = base_url.map_err(|error| CliError::invalid("sandbox", &error))?;
        report = report.line(format!("  {provider}: base_url = \"{base_url}\""));
    }
    for merchant in &merchants {
        report = report.line(format!("  merchant {} has the key of tulay.toml", merchant.id));
    }
    report
        .line(format!("  control: {}/_sandbox/", sandbox.origin()))
        .print(global.format(), Exit::Done)?;
    let signal = stopped.await;
    sandbox.stop().await;
    // To be stopped is what it waits for.
    Ok(if signal == Exit::Interrupted { Exit::Done } else { signal })
}

/// A number that an earlier start did not reach: a journal remembers the orders of that one.
fn start() -> u64 {
    let since = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
    // Starpay shows five letters of it, which count to 33 millions.
    since.as_secs() % 330_000 * 100
}

/// A merchant whose key the sandbox shall know.
struct Merchant {
    adapter: String,
    id: String,
    /// The public key, or the API key where that is all there is.
    key: String,
}

/// The sandbox accounts of the configuration in this folder, if there is one.
fn merchants(global: &Global) -> Result<Vec<Merchant>, CliError> {
    let Some(configured) = Configured::read(global)? else { return Ok(Vec::new()) };
    let mut merchants = Vec::new();
    for account in configured.simulated() {
        let Some(id) = account.merchant_id() else { continue };
        let folder = configured.file.parent().unwrap_or_else(|| Path::new(""));
        let key = match (&account.private_key, &account.secret_key) {
            (Some(KeySource::File(name)), _) => {
                let pem = keys::read_key(&folder.join(name))?;
                let key = PrivateKey::parse(&pem).map_err(|error| keys::refused(&error))?;
                key.public_key().to_spki_pem()
            }
            (_, Some(KeySource::File(name))) => {
                let secret = keys::read_key(&folder.join(name))?;
                String::from_utf8_lossy(&secret).into_owned()
            }
            _ => continue,
        };
        merchants.push(Merchant { adapter: account.adapter.clone(), id, key });
    }
    Ok(merchants)
}

fn faults(file: &Path) -> Result<BTreeMap<String, Faults>, CliError> {
    let bytes = keys::read(file)?;
    let text = std::str::from_utf8(&bytes).unwrap_or_default();
    toml::from_str(text).map_err(|error| {
        let place = error
            .span()
            .map_or(1, |span| text.get(..span.start).unwrap_or_default().matches('\n').count() + 1);
        let message = format!("{}:{place}: {}", file.display(), error.message());
        CliError::usage("faults", message)
    })
}

/// Lets a payer pay what was shown: at the provider that showed it, and by its text, or by an order
/// id of the reference.
async fn pay(
    global: &Global,
    origin: &str,
    code: &str,
    amount: Option<&str>,
    issuer: Option<&str>,
) -> Result<Exit, CliError> {
    let amount = amount.map(|text| text::plain_amount(text, None, text::AmountFormat::Plain));
    let amount = amount.transpose().map_err(|error| CliError::invalid("arguments", &error))?;
    let mut shown = order_ids(global, code);
    shown.insert(0, qr::text_or_input(code)?);
    let issuers: Vec<String> = match issuer {
        Some(issuer) => vec![issuer.to_owned()],
        None => {
            let overview = ask(origin, http::Method::GET, "", "").await?;
            let listed = overview.get("providers").and_then(Value::as_array);
            let name = |provider: &Value| provider.get("name")?.as_str().map(str::to_owned);
            listed.into_iter().flatten().filter_map(name).collect()
        }
    };
    let mut refused: Vec<CliError> = Vec::new();
    for code in &shown {
        for issuer in &issuers {
            let body = json!({ "code": code, "amount": amount }).to_string();
            match ask(origin, http::Method::POST, &format!("{issuer}/pay"), &body).await {
                Ok(response) => return self::shown(response).print(global.format(), Exit::Done),
                Err(failure) => refused.push(failure),
            }
        }
    }
    // The provider that knows the code has a more specific message than "showed no such code".
    let knows = |failure: &CliError| !failure.message().contains("showed");
    let place = refused.iter().position(knows).unwrap_or_default();
    let none = || CliError::usage("issuer", "no simulated provider is there");
    Err(if refused.is_empty() { none() } else { refused.swap_remove(place) })
}

/// The order ids that a reference has in the configuration of this folder, if there is one.
fn order_ids(global: &Global, reference: &str) -> Vec<String> {
    #[derive(Deserialize)]
    struct Top {
        namespace: Namespace,
    }
    let read = || {
        let text = keys::read(&found_config(global).ok()??).ok()?;
        let top: Top = toml::from_str(std::str::from_utf8(&text).ok()?).ok()?;
        Some((top.namespace, Reference::new(reference).ok()?))
    };
    let Some((namespace, reference)) = read() else { return Vec::new() };
    let of = |operation| {
        let id = OrderId::derive(IdRules::STANDARD, &namespace, operation, &reference, 1);
        id.as_str().to_owned()
    };
    vec![of(Operation::Collection), of(Operation::StaticCode)]
}

/// Asks a running sandbox for something, and prints what it says.
async fn control(
    global: &Global,
    origin: &str,
    method: http::Method,
    path: &str,
    body: &str,
) -> Result<Exit, CliError> {
    shown(ask(origin, method, path, body).await?).print(global.format(), Exit::Done)
}

/// Asks a running sandbox for something.
pub(crate) async fn ask(
    origin: &str,
    method: http::Method,
    path: &str,
    body: &str,
) -> Result<Value, CliError> {
    let failed = |message: String| CliError::could_not_run("sandbox", message);
    let url = format!("{origin}/_sandbox/{path}");
    let request = http::Request::builder()
        .method(method)
        .uri(url)
        .header(http::header::CONTENT_TYPE, "application/json")
        .body(Bytes::from(body.to_owned()))
        .map_err(|error| CliError::usage("at", error.to_string()))?;
    let transport = HttpTransport::new(&HttpSettings::default());
    let transport = transport.map_err(|error| failed(CliError::sentence(&error)))?;
    let answer = transport.send(request).await.map_err(|error| {
        let why = CliError::sentence(&error);
        failed(format!("no sandbox answers at {origin}: {why}")).next("tulay sandbox")
    })?;
    let response: Value = serde_json::from_slice(answer.body())
        .map_err(|_| failed("what answers there is no sandbox".into()))?;
    if !answer.status().is_success() {
        return Err(failed(format!("the sandbox refused: {response}")));
    }
    Ok(response)
}

/// The response of a sandbox: a list of records as a table, everything else as lines.
pub(crate) fn shown(response: Value) -> Report {
    let mut report = Report::new("tulay.sandbox/1", Some(Environment::Sandbox));
    let Value::Object(members) = response else { return report.member("answer", response) };
    for (name, value) in members {
        match value {
            Value::Array(values) if name == "movements" => {
                if values.is_empty() {
                    report = report.line("no movements");
                }
                let (header, rows) = flat::table(&values, &[]);
                report = report.list(&name, values).table_of(header, rows);
            }
            value => {
                let text = flat::text(&value);
                let text = if text.is_empty() { "none" } else { &text };
                report = report.line(format!("{}: {text}", name.replace('_', " ")));
                report = report.member(&name, value);
            }
        }
    }
    report
}
