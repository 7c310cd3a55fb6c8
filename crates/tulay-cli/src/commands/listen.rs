//! `tulay listen`: an endpoint for development. It verifies notifications, prints them and hands them
//! on; what it stores is gone when it stops, and the journal is not touched.

mod forward;
mod inbox;

use crate::{
    args::{Global, ListenArgs},
    error::CliError,
    exit::{self, Exit},
    report::{Format, Report},
    session::Session,
};
use forward::Forward;
use inbox::{Memory, New};
use std::{
    net::{Ipv4Addr, SocketAddr},
    pin::pin,
    sync::Arc,
};
use tokio::{
    net::TcpListener,
    sync::{mpsc, oneshot},
};
use tulay::{
    Builder, Environment, ProviderId,
    json::NotificationJson,
    webhook::{Receiver, WebhookService, serve},
};

/// Where `init` lets simulated providers notify.
const DEFAULT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8300);

pub(crate) async fn run(
    global: &Global,
    args: &ListenArgs,
    builder: Builder,
) -> Result<Exit, CliError> {
    let mut stopped = pin!(exit::signal());
    let format = global.format();
    if matches!(format, Format::Json | Format::Csv) {
        let message = "notifications are printed as they arrive: use --output jsonl, or none";
        return Err(CliError::usage("arguments", message));
    }
    if global.sandbox() {
        let message = "listen takes the notifications of a configuration: `tulay init` writes one, \
                       and `tulay sandbox` runs the simulated providers";
        return Err(CliError::usage("sandbox", message));
    }
    let session = Session::open(global, builder).await?;
    session.announce(global, false)?;
    if session.environment() == Some(Environment::Production) {
        let message = "listen is for development: it acknowledges notifications and forgets them; \
                       `tulay serve` takes those of production";
        return Err(CliError::usage("environment", message));
    }
    let forward = match &args.forward_to {
        Some(url) => Some(Forward::to(global, url, args.allow_remote)?),
        None => None,
    };
    let (sender, mut arrived) = mpsc::unbounded_channel();
    let inbox = Arc::new(Memory::new(sender));
    let receiver = Arc::new(Receiver::new(session.tulay.providers().cloned(), inbox));
    let address = args.listen.or(session.tulay.webhook_listen()).unwrap_or(DEFAULT);
    let failed = |error: std::io::Error| {
        let message = format!("cannot listen at {address}: {error}; name another --listen");
        CliError::could_not_run("listen", message)
    };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    let (stop, stopping) = oneshot::channel::<()>();
    let service = WebhookService::new(Arc::clone(&receiver));
    let serving = tokio::spawn(serve(listener, service, async { drop(stopping.await) }));
    for provider in session.tulay.providers().filter(|p| p.roles().webhooks.is_some()) {
        global.say(&format!("taking notifications at http://{bound}/notify/{}/…", provider.id()));
    }
    if let Some(forward) = &forward {
        global.say(&forward.to_string());
    }
    let environment = session.environment();
    let take = async |new: New| {
        let Some(provider) = provider(&session, &new) else { return Ok(()) };
        let json = NotificationJson::new(provider, &new.notification, new.authenticity);
        print(format, environment, &json)?;
        if let Some(forward) = &forward {
            global.say(&forward.hand_on(&new.id, &json).await);
        }
        Ok::<_, CliError>(())
    };
    loop {
        tokio::select! {
            _ = &mut stopped => break,
            Some(new) = arrived.recv() => take(new).await?,
        }
    }
    drop(stop);
    // It panics where the runtime ends, which ends everything.
    let _ = serving.await;
    // What was acknowledged is printed, also the last.
    while let Ok(new) = arrived.try_recv() {
        take(new).await?;
    }
    let verdicts = receiver.verdicts();
    let counted = verdicts.iter().filter(|(_, count)| *count > 0);
    let counted: Vec<String> =
        counted.map(|(verdict, count)| format!("{count} {}", verdict.as_str())).collect();
    if !counted.is_empty() {
        global.say(&counted.join(", ").replace('_', " "));
    }
    // To be stopped is what it waits for.
    Ok(Exit::Done)
}

fn provider<'s>(session: &'s Session, new: &New) -> Option<&'s ProviderId> {
    let mut providers = session.tulay.providers();
    let provider = providers.find(|provider| *provider.merchant_account() == new.account)?;
    Some(provider.id())
}

fn print(
    format: Format,
    environment: Option<Environment>,
    json: &NotificationJson,
) -> Result<(), CliError> {
    let amounts: Vec<String> = json.amounts.iter().map(ToString::to_string).collect();
    let line: Vec<String> = [
        Some(json.provider.to_string()),
        Some(json.event()),
        json.order_id.as_ref().map(ToString::to_string),
        Some(amounts.join(" or ")).filter(|amounts| !amounts.is_empty()),
        Some(format!("({})", json.proof)),
    ]
    .into_iter()
    .flatten()
    .collect();
    let report = Report::new("tulay.notification/1", environment).result(json);
    report.line(line.join("  ")).print_now(format).map_err(|error| CliError::unwritten(&error))
}
