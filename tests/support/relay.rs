//! The built relay as a process of its own, on free ports, with a store of its own.

use crate::port::Port;
use crate::{eventually, provided};
use std::fs::{File, OpenOptions};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use tempfile::TempDir;

/// What a relay is started with.
pub struct World {
    /// Added to the configuration, as TOML.
    pub config: String,
    /// `name = "…"` pairs of the environment.
    pub environment: Vec<(String, String)>,
    /// Where the webhook bot `hook` listens; channel `shop` has it.
    pub webhook: Option<String>,
    /// How long an offer rings, in seconds.
    pub offer_seconds: u64,
    /// How long an agent without a connection keeps its conversations, in seconds.
    pub agent_grace_seconds: u64,
    /// How long all that it does may take to end when it is told to stop, in seconds.
    pub drain_seconds: u64,
    /// Frames per minute and at once, of whoever sends them.
    pub frames: (u32, u32),
    /// Whether writes that wait are committed together.
    pub group_commit: bool,
    /// A program that starts the relay in its own place, given the command line as its last arguments.
    pub under: Vec<String>,
}

impl Default for World {
    fn default() -> Self {
        Self {
            config: String::new(),
            environment: Vec::new(),
            webhook: None,
            offer_seconds: 60,
            agent_grace_seconds: 60,
            drain_seconds: 5,
            frames: (1_000_000, 100_000),
            group_commit: true,
            under: Vec::new(),
        }
    }
}

/// A running relay. Its channels: `shop` (webhook bot, if the world has one), `solo` (a bot that connects by itself)
/// and `desk` (no bot: customers go straight to agents). Its agents: `ann`, `ben`, and the supervisor `sam`; each
/// password is the name and `-password`.
pub struct Relay {
    /// Where it listens.
    pub address: SocketAddr,
    /// Where the demo shop listens.
    pub shop: SocketAddr,
    /// Kept for it also while it does not run.
    _ports: [Port; 2],
    folder: TempDir,
    world: World,
    child: Option<Child>,
}

