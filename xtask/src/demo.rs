//! `cargo xtask demo`: a shop with the widget, the relay, the desk and a bot, all on this machine.

use std::{
    collections::BTreeMap,
    env, fs,
    net::{SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::{
    assets::{self, Build},
    children::Children,
    product, progress,
    steps::Steps,
    tools,
    workspace::Workspace,
};

/// The ports that the demo's configuration names: of the relay, of the shop, of the bot, of the playground and of its line.
const PORTS: [u16; 5] = [8080, 8081, 8082, 8083, 8084];

/// The steps that [`build`] takes.
pub(crate) const BUILD_STEPS: usize = 2;

/// Builds quickly, and runs until Ctrl-C.
pub(crate) fn run(workspace: &Workspace, port: Option<u16>, open: bool) -> Result<()> {
    let demo = Demo::prepare(workspace, port)?;
    println!("The first build takes some minutes, about 6 on two cores; after that it takes seconds.");
    let mut steps = Steps::new(2 + BUILD_STEPS);
    steps.run("Set-up", || tools::for_fast_build(workspace))?;
    build(workspace, &mut steps)?;
    let mut children = Children::new()?;
    steps.run("Start", || demo.start(&mut children, workspace))?;
    println!("\n{}\n\n{}", demo.addresses(), demo.suggestions());
    if open {
        open_browser(&demo.shop())?;
    }
    children.wait_for_interrupt()
}

/// Builds what the demo runs, as the tests do.
pub(crate) fn build(workspace: &Workspace, steps: &mut Steps) -> Result<()> {
    steps.run("Build the relay, the demo bot and the playground", || {
        let packages = [product::RELAY, product::BOT, product::PLAYGROUND];
        let mut command = workspace.cargo(["build", "--locked"]);
        command.args(packages.into_iter().flat_map(|package| ["--package", package]));
        progress::cargo(&mut command)
    })?;
    steps.run("Build the widget and the desk", || {
        assets::build(workspace, Build::Fast)
    })
}

/// The demo's configuration of the relay, and an empty store for this run.
pub(crate) struct Demo {
    config: PathBuf,
    store: PathBuf,
    known: Known,
    /// Where the playground is, and where its line begins.
    playground: [SocketAddr; 2],
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
    /// Writes the configuration for five ports from `port` on, checks that they are free, and empties the store.
    pub(crate) fn prepare(workspace: &Workspace, port: Option<u16>) -> Result<Self> {
        let original = workspace.root().join("server/config.demo.toml");
        let text = fs::read_to_string(&original).with_context(|| format!("cannot read {}", original.display()))?;
        let text = with_ports(text, port);
        let known: Known = toml::from_str(&text).with_context(|| format!("cannot use {}", original.display()))?;
        let playground = playground(port);
        known.check_ports(&playground)?;

        let folder = workspace.scratch().join("demo");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        let config = folder.join("portico.toml");
        fs::write(&config, text)?;
        let store = folder.join("portico.db");
        Ok(Self {
            config,
            store,
            known,
            playground,
        })
    }

    /// Starts the bots that the relay calls, then the relay and the playground, and waits until the relay listens.
    pub(crate) fn start(&self, children: &mut Children, workspace: &Workspace) -> Result<()> {
        for Bot { webhook, secret } in self.known.bots.values() {
            let mut command = workspace.command(workspace.debug_program(product::BOT));
            command
                .args(["--listen", authority(webhook), "--shop", &self.shop()])
                .env("DEMO_BOT_SECRET", secret);
            children.start("the bot", &mut command)?;
        }
        let mut relay = workspace.command(workspace.debug_program(product::RELAY));
        relay
            .args(["serve", "--config"])
            .arg(&self.config)
            .env("PORTICO_STORE__PATH", &self.store)
            .env("PORTICO_SERVER__ASSETS", Build::Fast.folder(workspace))
            // What it is asked to say stands below the addresses, and would move them out of sight.
            .env("PORTICO_LOG__FILTER", "warn");
        children.start("the relay", &mut relay)?;
        let address = self.known.server.listen;
        let [page, line] = self.playground;
        let mut playground = workspace.command(workspace.debug_program(product::PLAYGROUND));
        for (option, address) in [("--listen", page), ("--line", line), ("--relay", address)] {
            playground.arg(option).arg(address.to_string());
        }
        children.start("the playground", &mut playground)?;
        children.wait_until(|| TcpStream::connect(address).is_ok())
    }

    /// Where the shop is.
    fn shop(&self) -> String {
        format!("http://{}/", self.known.demo.listen)
    }

    fn desk(&self) -> String {
        format!("http://{}/desk/", self.known.server.listen)
    }

    /// Where to go and how to sign in.
    pub(crate) fn addresses(&self) -> String {
        let mut lines = vec![
            format!("  Shop with the widget   {}", self.shop()),
            format!("  Playground             http://{}/", self.playground[0]),
            format!("  Desk                   {}", self.desk()),
        ];
        for User {
            username,
            password,
            roles,
        } in &self.known.users
        {
            lines.push(format!(
                "    sign in as {username} / {password}   ({})",
                roles.join(", ")
            ));
        }
        lines.join("\n")
    }

    /// What to try first, and how to end.
    fn suggestions(&self) -> String {
        let name = self.known.users.first().map_or("an agent", |user| &user.username);
        format!(
            "  Try this first:\n\
             \x20   1. Open the shop, press the round button at the bottom, and ask for a tent.\n\
             \x20   2. Ask for a person.\n\
             \x20   3. Open the desk in another window, sign in as {name}, become ready, and accept the chat.\n\
             \x20   4. Open the playground, change the chat, and make its line bad.\n\n\
             \x20 Ctrl-C stops everything."
        )
    }
}

impl Known {
    /// Better now than after the build.
    fn check_ports(&self, playground: &[SocketAddr]) -> Result<()> {
        let bots = self
            .bots
            .values()
            .filter_map(|bot| authority(&bot.webhook).parse().ok());
        let others = bots.chain(playground.iter().copied());
        for address in [self.server.listen, self.demo.listen].into_iter().chain(others) {
            if let Err(error) = TcpListener::bind(address) {
                bail!(
                    "the demo needs port {}, and cannot have it ({error}): stop the program that listens there, or take \
                     other ports by `cargo xtask demo --port {}`",
                    address.port(),
                    PORTS[0] + 1000
                );
            }
        }
        Ok(())
    }
}

/// Where the playground is and where its line begins, of ports from `port` on.
fn playground(port: Option<u16>) -> [SocketAddr; 2] {
    [3, 4].map(|at: u16| SocketAddr::from(([127, 0, 0, 1], port.unwrap_or(PORTS[0]).saturating_add(at))))
}

/// The configuration with its ports moved to `port` and the next ones.
fn with_ports(text: String, port: Option<u16>) -> String {
    let Some(port) = port else { return text };
    (port..).zip(PORTS).fold(text, |text, (new, old)| {
        text.replace(&format!(":{old}"), &format!(":{new}"))
    })
}

/// Shows an address in the user's browser.
fn open_browser(address: &str) -> Result<()> {
    let (program, arguments): (&str, &[&str]) = match env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("cmd", &["/C", "start"]),
        _ => ("xdg-open", &[]),
    };
    let mut command = Command::new(program);
    command
        .args(arguments)
        .arg(address)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if command.spawn().is_err() {
        println!("\n  There is no `{program}` that would open a browser: open {address} yourself.");
    }
    Ok(())
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

[bots.robot]
webhook = "http://127.0.0.1:8082/bot"
secret = "secret"

[[users]]
username = "ann"
password = "secret"
first_name = "Ann"
roles = ["agent", "supervisor"]
"#;

    fn known(text: &str) -> Known {
        toml::from_str(text).expect("the configuration is complete")
    }

    #[test]
    fn the_demo_says_where_to_go_and_how_to_sign_in() {
        let demo = Demo {
            config: PathBuf::new(),
            store: PathBuf::new(),
            known: known(CONFIG),
            playground: playground(None),
        };
        assert_eq!(
            demo.addresses(),
            "  Shop with the widget   http://127.0.0.1:8081/\n\
             \x20 Playground             http://127.0.0.1:8083/\n\
             \x20 Desk                   http://127.0.0.1:8080/desk/\n\
             \x20   sign in as ann / secret   (agent, supervisor)"
        );
    }

    #[test]
    fn a_bot_listens_where_the_relay_calls() {
        assert_eq!(authority("http://127.0.0.1:8082/bot"), "127.0.0.1:8082");
    }

    #[test]
    fn other_ports_are_in_a_row() {
        let known = known(&with_ports(CONFIG.to_owned(), Some(9090)));
        assert_eq!(known.server.listen.port(), 9090);
        assert_eq!(known.demo.listen.port(), 9091);
        assert_eq!(authority(&known.bots["robot"].webhook), "127.0.0.1:9092");
        assert_eq!(playground(Some(9090)).map(|address| address.port()), [9093, 9094]);
    }

    #[test]
    fn a_taken_port_is_named_with_its_remedy() {
        let taken = TcpListener::bind("127.0.0.1:0").expect("some port is free");
        let port = taken.local_addr().expect("it listens").port();
        let config = CONFIG
            .replace("8081", &port.to_string())
            .replace("8080", "0")
            .replace("8082", "0");
        let error = known(&config).check_ports(&[]).expect_err("somebody listens there");
        assert!(error.to_string().contains(&format!("port {port},")), "{error}");
        assert!(error.to_string().contains("--port 9080"), "{error}");
    }
}
