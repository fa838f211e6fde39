//! Checks the languages, and writes a function for each message.

fn main() -> std::process::ExitCode {
    portico_i18n::build()
}
