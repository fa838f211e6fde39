//! One folder per tool and version, complete or absent.
//!
//! A tool is installed next to its final folder and renamed when it is complete, so that an interrupted install
//! leaves nothing that looks finished. A lock file makes a second process wait instead of installing as well.

use std::{
    env,
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use anyhow::{Context, Result, bail, ensure};
use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha512};

use super::system;
use crate::{assets, steps};

/// Debian's packages of Node.js, which brings tools that are published for it.
const NODE: &[&str] = &["nodejs", "npm"];

/// The user's tools, shared by all checkouts.
pub(super) struct Cache {
    folder: PathBuf,
}

/// A program of one version.
pub(super) struct Tool<'a> {
    /// Its name in the registry that the installer reads.
    pub(super) name: &'a str,
    /// The exact version.
    pub(super) version: &'a str,
    /// How it is installed.
    pub(super) installer: Installer<'a>,
    /// The file that is wanted, inside the tool's folder.
    pub(super) program: &'a str,
}

/// A program that installs others.
pub(super) enum Installer<'a> {
    /// `cargo install`, with further arguments.
    Cargo {
        /// Profile, features, lock file.
        arguments: &'a [&'a str],
    },
    /// `npm install`; the package's own scripts do not run.
    Npm,
    /// `npm ci`: what the lock file in this folder names, each by its content.
    Lock {
        /// Where `package.json` and the lock file are.
        package: &'a Path,
    },
    /// `npm pack`: the package's own files and nothing that it depends on, for what is served and not run here.
    Pack {
        /// Subresource integrity of the archive.
        integrity: &'a str,
        /// What browsers are sent beside the program, from its folder: compressed like the release.
        served: &'a [&'a str],
    },
}

impl Cache {
    /// The folder that the XDG base directories name.
    pub(super) fn open() -> Result<Self> {
        let base = match env::var_os("XDG_CACHE_HOME").filter(|folder| Path::new(folder).is_absolute()) {
            Some(folder) => PathBuf::from(folder),
            None => env::home_dir()
                .context("no home folder: set XDG_CACHE_HOME")?
                .join(".cache"),
        };
        Self::at(base.join("portico").join("tools"))
    }

    fn at(folder: PathBuf) -> Result<Self> {
        fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        Ok(Self { folder })
    }

    /// The tool's program; installs the tool when it is not there.
    pub(super) fn provide(&self, tool: &Tool<'_>) -> Result<PathBuf> {
        self.provide_with(tool, install)
    }

    fn provide_with(&self, tool: &Tool<'_>, install: impl FnOnce(&Tool<'_>, &Path) -> Result<()>) -> Result<PathBuf> {
        // A scope's slash would be another folder.
        let name = format!(
            "{}-{}",
            tool.name.trim_start_matches('@').replace('/', "-"),
            tool.version
        );
        let complete = self.folder.join(&name);
        let program = complete.join(tool.program);
        if program.is_file() {
            return Ok(program);
        }

        let lock = File::create(self.folder.join(format!("{name}.lock")))?;
        if lock.try_lock().is_err() {
            println!("   waiting for another process that installs {name}");
            lock.lock()?;
        }
        if program.is_file() {
            return Ok(program);
        }

        let partial = self.folder.join(format!("{name}.partial"));
        for leftover in [&partial, &complete] {
            if leftover.exists() {
                fs::remove_dir_all(leftover)?;
            }
        }
        fs::create_dir(&partial)?;
        println!("   installing {name} into {}", self.folder.display());
        let started = Instant::now();
        install(tool, &partial)?;
        ensure!(
            partial.join(tool.program).is_file(),
            "the install of {name} brought no {}",
            tool.program
        );
        fs::rename(&partial, &complete)?;
        println!("   installed {name} in {}", steps::elapsed(started.elapsed()));
        Ok(program)
    }
}

