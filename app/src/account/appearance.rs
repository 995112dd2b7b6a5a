//! Light, dark, or as the system says: kept in a cookie, because it belongs to the screen and not to the person.
use crate::{
    page::refusal,
    problem::Problem,
    shell::Theme,
    ui::{Button, Card, Icon, Section, Segment, Segments},
};
use leptos::prelude::*;

const COOKIE: &str = "theme";

impl Theme {
    /// The look that a word names; as the system says for any other.
    pub fn named(word: &str) -> Self {
        match word {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }

    /// `system`, `light` or `dark`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The look that a request's `Cookie` header asks for.
    pub fn from_cookies(header: &str) -> Self {
        let values = header
            .split(';')
            .filter_map(|cookie| cookie.trim().split_once('='));
        values
            .filter(|(name, _)| *name == COOKIE)
            .map(|(_, value)| Self::named(value))
            .next()
            .unwrap_or_default()
    }

    /// The `Set-Cookie` header that keeps it for a year, or forgets it.
    pub fn cookie(self) -> String {
        let age = if self == Self::System {
            0
        } else {
            365 * 24 * 60 * 60
        };
        format!(
            "{COOKIE}={}; Path=/; Max-Age={age}; SameSite=Lax; HttpOnly",
            self.name()
        )
    }
}

#[server]
pub async fn set_theme(theme: String) -> Result<(), Problem> {
    use axum::http::{HeaderValue, header};
    crate::ssr::as_actor(|_, _| async move {
        let cookie = HeaderValue::from_str(&Theme::named(&theme).cookie());
        let cookie = cookie.map_err(|error| backend::Failure::Stored(error.to_string()))?;
        expect_context::<leptos_axum::ResponseOptions>().append_header(header::SET_COOKIE, cookie);
        leptos_axum::redirect("/account#appearance");
        Ok(())
    })
    .await
}

/// Chooses how pages look on this screen.
#[component]
pub fn Appearance() -> impl IntoView {
    let action = ServerAction::<SetTheme>::new();
    let problem = action.value().get_untracked().and_then(Result::err);
    let now = use_context::<Theme>().unwrap_or_default();
    let looks = vec![
        Segment::new("system", "As the system says").icon(Icon::Layers),
        Segment::new("light", "Light").icon(Icon::Sun),
        Segment::new("dark", "Dark").icon(Icon::Moon),
    ];
    view! {
        <Section title="Appearance" id="appearance" note="For this browser.">
            <Card>
                <ActionForm action attr:class="stack">
                    {refusal(problem.as_ref())}
                    <Segments name="theme" legend="Pages look" segments=looks value=now.name() required=true/>
                    <div class="row"><Button>"Use this"</Button></div>
                </ActionForm>
            </Card>
        </Section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_found_among_others() {
        for (header, theme) in [
            ("", Theme::System),
            ("theme=dark", Theme::Dark),
            ("a=b; theme=light; c=d", Theme::Light),
            ("xtheme=dark", Theme::System),
            ("theme=<script>", Theme::System),
        ] {
            assert_eq!(Theme::from_cookies(header), theme, "{header}");
        }
    }

    #[test]
    fn what_is_kept_is_read_again() {
        for theme in [Theme::System, Theme::Light, Theme::Dark] {
            assert_eq!(
                Theme::from_cookies(theme.cookie().split(';').next().unwrap()),
                theme
            );
        }
        assert!(Theme::System.cookie().contains("Max-Age=0"));
    }
}
