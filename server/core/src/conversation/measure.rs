//! How much room a value takes once it is written.

use serde::Serialize;

/// How long a value is as JSON, in bytes. What cannot be written is longer than anything.
pub(super) fn json_bytes(value: &impl Serialize) -> usize {
    let mut bytes = Count(0);
    match serde_json::to_writer(&mut bytes, value) {
        Ok(()) => bytes.0,
        Err(_) => usize::MAX,
    }
}

/// Counts what is written to it.
struct Count(usize);

impl std::io::Write for Count {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
