//! A serde serialiser that writes canonical JSON directly, for `serde_json`'s would turn NaN into null on the way.

use super::parts::{Items, Members};
use super::{Error, number};
use serde::Serialize;
use serde::ser::Serializer;

#[derive(Default)]
pub(super) struct Writer {
    pub(super) out: Vec<u8>,
}

impl Writer {
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    pub(super) fn raw(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    /// RFC 8785 §3.2.2.2: short escapes where JSON has them, lower-case `\u00xx` for other controls, else as is.
    pub(super) fn string(&mut self, text: &str) {
        self.raw("\"");
        for character in text.chars() {
            match character {
                '"' => self.raw("\\\""),
                '\\' => self.raw("\\\\"),
                '\u{8}' => self.raw("\\b"),
                '\t' => self.raw("\\t"),
                '\n' => self.raw("\\n"),
                '\u{c}' => self.raw("\\f"),
                '\r' => self.raw("\\r"),
                '\0'..='\u{1f}' => self.raw(&format!("\\u{:04x}", u32::from(character))),
                _ => self.raw(character.encode_utf8(&mut [0; 4])),
            }
        }
        self.raw("\"");
    }

    /// Opens `{"Variant":`, serde's form of an enum variant with content.
    fn variant(&mut self, name: &str) {
        self.raw("{");
        self.string(name);
        self.raw(":");
    }
}

/// Refuses the struct names under which `serde_json` hides raw JSON and arbitrary-precision numbers.
fn ordinary(name: &'static str) -> Result<(), Error> {
    if name.starts_with("$serde_json::private::") {
        Err(Error::RawJson(name))
    } else {
        Ok(())
    }
}

impl<'w> Serializer for &'w mut Writer {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Items<'w>;
    type SerializeTuple = Items<'w>;
    type SerializeTupleStruct = Items<'w>;
    type SerializeTupleVariant = Items<'w>;
    type SerializeMap = Members<'w>;
    type SerializeStruct = Members<'w>;
    type SerializeStructVariant = Members<'w>;

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        self.raw(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result<(), Error> {
        self.serialize_i128(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<(), Error> {
        self.serialize_i128(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<(), Error> {
        self.serialize_i128(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<(), Error> {
        self.serialize_i128(value.into())
    }

    fn serialize_i128(self, value: i128) -> Result<(), Error> {
        self.raw(&number::integer(value)?);
        Ok(())
    }

    fn serialize_u8(self, value: u8) -> Result<(), Error> {
        self.serialize_i128(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<(), Error> {
        self.serialize_i128(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<(), Error> {
        self.serialize_i128(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<(), Error> {
        self.serialize_i128(value.into())
    }

    fn serialize_u128(self, value: u128) -> Result<(), Error> {
        let value = i128::try_from(value).map_err(|_| Error::InexactInteger(value.to_string()))?;
        self.serialize_i128(value)
    }

    /// Widened first, as a reader of the JSON would have it.
    fn serialize_f32(self, value: f32) -> Result<(), Error> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<(), Error> {
        self.raw(&number::float(value)?);
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), Error> {
        self.string(value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Error> {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.raw("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        ordinary(name)?;
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.variant(variant);
        value.serialize(&mut *self)?;
        self.raw("}");
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items<'w>, Error> {
        Ok(Items::open(self, "]"))
    }

    fn serialize_tuple(self, _: usize) -> Result<Items<'w>, Error> {
        Ok(Items::open(self, "]"))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Items<'w>, Error> {
        Ok(Items::open(self, "]"))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Items<'w>, Error> {
        self.variant(variant);
        Ok(Items::open(self, "]}"))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Members<'w>, Error> {
        Ok(Members::open(self, "}"))
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Members<'w>, Error> {
        ordinary(name)?;
        Ok(Members::open(self, "}"))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Members<'w>, Error> {
        self.variant(variant);
        Ok(Members::open(self, "}}"))
    }
}
