//! What an answer looks like, and how a question is put.

use crate::cim::open_enum::open_enum;

open_enum! {
    /// What an answer looks like. The names of the older generation are kept apart, as both are in use.
    pub enum ValueType {
        /// 1 to 2000 characters.
        Paragraph = "paragraph",
        /// Up to 100 characters.
        Email = "email",
        /// Up to 500 characters, with a scheme.
        Url = "url",
        Number = "number",
        PositiveNumber = "positiveNumber",
        /// 8 to 256 characters, among them an upper-case letter, a lower-case letter and a digit.
        Password = "password",
        /// Digits, after a `+` or not.
        PhoneNumber = "phoneNumber",
        Date = "date",
        Time = "time",
        DateTime = "dateTime",
        /// Yes or no.
        Boolean = "boolean",
        Checkbox = "checkbox",
        Dropdown = "dropdown",
        /// Stars, smileys, a scale or a bar.
        FiveStarRating = "5-star-rating",
        /// 0 to 10.
        Nps = "nps",
        /// 1 to 100 characters.
        ShortAnswer = "shortAnswer",
        /// 1 to 100 letters, digits and spaces.
        AlphaNumeric = "alphaNumeric",
        /// Up to 200 characters.
        AlphaNumericSpecial = "alphaNumericSpecial",
        /// Version 4 or 6, up to 150 characters.
        Ip = "ip",
        File = "file",
        /// One choice or several.
        Mcq = "mcq",
        Radio = "radio",
        Range = "range",
        Color = "color",
        /// Older generation: `ValueType` of the object-model.
        String50 = "String50",
        /// Older generation.
        String100 = "String100",
        /// Older generation.
        String2000 = "String2000",
        /// Older generation.
        Alphanum100 = "Alphanum100",
        /// Older generation.
        AlphanumSpecial200 = "AlphanumSpecial200",
        /// Older generation.
        OldNumber = "Number",
        /// Older generation.
        OldPositiveNumber = "PositiveNumber",
        /// Older generation.
        OldIp = "IP",
        /// Older generation.
        OldPhoneNumber = "PhoneNumber",
        /// Older generation.
        OldUrl = "URL",
        /// Older generation.
        OldBoolean = "Boolean",
        /// Older generation.
        OldEmail = "Email",
        /// Older generation.
        OldPassword = "Password",
        /// Older generation.
        StringList = "StringList",
    }
}

open_enum! {
    /// How a question is put.
    pub enum AttributeType: any_case {
        /// One line.
        Input = "INPUT",
        /// Several lines.
        TextArea = "TEXTAREA",
        /// Choices.
        Options = "OPTIONS",
    }
}
