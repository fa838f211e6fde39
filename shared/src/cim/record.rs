//! `record!`: a struct and its JSON form from one list of fields.
//!
//! ```text
//! record! {
//!     /// What it is.
//!     pub struct Attachment {
//!         /// Where it is stored.
//!         pub media_url: String = "mediaUrl" required,
//!         /// The size in bytes.
//!         pub size: Option<i64> = "size",
//!     }
//!     prepare = older_spellings;
//! }
//! ```
//!
//! After the wire name a field may say `required` (absent or null is a fault) or `always` (written even when empty,
//! as null, `[]` or `{}`). Members that no field names are kept in `extra` and written back beside the known ones.
//! `prepare` is called before the fields are taken, `finish` after they are written.
//!
//! Serde's derive would do most of this, at the price of a visitor, a field enum and a map walk per type, and of errors
//! that do not say where.

macro_rules! record {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $( $(#[$field_meta:meta])* pub $field:ident : $ty:ty = $key:literal $($mode:ident)? ),* $(,)?
        }
        $(prepare = $prepare:path;)?
        $(finish = $finish:path;)?
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct $name {
            $( $(#[$field_meta])* pub $field: $ty, )*
            /// Members that this version does not know, written back as they came.
            pub extra: $crate::json::Map,
        }

        impl $name {
            /// Reads the JSON form; the error names the member that cannot be read.
            pub fn decode(value: $crate::json::Value) -> Result<Self, $crate::cim::DecodeError> {
                $crate::cim::decode::decode_root(value, "")
            }

            /// The canonical JSON form.
            pub fn encode(&self) -> $crate::json::Map {
                let mut map = self.extra.clone();
                $( $crate::cim::record::put_field!(map, $key, &self.$field, $($mode)?); )*
                $( $finish(&mut map); )?
                map
            }

            /// Writes the members of the canonical JSON form.
            pub(crate) fn push_members(&self, object: &mut $crate::cim::write::Object<'_>) {
                $crate::cim::record::push_fields!(
                    self, object, [$($finish)?]
                    $( $key, $field [$($mode)?] )*
                );
            }
        }

        impl $crate::cim::decode::Field for $name {
            fn blank() -> Self {
                Self::default()
            }

            fn read(
                value: $crate::json::Value,
                at: &$crate::cim::decode::Path<'_>,
                fault: &mut $crate::cim::decode::Fault,
            ) -> Self {
                let mut record = Self::default();
                record.read_into(value, at, fault);
                record
            }

            fn read_into(
                &mut self,
                value: $crate::json::Value,
                at: &$crate::cim::decode::Path<'_>,
                fault: &mut $crate::cim::decode::Fault,
            ) {
                let mut fields = $crate::cim::decode::Fields::open(value, at, fault);
                $( $prepare(&mut fields); )?
                $( $crate::cim::record::read_field!(fields, $key, &mut self.$field, $($mode)?); )*
                self.extra = fields.rest();
            }

            fn write(&self) -> $crate::json::Value {
                $crate::json::Value::Object(self.encode())
            }

            fn push_json(&self, out: &mut Vec<u8>) {
                let mut object = $crate::cim::write::Object::open(out);
                self.push_members(&mut object);
                object.close();
            }
        }

        $crate::cim::record::serde_forms!($name);
    };
}

/// One field of a record, read in its place as its mode says.
macro_rules! read_field {
    ($fields:ident, $key:literal, $field:expr, required) => {
        $fields.need_into($key, $field)
    };
    ($fields:ident, $key:literal, $field:expr, $($always:ident)?) => {
        $fields.take_into($key, $field)
    };
}

/// One field of a record, written as its mode says.
macro_rules! put_field {
    ($map:ident, $key:literal, $field:expr,) => {
        $crate::cim::decode::put(&mut $map, $key, $field)
    };
    ($map:ident, $key:literal, $field:expr, $always:ident) => {
        $crate::cim::decode::put_value(&mut $map, $key, $crate::cim::decode::Field::write($field))
    };
}

/// The fields of a record, written one after the other. What `finish` adds to is written by way of a map.
macro_rules! push_fields {
    ($self:ident, $object:ident, [] $( $key:literal, $field:ident [$($mode:ident)?] )*) => {
        $object.put_all(&$self.extra);
        $( $crate::cim::record::push_field!($object, $key, &$self.$field, $($mode)?); )*
    };
    ($self:ident, $object:ident, [$finish:path] $($fields:tt)*) => {
        $object.put_all(&$self.encode())
    };
}

/// One field of a record, written as its mode says.
macro_rules! push_field {
    ($object:ident, $key:literal, $field:expr,) => {
        $object.put($key, $field)
    };
    ($object:ident, $key:literal, $field:expr, $always:ident) => {
        $object.put_always($key, $field)
    };
}

/// Serde's traits by way of a JSON value, so that a record can stand inside other people's types.
macro_rules! serde_forms {
    ($name:ty) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::cim::decode::Field::write(self).serialize(serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = <$crate::json::Value as serde::Deserialize>::deserialize(deserializer)?;
                Self::decode(value).map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use {push_field, push_fields};
pub(crate) use {put_field, read_field, record, serde_forms};
