//! Codes from the field and derived from them, and what is to be found in each.

use serde_json::Value;

pub(crate) struct Vector(Value);

pub(crate) fn all() -> Vec<Vector> {
    let vectors: Value = serde_json::from_str(include_str!("../qr.json")).unwrap();
    vectors.as_array().unwrap().iter().cloned().map(Vector).collect()
}

/// Codes that are valid and no links.
pub(crate) fn valid_payloads() -> Vec<Vector> {
    all().into_iter().filter(|vector| vector.is_valid() && vector.scheme() != "sbp").collect()
}

impl Vector {
    pub(crate) fn name(&self) -> &str {
        self.0["name"].as_str().unwrap()
    }

    pub(crate) fn scheme(&self) -> &str {
        self.0["scheme"].as_str().unwrap()
    }

    pub(crate) fn payload(&self) -> &str {
        self.0["payload"].as_str().unwrap()
    }

    pub(crate) fn is_valid(&self) -> bool {
        self.0["valid"].as_bool().unwrap()
    }

    pub(crate) fn expect(&self) -> &Value {
        &self.0["expect"]
    }
}
