//! The brotli twin of each file, made once here instead of at each request.

use std::{fs, io::Write, path::Path};

use anyhow::Result;

/// The best there is: nobody waits for it but the build.
const QUALITY: u32 = 11;

/// The logarithm of the window in bytes: 4 MiB, more than any of the files.
const WINDOW_LOG2: u32 = 22;

/// The buffer between our bytes and the compressor's.
const BUFFER_BYTES: usize = 64 * 1024;

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

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), BUFFER_BYTES, QUALITY, WINDOW_LOG2);
    writer.write_all(content)?;
    Ok(writer.into_inner())
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
