//! `portico program`.

use super::{ConfigFile, Kind};
use clap::{Args, Subcommand};
use portico::admin::ProgramCommand;
use portico_shared::http::{NewProgram, ProgramChange, ProgramKind};

#[derive(Subcommand)]
pub(crate) enum ProgramVerb {
    /// List all: id, bot or app, name, state, scopes, channels, and where it is called; under each its live keys (beginning, made,
    /// used last, from which network) and secrets (id, made)
    List(ConfigFile),
    /// Register one; its first key, and the secret that signs calls to its webhook, are printed once
    Register(Register),
    /// Change one; a list that is named replaces all of it
    Change(Change),
    /// Refuse its keys, close its sockets within seconds, and call it no more; what is to be delivered to it waits
    Disable(OneProgram),
    /// Undo that
    Enable(OneProgram),
    /// Make a second key, which is printed once; retire the first one when the second is in its place
    RotateKey(OneProgram),
    /// Take a key back; sockets that were opened with it close within seconds
    RetireKey {
        /// What it begins with, as it is listed
        #[arg(long)]
        prefix: String,
        #[command(flatten)]
        program: OneProgram,
    },
    /// Make a second secret, which is printed once; calls are signed with both
    RotateSecret(OneProgram),
    /// Sign no call with a secret any more
    RetireSecret {
        /// The id that is listed
        #[arg(long)]
        secret: String,
        #[command(flatten)]
        program: OneProgram,
    },
}

#[derive(Args)]
pub(crate) struct OneProgram {
    /// Its id
    #[arg(long)]
    id: String,
    #[command(flatten)]
    file: ConfigFile,
}

#[derive(Args)]
pub(crate) struct Register {
    #[command(flatten)]
    program: OneProgram,
    /// What it is
    #[arg(long)]
    kind: Kind,
    /// Of a bot, what customers see
    #[arg(long)]
    name: String,
    /// What an app may do, for example activities:write; may be repeated
    #[arg(long = "scope")]
    scopes: Vec<String>,
    /// Of a bot, a channel whose new conversations it gets; of an app, one in which it may act, all when absent; may be repeated
    #[arg(long = "channel")]
    channels: Vec<String>,
    /// Where a bot is called; without it the bot connects by itself
    #[arg(long, value_name = "ADDRESS")]
    webhook: Option<String>,
    /// One call's time limit
    #[arg(long)]
    timeout_seconds: Option<u64>,
    /// How long a customer waits for a bot that is not called
    #[arg(long)]
    answer_seconds: Option<u64>,
}

#[derive(Args)]
pub(crate) struct Change {
    #[command(flatten)]
    program: OneProgram,
    /// What it is called
    #[arg(long)]
    name: Option<String>,
    /// What an app may do; may be repeated, and replaces all
    #[arg(long = "scope", conflicts_with = "no_scope")]
    scopes: Vec<String>,
    /// No scope at all
    #[arg(long)]
    no_scope: bool,
    /// A channel; may be repeated, and replaces all
    #[arg(long = "channel", conflicts_with = "no_channel")]
    channels: Vec<String>,
    /// No channel named
    #[arg(long)]
    no_channel: bool,
    /// Where a bot is called; empty for one that connects by itself from now on
    #[arg(long, value_name = "ADDRESS")]
    webhook: Option<String>,
    /// One call's time limit
    #[arg(long)]
    timeout_seconds: Option<u64>,
    /// How long a customer waits for a bot that is not called
    #[arg(long)]
    answer_seconds: Option<u64>,
}

impl ProgramVerb {
    /// The configuration that is named, and what is to be done.
    pub(crate) fn into_command(self) -> (ConfigFile, ProgramCommand) {
        let disabled = |program: OneProgram, disabled| {
            let change = ProgramChange {
                disabled: Some(disabled),
                ..ProgramChange::default()
            };
            (program.file, ProgramCommand::Change { id: program.id, change })
        };
        match self {
            Self::List(file) => (file, ProgramCommand::List),
            Self::Register(new) => new.into_command(),
            Self::Change(change) => change.into_command(),
            Self::Disable(program) => disabled(program, true),
            Self::Enable(program) => disabled(program, false),
            Self::RotateKey(OneProgram { id, file }) => (file, ProgramCommand::RotateKey { id }),
            Self::RetireKey { prefix, program } => {
                let id = program.id;
                (program.file, ProgramCommand::RetireKey { id, prefix })
            }
            Self::RotateSecret(OneProgram { id, file }) => (file, ProgramCommand::RotateSecret { id }),
            Self::RetireSecret { secret, program } => {
                let id = program.id;
                (program.file, ProgramCommand::RetireSecret { id, secret })
            }
        }
    }
}

impl Register {
    fn into_command(self) -> (ConfigFile, ProgramCommand) {
        let new = NewProgram {
            id: self.program.id,
            kind: match self.kind {
                Kind::Bot => ProgramKind::Bot,
                Kind::App => ProgramKind::App,
            },
            name: self.name,
            scopes: self.scopes,
            channels: self.channels,
            webhook: self.webhook,
            timeout_seconds: self.timeout_seconds,
            answer_seconds: self.answer_seconds,
        };
        (self.program.file, ProgramCommand::Register(new))
    }
}

impl Change {
    fn into_command(self) -> (ConfigFile, ProgramCommand) {
        let list = |named: Vec<String>, none: bool| (none || !named.is_empty()).then_some(named);
        let change = ProgramChange {
            name: self.name,
            scopes: list(self.scopes, self.no_scope),
            channels: list(self.channels, self.no_channel),
            webhook: self.webhook,
            timeout_seconds: self.timeout_seconds,
            answer_seconds: self.answer_seconds,
            disabled: None,
        };
        let OneProgram { id, file } = self.program;
        (file, ProgramCommand::Change { id, change })
    }
}
