//! Adapters: one file for each kind of place a model is deployed to.
