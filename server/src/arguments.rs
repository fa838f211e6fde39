//! The command line: what can be said, and its help.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// The customer web channel of a contact centre.
#[derive(Parser)]
#[command(version)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Verb,
}

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Run the relay
    Serve(ConfigFile),
    /// Look at the configuration
    #[command(subcommand)]
    Config(ConfigVerb),
    /// Add and disable contact-centre users, and give them passwords
    #[command(subcommand)]
    User(UserVerb),
    /// Make and revoke keys of bots and apps
    #[command(subcommand)]
    Key(KeyVerb),
    /// Look at what bots did not take, and send it again
    #[command(subcommand)]
    Delivery(DeliveryVerb),
    /// Copy the store, put a copy in its place, and look whether it holds together
    #[command(subcommand)]
    Store(StoreVerb),
}

#[derive(Args)]
pub(crate) struct ConfigFile {
    /// A TOML file whose keys override the defaults; PORTICO_SERVER__LISTEN and the like override both
    #[arg(long, env = "PORTICO_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Subcommand)]
pub(crate) enum ConfigVerb {
    /// Say what is wrong with it; exit code 2 if anything is
    Check(ConfigFile),
    /// Print all of it, without secrets
    Show(ConfigFile),
}

#[derive(Subcommand)]
pub(crate) enum UserVerb {
    /// Add somebody; the password is asked for at a terminal, and read from standard input otherwise
    Add(AddUser),
    /// Give another password, asked for or read as with `add`; everywhere that user is signed in ends within seconds
    Password {
        /// Who
        #[arg(long)]
        username: String,
        /// Read the password from standard input without asking
        #[arg(long)]
        password_stdin: bool,
        #[command(flatten)]
        file: ConfigFile,
    },
    /// Take the right to sign in; open sockets close within seconds
    Disable {
        /// Who
        #[arg(long)]
        username: String,
        #[command(flatten)]
        file: ConfigFile,
    },
}

#[derive(Args)]
pub(crate) struct AddUser {
    /// What it signs in with
    #[arg(long)]
    pub(crate) username: String,
    /// Shown to customers
    #[arg(long)]
    pub(crate) first_name: String,
    /// Shown to colleagues
    #[arg(long, default_value = "")]
    pub(crate) last_name: String,
    /// agent, supervisor or admin; may be repeated
    #[arg(long = "role", required = true)]
    pub(crate) roles: Vec<String>,
    /// A queue that it serves; may be repeated; all when absent
    #[arg(long = "queue")]
    pub(crate) queues: Vec<String>,
    /// How many conversations at once
    #[arg(long, default_value_t = 5)]
    pub(crate) max_tasks: u8,
    /// Read the password from standard input without asking
    #[arg(long)]
    pub(crate) password_stdin: bool,
    #[command(flatten)]
    pub(crate) file: ConfigFile,
}

#[derive(Subcommand)]
pub(crate) enum KeyVerb {
    /// Make a key; it is printed once and not kept
    Add {
        /// Whom it is for
        #[arg(long)]
        kind: Kind,
        /// The bot's id in the configuration, or the app's
        #[arg(long)]
        subject: String,
        /// What operators call it
        #[arg(long)]
        label: String,
        /// What an app may do, for example activities:write; may be repeated
        #[arg(long = "scope")]
        scopes: Vec<String>,
        #[command(flatten)]
        file: ConfigFile,
    },
    /// Take a key back; sockets that were opened with it close within seconds
    Revoke {
        /// The id that was printed with the key
        #[arg(long)]
        id: String,
        #[command(flatten)]
        file: ConfigFile,
    },
}

#[derive(Subcommand)]
pub(crate) enum DeliveryVerb {
    /// List dead letters, the newest first: id, bot, conversation, position, and what went wrong
    List(ConfigFile),
    /// Send one again
    Retry {
        /// The id that is listed
        #[arg(long)]
        id: i64,
        #[command(flatten)]
        file: ConfigFile,
    },
}

#[derive(Subcommand)]
pub(crate) enum StoreVerb {
    /// Copy it to a new file, also while the relay runs
    Backup {
        /// The new file
        #[arg(value_name = "COPY")]
        copy: PathBuf,
        #[command(flatten)]
        file: ConfigFile,
    },
    /// Put a copy in its place while no relay runs; what was there is kept beside it
    Restore {
        /// The copy
        #[arg(value_name = "COPY")]
        copy: PathBuf,
        /// Take a file whose -wal is lost, as far as it goes
        #[arg(long)]
        incomplete: bool,
        #[command(flatten)]
        file: ConfigFile,
    },
    /// Read all of it, also while the relay runs; exit code 1 if it does not hold together
    Check {
        /// A copy to read instead
        #[arg(value_name = "COPY")]
        copy: Option<PathBuf>,
        #[command(flatten)]
        file: ConfigFile,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Kind {
    Bot,
    App,
}
