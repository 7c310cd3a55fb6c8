//! Setters in builder style: a request is one expression.

/// Writes `with_…` methods for optional fields of the type that an `impl` block is for.
macro_rules! with_optional {
    ($($(#[$doc:meta])* $method:ident($field:ident: $type:ty);)*) => { $(
        $(#[$doc])*
        #[must_use]
        pub fn $method(mut self, $field: $type) -> Self {
            self.$field = Some($field.into());
            self
        }
    )* };
}

pub(crate) use with_optional;
