//! What browsers download, against the limits.

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{assets::App, workspace::Workspace};

/// What may be fetched together, compressed, in bytes; a kilobyte is 1,000 of them. Past a limit, the check fails.
///
/// The script tag costs every page of a customer's site, and nothing else does before a visitor shows intent.
const SCRIPT_TAG_BYTES: u64 = 5_000;

/// What the script tag fetches beside the frame, once a visitor shows intent.
const SECOND_SCRIPT_BYTES: u64 = 2_250;

/// What that one fetches with the first answer, to call a visitor back.
const ALERTS_SCRIPT_BYTES: u64 = 1_150;

/// What that one fetches where the site has a worker for notifications and its visitor wants or declines them.
const SUBSCRIBE_SCRIPT_BYTES: u64 = 520;

/// What such a worker takes in.
const WORKER_SCRIPT_BYTES: u64 = 380;

/// What that one fetches on pages that ask for messages which the chat offers by itself; the channel's rules come beside it.
const PROACTIVE_SCRIPT_BYTES: u64 = 1_120;

/// The scripts of customers' pages: what each is called here, its limit, and its place.
const SCRIPTS: [(&str, u64, &str); 6] = [
    ("The script tag", SCRIPT_TAG_BYTES, "embed.js"),
    ("The script beside the frame", SECOND_SCRIPT_BYTES, "embed/chat.js"),
    (
        "The script that calls a visitor back",
        ALERTS_SCRIPT_BYTES,
        "embed/alerts.js",
    ),
    (
        "The script that lets a site's worker call a visitor back",
        SUBSCRIBE_SCRIPT_BYTES,
        "embed/subscribe.js",
    ),
    ("The script of a site's worker", WORKER_SCRIPT_BYTES, "embed/worker.js"),
    (
        "The script that offers messages",
        PROACTIVE_SCRIPT_BYTES,
        "embed/proactive.js",
    ),
];

/// Each of what pages load that were written for another chat; it loads the script tag.
const SHIM_BYTES: u64 = 1_285;

const SHIMS: [&str; 4] = ["chatwoot", "intercom", "zendesk", "cim"];

/// The document and its style: what the text box is drawn from.
const FIRST_PAINT_BYTES: u64 = 15_000;

/// The aim for the first open of the widget in all: document, style, script, program and one language. It is what a visitor
/// fetches who opens the chat and does not write, but for what draws messages, which comes behind it ([`FIRST_MESSAGE_PARTS`]).
const FIRST_OPEN_AIM_BYTES: u64 = 195_000;

/// What the first open of the widget has come down to so far: Leptos with its graph of signals is about 120 kB of it, and
/// what writes frames and keeps what is unsent 15. This limit is lowered with each step towards the aim; a new feature that customers see at
/// once may raise it, with its commit saying by how much.
const FIRST_OPEN_BYTES: u64 = 256_200;

/// What the first open of the desk comes to, document, style, script, program and one language. The same holds; it is to be
/// 400,000 at most.
const DESK_BYTES: u64 = 383_100;

/// A part of an application that is fetched when it is first needed.
struct LazyPart {
    /// As its split point calls it.
    name: &'static str,
    /// What it is to come down to.
    aim: Option<u64>,
    /// What it has come down to so far. What reads rich bodies and forms comes with what draws them.
    limit: u64,
}

/// The form before a chat is read and drawn by what draws forms. Messages are fetched as soon as the program runs, and what
/// reads the relay's frames when a connection begins: as the visitor begins to write, or at once after an earlier visit.
const WIDGET_PARTS: [LazyPart; 12] = [
    part("messages", 16_600),
    part("frames", 9_900),
    part("forms", 28_400).aims_at(20_000),
    part("rich", 42_500).aims_at(10_000),
    part("emoji", 1_000),
    part("attachments", 25_800).aims_at(12_000),
    part("ended", 2_600),
    part("earlier", 9_300),
    part("alerts", 17_900),
    part("recorder", 12_700),
    part("share", 9_900),
    part("copy", 10_200),
];