impl Relay {
    /// Starts a relay with an empty store.
    pub async fn start(world: World) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let ports = [Port::reserve(), Port::reserve()];
        let [address, shop] = [&ports[0], &ports[1]].map(Port::address);
        std::fs::write(folder.path().join("portico.toml"), configuration(&world, address, shop))
            .expect("a config file");
        let mut relay = Self {
            address,
            shop,
            _ports: ports,
            folder,
            world,
            child: None,
        };
        relay.spawn();
        relay.ready().await;
        relay
    }

    /// Starts a relay like most tests want it.
    pub async fn plain() -> Self {
        Self::start(World::default()).await
    }

    /// Its own origin.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The demo shop's origin.
    pub fn shop_origin(&self) -> String {
        format!("http://{}", self.shop)
    }

    /// The demo shop on another site than the relay's own: for browsers, `localhost` and `127.0.0.1` are two.
    pub fn foreign_shop_origin(&self) -> String {
        format!("http://localhost:{}", self.shop.port())
    }

    /// The store's file.
    pub fn database(&self) -> PathBuf {
        self.folder.path().join("portico.db")
    }

    /// The process id.
    ///
    /// # Panics
    /// When it does not run.
    pub fn pid(&self) -> u32 {
        self.child.as_ref().expect("a running relay").id()
    }

    /// Its resident memory in bytes.
    ///
    /// # Panics
    /// When it does not run.
    pub fn resident(&self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).expect("the relay runs");
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("VmRSS");
        let kib: usize = line
            .split_whitespace()
            .nth(1)
            .and_then(|text| text.parse().ok())
            .expect("a number");
        kib * 1024
    }

    /// The value of one metric, as it stands in `/metrics`: 0 while there is none.
    pub async fn metric(&self, name: &str) -> f64 {
        let metrics = reqwest::get(format!("{}/metrics", self.origin()))
            .await
            .expect("metrics");
        let metrics = metrics.text().await.expect("text");
        let value = metrics
            .lines()
            .find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
        value.unwrap_or_default()
    }

    /// Ends the process at once, as a power cut or the kernel would.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Waits until it ends by itself, and answers its exit code.
    ///
    /// # Panics
    /// When it does not run, or was killed.
    pub async fn ended(&mut self) -> i32 {
        let mut child = self.child.take().expect("a running relay");
        let status = eventually("the relay ends", || {
            let status = child.try_wait().expect("a child can be waited for");
            async move { status }
        });
        status.await.code().expect("an exit code")
    }

    /// From its next start on it runs by itself, without the program that it was started by.
    pub fn by_itself(&mut self) {
        self.world.under.clear();
    }

    /// From its next start on, this is set in its environment.
    pub fn sets(&mut self, name: &str, value: &str) {
        self.world.environment.push((name.to_owned(), value.to_owned()));
    }

    /// Its folder, as the relay itself sees it: also what is mounted there for it alone.
    pub fn inside(&self) -> PathBuf {
        let path = self.folder.path();
        PathBuf::from(format!("/proc/{}/root", self.pid())).join(path.strip_prefix("/").unwrap_or(path))
    }

    /// Starts it again with another addition to its configuration.
    pub async fn reconfigure(&mut self, config: &str) {
        self.world.config = config.to_owned();
        let configuration = configuration(&self.world, self.address, self.shop);
        std::fs::write(self.config(), configuration).expect("a config file");
        self.restart().await;
    }

    /// Starts it again on the same address and store.
    pub async fn restart(&mut self) {
        self.kill();
        self.spawn();
        self.ready().await;
    }

    /// Starts it again, which must fail, and answers its exit code.
    pub async fn does_not_start(&mut self) -> i32 {
        self.kill();
        self.spawn();
        self.ended().await
    }

    /// Asks it to end (SIGTERM) and waits; answers whether it ended by itself with success.
    pub async fn terminate(&mut self) -> bool {
        let Some(mut child) = self.child.take() else {
            return false;
        };
        let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
        assert!(told.is_ok_and(|status| status.success()), "the relay can be signalled");
        eventually("the relay ends", || {
            let status = child.try_wait().expect("a child can be waited for");
            async move { status }
        })
        .await
        .success()
    }

    /// Runs one of the relay's own commands on this relay's configuration and answers what it printed.
    ///
    /// # Panics
    /// When the command fails.
    pub fn command(&self, arguments: &[&str]) -> String {
        let output = self.output(arguments);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "portico {arguments:?}: {error}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Runs one of the relay's own commands, which must fail, and answers what it printed as the reason.
    ///
    /// # Panics
    /// When the command succeeds.
    pub fn refused_command(&self, arguments: &[&str]) -> String {
        let output = self.output(arguments);
        assert!(!output.status.success(), "portico {arguments:?} succeeded");
        String::from_utf8_lossy(&output.stderr).trim().to_owned()
    }

    /// Everything that it has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    fn output(&self, arguments: &[&str]) -> Output {
        let mut command = self.program(&[]);
        command.args(arguments).arg("--config").arg(self.config());
        command.output().expect("the relay runs")
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("relay.log")
    }

    fn config(&self) -> PathBuf {
        self.folder.path().join("portico.toml")
    }

    fn program(&self, under: &[String]) -> Command {
        let relay = provided("PORTICO_BIN");
        let mut command = match under {
            [] => Command::new(relay),
            [program, arguments @ ..] => {
                let mut command = Command::new(program);
                command.args(arguments).arg(relay);
                command
            }
        };
        // What the one who runs the tests has set for a relay of their own is not meant.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PORTICO_") {
                command.env_remove(name);
            }
        }
        command
            .current_dir(self.folder.path())
            .envs(self.world.environment.clone());
        // A release has the browser files in it; a debug build is told where they are, by a world that has others or by who
        // runs the tests.
        let has_own = self.world.environment.iter().any(|(name, _)| name == ASSETS);
        if let Some(assets) = std::env::var_os("PORTICO_ASSETS").filter(|_| !has_own) {
            command.env(ASSETS, assets);
        }
        command
    }

    fn spawn(&mut self) {
        let log = append(&self.log_file());
        let mut command = self.program(&self.world.under);
        command.arg("serve").arg("--config").arg(self.config());
        command
            .stdin(Stdio::null())
            .stderr(log.try_clone().expect("a log file"))
            .stdout(log);
        self.child = Some(command.spawn().expect("the relay starts"));
    }

    async fn ready(&mut self) {
        let url = format!("{}/readyz", self.origin());
        let client = reqwest::Client::new();
        eventually("the relay is ready", || {
            let ended = self.child.as_mut().and_then(|child| child.try_wait().ok()).flatten();
            assert!(
                ended.is_none(),
                "the relay ended: {}",
                std::fs::read_to_string(self.log_file()).unwrap_or_default()
            );
            let request = client.get(&url).send();
            async move {
                request
                    .await
                    .ok()
                    .filter(|answer| answer.status().is_success())
                    .map(|_| ())
            }
        })
        .await;
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            eprintln!("--- the relay's log ---\n{}", self.log());
        }
    }
}

