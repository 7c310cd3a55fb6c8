//! A statement and its parameters. It has no name at the server, so that a pooler may give every
//! transaction another session.

use postgres_types::{ToSql, Type};

use tokio_postgres::types as postgres_types;

/// A text, and values for `$1`, `$2` and so on.
pub(super) struct Statement {
    pub(super) text: String,
    parameters: Vec<(Box<dyn ToSql + Sync + Send>, Type)>,
}

impl Statement {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), parameters: Vec::new() }
    }

    /// Adds the next parameter.
    pub(super) fn with<P: Parameter>(mut self, value: P) -> Self {
        self.parameters.push((Box::new(value), P::kind()));
        self
    }

    /// Whether it may change a row. A `SELECT` reads and locks alone.
    pub(super) fn may_write(&self) -> bool {
        !self.text.starts_with("SELECT")
    }

    pub(super) fn parameters(&self) -> Vec<(&(dyn ToSql + Sync), Type)> {
        let parameters = self.parameters.iter();
        parameters.map(|(value, kind)| (&**value as &(dyn ToSql + Sync), kind.clone())).collect()
    }
}

/// A value with the type that the server knows it by.
pub(super) trait Parameter: ToSql + Sync + Send + 'static {
    fn kind() -> Type;
}

macro_rules! parameters {
    ($($value:ty: $kind:ident),* $(,)?) => {
        $(impl Parameter for $value {
            fn kind() -> Type {
                Type::$kind
            }
        })*
    };
}

parameters!(
    bool: BOOL,
    Vec<bool>: BOOL_ARRAY,
    i64: INT8,
    Option<i64>: INT8,
    Vec<i64>: INT8_ARRAY,
    Vec<Option<i64>>: INT8_ARRAY,
    String: TEXT,
    Option<String>: TEXT,
    Vec<String>: TEXT_ARRAY,
    Vec<Option<String>>: TEXT_ARRAY,
    Vec<Vec<u8>>: BYTEA_ARRAY,
    Vec<Option<Vec<u8>>>: BYTEA_ARRAY,
);