/// An agent who waits for the first customer of the day has none of them.
const DESK_PARTS: [LazyPart; 5] = [
    part("conversation", 101_700),
    part("dialogs", 20_900),
    part("forms", 22_350),
    part("rich", 27_900),
    part("attachments", 30_600),
];

/// What comes on top of the first open until a first message is sent: what draws messages as soon as the program runs, and
/// what reads frames as the visitor begins to write. What parts have in common is counted whole, of which these two need about
/// two thirds.
const FIRST_MESSAGE_PARTS: [&str; 2] = ["messages", "frames"];

/// What several parts have in common, in files of their own.
const WIDGET_COMMON_BYTES: u64 = 78_500;
const DESK_COMMON_BYTES: u64 = 42_500;

const fn part(name: &'static str, limit: u64) -> LazyPart {
    LazyPart { name, aim: None, limit }
}

impl LazyPart {
    const fn aims_at(self, aim: u64) -> Self {
        Self { aim: Some(aim), ..self }
    }
}

/// How the splitter names the part behind a split point, and what several parts have in common.
const LAZY: [&str; 2] = ["split_", "chunk_"];

/// One language: a visitor fetches one such file at most.
const LANGUAGE: &str = "json";

/// What a first open fetches; sounds and images come later, if at all.
const FIRST_OPEN: [&str; 5] = ["css", "html", "js", "wasm", LANGUAGE];

/// Prints the table; an error when a limit is overrun.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let groups = groups(&workspace.dist())?;
    println!("{}", table(&groups));
    for missed in groups.iter().filter_map(Group::missed) {
        println!("   {missed}");
    }
    let over: Vec<String> = groups.iter().filter_map(Group::over).collect();
    if !over.is_empty() {
        bail!("too large:\n  {}", over.join("\n  "));
    }
    Ok(())
}

fn groups(dist: &Path) -> Result<Vec<Group>> {
    let (lazy, at_once): (Vec<Measured>, Vec<Measured>) =
        files(dist, App::Widget)?.into_iter().partition(Measured::is_lazy);
    let (desk_lazy, desk_at_once): (Vec<Measured>, Vec<Measured>) =
        files(dist, App::Desk)?.into_iter().partition(Measured::is_lazy);
    let paints = |file: &&Measured| ["html", "css"].contains(&file.extension());
    let mut groups = Vec::new();
    for (title, limit, file) in SCRIPTS {
        groups.push(Group {
            title: title.to_owned(),
            aim: None,
            limit,
            files: vec![measured(dist, dist.join(file))?],
        });
    }
    groups.extend([
        Group {
            title: "The first paint of the widget".to_owned(),
            aim: None,
            limit: FIRST_PAINT_BYTES,
            files: at_once.iter().filter(paints).cloned().collect(),
        },
        Group {
            title: "The first open of the widget".to_owned(),
            aim: Some(FIRST_OPEN_AIM_BYTES),
            limit: FIRST_OPEN_BYTES,
            files: with_one_language(at_once.clone()),
        },
        first_message(at_once, &lazy),
    ]);
    for name in SHIMS {
        groups.push(Group {
            title: format!("The shim for {name}"),
            aim: None,
            limit: SHIM_BYTES,
            files: vec![measured(dist, dist.join(format!("shims/{name}.js")))?],
        });
    }
    groups.extend(lazy_groups("Later", &WIDGET_PARTS, WIDGET_COMMON_BYTES, lazy)?);
    groups.push(Group {
        title: "The first open of the desk".to_owned(),
        aim: None,
        limit: DESK_BYTES,
        files: with_one_language(desk_at_once),
    });
    groups.extend(lazy_groups(
        "Later at the desk",
        &DESK_PARTS,
        DESK_COMMON_BYTES,
        desk_lazy,
    )?);
    Ok(groups)
}

