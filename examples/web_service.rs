//! A web service that takes payout requests as JSON and returns their results:
//! `cargo run -p tulay-examples --bin web-service`, with the address to listen at after it.
//!
//! ```sh
//! curl -d '{"reference":"INV-1","country":"PH","amount":"1250.00","currency":"PHP",
//!     "channel":"wallet","institution":"gcash","account":"09171234567",
//!     "given_name":"Ana","family_name":"Reyes"}' http://127.0.0.1:8500/payouts
//! ```
//!
//! The provider is simulated in this process. The service is not authenticated; it listens on this
//! machine alone. It keeps no journal: the same request sent again is safe with this one provider,
//! because the order id is the same and the provider is asked about it. With several providers, or
//! rules that change, a reference must be looked up at each of them first.

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use serde::Serialize;
use serde_json::json;
use std::{error::Error, sync::Arc};
use tokio::net::TcpListener;
use tulay::{
    Found, Operation, OrderId, PayoutRequest, ProviderExt, SecretFiles, Tulay,
    json::{self, ErrorJson, PayoutJson, PayoutRequestJson, StatusJson},
    routing::Payment,
};
use tulay_sandbox::{Sandbox, starpay};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::start().await?;
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8500".into());
    let listener = TcpListener::bind(address).await?;
    println!("POST http://{}/payouts", listener.local_addr()?);
    let service =
        Router::new().route("/payouts", post(create)).with_state(Arc::new(configured(&sandbox)?));
    Ok(axum::serve(listener, service).await?)
}

async fn create(State(tulay): State<Arc<Tulay>>, body: Bytes) -> Response {
    match pay(&tulay, &body).await {
        Ok(result) => {
            let status = match result.status {
                StatusJson::Succeeded => StatusCode::OK,
                _ => StatusCode::ACCEPTED, // not final: the same request again looks it up
            };
            reply(status, &result)
        }
        Err(error) => reply(StatusCode::UNPROCESSABLE_ENTITY, &json!({ "error": error })),
    }
}

/// Bytes in, result out. An error means that this call moved no money; an earlier call of the same
/// reference may have.
async fn pay(tulay: &Tulay, body: &[u8]) -> Result<PayoutJson, ErrorJson> {
    let request = PayoutRequest::try_from(json::from_slice::<PayoutRequestJson>(body)?)?;
    let payment = Payment::payout(&request);
    let plan = tulay.plan(&payment);
    let provider = plan.first().map_err(|none| ErrorJson::new("route", none.to_string()))?.provider;

    let payouts = provider.payouts()?;
    let (rules, reference) = (payouts.capability().ids, &request.reference);
    // attempt 1
    let order_id = OrderId::derive(rules, tulay.namespace(), Operation::Payout, reference, 1);
    let prepared = payouts.prepare(&request, &order_id)?;
    let result = PayoutJson::new(reference, provider.id(), &prepared.lookup);
    let result = match payouts.create(&prepared).await {
        Ok(payout) => result.with_payout(&payout),
        Err(error) => result.with_error(&error),
    };
    // Whatever this sending did, an earlier one counts. A look-up that fails, or finds nothing,
    // proves nothing.
    Ok(match payouts.find(&prepared.lookup).await {
        Ok(Found::Found(payout)) => result.with_payout(&payout),
        _ => result,
    })
}

fn reply(status: StatusCode, document: &impl Serialize) -> Response {
    match serde_json::to_string(document) {
        Ok(text) => (status, [(header::CONTENT_TYPE, "application/json")], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn configured(sandbox: &Sandbox) -> Result<Tulay, Box<dyn Error>> {
    let platform_key = sandbox.platform_key("starpay")?;
    let secrets = SecretFiles::beside("").environment(move |name| match name {
        "MERCHANT_KEY" => Some(starpay::DEMO_MERCHANT_PRIVATE_KEY.to_owned()),
        "STARPAY_KEY" => Some(platform_key.clone()),
        _ => None,
    });
    let configuration = format!(
        r#"
        namespace = "example"

        [providers.starpay]
        adapter = "starpay"
        environment = "sandbox"
        base_url = "{}"
        merchant_id = "{}"
        private_key = {{ env = "MERCHANT_KEY" }}
        platform_key = {{ env = "STARPAY_KEY" }}
        "#,
        sandbox.base_url("starpay")?,
        starpay::DEMO_MERCHANT_ID,
    );
    Ok(Tulay::builder().secrets(Arc::new(secrets)).read("this program", &configuration)?)
}
