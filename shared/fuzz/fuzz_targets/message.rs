//! Any bytes that are JSON are refused or read; what is read settles after one writing.

#![no_main]

use libfuzzer_sys::fuzz_target;
use portico_shared::cim::{CimEvent, CimMessage, FormDefinition};
use portico_shared::json;
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    let Ok(value) = serde_json::from_slice::<Value>(data) else {
        return;
    };
    if let Ok(message) = json::from_value::<CimMessage>(value.clone()) {
        let written = json::to_map(&message);
        let _ = message.validate();
        let _ = message.text();
        let again = json::from_value::<CimMessage>(Value::Object(written.clone())).expect("what was written is readable");
        assert_eq!(message, again);
        assert_eq!(written, json::to_map(&again));
    }
    if let Ok(event) = json::from_value::<CimEvent>(value.clone()) {
        let written = json::to_map(&event);
        let again = json::from_value::<CimEvent>(Value::Object(written.clone())).expect("what was written is readable");
        assert_eq!(event, again);
        assert_eq!(written, json::to_map(&again));
    }
    if let Ok(form) = json::from_value::<FormDefinition>(value) {
        for question in form.questions() {
            let _ = question.choices();
        }
    }
});
