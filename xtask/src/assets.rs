//! What browsers download: the widget, the desk, the script tag and the demo shop.
//!
//! Both builds take the same steps, so that what is tried and tested is put together like what is released: cargo
//! compiles, [`program`] makes WebAssembly and its scripts, [`page`] reads which styles and files belong to it, [`script_tag`]
//! bundles what customers' pages load. The release alone is made small and compressed ([`shrink`]). All files of an application but its page lie
//! in a folder that is named by the hash of what is in it, so that a browser may keep them forever. An application whose
//! inputs and outputs did not change is left alone.

mod fingerprint;
mod page;
mod program;
mod script_tag;
mod shrink;

pub(crate) use self::shrink::compress;

use std::{
    env,
    fs::{self, File},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use clap::ValueEnum;

pub(crate) use self::fingerprint::Fingerprint;
use self::page::Page;
use crate::{
    progress,
    tools::{BuildTools, WASM_TARGET},
    workspace::Workspace,
};

/// An application that runs in a browser.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum App {
    /// The chat document in the frame on a customer's page
    Widget,
    /// The console where agents answer
    Desk,
}

impl App {
    /// All of them, in the order they are built.
    pub(crate) const ALL: [Self; 2] = [Self::Widget, Self::Desk];

    /// The application's folder in the sources, among the browser files and on the relay.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Widget => "widget",
            Self::Desk => "desk",
        }
    }

    /// Its package and its program.
    const fn package(self) -> &'static str {
        match self {
            Self::Widget => "portico-widget",
            Self::Desk => "portico-desk",
        }
    }

    /// Where the relay serves it.
    pub(crate) const fn public_url(self) -> &'static str {
        match self {
            Self::Widget => "/widget/",
            Self::Desk => "/desk/",
        }
    }

    /// The page that the build starts from.
    pub(crate) const fn page(self) -> &'static str {
        match self {
            Self::Widget => "widget/index.html",
            Self::Desk => "desk/index.html",
        }
    }
}

/// How browser files are made.
#[derive(Clone, Copy)]
pub(crate) enum Build<'a> {
    /// Soon: for the demo, the tests and development.
    Fast,
    /// Small: what is released.
    Release(&'a BuildTools),
}

impl Build<'_> {
    /// Where the files go.
    pub(crate) fn folder(self, workspace: &Workspace) -> PathBuf {
        match self {
            Self::Fast => workspace.scratch().join("browser"),
            Self::Release(_) => workspace.dist(),
        }
    }

    /// The profile of the root `Cargo.toml` that the programs are compiled with.
    const fn profile(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Release(_) => "wasm-release",
        }
    }

    /// Two builds of different kinds leave each other's results alone.
    fn stamp(self, workspace: &Workspace, app: App) -> PathBuf {
        workspace
            .scratch()
            .join(format!("{}-{}.stamp", app.name(), self.profile()))
    }
}

/// Makes all of them.
pub(crate) fn build(workspace: &Workspace, build: Build<'_>) -> Result<()> {
    let _lock = lock(workspace)?;
    compile(workspace, build)?;
    for app in App::ALL {
        build_app(workspace, build, app).with_context(|| format!("cannot build {}", app.name()))?;
    }
    build_public(workspace, build)
}

/// Two builds at once would replace each other's folders.
fn lock(workspace: &Workspace) -> Result<File> {
    let scratch = workspace.scratch();
    fs::create_dir_all(&scratch)?;
    let lock = File::create(scratch.join("assets.lock"))?;
    lock.lock()?;
    Ok(lock)
}

/// One hash of all that browsers download, for a build that embeds it.
pub(crate) fn fingerprint(workspace: &Workspace) -> Result<String> {
    Ok(Fingerprint::new().folder(&workspace.dist())?.finish())
}

/// All programs at once, which share most of what they depend on.
fn compile(workspace: &Workspace, build: Build<'_>) -> Result<()> {
    let mut command = workspace.cargo([
        "build",
        "--locked",
        "--target",
        WASM_TARGET,
        "--profile",
        build.profile(),
    ]);
    command.args(App::ALL.into_iter().flat_map(|app| ["--package", app.package()]));
    if let Build::Release(_) = build {
        command.args(["--config", &without_local_paths()?]);
    }
    progress::cargo(&mut command)
}

/// Puts the program of the fast build, as Trunk let cargo compile it, into a folder.
pub(crate) fn link(workspace: &Workspace, app: App, folder: &Path) -> Result<()> {
    program::link(
        &program_file(workspace, Build::Fast.profile(), app),
        app.package(),
        folder,
    )
}

