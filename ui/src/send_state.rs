//! How far an own message has come, as a picture.

use crate::icon::{ALERT, CHECK, CHECK_CHECK, CLOCK, Icon};
use portico_client::SendState;

/// The picture of a state: a clock until the message is stored, one check then, two for one that has reached its reader.
pub fn picture(state: &SendState) -> Icon {
    match state {
        SendState::Queued | SendState::AfterFile | SendState::Sending => CLOCK,
        SendState::Stored => CHECK,
        SendState::Delivered | SendState::Read => CHECK_CHECK,
        SendState::Failed { .. } => ALERT,
    }
}

#[cfg(test)]
mod tests {
    use super::picture;
    use crate::icon::{ALERT, CHECK, CHECK_CHECK, CLOCK};
    use portico_client::SendState;
    use portico_shared::frame::RefusalCode;

    #[test]
    fn a_picture_says_how_far_a_message_has_come() {
        let failed = SendState::Failed {
            code: RefusalCode::InvalidBody,
            message: String::new(),
        };
        let states = [
            (SendState::Queued, CLOCK),
            (SendState::AfterFile, CLOCK),
            (SendState::Sending, CLOCK),
            (SendState::Stored, CHECK),
            (SendState::Delivered, CHECK_CHECK),
            (SendState::Read, CHECK_CHECK),
            (failed, ALERT),
        ];
        for (state, expected) in states {
            assert_eq!(picture(&state), expected, "{state:?}");
        }
    }
}
