//! The portal's use cases, and every line of SQL they need.
