//! The brotli twin of each file, made once here instead of at each request.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;
use brotli::enc::backward_references::BrotliEncoderMode;

/// The best there is: nobody waits for it but the build.
const QUALITY: i32 = 11;

/// The logarithm of the window in bytes: 4 MiB, more than any of the files.
const WINDOW_LOG2: i32 = 22;

/// What a byte is guessed from. No one guess suits all files: the second is the best for most texts, the third saves a
/// program more than one hundredth of its size. All of them are plain brotli to whoever reads it.
const GUESSES: [BrotliEncoderMode; 3] = [
    BrotliEncoderMode::BROTLI_MODE_GENERIC,
    BrotliEncoderMode::BROTLI_MODE_FONT,
    BrotliEncoderMode::BROTLI_FORCE_MSB_PRIOR,
];

/// What shrinks; images, fonts and sounds are compressed already.
const COMPRESSIBLE: [&str; 9] = ["css", "html", "ico", "js", "json", "svg", "txt", "wasm", "webmanifest"];

/// Puts `name.br` next to each compressible file below a folder.
pub(super) fn folder(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        if path.is_dir() {
            self::folder(&path)?;
        } else if extension.is_some_and(|extension| COMPRESSIBLE.contains(&extension)) {
            let mut twin = path.clone().into_os_string();
            twin.push(".br");
            fs::write(twin, brotli(&fs::read(&path)?)?)?;
        }
    }
    Ok(())
}

/// The smallest of several tries.
fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let mut smallest: Option<Vec<u8>> = None;
    for mode in GUESSES {
        let params = BrotliEncoderParams {
            mode,
            quality: QUALITY,
            lgwin: WINDOW_LOG2,
            ..BrotliEncoderParams::default()
        };
        let mut compressed = Vec::new();
        brotli::BrotliCompress(&mut &*content, &mut compressed, &params)?;
        if smallest.as_ref().is_none_or(|other| compressed.len() < other.len()) {
            smallest = Some(compressed);
        }
    }
    smallest.context("there is at least one guess")
}

#[cfg(test)]
mod tests {
    use std::{fs, io::Read};

    use super::{brotli, folder};

    #[test]
    fn what_was_compressed_reads_the_same() {
        let content = "the same words again, ".repeat(200);
        let compressed = brotli(content.as_bytes()).expect("memory does not fail");
        assert!(compressed.len() < content.len() / 10);
        let mut read = String::new();
        let mut reader = ::brotli::Decompressor::new(compressed.as_slice(), 4096);
        reader.read_to_string(&mut read).expect("it is brotli");
        assert_eq!(read, content);
    }

    #[test]
    fn only_what_shrinks_gets_a_twin() {
        let dist = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(dist.path().join("demo")).expect("created");
        fs::write(dist.path().join("demo/page.html"), "<p>").expect("written");
        fs::write(dist.path().join("photo.png"), "x").expect("written");
        folder(dist.path()).expect("the folder is ours");
        assert!(dist.path().join("demo/page.html.br").is_file());
        assert!(!dist.path().join("photo.png.br").exists());
    }
}
