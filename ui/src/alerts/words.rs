//! What is said around alerts. Each document has it in its language.

/// Texts around alerts.
pub trait Words {
    /// Asks whether the person wants notifications.
    fn offer(&self) -> &str;
    /// The button that wants them.
    fn accept(&self) -> &str;
    /// The button that does not.
    fn decline(&self) -> &str;
    /// Read out when they are on.
    fn is_on(&self) -> &str;
    /// The browser refuses them.
    fn refused(&self) -> &str;
    /// The button that takes that away.
    fn close(&self) -> &str;
    /// Says in a notification that there is a message.
    fn new_message(&self) -> String;
    /// The switch of the sound.
    fn sound(&self) -> &str;
    /// The switch of notifications.
    fn notifications(&self) -> &str;
}
