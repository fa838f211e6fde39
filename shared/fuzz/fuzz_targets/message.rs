//! Any bytes that are JSON are refused or read; what is read settles after one writing.

#![no_main]

use libfuzzer_sys::fuzz_target;
use portico_shared::cim::{CimEvent, CimMessage, FormDefinition};
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    let Ok(value) = serde_json::from_slice::<Value>(data) else {
        return;
    };
    if let Ok(message) = CimMessage::decode(value.clone()) {
        let written = message.encode();
        let _ = message.validate();
        let _ = message.text();
        let again = CimMessage::decode(Value::Object(written.clone())).expect("what was written is readable");
        assert_eq!(message, again);
        assert_eq!(written, again.encode());
    }
    if let Ok(event) = CimEvent::decode(value.clone()) {
        let written = event.encode();
        let again = CimEvent::decode(Value::Object(written.clone())).expect("what was written is readable");
        assert_eq!(event, again);
        assert_eq!(written, again.encode());
    }
    if let Ok(form) = FormDefinition::decode(value) {
        for question in form.questions() {
            let _ = question.choices();
        }
    }
});
