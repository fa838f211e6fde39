//! Portico's program: the relay, and what its operator does from the command line.

mod arguments;
mod audit;
mod operator;
mod programs;
mod replies;
mod signals;
mod store;
mod users;

use crate::arguments::{
    AddUser, Arguments, ConfigFile, ConfigVerb, CustomerLabel, CustomerVerb, DeliveryVerb, KeyVerb, Kind,
    NamedAttribute, NamedCustomer, OneUser, ProgramVerb, RetentionVerb, UserVerb, Verb,
};
use crate::operator::Operator;
use anyhow::{Context, Result, bail};
use clap::Parser;
use portico::admin::{AdminCommand, KeyKind, UserCommand};
use portico::config::{self, ConfigError};
use portico::{Listeners, RunError, telemetry};
use portico_core::config::Config;
use portico_core::customers::attributes;
use portico_core::identity::people::NewUser;
use std::io::{IsTerminal, Read, Write};
use std::process::ExitCode;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

/// What a message needs is made by one thread and given back by another, which the system's allocator makes wait for each
/// other.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The configuration is wrong.
const EXIT_CONFIG: u8 = 2;

/// The disk failed (`EX_IOERR`): look at it before the relay is started again.
const EXIT_STORE: u8 = 74;

fn main() -> ExitCode {
    let verb = Arguments::parse().command;
    let runtime = match Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return say_why(&anyhow::Error::new(error).context("no threads to run on")),
    };
    let performed = runtime.block_on(perform(verb));
    // What has not ended by now is late: neither a hash under way nor a disk that hangs may hold the process.
    runtime.shutdown_background();
    match performed {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => say_why(&error),
    }
}

fn say_why(error: &anyhow::Error) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "{error:#}");
    exit_code(error)
}

fn exit_code(error: &anyhow::Error) -> ExitCode {
    if error.is::<ConfigError>() {
        return ExitCode::from(EXIT_CONFIG);
    }
    match error.downcast_ref() {
        Some(RunError::StoreStopped(_)) => ExitCode::from(EXIT_STORE),
        Some(RunError::Listen { .. } | RunError::Start(_) | RunError::Overdue(_)) | None => ExitCode::FAILURE,
    }
}

async fn perform(verb: Verb) -> Result<()> {
    match verb {
        Verb::Serve(file) => {
            let config = config::load(file.config.as_deref())?;
            serve(config, &config::unknown_variables(file.config.as_deref())?).await
        }
        Verb::Config(ConfigVerb::Check(file)) => {
            let config = config::load(file.config.as_deref())?;
            let unknown = config::unknown_variables(file.config.as_deref())?;
            unknown
                .iter()
                .chain(&config::warnings(&config))
                .try_for_each(|line| say(line))?;
            say("the configuration is good")
        }
        Verb::Config(ConfigVerb::Show(file)) => say(config::show(file.config.as_deref())?.trim_end()),
        Verb::User(verb) => user(verb).await,
        Verb::Key(verb) => key(verb).await,
        Verb::Program(verb) => program(verb).await,
        Verb::Customer(verb) => customer(verb).await,
        Verb::Erase { customer, file } => {
            let config = config::load(file.config.as_deref())?;
            administer(&config, AdminCommand::Erase { customer }).await
        }
        Verb::Erasures(file) => administer(&config::load(file.config.as_deref())?, AdminCommand::ListErasures).await,
        Verb::Retention(RetentionVerb::Show(file)) => {
            let config = config::load(file.config.as_deref())?;
            let rules = config.retention();
            administer(&config, AdminCommand::ShowRetention { rules }).await
        }
        Verb::Audit(verb) => audit::perform(verb).await?.iter().try_for_each(|line| say(line)),
        Verb::Delivery(DeliveryVerb::List(file)) => {
            administer(&config::load(file.config.as_deref())?, AdminCommand::ListDeliveries).await
        }
        Verb::Delivery(DeliveryVerb::Retry { id, file }) => {
            let config = config::load(file.config.as_deref())?;
            administer(&config, AdminCommand::RetryDelivery { id }).await
        }
        Verb::Store(verb) => say(&store::perform(verb)?),
    }
}

async fn serve(config: Config, unknown_variables: &[String]) -> Result<()> {
    telemetry::start_log(&config.log);
    telemetry::log_panics();
    for warning in unknown_variables.iter().chain(&config::warnings(&config)) {
        tracing::warn!("{warning}");
    }
    let stop = CancellationToken::new();
    signals::stop(stop.clone())?;
    let listeners = Listeners::bind(&config).await?;
    Ok(portico::run(config, listeners, stop).await?)
}

async fn user(verb: UserVerb) -> Result<()> {
    match verb {
        UserVerb::Add(user) => add_user(user).await,
        UserVerb::Disable { username, file } => {
            let config = config::load(file.config.as_deref())?;
            administer(&config, AdminCommand::DisableUser { username }).await
        }
        UserVerb::Password {
            username,
            password_stdin,
            file,
        } => {
            let config = config::load(file.config.as_deref())?;
            let password = read_password(password_stdin)?;
            administer(&config, AdminCommand::SetPassword { username, password }).await
        }
        UserVerb::List(file) => manage(&file, UserCommand::List).await,
        UserVerb::Roles { username, roles, file } => manage(&file, UserCommand::SetRoles { username, roles }).await,
        UserVerb::Sessions(OneUser { username, file }) => manage(&file, UserCommand::Sessions { username }).await,
        UserVerb::Enable(OneUser { username, file }) => manage(&file, UserCommand::Enable { username }).await,
        UserVerb::Revoke {
            username,
            session,
            file,
        } => manage(&file, UserCommand::Revoke { username, session }).await,
    }
}