/// The parts of an application that come later; what several of them have in common counts for the whole only.
fn lazy_groups(when: &str, parts: &[LazyPart], common: u64, files: Vec<Measured>) -> Result<Vec<Group>> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let mut groups = Vec::new();
    for file in files.iter().filter(|file| file.base().starts_with(LAZY[0])) {
        let known = parts.iter().find(|part| file.is_part(part.name));
        let part = known.with_context(|| format!("size.rs names no limit for {}", file.name))?;
        groups.push(Group {
            title: format!("{when}: {}", part.name),
            aim: part.aim,
            limit: part.limit,
            files: vec![file.clone()],
        });
    }
    groups.push(Group {
        title: format!("{when}, in all"),
        aim: None,
        limit: common + parts.iter().map(|part| part.limit).sum::<u64>(),
        files,
    });
    Ok(groups)
}

/// What a visitor has fetched who has sent a first message.
fn first_message(at_once: Vec<Measured>, lazy: &[Measured]) -> Group {
    let is_for_it = |name: &str| FIRST_MESSAGE_PARTS.contains(&name);
    let limits = WIDGET_PARTS.iter().filter(|part| is_for_it(part.name));
    let is_common = |file: &Measured| file.base().starts_with(LAZY[1]);
    let comes_later = |file: &&Measured| is_common(file) || FIRST_MESSAGE_PARTS.iter().any(|part| file.is_part(part));
    let mut files = with_one_language(at_once);
    files.extend(lazy.iter().filter(comes_later).cloned());
    Group {
        title: "The first open of the widget, and a first message".to_owned(),
        aim: None,
        limit: FIRST_OPEN_BYTES + WIDGET_COMMON_BYTES + limits.map(|part| part.limit).sum::<u64>(),
        files,
    }
}

/// Files that are fetched together.
struct Group {
    title: String,
    /// Less than the limit that holds today, for what is to become smaller.
    aim: Option<u64>,
    limit: u64,
    files: Vec<Measured>,
}

#[derive(Debug, Clone, PartialEq)]
struct Measured {
    name: String,
    raw: u64,
    brotli: u64,
}

impl Measured {
    /// The name without folders.
    fn base(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(&self.name)
    }

    fn extension(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or_default()
    }

    fn is_lazy(&self) -> bool {
        LAZY.iter().any(|start| self.base().starts_with(start))
    }

    /// Whether it is `split_name.wasm`, or `split_name_0123.wasm` for a split point whose name is made unique.
    fn is_part(&self, name: &str) -> bool {
        let rest = self
            .base()
            .strip_prefix(LAZY[0])
            .and_then(|rest| rest.strip_prefix(name));
        rest.is_some_and(|rest| rest.starts_with(['.', '_']))
    }
}

impl Group {
    fn total(&self) -> Measured {
        Measured {
            name: "total".to_owned(),
            raw: self.files.iter().map(|file| file.raw).sum(),
            brotli: self.files.iter().map(|file| file.brotli).sum(),
        }
    }

    /// How far it is from its aim, if it has not come down to it.
    fn missed(&self) -> Option<String> {
        let total = self.total().brotli;
        let aim = self.aim.filter(|aim| total > *aim)?;
        Some(format!(
            "{}: {total} bytes, {} above the aim of {aim}",
            self.title,
            total - aim
        ))
    }

    /// What is wrong with it, if it is too large.
    fn over(&self) -> Option<String> {
        let total = self.total().brotli;
        (total > self.limit).then(|| format!("{}: {total} bytes compressed, the limit is {}", self.title, self.limit))
    }
}

/// What a first open may fetch of an application: the page, and what lies in the folder that the build named.
fn files(dist: &Path, app: App) -> Result<Vec<Measured>> {
    let mut files = Vec::new();
    collect(dist, &dist.join(app.name()), &mut files)?;
    files.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(files)
}

fn collect(dist: &Path, folder: &Path, files: &mut Vec<Measured>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("no {}: run `cargo xtask build`", folder.display()))? {
        let path = entry?.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        if path.is_dir() {
            collect(dist, &path, files)?;
        } else if extension.is_some_and(|extension| FIRST_OPEN.contains(&extension)) {
            files.push(measured(dist, path)?);
        }
    }
    Ok(())
}

