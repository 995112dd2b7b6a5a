//! The process: configuration, doors, sessions, jobs and command line. The program itself is a line around [`cli::run`].
#![recursion_limit = "512"] // the types of whole pages

pub mod asked;
pub mod cli;
pub mod columns;
pub mod config;
pub mod database;
pub mod demo;
pub mod doors;
pub mod download;
pub mod health;
pub mod jobs;
pub mod kept;
pub mod numbers;
pub mod private_postgres;
pub mod problem;
pub mod rest;
pub mod router;
pub mod security;
pub mod served;
pub mod session_store;
pub mod upload;
pub mod visit;
