//! Rejections: HTTP status, and one or more errors with code, description and field.

use crate::kit::answers::json_text;
use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

/// Why a request is rejected: everything that is wrong with it, at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rejection {
    pub(super) status: StatusCode,
    problems: Vec<Problem>,
}

/// One thing that is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) code: &'static str,
    pub(super) detail: String,
    /// The field, as a path with full stops.
    pub(super) field: Option<String>,
}

impl Rejection {
    pub(super) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, problems: vec![Problem { code, detail: detail.into(), field: None }] }
    }

    /// HTTP 400 with one error.
    pub(super) fn bad(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// HTTP 400 with all that is wrong with the fields.
    pub(super) const fn of_fields(problems: Vec<Problem>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, problems }
    }

    /// HTTP 404 of a resource.
    pub(super) fn not_found(what: &str, id: &str) -> Self {
        let detail = format!("No such {what} with id {id}.");
        Self::new(StatusCode::NOT_FOUND, "resource_not_found", detail)
    }

    /// The one that an account asks for, by its HTTP status. Assumption: the codes of 401, 403, 429
    /// and 5xx; no document names them.
    pub(super) fn by_status(status: u16) -> Option<Self> {
        let (code, detail) = match status {
            400 => ("parameter_invalid", "The request is invalid."),
            401 => ("api_key_invalid", "The API key is invalid."),
            403 => ("access_forbidden", "Access to the resource is not allowed."),
            404 => ("resource_not_found", "The resource does not exist."),
            409 => ("idempotency_in_progress", "A request with this key is in progress."),
            429 => ("rate_limit_exceeded", "Too many requests."),
            500 => ("internal_server_error", "Something went wrong."),
            503 => ("service_unavailable", "The service is unavailable."),
            _ => return None,
        };
        Some(Self::new(StatusCode::from_u16(status).ok()?, code, detail))
    }

    /// What is answered.
    pub(super) fn text(&self) -> String {
        let errors: Vec<Value> = self
            .problems
            .iter()
            .map(|Problem { code, detail, field }| match field {
                Some(pointer) => {
                    let attribute = pointer.rsplit('.').next();
                    let source = json!({ "pointer": pointer, "attribute": attribute });
                    json!({ "code": code, "detail": detail, "source": source })
                }
                None => json!({ "code": code, "detail": detail }),
            })
            .collect();
        json!({ "errors": errors }).to_string()
    }

    pub(super) fn answer(&self) -> Response<Bytes> {
        json_text(self.status, self.text())
    }
}
