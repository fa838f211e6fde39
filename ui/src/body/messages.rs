//! What bodies say themselves. Each document has a table of these per language.

/// Messages around bodies.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Messages {
    /// For a picture without a caption.
    pub picture: &'static str,
    /// For a video.
    pub video: &'static str,
    /// For a sound.
    pub audio: &'static str,
    /// For a document without a name.
    pub file: &'static str,
    /// The link that saves a document.
    pub download: &'static str,
    /// On a document that cannot be saved: it is gone, or the relay is not reached.
    pub unavailable: &'static str,
    /// The link to a map.
    pub open_map: &'static str,
    /// The link behind a card.
    pub open_link: &'static str,
    /// A row of cards.
    pub cards: &'static str,
    /// To the card before.
    pub previous: &'static str,
    /// To the card after.
    pub next: &'static str,
    /// A group of buttons.
    pub choices: &'static str,
    /// Beside the button that was pressed.
    pub chosen: &'static str,
    /// The receipt of an order, where there is no more to say of it.
    pub order: &'static str,
    /// In a receipt: what the order is called.
    pub order_number: &'static str,
    /// When it was ordered.
    pub order_date: &'static str,
    /// What the articles cost together.
    pub order_subtotal: &'static str,
    /// What sending it costs.
    pub order_shipping: &'static str,
    /// Taxes.
    pub order_tax: &'static str,
    /// To whom and where it is sent.
    pub order_address: &'static str,
    /// How it was paid.
    pub order_payment: &'static str,
    /// All together.
    pub order_total: &'static str,
    /// Sends a form.
    pub submit: &'static str,
    /// A form that was sent.
    pub submitted: &'static str,
    /// Beside a field that must be filled.
    pub required: &'static str,
    /// Under a field that must be filled and is not.
    pub missing: &'static str,
    /// Under a field with more characters than it takes.
    pub too_long: &'static str,
    /// Under a field for an e-mail address.
    pub not_email: &'static str,
    /// Under a field for the address of a page.
    pub not_url: &'static str,
    /// Under a field for a number.
    pub not_number: &'static str,
    /// Under a field for a number from 0 up.
    pub not_positive: &'static str,
    /// Under a field for letters, digits and spaces.
    pub not_letters: &'static str,
    /// Under a field for a password.
    pub weak_password: &'static str,
    /// Under a field for a telephone number.
    pub not_phone: &'static str,
    /// Under a field that cannot take what was entered.
    pub not_valid: &'static str,
    /// The empty line of a list to choose from.
    pub choose: &'static str,
    /// Yes, in a form.
    pub yes: &'static str,
    /// No, in a form.
    pub no: &'static str,
    /// Under a scale of one to five, at its low end.
    pub very_bad: &'static str,
    /// At its high end.
    pub very_good: &'static str,
    /// Under a scale of zero to ten, at its low end.
    pub not_likely: &'static str,
    /// At its high end.
    pub very_likely: &'static str,
    /// A body that this version cannot draw.
    pub unknown: &'static str,
}
