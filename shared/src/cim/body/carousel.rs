//! Cards side by side.

use crate::cim::body::Button;
use crate::cim::open_enum::open_enum;
use crate::cim::record::record;
use crate::json::Value;

record! {
    /// Cards side by side: object-model 1.21.1 `CarouselMessage`. A click is answered like a button, with the card's
    /// id as `carousalCardId` in `header.additionalData`.
    pub struct CarouselBody {
        /// Text with them.
        pub markdown_text: Option<String> = "markdownText",
        /// The cards.
        pub elements: Vec<CarouselElement> = "elements" always,
        /// What the cards hold.
        pub carousel_message_type: Option<CarouselMessageType> = "carouselMessageType",
        /// Free.
        pub additional_details: Option<Value> = "additionalDetails",
    }
}

open_enum! {
    /// What cards hold: object-model 1.21.1 `CarouselMessageType`.
    pub enum CarouselMessageType: any_case {
        Media = "MEDIA",
        GenericRichMedia = "GENERIC_RICH_MEDIA",
    }
}

record! {
    /// One card: object-model 1.21.1 `CarouselElement`.
    pub struct CarouselElement {
        /// Its text.
        pub text: Option<String> = "text",
        /// Where it leads.
        pub url: Option<String> = "url",
        /// What can be done with it.
        pub buttons: Vec<Button> = "buttons",
        /// What a click beside the buttons does.
        pub default_action: Option<DefaultAction> = "defaultAction",
        /// Free; `id`, `title`, `image_url`, `alt` and `disableInteraction` are usual.
        pub additional_carousel_element_details: Option<Value> = "additionalCarouselElementDetails",
    }
}

record! {
    /// What a click on a card does: object-model 1.21.1 `DefaultAction`.
    pub struct DefaultAction {
        /// Where it leads.
        pub url: Option<String> = "url",
        /// For example `web_url`.
        pub kind: Option<String> = "type",
    }
}
