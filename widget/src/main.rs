//! Portico.
fn main() {}
