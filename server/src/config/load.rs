//! From files and environment to a checked [`Config`].

use super::check::{self, Problem};
use super::environment::Environment;
use super::reference::DEFAULT;
use super::{reading, secrets};
use figment::Figment;
use figment::providers::{Format, Toml};
use figment::value::{Dict, Value};
use portico_core::config::Config;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file that was named cannot be read.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// The error of the operating system.
        #[source]
        source: std::io::Error,
    },
    /// Values are missing or wrong; all that were found.
    #[error("{}", lines(.0))]
    Invalid(Vec<Problem>),
}

/// The defaults, then the file if there is one, then the environment.
pub fn load(file: Option<&Path>) -> Result<Config, ConfigError> {
    extract(merged(file)?)
}

/// The defaults and then this text, whatever the environment says. For tests and embedders.
pub fn from_toml(text: &str) -> Result<Config, ConfigError> {
    let mut values = parsed(Some(text))?;
    reading::complete(&mut values);
    extract(Merged {
        values,
        problems: Vec::new(),
    })
}

/// What [`load`] would see, as TOML, without secrets.
pub fn show(file: Option<&Path>) -> Result<String, ConfigError> {
    let merged = merged(file)?;
    let mut all = merged.values.clone();
    extract(merged)?;
    secrets::redact(&mut all);
    Ok(toml::to_string(&all).expect("what was read as TOML can be written as TOML"))
}

/// Variables that begin like ours, are no keys, and are not nearly one either; each with the nearest key.
pub fn unknown_variables(file: Option<&Path>) -> Result<Vec<String>, ConfigError> {
    Ok(Environment::read(variables(), &parsed(text(file)?.as_deref())?).unknown)
}

/// All that was said, from whatever source.
struct Merged {
    values: Dict,
    /// What was said and cannot be meant.
    problems: Vec<Problem>,
}

fn merged(file: Option<&Path>) -> Result<Merged, ConfigError> {
    let mut values = parsed(text(file)?.as_deref())?;
    let environment = Environment::read(variables(), &values);
    override_by(&mut values, environment.values);
    reading::complete(&mut values);
    Ok(Merged {
        values,
        problems: environment.problems,
    })
}

fn extract(merged: Merged) -> Result<Config, ConfigError> {
    let (config, unreadable) = reading::read(merged.values);
    let mut problems = merged.problems;
    problems.extend(unreadable);
    let known: Vec<String> = problems.iter().map(|problem| problem.key.clone()).collect();
    let further = config.as_ref().map(check::problems).unwrap_or_default();
    // What stands in for a value that could not be read is no problem of the operator's.
    let stands_in = |problem: &Problem| known.iter().any(|key| is_judged_by(&problem.key, key));
    problems.extend(further.into_iter().filter(|problem| !stands_in(problem)));
    match config {
        Some(config) if problems.is_empty() => Ok(config),
        Some(_) | None => Err(ConfigError::Invalid(problems)),
    }
}

/// Whether what is found at one place depends on what stands at another: the same, one around it, or the algorithm that a
/// key is for.
fn is_judged_by(found: &str, other: &str) -> bool {
    let around = found
        .strip_prefix(other)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
    around
        || found
            .strip_suffix("key")
            .is_some_and(|at| other.strip_suffix("algorithm") == Some(at))
}

fn text(file: Option<&Path>) -> Result<Option<String>, ConfigError> {
    let Some(path) = file else { return Ok(None) };
    std::fs::read_to_string(path)
        .map(Some)
        .map_err(|source| ConfigError::Unreadable {
            path: path.to_owned(),
            source,
        })
}

/// The defaults and a file's text over them.
fn parsed(text: Option<&str>) -> Result<Dict, ConfigError> {
    let text = text.unwrap_or_default();
    text.parse::<toml::Table>().map_err(|error| unreadable(text, &error))?;
    let figment = Figment::from(Toml::string(DEFAULT)).merge(Toml::string(text));
    figment.extract().map_err(|error| {
        let problem = |error: figment::Error| Problem {
            key: "the file".to_owned(),
            value: None,
            what: error.kind.to_string(),
        };
        ConfigError::Invalid(error.into_iter().map(problem).collect())
    })
}

/// Says where a text is no TOML, without quoting it: there may be a secret in it.
fn unreadable(text: &str, error: &toml::de::Error) -> ConfigError {
    let at = error.span().map_or(0, |span| span.start).min(text.len());
    let line = text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
    ConfigError::Invalid(vec![Problem {
        key: format!("the file, line {line}"),
        value: None,
        what: format!("is not TOML: {}", error.message().replace('\n', "; ")),
    }])
}

fn variables() -> impl Iterator<Item = (String, String)> {
    let text = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
    std::env::vars_os().map(move |(name, value)| (text(name), text(value)))
}

