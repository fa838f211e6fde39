//! What is wrong with how files are to be kept, and with what channels take.

use super::Check;
use portico_core::config::ChannelFiles;
use portico_core::files::MAX_FILE_BYTES;
use portico_core::identity::Origin;
use secrecy::ExposeSecret;

impl Check<'_> {
    /// Where files are kept, and how many there may be.
    pub(super) fn files(&mut self) {
        let files = &self.config.files;
        if files.bytes_per_day == 0 {
            self.wrong(
                "files.bytes_per_day",
                "0",
                "at least 1; a channel takes no files with files.max_bytes = 0",
            );
        }
        match files.endpoint.parse::<Origin>() {
            Ok(origin) if !origin.is_secure() && !origin.is_loopback() => self.wrong(
                "files.endpoint",
                &files.endpoint,
                "files would cross the network in clear: https://",
            ),
            Err(error) if !files.endpoint.is_empty() => {
                self.wrong("files.endpoint", &files.endpoint, error.to_string());
            }
            Ok(_) | Err(_) => {}
        }
        if !files.bucket.is_empty() && !files.folder.as_os_str().is_empty() {
            self.wrong("files.bucket", &files.bucket, "there is a folder as well: one of both");
        }
        if files.access_key_id.is_empty() != files.secret.expose_secret().is_empty() {
            self.wrong_secret(
                "files.secret".to_owned(),
                "goes with access_key_id: set both, or neither of them",
            );
        }
    }

    /// What a channel takes.
    pub(super) fn channel_files(&mut self, at: &str, files: &ChannelFiles) {
        if files.max_bytes > MAX_FILE_BYTES {
            self.wrong(
                format!("{at}.max_bytes"),
                &files.max_bytes.to_string(),
                format!("no file is larger than {MAX_FILE_BYTES} bytes"),
            );
        }
        for (index, name) in files.types.iter().enumerate() {
            if !is_media_type(name) {
                self.wrong(
                    format!("{at}.types[{index}]"),
                    name,
                    "a media type is two words in small letters with a / between them, without *",
                );
            }
        }
    }
}

fn is_media_type(name: &str) -> bool {
    let is_word = |word: &str| {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".+-_".contains(&byte);
        !word.is_empty() && word.bytes().all(allowed)
    };
    name.split_once('/')
        .is_some_and(|(one, other)| is_word(one) && is_word(other))
}
