//! Any text that a socket may bring is refused or read; what is read can be written and read again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use portico_shared::frame::{ClientFrame, ServerFrame};
use portico_shared::role::Agent;

fuzz_target!(|text: &str| {
    if let Ok(frame) = ClientFrame::from_json(text) {
        ClientFrame::from_json(&frame.to_json()).expect("what was written is readable");
    }
    if let Ok(frame) = ServerFrame::<Agent>::from_json(text) {
        ServerFrame::<Agent>::from_json(&frame.to_json()).expect("what was written is readable");
    }
});
