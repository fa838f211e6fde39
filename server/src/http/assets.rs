//! What browsers download, built by `cargo xtask build` into `dist/` and part of the program: a relay is one file. With
//! `server.assets` it reads a folder instead, so that a page can be changed while the relay runs.

use super::problem::Problem;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

#[derive(RustEmbed)]
#[folder = "../dist"]
#[allow_missing = true]
struct Dist;

/// Cargo does not watch the embedded folder; the build names its hash here, so that other files make another program.
const _: Option<&str> = option_env!("PORTICO_DIST_HASH");

/// For how long a browser may use an answer without asking again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cache {
    /// Its name tells its content.
    Forever,
    /// One: from page to page of a site the same answer, and a correction is there when the visitor has read it.
    Minute,
    /// A few minutes: long enough for a visit, short enough for a correction.
    Minutes,
    /// Asked about each time, and answered with 304 when it is the same.
    Ask,
    /// Not at all: the name tells of another content.
    Never,
}

impl Cache {
    const fn header(self) -> &'static str {
        match self {
            Self::Forever => "public, max-age=31536000, immutable",
            Self::Minute => "public, max-age=60",
            Self::Minutes => "public, max-age=300",
            Self::Ask => "no-cache",
            Self::Never => "no-store",
        }
    }

    /// By the file's place: `0123456789abcdef/boot.js` lies in a folder that carries the hash of what is in it.
    pub(super) fn of(path: &str) -> Self {
        let folder = path.split_once('/').map_or("", |(folder, _)| folder);
        if folder.len() == 16 && folder.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            Self::Forever
        } else {
            Self::Ask
        }
    }
}

/// Where browser files come from.
#[derive(Debug, Clone)]
pub struct Assets {
    /// None: they are in the program.
    folder: Option<Arc<Path>>,
}

struct File {
    content: Cow<'static, [u8]>,
    hash: [u8; 32],
}

impl Assets {
    /// Those of a folder, or those in the program if its name is empty.
    pub fn new(folder: &Path) -> Self {
        let is_named = !folder.as_os_str().is_empty();
        Self {
            folder: is_named.then(|| folder.into()),
        }
    }

    /// Answers with a file, compressed if the browser takes it.
    pub(super) async fn answer(&self, path: &str, request: &HeaderMap, cache: Cache) -> Response {
        let compressed = match accepts_brotli(request) {
            true => self.get(&format!("{path}.br")).await,
            false => None,
        };
        let encoding = compressed.as_ref().map(|_| "br");
        let file = match compressed {
            Some(file) => Some(file),
            None => self.get(path).await,
        };
        let Some(file) = file else {
            return Problem::not_found().into_response();
        };
        let mut response = respond(file, content_type(path), "accept-encoding", request, cache);
        let headers = response.headers_mut();
        if let Some(encoding) = encoding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    }

    /// The first 16 digits of a file's SHA-256, by which the build names a version of it.
    pub(super) async fn version(&self, path: &str) -> Option<String> {
        self.get(path).await.map(|file| hex::encode(&file.hash[..8]))
    }

    /// The text of a page, to be completed before it is served.
    pub(super) async fn text(&self, path: &str) -> Option<String> {
        String::from_utf8(self.get(path).await?.content.into_owned()).ok()
    }

    /// Whether they were built: without them the relay relays, but has no widget and no desk to show.
    pub async fn exist(&self) -> bool {
        self.get("widget/index.html").await.is_some()
    }

    async fn get(&self, path: &str) -> Option<File> {
        if !is_plain(path) {
            return None;
        }
        match &self.folder {
            None => Dist::get(path).map(|file| File {
                hash: file.metadata.sha256_hash(),
                content: file.data,
            }),
            Some(folder) => {
                let (folder, path) = (Arc::clone(folder), path.to_owned());
                #[expect(
                    clippy::disallowed_methods,
                    reason = "awaited in the same function, so that a stop waits for it"
                )]
                let read = tokio::task::spawn_blocking(move || read_within(&folder, &path)).await;
                read.ok().flatten()
            }
        }
    }
}

/// Answers with a page that was completed for this request, whose languages have a say in it.
pub(super) fn page(html: String, request: &HeaderMap) -> Response {
    let file = File {
        hash: Sha256::digest(&html).into(),
        content: html.into_bytes().into(),
    };
    let weak = HeaderValue::from_str(&format!("W/{}", tag(&file))).expect("hexadecimal digits");
    let mut response = respond(file, content_type(".html"), "accept-language", request, Cache::Minute);
    // It may be compressed on its way: the same page in other bytes, which a strong tag rules out.
    response.headers_mut().insert(header::ETAG, weak);
    response
}

/// The file, unless the browser has it already.
fn respond(file: File, kind: &'static str, vary: &'static str, request: &HeaderMap, cache: Cache) -> Response {
    let tag = tag(&file);
    let mut response = if is_same(request, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(file.content).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache.header()));
    headers.insert(header::VARY, HeaderValue::from_static(vary));
    headers.insert(header::ETAG, HeaderValue::from_str(&tag).expect("hexadecimal digits"));
    response
}

