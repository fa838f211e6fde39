//! Every key that there is, as the defaults and their examples have it.

use figment::Figment;
use figment::providers::{Format, Serialized, Toml};
use figment::value::{Dict, Value};

/// Every key with a comment.
pub(super) const DEFAULT: &str = include_str!("../../config.default.toml");

/// What marks a line of the defaults as an example.
const EXAMPLE: &str = "#~ ";

/// One user; the defaults have none, and no example of one.
const USER: &str = r#"
[[users]]
username = "ann"
password = "long enough"
first_name = "Ann"
last_name = "Archer"
roles = ["agent"]
queues = []
max_tasks = 5
"#;

/// Sections whose keys are ids.
const BY_ID: [&str; 4] = ["bots", "channels", "queues", "roles"];

/// The defaults with their examples: one of each.
pub(super) fn keys() -> Dict {
    let with_examples: String = DEFAULT
        .lines()
        .map(|line| format!("{}\n", line.strip_prefix(EXAMPLE).unwrap_or(line)))
        .collect();
    let all = Figment::from(Toml::string(&with_examples)).merge(Toml::string(USER));
    all.extract().expect("the defaults are TOML")
}

/// The same, and beside the examples all that these files name by an id.
pub(super) fn with_ids_of(files: &Dict) -> Dict {
    let mut keys = keys();
    for section in BY_ID {
        let ids: Vec<String> = files
            .get(section)
            .and_then(Value::as_dict)
            .into_iter()
            .flat_map(|section| section.keys().cloned())
            .collect();
        if let Some(Value::Dict(_, known)) = keys.get_mut(section)
            && let Some(example) = known.values().next().cloned()
        {
            for id in ids {
                known.entry(id).or_insert_with(|| example.clone());
            }
        }
    }
    keys
}

/// What the example of a channel has at these keys.
pub(super) fn of_channels(paths: &[&str]) -> Dict {
    let all = Figment::from(Serialized::defaults(keys()));
    let values = paths.iter().fold(Figment::new(), |values, path| {
        let value = all.find_value(&format!("channels.shop.{path}"));
        values.merge(Serialized::default(path, value.expect("the example has it")))
    });
    values.extract().expect("the example is TOML")
}

/// What stands at a path, or in the place of an id or of an entry of a list that is not there, what the first one has.
pub(super) fn find<'k>(keys: &'k Dict, path: &[String]) -> Option<&'k Value> {
    let (first, rest) = path.split_first()?;
    let mut here = keys.get(first)?;
    let mut is_by_id = BY_ID.contains(&first.as_str());
    for key in rest {
        here = match here {
            Value::Dict(_, dict) if is_by_id => dict.get(key).or_else(|| dict.values().next())?,
            Value::Dict(_, dict) => dict.get(key)?,
            Value::Array(_, values) => values.first()?,
            _ => return None,
        };
        is_by_id = false;
    }
    Some(here)
}

/// The paths of all keys that hold no further ones.
pub(super) fn paths(keys: &Dict) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    collect(keys, &mut Vec::new(), &mut paths);
    paths
}

fn collect(keys: &Dict, at: &mut Vec<String>, paths: &mut Vec<Vec<String>>) {
    for (key, value) in keys {
        at.push(key.clone());
        match value {
            Value::Dict(_, inner) => collect(inner, at, paths),
            _ => paths.push(at.clone()),
        }
        at.pop();
    }
}
