//! The desk's program.

fn main() {
    portico_desk::start();
}
