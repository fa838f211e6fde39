//! Why something about a file was not done, over HTTP.

use crate::http::problem::{Problem, ProblemCode};
use portico_core::files::FileError;
use std::time::Duration;

/// Who comes for one place too many comes back after this.
const LATER: Duration = Duration::from_secs(5);

impl From<FileError> for Problem {
    fn from(error: FileError) -> Self {
        let problem = |code| Self::new(code, error.to_string());
        match error {
            FileError::Gone => problem(ProblemCode::FileGone),
            FileError::Posted => problem(ProblemCode::Conflict),
            FileError::Forbidden => problem(ProblemCode::Forbidden),
            FileError::NoConversation | FileError::Empty | FileError::TooManyPieces => {
                problem(ProblemCode::InvalidBody)
            }
            FileError::TooLarge { .. } => problem(ProblemCode::FileTooLarge),
            FileError::PictureTooLarge { .. } => problem(ProblemCode::PictureTooLarge),
            FileError::TypeRefused(_) => problem(ProblemCode::FileTypeRefused),
            FileError::Offset { .. } => problem(ProblemCode::Offset),
            FileError::TooMany => problem(ProblemCode::TooManyFiles),
            FileError::TooMuch { wait_ms } => {
                problem(ProblemCode::RateLimited).retry_after(Duration::from_millis(wait_ms))
            }
            FileError::Slow => problem(ProblemCode::Timeout),
            FileError::Stopping => Self::draining(),
            FileError::Busy => problem(ProblemCode::Busy).retry_after(LATER),
            FileError::Unavailable => problem(ProblemCode::Unavailable).retry_after(LATER),
            FileError::Refused(refusal) => refusal.into(),
        }
    }
}