fn install(tool: &Tool<'_>, into: &Path) -> Result<()> {
    let installed = match tool.installer {
        Installer::Cargo { arguments } => from_source(tool, arguments, into),
        Installer::Npm => {
            let mut command = npm(tool)?;
            command.args(["install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]);
            command.arg("--prefix").arg(into).arg(spec(tool));
            steps::run(command.current_dir(into))
        }
        Installer::Lock { package } => from_lock_file(tool, package, into),
        Installer::Pack { integrity, served } => unpack(tool, integrity, served, into),
    };
    if let Err(error) = installed {
        bail!(
            "{error:#}\ncannot install {} {}: {}",
            tool.name,
            tool.version,
            remedy(tool)
        );
    }
    Ok(())
}

fn from_source(tool: &Tool<'_>, arguments: &[&str], into: &Path) -> Result<()> {
    let build = into.join("build");
    let mut command = Command::new("cargo");
    command
        .args(["install", tool.name, "--version", tool.version])
        .args(arguments);
    command.arg("--root").arg(into);
    command
        .env("CARGO_TARGET_DIR", &build)
        .env("CARGO_PROFILE_DEV_DEBUG", "0");
    // Not in the checkout: its cargo configuration and its lock file are about something else.
    steps::run(command.current_dir(into))?;
    if build.exists() {
        fs::remove_dir_all(build)?;
    }
    Ok(())
}

fn from_lock_file(tool: &Tool<'_>, package: &Path, into: &Path) -> Result<()> {
    for name in ["package.json", "package-lock.json"] {
        fs::copy(package.join(name), into.join(name))?;
    }
    let mut command = npm(tool)?;
    command.args(["ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]);
    steps::run(command.current_dir(into))
}

fn npm(tool: &Tool<'_>) -> Result<Command> {
    if system::on_search_path(&["npm"]).is_none() {
        system::install(NODE).with_context(|| format!("{} comes by npm", spec(tool)))?;
    }
    Ok(Command::new("npm"))
}

fn spec(tool: &Tool<'_>) -> String {
    format!("{}@{}", tool.name, tool.version)
}

/// Fetches the archive of a package, and unpacks it if it is the one that was looked at when its version was chosen.
fn unpack(tool: &Tool<'_>, integrity: &str, served: &[&str], into: &Path) -> Result<()> {
    let mut pack = npm(tool)?;
    pack.args(["pack", "--silent", "--ignore-scripts"]).arg(spec(tool));
    let archive = steps::output(pack.current_dir(into))?;
    let archive = into.join(archive.trim());
    let digest = BASE64_STANDARD.encode(Sha512::digest(fs::read(&archive)?));
    ensure!(
        integrity == format!("sha512-{digest}"),
        "{} is another archive than the one that is pinned: sha512-{digest}",
        spec(tool)
    );
    let mut tar = Command::new("tar");
    steps::run(tar.arg("-xzf").arg(&archive).current_dir(into))?;
    fs::remove_file(archive)?;
    let program = into.join(tool.program);
    let beside = served.iter().map(|name| program.with_file_name(name));
    assets::compress(&beside.chain([program.clone()]).collect::<Vec<_>>())
}

fn remedy(tool: &Tool<'_>) -> String {
    match tool.installer {
        Installer::Cargo { .. } => {
            "it is built from source: a C compiler and the crate registry must be within reach, then run the same \
             command again"
                .to_owned()
        }
        Installer::Npm | Installer::Lock { .. } | Installer::Pack { .. } => {
            format!(
                "it needs Node.js 18 or newer with npm: on Debian, as root, `{}`, then run the same command again",
                system::remedy(NODE)
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOOL: Tool<'static> = Tool {
        name: "saw",
        version: "1.2.3",
        installer: Installer::Npm,
        program: "bin/saw",
    };

    fn put_program(_: &Tool<'_>, into: &Path) -> Result<()> {
        fs::create_dir(into.join("bin"))?;
        Ok(fs::write(into.join("bin/saw"), "steel")?)
    }

    fn must_not_install(_: &Tool<'_>, _: &Path) -> Result<()> {
        bail!("it was there already")
    }

    #[test]
    fn a_tool_is_installed_once() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let cache = Cache::at(folder.path().join("tools")).expect("the folder is ours");
        let first = cache.provide_with(&TOOL, put_program).expect("it installs");
        let second = cache.provide_with(&TOOL, must_not_install).expect("it is there");
        assert_eq!(first, second);
        assert!(first.ends_with("tools/saw-1.2.3/bin/saw"));
    }

    #[test]
    fn an_interrupted_install_is_repaired() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let cache = Cache::at(folder.path().to_path_buf()).expect("the folder is ours");
        fs::create_dir_all(folder.path().join("saw-1.2.3.partial/bin")).expect("what a killed process left");
        assert!(cache.provide_with(&TOOL, put_program).expect("it installs").is_file());
        assert!(!folder.path().join("saw-1.2.3.partial").exists());
    }

    #[test]
    fn an_install_that_brings_nothing_is_not_kept() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let cache = Cache::at(folder.path().to_path_buf()).expect("the folder is ours");
        let error = cache
            .provide_with(&TOOL, |_, _| Ok(()))
            .expect_err("there is no program");
        assert_eq!(error.to_string(), "the install of saw-1.2.3 brought no bin/saw");
        assert!(!folder.path().join("saw-1.2.3").exists());
    }

    #[test]
    fn processes_that_come_together_install_once() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let installs = std::sync::atomic::AtomicU32::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let cache = Cache::at(folder.path().to_path_buf()).expect("the folder is ours");
                    let counted = |tool: &Tool<'_>, into: &Path| {
                        installs.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                        put_program(tool, into)
                    };
                    cache.provide_with(&TOOL, counted).expect("one of them installs it");
                });
            }
        });
        assert_eq!(installs.into_inner(), 1);
    }
}
