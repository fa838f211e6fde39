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
            let Some(name) = name.strip_prefix(PREFIX).filter(|name| *name != FILE) else {
                continue;
            };
            match place(name, files) {
                Ok(path) if reference::has(&keys, &path) => {
                    let value = value.parse().unwrap_or(Value::from(value));
                    put(&mut environment.values, &path, value);
                }
                Ok(_) => environment.refuse(&variable, name, &keys),
                Err(ids) => environment.problems.push(Problem {
                    key: variable,
                    value: None,
                    what: format!("means {}, which variables cannot tell apart", ids.join(" and ")),
                }),
            }
        }
        environment
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

/// The path that a variable names. An id in it is one of the files', if one is written like it.
///
/// # Errors
/// The ids that it may mean, if they are several.
fn place(name: &str, files: &Dict) -> Result<Vec<String>, Vec<String>> {
    let mut here = Some(files);
    let mut path = Vec::new();
    for segment in name.split(SEPARATOR) {
        let keys = here.into_iter().flat_map(Dict::keys);
        let meant: Vec<&String> = keys.filter(|key| in_variable(key) == segment).collect();
        let key = match meant[..] {
            [] => segment.to_ascii_lowercase(),
            [key] => key.clone(),
            _ => return Err(meant.into_iter().map(|key| format!("{key:?}")).collect()),
        };
        here = here.and_then(|dict| dict.get(&key)).and_then(Value::as_dict);
        path.push(key);
    }
    Ok(path)
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
        let segments: Vec<_> = path.iter().map(|key| in_variable(key)).collect();
        let likeness = strsim::normalized_damerau_levenshtein(&plain(name), &plain(&segments.concat()));
        (likeness, format!("{PREFIX}{}", segments.join(SEPARATOR)))
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
    fn ids_that_variables_cannot_tell_apart_are_named() {
        let file = "[bots.a-b]\nname = \"1\"\n[bots.A_b]\nname = \"2\"\n";
        let environment = read(file, &[("PORTICO_BOTS__A_B__NAME", "x")]);
        assert_eq!(
            environment.problems[0].to_string(),
            "PORTICO_BOTS__A_B__NAME: means \"A_b\" and \"a-b\", which variables cannot tell apart"
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
            ],
        );
        assert!(environment.problems.is_empty(), "{:?}", environment.problems);
        assert_eq!(environment.unknown.len(), 3);
        assert!(environment.unknown[0].starts_with("PORTICO_PORT is no key, and is ignored; "));
    }
}
