//! Functions by themselves: `cargo bench -p benches --bench parts`.

fn main() {
    divan::main();
}
