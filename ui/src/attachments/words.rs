//! What is said around files that are sent. Each document has it in its language.

/// Texts around files that are sent.
pub trait Words {
    /// The button that chooses files.
    fn attach(&self) -> &str;
    /// Over the window while files are dragged over it.
    fn drop_here(&self) -> &str;
    /// The name of the list of files that are to be sent.
    fn list(&self) -> &str;
    /// The button that takes a file off the list.
    fn remove(&self, name: &str) -> String;
    /// The button that uploads a file again.
    fn again(&self, name: &str) -> String;
    /// Its turn comes.
    fn waiting(&self) -> &str;
    /// It is being uploaded; the name of its bar, too.
    fn uploading(&self, name: &str) -> String;
    /// It is tried again by itself.
    fn paused(&self) -> &str;
    /// It is uploaded, and waits for the send button.
    fn ready(&self) -> &str;
    /// It is sent as soon as it is uploaded.
    fn will_be_sent(&self) -> &str;
    /// Read out when it is uploaded.
    fn uploaded(&self, name: &str) -> String;
    /// Read out when it is not sent, with the reason.
    fn not_uploaded(&self, name: &str, why: &str) -> String;
    /// There is nothing in it.
    fn empty(&self) -> &str;
    /// It is larger than the channel takes.
    fn too_large(&self, most: &str) -> String;
    /// It is a picture of more pixels than the relay takes.
    fn too_many_pixels(&self) -> &str;
    /// It is of a type that the channel does not take.
    fn wrong_type(&self) -> &str;
    /// Enough for now.
    fn quota(&self) -> &str;
    /// The browser has not kept it.
    fn lost(&self) -> &str;
    /// It did not arrive.
    fn trouble(&self) -> &str;
    /// There are more files than go at once.
    fn too_many(&self) -> &str;
}