/// Reads a file of a folder; none if a symbolic link leads out of it. The folder itself may be reached by one. Blocks on the
/// disk.
fn read_within(folder: &Path, path: &str) -> Option<File> {
    let folder = folder.canonicalize().ok()?;
    let file = folder.join(path).canonicalize().ok()?;
    // A pipe would be waited for.
    if !file.starts_with(&folder) || !file.is_file() {
        return None;
    }
    let content = std::fs::read(file).ok()?;
    Some(File {
        hash: Sha256::digest(&content).into(),
        content: content.into(),
    })
}

/// A path of our own making: no way up, no hidden file, no second slash.
fn is_plain(path: &str) -> bool {
    path.split('/').all(|part| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        !part.is_empty() && !part.starts_with('.') && part.bytes().all(allowed)
    })
}

fn tag(file: &File) -> String {
    format!("\"{}\"", hex::encode(&file.hash[..8]))
}

fn is_same(request: &HeaderMap, tag: &str) -> bool {
    let stated = request
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    stated
        .split(',')
        .any(|stated| stated.trim().trim_start_matches("W/") == tag)
}

fn accepts_brotli(request: &HeaderMap) -> bool {
    let stated = request
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    stated.split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let refused = |part: &str| part.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0_f32));
        parts.next() == Some("br") && !parts.any(refused)
    })
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "mp3" => "audio/mpeg",
        "ogg" => "audio/ogg",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn only_what_lies_in_a_folder_named_by_a_hash_is_kept_forever() {
        assert_eq!(Cache::of("e3b0c44298fc1c14/app_bg.wasm"), Cache::Forever);
        assert_eq!(Cache::of("e3b0c44298fc1c14/snippets/a/b.js"), Cache::Forever);
        for name in [
            "index.html",
            "app.js",
            "snippets/app.js",
            "e3b0c44298fc1c14",
            "embed.js",
        ] {
            assert_eq!(Cache::of(name), Cache::Ask, "{name}");
        }
    }

    #[tokio::test]
    async fn no_path_leads_out() {
        for path in [
            "",
            "/",
            "..",
            "../Cargo.toml",
            "widget/../../Cargo.toml",
            "widget//x",
            ".git/config",
            "a\\b",
            "a%2e",
        ] {
            assert!(!is_plain(path), "{path}");
            assert_eq!(
                Assets::new(Path::new(""))
                    .answer(path, &HeaderMap::new(), Cache::Ask)
                    .await
                    .status(),
                StatusCode::NOT_FOUND,
                "{path}"
            );
        }
    }

    #[tokio::test]
    async fn a_folder_stands_in_for_what_is_in_the_program() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(folder.path().join("widget")).expect("created");
        std::fs::write(folder.path().join("widget/index.html"), "<p>").expect("written");
        let assets = Assets::new(folder.path());
        assert!(assets.exist().await);
        assert_eq!(assets.text("widget/index.html").await.as_deref(), Some("<p>"));
        assert_eq!(assets.text("desk/index.html").await, None);
    }

    #[tokio::test]
    async fn no_link_leads_out_of_a_folder() {
        use std::os::unix::fs::symlink;
        let world = tempfile::tempdir().expect("a temporary folder");
        let (outside, folder) = (world.path().join("outside"), world.path().join("folder"));
        for made in [&outside, &folder.join("widget")] {
            std::fs::create_dir_all(made).expect("created");
        }
        std::fs::write(outside.join("secret.txt"), "secret").expect("written");
        std::fs::write(folder.join("widget/a.txt"), "a").expect("written");
        symlink(outside.join("secret.txt"), folder.join("widget/file.txt")).expect("linked");
        symlink("../../outside/secret.txt", folder.join("widget/relative.txt")).expect("linked");
        symlink(&outside, folder.join("widget/out")).expect("linked");
        symlink("a.txt", folder.join("widget/inside.txt")).expect("linked");
        symlink(&folder, world.path().join("current")).expect("linked");
        let assets = Assets::new(&world.path().join("current"));
        for path in [
            "widget/file.txt",
            "widget/relative.txt",
            "widget/out/secret.txt",
            "widget",
        ] {
            assert_eq!(assets.text(path).await, None, "{path}");
        }
        for path in ["widget/a.txt", "widget/inside.txt"] {
            assert_eq!(assets.text(path).await.as_deref(), Some("a"), "{path}");
        }
    }

    #[test]
    fn brotli_is_sent_to_those_who_take_it() {
        for (value, takes) in [
            ("gzip, br", true),
            ("br;q=1.0", true),
            ("br;q=0", false),
            ("brotli", false),
            ("", false),
        ] {
            assert_eq!(accepts_brotli(&with(header::ACCEPT_ENCODING, value)), takes, "{value}");
        }
    }

    #[test]
    fn a_browser_that_has_it_is_not_sent_it_again() {
        assert!(is_same(&with(header::IF_NONE_MATCH, "\"a\", W/\"b\""), "\"b\""));
        assert!(!is_same(&with(header::IF_NONE_MATCH, "\"a\""), "\"b\""));
        assert!(!is_same(&HeaderMap::new(), "\"b\""));
    }
}