/// Puts values over others, section by section.
fn override_by(values: &mut Dict, others: Dict) {
    for (key, other) in others {
        match (values.get_mut(&key), other) {
            (Some(Value::Dict(_, inner)), Value::Dict(_, others)) => override_by(inner, others),
            (_, other) => drop(values.insert(key, other)),
        }
    }
}

fn lines(problems: &[Problem]) -> String {
    let mut text = String::new();
    for (at, problem) in problems.iter().enumerate() {
        let separator = if at == 0 { "" } else { "\n" };
        let _ = write!(text, "{separator}{problem}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        from_toml(text).expect_err(text).to_string()
    }

    #[test]
    fn the_defaults_are_a_configuration_without_users_bots_and_channels() {
        let config = from_toml("").expect("the defaults are good");
        assert!(config.users.is_empty() && config.bots.is_empty() && config.channels.is_empty());
        assert_eq!(
            config.own_origin(config.server.listen).to_string(),
            "http://127.0.0.1:8080"
        );
    }

    #[test]
    fn the_demo_is_a_configuration() {
        let config = from_toml(include_str!("../../config.demo.toml")).expect("the demo is good");
        let shops = ["http://127.0.0.1:8081", "http://localhost:8081"];
        let playground = ["http://127.0.0.1:8083", "http://127.0.0.1:8084"];
        assert_eq!(config.channels["demo"].origins, [shops, playground].concat());
    }

    #[test]
    fn every_example_of_the_defaults_is_good_once_its_mark_is_taken_off() {
        let with_examples: String = DEFAULT
            .lines()
            .map(|line| format!("{}\n", line.strip_prefix("#~ ").unwrap_or(line)))
            .collect();
        let config = from_toml(&with_examples).expect("the examples are good");
        assert_eq!(config.channels.len(), 1);
    }

    #[test]
    fn an_unreadable_value_is_named_with_its_key() {
        assert_eq!(
            refused("server.listen = \"nowhere\""),
            "server.listen: \"nowhere\": invalid socket address syntax"
        );
        assert_eq!(
            refused("server.drain_seconds = \"soon\""),
            "server.drain_seconds: \"soon\": expected u64"
        );
        assert_eq!(
            refused("log.format = \"xml\""),
            "log.format: \"xml\": expected one of pretty, json"
        );
    }

    #[test]
    fn an_unreadable_value_in_a_list_is_named_with_its_place() {
        let user =
            "[[users]]\nusername = \"ann\"\npassword = \"long enough\"\nfirst_name = \"Ann\"\nroles = [\"agent\"]\n";
        assert_eq!(
            refused(&format!("{user}{}max_tasks = 500", user.replace("ann", "ben"))),
            "users[1].max_tasks: \"500\": expected u8"
        );
        assert_eq!(
            refused(&format!("{user}queues = [\"support\", 7]")),
            "users[0].queues[1]: \"7\": expected a string"
        );
        assert!(refused(&format!("{user}nick = \"a\"")).starts_with("users[0].nick: no such key; "));
        assert_eq!(
            refused("[[wrapups]]\nvalues = [\"x\"]"),
            "wrapups[0].category: is missing"
        );
        assert_eq!(
            refused("[[users]]\nusername = \"ann\"\npassword = 12345678"),
            "users[0].password: expected a string\nusers[0].first_name: is missing\nusers[0].roles: is missing"
        );
    }

    #[test]
    fn a_key_that_is_unknown_or_missing_is_named() {
        let unknown = refused("server.lissten = \"127.0.0.1:1\"");
        assert!(
            unknown.starts_with("server.lissten: no such key; keys here are listen, "),
            "{unknown}"
        );
        assert_eq!(refused("[queues.sales]"), "queues.sales.name: is missing");
    }

    #[test]
    fn all_mistakes_are_named_at_once_whether_they_are_unreadable_or_wrong() {
        let text = refused(
            "server.lissten = \"x\"\nserver.drain_seconds = \"soon\"\n[log]\nformat = \"xml\"\n\
             [channels.shop]\norigins = [\"http://x/\", 7]\nbot = \"none\"\nbott = 1\n\
             [channels.shop.widget]\naccent = \"red\"\n[bots.b]\n[[users]]\nmax_tasks = 500\n",
        );
        let keys: Vec<_> = text.lines().filter_map(|line| line.split(": ").next()).collect();
        for key in [
            "server.lissten",
            "server.drain_seconds",
            "log.format",
            "channels.shop.origins[1]",
            "channels.shop.origins[0]",
            "channels.shop.bot",
            "channels.shop.bott",
            "channels.shop.widget.accent",
            "bots.b.name",
            "users[0].username",
            "users[0].password",
            "users[0].first_name",
            "users[0].roles",
            "users[0].max_tasks",
        ] {
            assert_eq!(keys.iter().filter(|found| **found == key).count(), 1, "{key}: {text}");
        }
        assert_eq!(keys.len(), 14, "{text}");
    }

    #[test]
    fn a_channel_needs_its_origins_and_nothing_else() {
        let config = from_toml("[channels.shop]\norigins = [\"https://shop.example\"]").expect("good");
        let channel = &config.channels["shop"];
        assert_eq!((channel.name.as_str(), channel.queue.as_str()), ("shop", "support"));
        assert_eq!(channel.widget.title, "shop");
        let named = "[channels.shop]\norigins = []\nname = \"The Shop\"\nwidget.accent = \"#000000\"";
        let widget = &from_toml(named).expect("good").channels["shop"].widget;
        assert_eq!((widget.title.as_str(), widget.accent.as_str()), ("The Shop", "#000000"));
        // As the reference says, which is the one place for it.
        for default in [
            &widget.greeting,
            &widget.expectation,
            &channel.widget.accent,
            &channel.queue,
        ] {
            assert!(DEFAULT.contains(&format!("= \"{default}\"\n")), "{default}");
        }
        assert_eq!(refused("[channels.shop]"), "channels.shop.origins: is missing");
        assert_eq!(
            refused("[channels]\nshop = 3"),
            "channels.shop: expected struct Channel"
        );
    }

    #[test]
    fn a_file_that_is_no_toml_says_where() {
        assert!(refused("[server").contains("line 1"), "{}", refused("[server"));
    }

    #[test]
    fn a_secret_in_the_wrong_place_is_not_printed() {
        for text in [
            "[bots.b]\nsecret = \"S3CRET",
            "[bots.b]\nsecret = S3CRET",
            "[bots.b]\nsecret = 'S3CRET'x",
            "[bots.b]\nsecret = \"\\uS3CRET\"",
            "[bots.b]\nwebhook = \"https://x.example/S3CRET\" \"",
            "[bots.b]\nsecret = \"S3CRET1\"\nsecret = \"S3CRET2\"",
            "[bots.b]\nsecret \"S3CRET\"",
            "[bots]\nb = \"https://x.example/S3CRET\"",
            "bots = \"S3CRET\"",
            "users = \"ann:S3CRET\"",
            "users = [\"ann:S3CRET\"]",
            "[channels.s]\nkeys = \"S3CRET\"",
            "[channels.s]\nkeys = [\"S3CRET\"]",
            "channels = [\"S3CRET\"]",
            "[server]\npublic_url = \"u:S3CRET@host\"",
            "[server]\nlisten = \"u:S3CRET@host:1\"",
        ] {
            let told = refused(text);
            assert!(!told.contains("S3CRET"), "{text}: {told}");
        }
        assert!(refused("a = 1\nb = \"x").starts_with("the file, line 2: is not TOML: "));
    }

    #[test]
    fn an_unreadable_entry_of_a_list_hides_no_other_mistake() {
        let told = refused(
            "[server]\ntrusted_proxies = [\"x\", \"10.0.0.0/8\", \"y\"]\npublic_url = \"ftp://x\"\n\
             [[users]]\nroles = [1, 2]\nqueues = [2, \"support\", 3]\nmax_tasks = 0\n\
             [channels.shop]\norigins = [\"nowhere\"]\n",
        );
        let keys: Vec<_> = told.lines().filter_map(|line| line.split(": ").next()).collect();
        for key in [
            "server.trusted_proxies[0]",
            "server.trusted_proxies[2]",
            "server.public_url",
            "users[0].username",
            "users[0].password",
            "users[0].first_name",
            "users[0].roles[0]",
            "users[0].roles[1]",
            "users[0].queues[0]",
            "users[0].queues[2]",
            "users[0].max_tasks",
            "channels.shop.origins[0]",
        ] {
            assert_eq!(keys.iter().filter(|found| **found == key).count(), 1, "{key}: {told}");
        }
    }

    #[test]
    fn an_unreadable_secret_is_not_printed() {
        let text =
            refused("[[users]]\nusername = \"ann\"\npassword = 12345678\nfirst_name = \"Ann\"\nroles = [\"agent\"]");
        assert!(!text.contains("12345678"), "{text}");
    }

    #[test]
    fn what_is_shown_has_no_secrets() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("portico.toml");
        std::fs::write(&path, include_str!("../../config.demo.toml")).expect("written");
        let shown = show(Some(&path)).expect("the demo is good");
        let demo = from_toml(include_str!("../../config.demo.toml")).expect("the demo is good");
        for user in &demo.users {
            assert!(
                !shown.contains(secrecy::ExposeSecret::expose_secret(&user.password)),
                "{shown}"
            );
        }
        assert!(shown.contains("password = \"(not shown)\""), "{shown}");
        assert!(shown.contains("first_name = \"Ann\""), "{shown}");
        assert!(
            shown.contains("webhook = \"http://127.0.0.1:8082/(not shown)\""),
            "{shown}"
        );
    }

    #[test]
    fn a_missing_file_is_named() {
        let error = load(Some(Path::new("/nowhere/portico.toml"))).expect_err("no such file");
        assert_eq!(error.to_string(), "cannot read /nowhere/portico.toml");
    }
}
