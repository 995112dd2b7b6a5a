//! What the portal means, and nothing about how it is stored, served or shown.
