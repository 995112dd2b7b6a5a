//! Gives a JSON value its one byte form, so that its digest means the same on every machine (RFC 8785, "JCS").

mod number;
mod parts;
mod writer;

use serde::Serialize;

/// Why a value has no canonical form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// NaN or an infinity, which RFC 8785 §3.2.2.3 tells us to refuse.
    #[error("a number is not finite (NaN or infinite), and JSON has no form for it")]
    NotFinite,
    /// An integer that a reader using doubles would silently change (RFC 7493 §2.2).
    #[error("the integer {0} is beyond 2^53 and would lose digits as a JSON number: write it as a string")]
    InexactInteger(String),
    /// The same member name twice in one object (RFC 8785 §3.1).
    #[error("the object has two members named {0:?}")]
    DuplicateKey(String),
    /// A map key that is neither text, nor an integer, nor a boolean.
    #[error("an object's member name has to be text")]
    KeyNotText,
    /// A private type of `serde_json` that smuggles JSON text past the data model.
    #[error("{0} carries JSON text of its own and can't be made canonical")]
    RawJson(&'static str),
    /// What the value's own `Serialize` said.
    #[error("{0}")]
    Refused(String),
}

impl serde::ser::Error for Error {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self::Refused(message.to_string())
    }
}

/// The canonical bytes (UTF-8, no trailing newline) of anything that serialises.
///
/// Members are sorted by UTF-16 code units, numbers are written as ECMAScript writes them. Reading the result and
/// writing it again gives the same bytes.
pub fn to_vec(value: &(impl Serialize + ?Sized)) -> Result<Vec<u8>, Error> {
    let mut writer = writer::Writer::default();
    value.serialize(&mut writer)?;
    Ok(writer.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::{Error, to_vec};
    use proptest::prelude::*;
    use serde_json::{Value, json};
    use std::collections::{BTreeMap, HashMap};

    fn text(value: &(impl serde::Serialize + ?Sized)) -> Result<String, Error> {
        to_vec(value).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    #[test]
    fn the_sample_of_section_3_2_gives_the_published_bytes() -> Result<(), serde_json::Error> {
        let sample: Value = serde_json::from_str(
            r#"{
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }"#,
        )?;
        let published = "7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a5b\
            3333333333333333332e333333333333332c31652b33302c342e352c302e3030322c31652d32375d2c22737472696e67223a22\
            e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d";
        assert_eq!(
            to_vec(&sample).map(|bytes| crate::digest::hex(&bytes)).as_deref(),
            Ok(published)
        );
        Ok(())
    }

    #[test]
    fn members_are_sorted_by_utf_16_code_units() {
        let sample = json!({
            "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh",
            "1": "One", "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control",
            "\u{f6}": "Latin Small Letter O With Diaeresis"
        });
        assert_eq!(
            text(&sample).as_deref(),
            Ok(
                "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\
                \"\u{f6}\":\"Latin Small Letter O With Diaeresis\",\"\u{20ac}\":\"Euro Sign\",\
                \"\u{1f600}\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}"
            )
        );
    }

    #[test]
    fn only_what_must_be_escaped_is_escaped() {
        let sample = "\u{0}\u{8}\t\n\u{b}\u{c}\r\u{1f}\"\\/\u{7f}\u{2028}é";
        assert_eq!(
            text(sample).as_deref(),
            Ok("\"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\\\"\\\\/\u{7f}\u{2028}é\"")
        );
    }

    #[derive(serde::Serialize)]
    enum Shape {
        Unit,
        Newtype(u8),
        Tuple(u8, Option<u8>),
        Struct { z: f32, a: () },
    }

    #[test]
    fn rust_shapes_are_written_as_serde_json_writes_them() -> Result<(), serde_json::Error> {
        let shapes = [
            Shape::Unit,
            Shape::Newtype(1),
            Shape::Tuple(2, None),
            Shape::Struct { z: 0.5, a: () },
        ];
        let expected = r#"["Unit",{"Newtype":1},{"Tuple":[2,null]},{"Struct":{"a":null,"z":0.5}}]"#;
        assert_eq!(text(&shapes).as_deref(), Ok(expected));
        assert_eq!(text(&serde_json::to_value(&shapes)?).as_deref(), Ok(expected));
        assert_eq!(text(&HashMap::from([(7u8, 'x')])).as_deref(), Ok(r#"{"7":"x"}"#));
        Ok(())
    }

    #[test]
    fn a_duplicate_member_is_refused_even_if_the_type_writes_one() {
        struct Twice;
        impl serde::Serialize for Twice {
            fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                out.collect_map([("a", 1), ("a", 2)])
            }
        }
        assert_eq!(text(&Twice), Err(Error::DuplicateKey("a".to_owned())));
    }

    #[test]
    fn a_member_that_is_json_text_already_is_refused() {
        struct Raw;
        impl serde::Serialize for Raw {
            fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeStruct;
                let mut raw = out.serialize_struct("$serde_json::private::RawValue", 1)?;
                raw.serialize_field("$serde_json::private::RawValue", "{ }")?;
                raw.end()
            }
        }
        assert_eq!(text(&Raw), Err(Error::RawJson("$serde_json::private::RawValue")));
    }

    #[test]
    fn what_json_cannot_say_is_refused_by_name() {
        assert_eq!(text(&[f64::NAN]), Err(Error::NotFinite));
        assert_eq!(text(&f32::NEG_INFINITY), Err(Error::NotFinite));
        assert_eq!(text(&u64::MAX), Err(Error::InexactInteger(u64::MAX.to_string())));
        assert_eq!(text(&BTreeMap::from([(vec![1], 2)])), Err(Error::KeyNotText));
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<f64>()
                .prop_filter("finite", |number| number.is_finite())
                .prop_map(Value::from),
            (-(1i64 << 53)..=1 << 53).prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 48, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn reading_and_writing_again_changes_nothing(value in any_json()) {
            let once = to_vec(&value)?;
            let read: Value = serde_json::from_slice(&once)?;
            prop_assert_eq!(to_vec(&read)?, once);
        }
    }
}