fn append(path: &Path) -> File {
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .expect("a log file")
}

fn configuration(world: &World, address: SocketAddr, shop: SocketAddr) -> String {
    let widget = |channel: &str| {
        format!(
            r##"[channels.{channel}.widget]
title = "Fernweh Outdoor"
greeting = "Hello. How can we help?"
expectation = "We usually answer within a few minutes."
starters = ["Which tent fits two people?", "Talk to a person"]
accent = "#1f6f54"
"##
        )
    };
    let channel = |name: &str, bot: &str| {
        format!(
            "[channels.{name}]\nname = \"{name}\"\norigins = [\"http://{shop}\", \"http://localhost:{}\", \"http://shop.example\"]\nbot = \"{bot}\"\n\
             queue = \"support\"\n\
             [[channels.{name}.keys]]\nkid = \"site\"\nalgorithm = \"HS256\"\nkey = \"{SITE_KEY}\"\nissuer = \"https://site.example\"\naudience = \"portico\"\n{}",
            shop.port(),
            widget(name)
        )
    };
    let user = |name: &str, first: &str, roles: &str| {
        format!(
            "[[users]]\nusername = \"{name}\"\npassword = \"{name}-password\"\nfirst_name = \"{first}\"\nlast_name = \"Archer\"\nroles = [{roles}]\n"
        )
    };
    let hook = world.webhook.clone().unwrap_or_default();
    let shop_bot = if hook.is_empty() { "" } else { "hook" };
    let hook_bot = if hook.is_empty() {
        String::new()
    } else {
        format!(
            "[bots.hook]\nname = \"Fern\"\nwebhook = \"{hook}\"\nsecret = \"{WEBHOOK_SECRET}\"\ntimeout_seconds = 3\n"
        )
    };
    [
        user("ann", "Ann", "\"agent\""),
        user("ben", "Ben", "\"agent\""),
        user("sam", "Sam", "\"agent\", \"supervisor\""),
        format!(
            "[server]\nlisten = \"{address}\"\ndrain_seconds = {}\n",
            world.drain_seconds
        ),
        format!("[demo]\nlisten = \"{shop}\"\n"),
        format!("[store]\npath = \"portico.db\"\ngroup_commit = {}\n", world.group_commit),
        "[log]\nformat = \"json\"\nfilter = \"info\"\n".to_owned(),
        format!(
            "[limits]\nframes_per_minute = {0}\nframes_burst = {1}\nagent_frames_per_minute = {0}\nagent_frames_burst = {1}\n\
             bot_frames_per_minute = {0}\nbot_frames_burst = {1}\nsessions_per_minute = 1000000\nsign_ins_per_minute = 1000\n\
             connections = 1000000\nconnections_per_address = 1000000\nsockets_per_customer = 10\n",
            world.frames.0, world.frames.1
        ),
        format!(
            "[routing]\noffer_seconds = {}\nagent_grace_seconds = {}\n",
            world.offer_seconds, world.agent_grace_seconds
        ),
        hook_bot,
        "[bots.robot]\nname = \"Robot\"\n".to_owned(),
        channel("shop", shop_bot),
        channel("demo", shop_bot),
        channel("solo", "robot"),
        channel("desk", ""),
        world.config.clone(),
    ]
    .join("\n")
}

/// How a relay is told where browser files are.
pub const ASSETS: &str = "PORTICO_SERVER__ASSETS";

/// What the webhook bot's calls are signed with.
pub const WEBHOOK_SECRET: &str = "a secret of at least sixteen bytes";

/// What the site's back end signs its customers' tokens with.
pub const SITE_KEY: &str = "thirty-two bytes of a site's own secret key";
