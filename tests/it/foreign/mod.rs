//! Clients written in other languages against the simulated Starpay: one that keeps the order of
//! members, one that sorts them, and one that signs compact JSON and sends it with blanks. They run
//! where their language is.

use std::{io::Write, path::Path, process::Command};
use tulay_sandbox::{Sandbox, starpay};

/// Whether a program is here; where it is not, what is left out is said, even of a test that passes.
fn is_here(program: &str, argument: &str) -> bool {
    let here = Command::new(program).arg(argument).output();
    let here = here.is_ok_and(|done| done.status.success());
    if !here {
        // Beside what the test harness keeps to itself.
        let said = format!("skipped: a foreign client, as {program} is not here\n");
        drop(std::io::stderr().write_all(said.as_bytes()));
    }
    here
}

async fn run(program: &'static str, script: &'static str, more: &'static str) {
    let sandbox = Sandbox::start().await.unwrap();
    let folder = std::env::temp_dir().join(format!("tulay-{}-{program}{more}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (private, platform) = (folder.join("merchant.pem"), folder.join("platform.pub.pem"));
    std::fs::write(&private, starpay::DEMO_MERCHANT_PRIVATE_KEY).unwrap();
    std::fs::write(&platform, starpay::PLATFORM_PUBLIC_KEY).unwrap();
    let base = sandbox.base_url("starpay").unwrap().to_string();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("it/foreign").join(script);
    let done = tokio::task::spawn_blocking(move || {
        let mut command = Command::new(program);
        command.arg(script).arg(base).arg(private).arg(platform);
        if !more.is_empty() {
            command.arg(more);
        }
        command.output().unwrap()
    });
    let done = done.await.unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_keeps_the_order_of_members_is_accepted() {
    if is_here("node", "--version") {
        run("node", "client.mjs", "insertion").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_sorts_members_is_accepted() {
    if is_here("node", "--version") {
        run("node", "client.mjs", "sorted").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_signs_compact_and_sends_blanks_is_accepted() {
    if is_here("python3", "--version") && is_here("openssl", "version") {
        run("python3", "client.py", "").await;
    }
}
