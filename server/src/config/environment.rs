//! What the environment says about the configuration: which variable means which key. One that means none is told to the
//! operator, because a name that is nearly right would otherwise be a setting that is silently not made.

use super::check::Problem;
use super::reference;
use figment::value::{Dict, Value};

/// What every variable of ours begins with; `PORTICO_SERVER__LISTEN` is `server.listen`.
const PREFIX: &str = "PORTICO_";

/// Stands between a section and its key in a variable's name.
const SEPARATOR: &str = "__";

/// What names the file, and is no key of it.
const FILE: &str = "CONFIG";

/// From this likeness on a name without a separator is taken for a misspelt key; below it, for somebody else's: Kubernetes
/// sets `PORTICO_PORT` and the like for a service of this name.
const ALIKE: f64 = 0.75;

/// What the variables of one environment say.
#[derive(Debug, Default)]
pub(super) struct Environment {
    /// Their values, in the sections that they belong to.
    pub(super) values: Dict,
    /// Names that were meant for keys and are none.
    pub(super) problems: Vec<Problem>,
    /// Names that begin like ours and are most likely not meant for us.
    pub(super) unknown: Vec<String>,
}

impl Environment {
    /// Reads variables; `files` is what they override, and says which ids there are.
    pub(super) fn read(variables: impl Iterator<Item = (String, String)>, files: &Dict) -> Self {
        let mut environment = Self::default();
        let keys = reference::with_ids_of(files);
        let mut variables: Vec<_> = variables.collect();
        variables.sort();
        for (variable, value) in variables {
            let name = variable.to_ascii_uppercase();
            let Some(name) = name.strip_prefix(PREFIX) else {
                continue;
            };
            if name == FILE {
                environment.file(&variable);
                continue;
            }
            let meant = known(name, &keys);
            let (path, example) = match &meant[..] {
                [] => {
                    let path = new(name);
                    let example = reference::find(&keys, &path);
                    (path, example)
                }
                [path] => (path.clone(), reference::find(&keys, path)),
                paths => {
                    environment.problems.push(ambiguous(variable, paths));
                    continue;
                }
            };
            match example {
                // A section is no key: most likely one underscore is missing before the name of the key.
                Some(Value::Dict(..)) | None => environment.refuse(&variable, name, &keys),
                Some(example) => put(&mut environment.values, &path, like(example, value)),
            }
        }
        environment
    }

    /// Which file it is is asked for by exactly one name, before anything else is known.
    fn file(&mut self, variable: &str) {
        let name = [PREFIX, FILE].concat();
        if variable != name {
            self.unknown.push(format!("{variable} names no file; {name} does"));
        }
    }

    fn refuse(&mut self, variable: &str, name: &str, keys: &Dict) {
        let (likeness, nearest) = nearest(name, keys);
        if name.contains(SEPARATOR) || likeness >= ALIKE {
            self.problems.push(Problem {
                key: variable.to_owned(),
                value: None,
                what: format!("no such key; the nearest is {nearest}"),
            });
        } else {
            self.unknown.push(format!(
                "{variable} is no key, and is ignored; the nearest is {nearest}"
            ));
        }
    }
}

/// The keys that a variable names, of those that there are and those of the files' ids: more than one where ids differ only in
/// what a variable's name cannot say.
fn known(name: &str, keys: &Dict) -> Vec<Vec<String>> {
    let is_named = |path: &Vec<String>| as_variable(path) == name;
    reference::paths(keys).into_iter().filter(is_named).collect()
}

/// The path that a variable names where its id is in no file.
fn new(name: &str) -> Vec<String> {
    name.split(SEPARATOR).map(str::to_ascii_lowercase).collect()
}

fn ambiguous(variable: String, paths: &[Vec<String>]) -> Problem {
    let paths: Vec<_> = paths.iter().map(|path| format!("{:?}", path.join("."))).collect();
    Problem {
        key: variable,
        value: None,
        what: format!("means {}, which variables cannot tell apart", paths.join(" and ")),
    }
}

