//! Reads what Python's `repr` wrote: the names in the calls of golden files.

/// Every quoted text, in order, from the first `open` to the `close` that ends it: `['a', "b's"]` or `{'a': 'b'}`.
pub fn texts(call: &str, open: char, close: char) -> Vec<String> {
    let Some((_, inside)) = call.split_once(open) else {
        return Vec::new();
    };
    let mut texts = Vec::new();
    let mut marks = inside.chars();
    while let Some(mark) = marks.next() {
        match mark {
            '\'' | '"' => texts.push(text(&mut marks, mark)),
            _ if mark == close => break,
            _ => {}
        }
    }
    texts
}

fn text(marks: &mut std::str::Chars<'_>, quote: char) -> String {
    let mut text = String::new();
    while let Some(mark) = marks.next() {
        match mark {
            '\\' => text.extend(escaped(marks)),
            _ if mark == quote => break,
            _ => text.push(mark),
        }
    }
    text
}

fn escaped(marks: &mut std::str::Chars<'_>) -> Option<char> {
    match marks.next()? {
        'n' => Some('\n'),
        't' => Some('\t'),
        'r' => Some('\r'),
        'x' => hexadecimal(marks, 2),
        'u' => hexadecimal(marks, 4),
        'U' => hexadecimal(marks, 8),
        other => Some(other),
    }
}

fn hexadecimal(marks: &mut std::str::Chars<'_>, digits: usize) -> Option<char> {
    let digits: String = marks.by_ref().take(digits).collect();
    char::from_u32(u32::from_str_radix(&digits, 16).ok()?)
}

/// The number that follows a word such as `tau=`.
pub fn number_after(call: &str, word: &str) -> Option<f64> {
    let (_, rest) = call.split_once(word)?;
    let end = rest.find(|mark: char| !(mark.is_ascii_digit() || ".e+-".contains(mark)));
    rest.get(..end.unwrap_or(rest.len()))?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_with_their_quotes_and_escapes() {
        assert_eq!(
            texts("f(attr_cols=['a', \"b's\", 'c\\'d', '\\xe9'])", '[', ']'),
            ["a", "b's", "c'd", "é"]
        );
        assert_eq!(
            texts("{'a': 'b]}', 'c': 'd'} 'e'", '{', '}'),
            ["a", "b]}", "c", "d"]
        );
        assert!(texts("none", '[', ']').is_empty());
        assert_eq!(number_after("Fairness(tau=0.8).get", "tau="), Some(0.8));
    }
}
