//! The command line: what can be said, and its help.

mod programs;

pub(crate) use programs::ProgramVerb;

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
    /// Add, change and disable contact-centre users, and see where they are signed in
    #[command(subcommand)]
    User(UserVerb),
    /// Make and revoke keys of bots of the configuration, and of apps that are not registered
    #[command(subcommand)]
    Key(KeyVerb),
    /// Register bots and apps, change and disable them, and make and retire their keys and secrets
    #[command(subcommand)]
    Program(ProgramVerb),
    /// Look customers up, label and merge them, and note what is known of them
    #[command(subcommand)]
    Customer(CustomerVerb),
    /// Have all erased that is known of a customer; the relay does it within a minute, or when it is started
    Erase {
        /// Its id; or, where nothing is known under it, issuer, | and subject of the site's token
        #[arg(long)]
        customer: String,
        #[command(flatten)]
        file: ConfigFile,
    },
    /// List the record of erasures, the newest first: number, at whose wish, begun, done, conversations, events, files, activities;
    /// of those by retention_days also the channel and its days
    Erasures(ConfigFile),
    /// Look at what is erased because its channel keeps it no longer
    #[command(subcommand)]
    Retention(RetentionVerb),
    /// Look at who did what, and whether the record of that is as it was written
    #[command(subcommand)]
    Audit(AuditVerb),
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
    /// List all: name to sign in with, name, roles, and whether disabled
    List(ConfigFile),
    /// Give other roles; open sockets close within seconds and come back with other rights
    Roles {
        /// Who
        #[arg(long)]
        username: String,
        /// agent, supervisor, administrator, evaluator, or a role of the configuration; may be repeated, and replaces all
        #[arg(long = "role", required = true)]
        roles: Vec<String>,
        #[command(flatten)]
        file: ConfigFile,
    },
    /// List where a user is signed in, the newest first: id, since when, and until when
    Sessions(OneUser),
    /// End all sessions of a user, or one; open sockets close within seconds
    Revoke {
        /// Who
        #[arg(long)]
        username: String,
        /// The id that is listed; all when absent
        #[arg(long)]
        session: Option<String>,
        #[command(flatten)]
        file: ConfigFile,
    },
    /// Give the right to sign in back
    Enable(OneUser),
    /// Take the right to sign in, and end all sessions; open sockets close within seconds
    Disable {
        /// Who
        #[arg(long)]
        username: String,
        #[command(flatten)]
        file: ConfigFile,
    },
}

#[derive(Args)]
pub(crate) struct OneUser {
    /// Who
    #[arg(long)]
    pub(crate) username: String,
    #[command(flatten)]
    pub(crate) file: ConfigFile,
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
    /// agent, supervisor, administrator, evaluator, or a role of the configuration; may be repeated
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
        /// What an app may do, activities:write or identities:write; may be repeated
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
pub(crate) enum CustomerVerb {
    /// List the first 20 that a text finds: id, name, whether a site vouches for it, what it is known by, and its labels
    Find {
        /// Beginnings of words of names, addresses and numbers, an id, or issuer, | and subject of the site's token
        #[arg(value_name = "TEXT")]
        text: String,
        #[command(flatten)]
        file: ConfigFile,
    },
    /// Put a label on a customer
    Label(CustomerLabel),
    /// Take a label away from a customer
    Unlabel(CustomerLabel),
    /// Note an attribute of a customer
    Set {
        #[command(flatten)]
        attribute: NamedAttribute,
        /// A value of its type
        #[arg(long, value_name = "TEXT")]
        value: String,
    },
    /// Forget an attribute of a customer
    Unset(NamedAttribute),
    /// List what is noted of a customer: key and value
    Attributes(NamedCustomer),
    /// Show two customers as one person; nothing of either moves
    Merge {
        /// The id of one; or, where nothing is known under it, issuer, | and subject of the site's token
        #[arg(long)]
        customer: String,
        /// As whom both are shown
        #[arg(long)]
        into: String,
        #[command(flatten)]
        file: ConfigFile,
    },
    /// Show a customer by itself again
    Split(NamedCustomer),
    /// Write all that is known of a customer into a ZIP archive, with a manifest that says what is left out and why
    Export {
        /// Its id; or, where nothing is known under it, issuer, | and subject of the site's token
        #[arg(value_name = "CUSTOMER")]
        customer: String,
        /// The new file, readable for the relay's own user alone
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
        #[command(flatten)]
        file: ConfigFile,
    },
    /// List merges of a customer, the newest first: who into whom, by whom, when, and who has undone it
    Merges(NamedCustomer),
}

#[derive(Args)]
pub(crate) struct NamedAttribute {
    #[command(flatten)]
    pub(crate) customer: NamedCustomer,
    /// Key of the attribute, as in attributes of the configuration
    #[arg(long)]
    pub(crate) key: String,
}

#[derive(Args)]
pub(crate) struct NamedCustomer {
    /// Its id; or, where nothing is known under it, issuer, | and subject of the site's token
    #[arg(long)]
    pub(crate) customer: String,
    #[command(flatten)]
    pub(crate) file: ConfigFile,
}

#[derive(Args)]
pub(crate) struct CustomerLabel {
    /// Its id; or, where nothing is known under it, issuer, | and subject of the site's token
    #[arg(long)]
    pub(crate) customer: String,
    /// Id of the label, as in labels of the configuration
    #[arg(long)]
    pub(crate) label: String,
    #[command(flatten)]
    pub(crate) file: ConfigFile,
}

#[derive(Subcommand)]
pub(crate) enum RetentionVerb {
    /// List channels with retention_days, and erase nothing: channel, days, conversations that are to go, those among them that
    /// wait for a delivery, when the first and the last of them ended, and whether they go now
    Show(ConfigFile),
}

#[derive(Subcommand)]
pub(crate) enum AuditVerb {
    /// List records, the newest first: number, time, who, what was done, to what, and more about it
    List {
        /// Not those before: 2026-11-30, which begins at midnight UTC, or 2026-11-30T12:00:00Z
        #[arg(long, value_name = "TIME")]
        since: Option<String>,
        /// Only those of this action, such as user.disabled
        #[arg(long, value_name = "NAME")]
        action: Option<String>,
        /// Only those with a smaller number: the last one that was listed, to go on
        #[arg(long, value_name = "NUMBER")]
        before: Option<i64>,
        /// How many at most; no more than 500
        #[arg(long, default_value_t = 100)]
        limit: u32,
        #[command(flatten)]
        file: ConfigFile,
    },
    /// Read all of it; exit code 1 and the number of the first record that is not as it was written, if there is one
    Verify {
        /// What an earlier run of this has printed, kept elsewhere: shows whether the log was cut off or written anew since
        #[arg(long, value_name = "NUMBER:HASH")]
        kept: Option<String>,
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
