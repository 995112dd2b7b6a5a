//! One's own account: sessions, tokens, password and appearance.
mod appearance;
mod browser;
mod password;
mod sessions;
mod show;
mod tokens;

pub use show::AccountPage;
