//! Arrays and objects on their way to canonical JSON, in all the shapes that serde knows.

use super::Error;
use super::writer::Writer;
use serde::{Serialize, ser};
use serde_json::Value;
use std::collections::BTreeMap;

/// An array on its way.
pub(super) struct Items<'w> {
    writer: &'w mut Writer,
    is_first: bool,
    close: &'static str,
}

impl<'w> Items<'w> {
    pub(super) fn open(writer: &'w mut Writer, close: &'static str) -> Self {
        writer.raw("[");
        Self {
            writer,
            is_first: true,
            close,
        }
    }

    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        if !std::mem::take(&mut self.is_first) {
            self.writer.raw(",");
        }
        value.serialize(&mut *self.writer)
    }

    fn close(self) {
        self.writer.raw(self.close);
    }
}

/// An object on its way: its members wait, keyed by UTF-16 code units, for the order is known only at the end.
pub(super) struct Members<'w> {
    writer: &'w mut Writer,
    written: BTreeMap<Vec<u16>, Vec<u8>>,
    key: Option<String>,
    close: &'static str,
}

impl<'w> Members<'w> {
    pub(super) fn open(writer: &'w mut Writer, close: &'static str) -> Self {
        Self {
            writer,
            written: BTreeMap::new(),
            key: None,
            close,
        }
    }

    fn member<T: Serialize + ?Sized>(&mut self, key: String, value: &T) -> Result<(), Error> {
        let mut member = Writer::default();
        member.string(&key);
        member.raw(":");
        value.serialize(&mut member)?;
        match self.written.insert(key.encode_utf16().collect(), member.out) {
            None => Ok(()),
            Some(_) => Err(Error::DuplicateKey(key)),
        }
    }

    fn close(self) {
        self.writer.raw("{");
        for (position, member) in self.written.into_values().enumerate() {
            if position > 0 {
                self.writer.raw(",");
            }
            self.writer.out.extend(member);
        }
        self.writer.raw(self.close);
    }
}

/// A member's name, from the kinds of key that `serde_json` takes too.
fn key_text<T: Serialize + ?Sized>(key: &T) -> Result<String, Error> {
    match serde_json::to_value(key) {
        Ok(Value::String(text)) => Ok(text),
        Ok(Value::Number(number)) if !number.is_f64() => Ok(number.to_string()),
        Ok(Value::Bool(truth)) => Ok(truth.to_string()),
        _ => Err(Error::KeyNotText),
    }
}

impl ser::SerializeSeq for Items<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.item(value)
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}

impl ser::SerializeTuple for Items<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.item(value)
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}

impl ser::SerializeTupleStruct for Items<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.item(value)
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}

impl ser::SerializeTupleVariant for Items<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.item(value)
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}

impl ser::SerializeMap for Members<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.key = Some(key_text(key)?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let key = self.key.take().ok_or(Error::KeyNotText)?;
        self.member(key, value)
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}

impl ser::SerializeStruct for Members<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        self.member(name.to_owned(), value)
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}

impl ser::SerializeStructVariant for Members<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        self.member(name.to_owned(), value)
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}
