//! An application that pays out, and takes the notifications of its providers:
//! `cargo run -p tulay-examples --bin endpoint 127.0.0.1:8300`, in a folder that `tulay init` made.

use axum::{Router, routing::get};
use tokio::net::TcpListener;
use tulay::Tulay;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let tulay = Tulay::open("tulay.toml").await?;
    let _worker = tulay.worker().start().await?; // sends payouts, and looks them up
    let application = Router::new()
        .route("/", get(async || "the application"))
        .nest_service("/notify", tulay.webhook()); // verified, kept, acknowledged, applied
    let listener = TcpListener::bind(std::env::args().nth(1).ok_or("expected an address")?).await?;
    println!("http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, application).await?)
}
