//! How the request types are declared.

use serde::{
    de::{Error, MapAccess},
    ser::SerializeMap,
};

/// A JSON object whose members are read and written one by one, so that one object can hold the
/// members of another.
pub(crate) trait Members: Default {
    /// Reads the member of this name; `false` where there is none.
    fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<bool, A::Error>;

    /// Writes the members that are there.
    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
}

/// Declares a JSON object: absent members are left out, unknown ones are refused, and an array
/// does not stand for it. `..name: Type` has the members of another object beside its own.
macro_rules! json_object {
    (
        $(#[$meta:meta])*
        $name:ident {
            $(..$inner:ident: $inner_type:ty,)?
            $($(#[$doc:meta])* $member:ident: $type:ty,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct $name {
            $($(#[$doc])* pub $member: $type,)*
            $(
                #[doc = concat!("The members of [`", stringify!($inner_type), "`], which stand beside the others.")]
                pub $inner: $inner_type,
            )?
        }

        impl crate::json::members::Members for $name {
            fn read<'de, A: serde::de::MapAccess<'de>>(
                &mut self,
                name: &str,
                map: &mut A,
            ) -> Result<bool, A::Error> {
                match name {
                    $(stringify!($member) => {
                        self.$member = map.next_value::<Option<$type>>()?.unwrap_or_default();
                        Ok(true)
                    })*
                    _ => Ok(false $(|| crate::json::members::Members::read(&mut self.$inner, name, map)?)?),
                }
            }

            fn write<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
                $(if self.$member != <$type>::default() {
                    map.serialize_entry(stringify!($member), &self.$member)?;
                })*
                $(crate::json::members::Members::write(&self.$inner, map)?;)?
                Ok(())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use crate::json::members::Members;
                use serde::ser::SerializeMap;
                let mut map = serializer.serialize_map(None)?;
                self.write(&mut map)?;
                map.end()
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Visitor;

                impl<'de> serde::de::Visitor<'de> for Visitor {
                    type Value = $name;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("an object")
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(
                        self,
                        map: A,
                    ) -> Result<$name, A::Error> {
                        crate::json::members::read(map)
                    }
                }

                deserializer.deserialize_map(Visitor)
            }
        }
    };
}

pub(crate) use json_object;

/// Reads an object; each member once, and no other.
pub(crate) fn read<'de, A: MapAccess<'de>, T: Members>(mut map: A) -> Result<T, A::Error> {
    let (mut object, mut seen) = (T::default(), Vec::new());
    while let Some(name) = map.next_key::<String>()? {
        if seen.contains(&name) {
            return Err(A::Error::custom(format_args!("duplicate field `{name}`")));
        }
        if !object.read(&name, &mut map)? {
            return Err(A::Error::custom(format_args!("unknown field `{name}`")));
        }
        seen.push(name);
    }
    Ok(object)
}