async fn manage(file: &ConfigFile, command: UserCommand) -> Result<()> {
    let config = config::load(file.config.as_deref())?;
    administer(&config, AdminCommand::User(command)).await
}

async fn add_user(user: AddUser) -> Result<()> {
    let config = config::load(user.file.config.as_deref())?;
    if let Some(queue) = user.queues.iter().find(|queue| !config.queues.contains_key(*queue)) {
        bail!("no such queue under queues: {queue:?}");
    }
    let new = NewUser {
        password: read_password(user.password_stdin)?,
        username: user.username,
        first_name: user.first_name,
        last_name: user.last_name,
        roles: user.roles,
        queues: user.queues,
        max_tasks: user.max_tasks,
    };
    administer(&config, AdminCommand::AddUser(new)).await
}

/// A password is never an argument, because every user of the machine can list those. At a terminal it is asked for.
fn read_password(from_stdin: bool) -> Result<String> {
    if !from_stdin && std::io::stdin().is_terminal() {
        return ask_password();
    }
    let mut password = String::new();
    std::io::stdin()
        .take(4 * 1024)
        .read_to_string(&mut password)
        .context("cannot read the password")?;
    Ok(password.trim_end_matches(['\n', '\r']).to_owned())
}

/// Typing is not shown, so the password is typed twice.
fn ask_password() -> Result<String> {
    let typed = |prompt| rpassword::prompt_password(prompt).context("cannot read the password from the terminal");
    let password = typed("Password: ")?;
    if typed("The same again: ")? != password {
        bail!("these are two different passwords");
    }
    Ok(password)
}

async fn key(verb: KeyVerb) -> Result<()> {
    match verb {
        KeyVerb::Add {
            kind,
            subject,
            label,
            scopes,
            file,
        } => {
            let config = config::load(file.config.as_deref())?;
            let kind = match kind {
                Kind::Bot if !config.bots.contains_key(&subject) => bail!("no such bot under bots: {subject:?}"),
                Kind::Bot => KeyKind::Bot,
                Kind::App => KeyKind::App,
            };
            administer(
                &config,
                AdminCommand::AddKey {
                    kind,
                    subject,
                    label,
                    scopes,
                },
            )
            .await
        }
        KeyVerb::Revoke { id, file } => {
            let config = config::load(file.config.as_deref())?;
            administer(&config, AdminCommand::RevokeKey { id }).await
        }
    }
}

async fn program(verb: ProgramVerb) -> Result<()> {
    let (file, command) = verb.into_command();
    let config = config::load(file.config.as_deref())?;
    administer(&config, AdminCommand::Program(command)).await
}

async fn customer(verb: CustomerVerb) -> Result<()> {
    match verb {
        CustomerVerb::Find { text, file } => {
            let config = config::load(file.config.as_deref())?;
            administer(&config, AdminCommand::FindCustomers { text }).await
        }
        CustomerVerb::Label(CustomerLabel { customer, label, file }) => {
            let config = config::load(file.config.as_deref())?;
            if !config.labels.iter().any(|known| known.id == label) {
                bail!("no such label under labels: {label:?}");
            }
            administer(&config, AdminCommand::LabelCustomer { customer, label }).await
        }
        CustomerVerb::Unlabel(CustomerLabel { customer, label, file }) => {
            let config = config::load(file.config.as_deref())?;
            administer(&config, AdminCommand::UnlabelCustomer { customer, label }).await
        }
        CustomerVerb::Set { attribute, value } => {
            let NamedAttribute { customer, key } = attribute;
            let config = config::load(customer.file.config.as_deref())?;
            let value = attributes::checked(&config.attributes, &key, &value);
            let value = value.map_err(|refusal| anyhow::Error::msg(refusal.message))?;
            let customer = customer.customer;
            administer(&config, AdminCommand::SetAttribute { customer, key, value }).await
        }
        CustomerVerb::Unset(NamedAttribute { customer, key }) => {
            let config = config::load(customer.file.config.as_deref())?;
            let customer = customer.customer;
            administer(&config, AdminCommand::UnsetAttribute { customer, key }).await
        }
        CustomerVerb::Attributes(NamedCustomer { customer, file }) => {
            let config = config::load(file.config.as_deref())?;
            administer(&config, AdminCommand::ListAttributes { customer }).await
        }
        CustomerVerb::Merge { customer, into, file } => {
            let config = config::load(file.config.as_deref())?;
            administer(&config, AdminCommand::MergeCustomers { customer, into }).await
        }
        CustomerVerb::Export { customer, to, file } => {
            let config = config::load(file.config.as_deref())?;
            // The relay that has the store open may have another working folder.
            let to = std::path::absolute(to).context("no place for the file")?;
            administer(&config, AdminCommand::ExportCustomer { customer, to }).await
        }
        CustomerVerb::Split(NamedCustomer { customer, file }) => {
            let config = config::load(file.config.as_deref())?;
            administer(&config, AdminCommand::SplitCustomer { customer }).await
        }
        CustomerVerb::Merges(NamedCustomer { customer, file }) => {
            let config = config::load(file.config.as_deref())?;
            administer(&config, AdminCommand::ListMerges { customer }).await
        }
    }
}

/// Does it, and says what came of it.
async fn administer(config: &Config, command: AdminCommand) -> Result<()> {
    let reply = Operator::of(config).await?.perform(command).await?;
    replies::print(&reply)
}

fn say(line: &str) -> Result<()> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}
