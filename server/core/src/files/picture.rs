//! How large a picture is when it is drawn: few bytes can be more pixels than a reader's browser has memory for.

/// The most pixels of a picture: a little more than phones with 50 million of them take.
pub(super) const MOST_PIXELS: u64 = 51_000_000;

/// How many of a picture's first bytes are looked at. A photo has its size behind all that the camera says of it.
pub(super) const HEAD_BYTES: u64 = 1024 * 1024;

/// Whether this is drawn pixel by pixel.
pub(super) fn is_one(media_type: &str) -> bool {
    media_type.starts_with("image/") && media_type != "image/svg+xml"
}

/// What a picture takes of a reader's memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pixels {
    /// No more than a browser draws without trouble.
    Few,
    /// Too many.
    Many,
    /// The picture does not say so where its kind says it. A browser may be more lenient and draw it all the same, so it is
    /// not what its type promises.
    Unknown,
}

/// How many pixels a picture has that begins with `head`.
pub(super) fn pixels(head: &[u8]) -> Pixels {
    let of_frame = if head.starts_with(b"GIF") {
        first_frame(head)
    } else {
        Some(0)
    };
    let (Ok(size), Some(of_frame)) = (imagesize::blob_size(head), of_frame) else {
        return Pixels::Unknown;
    };
    let of_picture = (size.width as u64).saturating_mul(size.height as u64);
    if of_picture.max(of_frame) > MOST_PIXELS {
        return Pixels::Many;
    }
    Pixels::Few
}

/// The pixels of a GIF's first frame: browsers draw the whole of one that is larger than its picture.
fn first_frame(head: &[u8]) -> Option<u64> {
    let mut options = gif::DecodeOptions::new();
    // Nothing is drawn here.
    options.set_memory_limit(gif::MemoryLimit::Unlimited);
    let mut decoder = options.read_info(head).ok()?;
    let frame = decoder.next_frame_info().ok()??;
    Some(u64::from(frame.width) * u64::from(frame.height))
}

#[cfg(test)]
mod tests {
    use super::{HEAD_BYTES, Pixels, is_one, pixels};

    fn png(width: u32, height: u32) -> Vec<u8> {
        let sides = [width.to_be_bytes(), height.to_be_bytes()].concat();
        [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], &sides, b"\x08\x06\0\0\0"].concat()
    }

    /// A square picture, and its square frame.
    fn gif(side: u16, frame: u16) -> Vec<u8> {
        let [side, frame] = [side, frame].map(u16::to_le_bytes);
        let black_and_white = b"\x80\0\0\0\0\0\xff\xff\xff";
        let parts: [&[u8]; 9] = [
            b"GIF89a",
            &side,
            &side,
            black_and_white,
            b",\0\0\0\0",
            &frame,
            &frame,
            b"\0",
            b"\x02\x02L\x01\0;",
        ];
        parts.concat()
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

    fn of(picture: &[u8]) -> Pixels {
        pixels(&picture[..picture.len().min(HEAD_BYTES as usize)])
    }

    #[test]
    fn photos_are_taken_and_what_would_fill_a_browsers_memory_is_not() {
        assert_eq!(of(&png(8_160, 6_120)), Pixels::Few);
        assert_eq!(of(&png(30_000, 30_000)), Pixels::Many);
        assert_eq!(of(&png(u32::MAX, u32::MAX)), Pixels::Many);
        assert_eq!(
            of(&jpeg(8_192, 6_144, 600_000)),
            Pixels::Few,
            "behind what the camera says of it"
        );
        assert_eq!(of(&jpeg(60_000, 60_000, 130_000)), Pixels::Many);
        assert_eq!(of(&gif(u16::MAX, 1)), Pixels::Many);
        assert_eq!(of(&gif(1, u16::MAX)), Pixels::Many, "a frame larger than its picture");
        assert_eq!(of(&gif(1, 1)), Pixels::Few);
        let webp = b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\x10\0\0\0\xff\xff\xff\xff\xff\xff";
        assert_eq!(of(webp), Pixels::Many);
    }

    #[test]
    fn a_picture_that_does_not_say_its_size_in_its_place_is_none() {
        assert_eq!(of(&jpeg(40, 30, 1_200_000)), Pixels::Unknown);
        let mut filled = jpeg(60_000, 60_000, 0);
        filled.splice(2..2, [0xff; 7]);
        assert_eq!(of(&filled), Pixels::Unknown, "fill bytes, which browsers skip");
        for damaged in [&b"\x89PNG\r\n\x1a\n"[..], b"\xff\xd8\xff", b"no picture"] {
            assert_eq!(of(damaged), Pixels::Unknown);
        }
    }

    #[test]
    fn drawings_have_no_pixels() {
        assert!(is_one("image/png") && is_one("image/avif"));
        assert!(!is_one("image/svg+xml") && !is_one("video/mp4"));
    }
}
