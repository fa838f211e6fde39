//! How large a picture is when it is drawn: few bytes can be more pixels than a reader's browser has memory for.

use std::io::ErrorKind;

/// The most pixels of a picture: a little more than phones with 50 million of them take.
pub(super) const MOST_PIXELS: u64 = 51_000_000;

/// How many of a picture's first bytes are looked at. A photo has its size behind all that the camera says of it.
pub(super) const HEAD_BYTES: u64 = 512 * 1024;

/// Whether this is drawn pixel by pixel.
pub(super) fn is_one(media_type: &str) -> bool {
    media_type.starts_with("image/") && media_type != "image/svg+xml"
}

/// Whether a picture of so many bytes, which begins with `head`, has too many pixels, or hides behind that how many it has. One
/// whose size cannot be told from all of its bytes is of a kind that is not known here, or damaged.
pub(super) fn is_too_large(head: &[u8], bytes: u64) -> bool {
    match imagesize::blob_size(head) {
        Ok(size) => (size.width as u64).saturating_mul(size.height as u64) > MOST_PIXELS,
        Err(imagesize::ImageError::IoError(error)) => {
            error.kind() == ErrorKind::UnexpectedEof && (head.len() as u64) < bytes
        }
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{HEAD_BYTES, is_one, is_too_large};

    fn png(width: u32, height: u32) -> Vec<u8> {
        let sides = [width.to_be_bytes(), height.to_be_bytes()].concat();
        [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], &sides, b"\x08\x06\0\0\0"].concat()
    }

    /// With so many bytes before its size.
    fn jpeg(width: u16, height: u16, before: usize) -> Vec<u8> {
        let mut bytes = b"\xff\xd8".to_vec();
        for _ in 0..before.div_ceil(60_000) {
            bytes.extend(b"\xff\xe1");
            bytes.extend(60_000_u16.to_be_bytes());
            bytes.resize(bytes.len() + 59_998, 0);
        }
        bytes.extend(b"\xff\xc0\0\x11\x08");
        bytes.extend(height.to_be_bytes());
        bytes.extend(width.to_be_bytes());
        bytes.extend(b"\x03\x01\x22\0\x02\x11\x01\x03\x11\x01\xff\xd9");
        bytes
    }

    fn of(picture: &[u8]) -> bool {
        let head = &picture[..picture.len().min(HEAD_BYTES as usize)];
        is_too_large(head, picture.len() as u64)
    }

    #[test]
    fn photos_are_taken_and_what_would_fill_a_browsers_memory_is_not() {
        assert!(!of(&png(8_160, 6_120)));
        assert!(of(&png(30_000, 30_000)));
        assert!(of(&png(u32::MAX, u32::MAX)));
        assert!(!of(&jpeg(8_192, 6_144, 130_000)), "behind what the camera says of it");
        assert!(of(&jpeg(60_000, 60_000, 130_000)));
        assert!(of(b"GIF89a\xff\xff\xff\xff\0\0\0"));
        assert!(of(
            b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\x10\0\0\0\xff\xff\xff\xff\xff\xff"
        ));
    }

    #[test]
    fn a_picture_that_hides_its_size_is_not_taken_and_a_damaged_one_is_harmless() {
        assert!(of(&jpeg(40, 30, 600_000)));
        assert!(!of(b"\x89PNG\r\n\x1a\n"));
        assert!(!of(b"\xff\xd8\xff"));
        assert!(!of(b"no picture"));
    }

    #[test]
    fn drawings_have_no_pixels() {
        assert!(is_one("image/png") && is_one("image/avif"));
        assert!(!is_one("image/svg+xml") && !is_one("video/mp4"));
    }
}
