//! `tulay events`: what happened to payouts, for programs that watch.

use super::payout::opened::open;
use crate::{
    args::{EventsArgs, Global},
    error::CliError,
    exit::Exit,
    report::{Format, Report},
};
use std::{io::ErrorKind, time::Duration};
use tulay::{Builder, journal::PaymentEvent};

/// How often the journal is read while nothing happens.
const EVERY: Duration = Duration::from_millis(200);

pub(crate) async fn run(
    global: &Global,
    args: &EventsArgs,
    builder: Builder,
) -> Result<Exit, CliError> {
    let format = global.format();
    if args.follow && matches!(format, Format::Json | Format::Csv) {
        let message = "events that follow are printed one by one: use --output jsonl, or none";
        return Err(CliError::usage("arguments", message));
    }
    let session = open(global, builder, false).await?;
    let mut events = session.tulay.events(args.after).await?;
    if matches!(format, Format::Json | Format::Csv) {
        let mut all: Vec<PaymentEvent> = Vec::new();
        while let Some(event) = events.next().await? {
            all.push(event);
        }
        let report = Report::new("tulay.events/1", session.environment()).results("events", &all);
        return report.print(format, Exit::Done);
    }
    loop {
        while let Some(event) = events.next().await? {
            let report = Report::new("tulay.event/1", session.environment());
            match report.result(&event).line(event.to_string()).print_now(format) {
                Ok(()) => {}
                // The reader closed the pipe, as in `tulay … | head`.
                Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(Exit::Done),
                Err(error) => return Err(CliError::unwritten(&error)),
            }
        }
        if !args.follow {
            return Ok(Exit::Done);
        }
        tokio::time::sleep(EVERY).await;
    }
}
