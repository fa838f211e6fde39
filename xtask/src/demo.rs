//! `cargo xtask demo`: a shop with the widget, the relay, the desk and a bot, all on this machine.

use std::{
    fs,
    net::{SocketAddr, TcpStream},
    path::PathBuf,
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
    let config = Config::write(workspace, None)?;
    steps.run("Start", || {
        config.start_bot(&mut children, workspace, workspace.release_program(product::BOT))?;
        config.start_relay(&mut children, workspace, workspace.release_program(product::RELAY))
    })?;
    println!("\n{}\n\n  Ctrl-C stops it.", config.addresses());
    children.wait_for_interrupt()
}

/// The relay's configuration of a demo, as a file that was written for this run.
pub(crate) struct Config {
    path: PathBuf,
    known: Known,
}

/// What these commands read of the relay's configuration.
#[derive(Deserialize)]
struct Known {
    server: Listener,
    demo: Listener,
    bots: Bots,
    users: Vec<User>,
}

#[derive(Deserialize)]
struct Listener {
    listen: SocketAddr,
}

#[derive(Deserialize)]
struct Bots {
    guide: Bot,
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

impl Config {
    /// Writes `xtask/demo.toml` with an empty store; `public_url` replaces the relay's own origin.
    pub(crate) fn write(workspace: &Workspace, public_url: Option<&str>) -> Result<Self> {
        let text = fs::read_to_string(workspace.root().join("xtask/demo.toml"))?;
        let folder = workspace.scratch().join("demo");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;

        let mut table: toml::Table = toml::from_str(&text)?;
        let store = toml::Table::from_iter([(
            "path".to_owned(),
            folder.join("portico.db").display().to_string().into(),
        )]);
        table.insert("store".to_owned(), store.into());
        if let Some(url) = public_url {
            let server = table
                .get_mut("server")
                .and_then(toml::Value::as_table_mut)
                .context("no [server]")?;
            server.insert("public_url".to_owned(), url.into());
        }
        let path = folder.join("portico.toml");
        fs::write(&path, toml::to_string(&table)?)?;
        Ok(Self {
            path,
            known: table.try_into().context("xtask/demo.toml")?,
        })
    }

    /// Starts the relay and waits until it listens.
    pub(crate) fn start_relay(&self, children: &mut Children, workspace: &Workspace, program: PathBuf) -> Result<()> {
        children.start(
            "the relay",
            workspace.command(program).args(["serve", "--config"]).arg(&self.path),
        )?;
        let address = self.known.server.listen;
        children.wait_until(|| TcpStream::connect(address).is_ok())
    }

    /// Starts the bot that the relay calls.
    pub(crate) fn start_bot(&self, children: &mut Children, workspace: &Workspace, program: PathBuf) -> Result<()> {
        let Bot { webhook, secret } = &self.known.bots.guide;
        let address = webhook
            .trim_start_matches("http://")
            .split('/')
            .next()
            .unwrap_or_default();
        let mut command = workspace.command(program);
        children.start("the bot", command.args(["--listen", address, "--secret", secret]))
    }

    /// Where to go and how to sign in, for people.
    pub(crate) fn addresses(&self) -> String {
        let Known {
            server, demo, users, ..
        } = &self.known;
        let mut lines = vec![
            format!("  Shop with the widget   http://{}/", demo.listen),
            format!("  Desk                   http://{}/desk/", server.listen),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_says_where_to_go_and_how_to_sign_in() {
        let known: Known = toml::from_str(include_str!("../demo.toml")).expect("the demo's configuration is complete");
        let config = Config {
            path: PathBuf::new(),
            known,
        };
        assert_eq!(
            config.addresses(),
            "  Shop with the widget   http://127.0.0.1:8081/\n\
             \x20 Desk                   http://127.0.0.1:8080/desk/\n\
             \x20   sign in as ana / ana-demo   (agent)\n\
             \x20   sign in as sam / sam-demo   (agent, supervisor, admin)"
        );
    }
}
