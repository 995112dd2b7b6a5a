//! `countersign user add`: brings someone in from the machine's own command line, above all the first administrator.
use super::Verdict;
use crate::config::Config;
use anyhow::{Context, Result, bail, ensure};
use domain::{
    actor::{Discipline, Role},
    person::{Duties, Newcomer},
};
use std::io::{IsTerminal, stdin};

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Add someone.
    Add(Arguments),
}

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// What they sign in with.
    #[arg(long)]
    email: String,
    /// What stands under their signatures.
    #[arg(long)]
    name: String,
    /// engineer, reviewer, manager, auditor or administrator; may be given more than once.
    #[arg(long = "role", required = true, value_name = "ROLE")]
    roles: Vec<Role>,
    /// What a reviewer reviews for: ethics, compliance; may be given more than once.
    #[arg(long = "discipline", value_name = "DISCIPLINE", value_parser = discipline)]
    disciplines: Vec<Discipline>,
    /// Read the password from standard input instead of asking.
    #[arg(long)]
    password_stdin: bool,
}

fn discipline(name: &str) -> Result<Discipline, String> {
    Discipline::new(name).ok_or_else(|| "use lower-case letters and hyphens, such as ethics".into())
}

pub async fn run(config: &Config, command: Command) -> Result<Verdict> {
    let Command::Add(arguments) = command;
    let duties = Duties::new(arguments.roles, arguments.disciplines);
    let newcomer = duties.and_then(|duties| Newcomer::new(&arguments.email, &arguments.name, duties));
    let newcomer = match newcomer {
        Ok(newcomer) => newcomer,
        Err(wrong) => {
            eprintln!("countersign: {wrong}");
            return Ok(Verdict::WrongUse);
        }
    };
    let password = if arguments.password_stdin {
        read_line()?
    } else {
        ask()?
    };
    let (name, email) = (newcomer.name.clone(), newcomer.email.clone());
    super::beside(config, async |portal| {
        Ok(backend::person::add_by_operator(portal, newcomer, password).await?)
    })
    .await?;
    println!("{name} can sign in as {email}.");
    Ok(Verdict::Good)
}

fn read_line() -> Result<String> {
    let mut line = String::new();
    stdin().read_line(&mut line).context("reading the password")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn ask() -> Result<String> {
    if !stdin().is_terminal() {
        bail!("there is no terminal to ask for the password: give it with --password-stdin");
    }
    let password = rpassword::prompt_password("Password: ")?;
    ensure!(
        password == rpassword::prompt_password("Again: ")?,
        "the two passwords differ"
    );
    Ok(password)
}
