//! What the checkout answers: sales, their pages, events and refunds.

use super::page;
use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{StatusCode, header::CONTENT_TYPE},
    response::{
        Html, IntoResponse, Redirect, Response,
        sse::{Event, KeepAlive, Sse},
    },
    routing::{get, post},
};
use futures_util::stream::unfold;
use std::{collections::HashMap, fmt::Display, sync::Arc, time::Duration};
use tulay::{
    CollectionMethod, CollectionRequest, Country, Currency, Email, Invalid, Money, Name, Party,
    PaymentInstructions, Phone, Reference, Tulay,
    adapter::{Clock, SystemClock},
    journal::{
        CollectionRecord, Filter, JournalError, PaymentId, PaymentRecord, Refundable, SubmitError,
    },
};

/// How long a refund is waited for before its page is shown.
const PATIENCE: Duration = Duration::from_secs(10);
/// The refunds of a sale are numbered from 1 to this.
const LAST_REFUND: usize = 999;
/// The difference of the shop's time from UTC: its day begins at midnight in Manila.
const SECONDS_FROM_UTC: i64 = 8 * 3600;

/// The checkout.
#[derive(Debug)]
pub(crate) struct Shop {
    pub(crate) tulay: Tulay,
    /// Where a browser reaches it: `http://127.0.0.1:8300`.
    pub(crate) origin: String,
}
type Shared = State<Arc<Shop>>;
type Answer = Result<Response, Failure>;

/// A sale as its page shows it: the collection, and the refunds of it.
pub(crate) struct Sale {
    pub(crate) collection: CollectionRecord,
    pub(crate) refunds: Vec<PaymentRecord>,
}

impl Shop {
    pub(crate) fn routes(self: &Arc<Self>) -> Router {
        let notifications = self.tulay.webhook(); // as `[webhook] public_url` says
        Router::new()
            .route("/", get(async |State(shop): Shared| shop.day().await))
            .route("/sales", post(async |State(shop): Shared, body| shop.sell(body).await))
            .route("/sales/{sale}", get(async |State(shop): Shared, path| shop.show(path).await))
            .route("/sales/{sale}/code", get(async |State(shop): Shared, p| shop.code(p).await))
            .route("/sales/{sale}/events", get(async |s: Shared, path| events(s, path).await))
            .route(
                "/sales/{sale}/refund",
                post(async |State(shop): Shared, path, body| shop.refund(path, body).await),
            )
            .with_state(Arc::clone(self))
            .nest_service("/notify", notifications)
    }

    /// Creates a sale, and goes to its page. The same reference again goes to the page of that sale.
    async fn sell(&self, body: Bytes) -> Answer {
        let form = Form::read(&body);
        let reference = match form.get("reference") {
            Some(reference) => Reference::new(reference)?,
            None => new_reference()?,
        };
        refund_reference(&reference, LAST_REFUND)?; // so short that its refunds have references
        let amount = Money::parse(form.get("amount").unwrap_or_default(), Currency::PHP)?;
        let address = format!("{}{}", self.origin, page::path(&reference));
        let request = CollectionRequest::new(reference, Country::PH, amount, CollectionMethod::Qr)
            .with_payer(form.payer()?)
            .with_return_url(&*address);
        let sale = self.tulay.collections().create(request).await?;
        Ok(Redirect::to(&page::path(&sale.reference)).into_response())
    }

    async fn show(&self, reference: Path<Reference>) -> Answer {
        Ok(Html(page::of_sale(&self.sale(self.collection(&reference).await?).await?))
            .into_response())
    }

    /// The code of a provider that draws it itself.
    async fn code(&self, reference: Path<Reference>) -> Answer {
        match self.collection(&reference).await?.payment_instructions {
            Some(PaymentInstructions::QrImage { mime, bytes }) if mime.starts_with("image/") => {
                Ok(([(CONTENT_TYPE, mime)], bytes).into_response())
            }
            _ => Err(Failure(StatusCode::NOT_FOUND, "the sale has no picture".to_owned())),
        }
    }

    /// Gives a payment back: all that is left of it, or an amount.
    async fn refund(&self, sale: Path<Reference>, body: Bytes) -> Answer {
        let form = Form::read(&body);
        let sale = self.sale(self.collection(&sale).await?).await?;
        let payment = form.payment(&sale.collection).ok_or_else(|| {
            Failure(StatusCode::CONFLICT, "the sale has no payment to give back".to_owned())
        })?;
        let amount =
            form.get("amount").map(|text| Money::parse(text, Currency::PHP)).transpose()?;
        // The form has the number, so that a second click makes no second refund.
        let next = (sale.refunds.len() + 1).min(LAST_REFUND);
        let number = form.get("number").map_or(Some(next), |text| text.parse().ok());
        let number = number.filter(|number| (1..=next).contains(number));
        let number = number.ok_or_else(|| Invalid::new("number", "the number of a refund"))?;
        let reference = refund_reference(&sale.collection.reference, number)?;
        let refunds = self.tulay.refunds();
        refunds.submit(reference.clone(), payment.clone(), amount).await?; // durable
        refunds.wait(&reference, PATIENCE).await?;
        Ok(Redirect::to(&page::path(&sale.collection.reference)).into_response())
    }