/// A variable's text as a value of its key's type. Where a text belongs it is taken as it is: a secret of digits is none the
/// less a text, and blanks and quotes are part of it.
fn like(example: &Value, text: String) -> Value {
    match example {
        Value::String(..) => Value::from(text),
        _ => text.parse().unwrap_or(Value::from(text)),
    }
}

/// How a key is written in a variable's name, which has letters, digits and `_`: `demo-bot` is `DEMO_BOT`.
fn in_variable(key: &str) -> String {
    let allowed = |letter: char| {
        if letter.is_ascii_alphanumeric() {
            letter.to_ascii_uppercase()
        } else {
            '_'
        }
    };
    key.chars().map(allowed).collect()
}

/// How a path is written in a variable's name, without the prefix.
fn as_variable(path: &[String]) -> String {
    let segments: Vec<_> = path.iter().map(|key| in_variable(key)).collect();
    segments.join(SEPARATOR)
}

fn put(dict: &mut Dict, path: &[String], value: Value) {
    match path {
        [] => {}
        [key] => drop(dict.insert(key.clone(), value)),
        [section, rest @ ..] => {
            let inner = dict.entry(section.clone()).or_insert_with(|| Value::from(Dict::new()));
            if let Value::Dict(_, inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}

/// The variable that is most like a name, and how alike they are.
fn nearest(name: &str, keys: &Dict) -> (f64, String) {
    let plain = |name: &str| name.replace('_', "");
    let alike = reference::paths(keys).into_iter().map(|path| {
        let variable = as_variable(&path);
        let likeness = strsim::normalized_damerau_levenshtein(&plain(name), &plain(&variable));
        (likeness, format!("{PREFIX}{variable}"))
    });
    alike.max_by(|one, other| one.0.total_cmp(&other.0)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use figment::Figment;
    use figment::providers::{Format, Toml};

    fn read(file: &str, variables: &[(&str, &str)]) -> Environment {
        let files = Figment::from(Toml::string(reference::DEFAULT)).merge(Toml::string(file));
        let variables = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Environment::read(variables, &files.extract().expect("TOML"))
    }

    fn found<'e>(environment: &'e Environment, path: &str) -> &'e Value {
        let (first, rest) = path.split_once('.').expect("a section");
        environment.values[first].find_ref(rest).expect(path)
    }

    #[test]
    fn a_variable_is_a_key_in_capitals() {
        let environment = read(
            "",
            &[
                ("PORTICO_SERVER__LISTEN", "127.0.0.1:9"),
                ("PORTICO_CONFIG", "x"),
                ("HOME", "/"),
            ],
        );
        assert_eq!(found(&environment, "server.listen").as_str(), Some("127.0.0.1:9"));
        assert!(environment.problems.is_empty() && environment.unknown.is_empty());
    }

    #[test]
    fn ids_with_hyphens_and_capitals_are_found_in_the_file() {
        let file = "[bots.demo-bot]\nname = \"B\"\n[channels.MyShop]\norigins = []\n";
        let environment = read(
            file,
            &[
                ("PORTICO_BOTS__DEMO_BOT__SECRET", "s"),
                ("PORTICO_CHANNELS__MYSHOP__WIDGET__TITLE", "T"),
                ("PORTICO_BOTS__NEW__NAME", "N"),
            ],
        );
        assert_eq!(found(&environment, "bots.demo-bot.secret").as_str(), Some("s"));
        assert_eq!(found(&environment, "channels.MyShop.widget.title").as_str(), Some("T"));
        assert_eq!(found(&environment, "bots.new.name").as_str(), Some("N"));
        assert!(environment.problems.is_empty(), "{:?}", environment.problems);
    }

    #[test]
    fn ids_with_runs_of_signs_are_found_in_the_file() {
        for id in ["a__b", "a--b", "a_", "a-", "_a", "-"] {
            let variable = format!("PORTICO_BOTS__{}__SECRET", in_variable(id));
            let environment = read(&format!("[bots.{id}]\nname = \"B\"\n"), &[(&variable, "s")]);
            assert_eq!(found(&environment, &format!("bots.{id}.secret")).as_str(), Some("s"));
            assert!(environment.problems.is_empty(), "{:?}", environment.problems);
        }
    }

    #[test]
    fn a_text_is_taken_as_it_is() {
        for text in [
            "12345678901234567890",
            "-1",
            "007",
            "1.0",
            "true",
            "[x",
            "{a=1}",
            "\"Support\"",
            " Support ",
            "",
        ] {
            let environment = read("", &[("PORTICO_BOTS__B__SECRET", text), ("PORTICO_STORE__PATH", text)]);
            assert_eq!(found(&environment, "bots.b.secret").as_str(), Some(text));
            assert_eq!(found(&environment, "store.path").as_str(), Some(text));
        }
        let environment = read(
            "",
            &[
                ("PORTICO_SERVER__DRAIN_SECONDS", "7"),
                ("PORTICO_SERVER__TRUSTED_PROXIES", "[\"10.0.0.0/8\"]"),
            ],
        );
        assert_eq!(found(&environment, "server.drain_seconds").to_u128(), Some(7));
        let proxies = found(&environment, "server.trusted_proxies").as_array();
        assert_eq!(proxies.map(<[Value]>::len), Some(1));
    }

    #[test]
    fn ids_that_variables_cannot_tell_apart_are_named() {
        let file = "[bots.a-b]\nname = \"1\"\n[bots.A_b]\nname = \"2\"\n";
        let environment = read(file, &[("PORTICO_BOTS__A_B__NAME", "x")]);
        assert_eq!(
            environment.problems[0].to_string(),
            "PORTICO_BOTS__A_B__NAME: means \"bots.A_b.name\" and \"bots.a-b.name\", which variables cannot tell apart"
        );
    }

    #[test]
    fn a_name_that_is_no_key_is_told_with_the_nearest_one() {
        for (wrong, nearest) in [
            ("PORTICO_SERVER_LISTEN", "PORTICO_SERVER__LISTEN"),
            ("PORTICO_SERVER__LISSTEN", "PORTICO_SERVER__LISTEN"),
            ("PORTICO_SERVR__LISTEN", "PORTICO_SERVER__LISTEN"),
            ("PORTICO_STORE_PATH", "PORTICO_STORE__PATH"),
            (
                "PORTICO_LIMITS__FRAMES_PER_MINUTES",
                "PORTICO_LIMITS__FRAMES_PER_MINUTE",
            ),
            ("PORTICO_BOTS_ASSISTANT_SECRET", "PORTICO_BOTS__ASSISTANT__SECRET"),
            ("PORTICO_BOTS__ASSISTANT_SECRET", "PORTICO_BOTS__ASSISTANT__SECRET"),
            ("PORTICO_CHANNELS__SHOP_NAME", "PORTICO_CHANNELS__SHOP__NAME"),
        ] {
            let environment = read("", &[(wrong, "secret")]);
            let told: Vec<_> = environment.problems.iter().map(ToString::to_string).collect();
            assert_eq!(told, [format!("{wrong}: no such key; the nearest is {nearest}")]);
        }
    }

    #[test]
    fn names_that_others_set_are_told_and_do_no_harm() {
        let environment = read(
            "",
            &[
                ("PORTICO_PORT", "tcp://10.0.0.1:8080"),
                ("PORTICO_SERVICE_HOST", "10.0.0.1"),
                ("PORTICO_PORT_8080_TCP_ADDR", "10.0.0.1"),
                ("portico_config", "/etc/portico.toml"),
            ],
        );
        assert!(environment.problems.is_empty(), "{:?}", environment.problems);
        assert_eq!(environment.unknown.len(), 4);
        assert_eq!(
            environment.unknown[3],
            "portico_config names no file; PORTICO_CONFIG does"
        );
        assert!(environment.unknown[0].starts_with("PORTICO_PORT is no key, and is ignored; "));
    }
}
