//! Keys that are held together.

use super::{Browser, Key, key};
use serde_json::json;

impl Browser {
    /// Presses a key while Alt is held.
    pub async fn with_alt(&self, key: char) {
        self.pressed_while("\u{e00a}", &key.to_string()).await;
    }

    /// Presses and releases a key while Shift is held.
    pub async fn key_with_shift(&self, key: Key) {
        self.pressed_while(key::SHIFT, key.code()).await;
    }

    async fn pressed_while(&self, held: &str, key: &str) {
        self.enter().await.expect("the chat has a frame");
        let strokes = [("keyDown", held), ("keyDown", key), ("keyUp", key), ("keyUp", held)];
        let actions = strokes.map(|(stroke, key)| json!({ "type": stroke, "value": key }));
        let board = json!({ "type": "key", "id": "keyboard", "actions": actions });
        self.must("types", self.wire.post("/actions", json!({ "actions": [board] })).await);
    }
}
