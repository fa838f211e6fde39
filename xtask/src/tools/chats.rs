//! Other chats, which the benchmark measures Portico beside: packages of npm, by version and content.

use std::path::PathBuf;

use anyhow::Result;

use super::cache::{Cache, Installer, Tool};

/// A package, and the variable that says where its script is.
const CHATS: [(&str, Tool<'static>); 3] = [
    (
        "PORTICO_DEEP_CHAT",
        Tool {
            name: "deep-chat",
            version: "2.4.2",
            installer: Installer::Pack {
                integrity: "sha512-wQNd6Z6HDoH7OMeoQKpmxDm9XdWrRjMkBJ2yl5tsYND9Dz2UCv/BdGVM8vK2V0mhO1u+OniHYPWDGvjlNxjCeQ==",
                served: &[],
            },
            program: "package/dist/deepChat.bundle.js",
        },
    ),
    (
        "PORTICO_N8N_CHAT",
        Tool {
            name: "@n8n/chat",
            version: "1.37.0",
            installer: Installer::Pack {
                integrity: "sha512-V1EQxDp/+rW6o/5OZgbwDfgPJXG8Jrn3TIdq7Z/26QTP90Uo3g2gv8CMnaQcphdTQVR+K06X34DOCRHXa8Tqnw==",
                served: &[
                    "chunk-DzKB351f.mjs",
                    "en-Ubc0tWnj-BmN9jzm2.mjs",
                    "node-icons-CaKBLFvs-UdDvvKbb.mjs",
                    "style.css",
                    "vue.runtime.esm-bundler-CU4O2zSj.mjs",
                ],
            },
            program: "package/dist/chat.bundle.es.js",
        },
    ),
    (
        "PORTICO_WEB_CHAT",
        Tool {
            name: "botframework-webchat",
            version: "4.18.0",
            installer: Installer::Pack {
                integrity: "sha512-tLh3mxzovBDG2eBttoRggQh2b/IZLuDT86rI4MkD1DtAQgDKANgNGvjhxzYeKcXll+3DgYcBNyU9koBxRcIcJQ==",
                served: &[],
            },
            program: "package/dist/webchat-minimal.js",
        },
    ),
];

/// Installs them.
pub(super) fn provide(cache: &Cache) -> Result<Vec<(&'static str, PathBuf)>> {
    let provided = CHATS
        .iter()
        .map(|(variable, tool)| Ok((*variable, cache.provide(tool)?)));
    provided.collect()
}
