//! Looks after registered bots and apps.

use super::Administration;
use portico_core::audit::Attribution;
use portico_core::programs::ProgramError;
use portico_shared::http::{
    IssuedKey, IssuedSecret, NewProgram, ProgramChange, ProgramChanged, ProgramEntry, ProgramRegistered,
};
use serde::{Deserialize, Serialize};

/// What is to be done about a program.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProgramCommand {
    /// Lists all.
    List,
    /// Registers one.
    Register(NewProgram),
    /// Changes, disables or enables one.
    Change {
        /// Its id.
        id: String,
        /// What is different from now on.
        change: ProgramChange,
    },
    /// Makes a key.
    RotateKey {
        /// Its id.
        id: String,
    },
    /// Takes a key back.
    RetireKey {
        /// Its id.
        id: String,
        /// What the key begins with.
        prefix: String,
    },
    /// Makes a secret that calls are signed with.
    RotateSecret {
        /// Its id.
        id: String,
    },
    /// Signs nothing with a secret any more.
    RetireSecret {
        /// Its id.
        id: String,
        /// The id of the secret.
        secret: String,
    },
}

/// What became of it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProgramReply {
    /// All programs.
    Programs(Vec<ProgramEntry>),
    /// It is registered.
    Registered(Box<ProgramRegistered>),
    /// It is changed.
    Changed(Box<ProgramChanged>),
    /// A key was made.
    Key(IssuedKey),
    /// A key is good for nothing.
    KeyRetired,
    /// A secret was made.
    Secret(IssuedSecret),
    /// A secret signs nothing.
    SecretRetired,
}

/// Does it.
pub(super) async fn perform(with: &Administration, command: ProgramCommand) -> Result<ProgramReply, ProgramError> {
    let (programs, by) = (&with.programs, Attribution::operator(with.clock.as_ref()));
    Ok(match command {
        ProgramCommand::List => ProgramReply::Programs(programs.list().await?),
        ProgramCommand::Register(new) => ProgramReply::Registered(Box::new(programs.register(new, &by).await?)),
        ProgramCommand::Change { id, change } => {
            ProgramReply::Changed(Box::new(programs.change(&id, change, &by).await?))
        }
        ProgramCommand::RotateKey { id } => ProgramReply::Key(programs.rotate_key(&id, &by).await?),
        ProgramCommand::RetireKey { id, prefix } => {
            programs.retire_key(&id, &prefix, &by).await?;
            ProgramReply::KeyRetired
        }
        ProgramCommand::RotateSecret { id } => ProgramReply::Secret(programs.rotate_secret(&id, &by).await?),
        ProgramCommand::RetireSecret { id, secret } => {
            programs.retire_secret(&id, &secret, &by).await?;
            ProgramReply::SecretRetired
        }
    })
}
