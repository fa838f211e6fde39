//! The product as people meet it: the widget on the demo shop's page and the desk, in real browsers, against the
//! built relay.
#![expect(clippy::disallowed_methods, reason = "tests read clocks, mint ids and spawn freely")]

mod ann;
mod people;

mod activities;
mod addresses;
mod alerts;
mod chat;
mod commands;
mod composing;
mod conversation;
mod desk;
mod drafts;
mod earlier;
mod embedding;
mod faults;
mod files;
mod first_screen;
mod focus;
mod handover;
mod history;
mod hostile;
mod identity;
mod keeping;
mod keyboard;
mod languages;
mod linking;
mod list;
mod looks;
mod package;
mod page;
mod pages;
mod parts;
mod parts_of_messages;
mod prechat;
mod queue;
mod renewal;
mod room;
mod script_tag;
mod second_script;
mod shims;
mod site;
mod storage;
mod survey;
mod tabs;
mod texts;
mod theming;
mod translators;
mod verbs;
mod without;
