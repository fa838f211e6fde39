//! The room that a page has.

use super::Browser;
use serde_json::json;

impl Browser {
    /// Gives the page this much room, in pixels.
    pub async fn has_room(&self, width: u32, height: u32) {
        if let Some(bidi) = &self.bidi {
            let window = self.wire.get("/window").await.expect("a window");
            let room = json!({ "context": window, "viewport": { "width": width, "height": height } });
            bidi.command("browsingContext.setViewport", room).await;
            return;
        }
        let screen = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", screen).await;
    }
}
