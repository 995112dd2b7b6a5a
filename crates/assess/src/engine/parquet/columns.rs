//! The types of the wanted columns.

use crate::engine::Rejected;
use crate::engine::wanted::Wanted;
use arrow::datatypes::{DataType, Schema};

/// The type in which a wanted column is handed on, whatever it is stored as.
pub(super) fn kinds(
    wanted: &Wanted,
    schema: &Schema,
    positions: &[usize],
) -> Result<Vec<DataType>, Rejected> {
    let kind = |(index, at): (usize, &usize)| {
        let field = schema.field(*at);
        let needed = if wanted.is_number(index) {
            "a number"
        } else if wanted.is_protected(index) {
            "text, a number, a date or a truth value"
        } else {
            "text, a number or a truth value"
        };
        match field.data_type() {
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Ok(DataType::Utf8View),
            DataType::Boolean => Ok(DataType::Boolean),
            kind if kind.is_integer() => Ok(DataType::Int64),
            kind if kind.is_floating() || kind.is_decimal() => Ok(DataType::Float64),
            kind if kind.is_temporal() && wanted.is_protected(index) => Ok(DataType::Utf8View),
            DataType::Null if wanted.is_protected(index) => Ok(DataType::Utf8View),
            other => Err(Rejected::UnsupportedType {
                column: field.name().clone(),
                kind: named(other),
                wanted: needed,
            }),
        }
    };
    positions.iter().enumerate().map(kind).collect()
}

fn named(kind: &DataType) -> String {
    match kind {
        DataType::Struct(_) => "a nested record".to_owned(),
        DataType::Map(..) => "a nested map".to_owned(),
        kind if kind.is_nested() => "a nested list".to_owned(),
        DataType::Binary | DataType::LargeBinary | DataType::FixedSizeBinary(_) => "raw bytes".to_owned(),
        other => other.to_string(),
    }
}
