//! Notifications through axum into the journal: what storing them costs beside an axum handler that
//! answers at once and the bare verification, how long a sender waits at 500 a second, and what a flood
//! of duplicates leaves.

use crate::{
    large::process_memory,
    measure::{Effort, bar, disk, figure, median, p99, rate, ratio, thousandths, title},
    row,
    submit::{await_turn, commit, configured, judge, submit},
    world::{folder, runtime},
};
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use axum::{Router, body::Body, http::Request, routing::post};
use cpu_time::ProcessTime;
use http_body_util::BodyExt;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use std::time::{Duration, Instant};
use tokio::{runtime::Runtime, task::JoinSet};
use tulay::{
    Namespace, Operation, OrderId, Reference, Tulay, adapter::IdRules, webhook::WebhookRequest,
};
use tulay_tests::webhooks::{PUBLIC_KEY, Platform};

const IN_FLIGHT: usize = 64;
/// In KiB: what an allocator keeps varies by so much.
const SLACK: u64 = 8 << 10;

/// Bodies that Starpay signed, each about a payout of its own.
struct Signed {
    texts: Vec<String>,
    messages: Vec<WebhookRequest>,
}

impl Signed {
    fn new(count: usize) -> Self {
        let platform = Platform::all().remove(0);
        let texts: Vec<String> = (0..count).map(|number| text(&platform.sample, number)).collect();
        let messages = texts.iter().map(|text| platform.genuine(text.as_bytes())).collect();
        Self { texts, messages }
    }
}

fn text(sample: &str, number: usize) -> String {
    let id = |reference: &str| {
        let (namespace, reference) = (Namespace::new("tests"), Reference::new(reference));
        let (namespace, reference) = (namespace.unwrap(), reference.unwrap());
        OrderId::derive(IdRules::STANDARD, &namespace, Operation::Payout, &reference, 1)
    };
    let sample = sample.replace(id("W-1").as_str(), id(&format!("N-{number}")).as_str());
    sample.replace("202401081744178350932496384", &format!("2024010817441783{number:011}"))
}

type Endpoint = TowerToHyperService<Router>;

fn endpoint(tulay: &Tulay) -> Endpoint {
    TowerToHyperService::new(Router::new().fallback_service(tulay.webhook()))
}

async fn answered(endpoint: &Endpoint, message: &WebhookRequest) {
    let mut request = Request::post(message.target.clone());
    request.headers_mut().unwrap().extend(message.headers.clone());
    let request = request.header("content-type", "application/json");
    let request = request.body(Body::from(message.body.clone())).unwrap();
    let response = endpoint.call(request).await.unwrap();
    assert!(response.status().is_success(), "{}", response.status());
    response.into_body().collect().await.unwrap();
}

/// Sends all of them, so many at once. Returns the time and the time of all threads.
fn send(
    runtime: &Runtime,
    endpoint: &Endpoint,
    messages: &[WebhookRequest],
) -> (Duration, Duration) {
    let (wall, cpu) = (Instant::now(), ProcessTime::now());
    runtime.block_on(async {
        let mut running = JoinSet::new();
        for sender in 0..IN_FLIGHT {
            let endpoint = endpoint.clone();
            let share: Vec<_> = messages.iter().skip(sender).step_by(IN_FLIGHT).cloned().collect();
            running.spawn(async move {
                for message in &share {
                    answered(&endpoint, message).await;
                }
            });
        }
        running.join_all().await;
    });
    (wall.elapsed(), cpu.elapsed())
}

pub(crate) fn stored(effort: Effort) {
    let signed = Signed::new(effort.scaled(4000));
    let (mut base, mut sqlite, mut postgres) = (Vec::new(), Vec::new(), Vec::new());
    #[cfg(unix)]
    let cluster = tulay_tests_postgres::Cluster::with(&[]);
    for _ in 0..effort.rounds {
        base.push(at_once(&signed));
        let folder = folder();
        sqlite.push(kept(&configured(folder.path(), ""), &signed));
        #[cfg(unix)]
        if let Some(cluster) = &cluster {
            let url = cluster.database().url();
            let journal = format!("[journal]\nurl = \"{url}\"\nstate = \"state\"\n");
            postgres.push(kept(&configured(folder.path(), &journal), &signed));
        }
    }
    let count = signed.messages.len();
    title(&format!("{count} notifications through axum, {IN_FLIGHT} at once"), None);
    let each = |times: &[(Duration, Duration)]| {
        let (wall, cpu) = (
            median(times.iter().map(|it| it.0).collect()),
            median(times.iter().map(|it| it.1).collect()),
        );
        let cpu = cpu.as_nanos() / u128::try_from(count).unwrap() / 1000;
        format!("{cpu} µs CPU, {}/s", rate(count, wall))
    };
    figure("answered at once + bare RSA", &each(&base));
    for (name, times, most) in
        [("SQLite", &sqlite, 1800), ("Postgres, without the server", &postgres, 2500)]
    {
        if times.is_empty() {
            continue;
        }
        figure(&format!("stored on {name}"), &each(times));
        let ratios = times.iter().zip(&base);
        let found = median(ratios.map(|(it, base)| ratio(it.1, base.1)).collect());
        let text = format!("at most {}", thousandths(most));
        bar("÷ answered at once + bare RSA, CPU", &thousandths(found), &text, found <= most);
    }
}