/// The place of a panic is in the program, and this machine's folders are nobody's business.
fn without_local_paths() -> Result<String> {
    let crates = cargo_home()?.join("registry/src");
    let option = format!("--remap-path-prefix={}=crates", crates.display());
    Ok(format!("target.{WASM_TARGET}.rustflags=[{option:?}]"))
}

fn cargo_home() -> Result<PathBuf> {
    match env::var_os("CARGO_HOME") {
        Some(folder) => Ok(folder.into()),
        None => Ok(env::home_dir()
            .context("no home folder: set CARGO_HOME")?
            .join(".cargo")),
    }
}

fn build_app(workspace: &Workspace, build: Build<'_>, app: App) -> Result<()> {
    let folder = build.folder(workspace).join(app.name());
    let wasm = program_file(workspace, build.profile(), app);
    let page = Page::read(&workspace.root().join(app.page()))?;
    let stamp = build.stamp(workspace, app);
    let inputs = inputs(workspace, build, &page, &wasm)?;
    if let Ok(old) = fs::read_to_string(&stamp)
        && old == stamped(&inputs, &folder)?
    {
        println!("   {} is up to date", app.name());
        return Ok(());
    }

    let staging = empty(workspace.scratch().join(format!("{}-staging", app.name())))?;
    let files = empty(staging.join("files"))?;
    program::link(&wasm, app.package(), &files)?;
    if let Build::Release(tools) = build {
        shrink::program(workspace, tools, &files)?;
    }
    page.copy_to(&files)?;
    if let Build::Release(tools) = build {
        shrink::page(workspace, tools, &files)?;
    }

    let hash = Fingerprint::new().folder(&files)?.short();
    fs::rename(&files, staging.join(&hash))?;
    fs::write(staging.join("index.html"), page.html(app, &hash))?;
    if let Build::Release(_) = build {
        shrink::compress_below(&staging)?;
    }
    replace(&folder, &staging)?;
    Ok(fs::write(stamp, stamped(&inputs, &folder)?)?)
}

/// What cargo made.
fn program_file(workspace: &Workspace, profile: &str, app: App) -> PathBuf {
    let folder = workspace.target().join(WASM_TARGET).join(profile);
    folder.join(app.package()).with_extension("wasm")
}

/// The script tag and the demo shop.
fn build_public(workspace: &Workspace, build: Build<'_>) -> Result<()> {
    let public = workspace.root().join("public");
    let staging = empty(workspace.scratch().join("public-staging"))?;
    copy_folder(&public.join("demo"), &staging.join("demo"))?;
    // The shop has the design tokens from its own origin, as it has everything but the script tag.
    fs::copy(public.join("tokens.css"), staging.join("demo/tokens.css"))?;
    script_tag::bundle(workspace, build, &staging)?;
    if let Build::Release(_) = build {
        shrink::compress_below(&staging)?;
    }

    let folder = build.folder(workspace);
    fs::create_dir_all(&folder)?;
    for name in ["demo", "embed", "shims"] {
        replace(&folder.join(name), &staging.join(name))?;
    }
    for name in ["embed.js", "embed.js.br"] {
        if staging.join(name).exists() {
            fs::rename(staging.join(name), folder.join(name))?;
        }
    }
    Ok(())
}

/// Everything that decides what an application's files look like.
fn inputs(workspace: &Workspace, build: Build<'_>, page: &Page, wasm: &Path) -> Result<String> {
    let mut fingerprint = Fingerprint::new().folder(&workspace.root().join("xtask"))?.file(wasm)?;
    if let Build::Release(tools) = build {
        fingerprint = fingerprint.text(&tools.versions());
    }
    for source in page.sources() {
        fingerprint = fingerprint.file(&source)?;
    }
    Ok(fingerprint.finish())
}

/// What was built from what: a file that went missing is as good a reason to build as one that changed.
fn stamped(inputs: &str, folder: &Path) -> Result<String> {
    Ok(format!("{inputs} {}\n", Fingerprint::new().folder(folder)?.finish()))
}

/// A new folder in place of an old one.
fn empty(folder: PathBuf) -> Result<PathBuf> {
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn replace(old: &Path, new: &Path) -> Result<()> {
    if old.exists() {
        fs::remove_dir_all(old)?;
    }
    if let Some(parent) = old.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::rename(new, old).with_context(|| format!("cannot move {} to {}", new.display(), old.display()))
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
