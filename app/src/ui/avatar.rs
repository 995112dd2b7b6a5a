//! A person as two letters.
use leptos::prelude::*;

/// First letters of the first and last name, capital; one letter for one name.
pub fn initials(name: &str) -> String {
    let mut words = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    let last = words.next_back();
    first
        .into_iter()
        .chain(last)
        .flat_map(char::to_uppercase)
        .collect()
}

/// Two letters in a circle that say the name to those who cannot see them. `missing` for who has not acted yet.
#[component]
pub fn Avatar(#[prop(into)] name: String, #[prop(optional)] missing: bool) -> impl IntoView {
    let letters = initials(&name);
    let label = if missing {
        format!("{name} (missing)")
    } else {
        name.clone()
    };
    view! {
        <span class="avatar" role="img" aria-label=label title=name data-missing=missing>
            {letters}
        </span>
    }
}

/// Avatar and name.
#[component]
pub fn Who(#[prop(into)] name: String) -> impl IntoView {
    view! {
        <span class="who">
            <span class="avatar" aria-hidden="true">{initials(&name)}</span>
            {name}
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_first_and_last() {
        assert_eq!(initials("Grace Lindqvist"), "GL");
        assert_eq!(initials("Ana Maria de Souza"), "AS");
        assert_eq!(initials("ci"), "C");
        assert_eq!(initials("(émile) zola"), "ÉZ");
        assert_eq!(initials(" "), "");
    }
}
