//! From files and environment to a checked [`Config`].

use super::check::{self, Problem};
use figment::Figment;
use figment::error::Kind;
use figment::providers::{Env, Format, Toml};
use figment::value::{Dict, Value};
use portico_core::config::Config;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Every key with a comment.
const DEFAULT: &str = include_str!("../../config.default.toml");

/// What every variable of ours begins with; `PORTICO_SERVER__LISTEN` is `server.listen`.
const ENV_PREFIX: &str = "PORTICO_";

/// Stands between a section and its key in a variable's name.
const ENV_SEPARATOR: &str = "__";

/// Keys whose values are never printed.
const SECRET_KEYS: [&str; 3] = ["key", "secret", "password"];

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
    extract(&sources(file)?.merge(environment()))
}

/// The defaults and then this text, whatever the environment says. For tests and embedders.
pub fn from_toml(text: &str) -> Result<Config, ConfigError> {
    extract(&Figment::from(Toml::string(DEFAULT)).merge(Toml::string(text)))
}

/// What [`load`] would see, as TOML, without secrets.
pub fn show(file: Option<&Path>) -> Result<String, ConfigError> {
    let figment = sources(file)?.merge(environment());
    extract(&figment)?;
    let mut all: Dict = figment
        .extract()
        .map_err(|error| ConfigError::Invalid(problems(&figment, error)))?;
    redact(&mut all);
    Ok(toml::to_string(&all).expect("what was read as TOML can be written as TOML"))
}

fn extract(figment: &Figment) -> Result<Config, ConfigError> {
    let config: Config = figment
        .extract()
        .map_err(|error| ConfigError::Invalid(problems(figment, error)))?;
    match check::problems(&config) {
        none if none.is_empty() => Ok(config),
        found => Err(ConfigError::Invalid(found)),
    }
}

fn sources(file: Option<&Path>) -> Result<Figment, ConfigError> {
    let defaults = Figment::from(Toml::string(DEFAULT));
    let Some(path) = file else { return Ok(defaults) };
    let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    Ok(defaults.merge(Toml::string(&text)))
}

/// Variables without a section, such as `PORTICO_CONFIG`, are not configuration.
fn environment() -> Env {
    Env::prefixed(ENV_PREFIX)
        .filter(|name| name.as_str().contains(ENV_SEPARATOR))
        .split(ENV_SEPARATOR)
}

fn problems(figment: &Figment, error: figment::Error) -> Vec<Problem> {
    error.into_iter().map(|error| problem(figment, error)).collect()
}

fn problem(figment: &Figment, error: figment::Error) -> Problem {
    let (mut key, found) = place(figment, &error.path);
    let what = match &error.kind {
        Kind::UnknownField(name, expected) => {
            append_once(&mut key, name);
            return Problem {
                key,
                value: None,
                what: format!("no such key; keys here are {}", expected.join(", ")),
            };
        }
        Kind::MissingField(name) => {
            append_once(&mut key, name);
            return Problem {
                key,
                value: None,
                what: "is missing".to_owned(),
            };
        }
        Kind::InvalidType(_, expected) | Kind::InvalidValue(_, expected) | Kind::InvalidLength(_, expected) => {
            format!("expected {expected}")
        }
        Kind::UnknownVariant(_, expected) => format!("expected one of {}", expected.join(", ")),
        other => other.to_string(),
    };
    let value = found.as_ref().filter(|_| !is_secret(&key)).and_then(scalar);
    Problem { key, value, what }
}

/// What the place of a mistake is called, `users[0].max_tasks`, and what stands there.
fn place(figment: &Figment, path: &[String]) -> (String, Option<Value>) {
    let mut key = String::new();
    let mut here = figment.find_value("").ok();
    for step in path {
        if let Some(Value::Array(_, values)) = &here {
            let _ = write!(key, "[{step}]");
            here = step.parse().ok().and_then(|at: usize| values.get(at).cloned());
        } else {
            append(&mut key, step);
            here = here.and_then(|value| value.into_dict()?.remove(step));
        }
    }
    (key, here)
}

/// Adds the key that is spoken of, where the path does not end with it already.
fn append_once(path: &mut String, name: &str) {
    if path.rsplit('.').next() != Some(name) {
        append(path, name);
    }
}

fn append(path: &mut String, name: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(name);
}

fn scalar(value: &Value) -> Option<String> {
    if let Some(text) = value.as_str() {
        return Some(text.to_owned());
    }
    let number = value.to_i128().map(|number| number.to_string());
    number.or_else(|| value.to_bool().map(|truth| truth.to_string()))
}

fn is_secret(path: &str) -> bool {
    path.rsplit('.').next().is_some_and(|name| SECRET_KEYS.contains(&name))
}

fn redact(dict: &mut Dict) {
    for (name, value) in dict {
        match value {
            Value::String(_, text) if SECRET_KEYS.contains(&name.as_str()) && !text.is_empty() => {
                "(not shown)".clone_into(text);
            }
            other => redact_within(other),
        }
    }
}

fn redact_within(value: &mut Value) {
    match value {
        Value::Dict(_, dict) => redact(dict),
        Value::Array(_, values) => values.iter_mut().for_each(redact_within),
        Value::String(..) | Value::Char(..) | Value::Bool(..) | Value::Num(..) | Value::Empty(..) => {}
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
        assert_eq!(
            config.channels["demo"].origins,
            ["http://127.0.0.1:8081", "http://localhost:8081"]
        );
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
            refused(&format!("{user}{user}max_tasks = 500")),
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
            "users[0].password: expected a string"
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
    fn a_file_that_is_no_toml_says_where() {
        assert!(refused("[server").contains("line 1"), "{}", refused("[server"));
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
    }

    #[test]
    fn a_missing_file_is_named() {
        let error = load(Some(Path::new("/nowhere/portico.toml"))).expect_err("no such file");
        assert_eq!(error.to_string(), "cannot read /nowhere/portico.toml");
    }
}
