//! What browsers download, against the budgets.

use std::{fmt::Write, fs, path::Path};

use anyhow::{Context, Result, ensure};

use crate::{assets::App, workspace::Workspace};

/// What the script tag may cost every page of a customer's site, compressed: 3 kB, of 1,000 bytes. Past it, the check fails.
const EMBED_LIMIT_BYTES: u64 = 3_000;

/// What the first open of the widget may cost, compressed: page, scripts, style and WebAssembly. Past it, the check
/// fails.
const FIRST_OPEN_LIMIT_BYTES: u64 = 195_000;

/// What a first open fetches; sounds and images come later, if at all.
const FIRST_OPEN: [&str; 4] = ["css", "html", "js", "wasm"];

/// Languages: a visitor fetches one at most.
const LANGUAGES: &str = "json";

/// Prints the table; an error when a budget is overrun.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let dist = workspace.dist();
    let embed = Group {
        title: "The script tag",
        limit: Some(EMBED_LIMIT_BYTES),
        files: vec![measured(&dist.join("embed.js"), "embed.js")?],
    };
    let widget = Group {
        title: "The first open of the widget",
        limit: Some(FIRST_OPEN_LIMIT_BYTES),
        files: first_open(&dist, App::Widget)?,
    };
    let desk = Group {
        title: "The first open of the desk",
        limit: None,
        files: first_open(&dist, App::Desk)?,
    };

    let groups = [embed, widget, desk];
    println!("{}", table(&groups));
    for group in &groups {
        if let Some(limit) = group.limit {
            let total = group.total().brotli;
            ensure!(
                total <= limit,
                "{}: {total} bytes compressed, the limit is {limit}",
                group.title
            );
        }
    }
    Ok(())
}

/// Files that are fetched together.
struct Group {
    title: &'static str,
    limit: Option<u64>,
    files: Vec<Measured>,
}

struct Measured {
    name: String,
    raw: u64,
    brotli: u64,
}

impl Group {
    fn total(&self) -> Measured {
        Measured {
            name: "total".to_owned(),
            raw: self.files.iter().map(|file| file.raw).sum(),
            brotli: self.files.iter().map(|file| file.brotli).sum(),
        }
    }
}

fn first_open(dist: &Path, app: App) -> Result<Vec<Measured>> {
    let folder = dist.join(app.name());
    let mut files = Vec::new();
    let mut language: Option<Measured> = None;
    for entry in fs::read_dir(&folder).with_context(|| format!("no {}: run `cargo xtask build`", folder.display()))? {
        let path = entry?.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let measured = || measured(&path, &format!("{}/{name}", app.name()));
        if extension.is_some_and(|extension| FIRST_OPEN.contains(&extension)) {
            files.push(measured()?);
        } else if extension == Some(LANGUAGES) {
            let other = measured()?;
            language = language
                .filter(|largest| largest.brotli >= other.brotli)
                .or(Some(other));
        }
    }
    files.extend(language);
    files.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(files)
}

fn measured(path: &Path, name: &str) -> Result<Measured> {
    let bytes = |path: &Path| -> Result<u64> {
        let metadata = fs::metadata(path).with_context(|| format!("no {}: run `cargo xtask build`", path.display()))?;
        Ok(metadata.len())
    };
    let mut twin = path.as_os_str().to_owned();
    twin.push(".br");
    Ok(Measured {
        name: name.to_owned(),
        raw: bytes(path)?,
        brotli: bytes(Path::new(&twin))?,
    })
}

fn table(groups: &[Group]) -> String {
    let names = groups.iter().flat_map(|group| &group.files).map(|file| file.name.len());
    let width = names.max().unwrap_or(0).max("total".len());
    let mut text = String::new();
    for group in groups {
        let limit = group
            .limit
            .map(|limit| format!(", at most {limit} compressed"))
            .unwrap_or_default();
        writeln!(text, "   {}{limit}", group.title).expect("a String takes any text");
        writeln!(text, "     {:width$} {:>10} {:>10}", "file", "raw", "brotli").expect("a String takes any text");
        for file in group.files.iter().chain([&group.total()]) {
            writeln!(text, "     {:width$} {:>10} {:>10}", file.name, file.raw, file.brotli)
                .expect("a String takes any text");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_adds_up_and_names_the_limit() {
        let file = |name: &str, raw, brotli| Measured {
            name: name.to_owned(),
            raw,
            brotli,
        };
        let group = Group {
            title: "The first open",
            limit: Some(100),
            files: vec![file("w/index.html", 70, 40), file("w/app.wasm", 1300, 52)],
        };
        assert_eq!(
            table(&[group]),
            "   The first open, at most 100 compressed\n\
             \x20    file                raw     brotli\n\
             \x20    w/index.html         70         40\n\
             \x20    w/app.wasm         1300         52\n\
             \x20    total              1370         92\n"
        );
    }

    #[test]
    fn a_first_open_counts_neither_twins_nor_sounds() {
        let dist = tempfile::tempdir().expect("a temporary folder");
        let folder = dist.path().join("widget");
        fs::create_dir(&folder).expect("created");
        for (name, content) in [("app.wasm", "12345"), ("app.wasm.br", "123"), ("ping.mp3", "1")] {
            fs::write(folder.join(name), content).expect("written");
        }
        let files = first_open(dist.path(), App::Widget).expect("the folder is readable");
        assert_eq!(files.len(), 1);
        assert_eq!((files[0].raw, files[0].brotli), (5, 3));
    }

    #[test]
    fn a_first_open_counts_one_language_the_largest() {
        let dist = tempfile::tempdir().expect("a temporary folder");
        let folder = dist.path().join("widget");
        fs::create_dir(&folder).expect("created");
        for (name, bytes) in [("ar.json", 9), ("de.json", 12), ("fr.json", 7)] {
            fs::write(folder.join(name), vec![b'x'; bytes]).expect("written");
            fs::write(folder.join(format!("{name}.br")), vec![b'x'; bytes]).expect("written");
        }
        let files = first_open(dist.path(), App::Widget).expect("the folder is readable");
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["widget/de.json"]);
    }
}