/// What nothing can be quicker than.
fn at_once(signed: &Signed) -> (Duration, Duration) {
    let runtime = runtime();
    let router = Router::new().route("/{*path}", post(async |_: bytes::Bytes| "success"));
    let endpoint = TowerToHyperService::new(router);
    let bare = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, PUBLIC_KEY).unwrap();
    let (wall, cpu) = send(&runtime, &endpoint, &signed.messages);
    let (verified, used) = (Instant::now(), ProcessTime::now());
    for (text, message) in signed.texts.iter().zip(&signed.messages) {
        let body = std::str::from_utf8(&message.body).unwrap();
        let signature = body.trim_end_matches("\"}").rsplit('"').next().unwrap();
        let signature = tulay_crypto::Signature::from_base64(signature).unwrap();
        bare.verify_sig(text.as_bytes(), signature.as_bytes()).unwrap();
    }
    (wall + verified.elapsed(), cpu + used.elapsed())
}

fn kept(tulay: &Tulay, signed: &Signed) -> (Duration, Duration) {
    let runtime = runtime();
    // The first one opens the journal.
    let endpoint = endpoint(tulay);
    runtime.block_on(answered(&endpoint, &Signed::new(1).messages[0]));
    send(&runtime, &endpoint, &signed.messages)
}

pub(crate) fn waits(effort: Effort) {
    let count = effort.scaled(1500);
    let signed = Signed::new(count);
    let (mut ours, mut bare, mut of_disk) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..effort.rounds {
        let folder = folder();
        of_disk.push(disk(folder.path()));
        let tulay = configured(folder.path(), "");
        let (runtime, endpoint) = (runtime(), endpoint(&tulay));
        runtime.block_on(answered(&endpoint, &signed.messages[0]));
        let mut running = JoinSet::new();
        let start = Instant::now();
        for (number, message) in signed.messages.iter().cloned().enumerate().skip(1) {
            let due = await_turn(start, number);
            let endpoint = endpoint.clone();
            let waited = async move {
                answered(&endpoint, &message).await;
                due.elapsed()
            };
            running.spawn_on(waited, runtime.handle());
        }
        ours.push(p99(runtime.block_on(running.join_all())));
        let other = crate::world::folder();
        submit(other.path(), count);
        let rows = row::read(&other.path().join("tulay.db"));
        bare.push(p99(commit(&other.path().join("bare.db"), &rows)));
    }
    title("notifications stored and acknowledged, 500 a second", Some(of_disk));
    judge("p99 of a notification", ours, bare);
}

pub(crate) fn duplicates(effort: Effort) {
    let count = effort.scaled(1_000_000);
    let folder = folder();
    let tulay = configured(folder.path(), "");
    let (runtime, endpoint) = (runtime(), endpoint(&tulay));
    let message = Signed::new(1).messages.remove(0);
    let warm = vec![message.clone(); count.div_ceil(10)];
    send(&runtime, &endpoint, &warm);
    let size = || std::fs::metadata(folder.path().join("tulay.db-wal")).map_or(0, |it| it.len());
    let (before, written) = (process_memory("VmRSS:"), size());
    let mut time = Duration::ZERO;
    for _ in 0..10 {
        time += send(&runtime, &endpoint, &warm).0;
    }
    title(&format!("{} duplicates of one notification", warm.len() * 10), None);
    figure("answered", &format!("{}/s", rate(warm.len() * 10, time)));
    let grown = process_memory("VmRSS:").saturating_sub(before);
    bar("memory grown", &format!("{grown} KiB"), "less than 8 MiB", grown < SLACK);
    let wrote = size().saturating_sub(written);
    bar("bytes written to the log", &wrote.to_string(), "none", wrote == 0);
}
