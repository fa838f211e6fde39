//! Who carries out an operator's commands: this process over the store, or the relay that has it open.

use crate::signals;
use anyhow::{Context, Result};
use portico::admin::{self, AdminCommand, AdminReply, Administration};
use portico::app;
use portico_core::config::Config;
use portico_core::identity::Roles;
use portico_core::programs::ProgramDirectory;
use portico_core::store::Store;
use std::path::PathBuf;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// One of both.
pub(crate) enum Operator<'c> {
    /// No relay runs.
    Itself { config: &'c Config, store: Arc<dyn Store> },
    /// One runs over the store at this path.
    Relay(PathBuf),
}

impl<'c> Operator<'c> {
    /// Over the store of a configuration.
    pub(crate) async fn of(config: &'c Config) -> Result<Self> {
        match app::open_store(config).await {
            Ok(store) => Ok(Self::Itself { config, store }),
            Err(app::OpenError::InUse(store)) => Ok(Self::Relay(store)),
            Err(error) => Err(error.into()),
        }
    }

    /// Does it.
    pub(crate) async fn perform(&self, command: AdminCommand) -> Result<AdminReply> {
        match self {
            Self::Itself { config, store } => perform(config, Arc::clone(store), command).await,
            Self::Relay(store) => {
                let asked = admin::ask(store, &command).await;
                asked
                    .context("the relay that has the store open does not answer")?
                    .map_err(anyhow::Error::msg)
            }
        }
    }
}

async fn perform(config: &Config, store: Arc<dyn Store>, command: AdminCommand) -> Result<AdminReply> {
    let is_export = matches!(command, AdminCommand::ExportCustomer { .. });
    let exports = match is_export {
        true => Some(app::open_exports(config, Arc::clone(&store))?),
        false => None,
    };
    let (config, clock) = (Arc::new(config.clone()), app::system_clock());
    let (directory, tracker) = (ProgramDirectory::configured(&config), TaskTracker::new());
    let with = Administration {
        programs: app::programs_over(&config, Arc::clone(&store), Arc::clone(&clock), directory, tracker).await?,
        store,
        exports,
        clock,
        roles: Roles::new(&config.roles),
    };
    let stop = CancellationToken::new();
    if is_export {
        // A signal would else end the process before what is half written is removed.
        signals::stop(stop.clone())?;
    }
    let performed = stop.run_until_cancelled(admin::perform(&with, command)).await;
    Ok(performed.context("told to stop")??)
}
