//! Lines of CSV, a figure each, that no spreadsheet takes for formulas.

use crate::report::{Confusion, Figure};
use crate::stats::real;

const HEADER: &str = "section,attribute,group,figure,value,low,high,n,reason\r\n";

/// Lines under the header.
pub struct Table {
    pub text: String,
}

impl Table {
    pub fn new() -> Self {
        Self {
            text: HEADER.to_owned(),
        }
    }

    pub fn row(&mut self, cells: [&str; 9]) {
        for (place, cell) in cells.into_iter().enumerate() {
            if place > 0 {
                self.text.push(',');
            }
            push_cell(&mut self.text, cell);
        }
        self.text.push_str("\r\n");
    }

    pub fn figure(&mut self, section: &str, attribute: &str, group: &str, id: &str, figure: &Figure) {
        let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        let (value, low, high) = (number(figure.value), number(figure.low), number(figure.high));
        let reason = figure.reason.as_deref().unwrap_or_default();
        self.row([
            section,
            attribute,
            group,
            id,
            &value,
            &low,
            &high,
            &figure.n.to_string(),
            reason,
        ]);
    }

    pub fn number(&mut self, section: &str, attribute: &str, group: &str, id: &str, count: u64) {
        self.figure(
            section,
            attribute,
            group,
            id,
            &Figure::new(real(count), None, count),
        );
    }

    pub fn counts(&mut self, section: &str, attribute: &str, group: &str, counts: &Confusion) {
        for (id, count) in [
            ("tp", counts.tp),
            ("fp", counts.fp),
            ("tn", counts.tn),
            ("fn", counts.fn_),
        ] {
            let n = counts.n().to_string();
            self.row([section, attribute, group, id, &count.to_string(), "", "", &n, ""]);
        }
    }
}

fn push_cell(text: &mut String, cell: &str) {
    // A negative number is no formula; anything else that starts like one is disarmed.
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) && cell.parse::<f64>().is_err();
    if !formula && !cell.contains([',', '"', '\n', '\r']) {
        return text.push_str(cell);
    }
    text.push('"');
    if formula {
        text.push('\'');
    }
    text.push_str(&cell.replace('"', "\"\""));
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::push_cell;

    #[test]
    fn cells_that_a_spreadsheet_would_run_are_disarmed() {
        let cell = |text: &str| {
            let mut out = String::new();
            push_cell(&mut out, text);
            out
        };
        assert_eq!(cell("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        assert_eq!(cell("@cmd"), "\"'@cmd\"");
        assert_eq!(cell("\tx"), "\"'\tx\"");
        assert_eq!(cell("-0.5"), "-0.5");
        assert_eq!(cell("+A1,B"), "\"'+A1,B\"");
        assert_eq!(cell("plain"), "plain");
    }
}
