//! A leg of a call: the activity "agent call".

use crate::cim::record::record;

record! {
    /// A call leg that began, ended, or was held: object-model 1.21.1 `VoiceMessage`. Everything else about the call,
    /// `dialog` above all, lies in `extra`.
    pub struct VoiceBody {
        /// Blank as a rule.
        pub markdown_text: Option<String> = "markdownText",
        /// Which call.
        pub call_id: Option<String> = "callId",
        /// Which leg: `<extension>:<agent>:<call>`.
        pub leg: Option<String> = "leg",
        /// Why, as in `DIALOG_ENDED`.
        pub reason_code: Option<String> = "reasonCode",
    }
    prepare = code_as_text;
}

fn code_as_text(fields: &mut crate::cim::decode::Fields<'_>) {
    fields.number_to_text("reasonCode");
}