    /// The sales of the day, the newest first.
    async fn day(&self) -> Answer {
        let day = |second: i64| second.saturating_add(SECONDS_FROM_UTC).div_euclid(24 * 3600);
        let today = day(SystemClock::new().now().as_second());
        let mut list = self.tulay.collections().list(Filter::default()).await?;
        let mut sales = Vec::new();
        while let Some(sale) = list.next().await? {
            if day(sale.accepted_at.as_second()) < today {
                break;
            }
            sales.push(sale);
        }
        Ok(Html(page::of_day(&sales, &new_reference()?)).into_response())
    }

    async fn collection(&self, reference: &Reference) -> Result<CollectionRecord, Failure> {
        let found = self.tulay.collections().get(reference).await?;
        found.ok_or_else(|| Failure(StatusCode::NOT_FOUND, format!("no sale {reference}")))
    }

    /// A collection with its refunds, which are numbered.
    async fn sale(&self, collection: CollectionRecord) -> Result<Sale, Failure> {
        let mut refunds = Vec::new();
        loop {
            let reference = refund_reference(&collection.reference, refunds.len() + 1)?;
            match self.tulay.refunds().get(&reference).await? {
                Some(refund) => refunds.push(refund),
                None => return Ok(Sale { collection, refunds }),
            }
        }
    }
}

/// The states of a sale as server-sent events: each is the part of its page that changes. A sale that
/// is over ends them, and the browser asks again: a payment may come late.
async fn events(State(shop): Shared, path: Path<Reference>) -> Answer {
    let states = shop.tulay.collections().watch(&path).await?;
    let stream = unfold((shop, states), async |(shop, mut states)| {
        let collection = states.next().await.ok()??;
        let status = collection.status;
        let sale = shop.sale(collection).await.ok()?;
        let event = Event::default().event(status.as_str()).retry(Duration::from_secs(5));
        Some((Ok::<_, axum::Error>(event.data(page::state(&sale))), (shop, states)))
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::default()).into_response())
}

/// A reference that nothing has had: the time.
fn new_reference() -> Result<Reference, Invalid> {
    Reference::new(format!("SALE-{}", SystemClock::new().now().as_nanosecond()))
}

fn refund_reference(sale: &Reference, number: usize) -> Result<Reference, Invalid> {
    Reference::new(format!("{sale}-R{number}"))
}

/// The fields of a form; one that is left empty is not there.
struct Form(HashMap<String, String>);

impl Form {
    fn read(body: &[u8]) -> Self {
        let fields = form_urlencoded::parse(body).into_owned();
        Self(fields.filter(|(_, value)| !value.trim().is_empty()).collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.trim())
    }

    /// The payer, as far as the form names one. Some providers require all of it.
    fn payer(&self) -> Result<Party, Invalid> {
        let mut payer = Party::default();
        if let Some(name) = self.get("name") {
            payer = payer.with_name(Name::full(name)?);
        }
        if let Some(email) = self.get("email") {
            payer = payer.with_email(Email::new(email)?);
        }
        if let Some(mobile) = self.get("mobile") {
            payer = payer.with_mobile(Phone::new(mobile)?);
        }
        Ok(payer)
    }

    /// The payment that is given back: the one that the form names, else the first.
    fn payment<'s>(&self, sale: &'s CollectionRecord) -> Option<&'s Refundable> {
        let Some(named) = self.get("payment") else { return sale.refundable() };
        let mut ids = sale.payments.iter().map(|payment| &payment.id);
        let id = ids.find(|id| matches!(id, PaymentId::Provider(it) if it.as_str() == named))?;
        sale.refundable_payment(id)
    }
}

/// Why a request was not carried out, as a page.
#[derive(Debug)]
pub(crate) struct Failure(StatusCode, String);

impl Failure {
    fn new(status: StatusCode, error: &impl Display) -> Self {
        Self(status, error.to_string())
    }
}

impl From<Invalid> for Failure {
    fn from(error: Invalid) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, &error)
    }
}

/// Nothing was accepted, and nothing will be sent.
impl From<SubmitError> for Failure {
    fn from(error: SubmitError) -> Self {
        let status = match &error {
            SubmitError::Taken { .. } => StatusCode::CONFLICT,
            SubmitError::Journal(_) => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::new(status, &error)
    }
}

impl From<JournalError> for Failure {
    fn from(error: JournalError) -> Self {
        let status = match &error {
            JournalError::NotFound { .. } => StatusCode::NOT_FOUND,
            _ => StatusCode::SERVICE_UNAVAILABLE,
        };
        Self::new(status, &error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.0, Html(page::of_failure(&self.1))).into_response()
    }
}
