//! Files that a person gives to a page.

use super::{Browser, element_id};
use serde_json::{Value, json};
use std::path::Path;

/// A file of a script: its name, its type and its bytes, given to whoever listens for this kind of event.
const GIVE: &str = "
    const [kind, files] = arguments;
    const data = new DataTransfer();
    for (const [name, type, text, times] of files) {
        const bytes = Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0));
        data.items.add(new File(Array(times).fill(bytes), name, { type }));
    }
    const about = { bubbles: true, cancelable: true };
    const event = kind === 'paste'
        ? new ClipboardEvent(kind, { ...about, clipboardData: data })
        : new DragEvent(kind, { ...about, dataTransfer: data });
    document.body.dispatchEvent(event);
    return event.defaultPrevented";

/// A file that a script makes.
pub struct Made {
    /// Its name.
    pub name: &'static str,
    /// What the browser takes it for.
    pub mime_type: &'static str,
    /// Its bytes in base64, so many times one after the other.
    pub bytes: (String, usize),
}

impl Browser {
    /// Chooses files where the page has a chooser.
    ///
    /// # Panics
    /// When it has none.
    pub async fn chooses(&self, files: &[&Path]) {
        let found = self
            .until(
                "a chooser of files",
                "return document.querySelector('input[type=file]')",
                json!([]),
            )
            .await;
        let chooser = element_id(&found).expect("an element");
        let paths: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        let typed = json!({ "text": paths.join("\n") });
        let chosen = self.wire.post(&format!("/element/{chooser}/value"), typed).await;
        self.must("chooses files", chosen);
    }

    /// Drops files on the page. Answers whether it took them.
    pub async fn drops(&self, files: &[Made]) -> bool {
        self.gives("drop", files).await
    }

    /// Pastes files. Answers whether the page took them.
    pub async fn pastes(&self, files: &[Made]) -> bool {
        self.gives("paste", files).await
    }

    /// Drags a file over the page, and does not drop it.
    pub async fn drags(&self, files: &[Made]) -> bool {
        self.gives("dragover", files).await
    }

    async fn gives(&self, kind: &str, files: &[Made]) -> bool {
        let files: Vec<Value> = files
            .iter()
            .map(|file| json!([file.name, file.mime_type, file.bytes.0, file.bytes.1]))
            .collect();
        self.run(GIVE, json!([kind, files])).await == json!(true)
    }

    /// Lets so many bytes a second out of this browser.
    pub async fn sends_at_most(&self, bytes_per_second: u32) {
        let slow =
            json!({ "offline": false, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_per_second });
        self.devtools("Network.emulateNetworkConditions", slow).await;
    }
}
