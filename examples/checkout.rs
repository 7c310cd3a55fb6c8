//! A shop's checkout: a sale, its QR code, a page that changes to *paid* by itself, refunds, and the
//! list of the day: `cargo run -p tulay-examples --bin checkout`, or with a configuration of your own
//! after it. Without one, the providers are simulated, and `POST /sales/{reference}/pay` pays.
//!
//! Nothing here names a provider: `use` in the configuration does. The journal keeps the sales. The
//! program is not authenticated: put it behind the login of your shop.

mod checkout {
    pub(crate) mod page;
    pub(crate) mod shop;
}
mod simulator;

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    routing::post,
};
use checkout::shop::Shop;
use simulator::Simulator;
use std::{error::Error, net::SocketAddr, sync::Arc};
use tokio::net::TcpListener;
use tulay::{PaymentInstructions, Reference, Tulay};
use tulay_sandbox::Sandbox;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    match std::env::args().nth(1) {
        Some(file) => serve(Tulay::open(file).await?, None).await,
        None => {
            let text = include_str!("checkout.toml");
            let simulator = Simulator::start("checkout.toml", text).await?;
            serve(simulator.tulay, Some(simulator.sandbox)).await
        }
    }
}

async fn serve(tulay: Tulay, sandbox: Option<Sandbox>) -> Result<(), Box<dyn Error>> {
    let _worker = tulay.worker().start().await?; // asks the providers, and sends the refunds
    let address = tulay.webhook_listen().unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8300)));
    let listener = TcpListener::bind(address).await?;
    let origin = format!("http://{}", listener.local_addr()?);
    println!("{origin}");
    let shop = Arc::new(Shop { tulay, origin });
    let mut routes = shop.routes();
    if let Some(sandbox) = sandbox {
        routes = routes.merge(payer(shop, sandbox));
    }
    Ok(axum::serve(listener, routes).await?)
}

/// The simulated payer: `curl -X POST http://127.0.0.1:8300/sales/SALE-1/pay`.
fn payer(shop: Arc<Shop>, sandbox: Sandbox) -> Router {
    let pay = async |State(state): State<Arc<(Arc<Shop>, Sandbox)>>, path: Path<Reference>| {
        let (shop, sandbox) = &*state;
        let sale = shop.tulay.collections().get(&path).await.ok().flatten();
        let sale = sale.ok_or(StatusCode::NOT_FOUND)?;
        let Some(PaymentInstructions::Qr(code)) = &sale.payment_instructions else {
            return Err(StatusCode::CONFLICT);
        };
        let provider = sale.provider().ok_or(StatusCode::CONFLICT)?;
        let paid = sandbox.pay(provider.as_str(), code.expose(), None);
        paid.map(|_| StatusCode::NO_CONTENT).map_err(|_| StatusCode::CONFLICT)
    };
    Router::new().route("/sales/{reference}/pay", post(pay)).with_state(Arc::new((shop, sandbox)))
}
