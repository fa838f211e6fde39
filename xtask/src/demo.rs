//! `cargo xtask demo`: a shop with the widget, the relay, the desk and a bot, all on this machine.

use std::{
    collections::BTreeMap,
    fs,
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::{children::Children, product, steps::Steps, tools, workspace::Workspace};

/// Runs the release build until Ctrl-C.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let mut steps = Steps::new(2 + product::BUILD_STEPS);
    let tools = steps.run("Set-up", || tools::for_build(workspace))?;
    product::build(workspace, &tools, &mut steps)?;

    let mut children = Children::new()?;
    let demo = Demo::prepare(workspace)?;
    steps.run("Start", || {
        let relay = demo.relay(workspace, &workspace.release_program(product::RELAY));
        demo.start(
            &mut children,
            workspace,
            &workspace.release_program(product::BOT),
            relay,
        )
    })?;
    let relay = format!("http://{}", demo.relay_address());
    println!("\n{}\n\n  Ctrl-C stops it.", demo.addresses(&relay));
    children.wait_for_interrupt()
}

/// The demo's configuration of the relay, and an empty store for this run.
pub(crate) struct Demo {
    config: PathBuf,
    store: PathBuf,
    known: Known,
}

/// What these commands read of the relay's configuration.
#[derive(Deserialize)]
struct Known {
    server: Listener,
    demo: Listener,
    bots: BTreeMap<String, Bot>,
    users: Vec<User>,
}

#[derive(Deserialize)]
struct Listener {
    listen: SocketAddr,
}

#[derive(Deserialize)]
struct Bot {
    webhook: String,
    secret: String,
}

#[derive(Deserialize)]
struct User {
    username: String,
    password: String,
    roles: Vec<String>,
}

impl Demo {
    /// Reads the configuration and empties the store.
    pub(crate) fn prepare(workspace: &Workspace) -> Result<Self> {
        let config = workspace.root().join("server/config.demo.toml");
        let text = fs::read_to_string(&config).with_context(|| format!("cannot read {}", config.display()))?;
        let known = toml::from_str(&text).with_context(|| format!("cannot use {}", config.display()))?;

        let folder = workspace.scratch().join("demo");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        let store = folder.join("portico.db");
        Ok(Self { config, store, known })
    }

    /// The relay's program with this configuration.
    pub(crate) fn relay(&self, workspace: &Workspace, program: &Path) -> Command {
        let mut command = workspace.command(program);
        command
            .args(["serve", "--config"])
            .arg(&self.config)
            .env("PORTICO_STORE__PATH", &self.store);
        command
    }

    /// Starts the bots that the relay calls, then the relay, and waits until it listens.
    pub(crate) fn start(
        &self,
        children: &mut Children,
        workspace: &Workspace,
        bot: &Path,
        mut relay: Command,
    ) -> Result<()> {
        let shop = format!("http://{}", self.known.demo.listen);
        for Bot { webhook, secret } in self.known.bots.values() {
            let mut command = workspace.command(bot);
            command
                .args(["--listen", authority(webhook), "--shop", &shop])
                .env("DEMO_BOT_SECRET", secret);
            children.start("the bot", &mut command)?;
        }
        children.start("the relay", &mut relay)?;
        let address = self.relay_address();
        children.wait_until(|| TcpStream::connect(address).is_ok())
    }

    /// Where the relay listens.
    pub(crate) fn relay_address(&self) -> SocketAddr {
        self.known.server.listen
    }

    /// Where to go and how to sign in, for people whose browser finds the relay at this origin.
    pub(crate) fn addresses(&self, relay: &str) -> String {
        let Known { demo, users, .. } = &self.known;
        let mut lines = vec![
            format!("  Shop with the widget   http://{}/", demo.listen),
            format!("  Desk                   {relay}/desk/"),
        ];
        for User {
            username,
            password,
            roles,
        } in users
        {
            lines.push(format!(
                "    sign in as {username} / {password}   ({})",
                roles.join(", ")
            ));
        }
        lines.join("\n")
    }
}

/// Host and port of an address.
fn authority(url: &str) -> &str {
    let (_, rest) = url.split_once("://").unwrap_or(("", url));
    rest.split('/').next().unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = r#"
[server]
listen = "127.0.0.1:8080"

[demo]
listen = "127.0.0.1:8081"

[bots]

[[users]]
username = "ann"
password = "secret"
first_name = "Ann"
roles = ["agent", "supervisor"]
"#;

    #[test]
    fn the_demo_says_where_to_go_and_how_to_sign_in() {
        let known: Known = toml::from_str(CONFIG).expect("the configuration is complete");
        let demo = Demo {
            config: PathBuf::new(),
            store: PathBuf::new(),
            known,
        };
        assert_eq!(
            demo.addresses("http://127.0.0.1:8080"),
            "  Shop with the widget   http://127.0.0.1:8081/\n\
             \x20 Desk                   http://127.0.0.1:8080/desk/\n\
             \x20   sign in as ann / secret   (agent, supervisor)"
        );
    }

    #[test]
    fn a_bot_listens_where_the_relay_calls() {
        assert_eq!(authority("http://127.0.0.1:8082/bot"), "127.0.0.1:8082");
    }
}