/// Without all languages but the largest.
fn with_one_language(files: Vec<Measured>) -> Vec<Measured> {
    let languages = files.iter().filter(|file| file.extension() == LANGUAGE);
    let largest = languages.max_by_key(|file| file.brotli).cloned();
    let wanted = |file: &Measured| file.extension() != LANGUAGE || Some(file) == largest.as_ref();
    files.into_iter().filter(|file| wanted(file)).collect()
}

fn measured(dist: &Path, path: PathBuf) -> Result<Measured> {
    let bytes = |path: &Path| -> Result<u64> {
        let metadata = fs::metadata(path).with_context(|| format!("no {}: run `cargo xtask build`", path.display()))?;
        Ok(metadata.len())
    };
    let mut twin = path.as_os_str().to_owned();
    twin.push(".br");
    Ok(Measured {
        raw: bytes(&path)?,
        brotli: bytes(Path::new(&twin))?,
        name: path.strip_prefix(dist)?.display().to_string(),
    })
}

fn table(groups: &[Group]) -> String {
    let names = groups.iter().flat_map(|group| &group.files).map(|file| file.name.len());
    let width = names.max().unwrap_or(0).max("total".len());
    let mut text = String::new();
    for group in groups {
        writeln!(text, "   {}, at most {} compressed", group.title, group.limit).expect("a String takes any text");
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

    fn file(name: &str, raw: u64, brotli: u64) -> Measured {
        Measured {
            name: name.to_owned(),
            raw,
            brotli,
        }
    }

    #[test]
    fn the_table_adds_up_and_names_the_limit() {
        let group = Group {
            title: "The first open".to_owned(),
            aim: None,
            limit: 100,
            files: vec![file("w/index.html", 70, 40), file("w/app.wasm", 1300, 52)],
        };
        assert_eq!(group.over(), None);
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
    fn too_much_is_said_with_its_limit() {
        let group = Group {
            title: "The script tag".to_owned(),
            aim: None,
            limit: 100,
            files: vec![file("embed.js", 500, 101)],
        };
        assert_eq!(
            group.over().as_deref(),
            Some("The script tag: 101 bytes compressed, the limit is 100")
        );
    }

    #[test]
    fn an_aim_that_is_not_reached_is_said() {
        let group = |brotli| Group {
            title: "The first open".to_owned(),
            aim: Some(50),
            limit: 100,
            files: vec![file("app.wasm", 500, brotli)],
        };
        assert_eq!(group(50).missed(), None);
        assert_eq!(
            group(60).missed().as_deref(),
            Some("The first open: 60 bytes, 10 above the aim of 50")
        );
    }

    #[test]
    fn a_first_open_counts_neither_twins_nor_sounds() {
        let dist = tempfile::tempdir().expect("a temporary folder");
        let folder = dist.path().join("widget/0f");
        fs::create_dir_all(&folder).expect("created");
        for (name, content) in [("app.wasm", "12345"), ("app.wasm.br", "123"), ("ping.mp3", "1")] {
            fs::write(folder.join(name), content).expect("written");
        }
        let files = files(dist.path(), App::Widget).expect("the folder is readable");
        assert_eq!(files, [file("widget/0f/app.wasm", 5, 3)]);
    }

    #[test]
    fn a_first_open_counts_one_language_the_largest() {
        let files = [("ar.json", 9), ("de.json", 12), ("fr.json", 7)].map(|(name, bytes)| file(name, bytes, bytes));
        assert_eq!(with_one_language(files.to_vec()), [file("de.json", 12, 12)]);
    }

    #[test]
    fn each_part_that_comes_later_has_a_limit_and_all_of_them_have_one() {
        let parts = ["split_forms.wasm", "split_rich_0123.wasm", "chunk_3.wasm"].map(|name| file(name, 9, 9));
        let groups = lazy_groups("Later", &WIDGET_PARTS, 0, parts.to_vec()).expect("all are known");
        let titles: Vec<&str> = groups.iter().map(|group| group.title.as_str()).collect();
        assert_eq!(titles, ["Later: forms", "Later: rich", "Later, in all"]);
        assert_eq!(groups[2].total().brotli, 27);
        assert!(lazy_groups("Later", &WIDGET_PARTS, 0, vec![file("split_formula.wasm", 1, 1)]).is_err());
    }
}
